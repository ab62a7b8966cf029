"""Which language the reply is in: the script of the question, and in a mixed one its little words.

A third language is a row of `LANGUAGES` and its keys in the knowledge file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Script:
    """How a language is recognised."""

    name: str
    """What the language calls itself."""
    letters: re.Pattern[str]
    little_words: re.Pattern[str]
    """Words that hold a sentence together and are never borrowed: names and terms of the other
    language are ("senior officials meeting แบบ video conference คืออะไร")."""


def _english(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{'|'.join(words)})(?![a-z])", re.IGNORECASE)


LANGUAGES = {
    "th": Script(
        "ไทย",
        re.compile("[\u0e00-\u0e7f]"),
        re.compile(
            "อะไร|ไหม|มั้ย|ไหน|ยังไง|อย่างไร|เมื่อไ|เท่าไ|ใคร|ทำไม|กี่|ขอ(?!บ|ง)|ของ|คือ|แบบ|หน่อย|ครับ|คับ|ค่ะ|คะ|"
            "ด้วย|เป็น|ให้|ได้|จะ|และ|แล้ว|ไม่|มี(?!น)|ที่|ใน|นี้|หรือ|ว่า|เรื่อง|อยาก|ต้อง|ช่วย|บ้าง"
        ),
    ),
    "en": Script(
        "English",
        re.compile("[A-Za-z]"),
        _english(
            "a|an|the|of|is|are|was|were|be|do|does|did|has|have|what|when|where|which|who|how|why",
            "i|im|my|we|our|you|your|u|ur|it|its|this|that|they|he|she|me|and|or|but|not|in|on|at",
            "to|for|from|with|by|about|as|can|could|would|will|please|pls|thank|thanks|hi|hello|ok",
        ),
    ),
}

#: Told for a text in a script that nobody here speaks.
OTHER = "other"


def detect(text: str, languages: Sequence[str]) -> str | None:
    """Returns the language of `languages` that the text is written in.

    `OTHER` when most of it is in a script that none of them uses; None when nothing tells: no
    letters, or a tie.
    """
    letters = {code: len(LANGUAGES[code].letters.findall(text)) for code in languages}
    if sum(char.isalpha() for char in text) > 2 * sum(letters.values()):
        return OTHER
    spoken = [code for code, count in letters.items() if count]
    if len(spoken) < 2:
        return spoken[0] if spoken else None
    little = {code: len(LANGUAGES[code].little_words.findall(text)) for code in spoken}
    ranked = sorted(spoken, key=lambda code: (little[code], letters[code]), reverse=True)
    best, second = ranked[:2]
    is_tie = (little[best], letters[best]) == (little[second], letters[second])
    return None if is_tie else best
