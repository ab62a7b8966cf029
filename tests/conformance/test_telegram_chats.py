"""What only Telegram has, by webhook and by polling."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

import intents
from tests.conformance.scene import (
    PATIENCE_S,
    Scene,
    all_at_once,
    opened,
    press,
    texts,
    until,
    until_said,
)

_groups = itertools.count(-1_009_000_000_001, -1)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def polling_scene(
    matcher: intents.Matcher, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("state")
    async with opened(matcher.knowledge, folder, "polling") as running:
        yield running


@pytest.fixture(params=["webhook", "polling"])
def scene(request: pytest.FixtureRequest) -> Scene:
    running = request.getfixturevalue(f"{request.param}_scene")
    assert isinstance(running, Scene)
    return running


def group_of(scene: Scene, language: str = "en") -> Any:
    """Returns somebody in a new group, where the bot may read everything."""
    return scene.person("telegram", language, chat_id=next(_groups), admin=True)


async def test_a_link_to_the_bot_greets(scene: Scene, language: str) -> None:
    person = scene.person("telegram", language)

    reply = await person.say("/start from-the-site", timeout=PATIENCE_S)

    assert reply.text == scene.said("welcome", language)
    assert reply.messages[0]["from"]["is_bot"]


async def test_the_list_of_commands_is_in_the_person_s_language(
    scene: Scene, language: str
) -> None:
    commands = scene.knowledge.commands
    wanted = {name: command.description[language] for name, command in commands.items()}

    shown = {c["command"]: c["description"] for c in scene.person("telegram", language).commands()}
    assert shown == wanted
    shown = {c["command"]: c["description"] for c in group_of(scene, language).commands()}
    assert shown == {name: text for name, text in wanted.items() if name != "start"}


async def test_a_button_pressed_again_and_again_answers_each_time(scene: Scene) -> None:
    person = scene.person("telegram")
    below = (await person.say("/start", timeout=PATIENCE_S)).messages[0]

    for _ in range(3):
        since = len(scene.tg.transcript)
        await person.callback("ask:hours", below, expect=False)
        await until_said(person, scene.answer("hours", "en"), since)
    await until(scene.tg, lambda: not scene.tg.unanswered(), "every press is answered")


async def test_the_map_opens_at_the_office(scene: Scene, language: str) -> None:
    office = scene.knowledge.contacts["embassy"]
    person = scene.person("telegram", language)
    reply = await person.say(scene.phrase("address", language), timeout=PATIENCE_S)

    button = f"📍 {scene.knowledge.messages.map[language]}"
    assert button in reply.buttons
    assert await person.press(button) == office.map_url(language)


async def test_an_edited_question_has_its_answer_edited(scene: Scene, language: str) -> None:
    person = scene.person("telegram", language)
    await person.say(scene.phrase("hours", language), timeout=PATIENCE_S)
    asked = person.entries("user")[0].data

    reply = await person.edit(asked, scene.phrase("customs", language), timeout=PATIENCE_S)

    assert [entry.kind for entry in reply.entries] == ["edit"]
    assert scene.answer("customs", language) in reply.text
    shown = [message["text"] for message in person.screen() if message["from"]["is_bot"]]
    assert shown == [reply.text]


async def test_the_caption_of_a_picture_is_a_question(scene: Scene) -> None:
    caption = scene.phrase("hours", "en")

    reply = await scene.person("telegram").send("photo", caption=caption, timeout=PATIENCE_S)

    assert scene.answer("hours", "en") in reply.text


async def test_many_messages_of_one_chat_are_answered_in_order(scene: Scene) -> None:
    person = scene.person("telegram")
    order = ["hours", "customs", "stipot", "recovery", "summit13", "hours", "rail_route"]
    for intent_id in order:
        await person.say(scene.phrase(intent_id, "en"), expect=False)

    await until(scene.tg, lambda: len(texts(person)) == len(order), "all are answered")

    assert texts(person) == [scene.answer(intent_id, "en") for intent_id in order]


async def test_in_a_group_only_what_is_meant_for_the_bot_is_answered(
    scene: Scene, language: str
) -> None:
    person = group_of(scene, language)
    question = scene.phrase("hours", language)
    await person.say(question, expect=False)
    await person.say(f"/help@another_bot {question}", expect=False)
    await person.say("mail@stand_in_bot.example", expect=False)
    await person.send("sticker", expect=False)

    # Chats are answered in order, so this reply would come after any to the above.
    reply = await person.say(f"@stand_in_bot {question}", timeout=PATIENCE_S)

    assert texts(person) == [scene.answer("hours", language)]
    assert reply.messages[0]["reply_to_message"]["text"] == f"@stand_in_bot {question}"


async def test_in_a_group_a_reply_to_the_bot_and_a_command_are_meant_for_it(
    scene: Scene, language: str
) -> None:
    person = group_of(scene, language)
    reply = await person.say("/contact@stand_in_bot", timeout=PATIENCE_S)
    assert scene.answer("contact_all", language) in reply.text
    reply = await person.say("/statement", timeout=PATIENCE_S)
    assert scene.answer("statement_summary", language) in reply.text

    question = scene.phrase("customs", language)
    reply = await person.say(question, reply_to=reply.messages[0], timeout=PATIENCE_S)
    assert scene.answer("customs", language) in reply.text
    await press(person, scene.label("rail_route", language), scene.answer("rail_route", language))
    reply = await person.say("@stand_in_bot", timeout=PATIENCE_S)
    assert scene.said("welcome", language) in reply.text


async def test_the_bot_greets_a_group_once_and_takes_leave_in_silence(
    scene: Scene, language: str
) -> None:
    person = group_of(scene, language)
    person.add_bot()
    await until_said(person, scene.said("joined", language))
    await person.say(f"@stand_in_bot {scene.phrase('hours', language)}", timeout=PATIENCE_S)
    person.remove_bot()

    await scene.ask(scene.person("telegram"))

    assert texts(person) == [scene.said("joined", language), scene.answer("hours", language)]


async def test_a_question_in_another_chat_is_answered_inline(scene: Scene, language: str) -> None:
    async def ask(intent_id: str) -> None:
        person = scene.person("telegram", language)
        [result] = await person.inline(scene.phrase(intent_id, language), timeout=PATIENCE_S)
        assert _plain(result) == scene.answer(intent_id, language)

    await all_at_once(ask, scene.knowledge.intents)


@pytest.mark.parametrize("query", ["", "   "])
async def test_an_empty_inline_query_shows_the_topics(
    scene: Scene, language: str, query: str
) -> None:
    results = await scene.person("telegram", language).inline(query, timeout=PATIENCE_S)

    wanted = [(scene.label(i, language), scene.answer(i, language)) for i in scene.knowledge.menu]
    assert [(result["title"], _plain(result)) for result in results] == wanted


def _plain(result: dict[str, Any]) -> str:
    """Returns the text of an inline result, without the tags that stand for bold."""
    text = str(result["input_message_content"]["message_text"])
    for tag, plain in {"<b>": "", "</b>": "", "&lt;": "<", "&gt;": ">", "&amp;": "&"}.items():
        text = text.replace(tag, plain)
    return text


async def test_a_button_of_an_inline_message_changes_that_message(scene: Scene) -> None:
    person, before = scene.person("telegram"), len(scene.tg.calls)
    press = {"id": f"inline {person.key}", "from": person.user, "chat_instance": "1"}
    press |= {"data": "ask:hours", "inline_message_id": f"message of {person.key}"}
    scene.tg.queries[press["id"]] = {"chat": person.key, "pressed": press["data"]}

    scene.tg.push("callback_query", press, person.key)

    edited = await until(scene.tg, lambda: _called(scene, "editMessageText", before), "an edit")
    assert edited[0]["inline_message_id"] == press["inline_message_id"]
    assert edited[0]["text"] == scene.answer("hours", "en")
    await until(scene.tg, lambda: not scene.tg.unanswered(), "the press is answered")


async def test_somebody_who_summons_the_bot_as_a_guest_is_answered(
    scene: Scene, language: str
) -> None:
    person, before = scene.person("telegram", language), len(scene.tg.calls)
    text = f"@stand_in_bot {scene.phrase('hours', language)}"
    elsewhere = {"id": next(_groups), "type": "supergroup", "title": "Elsewhere"}
    summons = scene.tg.new_message(elsewhere, person.user, text=text, guest_query_id="guest-1")

    scene.tg.push("guest_message", summons)

    answered = await until(scene.tg, lambda: _called(scene, "answerGuestQuery", before), "answer")
    assert answered[0]["guest_query_id"] == "guest-1"
    assert _plain(answered[0]["result"]) == scene.answer("hours", language)
    assert not _called(scene, "sendMessage", before)


def _called(scene: Scene, method: str, since: int) -> list[dict[str, Any]]:
    return [parameters for name, parameters in scene.tg.calls[since:] if name == method]


async def test_an_update_that_comes_again_is_not_answered_again(scene: Scene) -> None:
    person = scene.person("telegram")
    message = scene.tg.new_message(person.chat, person.user, text=scene.phrase("hours", "en"))
    scene.tg.flags[person.key].add("started")
    update = scene.tg.push("message", message)
    await until_said(person, scene.answer("hours", "en"))

    for _ in range(3):
        scene.tg.repeat(update)
    await scene.ask(person, "customs")

    assert texts(person) == [scene.answer("hours", "en"), scene.answer("customs", "en")]


@pytest.mark.parametrize(
    "content",
    [
        {"telepathy": {"id": 1, "from": {"id": 2}}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "hive"}, "text": "hum"}},
        {"message": None},
        {},
    ],
    ids=["kind", "chat", "nothing", "empty"],
)
async def test_what_the_bot_does_not_know_is_passed_over(
    scene: Scene, content: dict[str, Any]
) -> None:
    scene.tg.repeat({"update_id": next(scene.tg._update_ids), **content})

    await scene.ask(scene.person("telegram"))
    await until(scene.tg, lambda: not scene.tg.pending, "every update is taken")


async def test_somebody_who_blocked_the_bot_may_come_back(scene: Scene) -> None:
    person = scene.person("telegram")
    await scene.ask(person)
    person.block()
    await scene.ask(scene.person("telegram"))
    person.unblock()

    await scene.ask(person, "customs")


@pytest.mark.parametrize("scene", ["polling"], indirect=True)
async def test_a_poll_that_fails_is_made_again(scene: Scene) -> None:
    tg, person = scene.tg, scene.person("telegram")
    for kind in ("500", "close", "429"):
        tg.fail(kind, only="getUpdates")

    # The poll that waits brings this question, and the next three fail.
    await scene.ask(person)
    await person.say(scene.phrase("customs", "en"), expect=False)
    await until_said(person, scene.answer("customs", "en"))

    assert [fault.times for fault in tg.faults[-3:]] == [0, 0, 0]
    assert texts(person) == [scene.answer(key, "en") for key in ("hours", "customs")]
