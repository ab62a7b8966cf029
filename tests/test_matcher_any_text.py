"""Whatever is typed, the matcher comes to an end and says something sensible."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents import LANGUAGES, OTHER, Match, Matcher
from intents.fitting import Fitted
from intents.text import MAX_CHARS

PIECES = (
    *("embassy ", "phone", "กงสุล", "แฟกซ์", "German ", "ครั้งที่ 14", " and ", "?", ", not ", "ไม่ใช่"),
    *("\n", " ", "ำทิฟหหั", "l5kom^9", "\ud800", "\x00", "\ufdfa", "\u202e", "👩🏽\u200d👧", "Z͑ͫ̓a̡"),
)
#: Any character, and pieces that send a text down every path.
ANYTHING = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.text(st.characters(min_codepoint=0x0E00, max_codepoint=0x0E7F), max_size=8),
        st.sampled_from(PIECES),
    ),
    max_size=30,
).map("".join)

LONG = {
    "one letter": "a" * 100_000,
    "Thai without spaces": "สถานทูต" * 20_000,
    "spaces": " " * 100_000,
    "apostrophes": "'" * 100_000,
    "tone marks": "่" * 100_000,
    "sara am": "ำ" * 100_000,
    "lone surrogates": "\ud800\udfff" * 3_000,
    "NUL": "\x00" * 3_000,
    "a ligature of eighteen letters": "\ufdfa" * 3_000,
    "marks of direction": "\u200f\u202e\u2066" * 3_000,
    "zalgo": "Z͑ͫ̓a̡l͎g̈́o" * 3_000,
    "emoji": "👩🏽‍👩🏽‍👧☎️" * 3_000,
    "many slips": " ".join(
        f"embas{chr(97 + i % 26)}y{chr(97 + i // 26 % 26)}" for i in range(2_000)
    ),
    "many questions": "phone of the embassy, fax of the consul, " * 1_000,
    "many names": "iran " * 20_000,
    "many offices": "สถานทูตเยอรมัน" * 5_000,
    "many years": "2564 ปี 64 '21 " * 5_000,
    "a long word that is not meant": ", not " + "a" * 5_000 + "1",
    "many that are not meant": ", not this" * 5_000,
    "open brackets": "(" * 100_000,
}


def assert_sensible(match: Match, matcher: Matcher) -> None:
    known = matcher.knowledge.intents.keys()
    told = (*match.answers, *match.offers)
    assert (match.outcome == "answer") == bool(match.answers)
    assert not (match.answers and (match.offers or match.stranger))
    assert match.outcome != "offer" or match.offers
    assert {candidate.intent_id for candidate in (*told, *match.ranking)} <= known
    assert all(0 <= candidate.confidence <= 1 for candidate in (*told, *match.ranking))
    assert len({candidate.intent_id for candidate in told}) == len(told)
    assert match.language in {*LANGUAGES, OTHER, None}
    assert match.evidence is None or all(map(math.isfinite, match.evidence.values()))


@settings(max_examples=400, deadline=None)
@given(text=ANYTHING)
def test_any_text_gets_a_sensible_match(matcher: Matcher, text: str) -> None:
    assert_sensible(matcher.match(text), matcher)


@settings(max_examples=200, deadline=None)
@given(text=ANYTHING, previous=st.sampled_from(["embassy_phone", "consular_fax", "stipot", "no"]))
def test_any_text_gets_a_sensible_match_after_an_answer(
    matcher: Matcher, text: str, previous: str
) -> None:
    assert_sensible(matcher.match(text, previous), matcher)


@settings(max_examples=100, deadline=None)
@given(text=ANYTHING)
def test_any_match_can_be_explained(desks: Fitted, text: str) -> None:
    small = Matcher(desks)

    assert small.explain(text).match == small.match(text)


@pytest.mark.parametrize("previous", [None, "embassy_phone"], ids=["alone", "after an answer"])
@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_a_huge_text_gets_a_sensible_match(
    matcher: Matcher, text: str, previous: str | None
) -> None:
    assert_sensible(matcher.match(text, previous), matcher)


def test_what_comes_after_the_characters_read_changes_nothing(matcher: Matcher) -> None:
    text = ("where is the embassy " * 200)[:MAX_CHARS]

    assert matcher.match(text + " or the fax number") == matcher.match(text)
