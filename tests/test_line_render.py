"""Replies as LINE's messages."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.line_render import clusters, encoded, render, render_plain, split, utf16
from bot.model import Choice, ContactCard, PhoneNumber, Reply
from tests.fakes.line_bot import WORDS

CARD = ContactCard(
    "สถานทูต",
    phones=(PhoneNumber("(+66 2) 234-98-24", "+6622349824"),),
    faxes=("(+66 2) 237-84-88",),
    address="78 ถนนทรัพย์",
    map_url="https://www.google.com/maps/search/?api=1&query=ถนนทรัพย์ 78",
    position=(13.7, 100.5),
)
REPLY = Reply("th", "answer", "คำตอบ", choices=(Choice("แฟกซ์", "ask:fax"),))


def actions(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [item["action"] for item in message["quickReply"]["items"]]


def test_a_text_has_its_choices_and_the_languages_below() -> None:
    (message,) = render(REPLY, WORDS)

    assert (message["type"], message["text"]) == ("text", "คำตอบ")
    assert actions(message) == [
        {"type": "postback", "label": label, "data": data, "displayText": label}
        for label, data in [
            ("แฟกซ์", "ask:fax"),
            ("ไทย", "language:th"),
            ("English", "language:en"),
        ]
    ]


def test_an_offer_of_languages_is_not_made_twice() -> None:
    offer = (Choice("ไทย", "language:th"), Choice("English", "language:en"))

    (message,) = render(replace(REPLY, choices=offer), WORDS)

    assert [action["data"] for action in actions(message)] == ["language:th", "language:en"]


def test_only_the_first_message_quotes_and_only_the_last_has_buttons() -> None:
    messages = render(replace(REPLY, cards=(CARD,)), WORDS, "quote")

    assert [message["type"] for message in messages] == ["text", "flex", "location"]
    assert ["quoteToken" in message for message in messages] == [True, False, False]
    assert ["quickReply" in message for message in messages] == [False, False, True]


def test_a_card_dials_and_shows_the_way() -> None:
    _, flex, place = render(replace(REPLY, cards=(CARD,)), WORDS)

    shown = json.dumps(flex["contents"]["body"], ensure_ascii=False)
    buttons = [button["action"] for button in flex["contents"]["footer"]["contents"]]
    assert all(line["wrap"] for line in flex["contents"]["body"]["contents"])
    assert all(part in shown for part in ("สถานทูต", "แฟกซ์ (+66 2) 237-84-88", "78 ถนนทรัพย์"))
    assert buttons[0]["label"] == "โทร (+66 2) 234-98-24"
    assert buttons[0]["uri"] == "tel:+6622349824"
    assert buttons[1]["label"] == "แผนที่"
    assert buttons[1]["uri"].endswith(
        "query=%E0%B8%96%E0%B8%99%E0%B8%99%E0%B8%97%E0%B8%A3%E0%B8%B1%"
        "E0%B8%9E%E0%B8%A2%E0%B9%8C%2078"
    )
    assert "โทร (+66 2) 234-98-24" in flex["altText"]
    assert place["title"] == "สถานทูต"
    assert (place["latitude"], place["longitude"]) == (13.7, 100.5)


def test_a_bare_card_has_neither_footer_nor_empty_lines() -> None:
    _, flex = render(replace(REPLY, cards=(ContactCard("Office"),)), WORDS)

    assert "footer" not in flex["contents"]
    assert [line["text"] for line in flex["contents"]["body"]["contents"]] == ["Office"]


def test_a_number_that_cannot_be_dialled_is_still_shown() -> None:
    card = ContactCard("Office", phones=(PhoneNumber("internal 7", "+7"),))

    _, flex = render(replace(REPLY, cards=(card,)), WORDS)

    assert "internal 7" in json.dumps(flex["contents"]["body"])
    assert "footer" not in flex["contents"]


def test_several_cards_are_one_carousel() -> None:
    messages = render(replace(REPLY, cards=(CARD,) * 14), WORDS)

    assert len(messages) == 5
    assert messages[1]["contents"]["type"] == "carousel"
    assert len(messages[1]["contents"]["contents"]) == 12
    assert utf16(messages[1]["altText"]) <= 400


def test_a_reply_without_words_is_no_message() -> None:
    assert render(replace(REPLY, text=" "), WORDS) == []


def test_the_plain_form_tells_all_that_the_card_does() -> None:
    (message,) = render_plain(replace(REPLY, cards=(CARD,)), WORDS)

    assert set(message) == {"type", "text"}
    assert all(part in message["text"] for part in ("คำตอบ", "234-98-24", "237-84-88", "ถนนทรัพย์"))


def test_too_many_choices_leave_room_for_the_languages() -> None:
    choices = tuple(Choice(f"topic {n}", f"ask:{n}") for n in range(20))

    (message,) = render(replace(REPLY, choices=choices), WORDS)

    assert len(actions(message)) == 13
    assert actions(message)[-1]["data"] == "language:en"


def test_a_label_is_cut_between_characters_as_readers_count_them() -> None:
    (message,) = render(replace(REPLY, choices=(Choice("ที่" * 21, "ask:x"),)), WORDS)

    assert actions(message)[0]["label"] == "ที่" * 19 + "…"


def test_twenty_thai_characters_are_not_cut_for_their_marks() -> None:
    (message,) = render(replace(REPLY, choices=(Choice("น้ำ" * 20, "ask:x"),)), WORDS)

    assert actions(message)[0]["label"] == "น้ำ" * 20


def test_a_long_text_is_parted_at_its_paragraphs() -> None:
    paragraphs = ["ก" * 3000, "ข" * 1500, "ค" * 4000]

    assert split("\n\n".join(paragraphs)) == ["\n\n".join(paragraphs[:2]), paragraphs[2]]


def test_a_text_beyond_all_bounds_ends_visibly() -> None:
    messages = render(replace(REPLY, text="😀" * 20_000), WORDS)

    assert len(messages) == 5
    assert all(utf16(message["text"]) <= 5000 for message in messages)
    assert messages[-1]["text"].endswith("…")


@given(st.text(alphabet="กิ่้ำ 😀\na.", max_size=80), st.integers(4, 30))
def test_parts_fit_and_hold_every_character(words: str, limit: int) -> None:
    parts = split(words, limit)

    assert "".join("".join(parts).split()) == "".join(words.split())
    assert all(part.strip() for part in parts)
    longest = max((utf16(cluster) for cluster in clusters(words)), default=0)
    assert all(utf16(part) <= max(limit, longest) for part in parts)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a?b=ก#c", "https://example.org/a?b=%E0%B8%81#c"),
        ("https://example.org/%20x y", "https://example.org/%20x%20y"),
        ("https://ไทย.example/", "https://xn--o3cw4h.example/"),
        ("http://example.org/", ""),
        ("javascript:alert(1)", ""),
        ("https://[", ""),
        ("https://example.org/" + "ก" * 200, ""),
        ("", ""),
    ],
)
def test_only_sound_web_addresses_become_links(url: str, expected: str) -> None:
    assert encoded(url) == expected
