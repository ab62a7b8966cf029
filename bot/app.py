"""The composition root: what `infobot serve` is made of, put together in one visible place."""

from __future__ import annotations

import logging
import sys
import time

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

import intents
from bot.adapters import web
from bot.assistant import Assistant
from bot.conversation import Conversations
from bot.limits import Limiter
from bot.model import Message, Reply
from bot.settings import Settings

#: Messages of one address: an office behind one address is many people.
WEB_BURST, WEB_PER_SECOND = 40, 4.0

log = logging.getLogger(__name__)


def page_words(assistant: Assistant) -> web.PageWords:
    """Returns the words of the chat page from the knowledge file."""
    knowledge = assistant.knowledge
    page, messages = knowledge.page, knowledge.messages
    names = ("placeholder", "send", "you", "typing", "failed", "retry", "privacy", "no_script")
    return web.PageWords(
        language_names={code: intents.LANGUAGES[code].name for code in knowledge.languages},
        bot_names=knowledge.bot.name,
        ui={
            code: {
                **{name: knowledge.filled(getattr(page, name)[code], code) for name in names},
                **{name: getattr(messages, name)[code] for name in ("call", "fax", "map")},
            }
            for code in knowledge.languages
        },
        too_fast=messages.too_fast,
        error=messages.error,
    )


def build(assistant: Assistant) -> Starlette:
    """Returns the web application."""
    chats = Conversations()

    async def respond(message: Message) -> Reply:
        key = f"{message.channel} {message.chat}"
        reply, after = assistant.respond(message, chats.get(key), time.monotonic())
        chats.put(key, after)
        return reply

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("alive\n")

    return Starlette(
        routes=[
            *web.routes(respond, lambda: page_words(assistant), Limiter(WEB_BURST, WEB_PER_SECOND)),
            Route("/healthz", healthz),
        ]
    )


def serve(settings: Settings) -> int:
    """Serves until it is told to stop; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    assistant = Assistant(intents.open_matcher(settings.knowledge, settings.max_wrong))
    shown = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104  # shown only
    sys.stdout.write(f"Chat page: http://{shown}:{settings.port}/  (Ctrl+C stops)\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        build(assistant),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_graceful_shutdown=8,
        server_header=False,
    )
    server = uvicorn.Server(config)
    server.run()
    return 0 if server.started else 2
