"""A bot on Telegram for tests: the adapter, and an inbox that keeps everything in a list."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.applications import Starlette

from bot.adapters.telegram import Telegram
from bot.errors import InfobotError
from bot.inbox import Arrival
from bot.model import Choice, Message, Reply
from tests.fakes.telegram import TOKEN, FakeBotApi, fake_bot_api

SECRET = "s-1"
HEADER = b"X-Telegram-Bot-Api-Secret-Token"
HOURS, PRICE = Choice("Hours", "ask:hours"), Choice("Price", "ask:price")


class Desk:
    """Answers "phone", offers two topics for anything else."""

    def __init__(self, api: FakeBotApi) -> None:
        self.api = api
        self.arrivals: list[Arrival] = []
        self.kept = asyncio.Condition()
        self.faults: list[InfobotError] = []
        self.pauses: list[float] = []
        self.asked: list[Message] = []
        self.telegram = Telegram(
            TOKEN,
            self.respond,
            lambda _language: "Map",
            webhook_secret=SECRET,
            base_url=api.base_url,
            sleep=self.sleep,
        )
        app = Starlette(routes=self.telegram.routes(self.accept))
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://bot.test"
        )

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        if self.faults:
            raise self.faults.pop(0)
        async with self.kept:
            self.arrivals += arrivals
            self.kept.notify_all()

    async def until_kept(self, count: int) -> None:
        async with asyncio.timeout(5), self.kept:
            await self.kept.wait_for(lambda: len(self.arrivals) >= count)

    async def respond(self, message: Message) -> Reply:
        self.asked.append(message)
        if message.kind == "choice":
            return Reply(message.language_choice, "answer", f"About {message.text}")
        if message.text == "phone":
            return Reply("en", "answer", "Call 123", choices=(HOURS,))
        outcome: Any = "answer" if message.kind == "start" else "offer"
        return Reply("th", outcome, "Which?", choices=(HOURS, PRICE))

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)

    async def post(self, body: bytes | dict[str, Any], secret: bytes = SECRET.encode()) -> int:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = await self.client.post("/telegram", content=content, headers=[(HEADER, secret)])
        return response.status_code

    @asynccontextmanager
    async def polling(self) -> AsyncIterator[None]:
        polling = asyncio.create_task(self.telegram.poll(self.accept))
        try:
            yield
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)


@asynccontextmanager
async def open_desk() -> AsyncIterator[Desk]:
    """Gives a bot that is connected to a Bot API of its own."""
    async with fake_bot_api() as api:
        desk = Desk(api)
        yield desk
        await desk.client.aclose()
        await desk.telegram.close()
