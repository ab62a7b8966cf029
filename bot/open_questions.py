"""Questions that operators may want to settle, grouped by likeness.

A question is *open* if it was not answered (outcome `unknown` or `offer`), or answered unsurely.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, TypeVar

from bot.asked import Asked, digest

K = TypeVar("K")

#: Why a question is open.
Why = Literal["unknown", "offer", "unsure"]


@dataclass(frozen=True, slots=True)
class Wording:
    """Questions that differ at most in case, punctuation and particles."""

    digest: str
    """What it is settled by."""
    text: str
    """As it was asked first, masked."""
    count: int


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """Open questions that are alike."""

    count: int
    """How often any of them was asked."""
    languages: Mapping[str, int]
    """Most asked first."""
    reasons: Mapping[Why, int]
    """Why they are open, most often first."""
    last_asked_at: float
    """In Unix seconds."""
    wordings: tuple[Wording, ...]
    """Most asked first; never empty. The group is settled by all their digests."""

    @property
    def key(self) -> str:
        """What the group is known by; the same as long as its most asked wording is."""
        return self.wordings[0].digest

    @property
    def example(self) -> str:
        """The text asked most often."""
        return self.wordings[0].text


@dataclass(slots=True)
class _Open:
    """One wording, counted."""

    text: str
    languages: Counter[str] = field(default_factory=Counter)
    reasons: Counter[Why] = field(default_factory=Counter)
    last_asked_at: float = 0.0

    @property
    def count(self) -> int:
        return sum(self.reasons.values())


class OpenQuestions:
    """Open questions as they come, and how they were grouped last.

    Only groups in which something changed are summed anew: all of a full log take a good part of a
    second, in which nobody would be answered.
    """

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        self._log: list[tuple[float, str, str, Why]] = []
        self._group_of: dict[str, str] = {}
        self._members: defaultdict[str, list[str]] = defaultdict(list)
        self._summed: dict[str, OpenGroup] = {}
        self._stale: set[str] = set()
        self._settled: frozenset[str] = frozenset()
        self._ranked: list[OpenGroup] | None = None

    def add(self, asked: Asked, why: Why) -> None:
        """Adds a question."""
        key = digest(asked.text)
        group = self._group_of.get(key, key)
        if key not in self._open:
            self._members[group].append(key)
        self._stale.add(group)
        wording = self._open.setdefault(key, _Open(asked.text))
        wording.languages[asked.language] += 1
        wording.reasons[why] += 1
        wording.last_asked_at = max(wording.last_asked_at, asked.asked_at)
        self._log.append((asked.asked_at, key, asked.language, why))

    def drop_before(self, at: float) -> None:
        """Forgets what was asked before a moment in Unix seconds."""
        old = [entry for entry in self._log if entry[0] < at]
        if not old:
            return
        for _, key, language, why in old:
            wording = self._open[key]
            wording.languages[language] -= 1
            wording.reasons[why] -= 1
            if not wording.count:
                del self._open[key]
        self._log = [entry for entry in self._log if entry[0] >= at]
        self._regroup()

    def wordings(self) -> dict[str, int]:
        """Returns the text of every wording, and how often it was asked."""
        return {wording.text: wording.count for wording in self._open.values()}

    def group(self, groups: Iterable[Sequence[str]]) -> None:
        """Takes in how the texts of `wordings` are grouped."""
        self._group_of = {}
        keys = {wording.text: key for key, wording in self._open.items()}
        for texts in groups:
            # Some may have been dropped since.
            members = [keys[text] for text in texts if text in keys]
            self._group_of |= dict.fromkeys(members, members[0] if members else "")
        self._regroup()

    def group_as(self, other: OpenQuestions) -> None:
        """Groups as others are grouped."""
        self._group_of = other._group_of
        self._regroup()

    def groups(self, settled: Collection[str]) -> list[OpenGroup]:
        """Returns the groups, most asked first, of all but the settled wordings.

        A wording that came after the last grouping stands alone.
        """
        now_settled = frozenset(settled)
        changed = now_settled ^ self._settled
        self._settled = now_settled
        self._stale |= {self._group_of.get(key, key) for key in changed if key in self._open}
        for _ in self.sum_up(len(self._stale)):
            pass
        if self._ranked is None:
            self._ranked = sorted(
                self._summed.values(), key=lambda group: (-group.count, -group.last_asked_at)
            )
        return self._ranked

    def sum_up(self, at_once: int) -> Iterator[None]:
        """Sums the groups in which something changed, and yields after every `at_once` of them."""
        while stale := list(islice(self._stale, at_once)):
            for group in stale:
                self._stale.discard(group)
                self._summed.pop(group, None)
                if keys := [key for key in self._members[group] if key not in self._settled]:
                    self._summed[group] = self._sum(keys)
            self._ranked = None
            yield

    def _regroup(self) -> None:
        """Notes that wordings stand in other groups than before."""
        self._members.clear()
        for key in self._open:
            self._members[self._group_of.get(key, key)].append(key)
        self._summed, self._ranked = {}, None
        self._stale = set(self._members)

    def _sum(self, keys: list[str]) -> OpenGroup:
        opened = [self._open[key] for key in keys]
        wordings = [
            Wording(key, wording.text, wording.count)
            for key, wording in zip(keys, opened, strict=True)
        ]
        wordings.sort(key=lambda wording: -wording.count)
        return OpenGroup(
            count=sum(wording.count for wording in wordings),
            languages=_ranked(wording.languages for wording in opened),
            reasons=_ranked(wording.reasons for wording in opened),
            last_asked_at=max(wording.last_asked_at for wording in opened),
            wordings=tuple(wordings),
        )


def _ranked(counters: Iterable[Mapping[K, int]]) -> dict[K, int]:
    # Thousands of these are summed for one page, and Counter is slow at that.
    total: dict[K, int] = {}
    for counter in counters:
        for key, count in counter.items():
            if count:
                total[key] = total.get(key, 0) + count
    return dict(sorted(total.items(), key=lambda item: -item[1])) if len(total) > 1 else total
