"""What is wrong with a knowledge file, and where: the words in which faults are told.

Needs the standard library only, so that whoever catches `KnowledgeError` loads neither YAML nor
pydantic. `loading` and `consistency` find the faults.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

#: The way to a value in the file: ("intents", "address", "ask", "th", 3).
Path = tuple[str | int, ...]

#: Longer texts are cut when a message quotes them, so that a fault stays one readable line.
QUOTE_LIMIT = 60
#: More than anyone mends in one go; a 5 MB file can be made to hold a million.
MAX_FAULTS = 1000


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to mend; sorts by file, then by position."""

    file: str
    line: int
    """Starts at 1."""
    column: int
    """Starts at 1; counts code points, so a Thai letter and its tone mark are two."""
    message: str
    """What is wrong, with the offending text quoted, and what would be right; one line."""

    def __str__(self) -> str:
        """Returns `knowledge.yaml:12:5: message`, which editors turn into a link."""
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class KnowledgeError(Exception):
    """A knowledge file cannot be used; `faults` holds every reason, in the order of the file.

    Of more than `MAX_FAULTS` it holds the first found, after one that says so.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Sorts the faults and drops those told twice; reads no more of them than it keeps."""
        found = list(islice(faults, MAX_FAULTS + 1))
        if len(found) > MAX_FAULTS:
            message = f"there are more than {MAX_FAULTS} faults; the first found are below"
            found[-1] = Fault(found[0].file, 1, 1, message)
        self.faults = tuple(sorted(set(found)))
        super().__init__("\n".join(map(str, self.faults)))


class EditError(Exception):
    """An edit of a knowledge file cannot be made; the text says why, and where in the file.

    Args:
        kind: the reason in a word, to choose words of another language by: `unknown_intent`,
            `unknown_language`, `empty`, `too_long`, `unreadable`, `there_already`, `unplaceable`
            or `edited_since`.
        message: the reason in a sentence.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault that knows its path and not yet its line."""

    path: Path
    message: str
    on_key: bool = False
    """The key is wrong, not the value below it."""
    see: Path | None = None
    """A second place that the message speaks of; its line is added."""


def quoted(text: str) -> str:
    """Returns `text` in single quotes, invisible characters spelt out, cut when it is long."""
    return repr(text if len(text) <= QUOTE_LIMIT else text[:QUOTE_LIMIT] + "…")


def named(path: Path) -> str:
    """Returns what to call the value at `path`: its key, or the list that it is an entry of."""
    if not path:
        return "the file"
    if isinstance(path[-1], int):
        return f"entry {path[-1] + 1} of {named(path[:-1])}"
    return quoted(path[-1])
