"""The shipped file answers what people ask, and only that."""

from __future__ import annotations

import pytest

from intents import Match, Matcher
from intents.fitting import Fitted
from intents.keyboard import to_latin, to_thai
from intents.matcher import MOST_ANSWERS, MOST_OFFERS


def answered(match: Match) -> list[str]:
    return [candidate.intent_id for candidate in match.answers]


def offered(match: Match) -> list[str]:
    return [candidate.intent_id for candidate in match.offers]


@pytest.mark.parametrize(
    ("question", "intent_id"),
    [
        ("What is the embassy's phone number?", "embassy_phone"),
        ("fax of the consular section", "consular_fax"),
        ("Where is the embassy?", "address"),
        ("what is your email", "email"),
        ("When are you open?", "hours"),
        ("When did Russia join ASEM?", "russia_joined"),
        ("what is STIpot", "stipot"),
        ("where will the 13th ASEM summit be held?", "summit13"),
        ("how much is a Russian visa?", "consular_services"),
        ("hello", "greet"),
        ("who are you", "who_are_you"),
        ("ขอเบอร์โทรสถานทูต", "embassy_phone"),
        ("แฟกซ์กงสุลเบอร์อะไร", "consular_fax"),
        ("สถานทูตอยู่ที่ไหน", "address"),
        ("อีเมลอะไร", "email"),
        ("เปิดกี่โมง", "hours"),
        ("รัสเซียเข้าร่วม ASEM ปีไหน", "russia_joined"),
        ("STIpot คืออะไร", "stipot"),
        ("ประชุมสุดยอด ASEM ครั้งที่ ๑๓ จัดที่ไหน", "summit13"),
        ("ค่าธรรมเนียมวีซ่ารัสเซียเท่าไร", "consular_services"),
        ("ขอบคุณครับ", "thanks"),
        ("ลาก่อน", "bye"),
    ],
)
def test_a_plain_question_gets_its_answer(matcher: Matcher, question: str, intent_id: str) -> None:
    match = matcher.match(question)

    assert match.outcome == "answer"
    assert answered(match) == [intent_id]
    assert match.language == ("th" if any("ก" <= char <= "๙" for char in question) else "en")
    assert match.offers == ()
    assert match.stranger is None


@pytest.mark.parametrize(
    ("meant", "intent_id"),
    [
        ("ขอเบอร์โทรสถานทูต", "embassy_phone"),
        ("สถานทูตอยู่ที่ไหน", "address"),
        ("แฟกซ์กงสุลเบอร์อะไร", "consular_fax"),
    ],
)
def test_thai_typed_on_the_english_layout_is_read(
    matcher: Matcher, meant: str, intent_id: str
) -> None:
    match = matcher.match(to_latin(meant))

    assert answered(match) == [intent_id]
    assert match.language == "th"


@pytest.mark.parametrize(
    ("meant", "intent_id"),
    [
        ("embassy phone number", "embassy_phone"),
        ("where is the embassy", "address"),
        ("what is stipot", "stipot"),
    ],
)
def test_english_typed_on_the_thai_layout_is_read(
    matcher: Matcher, meant: str, intent_id: str
) -> None:
    match = matcher.match(to_thai(meant))

    assert answered(match) == [intent_id]
    assert match.language == "en"


def test_a_layout_that_slipped_after_the_first_word_is_read(matcher: Matcher) -> None:
    assert answered(matcher.match(f"ASEM {to_latin('คืออะไร')}")) == ["asem_what"]


@pytest.mark.parametrize(
    ("typed", "intent_id"),
    [
        (f"{to_latin('ขอเบอร์')} consulate {to_latin('หน่อย')}", "consular_phone"),
        (f"{to_latin('ประชุมสุดยอดครั้งที่')} 13 {to_latin('จัดที่ไหน')}", "summit13"),
        (f"where is the embassy {to_latin('ครับ')}", "address"),
    ],
)
def test_words_on_either_layout_are_read_together(
    matcher: Matcher, typed: str, intent_id: str
) -> None:
    assert answered(matcher.match(typed)) == [intent_id]


@pytest.mark.parametrize(
    ("question", "intent_id"),
    [
        ("embasy fone numbr", "embassy_phone"),
        ("wher is the embassy adress", "address"),
        ("consulr fax numbr", "consular_fax"),
        ("voluntears", "volunteers"),
        ("เบอโทสถานทูด", "embassy_phone"),
        ("แฟกกงศุล", "consular_fax"),
        ("สถาณทูตอยู่ที่ใหน", "address"),
        ("เเฟกซ์กงสุลเบอร์อะไรรรรร", "consular_fax"),
    ],
)
def test_slips_do_not_matter(matcher: Matcher, question: str, intent_id: str) -> None:
    assert answered(matcher.match(question)) == [intent_id]


@pytest.mark.parametrize(
    ("question", "intent_ids"),
    [
        ("What is the phone and the fax of the embassy?", {"embassy_phone", "embassy_fax"}),
        ("embassy address and opening hours", {"address", "hours"}),
        ("Where is the embassy? When did Russia join ASEM?", {"address", "russia_joined"}),
        ("ขอเบอร์โทรและแฟกซ์ของกงสุล", {"consular_phone", "consular_fax"}),
        ("สถานทูตอยู่ที่ไหน แล้วเปิดกี่โมง", {"address", "hours"}),
    ],
)
def test_several_questions_in_one_message_get_all_their_answers(
    matcher: Matcher, question: str, intent_ids: set[str]
) -> None:
    assert set(answered(matcher.match(question))) == intent_ids


@pytest.mark.parametrize(
    ("question", "intent_id"),
    [
        ("phone of the embassy, not the fax", "embassy_phone"),
        ("the fax, not the phone, of the consular section", "consular_fax"),
        ("ขอเบอร์โทรกงสุล ไม่ใช่ของสถานทูต", "consular_phone"),
        ("ขอแฟกซ์กงสุล ไม่เอาเบอร์โทร", "consular_fax"),
    ],
)
def test_what_is_said_not_to_be_meant_is_not_answered(
    matcher: Matcher, question: str, intent_id: str
) -> None:
    assert answered(matcher.match(question)) == [intent_id]


@pytest.mark.parametrize(
    ("question", "previous", "intent_id"),
    [
        ("and the fax?", "consular_phone", "consular_fax"),
        ("and the fax?", "embassy_phone", "embassy_fax"),
        ("and the consular section?", "embassy_phone", "consular_phone"),
        ("แล้วแฟกซ์ล่ะ", "consular_phone", "consular_fax"),
        ("ของกงสุลล่ะ", "embassy_fax", "consular_fax"),
        ("which year was that?", "russia_joined", "russia_joined"),
        ("what is STIpot", "embassy_phone", "stipot"),
        ("then how else can I reach you?", "hours", "contact_all"),
        ("tell me more about the second one", "initiatives", "init_moscow"),
        ("and the last one?", "initiatives", "init_summer_university"),
        ("ขอรายละเอียดเรื่องที่สองหน่อย", "initiatives", "init_moscow"),
        ("งานแรกล่ะคะ", "initiatives", "init_stpetersburg"),
        ("and the fax?", "an intent of an earlier file", "embassy_fax"),
    ],
)
def test_a_follow_up_leans_on_the_last_answer_if_it_must(
    matcher: Matcher, question: str, previous: str, intent_id: str
) -> None:
    assert answered(matcher.match(question, previous)) == [intent_id]


def test_every_phrase_of_the_file_is_answered_or_offered_as_its_own_intent(
    matcher: Matcher,
) -> None:
    asked = 0
    mistaken = set()
    for intent_id, intent in matcher.knowledge.intents.items():
        for phrase in (phrase for phrases in intent.ask.values() for phrase in phrases):
            match = matcher.match(phrase)
            asked += 1
            if intent_id not in {*answered(match), *offered(match)}:
                mistaken.add(phrase)

    assert asked > 1_000
    assert not mistaken


def test_an_example_with_a_slip_in_it_is_surely_answered(matcher: Matcher) -> None:
    asked = 0
    for intent_id, intent in matcher.knowledge.intents.items():
        for phrase in (max(phrases, key=len) for phrases in intent.ask.values()):
            middle = len(phrase) // 2
            match = matcher.match(phrase[:middle] + phrase[middle + 1 :])
            asked += 1
            assert answered(match) == [intent_id], phrase
            assert match.answers[0].confidence >= 0.9

    assert asked > 50


def test_no_more_is_answered_or_offered_than_a_reply_can_hold(matcher: Matcher) -> None:
    everything = "address? phone of the embassy? fax of the consul? opening hours? email? STIpot?"

    match = matcher.match(everything)

    assert len(match.answers) <= MOST_ANSWERS
    assert len(match.offers) <= MOST_OFFERS


def test_bearing_fewer_wrong_answers_turns_answers_into_offers(desks: Fitted) -> None:
    question = "leaders gather when and where"
    bold, shy = (Matcher(desks, max_wrong).match(question) for max_wrong in (1.0, 0.0))

    assert (bold.outcome, shy.outcome) == ("answer", "offer")
    assert answered(bold)[0] in offered(shy)
    assert shy.answers == ()


def test_an_explanation_tells_what_is_nearest_and_what_is_named(desks: Fitted) -> None:
    told = Matcher(desks).explain("telephone of the German embassy")

    assert told.match == Matcher(desks).match("telephone of the German embassy")
    assert {thing.identity for thing in told.names} == {("country", "de"), ("owner", "de")}
    nearest = {intent_id: (phrase, ratio) for intent_id, phrase, ratio in told.nearest}
    assert nearest["embassy_phone"][0] == "telephone of the Finnish embassy"
    assert all(0 <= ratio <= 1 for _, ratio in nearest.values())
    assert 0 < told.offer_from < told.answer_from < 1


@pytest.mark.parametrize(
    ("question", "intent_id"),
    [
        (
            "We are four friends from Brazil travelling Vietnam and Laos. We are in Chiang Mai"
            " until Monday, then Hua Hin. Where in Bangkok is the Russian embassy? Our bus leaves"
            " at noon.",
            "address",
        ),
        (
            "I teach physics in Nonthaburi and last year in Singapore somebody told me over dinner"
            " about it. Sorry if this is the wrong place. What is STIpot? My pupils would love it.",
            "stipot",
        ),
        (
            "ผมขับแท็กซี่อยู่ที่พัทยา เมื่อเช้าผู้โดยสารฝรั่งคุยแต่เรื่องการเมืองตลอดทาง ผมฟังไม่ค่อยรู้เรื่อง"
            " แต่อยากรู้ว่า ASEM คืออะไร ลูกสาวผมต้องทำรายงานส่งครูวันจันทร์",
            "asem_what",
        ),
    ],
    ids=["address", "STIpot", "ASEM in Thai"],
)
def test_a_need_buried_in_a_story_is_found(matcher: Matcher, question: str, intent_id: str) -> None:
    assert answered(matcher.match(question)) == [intent_id]


@pytest.mark.parametrize(
    ("question", "intent_ids"),
    [
        ("When did Russia join ASEM, and who are the coordinators?",
         {"russia_joined", "coordinators_list"}),
        ("phone n fax of the consulate pls", {"consular_phone", "consular_fax"}),
        ("แฟกซ์ทั้งของสถานทูตทั้งของกงสุลครับ", {"embassy_fax", "consular_fax"}),
    ],
)  # fmt: skip
def test_all_that_a_message_asks_is_answered(
    matcher: Matcher, question: str, intent_ids: set[str]
) -> None:
    assert set(answered(matcher.match(question))) == intent_ids
