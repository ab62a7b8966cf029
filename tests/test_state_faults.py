"""Processes, servers and files that fail, and what is kept all the same."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import stat
import sys
import time
from pathlib import Path

import pytest

from bot.conversation import CONTEXT_S, Conversation
from bot.errors import SettingsError, StateUnavailable
from bot.state import LEASE_S, open_state
from bot.state.group_commit import GroupCommit
from tests.redis_server import RedisServer, running
from tests.state_engines import (
    SECRET_KEY,
    Engine,
    arrival,
    claim_one,
    claimed_keys,
    engine_at,
)

pytest_plugins = ("tests.state_fixtures",)


DIES = """
import asyncio, sys
from bot.state import open_state
from tests.state_engines import SECRET_KEY, arrival

async def main(url):
    state = await open_state(url, SECRET_KEY)
    await state.accept([arrival(number=1), arrival(number=2)])
    await state.claim(1)
    print("at work", flush=True)
    await asyncio.Event().wait()

asyncio.run(main(sys.argv[1]))
"""


async def test_after_kill_9_everything_is_handed_out_again(engine: Engine) -> None:
    command = [sys.executable, "-c", DIES, engine.url]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    assert await process.stdout.readline() == b"at work\n"
    process.send_signal(signal.SIGKILL)
    await process.wait()
    engine.clock.ahead = LEASE_S + 1

    state = await engine.open()
    claim = await claim_one(state)

    assert (claim.arrival.key, claim.attempts, claim.again) == ("telegram:ann:1", 2, True)
    await state.finish(claim)
    assert await claimed_keys(state) == ["telegram:ann:2"]


async def test_a_redis_that_dies_keeps_what_it_promised(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        async with engine_at(server.url, server) as engine:
            state = await engine.open()
            await state.accept([arrival(number=1), arrival(number=2)])
            claim = await claim_one(state)
            server.kill()

            with pytest.raises(StateUnavailable):
                await state.accept([arrival(number=3)])
            with pytest.raises(StateUnavailable):
                await state.finish(claim)
            with pytest.raises(StateUnavailable):
                await state.counters()
            assert not await state.ready()

            server.start()
            assert await state.ready()
            await state.finish(claim)
            assert await claimed_keys(state) == ["telegram:ann:2"]


async def test_a_redis_that_lost_a_chat_serves_the_others(redis_server: RedisServer) -> None:
    async with engine_at(redis_server.url, redis_server) as engine:
        state = await engine.open()
        await state.accept([arrival("ann"), arrival("bob")])
        with redis_server.client() as client:
            client.delete("{infobot}:chat:" + state.chat_key("telegram", "ann"))

        assert await claimed_keys(state) == ["telegram:bob:1"]
        assert await state.waiting_chats() == 1


async def test_redis_tells_the_time_itself_unless_told(redis_server: RedisServer) -> None:
    async with engine_at(redis_server.url, redis_server):
        state = await open_state(redis_server.url, SECRET_KEY)
        await state.accept([arrival()])
        claim = await claim_one(state)
        await state.renew([claim])
        await state.keep_conversation(claim.chat, Conversation("th"))
        with redis_server.client() as client:
            [(_, due_at)] = client.zrange("{infobot}:due", 0, -1, withscores=True)
            expires_in = client.ttl("{infobot}:talk:" + claim.chat)
        await state.set_aside(claim, "why", False)
        [aside] = await state.list_set_aside()
        await state.close()

    assert LEASE_S - 5 < due_at - time.time() <= LEASE_S
    assert CONTEXT_S - 5 < expires_in <= CONTEXT_S
    assert abs(aside.set_aside_at - time.time()) < 5


async def test_a_new_sqlite_file_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new%20file.db"

    states = await asyncio.gather(*(open_state(url, SECRET_KEY) for _ in range(8)))
    await asyncio.gather(*(state.accept([arrival()]) for state in states))
    claims = await asyncio.gather(*(state.claim(5) for state in states))

    assert sum(map(len, claims)) == 1
    assert stat.S_IMODE((tmp_path / "new file.db").stat().st_mode) == 0o600
    await asyncio.gather(*(state.close() for state in states))
    with pytest.raises(StateUnavailable, match="closed"):
        await states[0].counters()


async def test_a_sqlite_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    newer = tmp_path / "newer.db"
    db = sqlite3.connect(newer)
    db.execute("PRAGMA user_version = 99")
    db.close()
    (tmp_path / "text.db").write_text("this is no database, but it is long enough to look at\n" * 9)

    for name, why in (
        ("no/such/folder.db", "No such file"),
        ("newer.db", "version 99"),
        ("text.db", "not a database"),
    ):
        with pytest.raises(StateUnavailable, match=f"{name} cannot be opened: .*{why}"):
            await open_state(f"sqlite:///{tmp_path}/{name}", SECRET_KEY)


async def test_jobs_committed_together_fail_apart(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "x.db", isolation_level=None, check_same_thread=False)
    db.execute("CREATE TABLE t (n INTEGER)")
    commits = GroupCommit(db)

    def fail(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO t VALUES (0)")
        raise ValueError("no")

    results = await asyncio.gather(
        commits.run(lambda db: db.execute("INSERT INTO t VALUES (1)")),
        commits.run(fail),
        commits.run(lambda db: db.execute("INSERT INTO t VALUES (2)")),
        return_exceptions=True,
    )

    assert isinstance(results[1], ValueError)
    rows = await commits.run(lambda db: db.execute("SELECT n FROM t").fetchall())
    assert rows == [(1,), (2,)]
    await commits.close()


async def test_a_locked_sqlite_file_is_told_and_works_again_later(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    commits = GroupCommit(
        sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    )
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StateUnavailable, match="locked"):
        await commits.run(lambda db: None)
    other.execute("ROLLBACK")
    other.close()

    assert await commits.run(lambda db: 1) == 1
    await commits.close()


@pytest.mark.parametrize(
    "url", ["", "sqlite://", "sqlite:///", "postgres://u:hidden@h/db", "redis+x://u:hidden@h"]
)
async def test_an_address_that_is_none_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError, match="STATE_URL") as caught:
        await open_state(url, SECRET_KEY)

    assert "hidden" not in str(caught.value)


async def test_a_short_key_is_refused() -> None:
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        await open_state("sqlite:///x.db", b"")
