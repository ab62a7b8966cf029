"""Sets of labelled questions to hold matchers against: two public ones, and the project's own.

- CLINC150 (Larson et al. 2019, https://github.com/clinc/oos-eval, CC BY 3.0): `clinc150.json` is
  its `data_full.json`; with questions out of scope.
- BANKING77 (Casanueva et al. 2020, https://github.com/PolyAI-LDN/task-specific-datasets, CC BY
  4.0): `banking77_train.csv` and `banking77_test.csv` are its two files; all in scope.
- The project's own: `tests/questions`, asked of `knowledge.yaml`.

A public set is learned from ten examples of an intent, drawn from its sorted examples.
"""

from __future__ import annotations

import csv
import json
import random
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import intents
from benchmarks.slips import with_slips
from bot import evaluation
from bot.evaluation import OUT_OF_SCOPE

ROOT = Path(__file__).parents[1]

#: Examples of an intent that a public set is learned from.
SHOTS = 10

#: Kinds of own questions that ask for several things, or lean on the one before: a rival is told
#: one message at a time, and answers with one intent.
_NOT_ALONE = frozenset({"multi", "followup", "switch"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what would be right."""

    text: str
    accepted: frozenset[str]
    """Intents of which each is right; empty when none is."""
    is_near: bool = False
    """Whether it is out of scope, and differs from what is in it by a name only."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """What is learned, and what is asked."""

    name: str
    phrases: tuple[tuple[str, str], ...]
    """Examples, each with its intent."""
    clean: tuple[Asked, ...]
    slipped: tuple[Asked, ...]
    """Those in scope of `clean`, in their order, with slips of the finger."""
    note: str
    """What was taken of how much, in a sentence."""
    knowledge: Path | None = None
    """The knowledge file that the phrases are from, if there is one."""


def clinc(data: Path, most: int, seed: int = 0) -> Labelled:
    """Returns CLINC150, with at most so many questions in scope and a third as many out of it."""
    raw = json.loads((data / "clinc150.json").read_text("utf-8"))
    phrases = _drawn(raw["train"], seed)
    strange = [(text, "") for text, _ in raw["oos_test"]]
    return _labelled("CLINC150", phrases, raw["test"], strange, most)


def banking(data: Path, most: int, seed: int = 0) -> Labelled:
    """Returns BANKING77, with at most so many questions."""
    train, test = (_rows(data / f"banking77_{part}.csv") for part in ("train", "test"))
    return _labelled("BANKING77", _drawn(train, seed), test, [], most)


def own(data: Path) -> Labelled:
    """Returns the project's own questions, with those beside `data` if there are any."""
    path = ROOT / "knowledge.yaml"
    knowledge = intents.open_matcher(path).knowledge
    phrases = [
        (canonical(phrase), intent_id)
        for intent_id, intent in knowledge.intents.items()
        for group in intent.ask.values()
        for phrase in group
    ]
    asked: dict[str, list[Asked]] = {}
    for folder in (ROOT / "tests" / "questions", data.parent / "questions"):
        for file in sorted(folder.glob("*.jsonl")):
            single = filter(_is_alone, evaluation.read(file))
            asked[file.name] = [one for question in single if (one := _asked(question))]
    clean = [one for group in asked.values() for one in group]
    files = ", ".join(f"{len(group)} of {name}" for name, group in asked.items() if group)
    note = f"all questions that stand alone: {files}"
    return Labelled("Own questions", tuple(phrases), tuple(clean), _slipped(clean), note, path)


def canonical(text: str) -> str:
    """Returns a text as every system gets it: NFC, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def _is_alone(question: evaluation.Question) -> bool:
    return question.kind not in _NOT_ALONE and not question.chat


def _asked(question: evaluation.Question) -> Asked | None:
    """Returns a question of ours; None when the answer is several intents, or may be none."""
    if question.out_of_scope:
        if len(question.accepted) > 1:
            return None
        return Asked(canonical(question.text), frozenset(), question.kind == "oos_near")
    single = [accepted for accepted in question.accepted if len(accepted) == 1]
    accepted = frozenset().union(*single) - {OUT_OF_SCOPE}
    return Asked(canonical(question.text), accepted) if accepted else None


def _rows(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["category"]) for row in csv.DictReader(file)]


def _drawn(rows: Iterable[tuple[str, str]], seed: int) -> list[tuple[str, str]]:
    """Returns `SHOTS` examples of each intent, the same for the same seed."""
    examples: dict[str, set[str]] = {}
    for text, intent_id in rows:
        examples.setdefault(intent_id, set()).add(canonical(text))
    draw = random.Random(seed)
    return [
        (text, intent_id)
        for intent_id in sorted(examples)
        for text in draw.sample(sorted(examples[intent_id]), SHOTS)
    ]


def _labelled(
    name: str,
    phrases: list[tuple[str, str]],
    test: Iterable[tuple[str, str]],
    strange: list[tuple[str, str]],
    most: int,
) -> Labelled:
    draw = random.Random(1)
    rows = [(canonical(text), intent_id) for text, intent_id in test]
    near = draw.sample(rows, min(most, len(rows)))
    far = draw.sample(strange, min(most // 3, len(strange)))
    clean = [Asked(text, frozenset({intent_id})) for text, intent_id in near]
    clean += [Asked(canonical(text), frozenset()) for text, _ in far]
    note = f"{len(near):,} of {len(rows):,} test questions" + (
        f" and {len(far):,} of {len(strange):,} out of scope" if far else ""
    )
    return Labelled(name, tuple(phrases), tuple(clean), _slipped(clean), note)


def _slipped(clean: list[Asked]) -> tuple[Asked, ...]:
    draw = random.Random(2)
    return tuple(Asked(with_slips(a.text, draw), a.accepted) for a in clean if a.accepted)
