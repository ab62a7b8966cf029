"""Numbers in a question, read as what they stand for.

"Is 02 234 2012 yours?" asks about the line that a reply gives that number for; 2+2 is a sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from intents.knowledge import Knowledge
from intents.language import detect

#: Seven to fifteen digits (https://www.itu.int/rec/T-REC-E.164), written as people write them.
_NUMBER = re.compile(r"(?<!\d)[+(]{0,2}\d(?:[\s().-]{0,3}\d){6,14}(?!\d)")

#: No minus: 234-20-12 is a telephone number. No slash: 24/7.
_SUM = re.compile(r"(?<![\d+])\d+\s*[+*×÷=]\s*\d+")
#: What such a thing asks for, among the answer kinds of `agreement`.
_CALCULATION = " calculate "

#: Fewer digits than a line has of its own say nothing.
_LEAST_DIGITS = 7


class Numbers:
    """The telephone numbers that the replies of a file give."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._intents: dict[str, str] = {}
        given = {intent_id: set(_given(knowledge, intent_id)) for intent_id in knowledge.intents}
        # The reply that gives the fewest is the one about that number.
        for intent_id in sorted(given, key=lambda intent_id: len(given[intent_id])):
            for number in given[intent_id]:
                self._intents.setdefault(number, intent_id)

    def named(self, typed: str) -> str:
        """Returns a text with the label of its intent in the place of each number of the file."""
        typed = _SUM.sub(_CALCULATION, typed)
        return _NUMBER.sub(self._label, typed) if self._intents else typed

    def _label(self, found: re.Match[str]) -> str:
        said = _digits(found[0])
        intent_id = next(
            (self._intents[known] for known in self._intents if _same(said, known)), ""
        )
        if not intent_id:
            return found[0]
        labels = self._knowledge.intents[intent_id].label
        language = detect(found.string, self._knowledge.languages)
        return f" {labels[language or next(iter(labels))]} "


def _given(knowledge: Knowledge, intent_id: str) -> Iterator[str]:
    for language in knowledge.languages:
        for found in _NUMBER.finditer(knowledge.reply_text(intent_id, language)):
            yield _digits(found[0])


def _digits(number: str) -> str:
    """Returns the digits of a number, Thai ones as Arabic, without the zeros dialled first."""
    return "".join(str(int(char)) for char in number if char.isdecimal()).lstrip("0")


def _same(one: str, other: str) -> bool:
    """Tells whether two numbers are one, with and without the codes of country and city."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _LEAST_DIGITS and long.endswith(short)
