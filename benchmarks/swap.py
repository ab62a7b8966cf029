"""A part of `make bench-scale`: a large file saved over a small one that is being served, and back.

Questions come all the while, one after the other, and each waits for the event loop as a webhook
would. What is printed is how long they waited for their replies beyond the time of day.
"""

from __future__ import annotations

import asyncio
import time
from itertools import cycle
from pathlib import Path

from benchmarks.speed import ROOT, percentile, questions
from bot.assistant import Assistant
from bot.conversation import Conversation
from bot.library import Library
from bot.model import Message
from bot.replacing import replace_content

#: A question every so many seconds.
_PAUSE_S = 0.01

#: Seconds of questions before the first swap and after each: what is left behind is freed then.
_CALM_S = 3.0


class _Chat:
    """Somebody who asks one question after the other."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._questions = cycle(questions())
        self._waits: list[float] = []

    async def ask(self) -> None:
        """Asks one question, after a pause."""
        started = time.perf_counter()
        await asyncio.sleep(_PAUSE_S)
        message = Message("web", "swap", text=next(self._questions))
        self._assistant.respond(message, Conversation(), time.time())
        self._waits.append(1000 * (time.perf_counter() - started - _PAUSE_S))

    async def go_on(self, seconds: float) -> None:
        """Asks for some time."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            await self.ask()

    def report(self, title: str) -> None:
        """Prints how long the replies took since the last report."""
        waits, self._waits = sorted(self._waits), []
        p50, p99 = percentile(waits, 0.5), percentile(waits, 0.99)
        print(f"  {title:34} {len(waits):6} replies: p50 {p50:6.1f} ms", end="")
        print(f"   p99 {p99:6.1f} ms   longest {waits[-1]:6.1f} ms", flush=True)


async def serve(library: Library, contents: tuple[tuple[str, bytes], ...]) -> None:
    """Serves what a library holds, and then each of some contents by its title."""
    assistant = Assistant(library.matcher)
    library.subscribe(assistant.use)
    chat = _Chat(assistant)
    print("\nswapped in while replies go on:")
    async with asyncio.TaskGroup() as jobs:
        watching = jobs.create_task(library.watch())
        while library.status.figures is None:  # the first look, at what is served already
            await chat.ask()
        chat.report("shipped file, looked at")
        await chat.go_on(_CALM_S)
        chat.report("shipped file, served")
        for title, content in contents:
            await _swap(library, chat, title, content)
        watching.cancel()


async def _swap(library: Library, chat: _Chat, title: str, content: bytes) -> None:
    before, started = library.status.version, time.perf_counter()
    replace_content(library.path, content)
    while library.status.version == before:
        if library.status.refusal:
            raise RuntimeError(library.status.refusal.describe(library.path))
        await chat.ask()
    taken = time.perf_counter() - started
    await chat.go_on(_CALM_S)
    chat.report(f"{title}, served after {taken:.1f} s")


def swap(path: Path) -> None:
    """Saves the large file at `path` over the shipped one, and that again, in an event loop."""
    small = (ROOT / "knowledge.yaml").read_bytes()
    served = path.with_name("served.yaml")
    served.write_bytes(small)
    # Another content than that which was learned before.
    large = path.read_bytes() + b"# Saved again.\n"
    asyncio.run(serve(Library(served), (("large file", large), ("shipped file", small))))
