"""How sure a match may be, learned from labelled questions: what `make tune` fits, and tests check.

A question's evidence is gathered with a knowledge file that holds none of these questions. Near
misses count less than they are many: what they name catches most of them
(`intents/agreement.py`), not their likeness.

What holds for any file is learned from what is left of the shipped one when it is thinned, and by
the two numbers alone that mean the same everywhere (docs/understanding.md).
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import intents
from intents import Knowledge
from intents.calibration import Evidence

#: Kinds of questions that ask for several things, or lean on the one before.
NOT_ALONE = ("multi", "followup", "switch")

#: How much a question out of scope counts beside an ordinary one: near misses, those of intents
#: that were thinned out, and others.
NEAR_WEIGHT, LEFT_OUT_WEIGHT, FAR_WEIGHT = 0.2, 0.5, 2.0

#: The evidence that any file is judged by.
OF_ANY = ("log_above_chance", "margin")
#: How the shipped file is thinned: examples of an intent and language that are left, and the share
#: of the intents; each as often as there are seeds.
THINNED = tuple((count, share) for count in (5, 10, 20, 40) for share in (1.0, 0.5, 0.2))
SEEDS = (0, 1)
#: What people are taken to send: in scope, clearly out of it, near misses. The share of wrong
#: answers is one of this traffic, not of the questions at hand, which are mostly hard ones.
TRAFFIC = (0.75, 0.2, 0.05)

#: One-sided 80 % of the normal distribution.
Z_80 = 0.8416

#: Strength of the L2 penalty on the weights of standardised evidence.
PENALTY = 1.0
FOLDS = 5
LEVELS = np.round(np.arange(0.2, 0.99, 0.01), 2)

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """Evidence of many questions, a row each."""

    question: NDArray[np.int_]
    """Which question it is of: several rows may be of the same, asked of several files."""
    evidence: Doubles
    right: Doubles
    """1 where the likeliest intent is what was asked, else 0."""
    weight: Doubles
    in_scope: NDArray[np.bool_]
    far: NDArray[np.bool_]
    """Whether it is clearly out of scope."""
    near: NDArray[np.bool_]
    in_top: NDArray[np.bool_]
    """Whether one of the three likeliest intents is what was asked."""
    stopped: NDArray[np.bool_]
    """Whether the agreement guard keeps it from being answered, whatever the confidence."""

    def part(self, rows: NDArray[Any]) -> Sample:
        """Returns the sample of some of the questions, by their indices or a mask."""
        return Sample(*(getattr(self, field.name)[rows] for field in fields(self)))

    def wrong_from(self, level: float, confidence: Doubles) -> list[tuple[int, int]]:
        """Returns for each group of `TRAFFIC` how many are answered wrongly, and of how many."""
        wrong = (self.right == 0) & ~self.stopped & (confidence >= level)
        groups = (self.in_scope, self.far, self.near)
        return [(int(wrong[group].sum()), int(group.sum())) for group in groups]


def questions(paths: list[Path]) -> list[dict[str, Any]]:
    """Returns the labelled questions of these files."""
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]


def gather(paths: list[Path], matcher: intents.Matcher) -> Sample:
    """Returns the evidence of all questions of these files that ask one thing by themselves."""
    rows: list[tuple[Any, ...]] = []
    for number, question in enumerate(questions(paths)):
        if question["kind"] in NOT_ALONE:
            continue
        accepted = [question["facts"], *question.get("alt", [])]
        match = matcher.match(question["q"])
        if match.evidence is None:  # an example of the file, which was not weighed
            match = matcher.explain(question["q"]).match
        assert match.evidence is not None
        top = [[candidate.intent_id] for candidate in match.ranking]
        in_scope = any(set(facts) <= matcher.knowledge.intents.keys() for facts in accepted)
        is_near = question["kind"] == "oos_near"
        is_far = question["facts"] == ["oos"] and not is_near
        weight = 1.0 if in_scope else NEAR_WEIGHT if is_near else LEFT_OUT_WEIGHT
        rows.append(
            (
                number,
                match.evidence.values(),
                float(top[0] in accepted),
                FAR_WEIGHT if is_far else weight,
                in_scope,
                is_far,
                is_near,
                any(intent in accepted for intent in top),
                match.stranger is not None,
            )
        )
    return Sample(*map(np.array, zip(*rows, strict=True)))


def joined(samples: Sequence[Sample]) -> Sample:
    """Returns all of some samples."""
    columns = [[getattr(sample, field.name) for sample in samples] for field in fields(Sample)]
    return Sample(*map(np.concatenate, columns))


def thinned(knowledge: Knowledge) -> Iterator[Knowledge]:
    """Yields what is left of a knowledge file when most of it is taken out, see `THINNED`."""
    for (count, share), seed in product(THINNED, SEEDS):
        draw = random.Random(f"{count} {share} {seed}")
        kept = draw.sample(sorted(knowledge.intents), round(share * len(knowledge.intents)))
        rest = {
            intent_id: replace(
                intent,
                ask={
                    language: tuple(draw.sample(phrases, min(count, len(phrases))))
                    for language, phrases in intent.ask.items()
                },
            )
            for intent_id, intent in knowledge.intents.items()
            if intent_id in kept
        }
        yield replace(knowledge, intents=rest)


def fit(evidence: Doubles, right: Doubles, weight: Doubles) -> tuple[float, Doubles]:
    """Returns bias and weights of a logistic regression, by Newton's method."""
    mean, spread = evidence.mean(axis=0), evidence.std(axis=0) + 1e-9
    design = np.column_stack([np.ones(len(evidence)), (evidence - mean) / spread])
    penalty = PENALTY * np.eye(design.shape[1])
    penalty[0, 0] = 0
    answer = np.zeros(design.shape[1])
    for _ in range(50):
        guess = chances(design, 0.0, answer)
        slope = design.T @ (weight * (guess - right)) + penalty @ answer
        curvature = (design.T * (weight * guess * (1 - guess))) @ design + penalty
        answer -= np.linalg.solve(curvature, slope)
    weights = answer[1:] / spread
    return float(answer[0] - weights @ mean), weights


def chances(evidence: Doubles, bias: float, weights: Doubles) -> Doubles:
    """Returns the fitted probability for each row of evidence."""
    return np.asarray(1 / (1 + np.exp(-(bias + evidence @ weights))))


def held_out(sample: Sample, names: Sequence[str] = Evidence.__slots__) -> Doubles:
    """Returns each question's confidence by numbers fitted without it, on the evidence named."""
    confidence = np.zeros(len(sample.right))
    numbers, row = np.unique(sample.question, return_inverse=True)
    fold = (np.random.default_rng(0).permutation(len(numbers)) % FOLDS)[row]
    for index in range(FOLDS):
        rest, part = fold != index, fold == index
        bias, weights = fit_all(sample.part(rest), names)
        confidence[part] = chances(sample.evidence[part], bias, weights)
    return confidence


def wrong_share(sample: Sample, confidence: Doubles) -> list[tuple[float, float]]:
    """Returns for each level the share of `TRAFFIC` answered wrongly from there on, at most."""
    table = []
    for level in map(float, LEVELS):
        shares = [upper_bound(*counts) for counts in sample.wrong_from(level, confidence)]
        table.append((level, round(float(np.dot(TRAFFIC, shares)), 4)))
    return table


def wrong_of_traffic(sample: Sample, confidence: Doubles, level: float) -> float:
    """Returns the share of `TRAFFIC` that is answered wrongly when answering from a level on."""
    shares = [count / of for count, of in sample.wrong_from(level, confidence)]
    return float(np.dot(TRAFFIC, shares))


def upper_bound(count: int, of: int) -> float:
    """Returns the share that a sample may stand for at most, four times of five (Wilson 1927)."""
    share, spread = count / of, Z_80**2 / of
    half = math.sqrt(spread * (share * (1 - share) + spread / 4))
    return (share + spread / 2 + half) / (1 + spread)


def fit_all(sample: Sample, names: Sequence[str] = Evidence.__slots__) -> tuple[float, Doubles]:
    """Returns bias and weights fitted on a whole sample; evidence that is not named weighs 0."""
    used = [Evidence.__slots__.index(name) for name in names]
    weights = np.zeros(len(Evidence.__slots__))
    bias, weights[used] = fit(sample.evidence[:, used], sample.right, sample.weight)
    return bias, weights
