"""Updates by polling: confirmed late, and got through every trouble."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest

from bot.errors import StateUnavailable
from tests.fakes.telegram import TOKEN, message, update
from tests.telegram_desk import Desk, open_desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as desk:
        yield desk


async def test_polling_confirms_updates_only_once_they_are_kept(desk: Desk) -> None:
    desk.faults.append(StateUnavailable("no disk"))
    async with desk.polling():
        await desk.api.tell(update("message", message("phone?"), 41))
        await desk.until_kept(1)
        await desk.api.until("getUpdates", times=3)

    assert [call["offset"] for call in desk.api.asked("getUpdates")] == [0, 0, 42]
    assert "my_chat_member" in desk.api.asked("getUpdates")[0]["allowed_updates"]


async def test_polling_outlives_a_server_that_fails_and_waits_longer_each_time(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(3):
        desk.api.refuse("getUpdates", 502, "Bad Gateway")
    desk.api.refuse("getUpdates", 429, "Too Many Requests", retry_after=40)
    await desk.api.tell(update("message", message("phone?")))
    async with desk.polling():
        await desk.until_kept(1)
        await desk.api.until("getUpdates", times=6)

    assert desk.pauses == [1.0, 2.0, 4.0, 40.0]
    told = [record.message for record in caplog.records if record.name == "bot.adapters.telegram"]
    assert told == [
        "Telegram cannot be reached; trying again",
        "Telegram: updates come in again",
    ]


@pytest.mark.parametrize(
    ("description", "word"),
    [
        ("Conflict: terminated by other getUpdates request", "another program polls"),
        ("Conflict: can't use getUpdates method while webhook is active", "infobot setup"),
    ],
)
async def test_a_second_poller_is_told_once_and_not_fought(
    desk: Desk, caplog: pytest.LogCaptureFixture, description: str, word: str
) -> None:
    desk.api.refuse("getUpdates", 409, description)
    desk.api.refuse("getUpdates", 409, description)
    await desk.api.tell(update("message", message("phone?")))
    async with desk.polling():
        await desk.until_kept(1)

    (told,) = [
        record.message for record in caplog.records if record.name == "bot.adapters.telegram"
    ]
    assert word in told
    assert desk.pauses == [10.0, 10.0]


async def test_a_refused_token_is_told_without_showing_it(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.api.refuse("getUpdates", 401, "Unauthorized")
    await desk.api.tell(update("message", message("phone?")))
    async with desk.polling():
        await desk.until_kept(1)

    assert "TELEGRAM_BOT_TOKEN" in caplog.text
    assert TOKEN not in caplog.text
    assert desk.pauses == [60.0]
