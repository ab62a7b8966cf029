"""What `knowledge.yaml` has the bot say beside its answers: messages, the chat page, times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from intents.fields import CHECKED, Localized


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
    near_miss_owner: Localized | None = None
    """When the question is about somebody else's office; {name} is whose. `near_miss` if unset."""


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
    close: Localized | None = None
    """Button that closes the chat where it is shown on another site."""


@dataclass(frozen=True, slots=True)
class TimeWords:
    """How opening hours and the time for which an answer holds are told."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    open_now: Localized
    """The office is open; {until} is when it closes."""
    open_always: Localized
    """The office is open and does not close."""
    closed_now: Localized
    """The office is closed; {opens} is when it opens next."""
    closed_always: Localized
    """The office is closed and no day on which it opens is known."""
    open_on: Localized
    """The office opens on another day, {day}, at these {hours}."""
    closed_on: Localized
    """The office is closed on another day, or on days in a row: {day}."""
    hours_unknown: Localized
    """In the place of the hours of an office that has none here, when another has."""
    expired: Localized
    """Above an answer that held until a day in the past, {until}."""
    upcoming: Localized
    """Above an answer that holds from a day to come, {from}."""
