"""What is remembered of a chat between two messages, and for how long."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

#: A follow-up refers to the last answer for this long.
CONTEXT_S = 600.0

#: Chats remembered at once by `Conversations`; the one silent longest goes first.
_MOST_CHATS = 10_000


@dataclass(frozen=True, slots=True)
class Conversation:
    """A chat so far. Holds no message text."""

    language: str = ""
    """Of the last message that told one."""
    fixed_language: str = ""
    """Chosen by the person; empty unless they did."""
    intent_id: str = ""
    """What was answered last; empty if nothing was."""
    answered_at: float = 0.0
    """When that was, in Unix seconds."""

    def previous(self, now: float) -> str | None:
        """Returns the intent that a follow-up would refer to."""
        fresh = self.intent_id and now - self.answered_at <= CONTEXT_S
        return self.intent_id if fresh else None


class Conversations:
    """The chats of this process, by an id that the caller makes."""

    def __init__(self) -> None:
        self._chats: OrderedDict[str, Conversation] = OrderedDict()

    def get(self, chat: str) -> Conversation:
        """Returns a chat so far; a new one if it is not known."""
        return self._chats.get(chat, Conversation())

    def put(self, chat: str, conversation: Conversation) -> None:
        """Remembers a chat, and forgets the one silent longest when there are too many."""
        self._chats[chat] = conversation
        self._chats.move_to_end(chat)
        if len(self._chats) > _MOST_CHATS:
            self._chats.popitem(last=False)
