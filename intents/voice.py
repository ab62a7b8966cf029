"""A second voice beside the n-grams: which intents the meaning of a text speaks for.

A multinomial logistic regression on sentence vectors (see `intents.meaning`). It is asked where
the n-grams are not sure, so most questions never wait for it, and what it cannot say in time is
decided without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from intents import classifier
from intents.classifier import softmax
from intents.features import Floats, Ints
from intents.meaning import Encoder, MeaningUnavailable

#: The voice's part of the vote, from least to most: with few examples of an intent n-grams know
#: few of the words that people use (docs/understanding.md has the figures).
_LEAST_SHARE, _MOST_SHARE = 0.3, 0.5

#: Examples an intent up to which the voice has the most of the vote; beyond, it falls.
_FEW_EXAMPLES = 20

#: Examples of an intent that are learned at most: with twice as many the better engine takes twice
#: as long to learn a file, and does no better (docs/understanding.md).
_MOST_OF_INTENT = 60

#: Files with more examples do without: it would take the better engine many minutes.
_MOST_EXAMPLES = 5_000


@dataclass(frozen=True, slots=True)
class Learned:
    """What is learned from the vectors of a knowledge file's examples."""

    centre: Floats
    """Their mean, which every vector is taken from: sentence vectors all lean one way."""
    weights: Floats
    """Dimensions x intents."""
    share: float
    """Of the vote, 0..1."""


def telling(owners: Ints) -> Ints:
    """Returns the indices of the examples to learn, evenly over each intent; none of large files.

    Args:
        owners: for each example of a file the index of its intent, rising.
    """
    if len(owners) > _MOST_EXAMPLES:
        return np.zeros(0, np.int32)
    chosen = []
    for intent in np.unique(owners):
        of_intent = np.flatnonzero(owners == intent)
        count = min(len(of_intent), _MOST_OF_INTENT)
        chosen.append(of_intent[np.linspace(0, len(of_intent) - 1, count).astype(int)])
    return np.asarray(np.concatenate(chosen), np.int32)


def learn(vectors: Floats, owners: Ints, examples_each: float) -> Learned:
    """Learns which vectors speak for which intents.

    Args:
        vectors: examples x dimensions.
        owners: for each example the index of its intent, all of them at least once.
        examples_each: how many examples an intent has in the file, on average.

    Raises:
        NotConvergedError: training failed.
    """
    centre = vectors.mean(axis=0)
    unit = _unit(vectors - centre)
    weights = unit.T @ classifier.train_mix(unit @ unit.T, owners, int(owners.max()) + 1)
    few = min(1.0, _FEW_EXAMPLES / examples_each)
    share = _LEAST_SHARE + (_MOST_SHARE - _LEAST_SHARE) * few
    return Learned(centre, np.asarray(weights, np.float32), share)


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


@dataclass(frozen=True, slots=True)
class Voice:
    """An engine, and what was learned with it."""

    encoder: Encoder
    learned: Learned

    @property
    def engine(self) -> str:
        """The engine's name without its version, as the calibration knows it."""
        return self.encoder.name.partition("-")[0]

    def probabilities(self, texts: Sequence[str]) -> Floats | None:
        """Returns texts x intents, None when the engine is away."""
        try:
            vectors = self.encoder.encode(texts)
        except MeaningUnavailable:
            return None
        return softmax(_unit(vectors - self.learned.centre) @ self.learned.weights)
