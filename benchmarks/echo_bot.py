"""A bare echo bot on the same SDKs and the same server as infobot: what any such bot costs.

It acknowledges at once and keeps nothing, so whatever it has not answered dies with it.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from linebot.v3 import WebhookParser  # type: ignore[import-untyped]
from linebot.v3.exceptions import InvalidSignatureError  # type: ignore[import-untyped]
from linebot.v3.messaging import (  # type: ignore[import-untyped]
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    ReplyMessageRequest,
    TextMessage,
)
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, Update
from telegram.request import HTTPXRequest

#: Replies under way at once; with more, waiting for a connection only gets slower.
_AT_ONCE = 16


class EchoBot:
    """Says what it is told, on both platforms; to be made inside the running loop."""

    def __init__(self) -> None:
        self._secret = os.environ["TELEGRAM_WEBHOOK_SECRET"].encode()
        requests = HTTPXRequest(connection_pool_size=_AT_ONCE)
        base_url, token = os.environ["TELEGRAM_API_BASE_URL"], os.environ["TELEGRAM_BOT_TOKEN"]
        self._telegram = Bot(token, base_url=base_url, request=requests)
        self._parser = WebhookParser(os.environ["LINE_CHANNEL_SECRET"])
        settings = Configuration(
            access_token=os.environ["LINE_CHANNEL_ACCESS_TOKEN"],
            host=os.environ["LINE_API_BASE_URL"],
        )
        self._client = AsyncApiClient(settings)
        self._line = AsyncMessagingApi(self._client)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    async def receive_from_telegram(self, request: Request) -> Response:
        """Takes an update."""
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "").encode()
        if not hmac.compare_digest(given, self._secret):
            return Response(status_code=401)
        update = Update.de_json(await request.json(), self._telegram)
        if update.message and update.message.text:
            self._start(self._echo_on_telegram(update.message.chat_id, update.message.text))
        return Response()

    async def receive_from_line(self, request: Request) -> Response:
        """Takes a webhook."""
        body, signature = await request.body(), request.headers.get("x-line-signature", "")
        try:
            events = self._parser.parse(body.decode(), signature)
        except InvalidSignatureError:
            return Response(status_code=401)
        for event in events:
            if event.type == "message" and event.message.type == "text":
                self._start(self._echo_on_line(event.reply_token, event.message.text))
        return Response()

    async def close(self) -> None:
        """Ends what runs."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.close()

    async def _echo_on_telegram(self, chat_id: int, text: str) -> None:
        async with self._turns:
            await self._telegram.send_message(chat_id, text)

    async def _echo_on_line(self, token: str, text: str) -> None:
        async with self._turns:
            message = TextMessage(text=text)
            await self._line.reply_message(
                ReplyMessageRequest(replyToken=token, messages=[message])
            )

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def app() -> Starlette:
    """Returns the web application."""
    routes: list[Route] = []

    @asynccontextmanager
    async def running(_app: Starlette) -> AsyncIterator[None]:
        bot = EchoBot()
        routes_of = {"/telegram": bot.receive_from_telegram, "/line": bot.receive_from_line}
        for path, receive in routes_of.items():
            echo.router.routes.append(Route(path, receive, methods=["POST"]))
        yield
        await bot.close()

    echo = Starlette(routes=routes, lifespan=running)
    return echo


if __name__ == "__main__":
    logging.getLogger("httpx").setLevel(logging.WARNING)
    uvicorn.run(
        app(),
        host=os.environ["HOST"],
        port=int(os.environ["PORT"]),
        log_config=None,
        access_log=False,
        server_header=False,
    )
