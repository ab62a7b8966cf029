"""The way to the Bot API when the Bot API is not what it should be."""

from __future__ import annotations

import asyncio

import pytest
from telegram.error import NetworkError, TimedOut

from bot.adapters.telegram_client import Client
from tests.fakes.telegram import TOKEN, connected, fake_bot_api


async def test_an_answer_that_does_not_come_in_time_is_no_longer_waited_for() -> None:
    async with connected() as (_, client):
        with pytest.raises(TimedOut):
            await client.bot.get_updates(offset=0, read_timeout=0.05)


async def test_a_server_that_is_not_there_is_told_without_the_token() -> None:
    async with fake_bot_api() as api:
        base_url = api.base_url
    client = Client(TOKEN, base_url)

    with pytest.raises(NetworkError) as raised:
        await client.bot.get_me()

    assert TOKEN not in str(raised.value)
    await client.close()


async def test_a_closed_connection_opens_anew_with_the_next_call() -> None:
    async with connected() as (api, client):
        await asyncio.gather(*(client.bot.delete_webhook() for _ in range(3)))
        await client.close()
        await client.bot.delete_webhook()

    assert len(api.asked("deleteWebhook")) == 4
