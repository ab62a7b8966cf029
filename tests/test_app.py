"""The whole application, as `serve` runs it, without a platform."""

from __future__ import annotations

from pathlib import Path

import httpx

from bot.app import running
from bot.settings import Settings
from tests import small_office


async def test_what_runs_answers_and_tells_how_it_is(tmp_path: Path) -> None:
    settings = Settings(state_url=f"sqlite:///{tmp_path}/state.db")
    turn = {"chat": "c", "kind": "text", "text": "embassy phone number", "language": ""}

    async with (
        running(settings, small_office.assistant()) as app,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client,
    ):
        reply = (await client.post("/chat", json=turn)).json()
        alive, ready = await client.get("/healthz"), await client.get("/readyz")
        metrics = (await client.get("/metrics")).text
        webhooks = [await client.post(path, content=b"{}") for path in ("/telegram", "/line")]

    assert "111-11-11" in reply["text"]
    assert (alive.status_code, ready.status_code) == (200, 200)
    assert 'infobot_messages_total{event="replies.web.answer"} 1' in metrics
    assert [answer.status_code for answer in webhooks] == [404, 404]


async def test_a_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    settings = Settings(state_url=f"sqlite:///{tmp_path}/state.db")

    async with running(settings, small_office.assistant()):
        pass
    key = tmp_path / "state.db.key"
    first = key.read_bytes()
    async with running(settings, small_office.assistant()):
        pass

    assert len(first) == 64
    assert key.read_bytes() == first
    assert key.stat().st_mode & 0o077 == 0
