"""How messages and chats are written down; the same in every engine. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

from bot.asked import Asked
from bot.conversation import CONTEXT_S, Conversation
from bot.inbox import Arrival
from bot.model import Message
from bot.state import REMEMBER_S, Claim, SetAside

#: Name of the counter of questions that were erased because somebody asked for it.
ERASED_QUESTIONS = "questions_erased"

_MESSAGE = tuple(field.name for field in fields(Message))
_ASKED = tuple(field.name for field in fields(Asked))
_CONVERSATION = frozenset(field.name for field in fields(Conversation))
_SET_ASIDE = frozenset(field.name for field in fields(SetAside))


@dataclass(frozen=True, slots=True)
class Entry:
    """Something remembered under a name for a time; an empty value is forgotten at once."""

    name: str
    value: str
    for_s: float


def chat_key(secret_key: bytes, channel: str, chat: str) -> str:
    """Returns HMAC-SHA256 of a chat's channel and id, in hexadecimal."""
    return hmac.digest(
        secret_key, f"{channel}\0{chat}".encode(errors="surrogatepass"), hashlib.sha256
    ).hex()


def pack_arrival(arrival: Arrival) -> str:
    """Returns an arrival as JSON."""
    # Faster than asdict(), which copies deeply what cannot change.
    message = {name: getattr(arrival.message, name) for name in _MESSAGE}
    raw = {"key": arrival.key, "sent_at": arrival.sent_at, "message": message}
    # Escaped to ASCII, as half a surrogate pair, which JSON can bring in, has no UTF-8.
    return json.dumps(raw, separators=(",", ":"))


def unpack_arrival(packed: str) -> Arrival:
    """Returns what `pack_arrival` was given; passes over what another version had beside it."""
    raw = json.loads(packed)
    known = {name: value for name, value in raw["message"].items() if name in _MESSAGE}
    return Arrival(raw["key"], Message(**known), raw["sent_at"])


def pack_set_aside(claim: Claim, reason: str, undelivered: bool, now: float) -> str:
    """Returns what stays of a message that is set aside, as JSON: no id of anybody."""
    message = claim.arrival.message
    aside = SetAside(
        key=claim.arrival.key,
        channel=message.channel,
        chat=claim.chat,
        kind=message.kind,
        text=message.text,
        reason=reason,
        undelivered=undelivered,
        attempts=claim.attempts,
        sent_at=claim.arrival.sent_at,
        set_aside_at=now,
    )
    return json.dumps(asdict(aside), separators=(",", ":"))


def unpack_set_aside(packed: str) -> SetAside:
    """Returns what `pack_set_aside` wrote; passes over what another version had beside it."""
    return SetAside(**{k: v for k, v in json.loads(packed).items() if k in _SET_ASIDE})


def pack_asked(asked: Asked) -> str:
    """Returns a question of the log as JSON."""
    raw = {name: getattr(asked, name) for name in _ASKED}
    return json.dumps(raw, separators=(",", ":"))


def unpack_asked(packed: str) -> Asked:
    """Returns what `pack_asked` was given; passes over what another version had beside it."""
    raw = {name: value for name, value in json.loads(packed).items() if name in _ASKED}
    intents, offers = tuple(raw.pop("intents")), tuple(raw.pop("offers"))
    return Asked(intents=intents, offers=offers, **raw)


def talk(chat: str) -> str:
    """Returns the name under which a chat so far is remembered."""
    return f"talk:{chat}"


def language(chat: str) -> str:
    """Returns the name under which a chat's chosen language is remembered."""
    return f"language:{chat}"


def apology(chat: str) -> str:
    """Returns the name under which it is remembered that a chat was told of late answers."""
    return f"apology:{chat}"


def names(chat: str) -> tuple[str, str, str]:
    """Returns every name under which something of a chat is remembered."""
    return talk(chat), language(chat), apology(chat)


def entries(
    chat: str,
    conversation: Conversation | None,
    retention_s: float,
    before: Conversation | None = None,
    apologised_at: float = 0.0,
) -> list[Entry]:
    """Returns what is to be remembered of a chat.

    Args:
        chat: its key.
        conversation: the chat as it now stands; None leaves it as it was.
        retention_s: how long a chosen language is kept.
        before: the chat as it was, where that is known: what was not there need not be forgotten.
        apologised_at: when the chat was told that answers come late; 0 if it was not.
    """
    found = []
    if conversation is not None:
        new = Conversation()
        if conversation != new:
            talked = json.dumps(asdict(conversation), separators=(",", ":"))
            found.append(Entry(talk(chat), talked, CONTEXT_S))
        elif before != new:
            found.append(Entry(talk(chat), "", CONTEXT_S))
        if conversation.fixed_language or before is None or before.fixed_language:
            found.append(Entry(language(chat), conversation.fixed_language, retention_s))
    if apologised_at:
        # Longer than any platform holds messages back, so that none of them comes as a new outage.
        found.append(Entry(apology(chat), repr(apologised_at), REMEMBER_S))
    return found


def unpack_conversation(talked: str | None, fixed_language: str | None) -> Conversation:
    """Returns a chat so far, from what is still remembered of it."""
    if talked:
        # A field of another version, as while replicas are exchanged, is passed over.
        raw = json.loads(talked)
        return Conversation(**{name: raw[name] for name in _CONVERSATION & raw.keys()})
    return Conversation(fixed_language=fixed_language or "")


def unpack_claim(
    chat: str, token: str, attempts: int, again: bool, packed: str, kept: Sequence[str | None]
) -> Claim:
    """Returns a claim.

    Args:
        chat: the chat's key.
        token: the claim's token.
        attempts: claims of the message so far, with this one.
        again: an earlier one was put back uncounted.
        packed: the message, of `pack_arrival`.
        kept: the values under `names(chat)`, in that order.
    """
    talked, fixed_language, apologised_at = kept
    return Claim(
        arrival=unpack_arrival(packed),
        chat=chat,
        token=token,
        attempts=attempts,
        # Each attempt but the first follows one that may have begun to deliver.
        again=again or attempts > 1,
        conversation=unpack_conversation(talked, fixed_language),
        apologised_at=float(apologised_at or 0),
    )
