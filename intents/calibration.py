"""How sure the matcher may be: evidence to confidence, and confidence to a decision.

All numbers stand in `data/calibration.json`, written by `make tune`, which fits them on the
questions in tests/questions (see docs/understanding.md), for every meaning engine and for none:
`own` on all evidence, for the file that comes with it, and `any` on the evidence that means the
same in every file. A file that was changed lies in between, by what is left of it.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

#: Share of wrong answers that an operator bears unless told otherwise.
MAX_WRONG = 0.02

#: Name of the calibration without a meaning engine.
NO_ENGINE = "off"

#: The voice is asked where the n-grams are less sure than this: one question of five, and those
#: that it can better. Of other files it is always asked.
ASK_BELOW = 0.9

#: One example in so many is remembered, to know again the file that numbers were fitted on.
_REMEMBERED = 16

#: A message asks several questions from this chance on.
SEVERAL_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the likeliest intent."""

    log_above_chance: float
    """Natural logarithm of how far its probability is above chance, as a share of how far it could
    be: the same in files with few intents and with many."""
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


def log_odds(chance: float) -> float:
    """Returns what a logistic has within, of a probability that is kept from 0 and 1."""
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(chance / (1 - chance))


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

    def towards(self, other: Calibration, way: float) -> Calibration:
        """Returns the numbers so far on the way to others, 0..1; `several` are its own."""

        def between(mine: float, its: float) -> float:
            return (1 - way) * mine + way * its  # either is exact at its end of the way

        return Calibration(
            single=Logistic(
                between(self.single.bias, other.single.bias),
                tuple(map(between, self.single.weights, other.single.weights)),
            ),
            several=self.several,
            wrong_share=tuple(
                (level, between(mine, its))
                for (level, mine), (_, its) in zip(self.wrong_share, other.wrong_share, strict=True)
            ),
            offer_from=between(self.offer_from, other.offer_from),
        )


def marks(examples: Iterable[str]) -> set[int]:
    """Returns what is remembered of a file's examples: checksums of a few."""
    sums = (zlib.crc32(example.encode()) for example in examples)
    return {number for number in sums if number % _REMEMBERED == 0}


def familiarity(examples: Iterable[str]) -> float:
    """Returns how far a file is the one that the `own` numbers were fitted on, 0..1."""
    known, own = set(_raw()["fitted_on"]), marks(examples)
    return len(known & own) / len(known | own)


def ask_below(familiar: float) -> float:
    """Returns the confidence below which the voice is asked, by the file's familiarity."""
    return 1 - familiar * (1 - ASK_BELOW)


@lru_cache
def shipped(engine: str = NO_ENGINE, familiar: float = 1.0) -> Calibration:
    """Returns the numbers of `data/calibration.json`.

    Args:
        engine: the meaning engine, if any.
        familiar: the file's familiarity.
    """
    raw = _raw()[engine]
    several = _logistic(raw["several"], SeveralEvidence.__slots__)
    in_any, own = (
        Calibration(
            single=_logistic(raw[files]["single"], Evidence.__slots__),
            several=several,
            wrong_share=tuple((level, share) for level, share in raw[files]["wrong_share"]),
            offer_from=raw[files]["offer_from"],
        )
        for files in ("any", "own")
    )
    return in_any.towards(own, familiar)


@cache
def _raw() -> dict[str, Any]:
    text = files("intents").joinpath("data", "calibration.json").read_text("utf-8")
    return dict(json.loads(text))


def _logistic(raw: dict[str, Any], names: Sequence[str]) -> Logistic:
    return Logistic(raw["bias"], tuple(raw[name] for name in names))
