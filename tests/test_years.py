"""Years of both eras, long and short, are one; numbers that are no years stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.years import unify, years


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2559", 2016),
        ("ปี 2559", 2016),
        ("๒๕๕๙", 2016),
        ("ปี 59", 2016),
        ("ปี59ครับ", 2016),
        ("ในปี ๕๙", 2016),
        ("ปี 59.", 2016),
        ("พ.ศ.๒๕๕๓", 2010),
        ("พ.ศ. 53", 2010),
        ("พศ 53", 2010),
        ("ปีพ.ศ. 53", 2010),
        ("ปี 39", 1996),
        ("มี.ค. ๖๔", 2021),
        ("มีนาคม 64", 2021),
        ("มีนาคม 2564", 2021),
        ("ก.พ. 64 ที่ผ่านมา", 2021),
        ("'16", 2016),
        ("in ’16?", 2016),
        ("back in '10, right?", 2010),
        ("since '96.", 1996),
        ("ค.ศ. 2010", 2010),
        ("คศ 10", 2010),
        ("in 2016.", 2016),
        ("2021?", 2021),
        ("13th 2021", 2021),
        ("2642", 2099),
    ],
)
def test_a_year_is_found_however_it_is_written(text: str, year: int) -> None:
    assert years(unify(text)) == {year}


@pytest.mark.parametrize(
    "text",
    [
        "2,500 คน",
        "มีคน 2500 คน",
        "2,559 คน",
        "12,2559",
        "2559.5",
        "โทร 02-234-2559",
        "โทร 02 234 2559",
        "02.234.2559",
        "(+66 2) 234-98-24",
        "+6622342559",
        "2559-1234",
        "รหัสไปรษณีย์ 10500",
        "10559",
        "บ้านเลขที่ 78/2559",
        "เวลา 12:2559",
        "เปิด 16:30",
        "ปี 1234567",
        "ปี 59.5",
        "ปี 590",
        "rock'16",
        "1899",
        "2643",
        "อายุ 59",
        "59",
        "",
    ],
)
def test_a_number_that_is_no_year_stays_and_names_none(text: str) -> None:
    assert unify(text) == text
    assert years(text) == frozenset()


def test_thai_digits_become_arabic_ones_even_where_there_is_no_year() -> None:
    assert unify("ครั้งที่ ๑๓") == "ครั้งที่ 13"


def test_several_years_are_all_found() -> None:
    assert years(unify("ปี 2557, 2559 หรือ 2018?")) == {2014, 2016, 2018}


@given(st.integers(1957 + 1, 2099))
def test_both_eras_of_a_year_are_one(year: int) -> None:
    assert unify(f"ปี {year + 543}") == unify(f"ปี {year}") == f"ปี {year}"


@given(st.text())
def test_unifying_twice_changes_nothing_more(text: str) -> None:
    once = unify(text)

    assert unify(once) == once
