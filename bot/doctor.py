"""`infobot doctor`: what is wrong with this set-up, and what to do about it, in order.

Each check says one thing; what depends on a failed one is not tried. Never prints a secret.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx

import intents
from bot import checking, secret_key
from bot.adapters.line_api import LineApi
from bot.adapters.telegram import PATH
from bot.adapters.telegram_client import Client, our_errors
from bot.errors import InfobotError, TryLater
from bot.settings import Settings
from bot.state import open_state

#: Tokens and webhooks are judged by time; a clock this many seconds off makes trouble.
_CLOCK_OFF_S = 30.0
_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found."""

    is_well: bool
    sentence: str
    remedy: str = ""
    """What to do about it; empty when all is well."""

    def __str__(self) -> str:
        """Returns a line for the terminal, and a second one with the remedy."""
        line = f"{'ok     ' if self.is_well else 'PROBLEM'}  {self.sentence}"
        return f"{line}\n         -> {self.remedy}" if self.remedy else line


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Yields what every check finds, the ones that others need first."""
    yield _knowledge(settings)
    yield await asyncio.to_thread(_meaning, settings)
    yield await _state(settings)
    if settings.has_telegram:
        yield await _clock(settings.telegram_api_base_url)
        async for finding in _telegram(settings):
            yield finding
    else:
        yield Finding(True, "Telegram is off: TELEGRAM_BOT_TOKEN is empty")
    if settings.has_line:
        async for finding in _line(settings):
            yield finding
    else:
        yield Finding(True, "LINE is off: its secret and access token are empty")


def _knowledge(settings: Settings) -> Finding:
    try:
        found = checking.check(settings.knowledge)
    except OSError as error:
        remedy = "set KNOWLEDGE to the file's path"
        return Finding(False, f"{settings.knowledge}: {error.strerror}", remedy)
    faults = sum(told.is_fault for told in found)
    if faults:
        return Finding(False, f"{settings.knowledge} has {faults} faults", "run `infobot check`")
    matcher = intents.open_matcher(settings.knowledge, settings.max_wrong)
    count = len(matcher.knowledge.intents)
    return Finding(True, f"{settings.knowledge} has no faults and {count} intents")


def _meaning(settings: Settings) -> Finding:
    """Has the engine encode a word, as a package may be installed and yet not run."""
    engine = intents.open_encoder(settings.meaning)
    told = f"the engine of meaning (MEANING is {settings.meaning}): {engine.reason}"
    try:
        if engine.encoder is not None:
            engine.encoder.encode(["วีซ่า"])
    except intents.MeaningUnavailable as error:
        return Finding(False, f"{told}, but {error}", "set MEANING to another engine, or to off")
    finally:
        engine.close()
    if not engine.is_as_wished:
        return Finding(False, told, f"run `make setup ENGINE={settings.meaning}`, or set MEANING")
    return Finding(True, told)


async def _state(settings: Settings) -> Finding:
    kind = settings.state_url.partition(":")[0]
    try:
        key = await secret_key.load(settings)
        state = await open_state(settings.state_url, key, settings.retention_days)
        try:
            if not await state.ready():
                raise InfobotError("it does not answer")
            waiting, aside = await state.waiting_chats(), await state.list_set_aside(1_000)
        finally:
            await state.close()
    except InfobotError as error:
        remedy = "see that STATE_URL is right, and that the store runs and can be written"
        return Finding(False, f"the state ({kind}) cannot be used: {error}", remedy)
    return Finding(
        True, f"the state ({kind}) works: {waiting} chats wait, {len(aside)} messages are set aside"
    )


async def _clock(url: str) -> Finding:
    """Compares this machine's clock with the Date that a platform answers with."""
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S) as client:
            # Not below the bot's own path: that holds the token.
            answer = await client.head(str(httpx.URL(url).copy_with(path="/")))
        theirs = parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (httpx.HTTPError, KeyError, ValueError) as error:
        name = type(error).__name__
        remedy = "see whether this machine reaches the internet (proxy, firewall, DNS)"
        return Finding(False, f"{httpx.URL(url).host} cannot be reached: {name}", remedy)
    off = abs(time.time() - theirs)
    if off > _CLOCK_OFF_S:
        return Finding(False, f"this machine's clock is {off:.0f} s off", "let NTP set it")
    return Finding(True, "this machine's clock is right")


async def _telegram(settings: Settings) -> AsyncIterator[Finding]:
    client = Client(settings.telegram_bot_token.value, settings.telegram_api_base_url)
    try:
        me = await client.me()
        yield Finding(True, f"Telegram knows the bot as @{me.username}")
        with our_errors():
            webhook = await client.bot.get_webhook_info()
        yield _telegram_webhook(settings, webhook.url, webhook.last_error_message or "")
    except InfobotError as error:
        remedy = "take TELEGRAM_BOT_TOKEN from BotFather (/mybots, API Token)"
        yield Finding(False, f"Telegram: {error}", remedy)
    finally:
        await client.close()


def _telegram_webhook(settings: Settings, url: str, last_error: str) -> Finding:
    wanted = settings.public_url.rstrip("/") + PATH
    if settings.telegram_mode == "polling":
        if url:
            return Finding(False, f"Telegram sends to {url}, so polling fails", _SETUP)
        return Finding(True, "Telegram is polled")
    if url != wanted:
        return Finding(False, f"Telegram sends to {url or 'nobody'}, not to {wanted}", _SETUP)
    if last_error:
        remedy = "see that PUBLIC_URL reaches this server by https with a valid certificate"
        return Finding(False, f"Telegram could not deliver last: {last_error}", remedy)
    return Finding(True, f"Telegram sends to {wanted}")


_SETUP = "run `infobot setup`"


async def _line(settings: Settings) -> AsyncIterator[Finding]:
    api = LineApi(settings.line_channel_access_token.value, settings.line_api_base_url)
    try:
        info = await api.call("get_bot_info")
        yield Finding(True, f"LINE knows the bot as {info.basic_id}")
        endpoint = await api.call("get_webhook_endpoint")
        wanted = settings.public_url.rstrip("/") + "/line"
        if not settings.public_url:
            remedy = "set PUBLIC_URL to this server's https address"
            yield Finding(False, "PUBLIC_URL is empty, so LINE reaches nobody", remedy)
        elif endpoint.endpoint != wanted:
            yield Finding(False, f"LINE sends to {endpoint.endpoint}, not to {wanted}", _SETUP)
        elif not endpoint.active:
            remedy = "switch on 'Use webhook' in the LINE Developers console, Messaging API"
            yield Finding(False, "LINE's webhook is switched off", remedy)
        else:
            yield await _line_test(api, wanted)
    except InfobotError as error:
        remedy = "take LINE_CHANNEL_ACCESS_TOKEN from the LINE Developers console, Messaging API"
        yield Finding(False, str(error), remedy)
    finally:
        await api.close()


async def _line_test(api: LineApi, url: str) -> Finding:
    """Has LINE itself try the webhook."""
    request = ("TestWebhookEndpointRequest", {"endpoint": url})
    try:
        tried = await api.call("test_webhook_endpoint", request)
    except TryLater as error:
        return Finding(True, f"LINE sends to {url}; its own test gave no answer ({error.reason})")
    if tried.success:
        return Finding(True, f"LINE reaches {url}")
    remedy = "start `infobot serve`, see that LINE_CHANNEL_SECRET is this channel's"
    found = f"{tried.reason} ({tried.status_code})"
    return Finding(False, f"LINE's test of {url} failed: {found}", remedy)
