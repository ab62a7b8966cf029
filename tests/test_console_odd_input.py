"""What strangers, old tabs and other programs send harms no page of the console."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import small_office
from tests.console_scene import Scene, group_of, office_file, opened, set_aside

pytestmark = pytest.mark.usefixtures("office_cache")

UNKNOWN = "is there a car park"
#: Half a character, a bell, a colour for terminals, and a mark that turns the direction.
ODD = "zorb \ud800 \x07 \x1b[31m \u202e fnord"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened(office_file(tmp_path)) as scene:
        yield scene


async def test_a_question_of_odd_characters_is_shown_and_can_be_taught(scene: Scene) -> None:
    turn = json.dumps({"chat": "c", "kind": "text", "text": ODD, "language": "en"})
    assert (await scene.client.post("/chat", content=turn)).status_code == 200

    page = await scene.page()
    shown = re.search("<h2>(.*?)</h2>", page)
    assert shown
    done = await scene.send("/teach", topic="address", phrase=shown[1], language="en")

    assert not re.search("[\x07\x1b\u202e\ufffd]", page)
    assert "zorb [31m fnord” now belongs" in done.text


async def test_a_message_set_aside_is_shown_with_half_a_character(tmp_path: Path) -> None:
    path = office_file(tmp_path)
    await set_aside(path, "half \ud800 of it", "the reply token died")

    async with opened(path) as scene:
        assert "half ? of it" in await scene.page("/aside")


async def test_the_address_of_what_was_taken_back_shows_the_page(scene: Scene) -> None:
    await scene.send("/teach", topic="address", phrase=UNKNOWN, language="en")
    (added,) = await scene.library.history()
    await scene.send("/undo", edit=added.id)
    undo, _ = await scene.library.history()

    assert "<h1>Questions</h1>" in await scene.page(f"?edit={undo.id}")


async def test_what_could_not_be_taken_back_is_opened_once_it_can(scene: Scene) -> None:
    await scene.ask(UNKNOWN)
    group, other = group_of(await scene.page(), UNKNOWN), "where do cars go"
    await scene.send("/dismiss", group=group, phrase=other, language="en", not_about="address")
    (noted,) = await scene.library.history()
    scene.path.chmod(0o444)
    refused = await scene.send("/undo", edit=noted.id)
    scene.path.chmod(0o644)

    await scene.send("/undo", edit=noted.id)

    assert "may not change the file" in refused.text
    assert f"<h2>{UNKNOWN}</h2>" in await scene.page()


async def test_what_was_typed_is_still_there_when_it_is_refused(scene: Scene) -> None:
    await scene.ask(UNKNOWN)
    await scene.ask("do dogs bark")
    group = group_of(await scene.page(), UNKNOWN)

    answer = await scene.send(
        "/teach", group=group, topic="embassy_phone", phrase="embassy address", language="en"
    )

    assert answer.status_code == 422
    form = re.search(rf'value="{group}".*?</form>', answer.text, re.DOTALL)
    assert form
    assert '<details class="choices" open>' in form[0]
    assert 'value="embassy address"' in form[0]
    assert '<option value="embassy_phone" selected>' in form[0]
    assert answer.text.count("<details") - answer.text.count('<details class="choices">') == 1


async def test_a_topic_with_a_sign_of_markup_is_named_as_it_is(tmp_path: Path) -> None:
    path = office_file(tmp_path)
    text = small_office.TEXT.replace("en: Embassy phone}", 'en: "Q&A <phone>"}')
    path.write_text(text, "utf-8")

    async with opened(path) as scene:
        tried = await scene.send("/try", text="phone number of the German embassy")

    assert "It looks like “Q&amp;A &lt;phone&gt;”" in tried.text


@pytest.mark.parametrize(
    "line",
    [
        "null",
        "[1]",
        "[" * 100_000,
        '{"id": 5}',
        '{"what": "dance"}',
        '{"intent_id": ["address"]}',
        '{"undoes": ["x"]}',
        '{"phrase": 7}',
        '{"more": 1}',
    ],
    ids=lambda line: line[:20],
)
async def test_a_spoilt_line_of_the_history_is_passed_over(scene: Scene, line: str) -> None:
    await scene.send("/teach", topic="address", phrase=UNKNOWN, language="en")
    (added,) = await scene.library.history()
    history = scene.path.with_suffix(".history.jsonl")
    written = history.read_text("utf-8")
    spoilt = line
    if line.startswith("{"):
        spoilt = json.dumps(json.loads(written) | {"id": "spoilt"} | json.loads(line))
    history.write_text(f"{spoilt}\n{written}", "utf-8")

    assert UNKNOWN in await scene.page("/history")
    assert [edit.id for edit in await scene.library.history()] == [added.id]
    assert "now belongs" in await scene.page(f"?edit={added.id}")
