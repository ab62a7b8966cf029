"""The platforms that settings switch on, as channels; their libraries are imported only then."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from starlette.routing import Route

from bot.assistant import ASK
from bot.errors import InfobotError, SettingsError, TryLater
from bot.inbox import Accept, Outlet
from bot.model import Choice, Message, Reply
from bot.settings import Settings
from bot.wording import language_names
from intents import Knowledge

if TYPE_CHECKING:
    from bot.adapters.line_render import Words
    from bot.adapters.line_setup import Menu
    from bot.adapters.telegram import Telegram
    from bot.adapters.telegram_client import Client
    from bot.adapters.telegram_setup import Profile

log = logging.getLogger(__name__)

#: Seconds between the attempts to set a platform up. One that asks for a longer wait than the last,
#: as for a token that it does not take, needs an operator.
_PAUSES_S = (1.0, 2.0, 4.0, 8.0, 15.0)

Respond = Callable[[Message], Awaitable[Reply]]
#: Gives the knowledge as it is now; it may change while the bot serves.
Knows = Callable[[], Knowledge]
#: Raises `bot.errors.TryLater` or `bot.errors.Undeliverable` when it cannot.
Tell = Callable[[str], Awaitable[None]]
Job = Callable[[], Coroutine[Any, Any, None]]


@dataclass(slots=True)
class Channels:
    """The platforms that are switched on."""

    outlets: dict[str, Outlet] = field(default_factory=dict)
    """The way out, by the channel's name."""
    routes: list[Route] = field(default_factory=list)
    """Webhooks."""
    jobs: list[Job] = field(default_factory=list)
    """What runs until it is cancelled, or once at the start."""
    closers: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    tell_operators: Tell | None = None
    """Sends a text to the operators' chat; None without one."""

    async def close(self) -> None:
        """Closes every connection."""
        for close in self.closers:
            await close()


def open_channels(settings: Settings, knows: Knows, respond: Respond, accept: Accept) -> Channels:
    """Returns the channels that `settings` switch on; to be called inside the running loop.

    Args:
        settings: tokens and addresses.
        knows: gives the knowledge file.
        respond: answers what no inbox keeps.
        accept: keeps what came.
    """
    channels = Channels()
    if settings.has_telegram:
        _add_telegram(channels, settings, knows, respond, accept)
    if settings.has_line:
        _add_line(channels, settings, knows, accept)
    return channels


def _add_telegram(
    channels: Channels, settings: Settings, knows: Knows, respond: Respond, accept: Accept
) -> None:
    telegram = open_telegram(settings, knows, respond)
    channels.outlets["telegram"] = telegram.outlet
    channels.closers.append(telegram.close)
    channels.routes += telegram.routes(accept)
    if settings.operators_chat:
        channels.tell_operators = _telling(telegram.outlet, settings.operators_chat)

    async def begin() -> None:
        if settings.telegram_mode == "webhook":
            # At every start: Telegram never tells the secret that it holds.
            await _attempt("Telegram", lambda: _set_webhook(telegram, settings))
        await _attempt("Telegram", lambda: set_up_telegram(telegram.client, settings, knows()))
        if settings.telegram_mode == "polling":
            await telegram.poll(accept)

    channels.jobs.append(begin)


def _telling(outlet: Outlet, chat_id: int) -> Tell:
    from bot.adapters.telegram_updates import unasked

    async def tell(text: str) -> None:
        await outlet.send(unasked(chat_id, uuid4().hex), Reply("", "answer", text), again=False)

    return tell


async def _set_webhook(telegram: Telegram, settings: Settings) -> list[str]:
    from bot.adapters.telegram_setup import set_webhook

    secret = settings.telegram_webhook_secret.value
    await set_webhook(telegram.client.bot, settings.public_url, secret)
    return []


def _add_line(channels: Channels, settings: Settings, knows: Knows, accept: Accept) -> None:
    from bot.adapters.line import Line

    line = Line(
        channel_secret=settings.line_channel_secret.value,
        access_token=settings.line_channel_access_token.value,
        accept=accept,
        words=lambda: line_words(knows()),
        prefixes=tuple(knows().bot.name.values()),
        push_fallback=settings.line_push_fallback,
        api_base_url=settings.line_api_base_url,
    )
    channels.outlets["line"] = line
    channels.closers.append(line.close)
    channels.routes += line.routes()

    async def begin() -> None:
        await line.open()
        await _attempt("LINE", lambda: set_up_line(settings, knows()))

    channels.jobs.append(begin)


async def _attempt(platform: str, work: Callable[[], Awaitable[list[str]]]) -> None:
    """Sets a platform up; a failure is told and stops nothing.

    A platform that is away is tried again: a bot that could not set its webhook would hear nothing.
    """
    for pause_s in (*_PAUSES_S, None):
        try:
            for sentence in await work():
                log.info("%s: %s", platform, sentence.removeprefix(f"{platform} "))
            return
        except InfobotError as error:
            is_away = isinstance(error, TryLater) and error.after_s <= _PAUSES_S[-1]
            if pause_s is None or not is_away:
                log.warning("%s could not be set up, run `infobot doctor`: %s", platform, error)
                return
            log.warning("%s cannot be set up yet, trying again: %s", platform, error)
            await asyncio.sleep(pause_s)


def open_telegram(settings: Settings, knows: Knows, respond: Respond) -> Telegram:
    """Returns the bot's side of Telegram."""
    from bot.adapters.telegram import Telegram

    return Telegram(
        settings.telegram_bot_token.value,
        respond,
        lambda language: knows().messages.map[language],
        webhook_secret=settings.telegram_webhook_secret.value,
        base_url=settings.telegram_api_base_url,
    )


async def set_up_telegram(
    client: Client, settings: Settings, knowledge: Knowledge, dry_run: bool = False
) -> list[str]:
    """Makes Telegram show what it should; returns what differed, a sentence each."""
    from bot.adapters import telegram_setup

    has_webhook = settings.telegram_mode == "webhook"
    return await telegram_setup.set_up(
        client.bot,
        telegram_profile(knowledge),
        public_url=settings.public_url if has_webhook else "",
        secret=settings.telegram_webhook_secret.value if has_webhook else "",
        dry_run=dry_run,
    )


async def set_up_line(settings: Settings, knowledge: Knowledge, dry_run: bool = False) -> list[str]:
    """Makes the LINE channel as it should be; returns what differed, a sentence each."""
    from bot.adapters import line_setup

    return await line_setup.set_up(
        settings.line_channel_access_token.value,
        settings.public_url and settings.public_url.rstrip("/") + "/line",
        line_menus(knowledge),
        dry_run=dry_run,
        api_base_url=settings.line_api_base_url,
        data_api_base_url=settings.line_data_api_base_url,
    )


async def set_up_all(settings: Settings, knowledge: Knowledge, dry_run: bool) -> list[str]:
    """Sets every platform up that is switched on; returns what differed, a sentence each.

    Raises:
        TryLater: a platform cannot be reached.
        Undeliverable: a platform refuses something, with its reason.
        SettingsError: no platform is switched on.
    """
    sentences = []
    if settings.has_telegram:
        from bot.adapters.telegram_client import Client

        client = Client(settings.telegram_bot_token.value, settings.telegram_api_base_url)
        try:
            found = await set_up_telegram(client, settings, knowledge, dry_run)
        finally:
            await client.close()
        sentences += [f"Telegram: {sentence}" for sentence in found]
    if settings.has_line:
        found = await set_up_line(settings, knowledge, dry_run)
        sentences += [f"LINE: {sentence.removeprefix('LINE ')}" for sentence in found]
    if not (settings.has_telegram or settings.has_line):
        raise SettingsError(["nothing to set up: neither Telegram nor LINE is switched on"])
    return sentences


def telegram_profile(knowledge: Knowledge) -> Profile:
    """Returns what people see of the bot on Telegram."""
    from bot.adapters.telegram_setup import Profile

    return Profile(
        commands={
            code: {name: command.description[code] for name, command in knowledge.commands.items()}
            for code in knowledge.languages
        },
        descriptions=knowledge.bot.description,
        short_descriptions=knowledge.bot.about,
    )


def line_words(knowledge: Knowledge) -> Words:
    """Returns the words on LINE's cards and buttons."""
    from bot.adapters.line_render import Words

    messages = knowledge.messages
    return Words(language_names(knowledge), messages.call, messages.fax, messages.map)


def line_menus(knowledge: Knowledge) -> list[Menu]:
    """Returns LINE's rich menu of each language."""
    from bot.adapters.line_setup import Menu

    return [
        Menu(
            language=code,
            language_name=name,
            bar=knowledge.messages.menu[code],
            topics=tuple(
                Choice(knowledge.intents[key].label[code], ASK + key) for key in knowledge.menu
            ),
        )
        for code, name in language_names(knowledge).items()
    ]
