"""The workers answer: in order, in time, once."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from bot.conversation import Conversation
from bot.inbox import Arrival
from bot.model import Message
from bot.pace import Pace
from bot.state import State
from bot.workers import Workers
from tests.fakes.outlet import QUICK, Echo, FakeOutlet, later, workers_on, working
from tests.state_engines import (
    Clock,
    Engine,
    arrival,
)

pytest_plugins = ("tests.state_fixtures",)


async def test_messages_are_answered_in_order_with_the_chat_so_far(
    state: State, outlet: FakeOutlet
) -> None:
    async with working(workers_on(state, outlet)) as workers:
        await workers.accept([arrival(number=number, text=f"q{number}") for number in range(3)])
        await workers.accept([arrival(number=1), arrival("bob", text="other")])
        await outlet.until_sent(4)

    assert [sent for sent in outlet.sent if sent[0] == "ann"] == [
        ("ann", "q0", " > q0"),
        ("ann", "q1", "q0 > q1"),
        ("ann", "q2", "q1 > q2"),
    ]
    assert outlet.again == [False] * 4
    assert await state.counters() == {"replies.telegram.answer": 4}
    assert await state.waiting_chats() == 0


async def test_two_replicas_answer_2000_messages_once_and_in_order(engine: Engine) -> None:
    outlet = FakeOutlet()
    one, two = [workers_on(await engine.open(), outlet) for _ in range(2)]
    chats = [f"chat {number}" for number in range(200)]
    for chat in chats[::7]:
        outlet.failures[chat] = [later(), later()]

    async with working(one), working(two):
        for number in range(10):
            halves = (chats[:100], chats[100:])
            batches = [[arrival(chat, number) for chat in half] for half in halves]
            await asyncio.gather(one.accept(batches[0]), two.accept(batches[1]))
        await outlet.until_sent(2000)

    assert len(outlet.sent) == 2000
    for chat in chats:
        assert outlet.texts(chat) == [f"{chat} {number}" for number in range(10)]


async def test_what_waits_from_before_is_answered(state: State, outlet: FakeOutlet) -> None:
    await state.accept([arrival()])

    async with working(workers_on(state, outlet)):
        await outlet.until_sent(1)


async def test_an_outage_is_apologised_for_once_a_chat(state: State, outlet: FakeOutlet) -> None:
    now = time.time()
    async with working(workers_on(state, outlet)) as workers:
        for chat in ("ann", "bob"):
            ages = (3600, 3000, 1000, 10)
            await workers.accept([arrival(chat, age, sent_at=now - age) for age in ages])
        await outlet.until_sent(4)

    for chat in ("ann", "bob"):
        answers = [answer for of_chat, _, answer in outlet.sent if of_chat == chat]
        assert answers == ["late", f" > {chat} 10"]
    counters = await state.counters()
    assert (counters["late_apologies"], counters["late_dropped"]) == (2, 4)


async def test_the_next_outage_has_an_apology_of_its_own(outlet: FakeOutlet, state: State) -> None:
    now = time.time()
    clock = Clock()
    workers = Workers(state, Echo(), {"telegram": outlet}, QUICK, clock)
    async with working(workers):
        await workers.accept([arrival(number=1, sent_at=now - 1000)])
        await outlet.until_sent(1)
        await workers.accept([arrival(number=2, sent_at=now + 100)])
        await outlet.until_sent(2)
        clock.ahead = 5000
        await workers.accept([arrival(number=n, sent_at=now + 1000 + n) for n in (3, 4)])
        await outlet.until_sent(3)

    assert [answer for _, _, answer in outlet.sent] == ["late", " > ann 2", "late"]


async def test_haste_gets_one_notice(state: State, outlet: FakeOutlet) -> None:
    now = time.time()
    async with working(workers_on(state, outlet)) as workers:
        hasty = [arrival(number=number, sent_at=now - 60) for number in range(15)]
        calm = arrival(number=99, sent_at=now)
        await workers.accept([*hasty, calm])
        await outlet.until_sent(12)

    answers = [answer for _, _, answer in outlet.sent]
    assert answers[9:] == ["ann 8 > ann 9", "too fast", "ann 9 > ann 99"]
    counters = await state.counters()
    assert (counters["too_fast_notices"], counters["too_fast_dropped"]) == (1, 4)


async def test_a_backlog_is_not_taken_for_haste(state: State, outlet: FakeOutlet) -> None:
    now = time.time()
    async with working(workers_on(state, outlet)) as workers:
        await workers.accept([arrival(number=n, sent_at=now - 100 + 2 * n) for n in range(40)])
        await outlet.until_sent(40)

    assert outlet.texts("ann") == [f"ann {number}" for number in range(40)]


def test_the_pace_is_each_persons_own_and_takes_no_harm_from_late_comers() -> None:
    pace = Pace(burst=2, per_second=1)

    verdicts = [pace.judge("ann", second) for second in (100, 40, 100, 100, 101, 101)]

    assert verdicts == ["answer", "answer", "refuse", "drop", "answer", "refuse"]
    assert pace.judge("bob", 50) == "answer"


async def test_a_slow_answer_is_announced(state: State, outlet: FakeOutlet) -> None:
    outlet.hold = asyncio.Event()
    timing = replace(QUICK, show_working_after=0.01)
    async with working(workers_on(state, outlet, timing)) as workers:
        await workers.accept([arrival()])
        async with asyncio.timeout(10):
            await outlet.shown.wait()
        outlet.hold.set()
        await outlet.until_sent(1)


async def test_a_quick_answer_is_not(state: State, outlet: FakeOutlet) -> None:
    async with working(workers_on(state, outlet)) as workers:
        await workers.accept([arrival()])
        await outlet.until_sent(1)

    assert not outlet.shown.is_set()


async def test_forgetting_is_done_before_it_is_said(state: State, outlet: FakeOutlet) -> None:
    chat = state.chat_key("telegram", "ann")
    await state.keep_conversation(chat, Conversation("en", "en", "address", 5))
    forget = Arrival("telegram:9", Message("telegram", "ann", "command", "forget"), time.time())
    outlet.hold = asyncio.Event()
    async with working(workers_on(state, outlet)) as workers:
        await workers.accept([forget])
        await outlet.until_tried(1)
        assert await state.conversation(chat) == Conversation()
        outlet.hold.set()
        await outlet.until_sent(1)
