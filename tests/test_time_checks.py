"""Faults in `hours`, in `valid` and in the words that tell them, and what `check` remarks."""

from __future__ import annotations

import datetime

import pytest

from intents import quality
from intents.fitting import fit
from intents.loading import parse
from tests import opening_hours
from tests.knowledge_file import VALID, assert_only_fault

WORDS = opening_hours.WORDS.replace("contacts.consular", "contacts.office")
OFFICE = "    email: null\n"
REPLY = 'reply: {th: "โทร {contacts.office.phones}", en: "Call {contacts.office.phones}"}'
ADVICE = "write 09:00-16:00, several in a list, or closed"
DAYS = "write a weekday (monday-friday), a date (2026-12-31) or public_holidays"
SHAPE = "hours such as [09:00-12:00, 13:00-16:00], closed, or a reason in each language"
COPY = "needs the section time_words, which says it; copy it from the file that comes with infobot"


#: The remarks that are of interest here: the file is too thin for others.
REMARKED = ("these hours", "the hours of", "held until")


def with_hours(*lines: str, words: str = WORDS) -> str:
    hours = "".join(f"      {line}\n" for line in lines)
    return VALID.replace(OFFICE, f"{OFFICE}    hours:\n{hours}") + words


def with_valid(valid: str, words: str = WORDS) -> str:
    return VALID.replace("    card: office\n", f"    card: office\n    {valid}\n") + words


@pytest.mark.parametrize(
    "lines",
    [
        ("monday-friday: [09:00-12:00, 13:00-16:00]",),
        ('monday-friday: ["09:00-12:00", "13:00-16:00"]',),
        ("monday-friday: 09:00-12:00, 13:00-16:00",),
        ("monday-friday:", "  - 9.00-12.00", "  - 13.00-16.00"),
    ],
    ids=["plain", "quoted", "one text", "a list in lines"],
)
def test_hours_may_be_written_in_several_ways(lines: tuple[str, ...]) -> None:
    contact = parse(with_hours(*lines).encode(), "k.yaml").contacts["office"]

    assert list(contact.hours) == ["monday-friday"]


def test_all_that_hours_may_say_is_taken() -> None:
    lines = (
        "monday, wednesday-friday: 22:00-02:00",
        "saturday: closed",
        "public_holidays: open",
        "2026-12-31: closed",
        "2026-06-12: {th: วันรัสเซีย, en: Russia Day}",
    )

    assert len(parse(with_hours(*lines).encode(), "k.yaml").contacts["office"].hours) == 5


FAULTS = [
    ("a day is misspelt", ["‸mondey: closed"], "'mondey' is no day; did you mean 'monday'?"),
    ("a day is Thai", ["‸จันทร์: closed"], f"'จันทร์' is no day; {DAYS}"),
    ("a date is none", ["‸2026-02-30: closed"], f"'2026-02-30' is no day; {DAYS}"),
    ("a date is Buddhist", ["‸2569-12-31: closed"],
     "'2569-12-31' is in the Buddhist Era; write the year 2026"),
    ("a day stands twice", ["monday-friday: closed", "‸friday: closed"],
     "friday stands under monday-friday and under friday; keep one (see line 11)"),
    ("hours are none", ["monday: [09:00-12:00, ‸afternoon]"],
     f"'afternoon' is no span of hours; {ADVICE}"),
    ("hours in one text are none", ["monday: ‸9-5"], f"'9-5' is no span of hours; {ADVICE}"),
    ("hours are empty", ["monday: [‸13:00-13:00]"], f"'13:00-13:00' is no span of hours; {ADVICE}"),
    ("hours overlap", ["monday: [09:00-12:00, ‸11:00-13:00]"],
     "'11:00-13:00' begins before the hours in front of it end; "
     "write them in order, from one midnight on"),
    ("a weekday is open", ["monday: ‸open"], f"'open' is no span of hours; {ADVICE}"),
    ("a weekday has a reason", ["‸monday: {th: หยุด, en: Off}"],
     f"only of a date can be said why it is closed, not of 'monday'; {ADVICE}"),
    ("a reason lacks a language", ["‸2026-06-12: {en: Russia Day}"],
     "'2026-06-12' lacks the language 'th'; add a line th: ..."),
    ("nothing is written", ["‸monday:"], f"'monday' must be {SHAPE}"),
    ("hours are lists of lists", ["‸monday: [[09:00-12:00]]"], f"'monday' must be {SHAPE}"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "message"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS]
)
def test_a_fault_in_hours_is_told_with_its_place(lines: list[str], message: str) -> None:
    assert_only_fault(with_hours(*lines), message)


VALID_FAULTS = [
    ("valid: {until: ‸tomorrow}",
     "'tomorrow' is not a day; write YYYY-MM-DD, such as 2026-12-31"),
    ("valid: {until: ‸2026-12}", "'2026-12' is not a day; write YYYY-MM-DD, such as 2026-12-31"),
    ("valid: {until: ‸2569-12-31}", "'2569-12-31' is in the Buddhist Era; write the year 2026"),
    ("valid: {from: 2027-01-01, until: ‸2026-01-01}",
     "'2026-01-01' is before '2027-01-01'; exchange them"),
    ("‸valid: {until: null}", "'valid' needs from: or until:, with a day such as 2026-12-31"),
    ("valid: {‸til: 2026-01-01, from: 2025-01-01}",
     "unknown key 'til'; did you mean 'until'?"),
]  # fmt: skip


@pytest.mark.parametrize(("valid", "message"), VALID_FAULTS)
def test_a_fault_in_valid_is_told_with_its_place(valid: str, message: str) -> None:
    assert_only_fault(with_valid(valid), message)


def test_hours_and_valid_need_words_to_be_told_in() -> None:
    assert_only_fault(
        with_hours("monday: closed", words="").replace("    hours:", "    ‸hours:"),
        f"'hours' {COPY}",
    )
    assert_only_fault(with_valid("‸valid: {until: 2026-12-31}", words=""), f"'valid' {COPY}")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('en: "Open until {until}."', "en: ‸Open",
         "'Open' must hold {until}, which becomes when the office closes"),
        ('en: "On {day} open {hours}."', 'en: ‸"On {day} open"',
         "'On {day} open' must hold {hours}, which becomes the hours of that day"),
    ],
)  # fmt: skip
def test_words_for_times_hold_what_the_bot_fills_in(old: str, new: str, message: str) -> None:
    assert_only_fault(with_hours("monday: closed").replace(old, new), message)


def with_reply(reply: str) -> str:
    return with_hours("monday: closed").replace(REPLY, f"{REPLY}\n    {reply}")


def test_a_reply_with_hours_tells_hours() -> None:
    both = 'reply_with_hours: {th: "{contacts.office.hours}", en: ‸Closed}'
    message = "'Closed' must tell hours, such as {contacts.NAME.hours}; else reply: is enough"

    assert_only_fault(with_reply(both), message)


def test_hours_are_told_in_replies_only() -> None:
    text = with_hours("monday: closed").replace("en: Which}", 'en: ‸"{contacts.office.hours}"}')
    message = (
        "'{contacts.office.hours}' stands for nothing in this file; "
        "did you mean 'contacts.office.phones'?"
    )

    assert_only_fault(text, message)


def test_a_plain_reply_tells_only_hours_that_are_filled_in() -> None:
    hours = '"{contacts.office.hours}"'
    filled = with_hours("monday: closed").replace(REPLY, f"reply: {{th: {hours}, en: {hours}}}")
    empty = VALID.replace(REPLY, f"reply: {{th: โทร, en: ‸{hours}}}")

    parse(filled.encode(), "k.yaml")
    assert_only_fault(
        empty,
        "'{contacts.office.hours}' stands for nothing in this file; "
        "did you mean 'contacts.office.phones'?",
    )


def remarks_on(text: str, today: datetime.date) -> list[str]:
    data = text.encode()
    found = quality.remarks(fit(parse(data, "k.yaml")), data, "k.yaml", today)
    told = [remark.message for remark in found]
    return [message for message in told if any(word in message for word in REMARKED)]


def test_hours_that_no_reply_tells_and_that_are_silent_on_holidays_are_remarked() -> None:
    text = with_hours("monday: 09:00-12:00")

    assert remarks_on(text, datetime.date(2021, 6, 1)) == [
        "no reply tells these hours; put {contacts.office.hours} in one",
        "the hours of office do not say what holds on public_holidays; "
        "add public_holidays: closed, or open",
    ]
    whole = opening_hours.text({"embassy": "{monday: 09:00-12:00, public_holidays: closed}"})
    assert remarks_on(whole, datetime.date(2021, 6, 1)) == []


def test_an_answer_that_holds_no_more_is_remarked() -> None:
    text = with_valid("valid: {until: 2026-12-31}")

    assert remarks_on(text, datetime.date(2026, 12, 31)) == []
    assert remarks_on(text, datetime.date(2027, 1, 1)) == [
        "ring held until 2026-12-31; renew its reply or take it out"
    ]
