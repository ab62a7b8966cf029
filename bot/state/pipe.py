"""Commands to Redis, sent together when they come together.

Redis makes durable in one go what it reads in one go, so this is to Redis what
`bot.state.group_commit` is to SQLite. https://redis.io/docs/latest/develop/using-commands/pipelining/
"""

from __future__ import annotations

import asyncio
from typing import Any

from redis.asyncio import Redis, RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from bot.errors import UNREADABLE_URL, SettingsError, StateUnavailable

Command = tuple[str | float, ...]

#: How long to wait for the server, in seconds: LINE waits two for its acknowledgement
#: (https://developers.line.biz/en/docs/messaging-api/check-webhook-error-statistics/).
_TIMEOUT_S = 1.5

#: Tries after the first; a connection that died while idle is made anew. Safe for all that the
#: state does: what is done already, done again, changes nothing or finds its claim lost.
_RETRIES = 2

#: Commands sent together at most, so that the first does not wait for ever.
_MOST_COMMANDS = 500

_FAULTS = (RedisError, RedisClusterException, OSError)


class Pipe:
    """A way to a server or a cluster; connects when it is first used, and anew when it must."""

    def __init__(self, url: str) -> None:
        self._client = _client(url)
        self._waiting: list[tuple[Command, asyncio.Future[Any]]] = []
        self._sender: asyncio.Task[None] | None = None

    async def ask(self, *command: str | float) -> Any:
        """Returns what Redis answers.

        Raises:
            StateUnavailable: it does not, or with a fault.
            redis.exceptions.NoScriptError: it does not know a script.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._waiting.append((command, future))
        if self._sender is None or self._sender.done():
            self._sender = loop.create_task(self._send())
        answer = await future
        if isinstance(answer, _FAULTS) and not isinstance(answer, NoScriptError):
            name = type(answer).__name__
            raise StateUnavailable(f"Redis does not do what it should: {name}") from answer
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self) -> None:
        """Sends what was asked for before, then closes the connections."""
        if self._sender:
            await self._sender
        await self._client.aclose()

    async def _send(self) -> None:
        while self._waiting:
            turn = self._waiting[:_MOST_COMMANDS]
            del self._waiting[:_MOST_COMMANDS]
            try:
                pipeline = self._client.pipeline(transaction=False)
                for command, _ in turn:
                    pipeline.execute_command(*command)
                answers = await pipeline.execute(raise_on_error=False)
            except Exception as exc:  # told to all who wait, or they would wait for ever
                answers = [exc] * len(turn)
            for (_, future), answer in zip(turn, answers, strict=True):
                if not future.done():
                    future.set_result(answer)


def _client(url: str) -> Any:
    """Returns a client; of `Any` type, as redis-py's own hints are not of one mind."""
    options: dict[str, Any] = {
        "decode_responses": True,
        "socket_timeout": _TIMEOUT_S,
        "socket_connect_timeout": _TIMEOUT_S,
        "retry": Retry(ExponentialBackoff(cap=0.5, base=0.05), _RETRIES),
    }
    scheme, colon, rest = url.partition(":")
    try:
        if scheme.endswith("+cluster"):
            return RedisCluster.from_url(scheme.removesuffix("+cluster") + colon + rest, **options)
        return Redis.from_url(url, **options)
    except ValueError:
        # Its text would quote a piece of the password.
        raise SettingsError([UNREADABLE_URL]) from None
