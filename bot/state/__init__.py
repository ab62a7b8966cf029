"""What must outlive the process: the inbox, the chats, what was set aside, and counters.

One Protocol, two engines: `bot.state.sqlite` for one machine, `bot.state.redis` for several.

The inbox is a queue for each chat. Only its head can be claimed, so order holds whatever happens;
a claim is a lease, so that a dead worker's chat falls due again; each claim has a token, so that a
worker who lost its lease can settle nothing any more.

Privacy: a chat is known by a keyed hash of its id. Ids and text stand here in plain only inside a
message that waits, where the answer needs them, and go with it; of what is set aside the text
stays for operators, without the ids, for the retention time at most.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote, urlsplit

from bot.asked import Asked, Settled
from bot.conversation import Conversation
from bot.errors import SettingsError
from bot.inbox import Arrival
from bot.model import Channel, Kind

#: How long a claim lasts unless it is renewed, in seconds; a dead worker's messages wait that long.
LEASE_S = 15.0

#: How long keys of arrivals are remembered, in seconds. Telegram offers an update for 24 hours
#: (https://core.telegram.org/bots/api#getting-updates).
REMEMBER_S = 25 * 3600.0

#: Set-aside messages kept at most; the oldest go first.
MOST_SET_ASIDE = 1_000


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer the oldest message of a chat, until the lease runs out."""

    arrival: Arrival
    chat: str
    """The chat's key."""
    token: str
    """Tells this claim from every other."""
    attempts: int
    """How often the message was claimed, this time included; 1 or more."""
    again: bool
    """An earlier attempt may have begun to deliver, and nobody knows how that ended."""
    conversation: Conversation
    """The chat so far."""
    apologised_at: float
    """When the chat was last told that answers come late, in Unix seconds; 0 if never."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A message that was not answered and will not be tried again; for operators."""

    key: str
    channel: Channel
    chat: str
    """The chat's key."""
    kind: Kind
    text: str
    reason: str
    undelivered: bool
    """The platform will not take the reply; otherwise answering failed too often."""
    attempts: int
    sent_at: float
    set_aside_at: float


class State(Protocol):
    """The state; every method raises `bot.errors.StateUnavailable` when it cannot be reached."""

    def chat_key(self, channel: str, chat: str) -> str:
        """Returns what a chat is known by here: a keyed hash in hexadecimal."""

    async def accept(self, arrivals: Sequence[Arrival]) -> int:
        """Keeps arrivals, all or none, durably; returns how many were new.

        An arrival whose key was kept in the last `REMEMBER_S` is passed over.
        """

    async def claim(self, limit: int) -> list[Claim]:
        """Claims the heads of at most `limit` chats that are due and unclaimed, oldest first."""

    async def renew(self, claims: Sequence[Claim]) -> None:
        """Makes leases last `LEASE_S` from now; passes over claims that are lost."""

    async def finish(
        self,
        claim: Claim,
        conversation: Conversation | None = None,
        counts: Sequence[str] = (),
        apologised_at: float = 0.0,
        asked: Asked | None = None,
    ) -> None:
        """Removes a message that is dealt with, and with it does, all or nothing, what is given.

        Args:
            claim: the message.
            conversation: the chat as it now stands; None leaves it as it was.
            counts: counters to raise by one each.
            apologised_at: when the chat was told that answers come late; 0 if it was not.
            asked: what the question log keeps of it.

        Raises:
            ClaimLost: as from every method that takes one claim.
        """

    async def put_back(self, claim: Claim, wait_s: float, counted: bool = True) -> None:
        """Gives a claim up; the chat, later messages included, is due again after `wait_s`.

        Args:
            claim: the message.
            wait_s: seconds from now.
            counted: whether this attempt counts in `Claim.attempts`.
        """

    async def set_aside(self, claim: Claim, reason: str, undelivered: bool) -> None:
        """Takes a message out of its chat's way and lists it for operators."""

    async def list_set_aside(self, limit: int = 100) -> list[SetAside]:
        """Returns what was set aside, newest first, at most `limit`."""

    async def conversation(self, chat: str) -> Conversation:
        """Returns a chat so far, by its key; a new one if it is unknown or was silent too long."""

    async def keep_conversation(self, chat: str, conversation: Conversation) -> None:
        """Remembers a chat: a chosen language for the retention time, the rest 10 minutes."""

    async def log_question(self, asked: Asked) -> None:
        """Keeps a question of a channel without an inbox, for the retention time."""

    async def questions(self, after: int = 0, limit: int = 1_000) -> list[tuple[int, Asked]]:
        """Returns questions in the order in which they were kept, each with its number.

        Numbers grow with time and are never given twice, so that a reader goes on from the last
        one that it saw and misses none.

        Args:
            after: only questions with a greater number.
            limit: at most so many.
        """

    async def erased_questions(self) -> int:
        """Returns how many questions were erased by `forget` so far.

        Whoever holds copies of questions drops them when this has grown, and reads anew.
        """

    async def settle_questions(self, digests: Collection[str], how: Settled | None) -> None:
        """Notes for the retention time what operators did about questions; None unsays it.

        Args:
            digests: of the questions, see `bot.asked.digest`.
            how: what they did.
        """

    async def settled(self) -> dict[str, Settled]:
        """Returns what operators did about questions, by digest."""

    async def forget(self, chat: str) -> None:
        """Erases what is known of a chat, its questions and what was set aside of it.

        Messages that wait are answered.
        """

    async def take_turn(self, name: str, for_s: float) -> bool:
        """Returns whether nobody has taken this turn yet; if so, it is taken for `for_s`.

        For what one of many replicas is to do.
        """

    async def count(self, name: str, by: int = 1) -> None:
        """Raises a counter."""

    async def counters(self) -> dict[str, int]:
        """Returns every counter."""

    async def waiting_chats(self) -> int:
        """Returns how many chats have a message that is not settled."""

    async def tidy(self) -> None:
        """Erases what has expired; to be called about once a minute."""

    async def ready(self) -> bool:
        """Tells whether the state can be written now; never raises."""

    async def close(self) -> None:
        """Lets go of files and connections; nothing may be called afterwards."""


async def open_state(
    url: str,
    secret_key: bytes,
    retention_days: int = 90,
    clock: Callable[[], float] | None = None,
) -> State:
    """Opens the state that `url` names.

    Args:
        url: `sqlite:///file` (relative), `sqlite:////file` (absolute), or what redis-py takes:
            `redis://`, `rediss://`, `unix://`; with `+cluster` after the scheme for a cluster.
        secret_key: what chat ids are hashed with; the same for all replicas, 16 bytes or more.
        retention_days: how long what is kept of people is kept.
        clock: Unix seconds; by default this machine's for SQLite, the server's for Redis.

    Raises:
        SettingsError: the URL or the key cannot be used.
        StateUnavailable: the file cannot be opened. A Redis that is away is waited for, in use.
    """
    if len(secret_key) < 16:
        raise SettingsError(["SECRET_KEY is too short, but must have 16 bytes or more"])
    retention_s = retention_days * 86_400.0
    scheme, _, kind = urlsplit(url).scheme.partition("+")
    if scheme == "sqlite" and len(path := urlsplit(url).path) > 1:
        import bot.state.sqlite

        path = unquote(path.removeprefix("/"))
        return await bot.state.sqlite.open_file(path, secret_key, retention_s, clock)
    if scheme in ("redis", "rediss", "unix") and kind in ("", "cluster"):
        import bot.state.redis

        return bot.state.redis.RedisState(url, secret_key, retention_s, clock)
    # The URL itself may hold a password, so it is not repeated.
    wanted = "sqlite:///FILE or redis://HOST:PORT"
    raise SettingsError([f"STATE_URL begins with {scheme or url[:8]!r}, but must be {wanted}"])
