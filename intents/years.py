"""Years of the Buddhist and the Common Era, long and short, as one: 2559, ๒๕๕๙, ปี 59, 2016, '16.

The Buddhist era of Thailand runs 543 years ahead (https://www.unicode.org/reports/tr35/, calendar
type "buddhist").
"""

from __future__ import annotations

import re

BUDDHIST_OFFSET = 543
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_FIRST, _LAST = 1900, 2099
#: '97 is 1997, '21 is 2021.
_LAST_OF_THIS_CENTURY = 50
#: A round number of people is likelier than the year 1957.
_NOT_A_YEAR = frozenset({2500})

#: Hardly any text has one, and looking for it is ten times quicker than looking for years.
_DIGIT = re.compile(r"\d")

_MONTH = (
    "มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม"
    r"|ม\.?ค|ก\.?พ|มี\.?ค|เม\.?ย|พ\.?ค|มิ\.?ย|ก\.?ค|ส\.?ค|ก\.?ย|ต\.?ค|พ\.?ย|ธ\.?ค"
)
_BUDDHIST_SHORT = re.compile(
    rf"(ปี\s*(?:พ\.?\s*ศ\.?\s*)?|พ\.?\s*ศ\.?\s*|(?:{_MONTH})\.?\s*)(\d\d)(?![\d:]|[.,]\d)"
)
_COMMON_SHORT = re.compile(r"(?<![a-zA-Z\d'])(?:['’‘`]|ค\.?\s*ศ\.?\s*)(\d\d)(?![\d:]|[.,]\d)")
_LONG = re.compile(r"(?<!\d)(?<!\d[.,:/+-])(?<!(?<!\d)\d{3} )(\d{4})(?![\d:/]|[.,-]\d)")


def _common_short(found: re.Match[str]) -> str:
    return f" {'19' if int(found[1]) > _LAST_OF_THIS_CENTURY else '20'}{found[1]}"


def _long(found: re.Match[str]) -> str:
    year = int(found[1])
    if year not in _NOT_A_YEAR and _FIRST <= year - BUDDHIST_OFFSET <= _LAST:
        return str(year - BUDDHIST_OFFSET)
    return found[0]


def unify(text: str) -> str:
    """Returns `text` with every year it names in four digits of the Common Era.

    Two digits are a year only where the writer says so: after ปี, พ.ศ. or a month in Thai
    (Buddhist era), after an apostrophe or ค.ศ. (Common Era).
    """
    text = text.translate(_DIGITS)
    if not _DIGIT.search(text):
        return text
    text = _COMMON_SHORT.sub(_common_short, text)
    text = _BUDDHIST_SHORT.sub(lambda found: f"{found[1]} 25{found[2]}", text)
    return _LONG.sub(_long, text)


def years(text: str) -> frozenset[int]:
    """Returns the years that a unified text names, in the Common Era."""
    if not _DIGIT.search(text):
        return frozenset()
    return frozenset(
        year for found in _LONG.finditer(text) if _FIRST <= (year := int(found[1])) <= _LAST
    )
