"""What a classifier learned: a text's vector in, a score for every class out.

Two forms of one thing. `DenseWeights` is a plain matrix, for files of ordinary size. With 1,000
classes such a matrix would take hundreds of megabytes, nearly all of them for n-grams that a class
has never seen; `SparseWeights` keeps those that it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from intents.features import Floats, Ints, Row, Sparse

#: A feature that this share of the classes has is a plain row: adding rows is quicker than picking.
_PLAIN_SHARE = 0.2


class Weights(Protocol):
    """What both forms do."""

    @property
    def scale(self) -> float:
        """What scores are multiplied by to speak for as much as those of the regression."""
        ...

    def scores(self, row: Row) -> Floats:
        """Returns a score for every class, to be put through `classifier.softmax`."""
        ...

    def parts(self) -> dict[str, NDArray[Any]]:
        """Returns the arrays from which `restored` makes the same weights."""
        ...


@dataclass(frozen=True, slots=True)
class DenseWeights:
    """A features x classes matrix."""

    matrix: Floats

    @property
    def scale(self) -> float:
        """Returns 1: these are those of the regression."""
        return 1.0

    def scores(self, row: Row) -> Floats:
        """Returns a score for every class."""
        return np.asarray(row.values @ self.matrix[row.columns], np.float32)

    def parts(self) -> dict[str, NDArray[Any]]:
        """Returns the matrix."""
        return {"matrix": self.matrix}


def spans(starts: Ints, chosen: NDArray[np.integer]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Returns the places of the entries of chosen rows of a CSR matrix, and each row's number."""
    first = starts[chosen].astype(np.intp)
    sizes = starts[chosen + 1] - first
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(first - ends + sizes, sizes), sizes


@dataclass(frozen=True)
class SparseWeights:
    """For each feature (CSR) the classes that have it, and their weights; any other's is 0."""

    starts: Ints
    classes: Ints
    values: Floats
    count: int
    """How many classes there are."""

    @property
    def scale(self) -> float:
        """Returns a half: of CLINC150 as much as by the regression is then answered wrongly."""
        return 0.5

    def parts(self) -> dict[str, NDArray[Any]]:
        """Returns the fields."""
        return {
            "starts": self.starts,
            "classes": self.classes,
            "values": self.values,
            "count": np.array(self.count),
        }

    @cached_property
    def _plain(self) -> tuple[Ints, Floats]:
        """The rows of common features: for each feature its row, or -1; and the rows."""
        common = np.flatnonzero(np.diff(self.starts) >= max(1, _PLAIN_SHARE * self.count))
        row_of = np.full(len(self.starts) - 1, -1, np.int32)
        row_of[common] = np.arange(len(common))
        rows = np.zeros((len(common), self.count), np.float32)
        places, sizes = spans(self.starts, common)
        rows[np.repeat(np.arange(len(common)), sizes), self.classes[places]] = self.values[places]
        return row_of, rows

    def scores(self, row: Row) -> Floats:
        """Returns a score for every class, their mean 0 as in a regression with a penalty."""
        row_of, rows = self._plain
        plain = row_of[row.columns]
        is_plain = plain >= 0
        out = row.values[is_plain] @ rows[plain[is_plain]]
        places, sizes = spans(self.starts, row.columns[~is_plain])
        products = self.values[places] * np.repeat(row.values[~is_plain], sizes)
        out = out + np.bincount(self.classes[places], products, self.count)
        return np.asarray(out - out.mean(), np.float32)


def restored(parts: dict[str, NDArray[Any]]) -> Weights:
    """Returns weights from their `parts`."""
    if "matrix" in parts:
        return DenseWeights(parts["matrix"])
    return SparseWeights(parts["starts"], parts["classes"], parts["values"], int(parts["count"]))


@dataclass(frozen=True, slots=True)
class Presence:
    """Which features the texts of each class have, sorted: class i's are `starts[i]` on (CSR)."""

    starts: Ints
    features: Ints

    @classmethod
    def of(cls, rows: Sparse, classes: Ints, count: int) -> Presence:
        """Looks it up in the texts of each class."""
        order = np.argsort(classes, kind="stable")
        bounds = np.searchsorted(classes[order], np.arange(count + 1))
        found = []
        for first, last in pairwise(bounds):
            places, _ = spans(rows.starts, order[first:last])
            seen = np.zeros(rows.width, np.bool_)
            seen[rows.columns[places]] = True
            found.append(np.flatnonzero(seen).astype(np.int32))
        starts = np.cumsum([0, *map(len, found)], dtype=np.int32)
        return cls(starts, np.concatenate(found or [np.zeros(0, np.int32)]))

    def has(self, index: int, features: Ints) -> NDArray[np.bool_]:
        """Tells for each of some features whether a class has it."""
        own = self.features[self.starts[index] : self.starts[index + 1]]
        if not len(own):
            return np.zeros(len(features), np.bool_)
        places = np.minimum(np.searchsorted(own, features), len(own) - 1)
        return np.asarray(own[places] == features)

    def spread(self, width: int) -> Ints:
        """Returns for each of `width` features how many classes have it."""
        return np.bincount(self.features, minlength=width).astype(np.int32)
