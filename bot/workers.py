"""The inbox at work: accepted messages are answered once each, in order within a chat.

Many chats at once, in one process or many that share a state. What fails is tried again after a
while, and set aside for operators in the end; nothing is lost, and nothing is retried for ever.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from bot.decision import Decider, Responder
from bot.errors import ClaimLost, StateUnavailable, TryLater, Undeliverable
from bot.inbox import Arrival, Outlet
from bot.logs import told
from bot.model import Message, Reply
from bot.state import LEASE_S, Claim, State

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the workers wait for what; in seconds, where nothing else is said."""

    at_once: int = 16
    """Messages worked on at once."""
    stale_after: float = 900.0
    """Age from which a message gets an apology in the place of an answer."""
    most_attempts: int = 5
    """Times that a message is tried before it is set aside."""
    first_wait: float = 1.0
    """Before the second attempt; triples with each one after that, so that five attempts outlast
    an outage of half a minute and stay within the minute that a LINE reply token lives."""
    longest_wait: float = 60.0
    """The most it grows to; a platform may ask for longer."""
    show_working_after: float = 1.0
    show_working_every: float = 4.5
    """Telegram shows it for 5 seconds (https://core.telegram.org/bots/api#sendchataction)."""
    longest_send: float = 60.0
    """What takes longer is taken for failed."""
    poll: float = 0.25
    """Between two looks for what other processes accepted or left behind."""
    renew: float = 5.0
    """Between two renewals of the leases, a third of what they last."""
    tidy: float = 60.0
    recover: float = 2.0
    """After the state was away, for all replicas to renew their leases before any one claims."""
    stop_within: float = 8.0
    """For what is being worked on when told to stop; it is put back after that."""


class Workers:
    """Takes arrivals in, and answers them.

    Args:
        state: keeps them meanwhile.
        responder: says what to answer.
        outlets: deliver answers, by channel.
        timing: how long to wait for what.
        clock: Unix seconds.
    """

    def __init__(
        self,
        state: State,
        responder: Responder,
        outlets: Mapping[str, Outlet],
        timing: Timing = Timing(),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._state = state
        self._decider = Decider(responder, timing.stale_after, clock)
        self._outlets = outlets
        self._timing = timing
        self._clock = clock
        self._at_work: dict[asyncio.Task[None], Claim] = {}
        self._woken = asyncio.Event()
        self._renewed_at = self._tidied_at = 0.0
        self._is_stopping = False
        self._state_is_away = False

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        """See `bot.inbox.Accept`."""
        if arrivals and await self._state.accept(arrivals):
            self._woken.set()

    async def run(self) -> None:
        """Works until `stop` is called; then ends what is begun, or puts it back."""
        try:
            while not self._is_stopping:
                self._woken.clear()
                try:
                    await self._turn()
                except StateUnavailable as exc:
                    self._note_outage(exc)
                except Exception as exc:
                    # One record that cannot be read must not stop all others from being answered.
                    log.error("looking for work failed with %s\n%s", *told(exc))
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._timing.poll):
                        await self._woken.wait()
        finally:
            await self._wind_up()

    def stop(self) -> None:
        """Makes `run` return, within `Timing.stop_within` and a second; claims nothing more."""
        self._is_stopping = True
        self._woken.set()

    async def _turn(self) -> None:
        """Does what is due; begins as much work as there is, and as is borne at once."""
        now = self._clock()
        # Before claiming, as else this very process could claim what ran out while it slept.
        if self._state_is_away or abs(now - self._renewed_at) >= self._timing.renew:
            await self._state.renew(list(self._at_work.values()))
            self._renewed_at = now
        if self._state_is_away:
            await asyncio.sleep(self._timing.recover)
            self._state_is_away = False
            log.warning("the state is back, answering goes on")
        if abs(now - self._tidied_at) >= self._timing.tidy:
            await self._state.tidy()
            self._tidied_at = now
        free = self._timing.at_once - len(self._at_work)
        if not free or self._is_stopping:
            return
        held_until = self._clock() + LEASE_S
        for claim in await self._state.claim(free):
            task = asyncio.create_task(self._handle(claim, held_until))
            self._at_work[task] = claim
            task.add_done_callback(self._leave)

    def _leave(self, task: asyncio.Task[None]) -> None:
        del self._at_work[task]
        self._woken.set()

    def _note_outage(self, exc: StateUnavailable) -> None:
        if not self._state_is_away:
            log.error("nothing can be answered: %s", exc)
        self._state_is_away = True

    async def _wind_up(self) -> None:
        if self._at_work:
            await asyncio.wait(list(self._at_work), timeout=self._timing.stop_within)
        left = dict(self._at_work)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        # Not in time is as good as a crash: the lease runs out, and another takes over.
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                for claim in left.values():
                    with suppress(ClaimLost, StateUnavailable):
                        await self._state.put_back(claim, 0, counted=False)

    async def _handle(self, claim: Claim, held_until: float) -> None:
        key = claim.arrival.key
        try:
            await self._answer(claim, held_until)
        except ClaimLost:
            log.warning("%s is left to another worker", key)
        except TryLater as exc:
            await self._try_later(claim, exc.after_s, exc.reason)
        except Undeliverable as exc:
            await self._set_aside(claim, exc.reason, undelivered=True)
        except Exception as exc:
            log.error("%s failed with %s\n%s", key, *told(exc))
            await self._try_later(claim, 0, type(exc).__name__)

    async def _answer(self, claim: Claim, held_until: float) -> None:
        message = claim.arrival.message
        outlet = self._outlets.get(message.channel)
        if outlet is None:
            raise Undeliverable(f"the channel {message.channel} is switched off")
        if claim.attempts > self._timing.most_attempts:
            # The process never lived to settle it, and may have died of it.
            await self._set_aside(claim, "no attempt came to an end", undelivered=False)
            return
        if (message.kind, message.text) == ("command", "forget"):
            # Before the reply says that it is done.
            await self._until_reachable(lambda: self._state.forget(claim.chat))
        began_at = time.perf_counter()
        done = self._decider.decide(claim)
        if self._clock() > held_until:
            # The process slept meanwhile, and another may have answered this and what came after.
            raise ClaimLost(claim.arrival.key)
        if done.reply:
            await self._deliver(outlet, message, done.reply, claim.again)
        took_ms = (time.perf_counter() - began_at) * 1_000
        asked = done.asked and replace(done.asked, took_ms=round(took_ms, 1))
        counts = (done.counter,)
        await self._settle(
            lambda: self._state.finish(claim, done.conversation, counts, done.apologised_at, asked)
        )

    async def _deliver(self, outlet: Outlet, message: Message, reply: Reply, again: bool) -> None:
        working: list[asyncio.Task[None]] = []

        def show() -> None:
            working.append(asyncio.create_task(self._show_working(outlet, message)))

        # Most deliveries are over before, and a task for each would cost more than its note.
        slow = asyncio.get_running_loop().call_later(self._timing.show_working_after, show)
        try:
            async with asyncio.timeout(self._timing.longest_send):
                await outlet.send(message, reply, again)
        except TimeoutError:
            raise TryLater(reason="delivery took too long") from None
        finally:
            slow.cancel()
            for task in working:
                task.cancel()

    async def _show_working(self, outlet: Outlet, message: Message) -> None:
        while True:
            await outlet.show_working(message)
            await asyncio.sleep(self._timing.show_working_every)

    async def _try_later(self, claim: Claim, after_s: float, reason: str) -> None:
        if claim.attempts >= self._timing.most_attempts:
            await self._set_aside(claim, reason, undelivered=False)
            return
        grown = self._timing.first_wait * 3 ** (claim.attempts - 1)
        wait_s = max(after_s, min(self._timing.longest_wait, grown))
        # A little later each, so that what failed together does not come back together.
        wait_s *= random.uniform(1, 1.25)  # noqa: S311  # nothing secret
        await self._settle(lambda: self._state.put_back(claim, wait_s))

    async def _set_aside(self, claim: Claim, reason: str, undelivered: bool) -> None:
        log.warning("%s is set aside: %s", claim.arrival.key, reason)
        await self._settle(lambda: self._state.set_aside(claim, reason, undelivered))

    async def _settle(self, write: Callable[[], Awaitable[None]]) -> None:
        """Writes how a claim ended; one that is lost is somebody else's to settle."""
        with suppress(ClaimLost):
            await self._until_reachable(write)

    async def _until_reachable(self, write: Callable[[], Awaitable[None]]) -> None:
        """Writes to the state however long it is away, as to give up would be to answer twice."""
        wait_s = 0.05
        while True:
            try:
                return await write()
            except StateUnavailable as exc:
                self._note_outage(exc)
                await asyncio.sleep(wait_s)
                wait_s = min(1.0, wait_s * 2)
