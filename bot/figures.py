"""How many questions, how answered, in what language, about what: counted day by day."""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from bot.asked import Asked
from bot.model import Outcome

#: Every outcome, the best first.
OUTCOMES: tuple[Outcome, ...] = ("answer", "offer", "unknown")


@dataclass(frozen=True, slots=True)
class Day:
    """One day in the time zone of the knowledge file."""

    date: date
    outcomes: Mapping[Outcome, int]
    """How many questions were answered, offered topics for, and unknown; each has its key."""
    p50_ms: float
    """Half of the questions took no longer; 0 on a day without questions."""
    p95_ms: float

    @property
    def questions(self) -> int:
        """How many were asked."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class Figures:
    """A number of days, today the last."""

    days: tuple[Day, ...]
    """Oldest first, without gaps."""
    outcomes: Mapping[Outcome, int]
    """Of all days; `answer`, `offer` and `unknown`, each has its key."""
    languages: Mapping[str, int]
    """Most asked first, like all that follow."""
    channels: Mapping[str, int]
    topics: Mapping[str, int]
    """Answers of each intent, by its id."""
    p50_ms: float
    """Over all days; 0 without questions."""
    p95_ms: float

    @property
    def questions(self) -> int:
        """How many were asked."""
        return sum(self.outcomes.values())

    @property
    def answered_share(self) -> float:
        """Share of the questions that were answered, 0..1; 0 without questions."""
        return self.outcomes["answer"] / self.questions if self.questions else 0.0


@dataclass(slots=True)
class _Bucket:
    """The questions of one day."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    times: array[float] = field(default_factory=lambda: array("f"))


class Tally:
    """Counts questions as they come.

    Args:
        time_zone: in which a day begins.
    """

    def __init__(self, time_zone: ZoneInfo) -> None:
        self._time_zone = time_zone
        self._buckets: defaultdict[date, _Bucket] = defaultdict(_Bucket)

    def add(self, asked: Asked) -> None:
        """Counts a question."""
        bucket = self._buckets[self.day(asked.asked_at)]
        bucket.outcomes[asked.outcome] += 1
        bucket.languages[asked.language] += 1
        bucket.channels[asked.channel] += 1
        bucket.topics.update(asked.intents)
        bucket.times.append(asked.took_ms)

    def drop_before(self, first: date) -> None:
        """Forgets the days before `first`."""
        for day in [day for day in self._buckets if day < first]:
            del self._buckets[day]

    def day(self, at: float) -> date:
        """Returns the day of a moment in Unix seconds."""
        return datetime.fromtimestamp(at, self._time_zone).date()

    def begin(self, day: date) -> float:
        """Returns when a day begins, in Unix seconds."""
        return datetime.combine(day, time.min, self._time_zone).timestamp()

    def figures(self, last: date, days: int) -> Figures:
        """Returns the figures of `days` days, of which `last` is the last."""
        span = [last - timedelta(days=back) for back in range(days - 1, -1, -1)]
        buckets = [self._buckets.get(day, _Bucket()) for day in span]
        times = sorted(chain.from_iterable(bucket.times for bucket in buckets))
        return Figures(
            days=tuple(map(_day, span, buckets)),
            outcomes=_with_all(sum((bucket.outcomes for bucket in buckets), Counter())),
            languages=_ranked(bucket.languages for bucket in buckets),
            channels=_ranked(bucket.channels for bucket in buckets),
            topics=_ranked(bucket.topics for bucket in buckets),
            p50_ms=_percentile(times, 50),
            p95_ms=_percentile(times, 95),
        )


def _day(day: date, bucket: _Bucket) -> Day:
    times = sorted(bucket.times)
    return Day(day, _with_all(bucket.outcomes), _percentile(times, 50), _percentile(times, 95))


def _with_all(outcomes: Counter[Outcome]) -> dict[Outcome, int]:
    return {outcome: outcomes[outcome] for outcome in OUTCOMES}


def _ranked(counters: Iterable[Counter[str]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for counter in counters:
        total.update(counter)
    return dict(total.most_common())


def _percentile(ranked: Sequence[float], percent: int) -> float:
    """Returns the nearest-rank percentile of sorted numbers; 0 of none."""
    if not ranked:
        return 0.0
    return round(ranked[max(0, math.ceil(len(ranked) * percent / 100) - 1)], 1)
