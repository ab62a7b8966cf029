"""The Bot API through python-telegram-bot, with its errors told apart by what to do about them.

https://core.telegram.org/bots/api#making-requests
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.adapters.telegram_request import AiohttpRequest
from bot.errors import TryLater, Undeliverable

T = TypeVar("T")

OFFICIAL_URL = "https://api.telegram.org/bot"

#: Seconds until the next attempt where only an operator can help.
_LATER_S = 60.0

#: Seconds between the attempts of `patiently`: a callback or inline query lives for some 15 s.
_PATIENCE_S = (0.5, 1.5, 4.0)


#: What the library raises on an answer that is not the Bot API's, as of a proxy in between.
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is on Telegram."""

    user_id: int
    username: str
    """Without @."""


class Client:
    """One bot's connection to the Bot API.

    Args:
        token: from BotFather; appended to `base_url` as it is.
        base_url: of the Bot API server, up to the token: https://api.telegram.org/bot.
    """

    def __init__(self, token: str, base_url: str = OFFICIAL_URL) -> None:
        _quieten()
        self._request = AiohttpRequest()
        self.bot = Bot(
            token, base_url=base_url, request=self._request, get_updates_request=self._request
        )
        self._me: Identity | None = None

    async def me(self) -> Identity:
        """Returns who the bot is; asks Telegram until it has answered once.

        Raises:
            TryLater: Telegram did not answer.
        """
        if self._me is None:
            with our_errors():
                user = await self.bot.get_me()
            self._me = Identity(user.id, user.username or "")
        return self._me

    async def updates(self, offset: int, kinds: tuple[str, ...], timeout_s: int) -> list[Any]:
        """Returns the updates from `offset` on, as JSON; waits `timeout_s` seconds for the first.

        Raises:
            TelegramError: as https://core.telegram.org/bots/api#getupdates fails.
        """
        # Method names have no case for the server, but for the library: spelt so, it hands over
        # the JSON, and one strange update cannot keep all others from being read.
        updates = await self.bot.do_api_request(
            "getupdates",
            api_kwargs={"offset": offset, "timeout": timeout_s, "allowed_updates": list(kinds)},
            read_timeout=timeout_s + 10.0,
        )
        return updates if isinstance(updates, list) else []

    async def close(self) -> None:
        """Closes the connections."""
        await self._request.shutdown()


def _quieten() -> None:
    """Keeps what the libraries log free of the token, which stands in every URL."""
    for name in ("httpx", "httpcore", "telegram"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
    # It logs a whole answer that it cannot read, with what people wrote, as an error.
    logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)
    # `RetryAfter` warns of a coming change each time it is made, unless the change is taken early.
    os.environ.setdefault("PTB_TIMEDELTA", "1")


def wait_s(error: TelegramError) -> float:
    """Returns the seconds to wait after an error, 0 if it tells none."""
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return float(wait) if isinstance(wait, int) else wait.total_seconds()
    return _LATER_S if isinstance(error, InvalidToken) else 0.0


def reason(error: TelegramError) -> str:
    """Returns what Telegram objects to, without the part of its sentence that may quote a text."""
    sentence = str(error).removeprefix("Forbidden: ")
    return re.split(r": |[\"<]| '", sentence, maxsplit=1)[0]


@contextmanager
def our_errors() -> Iterator[None]:
    """Turns the library's errors into ours.

    Raises:
        TryLater: too many requests, a fault of the server or of the network, a refused token.
        Undeliverable: blocked, chat gone, or refused for what it is.
    """
    try:
        yield
    except (BadRequest, Forbidden) as error:
        raise Undeliverable(reason(error)) from error
    except TelegramError as error:
        raise TryLater(wait_s(error), reason(error)) from error
    except UNREADABLE as error:
        raise TryLater(reason=f"an answer that cannot be read: {type(error).__name__}") from error


def refuses(error: BadRequest, what: str) -> bool:
    """Tells whether Telegram's description of an error speaks of `what`, in whatever case."""
    return what in str(error).lower()


async def marked_up(attempt: Callable[[ParseMode | None], Awaitable[T]]) -> T:
    """Makes an attempt with HTML, and one with plain text if Telegram refuses the markup."""
    try:
        return await attempt(ParseMode.HTML)
    except BadRequest as error:
        if not refuses(error, "parse entities"):
            raise
        return await attempt(None)


async def patiently(
    attempt: Callable[[], Awaitable[object]],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Makes an attempt, and a few more after faults of server or network.

    Raises:
        TelegramError: Telegram refuses it, or the last attempt failed too.
    """
    for pause_s in _PATIENCE_S:
        try:
            await attempt()
        except BadRequest:
            raise
        except (NetworkError, RetryAfter) as error:
            await sleep(max(pause_s, wait_s(error)))
        else:
            return
    await attempt()
