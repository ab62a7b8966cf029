"""The e5 engine with a child that a test has in its hand."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents import meaning
from intents.meaning import MeaningUnavailable
from intents.meaning.e5 import E5
from intents.meaning.guard import Patience

FAKE = Path(__file__).parent / "fakes" / "meaning_child.py"
REAL = Path(meaning.__file__).with_name("e5_worker.py")

#: Nobody waits long here; a start has time on a busy machine.
HASTY = Patience(start_s=20.0, answer_s=0.3, first_pause_s=0.01)


@dataclass
class Children:
    """The engine, and the record of its children."""

    encoder: E5
    record: Path

    @property
    def starts(self) -> list[dict[str, Any]]:
        if not self.record.exists():
            return []
        return [json.loads(line) for line in self.record.read_text().splitlines()]

    @property
    def gate(self) -> Path:
        """The named pipe at which children wait that are held up."""
        return self.record.with_suffix(".gate")


@contextmanager
def children(
    folder: Path,
    start: str = "well",
    patience: Patience = HASTY,
    now_s: Callable[[], float] = time.monotonic,
) -> Iterator[Children]:
    """Gives an engine whose children begin as `start` says (see `tests/fakes/meaning_child.py`)."""
    record = folder / "starts.jsonl"
    command = [sys.executable, str(FAKE), str(record), start, "-P", str(REAL)]
    encoder = E5("test", command, patience, now_s)
    try:
        yield Children(encoder, record)
    finally:
        encoder.close()


def encoded_in_the_end(encoder: meaning.Encoder, text: str) -> NDArray[np.float32]:
    """Returns a text's vector, as soon as the engine is back."""
    deadline = time.monotonic() + 30
    while True:
        try:
            (vector,) = encoder.encode([text])
        except MeaningUnavailable:
            assert time.monotonic() < deadline, "it does not come back"
        else:
            return np.asarray(vector, np.float32)
