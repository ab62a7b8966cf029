"""What an operator may write in `knowledge.yaml`, as frozen data.

The classes are plain dataclasses so that a start from the cache needs no validation library;
`loading` checks a file against them and `infobot schema` prints them as JSON Schema. The sentence
under each field is what an editor shows on hover, so it speaks to the operator. Offices are in
`contact`, what the bot says beside its answers in `words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from intents.contact import Contact
from intents.fields import CHECKED, Localized, Phrases
from intents.words import Messages, Page, TimeWords

#: `{contacts.embassy.phones}`: section, key, field. Nothing else is a template.
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Bot:
    """Who speaks."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    name: Localized
    """The bot's name in each language. Its keys are the languages of the whole file."""
    description: Localized
    """What the bot is for, shown in an empty chat; at most 512 characters."""
    about: Localized
    """The same in a line, shown on the bot's profile; at most 120 characters."""
    time_zone: str = "UTC"
    """IANA name of the time zone in which dates and hours are meant, such as Asia/Bangkok."""


@dataclass(frozen=True, slots=True)
class Document:
    """A published text that answers are taken from."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    title: Localized
    """What the document is called."""
    issued_by: Localized
    """Who published it."""
    date: str
    """When, as YYYY, YYYY-MM or YYYY-MM-DD, in the Common Era."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer is taken from."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    document: str
    """A key of `documents`."""
    part: str
    """Which part of it, in a word or two."""


@dataclass(frozen=True, slots=True)
class Valid:
    """From when until when an answer holds, in the bot's time zone."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    from_: str | None = None
    """The first day on which it holds, as YYYY-MM-DD, in the Common Era."""
    until: str | None = None
    """The last day on which it holds, likewise."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that people ask, and the answer."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    label: Localized
    """The button that asks this; at most 20 characters."""
    ask: Phrases
    """How people ask it: ten or more different wordings in each language."""
    reply: Localized
    """What the bot answers. {contacts.embassy.phones} puts a fact from above in its place."""
    reply_with_hours: Localized | None = None
    """What it answers in the place of `reply` once a contact that it names has `hours`:
    {contacts.embassy.hours} becomes its hours and whether it is open."""
    card: str | None = None
    """A key of `contacts`, shown as a contact card below the answer."""
    source: Source | None = None
    """Where the answer is taken from."""
    next: tuple[str, ...] = ()
    """Intents offered as buttons below the answer."""
    not_: Phrases = field(default_factory=dict)
    """Questions that look like this one and are not answered by it."""
    small_talk: bool = False
    """true for greetings, thanks and the like, which never join the answer to a question."""
    valid: Valid | None = None
    """From when until when the answer holds; outside that it is said to be no longer or not yet."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something that people can ask for with a slash: /contact."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    description: Localized
    """What it does, shown in the list of commands; at most 256 characters."""
    intent: str | None = None
    """The intent that it asks; null for start, language, privacy and forget, which the bot does."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that the bot can say."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    bot: Bot
    """Who speaks."""
    messages: Messages
    """What the bot says when it is not answering."""
    page: Page
    """The words on the chat page itself."""
    intents: dict[str, Intent]
    """What people ask and what is answered, by intent id."""
    documents: dict[str, Document] = field(default_factory=dict)
    """Published texts that answers are taken from."""
    contacts: dict[str, Contact] = field(default_factory=dict)
    """Offices with their numbers, each fact once."""
    vocabulary: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Words that mean the same, in all languages, under a name of your choice."""
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Vocabulary names that exclude each other, so that "and the fax?" swaps phone for fax."""
    commands: dict[str, Command] = field(default_factory=dict)
    """What people can ask for with a slash, in the order in which it is listed."""
    menu: tuple[str, ...] = ()
    """Intents shown as the menu of topics."""
    time_words: TimeWords | None = None
    """How opening hours and the time for which an answer holds are told."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The language codes of this file, the default first."""
        return tuple(self.bot.name)

    @property
    def examples(self) -> Iterator[str]:
        """All that the intents are asked by, in the order of the file."""
        for intent in self.intents.values():
            for phrases in intent.ask.values():
                yield from phrases

    def fact(self, path: str, language: str) -> str:
        """Returns the text that a placeholder stands for, a list joined by commas.

        Raises:
            KeyError: `path` names nothing in the file, or something that is empty.
        """
        match path.split("."):
            case ["contacts", key, ("phones" | "faxes" | "email" | "address" | "name") as name]:
                value = getattr(self.contacts[key], name)
            case ["documents", key, ("title" | "issued_by" | "date") as name]:
                value = getattr(self.documents[key], name)
            case _:
                raise KeyError(path)
        if not value:
            raise KeyError(path)
        if isinstance(value, dict):
            return str(value[language])
        return ", ".join(value) if isinstance(value, tuple) else str(value)

    def reply_text(self, intent_id: str, language: str) -> str:
        """Returns an intent's answer with every placeholder filled in."""
        return self.filled(self.intents[intent_id].reply[language], language)

    def filled(self, template: str, language: str) -> str:
        """Returns a text with every placeholder that names a fact filled in, others as they are."""

        def fact(found: re.Match[str]) -> str:
            try:
                return self.fact(found[1], language)
            except KeyError:
                return found[0]

        return PLACEHOLDER.sub(fact, template)
