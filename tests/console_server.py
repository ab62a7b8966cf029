"""A bot on both platforms and with a console, on a port of its own; the platforms are fakes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.app import running
from bot.assistant import Assistant
from bot.library import Library
from bot.settings import Secret, Settings
from tests import browsing
from tests.fakes import line, telegram
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeBotApi, fake_bot_api
from tests.library_scene import LOOK_EVERY_S

_HEADER, _SECRET = "X-Telegram-Bot-Api-Secret-Token", "s-1"
_WITHIN_S = 20.0


@dataclass
class Server:
    """The bot; its methods are called from outside of its loop."""

    path: Path
    url: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 90)))
    app: ASGIApp | None = None
    line: FakeLine = field(default_factory=FakeLine)
    telegram: FakeBotApi = field(default_factory=FakeBotApi)
    loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await Starlette(lifespan=self._live)(scope, receive, send)
        assert self.app
        return await self.app(scope, receive, send)

    @asynccontextmanager
    async def _live(self, _app: Starlette) -> AsyncIterator[None]:
        self.loop = asyncio.get_running_loop()
        library = Library(self.path, look_every_s=LOOK_EVERY_S)
        async with FakeLine() as self.line, fake_bot_api() as self.telegram:
            settings = Settings(
                state_url=f"sqlite:///{self.path.parent}/state.db",
                line_channel_secret=Secret(line.SECRET),
                line_channel_access_token=Secret(line.TOKEN),
                line_api_base_url=self.line.url,
                line_data_api_base_url=self.line.url,
                telegram_bot_token=Secret(telegram.TOKEN),
                telegram_mode="webhook",
                telegram_webhook_secret=Secret(_SECRET),
                telegram_api_base_url=self.telegram.base_url,
            )
            async with running(settings, Assistant(library.matcher), library) as self.app:
                yield

    def ask_on_line(self, text: str) -> str:
        """Has somebody write on LINE; returns what they get to read."""
        number = next(self.numbers)
        body = line.webhook(line.event(**_line_message(text, number)))
        signed = {"X-Line-Signature": line.signature(body)}
        assert httpx.post(f"{self.url}/line", content=body, headers=signed).status_code == 200
        self._wait(self.line.until("/message/reply"))
        replies = [call.body for call in self.line.calls if call.path.endswith("/message/reply")]
        return str(replies[-1]["messages"][0]["text"])

    def ask_on_telegram(self, text: str) -> str:
        """Has somebody write on Telegram; returns what they get to read."""
        number = next(self.numbers)
        sent = len(self.telegram.asked("sendMessage"))
        update = telegram.update("message", telegram.message(text, date=_now()), number)
        answer = httpx.post(
            f"{self.url}/telegram", content=json.dumps(update), headers={_HEADER: _SECRET}
        )
        assert answer.status_code == 200
        self._wait(self.telegram.until("sendMessage", sent + 1))
        return str(self.telegram.asked("sendMessage")[-1]["text"])

    def _wait(self, news: Coroutine[Any, Any, None]) -> None:
        assert self.loop
        asyncio.run_coroutine_threadsafe(news, self.loop).result(_WITHIN_S)


def _now() -> int:
    import time

    return int(time.time())


def _line_message(text: str, number: int) -> dict[str, Any]:
    content = {"type": "text", "id": str(number), "text": text, "quoteToken": "quote"}
    return {"number": number, "message": content, "timestamp": _now() * 1000}


@contextmanager
def serving(path: Path) -> Iterator[Server]:
    """Serves the file at `path` until left."""
    server = Server(path)
    with browsing.listener() as opened:
        server.url = f"http://127.0.0.1:{browsing.port_of(opened)}"
        with browsing.serving(server, opened):
            httpx.get(f"{server.url}/healthz", timeout=_WITHIN_S)
            yield server
