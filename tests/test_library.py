"""Hot reload: a knowledge file is saved in every way there is while the bot serves it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.trial import TrialProcess
from tests import small_office
from tests.library_scene import CHANGED, NEW_NUMBER, OLD_NUMBER, remove, serving, write

TEXT = small_office.TEXT


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "served" / "knowledge.yaml"
    path.parent.mkdir()
    path.write_text(TEXT, "utf-8")
    return path


def replace(path: Path, text: str) -> None:
    new = path.with_name(".knowledge.yaml.swp")
    new.write_text(text, "utf-8")
    new.replace(path)


def take_away_and_write(path: Path, text: str) -> None:
    path.unlink()
    path.write_text(text, "utf-8")


@pytest.mark.parametrize("save", [write, replace, take_away_and_write])
async def test_a_saved_file_answers_without_a_restart(
    path: Path, save: Callable[[Path, str], None]
) -> None:
    async with serving(path) as scene:
        before = await scene.ask()
        save(path, CHANGED)
        told = await scene.told.next()
        after = await scene.ask()
        ready = await scene.ready()

    assert OLD_NUMBER in before
    assert NEW_NUMBER in after
    assert "is served as version" in told
    assert ready == "ready\n"


async def test_a_swapped_folder_of_links_is_noticed(tmp_path: Path) -> None:
    """As Kubernetes mounts a ConfigMap: the file is a link through a link to a folder."""
    for name, text in (("..1", TEXT), ("..2", CHANGED)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "knowledge.yaml").write_text(text, "utf-8")
    (tmp_path / "..data").symlink_to("..1")
    path = tmp_path / "knowledge.yaml"
    path.symlink_to("..data/knowledge.yaml")

    async with serving(path) as scene:
        (tmp_path / "..new").symlink_to("..2")
        (tmp_path / "..new").replace(tmp_path / "..data")
        await scene.told.next()

        assert NEW_NUMBER in await scene.ask()
    assert path.is_symlink()


async def test_a_file_is_served_again_after_a_break_in_the_middle_of_its_writing(
    path: Path,
) -> None:
    async with serving(path) as scene:
        with path.open("w", encoding="utf-8") as file:
            file.write(CHANGED[:1000])
            file.flush()
            refused = await scene.told.next()
            meanwhile = await scene.ask()
            file.write(CHANGED[1000:])
        served = await scene.told.next()
        after = await scene.ask()

    assert "is refused" in refused
    assert OLD_NUMBER in meanwhile
    assert "is served" in served
    assert NEW_NUMBER in after


async def test_a_file_that_is_gone_is_served_on_until_it_is_back(path: Path) -> None:
    async with serving(path) as scene:
        remove(path)
        told = await scene.told.next()
        meanwhile, ready = await scene.ask(), await scene.ready()
        write(path, TEXT)
        back = await scene.told.next()
        well = await scene.ready()

    assert "No such file" in told
    assert OLD_NUMBER in meanwhile
    assert "No such file" in ready
    assert "holds again what is served" in back
    assert well == "ready\n"


FAULTS = {
    "not yaml": (TEXT + "\t", "indent with spaces"),
    "empty": ("", "the file is empty"),
    "an unknown key": (TEXT.replace("    card: emb", "    crad: emb", 1), "unknown key 'crad'"),
    "a fact that is none": (TEXT.replace(".phones}", ".phone}"), "stands for nothing"),
    "a language less": (TEXT.replace("{th: ที่อยู่, en: Address}", "{th: ที่อยู่}"), "lacks the"),
    "no such intent": (TEXT.replace("next: [address]", "next: [adress]"), "did you mean 'address'"),
    "a phrase twice": (TEXT.replace("hi there", "hello"), "keep one"),
    "a tag": (TEXT.replace("small_talk: true", "small_talk: !!bool true"), "is refused"),
    "not utf-8": (TEXT.replace("hi there", "h\udce9"), "is not UTF-8"),
}


@pytest.mark.parametrize(("text", "why"), FAULTS.values(), ids=FAULTS)
async def test_a_broken_file_is_refused_and_said_where(path: Path, text: str, why: str) -> None:
    async with serving(path) as scene:
        write(path, text)
        told = await scene.told.next()
        answer, ready = await scene.ask(), await scene.ready()
        metrics = (await scene.client.get("/metrics")).text
        refusal = scene.library.status.refusal
        write(path, CHANGED)
        await scene.told.next()
        well = await scene.ready()

    assert OLD_NUMBER in answer
    assert why in told
    assert "\n" not in told
    assert f"ready; {path} as saved at 2" in ready
    assert f" is refused: {path}:" in ready
    assert refusal
    assert any(why in reason for reason in refusal.reasons)
    assert "infobot_knowledge_refused 1" in metrics
    assert well == "ready\n"


def questions(path: Path) -> None:
    folder = path.parent / "tests" / "questions"
    folder.mkdir(parents=True)
    lines = [
        {"id": f"{intent}{number}", "q": text, "lang": "en", "facts": [intent], "kind": "plain"}
        for intent, texts in {
            "embassy_phone": ["embassy phone number", "the embassy's phone"],
            "address": ["embassy address", "where is the embassy"],
        }.items()
        for number, text in enumerate(texts)
    ]
    folder.joinpath("own.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")


async def test_a_file_that_answers_fewer_questions_right_is_refused(path: Path) -> None:
    questions(path)
    # What is asked for the address is now answered with the history.
    worse = TEXT.replace("  address:\n", "  KEPT:\n").replace("  history:\n", "  address:\n")
    worse = worse.replace("  KEPT:", "  history:").replace("next: [address]", "next: [help]")
    async with serving(path) as scene:
        write(path, worse)
        told = await scene.told.next()
        write(path, CHANGED)
        served = await scene.told.next()

        assert scene.library.status.before == scene.library.status.figures
    assert "50 % of the labelled questions would be answered right, now it is 100 %" in told
    assert "now: 100 % of its own examples understood, 100 % of 4 questions right" in served


async def test_a_file_whose_examples_are_mixed_up_is_refused(path: Path) -> None:
    # To the matcher a polite word more is no difference; to the check of the file it is one.
    mixed = "".join(
        f"  {intent_id}:\n"
        f"    label: {{th: ก, en: a}}\n"
        f"    ask:\n"
        f"      th: [{thai}]\n"
        f"      en: [{', '.join(f'what about thing {n}{polite}' for n in range(40))}]\n"
        f"    reply: {{th: ก, en: a}}\n"
        for intent_id, thai, polite in (("curt", "หนึ่ง", ""), ("polite", "สอง", " ครับ"))
    )
    async with serving(path) as scene:
        write(path, TEXT + mixed)
        told = await scene.told.next()

        assert OLD_NUMBER in await scene.ask()
    assert "of its examples are understood as their own intent; 90 % are needed" in told


async def test_broken_questions_are_told_and_stop_nothing(path: Path) -> None:
    questions(path)
    (path.parent / "tests" / "questions" / "broken.jsonl").write_text("{", "utf-8")
    async with serving(path) as scene:
        write(path, CHANGED)
        told = [await scene.told.next() for _ in range(3)]

    # Of the version that was served before, and of the one that is served now.
    assert "broken.jsonl:1: is no JSON object" in told[0]
    assert "broken.jsonl:1: is no JSON object" in told[1]
    assert "is served as version" in told[2]


async def test_what_was_refused_is_told_once(path: Path) -> None:
    async with serving(path) as scene:
        write(path, "broken")
        await scene.told.next()
        write(path, CHANGED)
        await scene.told.next()

        assert len(scene.told.lines) == 2


async def test_questions_are_answered_while_a_file_is_tried_in_its_process(path: Path) -> None:
    longest_s = 0.0
    answered = 0
    async with serving(path, None) as scene:
        write(path, CHANGED)
        served = asyncio.ensure_future(scene.told.next())
        while not served.done():
            before = time.thread_time()
            answer = await scene.ask()
            assert OLD_NUMBER in answer or NEW_NUMBER in answer
            longest_s = max(longest_s, time.thread_time() - before)
            answered += 1

        assert "is served" in await served
        assert NEW_NUMBER in await scene.ask()
    # Its own processor time: how busy the machine is besides says nothing of the bot.
    assert longest_s < 0.25
    assert answered > 3


FAILING = {
    "hangs": ("import sys, time; sys.stdin.read(); time.sleep(600)", "took longer than 0.3 s"),
    "crashes": ("import os; os.abort()", "ended with exit code -6"),
    "babbles": ("print('hello')", "said nothing that can be understood"),
    "raises": ("raise MemoryError('no room')", "ended with exit code 1: MemoryError: no room"),
}


@pytest.mark.parametrize(("code", "why"), FAILING.values(), ids=FAILING)
async def test_a_check_that_fails_is_seen_and_harms_nothing(
    path: Path, code: str, why: str
) -> None:
    limit_s = 0.3 if "sleep" in code else 60.0
    failing = TrialProcess(limit_s=limit_s, command=(sys.executable, "-c", code))
    async with serving(path, failing.run) as scene:
        write(path, CHANGED)
        told = await scene.told.next()
        ready = await scene.ready()

        assert OLD_NUMBER in await scene.ask()
    assert why in told
    assert why in ready


async def test_without_a_cache_it_is_learned_again(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no folder").write_text("", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", os.fspath(tmp_path / "no folder"))
    async with serving(path, None) as scene:
        write(path, CHANGED)
        assert "is served" in await scene.told.next()

        assert NEW_NUMBER in await scene.ask()
