"""What a reply looks like on a platform, told so that any page can draw it: for the console.

Made from what the adapters really send, so that a preview cannot promise what a platform does not
get. The platforms' libraries are imported only once somebody looks.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bot.channels import line_words
from bot.model import Reply
from intents import Knowledge

if TYPE_CHECKING:
    from bot.adapters.telegram_render import Call


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message."""

    runs: tuple[tuple[str, bool], ...] = ()
    """Its text in pieces, each with whether it is bold."""
    title: str = ""
    """The heading of a card; empty for a plain text."""
    lines: tuple[str, ...] = ()
    """What stands on a card."""
    rows: tuple[tuple[str, ...], ...] = ()
    """Buttons that belong to the message, in rows."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a reply looks like on a platform."""

    platform: Literal["telegram", "line"]
    bubbles: tuple[Bubble, ...]
    quick: tuple[str, ...] = ()
    """Buttons above the keyboard, which go once one is pressed."""


def previews(reply: Reply, knowledge: Knowledge) -> tuple[Preview, ...]:
    """Returns a reply as Telegram shows it, and as LINE does."""
    return (_on_telegram(reply, knowledge), _on_line(reply, knowledge))


def _on_telegram(reply: Reply, knowledge: Knowledge) -> Preview:
    from bot.adapters.telegram_render import render

    calls = render(reply, lambda language: knowledge.messages.map[language])
    return Preview("telegram", tuple(_telegram_bubble(call) for call in calls))


def _telegram_bubble(call: Call) -> Bubble:
    from bot.adapters.telegram_render import Contact, Text

    if isinstance(call, Text):
        keyboard = call.keyboard.inline_keyboard if call.keyboard else ()
        return Bubble(
            runs=_runs(call.html), rows=tuple(tuple(key.text for key in row) for row in keyboard)
        )
    if isinstance(call, Contact):
        return Bubble(title=call.name, lines=(call.phone,))
    return Bubble(title=call.title, lines=(call.address,))


def _runs(marked: str) -> tuple[tuple[str, bool], ...]:
    """Returns text with <b> and </b> in it, and no other tag, in pieces."""
    pieces = re.split(r"</?b>", marked)
    return tuple((html.unescape(piece), bool(i % 2)) for i, piece in enumerate(pieces) if piece)


def _on_line(reply: Reply, knowledge: Knowledge) -> Preview:
    from bot.adapters.line_render import render

    messages = render(reply, line_words(knowledge))
    quick = messages[-1].get("quickReply", {"items": []}) if messages else {"items": []}
    return Preview(
        "line",
        tuple(bubble for message in messages for bubble in _line_bubbles(message)),
        tuple(item["action"]["label"] for item in quick["items"]),
    )


def _line_bubbles(message: Mapping[str, Any]) -> list[Bubble]:
    if message["type"] == "text":
        return [Bubble(runs=((message["text"], False),))]
    if message["type"] == "location":
        return [Bubble(title=message["title"], lines=(message["address"],))]
    contents = message["contents"]
    cards = contents["contents"] if contents["type"] == "carousel" else [contents]
    return [_flex_bubble(card) for card in cards]


def _flex_bubble(card: Mapping[str, Any]) -> Bubble:
    title, *lines = (line["text"] for line in card["body"]["contents"])
    buttons = card["footer"]["contents"] if "footer" in card else ()
    return Bubble(
        title=title,
        lines=tuple(lines),
        rows=tuple((button["action"]["label"],) for button in buttons),
    )
