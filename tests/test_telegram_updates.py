"""What an update says to the bot, and what says nothing to it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram_client import Identity
from bot.adapters.telegram_updates import asked_inline, parse, pressed
from bot.model import Message
from tests.fakes.telegram import ANNA, ME, group_message, message, press, update

US = Identity(1000, "desk_bot")
OTHER_BOT = {"id": 2000, "is_bot": True, "first_name": "Other", "username": "other_bot"}
CHANNEL = {"id": -200, "type": "channel", "title": "News"}
AS_ADMINISTRATOR = group_message("@desk_bot hours") | {
    "sender_chat": group_message()["chat"],
    "from": OTHER_BOT,
}
TO_US: dict[str, Any] = {"reply_to_message": group_message("Hello", **{"from": ME})}


def said(kind: str, content: dict[str, Any]) -> Message | None:
    arrival = parse(update(kind, content), US, 1_800_000_000.0)
    return arrival.message if arrival else None


@pytest.mark.parametrize(
    ("content", "kind", "text"),
    [
        (message("phone?"), "text", "phone?"),
        (message("@desk_bot, phone?"), "text", "phone?"),
        (message("/start"), "start", ""),
        (message("/start from-the-site"), "start", "from-the-site"),
        (message("/Contact"), "command", "contact"),
        (message("/contact@desk_bot now"), "command", "contact"),
        (message("/"), "text", "/"),
        (message("/ติดต่อ"), "text", "/ติดต่อ"),
        (message(sticker={}), "other", ""),
        (message(voice={}), "other", ""),
        (message(location={}), "other", ""),
        (message(photo=[], caption="where is this?"), "text", "where is this?"),
        (message("half a pair: \ud800"), "text", "half a pair: ?"),
        (group_message("@desk_bot phone?"), "text", "phone?"),
        (group_message("the phone @DESK_BOT please"), "text", "the phone please"),
        (group_message("@desk_botเบอร์โทร"), "text", "เบอร์โทร"),
        (group_message("@desk_bot"), "start", ""),
        (group_message("and the fax?", **TO_US), "text", "and the fax?"),
        (group_message(sticker={}, **TO_US), "other", ""),
        (group_message("/contact"), "command", "contact"),
        (group_message("/contact@Desk_Bot"), "command", "contact"),
        (AS_ADMINISTRATOR, "text", "hours"),
    ],
)
def test_what_is_said_to_the_bot_is_understood(
    content: dict[str, Any], kind: str, text: str
) -> None:
    heard = said("message", content)

    assert heard is not None
    assert (heard.kind, heard.text) == (kind, text)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("message", group_message("phone?")),
        ("message", group_message("@desk_bots phone?")),
        ("message", group_message("mail me at anna@desk_bot")),
        ("message", group_message("/contact@other_bot")),
        ("message", group_message("@other_bot phone?")),
        ("message", group_message(sticker={})),
        ("message", message("mine", **{"from": ME})),
        ("message", message("phone?", **{"from": OTHER_BOT})),
        ("message", message("an inline result", via_bot=ME)),
        ("message", group_message("@desk_bot", is_automatic_forward=True)),
        ("message", group_message(new_chat_members=[ME])),
        ("message", message(pinned_message={})),
        ("message", message("phone?", chat=CHANNEL)),
        ("edited_message", message(location={}, edit_date=1_700_000_009)),
        ("channel_post", message("phone?", chat=CHANNEL)),
        ("callback_query", press("")),
        ("callback_query", press(message={})),
        ("poll_answer", {"poll_id": "1"}),
        ("unheard_of", {"text": "phone?"}),
    ],
)
def test_what_is_not_said_to_the_bot_is_passed_over(kind: str, content: dict[str, Any]) -> None:
    assert said(kind, content) is None


def test_a_message_tells_who_where_and_when() -> None:
    arrival = parse(update("message", group_message("@desk_bot hi"), 99), US, 1_800_000_000.0)

    assert arrival is not None
    assert (arrival.key, arrival.sent_at) == ("telegram:99", 1_700_000_000.0)
    heard = arrival.message
    assert (heard.channel, heard.chat, heard.person) == ("telegram", "-100", "7")
    assert heard.language_hint == "en"
    assert heard.reply_to == {"chat_id": -100, "source": "-100 1", "message_id": 1}
    assert json.loads(json.dumps(heard.reply_to)) == heard.reply_to


def test_a_forum_topic_is_kept() -> None:
    heard = said(
        "message", group_message("@desk_bot hi", message_thread_id=5, is_topic_message=True)
    )

    assert heard is not None
    assert heard.reply_to["thread_id"] == 5


def test_an_edit_is_about_the_same_message_as_what_it_edits() -> None:
    before = said("message", message("phone?"))
    after = said("edited_message", message("fax?", edit_date=1_700_000_009))

    assert before is not None
    assert after is not None
    assert after.text == "fax?"
    assert after.reply_to["source"] == before.reply_to["source"]


def test_the_press_of_a_button_is_a_choice() -> None:
    heard = said("callback_query", press("ask:hours"))

    assert heard is not None
    assert (heard.kind, heard.text, heard.chat) == ("choice", "ask:hours", "7")
    assert pressed(update("callback_query", press())) == "press-1"


def test_the_button_of_an_old_message_still_works() -> None:
    inaccessible = {"chat": message()["chat"], "message_id": 2, "date": 0}
    heard = said("callback_query", press("ask:hours", message=inaccessible))

    assert heard is not None
    assert heard.reply_to["chat_id"] == 7


def test_the_button_below_an_inline_result_is_a_choice_in_a_chat_of_its_own() -> None:
    heard = said("callback_query", press("ask:hours", message=None, inline_message_id="AB"))

    assert heard is not None
    assert (heard.chat, heard.reply_to["inline_message_id"]) == ("inline AB", "AB")


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("left", "member", "join"),
        ("kicked", "administrator", "join"),
        ("member", "administrator", None),
        ("member", "left", None),
    ],
)
def test_only_being_put_into_a_group_is_a_join(old: str, new: str, kind: str | None) -> None:
    change = {
        "chat": group_message()["chat"], "from": ANNA, "date": 1_700_000_000,
        "old_chat_member": {"status": old, "user": ME},
        "new_chat_member": {"status": new, "user": ME},
    }  # fmt: skip
    heard = said("my_chat_member", change)

    assert (heard.kind if heard else None) == kind


def test_a_guest_query_needs_no_mention_and_never_meets_the_chat_of_the_same_id() -> None:
    heard = said("guest_message", group_message("@desk_bot phone?", guest_query_id="g1"))

    assert heard is not None
    assert (heard.chat, heard.text) == ("guest -100", "phone?")
    assert heard.reply_to == {"guest_query_id": "g1"}


@pytest.mark.parametrize(("query", "kind"), [("phone", "text"), ("", "start"), (" ", "start")])
def test_an_inline_query_asks_or_opens_the_menu(query: str, kind: str) -> None:
    question = asked_inline(update("inline_query", {"id": "i1", "from": ANNA, "query": query}))

    assert question is not None
    assert (question.query_id, question.message.kind) == ("i1", kind)
    assert (question.message.chat, question.message.language_hint) == ("inline 7", "en")


KEYS = st.sampled_from([
    "update_id", "message", "edited_message", "callback_query", "guest_message", "my_chat_member",
    "inline_query", "chat", "from", "id", "type", "text", "date", "data", "message_id", "sticker",
    "old_chat_member", "new_chat_member", "status", "query", "inline_message_id", "via_bot",
    "reply_to_message", "sender_chat", "guest_query_id",
])  # fmt: skip
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["private", "supergroup", "left", "member", "/start", "@desk_bot"])
    | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=12,
)


@st.composite
def broken_updates(draw: st.DrawFn) -> Any:
    """A sound update in which something is replaced by anything."""
    sound = draw(
        st.sampled_from([
            update("message", group_message("@desk_bot hi", **TO_US)),
            update("callback_query", press()),
            update("inline_query", {"id": "i", "from": ANNA, "query": "x"}),
            update("guest_message", message("hi", guest_query_id="g")),
        ])
    )  # fmt: skip
    broken: Any = json.loads(json.dumps(sound))
    at = broken
    while draw(st.booleans()) and (inner := [k for k, v in at.items() if isinstance(v, dict)]):
        at = at[draw(st.sampled_from(inner))]
    at[draw(st.sampled_from(list(at)))] = draw(VALUES)
    return broken


@given(VALUES | broken_updates())
def test_no_update_breaks_the_reader(anything: Any) -> None:
    arrival = parse(anything, US, 0.0)
    asked_inline(anything)
    pressed(anything)

    if arrival:
        json.dumps(arrival.message.reply_to).encode()
        arrival.message.text.encode()
