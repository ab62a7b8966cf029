"""The edits that operators made to a knowledge file: one line of JSON each, beside the file.

Whoever edits the file holds the lock of its history: two operators, or two processes, take turns.
"""

from __future__ import annotations

import asyncio
import datetime
import fcntl
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from bot.errors import EditRefused
from intents import Insertion

What = Literal["example", "lookalike", "intent", "undo"]

#: Where in the file a phrase of each kind stands, below its intent.
_SECTIONS = {"example": "ask", "lookalike": "not"}

#: Seconds between two attempts to lock, and how many there are: others may each try an edit out.
_LOCK_EVERY_S, _LOCK_ATTEMPTS = 0.05, 6000


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry of the history."""

    id: str
    at: float
    """Seconds since 1970."""
    by: str
    """Who made it, as the console or the terminal knows them."""
    what: What
    intent_id: str
    language: str
    """Empty for an intent."""
    phrase: str
    """Empty for an intent."""
    line: int
    """Where the inserted text began, from 1; of an undo, where it had been inserted."""
    inserted: str
    """The text as it was put into the file, or taken out of it."""
    undoes: str = ""
    """The id of the edit that this one undid."""
    undone: bool = False
    """Whether a later edit undid this one."""

    def insertion(self) -> Insertion:
        """Returns what the edit put into the file, for `intents.editing.take_out`."""
        section = _SECTIONS.get(self.what)
        path = ("intents", self.intent_id, *((section, self.language) if section else ()))
        return Insertion(b"", path, self.phrase, self.line, self.inserted)


class EditHistory:
    """The history of the knowledge file at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_suffix(".history.jsonl")

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        """Keeps every other process from editing the file.

        Raises:
            EditRefused: the history cannot be written, or others went on editing.
        """
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
        except OSError as error:
            message = f"{self._path} cannot be written: {error.strerror}; edits are recorded there"
            raise EditRefused("read_only", message) from error
        try:
            await self._locked(file)
            yield
        finally:
            os.close(file)  # and with it the lock

    async def _locked(self, file: int) -> None:
        for _ in range(_LOCK_ATTEMPTS):
            try:
                return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                await asyncio.sleep(_LOCK_EVERY_S)
        raise EditRefused("busy", f"others are editing {self._path}; try again")

    def append(self, edit: Edit) -> None:
        """Records an edit."""
        raw = asdict(edit)
        del raw["undone"]
        raw["at"] = datetime.datetime.fromtimestamp(edit.at, datetime.UTC).isoformat()
        line = json.dumps(raw, ensure_ascii=False).encode() + b"\n"
        with self._path.open("r+b") as file:
            # A line that a crash cut short must not spoil this one.
            if file.seek(0, os.SEEK_END) and file.seek(-1, os.SEEK_END) >= 0:
                line = line if file.read(1) == b"\n" else b"\n" + line
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def edits(self) -> list[Edit]:
        """Returns every edit, latest first; lines that are none are passed over.

        Raises:
            EditRefused: the history cannot be read.
        """
        try:
            lines = self._path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        except OSError as error:
            message = f"{self._path} cannot be read: {error.strerror}"
            raise EditRefused("read_only", message) from error
        edits = [edit for edit in map(_parse, lines) if edit]
        undone = {edit.undoes for edit in edits}
        return [replace(edit, undone=edit.id in undone) for edit in reversed(edits)]


def _parse(line: bytes) -> Edit | None:
    try:
        raw: Any = json.loads(line)
        edit = Edit(**raw | {"at": datetime.datetime.fromisoformat(raw["at"]).timestamp()})
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    # Others may write into this file, too.
    texts = (edit.id, edit.by, edit.intent_id, edit.language, edit.phrase, edit.inserted)
    is_sound = all(isinstance(text, str) for text in (*texts, edit.undoes))
    return edit if is_sound and edit.what in get_args(What) else None
