"""`intents.questions`: several questions in one message, and what the last one left unsaid."""

from __future__ import annotations

import pytest

from intents.fitting import Fitted
from intents.questions import (
    leans_on,
    not_vague,
    parts,
    pieces,
    with_facets_of,
    with_topic_of,
    without_aversion,
    without_contrast,
)
from intents.text import canonical


@pytest.mark.parametrize(
    ("typed", "clauses"),
    [
        ("Phone? Fax!", ["phone", "fax"]),
        ("phone and fax", ["phone", "fax"]),
        ("phone and also fax", ["phone", "fax"]),
        ("phone, fax; address", ["phone", "fax", "address"]),
        ("phone\nfax", ["phone", "fax"]),
        ("1) phone 2) fax", ["phone", "fax"]),
        ("phone & fax + address", ["phone", "fax", "address"]),
        ("ขอเบอร์ และแฟกซ์ แล้วก็ที่อยู่", ["ขอเบอร์", "แฟกซ์", "ที่อยู่"]),
        ("ขอเบอร์กับแฟกซ์", ["ขอเบอร์", "แฟกซ์"]),
        ("I live here. Where are you?", ["i live here", "where are you"]),
        ("สถานทูตอยู่ไหน เปิดกี่โมง", ["สถานทูตอยู่ไหน", "เปิดกี่โมง"]),
        ("เรื่องเกี่ยวกับวีซ่า", ["เรื่องเกี่ยวกับวีซ่า"]),
        ("sandwich", ["sandwich"]),
        ("2,500 people", ["2 500 people"]),
        ("13.73", ["13 73"]),
        ("?!", []),
        ("", []),
    ],
)
def test_a_message_is_split_where_a_sign_a_word_or_a_thai_space_parts_it(
    typed: str, clauses: list[str]
) -> None:
    assert pieces(typed) == clauses


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("consular phone and fax", ("consular phone", "fax กงสุล")),
        ("phone, and the fax of the consul", ("phone กงสุล", "the fax of the consul")),
        ("embassy phone. consular fax", ("embassy phone", "consular fax")),
        ("ขอเบอร์โทรกงสุล แล้วก็แฟกซ์", ("ขอเบอร์โทรกงสุล", "แฟกซ์ กงสุล")),
        ("embassy fax? when is the meeting?", ("embassy fax", "when is the meeting")),
    ],
)
def test_a_part_takes_the_facets_it_lacks_from_its_neighbours(
    desks: Fitted, typed: str, texts: tuple[str, ...]
) -> None:
    assert parts(desks, typed).texts == texts


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("when is the meeting", id="one question"),
        pytest.param("ok, the meeting", id="a short part that says nothing"),
        pytest.param("?".join(["the phone of the embassy"] * 7), id="a story"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_list_of_questions_has_no_parts(desks: Fitted, typed: str) -> None:
    assert parts(desks, typed).texts == ()


def test_it_is_told_whether_more_than_a_space_joins_the_parts(desks: Fitted) -> None:
    assert parts(desks, "ขอเบอร์กงสุล และแฟกซ์").jointed
    spaced = parts(desks, "ขอเบอร์โทรกงสุล ขอเบอร์แฟกซ์")

    assert len(spaced.texts) == 2
    assert not spaced.jointed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("the main line, not the visa people", "the main line"),
        ("phone (not fax) of the embassy", "phone of the embassy"),
        ("phone, but not the fax, of the embassy", "phone of the embassy"),
        ("the address, not the opening hours", "the address"),
        ("ขอเบอร์สถานทูต ไม่ใช่กงสุล", "ขอเบอร์สถานทูต"),
        ("เบอร์โทร ไม่เอาแฟกซ์ ครับ", "เบอร์โทร ครับ"),
    ],
)
def test_what_is_said_not_to_be_meant_is_left_out(typed: str, kept: str) -> None:
    assert canonical(without_contrast(typed)) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "why not call the embassy",
        "is it not open",
        "Is it not the embassy phone?",
        "I am not sure where it is",
        "the phone is not working",
        "do you have a fax or not",
        "not the fax",
        "ไม่ใช่กงสุล",
        "ใช่สถานทูตหรือไม่ใช่ครับ",
        "a note on notaries",
    ],
)
def test_a_no_that_excludes_nothing_else_stays(typed: str) -> None:
    assert without_contrast(typed) == typed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("any fax? too lazy to call", "any fax"),
        ("can I fax instead of calling you", "can i fax"),
        ("I don't want to call, the fax please", "i the fax please"),
        ("cannot get through by phone. fax?", "fax"),
        ("the embassy fax not the phone", "the embassy fax"),
        ("ขอแฟกซ์ ขี้เกียจโทรอ่า", "ขอแฟกซ์"),
        ("โทรไปไม่ติดเลย ขอแฟกซ์", "ขอแฟกซ์"),
    ],
)
def test_what_is_not_wanted_beside_another_channel_is_left_out(
    desks: Fitted, typed: str, kept: str
) -> None:
    assert canonical(without_aversion(desks.vocabulary, typed)) == kept


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("โทรไม่ติด ทำไง", id="the question itself"),
        pytest.param("can I not call the embassy", id="no end of a clause"),
        pytest.param("I don't want to lose my embassy card, who do I call", id="another wish"),
        pytest.param("too lazy to call", id="nothing else"),
        pytest.param("too lazy to call " * 5 + "any fax?", id="a story"),
    ],
)
def test_what_is_not_wanted_stays_where_nothing_else_is(desks: Fitted, typed: str) -> None:
    assert without_aversion(desks.vocabulary, typed) == typed


def test_a_part_that_names_nothing_asks_what_its_neighbour_asks(desks: Fitted) -> None:
    phone, fax, consular, meeting = map(
        desks.intent_ids.index, ("embassy_phone", "embassy_fax", "consular_phone", "meeting")
    )

    assert not_vague(desks, {consular: "the consul's phone", phone: "which number"}) == [consular]
    assert not_vague(desks, {phone: "which number", fax: "the fax"}) == [fax]
    assert not_vague(desks, {fax: "the fax", consular: "which number"}) == [fax, consular]
    assert not_vague(desks, {meeting: "the meeting", phone: "which number"}) == [meeting, phone]
    assert not_vague(desks, {phone: "ring the embassy", consular: "the consul"}) == [
        phone,
        consular,
    ]


@pytest.mark.parametrize(
    ("text", "previous", "facets"),
    [
        ("and the fax", "consular_phone", {"office": "consular", "channel": "fax"}),
        ("and the fax", "embassy_phone", {"office": "embassy", "channel": "fax"}),
        ("แล้วแฟกซ์ล่ะ", "embassy_phone", {"office": "embassy", "channel": "fax"}),
        ("what about the consul", "embassy_fax", {"office": "consular", "channel": "fax"}),
    ],
)
def test_a_follow_up_takes_the_facets_it_lacks_from_the_last_answer(
    desks: Fitted, text: str, previous: str, facets: dict[str, str]
) -> None:
    swapped = with_facets_of(desks, text, desks.intent_ids.index(previous))

    assert swapped is not None
    assert swapped.facets == facets
    assert swapped.text.startswith(text)
    assert desks.vocabulary.facets_of(swapped.text) == facets


@pytest.mark.parametrize(
    ("text", "previous"),
    [
        pytest.param("which year was that", "meeting", id="names no facet"),
        pytest.param("phone or fax", "consular_phone", id="names both of a facet"),
        pytest.param("and the fax", "meeting", id="after what has no facets"),
        pytest.param("i have to send a form by fax to somebody soon", "consular_phone", id="long"),
    ],
)
def test_what_swaps_no_facet_is_no_such_follow_up(desks: Fitted, text: str, previous: str) -> None:
    assert with_facets_of(desks, text, desks.intent_ids.index(previous)) is None


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("which year was that", True),
        ("where was the meeting", True),
        ("and the fax", False),
        ("which year was that, and how did people get there at all", False),
    ],
)
def test_a_short_question_without_a_topic_of_its_own_leans_on_the_last(
    desks: Fitted, text: str, leans: bool
) -> None:
    assert leans_on(desks, text, desks.intent_ids.index("meeting")) is leans


def test_the_last_topic_is_said_in_the_language_of_the_question(desks: Fitted) -> None:
    meeting = desks.intent_ids.index("meeting")

    assert with_topic_of(desks, "which year", meeting) == "which year 13th meeting"
    assert with_topic_of(desks, "ปีไหน", meeting) == "ปีไหน ประชุมครั้งที่ 13"
    assert with_topic_of(desks, "2021", meeting) == "2021 ประชุมครั้งที่ 13"
