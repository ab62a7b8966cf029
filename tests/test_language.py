"""The reply is in the language of the question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.language import LANGUAGES, OTHER, detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hello", "en"),
        ("สวัสดี", "th"),
        ("ก", "th"),
        ("e", "en"),
        ("ขอ email หน่อย", "th"),
        ("ขอ phone number ของ embassy หน่อยครับ", "th"),
        ("phone number ของสถานทูต", "th"),
        ("ASEM คืออะไร", "th"),
        ("senior officials meeting แบบ video conference คืออะไร", "th"),
        ("ok ครับ", "th"),
        ("where is สถานทูต", "en"),
        ("what is อาเซม", "en"),
        ("can you tell me about ผู้ประสานงาน please", "en"),
        ("the meaning of ถ้อยแถลง", "en"),
        ("Sap Road ทรัพย์", "en"),
        ("โทร +66 2 234", "th"),
        ("fax: 02-1234567", "en"),
        ("naïve café", "en"),
    ],
)
def test_script_and_little_words_tell_the_language(text: str, language: str) -> None:
    assert detect(text, ("th", "en")) == language


@pytest.mark.parametrize(
    "text",
    ["Здравствуйте", "你好，你们的电话是多少", "こんにちは", "مرحبا", "ສະບາຍດີ", "Привет hello"],
)
def test_a_script_that_no_reply_is_in_is_told(text: str) -> None:
    assert detect(text, ("th", "en")) == OTHER


@pytest.mark.parametrize(
    "text", ["", "   ", "123", "02-234-9824", "!?", "👍🏼", "\x00", "\ud800", "abc ดีม"]
)
def test_without_letters_or_in_a_tie_nothing_is_told(text: str) -> None:
    assert detect(text, ("th", "en")) is None


def test_a_language_that_the_file_lacks_is_another() -> None:
    assert detect("สวัสดี", ("en",)) == OTHER
    assert detect("hello", ("en",)) == "en"


@given(st.text())
def test_any_text_gets_one_of_the_languages_or_none(text: str) -> None:
    assert detect(text, tuple(LANGUAGES)) in {*LANGUAGES, OTHER, None}
