"""A knowledge file for a set of phrases in English that is nobody's knowledge file."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import intents
from intents.consistency import OWN_PLACEHOLDERS
from intents.words import Messages, Page

#: Characters of a phrase that a knowledge file takes.
_LONGEST = 300


def by_intent(phrases: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Returns the phrases of each intent, in their order."""
    groups: dict[str, list[str]] = {}
    for phrase, intent_id in phrases:
        groups.setdefault(intent_id, []).append(phrase)
    return groups


def intent_ids(names: Iterable[str]) -> dict[str, str]:
    """Returns for each name an id that a knowledge file takes."""
    return {name: f"intent_{number}" for number, name in enumerate(names)}


def knowledge_file(phrases: Mapping[str, Sequence[str]]) -> bytes:
    """Returns a knowledge file, in JSON, which is YAML too.

    Args:
        phrases: for each intent id its examples. Of those that a knowledge file takes for one the
            first is kept; long ones are cut.
    """
    pairs = [(name, text[:_LONGEST]) for name, group in phrases.items() for text in group]
    kept = {intents.bare_form(text): (name, text) for name, text in reversed(pairs)}
    ids = intent_ids(phrases)
    tree: dict[str, Any] = {
        "bot": {key: {"en": "A bot"} for key in ("name", "description", "about")},
        "messages": _words(Messages, "messages"),
        "page": _words(Page, "page"),
        "intents": {
            ids[name]: {
                "label": {"en": f"topic {number}"},
                "ask": {"en": [text for owner, text in kept.values() if owner == name][::-1]},
                "reply": {"en": "The answer."},
            }
            for number, name in enumerate(phrases)
        },
        "menu": [next(iter(ids.values()))],
    }
    return json.dumps(tree, indent=1).encode()


def _words(kind: type, section: str) -> dict[str, dict[str, str]]:
    """Returns a text for everything that the bot says, with what must stand in it."""
    names = [field.name for field in dataclasses.fields(kind)]
    held = {name: OWN_PLACEHOLDERS.get((section, name), ()) for name in names}
    return {
        name: {"en": " ".join(["Text", *(f"{{{placeholder}}}" for placeholder in held[name])])}
        for name in names
    }
