"""The engines of the state under test, with a clock that the test turns."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from bot.inbox import Arrival
from bot.model import Message
from bot.state import Claim, State, open_state
from tests.redis_server import RedisServer

SECRET_KEY = b"a key of the tests, not a secret"
RETENTION_DAYS = 90


class Clock:
    """The true time, put forward or back at will.

    Redis takes what has passed for expired, whatever this clock says: to see something expire, put
    the clock back before.
    """

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class Engine:
    """One kind of state, empty at first."""

    url: str
    stack: AsyncExitStack
    server: RedisServer | None = None
    clock: Clock = field(default_factory=Clock)

    async def open(self) -> State:
        """Opens it as one more process would; closed with the test."""
        state = await open_state(self.url, SECRET_KEY, RETENTION_DAYS, self.clock)
        self.stack.push_async_callback(state.close)
        return state

    def dump(self) -> str:
        """Returns everything that stands in it."""
        if self.server is None:
            with sqlite3.connect(self.url.removeprefix("sqlite:///")) as db:
                text = "\n".join(db.iterdump())
            db.close()
            return text
        reads = {"string": "GET", "list": "LRANGE", "hash": "HGETALL", "zset": "ZRANGE"}
        with self.server.client() as client:
            found = []
            for key in client.scan_iter():
                kind = str(client.type(key))
                span = (0, -1) if kind in ("list", "zset") else ()
                found += [key, repr(client.execute_command(reads[kind], key, *span))]
        return "\n".join(found)


@asynccontextmanager
async def engine_at(url: str, server: RedisServer | None) -> AsyncIterator[Engine]:
    if server:
        with server.client() as client:
            client.flushall()
    async with AsyncExitStack() as stack:
        yield Engine(url, stack, server)


def arrival(chat: str = "ann", number: int = 1, text: str = "", sent_at: float = 0.0) -> Arrival:
    message = Message("telegram", chat, text=text or f"{chat} {number}", person=chat)
    return Arrival(f"telegram:{chat}:{number}", message, sent_at or time.time())


async def claim_one(state: State) -> Claim:
    [claim] = await state.claim(1)
    return claim


async def claimed_keys(state: State, limit: int = 10) -> list[str]:
    return [claim.arrival.key for claim in await state.claim(limit)]
