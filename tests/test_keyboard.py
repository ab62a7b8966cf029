"""A text typed on the wrong keyboard layout can be read on the other."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.keyboard import readings, switched, to_latin, to_thai

#: Every key with a letter, digit or sign, plain and shifted.
LATIN = string.digits + string.ascii_letters + string.punctuation
THAI = to_thai(LATIN)


def test_every_key_gives_one_character_on_each_layout() -> None:
    assert len(LATIN) == len(set(LATIN)) == len(THAI) == len(set(THAI)) == 94


@pytest.mark.parametrize("key", LATIN)
def test_switching_a_key_twice_gives_it_back(key: str) -> None:
    assert to_latin(to_thai(key)) == key


@pytest.mark.parametrize("sign", THAI)
def test_switching_a_thai_key_twice_gives_it_back(sign: str) -> None:
    assert to_thai(to_latin(sign)) == sign


@given(st.text(LATIN + " \n"))
def test_switching_a_text_twice_gives_it_back(text: str) -> None:
    assert to_latin(to_thai(text)) == text


@given(st.text(string.ascii_lowercase + " "))
def test_the_layout_to_switch_from_is_told_by_the_script(text: str) -> None:
    assert switched(switched(text)) == text


@given(st.text(st.characters(min_codepoint=0x0E80)))
def test_what_no_key_gives_stays(text: str) -> None:
    assert switched(text) == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("l;ylfu", "สวัสดี"),
        ("l5kom^9vp^jmujwso", "สถานทูตอยู่ที่ไหน"),
        (";u:jk", "วีซ่า"),
        ("g[viNFmi", "เบอร์โทร"),
        ("ดฟป", "fax"),
        ("ำทิฟหหั ย้นืำ", "embassy phone"),
        ("ไ้ำพำ รห ะ้ำ ำทิฟหหั", "where is the embassy"),
        ("ำทฟรส", "email"),
    ],
)
def test_real_slips_are_undone(typed: str, meant: str) -> None:
    assert switched(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ASEM 8nvvtwi", "ASEM คืออะไร"),
        ("ขอเบอร์ ดฟป", "ขอเบอร์ fax"),
        ("please call l5kom^9", "please call สถานทูต"),
    ],
)
def test_a_beginning_typed_before_the_layout_slipped_is_kept(typed: str, meant: str) -> None:
    assert meant in readings(typed, str.isdecimal)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("g[viN consulate iylg:up", "เบอร์ consulate รัสเซีย"),
        ("xu 57 iylg:up0yfxit=6,wi", "ปี 57 รัสเซียจัดประชุมไร"),
        ("ไำ ืำำก visa ยสำฟหำ", "we need visa please"),
    ],
)
def test_words_are_kept_between_others_that_slipped(typed: str, meant: str) -> None:
    assert readings(typed, lambda word: word in ("consulate", "57", "visa"))[-1] == meant


def test_the_whole_text_switched_is_the_first_reading() -> None:
    assert readings("l;ylfu 8iy[", str.isdecimal)[0] == "สวัสดี ครับ"


@pytest.mark.parametrize("text", ["", " ", "   "])
def test_an_empty_text_has_no_other_reading(text: str) -> None:
    assert readings(text, str.isdecimal) == []


@given(st.lists(st.text(max_size=5), max_size=30).map(" ".join))
def test_there_are_few_readings_of_any_text(text: str) -> None:
    assert len(readings(text, str.isdecimal)) <= 6
