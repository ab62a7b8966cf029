from __future__ import annotations

import pytest

from bot.conversation import CONTEXT_S, Conversation, Conversations


@pytest.mark.parametrize(
    ("conversation", "now", "previous"),
    [
        (Conversation(), 0.0, None),
        (Conversation(intent_id="address", answered_at=50.0), 50.0, "address"),
        (Conversation(intent_id="address", answered_at=50.0), 50.0 + CONTEXT_S, "address"),
        (Conversation(intent_id="address", answered_at=50.0), 50.5 + CONTEXT_S, None),
    ],
    ids=["nothing answered", "at once", "after ten minutes", "after more than ten minutes"],
)
def test_a_follow_up_refers_to_an_answer_for_ten_minutes(
    conversation: Conversation, now: float, previous: str | None
) -> None:
    assert CONTEXT_S == 600
    assert conversation.previous(now) == previous


def test_an_unknown_chat_is_new() -> None:
    assert Conversations().get("web 1") == Conversation()


def test_a_chat_is_remembered_apart_from_others() -> None:
    chats = Conversations()
    chats.put("web 1", Conversation("th"))
    chats.put("web 2", Conversation("en"))
    chats.put("web 1", Conversation("th", intent_id="address"))

    assert chats.get("web 1") == Conversation("th", intent_id="address")
    assert chats.get("web 2") == Conversation("en")
    assert chats.get("web 3") == Conversation()


def test_of_too_many_chats_the_one_silent_longest_is_forgotten() -> None:
    chats = Conversations()
    for number in range(10_000):
        chats.put(str(number), Conversation("en"))
    chats.put("0", Conversation("th"))
    chats.put("one more", Conversation("en"))

    assert chats.get("0") == Conversation("th")
    assert chats.get("1") == Conversation()
    assert chats.get("2") == chats.get("one more") == Conversation("en")
