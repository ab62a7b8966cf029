"""What an operator may write in `knowledge.yaml`, as frozen data.

The classes are plain dataclasses so that a start from the cache needs no validation library;
`loading` checks a file against them and `infobot schema` prints them as JSON Schema. The sentence
under each field is what an editor shows on hover, so it speaks to the operator.

Wherever a text is said to people it is *localized*: a mapping of language code to text. The
languages of a file are the keys of `bot.name`; the first is the one spoken when nothing tells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import quote_plus

Localized = dict[str, str]
Phrases = dict[str, tuple[str, ...]]

#: `{contacts.embassy.phones}`: section, key, field. Nothing else is a template.
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

#: https://developers.google.com/maps/documentation/urls/get-started#search-action
MAP_SEARCH_URL = "https://www.google.com/maps/search/?api=1&query="


def yaml_key(name: str) -> str:
    """Returns how a field is spelt in the file: `not_` is `not` there, a Python keyword here."""
    return name.rstrip("_")


#: Read by pydantic in `loading`: unknown keys are faults, `not_` is `not`, the sentences under
#: the fields are descriptions.
CHECKED: dict[str, Any] = {
    "extra": "forbid",
    "alias_generator": yaml_key,
    "use_attribute_docstrings": True,
    "strict": False,
}


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
class Location:
    """A point on the map."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    latitude: float
    """Degrees north, -90 to 90."""
    longitude: float
    """Degrees east, -180 to 180."""


@dataclass(frozen=True, slots=True)
class Contact:
    """An office, each fact once; replies refer to it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    name: Localized
    """The office's name."""
    phones: tuple[str, ...] = ()
    """Telephone numbers as people read them, with country code: (+66 2) 234-98-24."""
    faxes: tuple[str, ...] = ()
    """Fax numbers, written likewise."""
    email: str | None = None
    """E-mail address; null when there is none."""
    address: Localized | None = None
    """Postal address."""
    location: Location | None = None
    """Where it is on the map, if known; without it the map link searches for the address."""

    def map_url(self, language: str) -> str | None:
        """Returns a link that opens a map at the office, None when no place is known."""
        if self.location:
            query = f"{self.location.latitude},{self.location.longitude}"
        elif self.address:
            query = self.address[language]
        else:
            return None
        return MAP_SEARCH_URL + quote_plus(query)


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer is taken from."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    document: str
    """A key of `documents`."""
    part: str
    """Which part of it, in a word or two."""


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


@dataclass(frozen=True, slots=True)
class Command:
    """Something that people can ask for with a slash: /contact."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    description: Localized
    """What it does, shown in the list of commands; at most 256 characters."""
    intent: str | None = None
    """The intent that it asks; null for start, language, privacy and forget, which the bot does."""


@dataclass(frozen=True, slots=True)
class Messages:
    """What the bot says when it is not answering."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    welcome: Localized
    """The first message of a chat."""
    offer: Localized
    """Above the buttons when the bot is not sure what was meant."""
    unknown: Localized
    """When the file does not hold the answer."""
    near_miss: Localized
    """When the question names something that no answer speaks of; {name} is that thing."""
    near_miss_kind: Localized
    """When the topic is known but not this about it, such as a price or a person's name."""
    other_language: Localized
    """Added when the question is in none of the bot's languages."""
    not_text: Localized
    """When a picture, voice message or sticker comes instead of words."""
    choose_language: Localized
    """Above the buttons of the languages."""
    language_set: Localized
    """When somebody has chosen the language."""
    privacy: Localized
    """What is kept of a conversation, and for how long; {days} is that number of days."""
    forgotten: Localized
    """When somebody's data has been erased."""
    joined: Localized
    """When the bot is put into a group: how to ask it there."""
    late: Localized
    """One apology for messages that came while the bot was away."""
    menu: Localized
    """Button that opens the menu of topics."""
    too_fast: Localized
    """Once, when somebody sends more messages than the bot takes."""
    error: Localized
    """When something went wrong on the bot's side."""
    call: Localized
    """Button that dials a number."""
    fax: Localized
    """Heading of fax numbers on a contact card."""
    map: Localized
    """Button that opens the map."""


@dataclass(frozen=True, slots=True)
class Page:
    """The words on the chat page itself."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    placeholder: Localized
    """In the empty input."""
    send: Localized
    """Button that sends."""
    you: Localized
    """Who speaks, before what the person wrote; read out by screen readers."""
    typing: Localized
    """While the answer is on its way."""
    failed: Localized
    """When a message could not be sent."""
    retry: Localized
    """Button that sends it again."""
    privacy: Localized
    """What is kept of a conversation, in a sentence above it."""
    no_script: Localized
    """When the browser runs no scripts."""


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

    @property
    def languages(self) -> tuple[str, ...]:
        """The language codes of this file, the default first."""
        return tuple(self.bot.name)

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
