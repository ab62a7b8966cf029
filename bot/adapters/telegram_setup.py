"""What Telegram keeps of the bot: its commands, descriptions, menu button and webhook.

https://core.telegram.org/bots/api#setmycommands and the methods that follow it
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeDefault,
    MenuButtonCommands,
)
from telegram.constants import MenuButtonType

from bot.adapters.telegram import PATH
from bot.adapters.telegram_client import our_errors
from bot.adapters.telegram_updates import KINDS

#: Spoken to people in whose language nothing is set; the first language of all if it is missing.
_WORLD_LANGUAGE = "en"

#: Who sees a list of commands: its name for operators, its scope, and which commands it leaves out.
#: A group is not started.
_SCOPES: tuple[tuple[str, BotCommandScope, frozenset[str]], ...] = (
    ("", BotCommandScopeDefault(), frozenset()),
    (" in groups", BotCommandScopeAllGroupChats(), frozenset({"start"})),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What people should see of the bot; the keys are two-letter language codes."""

    commands: Mapping[str, Mapping[str, str]]
    """By language: what each command does, in the order of the list."""
    descriptions: Mapping[str, str]
    """Shown in an empty chat; at most 512 characters."""
    short_descriptions: Mapping[str, str]
    """Shown on the bot's page; at most 120 characters."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it should be."""

    sentence: str
    """For operators: what differs, and what it is to become."""
    make: Callable[[], Awaitable[object]]


async def set_up(
    bot: Bot, profile: Profile, public_url: str = "", secret: str = "", dry_run: bool = False
) -> list[str]:
    """Makes Telegram show the profile and send updates where they are wanted.

    Idempotent: it compares first, and changes only what differs.

    Args:
        bot: the connection; `Telegram.client.bot`.
        profile: what people should see.
        public_url: https address of this server without path; "" to poll, without a webhook.
        secret: what Telegram is to send with each update, 1-256 of A-Z a-z 0-9 _ -.
        dry_run: change nothing.

    Returns:
        A sentence for each difference, empty if there is none.

    Raises:
        TryLater: Telegram cannot be reached.
        Undeliverable: Telegram refuses something, with its reason.
    """
    with our_errors():
        changes = [
            *await _commands(bot, profile),
            *await _descriptions(bot, profile),
            *await _menu_button(bot),
            *await _webhook(bot, public_url, secret),
        ]
        if not dry_run:
            for change in changes:
                await change.make()
    return [change.sentence for change in changes]


async def set_webhook(bot: Bot, public_url: str, secret: str) -> None:
    """Has updates sent to this server from now on, none of those that wait dropped.

    Raises:
        TryLater: Telegram cannot be reached.
        Undeliverable: Telegram refuses the address, with its reason.
    """
    with our_errors():
        await _set_webhook(bot, public_url, secret)


async def _set_webhook(bot: Bot, public_url: str, secret: str) -> None:
    await bot.set_webhook(
        _webhook_url(public_url), secret_token=secret or None, allowed_updates=KINDS
    )


def _webhook_url(public_url: str) -> str:
    return public_url.rstrip("/") + PATH if public_url else ""


def _codes(languages: Mapping[str, object]) -> list[tuple[str, str]]:
    """Returns languages with the code they are set under: the fallback's is ""."""
    fallback = _WORLD_LANGUAGE if _WORLD_LANGUAGE in languages else next(iter(languages), "")
    others = [(language, language) for language in languages if language != fallback]
    return [(fallback, ""), *others] if fallback else []


async def _commands(bot: Bot, profile: Profile) -> list[Change]:
    changes = []
    for language, code in _codes(profile.commands):
        for where, scope, hidden in _SCOPES:
            texts = profile.commands[language].items()
            wanted = [BotCommand(name, text) for name, text in texts if name not in hidden]
            found = list(await bot.get_my_commands(scope, code or None))
            if found != wanted:
                names = ", ".join(f"/{command.command}" for command in found) or "none"
                named = ", ".join(f"/{command.command}" for command in wanted)
                what = "other texts" if names == named else named
                sentence = f"commands{where} in {language} are {names}; to become {what}"
                changes.append(Change(sentence, _setter(bot.set_my_commands, wanted, scope, code)))
    return changes


async def _descriptions(bot: Bot, profile: Profile) -> list[Change]:
    changes = []
    for language, code in _codes(profile.descriptions):
        wanted = profile.descriptions[language]
        found = (await bot.get_my_description(code or None)).description
        if found != wanted:
            sentence = f"description in {language} is {found!r}; to become {wanted!r}"
            changes.append(Change(sentence, _setter(bot.set_my_description, wanted, code)))
    for language, code in _codes(profile.short_descriptions):
        wanted = profile.short_descriptions[language]
        found = (await bot.get_my_short_description(code or None)).short_description
        if found != wanted:
            sentence = f"short description in {language} is {found!r}; to become {wanted!r}"
            changes.append(Change(sentence, _setter(bot.set_my_short_description, wanted, code)))
    return changes


def _setter(
    method: Callable[..., Awaitable[object]], *arguments: object
) -> Callable[[], Awaitable[object]]:
    """Returns a call for later; an empty language code is left out, which means all others."""
    return lambda: method(*(argument or None for argument in arguments))


async def _menu_button(bot: Bot) -> list[Change]:
    found = (await bot.get_chat_menu_button()).type
    if found == MenuButtonType.COMMANDS:
        return []
    sentence = f"menu button is {str(found)!r}; to become the list of commands"
    button = MenuButtonCommands()
    return [Change(sentence, lambda: bot.set_chat_menu_button(menu_button=button))]


async def _webhook(bot: Bot, public_url: str, secret: str) -> list[Change]:
    info = await bot.get_webhook_info()
    wanted = _webhook_url(public_url)
    if not wanted:
        sentence = f"webhook is {info.url}; to be removed, so that the bot can poll"
        return [Change(sentence, bot.delete_webhook)] if info.url else []
    faults = []
    if info.url != wanted:
        faults.append(f"webhook is {info.url or 'not set'}; to become {wanted}")
    elif set(info.allowed_updates or ()) != set(KINDS):
        faults.append("webhook leaves out kinds of updates; to be set anew")
    elif "401" in (info.last_error_message or ""):
        # The secret itself cannot be read.
        faults.append("webhook was refused with 401 Unauthorized; to get the secret set here")
    return [Change(fault, lambda: _set_webhook(bot, public_url, secret)) for fault in faults]
