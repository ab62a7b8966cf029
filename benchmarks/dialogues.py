"""What people ask the bot one after the other, and what it must reply, from its own assistant."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import combinations

from bot.assistant import Assistant
from bot.conversation import Conversation
from bot.model import Message
from intents import Knowledge

#: Characters of a reply that both platforms show as one message.
_ONE_MESSAGE = 4_000


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Questions, and the reply to each; no two replies are alike, so a reply tells its question."""

    questions: tuple[str, ...]
    replies: tuple[str, ...]


def make(assistant: Assistant, count: int, length: int, seed: int = 0) -> list[Dialogue]:
    """Returns `count` dialogues of `length` questions each; the same for the same seed."""
    draw = random.Random(seed)
    phrases = _phrases(assistant.knowledge)
    found: list[Dialogue] = []
    while len(found) < count:
        asked = [draw.choice(phrases[topic]) for topic in draw.sample(sorted(phrases), length)]
        if dialogue := _rehearse(assistant, tuple(asked)):
            found.append(dialogue)
    return found


def _phrases(knowledge: Knowledge) -> dict[str, list[str]]:
    return {
        intent_id: [phrase for group in intent.ask.values() for phrase in group]
        for intent_id, intent in knowledge.intents.items()
        if not intent.small_talk
    }


def _rehearse(assistant: Assistant, questions: tuple[str, ...]) -> Dialogue | None:
    """Returns the dialogue, None if its replies do not tell which question each of them answers."""
    conversation, replies = Conversation(), []
    for now, question in enumerate(questions):
        message = Message("terminal", "rehearsal", text=question)
        reply, conversation = assistant.respond(message, conversation, float(now))
        if reply.outcome != "answer" or len(reply.text) > _ONE_MESSAGE:
            return None
        replies.append(reply.text.strip())
    if any(one == other for one, other in combinations(replies, 2)):
        return None
    return Dialogue(questions, tuple(replies))
