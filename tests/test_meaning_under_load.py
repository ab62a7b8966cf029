"""An engine that is killed while people ask costs nobody an answer, and nobody much time."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

import intents
from bot.app import running
from bot.assistant import Assistant
from bot.settings import Settings
from intents import Matcher
from intents.meaning.guard import Patience
from tests import meanings, small_office
from tests.meaning_children import Children, children

QUESTIONS = Path(__file__).parent / "questions" / "first.jsonl"
COUNT = 100
KILLED_AT = (15, 40, 65)
LATEST_S = 5.0

#: As a bot waits for its engine.
PATIENCE = Patience()


def questions() -> list[str]:
    """Returns questions that an office of its own is not sure of, so that the engine is asked."""
    typed = [json.loads(line)["q"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    alone = small_office.matcher()
    return [text for text in typed if alone.match(text).confidence < 0.9][:COUNT]


@dataclass
class Desk:
    """A bot that people ask on its chat page, each in a chat and at an address of their own."""

    app: Starlette
    asked: int = 0

    async def ask(self, text: str) -> str:
        self.asked += 1
        transport = httpx.ASGITransport(self.app, client=(f"host{self.asked}", 1))
        turn = {"chat": f"c{self.asked}", "kind": "text", "text": text, "language": "en"}
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            answer = await client.post("/chat", json=turn)
        assert answer.status_code == 200
        return str(answer.json()["text"])


@asynccontextmanager
async def desk(matcher: Matcher, state: Path) -> AsyncIterator[Desk]:
    settings = Settings(state_url=f"sqlite:///{state}")
    async with running(settings, Assistant(matcher)) as app:
        yield Desk(app)


def heard_by(engine: Children, path: Path) -> Matcher:
    path.write_text(small_office.TEXT, "utf-8")
    voice = meanings.voice(small_office.matcher().knowledge, engine.encoder)
    return intents.open_matcher(path, voice=voice)


def has_voice(matcher: Matcher) -> bool:
    evidence = matcher.match("is it far to walk there").evidence
    return bool(evidence and evidence.log_meant)


async def until_it_is_back(matcher: Matcher) -> None:
    async with asyncio.timeout(60):
        while not has_voice(matcher):  # noqa: ASYNC110  # another process does not tell
            await asyncio.sleep(0.02)


async def timed(asking: Awaitable[str]) -> tuple[str, float]:
    began = time.monotonic()
    return await asking, time.monotonic() - began


@pytest.mark.usefixtures("office_cache")
async def test_an_engine_killed_three_times_costs_no_question_its_answer(tmp_path: Path) -> None:
    meanings.needs("e5")
    texts = questions()
    async with desk(small_office.matcher(), tmp_path / "alone.db") as bot:
        alone = [await bot.ask(text) for text in texts]

    with children(tmp_path, "real", PATIENCE) as engine:
        matcher = heard_by(engine, tmp_path / "knowledge.yaml")
        async with desk(matcher, tmp_path / "heard.db") as bot:
            replies = []
            for number, text in enumerate(texts):
                async with asyncio.TaskGroup() as jobs:
                    if number in KILLED_AT:
                        await until_it_is_back(matcher)
                        pid = engine.starts[-1]["pid"]
                        jobs.create_task(asyncio.to_thread(os.kill, pid, signal.SIGKILL))
                    asking = jobs.create_task(timed(bot.ask(text)))
                replies.append(asking.result())
            await until_it_is_back(matcher)
            heard = [await bot.ask(text) for text in texts]

        assert len(engine.starts) == 1 + len(KILLED_AT)
    assert len(replies) == COUNT
    assert max(seconds for _, seconds in replies) < LATEST_S
    assert heard != alone
    for (reply, _), *either in zip(replies, alone, heard, strict=True):
        assert reply in either
