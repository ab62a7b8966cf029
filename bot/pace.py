"""Whose messages are answered when somebody sends too many: the rate limit of the inbox."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal

from bot.limits import BURST, PER_SECOND, Limiter

Verdict = Literal["answer", "refuse", "drop"]

#: People remembered at once, as many as `Limiter` remembers.
_MOST_PEOPLE = 20_000


@dataclass(slots=True)
class _Person:
    latest: float
    was_told: bool = False


class Pace:
    """Judges messages by when they were sent, so that a backlog is not taken for haste.

    Kept in memory: each replica counts for itself.
    """

    def __init__(self, burst: int = BURST, per_second: float = PER_SECOND) -> None:
        self._now = 0.0
        self._limiter = Limiter(burst, per_second, clock=lambda: self._now)
        self._people: OrderedDict[str, _Person] = OrderedDict()

    def judge(self, person: str, sent_at: float) -> Verdict:
        """Counts a message: answer it, refuse it with a notice, or drop it as the notice was given.

        Args:
            person: who sent it.
            sent_at: when, in seconds; what was sent earlier may come later.
        """
        known = self._people.setdefault(person, _Person(sent_at))
        self._people.move_to_end(person)
        if len(self._people) > _MOST_PEOPLE:
            self._people.popitem(last=False)
        self._now = known.latest = max(known.latest, sent_at)
        if self._limiter.takes(person):
            known.was_told = False
            return "answer"
        was_told, known.was_told = known.was_told, True
        return "drop" if was_told else "refuse"
