"""LINE's webhooks read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.line_events import Rules, is_signed, parse
from bot.inbox import Arrival
from tests.fakes.line import GROUP, SECRET, USER, event, in_group, signature, text, webhook

NOW = 1_700_000_005.0
RULES = Rules(prefixes=("/ask", "บอท"), languages={"th": "ไทย", "en": "English"})


def read(*events: dict[str, Any]) -> list[Arrival]:
    return parse(webhook(*events), NOW, RULES)


def said(one: dict[str, Any]) -> tuple[str, str] | None:
    """What an event says: kind and text."""
    arrivals = read(one)
    return (arrivals[0].message.kind, arrivals[0].message.text) if arrivals else None


def mention(index: int, length: int, **fields: Any) -> dict[str, Any]:
    return {"mentionees": [{"index": index, "length": length, "type": "user", **fields}]}


def test_a_text_becomes_an_arrival_with_all_that_the_answer_needs() -> None:
    (arrival,) = read(text(" โทร ", markAsReadToken="read"))

    assert arrival.key == "line:event1"
    assert arrival.sent_at == 1_700_000_000.0
    assert arrival.message.chat == arrival.message.person == USER
    assert (arrival.message.kind, arrival.message.text) == ("text", "โทร")
    assert dict(arrival.message.reply_to) == {
        "event": "event1",
        "token": "token1",
        "received_at": NOW,
        "is_group": False,
        "quote_token": "",
        "read_token": "read",
    }


def test_several_events_of_one_webhook_keep_their_order() -> None:
    arrivals = read(text("a", 1), event("unfollow", 2), text("b", 3))

    assert [arrival.message.text for arrival in arrivals] == ["a", "b"]


def test_a_redelivered_event_has_the_key_of_the_first() -> None:
    again = {**text("a"), "deliveryContext": {"isRedelivery": True}}

    assert [arrival.key for arrival in read(text("a"), again)] == ["line:event1"] * 2


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (event("follow", follow={"isUnblocked": True}), ("start", "")),
        (in_group(event("join")), ("join", "")),
        (event("postback", postback={"data": "ask:phone"}), ("choice", "ask:phone")),
        (in_group(event("postback", postback={"data": "ask:fax"})), ("choice", "ask:fax")),
        (text("/Privacy"), ("command", "privacy")),
        (text("English"), ("choice", "language:en")),
        (text("ไทย"), ("choice", "language:th")),
        (text("$$", emojis=[{"index": 0, "length": 2}]), ("other", "")),
        (text("$ fax", emojis=[{"index": 0, "length": 1}]), ("text", "fax")),
    ],
    ids=lambda value: str(value)[:40],
)
def test_events_that_say_something(one: dict[str, Any], expected: tuple[str, str]) -> None:
    assert said(one) == expected


@pytest.mark.parametrize("kind", ["sticker", "image", "video", "audio", "file", "location"])
def test_what_has_no_words_is_other_in_private_and_not_for_the_bot_in_a_group(kind: str) -> None:
    one = event(message={"type": kind, "id": "7"})

    assert said(one) == ("other", "")
    assert said(in_group(one)) is None


@pytest.mark.parametrize(
    "one",
    [
        *(
            event(kind)
            for kind in ("unfollow", "leave", "unsend", "memberJoined", "memberLeft", "beacon")
        ),
        event("brandNewKind", source={"type": "planet"}),
        event("accountLink", source=None),
        event(message={"type": "hologram"}),
        {**text("hello"), "mode": "standby"},
        event("follow", source={"type": "user"}),
        event("follow", webhookEventId=None),
    ],
    ids=lambda one: str(one)[:30],
)
def test_events_that_ask_for_no_answer(one: dict[str, Any]) -> None:
    assert said(one) is None


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (text("phone"), None),
        (text("@x phone", mention=mention(0, 2, isSelf=False)), None),
        (text("@bot phone", mention=mention(0, 4, isSelf=True)), ("text", "phone")),
        # An emoji is two units of UTF-16, which is what LINE counts in.
        (text("😀 @bot, phone", mention=mention(3, 4, isSelf=True)), ("text", "😀 , phone")),
        (text("@bot", mention=mention(0, 4, isSelf=True)), ("start", "")),
        (text("/ask phone"), ("text", "phone")),
        (text("/ASK, phone"), ("text", "phone")),
        (text("/asking for a friend"), None),
        (text("บอทที่อยู่"), ("text", "ที่อยู่")),
        (text("@bot /help", mention=mention(0, 4, isSelf=True)), ("command", "help")),
    ],
    ids=lambda value: str(value)[-60:],
)
def test_in_a_group_only_who_addresses_the_bot_is_answered(
    one: dict[str, Any], expected: tuple[str, str] | None
) -> None:
    assert said(in_group(one)) == expected


def test_a_group_message_is_quoted_and_may_come_from_nobody_known() -> None:
    (arrival,) = read(in_group(text("/ask fax"), userId=None))

    assert (arrival.message.chat, arrival.message.person) == (GROUP, "")
    assert arrival.message.reply_to["quote_token"] == "quote"
    assert arrival.message.reply_to["is_group"]


def test_an_edited_group_message_is_a_question_anew() -> None:
    edited = in_group({**text("/ask fax", 2), "type": "messageEdited"})

    assert said(edited) == ("text", "fax")


def test_a_room_is_a_group() -> None:
    room = {**text("/ask fax"), "source": {"type": "room", "roomId": "R1"}}

    (arrival,) = read(room)

    assert arrival.message.chat == "R1"


def test_half_a_character_is_replaced() -> None:
    assert said(text("\ud83d fax")) == ("text", "\ufffd fax")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"7", b"{}", b'{"events":{}}', b"\xff\xfe", b'{"events":' + b"[" * 100_000],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_no_webhook_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"webhook|list"):
        parse(body, NOW, RULES)


def test_no_events_are_nothing() -> None:
    assert parse(webhook(), NOW, RULES) == []


@pytest.mark.parametrize(
    "wrong", ["", "bad", "ลายเซ็น".encode().decode("latin-1"), signature(b"another body")]
)
def test_a_wrong_signature_is_refused(wrong: str) -> None:
    assert not is_signed(b"body", wrong, SECRET)


def test_the_signature_of_these_bytes_is_taken() -> None:
    assert is_signed(b"body", signature(b"body"), SECRET)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
SPOTS = [
    *[(name,) for name in event() | {"message": 0, "postback": 0}],
    *[("source", name) for name in ("type", "userId", "groupId")],
    *[("message", name) for name in ("type", "text", "mention", "emojis", "quoteToken")],
]


@given(
    st.sampled_from([text("a"), in_group(text("/ask a")), event("postback"), event("follow")]),
    st.lists(st.tuples(st.sampled_from(SPOTS), JSON), min_size=1, max_size=3),
)
def test_no_signed_payload_crashes_the_reader(
    one: dict[str, Any], changes: list[tuple[tuple[str, ...], Any]]
) -> None:
    changed: Any = json.loads(json.dumps(one))
    for spot, value in changes:
        inner = changed if len(spot) == 1 else changed.get(spot[0])
        if isinstance(inner, dict):
            inner[spot[-1]] = value

    for arrival in read(changed):
        json.dumps(dict(arrival.message.reply_to), allow_nan=False, ensure_ascii=False).encode()
        f"{arrival.key}{arrival.message.chat}{arrival.message.text}".encode()
        assert 0 < arrival.sent_at <= NOW
