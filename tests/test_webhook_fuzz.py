"""Ten thousand damaged webhooks, and none is answered with a fault of the server's own."""

from __future__ import annotations

import json
import logging
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from random import Random
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from bot.adapters.line import Line
from bot.adapters.telegram import Telegram
from bot.inbox import Arrival
from bot.model import Choice, Message, Reply
from tests.fakes import line as fake_line
from tests.fakes.damage import damaged
from tests.fakes.line_bot import WORDS
from tests.fakes.telegram import (
    ANNA,
    ME,
    TOKEN,
    fake_bot_api,
    group_message,
    message,
    press,
    update,
)

#: Webhooks to each platform's route.
EACH = 5_000

SECRET = "webhook-secret"

BOT_IS_IN = {"old_chat_member": {"status": "left"}, "new_chat_member": {"status": "member"}}
MENTION: dict[str, Any] = {
    "mention": {"mentionees": [{"index": 0, "length": 4, "type": "user", "isSelf": True}]}
}
EMOJI: dict[str, Any] = {"emojis": [{"index": 0, "length": 5, "productId": "1", "emojiId": "2"}]}

UPDATES = [
    update("message", message("phone?")),
    update("message", message("/contact@desk_bot")),
    update("message", message(photo=[{"file_id": "1"}], caption="where?")),
    update("message", message(sticker={"file_id": "1"})),
    update(
        "message", group_message("@desk_bot phone?", message_thread_id=3, is_topic_message=True)
    ),
    update("message", group_message("fax?", reply_to_message=group_message("Hi", **{"from": ME}))),
    update("edited_message", message("fax?", edit_date=1_700_000_001)),
    update("callback_query", press()),
    update("callback_query", press(inline_message_id="inline-1", message=None)),
    update("inline_query", {"id": "query-1", "from": ANNA, "query": "phone", "offset": ""}),
    update("guest_message", group_message("@desk_bot phone?", guest_query_id="guest-1")),
    update("my_chat_member", {**group_message(), **BOT_IS_IN}),
]

EVENTS = [
    {"destination": "U0", "events": events}
    for events in (
        [fake_line.text("phone?")],
        [fake_line.text("/help")],
        [fake_line.text("(x) phone?", markAsReadToken="read", **EMOJI)],
        [fake_line.in_group(fake_line.text("@bot phone?", **MENTION))],
        [fake_line.in_group(fake_line.text("/ask phone?") | {"type": "messageEdited"})],
        [fake_line.event(message={"type": "sticker", "id": "1", "packageId": "1"})],
        [fake_line.event("postback", postback={"data": "ask:hours"})],
        [fake_line.event("follow", follow={"isUnblocked": False})],
        [fake_line.in_group(fake_line.event("join"))],
        [fake_line.text("a"), fake_line.event("unsend", unsend={"messageId": "1"})],
        [],
    )
]


class Inbox:
    """Takes only what any store can hold."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        for arrival in arrivals:
            assert arrival.key.partition(":")[2]
            assert arrival.message.chat
            assert math.isfinite(arrival.sent_at)
            kept = json.dumps(asdict(arrival), ensure_ascii=False, allow_nan=False)
            assert json.loads(kept.encode())["message"]["kind"] == arrival.message.kind
            self.kinds[arrival.message.kind] += 1


async def respond(message: Message) -> Reply:
    return Reply("en", "answer", "Call us.", choices=(Choice("Fax", "ask:fax"),))


async def statuses(
    routes: list[Route], samples: list[Any], headers: Callable[[bytes], dict[str, str]]
) -> Counter[int]:
    """Posts damaged webhooks; returns how often there was which status.

    An exception inside the route comes out of here, with the number of its webhook as a note.
    """
    transport = httpx.ASGITransport(app=Starlette(routes=routes))
    found: Counter[int] = Counter()
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as http:
        for number in range(EACH):
            body = damaged(samples, Random(number))
            try:
                answer = await http.post(routes[0].path, content=body, headers=headers(body))
            except Exception as error:
                error.add_note(f"webhook {number}: {body!r}")
                raise
            assert answer.status_code in (200, 400), f"webhook {number}: {body!r}"
            found[answer.status_code] += 1
    return found


def check(inbox: Inbox, found: Counter[int], log: pytest.LogCaptureFixture) -> None:
    """Fails if the damage went so far, or so little far, that nothing was shown."""
    assert found.total() == EACH
    assert min(found[200], found[400]) > EACH / 50
    assert set(inbox.kinds) == {"text", "choice", "command", "start", "join", "other"}
    assert [record.getMessage() for record in log.records if record.levelno >= logging.ERROR] == []


async def test_no_damaged_update_of_telegram_is_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    inbox = Inbox()
    async with fake_bot_api() as api:
        telegram = Telegram(
            TOKEN, respond, lambda _: "Map", webhook_secret=SECRET, base_url=api.base_url
        )
        header = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        found = await statuses(telegram.routes(inbox.accept), UPDATES, lambda _: header)
        await telegram.close()

    check(inbox, found, caplog)


async def test_no_damaged_webhook_of_line_is_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    inbox = Inbox()
    async with fake_line.FakeLine() as fake:
        line = Line(
            channel_secret=fake_line.SECRET,
            access_token=fake_line.TOKEN,
            accept=inbox.accept,
            words=lambda: WORDS,
            prefixes=("/ask",),
            api_base_url=fake.url,
        )
        found = await statuses(
            line.routes(), EVENTS, lambda body: {"X-Line-Signature": fake_line.signature(body)}
        )
        await line.close()

    check(inbox, found, caplog)
