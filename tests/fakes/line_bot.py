"""A LINE adapter behind HTTP, with a clock that stands, and what it was asked to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import httpx
from starlette.applications import Starlette

from bot.adapters.line import Line
from bot.adapters.line_render import Words
from bot.errors import StateUnavailable
from bot.inbox import Arrival
from bot.model import Message
from tests.fakes.line import SECRET, TOKEN, FakeLine, signature, webhook

WORDS = Words(
    languages={"th": "ไทย", "en": "English"},
    call={"th": "โทร", "en": "Call"},
    fax={"th": "แฟกซ์", "en": "Fax"},
    map={"th": "แผนที่", "en": "Map"},
)


class LineBot:
    """`async with LineBot(fake) as bot` answers on `bot.http`."""

    def __init__(self, fake: FakeLine, **settings: Any) -> None:
        self.now = 1_700_000_005.0
        self.arrivals: list[Arrival] = []
        self.is_down = False
        self.line = Line(
            channel_secret=SECRET,
            access_token=TOKEN,
            accept=self.accept,
            words=lambda: WORDS,
            api_base_url=fake.url,
            clock=lambda: self.now,
            **{"prefixes": ("/ask",), **settings},
        )
        transport = httpx.ASGITransport(app=Starlette(routes=self.line.routes()))
        self.http = httpx.AsyncClient(transport=transport, base_url="http://bot")

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        if self.is_down:
            raise StateUnavailable("the store is away")
        self.arrivals += arrivals

    async def post(self, body: bytes, sign: str | bytes | None = None) -> int:
        signed = signature(body) if sign is None else sign
        as_bytes = signed if isinstance(signed, bytes) else signed.encode()
        header = {b"X-Line-Signature": as_bytes}
        return (await self.http.post("/line", content=body, headers=header)).status_code

    async def said(self, *events: dict[str, Any]) -> Message:
        """Posts events; returns the last message that came of them."""
        assert await self.post(webhook(*events)) == 200
        return self.arrivals[-1].message

    async def __aenter__(self) -> Self:
        await self.line.open()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.line.close()
        await self.http.aclose()
