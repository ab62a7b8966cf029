"""`make bench`: how fast questions are answered, beside rapidfuzz's WRatio in the same run.

Everything runs on one core and warm. The rival is what a first version of such a bot does: compare
the question with every phrase by `rapidfuzz.process.extractOne(scorer=WRatio)`.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import rapidfuzz
from rapidfuzz import fuzz, process

import intents
from intents.fitting import fit
from intents.knowledge import Knowledge
from intents.plain import from_plain, to_plain
from intents.text import canonical

ROOT = Path(__file__).parents[1]
LARGE_INTENTS, LARGE_PHRASES = 500, 20
RUNS = 7


def questions() -> list[str]:
    """Returns the project's own labelled questions, which no knowledge file holds."""
    paths = sorted((ROOT / "tests" / "questions").glob("*.jsonl"))
    return [json.loads(line)["q"] for path in paths for line in path.open(encoding="utf-8")]


def milliseconds(call: Callable[[str], object], texts: list[str]) -> list[float]:
    """Returns how long each call took, sorted."""
    for text in texts[:50]:
        call(text)
    gc.collect()
    taken = []
    for text in texts:
        started = time.perf_counter()
        call(text)
        taken.append(1000 * (time.perf_counter() - started))
    return sorted(taken)


def percentile(taken: list[float], share: float) -> float:
    """Returns the value that a share of a sorted list does not exceed."""
    return taken[min(len(taken) - 1, int(share * len(taken)))]


def compare(title: str, matcher: intents.Matcher, texts: list[str], rival_texts: list[str]) -> None:
    """Prints a matcher beside WRatio over the same phrases."""
    knowledge = matcher.knowledge
    phrases = [
        canonical(phrase)
        for intent in knowledge.intents.values()
        for group in intent.ask.values()
        for phrase in group
    ]
    ours = milliseconds(matcher.match, texts)
    rival = milliseconds(
        lambda text: process.extractOne(canonical(text), phrases, scorer=fuzz.WRatio), rival_texts
    )
    print(f"\n{title}: {len(phrases):,} phrases, {len(knowledge.intents)} intents")
    for name, taken in (("infobot", ours), ("rapidfuzz WRatio", rival)):
        p50, p99 = percentile(taken, 0.5), percentile(taken, 0.99)
        print(f"  {name:18} p50 {p50:8.2f} ms   p99 {p99:8.2f} ms   ({len(taken)} questions)")
    print(f"  infobot is {percentile(rival, 0.5) / percentile(ours, 0.5):.1f} times as fast (p50)")


def large(shipped: Knowledge) -> Knowledge:
    """Returns a knowledge file of many intents, whose phrases are made of random words."""
    draw = random.Random(0)
    syllables = [a + b for a in "bdfghklmnprstvw" for b in ("a", "e", "i", "o", "u", "an", "er")]
    words = ["".join(draw.choices(syllables, k=draw.randint(1, 3))) for _ in range(4_000)]
    plain = to_plain(shipped)
    pattern = plain["intents"]["address"] | {"card": None, "source": None, "next": (), "not_": {}}
    plain["intents"] = {}
    for index in range(LARGE_INTENTS):
        topic = draw.sample(words, 6)
        asks = [
            " ".join(draw.sample(topic, 3) + draw.choices(words, k=draw.randint(1, 4)))
            for _ in range(LARGE_PHRASES)
        ]
        plain["intents"][f"topic_{index}"] = pattern | {"ask": {"th": asks[::2], "en": asks[1::2]}}
    plain |= {"menu": (), "commands": {}}
    return from_plain(plain)


def seconds(command: list[str]) -> float:
    """Returns the least time that a command took, of a few runs."""
    taken = []
    for _ in range(RUNS):
        started = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        taken.append(time.perf_counter() - started)
    return min(taken)


def main() -> None:
    """Prints the whole comparison."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(f"Python {platform.python_version()}, rapidfuzz {rapidfuzz.__version__}, one core")
    matcher = intents.open_matcher(ROOT / "knowledge.yaml")
    asked = questions()
    compare("shipped file", matcher, asked, asked)

    file = large(matcher.knowledge)
    started = time.perf_counter()
    big = intents.Matcher(fit(file))
    print(f"\n{LARGE_INTENTS * LARGE_PHRASES:,} phrases learned in", end=" ")
    print(f"{time.perf_counter() - started:.1f} s")
    made = [phrase for i in file.intents.values() for g in i.ask.values() for phrase in g]
    texts = random.Random(1).sample(made, 500)
    compare("generated file", big, [f"{text} please" for text in texts], texts[:60])

    imports = seconds([sys.executable, "-c", "import numpy, yaml, rapidfuzz"])
    ask = seconds([sys.executable, "-m", "bot", "ask", "embassy phone"])
    print(f"\nstart to answer of `infobot ask`, learned before: {ask:.2f} s,")
    print(f"  {ask / imports:.1f} times `import numpy, yaml, rapidfuzz` ({imports:.2f} s)")


if __name__ == "__main__":
    main()
