"""Takes out of a text what tells who wrote it, before the text is kept. Pure and idempotent.

Phone, card and identity numbers, passports, e-mail addresses, links that lead to more than a site,
accounts (`@name`, a LINE ID) and keys become placeholders such as <phone>. Years, dates, times and
short numbers stay, as questions are about them. Names stay too: nothing here can tell a person's
from a street's.
"""

from __future__ import annotations

import re
from collections.abc import Callable

#: What may stand between the digits of one number: spaces, dots, slashes, brackets, all that looks
#: like a hyphen, and what is not seen at all.
_BETWEEN = r"[\s.()/_·•~*|\-‐-―−\u00ad\u200b-\u200f\u2060\ufeff]{0,3}"

_EMAILS = (
    re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"),
    # In other letters, where only a space tells the end; so looked for second.
    re.compile(r"[^\s@<>]{1,64}@[^\s@<>.]{1,63}(?:\.[^\s@<>.]{1,63})+"),
    # As people write where the rest goes without saying: somchai@gmail.
    re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z][A-Za-z0-9-]{1,62}"),
)

_ACCOUNT = re.compile(r"(?<![A-Za-z0-9._%+-])@[A-Za-z][A-Za-z0-9._-]{2,63}")
#: Without a sign before it, only what no word of a sentence is: with a digit or a line in it.
_LINE_ID = re.compile(
    r"((?:line[ -]?id|id[ -]?line|ไอดีไลน์|ไลน์ไอดี) ?(?:[:=] ?|คือ ?|(?=[a-z.-]{0,30}[0-9_])))"
    r"[a-z0-9][a-z0-9._-]{3,63}",
    re.IGNORECASE,
)

#: A site alone stays; with a path, a query or a user's name it may let somebody in.
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]{1,15}://[^\s/?#@<>]{0,255}(?:@|[/?#][^\s<>])[^\s<>]*"
    r"|(?<![A-Za-z0-9-])(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}[/?][^\s<>]+",
    re.IGNORECASE,
)

#: Keys, tokens, account numbers with letters: long, of letters and digits.
_KEY = re.compile(
    r"(?<![A-Za-z0-9_-])(?=[A-Za-z_-]*[0-9])(?=[0-9_-]*[A-Za-z])[A-Za-z0-9_-]{20,}(?:\.[A-Za-z0-9_-]+)*"
)

#: One or two letters and six to nine digits, as most countries number passports (ICAO Doc 9303
#: allows nine characters); or nine characters of which five or more are digits, as Germany does.
_PASSPORT = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z]{1,2}-?|[A-Z]{1,2} )\d{6,9}(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])(?=(?:[A-Za-z]*\d){5})(?=\d*[A-Za-z]\d*[A-Za-z0-9])[A-Za-z0-9]{9}(?![A-Za-z0-9])"
)

_NUMBER = re.compile(rf"\(?[+＋]?\(?\d(?:{_BETWEEN}\d)*")
#: Commas part thousands, but no sum begins with a nought.
_WITH_COMMAS = re.compile(r"(?<![\d,])[0๐]\d{1,2}(?:, ?\d{3,4}){2}(?!\d)")

#: Numbers with fewer digits stay: rooms, postal codes, sums.
_FEWEST_DIGITS = 7

#: Years of the common and of the Buddhist era.
_YEAR = re.compile(r"(?:19|20|24|25)\d\d")
#: A day or a month.
_SHORT = re.compile(r"[1-9]\d?")
_DATE = re.compile(
    r"(?P<first>\d{1,2})(?P<sign>[./-])\d{1,2}(?P=sign)(?:(?:19|20|24|25)\d\d|\d\d)"
    r"|(?:19|20|24|25)\d\d(?P<sign2>[./-])\d{1,2}(?P=sign2)\d{1,2}"
)
#: From a day to a day.
_DATES = re.compile(r"(?:\d{1,2}([./-])\d{1,2}\1(?:19|20|24|25)\d\d(?:\s*[-–]\s*|$)){2}")
#: Hours as Thais write them: 8.30-16.30.
_TIMES = re.compile(r"(?:(?:[01]?\d|2[0-4])\.[0-5]\d(?:\s*[-–]\s*|\s+|$))+")

#: Country code of Thailand (ITU-T E.164), by which some write their number without a plus sign.
_THAILAND = "66"

_LONGEST_PHONE = 12


def masked(text: str) -> str:
    """Returns a text with placeholders for what tells who wrote it."""
    if "/" in text or "?" in text:
        text = _LINK.sub("<link>", text)
    if "@" in text:
        for pattern in _EMAILS:
            text = pattern.sub("<email>", text)
        text = _ACCOUNT.sub("<account>", text)
    text = _LINE_ID.sub(r"\1<account>", text)
    text = _WITH_COMMAS.sub("<phone>", text)
    text = _KEY.sub("<key>", text)
    text = _PASSPORT.sub("<passport>", text)
    return _NUMBER.sub(_mask_number, text)


def _mask_number(found: re.Match[str]) -> str:
    number = found[0]
    # In the digits of any script, int() reads; Thai ones above all.
    groups = ["".join(str(int(digit)) for digit in part) for part in re.findall(r"\d+", number)]
    digits = "".join(groups)
    if len(digits) < _FEWEST_DIGITS or _is_dates(number, groups):
        return number
    return next(placeholder for placeholder, fits in _KINDS if fits(number, digits))


def _is_dates(number: str, groups: list[str]) -> bool:
    if "+" in number or "＋" in number or groups[0] == _THAILAND:
        return False
    written = number.translate(_ASCII_DIGITS).lstrip("(")
    if any(pattern.fullmatch(written) for pattern in (_DATE, _DATES, _TIMES)):
        return True
    return any(map(_YEAR.fullmatch, groups)) and all(
        _YEAR.fullmatch(group) or _SHORT.fullmatch(group) for group in groups
    )


_ASCII_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def _is_thai_id(_number: str, digits: str) -> bool:
    """Tells by the check digit: the weights of the first twelve fall from 13 to 2."""
    if len(digits) != 13:
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, range(13, 1, -1), strict=False)
    )
    return (11 - total % 11) % 10 == int(digits[12])


def _is_card(_number: str, digits: str) -> bool:
    """Tells by the check digit of ISO/IEC 7812 (Luhn)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return 13 <= len(digits) <= 19 and sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _is_phone(number: str, digits: str) -> bool:
    is_abroad = number.startswith(("+", "＋", "(+"))
    return is_abroad or len(digits) <= _LONGEST_PHONE


#: The first that fits is said.
_KINDS: tuple[tuple[str, Callable[[str, str], bool]], ...] = (
    ("<id>", _is_thai_id),
    ("<card>", _is_card),
    ("<phone>", _is_phone),
    ("<id>", lambda _number, digits: len(digits) == 13),
    ("<number>", lambda _number, _digits: True),
)
