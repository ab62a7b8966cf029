"""What becomes of a message: an answer, an apology for being late, a notice, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.asked import Asked, asked
from bot.conversation import Conversation
from bot.model import Message, Reply
from bot.pace import Pace
from bot.state import Claim


class Responder(Protocol):
    """Knows what to say; `bot.assistant.Assistant` is one."""

    def respond(
        self, message: Message, conversation: Conversation, now: float
    ) -> tuple[Reply, Conversation]:
        """Returns the reply, and the conversation as it stands after it."""

    def apologise(self, message: Message, conversation: Conversation) -> Reply:
        """Returns the one reply to messages that came too long ago."""

    def refuse(self, message: Message, conversation: Conversation) -> Reply:
        """Returns the one notice to somebody who sends too much."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a message."""

    reply: Reply | None
    """None if it is dropped."""
    counter: str
    """To be raised once this is done."""
    conversation: Conversation | None = None
    """The chat after it; None if it stays as it was."""
    apologised_at: float = 0.0
    """When the person was told that answers come late, in Unix seconds; 0 if not now."""
    asked: Asked | None = None
    """What the question log keeps of it; None if it was no question, or not answered as one."""


class Decider:
    """Decides on messages in turn.

    Args:
        responder: knows what to say.
        stale_after_s: age from which a message gets an apology in the place of an answer.
        clock: Unix seconds.
    """

    def __init__(
        self, responder: Responder, stale_after_s: float, clock: Callable[[], float]
    ) -> None:
        self._responder = responder
        self._stale_after_s = stale_after_s
        self._clock = clock
        self._pace = Pace()

    def decide(self, claim: Claim) -> Decision:
        """Returns what becomes of a message; counts it for its sender's rate."""
        arrival, so_far, now = claim.arrival, claim.conversation, self._clock()
        message = arrival.message
        if now - arrival.sent_at > self._stale_after_s:
            return self._decide_on_stale(claim, now)
        # Another attempt is no other message.
        if claim.attempts == 1:
            verdict = self._pace.judge(f"{claim.chat} {message.person}", arrival.sent_at)
            if verdict == "drop":
                return Decision(None, "too_fast_dropped")
            if verdict == "refuse":
                return Decision(self._responder.refuse(message, so_far), "too_fast_notices")
        reply, after = self._responder.respond(message, so_far, now)
        counter = f"replies.{message.channel}.{reply.outcome}"
        if message.kind != "text":
            return Decision(reply, counter, after)
        return Decision(reply, counter, after, asked=asked(message, reply, claim.chat, now))

    def _decide_on_stale(self, claim: Claim, now: float) -> Decision:
        if claim.arrival.sent_at <= claim.apologised_at:
            # Sent before the apology, so of the same outage, which the person knows of.
            return Decision(None, "late_dropped")
        apology = self._responder.apologise(claim.arrival.message, claim.conversation)
        return Decision(apology, "late_apologies", apologised_at=now)
