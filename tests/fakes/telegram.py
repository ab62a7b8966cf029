"""A small Bot API on loopback: keeps what it is asked, and answers as it is told.

Speaks as much of https://core.telegram.org/bots/api as the adapter uses.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.adapters.telegram_client import Client

TOKEN = "1000:test-token"
ME = {"id": 1000, "is_bot": True, "first_name": "Desk", "username": "desk_bot"}
ANNA = {"id": 7, "is_bot": False, "first_name": "Anna", "language_code": "en"}

#: Answers of the methods that read, before anything is set.
_EMPTY: dict[str, Any] = {
    "getMe": ME,
    "getMyCommands": [],
    "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
    "getChatMenuButton": {"type": "default"},
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
}
_SETTERS: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
    "setMyCommands": ("getMyCommands", lambda p: p["commands"]),
    "setMyDescription": ("getMyDescription", lambda p: {"description": p["description"]}),
    "setMyShortDescription": (
        "getMyShortDescription",
        lambda p: {"short_description": p["short_description"]},
    ),
    "setChatMenuButton": ("getChatMenuButton", lambda p: p["menu_button"]),
    "setWebhook": (
        "getWebhookInfo",
        lambda p: (
            _EMPTY["getWebhookInfo"] | {"url": p["url"], "allowed_updates": p["allowed_updates"]}
        ),
    ),
    "deleteWebhook": ("getWebhookInfo", lambda _p: _EMPTY["getWebhookInfo"]),
}


class FakeBotApi:
    """One bot's server."""

    def __init__(self) -> None:
        self.base_url = ""
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.updates: list[dict[str, Any]] = []
        self._refusals: dict[str, deque[tuple[int, dict[str, Any]]]] = defaultdict(deque)
        self._kept: dict[tuple[str, str, str], Any] = {}
        self._message_id = 500
        self._news = asyncio.Condition()

    def refuse(self, method: str, code: int, description: str, **parameters: int) -> None:
        """Answers the next call of a method with an error."""
        body = {"ok": False, "error_code": code, "description": description}
        self._refusals[method].append((code, body | {"parameters": parameters}))

    def asked(self, method: str) -> list[dict[str, Any]]:
        """Returns the parameters of every call of a method."""
        return [parameters for name, parameters in self.calls if name == method]

    async def until(self, method: str, times: int = 1) -> None:
        """Waits until a method has been called so often."""
        async with asyncio.timeout(5), self._news:
            await self._news.wait_for(lambda: len(self.asked(method)) >= times)

    async def answer(self, request: web.Request) -> web.Response:
        """Answers a call."""
        method = request.match_info["method"]
        method = "getUpdates" if method == "getupdates" else method
        parameters = {name: _read(str(value)) for name, value in (await request.post()).items()}
        async with self._news:
            self.calls.append((method, parameters))
            self._news.notify_all()
        if self._refusals[method]:
            code, body = self._refusals[method].popleft()
            return web.json_response(body, status=code)
        if method == "getUpdates":
            return web.json_response({"ok": True, "result": await self._poll(parameters["offset"])})
        return web.json_response({"ok": True, "result": self._result(method, parameters)})

    async def tell(self, update: dict[str, Any]) -> None:
        """Has an update waiting to be polled."""
        async with self._news:
            self.updates.append(update)
            self._news.notify_all()

    async def _poll(self, offset: int) -> list[dict[str, Any]]:
        async with self._news:
            await self._news.wait_for(
                lambda: any(update["update_id"] >= offset for update in self.updates)
            )
        return [update for update in self.updates if update["update_id"] >= offset]

    def _result(self, method: str, parameters: dict[str, Any]) -> Any:
        where = (json.dumps(parameters.get("scope")), str(parameters.get("language_code", "")))
        if method in _EMPTY:
            return self._kept.get((method, *where), _EMPTY[method])
        if method in _SETTERS:
            getter, value = _SETTERS[method]
            self._kept[(getter, *where)] = value(parameters)
            return True
        if method == "answerGuestQuery":
            return {"inline_message_id": "guest-1"}
        if method.startswith("send") and method != "sendChatAction":
            self._message_id += 1
            chat = {"id": parameters["chat_id"], "type": "private"}
            return {"message_id": self._message_id, "date": 1, "chat": chat}
        return True


def _read(value: str) -> Any:
    """Returns a value of a form as the JSON it holds, or as the text it is."""
    try:
        return json.loads(value)
    except ValueError:
        return value


@asynccontextmanager
async def fake_bot_api() -> AsyncIterator[FakeBotApi]:
    """Serves a bot's API until left."""
    api = FakeBotApi()
    app = web.Application()
    app.router.add_post(f"/bot{TOKEN}/{{method}}", api.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
    yield api
    await runner.cleanup()


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[FakeBotApi, Client]]:
    """Gives a server and a connection to it."""
    async with fake_bot_api() as api:
        client = Client(TOKEN, api.base_url)
        yield api, client
        await client.close()


def message(text: str = "", **fields: Any) -> dict[str, Any]:
    """Returns a message of Anna's in her private chat."""
    words = {"text": text} if text else {}
    chat = {"id": 7, "type": "private", "first_name": "Anna"}
    return {"message_id": 1, "date": 1_700_000_000, "chat": chat, "from": ANNA, **words, **fields}


def group_message(text: str = "", **fields: Any) -> dict[str, Any]:
    """Returns a message of Anna's in a group."""
    group = {"id": -100, "type": "supergroup", "title": "Neighbours"}
    return message(text, **{"chat": group, **fields})


def press(data: str = "ask:hours", **fields: Any) -> dict[str, Any]:
    """Returns Anna's press of a button below a message of the bot."""
    below = message("Hello", message_id=2, **{"from": ME})
    who = {"id": "press-1", "from": ANNA, "chat_instance": "1"}
    return {**who, "data": data, "message": below, **fields}


def update(kind: str, content: dict[str, Any], update_id: int = 1) -> dict[str, Any]:
    """Returns an update."""
    return {"update_id": update_id, kind: content}
