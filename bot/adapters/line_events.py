"""LINE's webhook read: bytes in, what people said to the bot out.

Pure: no network, no clock. The payload is read by hand rather than with the SDK's models, which
refuse an event for one new value in it, and cost 0.8 s to import. Source:
https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.inbox import Arrival
from bot.model import Kind, Message

#: Where a source holds the id of its chat, by the source's type.
_CHAT_IDS = {"user": "userId", "group": "groupId", "room": "roomId"}

#: What a slash makes of a typed word, as on Telegram: LINE for PC has no buttons to do it with.
_COMMAND = re.compile(r"/([a-z][a-z0-9_]{0,31})")

#: Past the year 30000: no time that LINE tells, and no number that a float would not hold.
_MOST_MS = 1e15

#: Spaces and punctuation between the bot's name and the question: "@infobot, ...".
_AFTER_NAME = " \t\r\n\u00a0\u3000,:;"


@dataclass(frozen=True, slots=True)
class Rules:
    """What makes a text more than a text."""

    prefixes: Sequence[str] = ()
    """Words that address the bot at the start of a message in a group, beside a mention."""
    languages: Mapping[str, str] = field(default_factory=dict)
    """What each language calls itself, by its code; typing that chooses it."""


def is_signed(body: bytes, signature: str, channel_secret: str) -> bool:
    """Tells whether LINE signed a body.

    Args:
        body: as received, before anything has read it.
        signature: the header x-line-signature, decoded as Latin-1, so that any bytes may be in it.
        channel_secret: the channel's.
    """
    digest = hmac.digest(channel_secret.encode(), body, hashlib.sha256)
    return hmac.compare_digest(base64.b64encode(digest), signature.encode("latin-1", "replace"))


def parse(body: bytes, received_at: float, rules: Rules) -> list[Arrival]:
    """Returns what a webhook's events say to the bot, in their order.

    Left out is what asks for no answer: events in standby mode, events and messages of kinds that
    are not known, talk in a group that is not for the bot.

    Args:
        body: of the request.
        received_at: Unix seconds when it came; reply tokens live a minute from then.
        rules: what makes a text more than a text.

    Raises:
        ValueError: the body is not JSON of LINE's form.
    """
    try:
        events = json.loads(body)["events"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError("not a webhook of LINE") from error
    if not isinstance(events, list):
        raise ValueError("events must be a list")
    found = [_arrival(event, received_at, rules) for event in events if isinstance(event, dict)]
    return [arrival for arrival in found if arrival]


def _arrival(event: Mapping[str, Any], received_at: float, rules: Rules) -> Arrival | None:
    source = _mapping(event, "source")
    is_group = source.get("type") in ("group", "room")
    chat = _string(source, _CHAT_IDS.get(_string(source, "type"), ""))
    key = _string(event, "webhookEventId")
    said = _said(event, is_group, rules)
    if said is None or not chat or not key or event.get("mode", "active") != "active":
        return None
    kind, text = said
    content = _mapping(event, "message")
    reply_to = {
        "event": key,
        "token": _string(event, "replyToken"),
        "received_at": received_at,
        "is_group": is_group,
        "quote_token": _string(content, "quoteToken") if is_group else "",
        "read_token": _string(content, "markAsReadToken"),
    }
    person = _string(source, "userId")
    message = Message("line", chat, kind=kind, text=text, person=person, reply_to=reply_to)
    return Arrival(f"line:{key}", message, _seconds(event.get("timestamp"), received_at))


def _said(event: Mapping[str, Any], is_group: bool, rules: Rules) -> tuple[Kind, str] | None:
    """Returns what an event says to the bot, None if nothing."""
    match event.get("type"):
        # People edit messages in groups only; the edited one is a question anew.
        case "message" | "messageEdited":
            return _written(_mapping(event, "message"), is_group, rules)
        case "postback":
            return "choice", _string(_mapping(event, "postback"), "data")
        case "follow":
            return "start", ""
        case "join":
            return "join", ""
    return None


def _written(content: Mapping[str, Any], is_group: bool, rules: Rules) -> tuple[Kind, str] | None:
    kind = content.get("type")
    if kind in ("sticker", "image", "video", "audio", "file", "location") and not is_group:
        return "other", ""
    if kind != "text":
        return None
    mentionees = _mappings(_mapping(content, "mention"), "mentionees")
    own = [mentionee for mentionee in mentionees if mentionee.get("isSelf") is True]
    # LINE's own emojis stand in the text as a placeholder that means nothing to the matcher.
    text = _without(_string(content, "text"), own + _mappings(content, "emojis"))
    if is_group and not own:
        called = next((c for p in rules.prefixes if (c := _after(text, p)) is not None), None)
        if called is None:
            return None
        text = called
    return _meant(text.strip(_AFTER_NAME) if is_group else text.strip(), is_group, rules)


def _meant(text: str, is_group: bool, rules: Rules) -> tuple[Kind, str]:
    """Returns what a text asks for; nothing but the bot's name asks for its greeting."""
    if not text:
        return ("start" if is_group else "other"), ""
    if command := _COMMAND.fullmatch(text.lower()):
        return "command", command[1]
    for code, name in rules.languages.items():
        if text.casefold() == name.casefold():
            return "choice", f"language:{code}"
    return "text", text


def _after(text: str, prefix: str) -> str | None:
    """Returns what follows a prefix, None if the text does not begin with it as a word."""
    if not prefix or not text.casefold().startswith(prefix.casefold()):
        return None
    rest = text[len(prefix) :]
    # "/ask" does not call in "/asking"; Thai has no spaces, so there any letter may follow.
    is_longer_word = (
        prefix[-1].isascii() and prefix[-1].isalnum() and re.match("[A-Za-z0-9_]", rest)
    )
    return None if is_longer_word else rest


def _without(text: str, spans: Sequence[Mapping[str, Any]]) -> str:
    """Returns a text without the parts that `index` and `length` name, in UTF-16 units."""
    if not spans:
        return text
    units = text.encode("utf-16-le")
    keep = [True] * (len(units) // 2)
    for span in spans:
        index, length = span.get("index"), span.get("length")
        if isinstance(index, int) and isinstance(length, int) and 0 <= index < len(keep):
            end = min(index + max(length, 0), len(keep))
            keep[index:end] = [False] * (end - index)
    left = b"".join(units[2 * i : 2 * i + 2] for i, kept in enumerate(keep) if kept)
    return left.decode("utf-16-le", "replace")


def _seconds(milliseconds: object, default: float) -> float:
    """Returns LINE's time in Unix seconds."""
    if isinstance(milliseconds, int | float) and 0 < milliseconds < _MOST_MS:
        return min(milliseconds / 1000, default)
    return default


def _mapping(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key)
    return value if isinstance(value, dict) else {}


def _mappings(raw: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = raw.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _string(raw: Mapping[str, Any], key: str) -> str:
    """Returns a text; "" if there is none, and no half characters, which no store would take."""
    value = raw.get(key)
    if not isinstance(value, str):
        return ""
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
