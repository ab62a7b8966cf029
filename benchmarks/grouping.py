"""Measures the grouping of questions: how pure the groups are, and how long a large log takes.

Purity: of the labelled questions that stand in a group with others, the share whose intent is the
most frequent of their group.
"""

from __future__ import annotations

import json
import random
import resource
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import intents
from intents.grouping import group

_QUESTIONS = Path("tests/questions")
_COSINES = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
_LETTERS = "abcdefghijklmnopqrstuvwxyzกขคงจชดตถทนบปพมยรลวสหอะาิีุู่้"
_DIFFERENT, _ASKED = 20_000, 50_000


def _labelled() -> dict[str, str]:
    """Returns the intent of every question of one intent."""
    found = {}
    for name in ("first.jsonl", "second.jsonl"):
        for line in (_QUESTIONS / name).read_text("utf-8").splitlines():
            case = json.loads(line)
            if len(case["facts"]) == 1 and case["facts"] != ["oos"]:
                found[case["q"]] = case["facts"][0]
    return found


def _examples() -> dict[str, str]:
    """Returns the intent of every example of the shipped file."""
    knowledge = intents.open_matcher(Path("knowledge.yaml")).knowledge
    return {
        phrase: intent_id
        for intent_id, intent in knowledge.intents.items()
        for phrases in intent.ask.values()
        for phrase in phrases
    }


def _show_purity(name: str, labels: dict[str, str], background: Sequence[str]) -> None:
    for cosine in _COSINES:
        found = group(dict.fromkeys(labels, 1), background, cosine)
        groups = [texts for texts in found if len(texts) > 1]
        grouped = sum(map(len, groups))
        kinds = (Counter(labels[text] for text in texts) for texts in groups)
        pure = sum(kind.most_common(1)[0][1] for kind in kinds)
        print(
            f"{name:10} cosine {cosine:.2f}: {len(groups):4} groups hold {grouped:4} of"
            f" {len(labels):4}, purity {pure / max(1, grouped):6.1%}"
        )


def _large_log(phrases: list[str]) -> Counter[str]:
    """Returns many questions: phrases with slips, some of them with a second one behind."""
    rng = random.Random(1)
    different: set[str] = set()
    while len(different) < _DIFFERENT:
        text = rng.choice(phrases)
        for _ in range(rng.randint(0, 2)):
            place = rng.randrange(len(text) + 1)
            text = text[:place] + rng.choice(_LETTERS) + text[place + 1 :]
        different.add(text if rng.random() > 0.2 else f"{text} {rng.choice(phrases)}")
    texts = sorted(different)
    return Counter(texts) + Counter(rng.choices(texts, k=_ASKED - _DIFFERENT))


def main() -> None:
    """Prints purity for several cosines, then time and memory for a large log."""
    questions, examples = _labelled(), _examples()
    _show_purity("questions", questions, list(examples))
    _show_purity("examples", examples, [])
    log = _large_log([*questions, *examples])
    began_at, worked = time.perf_counter(), time.process_time()
    groups = group(log, list(examples))
    took, worked = time.perf_counter() - began_at, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{log.total():,} questions, {len(log):,} different: {len(groups):,} groups in"
        f" {took:.1f} s ({worked:.1f} s of processor time), peak {peak} MB"
    )


if __name__ == "__main__":
    main()
