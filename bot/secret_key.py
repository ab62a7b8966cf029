"""The key of the hashes that stand for people: given, or made on first start and kept.

It is kept beside the state that it protects: in a file next to the SQLite database, readable by its
owner alone, or in Redis, where every replica finds the same one.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.errors import UNREADABLE_URL, SettingsError, StateUnavailable
from bot.settings import Settings

_REDIS_KEY = "infobot:secret_key"
_BYTES = 32


async def load(settings: Settings) -> bytes:
    """Returns the key; makes it if there is none.

    Raises:
        SettingsError: the file cannot be read or written.
        StateUnavailable: Redis cannot be reached.
    """
    if settings.secret_key:
        return settings.secret_key.value.encode()
    url = urlsplit(settings.state_url)
    if url.scheme == "sqlite":
        return _from_file(Path(unquote(url.path.removeprefix("/")) + ".key"))
    return await _from_redis(settings.state_url)


def _from_file(path: Path) -> bytes:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # Never readable by others, not even for a moment; never over another start's key.
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes().strip()
        with os.fdopen(number, "wb") as file:
            key = secrets.token_hex(_BYTES).encode()
            file.write(key)
        return key
    except OSError as error:
        raise SettingsError(
            [f"SECRET_KEY is empty and {path} cannot be used to keep one: {error.strerror}"]
        ) from error


async def _from_redis(url: str) -> bytes:
    from redis.asyncio import Redis, RedisCluster
    from redis.exceptions import RedisError

    scheme, _, rest = url.partition("://")
    kind = RedisCluster if scheme.endswith("+cluster") else Redis
    try:
        client = kind.from_url(f"{scheme.partition('+')[0]}://{rest}")
    except ValueError:
        # Its text would quote a piece of the password.
        raise SettingsError([UNREADABLE_URL]) from None
    try:
        await client.set(_REDIS_KEY, secrets.token_hex(_BYTES), nx=True)
        found = await client.get(_REDIS_KEY)
        return found if isinstance(found, bytes) else str(found or "").encode()
    except RedisError as error:
        raise StateUnavailable(f"Redis cannot be reached: {type(error).__name__}") from error
    finally:
        await client.aclose()
