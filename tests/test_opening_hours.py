"""What the bot says when it is asked whether the office is open: through the assistant's door."""

from __future__ import annotations

import pytest

from bot.assistant import Assistant
from tests.opening_hours import ask, office, told

OFFICE = (
    "{monday-friday: [09:00-12:00, 13:00-16:00], saturday: closed, public_holidays: closed, "
    "2026-11-25: {th: วันก่อตั้ง, en: Founding Day}, 2026-05-04: [10:00-11:30], 2026-12-30: closed}"
)
NOW_EN, NOW_TH = "are you open now", "เปิดอยู่ไหม"
WEEK = [
    "Monday–Friday: 09:00–12:00, 13:00–16:00",
    "Saturday–Sunday: closed",
    "Public holidays: closed",
]


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return office(OFFICE)


def test_while_no_hours_are_entered_the_reply_says_so() -> None:
    assert ask(office(), NOW_EN, "2026-11-23 10:00").text == "The hours are not known"
    assert ask(office(), NOW_TH, "2026-11-23 10:00").text == "ไม่ทราบเวลาทำการ"


def test_the_hours_of_the_week_are_told_in_the_language_of_the_question(
    assistant: Assistant,
) -> None:
    assert told(assistant, NOW_EN, "2026-11-23 10:00")[:3] == WEEK
    assert told(assistant, NOW_TH, "2026-11-23 10:00")[:3] == [
        "วันจันทร์–วันศุกร์: 09.00–12.00 น., 13.00–16.00 น.",
        "วันเสาร์–วันอาทิตย์: ปิดทำการ",
        "วันหยุดนักขัตฤกษ์: ปิดทำการ",
    ]


@pytest.mark.parametrize(
    ("moment", "line"),
    [
        ("2026-11-23 08:59:59", "Closed. Opens today at 09:00."),
        ("2026-11-23 09:00", "Open until 12:00."),
        ("2026-11-23 11:59:59", "Open until 12:00."),
        ("2026-11-23 12:00", "Closed. Opens today at 13:00."),
        ("2026-11-23 12:59", "Closed. Opens today at 13:00."),
        ("2026-11-23 13:00", "Open until 16:00."),
        ("2026-11-23 15:59", "Open until 16:00."),
        ("2026-11-23 16:00", "Closed. Opens tomorrow, Tuesday 24 November 2026, at 09:00."),
        ("2026-11-28 12:00", "Closed. Opens Monday 30 November 2026 at 09:00."),
        ("2026-11-30 16:00", "Closed. Opens tomorrow, Tuesday 1 December 2026, at 09:00."),
    ],
)
def test_open_or_not_is_told_to_the_minute(assistant: Assistant, moment: str, line: str) -> None:
    assert told(assistant, NOW_EN, moment)[3:] == [line]


@pytest.mark.parametrize(
    ("moment", "lines"),
    [
        ("2026-04-10 16:00", [
            "Closed. Opens Thursday 16 April 2026 at 09:00.",
            "On Monday 13 April 2026 – Wednesday 15 April 2026 (Songkran Festival) closed.",
        ]),
        # 5 December 2026 is a Saturday, so that the Monday after it is off.
        ("2026-12-05 12:00", [
            "Closed. Opens Tuesday 8 December 2026 at 09:00.",
            "On Monday 7 December 2026 (HM King Bhumibol Adulyadej the Great's Birthday (in lieu), "
            "National Day (in lieu), National Father's Day (in lieu)) closed.",
        ]),
        ("2026-12-30 23:59", [
            "Closed. Opens Monday 4 January 2027 at 09:00.",
            "On Wednesday 30 December 2026 closed.",
            "On Thursday 31 December 2026 (New Year's Eve) closed.",
            "On Friday 1 January 2027 (New Year's Day) closed.",
        ]),
        ("2026-12-31 23:59", [
            "Closed. Opens Monday 4 January 2027 at 09:00.",
            "On Thursday 31 December 2026 (New Year's Eve) closed.",
            "On Friday 1 January 2027 (New Year's Day) closed.",
        ]),
        ("2026-11-25 10:00", [
            "Closed. Opens tomorrow, Thursday 26 November 2026, at 09:00.",
            "On Wednesday 25 November 2026 (Founding Day) closed.",
        ]),
        # A holiday with hours of its own.
        ("2026-05-04 09:00", ["Closed. Opens today at 10:00."]),
        ("2026-05-04 10:00", ["Open until 11:30."]),
    ],
    ids=["Songkran", "in lieu", "year's end", "New Year's Eve", "own day", "before", "during"],
)  # fmt: skip
def test_holidays_are_skipped_and_named(
    assistant: Assistant, moment: str, lines: list[str]
) -> None:
    assert told(assistant, NOW_EN, moment)[3:] == lines


def test_holidays_are_named_in_thai_with_years_of_the_buddhist_era(assistant: Assistant) -> None:
    assert told(assistant, NOW_TH, "2026-04-10 16:00")[3:] == [
        "ปิดอยู่ เปิดวันพฤหัสบดีที่ 16 เมษายน 2569 เวลา 09.00 น.",
        "ปิดวันจันทร์ที่ 13 เมษายน 2569 – วันพุธที่ 15 เมษายน 2569 (วันสงกรานต์)",
    ]


def test_one_assistant_tells_the_time_anew_with_each_question(assistant: Assistant) -> None:
    assert told(assistant, NOW_EN, "2026-11-23 11:59")[3] == "Open until 12:00."
    assert told(assistant, NOW_EN, "2026-11-23 12:00")[3] == "Closed. Opens today at 13:00."


def test_a_button_tells_of_now(assistant: Assistant) -> None:
    reply = ask(assistant, "ask:hours", "2026-11-23 10:00", "choice")

    assert "เปิดอยู่ ถึง 12.00 น." in reply.text


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("are you open on Saturday", ["On Saturday 28 November 2026 closed."]),
        ("is it open tomorrow", ["On Tuesday 24 November 2026 open 09:00–12:00, 13:00–16:00."]),
        ("is it open today", ["Open until 12:00."]),
        ("are you open on 25 November", ["On Wednesday 25 November 2026 (Founding Day) closed."]),
        ("closed for Songkran", [
            "On Tuesday 13 April 2027 – Thursday 15 April 2027 (Songkran Festival) closed."
        ]),
        ("วันเสาร์เปิดไหม", ["ปิดวันเสาร์ที่ 28 พฤศจิกายน 2569"]),
        ("พรุ่งนี้เปิดหรือเปล่า", ["วันอังคารที่ 24 พฤศจิกายน 2569 เปิด 09.00–12.00 น., 13.00–16.00 น."]),
        ("วันที่ 10 ธ.ค. เปิดทำการไหม", ["ปิดวันพฤหัสบดีที่ 10 ธันวาคม 2569 (วันรัฐธรรมนูญ)"]),
        ("สงกรานต์หยุดไหม", [
            "ปิดวันอังคารที่ 13 เมษายน 2570 – วันพฤหัสบดีที่ 15 เมษายน 2570 (วันสงกรานต์)"
        ]),
    ],
)  # fmt: skip
def test_a_question_about_another_day_is_answered_for_that_day(
    assistant: Assistant, question: str, lines: list[str]
) -> None:
    assert told(assistant, question, "2026-11-23 10:00")[3:] == lines


def test_each_office_has_its_own_hours() -> None:
    both = office("{monday-friday: 08:00-17:00}", "{monday: [22:00-02:00], thursday: 09.30-10.30}")

    assert told(both, NOW_EN, "2026-11-23 21:59") == [
        "Monday–Friday: 08:00–17:00",
        "Saturday–Sunday: closed",
        "Closed. Opens tomorrow, Tuesday 24 November 2026, at 08:00.",
    ]
    assert told(both, NOW_EN, "2026-11-23 21:59", office=1) == [
        "Monday: 22:00–02:00",
        "Tuesday–Wednesday: closed",
        "Thursday: 09:30–10:30",
        "Friday–Sunday: closed",
        "Closed. Opens today at 22:00.",
    ]


@pytest.mark.parametrize(
    ("moment", "line"),
    [
        ("2026-11-23 22:00", "Open until tomorrow, Tuesday 24 November 2026, at 02:00."),
        ("2026-11-24 00:00", "Open until 02:00."),
        ("2026-11-24 01:59", "Open until 02:00."),
        ("2026-11-24 02:00", "Closed. Opens Thursday 26 November 2026 at 09:30."),
    ],
)
def test_hours_may_pass_midnight(moment: str, line: str) -> None:
    both = office("{monday-friday: 08:00-17:00}", "{monday: [22:00-02:00], thursday: 09.30-10.30}")

    assert told(both, NOW_EN, moment, office=1)[-1] == line


def test_an_office_without_hours_is_said_to_have_none_beside_one_that_has(
    assistant: Assistant,
) -> None:
    line = "Hours not known; ring (+66 2) 222-22-22."

    assert told(assistant, NOW_EN, "2026-11-23 10:00", office=1) == [line]


@pytest.mark.parametrize(
    ("hours", "line"),
    [
        ("{monday-sunday: 00:00-24:00}", "Always open."),
        ("{monday-sunday: closed}", "Closed for good."),
        ("{monday: 12:00-24:00}", "Open until 24:00."),
    ],
)
def test_hours_without_an_end_and_to_the_end_of_a_day_are_said_as_such(
    hours: str, line: str
) -> None:
    assert told(office(hours), NOW_EN, "2026-11-23 23:59")[-1] == line


VALID_INTENT = """\
  fair:
    label: {th: งานออกร้าน, en: Fair}
    ask: {th: [งานออกร้านจัดเมื่อไร, มีงานแฟร์ไหม], en: [when is the bazaar, tell me about the fair]}
    reply: {th: จัดในสวน, en: In the garden}
    valid: {from: 2026-12-01, until: 2026-12-31}
    next: [embassy_phone]
"""


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-30 23:59:59", "Holds from 1 December 2026.\n\nIn the garden"),
        ("2026-12-01 00:00", "In the garden"),
        ("2026-12-31 23:59:59", "In the garden"),
        ("2027-01-01 00:00", "Held until 31 December 2026.\n\nIn the garden"),
    ],
)
def test_an_answer_is_said_not_to_hold_yet_or_any_more(moment: str, said: str) -> None:
    assert ask(office(more=VALID_INTENT), "when is the bazaar", moment).text == said


def test_the_end_of_an_answer_is_told_in_thai() -> None:
    reply = ask(office(more=VALID_INTENT), "งานออกร้านจัดเมื่อไร", "2027-01-01 00:00")

    assert reply.text == "ใช้ได้ถึง 31 ธันวาคม 2569\n\nจัดในสวน"
