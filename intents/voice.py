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

#: Files with more examples do without: the better engine would take many minutes to learn them,
#: and with so many the n-grams know enough.
MOST_EXAMPLES = 5_000


@dataclass(frozen=True, slots=True)
class Learned:
    """What is learned from the vectors of a knowledge file's examples."""

    centre: Floats
    """Their mean, which every vector is taken from: sentence vectors all lean one way."""
    weights: Floats
    """Dimensions x intents."""
    share: float
    """Of the vote, 0..1."""


def learn(vectors: Floats, owners: Ints) -> Learned:
    """Learns which vectors speak for which intents.

    Args:
        vectors: examples x dimensions.
        owners: for each example the index of its intent, all of them at least once.

    Raises:
        NotConvergedError: training failed.
    """
    centre = vectors.mean(axis=0)
    unit = _unit(vectors - centre)
    count = int(owners.max()) + 1
    weights = unit.T @ classifier.train_mix(unit @ unit.T, owners, count)
    few = min(1.0, _FEW_EXAMPLES * count / len(owners))
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
