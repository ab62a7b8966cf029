"""Days and times of day as people of each language write them.

A third language is a row of `CALENDARS`. Years are of the Buddhist Era in Thai, 543 ahead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from intents.years import BUDDHIST_OFFSET

_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Calendar:
    """The words of a language for days and times."""

    weekdays: tuple[str, ...]
    """Monday first."""
    months: tuple[str, ...]
    weekday_date: str
    """A day with its {weekday}."""
    plain_date: str
    year_offset: int
    clock: str
    """What a clock shows, of {hour} and {minute}."""
    time: str
    """A time of day, or a span of them, of what the {clock} shows."""
    at: str
    """A {day} and a {time}."""
    today: str
    tomorrow: str
    """Tomorrow, which is {day}."""
    every_day: str
    public_holidays: str
    closed: str


CALENDARS = {
    "th": Calendar(
        weekdays=("วันจันทร์", "วันอังคาร", "วันพุธ", "วันพฤหัสบดี", "วันศุกร์", "วันเสาร์", "วันอาทิตย์"),
        months=(
            "มกราคม",
            "กุมภาพันธ์",
            "มีนาคม",
            "เมษายน",
            "พฤษภาคม",
            "มิถุนายน",
            "กรกฎาคม",
            "สิงหาคม",
            "กันยายน",
            "ตุลาคม",
            "พฤศจิกายน",
            "ธันวาคม",
        ),
        weekday_date="{weekday}ที่ {day} {month} {year}",
        plain_date="{day} {month} {year}",
        year_offset=BUDDHIST_OFFSET,
        clock="{hour:02}.{minute:02}",
        time="{clock} น.",
        at="{day} เวลา {time}",
        today="วันนี้",
        tomorrow="วันพรุ่งนี้ ({day})",
        every_day="ทุกวัน",
        public_holidays="วันหยุดนักขัตฤกษ์",
        closed="ปิดทำการ",
    ),
    "en": Calendar(
        weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        months=(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        weekday_date="{weekday} {day} {month} {year}",
        plain_date="{day} {month} {year}",
        year_offset=0,
        clock="{hour:02}:{minute:02}",
        time="{clock}",
        at="{day} at {time}",
        today="today",
        tomorrow="tomorrow, {day},",
        every_day="Every day",
        public_holidays="Public holidays",
        closed="closed",
    ),
}


def in_words(day: date, language: str, *, with_weekday: bool = True) -> str:
    """Returns a day with its year: Monday 13 April 2026, วันจันทร์ที่ 13 เมษายน 2569."""
    calendar = CALENDARS[language]
    template = calendar.weekday_date if with_weekday else calendar.plain_date
    return template.format(
        weekday=calendar.weekdays[day.weekday()],
        day=day.day,
        month=calendar.months[day.month - 1],
        year=day.year + calendar.year_offset,
    )


def days_in_words(first: date, last: date, language: str) -> str:
    """Returns days in a row, or the one."""
    if first == last:
        return in_words(first, language)
    return f"{in_words(first, language)} – {in_words(last, language)}"


def weekdays_in_words(first: int, last: int, language: str) -> str:
    """Returns weekdays in a row, Monday 0, or the one."""
    names = CALENDARS[language].weekdays
    if (first, last) == (0, 6):
        return CALENDARS[language].every_day
    return names[first] if first == last else f"{names[first]}–{names[last]}"


def spans_in_words(spans: Iterable[tuple[int, int]], language: str) -> str:
    """Returns spans, in minutes from midnight, as times of day; "closed" if there are none."""
    calendar = CALENDARS[language]
    clocks = (f"{_clock(start, language)}–{_clock(end, language)}" for start, end in spans)
    return ", ".join(calendar.time.format(clock=span) for span in clocks) or calendar.closed


def _clock(minutes: int, language: str) -> str:
    # An office that closes with the day closes at 24:00, one that closes at 02:00 closes later.
    shown = minutes if minutes <= _DAY_MINUTES else minutes - _DAY_MINUTES
    hour, minute = divmod(shown, 60)
    return CALENDARS[language].clock.format(hour=hour, minute=minute)


def _time(minutes: int, language: str) -> str:
    return CALENDARS[language].time.format(clock=_clock(minutes, language))


def end_in_words(moment: datetime, now: datetime, language: str) -> str:
    """Returns when something ends, as seen from `now`: the time alone if it is today."""
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), now.tzinfo)
    if moment == midnight:
        return _time(_DAY_MINUTES, language)
    if moment.date() == now.date():
        return _time(60 * moment.hour + moment.minute, language)
    return moment_in_words(moment, now, language)


def moment_in_words(moment: datetime, now: datetime, language: str) -> str:
    """Returns a moment as seen from `now`: "today at 13:00", "Monday 4 May 2026 at 09:00"."""
    calendar = CALENDARS[language]
    days_ahead = (moment.date() - now.date()).days
    day = in_words(moment.date(), language)
    if days_ahead < 2:
        day = calendar.tomorrow.format(day=day) if days_ahead else calendar.today
    return calendar.at.format(day=day, time=_time(60 * moment.hour + moment.minute, language))
