"""LINE's webhooks over HTTP."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from bot.adapters.line import MAX_BODY
from tests.fakes.line import SECRET, USER, FakeLine, event, signature, text, webhook
from tests.fakes.line_bot import LineBot


@pytest.fixture
async def fake() -> AsyncIterator[FakeLine]:
    async with FakeLine() as line:
        yield line


@pytest.fixture
async def bot(fake: FakeLine) -> AsyncIterator[LineBot]:
    async with LineBot(fake) as made:
        yield made


async def test_the_console_s_verify_gets_200(bot: LineBot) -> None:
    assert await bot.post(webhook()) == 200
    assert bot.arrivals == []


async def test_a_webhook_is_kept_before_it_is_acknowledged(bot: LineBot) -> None:
    assert await bot.post(webhook(text("a", 1), text("b", 2))) == 200
    assert [arrival.key for arrival in bot.arrivals] == ["line:event1", "line:event2"]


async def test_what_cannot_be_kept_is_asked_for_again(bot: LineBot) -> None:
    bot.is_down = True

    assert await bot.post(webhook(text("a"))) == 503


@pytest.mark.parametrize("sign", ["", "forged", "ลายเซ็น".encode(), b"\xff\xfe"])
async def test_an_unsigned_or_forged_webhook_is_refused(
    bot: LineBot, caplog: pytest.LogCaptureFixture, sign: str | bytes
) -> None:
    caplog.set_level(logging.DEBUG)

    assert await bot.post(webhook(text("a")), sign) == 401
    assert bot.arrivals == []
    assert SECRET not in caplog.text


async def test_a_webhook_without_the_header_is_refused(bot: LineBot) -> None:
    assert (await bot.http.post("/line", content=webhook(text("a")))).status_code == 401


async def test_a_changed_body_is_refused(bot: LineBot) -> None:
    assert await bot.post(webhook(text("b")), signature(webhook(text("a")))) == 401


async def test_a_body_too_large_is_refused(bot: LineBot) -> None:
    assert await bot.post(b" " * (MAX_BODY + 1)) == 413


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"events": 7}'])
async def test_a_malformed_body_is_refused(bot: LineBot, body: bytes) -> None:
    assert await bot.post(body) == 400


async def test_an_unknown_kind_of_event_is_passed_over(bot: LineBot) -> None:
    assert await bot.post(webhook(event("brandNew"))) == 200
    assert bot.arrivals == []


async def test_the_language_of_somebody_new_comes_from_the_profile_once(
    bot: LineBot, fake: FakeLine
) -> None:
    fake.language = "en"

    hints = [(await bot.said(event("follow", number))).language_hint for number in (1, 2)]

    assert hints == ["en", "en"]
    assert fake.paths() == [f"/profile/{USER}"]


@pytest.mark.parametrize("status", [404, 500])
async def test_without_a_profile_the_message_comes_all_the_same(
    bot: LineBot, fake: FakeLine, status: int
) -> None:
    fake.fail(f"/profile/{USER}", status)

    assert (await bot.said(event("follow"))).language_hint == ""


def test_neither_the_sdk_nor_the_picture_library_is_loaded_before_it_is_needed() -> None:
    code = (
        "import sys, bot.adapters.line, bot.adapters.line_setup;"
        "sys.exit(bool({'linebot', 'PIL', 'aiohttp'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
