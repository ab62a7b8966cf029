"""The workers against platforms, states and processes that fail."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from bot.errors import StateUnavailable, Undeliverable
from bot.inbox import Arrival
from bot.model import Message
from bot.state import LEASE_S, Claim, State
from bot.workers import Workers
from tests.fakes.outlet import QUICK, Echo, FakeOutlet, later, workers_on, working
from tests.redis_server import running
from tests.state_engines import (
    Engine,
    arrival,
    engine_at,
)

pytest_plugins = ("tests.state_fixtures",)


class Watched:
    """A state that tells what was asked of it, and may be away."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.is_away = False
        self.missed = asyncio.Event()
        self.renewed = asyncio.Event()
        self.claimed = asyncio.Event()

    async def renew(self, claims: Sequence[Claim]) -> None:
        self._come_back()
        await self._state.renew(claims)
        self.renewed.set()

    async def claim(self, limit: int) -> list[Claim]:
        self._come_back()
        claims = await self._state.claim(limit)
        self.claimed.set()
        return claims

    def _come_back(self) -> None:
        if self.is_away:
            self.missed.set()
            raise StateUnavailable("away")

    def __getattr__(self, name: str) -> object:
        return getattr(self._state, name)


async def test_what_fails_is_tried_again_and_its_chat_waits(
    state: State, outlet: FakeOutlet
) -> None:
    outlet.failures["ann"] = [later(), later(), ValueError("no"), later()]
    async with working(workers_on(state, outlet)) as workers:
        await workers.accept([arrival(number=number) for number in range(3)])
        await outlet.until_sent(3)

    assert outlet.texts("ann") == ["ann 0", "ann 1", "ann 2"]
    assert outlet.again == [False, True, True, True, True, False, False]
    assert await state.list_set_aside() == []


async def test_others_go_on_while_a_platform_lets_one_chat_wait(
    state: State, outlet: FakeOutlet
) -> None:
    outlet.failures["ann"] = [later(3600)]
    async with working(workers_on(state, outlet)) as workers:
        await workers.accept([arrival("ann", 1), arrival("ann", 2)])
        await workers.accept([arrival(f"chat {number}") for number in range(20)])
        await outlet.until_sent(20)

    assert outlet.texts("ann") == []
    assert await state.waiting_chats() == 1


@pytest.mark.parametrize(
    ("failures", "reason", "undelivered", "attempts"),
    [
        ([later()] * 5, "the platform is busy", False, 5),
        ([KeyError("private")] * 5, "KeyError", False, 5),
        ([TimeoutError()] * 5, "delivery took too long", False, 5),
        ([Undeliverable("blocked")], "blocked", True, 1),
        ([later(), Undeliverable("gone")], "gone", True, 2),
    ],
    ids=["busy", "broken", "silent", "blocked", "busy, then gone"],
)
async def test_what_cannot_be_done_is_set_aside(
    state: State,
    outlet: FakeOutlet,
    failures: list[Exception],
    reason: str,
    undelivered: bool,
    attempts: int,
) -> None:
    outlet.failures["ann"] = list(failures)
    async with working(workers_on(state, outlet)) as workers:
        await workers.accept([arrival(number=1), arrival(number=2)])
        await outlet.until_sent(1)

    [aside] = await state.list_set_aside()
    assert (aside.reason, aside.undelivered, aside.attempts) == (reason, undelivered, attempts)
    assert aside.key == "telegram:ann:1"
    assert outlet.texts("ann") == ["ann 2"]


async def test_a_fault_is_logged_without_what_was_written(
    state: State, outlet: FakeOutlet, caplog: pytest.LogCaptureFixture
) -> None:
    async with working(workers_on(state, outlet)) as workers:
        await workers.accept([arrival("Uprivate", 1, "break"), arrival("Uprivate", 2)])
        await outlet.until_sent(1)

    assert "ValueError" in caplog.text
    assert "in respond" in caplog.text
    assert "cannot say break" not in caplog.text
    assert "break Uprivate" not in caplog.text


async def test_a_delivery_that_never_ends_is_given_up(state: State, outlet: FakeOutlet) -> None:
    outlet.hold = asyncio.Event()
    timing = replace(QUICK, longest_send=0.01, most_attempts=2)
    async with working(workers_on(state, outlet, timing)) as workers:
        await workers.accept([arrival()])
        await outlet.until_tried(2)

    [aside] = await state.list_set_aside()
    assert aside.reason == "delivery took too long"


async def test_a_message_that_takes_the_process_down_is_set_aside(
    engine: Engine, state: State, outlet: FakeOutlet
) -> None:
    await state.accept([arrival(number=1), arrival(number=2)])
    for _ in range(QUICK.most_attempts):
        assert len(await state.claim(1)) == 1
        engine.clock.ahead += LEASE_S + 1

    async with working(workers_on(state, outlet)):
        await outlet.until_sent(1)

    [aside] = await state.list_set_aside()
    assert aside.key == "telegram:ann:1"
    assert outlet.texts("ann") == ["ann 2"]


async def test_a_switched_off_channel_holds_nothing_up(state: State, outlet: FakeOutlet) -> None:
    line = Arrival("line:1", Message("line", "U1", text="hello"), time.time())
    async with working(workers_on(state, outlet)) as workers:
        await workers.accept([line, arrival()])
        await outlet.until_sent(1)

    [aside] = await state.list_set_aside()
    assert (aside.key, aside.undelivered) == ("line:1", True)
    assert aside.reason == "the channel line is switched off"


async def test_stopping_lets_work_end(state: State, outlet: FakeOutlet) -> None:
    outlet.hold = asyncio.Event()
    workers = workers_on(state, outlet)
    task = asyncio.create_task(workers.run())
    await workers.accept([arrival(number=1), arrival(number=2)])
    await outlet.until_tried(1)

    workers.stop()
    outlet.hold.set()
    await task

    assert outlet.texts("ann") == ["ann 1"]
    [claim] = await state.claim(9)
    assert (claim.arrival.key, claim.attempts) == ("telegram:ann:2", 1)


async def test_what_does_not_end_in_time_is_put_back(state: State, outlet: FakeOutlet) -> None:
    outlet.hold = asyncio.Event()
    workers = workers_on(state, outlet, replace(QUICK, stop_within=0.01))
    task = asyncio.create_task(workers.run())
    await workers.accept([arrival()])
    await outlet.until_tried(1)

    workers.stop()
    await task

    [claim] = await state.claim(1)
    assert (claim.attempts, claim.again) == (1, True)


async def test_a_long_delivery_is_not_taken_over(engine: Engine, outlet: FakeOutlet) -> None:
    clock = engine.clock
    outlet.hold = asyncio.Event()
    watched, other = Watched(await engine.open()), await engine.open()
    workers = Workers(cast("State", watched), Echo(), {"telegram": outlet}, QUICK, clock)
    async with working(workers):
        await workers.accept([arrival()])
        await outlet.until_tried(1)
        for _ in range(3):
            watched.renewed.clear()
            clock.ahead += LEASE_S - 5
            async with asyncio.timeout(10):
                await watched.renewed.wait()
            assert await other.claim(1) == []
        outlet.hold.set()
        await outlet.until_sent(1)

    assert await other.waiting_chats() == 0


async def test_after_an_outage_nobody_claims_before_all_could_renew(
    engine: Engine, outlet: FakeOutlet
) -> None:
    watched, other = Watched(await engine.open()), await engine.open()
    timing = replace(QUICK, recover=0.5)
    workers = Workers(cast("State", watched), Echo(), {"telegram": outlet}, timing, engine.clock)
    async with working(workers), asyncio.timeout(10):
        await watched.claimed.wait()
        watched.is_away = True
        await watched.missed.wait()
        await other.accept([arrival()])
        of_other = await other.claim(1)
        engine.clock.ahead += LEASE_S + 1
        watched.renewed.clear()
        watched.claimed.clear()
        watched.is_away = False
        await watched.renewed.wait()
        await other.renew(of_other)
        await watched.claimed.wait()

    assert outlet.again == []
    await other.finish(of_other[0])


async def test_who_was_taken_over_settles_nothing(
    engine: Engine, state: State, outlet: FakeOutlet, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    outlet.hold = asyncio.Event()
    workers = workers_on(state, outlet, replace(QUICK, poll=60))
    async with working(workers):
        await workers.accept([arrival()])
        await outlet.until_tried(1)
        engine.clock.ahead += LEASE_S + 1
        [claim] = await (await engine.open()).claim(1)
        outlet.hold.set()
        await outlet.until_sent(1)

    assert claim.again
    await state.finish(claim)


async def test_a_redis_that_goes_and_comes_back_loses_and_doubles_nothing(
    tmp_path: Path, outlet: FakeOutlet
) -> None:
    outlet.hold = asyncio.Event()
    with running(tmp_path) as server:
        async with engine_at(server.url, server) as engine:
            clock = engine.clock
            timing = replace(QUICK, recover=1)
            one, two = [workers_on(await engine.open(), outlet, timing) for _ in range(2)]
            async with working(one), working(two):
                await one.accept([arrival(f"chat {n}", m) for n in range(8) for m in (1, 2)])
                await outlet.until_tried(8)
                server.kill()
                with pytest.raises(StateUnavailable):
                    await one.accept([arrival("late")])
                with pytest.raises(StateUnavailable):
                    await two.accept([arrival("late")])
                # Delivered while the state is away, and longer than the leases last.
                outlet.hold.set()
                await outlet.until_sent(8)
                clock.ahead += LEASE_S + 1
                server.start()
                await outlet.until_sent(16)

    assert sorted(text for _, text, _ in outlet.sent) == sorted(
        f"chat {n} {m}" for n in range(8) for m in (1, 2)
    )
