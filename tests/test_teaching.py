"""`infobot teach`: one phrase, or the open questions one after the other, in the terminal."""

from __future__ import annotations

import re
import time
from io import StringIO
from pathlib import Path

import pytest

from bot import secret_key
from bot.asked import Asked
from bot.cli import main
from bot.library import Library
from bot.settings import Settings
from bot.state import open_state
from bot.teaching import teach
from tests import small_office
from tests.library_scene import read, try_here

TEXT = small_office.TEXT
UNKNOWN = "whereabouts of the mission"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "knowledge.yaml"
    path.write_text(TEXT, "utf-8")
    return path


async def lesson(path: Path, typed: str, *asked: str) -> str:
    """Returns what the terminal shows when these questions are open and this is typed."""
    settings = Settings(knowledge=path, state_url=f"sqlite:///{path.parent}/state.db")
    secret = await secret_key.load(settings)
    state = await open_state(settings.state_url, secret, settings.retention_days)
    now = time.time()
    for text in asked:
        await state.log_question(
            Asked(now, "line", "chat", "en", "unknown", (), (), 0.1, text, took_ms=1.0)
        )
    await state.close()
    out = StringIO()
    await teach(settings, Library(path, trial=try_here), StringIO(typed), out)
    return out.getvalue()


def test_one_phrase_is_added_from_the_command_line(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["teach", "address", "en", UNKNOWN, "--knowledge", str(path)])

    assert code == 0
    assert f": added to address: {UNKNOWN}\n" in capsys.readouterr().out
    assert UNKNOWN in Library(path, trial=try_here).knowledge.intents["address"].ask["en"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["adress", "en", "x"], "there is no intent 'adress'"),
        (["address", "en"], 'infobot teach INTENT LANGUAGE "phrase"'),
    ],
    ids=["an unknown topic", "half a call"],
)
def test_what_cannot_be_taught_is_said(
    path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["teach", *arguments, "--knowledge", str(path)]) == 2
    assert message in capsys.readouterr().err
    assert read(path) == TEXT


async def test_the_most_asked_question_comes_first_and_is_taught(path: Path) -> None:
    shown = await lesson(path, "address\n\n\nq\n", "do you sell stamps", UNKNOWN, UNKNOWN)
    again = await lesson(path, "")

    assert shown.index(f"asked 2 times (en 2):\n\n    {UNKNOWN}") < shown.index("(2 of 2)")
    assert "[1] " in shown
    assert f"added to address: {UNKNOWN}" in shown
    assert "1 of its 1 wordings are answered now" in shown
    assert UNKNOWN not in again
    assert "stamps" in again


async def test_a_number_chooses_an_offered_topic_and_the_phrase_can_be_mended(path: Path) -> None:
    shown = await lesson(path, "1\nembassy's whereabouts\nen\n", "embassy's whereabout")
    offered = shown.partition("[1] ")[2].partition(" ")[0]

    assert f"added to {offered}: embassy's whereabouts" in shown
    knowledge = Library(path, trial=try_here).knowledge
    assert "embassy's whereabouts" in knowledge.intents[offered].ask["en"]


async def test_a_new_topic_is_opened(path: Path) -> None:
    typed = "n\nstamps\nแสตมป์\nStamps\nขายแสตมป์ไหม\n\n\nไม่ขาย\nWe sell none\n"
    shown = await lesson(path, typed, "do you sell stamps")

    intent = Library(path, trial=try_here).knowledge.intents["stamps"]
    assert "added to stamps" in shown
    assert intent.ask == {"th": ("ขายแสตมป์ไหม",), "en": ("do you sell stamps",)}
    assert intent.reply == {"th": "ไม่ขาย", "en": "We sell none"}


async def test_a_dismissed_question_does_not_come_again_and_a_skipped_one_does(path: Path) -> None:
    await lesson(path, "d\ns\n", "do you sell stamps", "do you sell stamps", "free parrots")
    again = await lesson(path, "")

    assert "stamps" not in again
    assert "free parrots" in again
    assert read(path) == TEXT


async def test_what_was_done_last_is_undone(path: Path) -> None:
    typed = "x address\nen\nu\nq\n"
    shown = await lesson(path, typed, "stamps", "stamps", "free parrots")
    again = await lesson(path, "")

    assert "added to address: stamps" in shown
    assert "Taken out of address again" in shown
    assert "stamps" in again
    assert read(path) == TEXT


async def test_what_is_refused_is_said_and_asked_again(path: Path) -> None:
    shown = await lesson(path, "adress\n\n\nd\n", "do you sell stamps")

    assert "Not done: there is no intent 'adress'" in shown
    assert "That was the last one." in shown


async def test_what_strangers_write_does_not_steer_the_terminal(path: Path) -> None:
    told = await lesson(path, "q\n", "where \x1b[2J\r\n[1] is \u202e it")

    assert "    where [2J [1] is it\n" in told
    assert not re.search("[\x1b\r\u202e]", told)


async def test_with_nothing_open_there_is_nothing_to_teach(path: Path) -> None:
    assert "No question is open" in await lesson(path, "")
