"""The question log in the state: one suite for every engine."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.asked import digest
from bot.errors import ClaimLost
from bot.state import State
from tests.questions_asked import asked
from tests.state_engines import RETENTION_DAYS, Engine, arrival, claim_one, engine_at

pytest_plugins = ("tests.state_fixtures",)

RETENTION_S = RETENTION_DAYS * 86_400


async def test_a_question_is_kept_with_the_end_of_its_message(state: State) -> None:
    await state.accept([arrival("ann")])
    claim = await claim_one(state)
    question = asked("ที่จอดรถมีไหม", chat=claim.chat, language="th")

    await state.finish(claim, counts=("one",), asked=question)

    assert await state.questions() == [(1, question)]
    with pytest.raises(ClaimLost):
        await state.finish(claim, asked=question)
    assert len(await state.questions()) == 1


async def test_questions_are_read_piece_by_piece_in_their_order(state: State) -> None:
    questions = [asked(f"question {number}", intent="a") for number in range(7)]
    for question in questions:
        await state.log_question(question)

    seen, found = 0, []
    while page := await state.questions(seen, limit=3):
        seen = page[-1][0]
        found += [question for _, question in page]

    assert found == questions
    await state.log_question(asked("one more"))
    [(number, newest)] = await state.questions(seen)
    assert number > seen
    assert newest.text == "one more"


async def test_who_is_forgotten_leaves_no_question_behind(engine: Engine, state: State) -> None:
    for chat in ("ann", "bob", "ann"):
        await state.log_question(asked(f"words of {chat}", chat=chat))
    before = await state.erased_questions()

    await state.forget("ann")
    await state.forget("nobody")

    assert [question.chat for _, question in await state.questions()] == ["bob"]
    assert await state.erased_questions() == before + 2
    assert "words of ann" not in engine.dump()
    await state.log_question(asked("back again", chat="ann"))
    assert [number for number, _ in await state.questions()] == [2, 4]


async def test_questions_are_erased_after_the_retention(engine: Engine, state: State) -> None:
    engine.clock.ahead -= RETENTION_S / 2
    await state.log_question(asked("old words", chat="ann"))
    engine.clock.ahead += RETENTION_S / 2
    await state.log_question(asked("new words", chat="ann"))
    await state.tidy()
    assert len(await state.questions()) == 2

    engine.clock.ahead += RETENTION_S / 2 + 1
    await state.tidy()

    assert [question.text for _, question in await state.questions()] == ["new words"]
    assert "old words" not in engine.dump()
    # Expired is not the same as erased because somebody asked for it.
    assert await state.erased_questions() == 0
    await state.forget("ann")
    assert await state.questions() == []


async def test_many_questions_expire_at_once(engine: Engine, state: State) -> None:
    await asyncio.gather(*(state.log_question(asked(chat=f"chat {n}")) for n in range(1_100)))
    engine.clock.ahead += RETENTION_S + 1

    await state.tidy()

    assert await state.questions() == []
    assert "chat 1" not in engine.dump()


async def test_what_operators_did_about_questions_is_kept_and_can_be_unsaid(
    engine: Engine, state: State
) -> None:
    one, two, three = (digest(text) for text in ("one", "two", "three"))
    await state.settle_questions([one, two], "taught")
    await state.settle_questions([two, three], "dismissed")
    await state.settle_questions([], "taught")

    assert await state.settled() == {one: "taught", two: "dismissed", three: "dismissed"}
    await state.settle_questions([one, two], None)
    assert await state.settled() == {three: "dismissed"}
    engine.clock.ahead += RETENTION_S + 1
    assert await state.settled() == {}
    await state.tidy()
    assert three not in engine.dump()


async def test_a_turn_is_taken_once(engine: Engine) -> None:
    one, other = await engine.open(), await engine.open()

    turns = await asyncio.gather(*(state.take_turn("week 1", 60) for state in (one, other, one)))

    assert sorted(turns) == [False, False, True]
    assert await other.take_turn("week 2", 60)


async def test_erased_words_are_gone_from_the_disk(tmp_path: Path) -> None:
    """SQLite keeps what it deletes, in free pages and in its write-ahead log, unless told."""
    async with engine_at(f"sqlite:///{tmp_path}/state.db", None) as engine:
        state = await engine.open()
        await state.log_question(asked("words to be forgotten", chat="ann"))
        assert b"words to be forgotten" in _on_disk(tmp_path)

        await state.forget("ann")

        assert b"words to be forgotten" not in _on_disk(tmp_path)
        await state.log_question(asked("words that expire", chat="ann"))
        engine.clock.ahead += RETENTION_S + 1
        await state.tidy()
        assert b"words that expire" not in _on_disk(tmp_path)


def _on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())
