"""The side of a rival: a process that is told in lines of JSON what to learn and what is asked.

It says first that it has started; then every line that it gets has a line for an answer:

    {"ready": {"rapidfuzz": "3.14.6"}}
    {"fit": [["where is the office", "address"], ...]}  {"s": 0.2}
    {"ask": ["where are you", ...]}                     {"answers": [["address", 0.9, true, 0.4]]}

An answer is the likeliest intent, its score (higher is surer), whether its users would get it as an
answer, and how many milliseconds it took. Only the standard library, as this is imported beside any
package.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from importlib import metadata
from typing import Protocol

Answer = tuple[str, float, bool]
"""The likeliest intent, its score, and whether that is enough to answer."""

#: Asked before the clock runs: some load what they need with the first question.
_WARM_UP = 20


class Rival(Protocol):
    """What learns from phrases, and is asked."""

    def fit(self, phrases: Sequence[str], intents: Sequence[str]) -> None:
        """Learns; each phrase has its intent at the same place."""

    def ask(self, text: str) -> Answer:
        """Returns the likeliest intent of a text; one that is no intent if there is none."""


def serve(start: Callable[[], Rival], packages: Iterable[str]) -> None:
    """Answers what stands on standard input until it ends.

    Args:
        start: imports what the rival needs, and makes it.
        packages: whose versions are told.
    """
    # Whatever a rival prints, it shall not stand between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    rival = start()
    print(json.dumps({"ready": {name: metadata.version(name) for name in packages}}), file=answers)
    answers.flush()
    for line in sys.stdin:
        print(json.dumps(_answered(rival, json.loads(line))), file=answers, flush=True)


def _answered(
    rival: Rival, wish: dict[str, list[str] | list[tuple[str, str]]]
) -> dict[str, object]:
    if "fit" in wish:
        started = time.perf_counter()
        phrases, intents = zip(*wish["fit"], strict=True)
        rival.fit(phrases, intents)
        return {"s": time.perf_counter() - started}
    texts = [str(text) for text in wish["ask"]]
    for text in texts[:_WARM_UP]:
        rival.ask(text)
    return {"answers": [_timed(rival, text) for text in texts]}


def _timed(rival: Rival, text: str) -> tuple[str, float, bool, float]:
    started = time.perf_counter()
    intent, score, is_answered = rival.ask(text)
    return intent, score, is_answered, 1000 * (time.perf_counter() - started)
