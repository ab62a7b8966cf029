"""Whatever is typed, and whichever engine of meaning runs or fails, a match is a sensible one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import intents
from intents import Encoder, Matcher
from intents.keyboard import switched
from intents.text import MAX_CHARS
from tests import meanings
from tests.meanings import Straw
from tests.test_matcher_any_text import ANYTHING, LONG, assert_sensible

KNOWLEDGE = Path(__file__).parents[1] / "knowledge.yaml"
QUESTIONS = Path(__file__).parent / "questions"
PREVIOUS = st.sampled_from([None, "embassy_phone", "consular_fax", "stipot"])

#: The engines that are installed encode in milliseconds.
any_text = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def heard_by(encoder: Encoder) -> Matcher:
    knowledge = intents.open_matcher(KNOWLEDGE).knowledge
    return intents.open_matcher(KNOWLEDGE, voice=meanings.voice(knowledge, encoder))


@pytest.fixture(scope="module", params=["straw", *meanings.PACKAGES])
def hearing(request: pytest.FixtureRequest) -> Iterator[Matcher]:
    """The shipped file, understood with each engine."""
    straw = request.param == "straw"
    with closing(Straw() if straw else meanings.installed(request.param)) as encoder:
        yield heard_by(encoder)


@any_text
@given(text=ANYTHING, previous=PREVIOUS)
def test_any_text_gets_a_sensible_match_with_any_engine(
    hearing: Matcher, matcher: Matcher, text: str, previous: str | None
) -> None:
    match = hearing.match(text, previous)

    assert_sensible(match, matcher)
    assert match.language == matcher.match(text, previous).language
    assert match == hearing.match(text, previous)


@settings(any_text, max_examples=30)
@given(text=ANYTHING)
def test_any_match_by_any_engine_can_be_explained(hearing: Matcher, text: str) -> None:
    explanation = hearing.explain(text)

    assert explanation.match.evidence == explanation.evidence
    assert 0 <= explanation.confidence <= 1


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_a_huge_text_gets_a_sensible_match_with_any_engine(hearing: Matcher, text: str) -> None:
    match = hearing.match(text)

    assert_sensible(match, hearing)
    assert match == hearing.match(text[:MAX_CHARS])


@any_text
@given(data=st.data())
def test_the_other_layout_is_read_the_same_with_any_engine(
    hearing: Matcher, matcher: Matcher, data: st.DataObject
) -> None:
    intent = data.draw(st.sampled_from(list(matcher.knowledge.intents.values())))
    phrases = data.draw(st.sampled_from(list(intent.ask.values())))
    phrase = data.draw(st.sampled_from(phrases))
    typed = switched(phrase)
    heard, alone = hearing.match(typed), matcher.match(typed)

    assert heard.text == alone.text
    if heard.text == matcher.match(phrase).text:
        assert [c.intent_id for c in heard.answers] == [c.intent_id for c in alone.answers]
        assert alone.answers == matcher.match(phrase).answers


class Moods:
    """Says at each call, as it was told, whether the engine is away; afterwards it is not."""

    def __init__(self) -> None:
        self.coming: list[bool] = []
        self.calls = 0

    def __call__(self) -> bool:
        self.calls += 1
        return self.coming.pop(0) if self.coming else False


@pytest.fixture(scope="module")
def moods() -> Moods:
    return Moods()


@pytest.fixture(scope="module")
def moody(moods: Moods) -> Matcher:
    """The shipped file, understood with an engine that is away when a test wants it."""
    return heard_by(Straw(is_away=moods))


@settings(max_examples=200, deadline=None)
@given(text=ANYTHING, previous=PREVIOUS, away=st.lists(st.booleans(), max_size=4))
def test_an_engine_that_is_away_at_any_moment_leaves_a_sensible_match_and_no_trace(
    moody: Matcher, moods: Moods, text: str, previous: str | None, away: list[bool]
) -> None:
    before = moody.match(text, previous)
    moods.coming = list(away)
    match = moody.match(text, previous)
    moods.coming = []

    assert_sensible(match, moody)
    assert match.language == before.language
    assert moody.match(text, previous) == before


def test_a_question_that_needs_an_engine_is_answered_as_without_one_while_it_is_away(
    moody: Matcher, moods: Moods, matcher: Matcher
) -> None:
    files = sorted(QUESTIONS.glob("*.jsonl"))
    labelled = [line for file in files for line in file.read_text("utf-8").splitlines()]
    needed = 0
    for line in labelled[::3]:
        text = json.loads(line)["q"]
        calls = moods.calls
        moods.coming = [True] * 20
        match = moody.match(text)
        moods.coming = []
        if moods.calls > calls:
            needed += 1
            assert match == matcher.match(text), text

    assert needed > 50


def test_what_is_sure_as_a_whole_is_told_in_parts_as_without_an_engine_that_is_away(
    moody: Matcher, moods: Moods, matcher: Matcher
) -> None:
    text = "explain asem quickly + who coordinates it besides russia"
    moods.coming = [True] * 20
    match = moody.match(text)
    moods.coming = []

    assert match == matcher.match(text)
