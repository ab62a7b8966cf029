"""The console's pages, and what their forms do to the knowledge file."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from difflib import ndiff
from pathlib import Path

import pytest

from bot.console.words import LANGUAGES, words
from tests.console_scene import Scene, group_of, office_file, opened, set_aside

pytestmark = pytest.mark.usefixtures("office_cache")

UNKNOWN = "is there a car park"
EVIL = "<script>alert(1)</script> car park?"
TOPIC = {
    "id": "parking",
    "label-th": "ที่จอดรถ",
    "label-en": "Parking",
    "reply-th": "ไม่มีที่จอดรถ",
    "reply-en": "There is no car park.",
    "ask-th": "ที่จอดรถมีไหม\nจอดรถได้ที่ไหน",
    "ask-en": f"{UNKNOWN}\nwhere can I park\n\n",
}


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened(office_file(tmp_path)) as scene:
        yield scene


def changes(before: str, after: str) -> list[str]:
    """Returns the lines that differ, as `diff` writes them."""
    return [line for line in ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


async def test_a_question_that_was_not_answered_appears(scene: Scene) -> None:
    for chat in "abc":
        await scene.ask(UNKNOWN, chat)
    await scene.ask("embassy phone number")

    page = await scene.page()

    assert page.count("data-group") == 1
    assert re.search(r'class="figure">3</span>', page)
    assert f"<h2>{UNKNOWN}</h2>" in page


async def test_what_people_write_is_never_markup(scene: Scene) -> None:
    await scene.ask(EVIL)

    page = await scene.page()
    tried = await scene.send("/try", text=EVIL)

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page + tried.text


async def test_a_taught_question_is_answered_and_only_its_line_changed(scene: Scene) -> None:
    before = scene.path.read_text("utf-8")
    unanswered = await scene.ask(UNKNOWN)
    group = group_of(await scene.page(), UNKNOWN)

    done = await scene.send(
        "/teach", group=group, guess="consular_fax", phrase=UNKNOWN, language="en"
    )
    answered = await scene.ask(UNKNOWN)

    (old, new) = changes(before, scene.path.read_text("utf-8"))
    assert (old[0], new[0]) == ("-", "+")
    assert new[1:].replace(f", {UNKNOWN}", "") == old[1:]
    assert "222-22-23" not in unanswered
    assert "222-22-23" in answered
    assert "now belongs to “Consular fax”" in done.text
    assert "data-group" not in done.text


async def test_undoing_restores_the_file_and_opens_the_question_again(scene: Scene) -> None:
    before = scene.path.read_bytes()
    await scene.ask(UNKNOWN)
    group = group_of(await scene.page(), UNKNOWN)
    done = await scene.send("/teach", group=group, guess="address", phrase=UNKNOWN, language="en")
    edit = re.search('name="edit" value="([^"]+)"', done.text)
    assert edit

    page = await scene.send("/undo", edit=edit[1], group=group)

    assert scene.path.read_bytes() == before
    assert UNKNOWN in page.text
    assert "Taken back" in page.text


async def test_only_what_is_understood_by_it_leaves_the_list(scene: Scene) -> None:
    other = "is there a car park in Germany"
    await scene.ask(UNKNOWN)
    await scene.ask(other)
    page = await scene.page()

    await scene.send(
        "/teach", group=group_of(page, UNKNOWN), guess="address", phrase=UNKNOWN, language="en"
    )
    page = await scene.page()

    assert f"<h2>{UNKNOWN}</h2>" not in page
    assert other in page


async def test_a_new_topic_is_answered_at_once(scene: Scene) -> None:
    await scene.ask(UNKNOWN)
    group = group_of(await scene.page(), UNKNOWN)
    draft = await scene.send("/draft", group=group, phrase=UNKNOWN, language="en")

    done = await scene.send("/new", group=group, **TOPIC)

    assert UNKNOWN in draft.text
    assert "The topic “Parking” is there." in done.text
    assert "There is no car park." in await scene.ask(UNKNOWN)


async def test_a_new_topic_with_a_mistake_comes_back_with_what_was_typed(scene: Scene) -> None:
    before = scene.path.read_bytes()

    answer = await scene.send("/new", **{**TOPIC, "reply-en": "Ring {contacts.garage.phones}"})

    assert answer.status_code == 422
    assert "contacts.garage.phones" in answer.text
    assert "ไม่มีที่จอดรถ" in answer.text
    assert scene.path.read_bytes() == before


async def test_a_dismissed_question_is_gone_until_that_is_undone(scene: Scene) -> None:
    before = scene.path.read_bytes()
    await scene.ask(UNKNOWN)
    group = group_of(await scene.page(), UNKNOWN)

    dismissed = await scene.send("/dismiss", group=group)
    undone = await scene.send("/undo", group=group)

    assert "data-group" not in dismissed.text
    assert f"<h2>{UNKNOWN}</h2>" in undone.text
    assert scene.path.read_bytes() == before


async def test_a_dismissed_question_may_be_noted_as_not_about_a_topic(scene: Scene) -> None:
    await scene.ask(UNKNOWN)
    group = group_of(await scene.page(), UNKNOWN)

    done = await scene.send(
        "/dismiss", group=group, not_about="address", phrase=UNKNOWN, language="en"
    )

    assert "not about “Address”" in done.text
    assert UNKNOWN in scene.library.knowledge.intents["address"].not_["en"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"topic": "", "phrase": "x y"}, "choose the topic"),
        ({"topic": "nothing", "phrase": "x y"}, "no such topic"),
        ({"topic": "address", "phrase": " "}, "empty"),
        ({"topic": "address", "phrase": "embassy address"}, "in the file already"),
        ({"topic": "address", "phrase": "x y", "language": "ru"}, "does not speak"),
    ],
)
async def test_an_edit_that_cannot_be_made_says_why(
    scene: Scene, fields: dict[str, str], told: str
) -> None:
    before = scene.path.read_bytes()

    answer = await scene.send("/teach", **{"language": "en", **fields})

    assert answer.status_code == 422
    assert told in answer.text
    assert scene.path.read_bytes() == before


async def test_two_operators_at_once_lose_nothing(scene: Scene) -> None:
    phrases = [f"whereabouts of building {number}" for number in range(6)]

    await asyncio.gather(
        *(scene.send("/teach", topic="address", phrase=text, language="en") for text in phrases)
    )

    assert set(phrases) <= set(scene.library.knowledge.intents["address"].ask["en"])


async def test_the_history_tells_who_did_what_and_undoes_it(scene: Scene) -> None:
    await scene.send("/teach", topic="address", phrase=UNKNOWN, language="en")
    page = await scene.page("/history")
    edit = re.search('name="edit" value="([^"]+)"', page)
    assert edit

    undone = await scene.send("/undo", edit=edit[1])

    assert UNKNOWN in page
    assert "wording added" in page
    assert "is-undone" in undone.text
    assert 'name="edit"' not in undone.text


async def test_a_question_is_tried_on_both_platforms_and_not_kept(scene: Scene) -> None:
    page = (await scene.send("/try", text="embassy phone number")).text

    assert 'class="phone telegram"' in page
    assert 'class="phone line"' in page
    assert "<b>(+66 2) 111-11-11</b>" in page  # as Telegram shows it
    assert '<span class="reply-action">Call (+66 2) 111-11-11</span>' in page  # as LINE does
    assert "% sure" in page
    assert "embassy_phone" in page
    assert ">0</dd>" in await scene.page("/overview")


@pytest.mark.parametrize("text", ["?", "😀", "ๆๆๆ", "\x00", "x" * 3_000, "embassy fax and phone"])
async def test_anything_can_be_tried(scene: Scene, text: str) -> None:
    assert (await scene.send("/try", text=text)).status_code == 200


async def test_a_near_miss_is_told_as_one(scene: Scene) -> None:
    page = (await scene.send("/try", text="phone number of the German embassy")).text

    assert "does not speak of “german”" in page


async def test_a_broken_file_is_told_with_a_link_to_its_line(scene: Scene) -> None:
    broken = scene.path.read_text("utf-8").replace("card: embassy\n", "card: embasy\n", 1)
    line = broken[: broken.index("card: embasy")].count("\n") + 1
    scene.path.write_text(broken, "utf-8")
    await scene.told.next()

    page, questions = await scene.page("/knowledge"), await scene.page()
    source = await scene.page("/knowledge/source")

    assert f'href="/console/knowledge/source#L{line}"' in page
    assert "embasy" in page
    assert f'<li id="L{line}"><code>    card: embasy</code>' in source
    assert "goes on with the version before" in questions
    assert "111-11-11" in await scene.ask("embassy phone number")


async def test_the_overview_counts_what_was_asked(scene: Scene) -> None:
    for text in ("embassy phone number", "embassy fax number", "เบอร์โทรสถานทูต", UNKNOWN):
        await scene.ask(text)

    page = await scene.page("/overview?days=7")

    assert "<dd>4</dd>" in page
    assert "<dd>75 %</dd>" in page
    assert "<td>3</td>" in page  # today, below the chart
    assert page.count('data-date="') == 2 * 7
    assert "Embassy phone" in page


async def test_what_was_set_aside_is_listed(tmp_path: Path) -> None:
    path = office_file(tmp_path)
    await set_aside(path, "ขอเบอร์หน่อย", "the reply token died")

    async with opened(path) as scene:
        page = await scene.page("/aside")

    assert "ขอเบอร์หน่อย" in page
    assert "the reply token died" in page
    assert "not delivered" in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["", "/overview", "/try", "/knowledge", "/history", "/aside"])
async def test_every_page_speaks_both_languages(scene: Scene, language: str, path: str) -> None:
    page = await scene.page(path, language)

    assert f'<html lang="{language}">' in page
    assert words(language)["tab_overview"] in page


async def test_the_language_is_switched_and_stays(scene: Scene) -> None:
    await scene.page("?language=th", "en")

    assert '<html lang="th">' in await scene.page("/history", "en")


@pytest.mark.parametrize("path", ["/teach", "/draft", "/new", "/try", "/undo"])
async def test_the_language_is_switched_on_a_page_that_a_form_led_to(
    scene: Scene, path: str
) -> None:
    page = (await scene.send(path, edit="none", text="hello")).text
    link = re.search('href="([^"]+language=th)"', page)
    assert link

    assert '<html lang="th">' in await scene.page(link[1].removeprefix("/console"))


@pytest.mark.parametrize("query", ["?page=999999", "?page=-1", "?page=x", "?edit=none", "?of=9"])
async def test_an_odd_address_shows_the_page(scene: Scene, query: str) -> None:
    assert "<h1>Questions</h1>" in await scene.page(query)
