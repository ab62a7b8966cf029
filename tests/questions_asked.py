"""Questions of the log, for tests of what becomes of them."""

from __future__ import annotations

from bot.asked import Asked
from bot.model import Channel, Outcome

#: A Monday, seven in the evening in Bangkok.
MONDAY = 1_772_452_800.0


def asked(
    text: str = "where can I park",
    outcome: Outcome = "unknown",
    intent: str = "",
    *,
    at: float = MONDAY,
    chat: str = "ann",
    channel: Channel = "line",
    language: str = "en",
    confidence: float = 0.9,
    took_ms: float = 5.0,
) -> Asked:
    """Returns a question; one with an `intent` was answered with it."""
    return Asked(
        asked_at=at,
        channel=channel,
        chat=chat,
        language=language,
        outcome="answer" if intent else outcome,
        intents=(intent,) if intent else (),
        offers=(),
        confidence=confidence,
        text=text,
        took_ms=took_ms,
    )
