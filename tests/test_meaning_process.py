"""Whatever becomes of the process that encodes, nobody waits for it, and it comes back."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from intents.meaning import MeaningUnavailable
from intents.meaning.e5 import E5
from tests.meaning_children import FAKE, HASTY, children, encoded_in_the_end

ROOT = Path(__file__).parents[1]
FAULTS = ("crash", "exit", "hang", "half", "long", "huge", "zeros", "no numbers", "noise")


class Clock:
    """A clock that stands still unless it is moved."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


def test_each_text_has_its_vector_in_order(tmp_path: Path) -> None:
    texts = ["x" * length for length in range(1, 30)]
    with children(tmp_path) as engine:
        found = engine.encoder.encode(texts)

    assert found.dtype == np.float32
    assert found.shape == (29, engine.encoder.dimensions)
    assert found.argmax(axis=1).tolist() == list(range(1, 30))
    assert len(engine.starts) == 1


def test_without_texts_there_is_nothing_to_start(tmp_path: Path) -> None:
    with children(tmp_path) as engine:
        assert engine.encoder.encode([]).shape == (0, 384)
        assert engine.starts == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_costs_one_question_its_meaning_and_no_time(tmp_path: Path, fault: str) -> None:
    with children(tmp_path) as engine:
        engine.encoder.encode(["well"])
        began = time.monotonic()
        with pytest.raises(MeaningUnavailable, match="e5 "):
            engine.encoder.encode([fault])

        assert time.monotonic() - began < 5
        assert encoded_in_the_end(engine.encoder, "four").argmax() == 4
        assert len(engine.starts) == 2


def test_nobody_waits_while_it_starts_again(tmp_path: Path) -> None:
    with children(tmp_path, "held up") as engine:
        os.mkfifo(engine.gate)
        engine.encoder.encode(["well"])
        with pytest.raises(MeaningUnavailable):
            engine.encoder.encode(["crash"])

        began = time.monotonic()
        for _ in range(100):
            with pytest.raises(MeaningUnavailable, match="starting"):
                engine.encoder.encode(["well"])
        assert time.monotonic() - began < 5

        engine.gate.write_bytes(b"go on")
        assert encoded_in_the_end(engine.encoder, "four").argmax() == 4


def refusal(encoder: E5, text: str = "well") -> str:
    with pytest.raises(MeaningUnavailable) as caught:
        encoder.encode([text])
    return str(caught.value)


def refused_until_left_alone(encoder: E5) -> None:
    deadline = time.monotonic() + 30
    while "in a row" not in refusal(encoder):
        assert time.monotonic() < deadline, "it is tried for ever"


@pytest.mark.parametrize("start", ["stillborn", "stranger"])
def test_a_child_that_never_gets_going_is_tried_less_and_less(tmp_path: Path, start: str) -> None:
    clock = Clock()
    patience = replace(HASTY, first_pause_s=10.0, longest_pause_s=25.0)
    with children(tmp_path, start, patience, clock) as engine:
        refused_until_left_alone(engine.encoder)
        assert len(engine.starts) == 2

        for count, pause_s in enumerate((10.0, 20.0, 25.0, 25.0), 2):
            clock.now_s += pause_s - 1
            assert "in a row" in refusal(engine.encoder)
            assert len(engine.starts) == count
            clock.now_s += 1
            refused_until_left_alone(engine.encoder)
            assert len(engine.starts) == count + 1


def test_only_the_first_start_is_waited_for_and_not_for_ever(tmp_path: Path) -> None:
    with children(tmp_path, "mute", replace(HASTY, start_s=0.5)) as engine:
        began = time.monotonic()
        assert "in time" in refusal(engine.encoder)
        assert 0.5 <= time.monotonic() - began < 5

        began = time.monotonic()
        assert "starting" in refusal(engine.encoder)
        assert time.monotonic() - began < 0.4


def test_what_cannot_be_run_is_unavailable() -> None:
    encoder = E5("test", ["/no/such/program"], HASTY)

    assert "cannot be run" in refusal(encoder)
    encoder.close()


def test_after_a_while_without_faults_the_next_one_is_a_first_one_again(tmp_path: Path) -> None:
    clock = Clock()
    patience = replace(HASTY, first_pause_s=1e6, longest_pause_s=1e6, steady_s=60.0)
    with children(tmp_path, patience=patience, now_s=clock) as engine:
        for _ in range(4):
            encoded_in_the_end(engine.encoder, "well")
            clock.now_s += 60
            assert "ended" in refusal(engine.encoder, "crash")
        encoded_in_the_end(engine.encoder, "well")
        refusal(engine.encoder, "crash")

        assert "in a row" in refusal(engine.encoder)


def test_a_closed_engine_is_unavailable_and_its_child_gone(tmp_path: Path) -> None:
    with children(tmp_path) as engine:
        engine.encoder.encode(["well"])
        engine.encoder.close()

        with pytest.raises(ProcessLookupError):
            os.kill(engine.starts[0]["pid"], 0)
        assert "closed" in refusal(engine.encoder)


def test_threads_get_each_their_own_answer(tmp_path: Path) -> None:
    with (
        children(tmp_path, patience=replace(HASTY, answer_s=20)) as engine,
        ThreadPoolExecutor(8) as pool,
    ):
        texts = ["x" * (number % 300 + 1) for number in range(400)]
        found = list(pool.map(lambda text: int(engine.encoder.encode([text]).argmax()), texts))

    assert found == [len(text) for text in texts]


def test_a_question_gets_its_turn_while_thousands_are_learned(tmp_path: Path) -> None:
    with children(tmp_path, patience=replace(HASTY, answer_s=5)) as engine:
        engine.encoder.encode(["well"])
        is_over = threading.Event()

        def learn() -> None:
            while not is_over.is_set():
                engine.encoder.encode(["learned"] * 64)

        with ThreadPoolExecutor(1) as pool:
            learning = pool.submit(learn)
            asked = [engine.encoder.encode(["four"]) for _ in range(50)]
            assert not learning.done()
            is_over.set()
            learning.result()

    assert all(vector.argmax() == 4 for vector in asked)


def test_the_child_is_told_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:hush")
    with children(tmp_path) as engine:
        engine.encoder.encode(["well"])

    (start,) = engine.starts
    assert "1:hush" not in str(start["environment"])
    assert start["environment"]["OMP_NUM_THREADS"] == "1"


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells the end of a stranger")
def test_the_child_ends_with_its_parent(tmp_path: Path) -> None:
    record = tmp_path / "starts.jsonl"
    program = (
        "import sys; from intents.meaning.e5 import E5;"
        " encoder = E5('test', sys.argv[1:]); encoder.encode(['well']); print('up', flush=True);"
        " sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, sys.executable, str(FAKE), str(record), "well"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        watched = os.pidfd_open(json.loads(record.read_text())["pid"])
        parent.kill()

        assert select.select([watched], [], [], 20)[0] == [watched]
        os.close(watched)
