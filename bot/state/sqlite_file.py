"""The SQLite file: how it is opened, and which tables it has.

Several processes may share it, in write-ahead mode: https://sqlite.org/wal.html.
"""

from __future__ import annotations

import os
import sqlite3
import time

from bot.errors import StateUnavailable

#: How long to wait for another process to finish writing, in seconds.
_BUSY_S = 5.0

#: Counts up when the tables change.
_VERSION = 2

_SCHEMA = """
CREATE TABLE IF NOT EXISTS arrivals (
    id INTEGER PRIMARY KEY, chat TEXT NOT NULL, key TEXT NOT NULL,
    packed TEXT NOT NULL, accepted_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS arrivals_chat ON arrivals (chat, id);
-- Chats that wait, each with attempts, again and token of its oldest arrival.
CREATE TABLE IF NOT EXISTS chats (
    chat TEXT PRIMARY KEY, due_at REAL NOT NULL, token TEXT,
    attempts INTEGER NOT NULL DEFAULT 0, again INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS chats_due ON chats (due_at);
CREATE TABLE IF NOT EXISTS kept (
    name TEXT PRIMARY KEY, value TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS kept_until ON kept (until);
CREATE TABLE IF NOT EXISTS aside (
    id INTEGER PRIMARY KEY, chat TEXT NOT NULL, packed TEXT NOT NULL, at REAL NOT NULL);
-- Numbers are never given twice, not even those of erased questions.
CREATE TABLE IF NOT EXISTS questions (
    number INTEGER PRIMARY KEY AUTOINCREMENT, chat TEXT NOT NULL, packed TEXT NOT NULL,
    at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS questions_chat ON questions (chat);
CREATE INDEX IF NOT EXISTS questions_at ON questions (at);
CREATE TABLE IF NOT EXISTS settled (
    digest TEXT PRIMARY KEY, how TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""


def connect(path: str) -> sqlite3.Connection:
    """Opens a state file, and makes it if there is none.

    Raises:
        StateUnavailable: it cannot be opened, or a newer version made it.
    """
    connection = None
    try:
        # Messages are in it: for its owner only. SQLite gives its other files the same mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(
            path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        _prepare(connection)
    except (OSError, sqlite3.Error, StateUnavailable) as exc:
        if connection:
            connection.close()
        raise StateUnavailable(f"the state file {path} cannot be opened: {exc}") from exc
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    _switch_to_wal(connection)
    # With NORMAL, a commit may be lost when the power goes:
    # https://sqlite.org/pragma.html#pragma_synchronous
    connection.execute("PRAGMA synchronous = FULL")
    # What is deleted is overwritten, as it is what people wrote.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("BEGIN IMMEDIATE")
    [version] = connection.execute("PRAGMA user_version").fetchone()
    if version > _VERSION:
        raise StateUnavailable(f"it has version {version}, this infobot knows {_VERSION}")
    for statement in _SCHEMA.split(";"):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {_VERSION}")
    connection.execute("COMMIT")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Switches the journal; waits for another process that does the same.

    The switch itself does not: SQLite answers "database is locked" at once.
    """
    give_up_at = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.02)
        else:
            return
