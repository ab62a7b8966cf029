"""What people say and press on both platforms, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from intents import Matcher
from tests.conformance.scene import PATIENCE_S, Scene, all_at_once, press, texts, until_said

OTHER = {"th": "en", "en": "th"}

#: No intent is sure of some of them, whatever the confidence was fitted to last.
VAGUE = {
    "th": ("สถานทูต", "หน่วยงาน", "เรื่องประชุม"),
    "en": ("embassy", "russian", "which number", "meetings"),
}
FOLLOW_UP = {"th": "แล้วแฟกซ์ล่ะ", "en": "and the fax?"}
UNKNOWN = {"th": "ภูเขาเอเวอเรสต์สูงเท่าไร", "en": "how tall is mount everest"}
OF_OTHERS = {"th": "เบอร์โทรสถานทูตเยอรมนี", "en": "phone number of the German embassy"}

#: What has no words, by platform, and how it is sent.
WORDLESS = {
    "telegram": (
        *("sticker", "photo", "voice", "video", "animation"),
        *("document", "location", "contact"),
    ),
    "line": ("sticker", "image", "video", "audio", "file", "location"),
}


async def send(person: Any, platform: str, kind: str) -> Any:
    if platform == "telegram":
        return await person.send(kind, timeout=PATIENCE_S)
    if kind == "sticker":
        return await person.sticker(timeout=PATIENCE_S)
    return await person.media(kind, timeout=PATIENCE_S)


async def test_every_intent_is_answered_with_its_facts(
    scene: Scene, platform: str, language: str
) -> None:
    knowledge = scene.knowledge

    async def ask(intent_id: str) -> None:
        person = scene.person(platform, language)
        reply = await person.say(scene.phrase(intent_id, language), timeout=PATIENCE_S)
        assert scene.answer(intent_id, language) in reply.text
        office = knowledge.contacts.get(knowledge.intents[intent_id].card or "")
        if office and platform == "line":
            assert [n for n in (*office.phones, *office.faxes) if n not in reply.text] == []
        if office:
            assert await person.press(
                knowledge.messages.map[language] if platform == "line" else _map_button(reply)
            ) == office.map_url(language)

    await all_at_once(ask, knowledge.intents)


def _map_button(reply: Any) -> str:
    return next(str(label) for label in reply.buttons if label.startswith("📍"))


async def test_every_intent_leads_on_to_another(scene: Scene, platform: str, language: str) -> None:
    async def lead(intent_id: str) -> None:
        person = scene.person(platform, language)
        await person.say(scene.phrase(intent_id, language), timeout=PATIENCE_S)
        following = scene.knowledge.intents[intent_id].next[0]
        await press(person, scene.label(following, language), scene.answer(following, language))

    await all_at_once(lead, [key for key, intent in scene.knowledge.intents.items() if intent.next])


async def test_every_topic_of_the_menu_can_be_pressed(
    scene: Scene, platform: str, language: str
) -> None:
    async def choose(intent_id: str) -> None:
        person = scene.person(platform, language)
        await person.say("/start", timeout=PATIENCE_S)
        await press(person, scene.label(intent_id, language), scene.answer(intent_id, language))

    await all_at_once(choose, scene.knowledge.menu)


async def test_every_command_is_carried_out(scene: Scene, platform: str, language: str) -> None:
    own = {"start": "welcome", "language": "choose_language", "forget": "forgotten"}

    async def give(name: str) -> None:
        command = scene.knowledge.commands.get(name)
        person = scene.person(platform, language)
        reply = await person.say(f"/{name}", timeout=PATIENCE_S)
        if command and command.intent:
            assert scene.answer(command.intent, language) in reply.text
        else:
            assert scene.said(own.get(name, name), language) in reply.text

    await all_at_once(give, scene.knowledge.commands)


async def test_a_command_that_is_none_is_greeted(
    scene: Scene, platform: str, language: str
) -> None:
    reply = await scene.person(platform, language).say("/nonsense", timeout=PATIENCE_S)

    assert scene.said("welcome", language) in reply.text
    assert scene.label(scene.knowledge.menu[0], language) in reply.buttons


async def test_what_is_unsure_is_offered_and_can_be_pressed(
    scene: Scene, matcher: Matcher, platform: str, language: str
) -> None:
    person = scene.person(platform, OTHER[language])
    vague = next(text for text in VAGUE[language] if matcher.match(text).outcome == "offer")

    reply = await person.say(vague, timeout=PATIENCE_S)

    assert scene.said("offer", language) in reply.text
    labels = {i.label[language]: key for key, i in scene.knowledge.intents.items()}
    offered = next(label for label in reply.buttons if label in labels)
    await press(person, offered, scene.answer(labels[offered], language))


async def test_a_follow_up_is_understood_from_what_was_answered(
    scene: Scene, platform: str, language: str
) -> None:
    async def follow(office: str) -> None:
        person = scene.person(platform, language)
        await person.say(scene.phrase(f"{office}_phone", language), timeout=PATIENCE_S)
        reply = await person.say(FOLLOW_UP[language], timeout=PATIENCE_S)
        assert scene.answer(f"{office}_fax", language) in reply.text

    await all_at_once(follow, ("embassy", "consular"))


async def test_what_is_not_known_is_said_to_be_unknown(
    scene: Scene, platform: str, language: str
) -> None:
    person = scene.person(platform, language)

    reply = await person.say(UNKNOWN[language], timeout=PATIENCE_S)
    assert scene.said("unknown", language) in reply.text
    reply = await person.say(OF_OTHERS[language], timeout=PATIENCE_S)
    before, _, after = scene.said("near_miss_owner", language).partition("{name}")
    assert before in reply.text
    assert after in reply.text


async def test_a_third_language_gets_an_answer_too(scene: Scene, platform: str) -> None:
    reply = await scene.person(platform, "ru").say("Какой телефон?", timeout=PATIENCE_S)

    assert scene.said("other_language", "en") in reply.text


async def test_what_has_no_words_is_answered_in_the_person_s_language(
    scene: Scene, platform: str, language: str
) -> None:
    async def show(kind: str) -> None:
        reply = await send(scene.person(platform, language), platform, kind)
        assert scene.said("not_text", language) in reply.text

    await all_at_once(show, WORDLESS[platform])


async def test_a_chosen_language_stays_until_it_is_forgotten(
    scene: Scene, platform: str, language: str
) -> None:
    chosen, person = OTHER[language], scene.person(platform, language)
    name = {"th": "ไทย", "en": "English"}[chosen]

    await person.say("/language", timeout=PATIENCE_S)
    await press(person, name, scene.said("language_set", chosen))
    reply = await person.say(scene.phrase("hours", language), timeout=PATIENCE_S)
    assert scene.answer("hours", chosen) in reply.text
    reply = await person.say("/forget", timeout=PATIENCE_S)
    assert scene.said("forgotten", chosen) in reply.text
    await scene.ask(person, "hours", language)


async def test_a_button_of_former_times_is_greeted(
    scene: Scene, platform: str, language: str
) -> None:
    person = scene.person(platform, language)
    below = (await person.say("/start", timeout=PATIENCE_S)).messages[0]
    since = len(person.platform.transcript)

    if platform == "telegram":
        await person.callback("ask:gone", below, expect=False)
    else:
        await person.postback("ask:gone", expect=False)

    await until_said(person, scene.said("welcome", language), since)


@pytest.mark.parametrize(
    "text", ["?", "﷽" * 100, "x" * 4096, "<b>&amp;</b> {contacts} %s \\", "👩‍👩‍👧‍👦"]
)
async def test_whatever_is_typed_gets_one_reply(scene: Scene, platform: str, text: str) -> None:
    person = scene.person(platform)

    await person.say(text, timeout=PATIENCE_S)
    await scene.ask(person)

    assert len([said for said in texts(person) if said]) >= 2


async def test_too_many_messages_get_one_notice(scene: Scene, platform: str, language: str) -> None:
    person = scene.person(platform, language)
    notice = scene.said("too_fast", language)
    for _ in range(30):
        await person.say(scene.phrase("hours", language), expect=False)

    # Whoever waits is answered again; that answer comes last, so all others are there by then.
    reply = await person.collect(0, timeout=PATIENCE_S, settle=1.5)

    assert 1 <= reply.text.count(notice) <= 2
    assert 10 <= reply.text.count(scene.answer("hours", language)) < 20
