"""How many messages one person may send: a burst, then a steady rate (a token bucket)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

#: Messages taken at once, and after that a second.
BURST, PER_SECOND = 10, 1.0

#: People remembered at once; the one silent longest is forgotten first, which only forgives.
_MOST_PEOPLE = 20_000


class Limiter:
    """Tells whether a person may send another message.

    Args:
        burst: messages taken at once.
        per_second: how fast the burst is given back.
        clock: seconds that only rise.
    """

    def __init__(
        self,
        burst: int = BURST,
        per_second: float = PER_SECOND,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def takes(self, person: str) -> bool:
        """Counts a message of `person`, and tells whether it is still to be answered."""
        now = self._clock()
        left, since = self._left.get(person, (float(self._burst), now))
        left = min(float(self._burst), left + (now - since) * self._per_second)
        takes = left >= 1
        self._left[person] = (left - takes, now)
        self._left.move_to_end(person)
        if len(self._left) > _MOST_PEOPLE:
            self._left.popitem(last=False)
        return takes
