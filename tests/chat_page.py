"""The chat page of the small office, to be called without a network."""

from __future__ import annotations

from collections.abc import Sequence

import httpx
from starlette.applications import Starlette

from bot.adapters import web
from bot.conversation import Conversations
from bot.limits import Limiter
from bot.model import Message, Reply
from bot.wording import page_words
from tests import small_office

WORDS = page_words(small_office.matcher().knowledge)


def app_with(
    words: web.PageWords = WORDS, burst: int = 1_000_000, widget_origins: Sequence[str] = ()
) -> Starlette:
    """Returns the chat page, with a limit that no test meets unawares."""
    assistant, chats = small_office.assistant(), Conversations()

    async def respond(message: Message) -> Reply:
        reply, after = assistant.respond(message, chats.get(message.chat), 0.0)
        chats.put(message.chat, after)
        return reply

    return Starlette(routes=[*web.routes(respond, lambda: words, Limiter(burst), widget_origins)])


def client_of(app: Starlette) -> httpx.AsyncClient:
    """Returns a browser without a screen."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot")


def turn(text: str = "", **changes: str) -> dict[str, str]:
    """Returns what the page posts when somebody writes `text`."""
    return {"chat": "c1", "kind": "text", "text": text, "language": "", **changes}
