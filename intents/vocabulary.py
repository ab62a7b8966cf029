"""Which of the file's `vocabulary:` words a text uses, whatever the wording or the language.

Two of them together ("phone" and "consular") say what a text is about even when no example shares
its letters. Thai words are found as substrings, for Thai has no spaces between words; others at
the beginning of a word, and whole when they are short.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from intents.lookup import Lookup
from intents.text import normalise

#: Shorter words must match whole: "tel" is no beginning of "tell".
_WHOLE_BELOW = 5


def needle(word: str) -> str:
    """Returns what to look for in a normalised text between two spaces to find `word`."""
    word = normalise(word)
    if any("\u0e00" <= char <= "\u0e7f" for char in word):
        return word
    return f" {word} " if len(word) < _WHOLE_BELOW else f" {word}"


def pairs(groups: Sequence[str]) -> list[str]:
    """Returns every two of some groups as one term."""
    return [f"{a}+{b}" for a, b in combinations(groups, 2)]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The file's word groups, ready to look for."""

    needles: Lookup[str]
    """What to look for, with the name of its group."""
    facets: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]
    """One word for each group, to say it with."""

    @classmethod
    def of(
        cls, groups: Mapping[str, tuple[str, ...]], facets: Mapping[str, tuple[str, ...]]
    ) -> Vocabulary:
        """Prepares the `vocabulary` and `facets` of a knowledge file."""
        needles = Lookup((needle(word), name) for name, words in groups.items() for word in words)
        words = {name: normalise(words[0]) for name, words in groups.items()}
        return cls(needles, facets, words)

    def found(self, text: str) -> list[str]:
        """Returns the names of the groups that a normalised text uses, sorted."""
        return sorted({name for _, _, name in self.needles.find(f" {text} ")})

    def pairs(self, text: str) -> list[str]:
        """Returns every two groups used together: an analyzer, see `features`."""
        return pairs(self.found(text))

    def facets_of(self, text: str) -> dict[str, str]:
        """Returns the facets that a text names, such as {"channel": "phone"}.

        A facet of which a text names two groups is left out: nothing tells which one is meant.
        """
        groups = self.found(text)
        named: dict[str, list[str]] = {}
        for group in groups:
            facet = self.facet_of(group)
            if facet:
                named.setdefault(facet, []).append(group)
        return {facet: found[0] for facet, found in named.items() if len(found) == 1}

    def facet_of(self, group: str) -> str | None:
        """Returns the facet in which a group excludes others, None when it stands alone."""
        return next((name for name, groups in self.facets.items() if group in groups), None)
