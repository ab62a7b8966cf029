"""The exceptions of `bot/`.

    InfobotError
    ├── SettingsError     one or more settings are wrong
    ├── QuestionsError    a file of labelled questions is wrong
    ├── EditRefused       an edit of the knowledge file is not made
    ├── ProcessFailed     a process of ours hung or crashed
    ├── TryLater          a platform did not take a reply, and may take it later
    ├── Undeliverable     a platform will never take a reply
    ├── StateUnavailable  the state cannot be read or written now
    └── ClaimLost         somebody else works on what this worker had claimed

`intents.loading.KnowledgeError` is the other one that an operator meets.
"""

from __future__ import annotations


class InfobotError(Exception):
    """Whatever infobot itself finds wrong; its text is fit to be shown."""


UNREADABLE_URL = "STATE_URL cannot be read; in a password write / # ? @ as %2F %23 %3F %40"


class SettingsError(InfobotError):
    """One or more settings are wrong.

    Args:
        faults: a sentence for each: which setting, what it holds, what would be right.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class QuestionsError(InfobotError):
    """A file of labelled questions cannot be read; says where and why."""


class EditRefused(InfobotError):
    """An edit of the knowledge file is not made.

    Args:
        kind: the reason in a word: one of `intents.EditError`, or `faults` (the file would have
            faults, or has them already), `worse` (it would understand less), `failed` (it could not
            be tried), `read_only`, `busy`, `unknown_edit` or `undone_already`.
        reasons: a sentence each, with its line where it has one.
    """

    def __init__(self, kind: str, *reasons: str) -> None:
        super().__init__("\n".join(reasons))
        self.kind = kind
        self.reasons = reasons


class ProcessFailed(InfobotError):
    """A process that does something long for this one hung or crashed; says which."""


class TryLater(InfobotError):
    """A platform did not take a reply, or did not say so, and may take it later.

    Args:
        after_s: seconds to wait at least, as the platform asks; 0 if it names none.
        reason: what went wrong, without anything secret or written by people.
    """

    def __init__(self, after_s: float = 0.0, reason: str = "") -> None:
        super().__init__(reason or f"try again after {after_s:g} s")
        self.after_s = after_s
        self.reason = reason


class Undeliverable(InfobotError):
    """A platform will never take a reply: the person blocked the bot, or the chat is gone.

    Args:
        reason: why, for operators, without anything secret or written by people.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class StateUnavailable(InfobotError):
    """The state cannot be read or written now; nothing was promised, so it may be tried again."""


class ClaimLost(InfobotError):
    """A claim ran out and was taken over, or was settled already: its former holder must stop."""
