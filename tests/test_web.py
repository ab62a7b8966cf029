from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.adapters import web
from bot.app import running
from bot.limits import Limiter
from bot.model import Choice, ContactCard, Message, PhoneNumber, Reply
from bot.settings import Secret, Settings
from tests import small_office
from tests.chat_page import WORDS, app_with, client_of, turn

EVIL = "</script><script>alert(1)</script>"


@pytest.fixture
def client() -> httpx.AsyncClient:
    return client_of(app_with())


class Tags(HTMLParser):
    """Collects the tags of a page and what stands in its scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.cdata_elem in self.raw:
            self.raw[self.cdata_elem].append(data)


def config_of(page: str) -> dict[str, Any]:
    """Returns what the script reads: the content of the only script element that has some."""
    (text,) = Tags(page).raw["script"]
    config: dict[str, Any] = json.loads(text)
    return config


async def test_the_page_is_served_with_a_policy_that_refuses_all_else(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/")
    policy = dict(
        directive.strip().split(" ", 1)
        for directive in page.headers["content-security-policy"].split(";")
    )

    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert policy.pop("img-src") == "'self' data:"
    assert {policy.pop(name) for name in ("default-src", "base-uri", "frame-ancestors")} == {
        "'none'"
    }
    assert set(policy) == {"script-src", "style-src", "connect-src", "form-action"}
    assert set(policy.values()) == {"'self'"}
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"


async def test_the_page_has_nothing_inline_and_nothing_from_elsewhere(
    client: httpx.AsyncClient,
) -> None:
    page = (await client.get("/")).text
    tags = Tags(page)
    links = {
        value
        for _, attributes in tags.tags
        for name, value in attributes.items()
        if name in ("src", "href") and not (value or "").startswith("data:")
    }

    assert links == {"/static/chat.css", "/static/chat.js"}
    assert tags.raw["style"] == []
    attributes = {name for _, found in tags.tags for name in found}
    assert not {name for name in attributes if name == "style" or name.startswith("on")}
    scripts = [found for tag, found in tags.tags if tag == "script"]
    assert [s.get("src") or s["type"] for s in scripts] == ["application/json", "/static/chat.js"]


async def test_the_page_holds_its_words_in_every_language(client: httpx.AsyncClient) -> None:
    page = (await client.get("/")).text
    config = config_of(page)

    assert config["languages"] == [
        {"code": "th", "name": "ไทย"},
        {"code": "en", "name": "English"},
    ]
    assert config["names"] == {"th": "ข้อมูลสถานทูตนอร์เวย์", "en": "Norway Info"}
    assert config["ui"]["en"]["placeholder"] == "Ask here"
    assert config["ui"]["th"]["map"] == "แผนที่"
    assert set(config["ui"]["th"]) == set(config["ui"]["en"])
    assert '<html lang="th">' in page
    assert "Ring (+66 2) 111-11-11, (+66 2) 111-11-12</p></noscript>" in page
    assert "{{" not in page


@pytest.mark.parametrize(
    ("accepted", "language", "title"),
    [
        ("en", "en", "Norway Info"),
        ("ru, EN-gb;q=0.8, th;q=0.7", "en", "Norway Info"),
        ("th-TH,en", "th", "ข้อมูลสถานทูตนอร์เวย์"),
        ("ru,*;q=0.1", "th", "ข้อมูลสถานทูตนอร์เวย์"),
        ('";,<script>', "th", "ข้อมูลสถานทูตนอร์เวย์"),
    ],
    ids=["English", "English rather", "Thai", "neither", "nonsense"],
)
async def test_the_page_opens_in_the_language_of_the_browser(
    client: httpx.AsyncClient, accepted: str, language: str, title: str
) -> None:
    page = await client.get("/", headers={"Accept-Language": accepted})

    assert f'<html lang="{language}">' in page.text
    assert f"<title>{title}</title>" in page.text
    assert page.headers["vary"] == "Accept-Language"


async def test_a_page_switched_at_once_is_welcomed_in_the_other_language(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/chat", json=turn(kind="start", language="th"))
    answer = await client.post("/chat", json=turn(kind="start", language="en"))

    assert answer.json()["text"] == "Welcome"


async def test_words_that_look_like_markup_stay_words() -> None:
    ui = {"th": {"no_script": EVIL, "send": EVIL}}
    words = web.PageWords({"th": EVIL}, {"th": EVIL + '\u2028&"'}, ui, {"th": ""})
    async with client_of(app_with(words)) as client:
        page = (await client.get("/")).text
    plain = (await client_of(app_with()).get("/")).text

    assert "<script>" not in page
    assert [tag for tag, _ in Tags(page).tags] == [tag for tag, _ in Tags(plain).tags]
    config = config_of(page)
    assert config["names"]["th"] == EVIL + '\u2028&"'
    assert config["ui"]["th"]["send"] == EVIL


@pytest.mark.parametrize(("language", "text"), [("th", "ยินดีต้อนรับ"), ("en", "Welcome")])
async def test_a_start_is_answered_with_the_welcome_in_the_language_of_the_page(
    client: httpx.AsyncClient, language: str, text: str
) -> None:
    answer = await client.post("/chat", json=turn(kind="start", language=language))

    assert answer.status_code == 200
    assert (answer.json()["language"], answer.json()["text"]) == (language, text)
    assert answer.json()["choices"][0]["data"] == "ask:embassy_phone"


async def test_the_language_of_the_page_is_no_choice_of_the_person(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/chat", json=turn(kind="start", language="th"))
    answer = await client.post("/chat", json=turn("embassy phone number"))

    assert answer.json()["language"] == "en"


async def test_a_question_is_answered_with_all_that_the_page_shows(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post("/chat", json=turn("embassy phone number"))
    reply = answer.json()

    assert answer.headers["content-type"] == "application/json"
    assert (reply["language"], reply["outcome"]) == ("en", "answer")
    assert reply["text"] == "Ring the embassy on (+66 2) 111-11-11, (+66 2) 111-11-12"
    (card,) = reply["cards"]
    assert (card["name"], card["address"]) == ("Embassy", "1 Test Road, Bangkok")
    assert card["phones"][0] == {"text": "(+66 2) 111-11-11", "e164": "+6621111111"}
    assert card["faxes"] == ["(+66 2) 111-11-13"]
    assert card["map_url"].startswith("https://")
    assert reply["choices"][0] == {"label": "Embassy fax", "data": "ask:embassy_fax"}


async def test_a_pressed_choice_is_answered(client: httpx.AsyncClient) -> None:
    answer = await client.post("/chat", json=turn("ask:address", kind="choice", language="en"))

    assert answer.json()["text"] == "1 Test Road, Bangkok"


@pytest.mark.parametrize("kind", ["text", "choice"])
async def test_a_chosen_language_is_kept_to(client: httpx.AsyncClient, kind: str) -> None:
    said = {"text": "embassy phone number", "choice": "ask:embassy_phone"}[kind]
    answer = await client.post("/chat", json=turn(said, kind=kind, language="th"))

    assert (answer.json()["language"], answer.json()["text"][:10]) == ("th", "โทรสถานทูต")


async def test_each_chat_is_a_conversation_of_its_own(client: httpx.AsyncClient) -> None:
    await client.post("/chat", json=turn("consular phone number", chat="a"))
    await client.post("/chat", json=turn("embassy phone number", chat="b"))
    texts = [
        (await client.post("/chat", json=turn("and the fax?", chat=chat))).json()["text"][:9]
        for chat in ("a", "b")
    ]

    assert texts == ["Fax the c", "Fax the e"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Slow down please"), ("th", "กรุณาช้าลง"), ("", "กรุณาช้าลง"), ("xx", "กรุณาช้าลง")],
    ids=["English", "Thai", "none chosen", "one not spoken"],
)
async def test_who_sends_too_much_is_told_so_in_their_language(
    language: str, sentence: str
) -> None:
    async with client_of(app_with(burst=2)) as client:
        answers = [await client.post("/chat", json=turn("hi", language=language)) for _ in "123"]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json() == {"error": sentence}


@pytest.mark.parametrize(
    ("name", "kind"), [("chat.css", "text/css"), ("chat.js", "text/javascript")]
)
async def test_what_the_page_is_made_of_is_served(
    client: httpx.AsyncClient, name: str, kind: str
) -> None:
    answer = await client.get(f"/static/{name}")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(answer.content) > 1000


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/page.html", "/static/none.css", "/static/..%2f..%2fapp.py",
     "/static/%2e%2e/page.html", "/static//etc/passwd", "/static/chat.js%00", "/page.html",
     "/knowledge.yaml", "/.env", "/docs", "/openapi.json", "/chat/1"],
)  # fmt: skip
async def test_nothing_else_is_served(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize(("method", "path"), [("POST", "/"), ("GET", "/chat"), ("PUT", "/chat")])
async def test_a_wrong_method_is_refused(client: httpx.AsyncClient, method: str, path: str) -> None:
    assert (await client.request(method, path)).status_code == 405


async def test_a_reply_goes_out_whole() -> None:
    reply = Reply(
        "en", "offer", "a\n\nb", offers=("x",), choices=(Choice("X", "ask:x"),),
        cards=(ContactCard("N", (PhoneNumber("1", "+1"),), ("2",), "A", "https://m", (1.0, 2.0)),),
    )  # fmt: skip

    async def respond(_message: Message) -> Reply:
        return reply

    app = Starlette(routes=[*web.routes(respond, lambda: WORDS, Limiter())])
    answer = (await client_of(app).post("/chat", json=turn())).json()

    assert answer["text"] == "a\n\nb"
    assert answer["choices"] == [{"label": "X", "data": "ask:x"}]
    assert answer["cards"][0] == {
        "name": "N", "phones": [{"text": "1", "e164": "+1"}], "faxes": ["2"],
        "address": "A", "map_url": "https://m", "position": [1.0, 2.0],
    }  # fmt: skip


async def test_the_whole_application_serves_the_page_and_says_that_it_is_alive(
    tmp_path: Path,
) -> None:
    config = Settings(state_url=f"sqlite:///{tmp_path}/state.db", secret_key=Secret("k" * 32))
    async with running(config, small_office.assistant()) as app, client_of(app) as client:
        alive, page = await client.get("/healthz"), await client.get("/")
        start = await client.post("/chat", json=turn(kind="start", language="en"))
        answer = await client.post("/chat", json=turn("consular phone number"))
        after = await client.post("/chat", json=turn("and the fax?"))

    assert (alive.status_code, alive.text) == (200, "alive\n")
    assert re.search("<title>ข้อมูลสถานทูตนอร์เวย์</title>", page.text)
    assert start.json()["text"] == "Welcome"
    assert answer.json()["cards"][0]["name"] == "Consular Section"
    assert after.json()["text"].startswith("Fax the consuls")
