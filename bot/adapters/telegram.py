"""Telegram: updates in by polling or webhook, and what must be answered at once.

Replies go out through `Telegram.outlet`. https://core.telegram.org/bots/api#getting-updates
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.constants import ParseMode
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError

from bot.adapters.telegram_client import (
    OFFICIAL_URL,
    UNREADABLE,
    Client,
    marked_up,
    patiently,
    reason,
    wait_s,
)
from bot.adapters.telegram_outlet import TelegramOutlet, article
from bot.adapters.telegram_render import MapLabel, Text, render_one
from bot.adapters.telegram_updates import KINDS, InlineQuestion, asked_inline, parse, pressed
from bot.errors import InfobotError, TryLater
from bot.inbox import Accept
from bot.model import Choice, Message, Reply

log = logging.getLogger(__name__)

PATH = "/telegram"

#: Largest body of an update, in bytes.
MAX_BODY = 1_000_000

#: https://core.telegram.org/bots/api#setwebhook
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # its name

#: Seconds that a poll waits for an update; pauses after a fault, doubled each time up to a limit;
#: and pauses when another program polls, as each poll of this one ends that of the other.
_POLL_S, _PAUSE_S, _MAX_PAUSE_S, _CONFLICT_PAUSE_S = 25, 1.0, 30.0, 10.0

#: Seconds that Telegram keeps the results of an inline query for the same person.
_CACHE_S = 10

#: At most https://core.telegram.org/bots/api#answerinlinequery; more than these nobody reads.
_MOST_RESULTS = 20

#: With so much being answered at once, inline queries are left out: with the next letter that is
#: typed, the app asks again.
_MOST_AT_ONCE = 200

Respond = Callable[[Message], Awaitable[Reply]]
Sleep = Callable[[float], Awaitable[None]]


class Telegram:
    """The bot's side of Telegram.

    Args:
        token: from BotFather.
        respond: answers an inline query's message, which no inbox keeps: its answer is wanted now.
        map_label: the word on buttons that open a map, by language.
        webhook_secret: what Telegram sends with each update by webhook; "" if there is no webhook.
        base_url: of the Bot API server, up to the token.
        clock: Unix seconds.
        sleep: waits for seconds.
    """

    def __init__(
        self,
        token: str,
        respond: Respond,
        map_label: MapLabel,
        *,
        webhook_secret: str = "",
        base_url: str = OFFICIAL_URL,
        clock: Callable[[], float] = time.time,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.client = Client(token, base_url)
        self.outlet = TelegramOutlet(self.client, map_label)
        self._respond = respond
        self._map_label = map_label
        self._secret = webhook_secret.encode()
        self._clock = clock
        self._sleep = sleep
        self._tasks: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Gives up what is being answered at once, and closes the connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.client.close()

    def routes(self, accept: Accept) -> list[Route]:
        """Returns the webhook's route.

        Args:
            accept: keeps arrivals; returns once they are durable.
        """

        async def receive(request: Request) -> Response:
            given = request.headers.get(_SECRET_HEADER, "").encode("latin-1")
            if not self._secret or not hmac.compare_digest(given, self._secret):
                return Response(status_code=401)
            body = await _body(request)
            if body is None:
                return Response(status_code=413)
            try:
                update = json.loads(body)
            except (ValueError, RecursionError):
                return Response(status_code=400)
            if not isinstance(update, dict):
                return Response(status_code=400)
            return await self._receive(update, accept)

        return [Route(PATH, receive, methods=["POST"])]

    async def _receive(self, update: dict[str, Any], accept: Accept) -> Response:
        try:
            await self._take([update], accept)
        except InfobotError:
            # Telegram sends it again.
            return Response(status_code=503, headers={"Retry-After": "1"})
        return Response()

    async def poll(self, accept: Accept) -> None:
        """Asks for updates until cancelled; confirms them only once `accept` has returned."""
        offset, troubles = 0, _Troubles()
        while True:
            try:
                updates = await self.client.updates(offset, KINDS, _POLL_S)
                await self._take(updates, accept)
            except (TelegramError, InfobotError, *UNREADABLE) as error:
                await self._sleep(troubles.pause_s(error))
                continue
            troubles.end()
            ids = [u.get("update_id") for u in updates if isinstance(u, dict)]
            newest = max((number for number in ids if isinstance(number, int)), default=offset - 1)
            if updates and newest < offset:
                await self._sleep(_PAUSE_S)  # nothing that could be confirmed: it would come again
            offset = max(offset, newest + 1)

    async def _take(self, updates: Sequence[object], accept: Accept) -> None:
        for update in updates:
            if press_id := pressed(update):
                self._start(self._answer_press(press_id))
            question = asked_inline(update)
            if question and len(self._tasks) < _MOST_AT_ONCE:
                self._start(self._answer_inline(question))
        me = await self.client.me()
        arrivals = [parse(update, me, self._clock()) for update in updates]
        found = [arrival for arrival in arrivals if arrival]
        if found:
            await accept(found)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs something beside everything else, and keeps hold of it until it is done."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("an inline query could not be answered", exc_info=error)

    async def _answer_press(self, press_id: str) -> None:
        """Ends the progress bar on a pressed button."""
        bot = self.client.bot
        try:
            await patiently(lambda: bot.answer_callback_query(press_id), self._sleep)
        except TelegramError as error:
            # Too old is common: the app has given up waiting, and the reply comes all the same.
            log.debug("a press could not be answered: %s", reason(error))

    async def _answer_inline(self, question: InlineQuestion) -> None:
        """Offers answers to what somebody types in another chat."""
        bot = self.client.bot
        try:
            found = await self._results(question.message)

            async def answer(mode: ParseMode | None) -> object:
                results = [article(str(n), text, mode, t) for n, (t, text) in enumerate(found)]
                return await bot.answer_inline_query(
                    question.query_id, results, cache_time=_CACHE_S, is_personal=True
                )

            await patiently(lambda: marked_up(answer), self._sleep)
        except BadRequest as error:
            log.debug("an inline query could not be answered: %s", reason(error))
        except (TelegramError, InfobotError) as error:
            log.warning("an inline query could not be answered: %s", type(error).__name__)

    async def _results(self, message: Message) -> list[tuple[str, Text]]:
        """Returns titles and texts: the answer, or each topic offered in its place.

        An answer has no title but its own beginning.
        """
        reply = await self._respond(message)
        if (message.kind == "text" and reply.outcome == "answer") or not reply.choices:
            return [("", render_one(reply, self._map_label))]
        choices = reply.choices[:_MOST_RESULTS]
        return [(c.label, await self._chosen(message, reply.language, c)) for c in choices]

    async def _chosen(self, message: Message, language: str, choice: Choice) -> Text:
        pressed = replace(message, kind="choice", text=choice.data, language_choice=language)
        return render_one(await self._respond(pressed), self._map_label)


async def _body(request: Request) -> bytes | None:
    """Returns the body; None if it is too large, nothing if the sender hung up."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)


class _Troubles:
    """Tells an operator once what keeps updates from coming in, and how long to pause."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._failures = 0

    def pause_s(self, error: Exception) -> float:
        """Returns the seconds to pause after an error, the longer the more there were."""
        sentence = _sentence(error)
        if sentence not in self._told:
            log.warning("%s; trying again", sentence)
            self._told.add(sentence)
        if isinstance(error, Conflict):
            return _CONFLICT_PAUSE_S
        pause_s = min(_PAUSE_S * 2.0**self._failures, _MAX_PAUSE_S)
        self._failures = min(self._failures + 1, 10)
        return max(pause_s, wait_s(error)) if isinstance(error, TelegramError) else pause_s

    def end(self) -> None:
        """Takes note that updates come in."""
        if self._failures:
            log.info("Telegram: updates come in again")
            # Two programs that poll in turn would otherwise say so for ever.
            self._told &= _CONFLICTS
        self._failures = 0


_WEBHOOK_IS_SET = "Telegram: a webhook is set, so the bot cannot poll; run `infobot setup`"
_SOMEONE_POLLS = "Telegram: another program polls with this bot's token, and only one can; stop one"
_CONFLICTS = {_WEBHOOK_IS_SET, _SOMEONE_POLLS}


def _sentence(error: Exception) -> str:
    match error:
        case Conflict():
            return _WEBHOOK_IS_SET if "webhook" in str(error).lower() else _SOMEONE_POLLS
        case InvalidToken():
            return "Telegram refuses TELEGRAM_BOT_TOKEN; take the one that BotFather shows"
        case TelegramError() | TryLater():
            return "Telegram cannot be reached"
    return "updates cannot be kept: the state store does not answer"
