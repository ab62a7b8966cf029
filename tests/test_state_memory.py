"""What the state remembers, and what it forgets: one suite for every engine."""

from __future__ import annotations

import asyncio

import pytest

from bot.conversation import CONTEXT_S, Conversation
from bot.inbox import Arrival
from bot.model import Message
from bot.state import MOST_SET_ASIDE, State, open_state
from bot.state.record import unpack_conversation
from tests.state_engines import (
    RETENTION_DAYS,
    Engine,
    arrival,
    claim_one,
    claimed_keys,
)

pytest_plugins = ("tests.state_fixtures",)


THAI = Conversation("th", "", "embassy_phone", 12.5)


async def test_what_is_set_aside_is_out_of_the_way_and_listed(state: State) -> None:
    await state.accept([arrival(number=number, text="ถาม") for number in (1, 2, 3)])
    await state.set_aside(await claim_one(state), "failed", undelivered=False)
    await state.set_aside(await claim_one(state), "blocked", undelivered=True)

    assert await claimed_keys(state) == ["telegram:ann:3"]
    newest, oldest = await state.list_set_aside()
    assert await state.list_set_aside(limit=1) == [newest]
    assert (newest.key, newest.reason, newest.undelivered) == ("telegram:ann:2", "blocked", True)
    assert (oldest.key, oldest.reason, oldest.undelivered) == ("telegram:ann:1", "failed", False)
    assert (oldest.text, oldest.attempts, oldest.channel) == ("ถาม", 1, "telegram")
    assert await state.counters() == {"set_aside": 1, "undelivered": 1}


async def test_the_list_of_what_is_set_aside_is_bounded(state: State) -> None:
    number = MOST_SET_ASIDE + 3
    await state.accept([arrival(f"chat {n}") for n in range(number)])
    claims = await state.claim(number)
    await asyncio.gather(*(state.set_aside(claim, "why", False) for claim in claims))

    assert len(await state.list_set_aside(limit=2 * number)) == MOST_SET_ASIDE


async def test_what_was_set_aside_is_erased_after_the_retention(
    engine: Engine, state: State
) -> None:
    await state.accept([arrival(text="secret words")])
    await state.set_aside(await claim_one(state), "why", False)
    engine.clock.ahead += RETENTION_DAYS * 86_400 + 1

    assert await state.list_set_aside() == []
    await state.tidy()
    assert "secret words" not in engine.dump()


async def test_neither_ids_nor_text_outlast_their_message(engine: Engine, state: State) -> None:
    message = Message("line", "Uplain", text="plain words", person="Uplain", reply_to={"t": "Ut"})
    await state.accept([Arrival("line:1", message, 1), Arrival("line:2", message, 2)])
    await state.finish(await claim_one(state), THAI, apologised_at=3)
    await state.set_aside(await claim_one(state), "why", True)

    dump = engine.dump()

    assert "Uplain" not in dump
    assert "Ut" not in dump
    await state.forget(state.chat_key("line", "Uplain"))
    assert "plain words" not in engine.dump()
    assert state.chat_key("line", "Uplain") not in engine.dump()


async def test_a_chat_key_tells_channels_apart_and_needs_the_secret(engine: Engine) -> None:
    state = await engine.open()
    other = await open_state(engine.url, b"another key, as long as it must be")
    await other.close()

    keys = {state.chat_key("line", "1"), state.chat_key("telegram", "1")}
    keys |= {other.chat_key("line", "1")}

    assert len(keys) == 3
    assert {len(key) for key in keys} == {64}


async def test_a_conversation_is_kept_with_the_end_of_its_message(state: State) -> None:
    await state.accept([arrival(number=1), arrival(number=2)])
    first = await claim_one(state)
    await state.finish(first, THAI, ("answered", "answered", "thai"), apologised_at=123.25)

    second = await claim_one(state)

    assert second.conversation == THAI
    assert second.apologised_at == 123.25
    assert await state.conversation(first.chat) == THAI
    assert await state.counters() == {"answered": 2, "thai": 1}


@pytest.mark.parametrize(
    ("age_s", "left"),
    [
        (CONTEXT_S - 10, Conversation("en", "en", "address", 5)),
        (CONTEXT_S + 1, Conversation(fixed_language="en")),
        (RETENTION_DAYS * 86_400 - 10, Conversation(fixed_language="en")),
        (RETENTION_DAYS * 86_400 + 1, Conversation()),
    ],
    ids=["fresh", "silent for 10 minutes", "within the retention", "after it"],
)
async def test_a_conversation_is_forgotten_in_time(
    engine: Engine, state: State, age_s: float, left: Conversation
) -> None:
    chat = state.chat_key("web", "1")
    engine.clock.ahead -= age_s
    await state.keep_conversation(chat, Conversation("en", "en", "address", 5))
    engine.clock.ahead += age_s

    assert await state.conversation(chat) == left
    await state.tidy()
    assert await state.conversation(chat) == left


async def test_a_chat_is_forgotten_when_asked(state: State) -> None:
    chat, other = state.chat_key("telegram", "ann"), state.chat_key("telegram", "bob")
    for key in (chat, other):
        await state.keep_conversation(key, Conversation("en", "en"))
    await state.accept([arrival("ann"), arrival("bob")])
    for claim in await state.claim(2):
        await state.set_aside(claim, "why", False)

    await state.forget(chat)
    await state.forget("nobody")

    assert await state.conversation(chat) == Conversation()
    assert await state.conversation(other) == Conversation("en", "en")
    assert [aside.chat for aside in await state.list_set_aside()] == [other]


async def test_an_empty_conversation_leaves_nothing_behind(engine: Engine, state: State) -> None:
    chat = state.chat_key("web", "1")
    await state.keep_conversation(chat, Conversation("en", "en", "address", 5))
    await state.keep_conversation(chat, Conversation())

    assert await state.conversation(chat) == Conversation()
    assert chat not in engine.dump()


async def test_counters_count(state: State) -> None:
    await asyncio.gather(*(state.count("many") for _ in range(50)), state.count("ten", 10))

    assert await state.counters() == {"many": 50, "ten": 10}
    assert await state.ready()


def test_a_chat_kept_by_another_version_is_read_as_far_as_it_is_known() -> None:
    kept = '{"language":"th","intent_id":"hours","a_field_of_tomorrow":1}'

    assert unpack_conversation(kept, None) == Conversation(language="th", intent_id="hours")
