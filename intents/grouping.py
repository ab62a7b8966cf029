"""Groups questions by likeness, so that a person reads one line where fifty people asked.

Greedy leader clustering: the text asked most often leads a group and takes in all that are alike;
then the next that is left. The likeness is the cosine of vectors over trigrams of the text's
skeleton, weighted by how rare they are, so misspellings, homophones and other word orders come
together. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from intents.features import Floats, Sparse, Vectorizer
from intents.text import canonical, skeleton, without_particles

#: Texts are alike from this cosine on: the lowest at which nine of ten grouped questions are with
#: their like. Chosen, with the two below, by `make bench-grouping`.
ALIKE_FROM = 0.35

_NGRAM = 3

#: Power of the inverse document frequency: that two texts say "at the embassy" is no likeness.
_RARENESS = 2

#: Numbers in a sketch, and rows compared with all others at once.
_SKETCH, _BLOCK = 512, 256


def bare_form(text: str) -> str:
    """Returns the form in which texts are one that differ only in case, signs and particles."""
    return without_particles(canonical(text))


def group(
    counts: Mapping[str, int], background: Sequence[str] = (), alike_from: float = ALIKE_FROM
) -> list[tuple[str, ...]]:
    """Groups texts by likeness.

    Args:
        counts: texts, and how often each was asked.
        background: other texts of the kind, such as the examples of a knowledge file: they tell
            which n-grams are common, where the texts are few.
        alike_from: cosine from which two texts are alike, above 0, up to 1.

    Returns:
        The groups, most asked first; and so the texts of each. Every text is in one of them.
    """
    forms: dict[str, list[str]] = {}
    for text in sorted(counts, key=lambda text: (-counts[text], text)):
        forms.setdefault(bare_form(text), []).append(text)
    totals = {form: sum(counts[text] for text in texts) for form, texts in forms.items()}
    leading = sorted(forms, key=lambda form: -totals[form])
    common = Vectorizer.fit([*leading, *map(bare_form, background)], _trigrams)
    rows = replace(common, idf=common.idf**_RARENESS).rows(leading)
    members = [
        sorted((text for row in led for text in forms[leading[row]]), key=lambda t: -counts[t])
        for led in _led(rows, alike_from)
    ]
    members.sort(key=lambda texts: -sum(counts[text] for text in texts))
    return [tuple(texts) for texts in members]


def _trigrams(text: str) -> list[str]:
    words = (f" {skeleton(word)} " for word in text.split())
    return [word[i : i + _NGRAM] for word in words for i in range(len(word) - _NGRAM + 1)]


def _led(rows: Sparse, alike_from: float) -> Iterator[list[int]]:
    """Yields groups of rows, each led by its first; leaders in order."""
    sketches = _sketches(rows)
    free = np.arange(len(rows))
    while len(free):
        # Whether a row leads depends on those before it; their likeness to all is computed at once.
        alike = sketches[free[:_BLOCK]] @ sketches[free].T >= alike_from
        is_free = np.ones(len(free), bool)
        for place in range(len(alike)):
            if is_free[place]:
                found = alike[place] & is_free
                found[place] = False
                is_free &= ~found
                is_free[place] = False
                yield [int(free[place]), *free[found].tolist()]
        free = free[is_free]


def _sketches(rows: Sparse) -> Floats:
    """Returns short dense vectors whose products are the cosines of rows, give or take 0.05.

    Random projections of signs: Achlioptas, "Database-friendly random projections", 2003. The
    exact product of 20,000 texts takes minutes, as common n-grams stand in half of them.
    """
    draw = np.random.default_rng(0)
    signs = draw.integers(0, 2, (rows.width, _SKETCH), np.int8) * np.int8(2) - np.int8(1)
    sketches = np.zeros((len(rows), _SKETCH), np.float32)
    for row in range(len(rows)):
        span = slice(rows.starts[row], rows.starts[row + 1])
        sketches[row] = rows.values[span] @ signs[rows.columns[span]].astype(np.float32)
    sketches /= np.maximum(np.linalg.norm(sketches, axis=1, keepdims=True), 1e-9)
    return sketches
