"""A message in, a reply out: language, conversation, and what to say. Knows no platform."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.conversation import Conversation
from bot.model import Answered, Choice, ContactCard, Message, Outcome, PhoneNumber, Reply
from intents import LANGUAGES, OTHER, Candidate, Contact, Knowledge, Match, Matcher, reply_text

#: What a `Choice` does, as the first part of its data.
ASK, LANGUAGE = "ask:", "language:"

#: Follow-up buttons below an answer: more than a handful is a wall (LINE shows four at once).
_MOST_NEXT = 4

#: Language for people whose script no reply is written in, where the file has it.
_WORLD_LANGUAGE = "en"

#: What a near miss names by its own word; of the other kinds the bot only says that it lacks them.
_SAID_BY_NAME = frozenset({"owner", "country", "city", "organisation", "ordinal", "year"})


def contact_card(contact: Contact, language: str) -> ContactCard:
    """Returns an office's card in a language."""
    location = contact.location
    return ContactCard(
        name=contact.name[language],
        phones=tuple(PhoneNumber(number, e164(number)) for number in contact.phones),
        faxes=contact.faxes,
        address=contact.address[language] if contact.address else "",
        map_url=contact.map_url(language) or "",
        position=(location.latitude, location.longitude) if location else None,
    )


def e164(number: str) -> str:
    """Returns a phone number as it is dialled: "(+66 2) 234-98-24" is +6622349824."""
    return "+" + re.sub(r"[^0-9]", "", number)


class Assistant:
    """Says what the knowledge file has to say.

    Args:
        matcher: understands questions, and holds the knowledge.
        retention_days: how long what is kept of people is kept, to say so.
    """

    def __init__(self, matcher: Matcher, retention_days: int = 90) -> None:
        self._matcher = matcher
        self._retention_days = retention_days

    @property
    def knowledge(self) -> Knowledge:
        """What the bot can say."""
        return self._matcher.knowledge

    def use(self, matcher: Matcher) -> None:
        """Answers from now on with what another matcher knows; to be called between messages."""
        self._matcher = matcher

    def respond(
        self, message: Message, conversation: Conversation, now: float
    ) -> tuple[Reply, Conversation]:
        """Returns the reply, and the conversation as it stands after it.

        Args:
            message: what was said.
            conversation: the chat so far.
            now: the moment, in Unix seconds.
        """
        match message.kind:
            case "text":
                return self._respond_to_text(message, conversation, now)
            case "choice":
                return self._respond_to_choice(message, conversation, now)
            case "command":
                return self._respond_to_command(message, conversation, now)
        said = {"start": "welcome", "join": "joined", "other": "not_text"}[message.kind]
        language = self._language(None, message, conversation)
        return self._say(said, language), replace(conversation, language=language)

    def apologise(self, message: Message, conversation: Conversation) -> Reply:
        """Returns the one reply to messages that came too long ago."""
        return self._say("late", self._language(None, message, conversation), "unknown")

    def refuse(self, message: Message, conversation: Conversation) -> Reply:
        """Returns the one notice to somebody who sends too much."""
        language = self._language(None, message, conversation)
        return replace(self._say("too_fast", language, "unknown"), choices=())

    def _respond_to_text(
        self, message: Message, conversation: Conversation, now: float
    ) -> tuple[Reply, Conversation]:
        match = self._matcher.match(message.text, conversation.previous(now))
        language = self._language(match.language, message, conversation)
        reply = self._reply(match, language, message.text, now)
        reply = replace(reply, confidence=match.confidence)
        if match.language == OTHER:
            extra = self.knowledge.messages.other_language[language]
            reply = replace(reply, text=f"{reply.text}\n\n{extra}")
        return reply, self._after(reply, conversation, now)

    def _respond_to_choice(
        self, message: Message, conversation: Conversation, now: float
    ) -> tuple[Reply, Conversation]:
        language = self._language(None, message, conversation)
        if message.text.startswith(LANGUAGE):
            chosen = message.text.removeprefix(LANGUAGE)
            if chosen in self.knowledge.languages:
                fixed = replace(conversation, language=chosen, fixed_language=chosen)
                return self._say("language_set", chosen), fixed
        return self._respond_with(message.text.removeprefix(ASK), language, conversation, now)

    def _respond_to_command(
        self, message: Message, conversation: Conversation, now: float
    ) -> tuple[Reply, Conversation]:
        language = self._language(None, message, conversation)
        match message.text:
            case "language":
                return self._offer_languages(language), conversation
            case "privacy":
                return self._say("privacy", language), conversation
            case "forget":
                return self._say("forgotten", language), Conversation()
        command = self.knowledge.commands.get(message.text)
        return self._respond_with((command and command.intent) or "", language, conversation, now)

    def _respond_with(
        self, intent_id: str, language: str, conversation: Conversation, now: float
    ) -> tuple[Reply, Conversation]:
        """Returns an intent's answer; the welcome if there is none, as behind an old button."""
        if intent_id not in self.knowledge.intents:
            return self._say("welcome", language), replace(conversation, language=language)
        reply = self._answer((Candidate(intent_id, 1.0),), language, now)
        return reply, self._after(reply, conversation, now)

    def _offer_languages(self, language: str) -> Reply:
        text = self.knowledge.messages.choose_language[language]
        names = {code: LANGUAGES[code].name for code in self.knowledge.languages}
        choices = tuple(Choice(name, LANGUAGE + code) for code, name in names.items())
        return Reply(language, "answer", text, choices=choices)

    def _language(self, told: str | None, message: Message, conversation: Conversation) -> str:
        """Returns the language to answer in."""
        languages = self.knowledge.languages
        world = _WORLD_LANGUAGE if told == OTHER else None
        hint = message.language_hint.partition("-")[0].lower()
        chosen = message.language_choice or conversation.fixed_language
        wishes = (chosen, told, world, conversation.language, hint)
        return next((wish for wish in wishes if wish in languages), languages[0])

    def _reply(self, match: Match, language: str, typed: str, now: float) -> Reply:
        if match.outcome == "answer":
            # What was mended may be a day, and mending may have lost one: both are read.
            return self._answer(match.answers, language, now, (typed, match.text))
        offers = tuple(candidate.intent_id for candidate in match.offers)
        messages = self.knowledge.messages
        if match.stranger and match.stranger.kind in _SAID_BY_NAME:
            name = _as_typed(match.stranger.surface, typed)
            told = (
                messages.near_miss_owner if match.stranger.kind == "owner" else None
            ) or messages.near_miss
            text = self._filled(told[language], language).replace("{name}", name)
        elif match.stranger:
            text = self._filled(messages.near_miss_kind[language], language)
        else:
            text = self._filled(
                (messages.offer if offers else messages.unknown)[language], language
            )
        choices = self._choices(offers or self.knowledge.menu, language)
        return Reply(language, match.outcome, text, offers=offers, choices=choices)

    def _answer(
        self,
        candidates: tuple[Candidate, ...],
        language: str,
        now: float,
        asked: tuple[str, ...] = (),
    ) -> Reply:
        knowledge = self.knowledge
        ids = [candidate.intent_id for candidate in candidates]
        intents = [knowledge.intents[intent_id] for intent_id in ids]
        cards = dict.fromkeys(intent.card for intent in intents if intent.card)
        following = dict.fromkeys(
            after for intent in intents for after in intent.next if after not in ids
        )
        limit = len(knowledge.menu) if intents[0].small_talk else _MOST_NEXT
        return Reply(
            language,
            "answer",
            "\n\n".join(reply_text(knowledge, key, language, now, asked) for key in ids),
            answered=tuple(Answered(c.intent_id, c.confidence) for c in candidates),
            cards=tuple(contact_card(knowledge.contacts[key], language) for key in cards),
            choices=self._choices(tuple(following)[:limit], language),
        )

    def _say(self, name: str, language: str, outcome: Outcome = "answer") -> Reply:
        """Returns one of the bot's own messages, with the menu below."""
        text = getattr(self.knowledge.messages, name)[language]
        text = text.replace("{days}", str(self._retention_days))
        menu = self._choices(self.knowledge.menu, language)
        return Reply(language, outcome, self._filled(text, language), choices=menu)

    def _choices(self, intent_ids: tuple[str, ...], language: str) -> tuple[Choice, ...]:
        labels = {key: self.knowledge.intents[key].label[language] for key in intent_ids}
        return tuple(Choice(label, ASK + key) for key, label in labels.items())

    def _filled(self, text: str, language: str) -> str:
        return self.knowledge.filled(text, language)

    def _after(self, reply: Reply, conversation: Conversation, now: float) -> Conversation:
        """Returns the conversation with what a follow-up may refer to."""
        conversation = replace(conversation, language=reply.language)
        if (
            reply.outcome != "answer"
            or self.knowledge.intents[reply.answered[0].intent_id].small_talk
        ):
            return conversation
        return replace(conversation, intent_id=reply.answered[-1].intent_id, answered_at=now)


def _as_typed(surface: str, typed: str) -> str:
    """Returns how the person spelt a word that was found in the canonical text."""
    found = re.search(re.escape(surface), typed, re.IGNORECASE)
    return found[0] if found else surface
