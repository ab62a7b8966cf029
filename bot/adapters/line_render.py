"""A reply as LINE's message objects: texts, a Flex contact card, places, quick replies.

Pure. The objects are JSON as LINE takes it:
https://developers.line.biz/en/reference/messaging-api/#message-objects
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from bot.model import Choice, ContactCard, PhoneNumber, Reply

#: Of one request and its parts; texts count in UTF-16 units, labels in grapheme clusters:
#: https://developers.line.biz/en/docs/messaging-api/text-character-count/
MOST_MESSAGES, TEXT_UTF16, QUICK_REPLIES, LABEL = 5, 5000, 13, 20
FLEX_LABEL, ALT_TEXT_UTF16, PLACE_UTF16, URI_LENGTH, CARDS = 40, 400, 100, 1000, 12

#: Where a text that is too long is best parted: paragraphs, lines, sentences and words.
_SEAMS = ("\n\n", "\n", ". ", " ")

_E164 = re.compile(r"\+[1-9][0-9]{3,14}")

_QUIET = "#555555"


@dataclass(frozen=True, slots=True)
class Words:
    """The words on cards and below replies."""

    languages: Mapping[str, str]
    """What each language calls itself, by its code; a quick reply switches to it."""
    call: Mapping[str, str]
    fax: Mapping[str, str]
    map: Mapping[str, str]


def render(reply: Reply, words: Words, quote_token: str = "") -> list[dict[str, Any]]:
    """Returns the messages that say a reply, at most five; none if it says nothing.

    Args:
        reply: what to say.
        words: on cards and buttons.
        quote_token: of the message to quote, in a group; empty for none.
    """
    messages = _texts(reply.text, MOST_MESSAGES)
    if messages and quote_token:
        messages[0]["quoteToken"] = quote_token
    if reply.cards:
        messages.append(_flex(reply.cards[:CARDS], reply.language, words))
    messages += [_place(card, card.position) for card in reply.cards if card.position]
    return _with_quick_replies(messages[:MOST_MESSAGES], reply, words)


def render_plain(reply: Reply, words: Words) -> list[dict[str, Any]]:
    """Returns a reply as bare texts, for when LINE refuses what `render` made of it."""
    parts = [reply.text, *(_card_text(card, reply.language, words) for card in reply.cards)]
    return _texts("\n\n".join(parts), MOST_MESSAGES)


def split(text: str, limit_utf16: int = TEXT_UTF16) -> list[str]:
    """Returns a text in parts that fit, parted at paragraphs where that can be.

    No part is empty, and no character is parted from its vowel or tone marks.
    """
    parts = []
    rest = text.strip()
    while utf16(rest) > limit_utf16:
        head = _head(rest, limit_utf16)
        # A part of less than a third would leave a torn page: better a lesser seam further on.
        ends = (head.rfind(seam) for seam in _SEAMS)
        end = next((end for end in ends if end > len(head) // 3), len(head))
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [part for part in (*parts, rest) if part]


def utf16(text: str) -> int:
    """Returns a text's length as LINE counts it: an emoji is 2."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clusters(text: str) -> list[str]:
    """Returns what a reader takes for characters: a letter with its marks.

    Coarser than Unicode's grapheme clusters (UAX 29) nowhere, finer for some emoji, so a text cut
    by it is never too long for LINE.
    """
    found: list[str] = []
    for char in text:
        # Sara am is a letter to Unicode's categories, but a mark to readers and to LINE.
        is_mark = unicodedata.category(char) in ("Mn", "Me", "Mc") or char in "\u0e33\u200d"
        if found and is_mark:
            found[-1] += char
        else:
            found.append(char)
    return found


def shortened(text: str, limit: int) -> str:
    """Returns a text of at most `limit` clusters."""
    if len(text) <= limit:
        return text
    parts = clusters(text)
    return text if len(parts) <= limit else "".join(parts[: limit - 1]).rstrip() + "…"


def encoded(url: str) -> str:
    """Returns a web address percent-encoded; "" if LINE takes it as no link."""
    try:
        host = urlsplit(url).hostname or ""
        plain = url.replace(host, host.encode("idna").decode(), 1)
    except ValueError:
        return ""
    safe = quote(plain, safe="%:/?#[]@!$&'()*+,;=-._~")
    is_sound = host and safe.lower().startswith("https://") and len(safe) <= URI_LENGTH
    return safe if is_sound else ""


def _head(text: str, limit_utf16: int) -> str:
    """Returns as much of a text's beginning as fits, whole clusters, never nothing."""
    head: list[str] = []
    size = 0
    for cluster in clusters(text):
        size += utf16(cluster)
        if size > limit_utf16 and head:
            break
        head.append(cluster)
    return "".join(head)


def _cut(text: str, limit_utf16: int) -> str:
    return text if utf16(text) <= limit_utf16 else _head(text, limit_utf16 - 1).rstrip() + "…"


def _texts(text: str, most: int) -> list[dict[str, Any]]:
    parts = split(text)
    if len(parts) > most:
        parts = [*parts[: most - 1], _cut("\n\n".join(parts[most - 1 :]), TEXT_UTF16)]
    return [{"type": "text", "text": part} for part in parts]


def _flex(cards: Sequence[ContactCard], language: str, words: Words) -> dict[str, Any]:
    bubbles = [_bubble(card, language, words) for card in cards]
    alternative = "\n\n".join(_card_text(card, language, words) for card in cards)
    return {
        "type": "flex",
        "altText": _cut(alternative, ALT_TEXT_UTF16),
        "contents": bubbles[0] if len(bubbles) == 1 else {"type": "carousel", "contents": bubbles},
    }


def _bubble(card: ContactCard, language: str, words: Words) -> dict[str, Any]:
    lines = [{**_line(card.name), "weight": "bold", "size": "lg"}]
    lines += [_line(_number(words.call, language, p.text)) for p in card.phones if not _tel(p)]
    lines += [_line(_number(words.fax, language, fax)) for fax in card.faxes]
    lines += [_line(card.address)] if card.address else []
    buttons = [
        _button(_number(words.call, language, phone.text), _tel(phone), "primary")
        for phone in card.phones
        if _tel(phone)
    ]
    if address := encoded(card.map_url):
        buttons.append(_button(words.map.get(language, ""), address, "secondary"))
    bubble: dict[str, Any] = {"type": "bubble", "body": _box(lines, "md")}
    return {**bubble, "footer": _box(buttons, "sm")} if buttons else bubble


def _box(contents: list[dict[str, Any]], spacing: str) -> dict[str, Any]:
    return {"type": "box", "layout": "vertical", "spacing": spacing, "contents": contents}


def _line(text: str) -> dict[str, Any]:
    # LINE refuses an empty text here, and shows one line of a text that may not wrap.
    return {"type": "text", "text": text or "-", "wrap": True, "size": "sm", "color": _QUIET}


def _button(label: str, uri: str, style: str) -> dict[str, Any]:
    action = {"type": "uri", "label": shortened(label or uri, FLEX_LABEL), "uri": uri}
    return {"type": "button", "style": style, "height": "sm", "action": action}


def _tel(phone: PhoneNumber) -> str:
    """Returns the link that dials a number; "" if it is none that can be dialled."""
    return f"tel:{phone.e164}" if _E164.fullmatch(phone.e164) else ""


def _number(names: Mapping[str, str], language: str, number: str) -> str:
    return f"{names.get(language, '')} {number}".strip()


def _card_text(card: ContactCard, language: str, words: Words) -> str:
    """Returns a card as lines to read, for LINE on a watch or in the list of chats."""
    lines = [card.name, *(_number(words.call, language, phone.text) for phone in card.phones)]
    lines += [_number(words.fax, language, fax) for fax in card.faxes]
    lines += [card.address, card.map_url]
    return "\n".join(line for line in lines if line)


def _place(card: ContactCard, position: tuple[float, float]) -> dict[str, Any]:
    return {
        "type": "location",
        "title": _cut(card.name or card.address or "-", PLACE_UTF16),
        "address": _cut(card.address or card.name or "-", PLACE_UTF16),
        "latitude": position[0],
        "longitude": position[1],
    }


def _with_quick_replies(
    messages: list[dict[str, Any]], reply: Reply, words: Words
) -> list[dict[str, Any]]:
    """Puts the buttons below the last message: LINE shows no others."""
    switches = [Choice(name, f"language:{code}") for code, name in words.languages.items()]
    offered = {choice.data for choice in reply.choices}
    switches = [choice for choice in switches if choice.data not in offered]
    choices = [*reply.choices[: QUICK_REPLIES - len(switches)], *switches]
    items = [
        {"type": "action", "action": _postback(choice)}
        for choice in choices
        if choice.label.strip()
    ]
    if messages and items:
        messages[-1]["quickReply"] = {"items": items}
    return messages


def _postback(choice: Choice) -> dict[str, Any]:
    label = shortened(choice.label.strip(), LABEL)
    return {"type": "postback", "label": label, "data": choice.data, "displayText": label}
