from __future__ import annotations

import json

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters import web
from tests.chat_page import app_with, client_of, turn


@pytest.fixture
def client() -> httpx.AsyncClient:
    return client_of(app_with())


NO_TEXTS: tuple[object, ...] = (None, 1, True, [], {})
BAD = {
    "empty": b"",
    "no JSON": b"kind=text",
    "no UTF-8": b"\xff\xfe\x00",
    "null": b"null",
    "a number": b"5",
    "a number of many digits": b"9" * 10_000,
    "a string": b'"chat kind text language"',
    "a list": b"[]",
    "nested lists": b"[" * 30_000,
    "nested objects": b'{"chat":' * 4_000,
    "nested in a field": json.dumps(turn()).encode()[:-3] + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "an unknown kind": json.dumps(turn(kind="command")).encode(),
    "a long chat": json.dumps(turn(chat="c" * 65)).encode(),
    "a text just too large": json.dumps(turn("a" * web.MAX_BODY)).encode(),
    "a megabyte of text": json.dumps(turn("ก" * 350_000), ensure_ascii=False).encode(),
    "a megabyte of blanks": json.dumps(turn()).encode() + b" " * 1_000_000,
    **{f"no {name}": json.dumps({k: v for k, v in turn().items() if k != name}).encode()
       for name in turn()},
    **{f"{name} is {value}": json.dumps({**turn(), name: value}).encode()
       for name in turn() for value in NO_TEXTS},
}  # fmt: skip


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
async def test_what_is_no_message_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/chat", content=body)

    assert (answer.status_code, answer.json()) == (400, {"error": "not a message"})


async def test_the_largest_message_is_answered(client: httpx.AsyncClient) -> None:
    text = "a" * (web.MAX_BODY - len(json.dumps(turn())))
    body = json.dumps(turn(text)).encode()

    assert len(body) == web.MAX_BODY
    assert (await client.post("/chat", content=body)).status_code == 200


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
#: Half a surrogate pair is no character, and JSON can write it all the same.
ANY_TEXT = st.text(max_size=80) | st.text(st.sampled_from("aก\ud800\udfff"), max_size=80)
MESSAGES = st.fixed_dictionaries(
    {
        "chat": ANY_TEXT,
        "kind": st.sampled_from(["start", "text", "choice"]),
        "text": ANY_TEXT,
        "language": st.sampled_from(["", "th", "en", "xx"]) | ANY_TEXT,
    }
)
ODD_MESSAGES = st.builds(lambda whole, part: {**whole, **part}, MESSAGES,
                         st.dictionaries(st.sampled_from(sorted(turn())), ANY_JSON))  # fmt: skip
APP = app_with()


@given(st.binary() | st.one_of(ANY_JSON, ODD_MESSAGES).map(lambda raw: json.dumps(raw).encode()))
@settings(deadline=None)
async def test_no_body_breaks_the_server(body: bytes) -> None:
    assert (await client_of(APP).post("/chat", content=body)).status_code in (200, 400)


@given(MESSAGES)
@settings(deadline=None)
async def test_every_message_is_answered(message: dict[str, str]) -> None:
    answer = await client_of(APP).post("/chat", content=json.dumps(message).encode())

    assert answer.status_code == 200
    assert answer.json()["language"] in ("th", "en")
    assert answer.json()["text"]
