"""`make bench-channels STANDINS=path`: what infobot costs beside a bare echo bot, in one run.

Both have the same SDKs and the same server. Measured is the time to acknowledge a webhook, which
for infobot means that the message is safe on the disk, and how many messages are answered a second.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
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
from tests.redis_server import running

CHANNELS = ("telegram", "line")

#: Messages a second while the time to acknowledge is measured, both channels together.
_PER_SECOND = 50

#: Servers take turns, so that what else the machine does falls on all of them.
_ROUNDS, _ROUND_S = 5, 4

#: Messages of a flood, its chats, and webhooks under way at once, as many as Telegram allows by
#: default (https://core.telegram.org/bots/api#setwebhook, max_connections).
_FLOOD, _FLOOD_CHATS, _AT_ONCE = 600, 200, 40
_LONGEST_FLOOD_S = 60.0

#: The stand-ins limit a measurement if the echo bot reaches less than this share of what it
#: reaches with a server that checks nothing.
_LIMITED = 0.9

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

    async def flood(self, server: Server, channel: str) -> None:
        """Writes as fast as the bot takes it, and notes how many messages a second it answers."""
        chats = list(islice(self._chats, _FLOOD_CHATS))
        numbers = iter(range(_FLOOD))

        async def write() -> None:
            for number in numbers:
                await self._post(server, channel, chats[number % len(chats)])

        started = time.perf_counter()
        await asyncio.gather(*(write() for _ in range(_AT_ONCE)))
        await self._all_answered(server)
        server.rates[channel].append(_FLOOD / (time.perf_counter() - started))

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


async def warm_up(servers: Sequence[Server], askers: Askers) -> None:
    """Has servers do once what comes with their first messages: imports, connections, caches."""
    for server in servers:
        for channel in CHANNELS:
            await askers.flood(server, channel)
            server.rates[channel].clear()


async def measure(servers: Sequence[Server], askers: Askers) -> None:
    """Measures servers in turn."""
    await warm_up(servers, askers)
    for _ in range(_ROUNDS):
        for server in servers:
            await askers.ask_steadily(server, _ROUND_S)
        for channel in CHANNELS:
            for server in servers:
                await askers.flood(server, channel)


def report(servers: Sequence[Server]) -> bool:
    """Prints each server beside the first, the echo bot; returns whether all goals are met."""
    echo = servers[0]
    print(
        f"\nTime to acknowledge at {_PER_SECOND} a second (goal: {_MOST_TIME:g} times the echo's)"
    )
    met = True
    for server in servers:
        print(f"  {server.name:10}", end="")
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            taken = _percentile(server.taken_s, share)
            ratio = taken / _percentile(echo.taken_s, share)
            met &= ratio <= _MOST_TIME
            print(f"   {name} {1000 * taken:6.2f} ms ({ratio:.2f} times)", end="")
        print()
    print(f"\nMessages answered a second (goal: {_LEAST_RATE:g} of the echo's)")
    for server in servers:
        print(f"  {server.name:10}", end="")
        for channel, rates in server.rates.items():
            ratio = median(rates) / median(echo.rates[channel])
            met &= ratio >= _LEAST_RATE
            print(f"   {channel} {median(rates):4.0f} ({ratio:.2f})", end="")
        print()
    print("\nEvery goal is met." if met else "\nNot every goal is met.")
    return met


def _percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


@asynccontextmanager
async def strict() -> AsyncIterator[Platforms]:
    """Runs the stand-ins."""
    async with standins.running() as pair:
        yield standins.StandIns(*pair)


@asynccontextmanager
async def meeting(
    kind: Callable[[], AbstractAsyncContextManager[Platforms]],
    states: Mapping[str, str],
    questions: Sequence[str],
    folder: Path,
) -> AsyncIterator[tuple[list[Server], Askers]]:
    """Runs the echo bot, and infobot on each state, each with platforms of its own."""
    async with AsyncExitStack() as stack:
        names = ("echo", *states)
        platforms = {name: await stack.enter_async_context(kind()) for name in names}
        servers = await stack.enter_async_context(serving(states, platforms, folder))
        session = ClientSession(timeout=ClientTimeout(total=30), trust_env=False)
        await stack.enter_async_context(session)
        yield servers, Askers(session, cycle(questions))


async def limited(questions: Sequence[str], folder: Path) -> bool:
    """Tells whether the stand-ins would limit what is measured: the echo bot without them shows."""
    rates: list[dict[str, list[float]]] = []
    for kind in (strict, Loopback):
        async with meeting(kind, {}, questions, folder) as (servers, askers):
            await warm_up(servers, askers)
            for _ in range(2):
                for channel in CHANNELS:
                    await askers.flood(servers[0], channel)
            rates.append(servers[0].rates)
    strictly, barely = ({c: max(rate[c]) for c in CHANNELS} for rate in rates)
    for channel in CHANNELS:
        print(
            f"The echo bot answers {strictly[channel]:.0f} messages a second on {channel}", end=""
        )
        print(f" with the strict stand-ins, {barely[channel]:.0f} with a bare loopback server.")
    return any(strictly[channel] < _LIMITED * barely[channel] for channel in CHANNELS)


async def main() -> int:
    """Prints the comparison; returns 1 if a goal is missed."""
    standins.load()
    assistant = Assistant(intents.open_matcher(ROOT / "knowledge.yaml"))
    talks = dialogues.make(assistant, 100, 10)
    questions = [question for talk in talks for question in talk.questions]
    with tempfile.TemporaryDirectory() as name, running(Path(name)) as redis:
        folder = Path(name)
        states = {"on SQLite": f"sqlite:///{folder}/state.db", "on Redis": redis.url}
        is_limited = await limited(questions, folder)
        kind = Loopback if is_limited else strict
        if is_limited:
            print("So the stand-ins are the bottleneck, and the bare server stands for them below.")
        async with meeting(kind, states, questions, folder) as (servers, askers):
            await measure(servers, askers)
            return 0 if report(servers) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
