"""`infobot questions`, on a state that a server may have open at the same time."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli import main
from bot.state import open_state
from tests import small_office
from tests.questions_asked import asked
from tests.state_engines import SECRET_KEY


@pytest.fixture
async def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A state with questions, and a knowledge file."""
    url = f"sqlite:///{tmp_path}/state.db"
    knowledge = tmp_path / "office.yaml"
    knowledge.write_text(small_office.TEXT, "utf-8")
    monkeypatch.setenv("STATE_URL", url)
    monkeypatch.setenv("KNOWLEDGE", str(knowledge))
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "")
    state, now = await open_state(url, SECRET_KEY), time.time()
    for text, intent, language, age_days in (
        ("embassy phone", "embassy_phone", "en", 0),
        ("เบอร์โทร", "embassy_phone", "th", 0),
        ("is there parking", "", "en", 0),
        ("is there any parking", "", "en", 0),
        ("is there\x1b[2J parking", "", "en", 0),
        ("what of last month", "", "en", 30),
    ):
        at = now - age_days * 86_400
        await state.log_question(asked(text, intent=intent, language=language, at=at, chat=text))
    await state.close()
    return url


def run(*arguments: str) -> int:
    return main(["questions", *arguments])


async def run_apart(*arguments: str) -> int:
    """Runs the command in a thread, as a terminal has no loop of its own running."""
    return await asyncio.to_thread(run, *arguments)


async def test_the_week_is_told_to_be_read(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    server = await open_state(url, SECRET_KEY)

    assert await run_apart("--days", "7") == 0

    await server.close()
    told = capsys.readouterr().out
    assert "5 questions in the last 7 days" in told
    assert "answered 2 (40%), topics offered 0 (0%), not known 3 (60%)" in told
    assert "English 4 (80%), ไทย 1 (20%)" in told
    assert "      2  Embassy phone" in told
    assert "      3  is there parking\n         English; not known 3\n         also: " in told
    assert "last month" not in told
    assert "\x1b" not in told


async def test_topics_of_a_file_in_thai_alone_are_named_in_thai(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "thai.yaml"
    path.write_text(yaml.safe_dump(_in_thai(yaml.safe_load(small_office.TEXT))), "utf-8")
    monkeypatch.setenv("KNOWLEDGE", str(path))

    assert await run_apart() == 0

    assert "      2  โทรศัพท์สถานทูต" in capsys.readouterr().out


def _in_thai(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _in_thai(value) for key, value in tree.items() if key != "en"}
    return tree


async def test_json_tells_all(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run_apart("--format", "json") == 0

    told = json.loads(capsys.readouterr().out)
    assert told["questions"] == 6
    assert told["outcomes"] == {"answer": 2, "offer": 0, "unknown": 4}
    parking, old = told["groups"]
    assert (parking["example"], parking["count"]) == ("is there parking", 3)
    assert parking["reasons"] == {"unknown": 3}
    assert len(parking["wordings"]) == 3
    assert old["example"] == "what of last month"


async def test_an_empty_log_is_no_fault(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("STATE_URL", f"sqlite:///{tmp_path}/new.db")

    assert await run_apart("--days", "7") == 0
    assert "Nobody asked anything in the last 7 days" in capsys.readouterr().out


@pytest.mark.parametrize("days", ["0", "many", "-3", "5000"])
def test_days_must_be_days(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(f"--days={days}")
    assert "--days" in capsys.readouterr().err
