"""The console's questions page in the terminal: `infobot teach`.

Shows what was not answered, or answered unsurely, one group after the other, most asked first, and
does with each what it is told: a phrase of a topic, a new topic, nothing.
"""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TextIO

from bot import secret_key
from bot.asked import Settled, digest, one_line
from bot.edit_history import Edit
from bot.errors import EditRefused
from bot.library import Library
from bot.question_log import Ledger, OpenGroup, open_ledger
from bot.settings import Settings
from bot.state import open_state

#: Topics guessed for a question.
_MOST_GUESSES = 3

#: Wordings shown of a group beside its example.
_MOST_WORDINGS = 4

_HELP = """\
Type the number or the id of the topic that it asks for; the question becomes one of its examples.
  n  open a new topic for it          x ID  it is not about the topic ID, though like it
  d  dismiss it                       s     skip it for now
  u  undo what was done last          q     stop
"""


def who() -> str:
    """Returns what the history calls whoever sits at this terminal."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return "terminal"


async def add(library: Library, intent_id: str, language: str, phrase: str) -> str:
    """Adds one phrase to a topic; returns the sentence that says so.

    Raises:
        EditRefused: it is not made, and why.
    """
    return _told(library, await library.add_example(intent_id, language, phrase, who()))


async def teach(settings: Settings, library: Library, lines: TextIO, out: TextIO) -> None:
    """Goes through the open questions until the input ends, or there is none any more.

    Raises:
        SettingsError: a setting is wrong.
        StateUnavailable: the questions cannot be read.
        ProcessFailed: they could not be grouped.
    """
    secret = await secret_key.load(settings)
    state = await open_state(settings.state_url, secret, settings.retention_days)
    try:
        ledger = open_ledger(state, settings, lambda: library.knowledge)
        await ledger.refresh()
        await ledger.group()
        await _Lesson(library, ledger, lines, out).hold()
    finally:
        await state.close()


class _Lesson:
    """One sitting at the terminal."""

    def __init__(self, library: Library, ledger: Ledger, lines: TextIO, out: TextIO) -> None:
        self._library = library
        self._ledger = ledger
        self._lines = lines
        self._out = out
        self._last: tuple[Edit | None, Sequence[str]] = (None, ())
        # Each takes the group and what stands after the letter; true: on to the next group.
        self._deeds: dict[str, Callable[[OpenGroup, str], Coroutine[Any, Any, bool]]] = {
            "n": self._open,
            "x": self._set_apart,
            "d": self._dismiss,
            "u": self._undo,
        }

    async def hold(self) -> None:
        groups = self._ledger.open_groups()
        if not groups:
            return self._say("No question is open: all were answered, and surely.")
        self._say(_HELP)
        for number, group in enumerate(groups, 1):
            guesses = self._show(group, f"{number} of {len(groups)}")
            if not await self._settle(group, guesses):
                return None
        return self._say("That was the last one.")

    def _show(self, group: OpenGroup, place: str) -> tuple[str, ...]:
        """Shows a group; returns the topics offered for it."""
        guesses = tuple(self._library.matcher.guesses(group.example, _MOST_GUESSES))
        languages = ", ".join(f"{code} {count}" for code, count in group.languages.items())
        others = [wording.text for wording in group.wordings[1:]]
        self._say(
            f"({place}) asked {group.count} times ({languages}):\n\n    {one_line(group.example)}"
        )
        for text in others[:_MOST_WORDINGS]:
            self._say(f"    {one_line(text)}")
        if len(others) > _MOST_WORDINGS:
            self._say(f"    and {len(others) - _MOST_WORDINGS} wordings more")
        labels = "  ".join(f"[{number}] {key}" for number, key in enumerate(guesses, 1))
        self._say(f"\n{labels}  [n] new  [x] not  [d] dismiss  [s] skip  [u] undo  [q] stop")
        return guesses

    async def _settle(self, group: OpenGroup, guesses: Sequence[str]) -> bool:
        """Does what is typed until the group is dealt with; false: stop."""
        while (typed := self._ask("> ")) is not None:
            word, _, rest = typed.partition(" ")
            if word == "q":
                return False
            if word in ("", "s"):
                return True
            try:
                if word in self._deeds:
                    if await self._deeds[word](group, rest.strip()):
                        return True
                    continue
                is_guess = typed.isascii() and typed.isdigit() and 0 < int(typed) <= len(guesses)
                if await self._teach(group, guesses[int(typed) - 1] if is_guess else typed):
                    return True
            except EditRefused as error:
                self._say(f"Not done: {error}")
        return False

    async def _teach(self, group: OpenGroup, intent_id: str) -> bool:
        phrase = self._ask(f"Phrase [{one_line(group.example)}]: ") or group.example
        language = self._language(group)
        await self._taught(
            group, await self._library.add_example(intent_id, language, phrase, who())
        )
        return True

    async def _open(self, group: OpenGroup, _rest: str) -> bool:
        languages = self._library.knowledge.languages
        intent_id = self._ask("Id of the new topic, such as visa_fee: ") or ""
        label = {code: self._ask(f"Its button ({code}): ") or "" for code in languages}
        phrases = {code: self._phrases(group, code) for code in languages}
        reply = {code: self._ask(f"Its reply ({code}): ") or "" for code in languages}
        edit = await self._library.add_intent(
            intent_id, who(), label=label, ask=phrases, reply=reply
        )
        await self._taught(group, edit)
        return True

    def _phrases(self, group: OpenGroup, language: str) -> list[str]:
        """Asks for phrases, one a line, until an empty one."""
        asked = [group.example] if language == next(iter(group.languages)) else []
        while phrase := self._ask(f"Asked by ({language}), empty when done: "):
            asked.append(phrase)
        return asked

    async def _set_apart(self, group: OpenGroup, intent_id: str) -> bool:
        edit = await self._library.add_lookalike(
            intent_id, self._language(group), group.example, who()
        )
        self._say(_told(self._library, edit))
        return await self._dismissed(group, edit)

    async def _dismiss(self, group: OpenGroup, _rest: str) -> bool:
        return await self._dismissed(group, None)

    async def _dismissed(self, group: OpenGroup, edit: Edit | None) -> bool:
        await self._note(edit, [wording.digest for wording in group.wordings], "dismissed")
        return True

    async def _undo(self, _group: OpenGroup, _rest: str) -> bool:
        edit, digests = self._last
        if edit:
            undone = await self._library.undo(edit.id, who())
            self._say(f"Taken out of {undone.intent_id} again.")
        await self._ledger.settle(digests, None)
        self._say("The question before is open again." if digests else "There is nothing to undo.")
        self._last = (None, ())
        return False

    async def _taught(self, group: OpenGroup, edit: Edit) -> None:
        """Settles those of a group that are answered with their topic now."""
        match = self._library.matcher.match
        understood = [
            wording.digest
            for wording in group.wordings
            if edit.intent_id in {answer.intent_id for answer in match(wording.text).answers}
        ]
        self._say(_told(self._library, edit))
        self._say(f"{len(understood)} of its {len(group.wordings)} wordings are answered now.")
        own = [digest(edit.phrase)] if edit.phrase else []
        await self._note(edit, [*understood, *own], "taught")

    async def _note(self, edit: Edit | None, digests: Sequence[str], how: Settled) -> None:
        await self._ledger.settle(digests, how)
        self._last = (edit, digests)

    def _language(self, group: OpenGroup) -> str:
        likely = next(iter(group.languages))
        return self._ask(f"Language [{likely}]: ") or likely

    def _ask(self, prompt: str) -> str | None:
        """Returns what is typed, None at the end of the input."""
        self._out.write(prompt)
        self._out.flush()
        line = self._lines.readline()
        return line.strip() if line else None

    def _say(self, text: str) -> None:
        self._out.write(text + "\n")


def _told(library: Library, edit: Edit) -> str:
    added = f": {edit.phrase}" if edit.phrase else ""
    return f"{library.path}:{edit.line}: added to {edit.intent_id}{added}"


def run(
    settings: Settings, example: tuple[str, str, str] | None, lines: TextIO, out: TextIO
) -> None:
    """Adds one example (intent, language, phrase), or goes through the open questions."""
    library = Library(settings.knowledge, settings.max_wrong)
    if example:
        out.write(asyncio.run(add(library, *example)) + "\n")
    else:
        asyncio.run(teach(settings, library, lines, out))
