"""A small LINE: takes replies and pushes, keeps rich menus, refuses what it is told to refuse."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

SECRET, TOKEN = "secret-of-the-channel", "token-of-the-channel"
USER, GROUP = "U" + "1" * 32, "C" + "2" * 32

_BOT = "/v2/bot"


def signature(body: bytes) -> str:
    return base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()


def event(kind: str = "message", number: int = 1, **fields: Any) -> dict[str, Any]:
    """An event of a one-on-one chat, as LINE sends it."""
    return {
        "type": kind,
        "mode": "active",
        "timestamp": 1_700_000_000_000,
        "source": {"type": "user", "userId": USER},
        "webhookEventId": f"event{number}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"token{number}",
        **fields,
    }


def text(words: str, number: int = 1, **fields: Any) -> dict[str, Any]:
    content = {"type": "text", "id": "7", "text": words, "quoteToken": "quote", **fields}
    return event(number=number, message=content)


def in_group(said: dict[str, Any], **source: Any) -> dict[str, Any]:
    return {**said, "source": {"type": "group", "groupId": GROUP, "userId": USER, **source}}


def webhook(*events: dict[str, Any]) -> bytes:
    return json.dumps({"destination": "U0", "events": events}).encode()


@dataclass
class Call:
    path: str
    body: Any
    retry_key: str


@dataclass
class Fault:
    path: str
    status: int
    message: str = ""
    after: bool = False
    """The call is carried out, and its answer is lost."""


@dataclass
class FakeLine:
    """Both hosts in one; `async with FakeLine() as line` listens on `line.url`."""

    language: str = "th"
    calls: list[Call] = field(default_factory=list)
    sent: list[Any] = field(default_factory=list)
    tokens: set[str] = field(default_factory=lambda: {f"token{n}" for n in range(100)})
    faults: deque[Fault] = field(default_factory=deque)
    endpoint: str = ""
    menus: dict[str, dict[str, Any]] = field(default_factory=dict)
    images: dict[str, bytes] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    menu_of: dict[str, str] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        self._news = asyncio.Event()
        self._keys: set[str] = set()
        self._ids = itertools.count(1)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = "http://{}:{}".format(*self._runner.addresses[0][:2])
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._runner.cleanup()

    def fail(self, path: str, status: int, message: str = "", after: bool = False) -> None:
        """The next call of a path fails; status 0 breaks the connection."""
        self.faults.append(Fault(_BOT + path, status, message, after))

    def paths(self) -> list[str]:
        return [call.path.removeprefix(_BOT) for call in self.calls]

    async def until(self, path: str) -> None:
        """Waits for a call."""
        async with asyncio.timeout(5):
            while path not in self.paths():
                self._news.clear()
                await self._news.wait()

    async def _handle(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        raw = await request.read()
        body = json.loads(raw) if request.content_type == "application/json" and raw else raw
        key = request.headers.get("X-Line-Retry-Key", "")
        self.calls.append(Call(request.path, body, key))
        self._news.set()
        fault = next((f for f in self.faults if f.path == request.path), None)
        if fault:
            self.faults.remove(fault)
        if fault is None or fault.after:
            status, answer = self._carry_out(request.method, request.path, body, key)
        if fault and not fault.status and request.transport:
            request.transport.close()
        if fault:
            status, answer = fault.status or 500, {"message": fault.message}
        return web.json_response(answer, status=status, headers={"x-line-request-id": "request 1"})

    def _carry_out(self, method: str, path: str, body: Any, key: str) -> tuple[int, Any]:
        match method, path.removeprefix(_BOT).strip("/").split("/"):
            case "POST", ["message", "reply"]:
                if body["replyToken"] not in self.tokens:
                    return 400, {"message": "Invalid reply token"}
                self.tokens.remove(body["replyToken"])
                self.sent.append(body["messages"])
                return 200, {"sentMessages": [{"id": "1"}]}
            case "POST", ["message", "push"]:
                if key in self._keys:
                    return 409, {"message": "The retry key is already accepted"}
                self._keys.add(key)
                self.sent.append(body["messages"])
                return 200, {"sentMessages": [{"id": "1"}]}
            case "GET", ["profile", user]:
                profile = {"displayName": "Somchai", "userId": user, "language": self.language}
                return 200, profile
            case "GET" | "PUT", ["channel", "webhook", "endpoint"]:
                self.endpoint = body["endpoint"] if method == "PUT" else self.endpoint
                return (200 if self.endpoint else 404), {"endpoint": self.endpoint, "active": True}
        return self._carry_out_menu(method, path.removeprefix(_BOT).strip("/").split("/"), body)

    def _carry_out_menu(self, method: str, path: list[str], body: Any) -> tuple[int, Any]:
        match method, path:
            case "POST", ["richmenu"]:
                menu_id = f"richmenu-{next(self._ids)}"
                self.menus[menu_id] = {"richMenuId": menu_id, **body}
                return 200, {"richMenuId": menu_id}
            case "GET", ["richmenu", "list"]:
                return 200, {"richmenus": list(self.menus.values())}
            case "DELETE", ["richmenu", menu_id]:
                del self.menus[menu_id]
            case "POST", ["richmenu", menu_id, "content"]:
                self.images[menu_id] = body
            case "POST", ["richmenu", "alias"]:
                self.aliases[body["richMenuAliasId"]] = body["richMenuId"]
            case "POST", ["richmenu", "alias", alias]:
                self.aliases[alias] = body["richMenuId"]
            case "GET", ["richmenu", "alias", "list"]:
                pairs = self.aliases.items()
                return 200, {"aliases": [{"richMenuAliasId": a, "richMenuId": m} for a, m in pairs]}
            case "GET", ["user", "all", "richmenu"]:
                found = self.menu_of.get("all")
                return (200, {"richMenuId": found}) if found else (404, {"message": "no default"})
            case "POST", ["user", user, "richmenu", menu_id]:
                assert menu_id in self.images
                self.menu_of[user] = menu_id
        return 200, {}
