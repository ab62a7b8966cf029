"""Undoes Thai typed on an English keyboard layout, and English typed on the Thai one.

The table is the Kedmanee layout (TIS 820-2538) over US-QWERTY, key by key, plain and shifted, as in
https://www.unicode.org/cldr/charts/latest/keyboards/layouts/th.html. Whether a repair is wanted is
for the matcher to say: it compares how well both readings are known.
"""

from __future__ import annotations

from collections.abc import Callable

_ROWS = (
    ("`1234567890-=", "_ๅ/-ภถุึคตจขช"),
    ("~!@#$%^&*()_+", "%+๑๒๓๔ู฿๕๖๗๘๙"),
    ("qwertyuiop[]\\", "ๆไำพะัีรนยบลฃ"),
    ("QWERTYUIOP{}|", '๐"ฎฑธํ๊ณฯญฐ,ฅ'),
    ("asdfghjkl;'", "ฟหกดเ้่าสวง"),
    ('ASDFGHJKL:"', "ฤฆฏโฌ็๋ษศซ."),
    ("zxcvbnm,./", "ผปแอิืทมใฝ"),
    ("ZXCVBNM<>?", "()ฉฮฺ์?ฒฬฦ"),
)
_TO_THAI = {ord(latin): thai for row in _ROWS for latin, thai in zip(row[0], row[1], strict=True)}
_TO_LATIN = {ord(thai): chr(latin) for latin, thai in _TO_THAI.items()}


def to_thai(text: str) -> str:
    """Returns what the same keys give on the Thai layout; what no key gives stays."""
    return text.translate(_TO_THAI)


def to_latin(text: str) -> str:
    """Returns what the same keys give on the English layout; what no key gives stays."""
    return text.translate(_TO_LATIN)


def _is_thai(char: str) -> bool:
    return "\u0e00" <= char <= "\u0e7f"


def switched(text: str) -> str:
    """Returns `text` as typed with the layout switched: Thai keys to Latin, else Latin to Thai."""
    return to_latin(text) if any(map(_is_thai, text)) else to_thai(text)


def readings(text: str, is_word: Callable[[str], bool]) -> list[str]:
    """Returns other readings of `text` to try, the likeliest first; empty for an empty text.

    All of it on the other layout, then each single word but those after which the typist noticed
    ("ASEM 8nvvtwi"): the words that stay are for the caller to tell, so every split point between
    a kept beginning and a switched end is a reading, four at most. Last, where the typist went to
    and fro ("g[viN consulate iylg:up"), all but the words that are words as they are typed.

    Args:
        text: as typed.
        is_word: tells a word that somebody may have meant.
    """
    words = text.split(" ")
    if not text.strip():
        return []
    splits = [i for i in range(1, len(words)) if words[i]][:4]
    tails = [" ".join([*words[:i], *(switched(word) for word in words[i:])]) for i in splits]
    strange = " ".join(word if is_word(word) else switched(word) for word in words)
    return [switched(text), *tails, strange]
