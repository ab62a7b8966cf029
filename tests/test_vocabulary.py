"""The file's word groups are found in a text, whatever its wording or language."""

from __future__ import annotations

import pytest

from intents.vocabulary import Vocabulary

VOCABULARY = Vocabulary.of(
    {
        "phone": ("โทรศัพท์", "phone", "Tel"),
        "fax": ("แฟกซ์", "fax"),
        "office": ("สถานทูต", "embassy"),
        "desk": ("กงสุล", "consul", "visa section"),
        "statement": ("แถลงการณ์", "statement"),
    },
    {"channel": ("phone", "fax"), "place": ("office", "desk")},
)


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("ขอเบอร์โทรศัพท์สถานทูต", ["office", "phone"]),
        ("phones of the consulate", ["desk", "phone"]),
        ("tel 1234", ["phone"]),
        ("call us or tel", ["phone"]),
        ("tell me", []),
        ("hotel", []),
        ("telephone", []),
        ("microphone", []),
        ("faxes", []),
        ("the visa section", ["desk"]),
        ("the visa", []),
        ("fax ของกงสุล", ["desk", "fax"]),
        ("fax fax fax", ["fax"]),
        ("", []),
    ],
)
def test_thai_is_found_anywhere_and_latin_at_the_beginning_of_a_word(
    text: str, groups: list[str]
) -> None:
    assert VOCABULARY.found(text) == groups


def test_two_groups_together_are_a_feature() -> None:
    assert VOCABULARY.pairs("fax the statement to the embassy") == [
        "fax+office",
        "fax+statement",
        "office+statement",
    ]
    assert VOCABULARY.pairs("fax") == []


@pytest.mark.parametrize(
    ("text", "facets"),
    [
        ("phone of the embassy", {"channel": "phone", "place": "office"}),
        ("and the fax", {"channel": "fax"}),
        ("phone or fax of the consul", {"place": "desk"}),
        ("the statement", {}),
    ],
)
def test_a_facet_is_told_unless_two_of_its_groups_are_named(
    text: str, facets: dict[str, str]
) -> None:
    assert VOCABULARY.facets_of(text) == facets


def test_a_group_of_no_facet_excludes_nothing() -> None:
    assert VOCABULARY.facet_of("statement") is None
    assert VOCABULARY.facet_of("desk") == "place"


def test_each_group_can_be_said_with_its_first_word() -> None:
    assert VOCABULARY.words["phone"] == "โทรศัพท์"
    assert Vocabulary.of({"tel": ("TEL.",)}, {}).words == {"tel": "tel"}
