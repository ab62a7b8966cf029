"""The least of both platforms that a bot can talk to: it takes replies, and checks nothing.

For when the strict stand-ins would be what limits a measurement.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
import re
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, cast

from benchmarks.replicas import WEBHOOK_SECRET

_TOKEN, _CHANNEL_SECRET, _ACCESS_TOKEN = "7000000001:TOKEN", "channel-secret", "access-token"

_HEAD = re.compile(rb"\w+ (\S+) HTTP/1\.1\r\n.*?\r\n\r\n", re.DOTALL)
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")

_ME = {"id": 7000000001, "is_bot": True, "first_name": "Bot", "username": "loopback_bot"}
_SENT = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "sent"}


@dataclass(frozen=True, slots=True)
class Webhook:
    """What a platform posts to the bot."""

    path: str
    headers: dict[str, str]
    body: bytes


def telegram_webhook(update: object) -> Webhook:
    """Returns an update as Telegram posts it."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
    body = json.dumps(update).encode()
    return Webhook("/telegram", headers | {"Content-Type": "application/json"}, body)


def line_webhook(event: object, destination: str, channel_secret: str) -> Webhook:
    """Returns an event as LINE posts it."""
    body = json.dumps({"destination": destination, "events": [event]}).encode()
    digest = hmac.new(channel_secret.encode(), body, hashlib.sha256).digest()
    headers = {"x-line-signature": base64.b64encode(digest).decode()}
    return Webhook("/line", headers | {"Content-Type": "application/json"}, body)


class Platforms(Protocol):
    """Says what webhooks hold, and takes replies."""

    def settings(self) -> dict[str, str]:
        """Returns the settings of a bot that takes this for the platforms."""

    def webhook(self, channel: str, chat: int, text: str) -> Webhook:
        """Returns what the platform posts when somebody writes a text."""

    async def replied(self, channel: str, count: int, timeout_s: float) -> bool:
        """Waits for that many replies in all; returns whether they came in time."""


class Loopback:
    """Both platforms' servers in one; a context manager."""

    def __init__(self) -> None:
        self._replies: Counter[str] = Counter()
        self._changed = asyncio.Event()
        self._numbers = itertools.count(1)

    async def __aenter__(self) -> Loopback:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self._url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._server.close()

    def settings(self) -> dict[str, str]:
        """See `Platforms`."""
        return {
            "TELEGRAM_MODE": "webhook",
            "TELEGRAM_BOT_TOKEN": _TOKEN,
            "TELEGRAM_API_BASE_URL": self._url + "/bot",
            "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "LINE_CHANNEL_SECRET": _CHANNEL_SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": _ACCESS_TOKEN,
            "LINE_API_BASE_URL": self._url,
            "LINE_DATA_API_BASE_URL": self._url,
        }

    def webhook(self, channel: str, chat: int, text: str) -> Webhook:
        """See `Platforms`."""
        number, now = next(self._numbers), time.time()
        if channel == "telegram":
            person = {"id": chat, "is_bot": False, "first_name": "Somchai", "language_code": "th"}
            message = {"message_id": number, "date": int(now), "from": person, "text": text}
            message["chat"] = {"id": chat, "type": "private", "first_name": "Somchai"}
            return telegram_webhook({"update_id": number, "message": message})
        event = {
            "type": "message",
            "mode": "active",
            "timestamp": int(now * 1000),
            "source": {"type": "user", "userId": f"U{chat:032x}"},
            "webhookEventId": f"{number:026}",
            "deliveryContext": {"isRedelivery": False},
            "replyToken": f"{number:032x}",
            "message": {"type": "text", "id": str(number), "text": text, "quoteToken": "q"},
        }
        return line_webhook(event, "U" + "0" * 32, _CHANNEL_SECRET)

    async def replied(self, channel: str, count: int, timeout_s: float) -> bool:
        """See `Platforms`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self._replies[channel] < count:
                    self._changed.clear()
                    await self._changed.wait()
        return self._replies[channel] >= count

    def answer(self, path: str) -> tuple[int, object]:
        """Returns status and JSON of a call, and counts it if it is a reply."""
        method = path.rpartition("/")[2].lower()
        if path.startswith("/bot") and method.startswith("send"):
            self._count("telegram", method == "sendmessage")
            return 200, {"ok": True, "result": _SENT}
        if path.startswith("/bot") and method == "getme":
            return 200, {"ok": True, "result": _ME}
        if path == "/v2/bot/message/reply":
            self._count("line", True)
            return 200, {"sentMessages": [{"id": "1", "quoteToken": "q"}]}
        # Nothing of a set-up is here, and a bot goes on without.
        return 400, {"ok": False, "error_code": 400, "description": "Bad Request", "message": ""}

    def _count(self, channel: str, is_reply: bool) -> None:
        self._replies[channel] += is_reply
        self._changed.set()


class _Connection(asyncio.Protocol):
    """One connection of a bot; requests come one after the other, and whole or in parts."""

    def __init__(self, loopback: Loopback) -> None:
        self._loopback = loopback
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while head := _HEAD.match(self._received):
            length = _LENGTH.search(head[0])
            end = head.end() + (int(length[1]) if length else 0)
            if len(self._received) < end:
                return
            self._received = self._received[end:]
            self._answer(head[1].decode())

    def _answer(self, path: str) -> None:
        status, answer = self._loopback.answer(path)
        body = json.dumps(answer).encode()
        head = f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\n"
        head += f"Content-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)
