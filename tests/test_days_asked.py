"""Which days a question asks about."""

from __future__ import annotations

from datetime import date

import pytest

from intents.days_asked import days_asked
from intents.hours import Schedule

MONDAY = date(2026, 11, 23)
SCHEDULE = Schedule.of(
    {"public_holidays": "closed", "2027-06-12": {"th": "วันรัสเซีย", "en": "Russia Day"}}
)


def days(question: str, today: date = MONDAY) -> list[str]:
    return [day.isoformat() for day in days_asked(question, today, SCHEDULE)]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        # relative
        ("open today?", "2026-11-23"),
        ("วันนี้เปิดไหม", "2026-11-23"),
        ("is it open tmr", "2026-11-24"),
        ("พรุ่งนี้เช้าไปได้ไหม", "2026-11-24"),
        ("the day after tomorrow", "2026-11-25"),
        ("มะรืนนี้เปิดมั้ย", "2026-11-25"),
        # weekdays
        ("do you open on Mondays", "2026-11-23"),
        ("open wed or thurs?", "2026-11-25 2026-11-26"),
        ("u guys open on sat or not", "2026-11-28"),
        ("do you work weekends", "2026-11-28 2026-11-29"),
        ("วันศุกร์เปิดถึงกี่โมง", "2026-11-27"),
        ("เสาร์-อาทิตย์ทำงานมั้ย", "2026-11-28 2026-11-29"),
        ("วันอาทิตย์ไปได้หรือเปล่า", "2026-11-29"),
        ("อาทิตย์นี้เปิดวันไหน", ""),
        ("เปิดกี่วันต่ออาทิตย์", ""),
        # dates
        ("open on 12 August?", "2027-08-12"),
        ("August 12th, please", "2027-08-12"),
        ("the 1st of December", "2026-12-01"),
        ("2026-12-07", "2026-12-07"),
        ("2569-12-07", "2026-12-07"),
        ("12 ส.ค.", "2027-08-12"),
        ("12 ส.ค. 71", "2028-08-12"),
        ("๑๒ สิงหาคม ๒๕๗๑", "2028-08-12"),
        ("วันที่ 5 ธันวา เปิดไหม", "2026-12-05"),
        ("23 November", "2026-11-23"),
        ("29 February", "2028-02-29"),
        ("Saturday 12 December", "2026-12-12"),
        ("31 November", ""),
        ("were you open on 12 August 2020", ""),
        # by name
        ("closed for Songkran?", "2027-04-13 2027-04-14 2027-04-15"),
        ("สงกรานต์เปิดหรือปิด", "2027-04-13 2027-04-14 2027-04-15"),
        ("ปีใหม่หยุดไหม", "2026-12-31 2027-01-01"),
        ("New Year's Eve?", "2026-12-31"),
        ("Chinese New Year?", ""),
        ("วันวิสาขบูชาหยุดไหม", "2027-05-20"),
        ("do you close on Russia Day", "2027-06-12"),
        ("วันรัสเซียหยุดหรือเปล่า", "2027-06-12"),
        # none
        ("what are your opening hours", ""),
        ("may I come at 12", ""),
        ("is your door locked", ""),
        ("", ""),
    ],
)
def test_the_days_that_a_question_names_are_found(question: str, found: str) -> None:
    assert days(question) == found.split()


def test_the_day_after_new_years_eve_is_in_the_next_year() -> None:
    assert days("tomorrow", date(2026, 12, 31)) == ["2027-01-01"]
    assert days("1 January", date(2026, 12, 31)) == ["2027-01-01"]
    assert days("Friday", date(2026, 12, 31)) == ["2027-01-01"]


def test_a_feast_that_has_begun_is_asked_about_from_today_on() -> None:
    assert days("songkran", date(2026, 4, 14)) == ["2026-04-14", "2026-04-15"]


def test_holidays_have_no_names_where_the_hours_do_not_speak_of_them() -> None:
    assert days_asked("songkran", MONDAY, Schedule.of({"monday": "09:00-12:00"})) == ()
