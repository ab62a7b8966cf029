"""Groups questions in a process of its own: thousands take seconds, and answers must not wait.

The process is this module, run; it reads JSON from standard input and writes JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

import intents
from bot.errors import GroupingFailed

#: Ten times what 20,000 different texts take.
_LONGEST_S = 100.0


async def group_apart(
    counts: Mapping[str, int], background: Sequence[str] = ()
) -> list[tuple[str, ...]]:
    """Returns what `intents.group` returns.

    Raises:
        GroupingFailed: the process died, or took too long.
    """
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=pipe, stdout=pipe
    )
    try:
        async with asyncio.timeout(_LONGEST_S):
            written, _ = await process.communicate(json.dumps([counts, background]).encode())
    except TimeoutError:
        raise GroupingFailed(f"no end after {_LONGEST_S:.0f} s") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode:
        raise GroupingFailed(f"the process ended with {process.returncode}")
    return [tuple(texts) for texts in json.loads(written)]


def _main() -> None:
    # What answers people goes first.
    os.nice(10)
    counts, background = json.load(sys.stdin)
    json.dump(intents.group(counts, background), sys.stdout)


if __name__ == "__main__":
    _main()
