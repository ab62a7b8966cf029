"""What was learned is kept between starts, and any trouble with that only costs time."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import intents
from intents import Matcher, store
from intents.fitting import Fitted
from tests import two_desks

QUESTIONS = (
    "embassy phone",
    "consular phone and fax",
    "เบอร์แฟกซ์กงสุล",
    "phone of the German embassy",
    "when is the 14th meeting",
    "what is the phone number of the embassy cafeteria",
    "telefone of the embasy",
    "-vg[viNFmil5kom^9",
    "pizza",
    "",
)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "infobot"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "knowledge.yaml"
    path.write_bytes(two_desks.written(two_desks.tree()))
    return path


def cached_in(cache: Path) -> Path:
    (found,) = cache.iterdir()
    return found


def test_what_is_loaded_answers_as_what_was_saved(desks: Fitted, tmp_path: Path) -> None:
    store.save(desks, tmp_path / "kept.npz")

    loaded = store.load(tmp_path / "kept.npz")

    assert loaded is not None
    for name in ("knowledge", "phrases", "lookalikes", "offices", "scopes", "topics", "facets"):
        assert getattr(loaded, name) == getattr(desks, name)
    for question in QUESTIONS:
        for previous in (None, "consular_phone"):
            expected = Matcher(desks).match(question, previous)
            assert Matcher(loaded).match(question, previous) == expected


def test_the_second_start_takes_what_the_first_learned(cache: Path, file: Path) -> None:
    first = intents.open_matcher(file)
    kept = cached_in(cache)
    os.utime(kept, (1, 1))
    second = intents.open_matcher(file)

    assert cached_in(cache) == kept
    assert kept.stat().st_mtime == 1
    assert second.match("embassy phone") == first.match("embassy phone")


def test_another_content_is_learned_by_itself(cache: Path, file: Path) -> None:
    intents.open_matcher(file)
    tree = two_desks.tree()
    tree["intents"]["meeting"]["reply"]["en"] = "It was put off"
    file.write_bytes(two_desks.written(tree))

    changed = intents.open_matcher(file)

    assert changed.knowledge.reply_text("meeting", "en") == "It was put off"
    assert len(list(cache.iterdir())) == 2


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip_bytes(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(100, len(data), 97):
        data[place] ^= 0xFF
    path.write_bytes(data)


def write_another_archive(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, numbers=np.arange(3))


def write_a_plain_part_of_another_shape(path: Path) -> None:
    arrays: dict[str, Any] = {"plain.knowledge": np.frombuffer(b"[]", np.uint8)}
    with path.open("wb") as file:
        np.savez(file, **arrays)


def write_a_single_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.arange(3))


def write_objects(path: Path) -> None:
    arrays: dict[str, Any] = {"plain.knowledge": np.array([{"run": "me"}], dtype=object)}
    with path.open("wb") as file:
        np.savez(file, **arrays)


def make_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: path.write_bytes(b"\x00" * 5_000), id="zeros"),
        pytest.param(lambda path: path.write_text("no archive"), id="text"),
        pytest.param(cut_short, id="cut short"),
        pytest.param(flip_bytes, id="bytes flipped"),
        pytest.param(write_another_archive, id="another archive"),
        pytest.param(write_a_plain_part_of_another_shape, id="of another shape"),
        pytest.param(write_a_single_array, id="a single array"),
        pytest.param(write_objects, id="objects that would run code"),
        pytest.param(make_a_folder, id="a folder"),
        pytest.param(lambda path: path.chmod(0), id="not readable"),
    ],
)
def test_a_spoilt_cache_file_is_passed_over(
    cache: Path, file: Path, spoil: Callable[[Path], object]
) -> None:
    expected = intents.open_matcher(file).match("consular phone and fax")
    spoil(cached_in(cache))

    assert intents.open_matcher(file).match("consular phone and fax") == expected


def test_a_spoilt_cache_file_is_replaced(cache: Path, file: Path) -> None:
    intents.open_matcher(file)
    kept = cached_in(cache)
    cut_short(kept)

    intents.open_matcher(file)

    assert store.load(kept) is not None


def test_without_a_folder_to_write_to_it_works_all_the_same(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    assert intents.open_matcher(file).match("embassy phone").outcome == "answer"
    assert "the next start learns again" in caplog.text


def test_only_the_newest_are_kept(cache: Path, desks: Fitted) -> None:
    for number in range(20):
        path = cache / f"{number}.npz"
        store.save(desks, path)
        os.utime(path, (number, number))

    names = {path.name for path in cache.iterdir()}

    assert len(names) == 16
    assert "19.npz" in names
    assert "0.npz" not in names


def test_nothing_half_written_is_left_behind(cache: Path, file: Path) -> None:
    intents.open_matcher(file)

    assert cached_in(cache).suffix == ".npz"


def test_the_cache_is_in_the_home_folder_unless_said_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))

    assert store.folder() == tmp_path / ".cache" / "infobot"
