"""Puts slips of the finger in Latin words right, towards the words of the knowledge file.

A word is mended only if nobody could mean it: it is not in the file, not an English word (word
list of pyspellchecker), and just one word of the file lies within reach. A slip that an operator
took over from a question is no word of the file. Thai needs no such step: its usual misspellings
share a skeleton (`text.skeleton`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from intents.text import normalise

#: Shortest word that is mended, and from which length on two slips are forgiven. A swap of
#: neighbours counts as one (optimal string alignment distance).
_SHORTEST, _TWO_FROM = 4, 9

#: A word of the file is a slip if it is no English one, and an English one within reach stands
#: there so many times as often.
_TIMES_AS_OFTEN = 5

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


def _only_one_near(word: str, candidates: Sequence[str]) -> str | None:
    """Returns the candidate that a word is a slip of, None if there is none or more than one."""
    reach = 2 if len(word) >= _TWO_FROM else 1
    near = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=reach, limit=2)
    if not near or (len(near) == 2 and near[0][1] == near[1][1]):
        return None
    return str(near[0][0])


def _slips(counts: Counter[str], latin: list[str], others: frozenset[str]) -> Iterator[str]:
    """Yields the words of a file that are slips of other words of it."""
    english = [word for word in latin if word in others]
    often = max((counts[word] for word in english), default=0)
    for word in latin:
        if word not in others and counts[word] * _TIMES_AS_OFTEN <= often:
            meant = _only_one_near(word, english)
            if meant and counts[word] * _TIMES_AS_OFTEN <= counts[meant]:
                yield word


@dataclass(frozen=True, slots=True)
class Speller:
    """Knows the words of a file, and the real words that are no slips of them."""

    words: frozenset[str]
    others: frozenset[str]
    _candidates: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str], others: frozenset[str]) -> Speller:
        """Makes a speller of the words of normalised texts and of other real words."""
        counts = Counter(word for text in texts for word in text.split())
        latin = sorted(word for word in counts if len(word) >= _SHORTEST and _is_latin(word))
        slips = frozenset(_slips(counts, latin, others))
        candidates = tuple(word for word in latin if word not in slips)
        return cls(frozenset(counts) - slips, others, candidates)

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
        return _only_one_near(word, self._candidates) or word

    def mend(self, text: str) -> str:
        """Returns a normalised text with its slips mended, those of its first words."""
        words = text.split()
        return " ".join([*map(self._mended, words[:_MOST_WORDS]), *words[_MOST_WORDS:]])
