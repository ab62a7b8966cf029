"""A LINE channel set up, and the pictures of its menus."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from PIL import Image

from bot.adapters.line_menu_image import HEIGHT, WIDTH, draw, layout, placed
from bot.adapters.line_setup import Menu, set_up
from bot.errors import InfobotError
from bot.model import Choice
from tests.fakes.line import TOKEN, FakeLine

MENUS = (
    Menu("th", "ไทย", "เมนูหัวข้อ", (Choice("ที่อยู่", "ask:address"), Choice("โทร", "ask:phone"))),
    Menu(
        "en", "English", "Topics", (Choice("Address", "ask:address"), Choice("Call", "ask:phone"))
    ),
)
HOOK = "https://bot.example.org/line"


@pytest.fixture
async def line() -> AsyncIterator[FakeLine]:
    async with FakeLine() as fake:
        yield fake


async def run(line: FakeLine, menus: tuple[Menu, ...] = MENUS, dry_run: bool = False) -> list[str]:
    urls = {"api_base_url": line.url, "data_api_base_url": line.url}
    return await set_up(TOKEN, HOOK, menus, dry_run=dry_run, **urls)


async def test_a_dry_run_tells_all_and_changes_nothing(line: FakeLine) -> None:
    sentences = await run(line, dry_run=True)

    assert len(sentences) == 4
    assert not line.menus
    assert not line.endpoint
    assert {call.body for call in line.calls} == {b""}


async def test_a_new_channel_gets_all_and_a_second_run_changes_nothing(line: FakeLine) -> None:
    await run(line)
    line.calls.clear()

    assert await run(line) == []
    assert {call.body for call in line.calls} == {b""}
    assert line.endpoint == HOOK
    assert sorted(line.aliases) == ["infobot-en", "infobot-th"]
    assert line.menu_of["all"] == line.aliases["infobot-th"]
    assert set(line.images) == set(line.menus) == set(line.aliases.values())


async def test_the_menu_covers_its_picture_and_switches_languages(line: FakeLine) -> None:
    await run(line)

    menu = line.menus[line.aliases["infobot-en"]]
    bounds = [area["bounds"] for area in menu["areas"]]
    actions = [area["action"] for area in menu["areas"]]
    assert sum(bound["width"] * bound["height"] for bound in bounds) == WIDTH * HEIGHT
    assert actions[0]["type"] == "richmenuswitch"
    assert actions[0]["richMenuAliasId"] == "infobot-th"
    assert actions[0]["data"] == "language:th"
    assert actions[2]["data"] == "ask:address"
    assert actions[2]["displayText"] == "Address"


async def test_a_changed_topic_replaces_its_menu_and_no_stranger_s(line: FakeLine) -> None:
    await run(line)
    before = line.aliases["infobot-th"]
    line.menus["other"] = {**line.menus[before], "richMenuId": "other", "name": "of the shop"}
    changed = replace(MENUS[0], topics=(Choice("แฟกซ์", "ask:fax"),))

    sentences = await run(line, (changed, MENUS[1]))

    assert len(sentences) == 3
    assert before not in line.menus
    assert set(line.menus) == {"other", *line.aliases.values()}
    assert line.menu_of["all"] == line.aliases["infobot-th"]


async def test_what_a_broken_run_left_behind_is_made_whole(line: FakeLine) -> None:
    await run(line)
    broken = line.aliases.pop("infobot-en")

    await run(line)

    assert broken not in line.menus
    assert line.aliases["infobot-en"] in line.images
    assert await run(line) == []


async def test_a_refused_token_is_told_without_showing_it(line: FakeLine) -> None:
    line.fail("/channel/webhook/endpoint", 401)

    with pytest.raises(InfobotError, match="401") as caught:
        await run(line)

    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("fields", range(1, 10))
def test_fields_neither_overlap_nor_leave_holes(fields: int) -> None:
    tabs, boxes = layout(2, fields)

    assert len(boxes) == fields
    assert sum(box.width * box.height for box in (*tabs, *boxes)) == WIDTH * HEIGHT
    assert all(box.x + box.width <= WIDTH and box.y + box.height <= HEIGHT for box in boxes)


def test_the_picture_is_as_line_takes_it() -> None:
    png = draw(("ไทย", "English"), 0, ["ที่อยู่", "ข้อริเริ่มของรัสเซีย", "เกี่ยวกับ ASEM และน้ำ"])

    image = Image.open(io.BytesIO(png))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    assert len(png) < 1_000_000


def test_each_language_has_a_picture_of_its_own() -> None:
    assert draw(("ไทย", "English"), 0, ["A"]) != draw(("ไทย", "English"), 1, ["A"])


@pytest.mark.parametrize(
    ("word", "index", "is_left", "is_up"),
    [
        ("ที่", 2, False, True),
        ("ท่า", 1, False, False),
        ("น้ำ", 1, False, True),
        ("ป่า", 1, True, False),
        ("ปั้น", 1, True, False),
        ("ปั้น", 2, True, True),
        ("ปู่", 2, True, False),
        ("โทรศัพท์", 7, False, False),
    ],
)
def test_thai_marks_do_not_run_into_one_another(
    word: str, index: int, is_left: bool, is_up: bool
) -> None:
    char, left, up = placed(word)[index]

    assert char == word[index]
    assert (left > 0, up > 0) == (is_left, is_up)
