"""Updates of Telegram, as JSON, into messages. Pure; anything it does not know it passes over.

https://core.telegram.org/bots/api#update
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.adapters.telegram_client import Identity
from bot.inbox import Arrival
from bot.model import Kind, Message

#: What Telegram is asked to send, in polling and by webhook.
KINDS = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "my_chat_member",
    "guest_message",
)

#: What people send that has no words. Everything else without text is told by Telegram itself:
#: somebody joined, a title changed.
_WORDLESS = frozenset({
    "sticker", "photo", "voice", "video", "video_note", "animation", "audio", "document",
    "location", "venue", "contact", "dice", "poll", "game", "story", "paid_media", "live_photo",
    "checklist",
})  # fmt: skip

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]+))?(?:\s+|$)")
_OUTSIDE, _INSIDE = ("left", "kicked"), ("member", "administrator")

#: Telegram's limit of a text, and the longest language tag that anyone uses, in characters.
_LONGEST_TEXT, _LONGEST_TAG = 4096, 35

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class InlineQuestion:
    """What somebody typed after the bot's name in another chat."""

    query_id: str
    message: Message


def parse(update: object, me: Identity, now: float) -> Arrival | None:
    """Returns what an update says to the bot; None if it says nothing.

    Args:
        update: the update's JSON.
        me: who the bot is, to know when it is meant.
        now: Unix seconds, for updates that do not tell when they were sent.
    """
    update_id = _int(update, "update_id")
    for name, read in _READERS.items():
        raw = _object(update, name)
        message = read(raw, me) if raw and update_id is not None else None
        if message:
            sent_at = _int(raw, "edit_date") or _int(raw, "date") or now
            return Arrival(f"telegram:{update_id}", message, float(sent_at))
    return None


def pressed(update: object) -> str:
    """Returns the id of the button's press that an update tells of, "" if none."""
    return _text(_object(update, "callback_query"), "id")


def asked_inline(update: object) -> InlineQuestion | None:
    """Returns the question of an inline query, None if an update is none."""
    raw = _object(update, "inline_query")
    user_id, query_id = _int(_object(raw, "from"), "id"), _text(raw, "id")
    if user_id is None or not query_id:
        return None
    query = _text(raw, "query").strip()
    kind: Kind = "text" if query else "start"
    return InlineQuestion(query_id, _message(raw, f"inline {user_id}", (kind, query), {}))


def _told(raw: Json, me: Identity) -> Message | None:
    """Reads a message of a private chat or a group."""
    chat = _object(raw, "chat")
    chat_id, message_id = _int(chat, "id"), _int(raw, "message_id")
    place = _text(chat, "type")
    is_group = place in ("group", "supergroup")
    if chat_id is None or message_id is None or not (is_group or place == "private"):
        return None
    said = _said(raw, me, is_group) if _is_by_a_person(raw) else None
    where = {"chat_id": chat_id, "source": f"{chat_id} {message_id}", **_thread(raw)}
    quote = {"message_id": message_id} if is_group else {}
    return _message(raw, str(chat_id), said, where | quote) if said else None


def _edited(raw: Json, me: Identity) -> Message | None:
    """Reads an edit; a moving location is edited all the time, so only words count."""
    return _told(raw, me) if _words(raw) else None


def _summoned(raw: Json, me: Identity) -> Message | None:
    """Reads a message of a chat that the bot is not in, where somebody named it."""
    chat_id, query_id = _int(_object(raw, "chat"), "id"), _text(raw, "guest_query_id")
    said = _said(raw, me, is_group=False) if _is_by_a_person(raw) else None
    if chat_id is None or not query_id or not said:
        return None
    # Such a chat's id may be that of another chat which the bot is in.
    return _message(raw, f"guest {chat_id}", said, {"guest_query_id": query_id})


def _chosen(raw: Json, _me: Identity) -> Message | None:
    """Reads the press of a button, below a message however old or posted by inline mode."""
    data, press = _text(raw, "data"), _text(raw, "id")
    below, inline = _object(raw, "message"), _text(raw, "inline_message_id")
    chat = _object(below, "chat")
    chat_id, message_id = _int(chat, "id"), _int(below, "message_id")
    where: dict[str, Any] = {"press": press, "source": f"press {press}"}
    if not data or not press:
        return None
    if chat_id is not None:
        quote = {"message_id": message_id} if _text(chat, "type") != "private" else {}
        where |= {"chat_id": chat_id, **_thread(below), **quote}
        return _message(raw, str(chat_id), ("choice", data), where)
    if inline:
        where |= {"inline_message_id": inline}
        return _message(raw, f"inline {inline}", ("choice", data), where)
    return None


def _joined(raw: Json, _me: Identity) -> Message | None:
    """Reads that the bot was put into a group."""
    chat, date = _object(raw, "chat"), _int(raw, "date")
    chat_id = _int(chat, "id")
    before = _text(_object(raw, "old_chat_member"), "status")
    after = _text(_object(raw, "new_chat_member"), "status")
    is_new = before in _OUTSIDE and after in _INSIDE
    if chat_id is None or not is_new or _text(chat, "type") not in ("group", "supergroup"):
        return None
    where = {"chat_id": chat_id, "source": f"join {chat_id} {date}"}
    return _message(raw, str(chat_id), ("join", ""), where)


_READERS = {
    "message": _told,
    "edited_message": _edited,
    "guest_message": _summoned,
    "callback_query": _chosen,
    "my_chat_member": _joined,
}


_SPACES = re.compile(r"[ \t]+")


def _said(raw: Json, me: Identity, is_group: bool) -> tuple[Kind, str] | None:
    """Returns what a message says to the bot; None if nothing, as most do in a group."""
    text = _words(raw)
    command = _COMMAND.match(text)
    if command:
        name, whose = command[1].lower(), (command[2] or me.username).lower()
        if is_group and whose != me.username.lower():
            return None
        return ("start", text[command.end() :]) if name == "start" else ("command", name)
    # Only ASCII can be part of a name: Thai letters may follow it without a space.
    mention = rf"(?ai)(?<!\w)@{re.escape(me.username)}(?!\w)"
    rest, mentions = re.subn(mention, " ", text)
    if is_group and not mentions and not _answers(raw, me):
        return None
    if text:
        rest = _SPACES.sub(" ", rest).strip(" \n,:") if mentions else text
        return ("text", rest) if rest.strip() else ("start", "")
    return ("other", "") if not _WORDLESS.isdisjoint(raw) else None


def _words(raw: Json) -> str:
    return _text(raw, "text") or _text(raw, "caption")


def _answers(raw: Json, me: Identity) -> bool:
    """Tells whether a message replies to one of the bot's."""
    return _int(_object(_object(raw, "reply_to_message"), "from"), "id") == me.user_id


def _is_by_a_person(raw: Json) -> bool:
    """Tells people from bots, this one too, and from posts that Telegram copies from a channel."""
    if raw.get("via_bot") or raw.get("is_automatic_forward"):
        return False
    sender = _object(raw, "from")
    # A group's anonymous administrator writes in the group's name, through a bot of Telegram.
    in_name_of = _int(_object(raw, "sender_chat"), "id")
    is_administrator = in_name_of is not None and in_name_of == _int(_object(raw, "chat"), "id")
    return _int(sender, "id") is not None and (is_administrator or not sender.get("is_bot"))


def unasked(chat_id: int, note: str) -> Message:
    """Returns what a text answers that nobody asked for, such as a note to an operators' chat.

    Args:
        chat_id: where it goes.
        note: tells this text from others; one with the same `note` takes its place.
    """
    where = {"chat_id": chat_id, "source": f"note {chat_id} {note}"}
    return Message("telegram", str(chat_id), reply_to=where)


def _thread(raw: Json) -> dict[str, int]:
    thread_id = _int(raw, "message_thread_id")
    return {"thread_id": thread_id} if thread_id is not None and raw.get("is_topic_message") else {}


def _message(raw: Json, chat: str, said: tuple[Kind, str], where: dict[str, Any]) -> Message:
    sender = _object(raw, "from")
    return Message(
        "telegram",
        chat,
        kind=said[0],
        text=said[1],
        language_hint=_text(sender, "language_code")[:_LONGEST_TAG],
        person=str(_int(sender, "id") or ""),
        reply_to=where,
    )


def _object(raw: object, key: str) -> Json:
    value = raw.get(key) if isinstance(raw, dict) else None
    return value if isinstance(value, dict) else {}


def _int(raw: object, key: str) -> int | None:
    value = raw.get(key) if isinstance(raw, dict) else None
    is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    return value if is_number else None


def _text(raw: object, key: str) -> str:
    value = raw.get(key) if isinstance(raw, dict) else None
    if not isinstance(value, str):
        return ""
    # JSON can hold half a character pair, and a NUL, which no store and no platform takes.
    return value[:_LONGEST_TEXT].encode(errors="replace").decode().replace("\0", "")
