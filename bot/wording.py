"""The words of the chat page, from the knowledge file."""

from __future__ import annotations

from bot.adapters.web import PageWords
from intents import LANGUAGES, Knowledge

_PAGE = ("placeholder", "send", "you", "typing", "failed", "retry", "privacy", "no_script")


def language_names(knowledge: Knowledge) -> dict[str, str]:
    """Returns what each language of the file calls itself, by its code."""
    return {code: LANGUAGES[code].name for code in knowledge.languages}


def page_words(knowledge: Knowledge) -> PageWords:
    """Returns the words of the chat page."""
    page, messages = knowledge.page, knowledge.messages
    return PageWords(
        language_names=language_names(knowledge),
        bot_names=knowledge.bot.name,
        ui={
            code: {
                **{name: knowledge.filled(getattr(page, name)[code], code) for name in _PAGE},
                **{name: getattr(messages, name)[code] for name in ("call", "fax", "map")},
            }
            for code in knowledge.languages
        },
        too_fast=messages.too_fast,
        close=page.close or {},
    )
