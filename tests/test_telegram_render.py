"""What a reply looks like on Telegram."""

from __future__ import annotations

from dataclasses import replace

import pytest
from telegram import InlineKeyboardMarkup

from bot.adapters.telegram_render import Contact, Text, Venue, render, render_one, split
from bot.model import Choice, ContactCard, PhoneNumber, Reply

PHONE = PhoneNumber("(+66 2) 123-45-67", "+6621234567")
DESK = ContactCard(
    "Desk", (PHONE,), ("(+66 2) 123-45-68",), "1 Road; Town", "https://map.test/?q=1"
)
HOURS, PRICE = Choice("Opening hours", "ask:hours"), Choice("Price", "ask:price")
LONG = Choice("Nineteen characters", "ask:long")


def said(text: str, *cards: ContactCard, choices: tuple[Choice, ...] = ()) -> Reply:
    return Reply("en", "answer", text, cards=cards, choices=choices)


def label(language: str) -> str:
    return {"en": "Map", "th": "แผนที่"}[language]


def rows(keyboard: InlineKeyboardMarkup | None) -> list[list[str]]:
    return [[b.text for b in row] for row in keyboard.inline_keyboard] if keyboard else []


def test_text_is_escaped_and_the_numbers_of_a_card_are_bold() -> None:
    (call,) = render(said("<b> & (+66 2) 123-45-67", DESK), label)

    assert isinstance(call, Text)
    assert call.html == "&lt;b&gt; &amp; <b>(+66 2) 123-45-67</b>"
    assert call.plain == "<b> & (+66 2) 123-45-67"


def test_choices_are_buttons_and_short_ones_share_a_row() -> None:
    (call,) = render(said("Hello", choices=(LONG, HOURS, PRICE)), label)

    assert isinstance(call, Text)
    assert call.keyboard is not None
    assert rows(call.keyboard) == [["Nineteen characters"], ["Opening hours", "Price"]]
    assert call.keyboard.inline_keyboard[1][1].callback_data == "ask:price"


def test_a_map_opens_from_a_button_below_the_choices() -> None:
    call = render(said("1 Road; Town", DESK, choices=(HOURS,)), label)[0]

    assert isinstance(call, Text)
    assert rows(call.keyboard) == [["Opening hours"], ["📍 Map"]]


def test_two_maps_are_told_apart() -> None:
    annex = replace(DESK, name="Annex", map_url="https://map.test/?q=2")
    text = render(said("(+66 2) 123-45-67", DESK, annex), label)[0]

    assert isinstance(text, Text)
    assert rows(text.keyboard) == [["📍 Map: Desk"], ["📍 Map: Annex"]]


@pytest.mark.parametrize("url", ["", "tel:+6621234567", "javascript:alert(1)", "http://map.test"])
def test_an_address_that_telegram_refuses_makes_no_button(url: str) -> None:
    text = render(said("Hello", replace(DESK, map_url=url)), label)[0]

    assert isinstance(text, Text)
    assert text.keyboard is None


@pytest.mark.parametrize("text", ["Call (+66 2) 123-45-67", "Fax: (+66 2) 123-45-68"])
def test_a_contact_does_not_repeat_what_the_text_says(text: str) -> None:
    assert [type(call) for call in render(said(text, DESK), label)] == [Text]


def test_numbers_that_the_text_leaves_out_come_as_a_contact() -> None:
    contact = render(said("Here it is", DESK), label)[1]

    assert isinstance(contact, Contact)
    assert (contact.phone, contact.name) == ("+6621234567", "Desk")
    assert contact.vcard.split("\r\n") == [
        "BEGIN:VCARD", "VERSION:3.0", "FN:Desk", "ORG:Desk", "TEL;TYPE=WORK,VOICE:+6621234567",
        "TEL;TYPE=WORK,FAX:(+66 2) 123-45-68", r"ADR;TYPE=WORK:;;1 Road\; Town;;;;", "END:VCARD",
    ]  # fmt: skip


def test_a_card_without_numbers_is_no_contact() -> None:
    assert len(render(said("Here it is", replace(DESK, phones=())), label)) == 1


def test_a_vcard_longer_than_telegram_takes_is_left_out() -> None:
    contact = render(said("Here", replace(DESK, address="x" * 2100)), label)[1]

    assert isinstance(contact, Contact)
    assert contact.vcard == ""


def test_a_known_place_is_a_venue_when_the_text_speaks_of_it() -> None:
    here = replace(DESK, position=(13.5, 100.25))
    text, contact, venue = render(said("At 1 Road; Town", here), label)

    assert isinstance(text, Text)
    assert text.keyboard is None
    assert isinstance(contact, Contact)
    assert venue == Venue(13.5, 100.25, "Desk", "1 Road; Town")


def test_a_known_place_is_a_map_button_when_the_text_is_about_something_else() -> None:
    (text,) = render(said("(+66 2) 123-45-67", replace(DESK, position=(13.5, 100.25))), label)

    assert isinstance(text, Text)
    assert rows(text.keyboard) == [["📍 Map"]]


def test_buttons_stand_below_the_last_part_of_a_long_text() -> None:
    first, last = render(said("a" * 3000 + "\n\n" + "b" * 3000, choices=(HOURS,)), label)

    assert isinstance(first, Text)
    assert isinstance(last, Text)
    assert (first.plain, first.keyboard) == ("a" * 3000, None)
    assert (last.plain, rows(last.keyboard)) == ("b" * 3000, [["Opening hours"]])


def test_where_one_message_is_allowed_it_has_everything_that_fits() -> None:
    text = render_one(said("a" * 4000 + "\n\n" + "b" * 400, DESK, choices=(HOURS,)), label)

    assert text.plain == "a" * 4000
    assert rows(text.keyboard) == [["Opening hours"], ["📍 Map"]]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [""]),
        ("1234567890", ["1234567890"]),
        ("aaaa\n\nbb cc\ndd", ["aaaa", "bb cc\ndd"]),
        ("aaaa bb\nccccc", ["aaaa bb", "ccccc"]),
        ("aaaa bbbbbbbb", ["aaaa", "bbbbbbbb"]),
        ("abcdefghijkl", ["abcdefghij", "kl"]),
        ("กกกกกกกกกน้ำ", ["กกกกกกกกก", "น้ำ"]),
    ],
    ids=["empty", "fits", "paragraph", "line", "word", "letter", "Thai tone mark"],
)
def test_a_text_is_cut_where_it_hurts_least(text: str, parts: list[str]) -> None:
    assert split(text, 10) == parts
