"""Names that a whole file is full of tell no near miss: a bank speaks of prices everywhere."""

from __future__ import annotations

import json

import pytest

from intents import Matcher
from intents.fitting import fit
from intents.loading import parse
from tests.knowledge_file import VALID

CITIES = ("Paris", "Rome", "Tokyo", "Berlin", "London", "Madrid", "Vienna", "Hanoi")


def office(examples: list[str], about: str = "A") -> Matcher:
    """Returns a matcher for the small file with an intent that has these examples."""
    trip = {
        "label": {"th": "ทริป", "en": "Trip"},
        "ask": {"th": ["จองทริป"], "en": examples},
        "reply": {"th": "ได้", "en": "Done"},
    }
    text = VALID.replace("page:\n", f"  trip: {json.dumps(trip)}\npage:\n")
    text = text.replace("about: {th: ก, en: A}", f"about: {{th: ก, en: {about}}}")
    return Matcher(fit(parse(text.encode(), "office.yaml")))


@pytest.mark.parametrize("city", ["Oslo", "Kyoto"])
def test_a_city_that_is_one_of_many_is_no_stranger(city: str) -> None:
    matcher = office([f"book me a trip to {other}" for other in CITIES])

    match = matcher.match(f"book me a trip to {city} please")

    assert match.stranger is None
    assert [candidate.intent_id for candidate in match.answers] == ["trip"]


def test_a_city_in_a_file_that_speaks_of_one_is_a_stranger() -> None:
    matcher = office([f"book me a {kind} trip to Paris" for kind in ("day", "night", "bus", "car")])

    match = matcher.match("book me a day trip to Oslo")

    assert match.stranger is not None
    assert match.stranger.identity == ("city", "oslo")
    assert match.answers == ()


def test_the_hours_of_a_place_that_the_file_is_about_are_its_own() -> None:
    hospital = office([f"see a {kind} doctor at the hospital" for kind in ("good", "child", "eye")])
    hall = office([f"see a {kind} doctor at the town hall" for kind in ("good", "child", "eye")])
    question = "see an eye doctor in the hospital hours"

    assert hospital.match(question).stranger is None
    stranger = hall.match(question).stranger
    assert stranger is not None
    assert stranger.identity == ("owner", "hospital")


@pytest.mark.parametrize("question", ["where is the restaurant", "restaurant address"])
def test_a_bot_that_says_of_what_place_it_is_may_be_asked_for_that_place(question: str) -> None:
    examples = ["where are you", "your address", "where do I find you"]

    here = office(examples, about="All about the Blue Elephant restaurant").match(question)
    elsewhere = office(examples, about="All about the Blue Elephant hotel").match(question)

    assert here.stranger is None
    assert elsewhere.stranger is not None
    assert elsewhere.stranger.identity == ("owner", "restaurant")
