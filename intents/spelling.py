"""Puts slips of the finger in Latin words right, towards the words of the knowledge file.

A word is mended only if nobody could mean it: it is not in the file, not an English word (word
list of pyspellchecker), and just one word of the file lies within reach. Thai needs no such step:
its usual misspellings share a skeleton (`text.skeleton`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from intents.text import normalise

#: Shortest word that is mended, and from which length on two slips are forgiven. A swap of
#: neighbours counts as one (optimal string alignment distance).
_SHORTEST, _TWO_FROM = 4, 9

#: Words of a text that are looked at: each costs up to a tenth of a millisecond.
_MOST_WORDS = 80

#: The word list gives this count to words that its corpus hardly has, half of them misspellings.
_RARE = 50


def _is_latin(word: str) -> bool:
    return word.isascii() and word.isalpha()


def english_words() -> frozenset[str]:
    """Returns the common English words, about 40,000, to tell a real word from a slip."""
    from spellchecker import SpellChecker  # 0.2 s: only where a file is fitted

    counts = SpellChecker(language="en").word_frequency.dictionary
    return frozenset(w for w, n in counts.items() if n > _RARE and len(w) >= _SHORTEST)


@dataclass(frozen=True, slots=True)
class Speller:
    """Knows the words of a file, and the real words that are no slips of them."""

    words: frozenset[str]
    others: frozenset[str]
    _candidates: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str], others: frozenset[str]) -> Speller:
        """Makes a speller of the words of normalised texts and of other real words."""
        words = frozenset(word for text in texts for word in text.split())
        candidates = sorted(w for w in words if len(w) >= _SHORTEST and _is_latin(w))
        return cls(words, others, tuple(candidates))

    def knows(self, word: str) -> bool:
        """Tells whether a word as typed stands in the file, is an English one, or a number."""
        return all(
            part in self.words or part in self.others or part.isdecimal()
            for part in normalise(word).split()
        )

    def _mended(self, word: str) -> str:
        if (
            len(word) < _SHORTEST
            or not _is_latin(word)
            or word in self.words
            or word in self.others
        ):
            return word
        reach = 2 if len(word) >= _TWO_FROM else 1
        near = process.extract(
            word, self._candidates, scorer=OSA.distance, score_cutoff=reach, limit=2
        )
        if not near or (len(near) == 2 and near[0][1] == near[1][1]):
            return word
        return str(near[0][0])

    def mend(self, text: str) -> str:
        """Returns a normalised text with its slips mended, those of its first words."""
        words = text.split()
        return " ".join([*map(self._mended, words[:_MOST_WORDS]), *words[_MOST_WORDS:]])
