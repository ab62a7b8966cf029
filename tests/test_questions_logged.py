"""Which messages the question log keeps, and what of them: from the message to the state."""

from __future__ import annotations

import logging
from pathlib import Path

import httpx
import pytest

from bot.app import responder, running
from bot.asked import Asked
from bot.inbox import Arrival
from bot.model import Kind, Message
from bot.settings import Settings
from bot.state import State, open_state
from bot.workers import Workers
from tests import small_office
from tests.fakes.outlet import QUICK, FakeOutlet, later, working
from tests.state_engines import SECRET_KEY

pytest_plugins = ("tests.state_fixtures",)

PHONE = "embassy phone number"


def message(text: str, number: int, kind: Kind = "text", sent_at: float = 0.0) -> Arrival:
    said = Message("telegram", "ann", kind, text, person="ann")
    return Arrival(f"telegram:{number}", said, sent_at or 1e12)


async def answered(state: State, outlet: FakeOutlet, *arrivals: Arrival) -> list[Asked]:
    """Returns what is logged once every arrival is dealt with."""
    outlets = {"telegram": outlet}
    async with working(Workers(state, small_office.assistant(), outlets, QUICK)) as workers:
        await workers.accept(arrivals)
        await outlet.until_sent(len(arrivals))
    return [question for _, question in await state.questions()]


async def test_an_answered_text_is_logged_once(state: State, outlet: FakeOutlet) -> None:
    outlet.failures["ann"] = [later(), later()]

    [question] = await answered(state, outlet, message(PHONE, 1))

    assert (question.text, question.outcome) == (PHONE, "answer")
    assert question.intents == ("embassy_phone",)
    assert question.confidence > 0.9
    assert (question.channel, question.language) == ("telegram", "en")
    assert question.chat == state.chat_key("telegram", "ann")
    assert question.took_ms > 0


async def test_what_is_no_question_is_not_logged(state: State, outlet: FakeOutlet) -> None:
    logged = await answered(
        state,
        outlet,
        message("contact", 1, "command"),
        message("ask:embassy_fax", 2, "choice"),
        message("", 3, "other"),
        message("", 4, "start"),
        message(PHONE, 5, sent_at=1),  # so late that it gets an apology
    )

    assert logged == []


async def test_an_unknown_question_is_logged_masked(state: State, outlet: FakeOutlet) -> None:
    [question] = await answered(state, outlet, message("โทรหาผม ๐๘๑-๒๓๔-๕๖๗๘ xyzzy", 1))

    assert question.text == "โทรหาผม <phone> xyzzy"
    assert question.outcome != "answer"


async def test_forgetting_erases_the_questions_too(
    state: State, outlet: FakeOutlet, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        logged = await answered(
            state,
            outlet,
            message("an odd question about zebras", 1),
            message("forget", 2, "command"),
            message(PHONE, 3),
        )

    assert [question.text for question in logged] == [PHONE]
    assert "zebras" not in caplog.text


async def test_who_writes_forget_on_the_chat_page_is_forgotten(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/state.db"
    turn = {"chat": "c", "kind": "text", "text": "about zebras", "language": "en"}
    async with (
        running(Settings(state_url=url), small_office.assistant()) as app,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client,
    ):
        await client.post("/chat", json=turn)
        await client.post("/chat", json=turn | {"chat": "other"})
        told = (await client.post("/chat", json=turn | {"text": " /Forget"})).json()
    state = await open_state(url, SECRET_KEY)

    assert told["text"] == "Erased"
    assert len(await state.questions()) == 1
    await state.close()


async def test_the_chat_page_is_logged_and_inline_queries_are_not(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/state.db"
    settings = Settings(state_url=url)
    turn = {"chat": "c", "kind": "text", "text": "mail ann@example.org xyzzy", "language": ""}
    async with (
        running(settings, small_office.assistant()) as app,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client,
    ):
        await client.post("/chat", json=turn)
        await client.post("/chat", json=turn | {"kind": "choice", "text": "ask:embassy_fax"})
    state = await open_state(url, SECRET_KEY)
    inline = Message("telegram", "7", text=PHONE)
    await responder(small_office.assistant(), state)(inline)

    [(_, question)] = await state.questions()
    await state.close()

    assert (question.channel, question.text) == ("web", "mail <email> xyzzy")
