"""The question log as operators see it: a mirror in memory of what the state keeps.

Fed piece by piece, so that looking at it costs the same with fifty questions and with fifty
thousand. A question is *open* until operators settle it, if it was not answered, or answered
unsurely: with a confidence just above the least (`UNSURE_BAND`), or if the same chat asked within a
minute in other words and was answered with the same topic again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.asked import Asked, Settled, digest
from bot.errors import ProcessFailed, StateUnavailable
from bot.figures import Day, Figures, Tally
from bot.grouping import group_apart
from bot.open_questions import OpenGroup, OpenQuestions, Why, Wording
from intents import Knowledge, answer_from

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.state import State

__all__ = [
    "Asked",
    "Day",
    "Figures",
    "Ledger",
    "OpenGroup",
    "Settled",
    "Why",
    "Wording",
    "open_ledger",
    "sure_from",
]

#: Answers with less than this above the least confidence are unsure: of the questions of
#: tests/questions one answer in twenty, and a quarter of those wrong.
UNSURE_BAND = 0.2

#: Asking again so soon, in seconds, shows that the answer did not help.
_AGAIN_WITHIN_S = 60.0

#: An example of the knowledge file is understood, whatever is asked next.
_CERTAIN = 0.99

#: Questions read in one step: a few milliseconds in which nobody is answered.
_PAGE = 200

#: Between two looks for new questions, in seconds.
_LOOK_S = 2.0

#: Grouping takes this share of a processor at most.
_SHARE = 0.1

#: Groups texts by likeness, as `intents.group` does; `bot.grouping.group_apart` is one.
Grouping = Callable[[Mapping[str, int], Sequence[str]], Awaitable[Sequence[Sequence[str]]]]

log = logging.getLogger(__name__)


def sure_from(max_wrong: float, knowledge: Knowledge) -> float:
    """Returns the confidence from which an answer is sure."""
    return answer_from(max_wrong, knowledge) + UNSURE_BAND


def open_ledger(
    state: State, settings: Settings, knows: Callable[[], Knowledge], days: int = 0
) -> Ledger:
    """Returns a ledger as the settings want it.

    Args:
        state: where the questions are kept.
        settings: how sure is sure, and how long questions are kept.
        knows: gives the knowledge file, which may change.
        days: how far back it looks; by default as long as questions are kept.
    """

    def examples() -> list[str]:
        return list(knows().examples)

    zone = ZoneInfo(knows().bot.time_zone)
    days = days or settings.retention_days
    return Ledger(state, zone, sure_from(settings.max_wrong, knows()), days, examples)


class Ledger:
    """The mirror.

    Args:
        state: where the questions are kept.
        time_zone: in which a day begins.
        sure_from: answers with less confidence are unsure.
        days: how far back it looks, today included.
        background: gives the examples of the knowledge file, see `intents.group`.
        grouping: groups open questions.
        clock: Unix seconds.
    """

    def __init__(
        self,
        state: State,
        time_zone: ZoneInfo,
        sure_from: float,
        days: int = 90,
        background: Callable[[], Sequence[str]] = tuple,
        grouping: Grouping = group_apart,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._state = state
        self._days = days
        self._background = background
        self._grouping = grouping
        self._clock = clock
        self._new_mirror = partial(_Mirror, time_zone, sure_from)
        self._mirror = self._new_mirror()
        self._settled: dict[str, Settled] = {}
        self._erased = 0
        self._reading = asyncio.Lock()
        self._is_watched = True
        self._grouped_at = self._grouping_took = 0.0
        self._grouped: Mapping[str, int] = {}

    async def refresh(self) -> None:
        """Reads what is new; after somebody was forgotten, everything.

        Raises:
            StateUnavailable: the state cannot be reached; what was read before stays.
        """
        async with self._reading:
            erased = await self._state.erased_questions()
            mirror = self._mirror if erased == self._erased else self._new_mirror()
            while page := await self._state.questions(mirror.seen, _PAGE):
                for number, asked in page:
                    mirror.add(number, asked)
                next(mirror.open.sum_up(_PAGE), None)
            mirror.drop_before(self._today() - timedelta(days=self._days - 1))
            self._settled = await self._state.settled()
            if mirror is not self._mirror:
                mirror.open.group_as(self._mirror.open)
            self._mirror, self._erased = mirror, erased

    async def group(self) -> None:
        """Groups the open questions anew, if there are other ones than the last time.

        Raises:
            ProcessFailed: the groups stay as they were.
        """
        wordings = self._mirror.open.wordings()
        if wordings.keys() == self._grouped.keys():
            return
        began_at = time.monotonic()
        try:
            groups = await self._grouping(wordings, self._background())
        finally:
            self._grouped_at = time.monotonic()
            self._grouping_took = self._grouped_at - began_at
        self._mirror.open.group(groups)
        self._grouped = wordings

    async def keep_up(self) -> None:
        """Refreshes, and groups while somebody looks, until it is cancelled."""
        while True:
            try:
                await self.refresh()
                rested = time.monotonic() - self._grouped_at
                if self._is_watched and rested >= self._grouping_took / _SHARE:
                    self._is_watched = False
                    await self.group()
                for _ in self._mirror.open.sum_up(_PAGE):
                    await asyncio.sleep(0)
            except StateUnavailable:
                log.debug("the question log cannot be read now")
            except ProcessFailed as exc:
                log.error("the open questions could not be grouped: %s", exc)
            await asyncio.sleep(_LOOK_S)

    def figures(self, days: int, last: date | None = None) -> Figures:
        """Returns the figures of `days` days up to `last`, by default today.

        As of the last refresh.
        """
        return self._mirror.tally.figures(last or self._today(), days)

    def open_groups(self) -> list[OpenGroup]:
        """Returns the open questions, most asked first; as of the last refresh.

        A wording that came after the last grouping stands in a group of its own.
        """
        self._is_watched = True
        return self._mirror.open.groups(self._settled)

    async def settle(self, digests: Collection[str], how: Settled | None) -> None:
        """Settles wordings, in the state and here at once; None makes them open again.

        Raises:
            StateUnavailable: the state cannot be reached; nothing is settled.
        """
        await self._state.settle_questions(digests, how)
        async with self._reading:
            self._settled = await self._state.settled()

    def _today(self) -> date:
        return self._mirror.tally.day(self._clock())


class _Mirror:
    """What was read so far."""

    def __init__(self, time_zone: ZoneInfo, sure_from: float) -> None:
        self.seen = 0
        """The number of the question read last."""
        self.tally = Tally(time_zone)
        self.open = OpenQuestions()
        self._sure_from = sure_from
        self._lately: OrderedDict[str, Asked] = OrderedDict()

    def add(self, number: int, asked: Asked) -> None:
        self.seen = number
        self.tally.add(asked)
        before = self._last_of_chat(asked)
        if before and _is_again(before, asked) and before.confidence >= self._sure_from:
            self.open.add(before, "unsure")
        if asked.outcome != "answer":
            self.open.add(asked, asked.outcome)
        elif asked.confidence < self._sure_from:
            self.open.add(asked, "unsure")

    def drop_before(self, first: date) -> None:
        self.tally.drop_before(first)
        self.open.drop_before(self.tally.begin(first))

    def _last_of_chat(self, asked: Asked) -> Asked | None:
        """Returns what its chat asked in the minute before."""
        oldest = asked.asked_at - _AGAIN_WITHIN_S
        while self._lately and next(iter(self._lately.values())).asked_at < oldest:
            self._lately.popitem(last=False)
        before = self._lately.pop(asked.chat, None)
        self._lately[asked.chat] = asked
        return before


def _is_again(before: Asked, asked: Asked) -> bool:
    """Tells whether a question is the one before it in other words."""
    return (
        before.outcome == asked.outcome == "answer"
        and before.intents == asked.intents
        and before.confidence < _CERTAIN
        and digest(before.text) != digest(asked.text)
    )
