"""A rival's process: told what to learn and what is asked, and measured from outside."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, cast

ROOT = Path(__file__).parents[1]

#: A rival that has not learned or answered for so long, in seconds, is stopped.
_PATIENCE_S = 300.0

#: One thread each: some take every core that there is, and others never more than one.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Absent(Exception):
    """A rival cannot be installed, started, or does not answer; its text says why."""


class Running:
    """A rival's process.

    Args:
        command: what to run.
        cache: an empty folder for all that it writes.

    Raises:
        Absent: it does not start.
    """

    def __init__(self, command: Sequence[str], cache: Path) -> None:
        started = time.perf_counter()
        homes = dict.fromkeys(("XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR"), str(cache))
        self._log = cache / "stderr"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | _ONE_THREAD | homes,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        # Both are there, as both were asked for.
        self._wishes = cast(IO[str], self._process.stdin)
        self._answers = cast(IO[str], self._process.stdout)
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.versions: dict[str, str] = self._heard()["ready"]
        #: From its start until it could be told what to learn.
        self.start_s = time.perf_counter() - started

    def tell(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Returns the answer to a wish, see `benchmarks.rivals.speaking`.

        Raises:
            Absent: there is none.
        """
        try:
            print(json.dumps(wish), file=self._wishes, flush=True)
        except OSError as error:
            self.stop()
            raise Absent(self._last_words()) from error
        return self._heard()

    def megabytes(self) -> float | None:
        """Returns the memory of the process and its children; None where /proc does not tell."""
        if not Path("/proc/self/status").exists():
            return None
        return sum(map(_resident, _family(self._process.pid))) / 1024

    def stop(self) -> None:
        """Ends the process; once is enough, and again does no harm."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._wishes, self._answers):
            with contextlib.suppress(BrokenPipeError):  # what it was told and never read
                pipe.close()

    def _listen(self) -> None:
        for line in self._answers:
            self._lines.put(line)
        self._lines.put("")

    def _heard(self) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=_PATIENCE_S)
        except queue.Empty:
            self.stop()
            raise Absent(f"stopped after {_PATIENCE_S:.0f} s without an answer") from None
        if not line:
            self.stop()
            raise Absent(self._last_words())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _last_words(self) -> str:
        lines = self._log.read_text("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "it ended without a word"


def _family(pid: int) -> list[int]:
    """Returns a process and all its descendants."""
    found = [pid]
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in tasks.read_text().split():
            found += _family(int(child))
    return found


def _resident(pid: int) -> int:
    """Returns the resident memory of a process, in KiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
