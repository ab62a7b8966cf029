"""LINE: `POST /line` takes webhooks in, `Line` sends replies out.

https://developers.line.biz/en/reference/messaging-api/
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.adapters.line_api import API_BASE_URL, LineApi, Refused, menu_alias
from bot.adapters.line_events import Rules, is_signed, parse
from bot.adapters.line_render import Words, render, render_plain
from bot.errors import InfobotError, StateUnavailable, TryLater, Undeliverable
from bot.inbox import Accept, Arrival
from bot.model import Message, Reply

log = logging.getLogger(__name__)

#: Largest body taken, in bytes; LINE's own are a few kilobytes.
MAX_BODY = 1_048_576

#: Seconds for which a reply token surely lives, counted from when we saw the webhook: a minute from
#: when LINE sent it, and LINE gives a webhook up that is not answered within 2 s.
#: https://developers.line.biz/en/reference/messaging-api/#send-reply-message
TOKEN_S = 60.0 - 2.0

#: Seconds that the loading animation shows unless the reply comes before; LINE takes 5 to 60 in
#: steps of 5: https://developers.line.biz/en/docs/messaging-api/use-loading-indicator/
LOADING_S = 20

#: Seconds that a webhook waits for somebody's language; LINE waits 2 s for the webhook.
_PROFILE_S = 0.5

#: People whose language is remembered at once.
_MOST_PEOPLE = 10_000

#: Kinds of messages whose words do not tell a language.
_WORDLESS = ("start", "choice", "command", "other")

#: Message objects, as LINE takes them.
Messages = list[dict[str, Any]]


class Line:
    """One LINE channel, both ways: routes for webhooks, and an `Outlet`.

    Args:
        channel_secret: signs webhooks.
        access_token: for calls of LINE's API.
        accept: keeps what came.
        words: gives the words on cards and buttons as they are now; they may change between calls.
        prefixes: words that address the bot at the start of a message in a group, beside a mention.
        push_fallback: an answer whose reply token died is pushed, which the channel's plan counts.
        api_base_url: LINE's host.
        clock: Unix seconds.
    """

    def __init__(
        self,
        *,
        channel_secret: str,
        access_token: str,
        accept: Accept,
        words: Callable[[], Words],
        prefixes: Sequence[str] = (),
        push_fallback: bool = False,
        api_base_url: str = API_BASE_URL,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.pushes = 0
        self._channel_secret = channel_secret
        self._accept = accept
        self._words = words
        self._prefixes = tuple(prefixes)
        self._push_fallback = push_fallback
        self._clock = clock
        self._api = LineApi(access_token, api_base_url)
        self._languages: OrderedDict[str, str] = OrderedDict()
        self._never_used: deque[str] = deque(maxlen=1000)
        self._tasks: set[asyncio.Task[None]] = set()

    def routes(self) -> list[Route]:
        """Returns the route that LINE's webhooks come to."""
        return [Route("/line", self.receive, methods=["POST"])]

    async def open(self) -> None:
        """Loads the SDK, so that the first webhook need not wait for it."""
        await self._api.open()

    async def close(self) -> None:
        """Ends what still runs, and the session."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._api.close()

    async def receive(self, request: Request) -> Response:
        """Takes a webhook: 200 once what it says is kept, so that LINE need not send it again."""
        signature = request.headers.get("x-line-signature", "")
        if not signature:
            return Response(status_code=401)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        if not is_signed(body, signature, self._channel_secret):
            return Response(status_code=401)
        try:
            arrivals = parse(body, self._clock(), Rules(self._prefixes, self._words().languages))
        except ValueError:
            return Response(status_code=400)
        if any(arrival.message.kind in _WORDLESS for arrival in arrivals):
            arrivals = list(await asyncio.gather(*map(self._hinted, arrivals)))
        try:
            if arrivals:
                await self._accept(arrivals)
        except StateUnavailable as error:
            log.warning("a webhook of LINE could not be kept: %s", error)
            return Response(status_code=503)
        return Response()

    async def send(self, message: Message, reply: Reply, again: bool) -> None:
        """Delivers a reply, see `bot.inbox.Outlet.send`.

        The reply token is what keeps an answer from being given twice: LINE takes one only once.
        """
        to, words = message.reply_to, self._words()
        plain = partial(render_plain, reply, words)
        rich = render(reply, words, to["quote_token"])
        if not rich:
            return
        if to["read_token"] and not again:
            self._start(self._mark_read(to["read_token"]))
        if await self._replied(to["token"], rich, plain):
            if _is_about_menu(message):
                self._start(self._show_menu(message.chat, reply.language))
            return
        # The token is dead, and LINE does not say whether because it was used. Say the process was
        # killed after LINE took the reply and before that was on record, or LINE's answer was lost.
        # Then this is a later attempt, and if the token cannot have died of age, then only an
        # earlier attempt can have used it up: the person has the answer. An attempt that was
        # killed before its call left the token alive, and the reply above went through; two
        # workers at once share one token, so one of them gets here.
        # When the token may have died of age, nobody can tell. Without push the answer goes to the
        # operators' list, and nothing is ever said twice. With push it is pushed under a key of
        # this event, so that pushes never double one another; it doubles a reply only if an outage
        # of a minute began between that reply and its record, and losing the answer is worse.
        if again and self._is_young(message) and to["event"] not in self._never_used:
            return
        if not self._push_fallback:
            raise Undeliverable("reply token expired")
        # A push that fails for now comes here again: that must not be taken for a used token.
        self._never_used.append(to["event"])
        await self._push(message, rich, plain)

    async def show_working(self, message: Message) -> None:
        """Shows the loading animation, which LINE has in one-on-one chats only."""
        if not message.reply_to["is_group"]:
            body = {"chatId": message.chat, "loadingSeconds": LOADING_S}
            await self._try("show_loading_animation", ("ShowLoadingAnimationRequest", body))

    def _is_young(self, message: Message) -> bool:
        """Tells whether an event's token, if it ever lived, would live still."""
        to = message.reply_to
        return bool(to["token"]) and abs(self._clock() - to["received_at"]) < TOKEN_S

    async def _replied(self, token: str, rich: Messages, plain: Callable[[], Messages]) -> bool:
        """Replies; returns False if the token is dead."""

        async def reply(messages: Messages) -> None:
            body = {"replyToken": token, "messages": messages}
            await self._api.post_messages("/v2/bot/message/reply", body)

        try:
            if token:
                await _post(reply, rich, plain)
        except Refused as refusal:
            if not _is_dead_token(refusal):
                raise Undeliverable(f"LINE refused the reply: {refusal.status}") from refusal
            return False
        return bool(token)

    async def _push(self, message: Message, rich: Messages, plain: Callable[[], Messages]) -> None:
        """Pushes an answer; the same event is pushed once only, however often this is called."""
        # https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
        key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"line:{message.reply_to['event']}"))

        async def push(messages: Messages) -> None:
            body = {"to": message.chat, "messages": messages}
            await self._api.post_messages("/v2/bot/message/push", body, X_Line_Retry_Key=key)

        try:
            await _post(push, rich, plain)
        except Refused as refusal:
            if refusal.status == 429:
                raise Undeliverable("the month's pushes are used up") from refusal
            # 409: LINE has taken this key before.
            if refusal.status != 409:
                raise Undeliverable(f"LINE refused the push: {refusal.status}") from refusal
        self.pushes += 1

    async def _mark_read(self, token: str) -> None:
        request = ("MarkMessagesAsReadByTokenRequest", {"markAsReadToken": token})
        await self._try("mark_messages_as_read_by_token", request)

    async def _show_menu(self, chat: str, language: str) -> None:
        """Gives a person that language's rich menu."""
        found = await self._try("get_rich_menu_alias_list")
        for alias in found.aliases if found else ():
            if alias.rich_menu_alias_id == menu_alias(language):
                await self._try("link_rich_menu_id_to_user", chat, alias.rich_menu_id)

    async def _hinted(self, arrival: Arrival) -> Arrival:
        """Adds the language of the person's app, where the message itself will not tell one."""
        message = arrival.message
        if message.kind not in _WORDLESS or not message.person or message.reply_to["is_group"]:
            return arrival
        language = await self._language(message.person)
        return replace(arrival, message=replace(message, language_hint=language))

    async def _language(self, person: str) -> str:
        if person not in self._languages:
            try:
                async with asyncio.timeout(_PROFILE_S):
                    profile = await self._api.call("get_profile", person)
            except Refused:
                profile = None
            except (TryLater, TimeoutError):
                return ""
            self._languages[person] = (profile and profile.language) or ""
            if len(self._languages) > _MOST_PEOPLE:
                self._languages.popitem(last=False)
        return self._languages[person]

    async def _try(self, operation: str, *arguments: Any) -> Any:
        """Calls an operation that no answer depends on; returns None if it fails."""
        try:
            return await self._api.call(operation, *arguments)
        except InfobotError as error:
            log.info("passed over: %s", error)
            return None

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Does something beside the answer; a task that nobody holds may vanish unfinished."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _post(
    post: Callable[[Messages], Awaitable[None]], rich: Messages, plain: Callable[[], Messages]
) -> None:
    """Posts messages; as bare text if LINE refuses what they are made of."""
    try:
        await post(rich)
    except Refused as refusal:
        if refusal.status != 400 or _is_dead_token(refusal):
            raise
        log.warning("%s; sent as plain text", refusal)
        await post(plain())


def _is_about_menu(message: Message) -> bool:
    """Tells whether somebody begins, or chooses a language, and so wants its rich menu."""
    is_choice = message.kind == "choice" and message.text.startswith("language:")
    return (is_choice or message.kind == "start") and not message.reply_to["is_group"]


def _is_dead_token(refusal: Refused) -> bool:
    return refusal.status == 400 and refusal.message == "Invalid reply token"


async def _body(request: Request) -> bytes | None:
    """Returns the body as received, None if it is too large; what broke off counts as empty."""
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > MAX_BODY:
                return None
            chunks.append(chunk)
    except ClientDisconnect:
        return b""
    return b"".join(chunks)
