"""Accepting, claiming and settling messages: one suite for every engine of the state."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.conversation import Conversation
from bot.errors import ClaimLost
from bot.inbox import Arrival
from bot.model import Message
from bot.state import LEASE_S, REMEMBER_S, Claim, State
from tests.state_engines import (
    Engine,
    arrival,
    claim_one,
    claimed_keys,
)

pytest_plugins = ("tests.state_fixtures",)


async def test_an_arrival_comes_out_as_it_went_in(state: State) -> None:
    message = Message(
        "line", "C1", "choice", "ask:ฟ \ud800 \0 '\"%", "th", "en", "U1", {"token": "x", "n": [1]}
    )
    sent = Arrival("line:01", message, 1_790_000_000.123)
    await state.accept([sent])

    claim = await claim_one(state)

    assert claim.arrival == sent
    assert (claim.attempts, claim.again, claim.apologised_at) == (1, False, 0)
    assert claim.conversation == Conversation()
    assert claim.chat == state.chat_key("line", "C1")


async def test_what_comes_again_is_kept_once(state: State) -> None:
    first, second = arrival(number=1), arrival(number=2)

    assert await state.accept([first, first]) == 1
    assert await state.accept([first, second]) == 1
    assert await state.accept([]) == 0
    await state.finish(await claim_one(state))
    assert await state.accept([first]) == 0
    await state.finish(await claim_one(state))
    assert await state.claim(9) == []


async def test_keys_are_forgotten_in_the_end(engine: Engine, state: State) -> None:
    engine.clock.ahead -= REMEMBER_S + 1
    await state.accept([arrival()])
    await state.finish(await claim_one(state))
    engine.clock.ahead += REMEMBER_S + 1

    assert await state.accept([arrival()]) == 1


async def test_one_message_of_a_chat_at_a_time_oldest_chat_first(
    engine: Engine, state: State
) -> None:
    for chat, number in (("ann", 1), ("bob", 1), ("ann", 2), ("cid", 1)):
        await state.accept([arrival(chat, number)])
        engine.clock.ahead += 1

    assert await claimed_keys(state, 2) == ["telegram:ann:1", "telegram:bob:1"]
    assert await claimed_keys(state) == ["telegram:cid:1"]
    assert await state.claim(9) == []


async def test_a_chat_goes_on_with_its_next_message(state: State) -> None:
    await state.accept([arrival(number=number) for number in range(5)])

    for number in range(5):
        claim = await claim_one(state)
        assert claim.arrival.key == f"telegram:ann:{number}"
        assert claim.attempts == 1
        await state.finish(claim)

    assert await state.waiting_chats() == 0


async def test_a_dead_workers_message_is_taken_over(engine: Engine, state: State) -> None:
    await state.accept([arrival()])
    await state.claim(1)
    engine.clock.ahead += LEASE_S - 5
    assert await state.claim(1) == []
    engine.clock.ahead += 6

    claim = await claim_one(await engine.open())

    assert (claim.attempts, claim.again) == (2, True)


async def test_a_worker_that_lives_keeps_its_message(engine: Engine, state: State) -> None:
    await state.accept([arrival()])
    claim = await claim_one(state)
    for _ in range(3):
        engine.clock.ahead += LEASE_S - 5
        await state.renew([claim])
        assert await state.claim(1) == []

    await state.finish(claim)


async def test_a_claim_tells_that_delivery_may_have_begun(engine: Engine, state: State) -> None:
    await state.accept([arrival(number=1), arrival(number=2)])
    await claim_one(state)
    engine.clock.ahead += LEASE_S + 1
    claim = await claim_one(state)
    assert claim.again

    await state.finish(claim)

    assert not (await claim_one(state)).again, "the next message has nothing to do with it"


SETTLE: dict[str, Callable[[State, Claim], Awaitable[None]]] = {
    "finish": lambda state, claim: state.finish(claim, Conversation("th"), ("count",), 1.0),
    "put_back": lambda state, claim: state.put_back(claim, 1),
    "set_aside": lambda state, claim: state.set_aside(claim, "why", False),
}


@pytest.mark.parametrize("settle", SETTLE.values(), ids=SETTLE)
async def test_who_lost_a_claim_can_settle_nothing(
    engine: Engine, state: State, settle: Callable[[State, Claim], Awaitable[None]]
) -> None:
    await state.accept([arrival()])
    lost = await claim_one(state)
    engine.clock.ahead += LEASE_S + 1
    holder = await claim_one(state)
    before = engine.dump()

    with pytest.raises(ClaimLost):
        await settle(state, lost)
    await state.renew([lost])

    assert engine.dump() == before
    await state.finish(holder)
    with pytest.raises(ClaimLost):
        await settle(state, holder)


async def test_what_is_written_beside_a_lost_claim_is_kept(engine: Engine, state: State) -> None:
    await state.accept([arrival("ann")])
    lost = await claim_one(state)
    engine.clock.ahead += LEASE_S + 1
    await state.finish(await claim_one(state))

    first, settled, second = await asyncio.gather(
        state.accept([arrival("bob")]),
        state.finish(lost, counts=("never",)),
        state.accept([arrival("cid")]),
        return_exceptions=True,
    )

    assert isinstance(settled, ClaimLost)
    assert (first, second) == (1, 1)
    assert await claimed_keys(state) == ["telegram:bob:1", "telegram:cid:1"]
    assert await state.counters() == {}


async def test_a_message_put_back_holds_up_its_own_chat_only(engine: Engine, state: State) -> None:
    await state.accept([arrival("ann", 1), arrival("ann", 2)])
    await state.put_back(await claim_one(state), 30)
    await state.accept([arrival("bob", 1), arrival("ann", 3)])

    assert await claimed_keys(state) == ["telegram:bob:1"]
    engine.clock.ahead += 31
    again = {claim.arrival.key: claim.attempts for claim in await state.claim(9)}
    assert again == {"telegram:ann:1": 2, "telegram:bob:1": 2}


async def test_an_attempt_may_be_put_back_uncounted(state: State) -> None:
    await state.accept([arrival()])
    await state.put_back(await claim_one(state), 0, counted=False)

    claim = await claim_one(state)
    assert (claim.attempts, claim.again) == (1, True)


async def test_a_caller_that_gives_up_harms_no_other(state: State) -> None:
    accepting = [asyncio.ensure_future(state.accept([arrival(f"chat {n}")])) for n in range(9)]
    await asyncio.sleep(0)
    accepting[4].cancel()

    results = await asyncio.gather(*accepting, return_exceptions=True)

    assert [result for result in results if not isinstance(result, BaseException)] == [1] * 8
    assert await state.waiting_chats() >= 8


async def test_two_processes_never_claim_the_same(engine: Engine) -> None:
    states = [await engine.open(), await engine.open()]
    chats = [f"chat {number}" for number in range(100)]
    await asyncio.gather(*(states[0].accept([arrival(chat)]) for chat in chats))

    claims = await asyncio.gather(*(states[n % 2].claim(7) for n in range(40)))

    keys = [claim.arrival.key for several in claims for claim in several]
    assert sorted(keys) == sorted(arrival(chat).key for chat in chats)
