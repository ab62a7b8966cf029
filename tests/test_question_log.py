"""The mirror of the question log: figures, open questions, and what becomes of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import intents
from bot.asked import Asked, digest
from bot.errors import ProcessFailed
from bot.question_log import Ledger, OpenGroup
from bot.state import State
from tests.questions_asked import MONDAY, asked
from tests.state_engines import engine_at

BANGKOK = ZoneInfo("Asia/Bangkok")
DAY_S = 86_400
SURE_FROM = 0.7


async def group_here(counts: Mapping[str, int], background: Sequence[str]) -> list[tuple[str, ...]]:
    return intents.group(counts, background)


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[State]:
    async with engine_at(f"sqlite:///{tmp_path}/state.db", None) as engine:
        yield await engine.open()


def ledger_on(state: State, days: int = 90, now: float = MONDAY) -> Ledger:
    return Ledger(state, BANGKOK, SURE_FROM, days, grouping=group_here, clock=lambda: now)


async def ledger_of(state: State, *questions: Asked, now: float = MONDAY) -> Ledger:
    for question in questions:
        await state.log_question(question)
    ledger = ledger_on(state, now=now)
    await ledger.refresh()
    await ledger.group()
    return ledger


def examples(groups: list[OpenGroup]) -> list[str]:
    return [group.example for group in groups]


async def test_figures_are_counted_by_day_in_the_time_zone(state: State) -> None:
    # Five hours after the Monday's evening it is Tuesday in Bangkok, and still Monday elsewhere.
    ledger = await ledger_of(
        state,
        asked(intent="phone", at=MONDAY - DAY_S, took_ms=10, language="th"),
        asked(intent="phone", channel="web"),
        asked(intent="fax"),
        asked(outcome="offer", took_ms=100),
        asked(outcome="unknown", at=MONDAY + 6 * 3600, took_ms=1_000),
        now=MONDAY + 7 * 3600,
    )

    figures = ledger.figures(3)

    assert [day.date for day in figures.days] == [date(2026, 3, day) for day in (1, 2, 3)]
    assert [day.questions for day in figures.days] == [1, 3, 1]
    assert figures.days[1].outcomes == {"answer": 2, "offer": 1, "unknown": 0}
    assert (figures.days[1].p50_ms, figures.days[1].p95_ms) == (5, 100)
    assert figures.outcomes == {"answer": 3, "offer": 1, "unknown": 1}
    assert list(figures.topics.items()) == [("phone", 2), ("fax", 1)]
    assert figures.languages == {"en": 4, "th": 1}
    assert figures.channels == {"line": 4, "web": 1}
    assert (figures.p50_ms, figures.p95_ms) == (10, 1_000)
    assert figures.answered_share == pytest.approx(0.6)


async def test_no_questions_are_figures_too(state: State) -> None:
    ledger = await ledger_of(state)

    assert ledger.figures(7).questions == 0
    assert ledger.figures(7).answered_share == 0
    assert len(ledger.figures(7).days) == 7
    assert ledger.open_groups() == []


async def test_open_questions_are_grouped_most_asked_first(state: State) -> None:
    ledger = await ledger_of(
        state,
        asked("is there parking"),
        asked("Is there parking?", chat="bob", at=MONDAY + 9),
        asked("is there any parking", "offer", chat="cid"),
        asked("ค่าวีซ่าเท่าไร", language="th"),
        asked("embassy phone", intent="phone"),
    )

    parking, visa = ledger.open_groups()

    assert (parking.example, parking.count) == ("is there parking", 3)
    assert parking.reasons == {"unknown": 2, "offer": 1}
    assert parking.languages == {"en": 3}
    assert parking.last_asked_at == MONDAY + 9
    assert [(one.text, one.count) for one in parking.wordings] == [
        ("is there parking", 2),
        ("is there any parking", 1),
    ]
    assert visa.languages == {"th": 1}


async def test_an_answer_just_above_the_least_confidence_is_unsure(state: State) -> None:
    ledger = await ledger_of(
        state,
        asked("ring them", intent="phone", confidence=SURE_FROM - 0.01),
        asked("phone them", intent="phone", confidence=SURE_FROM, chat="bob"),
    )

    [group] = ledger.open_groups()

    assert (group.example, group.reasons) == ("ring them", {"unsure": 1})


@pytest.mark.parametrize(
    ("second", "is_open"),
    [
        (asked("their number", intent="phone", at=MONDAY + 30), True),
        (asked("their number", intent="phone", at=MONDAY + 61), False),
        (asked("their number", intent="phone", at=MONDAY + 30, chat="bob"), False),
        (asked("their fax", intent="fax", at=MONDAY + 30), False),
        (asked("Ring them!", intent="phone", at=MONDAY + 30), False),
    ],
    ids=["same topic again", "a minute later", "somebody else", "another topic", "same words"],
)
async def test_asking_again_in_other_words_shows_that_the_answer_did_not_help(
    state: State, second: Asked, is_open: bool
) -> None:
    ledger = await ledger_of(state, asked("ring them", intent="phone"), second)

    assert examples(ledger.open_groups()) == (["ring them"] if is_open else [])


async def test_an_example_of_the_file_is_never_unsure(state: State) -> None:
    hello = asked("hello", intent="hello", confidence=0.99)
    again = asked("good morning", intent="hello", confidence=0.99, at=MONDAY + 5)

    assert (await ledger_of(state, hello, again)).open_groups() == []


async def test_what_comes_after_the_grouping_is_there_at_once(state: State) -> None:
    ledger = await ledger_of(state, asked("is there parking"))
    for text in ("IS THERE PARKING", "is there any parking", "what does a visa cost"):
        await state.log_question(asked(text))

    await ledger.refresh()

    counts = {group.example: group.count for group in ledger.open_groups()}
    assert counts == {
        "is there parking": 2,
        "is there any parking": 1,
        "what does a visa cost": 1,
    }
    await ledger.group()
    assert [group.count for group in ledger.open_groups()] == [3, 1]


async def test_settled_questions_are_not_open_until_that_is_undone(state: State) -> None:
    ledger = await ledger_of(state, asked("is there parking"), asked("is there any parking"))
    [group] = ledger.open_groups()
    digests = [wording.digest for wording in group.wordings]

    await ledger.settle(digests[:1], "taught")
    assert [one.count for one in ledger.open_groups()] == [1]
    await ledger.settle(digests, "dismissed")
    assert ledger.open_groups() == []
    assert (await state.settled())[group.key] == "dismissed"

    other = ledger_on(state)
    await other.refresh()
    assert other.open_groups() == []
    await ledger.settle(digests, None)
    await ledger.refresh()
    assert [one.count for one in ledger.open_groups()] == [2]


async def test_a_forgotten_chat_leaves_the_mirror(state: State) -> None:
    ledger = await ledger_of(
        state, asked("is there parking", chat="ann"), asked("visa fees", chat="bob")
    )

    await state.forget("ann")
    await ledger.refresh()

    assert examples(ledger.open_groups()) == ["visa fees"]
    assert ledger.figures(1).questions == 1


async def test_what_is_older_than_asked_for_is_left_out(state: State) -> None:
    old, new = asked("old one", at=MONDAY - 8 * DAY_S), asked("new one")
    for question in (old, old, new):
        await state.log_question(question)
    ledger = ledger_on(state, days=7)

    await ledger.refresh()

    assert examples(ledger.open_groups()) == ["new one"]
    assert ledger.figures(7).questions == 1


async def test_the_mirror_keeps_up_by_itself_also_when_grouping_fails(
    state: State, caplog: pytest.LogCaptureFixture
) -> None:
    is_grouping = asyncio.Event()

    async def fail(_counts: Mapping[str, int], _background: Sequence[str]) -> list[tuple[str, ...]]:
        is_grouping.set()
        raise ProcessFailed("no memory")

    await state.log_question(asked("is there parking"))
    ledger = Ledger(state, BANGKOK, SURE_FROM, grouping=fail, clock=lambda: MONDAY)
    following = asyncio.create_task(ledger.keep_up())
    async with asyncio.timeout(20):
        await is_grouping.wait()
    await asyncio.sleep(0)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)

    assert examples(ledger.open_groups()) == ["is there parking"]
    assert "could not be grouped: no memory" in caplog.text
    assert "parking" not in caplog.text


def test_a_question_is_settled_in_all_its_spellings() -> None:
    assert digest("ที่จอดรถมีไหมครับ") == digest("ที่จอดรถมีไหม!") == digest(" ที่จอดรถมีไหมคะ")
    assert digest("ที่จอดรถมีไหม") != digest("where can I park")
