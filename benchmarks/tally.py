"""What became of every message of a chaos run: counted from what the people saw."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from benchmarks.dialogues import Dialogue


@dataclass(slots=True)
class Chat:
    """A chat: what is asked in it, and what the bot said there."""

    dialogue: Dialogue
    sent: list[Any] = field(default_factory=list)
    """What the platform calls each question, in the order asked."""
    seen: list[str] = field(default_factory=list)
    """Texts of the bot, in order."""

    def answers(self) -> list[int]:
        """Returns which question each text answers, in the order seen; -1 if none of them."""
        places = {reply: place for place, reply in enumerate(self.dialogue.replies)}
        return [places.get(text.strip(), -1) for text in self.seen]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over the chats of one platform."""

    sent: int
    acknowledged: int
    answered: int
    unanswered: int
    """Acknowledged, and never answered."""
    twice: int
    """Answered more than once."""
    disordered: int
    """Chats with an answer that came after that to a later question."""
    strange: int
    """Texts that answer nothing asked in their chat."""


def count(chats: Iterable[Chat], acknowledged: Collection[Any]) -> Tally:
    """Returns the counts over chats.

    Args:
        chats: of one platform.
        acknowledged: what the platform calls the questions that the bot has taken.
    """
    sums = dict.fromkeys(Tally.__dataclass_fields__, 0)
    for chat in chats:
        answers = chat.answers()
        known = [place for place in answers if place >= 0]
        taken = {place for place, name in enumerate(chat.sent) if name in acknowledged}
        sums["sent"] += len(chat.sent)
        sums["acknowledged"] += len(taken)
        sums["answered"] += len(set(known))
        sums["unanswered"] += len(taken.difference(known))
        sums["twice"] += len({place for place in known if known.count(place) > 1})
        sums["disordered"] += any(before > after for before, after in pairwise(known))
        sums["strange"] += len(answers) - len(known)
    return Tally(**sums)
