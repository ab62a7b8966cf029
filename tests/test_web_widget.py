"""The widget's routes, without a browser; tests/test_widget.py has one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import running
from bot.settings import Secret, Settings
from tests import small_office
from tests.chat_page import app_with, client_of


async def test_without_origins_there_is_no_widget() -> None:
    async with client_of(app_with()) as client:
        answers = [await client.get(path) for path in ("/widget.js", "/widget")]

    assert [answer.status_code for answer in answers] == [404, 404]


ORIGINS = ["https://www.example.org", "http://localhost:3000"]


@pytest.mark.parametrize("origin", ORIGINS)
async def test_the_framed_page_names_the_one_site_that_frames_it(origin: str) -> None:
    async with client_of(app_with(widget_origins=ORIGINS)) as client:
        framed = await client.get("/widget", params={"host": origin, "language": "en"})
        alone = await client.get("/")

    policy = framed.headers["content-security-policy"]
    assert policy.endswith(f"; frame-ancestors {origin}")
    assert (
        policy.partition("frame-ancestors")[0]
        == (alone.headers["content-security-policy"].partition("frame-ancestors")[0])
    )
    assert '<html lang="en">' in framed.text
    assert alone.headers["content-security-policy"].endswith("; frame-ancestors 'none'")


@pytest.mark.parametrize(
    "host",
    ["", "null", "*", "https://example.org", "https://www.example.org.evil.com",
     "https://www.example.org; script-src *", "https://www.example.org/"],
)  # fmt: skip
async def test_the_framed_page_is_served_to_no_other_site(host: str) -> None:
    async with client_of(app_with(widget_origins=ORIGINS)) as client:
        answer = await client.get("/widget", params={"host": host})

    assert answer.status_code == 404
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_the_whole_application_serves_the_widget_that_its_setting_allows(
    tmp_path: Path,
) -> None:
    config = Settings(
        state_url=f"sqlite:///{tmp_path}/state.db",
        secret_key=Secret("k" * 32),
        widget_origins=("https://www.example.org",),
    )
    async with running(config, small_office.assistant()) as app, client_of(app) as client:
        script = await client.get("/widget.js")

    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert '"origins": ["https://www.example.org"]' in script.text
    assert "{{" not in script.text
