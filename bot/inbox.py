"""What adapters and inbox say to one another: an `Arrival` comes in, an `Outlet` takes the reply.

The inbox itself is kept in `bot.state` and worked through by `bot.workers`; adapters know neither.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.model import Message, Reply


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as a platform delivered it; its order within a chat is the order of arrival."""

    key: str
    """Unique, and the same when the platform delivers the same thing again: "telegram:" and the
    update_id, or "line:" and the webhookEventId."""
    message: Message
    sent_at: float
    """When the person sent it, in Unix seconds, as the platform tells."""


#: Returns once the arrivals are durable, and only then may a platform be told that they are here.
#: What came before is passed over. Raises `bot.errors.StateUnavailable` when nothing was kept.
Accept = Callable[[Sequence[Arrival]], Awaitable[None]]


class Outlet(Protocol):
    """The way out to one platform."""

    async def send(self, message: Message, reply: Reply, again: bool) -> None:
        """Delivers a reply; returns when it is delivered, now or by an earlier attempt.

        Args:
            message: what is answered.
            reply: the whole answer.
            again: an earlier attempt may have got through.

        Raises:
            bot.errors.TryLater: it was not taken, or nobody knows, and it may be later.
            bot.errors.Undeliverable: it never will be.
        """

    async def show_working(self, message: Message) -> None:
        """Shows the person that an answer is on its way, where the platform can; never raises."""
