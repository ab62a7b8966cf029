"""Text to sparse features that need no Thai word breaks: character n-grams, weighted by TF-IDF.

A word is padded with spaces, so that its beginning and end count (scikit-learn calls this
`char_wb`). Thai is written without spaces: there a "word" is a whole run of text, and the n-grams
do the work of a segmenter. Thai is seen twice, as typed and as its skeleton (`text.skeleton`), so
that the usual misspellings still share most of their features.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from intents.text import skeleton

#: Lengths of the n-grams, in characters: see `baselines` in docs/understanding.md.
NGRAMS = (2, 3, 4)

#: Words whose n-grams `Vectorizer.learn` keeps at hand: 10 MB.
_WORDS_KEPT = 8_192

Analyzer = Callable[[str], list[str]]
Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


def _is_thai(word: str) -> bool:
    return any("\u0e00" <= char <= "\u0e7f" for char in word)


def grams(text: str) -> list[str]:
    """Returns the n-grams of a normalised text, those of Thai skeletons marked with a tilde."""
    return list(chain.from_iterable(map(_word_grams, text.split())))


def _word_grams(word: str) -> list[str]:
    padded = f" {word} "
    out = [padded[i : i + n] for n in NGRAMS for i in range(len(padded) - n + 1)]
    if _is_thai(word):
        padded = f" {skeleton(word)} "
        out += ["~" + padded[i : i + n] for n in NGRAMS for i in range(len(padded) - n + 1)]
    return out


@dataclass(frozen=True, slots=True)
class Row:
    """One text as a vector: its non-zero columns and their values."""

    columns: Ints
    values: Floats
    known: float
    """The share of the text's weight that lies on terms seen before, 0..1."""


@dataclass(frozen=True, slots=True)
class Sparse:
    """Many texts as rows of a matrix (CSR): row i is `starts[i]:starts[i + 1]` of the others."""

    starts: Ints
    columns: Ints
    values: Floats
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lines(self) -> Ints:
        """The row number of every value."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))


@dataclass(frozen=True, slots=True)
class Vectorizer:
    """Turns texts into unit vectors over the terms of the texts that it was fitted on."""

    analyzer: Analyzer
    """Text to terms, such as `grams`."""
    columns: dict[str, int]
    idf: Floats
    unseen_idf: float
    """The weight of a term that no fitted text has: it counts in the length of the vector, so that
    a text of strange terms is near to nothing."""

    @classmethod
    def fit(cls, texts: Sequence[str], analyzer: Analyzer = grams) -> Vectorizer:
        """Counts in how many of the (normalised) texts each term stands."""
        return cls.learn(texts, analyzer)[0]

    @classmethod
    def learn(
        cls, texts: Sequence[str], analyzer: Analyzer = grams, *, by_word: bool = False
    ) -> tuple[Vectorizer, Sparse]:
        """Returns a vectorizer fitted on texts, and their vectors.

        Args:
            texts: normalised texts.
            analyzer: text to terms.
            by_word: the terms of a text are those of its words; frequent ones are read only once.
        """
        numbers: dict[str, int] = {}
        terms, counts, sizes = array("i"), array("i"), array("i", [0])

        def numbered(part: str) -> list[int]:
            return [numbers.setdefault(term, len(numbers)) for term in analyzer(part)]

        read = lru_cache(_WORDS_KEPT)(numbered) if by_word else numbered
        for text in texts:
            parts = text.split() if by_word else (text,)
            counted = Counter(chain.from_iterable(map(read, parts)))
            terms.extend(counted)
            counts.extend(counted.values())
            sizes.append(len(counted))
        columns = {term: column for column, term in enumerate(sorted(numbers))}
        column_of = np.zeros(len(columns), np.int32)
        column_of[[numbers[term] for term in columns]] = np.arange(len(columns))
        where = column_of[np.frombuffer(terms, np.int32)]
        frequency = np.bincount(where, minlength=len(columns))
        idf = (np.log((1 + len(texts)) / (1 + frequency)) + 1).astype(np.float32)
        values = np.frombuffer(counts, np.int32) * idf[where]
        rows = Sparse(np.cumsum(sizes, dtype=np.int32), where, values, len(columns))
        mass = np.bincount(rows.lines, values**2, len(rows))
        unit = values / np.sqrt(mass).astype(np.float32)[rows.lines]
        vectorizer = cls(analyzer, columns, idf, math.log(1 + len(texts)) + 1)
        return vectorizer, replace(rows, values=unit.astype(np.float32))

    def row(self, text: str) -> Row:
        """Returns the vector of one text."""
        columns, counts, unseen = [], [], 0
        for term, count in Counter(self.analyzer(text)).items():
            column = self.columns.get(term)
            if column is None:
                unseen += count * count
            else:
                columns.append(column)
                counts.append(count)
        if not columns:
            return Row(np.zeros(0, np.int32), np.zeros(0, np.float32), 0.0)
        where = np.array(columns, np.int32)
        values = np.array(counts, np.float32) * self.idf[where]
        mass = float(values @ values)
        whole = mass + unseen * self.unseen_idf**2
        return Row(where, values / np.float32(math.sqrt(whole)), mass / whole)

    def rows(self, texts: Iterable[str]) -> Sparse:
        """Returns the vectors of many texts."""
        parts = [self.row(text) for text in texts]
        starts = np.cumsum([0, *(len(part.columns) for part in parts)], dtype=np.int32)
        columns = np.concatenate([part.columns for part in parts] or [np.zeros(0, np.int32)])
        values = np.concatenate([part.values for part in parts] or [np.zeros(0, np.float32)])
        return Sparse(starts, columns, values, len(self.columns))
