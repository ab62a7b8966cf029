"""The console's own words, in each of its languages."""

from __future__ import annotations

import re
from importlib.resources import files

from bot.console.words import words


def test_every_word_is_there_in_every_language_with_the_same_places_to_fill() -> None:
    thai, english = words("th"), words("en")

    assert thai.keys() == english.keys()
    assert [key for key in english if not (thai[key] and english[key])] == []
    assert [k for k in english if _places(thai[k]) != _places(english[k])] == []


def _places(text: str) -> set[str]:
    return set(re.findall(r"\{[a-z.]+\}", text))


def test_every_word_that_a_template_names_is_there() -> None:
    templates = files("bot.console").joinpath("templates").iterdir()
    named = {name for t in templates for name in re.findall(r"\bt\.(\w+)", t.read_text("utf-8"))}

    assert len(named) > 60
    assert named <= words("en").keys()
