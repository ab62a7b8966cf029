from __future__ import annotations

import pytest

from bot.assistant import Assistant
from bot.conversation import CONTEXT_S, Conversation
from bot.model import Kind, Message, Reply
from tests import small_office

NEW = Conversation()
MENU = ("ask:embassy_phone", "ask:consular_phone", "ask:address")

PHONE_EN, PHONE_TH = "embassy phone number", "เบอร์โทรสถานทูต"
ADDRESS_EN = "where is the embassy located"
NUMBERS = "(+66 2) 111-11-11, (+66 2) 111-11-12"


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return small_office.assistant()


def text_message(text: str, hint: str = "") -> Message:
    return Message("web", "1", text=text, language_hint=hint)


def say(assistant: Assistant, text: str, before: Conversation = NEW, now: float = 0.0) -> Reply:
    return assistant.respond(text_message(text), before, now)[0]


def press(assistant: Assistant, kind: Kind, text: str, before: Conversation = NEW) -> Reply:
    return assistant.respond(Message("web", "1", kind=kind, text=text), before, 0.0)[0]


def data_of(reply: Reply) -> tuple[str, ...]:
    return tuple(choice.data for choice in reply.choices)


@pytest.mark.parametrize("question", ["and the fax?", "แล้วแฟกซ์ล่ะ"])
def test_a_follow_up_within_ten_minutes_takes_what_is_missing_from_the_last_answer(
    assistant: Assistant, question: str
) -> None:
    _, after = assistant.respond(text_message("consular phone number"), NEW, 100.0)
    reply, _ = assistant.respond(text_message(question), after, 100.0 + CONTEXT_S)

    assert [answer.intent_id for answer in reply.answered] == ["consular_fax"]


@pytest.mark.parametrize("question", ["and the fax?", "แล้วแฟกซ์ล่ะ"])
def test_a_follow_up_after_ten_minutes_stands_alone(assistant: Assistant, question: str) -> None:
    _, after = assistant.respond(text_message("consular phone number"), NEW, 100.0)
    reply, _ = assistant.respond(text_message(question), after, 100.1 + CONTEXT_S)

    assert reply == say(assistant, question, Conversation(after.language))
    assert [answer.intent_id for answer in reply.answered] != ["consular_fax"]


@pytest.mark.parametrize("question", ["is there a car park", "มีที่จอดรถไหม"])
def test_what_has_little_in_common_with_the_last_answer_is_no_follow_up(
    assistant: Assistant, question: str
) -> None:
    for asked in (PHONE_EN, PHONE_TH, ADDRESS_EN):
        _, after = assistant.respond(text_message(asked), NEW, 100.0)
        reply, _ = assistant.respond(text_message(question), after, 101.0)

        assert not reply.answered


def test_the_last_of_several_answers_is_what_a_follow_up_refers_to(assistant: Assistant) -> None:
    reply, after = assistant.respond(text_message(f"{PHONE_EN}; {ADDRESS_EN}"), NEW, 5.0)

    assert len(reply.answered) == 2
    assert (after.intent_id, after.answered_at) == (reply.answered[-1].intent_id, 5.0)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("hello", "answer"), ("Norway", "offer"), ("pizza with pineapple", "unknown")],
    ids=["small talk", "an offer", "an unknown question"],
)
def test_only_an_answer_becomes_what_a_follow_up_refers_to(
    assistant: Assistant, text: str, outcome: str
) -> None:
    before = Conversation("en", "", "consular_phone", 1.0)
    reply, after = assistant.respond(text_message(text), before, 2.0 + CONTEXT_S)

    assert reply.outcome == outcome
    assert after == before


def test_small_talk_is_answered_with_the_whole_menu(assistant: Assistant) -> None:
    reply = say(assistant, "hello")

    assert (reply.text, data_of(reply)) == ("Hello there", MENU)


def test_pressing_a_choice_asks_its_intent(assistant: Assistant) -> None:
    message = Message("web", "1", kind="choice", text="ask:address")
    reply, after = assistant.respond(message, Conversation("en"), 7.0)

    assert reply.text == "1 Test Road, Bangkok"
    assert [(a.intent_id, a.confidence) for a in reply.answered] == [("address", 1.0)]
    assert (after.intent_id, after.answered_at) == ("address", 7.0)


@pytest.mark.parametrize("data", ["ask:removed_long_ago", "language:xx", "", "\ud800", "ask:"])
def test_an_old_button_opens_the_menu(assistant: Assistant, data: str) -> None:
    reply = press(assistant, "choice", data, Conversation("en"))

    assert (reply.text, data_of(reply)) == ("Welcome", MENU)


def test_a_language_button_fixes_the_language(assistant: Assistant) -> None:
    message = Message("web", "1", kind="choice", text="language:en")
    reply, after = assistant.respond(message, Conversation("th"), 0.0)

    assert (reply.language, reply.text) == ("en", "English it is")
    assert after.fixed_language == "en"
    assert say(assistant, PHONE_TH, after).language == "en"


@pytest.mark.parametrize(
    ("command", "text", "choices"),
    [
        ("start", "Welcome", MENU),
        ("help", "Ask about the embassy", MENU),
        ("contact", f"Ring the embassy on {NUMBERS}", None),
        ("language", "Choose a language", ("language:th", "language:en")),
        ("privacy", "Kept 30 days", MENU),
        ("forget", "Erased", MENU),
        ("nonsense", "Welcome", MENU),
    ],
)
def test_a_command_is_obeyed(
    assistant: Assistant, command: str, text: str, choices: tuple[str, ...] | None
) -> None:
    reply = press(assistant, "command", command, Conversation("en"))

    assert reply.text == text
    assert choices is None or data_of(reply) == choices


def test_languages_are_offered_by_their_own_names(assistant: Assistant) -> None:
    reply = press(assistant, "command", "language")

    assert [choice.label for choice in reply.choices] == ["ไทย", "English"]


def test_forgetting_leaves_nothing_of_the_conversation(assistant: Assistant) -> None:
    before = Conversation("en", "en", "address", 1.0)
    message = Message("web", "1", kind="command", text="forget")

    assert assistant.respond(message, before, 2.0)[1] == Conversation()


@pytest.mark.parametrize(
    ("kind", "th", "en"),
    [
        ("start", "ยินดีต้อนรับ", "Welcome"),
        ("join", "สวัสดีกลุ่ม", "Hello group"),
        ("other", "พิมพ์เท่านั้น", "Words only"),
    ],
)
def test_what_has_no_words_is_answered_with_the_menu(
    assistant: Assistant, kind: Kind, th: str, en: str
) -> None:
    thai, english = press(assistant, kind, ""), press(assistant, kind, "", Conversation("en"))

    assert (thai.text, english.text) == (th, en)
    assert data_of(thai) == data_of(english) == MENU


def test_a_start_takes_the_language_of_the_app(assistant: Assistant) -> None:
    message = Message("web", "1", kind="start", language_hint="en-US")
    reply, after = assistant.respond(message, NEW, 0.0)

    assert (reply.text, after) == ("Welcome", Conversation("en"))


def test_who_sends_too_much_is_told_so_and_offered_nothing(assistant: Assistant) -> None:
    reply = assistant.refuse(text_message(PHONE_EN), Conversation("en"))

    assert (reply.text, reply.choices, reply.outcome) == ("Slow down please", (), "unknown")
    assert assistant.refuse(text_message(PHONE_EN), NEW).text == "กรุณาช้าลง"


def test_a_late_answer_is_an_apology_with_the_menu(assistant: Assistant) -> None:
    reply = assistant.apologise(text_message(PHONE_EN, "en"), NEW)

    assert (reply.text, data_of(reply), reply.outcome) == ("Sorry for the wait", MENU, "unknown")
