"""What the console is handed by whoever puts the application together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.library import Library
from bot.model import Reply
from bot.previews import Preview
from bot.question_log import Ledger
from bot.state import State
from intents import Explanation, Knowledge


@dataclass(frozen=True, slots=True)
class Tryout:
    """What a question would get, and why; nothing of it is kept."""

    reply: Reply
    explanation: Explanation
    previews: tuple[Preview, ...]
    """How the reply looks on each platform."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What an operator works with."""

    library: Library
    """The knowledge that is served, and the edits of it."""
    ledger: Ledger
    """The questions that people asked, and which are dealt with."""
    state: State
    """Holds what was set aside."""
    try_out: Callable[[str], Tryout]
    """Answers a question as it would be answered now."""

    @property
    def knowledge(self) -> Knowledge:
        """What is served now."""
        return self.library.knowledge
