"""What travels between the channels and the assistant: a `Message` in, a `Reply` out.

Frozen, and free of every platform: an adapter makes a `Message` of what its platform sends, and
renders a `Reply` with the best that its platform has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Channel = Literal["telegram", "line", "web", "terminal"]
Outcome = Literal["answer", "offer", "unknown"]

#: text: somebody wrote; choice: somebody pressed a `Choice`; command: somebody gave a command such
#: as /contact; start: a chat begins; join: the bot was put into a group; other: something came that
#: has no words, such as a sticker or a voice message.
Kind = Literal["text", "choice", "command", "start", "join", "other"]


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that somebody said to the bot."""

    channel: Channel
    chat: str
    """Which conversation, unique within its channel."""
    kind: Kind = "text"
    text: str = ""
    """What was written, for `text`; the data of the pressed choice, for `choice`; the command's
    name without slash, for `command`."""
    language_hint: str = ""
    """The language of the person's app, as the platform tells it; may be empty."""
    language_choice: str = ""
    """The language that the person chose on the channel itself; empty unless they did."""
    person: str = ""
    """Who wrote, unique within the channel, where a chat may hold many; else the chat itself."""
    reply_to: Mapping[str, Any] = field(default_factory=dict)
    """What the adapter needs to answer here, as JSON can hold it; opaque to everyone else."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button that says something in the person's stead."""

    label: str
    """At most 20 characters, as LINE takes for a quick reply."""
    data: str
    """Comes back as the text of a `choice` message; at most 64 bytes of ASCII, for Telegram."""


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number to read and to dial."""

    text: str
    """As its owner writes it."""
    e164: str
    """As it is dialled, with plus sign and country code (ITU-T E.164): +6622349824."""


@dataclass(frozen=True, slots=True)
class ContactCard:
    """An office's details, for platforms that show them as more than text."""

    name: str
    phones: tuple[PhoneNumber, ...] = ()
    faxes: tuple[str, ...] = ()
    address: str = ""
    map_url: str = ""
    position: tuple[float, float] | None = None
    """Latitude and longitude in degrees, when known."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An intent that a reply answers."""

    intent_id: str
    confidence: float
    """How likely this is what was asked, 0..1."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says, whole; an adapter splits it as its platform needs."""

    language: str
    outcome: Outcome
    text: str
    """Plain text, paragraphs parted by an empty line; never markup."""
    answered: tuple[Answered, ...] = ()
    """Best first; empty unless `outcome` is `answer`."""
    offers: tuple[str, ...] = ()
    """Intents offered because none was sure, likeliest first, three at most."""
    cards: tuple[ContactCard, ...] = ()
    choices: tuple[Choice, ...] = ()
    """Buttons below the reply: the offers, or what one would ask next."""
    confidence: float = 0.0
    """How likely the likeliest intent is what was asked, 0..1, whatever came of it; 0 where no
    question was."""
