"""The state in one SQLite file, which several processes of one machine may share."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from bot.asked import Asked, Settled
from bot.conversation import Conversation
from bot.errors import ClaimLost, StateUnavailable
from bot.inbox import Arrival
from bot.state import LEASE_S, MOST_SET_ASIDE, REMEMBER_S, Claim, SetAside, record
from bot.state.group_commit import GroupCommit
from bot.state.record import Entry
from bot.state.sqlite_file import connect


async def open_file(
    path: str,
    secret_key: bytes,
    retention_s: float,
    clock: Callable[[], float] | None = None,
) -> SqliteState:
    """Opens a state file, and makes it if there is none.

    Raises:
        StateUnavailable: it cannot be opened, or a newer version made it.
    """
    connection = await asyncio.to_thread(connect, path)
    return SqliteState(GroupCommit(connection), secret_key, retention_s, clock or time.time)


class SqliteState:
    """See `bot.state.State`."""

    def __init__(
        self,
        commits: GroupCommit,
        secret_key: bytes,
        retention_s: float,
        clock: Callable[[], float],
    ) -> None:
        self._commits = commits
        self._secret_key = secret_key
        self._retention_s = retention_s
        self._clock = clock

    def chat_key(self, channel: str, chat: str) -> str:  # noqa: D102  # as in the Protocol
        return record.chat_key(self._secret_key, channel, chat)

    async def accept(self, arrivals: Sequence[Arrival]) -> int:  # noqa: D102
        now = self._clock()
        rows = [
            (self.chat_key(a.message.channel, a.message.chat), a.key, record.pack_arrival(a))
            for a in arrivals
        ]
        return await self._commits.run(lambda db: sum(_accept(db, *row, now) for row in rows))

    async def claim(self, limit: int) -> list[Claim]:  # noqa: D102
        now = self._clock()
        return await self._commits.run(lambda db: _claim(db, limit, now))

    async def renew(self, claims: Sequence[Claim]) -> None:  # noqa: D102
        until = self._clock() + LEASE_S
        rows = [(until, claim.chat, claim.token) for claim in claims]
        renew = "UPDATE chats SET due_at = ? WHERE chat = ? AND token = ?"
        await self._commits.run(lambda db: db.executemany(renew, rows))

    async def finish(  # noqa: D102
        self,
        claim: Claim,
        conversation: Conversation | None = None,
        counts: Sequence[str] = (),
        apologised_at: float = 0.0,
        asked: Asked | None = None,
    ) -> None:
        now = self._clock()
        entries = record.entries(
            claim.chat, conversation, self._retention_s, claim.conversation, apologised_at
        )
        packed = record.pack_asked(asked) if asked else ""

        def work(db: sqlite3.Connection) -> None:
            _take_off(db, claim)
            _keep(db, entries, now)
            for name in counts:
                _count(db, name, 1)
            if packed:
                _log(db, claim.chat, packed, now)

        await self._commits.run(work)

    async def put_back(self, claim: Claim, wait_s: float, counted: bool = True) -> None:  # noqa: D102
        uncount = "" if counted else ", attempts = attempts - 1, again = 1"
        update = f"UPDATE chats SET due_at = ?, token = NULL{uncount} WHERE chat = ? AND token = ?"  # noqa: S608
        values = (self._clock() + wait_s, claim.chat, claim.token)

        def work(db: sqlite3.Connection) -> None:
            if not db.execute(update, values).rowcount:
                raise _lost(claim)

        await self._commits.run(work)

    async def set_aside(self, claim: Claim, reason: str, undelivered: bool) -> None:  # noqa: D102
        now = self._clock()
        packed = record.pack_set_aside(claim, reason, undelivered, now)

        def work(db: sqlite3.Connection) -> None:
            _take_off(db, claim)
            insert = "INSERT INTO aside (chat, packed, at) VALUES (?, ?, ?)"
            last = db.execute(insert, (claim.chat, packed, now)).lastrowid or 0
            db.execute("DELETE FROM aside WHERE id <= ?", (last - MOST_SET_ASIDE,))
            _count(db, "undelivered" if undelivered else "set_aside", 1)

        await self._commits.run(work)

    async def list_set_aside(self, limit: int = 100) -> list[SetAside]:  # noqa: D102
        rows = await self._rows(
            "SELECT packed FROM aside WHERE at > ? ORDER BY id DESC LIMIT ?",
            (self._clock() - self._retention_s, limit),
        )
        return [record.unpack_set_aside(packed) for (packed,) in rows]

    async def conversation(self, chat: str) -> Conversation:  # noqa: D102
        now = self._clock()
        talked, language, _ = await self._commits.run(lambda db: _kept(db, chat, now))
        return record.unpack_conversation(talked, language)

    async def keep_conversation(self, chat: str, conversation: Conversation) -> None:  # noqa: D102
        now = self._clock()
        entries = record.entries(chat, conversation, self._retention_s)
        await self._commits.run(lambda db: _keep(db, entries, now))

    async def log_question(self, asked: Asked) -> None:  # noqa: D102
        now, packed = self._clock(), record.pack_asked(asked)
        await self._commits.run(lambda db: _log(db, asked.chat, packed, now))

    async def questions(self, after: int = 0, limit: int = 1_000) -> list[tuple[int, Asked]]:  # noqa: D102
        rows = await self._rows(
            "SELECT number, packed FROM questions WHERE number > ? ORDER BY number LIMIT ?",
            (after, limit),
        )
        return [(number, record.unpack_asked(packed)) for number, packed in rows]

    async def erased_questions(self) -> int:  # noqa: D102
        query = "SELECT value FROM counters WHERE name = ?"
        rows = await self._rows(query, (record.ERASED_QUESTIONS,))
        return int(rows[0][0]) if rows else 0

    async def settle_questions(self, digests: Collection[str], how: Settled | None) -> None:  # noqa: D102
        until = self._clock() + self._retention_s

        def work(db: sqlite3.Connection) -> None:
            db.executemany("DELETE FROM settled WHERE digest = ?", [(d,) for d in digests])
            if how:
                rows = [(digest, how, until) for digest in digests]
                db.executemany("INSERT OR REPLACE INTO settled VALUES (?, ?, ?)", rows)

        await self._commits.run(work)

    async def settled(self) -> dict[str, Settled]:  # noqa: D102
        query = "SELECT digest, how FROM settled WHERE until > ?"
        return dict(await self._rows(query, (self._clock(),)))

    async def forget(self, chat: str) -> None:  # noqa: D102
        def work(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM kept WHERE name IN (?, ?, ?)", record.names(chat))
            db.execute("DELETE FROM aside WHERE chat = ?", (chat,))
            erased = db.execute("DELETE FROM questions WHERE chat = ?", (chat,)).rowcount
            if erased:
                _count(db, record.ERASED_QUESTIONS, erased)

        await self._commits.run(work, scrubs=True)

    async def take_turn(self, name: str, for_s: float) -> bool:  # noqa: D102
        now = self._clock()
        return await self._commits.run(lambda db: _is_first(db, f"turn:{name}", for_s, now))

    async def count(self, name: str, by: int = 1) -> None:  # noqa: D102
        await self._commits.run(lambda db: _count(db, name, by))

    async def counters(self) -> dict[str, int]:  # noqa: D102
        return dict(await self._rows("SELECT name, value FROM counters ORDER BY name"))

    async def waiting_chats(self) -> int:  # noqa: D102
        [[number]] = await self._rows("SELECT count(*) FROM chats")
        return int(number)

    async def tidy(self) -> None:  # noqa: D102
        now = self._clock()

        def work(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM kept WHERE until <= ?", (now,))
            db.execute("DELETE FROM aside WHERE at <= ?", (now - self._retention_s,))
            db.execute("DELETE FROM questions WHERE at <= ?", (now - self._retention_s,))
            db.execute("DELETE FROM settled WHERE until <= ?", (now,))

        await self._commits.run(work, scrubs=True)

    async def ready(self) -> bool:  # noqa: D102
        try:
            # A transaction that writes nothing still takes the lock that writing needs.
            await self._commits.run(lambda _: None)
        except StateUnavailable:
            return False
        return True

    async def close(self) -> None:  # noqa: D102
        await self._commits.close()

    async def _rows(self, query: str, values: Sequence[float | str] = ()) -> list[Any]:
        return await self._commits.run(lambda db: db.execute(query, values).fetchall())


def _accept(db: sqlite3.Connection, chat: str, key: str, packed: str, now: float) -> int:
    """Returns 1 if the arrival is new, else 0."""
    if not _is_first(db, f"seen:{key}", REMEMBER_S, now):
        return 0
    insert = "INSERT INTO arrivals (chat, key, packed, accepted_at) VALUES (?, ?, ?, ?)"
    db.execute(insert, (chat, key, packed, now))
    db.execute("INSERT OR IGNORE INTO chats (chat, due_at) VALUES (?, ?)", (chat, now))
    return 1


def _is_first(db: sqlite3.Connection, name: str, for_s: float, now: float) -> bool:
    """Keeps a name for a time; returns whether it was not kept already."""
    remember = (
        "INSERT INTO kept VALUES (?, '', ?) ON CONFLICT DO UPDATE SET until = excluded.until"
        " WHERE until <= ?"
    )
    return bool(db.execute(remember, (name, now + for_s, now)).rowcount)


def _claim(db: sqlite3.Connection, limit: int, now: float) -> list[Claim]:
    due = (
        "SELECT chat, attempts + 1, again,"
        " (SELECT packed FROM arrivals WHERE chat = chats.chat ORDER BY id LIMIT 1)"
        " FROM chats WHERE due_at <= ? ORDER BY due_at LIMIT ?"
    )
    take = "UPDATE chats SET token = ?, due_at = ?, attempts = ? WHERE chat = ?"
    claims = []
    for chat, attempts, again, packed in db.execute(due, (now, limit)).fetchall():
        token = secrets.token_hex(8)
        db.execute(take, (token, now + LEASE_S, attempts, chat))
        kept = _kept(db, chat, now)
        claims.append(record.unpack_claim(chat, token, attempts, bool(again), packed, kept))
    return claims


def _take_off(db: sqlite3.Connection, claim: Claim) -> None:
    """Removes a claimed message; the next of its chat is due since it came."""
    message = (
        "DELETE FROM arrivals WHERE chat = ? AND key = ?"
        " AND EXISTS (SELECT 1 FROM chats WHERE chat = ? AND token = ?)"
    )
    if not db.execute(message, (claim.chat, claim.arrival.key, claim.chat, claim.token)).rowcount:
        raise _lost(claim)
    done = "DELETE FROM chats WHERE chat = ? AND NOT EXISTS (SELECT 1 FROM arrivals WHERE chat = ?)"
    if not db.execute(done, (claim.chat, claim.chat)).rowcount:
        go_on = (
            "UPDATE chats SET token = NULL, attempts = 0, again = 0, due_at = (SELECT accepted_at"
            " FROM arrivals WHERE chat = chats.chat ORDER BY id LIMIT 1) WHERE chat = ?"
        )
        db.execute(go_on, (claim.chat,))


def _lost(claim: Claim) -> ClaimLost:
    return ClaimLost(f"the claim of {claim.arrival.key} is lost")


def _keep(db: sqlite3.Connection, entries: Iterable[Entry], now: float) -> None:
    for entry in entries:
        if entry.value:
            row = (entry.name, entry.value, now + entry.for_s)
            db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", row)
        else:
            db.execute("DELETE FROM kept WHERE name = ?", (entry.name,))


def _kept(db: sqlite3.Connection, chat: str, now: float) -> list[str | None]:
    """Returns the values under `record.names(chat)`, None where there is none."""
    query = "SELECT name, value FROM kept WHERE name IN (?, ?, ?) AND until > ?"
    names = record.names(chat)
    found = dict(db.execute(query, (*names, now)).fetchall())
    return [found.get(name) for name in names]


def _log(db: sqlite3.Connection, chat: str, packed: str, now: float) -> None:
    insert = "INSERT INTO questions (chat, packed, at) VALUES (?, ?, ?)"
    db.execute(insert, (chat, packed, now))


def _count(db: sqlite3.Connection, name: str, by: int) -> None:
    raise_ = "INSERT INTO counters VALUES (?, ?) ON CONFLICT DO UPDATE SET value = value + ?"
    db.execute(raise_, (name, by, by))
