"""Vectors of phrases are kept, and any trouble with that only costs time."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from intents.meaning import MeaningUnavailable, clean, vectors

TEXTS = ["เบอร์สถานทูต", "embassy phone", "แฟกซ์กงสุล", "embassy phone"]


class Spelled:
    """Tells texts apart by their letters, and keeps a list of what it was asked to encode."""

    dimensions = 8

    def __init__(self, name: str = "spelled-1", failures: int = 0, fails_from: int = 10**9) -> None:
        self.name = name
        self.asked: list[str] = []
        self.failures = failures
        self.fails_from = fails_from

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.failures and len(self.asked) + len(texts) > self.fails_from:
            self.failures -= 1
            raise MeaningUnavailable("away")
        self.asked += texts
        seeds = [np.frombuffer(clean(text).encode(), np.uint8) for text in texts]
        found = [np.random.default_rng(seed).normal(size=self.dimensions) for seed in seeds]
        rows = np.array(found).reshape(-1, self.dimensions)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    def close(self) -> None:
        pass


def test_each_text_has_its_vector(tmp_path: Path) -> None:
    found = vectors(Spelled(), TEXTS, tmp_path)

    assert found.dtype == np.float32
    np.testing.assert_allclose(found, Spelled().encode(TEXTS), atol=1e-3)


def test_only_what_is_new_is_encoded_and_the_rest_is_the_same(tmp_path: Path) -> None:
    first = vectors(Spelled(), TEXTS, tmp_path)
    encoder = Spelled()
    second = vectors(encoder, ["new", *TEXTS[::-1]], tmp_path)

    assert encoder.asked == ["new"]
    np.testing.assert_array_equal(second[1:], first[::-1])


def test_a_text_that_is_there_twice_is_encoded_once(tmp_path: Path) -> None:
    encoder = Spelled()
    vectors(encoder, [*TEXTS, " embassy  phone"], tmp_path)

    assert len(encoder.asked) == 3


def test_nothing_is_written_when_nothing_is_new(tmp_path: Path) -> None:
    vectors(Spelled(), TEXTS, tmp_path)
    (kept,) = tmp_path.iterdir()
    os.utime(kept, (1, 1))
    vectors(Spelled(), TEXTS[:2], tmp_path)

    assert kept.stat().st_mtime == 1


def test_no_texts_have_no_vectors(tmp_path: Path) -> None:
    assert vectors(Spelled(), [], tmp_path).shape == (0, 8)
    assert list(tmp_path.iterdir()) == []


def test_vectors_of_another_version_are_not_taken(tmp_path: Path) -> None:
    vectors(Spelled("spelled-1"), TEXTS, tmp_path)
    encoder = Spelled("spelled-2")
    vectors(encoder, TEXTS, tmp_path)

    assert len(encoder.asked) == 3
    assert len(list(tmp_path.iterdir())) == 2


def test_the_folder_does_not_grow_for_ever(tmp_path: Path) -> None:
    for version in range(9):
        vectors(Spelled(f"spelled-{version}"), TEXTS, tmp_path)
        os.utime(tmp_path / f"spelled-{version}.npz", (version, version))

    assert len(list(tmp_path.iterdir())) <= 4
    assert (tmp_path / "spelled-8.npz").exists()


def test_the_file_keeps_what_was_used_last_and_does_not_grow_for_ever(tmp_path: Path) -> None:
    many = [f"phrase {number}" for number in range(50_000)]
    vectors(Spelled(), many, tmp_path)
    vectors(Spelled(), TEXTS, tmp_path)
    encoder = Spelled()
    vectors(encoder, [*TEXTS, *many], tmp_path)

    assert encoder.asked == many[-3:]


def test_an_engine_that_is_away_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    encoder = Spelled(failures=3, fails_from=0)

    np.testing.assert_array_equal(
        vectors(encoder, TEXTS, tmp_path), vectors(Spelled(), TEXTS, tmp_path / "other")
    )


def test_what_was_encoded_before_the_engine_went_away_is_kept(tmp_path: Path) -> None:
    texts = [f"phrase {number}" for number in range(100)]
    with pytest.raises(MeaningUnavailable, match="away"):
        vectors(Spelled(failures=10**6, fails_from=60), texts, tmp_path, wait_s=0.01)
    encoder = Spelled()
    vectors(encoder, texts, tmp_path)

    assert 0 < len(encoder.asked) < 100
    assert encoder.asked[-1] == texts[-1]


def write_other_shapes(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, keys=np.zeros((3, 16), np.uint8), vectors=np.zeros((3, 7), np.float16))


def write_other_names(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, numbers=np.arange(3))


def write_scalars(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, keys=np.uint8(1), vectors=np.float16(1))


def write_objects(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, keys=np.array([{"run": "me"}], dtype=object), vectors=np.zeros(3))


def write_no_numbers(path: Path) -> None:
    with np.load(path) as archive:
        keys, found = archive["keys"], archive["vectors"] * np.float16("nan")
    with path.open("wb") as file:
        np.savez(file, keys=keys, vectors=found)


def make_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: path.write_text("no archive"), id="text"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:200]), id="cut short"),
        pytest.param(write_other_shapes, id="of other shapes"),
        pytest.param(write_other_names, id="of other names"),
        pytest.param(write_scalars, id="scalars"),
        pytest.param(write_objects, id="objects that would run code"),
        pytest.param(write_no_numbers, id="no numbers"),
        pytest.param(make_a_folder, id="a folder"),
    ],
)
def test_a_spoilt_file_is_done_without(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    expected = vectors(Spelled(), TEXTS, tmp_path)
    (kept,) = tmp_path.iterdir()
    spoil(kept)

    np.testing.assert_array_equal(vectors(Spelled(), TEXTS, tmp_path), expected)
    assert [path.name for path in tmp_path.iterdir()] == [kept.name]


def test_without_a_folder_to_write_to_it_works_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("where the folder should be")

    assert len(vectors(Spelled(), TEXTS, tmp_path / "file")) == 4
    assert "encodes again" in caplog.text
