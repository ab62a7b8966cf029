"""Slips of the finger, as people make them in English and in Thai: one or two in a text."""

from __future__ import annotations

import random

#: Above and below a consonant: the vowels and tone marks that are dropped or mixed up in haste.
_THAI_MARKS = "ัิีึืุู็่้๊๋์"


def _is_thai(letter: str) -> bool:
    return "\u0e01" <= letter <= "\u0e5b"


def with_slips(text: str, draw: random.Random) -> str:
    """Returns a text with one or two slips in it, and never the text itself.

    Among Thai letters a vowel or tone mark is dropped or replaced, or the last letter doubled;
    among others two neighbours change places, or a letter is dropped or doubled. A text without
    letters is returned as it is.
    """
    slipped = text
    for _ in range(draw.randint(1, 2)):
        slipped = _slip(slipped, draw)
    return slipped if slipped != text else _slip(text, draw)


def _slip(text: str, draw: random.Random) -> str:
    places = [place for place, letter in enumerate(text) if letter.isalpha() or _is_thai(letter)]
    if not places:
        return text
    place = draw.choice(places)
    return _thai_slip(text, draw) if _is_thai(text[place]) else _latin_slip(text, place, draw)


def _thai_slip(text: str, draw: random.Random) -> str:
    marks = [place for place, letter in enumerate(text) if letter in _THAI_MARKS]
    kind = draw.choice(("drop", "replace", "double")) if marks else "double"
    if kind == "double":
        return text + text[-1]
    place = draw.choice(marks)
    other = draw.choice(_THAI_MARKS.replace(text[place], "")) if kind == "replace" else ""
    return text[:place] + other + text[place + 1 :]


def _latin_slip(text: str, place: int, draw: random.Random) -> str:
    kind = draw.choice(("swap", "drop", "double"))
    following = text[place + 1 : place + 2]
    if kind == "swap" and following.isalpha() and following != text[place]:
        return text[:place] + following + text[place] + text[place + 2 :]
    if kind == "drop" and len(text) > 1:
        return text[:place] + text[place + 1 :]
    return text[:place] + text[place] + text[place:]
