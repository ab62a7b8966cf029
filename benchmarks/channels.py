"""`make bench-channels STANDINS=path`: what infobot costs beside a bare echo bot, in one run.

Both have the same SDKs and the same server. Measured is the time to acknowledge a webhook, which
for infobot means that the message is safe on the disk, and how many messages are answered a second.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count, cycle, islice
from pathlib import Path
from statistics import median

from aiohttp import ClientSession, ClientTimeout

import intents
from benchmarks import dialogues, standins
from benchmarks.loopback import Loopback, Platforms
from benchmarks.replicas import BOT, ROOT, Replica
from bot.assistant import Assistant
from tests.redis_server import RedisServer

CHANNELS = ("telegram", "line")

#: Messages a second while the time to acknowledge is measured, both channels together.
_PER_SECOND = 50

#: Servers take turns, so that what else the machine does falls on all of them.
_ROUNDS, _ROUND_S = 4, 5

#: Messages of a flood, its chats, and webhooks under way at once, as many as Telegram allows by
#: default (https://core.telegram.org/bots/api#setwebhook, max_connections).
_FLOOD, _FLOOD_CHATS, _AT_ONCE = 800, 200, 40
_LONGEST_FLOOD_S = 60.0

#: Share of one processor from which the measuring side is what limits the measurement.
_BUSY = 0.85

#: The goals: at most so many times the echo's time, at least that share of its rate.
_MOST_TIME, _LEAST_RATE = 2.0, 0.7


@dataclass(slots=True)
class Server:
    """A bot that is measured, and what was."""

    name: str
    replica: Replica
    platforms: Platforms
    taken_s: list[float] = field(default_factory=list)
    """To acknowledge, each webhook."""
    rates: dict[str, list[float]] = field(default_factory=lambda: {c: [] for c in CHANNELS})
    """Messages answered a second, each flood."""
    replies: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CHANNELS, 0))


class Askers:
    """People who write to bots; each chat stays within what infobot answers one person at once."""

    def __init__(self, session: ClientSession, questions: Iterator[str]) -> None:
        self._session = session
        self._questions = questions
        self._chats = count(1)

    async def ask_steadily(self, server: Server, seconds: int) -> None:
        """Writes at a steady pace, whatever the bot does, and notes the times it takes."""
        started = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for number in range(seconds * _PER_SECOND):
                await asyncio.sleep(started + number / _PER_SECOND - time.perf_counter())
                channel = CHANNELS[number % len(CHANNELS)]
                tasks.create_task(self._note(server, channel))
        await self._all_answered(server)

    async def flood(self, server: Server, channel: str) -> float:
        """Writes as fast as the bot takes it; returns the share of a processor used here."""
        chats = list(islice(self._chats, _FLOOD_CHATS))
        numbers = iter(range(_FLOOD))

        async def write() -> None:
            for number in numbers:
                await self._post(server, channel, chats[number % len(chats)])

        started, used = time.perf_counter(), time.process_time()
        await asyncio.gather(*(write() for _ in range(_AT_ONCE)))
        await self._all_answered(server)
        seconds = time.perf_counter() - started
        server.rates[channel].append(_FLOOD / seconds)
        return (time.process_time() - used) / seconds

    async def _note(self, server: Server, channel: str) -> None:
        server.taken_s.append(await self._post(server, channel, next(self._chats)))

    async def _post(self, server: Server, channel: str, chat: int) -> float:
        webhook = server.platforms.webhook(channel, chat, next(self._questions))
        server.replies[channel] += 1
        started = time.perf_counter()
        url = server.replica.url + webhook.path
        async with self._session.post(url, data=webhook.body, headers=webhook.headers) as answer:
            await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{server.name} answered a webhook with {answer.status}")
        return time.perf_counter() - started

    async def _all_answered(self, server: Server) -> None:
        for channel, wanted in server.replies.items():
            if not await server.platforms.replied(channel, wanted, _LONGEST_FLOOD_S):
                raise RuntimeError(f"{server.name} did not answer everything on {channel}")


@asynccontextmanager
async def serving(
    states: Mapping[str, str], platforms: Mapping[str, Platforms], folder: Path
) -> AsyncIterator[list[Server]]:
    """Runs the echo bot, then infobot on each state.

    Args:
        states: their URLs, by name.
        platforms: whom each server talks to, by its name; the echo bot's is "echo".
        folder: takes logs.
    """
    async with AsyncExitStack() as stack:
        servers = []
        for name, state_url in {"echo": "", **states}.items():
            module = BOT if state_url else ("benchmarks.echo_bot",)
            settings = platforms[name].settings() | {"STATE_URL": state_url}
            replica = Replica(module, settings, folder / f"{name}.log")
            stack.push_async_callback(replica.kill)
            await replica.start()
            servers.append(Server(name, replica, platforms[name]))
        yield servers


async def measure(servers: Sequence[Server], askers: Askers) -> float:
    """Measures servers in turn; returns the largest share that this side took of a processor."""
    shares = []
    for server in servers:
        # Imports, connections and caches come with the first messages.
        for channel in CHANNELS:
            await askers.flood(server, channel)
            server.rates[channel].clear()
    for _ in range(_ROUNDS):
        for server in servers:
            await askers.ask_steadily(server, _ROUND_S)
        for channel in CHANNELS:
            shares += [await askers.flood(server, channel) for server in servers]
    return max(shares)


def report(servers: Sequence[Server]) -> None:
    """Prints each server beside the first, the echo bot."""
    echo = servers[0]
    for server in servers:
        p50, p99 = (_percentile(server.taken_s, share) for share in (0.5, 0.99))
        times = [p50 / _percentile(echo.taken_s, 0.5), p99 / _percentile(echo.taken_s, 0.99)]
        line = f"  {server.name:18} ack p50 {1000 * p50:6.2f} ms  p99 {1000 * p99:6.2f} ms"
        line += f"  ({times[0]:.2f} and {times[1]:.2f} times)"
        for channel, rates in server.rates.items():
            share = median(rates) / median(echo.rates[channel])
            line += f"   {channel} {median(rates):5.0f}/s ({share:.2f})"
        print(line)


def _percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


@asynccontextmanager
async def strict() -> AsyncIterator[Platforms]:
    """Runs the stand-ins."""
    async with standins.running() as pair:
        yield standins.StandIns(*pair)


async def compare(
    states: Mapping[str, str], questions: Sequence[str], folder: Path, *, is_strict: bool
) -> tuple[list[Server], float]:
    """Measures the echo bot beside infobot on each state, each with platforms of its own.

    Returns:
        The servers, and the largest share that this side took of a processor in a flood.
    """
    async with AsyncExitStack() as stack:
        kind = strict if is_strict else Loopback
        platforms = {name: await stack.enter_async_context(kind()) for name in ("echo", *states)}
        servers = await stack.enter_async_context(serving(states, platforms, folder))
        session = ClientSession(timeout=ClientTimeout(total=30), trust_env=False)
        await stack.enter_async_context(session)
        return servers, await measure(servers, Askers(session, cycle(questions)))


async def main() -> int:
    """Prints the comparison."""
    standins.load()
    assistant = Assistant(intents.open_matcher(ROOT / "knowledge.yaml"))
    talks = dialogues.make(assistant, 100, 10)
    questions = [question for talk in talks for question in talk.questions]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        redis = RedisServer(folder)
        await asyncio.to_thread(redis.start)
        states = {
            "infobot on SQLite": f"sqlite:///{folder}/state.db",
            "infobot on Redis": redis.url,
        }
        try:
            for is_strict in (True, False):
                servers, share = await compare(states, questions, folder, is_strict=is_strict)
                print(f"\nAgainst {servers[0].platforms.name}:")
                report(servers)
                print(f"  this side took up to {share:.0%} of a processor")
        finally:
            redis.kill()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
