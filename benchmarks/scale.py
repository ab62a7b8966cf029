"""`make bench-scale`: a file of 1,000 intents and 100,000 phrases, learned, loaded, asked, swapped.

Each part runs in a process of its own, so that memory is that part's. Times are by the clock, and
by the processor where other work on the machine would blur them.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import intents
from benchmarks.large_file import knowledge_file, unseen
from benchmarks.speed import compare, milliseconds, percentile, questions
from benchmarks.swap import swap

ASKED, RIVAL_ASKED = 1_000, 20


def megabytes() -> int:
    """Returns the most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def opened(path: Path, how: str) -> intents.Matcher:
    """Opens a file and prints what that cost."""
    started, processor = time.perf_counter(), time.process_time()
    matcher = intents.open_matcher(path)
    taken, worked = time.perf_counter() - started, time.process_time() - processor
    print(f"{how:20} {taken:6.1f} s ({worked:.1f} s of processor), at most {megabytes()} MB")
    return matcher


def learn(path: Path) -> None:
    """Opens a file for the first time."""
    opened(path, "learned from nothing")


def ask(path: Path) -> None:
    """Opens a file that was learned before, asks it questions, and times WRatio beside it."""
    matcher = opened(path, "loaded from cache")
    asked = random.Random(1).sample(unseen(), ASKED)
    verdicts: Counter[str] = Counter()
    for text, intent_id in asked:
        match = matcher.match(text)
        is_right = [answer.intent_id for answer in match.answers] == [intent_id]
        offered = intent_id in [offer.intent_id for offer in match.offers]
        verdict = "right" if is_right else "wrong" if match.answers else "not answered"
        verdicts["offered" if offered else verdict] += 1
    print(f"{ASKED} questions that are not in the file:", dict(verdicts))
    strange = questions()
    answered = sum(bool(matcher.match(text).answers) for text in strange)
    print(f"{len(strange)} questions on something else: {answered} answered", end="")
    taken = milliseconds(matcher.match, strange)
    print(f" (p50 {percentile(taken, 0.5):.2f} ms, p99 {percentile(taken, 0.99):.2f} ms)")
    print(f"at most {megabytes()} MB while serving")
    texts = [text for text, _ in asked]
    compare("generated file", matcher, texts, texts[:RIVAL_ASKED])


PARTS: dict[str, Callable[[Path], None]] = {"learn": learn, "ask": ask, "swap": swap}


def main() -> None:
    """Runs every part on a file in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "knowledge.yaml"
        path.write_bytes(knowledge_file())
        print(f"{path.stat().st_size / 1e6:.1f} MB of YAML", flush=True)
        own_cache = os.environ | {"XDG_CACHE_HOME": folder}
        for part in PARTS:
            command = [sys.executable, "-m", "benchmarks.scale", part, str(path)]
            subprocess.run(command, check=True, env=own_cache)


if __name__ == "__main__":
    if sys.argv[1:]:
        PARTS[sys.argv[1]](Path(sys.argv[2]))
    else:
        main()
