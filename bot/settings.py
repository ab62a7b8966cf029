"""The only reader of the environment and of `.env`; names every fault at once.

A setting is a field of `Settings`: its name in capitals is the variable, its default is used when
the variable is unset or empty.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from bot.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Settings:
    """How this infobot runs."""

    host: str = "127.0.0.1"
    """Address to listen on; 0.0.0.0 for all."""
    port: int = 8080
    """Port to listen on."""
    knowledge: Path = Path("knowledge.yaml")
    """The knowledge file."""
    max_wrong: float = 0.02
    """Share of wrong answers to bear, 0..1; a lower one offers topics more often."""


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65_535:
        raise ValueError
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise ValueError
    return number


#: How a field is read, and what to say would be right; text fields are taken as they are.
_READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "port": (_port, "a whole number from 0 to 65535"),
    "knowledge": (Path, "the path of a file"),
    "max_wrong": (_share, "a number from 0 to 1, such as 0.02"),
}


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
        reader, wanted = _READERS.get(field.name, (str, ""))
        try:
            values[field.name] = reader(text)
        except ValueError:
            faults.append(f"{field.name.upper()} is {text!r}, but must be {wanted}")
    if faults:
        raise SettingsError(faults)
    return Settings(**values)


def with_knowledge(settings: Settings, knowledge: Path) -> Settings:
    """Returns settings with another knowledge file."""
    return replace(settings, knowledge=knowledge)
