"""Operators' edits: tried, written, served, recorded, undone."""

from __future__ import annotations

import asyncio
import difflib
import os
import stat
import sys
from pathlib import Path

import pytest

from bot.errors import EditRefused
from bot.library import Library
from bot.trial import TrialProcess, Verdict
from tests import small_office
from tests.library_scene import OLD_NUMBER, read, serving, try_here, write

TEXT = small_office.TEXT
UNKNOWN = "whereabouts of the mission"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "served" / "knowledge.yaml"
    path.parent.mkdir()
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def library(path: Path) -> Library:
    return Library(path, trial=try_here)


def added_lines(path: Path) -> list[str]:
    lines = difflib.ndiff(TEXT.splitlines(), path.read_text("utf-8").splitlines())
    return [line for line in lines if line[0] in "+-"]


async def refusal(edit: object) -> EditRefused:
    with pytest.raises(EditRefused) as caught:
        await edit  # type: ignore[misc]
    return caught.value


async def test_a_phrase_that_was_added_is_answered_and_undone_is_not(path: Path) -> None:
    async with serving(path) as scene:
        before = await scene.ask(UNKNOWN)
        edit = await scene.library.add_example("address", "en", UNKNOWN, "Somchai")
        after = await scene.ask(UNKNOWN)
        written = added_lines(path)
        undo = await scene.library.undo(edit.id, "Malee")
        undone = await scene.ask(UNKNOWN)
        history = await scene.library.history()

    assert "1 Test Road" not in before
    assert "1 Test Road" in after
    assert undone == before
    assert len(written) == 2  # the line before, and the same with the phrase
    assert written[1].endswith(f", {UNKNOWN}]")
    assert read(path) == TEXT
    assert [(e.what, e.by, e.undone) for e in history] == [
        ("undo", "Malee", False),
        ("example", "Somchai", True),
    ]
    assert (edit.intent_id, edit.language, edit.phrase) == ("address", "en", UNKNOWN)
    assert TEXT.splitlines()[edit.line - 1].startswith("      en: [where is the embassy located")
    assert (undo.undoes, undo.inserted) == (edit.id, edit.inserted)


async def test_an_own_edit_is_not_taken_in_a_second_time(path: Path) -> None:
    async with serving(path) as scene:
        await scene.library.add_example("address", "en", UNKNOWN, "x")
        write(path, TEXT)
        await scene.told.next()
        await scene.told.next()

        assert len(scene.told.lines) == 2


async def test_what_another_process_adds_is_served_here(path: Path) -> None:
    async with serving(path) as scene:
        await Library(path, trial=try_here).add_example("address", "en", UNKNOWN, "x")
        await scene.told.next()  # there
        await scene.told.next()  # here

        assert "1 Test Road" in await scene.ask(UNKNOWN)


async def test_a_new_topic_is_answered(path: Path) -> None:
    async with serving(path) as scene:
        edit = await scene.library.add_intent(
            "parking",
            "x",
            label={"th": "ที่จอดรถ", "en": "Parking"},
            ask={"th": ["จอดรถที่ไหน"], "en": ["where to park"]},
            reply={"th": "หน้าตึก", "en": "In front of the house"},
            following=["address"],
        )
        answer = await scene.ask("where to park")
        await scene.library.undo(edit.id, "x")

    assert answer == "In front of the house"
    assert (edit.what, edit.phrase, edit.language) == ("intent", "", "")
    assert read(path) == TEXT


async def test_a_lookalike_is_not_answered_any_more(path: Path) -> None:
    question = "phone number of the embassy shop"
    async with serving(path) as scene:
        before = await scene.ask(question)
        await scene.library.add_lookalike("embassy_phone", "en", question, "x")
        after = await scene.ask(question)

    assert OLD_NUMBER in before
    assert after == "Not that detail"


async def test_what_cannot_be_added_is_refused_with_its_kind(library: Library) -> None:
    add = library.add_example

    refused = [
        await refusal(add("adress", "en", "x", "x")),
        await refusal(add("address", "de", "x", "x")),
        await refusal(add("address", "en", " ", "x")),
        await refusal(add("address", "en", "x" * 301, "x")),
        await refusal(add("address", "en", "embassy phone number", "x")),
        await refusal(library.add_intent("a b", "x", label={}, ask={"en": ["x"]}, reply={})),
        await refusal(library.undo("nothing", "x")),
    ]

    assert [error.kind for error in refused] == [
        *("unknown_intent", "unknown_language", "empty", "too_long", "there_already"),
        *("faults", "unknown_edit"),
    ]
    assert "'embassy phone number' stands under embassy_phone already (line " in str(refused[4])
    assert any("'a b' is not an intent id" in reason for reason in refused[5].reasons)
    assert read(library.path) == TEXT
    assert await library.history() == []


async def test_a_file_with_faults_is_not_edited_before_they_are_mended(path: Path) -> None:
    library = Library(path, trial=try_here)
    write(path, TEXT + "\t")

    error = await refusal(library.add_example("address", "en", UNKNOWN, "x"))

    assert error.kind == "faults"
    assert "indent with spaces" in str(error)
    assert read(path) == TEXT + "\t"


async def test_the_newest_content_is_edited_whatever_is_served(path: Path) -> None:
    library = Library(path, trial=try_here)
    newer = TEXT.replace("hi there", "hi you")
    write(path, newer)

    edit = await library.add_example("address", "en", UNKNOWN, "x")

    assert read(path).replace(edit.inserted, "") == newer
    assert "hi you" in library.knowledge.intents["greet"].ask["en"]


async def test_what_is_saved_while_an_edit_is_tried_is_not_lost(path: Path) -> None:
    newer = TEXT.replace("hi there", "hi you")

    async def try_while_somebody_saves(data: bytes, at: Path) -> Verdict:
        if b"hi there" in data:
            write(path, newer)
        return await try_here(data, at)

    library = Library(path, trial=try_while_somebody_saves)

    edit = await library.add_example("address", "en", UNKNOWN, "x")

    assert read(path).replace(edit.inserted, "") == newer


async def test_undoing_twice_or_an_undo_or_what_was_changed_since_is_refused(
    library: Library,
) -> None:
    first = await library.add_example("address", "en", UNKNOWN, "x")
    undo = await library.undo(first.id, "x")
    second = await library.add_example("address", "en", UNKNOWN, "x")
    text = read(library.path).replace(UNKNOWN, f"{UNKNOWN} here")
    write(library.path, text)

    refused = [await refusal(library.undo(key, "x")) for key in (first.id, undo.id, second.id)]

    assert [error.kind for error in refused] == ["undone_already", "unknown_edit", "edited_since"]
    assert read(library.path) == text


async def test_a_topic_that_others_lead_to_is_not_taken_out(library: Library) -> None:
    words = {"th": "ก", "en": "a"}
    edit = await library.add_intent(
        "parking", "x", label=words, ask={"th": ["จอดรถ"], "en": ["park"]}, reply=words
    )
    text = read(library.path).replace("next: [address]", "next: [parking]")
    write(library.path, text)

    error = await refusal(library.undo(edit.id, "x"))

    assert error.kind == "faults"
    assert "there is no 'parking' under intents" in str(error)


async def test_link_and_mode_stay(tmp_path: Path) -> None:
    real = tmp_path / "real" / "office.yaml"
    real.parent.mkdir()
    real.write_text(TEXT, "utf-8")
    real.chmod(0o640)
    link = tmp_path / "knowledge.yaml"
    link.symlink_to(real)

    await Library(link, trial=try_here).add_example("address", "en", UNKNOWN, "x")

    assert link.is_symlink()
    assert UNKNOWN in real.read_text("utf-8")
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert [file.name for file in real.parent.iterdir()] == ["office.yaml"]


async def test_a_read_only_file_is_said_to_be_so(library: Library) -> None:
    library.path.chmod(0o444)

    error = await refusal(library.add_example("address", "en", UNKNOWN, "x"))

    assert error.kind == "read_only"
    assert str(error) == f"{library.path} is read-only; make it writable to edit it here"
    assert read(library.path) == TEXT


async def test_where_no_history_can_be_kept_nothing_is_edited(library: Library) -> None:
    library.path.with_suffix(".history.jsonl").mkdir()

    error = await refusal(library.add_example("address", "en", UNKNOWN, "x"))

    assert error.kind == "read_only"
    assert "Is a directory; edits are recorded there" in str(error)


async def test_a_check_that_fails_leaves_the_file_alone(path: Path) -> None:
    failing = TrialProcess(command=(sys.executable, "-c", "raise SystemExit(3)"))
    library = Library(path, trial=failing.run)

    error = await refusal(library.add_example("address", "en", UNKNOWN, "x"))

    assert error.kind == "failed"
    assert str(error) == f"{path}: the check ended with exit code 3"
    assert read(path) == TEXT


async def test_a_history_line_that_a_crash_cut_short_spoils_no_other(library: Library) -> None:
    history = library.path.with_suffix(".history.jsonl")
    await library.add_example("address", "en", UNKNOWN, "first")
    history.write_bytes(history.read_bytes() + b'{"id": "cut')
    await library.add_example("address", "en", f"{UNKNOWN} again", "second")

    assert [edit.by for edit in await library.history()] == ["second", "first"]
    assert [edit.by for edit in await library.history(limit=1)] == ["second"]


async def test_edits_of_two_processes_at_once_are_all_kept(path: Path) -> None:
    operators = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.library_scene", os.fspath(path), name, "20"),
            cwd=Path(__file__).parents[1],
        )
        for name in ("north", "south")
    ]
    assert [await operator.wait() for operator in operators] == [0, 0]

    library = Library(path, trial=try_here)
    asked = library.knowledge.intents["address"].ask["en"]
    expected = {f"whereabouts {name} {n}" for name in ("north", "south") for n in range(20)}
    assert expected <= set(asked)
    assert {edit.phrase for edit in await library.history()} == expected
