"""The exceptions of `bot/`.

    InfobotError
    ├── SettingsError     one or more settings are wrong
    └── QuestionsError    a file of labelled questions is wrong

`intents.loading.KnowledgeError` is the other one that an operator meets.
"""

from __future__ import annotations


class InfobotError(Exception):
    """Whatever infobot itself finds wrong; its text is fit to be shown."""


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
