"""What the question log must not keep is taken out of a text before."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.masking import masked

THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
SEPARATORS = ["", " ", "-", ".", " - ", "/", "\u00a0", "\u2011", "\u200b", ") "]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("โทรกลับ 081-234-5678 นะ", "โทรกลับ <phone> นะ"),
        ("โทร ๐๘๑ ๒๓๔ ๕๖๗๘", "โทร <phone>"),
        ("ที่๐๒๒๓๔๙๘๒๔ใช่ไหม", "ที่<phone>ใช่ไหม"),
        ("is it (+66 2) 234-98-24?", "is it <phone>?"),
        ("call 66 81 234 5678", "call <phone>"),
        ("write to john.doe@example.co.th please", "write to <email> please"),
        ("อีเมลjohn@example.comครับ", "อีเมล<email>ครับ"),
        ("อีเมล สมชาย@ตัวอย่าง.ไทย ครับ", "อีเมล <email> ครับ"),
        ("mail me at somchai@gmail ok", "mail me at <email> ok"),
        ("ไลน์ @somchai_99 ค่ะ", "ไลน์ <account> ค่ะ"),
        ("LINE ID: ann.b", "LINE ID: <account>"),
        ("ไอดีไลน์ somchai99", "ไอดีไลน์ <account>"),
        ("โทร 081,234,5678", "โทร <phone>"),
        ("081~234~5678 or 081|234|5678", "<phone> or <phone>"),
        ("see https://x.org/a?token=abc now", "see <link> now"),
        ("https://ann:secret@x.org", "<link>"),
        ("t.me/joinchat/AAAA here", "<link> here"),
        ("passport AA1234567 lost", "passport <passport> lost"),
        ("หนังสือเดินทาง aa๑๒๓๔๕๖๗ หาย", "หนังสือเดินทาง <passport> หาย"),
        ("Pass C01X00T47", "Pass <passport>"),
        ("บัตร 1-1037-02071-81-1", "บัตร <id>"),
        ("บัตร ๑ ๑๐๓๗ ๐๒๐๗๑ ๘๑ ๑", "บัตร <id>"),
        ("1234567890123", "<id>"),
        ("card 4111 1111 1111 1111 ok", "card <card> ok"),
        ("5555-5555-5555-4444", "<card>"),
        ("0812345678 0898765432", "<number>"),
        ("my key sk_live_4eC39HqLyjWDarjtT1zdp7dc", "my key <key>"),
    ],
)
def test_what_tells_who_somebody_is_becomes_a_placeholder(text: str, kept: str) -> None:
    assert masked(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "summit of 2021, ปี 2564, ๒๕๕๙",
        "2559-2560, 2010/2553, 2016 2559 and 25",
        "ASEM 13 2564",
        "25 ปี 1 มีนาคม",
        "เปิด 8.30-16.30 น. หรือ ๙.๐๐ - ๑๒.๐๐ น.",
        "01/03/2021 - 02/03/2021",
        "1,000,000,000 baht",
        "what is your LINE ID please, meet @ 5pm",
        "1-2 March 2021, 01/03/2021, ๐๑/๐๓/๒๕๖๔ or 2021-03-01",
        "room 1205, 78 Sap Road 10500",
        "2,500 scientists, 50,000 baht",
        "ASEM2021 covid19",
        "www.example.org or https://example.org/",
        "and/or, he/she",
        "",
    ],
)
def test_years_and_short_numbers_stay(text: str) -> None:
    assert masked(text) == text


@given(
    digits=st.text("0123456789", min_size=9, max_size=16),
    separators=st.lists(st.sampled_from(SEPARATORS), min_size=16, max_size=16),
    is_thai=st.booleans(),
    before=st.sampled_from(["", "โทร", "call ", "เบอร์ "]),
    after=st.sampled_from(["", "ครับ", " please", "?"]),
)
def test_no_long_number_is_kept_however_it_is_written(
    digits: str, separators: list[str], is_thai: bool, before: str, after: str
) -> None:
    # Leading zeros, as numbers of years and short ones are kept.
    number = "".join(map("".join, zip("0" + digits, separators, strict=False)))
    text = before + (number.translate(THAI_DIGITS) if is_thai else number) + after

    kept = masked(text)

    assert not re.search(r"\d", kept)
    assert kept.startswith(before)


@given(st.emails(domains=st.sampled_from(["example.org", "x.co.th"])))
def test_no_address_is_kept(address: str) -> None:
    assert address.partition("@")[0] not in masked(f"ask {address} now").split()
    assert "@" not in masked(f"ask {address} now")


@given(st.text() | st.text("012๓๔+-(). @/a:ก", max_size=60))
@example("+1234567+")
def test_masking_twice_is_masking_once(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@given(st.text(st.characters(exclude_categories=["Nd"], exclude_characters="@/?")))
def test_a_text_without_digits_and_addresses_stays(text: str) -> None:
    assert masked(text) == text


def test_a_hostile_text_is_masked_at_once() -> None:
    for part in ("a", "0 ", "a.", "@", "1-", "a1", "https://", "+("):
        masked(part * 20_000 + "@")
