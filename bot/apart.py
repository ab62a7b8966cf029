"""Runs a module of ours in a process of its own: what takes seconds must not hold up replies.

One that hangs or dies harms nobody. It is given bytes and returns bytes.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from bot.errors import ProcessFailed


def of_module(name: str, *arguments: str) -> tuple[str, ...]:
    """Returns the command that runs a module with this very Python."""
    return sys.executable, "-m", name, *arguments


async def run_apart(command: Sequence[str], data: bytes, limit_s: float) -> bytes:
    """Returns what a process wrote to its standard output.

    Args:
        command: what to start.
        data: its standard input.
        limit_s: seconds after which it is given up.

    Raises:
        ProcessFailed: it could not be started, took too long, or ended with another code than 0.
    """
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            # As many as help; on a large machine each more would only wait for the others.
            env={"OPENBLAS_NUM_THREADS": "2", **os.environ},
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
        )
    except OSError as error:
        raise ProcessFailed(f"could not be started: {error.strerror}") from error
    try:
        async with asyncio.timeout(limit_s):
            out, err = await process.communicate(data)
    except TimeoutError:
        raise ProcessFailed(f"took longer than {limit_s:g} s and was stopped") from None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode:
        last = err.decode(errors="replace").strip().rpartition("\n")[2]
        ended = f"ended with exit code {process.returncode}"
        raise ProcessFailed(f"{ended}: {last}" if last else ended)
    return out


def yield_to_replies() -> None:
    """Makes this process wait for those that answer people."""
    os.nice(10)
