"""A platform that does as it is told, and an assistant with one answer."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from bot.conversation import Conversation
from bot.errors import TryLater
from bot.model import Answered, Message, Reply
from bot.state import State
from bot.workers import Timing, Workers


class Echo:
    """Answers with what was said and what was said before."""

    def respond(
        self, message: Message, conversation: Conversation, now: float
    ) -> tuple[Reply, Conversation]:
        if message.text == "break":
            raise ValueError(f"cannot say {message.text} {message.chat}")
        text = f"{conversation.intent_id} > {message.text}"
        reply = Reply("en", "answer", text, (Answered(message.text, 1.0),))
        return reply, replace(conversation, intent_id=message.text, answered_at=now)

    def apologise(self, message: Message, conversation: Conversation) -> Reply:
        return Reply("en", "unknown", "late")

    def refuse(self, message: Message, conversation: Conversation) -> Reply:
        return Reply("en", "unknown", "too fast")


@dataclass
class FakeOutlet:
    """Keeps what is sent, in order; fails first where a chat has failures to come."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    """Chat, what was said, what was answered."""
    again: list[bool] = field(default_factory=list)
    """Of every attempt."""
    failures: defaultdict[str, list[Exception]] = field(default_factory=lambda: defaultdict(list))
    hold: asyncio.Event | None = None
    """Deliveries wait for it where there is one."""
    shown: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def send(self, message: Message, reply: Reply, again: bool) -> None:
        self.again.append(again)
        async with self.changed:
            self.changed.notify_all()
        if self.hold:
            await self.hold.wait()
        if self.failures[message.chat]:
            raise self.failures[message.chat].pop(0)
        self.sent.append((message.chat, message.text, reply.text))
        async with self.changed:
            self.changed.notify_all()

    async def show_working(self, message: Message) -> None:
        self.shown.set()

    async def until_sent(self, number: int) -> None:
        """Waits until so many messages are delivered."""
        await self._until(lambda: len(self.sent) >= number)

    async def until_tried(self, number: int) -> None:
        """Waits until so many deliveries were begun."""
        await self._until(lambda: len(self.again) >= number)

    async def _until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(is_so)

    def texts(self, chat: str) -> list[str]:
        """Returns what was said in a chat and answered, in the order of the answers."""
        return [text for of_chat, text, _ in self.sent if of_chat == chat]


def later(after_s: float = 0.0) -> TryLater:
    return TryLater(after_s, "the platform is busy")


#: Waits for nothing longer than a blink.
QUICK = Timing(at_once=8, first_wait=0.001, longest_wait=0.01, poll=0.01, recover=0.05)


@asynccontextmanager
async def working(workers: Workers) -> AsyncIterator[Workers]:
    """Runs workers; what they began is settled at the end."""
    task = asyncio.create_task(workers.run())
    try:
        yield workers
    finally:
        workers.stop()
        await task


def workers_on(state: State, outlet: FakeOutlet, timing: Timing = QUICK) -> Workers:
    return Workers(state, Echo(), {"telegram": outlet}, timing)
