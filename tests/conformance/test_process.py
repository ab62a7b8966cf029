"""The bot as a process: started while a platform is away, told to stop, and started again."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
import pytest_asyncio

import intents
from tests.conformance.scene import (
    PLATFORMS,
    STOP_S,
    Scene,
    all_at_once,
    opened,
    texts,
    until,
    until_said,
)

SEND = {"telegram": "sendMessage", "line": "replyMessage"}


def _be_away(scene: Scene) -> None:
    """Has both platforms fail while the bot sets them up."""
    scene.tg.fail("500", times=2, only="getMyCommands")
    scene.tg.fail("close", times=1, only="getMe")
    scene.line.fail("500", times=2, only="getRichMenuList")
    scene.line.fail("close", times=1, only="getWebhookEndpoint")


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["webhook", "polling"])
async def own_scene(
    request: pytest.FixtureRequest,
    matcher: intents.Matcher,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("state")
    async with opened(matcher.knowledge, folder, request.param, before=_be_away) as running:
        yield running


@pytest.fixture
def scene(own_scene: Scene) -> Scene:
    return own_scene


async def stop(scene: Scene, number: int) -> None:
    """Tells the bot to stop, and fails unless it does in time and of its own accord."""
    assert await scene.bot.stop(sig=number, grace=STOP_S + 5) == 0, scene.bot.log
    assert scene.bot.stop_seconds < STOP_S


def changes(scene: Scene) -> dict[str, int]:
    """Returns how often the bot changed what it is on a platform.

    Telegram's webhook is left out: it is set at every start, as nobody can read its secret.
    """
    names = [name for platform in (scene.tg, scene.line) for name, _ in platform.calls]
    verbs = ("set", "create", "delete", "update")
    changing = [name for name in names if name.startswith(verbs) and name != "setWebhook"]
    return {name: changing.count(name) for name in changing}


def has_struck(fault: Any) -> bool:
    return bool(fault.times == 0)


def was_called(stand_in: Any, method: str, since: int) -> bool:
    return method in [name for name, _ in stand_in.calls[since:]]


async def until_set_up(scene: Scene, tg_calls: int, line_calls: int) -> None:
    """Waits for the last question of each platform's set-up, after so many calls."""
    for stand_in, last, since in (
        (scene.tg, "getWebhookInfo", tg_calls),
        (scene.line, "getDefaultRichMenuId", line_calls),
    ):
        await until(
            stand_in,
            partial(was_called, stand_in, last, since),
            f"{last} is called",
        )


async def test_platforms_that_were_away_are_set_up_once_they_are_back(scene: Scene) -> None:
    await all_at_once(lambda platform: scene.ask(scene.person(platform)), PLATFORMS)
    await until(scene.tg, lambda: scene.person("telegram").commands(), "the commands are listed")

    assert all(fault.times == 0 for fault in (*scene.tg.faults, *scene.line.faults))


async def test_a_bot_that_stops_ends_what_it_began_and_finds_all_set_up_when_it_is_back(
    scene: Scene,
) -> None:
    before, people = changes(scene), [scene.person(platform) for platform in PLATFORMS]
    for platform, person in zip(PLATFORMS, people, strict=True):
        stand_in = scene.stand_in(platform)
        stand_in.fail("slow", only=SEND[platform], delay=2.0)
        fault = stand_in.faults[-1]
        await person.say(scene.phrase("hours", "en"), expect=False)
        await until(stand_in, partial(has_struck, fault), "the answer is on its way")

    await stop(scene, signal.SIGINT)
    calls = len(scene.tg.calls), len(scene.line.calls)
    await scene.bot.start()

    for person in people:
        await scene.ask(person, "customs")
        assert texts(person) == [scene.answer("hours", "en"), scene.answer("customs", "en")]
    await until_set_up(scene, *calls)
    assert (before["setMyCommands"], before["createRichMenu"]) == (4, 2)
    assert changes(scene) == before


async def test_what_came_while_the_bot_was_away_is_answered_when_it_is_back(scene: Scene) -> None:
    scene.line.redelivery, scene.line.redelivery_delay = True, 3.0
    people = [scene.person(platform) for platform in PLATFORMS]
    for person in people:
        await scene.ask(person, "hours")
    await stop(scene, signal.SIGTERM)
    for person in people:
        await person.say(scene.phrase("customs", "en"), expect=False)
    await until(scene.line, lambda: scene.line.deliveries[-1].status is None, "LINE gets no 200")

    await scene.bot.start()

    for person in people:
        await until_said(person, scene.answer("customs", "en"))
        assert len(texts(person)) == 2
    # What was lost on the way was sent again.
    for platform in (scene.tg, scene.line):
        platform.deliveries.clear()
