"""A question as the log keeps it: of nobody, masked, and for the retention time only."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from bot.masking import masked
from bot.model import Channel, Message, Outcome, Reply
from intents import bare_form

#: What operators did about a question: taught the bot to answer it, or let it be.
Settled = Literal["taught", "dismissed"]

#: Characters of a question that are kept: what is asked is said by then.
MAX_CHARS = 500

#: What no page, file or terminal can show, or would obey: control characters but the line feed,
#: marks that turn the direction of a text, lone surrogates.
_NEVER_KEPT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A text message that was answered."""

    asked_at: float
    """When it was answered, in Unix seconds."""
    channel: Channel
    chat: str
    """The chat's key: a keyed hash, never an id."""
    language: str
    """Of the reply."""
    outcome: Outcome
    intents: tuple[str, ...]
    """Those answered, best first; empty unless `outcome` is `answer`."""
    offers: tuple[str, ...]
    """Those offered, likeliest first."""
    confidence: float
    """How likely the likeliest intent is what was asked, 0..1."""
    text: str
    """What was asked, masked; fit to be shown anywhere."""
    took_ms: float
    """From taking the message up until its reply was delivered."""


def asked(message: Message, reply: Reply, chat: str, at: float, took_ms: float = 0.0) -> Asked:
    """Returns what the log keeps of a message and its reply.

    Args:
        message: what somebody wrote.
        reply: what it was answered with.
        chat: the chat's key.
        at: now, in Unix seconds.
        took_ms: how long it took.
    """
    return Asked(
        asked_at=at,
        channel=message.channel,
        chat=chat,
        language=reply.language,
        outcome=reply.outcome,
        intents=tuple(answered.intent_id for answered in reply.answered),
        offers=reply.offers,
        confidence=reply.confidence,
        # Masked before it is cut, as half a number would not be known for one.
        text=masked(_NEVER_KEPT.sub(" ", message.text))[:MAX_CHARS],
        took_ms=took_ms,
    )


def one_line(text: str) -> str:
    """Returns a text on one line, without what would move a terminal's cursor."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def digest(text: str) -> str:
    """Returns what a question is settled by.

    The same for all that differ only in case, punctuation and polite particles.
    """
    return hashlib.sha256(bare_form(text).encode()).hexdigest()[:32]
