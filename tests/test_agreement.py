"""What a question names is held against what an intent speaks of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.agreement import Scope, named, strangers
from intents.text import canonical

OFFICES = ("embassy", "สถานทูต", "consulate", "กงสุล")
#: An embassy of Russia in Bangkok, and the 13th meeting of a group in 2021.
HOME = frozenset(
    {
        ("owner", "ru"),
        ("country", "ru"),
        ("country", "th"),
        ("city", "bangkok"),
        ("organisation", "asem"),
        ("ordinal", "13"),
        ("year", "2021"),
    }
)
EVERYTHING = Scope(HOME)
ABOUT_RUSSIA = Scope(HOME, subjects=frozenset({"ru"}))


def stranger_in(question: str, scope: Scope = EVERYTHING) -> tuple[str, str] | None:
    text = canonical(question)
    strange = strangers(named(text, OFFICES), text, scope)
    return strange[0].identity if strange else None


@pytest.mark.parametrize(
    ("question", "stranger"),
    [
        ("Phone number of the German embassy?", ("owner", "de")),
        ("phone of the embassy of Germany", ("owner", "de")),
        ("the embassy of the Czech Republic, please", ("owner", "cz")),
        ("เบอร์สถานทูตเยอรมัน", ("owner", "de")),
        ("US embassy phone", ("country", "us")),
        ("American embassy", ("owner", "us")),
        ("สถานทูตอเมริกาอยู่ไหน", ("owner", "us")),
        ("Thai embassy in Moscow", ("owner", "th")),
        ("สถานทูตไทยในมอสโก", ("owner", "th")),
        ("Your embassy in Vienna?", ("city", "vienna")),
        ("Russian consulate in Phuket", ("city", "phuket")),
        ("กงสุลรัสเซียภูเก็ต", ("city", "phuket")),
        ("When was the 12th summit?", ("ordinal", "12")),
        ("14th ASEM summit", ("ordinal", "14")),
        ("the fourteenth meeting", ("ordinal", "14")),
        ("ASEM 14", ("ordinal", "14")),
        ("ประชุมครั้งที่ ๑๒", ("ordinal", "12")),
        ("การประชุมครั้งที่14", ("ordinal", "14")),
        ("APEC summit", ("organisation", "apec")),
        ("ประชุมเอเปคเมื่อไร", ("organisation", "apec")),
        ("เลขาธิการอาเซียน", ("organisation", "asean")),
        ("How much does a visa cost?", ("price", "")),
        ("วีซ่าราคาเท่าไร", ("price", "")),
        ("What is the ambassador's name?", ("person_name", "")),
        ("ท่านทูตชื่ออะไร", ("person_name", "")),
        ("How many days until it is ready?", ("duration", "")),
        ("Send me the link", ("link", "")),
        ("ขอลิงก์หน่อย", ("link", "")),
        ("Are you on Facebook?", ("web", "")),
        ("มีเพจไหม", ("web", "")),
        ("How many countries belong to it?", ("members", "")),
        ("What happened in 2018?", ("year", "2018")),
        ("ปี 2561 มีอะไร", ("year", "2018")),
    ],
)
def test_a_near_miss_is_told_by_what_it_names(question: str, stranger: tuple[str, str]) -> None:
    assert stranger_in(question) == stranger


@pytest.mark.parametrize(
    "question",
    [
        "phone number",
        "Embassy of Russia in Bangkok",
        "สถานทูตรัสเซียในกรุงเทพ",
        "the 13th ASEM summit in 2021",
        "ประชุมครั้งที่ ๑๓ ปี ๖๔",
        "I live in Phuket, where is the embassy?",
        "I'm from Germany; what is the address?",
        "We are staying in Pattaya and need the phone number",
        "My German husband needs the number",
        "อยู่เชียงใหม่ ขอเบอร์โทรหน่อย",
        "จะขับรถมาจากพัทยา ไปทางไหน",
        "แฟนเยอรมันขอเบอร์",
        "แฟนเป็นคนเยอรมัน ขอเบอร์",
        "ลูกค้าจีนถามที่อยู่",
        "I lost my bag on Koh Tao, what is the phone number?",
        "a relative died in Phuket, who has the address",
        "พาสปอร์ตหายที่พัทยา ขอเบอร์โทร",
        "My friend is in hospital, which number do I call?",
        "Was it 2018 or 2021?",
        "Is ASEM like ASEAN?",
        "",
    ],
)
def test_background_and_what_is_spoken_of_are_no_strangers(question: str) -> None:
    assert stranger_in(question) is None


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("ประชุมพร้อมกัน", id="Chumphon in meeting"),
        pytest.param("ขนมจีน", id="China in rice noodles"),
        pytest.param("จีนี่ในตะเกียง", id="China with other signs"),
        pytest.param("ภาษาอังกฤษ", id="England in its language"),
        pytest.param("in the Thai language", id="Thailand in its language"),
        pytest.param("อินเดียนแดง", id="India in a people"),
        pytest.param("คนไทย", id="Thailand in its people"),
        pytest.param("a woman", id="Oman in woman"),
        pytest.param("germane", id="German in germane"),
        pytest.param("tell us", id="US in us"),
        pytest.param("a cup of coffee", id="fee in coffee"),
        pytest.param("3 rooms", id="a number is no ordinal"),
        pytest.param("โทร 02-234-2559", id="a year in a phone number"),
    ],
)
def test_a_name_inside_another_word_is_not_named(question: str) -> None:
    assert named(canonical(question), OFFICES) == []


def test_tomorrows_meeting_names_a_day_and_no_place() -> None:
    assert stranger_in("ประชุมพรุ่งนี้") == ("today", "")


@pytest.mark.parametrize(
    ("question", "stranger"),
    [
        ("When did Thailand join?", ("country", "th")),
        ("ไทยเข้าร่วมเมื่อไร", ("country", "th")),
        ("When did Russia and Thailand join?", None),
        ("I am from Thailand; when did you join?", None),
        ("When did you join?", None),
    ],
)
def test_what_is_about_one_country_is_not_about_another(
    question: str, stranger: tuple[str, str] | None
) -> None:
    assert stranger_in(question, ABOUT_RUSSIA) == stranger
    assert stranger_in(question, EVERYTHING) is None


def test_a_year_is_strange_only_where_years_are_spoken_of() -> None:
    without_years = Scope(frozenset(name for name in HOME if name[0] != "year"))

    assert stranger_in("in 2018", without_years) is None


@pytest.mark.parametrize("question", ["are you open on May 1st", "the 2nd of August", "3rd dec?"])
def test_a_day_of_a_month_is_no_ordinal(question: str) -> None:
    assert named(canonical(question), OFFICES) == []


def test_only_a_country_at_an_office_owns_it() -> None:
    def owners(question: str) -> list[str]:
        things = named(canonical(question), OFFICES)
        return [thing.key for thing in things if thing.kind == "owner"]

    assert owners("German embassy, from France") == ["de"]
    assert owners("German phone") == []


def test_all_spellings_of_a_thing_are_the_same_thing() -> None:
    spellings = ("Germany", "german", "Deutschland", "เยอรมัน", "เยอรมนี")

    assert {named(canonical(word))[0].identity for word in spellings} == {("country", "de")}


@given(st.text())
def test_what_is_named_stands_in_the_text(text: str) -> None:
    clean = canonical(text)

    assert all(thing.surface in clean for thing in named(clean, OFFICES))
