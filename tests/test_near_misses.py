"""What is like a question of the shipped file and is none is not answered, and the reason told."""

from __future__ import annotations

import pytest

from intents import Match, Matcher


def answered(match: Match) -> list[str]:
    return [candidate.intent_id for candidate in match.answers]


@pytest.mark.parametrize(
    ("question", "stranger"),
    [
        ("What is the phone number of the German embassy?", ("owner", "de")),
        ("US embassy phone number", ("country", "us")),
        ("Thai embassy in Moscow address", ("owner", "th")),
        ("Russian consulate in Phuket phone", ("city", "phuket")),
        ("when was the 12th ASEM summit?", ("ordinal", "12")),
        ("where is the 14th ASEM summit?", ("ordinal", "14")),
        ("where was the first ASEM summit held?", ("ordinal", "1")),
        ("ประชุมสุดยอดอาเซมครั้งที่สิบสี่ใครเป็นเจ้าภาพ", ("ordinal", "14")),
        ("who will replace Russia as coordinator?", ("later", "")),
        ("which company programmed STIpot?", ("maker", "")),
        ("when is the APEC summit?", ("organisation", "apec")),
        ("when did Thailand join ASEM?", ("country", "th")),
        ("what is the ambassador's name?", ("person_name", "")),
        ("send me the link to STIpot", ("link", "")),
        ("how many countries are in ASEM?", ("members", "")),
        ("เบอร์สถานทูตเยอรมัน", ("owner", "de")),
        ("สถานทูตไทยในมอสโกอยู่ที่ไหน", ("owner", "th")),
        ("กงสุลรัสเซียที่ภูเก็ตเบอร์อะไร", ("city", "phuket")),
        ("ประชุมสุดยอด ASEM ครั้งที่ ๑๔ จัดที่ไหน", ("ordinal", "14")),
        ("การประชุมเอเปคจัดเมื่อไร", ("organisation", "apec")),
        ("ไทยเข้าร่วม ASEM เมื่อไร", ("country", "th")),
        ("ขอลิงก์ STIpot", ("link", "")),
        ("where is the nearest hospital?", ("owner", "hospital")),
        ("fax number of the ministry of tourism", ("owner", "ministry")),
        ("โทรศัพท์กรมการกงสุล แจ้งวัฒนะ", ("owner", "government department")),
        ("who founded ASEM?", ("founder", "")),
        ("ASEM finance ministers meeting", ("minister", "")),
    ],
)
def test_a_near_miss_is_not_answered_and_says_what_is_strange(
    matcher: Matcher, question: str, stranger: tuple[str, str]
) -> None:
    match = matcher.match(question)

    assert match.outcome == "unknown"
    assert match.answers == ()
    assert match.stranger is not None
    assert match.stranger.identity == stranger
    assert match.offers  # the nearest topics


@pytest.mark.parametrize(
    ("question", "intent_id"),
    [
        ("I live in Phuket, what is the embassy's phone number?", "embassy_phone"),
        ("I am from Germany and I need the address of the Russian embassy", "address"),
        ("My German husband needs the consular phone number", "consular_phone"),
        ("we are in Hua Hin, can I have the consular fax number", "consular_fax"),
        ("อยู่เชียงใหม่ ขอเบอร์โทรสถานทูตรัสเซียหน่อยครับ", "embassy_phone"),
        ("แฟนเป็นคนเยอรมัน อยากได้เบอร์กงสุลรัสเซีย", "consular_phone"),
    ],
)
def test_where_somebody_is_from_makes_no_near_miss(
    matcher: Matcher, question: str, intent_id: str
) -> None:
    assert answered(matcher.match(question)) == [intent_id]


@pytest.mark.parametrize(
    "question",
    [
        "how do I bake bread",
        "who won the football last night",
        "tell me a joke",
        "what's 2+2",
        "asdkjh qwe",
        "สูตรต้มยำกุ้ง",
        "ผลบอลเมื่อคืน",
        "漢字",
        "???",
        "",
    ],
)
def test_what_is_far_off_is_not_known(matcher: Matcher, question: str) -> None:
    match = matcher.match(question)

    assert match.outcome == "unknown"
    assert (match.answers, match.offers, match.stranger) == ((), (), None)


def test_no_lookalike_of_the_file_is_answered_as_what_it_looks_like(matcher: Matcher) -> None:
    lookalikes = [
        (phrase, intent_id)
        for intent_id, intent in matcher.knowledge.intents.items()
        for phrases in intent.not_.values()
        for phrase in phrases
    ]
    wrong = [pair for pair in lookalikes if pair[1] in answered(matcher.match(pair[0]))]

    assert len(lookalikes) > 50
    assert wrong == []
