"""A knowledge file's content as plain mappings and lists, and back: what JSON can hold."""

from __future__ import annotations

import dataclasses
from typing import Any

from intents.contact import Contact, Location
from intents.knowledge import Bot, Command, Document, Intent, Knowledge, Source, Valid
from intents.words import Messages, Page, TimeWords


def to_plain(knowledge: Knowledge) -> dict[str, Any]:
    """Returns the file's content as plain mappings and lists, as JSON can hold."""
    return dataclasses.asdict(knowledge)


def from_plain(plain: dict[str, Any]) -> Knowledge:
    """Returns what `to_plain` was made of; nothing is checked."""
    return Knowledge(
        bot=Bot(**plain["bot"]),
        messages=Messages(**plain["messages"]),
        page=Page(**plain["page"]),
        intents={key: _intent(raw) for key, raw in plain["intents"].items()},
        documents={key: Document(**raw) for key, raw in plain["documents"].items()},
        contacts={key: _contact(raw) for key, raw in plain["contacts"].items()},
        vocabulary={key: tuple(words) for key, words in plain["vocabulary"].items()},
        facets={key: tuple(groups) for key, groups in plain["facets"].items()},
        commands={key: Command(**raw) for key, raw in plain["commands"].items()},
        menu=tuple(plain["menu"]),
        time_words=TimeWords(**plain["time_words"]) if plain["time_words"] else None,
    )


def _contact(raw: dict[str, Any]) -> Contact:
    location = Location(**raw["location"]) if raw["location"] else None
    lists = {"phones": tuple(raw["phones"]), "faxes": tuple(raw["faxes"])}
    hours = {
        days: tuple(hours) if isinstance(hours, list) else hours
        for days, hours in raw["hours"].items()
    }
    return Contact(**{**raw, **lists, "location": location, "hours": hours})


def _intent(raw: dict[str, Any]) -> Intent:
    phrases = {
        name: {language: tuple(group) for language, group in raw[name].items()}
        for name in ("ask", "not_")
    }
    source = Source(**raw["source"]) if raw["source"] else None
    valid = Valid(**raw["valid"]) if raw["valid"] else None
    return Intent(
        **{**raw, **phrases, "next": tuple(raw["next"]), "source": source, "valid": valid}
    )
