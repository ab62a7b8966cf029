"""The state of the knowledge file as it is saved: checked aside, once for each content.

A check reads every example against every other, seconds of work, so it runs in a process of its
own: the same `infobot check` that an operator would run.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.checking import Told

#: Seconds after which a check is given up.
TIMEOUT_S = 120.0


class Health:
    """Checks a file whenever somebody looks and it has changed since.

    Args:
        path: the knowledge file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._checked: tuple[int, ...] = ()
        self._findings: Sequence[Told] | None = None
        self._check: asyncio.Task[None] | None = None

    def findings(self) -> Sequence[Told] | None:
        """Returns the faults or remarks on the file; None while it is being checked."""
        seen = _stamp(self._path)
        if seen != self._checked and self._check is None:
            self._check = asyncio.create_task(self._look(seen))
        return self._findings if seen == self._checked else None

    async def close(self) -> None:
        """Gives up a check under way."""
        if self._check:
            self._check.cancel()
            await asyncio.gather(self._check, return_exceptions=True)

    async def _look(self, seen: tuple[int, ...]) -> None:
        try:
            self._findings = await _check(self._path)
        finally:
            self._checked, self._check = seen, None


def _stamp(path: Path) -> tuple[int, ...]:
    """Returns what differs once the file was saved anew."""
    try:
        found = path.stat()
    except OSError:
        return (0,)
    return (found.st_mtime_ns, found.st_size, found.st_ino)


async def _check(path: Path) -> Sequence[Told]:
    command = (sys.executable, "-m", "bot", "check", "--format", "json", "--knowledge", str(path))
    try:
        written, complaint = await _run(command)
        return [Told(**told) for told in json.loads(written)]
    except TimeoutError:
        reason = f"the check took longer than {TIMEOUT_S:.0f} s"
    except OSError as error:
        reason = f"the check could not be started: {error.strerror}"
    except ValueError:
        reason = complaint.decode(errors="replace").strip() or "the check itself failed"
    return [Told(path.name, 1, 1, "error", reason)]


async def _run(command: Sequence[str]) -> tuple[bytes, bytes]:
    """Returns what a command writes, and what it complains of."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
