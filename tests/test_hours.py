"""When an office is open, against a scan of every minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.contact import Hours
from intents.hours import Schedule, parse_date, parse_span, parse_weekdays

BANGKOK = ZoneInfo("Asia/Bangkok")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("09:00-12:00", (540, 720)),
        ("9:00-12:00", (540, 720)),
        ("09.00 – 16.30", (540, 990)),
        ("00:00-24:00", (0, 1440)),
        ("22:00-02:00", (1320, 1560)),
        ("16:00-00:00", (960, 1440)),
        ("09:00-09:00", None),
        ("09:60-12:00", None),
        ("24:00-02:00", None),
        ("09:00-24:01", None),
        ("9-12", None),
        ("๐๙:๐๐-๑๒:๐๐", None),
        ("", None),
    ],
)
def test_a_span_of_hours_is_read(text: str, span: tuple[int, int] | None) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("monday", (0,)),
        ("monday-friday", (0, 1, 2, 3, 4)),
        ("saturday - monday", (5, 6, 0)),
        ("monday, wednesday-thursday", (0, 2, 3)),
        ("monday-friday-sunday", ()),
        ("mon", ()),
        ("", ()),
    ],
)
def test_days_of_the_week_are_read(key: str, days: tuple[int, ...]) -> None:
    assert parse_weekdays(key) == days


@pytest.mark.parametrize("key", ["2026-02-30", "2026-2-3", "2026-12", "20261231", "monday"])
def test_what_is_no_day_of_the_calendar_is_no_date(key: str) -> None:
    assert parse_date(key) is None


def is_open_by_scan(schedule: Schedule, now: datetime) -> bool:
    """Tells by the definition alone whether some span of today or yesterday holds a minute."""
    minute = 60 * now.hour + now.minute
    before = schedule.on(now.date() - timedelta(days=1))
    return any(start <= minute < end for start, end in schedule.on(now.date())) or any(
        start <= minute + 1440 < end for start, end in before
    )


def first_change_by_scan(schedule: Schedule, now: datetime) -> datetime:
    state, moment = is_open_by_scan(schedule, now), now.replace(second=0)
    while is_open_by_scan(schedule, moment) == state:
        moment += MINUTE
    return moment


CLOCK = st.integers(0, 1439).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
SPAN = st.tuples(CLOCK, CLOCK).filter(lambda ends: ends[0] != ends[1]).map("-".join)
SPANS = st.one_of(st.just("closed"), SPAN, st.lists(SPAN, min_size=1, max_size=3).map(tuple))
#: From the last days of December over the holidays of the new year.
DAYS = [f"2026-12-{day}" for day in range(28, 32)] + ["2027-01-01", "2027-01-02"]


@given(
    st.dictionaries(
        st.sampled_from(["monday", "tuesday-thursday", "friday", "saturday-sunday", *DAYS]), SPANS
    ),
    st.one_of(st.just("open"), SPANS),
    st.integers(0, 6 * 1440),
)
@settings(max_examples=150, deadline=None)
def test_the_next_change_is_the_first_minute_at_which_open_turns(
    hours: dict[str, Hours], on_holidays: Hours, offset: int
) -> None:
    schedule = Schedule.of({**hours, "public_holidays": on_holidays})
    now = datetime(2026, 12, 28, tzinfo=BANGKOK) + offset * MINUTE

    opening = schedule.opening(now)

    assert opening.is_open == is_open_by_scan(schedule, now)
    if opening.until is None:
        assert schedule.opening(now + timedelta(days=7)).is_open == opening.is_open
    else:
        assert opening.until == first_change_by_scan(schedule, now)


def test_a_public_holiday_is_like_other_days_unless_the_hours_speak_of_it() -> None:
    songkran = date(2026, 4, 13)

    assert Schedule.of({"monday": "09:00-12:00"}).on(songkran) == ((540, 720),)
    everyday = Schedule.of({"monday": "09:00-12:00", "public_holidays": "open"})
    assert everyday.on(songkran) == ((540, 720),)
    own = Schedule.of({"monday": "09:00-12:00", "public_holidays": "10:00-11:00"})
    assert own.on(songkran) == ((600, 660),)


def test_a_date_outweighs_the_public_holiday_that_it_is() -> None:
    hours: dict[str, Hours] = {"public_holidays": "closed", "2026-04-13": ("10:00-11:00",)}

    assert Schedule.of(hours).on(date(2026, 4, 13)) == ((600, 660),)


def test_hours_are_by_the_clock_on_the_wall_when_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    schedule = Schedule.of({"sunday": "09:00-12:00"})
    # On 29 March 2026 clocks there go forward at 02:00, so that 09:00 is 07:00 UTC and not 08:00.
    opening = schedule.opening(datetime(2026, 3, 28, 23, 0, tzinfo=berlin))

    assert opening.until is not None
    assert opening.until.astimezone(UTC) == datetime(2026, 3, 29, 7, 0, tzinfo=UTC)


def test_an_office_that_opens_on_no_known_day_has_no_next_opening() -> None:
    opening = Schedule.of({"2026-01-05": "09:00-12:00"}).opening(
        datetime(2026, 1, 5, 12, 0, tzinfo=BANGKOK)
    )

    assert (opening.is_open, opening.until) == (False, None)
