"""A bot that serves a knowledge file while it is edited, as its users and operators see it."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from starlette.applications import Starlette

from bot import trial
from bot.app import running
from bot.assistant import Assistant
from bot.hearing import Hear
from bot.library import Library, Trial
from bot.settings import Settings
from bot.trial import Verdict
from intents import MAX_WRONG, Encoder
from tests import small_office

#: What the scene's file answers, before and after `CHANGED`.
OLD_NUMBER, NEW_NUMBER = "111-11-11", "999-99-99"
CHANGED = small_office.TEXT.replace(OLD_NUMBER, NEW_NUMBER)

LOOK_EVERY_S = 0.01


def write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogateescape"))


def read(path: Path) -> str:
    return path.read_text("utf-8")


def remove(path: Path) -> None:
    path.unlink()


async def try_here(data: bytes, path: Path) -> Verdict:
    """Tries a content without a process of its own, which takes longer to start than to work."""
    return await asyncio.to_thread(trial.judge, data, path, MAX_WRONG)


class Told(logging.Handler):
    """What the library logs."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []
        self._news = asyncio.Event()
        self._seen = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
        self._news.set()

    async def next(self) -> str:
        """Returns the next line, once there is one."""
        async with asyncio.timeout(60):
            while self._seen == len(self.lines):
                self._news.clear()
                await self._news.wait()
        self._seen += 1
        return self.lines[self._seen - 1]


@dataclass
class Scene:
    path: Path
    library: Library
    client: httpx.AsyncClient
    told: Told
    app: Starlette
    asked: int = 0

    async def ask(self, text: str = "embassy phone number") -> str:
        """Returns the answer to a question, from a new chat at an address of its own."""
        self.asked += 1
        transport = httpx.ASGITransport(self.app, client=(f"host{self.asked}", 1))
        turn = {"chat": f"c{self.asked}", "kind": "text", "text": text, "language": "en"}
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            return str((await client.post("/chat", json=turn)).json()["text"])

    async def ready(self) -> str:
        answer = await self.client.get("/readyz")
        assert answer.status_code == 200
        return answer.text


@asynccontextmanager
async def logged() -> AsyncIterator[Told]:
    told = Told()
    logger = logging.getLogger("bot.library")
    before = logger.level
    logger.addHandler(told)
    logger.setLevel(logging.INFO)
    try:
        yield told
    finally:
        logger.removeHandler(told)
        logger.setLevel(before)


@asynccontextmanager
async def serving(
    path: Path,
    try_out: Trial | None = try_here,
    encoder: Encoder | None = None,
    hear: Hear | None = None,
) -> AsyncIterator[Scene]:
    """Serves the file at `path`; `try_out` None: with processes, as a server does."""
    library = Library(path, encoder=encoder, hear=hear, trial=try_out, look_every_s=LOOK_EVERY_S)
    settings = Settings(state_url=f"sqlite:///{path.parent}/state.db")
    async with (
        logged() as told,
        running(settings, Assistant(library.matcher), library) as app,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client,
    ):
        yield Scene(path, library, client, told, app)


async def _add(path: Path, name: str, count: int) -> None:
    library = Library(path, trial=try_here)
    for number in range(count):
        await library.add_example("address", "en", f"whereabouts {name} {number}", name)


if __name__ == "__main__":  # one of several operators, each in a process of their own
    asyncio.run(_add(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
