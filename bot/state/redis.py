"""The state in Redis or Valkey, alone or a cluster, which any number of replicas share.

What is acknowledged is only as durable as the server makes it: `appendonly yes` and `appendfsync
always` (https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Sequence
from itertools import chain
from typing import Any

from redis.exceptions import NoScriptError

from bot.asked import Asked, Settled
from bot.conversation import Conversation
from bot.errors import ClaimLost, StateUnavailable
from bot.inbox import Arrival
from bot.state import LEASE_S, MOST_SET_ASIDE, REMEMBER_S, Claim, SetAside, record, scripts
from bot.state.pipe import Pipe
from bot.state.record import Entry
from bot.state.scripts import PREFIX, Script

#: Questions erased in one step at most: Redis does nothing else meanwhile.
_MOST_ERASED = 500


class RedisState:
    """See `bot.state.State`. Connects when it is first used, and anew whenever it must."""

    def __init__(
        self,
        url: str,
        secret_key: bytes,
        retention_s: float,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._pipe = Pipe(url)
        self._secret_key = secret_key
        self._retention_s = retention_s
        self._clock = clock

    def chat_key(self, channel: str, chat: str) -> str:  # noqa: D102  # as in the Protocol
        return record.chat_key(self._secret_key, channel, chat)

    async def accept(self, arrivals: Sequence[Arrival]) -> int:  # noqa: D102
        rows = (
            (a.key, self.chat_key(a.message.channel, a.message.chat), record.pack_arrival(a))
            for a in arrivals
        )
        return int(await self._run(scripts.ACCEPT, REMEMBER_S, *chain.from_iterable(rows)))

    async def claim(self, limit: int) -> list[Claim]:  # noqa: D102
        tokens = [secrets.token_hex(8) for _ in range(limit)]
        found = await self._run(scripts.CLAIM, LEASE_S, *tokens)
        return [
            record.unpack_claim(chat, token, attempts, bool(again), packed, kept)
            for chat, token, attempts, again, packed, kept in found
        ]

    async def renew(self, claims: Sequence[Claim]) -> None:  # noqa: D102
        pairs = ((claim.chat, claim.token) for claim in claims)
        await self._run(scripts.RENEW, LEASE_S, *chain.from_iterable(pairs))

    async def finish(  # noqa: D102
        self,
        claim: Claim,
        conversation: Conversation | None = None,
        counts: Sequence[str] = (),
        apologised_at: float = 0.0,
        asked: Asked | None = None,
    ) -> None:
        entries = record.entries(
            claim.chat, conversation, self._retention_s, claim.conversation, apologised_at
        )
        logged = (record.pack_asked(asked) if asked else "", self._retention_s)
        rest = (len(entries), *_flat(entries), *counts)
        await self._settle(scripts.FINISH, claim, *logged, *rest)

    async def put_back(self, claim: Claim, wait_s: float, counted: bool = True) -> None:  # noqa: D102
        await self._settle(scripts.PUT_BACK, claim, wait_s, int(counted))

    async def set_aside(self, claim: Claim, reason: str, undelivered: bool) -> None:  # noqa: D102
        now = float(await self._run(scripts.NOW))
        packed = record.pack_set_aside(claim, reason, undelivered, now)
        counter = "undelivered" if undelivered else "set_aside"
        await self._settle(scripts.SET_ASIDE, claim, packed, MOST_SET_ASIDE, counter)

    async def list_set_aside(self, limit: int = 100) -> list[SetAside]:  # noqa: D102
        oldest = float(await self._run(scripts.NOW)) - self._retention_s
        span = ("+inf", repr(oldest), "LIMIT", 0, limit)
        found = await self._pipe.ask("ZREVRANGEBYSCORE", PREFIX + "aside", *span)
        return [record.unpack_set_aside(packed) for packed in found]

    async def conversation(self, chat: str) -> Conversation:  # noqa: D102
        names = [PREFIX + name for name in record.names(chat)]
        talked, language, _ = await self._pipe.ask("MGET", *names)
        return record.unpack_conversation(talked, language)

    async def keep_conversation(self, chat: str, conversation: Conversation) -> None:  # noqa: D102
        entries = record.entries(chat, conversation, self._retention_s)
        await self._run(scripts.KEEP, *_flat(entries))

    async def log_question(self, asked: Asked) -> None:  # noqa: D102
        await self._run(scripts.LOG, asked.chat, record.pack_asked(asked), self._retention_s)

    async def questions(self, after: int = 0, limit: int = 1_000) -> list[tuple[int, Asked]]:  # noqa: D102
        span = (f"({after}", "+inf", "LIMIT", 0, limit)
        found = await self._pipe.ask("ZRANGEBYSCORE", PREFIX + "questions", *span)
        parts = (member.split(" ", 2) for member in found)
        return [(int(number), record.unpack_asked(packed)) for number, _, packed in parts]

    async def erased_questions(self) -> int:  # noqa: D102
        found = await self._pipe.ask("HGET", PREFIX + "counters", record.ERASED_QUESTIONS)
        return int(found or 0)

    async def settle_questions(self, digests: Collection[str], how: Settled | None) -> None:  # noqa: D102
        await self._run(scripts.SETTLE, self._retention_s, how or "", *digests)

    async def settled(self) -> dict[str, Settled]:  # noqa: D102
        pairs = (member.split(" ") for member in await self._run(scripts.SETTLED))
        return {digest: how for how, digest in pairs}

    async def forget(self, chat: str) -> None:  # noqa: D102
        await self._run(scripts.FORGET, chat, record.ERASED_QUESTIONS)
        aside = await self._pipe.ask("ZRANGE", PREFIX + "aside", 0, -1)
        if of_chat := [packed for packed in aside if json.loads(packed)["chat"] == chat]:
            await self._pipe.ask("ZREM", PREFIX + "aside", *of_chat)

    async def take_turn(self, name: str, for_s: float) -> bool:  # noqa: D102
        return bool(await self._run(scripts.TAKE_TURN, f"turn:{name}", for_s))

    async def count(self, name: str, by: int = 1) -> None:  # noqa: D102
        await self._pipe.ask("HINCRBY", PREFIX + "counters", name, by)

    async def counters(self) -> dict[str, int]:  # noqa: D102
        found = await self._pipe.ask("HGETALL", PREFIX + "counters")
        return {name: int(value) for name, value in sorted(found.items())}

    async def waiting_chats(self) -> int:  # noqa: D102
        return int(await self._pipe.ask("ZCARD", PREFIX + "due"))

    async def tidy(self) -> None:  # noqa: D102
        # All else that expires, Redis erases itself.
        while await self._run(scripts.TIDY, self._retention_s, _MOST_ERASED) == _MOST_ERASED:
            pass

    async def ready(self) -> bool:  # noqa: D102
        try:
            # Written, as a server whose disk is full still answers a ping.
            await self._pipe.ask("SET", PREFIX + "ready", "", "EX", 60)
        except StateUnavailable:
            return False
        return True

    async def close(self) -> None:  # noqa: D102
        await self._pipe.close()

    async def _settle(self, script: Script, claim: Claim, *values: str | float) -> None:
        if not await self._run(script, claim.chat, claim.token, *values):
            raise ClaimLost(f"the claim of {claim.arrival.key} is lost")

    async def _run(self, script: Script, *values: str | float) -> Any:
        # A key is named only so that a cluster's client finds the node.
        arguments = (1, PREFIX + "due", repr(self._clock()) if self._clock else "", *values)
        try:
            return await self._pipe.ask("EVALSHA", script.sha, *arguments)
        except NoScriptError:
            return await self._pipe.ask("EVAL", script.text, *arguments)


def _flat(entries: Sequence[Entry]) -> list[str | float]:
    return [value for entry in entries for value in (entry.name, entry.value, entry.for_s)]
