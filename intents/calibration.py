"""How sure the matcher may be: evidence to confidence, and confidence to a decision.

All numbers stand in `data/calibration.json`, written by `make tune`, which fits them on the
questions in tests/questions (see docs/understanding.md), for every meaning engine and for none.
The evidence is free of scale, so the numbers hold for other knowledge files too.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

#: Share of wrong answers that an operator bears unless told otherwise.
MAX_WRONG = 0.02

#: Name of the calibration without a meaning engine.
NO_ENGINE = "off"

#: A message asks several questions from this chance on.
SEVERAL_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the likeliest intent."""

    log_probability: float
    """Natural logarithm of its probability among all intents."""
    margin: float
    """Its probability less that of the second, 0..1."""
    uncertainty: float
    """Entropy of the probabilities, in nats."""
    score: float
    """The classifier's score before the softmax."""
    covered: float
    """Share of the question's weight on n-grams that the intent's own examples have, 0..1."""
    covered_rarely: float
    """The same, of n-grams that few other intents have."""
    log_length: float
    """Natural logarithm of the question's length in characters, and one."""
    log_meant: float = 0.0
    """Natural logarithm of the probability that its meaning alone gives it; 0 if not asked."""

    def values(self) -> tuple[float, ...]:
        """Returns the evidence in the order of the fields."""
        return tuple(getattr(self, name) for name in self.__slots__)


@dataclass(frozen=True, slots=True)
class SeveralEvidence:
    """What speaks for a message asking several questions."""

    second: float
    """Log odds of the confidence of the second surest part."""
    log_share: float
    """Natural logarithm of the least probability that one of the two surest parts' intents has in
    the whole message."""
    jointed: float
    """1 if a word or a sign joins the parts, else 0."""
    both_ask: float
    """1 if each of the two surest parts has a word of asking, else 0."""
    log_length: float
    """Natural logarithm of the message's length in characters."""

    def values(self) -> tuple[float, ...]:
        """Returns the evidence in the order of the fields."""
        return tuple(getattr(self, name) for name in self.__slots__)


@dataclass(frozen=True, slots=True)
class Logistic:
    """Fitted numbers: chance = 1 / (1 + exp(-(bias + weights . evidence)))."""

    bias: float
    weights: tuple[float, ...]

    def chance(self, evidence: Sequence[float]) -> float:
        """Returns a probability, 0..1."""
        products = (w * value for w, value in zip(self.weights, evidence, strict=True))
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, self.bias + sum(products)))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """From evidence to decisions."""

    single: Logistic
    """Whether the likeliest intent is what was asked."""
    several: Logistic
    """Whether a message asks several questions."""
    wrong_share: tuple[tuple[float, float], ...]
    """(confidence, share of all questions answered wrongly when answering from there), rising in
    confidence."""
    offer_from: float
    """Below this confidence the likeliest intents are not even worth offering."""

    def confidence(self, evidence: Evidence) -> float:
        """Returns how likely the likeliest intent is what was asked, 0..1."""
        return self.single.chance(evidence.values())

    def is_several(self, evidence: SeveralEvidence) -> bool:
        """Tells whether a message asks several questions rather than one."""
        return self.several.chance(evidence.values()) >= SEVERAL_FROM

    def answer_from(self, max_wrong: float) -> float:
        """Returns the lowest confidence from which at most `max_wrong` of questions go wrong."""
        fitting = [level for level, share in self.wrong_share if share <= max_wrong]
        return min(fitting, default=1.0)


@cache
def shipped(engine: str = NO_ENGINE) -> Calibration:
    """Returns the numbers of `data/calibration.json` for a meaning engine or for none."""
    text = files("intents").joinpath("data", "calibration.json").read_text("utf-8")
    raw = json.loads(text)[engine]
    return Calibration(
        single=_logistic(raw["single"], Evidence.__slots__),
        several=_logistic(raw["several"], SeveralEvidence.__slots__),
        wrong_share=tuple((level, share) for level, share in raw["wrong_share"]),
        offer_from=raw["offer_from"],
    )


def _logistic(raw: dict[str, Any], names: Sequence[str]) -> Logistic:
    return Logistic(raw["bias"], tuple(raw[name] for name in names))
