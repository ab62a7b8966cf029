"""LINE where answers are pushed whose reply tokens died."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

import intents
from tests.conformance.scene import PATIENCE_S, Scene, opened, texts, until, until_said


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pushing_scene(
    matcher: intents.Matcher, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("state")
    async with opened(matcher.knowledge, folder, LINE_PUSH_FALLBACK="true") as running:
        yield running


@pytest.fixture
def scene(pushing_scene: Scene) -> Scene:
    return pushing_scene


async def ask_with_dead_token(scene: Scene, person: Any) -> int:
    """Asks something that cannot be replied to; returns how long the log was before."""
    since = len(scene.bot.log)
    event = person.text(scene.phrase("embassy_phone", "en"))
    scene.line.tokens[event["replyToken"]]["used"] = True
    await person.send(event, expect=False)
    return since


def pushes(scene: Scene, person: Any) -> int:
    return sum(n == "pushMessage" and p["to"] == person.key for n, p in scene.line.calls)


def forget_refusals(scene: Scene, *wanted: tuple[str, int]) -> None:
    """Checks what LINE refused, and forgets it."""
    assert {(where, status) for where, status, _ in scene.line.refused} == set(wanted)
    scene.line.refused.clear()


async def test_an_answer_that_cannot_be_replied_is_pushed(scene: Scene) -> None:
    person = scene.person("line")

    await ask_with_dead_token(scene, person)

    await until_said(person, scene.answer("embassy_phone", "en"))
    assert len(person.entries("message")) == 2, "text and card"
    assert pushes(scene, person) == 1
    forget_refusals(scene, ("replyMessage", 400))


@pytest.mark.parametrize("kind", ["500", "close"])
@pytest.mark.parametrize("after", [False, True], ids=["undone", "done"])
async def test_a_push_that_fails_is_made_again_but_shown_once(
    scene: Scene, kind: str, after: bool
) -> None:
    person = scene.person("line")
    scene.line.fail(kind, only="pushMessage", after=after)
    fault = scene.line.faults[-1]

    await ask_with_dead_token(scene, person)
    await until_said(person, scene.answer("embassy_phone", "en"))
    assert fault.times == 0
    await scene.ask(person, "customs")

    assert texts(person).count(scene.answer("embassy_phone", "en")) == 1
    forget_refusals(scene, ("replyMessage", 400), *[("pushMessage", 409)] * after)


@pytest.mark.parametrize(
    ("kind", "how"),
    [("limit", {}), ("error", {"code": 400, "message": "Failed to send messages"})],
    ids=["monthly limit", "blocked"],
)
async def test_a_push_that_line_will_not_take_is_set_aside(
    scene: Scene, kind: str, how: dict[str, Any]
) -> None:
    person = scene.person("line")
    # LINE may be asked again in plain text, but no more than that.
    scene.line.fail(kind, times=3, only="pushMessage", **how)
    fault = scene.line.faults[-1]

    since = await ask_with_dead_token(scene, person)
    await until(scene.line, lambda: "is set aside" in scene.bot.log[since:], "it is set aside")
    assert fault.times >= 1
    fault.times = 0
    await scene.ask(person, "customs")

    assert texts(person) == [scene.answer("customs", "en")]
    forget_refusals(scene, ("replyMessage", 400))


async def test_without_need_nothing_is_pushed(scene: Scene) -> None:
    person = scene.person("line")
    scene.line.fail("500", times=2, only="replyMessage")

    await person.say(scene.phrase("hours", "en"), timeout=PATIENCE_S)

    assert pushes(scene, person) == 0
    assert texts(person) == [scene.answer("hours", "en")]
