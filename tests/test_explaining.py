from __future__ import annotations

import pytest

from bot.explaining import explain
from tests import small_office


def explained(question: str) -> dict[str, str]:
    """Returns the lines of an explanation that say one thing, by what they begin with."""
    lines = explain(small_office.matcher(), question).splitlines()
    return {line.split()[0]: line[12:].strip() for line in lines if line[:1].strip()}


@pytest.mark.parametrize(
    ("question", "language", "outcome"),
    [
        ("embassy phone number", "en", "answer: embassy_phone"),
        ("เบอร์โทรสถานทูต", "th", "answer: embassy_phone"),
        ("Norway", "en", "offer"),
        ("pizza with pineapple", "en", "unknown"),
        ("12345", "nothing tells", "unknown"),
        ("大使馆电话", "other", "unknown"),
    ],
)
def test_an_explanation_says_what_was_understood_and_done(
    question: str, language: str, outcome: str
) -> None:
    told = explained(question)

    assert (told["question"], told["language"], told["outcome"]) == (question, language, outcome)


def test_an_explanation_shows_the_question_on_the_right_layout() -> None:
    told = explained("l;ylfu")

    assert (told["question"], told["understood"]) == ("l;ylfu", "สวัสดี")


def test_several_answers_are_all_named() -> None:
    told = explained("embassy phone number; where is the embassy located")

    assert set(told["outcome"].removeprefix("answer: ").split(", ")) == {"embassy_phone", "address"}


def test_the_likeliest_intents_stand_with_share_and_nearest_example() -> None:
    lines = explain(small_office.matcher(), "embassy phone number").splitlines()
    first = lines.index("likeliest intents, their share, and their nearest example") + 1
    rows = [line.split() for line in lines[first : first + 3]]

    assert lines[first].endswith("embassy phone number  (100% alike)")
    assert rows[0][1] == "embassy_phone"
    shares = [int(row[0].rstrip("%")) for row in rows]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 101
    assert len({row[1] for row in rows}) == 3


def test_the_confidence_stands_beside_what_it_takes() -> None:
    told = explained("embassy phone number")["confidence"]
    confidence, answered, offered = (float(word.strip(",")) for word in told.replace(
        ": answered from", "").replace("offered from", "").split())  # fmt: skip

    assert 0 <= offered <= answered <= confidence <= 1


def test_a_near_miss_says_what_is_not_spoken_of() -> None:
    told = explained("German embassy phone number")

    assert told["outcome"] == "unknown"
    assert told["near"] == "embassy_phone does not speak of german"
    assert "german (country)" in told["names"]


def test_a_question_that_names_nothing_has_no_such_lines() -> None:
    assert not {"names", "near"} & set(explained("embassy phone number"))


def test_the_evidence_is_shown_as_numbers() -> None:
    text = explain(small_office.matcher(), "embassy phone number")
    rows = [line.split() for line in text.partition("\nevidence\n")[2].splitlines()]

    assert rows
    assert all(len(row) == 2 and float(row[1]) is not None for row in rows)
    assert {"margin", "covered"} <= {name for name, _ in rows}


@pytest.mark.parametrize("question", ["", " ", "\ud800", "?" * 5000], ids=repr)
def test_any_question_can_be_explained(question: str) -> None:
    assert "outcome " in explain(small_office.matcher(), question)
