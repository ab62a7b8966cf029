"""Multinomial logistic regression over sparse text features: vector in, score per class out.

Trained in the span of the training texts: with fewer texts than features the best weights are a
mix of the texts' own vectors (the representer theorem, Schölkopf et al. 2001), so the fit runs on
a texts x texts matrix, takes about a second and needs numpy alone. Used as one plain matrix:
`scores = weights[columns].T @ values`.

Beyond `MAX_TRAINED` texts that matrix grows too large, and `contrast` trains instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from intents.features import Floats, Ints, Sparse
from intents.weights import spans

Doubles = NDArray[np.float64]

#: Above this many texts the texts x texts matrix would take more than 100 MB.
MAX_TRAINED = 5_000

#: Inverse strength of the L2 penalty, as scikit-learn's C. `make tune` compares values.
PENALTY_C = 10.0

_MAX_STEPS = 300
_TOLERANCE = 1e-2
_HISTORY = 10

#: `likeness`: an n-gram in at most this many texts is followed from text to text.
_COMMON = 128
_BLOCK = 2_048


class NotConvergedError(RuntimeError):
    """Training ended without reaching its tolerance; its weights cannot be trusted."""


def softmax(scores: NDArray[np.floating]) -> Floats:
    """Returns probabilities over the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), np.float32)


def likeness(rows: Sparse) -> Floats:
    """Returns the cosine of every text to every other, texts x texts.

    N-grams of many texts are multiplied as dense blocks. The others, which are nearly all of them,
    are followed text by text to those few that have them too.
    """
    order = np.argsort(rows.columns, kind="stable")
    lines, values = rows.lines[order], rows.values[order]
    counts = np.bincount(rows.columns, minlength=rows.width)
    starts = np.concatenate([[0], np.cumsum(counts)])
    out = np.zeros((len(rows), len(rows)), np.float32)
    common = np.flatnonzero(counts > _COMMON)
    for first in range(0, len(common), _BLOCK):
        places, sizes = spans(starts, common[first : first + _BLOCK])
        dense = np.zeros((len(sizes), len(rows)), np.float32)
        dense[np.repeat(np.arange(len(sizes)), sizes), lines[places]] = values[places]
        out += dense.T @ dense
    is_rare = counts[rows.columns] <= _COMMON
    for line, (first, last) in enumerate(pairwise(rows.starts)):
        own = np.arange(first, last)[is_rare[first:last]]
        places, sizes = spans(starts, rows.columns[own])
        products = values[places] * np.repeat(rows.values[own], sizes)
        out[line] += np.bincount(lines[places], products, len(rows))
    return out


def _project(rows: Sparse, mix: Floats) -> Floats:
    """Returns features x classes weights from texts x classes ones."""
    weights = np.zeros((rows.width, mix.shape[1]), np.float32)
    lines = rows.lines
    for index in range(mix.shape[1]):
        part = np.bincount(rows.columns, rows.values * mix[lines, index], rows.width)
        weights[:, index] = part
    return weights


@dataclass(frozen=True, slots=True)
class _Vector:
    """A vector over the texts together with its product with their similarity matrix.

    Inner products are taken in the metric of that matrix, and whatever is a sum of vectors knows
    its product without another multiplication.
    """

    own: Doubles
    image: Doubles

    def plus(self, other: _Vector, scale: float) -> _Vector:
        return _Vector(self.own + scale * other.own, self.image + scale * other.image)

    def dot(self, other: _Vector) -> float:
        return float(np.vdot(self.own, other.image))


_Objective = Callable[[_Vector], tuple[float, _Vector]]
_Steps = list[tuple[_Vector, _Vector, float]]


def _minimise(objective: _Objective, start: _Vector) -> _Vector:
    """Returns where a smooth convex function is least, by L-BFGS (Nocedal & Wright, alg. 7.5).

    `objective` gives the value and the slope at a point.
    """
    point, (value, slope) = start, objective(start)
    steps: _Steps = []
    for _ in range(_MAX_STEPS):
        # The second: texts alike leave the slope a part that no weight can follow.
        if np.abs(slope.own).max() <= _TOLERANCE or slope.dot(slope) <= _TOLERANCE**2:
            return point
        direction = _newton_like(slope, steps)
        descent = direction.dot(slope)
        length = 1.0
        while True:
            new_point = point.plus(direction, length)
            new_value, new_slope = objective(new_point)
            if new_value <= value + 1e-4 * length * descent or length < 1e-10:
                break
            length /= 2
        moved, turned = new_point.plus(point, -1), new_slope.plus(slope, -1)
        curvature = moved.dot(turned)
        if curvature > 1e-12:
            steps = [*steps[-_HISTORY + 1 :], (moved, turned, 1 / curvature)]
        point, value, slope = new_point, new_value, new_slope
    raise NotConvergedError(f"training did not converge in {_MAX_STEPS} steps")


def _newton_like(slope: _Vector, steps: _Steps) -> _Vector:
    """Returns the direction to go: the slope through the inverse curvature seen so far."""
    out = _Vector(-slope.own, -slope.image)
    shares = []
    for moved, turned, scale in reversed(steps):
        shares.append(scale * moved.dot(out))
        out = out.plus(turned, -shares[-1])
    if steps:
        _, turned, scale = steps[-1]
        factor = 1 / (scale * turned.dot(turned))
        out = _Vector(factor * out.own, factor * out.image)
    for (moved, turned, scale), share in zip(steps, reversed(shares), strict=True):
        out = out.plus(moved, share - scale * turned.dot(out))
    return out


def _one_hot(classes: Ints, count: int) -> Doubles:
    out = np.zeros((len(classes), count))
    out[np.arange(len(classes)), classes] = 1
    return out


def _misfit(scores: Doubles, truth: Doubles) -> tuple[float, Doubles]:
    """Returns the sum of cross entropies, and its slope in the scores.

    `truth` has how many texts of each class a row of scores stands for.
    """
    chances = softmax(scores)
    loss = -np.sum(truth * np.log(np.maximum(chances, 1e-30)), dtype=float)
    return float(loss), truth.sum(axis=1, keepdims=True) * chances - truth


def train_mix(similarity: Floats, classes: Ints, count: int) -> Floats:
    """Returns texts x classes mixing weights from the texts' similarity matrix.

    Raises:
        NotConvergedError: the largest part of the slope stayed above `_TOLERANCE`.
    """
    truth = _one_hot(classes, count)

    def objective(mix: _Vector) -> tuple[float, _Vector]:
        misfit, residual = _misfit(mix.image, truth)
        slope = residual + mix.own / PENALTY_C
        image = (similarity @ slope.astype(np.float32)).astype(np.float64)
        return misfit + mix.dot(mix) / (2 * PENALTY_C), _Vector(slope, image)

    best = _minimise(objective, _Vector(np.zeros_like(truth), np.zeros_like(truth)))
    return best.own.astype(np.float32)


def _train_directly(rows: Sparse, classes: Ints, count: int) -> Floats:
    """Returns features x classes weights where features are few, and many texts have the same."""
    numbers: dict[bytes, int] = {}
    parts = (slice(first, last) for first, last in pairwise(rows.starts))
    kinds = np.array(
        [
            numbers.setdefault(
                rows.columns[part].tobytes() + rows.values[part].tobytes(), len(numbers)
            )
            for part in parts
        ]
    )
    truth = np.zeros((len(numbers), count))
    np.add.at(truth, (kinds, classes), 1)
    dense = np.zeros((len(numbers), rows.width))
    dense[kinds[rows.lines], rows.columns] = rows.values

    def objective(weights: _Vector) -> tuple[float, _Vector]:
        misfit, residual = _misfit(dense @ weights.own, truth)
        slope = dense.T @ residual + weights.own / PENALTY_C
        return misfit + weights.dot(weights) / (2 * PENALTY_C), _Vector(slope, slope)

    start = np.zeros((rows.width, count))
    return _minimise(objective, _Vector(start, start)).own.astype(np.float32)


def train(rows: Sparse, classes: Ints, count: int) -> Floats:
    """Returns features x classes weights for texts given as unit vectors and their classes.

    The weights have the least sum of cross entropies plus `|weights|^2 / 2C`.

    Raises:
        NotConvergedError: the largest part of the slope stayed above `_TOLERANCE`.
    """
    if rows.width == 0:
        return np.zeros((0, count), np.float32)
    if rows.width < len(rows):
        return _train_directly(rows, classes, count)
    return _project(rows, train_mix(likeness(rows), classes, count))
