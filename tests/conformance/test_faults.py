"""What becomes of an answer when a platform fails: it comes later, or is set aside, but once."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from tests.conformance.scene import Scene, all_at_once, texts, until, until_said

SEND = {"telegram": "sendMessage", "line": "replyMessage"}

#: Faults of one call, many more than the bot makes attempts.
_PLENTY = 1000


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def hopeless(webhook_scene: Scene) -> tuple[Any, Any, str]:
    """Somebody whose answers fail from now on: the person, the fault, the key of the message.

    It takes the bot most of a minute to give up, which is for the last test; others run meanwhile.
    """
    tg, person = webhook_scene.tg, webhook_scene.person("telegram")
    tg.fail("500", times=_PLENTY, only="sendMessage", chat=person.key)
    fault, text = tg.faults[-1], webhook_scene.phrase("hours", "en")
    tg.flags[person.key].add("started")
    update = tg.push("message", tg.new_message(person.chat, person.user, text=text))
    return person, fault, f"telegram:{update['update_id']}"


def fail(scene: Scene, platform: str, kind: str, person: Any = None, **how: Any) -> Any:
    """Has the platform's next sending fail; returns the fault."""
    stand_in = scene.stand_in(platform)
    # LINE's replies name no chat.
    chat = person.key if person and platform == "telegram" else None
    stand_in.fail(kind, **{"only": SEND[platform], "chat": chat, **how})
    return stand_in.faults[-1]


async def until_struck(scene: Scene, platform: str, fault: Any) -> None:
    """Waits until a fault has struck as often as it should."""
    await until(scene.stand_in(platform), lambda: fault.times == 0, "the fault strikes")


async def until_logged(scene: Scene, words: str, since: int = 0) -> None:
    await until(scene.tg, lambda: words in scene.bot.log[since:], f"the log says {words!r}")


async def ask_and_wait(scene: Scene, person: Any, intent_id: str = "hours") -> None:
    """Has somebody ask without waiting, then waits however long it takes."""
    await person.say(scene.phrase(intent_id, "en"), expect=False)
    await until_said(person, scene.answer(intent_id, "en"))


@pytest.mark.parametrize(
    ("kind", "times"), [("500", 2), ("close", 1), ("429", 1)], ids=["500", "closed", "429"]
)
async def test_a_passing_fault_delays_one_answer_and_no_other(
    scene: Scene, platform: str, kind: str, times: int
) -> None:
    person, other = scene.person(platform), scene.person(platform)
    fault = fail(scene, platform, kind, person, times=times)

    await person.say(scene.phrase("hours", "en"), expect=False)
    stand_in = scene.stand_in(platform)
    await until(stand_in, lambda: fault.times < times, "the fault strikes")
    if platform == "telegram":
        await scene.ask(other)
        assert texts(person) == []
    await until_said(person, scene.answer("hours", "en"))
    await scene.ask(person, "customs")

    assert texts(person) == [scene.answer("hours", "en"), scene.answer("customs", "en")]


async def test_telegram_s_wait_is_kept_and_other_chats_go_on(scene: Scene) -> None:
    person = scene.person("telegram")
    fail(scene, "telegram", "429", person, retry_after=3)

    await person.say(scene.phrase("hours", "en"), expect=False)
    others = [scene.person("telegram") for _ in range(10)]
    await all_at_once(lambda other: scene.ask(other), others)
    assert texts(person) == []
    await until_said(person, scene.answer("hours", "en"))

    asked, [answered] = person.entries("user")[0], person.entries("message")
    assert answered.at - asked.at >= 3


async def test_line_s_other_chats_go_on_while_one_waits(scene: Scene) -> None:
    person = scene.person("line")
    fault = fail(scene, "line", "429")
    await person.say(scene.phrase("hours", "en"), expect=False)
    await until_struck(scene, "line", fault)

    others = [scene.person("line") for _ in range(5)]
    await all_at_once(lambda other: scene.ask(other), others)
    await until_said(person, scene.answer("hours", "en"))

    assert texts(person) == [scene.answer("hours", "en")]


@pytest.mark.parametrize("kind", ["500", "close"])
async def test_an_answer_whose_receipt_got_lost_is_not_given_twice_on_line(
    scene: Scene, kind: str
) -> None:
    person, since = scene.person("line"), len(scene.bot.log)
    fault = fail(scene, "line", kind, after=True)

    await ask_and_wait(scene, person)
    await until_struck(scene, "line", fault)
    await scene.ask(person, "customs")

    assert texts(person) == [scene.answer("hours", "en"), scene.answer("customs", "en")]
    assert "set aside" not in scene.bot.log[since:]
    # The reply token tells whether the first attempt got through; to ask is to be refused.
    assert [(where, status) for where, status, _ in scene.line.refused] == [("replyMessage", 400)]
    scene.line.refused.clear()


async def test_an_answer_whose_receipt_got_lost_still_comes_on_telegram(scene: Scene) -> None:
    person = scene.person("telegram")
    fail(scene, "telegram", "close", person, after=True)

    await ask_and_wait(scene, person)
    await scene.ask(person, "customs")

    # Telegram has nothing to tell a repeated call by.
    assert 2 <= len(texts(person)) <= 3


async def test_while_an_answer_takes_long_the_bot_is_shown_at_work(
    scene: Scene, platform: str
) -> None:
    person = scene.person(platform)
    fail(scene, platform, "slow", person, delay=2.5)

    await ask_and_wait(scene, person)

    kinds = [entry.kind for entry in person.entries("action", "loading", "message")]
    assert kinds == [{"telegram": "action", "line": "loading"}[platform], "message"]


async def test_what_shows_the_work_may_fail(scene: Scene, platform: str) -> None:
    person = scene.person(platform)
    shows = {"telegram": "sendChatAction", "line": "showLoadingAnimation"}[platform]
    fault = fail(scene, platform, "500", only=shows, chat=None)
    fail(scene, platform, "slow", person, delay=2.5)

    await ask_and_wait(scene, person)

    assert fault.times == 0
    assert texts(person) == [scene.answer("hours", "en")]


@pytest.mark.parametrize(
    ("platform", "kind", "how"),
    [
        ("telegram", "blocked", {}),
        ("telegram", "error", {"code": 403, "description": "Forbidden: user is deactivated"}),
        ("telegram", "error", {"code": 400, "description": "Bad Request: chat not found"}),
        ("line", "error", {"code": 400, "message": "Invalid reply token"}),
        ("line", "error", {"code": 403, "message": "Not available on your plan"}),
    ],
    ids=["blocked", "deactivated", "gone", "dead token", "plan"],
)
async def test_what_can_never_be_delivered_is_set_aside_after_one_attempt(
    scene: Scene, platform: str, kind: str, how: dict[str, Any]
) -> None:
    person, since = scene.person(platform), len(scene.bot.log)
    fault = fail(scene, platform, kind, person, times=2, **how)

    await person.say(scene.phrase("hours", "en"), expect=False)
    await until_logged(scene, "is set aside", since)
    assert fault.times == 1, "it was tried again"
    fault.times = 0
    await scene.ask(person, "customs")

    assert texts(person) == [scene.answer("customs", "en")]


@pytest.mark.parametrize(
    "description",
    [
        'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0',
        "Bad Request: BUTTON_DATA_INVALID",
        "Bad Request: inline keyboard button URL 'x' is invalid: Wrong HTTP URL",
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed",
    ],
)
async def test_what_telegram_refuses_of_the_form_is_left_out(
    scene: Scene, description: str
) -> None:
    person = scene.person("telegram")
    fail(scene, "telegram", "error", person, code=400, description=description)

    await ask_and_wait(scene, person, "embassy_phone")
    await scene.ask(person, "customs")

    answers = [scene.answer(intent_id, "en") for intent_id in ("embassy_phone", "customs")]
    assert texts(person) == answers


async def test_what_line_refuses_of_the_form_is_said_in_plain_text(scene: Scene) -> None:
    person = scene.person("line")
    message = "A message (messages[1]) in the request body is invalid"
    fail(scene, "line", "error", code=400, message=message)

    await ask_and_wait(scene, person, "embassy_phone")
    await scene.ask(person, "customs")

    first = person.entries("message")[0].data
    assert first["type"] == "text"
    assert "quickReply" not in first
    office = scene.knowledge.contacts["embassy"]
    assert [fact for fact in (*office.phones, *office.faxes) if fact not in first["text"]] == []


async def test_a_press_whose_receipt_fails_is_answered_all_the_same(scene: Scene) -> None:
    person = scene.person("telegram")
    await person.say("/start")
    scene.tg.fail("500", times=2, only="answerCallbackQuery")
    await person.press(scene.label("hours", "en"), expect=False)

    await until_said(person, scene.answer("hours", "en"))
    await until(scene.tg, lambda: not scene.tg.unanswered(), "the press is answered")


async def test_an_inline_query_survives_a_fault(scene: Scene) -> None:
    scene.tg.fail("500", only="answerInlineQuery")

    assert await scene.person("telegram").inline(scene.phrase("hours", "en"), timeout=20)


async def test_an_edit_that_telegram_refuses_becomes_a_message(scene: Scene) -> None:
    person = scene.person("telegram")
    await scene.ask(person)
    description = "Bad Request: message can't be edited"
    scene.tg.fail("error", only="editMessageText", code=400, description=description)

    await person.edit(person.entries("user")[0].data, scene.phrase("customs", "en"), expect=False)

    await until_said(person, scene.answer("customs", "en"))
    assert texts(person) == [scene.answer("hours", "en"), scene.answer("customs", "en")]


@pytest.mark.parametrize("kind", ["500", "slow", "close", "429"])
async def test_a_friend_is_greeted_though_line_tells_nothing_of_them(
    scene: Scene, kind: str
) -> None:
    person = scene.person("line", "th")
    scene.line.fail(kind, only="getProfile")
    scene.line.fail("500", only="getRichMenuAliasList")

    await person.follow(expect=False)

    await until(scene.line, lambda: len(texts(person)) == 1, "the greeting")
    assert texts(person)[0] in [scene.said("welcome", language) for language in ("th", "en")]


async def test_what_never_works_is_set_aside_in_the_end(
    scene: Scene, hopeless: tuple[Any, Any, str]
) -> None:
    person, fault, key = hopeless
    told = f"{key} is set aside"

    await until(scene.tg, lambda: told in scene.bot.log, "it is set aside", patience_s=90)

    fault.times, left = 0, fault.times
    assert 2 <= _PLENTY - left <= 12
    await scene.ask(person, "customs")
    assert texts(person) == [scene.answer("customs", "en")]
