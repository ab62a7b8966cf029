"""The strict stand-ins for Telegram and LINE that `STANDINS` names; no part of this project."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from benchmarks.loopback import Webhook, line_webhook, telegram_webhook
from benchmarks.replicas import PUBLIC_URL, WEBHOOK_SECRET


def load() -> Any:
    """Returns the stand-ins' package; ends the program if the variable names no such folder."""
    place = os.environ.get("STANDINS")
    if not place:
        raise SystemExit("STANDINS must name the folder of the stand-ins: make ... STANDINS=PATH")
    sys.path.insert(0, place)
    try:
        return importlib.import_module("platforms")
    except ImportError as error:
        raise SystemExit(f"STANDINS={place} cannot be imported: {error}") from error


@asynccontextmanager
async def running() -> AsyncIterator[tuple[Any, Any]]:
    """Runs Telegram and LINE; LINE sends again what was not taken, as its console can be set to."""
    package = load()
    line = package.LineStandIn(redelivery=True, redeliveries=20, redelivery_delay=0.2)
    async with package.TelegramStandIn() as telegram, line:
        line.hook_url = PUBLIC_URL + "/line"
        yield telegram, line


def lead(platforms: tuple[Any, Any], url: str) -> None:
    """Makes webhooks for the public address go to a server on loopback."""
    for platform in platforms:
        platform.map_url(PUBLIC_URL, url)


def settings(telegram: Any, line: Any) -> dict[str, str]:
    """Returns the settings of a bot that takes these for the platforms."""
    return {
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_BASE_URL": telegram.api_base_url,
        "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "LINE_CHANNEL_SECRET": line.channel_secret,
        "LINE_CHANNEL_ACCESS_TOKEN": line.access_token,
        "LINE_API_BASE_URL": line.api_base_url,
        "LINE_DATA_API_BASE_URL": line.data_base_url,
    }


class StandIns:
    """Both stand-ins as `benchmarks.loopback.Platforms`."""

    def __init__(self, telegram: Any, line: Any) -> None:
        self._standins = {"telegram": telegram, "line": line}
        self._update_ids = count(1)

    def settings(self) -> dict[str, str]:
        """See `benchmarks.loopback.Platforms`."""
        return settings(*self._standins.values())

    def webhook(self, channel: str, chat: int, text: str) -> Webhook:
        """See `benchmarks.loopback.Platforms`."""
        standin = self._standins[channel]
        driver = standin.chat(chat)
        if channel == "line":
            return line_webhook(driver.text(text), standin.bot_id, standin.channel_secret)
        standin.flags[chat].add("started")
        message = standin.new_message(driver.chat, driver.user, text=text)
        return telegram_webhook({"update_id": next(self._update_ids), "message": message})

    async def replied(self, channel: str, count: int, timeout_s: float) -> bool:
        """See `benchmarks.loopback.Platforms`."""
        standin, read, replies = self._standins[channel], 0, 0

        def is_done() -> bool:
            nonlocal read, replies
            fresh = standin.transcript[read:]
            read += len(fresh)
            replies += sum(entry.kind == "message" and "text" in entry.data for entry in fresh)
            return bool(replies >= count)

        return bool(await standin.until(is_done, timeout_s))
