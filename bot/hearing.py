"""Learns what the examples of a knowledge file mean, in a process of its own.

With the better engine that takes a minute or two for some thousand examples, once; meanwhile the
server understands by letters alone. What is learned stays in the cache of `intents`.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import intents
from bot.apart import of_module, run_apart, yield_to_replies
from bot.errors import ProcessFailed
from intents import Encoder

log = logging.getLogger(__name__)

#: Learns what a content means; raises `ProcessFailed` when that cannot be done.
Hear = Callable[[bytes, Path], Awaitable[None]]

#: Ten times what the largest file that has a voice takes on a slow machine.
_LONGEST_S = 1_800.0


@dataclass(frozen=True, slots=True)
class HearingProcess:
    """Learns the voice of contents, each in a new process.

    Args:
        wish: the engine, as in the setting MEANING.
    """

    wish: intents.Wish

    async def run(self, data: bytes, path: Path) -> None:
        """Learns the content `data` of the file at `path`, whatever is in the file now.

        Raises:
            ProcessFailed: the process hung or crashed.
        """
        await run_apart(of_module(__name__, str(path), self.wish), data, _LONGEST_S)


async def heard(data: bytes, path: Path, encoder: Encoder, hear: Hear) -> bool:
    """Returns whether the voice of a content is there to be loaded, once it is learned if it can.

    It cannot where a process fails, the cache cannot be written, or the file is too large.
    """
    if intents.kept_voice(data, encoder) is None:
        log.info("%s: learning what its examples mean", path)
        try:
            await hear(data, path)
        except ProcessFailed as failure:
            log.error("%s: learning what its examples mean %s", path, failure)
    if intents.kept_voice(data, encoder) is None:
        log.info("%s is understood by letters alone", path)
        return False
    with suppress(intents.MeaningUnavailable):
        # So that the first question does not wait until the engine has started.
        await asyncio.to_thread(encoder.encode, ["visa"])
    return True


def main() -> int:
    """Learns standard input as the content of the file named first, with the engine named next."""
    yield_to_replies()
    engine = intents.open_encoder(cast(intents.Wish, sys.argv[2]))
    try:
        intents.open_voice(Path(sys.argv[1]), engine.encoder, data=sys.stdin.buffer.read())
    finally:
        engine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
