"""What looks or sounds alike has one canonical form."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from intents.text import MAX_CHARS, normalise, skeleton, without_particles

#: Any character at all, and often those that the canonical form moves, joins or drops.
NASTY = st.text(
    st.one_of(
        st.characters(),
        st.characters(min_codepoint=0x0E00, max_codepoint=0x0E7F),
        st.sampled_from(
            "\ud800\udfff\x00\ufdfa\u200b\u200d\u200f\u202e'’\u0301\u0345ßİ가각ํ่้ัาำเๆ๕👩🏽a "
        ),
    ),
    max_size=40,
)


@settings(max_examples=1000, deadline=None)
@given(NASTY)
@example("\ud800" + "ก\udfff")
@example("\x00a\x00")
@example("\ufdfa" * 3_000)
@example("Z͑ͫ̓a̡l͎g̈́o" * 300)
@example("\u200fสวัสดี\u200e\u202e!")
@example("👩🏽‍👩🏽‍👧 ตกลง 👍")
@example("ุ\u200dฺ")  # signs that meet only once what parts them is dropped
@example("่ิ่ิ")
@example("์ํ้า")
@example("ᄀ\u200dᅡ")  # and letters that then become one
@example("เ'เเเเ")
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


@settings(deadline=None)
@given(NASTY)
def test_a_canonical_text_has_neither_punctuation_nor_capitals_nor_outer_spaces(text: str) -> None:
    canonical = normalise(text)

    assert canonical == " ".join(canonical.split()) == canonical.casefold()
    assert not set(canonical) & set("\x00\u200b\u200d\u200f\ud800.,?!'’()๐๑ๆ")


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        pytest.param("กรุณาทํา", "กรุณาทำ", id="sara am typed as two signs"),
        pytest.param("นํ้า", "น้ำ", id="sara am in two with a tone in between"),
        pytest.param("น้ํา", "น้ำ", id="sara am in two after the tone"),
        pytest.param("เเฟกซ์", "แฟกซ์", id="sara ae typed as two sara e"),
        pytest.param("ท่ี", "ที่", id="tone before the vowel above"),
        pytest.param("รู้", "รู้", id="tone after the vowel below"),
        pytest.param("รู้", "รู้", id="tone before the vowel below"),
        pytest.param("ที่่่", "ที่", id="tone typed again and again"),
        pytest.param("ปี ๒๕๖๔", "ปี 2564", id="Thai digits"),
        pytest.param("ต่างๆ นานา", "ต่าง นานา", id="repetition mark"),
        pytest.param("มากกกกก", "มาก", id="letter held down"),
        pytest.param("helloooo", "hello", id="Latin letter held down"),
        pytest.param("balloon", "balloon", id="letter twice is spelling"),
        pytest.param("1000", "1000", id="digits repeat for a reason"),
        pytest.param("Where's the embassy’s fax?", "wheres the embassys fax", id="apostrophes"),
        pytest.param("ＡＳＥＭ ﬁle", "asem file", id="wide letters and ligatures"),
        pytest.param("STRASSE straße", "strasse strasse", id="case folded"),
        pytest.param("e-mail/fax,tel.(02)", "e mail fax tel 02", id="punctuation parts"),
        pytest.param("สถาน\u200bทูต", "สถานทูต", id="zero-width space"),
        pytest.param("\u200fอีเมล\u200e", "อีเมล", id="marks of writing direction"),
        pytest.param("f\u0336a\u0336x\u0336", "fax", id="struck through"),
        pytest.param("a\ud800b", "ab", id="lone surrogate"),
        pytest.param("fax\x00number", "fax number", id="NUL"),
        pytest.param("☎️ เบอร์ 🙏🏼", "เบอร์", id="emoji"),
        pytest.param("  a \n\t b  ", "a b", id="spaces"),
        pytest.param("?!… 👍", "", id="nothing is left"),
        pytest.param("", "", id="empty"),
    ],
)
def test_variants_become_one(typed: str, canonical: str) -> None:
    assert normalise(typed) == canonical


@pytest.mark.parametrize("unit", ["ก", "\ufdfa", "ำ", "e\u0301", "ab "])
def test_no_text_becomes_longer_than_what_is_read_of_it(unit: str) -> None:
    assert len(normalise(unit * 100_000)) <= MAX_CHARS


def test_what_comes_after_the_first_two_thousand_characters_is_not_read() -> None:
    assert normalise("ab " * 2_000 + "embassy") == normalise("ab " * 2_000)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("ขอเบอร์หน่อยครับ", "ขอเบอร์"),
        ("อยู่ที่ไหนคะ", "อยู่ที่ไหน"),
        ("แฟกซ์เบอร์อะไรอ่ะ", "แฟกซ์เบอร์อะไร"),
        ("เปิดกี่โมงนะคะ ขอบคุณค่ะ", "เปิดกี่โมง ขอบคุณ"),
        ("เบอร์ ครับ โทร", "เบอร์ โทร"),
        ("where is it ครับ", "where is it"),
        ("คะแนน", "คะแนน"),
        ("คนบังคับรถ", "คนบังคับรถ"),
        ("embassy phone", "embassy phone"),
        ("ครับ", "ครับ"),
        ("ค่ะ ครับ", "ค่ะ ครับ"),
        ("", ""),
    ],
)
def test_polite_endings_go_unless_nothing_else_is_said(text: str, bare: str) -> None:
    assert without_particles(text) == bare


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("เบอร์", "เบอ"),
        ("แฟกซ์", "แฟก"),
        ("สถานทูต", "สถาณฑูต"),
        ("สถานทูต", "สถานฑุต"),
        ("ที่อยู่", "ทีอยู"),
        ("กงสุล", "กงศุล"),
        ("กงสุล", "กงสุร"),
        ("ใช้", "ไช้"),
        ("วีซ่า", "วิซ่า"),
        ("ภาษา", "พาสา"),
        ("สัมพันธ์", "สัมพัน"),
        ("กรุณา", "กะรุนา"),
    ],
)
def test_a_word_and_its_misspelling_share_a_skeleton(right: str, wrong: str) -> None:
    assert skeleton(right) == skeleton(wrong)


@pytest.mark.parametrize(
    ("one", "other"), [("แฟกซ์", "โทรศัพท์"), ("กงสุล", "สถานทูต"), ("ปิด", "เปิด"), ("มา", "ไป")]
)
def test_different_words_have_different_skeletons(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_the_skeleton_leaves_other_scripts_alone() -> None:
    assert skeleton("embassy 2564") == "embassy 2564"
