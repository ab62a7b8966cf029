"""The week in a few lines: when it is sent, by whom, and what it says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import intents
from bot.errors import TryLater
from bot.question_log import Ledger
from bot.state import State
from bot.summary import WeeklySummary, last_due
from tests.questions_asked import asked
from tests.state_engines import arrival, claim_one, engine_at

BANGKOK, PARIS = ZoneInfo("Asia/Bangkok"), ZoneInfo("Europe/Paris")
HOUR_S = 3600.0


def at(text: str, zone: ZoneInfo = BANGKOK) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


class Time:
    """A clock that runs on only while somebody sleeps, until its end."""

    def __init__(self, now: float, end: float) -> None:
        self.now = now
        self._end = end
        self.is_over = asyncio.Event()

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.now > self._end:
            self.is_over.set()
            await asyncio.Event().wait()


class Chat:
    """The operators' chat, which may refuse."""

    def __init__(self, clock: Time, refusals: int = 0) -> None:
        self.texts: list[str] = []
        self.times: list[float] = []
        self._clock = clock
        self._refusals = refusals

    async def tell(self, text: str) -> None:
        self.times.append(self._clock.now)
        if self._refusals:
            self._refusals -= 1
            raise TryLater(reason="busy")
        self.texts.append(text)


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[State]:
    async with engine_at(f"sqlite:///{tmp_path}/state.db", None) as engine:
        yield await engine.open()


async def group_here(counts: Mapping[str, int], background: Sequence[str]) -> list[tuple[str, ...]]:
    return intents.group(counts, background)


def summary(
    state: State, chat: Chat, clock: Time, language: str = "en", *remarks: str
) -> WeeklySummary:
    def ledger(days: int) -> Ledger:
        return Ledger(state, BANGKOK, 0.7, days, grouping=group_here, clock=clock)

    return WeeklySummary(
        state, chat.tell, ledger, BANGKOK, [language], lambda: remarks, clock, clock.sleep
    )


async def run_to_the_end(clock: Time, *summaries: WeeklySummary) -> None:
    tasks = [asyncio.create_task(one.run()) for one in summaries]
    async with asyncio.timeout(20):
        await clock.is_over.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize(
    ("now", "zone", "due"),
    [
        ("2026-03-02T09:00", BANGKOK, "2026-03-02T09:00"),
        ("2026-03-02T08:59", BANGKOK, "2026-02-23T09:00"),
        ("2026-03-08T23:59", BANGKOK, "2026-03-02T09:00"),
        # The clocks of Paris went forward on the 29th.
        ("2026-03-30T08:59", PARIS, "2026-03-23T09:00"),
        ("2026-03-30T09:00", PARIS, "2026-03-30T09:00"),
    ],
)
def test_it_is_due_on_mondays_at_nine(now: str, zone: ZoneInfo, due: str) -> None:
    assert last_due(at(now, zone), zone) == at(due, zone)


async def test_each_week_has_one_summary_whoever_sends_it(state: State) -> None:
    clock = Time(at("2026-02-27T12:00"), at("2026-03-17T12:00"))
    chat = Chat(clock)

    await run_to_the_end(clock, summary(state, chat, clock), summary(state, chat, clock))

    mondays = [at(f"2026-03-{day:02}T09:00") for day in (2, 9, 16)]
    assert len(chat.times) == 3
    for told_at, monday in zip(chat.times, mondays, strict=True):
        assert monday <= told_at <= monday + 180


async def test_a_start_soon_after_makes_up_for_it_and_a_late_one_does_not(state: State) -> None:
    soon = Time(at("2026-03-02T10:00"), at("2026-03-02T11:00"))
    chat = Chat(soon)
    await run_to_the_end(soon, summary(state, chat, soon))
    assert len(chat.texts) == 1

    again = Time(at("2026-03-02T12:00"), at("2026-03-02T13:00"))
    late = Time(at("2026-03-10T22:00"), at("2026-03-10T23:00"))
    for clock in (again, late):
        await run_to_the_end(clock, summary(state, chat, clock))
    assert len(chat.texts) == 1


async def test_a_busy_platform_is_asked_again(state: State) -> None:
    clock = Time(at("2026-03-02T09:00"), at("2026-03-02T10:00"))
    chat = Chat(clock, refusals=2)

    await run_to_the_end(clock, summary(state, chat, clock))

    assert len(chat.texts) == 1
    assert chat.times[2] - chat.times[0] >= 60


async def test_it_tells_how_much_was_asked_and_what_was_not_answered(state: State) -> None:
    now = at("2026-03-02T09:00")
    await state.log_question(asked("too old", at=at("2026-02-22T23:59")))
    await state.log_question(asked("zebra", at=at("2026-02-23T00:00")))
    for text, intent, count in (
        ("phone", "phone", 7),
        ("is there parking", "", 2),
        ("visa", "", 1),
    ):
        for number in range(count):
            chat_name = f"{text} {number}"
            await state.log_question(
                asked(text, intent=intent, at=now - 12 * HOUR_S, chat=chat_name, confidence=0.95)
            )
    await state.accept([arrival("ann")])
    await state.set_aside(await claim_one(state), "why", undelivered=True)
    clock = Time(now, now + HOUR_S)
    chat = Chat(clock)

    remarks = ("knowledge.yaml as saved is refused",)
    await run_to_the_end(clock, summary(state, chat, clock, "en", *remarks))

    [text] = chat.texts
    assert text.splitlines() == [
        "Questions last week: 11",
        "64% answered, 0% offered topics, 36% not known",
        "",
        "Not answered, or not surely; asked most",
        "2 × is there parking",
        "1 × visa",
        "1 × zebra",
        "",
        "knowledge.yaml as saved is refused",
        "Messages without an answer or not delivered: 1",
    ]


async def test_a_quiet_week_is_told_in_the_language_of_the_file(state: State) -> None:
    clock = Time(at("2026-03-02T09:00"), at("2026-03-02T09:30"))
    chat = Chat(clock)

    await run_to_the_end(clock, summary(state, chat, clock, "th"))

    assert chat.texts == ["สัปดาห์ที่ผ่านมาไม่มีคำถาม\n\nไม่มีคำถามค้าง\n\nระบบทำงานปกติ"]
