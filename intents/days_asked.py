"""Which days a question asks about: "on Saturday", พรุ่งนี้, "12 August", "at Songkran".

Only what is sure: a day that is not understood is none, and the reply then speaks of now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from intents.hours import Schedule
from intents.text import normalise
from intents.years import unify

#: A day without a year is the next such day; a named one is looked for this far ahead.
_YEAR_DAYS = 366
#: Days of one feast, from the first on.
_FEAST_DAYS = 7

_MONTHS = (
    r"jan(?:uary)?|มกรา(?:คม)?|ม ?ค",
    r"feb(?:ruary)?|กุมภา(?:พันธ์)?|ก ?พ",
    r"mar(?:ch)?|มีนา(?:คม)?|มี ?ค",
    r"apr(?:il)?|เมษา(?:ยน)?|เม ?ย",
    r"may|พฤษภา(?:คม)?|พ ?ค",
    r"june?|มิถุนา(?:ยน)?|มิ ?ย",
    r"july?|กรกฎา(?:คม)?|ก ?ค",
    r"aug(?:ust)?|สิงหา(?:คม)?|ส ?ค",
    r"sept?(?:ember)?|กันยา(?:ยน)?|ก ?ย",
    r"oct(?:ober)?|ตุลา(?:คม)?|ต ?ค",
    r"nov(?:ember)?|พฤศจิกา(?:ยน)?|พ ?ย",
    r"dec(?:ember)?|ธันวา(?:คม)?|ธ ?ค",
)
_MONTH = "|".join(f"(?P<m{number}>{forms})" for number, forms in enumerate(_MONTHS, 1))
_YEAR = r"(?: ?(?:ปี|พ ?ศ|ค ?ศ)? ?(?P<year>\d{4})(?!\d))?"
_DATES = (
    re.compile(r"(?<!\d)(?P<year>\d{4}) (?P<month>\d{1,2}) (?P<day>\d{1,2})(?!\d)"),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ?(?:{_MONTH})(?![a-zก-๎]){_YEAR}"
    ),
    re.compile(
        rf"(?<![a-z])(?:{_MONTH})(?: the)? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\da-z]){_YEAR}"
    ),
)

#: The longest first: มะรืน is in no other, "day after tomorrow" holds "tomorrow".
_RELATIVE = (
    (re.compile(r"day after tomorrow|มะรืน"), 2),
    (re.compile(r"(?<![a-z])(?:tomorrow|tmrw?|tomorow)(?![a-z])|พรุ่งนี้|พรุ้งนี้"), 1),
    (re.compile(r"(?<![a-z])(?:today|tonight|now)(?![a-z])|วันนี้|ตอนนี้|ขณะนี้"), 0),
)


def _english_day(*forms: str) -> str:
    return rf"(?<![a-z])(?:{'|'.join(forms)})s?(?![a-z])"


#: Monday first. อาทิตย์ is also a week: it is a day after วัน or Saturday, or as the first word.
_WEEKDAYS = tuple(
    map(
        re.compile,
        (
            _english_day("monday", "mon") + "|จันทร์",
            _english_day("tuesday", "tue") + "|อังคาร",
            _english_day("wednesday", "wed") + "|(?<!วิสาข)พุธ",
            _english_day("thursday", "thur?") + "|พฤหัส",
            _english_day("friday", "fri") + "|ศุกร์",
            _english_day("saturday", "sat", "weekend") + "|เสาร์|สุดสัปดาห์",
            _english_day("sunday", "sun", "weekend")
            + "|วันอาทิตย์|เสาร์ ?(?:และ|หรือ|กับ)? ?อาทิตย์|^อาทิตย์(?!นี้|หน้า|ละ|ก่อน|ที่)|สุดสัปดาห์",
        ),
    )
)

#: What people call a public holiday, normalised, and what its English name has in it.
_HOLIDAYS = tuple(
    (re.compile(asked), name)
    for asked, name in (
        ("songkran|thai new year|สงกรานต์|ปีใหม่ไทย", "Songkran"),
        ("new years eve|สิ้นปี", "New Year's Eve"),
        ("(?<!chinese )(?<!lunar )new year|ปีใหม่(?!จีน)", "New Year"),
        ("makha|มาฆ", "Makha"),
        ("visakha|vesak|wisakha|วิสาข", "Visakha"),
        ("asalha|asarnha|asanha|อาสาฬห", "Asarnha"),
        ("buddhist lent|khao phansa|เข้าพรรษา", "Buddhist Lent"),
        ("labou?r day|may day|แรงงาน", "Labor Day"),
        ("chakri|วันจักรี", "Chakri"),
        ("coronation|ฉัตรมงคล", "Coronation"),
        ("queens birthday|วันเฉลิมพระชนมพรรษาพระราชินี", "Queen Suthida"),
        ("kings birthday|วันเฉลิมพระชนมพรรษาในหลวง", "King Maha Vajiralongkorn"),
        ("mothers day|วันแม่", "Mother's Day"),
        ("chulalongkorn|ปิยมหาราช", "Chulalongkorn"),
        ("fathers day|วันพ่อ", "Father's Day"),
        ("constitution|รัฐธรรมนูญ", "Constitution Day"),
    )
)


def days_asked(question: str, today: date, schedule: Schedule) -> tuple[date, ...]:
    """Returns the days that a question asks about, in order; empty if it names none to come.

    Args:
        question: as typed.
        today: in the time zone of the office.
        schedule: the office's, which knows days by name.
    """
    text = normalise(unify(question))
    ways = (_dates(text, today), _relative(text, today), _named(text, today, schedule))
    found = next((days for days in map(set, ways) if days), None) or set(_weekdays(text, today))
    return tuple(sorted(found))


def _dates(text: str, today: date) -> Iterator[date]:
    for pattern in _DATES:
        for found in pattern.finditer(text):
            if (day := _date(found.groupdict(), today)) and day >= today:
                yield day


def _date(parts: dict[str, str | None], today: date) -> date | None:
    """Returns the day that a date's parts stand for: the next one if they name no year."""
    months = (number for number in range(1, 13) if parts.get(f"m{number}"))
    month = int(parts.get("month") or next(months, 0))
    year = parts.get("year")
    # A date in figures is no year to `unify`; without a year 29 February may be 8 years away.
    years = (int(unify(year)),) if year else range(today.year, today.year + 9)
    for one in years:
        try:
            day = date(one, month, int(parts["day"] or ""))
        except ValueError:
            continue
        if day >= today:
            return day
    return None


def _relative(text: str, today: date) -> Iterator[date]:
    for pattern, days in _RELATIVE:
        if pattern.search(text):
            yield today + timedelta(days=days)
            return


def _weekdays(text: str, today: date) -> Iterator[date]:
    for weekday, pattern in enumerate(_WEEKDAYS):
        if pattern.search(text):
            yield today + timedelta(days=(weekday - today.weekday()) % 7)


def _named(text: str, today: date, schedule: Schedule) -> Iterator[date]:
    """Yields the next days that bear a name which the question says."""
    ahead = [today + timedelta(days=offset) for offset in range(_YEAR_DAYS)]
    for day, names in schedule.reasons.items():
        if day >= today and any(normalise(name) in text for name in names.values()):
            yield day
    if schedule.holidays is None:
        return
    name = next((name for asked, name in _HOLIDAYS if asked.search(text)), None)
    if name is None:
        return
    days = [day for day in ahead if name in schedule.name(day, "en")]
    yield from (day for day in days if day - days[0] < timedelta(days=_FEAST_DAYS))
