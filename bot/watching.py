"""Notices that a file was saved, on any disk and in whatever way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path


async def saves(path: Path, look_every_s: float) -> AsyncIterator[None]:
    """Yields at the start, and then whenever a file was saved, replaced or taken away.

    Looks at what the path leads to, through links: on network disks, and where a folder of links is
    swapped as Kubernetes does, nothing tells of a change. A file is taken for saved once it is the
    same at two looks, as an editor may write in several steps.
    """
    yielded = last = ""
    while True:
        now = await asyncio.to_thread(_stamp, path)
        if now == last != yielded:
            yielded = now
            yield
        await asyncio.sleep(look_every_s)
        last = now


def _stamp(path: Path) -> str:
    """Returns what differs whenever what a path leads to was written or replaced."""
    try:
        known = path.stat()
    except OSError as error:
        return f"unreadable {error.errno}"
    return f"{known.st_dev} {known.st_ino} {known.st_size} {known.st_mtime_ns} {known.st_ctime_ns}"
