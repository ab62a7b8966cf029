"""The operators' half of the application, put together: the console and what feeds it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

from starlette.routing import Route

from bot.assistant import Assistant
from bot.console.access import Gate
from bot.console.desk import Desk, Tryout
from bot.console.routes import console
from bot.conversation import Conversation
from bot.library import Library
from bot.model import Message
from bot.previews import previews
from bot.question_log import Ledger, open_ledger
from bot.settings import Settings
from bot.state import State
from bot.summary import Tell, WeeklySummary


@asynccontextmanager
async def open_console(
    settings: Settings, secret: bytes, state: State, assistant: Assistant, library: Library
) -> AsyncIterator[list[Route]]:
    """Gives the routes of the console, kept up to date until it is left."""
    ledger = open_ledger(state, settings, lambda: library.knowledge)

    def try_out(text: str) -> Tryout:
        # As the terminal's: what operators try is neither remembered nor logged.
        message = Message("terminal", "console", text=text)
        reply, _ = assistant.respond(message, Conversation(), time.time())
        return Tryout(reply, library.matcher.explain(text), previews(reply, library.knowledge))

    gate = Gate(secret, settings.console_password.value, settings.public_url)
    opened = console(Desk(library, ledger, state, try_out), gate)
    following = asyncio.create_task(ledger.keep_up())
    try:
        yield opened.routes
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await opened.close()


def weekly_summary(
    settings: Settings, state: State, tell: Tell, assistant: Assistant, library: Library | None
) -> WeeklySummary:
    """Returns what tells the operators' chat about the week."""
    knowledge = assistant.knowledge
    zone = ZoneInfo(knowledge.bot.time_zone)

    def ledger(days: int) -> Ledger:
        return open_ledger(state, settings, lambda: assistant.knowledge, days)

    def remarks() -> Sequence[str]:
        refusal = library and library.status.refusal
        return (refusal.describe(library.path),) if library and refusal else ()

    return WeeklySummary(state, tell, ledger, zone, knowledge.languages, remarks)
