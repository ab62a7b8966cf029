"""Questions that are alike come together, and no others."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import intents
from bot import grouping
from bot.errors import ProcessFailed

PARKING = ["ที่จอดรถมีไหมครับ", "มีที่จอดรถไหม", "มีที่จอดรถมั้ยคะ"]
FAX = ["what is the fax number", "fax number please", "the fax numbr please"]
VISA = ["how much is a visa", "How much is a VISA?", "how much is visa"]


def test_questions_that_are_alike_come_together_most_asked_first() -> None:
    counts = dict.fromkeys(PARKING + FAX + VISA, 1)
    counts |= {FAX[1]: 5, PARKING[1]: 2}

    groups = intents.group(counts)

    assert [set(texts) for texts in groups] == [set(FAX), set(PARKING), set(VISA)]
    assert groups[0][0] == FAX[1]
    assert groups[1][0] == PARKING[1]


def test_spelling_and_particles_do_not_part_questions() -> None:
    alike = ["เบอร์โทรสถานทูต", "เบอโทรสถานทูตครับ", "เบอร์โทรสถานฑูตค่ะ"]

    assert len(intents.group(dict.fromkeys(alike, 1))) == 1


def test_what_every_question_says_makes_none_alike() -> None:
    counts = dict.fromkeys(["is there parking at the embassy", "any jobs at the embassy"], 1)
    examples = [f"{what} of the embassy" for what in ("phone", "fax", "address", "hours")]
    background = examples + [f"what is the {text} at the embassy" for text in examples] * 20

    assert len(intents.group(counts, background)) == 2


def test_a_higher_likeness_makes_more_groups() -> None:
    counts = dict.fromkeys(PARKING + FAX + VISA, 1)

    assert len(intents.group(counts, alike_from=1.0)) > len(intents.group(counts))


@given(st.dictionaries(st.text(max_size=30), st.integers(1, 9), max_size=30))
def test_every_text_is_in_one_group_and_groups_are_in_order(counts: dict[str, int]) -> None:
    groups = intents.group(counts)

    assert sorted(text for texts in groups for text in texts) == sorted(counts)
    sizes = [sum(counts[text] for text in texts) for texts in groups]
    assert sizes == sorted(sizes, reverse=True)
    for texts in groups:
        assert [counts[t] for t in texts] == sorted((counts[t] for t in texts), reverse=True)


def test_more_questions_than_are_compared_at_once_are_grouped_as_well() -> None:
    rng = random.Random(3)
    words = ["".join(rng.choices("bcdfghjklmnpqrstvwxz", k=12)) for _ in range(400)]
    texts = [f"{word}{ending}" for word in words for ending in ("", " now")]

    sizes = Counter(len(group) for group in intents.group(dict.fromkeys(texts, 1)))

    assert sizes == {2: 400}


async def test_another_process_groups_the_same() -> None:
    counts = dict.fromkeys(PARKING + FAX + VISA, 1)

    assert await grouping.group_apart(counts) == intents.group(counts)
    assert await grouping.group_apart({}) == []


async def test_a_process_that_fails_is_told_of() -> None:
    with pytest.raises(ProcessFailed, match="ended with"):
        await grouping.group_apart({"text": None})  # type: ignore[dict-item]
