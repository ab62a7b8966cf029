"""Fixed strings are found in a text wherever they stand, the longest first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intents.lookup import Lookup

LETTERS = st.text("ab ก่", max_size=12)
FORMS = st.lists(st.text("ab ก่", min_size=1, max_size=5), max_size=8, unique=True)


def found(forms: list[str], text: str) -> list[tuple[int, str]]:
    lookup = Lookup((form, number) for number, form in enumerate(forms))
    hits = list(lookup.find(text))
    assert all(forms[number] == form for _, form, number in hits)
    return [(place, form) for place, form, _ in hits]


@given(FORMS, LETTERS)
def test_every_string_is_found_wherever_it_stands(forms: list[str], text: str) -> None:
    places = range(len(text))
    expected = [(p, form) for p in places for form in forms if text.startswith(form, p)]

    assert found(forms, text) == sorted(expected, key=lambda hit: (hit[0], -len(hit[1])))


def test_of_strings_that_begin_alike_the_longest_comes_first() -> None:
    assert found(["eu", "europe", "europe union"], "the europe union") == [
        (4, "europe union"),
        (4, "europe"),
        (4, "eu"),
    ]


def test_of_equal_strings_the_first_given_comes_first() -> None:
    lookup = Lookup([("asem", "first"), ("asem", "second")])

    assert [thing for _, _, thing in lookup.find("asem")] == ["first", "second"]


def test_nothing_is_found_where_there_is_nothing_to_find() -> None:
    assert found([], "asem") == []
    assert found(["asem"], "") == []
