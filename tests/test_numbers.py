"""A telephone number of the file in a question stands for what it is the number of."""

from __future__ import annotations

import pytest

from intents.numbers import Numbers
from tests import small_office


@pytest.fixture(scope="module")
def numbers() -> Numbers:
    return Numbers(small_office.matcher().knowledge)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("is (+66 2) 111-11-13 yours?", "is Embassy fax yours?"),
        ("021111113", "แฟกซ์สถานทูต"),
        ("111-11-13", "แฟกซ์สถานทูต"),
        ("who has 0066 2 111 11 13", "who has Embassy fax"),
        ("02.111.1113", "แฟกซ์สถานทูต"),
        ("เบอร์ ๐๒ ๑๑๑ ๑๑๑๓ ของใคร", "เบอร์ แฟกซ์สถานทูต ของใคร"),
        ("02 111 1111 or 02 111 1113", "Embassy phone or Embassy fax"),
    ],
)
def test_a_number_is_read_as_the_intent_whose_reply_gives_it(
    numbers: Numbers, typed: str, read: str
) -> None:
    assert " ".join(numbers.named(typed).split()) == read


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("02 999 1234", id="another number"),
        pytest.param("11-13", id="its end alone"),
        pytest.param("5021111113771", id="within a longer one"),
        pytest.param("in 2020, 2021 or 2564", id="years"),
        pytest.param("1" * 2_000, id="digits without end"),
        pytest.param("", id="nothing"),
    ],
)
def test_other_digits_stay(numbers: Numbers, typed: str) -> None:
    assert numbers.named(typed) == typed


@pytest.mark.parametrize("typed", ["what's 2+2", "12 × 30 =", "1+1 เท่ากับเท่าไหร่", "7=7"])
def test_a_sum_is_read_as_one(numbers: Numbers, typed: str) -> None:
    assert "calculate" in numbers.named(typed)


@pytest.mark.parametrize("typed", ["phone + fax", "+66 2 999 12 34", "24/7", "2021-03-01"])
def test_no_sum_is_not(numbers: Numbers, typed: str) -> None:
    assert numbers.named(typed) == typed


def test_who_asks_about_a_number_is_told_whose_it_is() -> None:
    (answer,) = small_office.matcher().match("02 111 1113 เบอร์อะไร").answers

    assert answer.intent_id == "embassy_fax"
