"""What could be better in a knowledge file is told, each with its line."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

import intents
from intents import quality
from intents.fitting import fit
from intents.loading import parse
from tests import two_desks

TODAY = datetime.date(2021, 6, 1)
#: Ten words each that no two intents share: every example is clear.
WORDS = {
    "garden": "rose tulip orchid jasmine lotus daisy violet poppy lilac marigold",
    "kitchen": "spoon kettle saucepan oven toaster ladle whisk grater colander sieve",
}


def good() -> dict[str, Any]:
    """A file in which nothing can be better: ten clear examples each, linked, lately published."""
    tree = two_desks.tree()
    names = list(WORDS)
    tree["intents"] = {
        name: {
            "label": {"th": name, "en": name},
            "ask": {
                "th": [f"ขอ {word} {place}" for place, word in enumerate(WORDS[name].split(), 5)],
                "en": [f"the {word} please" for word in WORDS[name].split()],
            },
            "reply": {"th": name, "en": name},
            "next": [other for other in names if other != name],
        }
        for name in names
    }
    tree["menu"] = names
    return tree


def remarks_on(tree: dict[str, Any], today: datetime.date = TODAY) -> list[str]:
    """Returns the remarks, each after the line of the file that it points to."""
    data = two_desks.written(tree)
    lines = data.decode().splitlines()
    found = quality.remarks(fit(parse(data, "k.yaml")), data, "k.yaml", today)
    assert all(remark.file == "k.yaml" for remark in found)
    assert found == sorted(found)
    return [f"{lines[remark.line - 1].strip()} | {remark.message}" for remark in found]


def test_a_good_file_has_nothing_remarked() -> None:
    assert remarks_on(good()) == []


def test_too_few_examples_in_a_language_are_remarked() -> None:
    tree = good()
    del tree["intents"]["garden"]["ask"]["en"][9:]

    (remark,) = remarks_on(tree)

    assert remark == "en: | garden has 9 examples in en; with 10 or more it is understood better"


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (datetime.date(2022, 12, 31), []),
        (
            datetime.date(2023, 1, 1),
            ["date: '2020' | leaflet is 3 years old; see whether its answers still hold"],
        ),
    ],
)
def test_an_old_document_is_remarked(today: datetime.date, told: list[str]) -> None:
    assert remarks_on(good(), today) == told


def test_a_topic_that_no_button_leads_to_is_remarked_unless_it_is_small_talk() -> None:
    tree = good()
    tree["menu"] = ["kitchen"]
    del tree["intents"]["kitchen"]["next"]

    (remark,) = remarks_on(tree)
    tree["intents"]["garden"]["small_talk"] = True

    assert "no button leads to garden; put it under next: of another, or the menu" in remark
    assert remarks_on(tree) == []


def test_an_example_that_would_be_answered_as_another_is_remarked() -> None:
    tree = good()
    tree["intents"]["garden"]["ask"]["en"].append("kettle oven toaster saucepan spoon")

    assert remarks_on(tree) == [
        "- kettle oven toaster saucepan spoon"
        " | 'kettle oven toaster saucepan spoon' of garden would be answered as kitchen"
    ]


def test_examples_of_two_intents_that_are_all_but_the_same_are_remarked() -> None:
    tree = good()
    tree["intents"]["garden"]["ask"]["en"].append("a bench of painted wood near the rose")
    tree["intents"]["kitchen"]["ask"]["en"].append("a bench of painted wood near the rise")

    (remark,) = (remark for remark in remarks_on(tree) if "almost" in remark)
    lines = two_desks.written(tree).decode().splitlines()
    twin = lines.index("      - a bench of painted wood near the rise") + 1
    assert remark == (
        "- a bench of painted wood near the rose | 'a bench of painted wood near the rose'"
        f" of garden is almost an example of kitchen (line {twin})"
    )


def test_alike_examples_of_one_intent_are_not_remarked() -> None:
    tree = good()
    tree["intents"]["garden"]["ask"]["en"] += ["the roses please", "the tulips please"]

    assert remarks_on(tree) == []


def test_remarks_come_in_the_order_of_the_file() -> None:
    told = remarks_on(two_desks.tree(), datetime.date(2030, 1, 1))

    assert "leaflet is 10 years old" in told[0]
    assert "embassy_phone has 5 examples in th" in told[1]
    assert len(told) > 10


def test_a_file_is_remarked_on_through_the_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = tmp_path / "mine.yaml"
    path.write_bytes(two_desks.written(two_desks.tree()))

    told = intents.remarks(path, TODAY)

    assert {remark.file for remark in told} == {str(path)}
    assert any("embassy_fax has 5 examples in en" in remark.message for remark in told)
