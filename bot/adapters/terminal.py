"""The terminal: one question, a conversation, or JSON lines."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Protocol, TextIO

from bot.conversation import Conversation, Conversations
from bot.errors import QuestionsError
from bot.model import ContactCard, Message, Reply

_CHAT = "terminal"


class Responder(Protocol):
    """Whoever answers a message."""

    def respond(
        self, message: Message, conversation: Conversation, now: float
    ) -> tuple[Reply, Conversation]:
        """Returns the reply, and the conversation as it stands after it."""


def render(reply: Reply) -> str:
    """Returns a reply as lines of text, with its cards and its numbered choices."""
    parts = [reply.text, *map(_card, reply.cards)]
    if reply.choices:
        choices = (f"[{number}] {c.label}" for number, c in enumerate(reply.choices, 1))
        parts.append("  ".join(choices))
    return "\n\n".join(parts)


def _card(card: ContactCard) -> str:
    lines = [card.name, *(f"tel {phone.text}" for phone in card.phones)]
    lines += [f"fax {fax}" for fax in card.faxes]
    lines += [line for line in (card.address, card.map_url) if line]
    return "\n".join("  | " + line for line in lines)


def chat(responder: Responder, lines: TextIO, out: TextIO) -> None:
    """Holds a conversation until the input ends; a number presses a choice."""
    conversation = Conversation()
    reply, conversation = responder.respond(
        Message("terminal", _CHAT, kind="start"), conversation, time.time()
    )
    out.write(f"{render(reply)}\n\n> ")
    out.flush()
    for line in lines:
        text = line.strip()
        if text:
            message = _pressed(text, reply) or Message("terminal", _CHAT, text=text)
            reply, conversation = responder.respond(message, conversation, time.time())
            out.write(f"\n{render(reply)}\n")
        out.write("\n> ")
        out.flush()
    out.write("\n")


def _pressed(text: str, reply: Reply) -> Message | None:
    """Returns the press of a choice of the last reply, None if `text` is no number of one."""
    if not (text.isascii() and text.isdigit() and 0 < int(text[:4]) <= len(reply.choices)):
        return None
    data = reply.choices[int(text[:4]) - 1].data
    return Message("terminal", _CHAT, kind="choice", text=data)


def answer_lines(
    responder: Responder,
    lines: TextIO,
    out: TextIO,
    clock: Callable[[], float] = time.perf_counter,
) -> int:
    """Answers `{"id", "text", "chat"?}` a line with a line each, in order; returns the exit code.

    Lines of one `chat` are a conversation; a line without stands alone.

    Raises:
        QuestionsError: a line is no such object; the lines before it are answered.
    """
    chats = Conversations()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            key, text, chat = raw["id"], raw["text"], str(raw.get("chat") or "")
            if not isinstance(text, str):
                raise TypeError
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise QuestionsError(
                f'line {number}: must be a JSON object with "id" and "text", not {line[:60]!r}'
            ) from error
        started = clock()
        message = Message("terminal", chat or f"alone {number}", text=text)
        before = chats.get(chat) if chat else Conversation()
        reply, after = responder.respond(message, before, time.time())
        if chat:
            chats.put(chat, after)
        answer = _as_json(key, reply, 1000 * (clock() - started))
        # JSON can hold half a surrogate pair, which UTF-8 cannot: that stays escaped.
        plain = json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace")
        out.write(plain.decode() + "\n")
        out.flush()
    return 0


def _as_json(key: object, reply: Reply, milliseconds: float) -> dict[str, object]:
    return {
        "id": key,
        "language": reply.language,
        "outcome": reply.outcome,
        "intents": [
            {"id": answered.intent_id, "confidence": round(answered.confidence, 4)}
            for answered in reply.answered
        ],
        "offers": list(reply.offers),
        "text": reply.text,
        "ms": round(milliseconds, 3),
    }
