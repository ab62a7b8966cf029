"""The week in a few lines, sent to the operators' chat every Monday at nine."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

from bot.errors import InfobotError, TryLater
from bot.figures import Figures
from bot.question_log import Ledger, OpenGroup
from bot.state import State

#: Sends a text to the operators; raises `TryLater` or `Undeliverable`.
Tell = Callable[[str], Awaitable[None]]

log = logging.getLogger(__name__)

_MONDAY, _NINE = 0, time_of_day(9)
_WEEK = timedelta(days=7)
_DAYS = 7

#: A summary that was due while nothing ran is still sent this much later, in seconds.
_LATE_S = 12 * 3600.0

#: Between two looks at the clock, in seconds: it may be put right while we sleep.
_LOOK_S = 60.0

#: Seconds between attempts to send.
_PAUSES_S = (10.0, 60.0, 300.0)

#: Groups and characters of each that are told.
_MOST_GROUPS, _MOST_CHARS = 5, 80


@dataclass(frozen=True, slots=True)
class Health:
    """What operators should look after."""

    set_aside: int
    """Messages of the week that were not answered or not delivered."""
    remarks: Sequence[str] = ()
    """A line each, such as why the knowledge file as saved is not served."""


_WORDS: Mapping[str, Mapping[str, str]] = {
    "th": {
        "none": "สัปดาห์ที่ผ่านมาไม่มีคำถาม",
        "asked": "สัปดาห์ที่ผ่านมามีคำถาม {questions:,} ข้อ",
        "outcomes": "ตอบได้ {answer:.0%} เสนอหัวข้อให้เลือก {offer:.0%} ไม่ทราบคำตอบ {unknown:.0%}",
        "open": "ที่ยังตอบไม่ได้หรือไม่แน่ใจ ถามบ่อยที่สุด",
        "nothing open": "ไม่มีคำถามค้าง",
        "well": "ระบบทำงานปกติ",
        "set aside": "ข้อความที่ส่งคำตอบไม่ได้ {set_aside:,} ข้อความ",
    },
    "en": {
        "none": "Nobody asked anything last week.",
        "asked": "Questions last week: {questions:,}",
        "outcomes": "{answer:.0%} answered, {offer:.0%} offered topics, {unknown:.0%} not known",
        "open": "Not answered, or not surely; asked most",
        "nothing open": "No question is open.",
        "well": "All is well.",
        "set aside": "Messages without an answer or not delivered: {set_aside:,}",
    },
}


def render(
    figures: Figures, groups: Sequence[OpenGroup], health: Health, languages: Sequence[str]
) -> str:
    """Returns the summary, in the first of `languages` that it can be told in, else in English."""
    words = _WORDS[next((code for code in languages if code in _WORDS), "en")]
    lines = [words["none"]]
    if total := figures.questions:
        shares = {outcome: count / total for outcome, count in figures.outcomes.items()}
        lines = [words["asked"].format(questions=total), words["outcomes"].format(**shares)]
    lines += ["", words["open"] if groups else words["nothing open"]]
    lines += [
        f"{group.count:,} × {' '.join(group.example.split())[:_MOST_CHARS]}"
        for group in groups[:_MOST_GROUPS]
    ]
    troubles = list(health.remarks)
    if health.set_aside:
        troubles.append(words["set aside"].format(set_aside=health.set_aside))
    return "\n".join([*lines, "", *(troubles or [words["well"]])])


def last_due(now: float, zone: ZoneInfo) -> float:
    """Returns the last Monday, nine o'clock, that is not after `now`; both in Unix seconds."""
    local = datetime.fromtimestamp(now, zone)
    monday = local.date() - timedelta(days=local.weekday() - _MONDAY)
    due = datetime.combine(monday, _NINE, zone)
    return (due if due <= local else due - _WEEK).timestamp()


class WeeklySummary:
    """Sends the summary when it is due, from one of all replicas.

    Args:
        state: where the questions are, and whose turn it is.
        tell: sends it.
        ledger: makes a ledger of so many days.
        zone: in which it is Monday.
        languages: of the knowledge file.
        remarks: gives what else operators should look after.
        clock: Unix seconds.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        state: State,
        tell: Tell,
        ledger: Callable[[int], Ledger],
        zone: ZoneInfo,
        languages: Sequence[str],
        remarks: Callable[[], Sequence[str]] = tuple,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._state = state
        self._tell = tell
        self._ledger = ledger
        self._zone = zone
        self._languages = languages
        self._remarks = remarks
        self._clock = clock
        self._sleep = sleep

    async def run(self) -> None:
        """Sends every summary as it falls due, until it is cancelled."""
        done = 0.0
        while True:
            due = last_due(self._clock(), self._zone)
            if due > done and self._clock() - due < _LATE_S:
                try:
                    await self._send(due)
                    done = due
                except InfobotError as exc:
                    log.warning("the weekly summary was not sent: %s", exc)
            await self._sleep(_LOOK_S)

    async def _send(self, due: float) -> None:
        """Sends the summary of a week, unless another replica does."""
        ledger = self._ledger(1 + _DAYS)
        await ledger.refresh()
        await ledger.group()
        sunday = datetime.fromtimestamp(due, self._zone).date() - timedelta(days=1)
        figures, groups = ledger.figures(_DAYS, sunday), ledger.open_groups()
        text = render(figures, groups, await self._health(due), self._languages)
        # From here on only one sends; it had better not fail for want of the text.
        if not await self._state.take_turn(f"summary:{due:.0f}", _WEEK.total_seconds()):
            return
        for pause_s in _PAUSES_S:
            try:
                await self._tell(text)
            except TryLater:
                await self._sleep(pause_s)
            else:
                return
        await self._tell(text)

    async def _health(self, due: float) -> Health:
        aside = await self._state.list_set_aside()
        since = due - _WEEK.total_seconds()
        recent = [one for one in aside if one.set_aside_at >= since]
        return Health(len(recent), self._remarks())
