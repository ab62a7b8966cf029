"""One thread that writes to SQLite, and commits together what comes together.

A durable commit costs a turn of the disk whatever it holds; with one commit for all that waits,
a busy inbox is as fast as a lazy one would be.

Every statement hands Python's lock to the loop's thread and has to get it back, which takes longer
than most statements do: so there are as few as can be.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.errors import StateUnavailable

T = TypeVar("T")

#: Jobs in one transaction at most, so that the first does not wait for ever.
_MOST_JOBS = 500


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[sqlite3.Connection], Any]
    scrubs: bool
    future: asyncio.Future[Any]


class GroupCommit:
    """Runs jobs on a connection, in the order given, each of them wholly or not at all.

    Args:
        connection: in autocommit mode, usable from any thread; closed at the end.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="state", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[sqlite3.Connection], T], scrubs: bool = False) -> T:
        """Returns what a job returns, once that is durable.

        Args:
            work: the job; it may be run twice, the first time in vain.
            scrubs: whether what it deletes is to be gone from the write-ahead log as well.

        Raises:
            StateUnavailable: it is not.
            Exception: whatever the job raised; what it had written is undone.
        """
        if not self._thread.is_alive():
            raise StateUnavailable("the state is closed")
        job = _Job(work, scrubs, asyncio.get_running_loop().create_future())
        self._jobs.put(job)
        result: T = await job.future
        return result

    async def close(self) -> None:
        """Does what was asked for before, then closes the connection."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        while jobs := self._next():
            results = self._commit(jobs)
            # The loop may be gone, and with it all who waited.
            with suppress(RuntimeError):
                jobs[0].future.get_loop().call_soon_threadsafe(_tell, jobs, results)
        self._connection.close()

    def _next(self) -> list[_Job]:
        """Waits for a job, and returns it with all that are there; nothing at the end."""
        jobs: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) == _MOST_JOBS or self._jobs.empty():
                return jobs
            job = self._jobs.get()
        if jobs:
            # What came before the end is done first; the end is put back for the next turn.
            self._jobs.put(None)
        return jobs

    def _commit(self, jobs: list[_Job]) -> list[Any]:
        """Returns the result of each job, or the exception that it is to raise."""
        db = self._connection
        try:
            db.execute("BEGIN IMMEDIATE")
            results = self._do_all(jobs)
            db.execute("COMMIT")
            if any(job.scrubs for job in jobs):
                # Does nothing, and says so in its result, while another process reads: that one's
                # next tidying does it. https://sqlite.org/pragma.html#pragma_wal_checkpoint
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as exc:
            with suppress(sqlite3.Error):
                db.execute("ROLLBACK")
            error = StateUnavailable(f"the state file cannot be written: {exc}")
            error.__cause__ = exc
            return [error] * len(jobs)
        return results

    def _do_all(self, jobs: list[_Job]) -> list[Any]:
        db = self._connection
        try:
            return [job.work(db) for job in jobs]
        except sqlite3.Error:
            raise
        except Exception:
            # Few jobs ever raise, so that they are kept apart only once one has.
            db.execute("ROLLBACK")
            db.execute("BEGIN IMMEDIATE")
            return [self._do(job) for job in jobs]

    def _do(self, job: _Job) -> Any:
        db = self._connection
        db.execute("SAVEPOINT job")
        try:
            result = job.work(db)
        except sqlite3.Error:
            raise
        except Exception as exc:  # raised where the job was asked for; this thread must live on
            db.execute("ROLLBACK TO job")
            result = exc
        db.execute("RELEASE job")
        return result


def _tell(jobs: list[_Job], results: list[Any]) -> None:
    for job, result in zip(jobs, results, strict=True):
        if job.future.done():
            continue
        if isinstance(result, Exception):
            job.future.set_exception(result)
        else:
            job.future.set_result(result)
