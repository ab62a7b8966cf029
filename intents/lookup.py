"""Finds which of many fixed strings stand in a text, and where: a table of how they begin.

Looking for a thousand names one after the other would be most of the time that learning a file
takes; hardly any place of a text begins as one of them does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

_T = TypeVar("_T")

#: So many characters of a string are its beginning. With fewer too many places need a second look.
_START = 3


class Lookup(Generic[_T]):
    """Strings, each with what it stands for."""

    def __init__(self, entries: Iterable[tuple[str, _T]]) -> None:
        """Takes strings that are not empty; of the same length, the first one is found first."""
        self._by_start: dict[str, list[tuple[str, _T]]] = {}
        for form, thing in sorted(entries, key=lambda entry: -len(entry[0])):
            self._by_start.setdefault(form[:_START], []).append((form, thing))
        self._sizes = sorted({len(start) for start in self._by_start})

    def find(self, text: str) -> Iterator[tuple[int, str, _T]]:
        """Yields every string that stands in a text: its place, itself, and what it stands for.

        From left to right, at one place the longest first; they may overlap.
        """
        starts = self._by_start
        hits = [
            (place, -size, found)
            for size in self._sizes
            for place in range(len(text) - size + 1)
            if (found := starts.get(text[place : place + size]))
        ]
        if len(self._sizes) > 1:
            hits.sort(key=lambda hit: hit[:2])
        for place, _, found in hits:
            for form, thing in found:
                if text.startswith(form, place):
                    yield place, form, thing
