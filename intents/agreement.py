"""What a question names, against what an intent speaks of: the guard against near misses.

"The German embassy's phone" is as like "the Russian embassy's phone" as two questions can be, and
no similarity score tells them apart (docs/understanding.md). So what a question names is looked
up: countries, cities and organisations (`data/names.tsv`), ordinals, years, and the kind of answer
asked for (`data/answer_kinds.tsv`). An intent speaks of what its own examples and its reply name;
a question that names something else is a near miss, and the bot says so.

Pure; works on texts normalised by `text.normalise` after `years.unify`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from intents.elsewhere import is_asked_for
from intents.lookup import Lookup
from intents.text import normalise
from intents.years import years

_THIRD_TO_TWENTIETH = (
    "third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth"
    "|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth"
)
_THAI_ONES = ("", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_THAI_TENS = ("", "สิบ", "ยี่สิบ", "สามสิบ", "สี่สิบ", "ห้าสิบ")
_THAI_NUMBERS = {
    tens + ("เอ็ด" if tens and number == 1 else ones): 10 * ten + number
    for ten, tens in enumerate(_THAI_TENS)
    for number, ones in enumerate(_THAI_ONES)
    if tens or ones
}
_WORD_ORDINALS = {
    "first": 1,
    "ครั้งแรก": 1,
    **_THAI_NUMBERS,
    **{word: number for number, word in enumerate(_THIRD_TO_TWENTIETH.split("|"), start=3)},
}
_LONGEST_FIRST = "|".join(sorted(_THAI_NUMBERS, key=len, reverse=True))
_ORDINAL = re.compile(
    rf"(?:ครั้งที่|รอบที่|หนที่)\s*({_LONGEST_FIRST})"
    r"|(?:ครั้งที่|รอบที่|ครั้ง|หนที่)\s*(\d{1,3})(?!\d)|(?<![a-z\d])(\d{1,3})(?:st|nd|rd|th)(?![a-z])"
    r"|(?<![a-z\d])(?:asem|summit|ซัมมิต|อาเซม)\s?(\d{1,3})(?!\d)"
    rf"|(?<![a-z])({_THIRD_TO_TWENTIETH})(?![a-z])"
    r"|(?<![a-z])(first) (?:ever )?(?:asem|summit|asia europe)|(?:ประชุม|asem|อาเซม|ซัมมิต)\s?(ครั้งแรก)"
)

#: Without a digit and any of these a text has no ordinal: a look that costs a tenth.
_COUNTING = ("first", "ครั้ง", "รอบที่", "หนที่", *_THIRD_TO_TWENTIETH.split("|"))
_DIGIT = re.compile(r"\d")

#: "May 1st" is a day and no first of anything.
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAY_OF_MONTH = re.compile(
    rf"(?<![a-z\d])(?:(?:{_MONTH})[a-z]* (?:the )?\d{{1,2}}(?:st|nd|rd|th)"
    rf"|\d{{1,2}}(?:st|nd|rd|th) (?:of )?(?:{_MONTH})[a-z]*)(?![a-z])"
)

#: A sign written on the letter before it.
_ON_LETTER = re.compile("[ัิ-ฺ็-์]")

#: Rows of names.tsv that are a near miss only where they are asked for, as an owner: hospital.
PLACE = "place"

#: Rows of names.tsv that keep a name inside an ordinary word from being found: ขนมจีน is no China.
_ORDINARY = "word"


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a text names."""

    kind: str
    """owner, country, city, organisation, place, ordinal, year, or an answer kind such as price."""
    key: str
    """Which one, the same for all its spellings: de, pattaya, 14; empty for an answer kind."""
    surface: str
    """How the text spells it."""

    @property
    def identity(self) -> tuple[str, str]:
        """What makes two of them the same thing, whatever the spelling."""
        return self.kind, self.key


def _is_thai(form: str) -> bool:
    return any("\u0e00" <= char <= "\u0e7f" for char in form)


#: The kind and key of what an expression names; whether a word may go on after it.
_Thing = tuple[str, str, bool]


def _lookup(expressions: Iterable[tuple[str, str, str]]) -> Lookup[_Thing]:
    return Lookup(
        (normalise(form), (kind, key, form.endswith("*") or _is_thai(form)))
        for form, kind, key in expressions
    )


def _find(lookup: Lookup[_Thing], text: str) -> Iterator[Named]:
    """Yields what stands in a text, from left to right and without overlaps, the longest first."""
    end = 0
    for place, form, (kind, key, is_open) in lookup.find(text):
        if place >= end and _stands_alone(form, text, place, is_open=is_open):
            yield Named(kind, key, form)
            end = place + len(form)


def _stands_alone(form: str, text: str, place: int, *, is_open: bool) -> bool:
    """Tells whether an expression at a place of a text is no part of another word."""
    end = place + len(form)
    if _is_thai(form):
        return not _ON_LETTER.match(text, end)  # it belongs to the last letter: another word
    starts = place == 0 or not (text[place - 1].isascii() and text[place - 1] != " ")
    return starts and (is_open or end == len(text) or not text[end].isascii() or text[end] == " ")


def _lines(name: str) -> Iterator[list[str]]:
    for line in files("intents").joinpath("data", name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _forms(*cells: str) -> Iterator[str]:
    for cell in cells:
        yield from filter(None, cell.split("|"))


@cache
def _names() -> Lookup[_Thing]:
    return _lookup(
        (form, kind, key)
        for kind, key, english, thai in _lines("names.tsv")
        for form in _forms(english, thai)
    )


@cache
def _answer_kinds() -> Lookup[_Thing]:
    return _lookup(
        (form, kind, "")
        for kind, english, thai in _lines("answer_kinds.tsv")
        for form in _forms(english, thai)
    )


def _ordinals(text: str) -> Iterator[Named]:
    if not _DIGIT.search(text) and not any(word in text for word in _COUNTING):
        return
    for found in _ORDINAL.finditer(_DAY_OF_MONTH.sub("|", text)):
        number = next(group for group in found.groups() if group)
        yield Named("ordinal", str(_WORD_ORDINALS.get(number, number)), found[0].strip())


def named(text: str, offices: Sequence[str] = ()) -> list[Named]:
    """Returns everything that a normalised text names, each once, in no particular order.

    Args:
        text: a normalised text.
        offices: words such as "embassy"; a country right at one of them is whose office it is.
    """
    names = dict.fromkeys(name for name in _find(_names(), text) if name.kind != _ORDINARY)
    spoken_years = [Named("year", str(year), str(year)) for year in years(text)]
    is_owner = {"country": _is_owner, PLACE: is_asked_for}
    owners = [
        Named("owner", name.key, name.surface)
        for name in names
        if name.kind in is_owner and is_owner[name.kind](name.surface, text, offices)
    ]
    others = (*_find(_answer_kinds(), text), *_ordinals(text), *spoken_years)
    return list(dict.fromkeys((*owners, *names, *others)))


def _is_owner(country: str, text: str, offices: Sequence[str]) -> bool:
    """Tells whether a text says "German embassy", "embassy of Germany" or สถานทูตเยอรมัน."""
    return any(
        f"{country} {office}" in text
        or f"{office} of {country}" in text
        or f"{office} of the {country}" in text
        or (_is_thai(office) and f"{office}{country}" in text)
        for office in offices
    )


#: Where somebody is or comes from is background: "I live in Phuket", จะขับรถจากพัทยา.
_ORIGIN = re.compile(
    r"(?:(?<![a-z])(?:from|im in|i am in|we are in|were in|live in|lives in|living in|based in"
    r"|staying in|born in|born here in|stuck in|working in|working at|here in|my)\s(?:the\s)?"
    r"|(?<![a-z])(?:lost|stolen|stole|robbed|died|dead|arrested|detained|jailed|hurt|crashed)"
    r"(?:\s[a-z]+){0,4}\s(?:in|on|at|near)\s"
    r"|(?:หาย|ขโมย|เสียชีวิต|ถูกจับ|ติดคุก|อุบัติเหตุ|ป่วย)(?:อยู่)?(?:ที่|แถว)\s?"
    r"|(?:จาก|อยู่|อยู่ที่|อยู่แถว|มาจาก|เกิดที่|ทำงานที่|คลอดที่|แต่งงานกับ|แฟน|สามี|ภรรยา"
    r"|ลูกค้า|เพื่อน)(?:เป็น)?(?:คน|ชาว)?\s?)$"
)
_ORIGIN_CHARS = 40  # no such expression is longer
_REGIONS = frozenset({"country", "city"})

#: Stands for every key of a kind.
ANY = "*"

#: Of several of these one that fits is enough: "2018 or 2019?", "is ASEM like ASEAN?"
_ONE_IS_ENOUGH = frozenset({"year", "organisation"})


def is_background(thing: Named, text: str) -> bool:
    """Tells whether a text names a place only as where somebody is or comes from."""
    places = (found.start() for found in re.finditer(re.escape(thing.surface), text))
    before = (text[max(0, place - _ORIGIN_CHARS) : place] for place in places)
    return thing.kind in _REGIONS and any(map(_ORIGIN.search, before))


@dataclass(frozen=True, slots=True)
class Scope:
    """What an intent speaks of."""

    names: frozenset[tuple[str, str]]
    """Identities of what its examples and its reply name."""
    subjects: frozenset[str] = frozenset()
    """Countries that many of its examples name; empty if there are none."""


def strangers(things: Sequence[Named], text: str, scope: Scope) -> list[Named]:
    """Returns what a normalised text names and an intent does not speak of.

    Args:
        things: what the text names.
        text: the question, or the part of it that matters.
        scope: what the intent speaks of.
    """
    kinds = {kind for kind, _ in scope.names}
    fitting = {thing.kind for thing in things if thing.identity in scope.names}
    strange = [
        thing
        for thing in things
        if thing.kind != PLACE
        and thing.identity not in scope.names
        and (thing.kind, ANY) not in scope.names
        and not (thing.kind in _ONE_IS_ENOUGH and thing.kind in fitting)
        and not (thing.kind == "year" and "year" not in kinds)
        and not is_background(thing, text)
    ]
    return strange or _other_subjects(things, text, scope)


def _other_subjects(things: Sequence[Named], text: str, scope: Scope) -> list[Named]:
    """Returns the countries asked about in place of the one that the intent is about.

    "When did Thailand join?" is not about Russia, though Thailand is spoken of: it is where the
    bot is at home.
    """
    countries = [thing for thing in things if thing.kind == "country"]
    if not scope.subjects or any(thing.key in scope.subjects for thing in countries):
        return []
    return [thing for thing in countries if not is_background(thing, text)]
