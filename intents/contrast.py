"""The classifier of large files: learned by contrast with the classes that come closest.

The regression of `classifier` compares every text with every other, which 100,000 texts forbid.
Here each text is told from the few classes that naive Bayes takes it for, in small batches
(AdaGrad, Duchi et al. 2011), and only n-grams that a class has seen bear a weight for it (as
conditional random fields have it: Sutton & McCallum 2012, section 2.6). It takes seconds, memory
grows with the texts alone, and it comes within a point of the regression (docs/understanding.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from intents.classifier import NotConvergedError, softmax
from intents.features import Floats, Ints, Row, Sparse
from intents.weights import Presence, SparseWeights, spans

#: Classes that a text is told from, its own among them. With 16 there is no gain worth the memory.
_RIVALS = 8

#: Naive Bayes: the mass of an n-gram in a class counts as log(1 + mass / this).
_SMOOTHING = 0.1

#: An n-gram that a larger share of the classes has names no rivals; a few classes always may.
_TELLING_SHARE, _TELLING = 0.125, 8

_RATE = 0.2
_PASSES = 2
_BATCH = 1_000

#: A pass may end this many times as far from the truth as guessing would; a few texts that look
#: alike come out little better than guessed, numbers that run away come out far worse.
_TOLERANCE = 2.0

#: Texts looked at together: bounds the memory.
_SHARD, _BLOCK = 12_500, 256
_CHUNK = 8_192

#: The share of the texts on which the temperature is measured before they are learned too.
_HELD_OUT, _MOST_HELD_OUT = 0.04, 2_000
#: Not below 0.5: phrases of one file are more alike than the questions of strangers.
_TEMPERATURES = np.geomspace(0.5, 4, 25)
#: How much softer than those phrases warrant the probabilities are: as soft as the regression's,
#: whose penalty holds them down, for on those the confidence is fitted (docs/understanding.md).
_SOFTER = 2.0


def train(rows: Sparse, classes: Ints, count: int) -> SparseWeights:
    """Returns weights for texts given as unit vectors and their classes; the same each time.

    Raises:
        NotConvergedError: the texts are told apart far worse than by guessing.
    """
    order = np.random.default_rng(0).permutation(len(rows)).astype(np.int32)
    held, others = np.split(order, [min(_MOST_HELD_OUT, int(_HELD_OUT * len(rows)))])
    learner = _Learner(rows, classes, count, others)
    for shard in _shards(others):
        learner.learn(shard)
    temperature = learner.temperature(held)
    learner.learn(held)
    return learner.weights(_SOFTER * temperature)


class _Learner:
    """Weights in the making."""

    def __init__(self, rows: Sparse, classes: Ints, count: int, counted: Ints) -> None:
        self._rows, self._classes, self._count = rows, classes, count
        presence = Presence.of(rows, classes, count)
        self._starts, self._owners, order = _by_feature(presence, rows.width)
        mass = _mass(rows, classes, counted, presence)[order]
        # One more: the weight, always 0, of a feature for a class that has not seen it.
        self._weights = np.log1p(np.append(mass, np.float32(0)) / np.float32(_SMOOTHING))
        self._slopes = np.full(len(self._weights), 1e-8, np.float32)

    def learn(self, lines: Ints) -> None:
        """Tells some texts from their rivals."""
        if not len(lines) or not len(self._rows.columns):
            return
        rivals = np.concatenate([part for _, part in self._rivals(lines)])
        batches = list(self._places(lines, rivals))
        for _ in range(_PASSES):
            loss = sum(self._step(*batch) for batch in batches) / len(lines)
        guessed = np.log(rivals.shape[1])
        if not loss <= _TOLERANCE * guessed + 1e-6:
            message = f"loss {loss:.3g} a text, {guessed:.3g} by guessing"
            raise NotConvergedError(f"training did not converge: {message}")

    def temperature(self, lines: Ints) -> float:
        """Returns by what the scores are to be divided so that their softmax is a probability."""
        weights = self.weights(1.0)
        scores = np.array([weights.scores(_row(self._rows, line)) for line in lines])
        if not len(scores):
            return 1.0
        truth = self._classes[lines]
        chances = (softmax(scores / t)[np.arange(len(lines)), truth] for t in _TEMPERATURES)
        losses = [-np.log(np.maximum(chance, 1e-30)).sum() for chance in chances]
        return float(_TEMPERATURES[int(np.argmin(losses))])

    def weights(self, temperature: float) -> SparseWeights:
        """Returns what is learned so far."""
        values = self._weights[:-1] / np.float32(temperature)
        return SparseWeights(self._starts, self._owners, values, self._count)

    def _rivals(self, lines: Ints) -> Iterator[tuple[Ints, Ints]]:
        """Yields blocks of texts with the classes that each is told from, its own first."""
        most = max(_TELLING, _TELLING_SHARE * self._count)
        is_telling = np.diff(self._starts) <= most
        for start in range(0, len(lines), _BLOCK):
            block = lines[start : start + _BLOCK]
            places, sizes = spans(self._rows.starts, block)
            columns, values = self._rows.columns[places], self._rows.values[places]
            cell = np.repeat(np.arange(len(block)) * self._count, sizes)
            told = is_telling[columns]
            entries, sizes = spans(self._starts, columns[told])
            cells = np.repeat(cell[told], sizes) + self._owners[entries]
            products = np.repeat(values[told], sizes) * self._weights[entries]
            sums = np.bincount(cells, products, len(block) * self._count)
            # Without any product bincount counts, in whole numbers.
            scores = sums.astype(np.float64, copy=False).reshape(len(block), self._count)
            yield block, _highest(scores, self._classes[block], min(_RIVALS, self._count))

    def _places(self, lines: Ints, rivals: Ints) -> Iterator[tuple[Ints, Ints]]:
        """Yields batches of texts, and where the weights of their features for rivals stand."""
        starts = self._starts
        where, sizes = spans(self._rows.starts, lines)
        columns = self._rows.columns[where]
        text = np.repeat(np.arange(len(lines)), sizes)
        out = np.empty((rivals.shape[1], len(columns)), np.int32)
        for first in range(0, self._rows.width, _CHUNK):
            last = min(self._rows.width, first + _CHUNK)
            table = np.full((last - first, self._count), len(self._owners), np.int32)
            inside = slice(starts[first], starts[last])
            feature = np.repeat(np.arange(last - first), np.diff(starts[first : last + 1]))
            table[feature, self._owners[inside]] = np.arange(inside.start, inside.stop)
            here = np.flatnonzero((columns >= first) & (columns < last))
            row = (columns[here] - first) * self._count
            for rank, classes in enumerate(rivals.T):
                out[rank, here] = table.ravel().take(row + classes[text[here]])
        ends = np.concatenate([[0], np.cumsum(sizes)])
        for start in range(0, len(lines), _BATCH):
            stop = min(len(lines), start + _BATCH)
            yield lines[start:stop], out[:, ends[start] : ends[stop]]

    def _step(self, lines: Ints, places: Ints) -> float:
        """Moves the weights so that some texts are told from their rivals; returns the loss."""
        where, sizes = spans(self._rows.starts, lines)
        sizes = sizes[sizes > 0]
        if not len(sizes):
            return 0.0
        values = self._rows.values[where]
        products = self._weights.take(places) * values
        scores = np.add.reduceat(products, np.cumsum(sizes) - sizes, axis=1)
        chances = softmax(scores.T).T
        loss = -np.log(np.maximum(chances[0], 1e-30)).sum(dtype=float)
        chances[0] -= 1
        slope = np.zeros_like(self._weights)
        np.add.at(slope, places.ravel(), (np.repeat(chances, sizes, axis=1) * values).ravel())
        slope[-1] = 0
        self._slopes += slope * slope
        self._weights -= np.float32(_RATE) * slope / np.sqrt(self._slopes)
        return float(loss)


def _shards(lines: Ints) -> list[Ints]:
    return [lines[start : start + _SHARD] for start in range(0, len(lines), _SHARD)]


def _highest(scores: NDArray[np.float64], own: Ints, count: int) -> Ints:
    """Returns for each row its own class and those that score highest; forgets their scores."""
    found = np.empty((len(scores), count), np.int32)
    found[:, 0] = own
    every = np.arange(len(scores))
    for rank in range(1, count):
        scores[every, found[:, rank - 1]] = -np.inf
        found[:, rank] = scores.argmax(axis=1)
    return found


def _by_feature(presence: Presence, width: int) -> tuple[Ints, Ints, NDArray[np.intp]]:
    """Returns for each feature (CSR) the classes that have it, and where `presence` has each."""
    classes = np.repeat(
        np.arange(len(presence.starts) - 1, dtype=np.int32), np.diff(presence.starts)
    )
    order = np.argsort(presence.features, kind="stable")
    starts = np.concatenate([[0], np.cumsum(presence.spread(width))]).astype(np.int32)
    return starts, classes[order], order


def _mass(rows: Sparse, classes: Ints, lines: Ints, presence: Presence) -> Floats:
    """Returns how much of each class's features there is in those of some texts that are its."""
    lines = lines[np.argsort(classes[lines], kind="stable")]
    bounds = np.searchsorted(classes[lines], np.arange(len(presence.starts)))
    out = np.empty(len(presence.features), np.float32)
    for index, (first, last) in enumerate(pairwise(bounds)):
        places, _ = spans(rows.starts, lines[first:last])
        sums = np.bincount(rows.columns[places], rows.values[places], rows.width)
        own = slice(presence.starts[index], presence.starts[index + 1])
        out[own] = sums[presence.features[own]]
    return out


def _row(rows: Sparse, line: int) -> Row:
    place = slice(rows.starts[line], rows.starts[line + 1])
    return Row(rows.columns[place], rows.values[place], 1.0)
