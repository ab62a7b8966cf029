"""Replies on their way to Telegram, and what becomes of them when it refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.adapters.telegram_client import Client, Identity
from bot.adapters.telegram_outlet import TelegramOutlet
from bot.adapters.telegram_updates import parse, unasked
from bot.errors import TryLater, Undeliverable
from bot.model import Choice, ContactCard, Message, PhoneNumber, Reply
from tests.fakes.telegram import (
    TOKEN,
    FakeBotApi,
    connected,
    group_message,
    message,
    press,
    update,
)

HELLO = Reply("en", "answer", "Hello & welcome", choices=(Choice("Hours", "ask:hours"),))
DESK = ContactCard("Desk", (PhoneNumber("123", "+66123"),))
WITH_CARD = replace(HELLO, cards=(DESK,))
UNPARSABLE = 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 1'


@pytest.fixture
async def wired() -> AsyncIterator[tuple[FakeBotApi, TelegramOutlet]]:
    async with connected() as (api, client):
        yield api, TelegramOutlet(client, lambda _language: "Map")


Wired = tuple[FakeBotApi, TelegramOutlet]


def heard(kind: str, content: dict[str, Any]) -> Message:
    arrival = parse(update(kind, content), Identity(1000, "desk_bot"), 0.0)
    assert arrival is not None
    return arrival.message


ASKED = heard("message", message("hi"))
EDITED = heard("edited_message", message("hello", edit_date=1_700_000_009))
IN_GROUP = heard(
    "message", group_message("@desk_bot hi", message_thread_id=5, is_topic_message=True)
)


async def test_a_note_that_nobody_asked_for_is_a_message_of_its_own(wired: Wired) -> None:
    api, outlet = wired
    for note in ("week 1", "week 2"):
        await outlet.send(unasked(-100123, note), Reply("", "answer", f"The {note}"), again=False)

    sent = [(method, said["chat_id"], said["text"]) for method, said in api.calls]
    assert sent == [
        ("sendMessage", -100123, "The week 1"),
        ("sendMessage", -100123, "The week 2"),
    ]


async def test_a_reply_is_one_message_with_its_buttons(wired: Wired) -> None:
    api, outlet = wired
    await outlet.send(ASKED, HELLO, again=False)

    assert api.calls == [
        (
            "sendMessage",
            {
                "chat_id": 7,
                "text": "Hello &amp; welcome",
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
                "reply_markup": {
                    "inline_keyboard": [[{"text": "Hours", "callback_data": "ask:hours"}]]
                },
            },
        )
    ]


async def test_in_a_group_it_replies_in_the_thread_once(wired: Wired) -> None:
    api, outlet = wired
    await outlet.send(IN_GROUP, WITH_CARD, again=False)

    (text,), (contact,) = api.asked("sendMessage"), api.asked("sendContact")
    assert text["reply_parameters"] == {"message_id": 1, "allow_sending_without_reply": True}
    assert "reply_parameters" not in contact
    assert (text["message_thread_id"], contact["message_thread_id"]) == (5, 5)


async def test_markup_that_telegram_refuses_is_sent_again_as_plain_text(wired: Wired) -> None:
    api, outlet = wired
    api.refuse("sendMessage", 400, UNPARSABLE)
    await outlet.send(ASKED, HELLO, again=False)

    plain = api.asked("sendMessage")[1]
    assert plain["text"] == "Hello & welcome"
    assert "parse_mode" not in plain


async def test_an_answer_whose_buttons_telegram_refuses_is_sent_without_them(wired: Wired) -> None:
    api, outlet = wired
    api.refuse("sendMessage", 400, "Bad Request: BUTTON_DATA_INVALID")
    await outlet.send(ASKED, HELLO, again=False)

    first, second = api.asked("sendMessage")
    assert first["text"] == second["text"]
    assert "reply_markup" in first
    assert "reply_markup" not in second


@pytest.mark.parametrize(
    ("code", "description", "reason"),
    [
        (403, "Forbidden: bot was blocked by the user", "bot was blocked by the user"),
        (403, "Forbidden: user is deactivated", "user is deactivated"),
        (400, "Bad Request: chat not found", "Chat not found"),
        (400, "Bad Request: TOPIC_CLOSED 'secret'", "Topic_closed"),
    ],
)
async def test_what_will_never_be_taken_is_undeliverable(
    wired: Wired, code: int, description: str, reason: str
) -> None:
    api, outlet = wired
    api.refuse("sendMessage", code, description)

    with pytest.raises(Undeliverable) as caught:
        await outlet.send(ASKED, HELLO, again=False)

    assert caught.value.reason.startswith(reason)
    assert "secret" not in caught.value.reason


@pytest.mark.parametrize(
    ("code", "parameters", "after_s"),
    [(429, {"retry_after": 17}, 17.0), (500, {}, 0.0), (502, {}, 0.0), (401, {}, 60.0)],
)
async def test_what_may_be_taken_later_is_tried_later(
    wired: Wired, code: int, parameters: dict[str, int], after_s: float
) -> None:
    api, outlet = wired
    api.refuse("sendMessage", code, "No", **parameters)

    with pytest.raises(TryLater) as caught:
        await outlet.send(ASKED, HELLO, again=False)

    assert caught.value.after_s == after_s


async def test_a_server_that_is_not_there_is_tried_later() -> None:
    client = Client(TOKEN, "http://127.0.0.1:1/bot")

    with pytest.raises(TryLater) as caught:
        await TelegramOutlet(client, str).send(ASKED, HELLO, again=False)
    await client.close()

    assert TOKEN not in f"{caught.value} {caught.value.__cause__!r}"


async def test_a_delivery_that_broke_off_goes_on_where_it_stopped(wired: Wired) -> None:
    api, outlet = wired
    api.refuse("sendContact", 500, "Internal Server Error")
    with pytest.raises(TryLater):
        await outlet.send(ASKED, WITH_CARD, again=False)
    await outlet.send(ASKED, WITH_CARD, again=True)

    assert [method for method, _ in api.calls] == ["sendMessage", "sendContact", "sendContact"]


async def test_a_card_that_is_refused_costs_only_itself(wired: Wired) -> None:
    api, outlet = wired
    api.refuse("sendContact", 400, "Bad Request: PHONE_NUMBER_INVALID")
    await outlet.send(ASKED, WITH_CARD, again=False)

    assert len(api.asked("sendMessage")) == 1


async def test_a_group_that_has_moved_is_found_again_and_remembered(wired: Wired) -> None:
    api, outlet = wired
    api.refuse("sendMessage", 400, "Bad Request: upgraded", migrate_to_chat_id=-1009)
    await outlet.send(IN_GROUP, HELLO, again=False)
    await outlet.send(heard("message", group_message("/help", message_id=3)), HELLO, again=False)

    assert [sent["chat_id"] for sent in api.asked("sendMessage")] == [-100, -1009, -1009]


async def test_a_thread_that_is_gone_does_not_swallow_the_reply(wired: Wired) -> None:
    api, outlet = wired
    api.refuse("sendMessage", 400, "Bad Request: message thread not found")
    await outlet.send(IN_GROUP, HELLO, again=False)

    assert "message_thread_id" not in api.asked("sendMessage")[1]


async def test_an_edited_question_has_its_answer_edited(wired: Wired) -> None:
    api, outlet = wired
    await outlet.send(ASKED, WITH_CARD, again=False)
    await outlet.send(EDITED, replace(HELLO, text="Good day"), again=False)

    (edit,), (deleted,) = api.asked("editMessageText"), api.asked("deleteMessage")
    assert (edit["chat_id"], edit["message_id"], edit["text"]) == (7, 501, "Good day")
    assert deleted["message_id"] == 502
    assert len(api.asked("sendMessage")) == 1


async def test_an_edit_that_changes_no_answer_changes_nothing(wired: Wired) -> None:
    api, outlet = wired
    await outlet.send(ASKED, WITH_CARD, again=False)
    await outlet.send(EDITED, WITH_CARD, again=False)

    assert [method for method, _ in api.calls] == ["sendMessage", "sendContact"]


async def test_not_modified_is_success(wired: Wired) -> None:
    api, outlet = wired
    await outlet.send(ASKED, HELLO, again=False)
    api.refuse("editMessageText", 400, "Bad Request: message is not modified: specified new ...")
    await outlet.send(EDITED, replace(HELLO, text="Good day"), again=False)

    assert len(api.asked("sendMessage")) == 1


@pytest.mark.parametrize("description", ["message to edit not found", "message can't be edited"])
async def test_an_answer_that_cannot_be_edited_is_sent_anew(wired: Wired, description: str) -> None:
    api, outlet = wired
    await outlet.send(ASKED, HELLO, again=False)
    api.refuse("editMessageText", 400, f"Bad Request: {description}")
    await outlet.send(EDITED, replace(HELLO, text="Good day"), again=False)

    assert [sent["text"] for sent in api.asked("sendMessage")] == [
        "Hello &amp; welcome",
        "Good day",
    ]


async def test_an_edit_of_an_unknown_question_is_answered_anew(wired: Wired) -> None:
    api, outlet = wired
    await outlet.send(EDITED, HELLO, again=False)

    assert len(api.asked("sendMessage")) == 1


async def test_a_press_is_answered_by_a_new_message(wired: Wired) -> None:
    api, outlet = wired
    await outlet.send(ASKED, HELLO, again=False)
    await outlet.send(heard("callback_query", press()), HELLO, again=False)

    assert [method for method, _ in api.calls] == ["sendMessage", "sendMessage"]


async def test_a_press_taken_over_from_a_dead_process_is_answered_again(wired: Wired) -> None:
    api, outlet = wired
    api.refuse("answerCallbackQuery", 400, "Bad Request: query is too old")
    await outlet.send(heard("callback_query", press()), HELLO, again=True)

    assert [method for method, _ in api.calls] == ["answerCallbackQuery", "sendMessage"]


async def test_the_button_of_an_inline_result_changes_the_message_it_stands_below(
    wired: Wired,
) -> None:
    api, outlet = wired
    chosen = heard("callback_query", press(message=None, inline_message_id="AB"))
    await outlet.send(chosen, HELLO, again=False)

    (edit,) = api.asked("editMessageText")
    assert (edit["inline_message_id"], edit["text"]) == ("AB", "Hello &amp; welcome")


async def test_a_guest_query_gets_one_message(wired: Wired) -> None:
    api, outlet = wired
    asked = heard("guest_message", group_message("@desk_bot hi", guest_query_id="g1"))
    api.refuse("answerGuestQuery", 400, UNPARSABLE)
    await outlet.send(asked, WITH_CARD, again=False)
    await outlet.show_working(asked)

    first, plain = api.asked("answerGuestQuery")
    assert first["guest_query_id"] == "g1"
    assert first["result"]["input_message_content"]["message_text"] == "Hello &amp; welcome"
    assert plain["result"]["input_message_content"]["message_text"] == "Hello & welcome"
    assert api.asked("sendChatAction") == []


async def test_working_is_shown_in_the_thread_and_never_raises(wired: Wired) -> None:
    api, outlet = wired
    api.refuse("sendChatAction", 403, "Forbidden: bot was blocked by the user")
    await outlet.show_working(IN_GROUP)

    assert api.asked("sendChatAction") == [
        {"chat_id": -100, "action": "typing", "message_thread_id": 5}
    ]
