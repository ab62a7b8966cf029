"""What only LINE has."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.conformance.scene import PATIENCE_S, Scene, all_at_once, press, texts, until, until_said

OTHER = {"th": "en", "en": "th"}
NAMES = {"th": "ไทย", "en": "English"}

_groups = itertools.count(1)


def member(scene: Scene, language: str = "en", where: str = "group") -> Any:
    """Returns somebody in a new group or room."""
    return scene.person("line", language, **{where: next(_groups)})


async def test_verify_in_the_console_succeeds(scene: Scene) -> None:
    assert await scene.line.verify() == 200


async def test_a_new_friend_is_greeted_and_gets_the_menu_of_their_language(
    scene: Scene, language: str
) -> None:
    person = scene.person("line", language)

    reply = await person.follow(timeout=PATIENCE_S)

    assert scene.said("welcome", language) in reply.text
    wanted = scene.line.aliases[f"infobot-{language}"]
    await until(scene.line, lambda: scene.line.menu_of.get(person.user) == wanted, "the menu")


async def test_a_friend_who_left_may_come_back(scene: Scene, language: str) -> None:
    person = scene.person("line", language)
    await scene.ask(person, "hours", language)
    await person.unfollow()

    reply = await person.follow(unblocked=True, timeout=PATIENCE_S)

    assert scene.said("welcome", language) in reply.text
    assert len(texts(person)) == 2


async def test_every_field_of_the_rich_menu_answers(scene: Scene, language: str) -> None:
    async def choose(intent_id: str) -> None:
        person = scene.person("line", language)
        scene.line.menu_of[person.user] = scene.line.aliases[f"infobot-{language}"]
        await press(person, scene.label(intent_id, language), scene.answer(intent_id, language))

    await all_at_once(choose, scene.knowledge.menu)


async def test_a_tab_of_the_rich_menu_changes_the_language(scene: Scene, language: str) -> None:
    person, chosen = scene.person("line", language), OTHER[language]
    scene.line.menu_of[person.user] = scene.line.aliases[f"infobot-{language}"]

    reply = await person.press(NAMES[chosen], timeout=PATIENCE_S)

    assert scene.said("language_set", chosen) in reply.text
    assert scene.line.menu_of[person.user] == scene.line.aliases[f"infobot-{chosen}"]
    await press(person, scene.label("hours", chosen), scene.answer("hours", chosen))


async def test_a_typed_name_of_a_language_changes_to_it(scene: Scene, language: str) -> None:
    reply = await scene.person("line", OTHER[language]).say(NAMES[language], timeout=PATIENCE_S)

    assert scene.said("language_set", language) in reply.text


async def test_every_number_of_a_card_can_be_dialled(scene: Scene, language: str) -> None:
    knowledge = scene.knowledge
    wanted = {
        f"{knowledge.messages.call[language]} {phone}": "tel:+"
        + "".join(filter(str.isdigit, phone))
        for phone in knowledge.contacts["embassy"].phones
    }
    person = scene.person("line", language)
    await person.say(scene.phrase("embassy_phone", language), timeout=PATIENCE_S)

    assert wanted
    assert {label: await person.press(label) for label in wanted} == wanted


@pytest.mark.parametrize("where", ["group", "room"])
async def test_in_a_group_only_what_is_meant_for_the_bot_is_answered(
    scene: Scene, where: str, language: str
) -> None:
    person = member(scene, language, where)
    question = scene.phrase("hours", language)
    await person.say(question, expect=False)
    await person.say("@Someone " + question, expect=False)
    await person.sticker(expect=False)
    await person.media("image", expect=False)

    # Chats are answered in order, so this reply would come after any to the above.
    reply = await person.say(question, mention_bot=True, timeout=PATIENCE_S)

    assert texts(person) == [scene.answer("hours", language)]
    assert reply.messages[0]["quoteToken"]
    await press(person, scene.label("address", language), scene.answer("address", language))


async def test_in_a_group_the_bot_s_name_calls_it(scene: Scene, language: str) -> None:
    person, name = member(scene, language), scene.knowledge.bot.name[language]

    reply = await person.say(f"{name}: {scene.phrase('hours', language)}", timeout=PATIENCE_S)
    assert scene.answer("hours", language) in reply.text
    reply = await person.say("/help", mention_bot=True, timeout=PATIENCE_S)
    assert any(scene.answer("help", code) in reply.text for code in NAMES)
    reply = await person.say("", mention_bot=True, timeout=PATIENCE_S)
    assert any(scene.said("welcome", code) in reply.text for code in NAMES)


async def test_an_edited_message_of_a_group_is_a_question_anew(scene: Scene) -> None:
    person, question = member(scene), scene.phrase("customs", "en")
    await person.say(scene.phrase("hours", "en"), mention_bot=True, timeout=PATIENCE_S)
    await person.edited("500", "nothing for the bot", expect=False)

    for intent_id, text, mentions in (
        ("customs", question, True),
        ("stipot", f"{scene.knowledge.bot.name['en']} {scene.phrase('stipot', 'en')}", False),
    ):
        edited = person.text(text, mention_bot=mentions) | {"type": "messageEdited"}
        reply = await person.send(edited, timeout=PATIENCE_S)
        assert scene.answer(intent_id, "en") in reply.text
    assert len(texts(person)) == 3


@pytest.mark.parametrize("where", ["group", "room"])
async def test_the_bot_greets_a_group_once_and_says_nothing_of_comings_and_goings(
    scene: Scene, where: str
) -> None:
    person = member(scene, where=where)
    await person.join(timeout=PATIENCE_S)
    await person.member_joined(1, 2, expect=False)
    await person.member_left(1)
    await person.unsend("500")
    await person.say(scene.phrase("hours", "en"), mention_bot=True, timeout=PATIENCE_S)
    await person.leave()
    await scene.ask(scene.person("line"))

    greeting = [scene.said("joined", language) for language in NAMES]
    assert texts(person)[0] in greeting
    assert texts(person)[1:] == [scene.answer("hours", "en")]


async def test_in_standby_the_bot_keeps_silent(scene: Scene) -> None:
    person = scene.person("line")
    await person.say(scene.phrase("hours", "en"), mode="standby", expect=False)
    standby = person.event("postback", mode="standby", postback={"data": "ask:stipot"})
    await person.send(standby, expect=False)

    await scene.ask(person, "customs")

    assert texts(person) == [scene.answer("customs", "en")]


async def test_many_events_in_one_webhook_are_each_answered_in_order(scene: Scene) -> None:
    one, two, group = scene.person("line"), scene.person("line", "th"), member(scene)
    events = [
        one.text(scene.phrase("hours", "en")),
        two.text(scene.phrase("hours", "th")),
        one.event("teleport", to="nowhere"),
        one.text(scene.phrase("customs", "en")),
        group.text("not for the bot"),
        group.text(scene.phrase("stipot", "en"), mention_bot=True),
        two.event("unsend", reply=False, unsend={"messageId": "1"}),
        one.event("postback", postback={"data": "ask:recovery"}),
    ]

    assert await scene.line.deliver(events) == 200

    await until_said(one, scene.answer("recovery", "en"))
    await until_said(two, scene.answer("hours", "th"))
    await until_said(group, scene.answer("stipot", "en"))
    assert texts(one) == [scene.answer(i, "en") for i in ("hours", "customs", "recovery")]
    assert len(texts(two)) == len(texts(group)) == 1


async def test_an_event_that_comes_again_is_not_answered_again(scene: Scene) -> None:
    person = scene.person("line")
    event = person.text(scene.phrase("hours", "en"))
    again = event | {"deliveryContext": {"isRedelivery": True}}

    assert await scene.line.deliver([event, event]) == 200
    assert await scene.line.deliver([again]) == 200
    await until_said(person, scene.answer("hours", "en"))
    assert await scene.line.deliver([again, person.text(scene.phrase("customs", "en"))]) == 200
    await until_said(person, scene.answer("customs", "en"))

    assert texts(person) == [scene.answer("hours", "en"), scene.answer("customs", "en")]


async def test_what_the_bot_does_not_know_is_passed_over(scene: Scene) -> None:
    person = scene.person("line")
    question = person.text(scene.phrase("hours", "en"))
    strange = [
        person.event("teleport", to="nowhere"),
        question | {"webhookEventId": "1", "message": {"type": "smell", "id": "1"}},
        question | {"webhookEventId": "2", "source": {"type": "hive", "hiveId": "1"}},
        question | {"webhookEventId": "3", "source": None},
        person.event("videoPlayComplete", videoPlayComplete={"trackingId": "1"}),
        person.event("accountLink", link={"result": "ok", "nonce": "n"}),
        {"type": "accountLink", "webhookEventId": "4"},
    ]

    assert await scene.line.deliver(strange) == 200

    await scene.ask(person, "customs")
    assert texts(person) == [scene.answer("customs", "en")]


async def test_a_message_is_marked_as_read(scene: Scene) -> None:
    scene.line.chat_mode = True
    person = scene.person("line")
    await scene.ask(person)
    scene.line.chat_mode = False

    await until(scene.line, lambda: person.entries("read"), "the message is marked as read")


async def test_a_line_emoji_does_not_hide_a_question(scene: Scene) -> None:
    person, question = scene.person("line"), scene.phrase("hours", "en")
    emoji = {"index": 0, "length": 7, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}

    reply = await person.say(f"(brown){question}", emojis=[emoji], timeout=PATIENCE_S)

    assert scene.answer("hours", "en") in reply.text
