from __future__ import annotations

import pytest

from bot.assistant import Assistant, e164
from bot.conversation import Conversation
from bot.model import Choice, Message, PhoneNumber, Reply
from tests import small_office

NEW = Conversation()
MENU = ("ask:embassy_phone", "ask:consular_phone", "ask:address")

PHONE_EN, PHONE_TH = "embassy phone number", "เบอร์โทรสถานทูต"
ADDRESS_EN = "where is the embassy located"
NUMBERS = "(+66 2) 111-11-11, (+66 2) 111-11-12"


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return small_office.assistant()


def text_message(text: str, hint: str = "", choice: str = "") -> Message:
    return Message("web", "1", text=text, language_hint=hint, language_choice=choice)


def say(assistant: Assistant, text: str, before: Conversation = NEW, now: float = 0.0) -> Reply:
    return assistant.respond(text_message(text), before, now)[0]


def data_of(reply: Reply) -> tuple[str, ...]:
    return tuple(choice.data for choice in reply.choices)


LANGUAGES = [
    ("the script tells English", text_message(PHONE_EN), NEW, "en"),
    ("the script tells Thai", text_message(PHONE_TH), NEW, "th"),
    ("the script outweighs the chat", text_message(PHONE_EN), Conversation("th"), "en"),
    ("the script outweighs the app", text_message(PHONE_TH, "en"), NEW, "th"),
    ("the choice of the chat outweighs the script", text_message(PHONE_EN),
     Conversation("en", fixed_language="th"), "th"),
    ("the choice of the channel outweighs the script", text_message(PHONE_TH, choice="en"),
     NEW, "en"),
    ("the choice of the channel outweighs that of the chat", text_message(PHONE_EN, choice="th"),
     Conversation("en", fixed_language="en"), "th"),
    ("a choice that is no language counts for nothing", text_message(PHONE_EN, choice="xx"),
     NEW, "en"),
    ("another script outweighs the chat", text_message("где посольство"), Conversation("th"), "en"),
    ("another script outweighs the app", text_message("大使馆电话", "th"), NEW, "en"),
    ("without letters the chat tells", text_message("12345", "th"), Conversation("en"), "en"),
    ("without letters in a new chat the app tells", text_message("12345", "en"), NEW, "en"),
    ("the app may tell a region too", text_message("???", "EN-GB"), NEW, "en"),
    ("a language of the app that is not spoken counts for nothing", text_message("???", "ru"),
     NEW, "th"),
    ("when nothing tells it is the first of the file", text_message("???"), NEW, "th"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("message", "before", "language"),
    [case[1:] for case in LANGUAGES],
    ids=[c[0] for c in LANGUAGES],
)
def test_the_best_evidence_tells_the_language(
    assistant: Assistant, message: Message, before: Conversation, language: str
) -> None:
    reply, after = assistant.respond(message, before, 0.0)

    assert (reply.language, after.language) == (language, language)


def test_a_question_in_another_script_is_told_what_is_spoken(assistant: Assistant) -> None:
    reply = say(assistant, "大使馆电话")

    assert reply.text == f"Not known; ring {NUMBERS}\n\nI speak Thai and English"


def test_another_script_is_told_so_in_the_chosen_language(assistant: Assistant) -> None:
    reply = say(assistant, "大使馆电话", Conversation(fixed_language="th"))

    assert reply.text.endswith("\n\nพูดไทยและอังกฤษ")


def test_a_question_in_a_spoken_language_is_not_told_so(assistant: Assistant) -> None:
    assert "I speak" not in say(assistant, PHONE_EN).text


def test_an_answer_has_its_text_its_card_and_what_comes_next(assistant: Assistant) -> None:
    reply = say(assistant, PHONE_EN)

    assert (reply.outcome, reply.text) == ("answer", f"Ring the embassy on {NUMBERS}")
    assert [answered.intent_id for answered in reply.answered] == ["embassy_phone"]
    assert 0.5 < reply.answered[0].confidence <= 1
    assert reply.offers == ()
    (card,) = reply.cards
    assert card.name == "Embassy"
    assert card.phones[0] == PhoneNumber("(+66 2) 111-11-11", "+6621111111")
    assert (card.faxes, card.address) == (("(+66 2) 111-11-13",), "1 Test Road, Bangkok")
    assert card.map_url.endswith("query=1+Test+Road%2C+Bangkok")
    assert card.position is None
    assert reply.choices[0] == Choice("Embassy fax", "ask:embassy_fax")


def test_a_card_holds_the_place_that_is_known(assistant: Assistant) -> None:
    (card,) = say(assistant, "consular phone number").cards

    assert card.position == (13.75, 100.5)
    assert card.map_url.endswith("query=13.75%2C100.5")
    assert card.address == ""


def test_an_answer_is_followed_by_four_choices_at_most(assistant: Assistant) -> None:
    following = ("embassy_fax", "consular_phone", "address", "history")

    assert data_of(say(assistant, PHONE_EN)) == tuple(f"ask:{name}" for name in following)


def test_an_answer_is_labelled_in_its_language(assistant: Assistant) -> None:
    reply = say(assistant, PHONE_TH)

    assert reply.text == f"โทรสถานทูต {NUMBERS}"
    assert reply.cards[0].name == "สถานทูต"
    assert reply.choices[0].label == "แฟกซ์สถานทูต"


def test_an_unsure_question_is_offered_topics(assistant: Assistant) -> None:
    reply = say(assistant, "Norway")

    assert (reply.outcome, reply.text) == ("offer", "Which of these")
    assert 0 < len(reply.offers) <= 3
    assert data_of(reply) == tuple(f"ask:{offer}" for offer in reply.offers)
    assert (reply.answered, reply.cards) == ((), ())


def test_an_unknown_question_is_told_so_with_the_menu(assistant: Assistant) -> None:
    reply = say(assistant, "pizza with pineapple")

    assert (reply.outcome, reply.text) == ("unknown", f"Not known; ring {NUMBERS}")
    assert data_of(reply) == MENU
    assert (reply.answered, reply.offers, reply.cards) == ((), (), ())


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("GERMAN embassy phone number", "GERMAN"),
        ("Embassy of Germany phone number", "Germany"),
        ("Weißt du? the German embassy phone number", "German"),
        ("เบอร์โทรสถานทูตเยอรมัน", "เยอรมัน"),
    ],
    ids=["in capitals", "as a noun", "after a letter that grows when folded", "in Thai"],
)
def test_a_near_miss_is_named_as_it_was_typed(
    assistant: Assistant, question: str, name: str
) -> None:
    reply = say(assistant, question)
    known = {"en": f"Nothing on {name}", "th": f"ไม่มีเรื่อง {name}"}[reply.language]

    assert reply.outcome == "unknown"
    assert reply.text.startswith(known)
    assert reply.text.endswith("(+66 2) 222-22-22")
    assert "embassy_phone" in reply.offers
    assert data_of(reply) == tuple(f"ask:{offer}" for offer in reply.offers)


def test_a_kind_of_answer_that_is_lacking_is_not_named(assistant: Assistant) -> None:
    reply = say(assistant, "how much does the embassy phone cost")

    assert (reply.outcome, reply.text) == ("unknown", "Not that detail")


def test_several_questions_are_answered_each_once(assistant: Assistant) -> None:
    reply = say(assistant, f"{PHONE_EN}; {PHONE_EN}; {ADDRESS_EN}")
    answered = {answer.intent_id for answer in reply.answered}

    assert answered == {"embassy_phone", "address"}
    assert len(reply.answered) == 2
    assert sorted(reply.text.split("\n\n")) == [
        "1 Test Road, Bangkok",
        f"Ring the embassy on {NUMBERS}",
    ]
    assert len(reply.cards) == 1
    assert not {f"ask:{name}" for name in answered} & set(data_of(reply))
    assert len(set(data_of(reply))) == len(data_of(reply))


@pytest.mark.parametrize(
    ("written", "dialled"),
    [("(+66 2) 234-98-24", "+6622349824"), ("+1 202 555 0100", "+12025550100")],
)
def test_a_number_is_dialled_without_its_signs(written: str, dialled: str) -> None:
    assert e164(written) == dialled
