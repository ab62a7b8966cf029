"""One text against a fitted knowledge file: probabilities of the intents, and their evidence."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from rapidfuzz import fuzz, process

from intents.calibration import Evidence
from intents.classifier import softmax
from intents.features import Floats, Row
from intents.fitting import Fitted
from intents.text import without_particles

#: Share of the vote that vocabulary pairs have beside the n-grams, when there are any.
PAIR_WEIGHT = 0.2

#: rapidfuzz ratio (0..100) from which a text is an example of the file with a slip in it.
NEAR_EXACT_RATIO = 95

#: As far as these go on the questions that the confidence is fitted on (`make tune`), the shipped
#: file's. Those of 1,000 intents go further, where the logistic would be a guess.
_HIGHEST_SCORE, _MOST_UNCERTAIN = 12.0, math.log(35)


#: Below it one intent is as likely as any other.
_LEAST_ABOVE = 0.01


@dataclass(frozen=True, slots=True)
class Score:
    """How one text fits every intent."""

    text: str
    """As scored: canonical, without particles, spelling mended."""
    row: Row
    probabilities: Floats
    """One for each intent, in the order of the file."""
    raw: float
    """The highest score before the softmax, as high as the regression would give it."""

    @property
    def best(self) -> int:
        """Index of the likeliest intent."""
        return int(self.probabilities.argmax())

    def ranking(self, limit: int) -> list[int]:
        """Returns the indices of the likeliest intents, best first."""
        chances = self.probabilities
        most = min(limit, len(chances))
        likely = np.flatnonzero(chances >= np.partition(chances, -most)[-most])
        order = np.argsort(-chances[likely], kind="stable")[:limit]
        return [int(index) for index in likely[order]]


def score(fitted: Fitted, text: str) -> Score:
    """Returns how a canonical text fits every intent."""
    text = fitted.speller.mend(without_particles(text))
    scores, pair_scores = fitted.scores(text), fitted.pair_scores(text)
    probabilities = softmax(scores)
    if pair_scores is not None:
        voice = softmax(pair_scores)
        probabilities = (1 - PAIR_WEIGHT) * probabilities + PAIR_WEIGHT * voice
    return Score(text, fitted.row(text), probabilities, float(scores.max()) * fitted.weights.scale)


def heard(scored: Score, meant: Floats, share: float) -> Score:
    """Returns a score in which the probabilities by meaning have their share of the vote."""
    return replace(scored, probabilities=(1 - share) * scored.probabilities + share * meant)


def weigh(fitted: Fitted, scored: Score, meant: Floats | None = None) -> Evidence:
    """Returns what speaks for the likeliest intent of a score.

    Args:
        fitted: the knowledge file.
        scored: the score.
        meant: the probabilities by meaning alone, if they have their share in the score.
    """
    first, second = (*scored.ranking(2), scored.best)[:2]
    chances = scored.probabilities
    columns, mass = scored.row.columns, scored.row.values**2
    own = fitted.presence.has(first, columns)
    rare = fitted.rare[columns]
    uncertainty = float(-(chances * np.log(np.maximum(chances, 1e-9))).sum())
    return Evidence(
        log_above_chance=math.log(max(_above_chance(chances, first), _LEAST_ABOVE)),
        margin=float(chances[first] - chances[second]),
        uncertainty=min(uncertainty, _MOST_UNCERTAIN),
        score=min(scored.raw, _HIGHEST_SCORE),
        covered=float(mass[own].sum()),
        covered_rarely=float(mass[own & rare].sum()),
        log_length=math.log(len(scored.text) + 1),
        log_meant=0.0 if meant is None else math.log(max(float(meant[first]), 1e-6)),
    )


def covered(fitted: Fitted, scored: Score, intent: int) -> float:
    """Returns the share of a text's weight on n-grams that an intent's examples have, 0..1."""
    own = fitted.presence.has(intent, scored.row.columns)
    return float((scored.row.values[own] ** 2).sum())


def _above_chance(chances: Floats, intent: int) -> float:
    """Returns 0 for an intent as likely as all others, 1 for a certain one."""
    chance = 1 / len(chances)
    return (float(chances[intent]) - chance) / (1 - chance) if chance < 1 else 1.0


def is_near_exact(fitted: Fitted, scored: Score) -> bool:
    """Tells whether a text is an example of its likeliest intent, but for a slip."""
    # In the type of `owners`, which would all be converted otherwise.
    bounds = np.array((scored.best, scored.best + 1), fitted.owners.dtype)
    first, last = np.searchsorted(fitted.owners, bounds)
    return (
        process.extractOne(
            scored.text,
            fitted.phrases[first:last],
            scorer=fuzz.ratio,
            score_cutoff=NEAR_EXACT_RATIO,
        )
        is not None
    )
