"""The composition root: what `infobot serve` is made of, put together in one visible place."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

import intents
from bot import logs, metrics, secret_key
from bot.adapters import web
from bot.asked import asked
from bot.assistant import Assistant
from bot.channels import Respond, open_channels
from bot.conversation import Conversation
from bot.errors import InfobotError, StateUnavailable
from bot.hearing import HearingProcess
from bot.inbox import Arrival
from bot.library import Library
from bot.limits import Limiter
from bot.model import Message, Reply
from bot.operators import open_console, weekly_summary
from bot.settings import Settings
from bot.state import MOST_SET_ASIDE, State, open_state
from bot.wording import page_words
from bot.workers import Timing, Workers

#: Seconds that an idle connection is kept. Longer than the proxies in front keep theirs (60 by
#: default in nginx and in most clouds): who sends on a connection while we close it, loses what it
#: sent, and LINE does not send a webhook again unless that is switched on.
KEEP_ALIVE_S = 75

#: Messages of one address: an office behind one address is many people.
WEB_BURST, WEB_PER_SECOND = 30, 3.0

log = logging.getLogger(__name__)


@asynccontextmanager
async def running(
    settings: Settings, assistant: Assistant, library: Library | None = None
) -> AsyncIterator[Starlette]:
    """Starts everything that `settings` switch on; stops it, with nothing lost, at the end.

    With a `library` the assistant follows what it serves.
    """
    async with AsyncExitStack() as stack:
        secret = await secret_key.load(settings)
        state = await open_state(settings.state_url, secret, settings.retention_days)
        stack.push_async_callback(state.close)
        respond = responder(assistant, state)

        async def accept(arrivals: Sequence[Arrival]) -> None:
            await workers.accept(arrivals)

        channels = open_channels(settings, lambda: assistant.knowledge, respond, accept)
        stack.push_async_callback(channels.close)
        timing = Timing(stale_after=settings.stale_after)
        workers = Workers(state, assistant, channels.outlets, timing)
        at_work = _start(workers.run())

        async def stop_work() -> None:
            workers.stop()
            await at_work

        stack.push_async_callback(stop_work)
        for job in channels.jobs:
            stack.push_async_callback(_cancel, _start(job()))
        if channels.tell_operators:
            weekly = weekly_summary(settings, state, channels.tell_operators, assistant, library)
            stack.push_async_callback(_cancel, _start(weekly.run()))
        if library:
            library.subscribe(assistant.use)
            stack.push_async_callback(_cancel, _start(library.watch()))
        page = web.routes(
            respond,
            lambda: page_words(assistant.knowledge),
            Limiter(WEB_BURST, WEB_PER_SECOND),
            settings.widget_origins,
        )
        routes = [*page, *channels.routes]
        if library:
            pages = open_console(settings, secret, state, assistant, library)
            routes += await stack.enter_async_context(pages)
        yield _web_app(state, routes, lambda: not at_work.done(), library)


def responder(assistant: Assistant, state: State) -> Respond:
    """Returns what answers messages that no inbox keeps: the chat page's and inline queries."""

    async def respond(message: Message) -> Reply:
        key = state.chat_key(message.channel, message.chat)
        if (message.kind, message.text) == ("command", "forget"):
            # Before the reply says that it is done; there is none if it cannot be.
            await state.forget(key)
        try:
            so_far = await state.conversation(key)
        except StateUnavailable:  # an answer without memory is better than none
            so_far = Conversation()
        began_at = time.perf_counter()
        reply, after = assistant.respond(message, so_far, time.time())
        took_ms = round((time.perf_counter() - began_at) * 1_000, 1)
        if message.channel == "web":
            writes = [
                # The page sends the chosen language with every message: not for us to keep.
                state.keep_conversation(key, replace(after, fixed_language="")),
                state.count(f"replies.web.{reply.outcome}"),
            ]
            if message.kind == "text":
                writes.append(state.log_question(asked(message, reply, key, time.time(), took_ms)))
            with suppress(StateUnavailable):
                # At once, as the state makes durable together what comes together.
                await asyncio.gather(*writes)
        return reply

    return respond


def _start(job: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    task = asyncio.create_task(job)
    task.add_done_callback(_report)
    return task


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("a background job ended with %s\n%s", *logs.told(error))


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _web_app(
    state: State, routes: list[Route], works: Callable[[], bool], library: Library | None
) -> Starlette:
    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def readyz(_request: Request) -> Response:
        if not await state.ready():
            return PlainTextResponse("the state store does not answer\n", status_code=503)
        if not works():
            return PlainTextResponse("the workers have stopped, see the log\n", status_code=503)
        refusal = library and library.status.refusal
        told = f"; {refusal.describe(library.path)}" if library and refusal else ""
        return PlainTextResponse(f"ready{told}\n")

    async def show_metrics(_request: Request) -> Response:
        try:
            waiting, aside = await state.waiting_chats(), await state.list_set_aside(MOST_SET_ASIDE)
            is_refused = bool(library and library.status.refusal)
            text = metrics.render(await state.counters(), waiting, len(aside), is_refused)
        except StateUnavailable:
            return PlainTextResponse("the state store does not answer\n", status_code=503)
        return Response(text, media_type=metrics.CONTENT_TYPE)

    return Starlette(
        routes=[
            *routes,
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", show_metrics),
        ]
    )


def _announcement(settings: Settings, engine: intents.Engine) -> str:
    """Returns what to tell whoever started the server: where it is, and what is switched off."""
    shown = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104  # shown only
    lines = [f"Chat page: http://{shown}:{settings.port}/  (Ctrl+C stops)"]
    who = "with the password" if settings.console_password else "on this machine only"
    lines.append(f"Console: http://{shown}:{settings.port}/console  ({who})")
    if settings.has_telegram:
        lines.append(f"Telegram: on, by {settings.telegram_mode}")
    else:
        lines.append("Telegram: off; set TELEGRAM_BOT_TOKEN to switch it on (README, Telegram)")
    if settings.has_line:
        lines.append("LINE: on, webhook at /line")
    else:
        lines.append(
            "LINE: off; set LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN to switch it on"
            " (README, LINE)"
        )
    lines.append(f"Meaning: {engine.reason}")
    return "\n".join(lines) + "\n"


class _Late:
    """The web application that there is once everything runs: uvicorn wants one before."""

    def __init__(self, settings: Settings, library: Library) -> None:
        self._settings = settings
        self._library = library
        self._app: Starlette | None = None
        self.fault = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self._app:
            await self._app(scope, receive, send)

    async def _live(self, receive: Any, send: Any) -> None:
        """Speaks the ASGI lifespan protocol (https://asgi.readthedocs.io/en/latest/specs/lifespan.html)."""
        await receive()
        assistant = Assistant(self._library.matcher, self._settings.retention_days)
        try:
            async with running(self._settings, assistant, self._library) as self._app:
                await send({"type": "lifespan.startup.complete"})
                await receive()
            await send({"type": "lifespan.shutdown.complete"})
        except InfobotError as error:
            self.fault = str(error)
            await send({"type": "lifespan.startup.failed", "message": str(error)})


def serve(settings: Settings) -> int:
    """Serves until it is told to stop; returns the exit code."""
    logs.set_up()
    engine = intents.open_encoder(settings.meaning)
    try:
        library = Library(
            settings.knowledge,
            settings.max_wrong,
            encoder=engine.encoder,
            hear=HearingProcess(settings.meaning).run,
        )
        sys.stdout.write(_announcement(settings, engine))
        sys.stdout.flush()
        return _listen(settings, _Late(settings, library))
    finally:
        engine.close()


def _listen(settings: Settings, app: _Late) -> int:
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        lifespan="on",
        log_config=None,
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=3,
        server_header=False,
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    # uvicorn stops on a signal and then sends it again to whoever listened before: nobody.
    signal.signal(signal.SIGTERM, lambda *_: None)
    signal.signal(signal.SIGINT, lambda *_: None)
    server = uvicorn.Server(config)
    try:
        server.run()
    except SystemExit:  # it could not listen, and has said why
        return 2
    if app.fault:
        sys.stderr.write(app.fault + "\n")
    return 0 if server.started and not app.fault else 2
