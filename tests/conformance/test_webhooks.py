"""Webhooks that no platform sent, or that it should not have sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.conformance.scene import Scene, texts, until_said

HEADER = {"telegram": "X-Telegram-Bot-Api-Secret-Token", "line": "X-Line-Signature"}

#: What a stranger writes; it must not be found in the log.
WORDS = "words of a stranger"

#: Of no JSON object at all, whatever the platform.
MALFORMED = {
    "empty": b"",
    "cut": b'{"update_id": 1, "events": [',
    "not UTF-8": b'{"update_id": 1, "events": "\xff\xfe"}',
    "list": b"[]",
    "null": b"null",
    "text": b'"' + WORDS.encode() + b'"',
    "number": b"1",
    "not a number": b"NaN",
    "endless number": b"1" * 10_000,
    "deep": b"[" * 200_000,
    "deep objects": b'{"events":' * 60_000,
}


class Sender:
    """Posts to the bot's webhooks as anybody can."""

    def __init__(self, scene: Scene, http: httpx.AsyncClient) -> None:
        self._scene = scene
        self._http = http

    def credential(self, platform: str, body: bytes) -> str:
        """Returns what the platform proves itself with."""
        return str(
            self._scene.bot.secret if platform == "telegram" else self._scene.line.sign(body)
        )

    async def post(self, platform: str, body: bytes, credential: str | bytes | None) -> int:
        """Returns the status."""
        value = credential.encode() if isinstance(credential, str) else credential
        headers = {} if value is None else {HEADER[platform].encode(): value}
        return (await self._http.post(f"/{platform}", content=body, headers=headers)).status_code

    async def statuses(self, *paths: str) -> list[int]:
        """Gets paths; returns their statuses."""
        return [(await self._http.get(path)).status_code for path in paths]

    async def signed(self, platform: str, body: bytes) -> int:
        """Posts as the platform does."""
        return await self.post(platform, body, self.credential(platform, body))


@pytest.fixture
async def sender(scene: Scene) -> AsyncIterator[Sender]:
    async with httpx.AsyncClient(base_url=scene.bot.url, trust_env=False, timeout=20) as http:
        yield Sender(scene, http)


def asked(scene: Scene, platform: str, text: str) -> tuple[Any, bytes]:
    """Returns somebody new, and the webhook that tells of what they wrote."""
    person = scene.person(platform)
    if platform == "line":
        event = person.text(text)
        return person, json.dumps({"destination": "U0", "events": [event]}).encode()
    scene.tg.flags[person.key].add("started")
    message = scene.tg.new_message(person.chat, person.user, text=text)
    return person, json.dumps({"update_id": person.key, "message": message}).encode()


@pytest.mark.parametrize(
    "credential",
    [
        None,
        "",
        "wrong",
        "webhook-secret_",
        "webhook-secret_1x",
        "d3Jvbmc=",
        "รหัสลับ".encode(),
        b"\xff\xfe\xfd",
        b"x" * 4_000,
    ],
    ids=["none", "empty", "wrong", "short", "long", "base64", "Thai", "not UTF-8", "huge"],
)
async def test_who_cannot_prove_to_be_the_platform_is_refused(
    scene: Scene, sender: Sender, platform: str, credential: str | bytes | None
) -> None:
    person, body = asked(scene, platform, WORDS)

    assert await sender.post(platform, body, credential) == 401

    await scene.ask(scene.person(platform))
    assert texts(person) == []


async def test_a_changed_body_is_refused(scene: Scene, sender: Sender) -> None:
    person, body = asked(scene, "line", scene.phrase("hours", "en"))
    signature = sender.credential("line", body)

    assert await sender.post("line", body.replace(b"U0", b"U1"), signature) == 401
    assert await sender.post("line", body + b" ", signature) == 401
    assert await sender.post("line", body, signature.lower()) == 401
    assert texts(person) == []


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
async def test_what_is_no_webhook_is_refused(sender: Sender, platform: str, body: bytes) -> None:
    assert await sender.signed(platform, body) == 400


@pytest.mark.parametrize("body", [b"{}", b'{"events": null}', b'{"events": {"0": {}}}'])
async def test_line_s_events_must_be_a_list(sender: Sender, body: bytes) -> None:
    assert await sender.signed("line", body) == 400


async def test_an_oversized_body_is_refused(sender: Sender, platform: str) -> None:
    body = json.dumps({"update_id": 1, "events": [], "text": WORDS * 80_000}).encode()

    assert await sender.signed(platform, body) == 413
    assert await sender.post(platform, body, None) == 401
    assert await sender.post(platform, body, "wrong") in (401, 413)


async def test_what_is_not_known_is_taken_and_passed_over(sender: Sender, platform: str) -> None:
    strange = [
        {"update_id": 1, "events": []},
        {"update_id": 2, "telepathy": {"text": WORDS}, "events": [{"type": "telepathy"}]},
        {"update_id": "3", "message": [], "events": [None, 1, WORDS, [], {}]},
        {"update_id": -1, "message": {"text": WORDS}, "events": [{"message": {"text": WORDS}}]},
        {"update_id": 10**30, "callback_query": {}, "events": [{"type": "message"}]},
    ]

    assert [await sender.signed(platform, json.dumps(s).encode()) for s in strange] == [200] * 5


async def test_a_replayed_webhook_is_not_answered_again(
    scene: Scene, sender: Sender, platform: str
) -> None:
    person, body = asked(scene, platform, scene.phrase("hours", "en"))

    at_once = await asyncio.gather(*(sender.signed(platform, body) for _ in range(8)))
    await until_said(person, scene.answer("hours", "en"))
    later = await sender.signed(platform, body)
    await scene.ask(person, "customs")

    assert {*at_once, later} == {200}
    assert texts(person) == [scene.answer("hours", "en"), scene.answer("customs", "en")]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_only_post_is_allowed(scene: Scene, platform: str, method: str) -> None:
    async with httpx.AsyncClient(base_url=scene.bot.url, trust_env=False) as http:
        assert (await http.request(method, f"/{platform}")).status_code == 405


async def test_nothing_of_all_this_is_in_the_log(scene: Scene, sender: Sender) -> None:
    _, body = asked(scene, "line", WORDS)
    await sender.post("line", body, "signature-of-a-stranger")
    await scene.ask(scene.person("line"))

    assert WORDS not in scene.bot.log
    assert "signature-of-a-stranger" not in scene.bot.log


async def test_the_bot_tells_that_it_is_alive_and_ready(sender: Sender) -> None:
    assert await sender.statuses("/healthz", "/readyz") == [200, 200]
