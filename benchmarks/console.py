"""`make bench-console`: how long the console's pages take with 50,000 logged questions.

Prints for each page the slowest of several loads, how long grouping the open questions took, and
the longest time meanwhile in which nobody was answered.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

import intents
from benchmarks.sample_log import mistyped, sample_questions
from bot.app import running
from bot.assistant import Assistant
from bot.library import Library
from bot.question_log import Ledger, sure_from
from bot.settings import Secret, Settings
from bot.state import State, open_state
from intents import MAX_WRONG, Knowledge

QUESTIONS, DAYS, LOADS = 50_000, 60, 5
#: Of all questions; with it some 20,000 texts are different.
MISTYPED = 0.4
PAGES = ("", "/overview?days=90", "/try", "/knowledge", "/knowledge/source", "/history", "/aside")
KEY = b"k" * 32
ROOT = Path(__file__).parents[1]


async def longest_stall(stop: asyncio.Event) -> float:
    """Returns the longest time, in seconds, in which the loop did nothing else."""
    longest = 0.0
    while not stop.is_set():
        began_at = time.perf_counter()
        await asyncio.sleep(0.001)
        longest = max(longest, time.perf_counter() - began_at - 0.001)
    return longest


async def fill(state: State, assistant: Assistant) -> None:
    """Logs the questions."""
    asked = sample_questions(assistant, state, QUESTIONS, DAYS, time.time())
    several: list[asyncio.Task[None]] = []
    for question in mistyped(asked, MISTYPED):
        several.append(asyncio.create_task(state.log_question(question)))
        if len(several) == 500:
            await asyncio.gather(*several)
            several.clear()
    await asyncio.gather(*several)


async def measure_grouping(state: State, knowledge: Knowledge) -> None:
    """Prints how long a new mirror takes to read, and to group, beside a loop that has work."""
    ledger = Ledger(state, ZoneInfo("Asia/Bangkok"), sure_from(MAX_WRONG, knowledge))
    for name, work in (("read the log", ledger.refresh), ("group the questions", ledger.group)):
        stop = asyncio.Event()
        watch = asyncio.create_task(longest_stall(stop))
        began_at = time.perf_counter()
        await work()
        took = time.perf_counter() - began_at
        stop.set()
        print(f"{name:22} {took:6.2f} s   longest stall {1000 * await watch:5.0f} ms")
    print(f"{'groups':22} {len(ledger.open_groups()):6,}")


async def measure_pages(client: httpx.AsyncClient) -> None:
    """Prints the slowest of several loads of each page, after a first one."""
    for page in PAGES:
        times = []
        for _ in range(LOADS + 1):
            began_at = time.perf_counter()
            answer = await client.get(f"/console{page}")
            answer.raise_for_status()
            times.append(1000 * (time.perf_counter() - began_at))
        print(f"/console{page:20} {max(times[1:]):6.0f} ms   (the first {times[0]:5.0f} ms)")


async def main() -> int:
    """Fills a state and measures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "knowledge.yaml"
        shutil.copy(ROOT / "knowledge.yaml", path)
        url = f"sqlite:///{folder}/state.db"
        library = Library(path)
        assistant = Assistant(library.matcher)
        state = await open_state(url, KEY)
        began_at = time.perf_counter()
        await fill(state, assistant)
        print(f"{QUESTIONS:,} questions logged in {time.perf_counter() - began_at:.1f} s")
        await measure_grouping(state, intents.open_matcher(path).knowledge)
        await state.close()
        settings = Settings(state_url=url, secret_key=Secret(KEY.decode()))
        async with running(settings, assistant, library) as app:
            transport = httpx.ASGITransport(app)
            base = "http://127.0.0.1"
            async with httpx.AsyncClient(transport=transport, base_url=base) as client:
                await measure_pages(client)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
