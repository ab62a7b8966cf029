"""A `Reply` into what Telegram shows. Pure.

https://core.telegram.org/bots/api#formatting-options
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ContactLimit, MessageLimit, ParseMode

from bot.model import Choice, ContactCard, Reply

#: Characters of a label with which two buttons stand side by side on a telephone.
_HALF_ROW = 16

#: https://core.telegram.org/bots/api#sendcontact
_LONGEST_NAME = 64

MapLabel = Callable[[str], str]
"""Returns the word for a map in a language."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text message."""

    plain: str
    html: str
    keyboard: InlineKeyboardMarkup | None = None

    def body(self, mode: ParseMode | None) -> str:
        """Returns the text as it is sent in a parse mode."""
        return self.html if mode else self.plain


@dataclass(frozen=True, slots=True)
class Contact:
    """A number to call or to keep."""

    phone: str
    name: str
    vcard: str


@dataclass(frozen=True, slots=True)
class Venue:
    """A place on the map."""

    latitude: float
    longitude: float
    title: str
    address: str


Call = Text | Contact | Venue


def render(reply: Reply, map_label: MapLabel) -> tuple[Call, ...]:
    """Returns what to send, in order: the text, its buttons below its last part, then cards.

    A card's numbers are sent as a contact only where the text does not say them. Its place is a
    venue where the text speaks of it and the coordinates are known, else a button opens the map.
    """
    parts = split(reply.text, MessageLimit.MAX_TEXT_LENGTH)
    maps = [card for card in reply.cards if not _is_venue(card, reply.text)]
    keyboard = _keyboard(reply.choices, maps, map_label(reply.language))
    texts = [Text(part, _html(part, reply.cards)) for part in parts[:-1]]
    texts.append(Text(parts[-1], _html(parts[-1], reply.cards), keyboard))
    return (*texts, *_contacts(reply), *_venues(reply))


def render_one(reply: Reply, map_label: MapLabel) -> Text:
    """Returns a reply as the one message that inline mode and guest chats allow."""
    text = split(reply.text, MessageLimit.MAX_TEXT_LENGTH)[0]
    keyboard = _keyboard(reply.choices, reply.cards, map_label(reply.language))
    return Text(text, _html(text, reply.cards), keyboard)


def split(text: str, limit: int) -> list[str]:
    """Returns parts of at most `limit` characters, cut at the end of a paragraph if possible.

    Else at the end of a line, else between words, else between letters. Never empty.
    """
    parts = []
    while len(text) > limit:
        end = _cut(text, limit)
        parts.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*parts, text] if text or not parts else parts


def _cut(text: str, limit: int) -> int:
    for between in ("\n\n", "\n", " "):
        end = text.rfind(between, 1, limit + 1)
        # A part that is nearly empty would look like a mistake.
        if end > limit // 4:
            return end
    end = limit
    # Thai vowels and tone marks belong to the letter before them.
    while end > 1 and unicodedata.category(text[end]).startswith("M"):
        end -= 1
    return end


def _html(text: str, cards: tuple[ContactCard, ...]) -> str:
    """Returns the text as HTML, numbers of the cards in bold."""
    escaped = html.escape(text, quote=False)
    numbers = {phone.text for card in cards for phone in card.phones}
    numbers.update(fax for card in cards for fax in card.faxes)
    if not numbers:
        return escaped
    longest_first = sorted(numbers, key=len, reverse=True)
    pattern = "|".join(re.escape(html.escape(number, quote=False)) for number in longest_first)
    return re.sub(pattern, r"<b>\g<0></b>", escaped)


def _keyboard(
    choices: tuple[Choice, ...], cards: list[ContactCard] | tuple[ContactCard, ...], map_label: str
) -> InlineKeyboardMarkup | None:
    rows: list[list[InlineKeyboardButton]] = []
    for choice in choices:
        button = InlineKeyboardButton(choice.label, callback_data=choice.data)
        is_short = len(choice.label) <= _HALF_ROW
        if rows and is_short and len(rows[-1]) == 1 and len(rows[-1][0].text) <= _HALF_ROW:
            rows[-1].append(button)
        else:
            rows.append([button])
    # Telegram refuses a button with any other address than these.
    urls = {card.map_url: card.name for card in cards if card.map_url.startswith("https://")}
    for url, name in urls.items():
        label = f"{map_label}: {name}" if len(urls) > 1 else map_label
        rows.append([InlineKeyboardButton(f"📍 {label}", url=url)])
    return InlineKeyboardMarkup(rows) if rows else None


def _contacts(reply: Reply) -> list[Contact]:
    return [
        Contact(card.phones[0].e164, card.name[:_LONGEST_NAME], _vcard(card))
        for card in reply.cards
        if card.phones and not _says_a_number(reply.text, card)
    ]


def _says_a_number(text: str, card: ContactCard) -> bool:
    return any(number in text for number in (*(phone.text for phone in card.phones), *card.faxes))


def _vcard(card: ContactCard) -> str:
    """Returns everything about an office, to be kept by a telephone (RFC 2426); "" if too long."""
    lines = [("FN", card.name), ("ORG", card.name)]
    lines += [("TEL;TYPE=WORK,VOICE", phone.e164) for phone in card.phones]
    lines += [("TEL;TYPE=WORK,FAX", fax) for fax in card.faxes]
    body = [f"{name}:{_vcard_value(value)}" for name, value in lines]
    if card.address:
        body.append(f"ADR;TYPE=WORK:;;{_vcard_value(card.address)};;;;")
    vcard = "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *body, "END:VCARD"])
    return vcard if len(vcard.encode()) <= ContactLimit.VCARD else ""


def _vcard_value(value: str) -> str:
    return re.sub(r"([\\,;])", r"\\\1", value).replace("\n", r"\n")


def _venues(reply: Reply) -> list[Venue]:
    return [
        Venue(*card.position, card.name, card.address or card.name)
        for card in reply.cards
        if card.position and _is_venue(card, reply.text)
    ]


def _is_venue(card: ContactCard, text: str) -> bool:
    return card.position is not None and card.address in text
