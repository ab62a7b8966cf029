"""Slips of the finger are mended towards the file's words, and nothing else is touched."""

from __future__ import annotations

import pytest

from intents.spelling import Speller, english_words

FILE = (
    "embassy of russia telephone fax",
    "the connectivity coordinator",
    "where was it",
    "cart card",
)


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller.of(FILE, english_words())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("embasy", "embassy", id="left out"),
        pytest.param("embbassy", "embassy", id="doubled"),
        pytest.param("embassu", "embassy", id="neighbouring key"),
        pytest.param("emabssy", "embassy", id="swapped"),
        pytest.param("telefhone", "telephone", id="in a long word"),
        pytest.param("cordinater", "coordinator", id="two in a long word"),
        pytest.param("conectivty", "connectivity", id="two left out of a long word"),
        pytest.param("the embasy telphone", "the embassy telephone", id="two words"),
    ],
)
def test_slips_are_mended(speller: Speller, typed: str, meant: str) -> None:
    assert speller.mend(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("tax", id="short English word near fax"),
        pytest.param("there", id="English word near where"),
        pytest.param("fxa", id="too short to tell"),
        pytest.param("embsy", id="two slips in a short word"),
        pytest.param("cardt", id="as near to card as to cart"),
        pytest.param("zzzzzzzz", id="near to nothing"),
        pytest.param("embassy", id="right already"),
        pytest.param("สถานทุต", id="Thai"),
        pytest.param("embasy1", id="with a digit"),
        pytest.param("émbassy", id="with a letter that is not plain Latin"),
        pytest.param("", id="empty"),
    ],
)
def test_what_may_be_meant_or_cannot_be_told_is_kept(speller: Speller, text: str) -> None:
    assert speller.mend(text) == text


def test_the_words_of_the_file_are_right_even_if_no_dictionary_has_them() -> None:
    assert Speller.of(("stipot stipod",), frozenset()).mend("stipod stipo") == "stipod stipo"


def test_a_file_without_latin_words_mends_nothing() -> None:
    assert Speller.of(("สถานทูต",), frozenset()).mend("embasy") == "embasy"


def test_the_word_list_has_real_words_and_no_rare_ones() -> None:
    words = english_words()

    assert {"there", "where", "taxi"} <= words
    assert "fax" not in words  # shorter than what is ever mended
    assert {"embasy", "telephoner"}.isdisjoint(words)
    assert len(words) > 10_000


def test_a_slip_that_the_file_took_over_is_no_word_of_it() -> None:
    file = ("the embassy", "embassy phone", "call the embassy", "an embassy", "embassy fax")
    speller = Speller.of((*file, "embasy address"), english_words())

    assert speller.mend("embasy embssy") == "embassy embassy"
    assert not speller.knows("embasy")


def test_an_odd_word_that_the_file_has_often_is_a_word_of_it() -> None:
    speller = Speller.of(("the core", "kore", "kore pricing", "core"), english_words())

    assert speller.mend("kore") == "kore"
