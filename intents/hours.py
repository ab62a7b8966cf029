"""When an office is open: from what stands under its `hours` to "is it open?" and "when next?".

Pure; the moment is an argument, in the time zone in which the hours are meant. Hours are wall-clock
times, and moments are compared in UTC, so that they hold in zones that change their clocks too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from intents import public_holidays
from intents.contact import Hours
from intents.fields import Localized

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PUBLIC_HOLIDAYS = "public_holidays"
#: What may stand in the place of hours. Open is said of public holidays: as on other days.
CLOSED, OPEN = "closed", "open"

#: Minutes from the midnight with which a day begins; the end is later than a day if the office
#: stays open past the next midnight.
Span = tuple[int, int]

_DAY_MINUTES = 24 * 60
_SPAN = re.compile(r"(\d{1,2})[:.](\d\d)\s*[-–]\s*(\d{1,2})[:.](\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

#: An office that opens on no day this far ahead is closed until further notice.
HORIZON_DAYS = 400


def parse_span(text: str) -> Span | None:
    """Returns the span that a text such as 09:00-12:00 stands for; None if it is none."""
    found = _SPAN.fullmatch(text.strip())
    if not found:
        return None
    first, first_minute, last, last_minute = map(int, found.groups())
    start, end = 60 * first + first_minute, 60 * last + last_minute
    if max(first_minute, last_minute) > 59 or start >= _DAY_MINUTES or end > _DAY_MINUTES:
        return None
    if start == end:
        return None
    return (start, end) if start < end else (start, end + _DAY_MINUTES)


def parse_weekdays(key: str) -> tuple[int, ...]:
    """Returns the weekdays, Monday 0, of a key such as "monday-friday"; empty if it names none."""
    found: list[int] = []
    for part in key.split(","):
        names = [name.strip() for name in part.split("-")]
        if len(names) > 2 or any(name not in WEEKDAYS for name in names):
            return ()
        first, last = WEEKDAYS.index(names[0]), WEEKDAYS.index(names[-1])
        found += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return tuple(found)


def parse_date(key: str) -> date | None:
    """Returns the day of a key such as 2026-12-31, None if it is none."""
    try:
        return date.fromisoformat(key) if _DATE.fullmatch(key) else None
    except ValueError:
        return None


def texts_of(hours: str | tuple[str, ...]) -> list[str]:
    """Returns hours, written as a list or as one text with commas, one by one."""
    return [part.strip() for part in hours.split(",")] if isinstance(hours, str) else list(hours)


def _spans(hours: Hours) -> tuple[Span, ...]:
    if isinstance(hours, dict) or hours == CLOSED:
        return ()
    return tuple(sorted(span for text in texts_of(hours) if (span := parse_span(text))))


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether an office is open at a moment, and until when that stays so."""

    is_open: bool
    until: datetime | None
    """When it closes or opens next; None if it never does, as far as is known."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The hours of an office, day by day."""

    week: tuple[tuple[Span, ...], ...]
    """For each weekday, Monday first, when the office is open."""
    holidays: tuple[Span, ...] | None
    """When it is open on public holidays; None if these are like other days."""
    dates: Mapping[date, tuple[Span, ...]]
    """When it is open on single days, whatever else they are."""
    reasons: Mapping[date, Localized]
    """Why it is closed on some of these."""

    @classmethod
    def of(cls, hours: Mapping[str, Hours]) -> Schedule:
        """Returns the schedule of an office from what stands under its `hours`, free of faults."""
        week: list[tuple[Span, ...]] = [()] * 7
        dates = {}
        for key, value in hours.items():
            for weekday in parse_weekdays(key):
                week[weekday] = _spans(value)
            if day := parse_date(key):
                dates[day] = _spans(value)
        on_holidays = hours.get(PUBLIC_HOLIDAYS, OPEN)
        return cls(
            week=tuple(week),
            holidays=None if on_holidays == OPEN else _spans(on_holidays),
            dates=dates,
            reasons={
                day: value
                for key, value in hours.items()
                if isinstance(value, dict) and (day := parse_date(key))
            },
        )

    def on(self, day: date) -> tuple[Span, ...]:
        """Returns when the office is open on a day; spans may reach into the next one."""
        if day in self.dates:
            return self.dates[day]
        if self.holidays is not None and public_holidays.name(day, "en"):
            return self.holidays
        return self.week[day.weekday()]

    def name(self, day: date, language: str) -> str:
        """Returns what makes a day another than its weekday, such as a holiday's name; or ""."""
        if day in self.reasons:
            return self.reasons[day][language]
        return public_holidays.name(day, language) if self.holidays is not None else ""

    def is_exception(self, day: date) -> bool:
        """Tells whether the office is closed on a day on which it would else be open."""
        return bool(self.week[day.weekday()]) and not self.on(day)

    def opening(self, now: datetime) -> Opening:
        """Returns whether the office is open at a moment of its time zone, and until when."""
        zone = now.tzinfo or UTC
        moment = now.astimezone(UTC)
        for start, end in self._periods(now.date() - timedelta(days=1), zone):
            if end > moment:
                is_open = start <= moment
                until = end if is_open else start
                is_known = until < _instant(now.date() + timedelta(days=HORIZON_DAYS), 0, zone)
                return Opening(is_open, until.astimezone(zone) if is_known else None)
        return Opening(is_open=False, until=None)

    def _periods(self, first: date, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
        """Yields the times in UTC when the office is open, in order, none touching the next."""
        period: tuple[datetime, datetime] | None = None
        for offset in range(HORIZON_DAYS + 2):
            day = first + timedelta(days=offset)
            for span in self.on(day):
                start, end = (_instant(day, minutes, zone) for minutes in span)
                if period and start <= period[1]:
                    period = (period[0], max(period[1], end))
                    continue
                if period:
                    yield period
                period = (start, end)
        if period:
            yield period


def _instant(day: date, minutes: int, zone: tzinfo) -> datetime:
    """Returns in UTC the moment at which a clock in the zone shows a time of a day."""
    shown = datetime.combine(day, time(), zone) + timedelta(minutes=minutes)
    return shown.astimezone(UTC)
