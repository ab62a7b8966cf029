"""A place that is asked for is told from one that is only spoken of."""

from __future__ import annotations

import pytest

from intents.elsewhere import is_asked_for
from intents.text import canonical

OFFICES = ("embassy", "สถานทูต")


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("hospital", "Where is the nearest hospital?"),
        ("hospital", "where's the hospital"),
        ("bank", "email of Bangkok Bank"),
        ("ministry", "fax number of the ministry of tourism"),
        ("church", "address of the Russian Orthodox church in Bangkok"),
        ("school", "Russian school in Bangkok address"),
        ("airport", "airport phone number"),
        ("post office", "post office opening hours"),
        ("post office", "When does the post office close?"),
        ("police", "how can I call the tourist police"),
        ("โรงพยาบาล", "ที่อยู่โรงพยาบาลกรุงเทพ"),
        ("ตำรวจ", "เบอร์ตำรวจท่องเที่ยว"),
        ("กระทรวง", "เบอร์โทรของกระทรวงพาณิชย์"),
        ("โบสถ์", "โบสถ์รัสเซียอยู่ตรงไหน"),
        ("ธนาคาร", "ธนาคารเปิดกี่โมง"),
    ],
)
def test_a_place_whose_number_address_or_hours_are_wanted_is_asked_for(
    place: str, text: str
) -> None:
    assert is_asked_for(place, canonical(text), OFFICES)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        pytest.param("hospital", "my friend is in hospital, which number do I call", id="is there"),
        pytest.param("police", "the police took my passport, who do I ring", id="did something"),
        pytest.param("police", "the police asked for your phone number", id="asked"),
        pytest.param("hotel", "how do I get to you from the hotel", id="from there"),
        pytest.param("airport", "where are you, I come from the airport", id="on the way"),
        pytest.param("bank", "the number of the embassy, for my bank", id="for it"),
        pytest.param("school", "the embassy address for a school project", id="of ours"),
        pytest.param("สนามบิน", "จากสนามบินอยู่ตรงไหน", id="from there in Thai"),
        pytest.param("ตำรวจ", "ตำรวจยึดพาสปอร์ต โทรเบอร์ไหน", id="did something in Thai"),
        pytest.param("โรงเรียน", "ที่อยู่สถานทูตให้โรงเรียน", id="of ours in Thai"),
    ],
)
def test_a_place_in_the_background_is_not(place: str, text: str) -> None:
    assert not is_asked_for(place, canonical(text), OFFICES)
