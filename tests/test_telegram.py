"""Updates by webhook, and what is answered at once."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from bot.adapters.telegram import MAX_BODY, Telegram
from bot.errors import StateUnavailable
from tests.fakes.telegram import ANNA, TOKEN, message, press, update
from tests.telegram_desk import HEADER, Desk, open_desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as desk:
        yield desk


async def test_an_update_is_kept_before_it_is_acknowledged(desk: Desk) -> None:
    status = await desk.post(update("message", message("phone?"), 9))

    assert status == 200
    assert [arrival.key for arrival in desk.arrivals] == ["telegram:9"]


async def test_an_update_that_cannot_be_kept_is_sent_again(desk: Desk) -> None:
    desk.faults.append(StateUnavailable("no disk"))

    assert await desk.post(update("message", message("phone?"))) == 503
    assert await desk.post(update("message", message("phone?"))) == 200
    assert len(desk.arrivals) == 1


@pytest.mark.parametrize(
    "secret", [b"", b"s-2", b"s-1x", "ก".encode(), b"\xff\xfe"],
    ids=["none", "wrong", "longer", "Thai", "no text"],
)  # fmt: skip
async def test_a_forged_update_is_refused(desk: Desk, secret: bytes) -> None:
    assert await desk.post(update("message", message("phone?")), secret) == 401
    assert desk.arrivals == []


async def test_without_a_secret_of_its_own_everything_is_refused(desk: Desk) -> None:
    bare = Telegram(TOKEN, desk.respond, str, base_url=desk.api.base_url)
    app = Starlette(routes=bare.routes(desk.accept))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://b") as client:
        response = await client.post("/telegram", content=b"{}", headers=[(HEADER, b"")])
    await bare.close()

    assert response.status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"x" * (MAX_BODY + 1), 413),
        (b"", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b"[]", 400),
        (b"null", 400),
        (b"[" * 100_000, 400),
        (b'{"update_id": ' + b"9" * 5000 + b"}", 400),
        (b"{}", 200),
        (b'{"update_id": 1, "unheard_of": {"text": "x"}}', 200),
        (b'{"update_id": 1, "message": 5}', 200),
    ],
    ids=[
        "too large", "empty", "cut off", "not UTF-8", "a list", "null", "deep", "huge number",
        "no update", "unknown kind", "no message",
    ],
)  # fmt: skip
async def test_what_is_no_update_is_refused_or_passed_over(
    desk: Desk, body: bytes, status: int
) -> None:
    assert await desk.post(body) == status
    assert desk.arrivals == []


async def test_nothing_is_logged_of_what_strangers_send(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await desk.post(update("message", message("my passport")), b"wrong-secret")
    await desk.post(b'{"my passport": ')
    await desk.post(update("message", message("my passport")))

    assert "my passport" not in caplog.text
    assert "wrong-secret" not in caplog.text
    assert TOKEN not in caplog.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    cut=st.integers(0, 500), put=st.binary(max_size=8), kind=st.sampled_from(["message", "press"])
)
async def test_no_body_breaks_the_webhook(desk: Desk, cut: int, put: bytes, kind: str) -> None:
    sound = (
        update("message", message("hi")) if kind == "message" else update("callback_query", press())
    )
    body = json.dumps(sound).encode()
    broken = body[:cut] + put + body[cut + len(put) :]

    assert await desk.post(broken) in (200, 400)


async def test_a_press_is_answered_before_its_reply(desk: Desk) -> None:
    desk.api.refuse("answerCallbackQuery", 500, "Internal Server Error")
    await desk.post(update("callback_query", press()))
    await desk.api.until("answerCallbackQuery", times=2)

    assert [call["callback_query_id"] for call in desk.api.asked("answerCallbackQuery")] == [
        "press-1",
        "press-1",
    ]


async def test_an_old_press_is_answered_too_and_its_refusal_is_borne(desk: Desk) -> None:
    desk.api.refuse("answerCallbackQuery", 400, "Bad Request: query is too old")
    await desk.post(update("callback_query", press()))
    await desk.api.until("answerCallbackQuery")

    assert len(desk.arrivals) == 1


async def inline_results(desk: Desk, query: str) -> dict[str, Any]:
    await desk.post(update("inline_query", {"id": "i1", "from": ANNA, "query": query}))
    await desk.api.until("answerInlineQuery")
    return desk.api.asked("answerInlineQuery")[-1]


async def test_an_inline_query_is_answered_past_the_inbox(desk: Desk) -> None:
    answer = await inline_results(desk, "phone")

    (result,) = answer["results"]
    assert (result["title"], result["input_message_content"]["message_text"]) == (
        "Call 123",
        "Call 123",
    )
    assert answer["is_personal"] is True
    assert answer["cache_time"] <= 30
    assert desk.arrivals == []


@pytest.mark.parametrize("query", ["something", ""], ids=["unsure", "nothing typed"])
async def test_an_unsure_inline_query_offers_an_answer_a_topic(desk: Desk, query: str) -> None:
    answer = await inline_results(desk, query)

    results = answer["results"]
    assert [result["title"] for result in results] == ["Hours", "Price"]
    assert [result["description"] for result in results] == ["About ask:hours", "About ask:price"]
    assert len({result["id"] for result in results}) == 2
    assert [asked.language_choice for asked in desk.asked] == ["", "th", "th"]
