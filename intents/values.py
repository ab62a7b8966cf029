"""What one text in a knowledge file may look like, wherever it stands: numbers, dates, lengths.

Every `*_fault` takes a text that is not blank and returns what is wrong with it, None when nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz, process

from intents.faults import quoted
from intents.text import normalise

#: Telegram takes 4096 characters, https://core.telegram.org/bots/api#sendmessage; LINE 5000 UTF-16
#: units, https://developers.line.biz/en/reference/messaging-api/#text-message. This fits both.
REPLY_LIMIT_UTF16 = 4096
#: Quick reply label, in grapheme clusters:
#: https://developers.line.biz/en/reference/messaging-api/#message-action
LABEL_LIMIT = 20
#: A question that people type is shorter; a longer phrase is usually a reply in the wrong place.
PHRASE_LIMIT = 300
#: No document is dated later in the Common Era, nor earlier in the Buddhist Era.
FIRST_BUDDHIST_YEAR = 2400
#: The Buddhist Era, as Thailand counts it, is ahead of the Common Era by this many years.
BUDDHIST_OFFSET = 543

#: https://core.telegram.org/bots/api#botcommand
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
INTENT_ID = re.compile(r"[a-z][a-z0-9_]{0,49}")
#: https://www.rfc-editor.org/rfc/rfc5646#section-2.1, the part of it that is in use.
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
#: https://www.itu.int/rec/T-REC-E.164: at most 15 digits, the first of a country code never 0.
E164 = re.compile(r"\+[1-9][0-9]{7,14}")
PHONE_PUNCTUATION = re.compile(r"[\s()\-]")
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")
DATE = re.compile(r"(\d{4})(-\d{2})?(-\d{2})?", re.ASCII)
#: All but the line feed; a lone surrogate could not even be printed.
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
#: White space and characters that leave no mark on the screen.
INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060\ufeff]*")

ZERO_WIDTH_JOINER = "\u200d"
#: Thai and Lao AM, both joiners, skin tones: part of the cluster before them though no marks,
#: https://www.unicode.org/reports/tr29/#Grapheme_Cluster_Boundary_Rules
JOINED_TO_THE_LEFT = re.compile("[\u0e33\u0eb3\u200c\u200d\U0001f3fb-\U0001f3ff]")


def nearest(text: str, choices: Iterable[str]) -> str:
    """Returns the end of a message: the choice that was probably meant, else the few there are."""
    known = sorted(choices)
    best = process.extractOne(
        text, known, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=60
    )
    if best:
        return f"; did you mean {quoted(best[0])}?"
    return f"; write one of {', '.join(known)}" if 0 < len(known) <= 20 else ""


def alike(text: str) -> str:
    """Returns what two phrases are compared by; signs alone, such as 👋, by themselves."""
    return normalise(text) or " ".join(text.split())


def is_blank(text: str) -> bool:
    """Returns whether a reader would see nothing."""
    return INVISIBLE.fullmatch(text) is not None


def graphemes(text: str) -> int:
    """Returns how many characters a reader sees: น้ำ is one. A flag counts as two."""
    count, before = 0, ""
    for char in text:
        is_mark = unicodedata.category(char)[0] == "M" or JOINED_TO_THE_LEFT.match(char)
        count += not is_mark and before != ZERO_WIDTH_JOINER
        before = char
    return count


def control_fault(text: str) -> str | None:
    """Refuses control characters other than the end of a line."""
    found = CONTROL.search(text)
    if not found:
        return None
    return f"{quoted(text)} holds the control character U+{ord(found[0]):04X}; take it out"


def label_fault(text: str) -> str | None:
    """Refuses what a button would cut off."""
    if (count := graphemes(text)) <= LABEL_LIMIT:
        return None
    return f"the label {quoted(text)} has {count} characters; a button takes {LABEL_LIMIT}"


def phrase_fault(text: str) -> str | None:
    """Refuses what nobody would type as one question."""
    if len(text) <= PHRASE_LIMIT:
        return None
    return f"the phrase {quoted(text)} has {len(text)} characters; at most {PHRASE_LIMIT} are taken"


def utf16_length(text: str) -> int:
    """Returns how many UTF-16 units a text has, the unit in which the platforms count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def reply_fault(text: str, length: int) -> str | None:
    """Refuses what Telegram or LINE would; `length` in UTF-16 units, placeholders filled in."""
    if length <= REPLY_LIMIT_UTF16:
        return None
    return (
        f"the text {quoted(text)} has {length} characters with its facts filled in; "
        f"Telegram and LINE take {REPLY_LIMIT_UTF16}"
    )


def phone_fault(text: str) -> str | None:
    """Refuses a number that no telephone could dial from abroad."""
    if E164.fullmatch(PHONE_PUNCTUATION.sub("", text)):
        return None
    return (
        f"{quoted(text)} cannot be dialled: write + with country code and number, 8 to 15 digits, "
        "with nothing else but spaces, brackets and hyphens, such as (+66 2) 234-98-24"
    )


def email_fault(text: str) -> str | None:
    """Refuses what is no single e-mail address."""
    if EMAIL.fullmatch(text):
        return None
    return f"{quoted(text)} is not an e-mail address such as office@example.org"


def time_zone_fault(text: str) -> str | None:
    """Refuses a time zone that the IANA data of this machine does not know."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        known = nearest(text, available_timezones())
        return f"{quoted(text)} is not a time zone such as Asia/Bangkok{known}"
    return None


def date_fault(text: str) -> str | None:
    """Refuses a date that is not in the calendar or counts in the Buddhist Era."""
    found = DATE.fullmatch(text)
    try:
        date.fromisoformat(f"{found[1]}{found[2] or '-01'}{found[3] or '-01'}" if found else "")
    except ValueError:
        return f"{quoted(text)} is not a date; write YYYY, YYYY-MM or YYYY-MM-DD, such as 2021-03"
    if found and (year := int(found[1])) >= FIRST_BUDDHIST_YEAR:
        return f"{quoted(text)} is in the Buddhist Era; write the year {year - BUDDHIST_OFFSET}"
    return None


def degrees_fault(text: str, limit: float) -> str | None:
    """Refuses a number outside -limit..limit; what is no number is another's business."""
    try:
        degrees = float(text)
    except ValueError:
        return None
    if -limit <= degrees <= limit:
        return None
    return f"{quoted(text)} degrees are not on the map; write a number from -{limit} to {limit}"


def intent_id_fault(text: str) -> str | None:
    """Refuses ids that would not fit into a button's hidden data."""
    if INTENT_ID.fullmatch(text):
        return None
    return (
        f"{quoted(text)} is not an intent id: write small letters a-z, digits and _, "
        "a letter first, at most 50 in all, such as embassy_phone"
    )


def language_fault(text: str) -> str | None:
    """Refuses what is no language code."""
    if LANGUAGE_CODE.fullmatch(text):
        return None
    return f"{quoted(text)} is not a language code; write two or three letters such as th or en"


def length_fault(text: str, limit: int) -> str | None:
    """Returns what is wrong with a text that a platform takes up to `limit` characters of."""
    if len(text) <= limit:
        return None
    return f"{quoted(text)} has {len(text)} characters; at most {limit} are taken"


def command_fault(name: str) -> str | None:
    """Returns what is wrong with the name of a command (Telegram's rule for BotCommand)."""
    if COMMAND.fullmatch(name):
        return None
    return f"{quoted(name)} must be 1 to 32 small letters, digits and underscores"
