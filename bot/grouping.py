"""Groups questions in a process of its own: thousands take seconds, and answers must not wait.

The process is this module, run; it reads JSON from standard input and writes JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence

import intents
from bot.apart import of_module, run_apart, yield_to_replies

#: Ten times what 20,000 different texts take.
_LONGEST_S = 100.0


async def group_apart(
    counts: Mapping[str, int], background: Sequence[str] = ()
) -> list[tuple[str, ...]]:
    """Returns what `intents.group` returns.

    Raises:
        ProcessFailed: the process died, or took too long.
    """
    written = await run_apart(
        of_module(__name__), json.dumps([counts, background]).encode(), _LONGEST_S
    )
    return [tuple(texts) for texts in json.loads(written)]


def _main() -> None:
    yield_to_replies()
    counts, background = json.load(sys.stdin)
    json.dump(intents.group(counts, background), sys.stdout)


if __name__ == "__main__":
    _main()
