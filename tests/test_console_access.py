"""Who gets into the console, and what a form must prove."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from bot.console.access import SESSION_S, Gate, Visit
from tests.console_scene import (
    ELSEWHERE,
    FORMS,
    HERE,
    HOST,
    PAGES,
    PASSWORD,
    Scene,
    office_file,
    opened,
    token_of,
)

pytestmark = pytest.mark.usefixtures("office_cache")


@pytest.fixture
async def open_scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened(office_file(tmp_path)) as scene:
        yield scene


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened(office_file(tmp_path), PASSWORD) as scene:
        yield scene


async def log_in(
    browser: httpx.AsyncClient, password: str = PASSWORD, origin: str = HOST, name: str = "Anong"
) -> httpx.Response:
    page = (await browser.get("/console/login")).text
    form = {"token": token_of(page), "password": password, "name": name}
    return await browser.post("/console/login", data=form, headers={"Origin": origin})


@pytest.mark.parametrize("path", PAGES)
async def test_without_a_password_every_page_opens_on_this_machine(
    open_scene: Scene, path: str
) -> None:
    assert (await open_scene.client.get(f"/console{path}")).status_code == 200


async def test_without_a_password_nobody_elsewhere_gets_in(open_scene: Scene) -> None:
    async with open_scene.browser(ELSEWHERE) as browser:
        answer = await browser.get("/console", headers={"Accept-Language": "en"})

    assert answer.status_code == 403
    assert "CONSOLE_PASSWORD" in answer.text
    assert "/console/overview" not in answer.text


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "Via"]
)
async def test_without_a_password_nobody_gets_in_through_a_proxy(
    open_scene: Scene, header: str
) -> None:
    answer = await open_scene.client.get("/console", headers={header: "127.0.0.1"})

    assert answer.status_code == 403


async def test_without_a_password_nobody_gets_in_through_a_proxy_that_says_nothing() -> None:
    quiet = _request(version="1.0")  # as nginx speaks with servers

    assert Gate(b"k" * 32, "").refusal(quiet) == "proxied"
    assert Gate(b"k" * 32, "").refusal(_request()) is None
    assert Gate(b"k" * 32, PASSWORD).refusal(quiet) is None


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:8080", "[::1]:8080"])
async def test_this_machine_has_three_names(open_scene: Scene, host: str) -> None:
    assert (await open_scene.client.get("/console", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "x@127.0.0.1", "[", "[::1", "a]b", ""]
)
async def test_another_name_for_this_machine_is_refused(open_scene: Scene, host: str) -> None:
    answer = await open_scene.client.get("/console", headers={"Host": host})

    assert answer.status_code == 403


@pytest.mark.parametrize("path", PAGES)
async def test_with_a_password_every_page_leads_to_the_login(scene: Scene, path: str) -> None:
    answer = await scene.client.get(f"/console{path}")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/console/login")


@pytest.mark.parametrize("path", FORMS)
async def test_no_form_is_taken_from_a_guest(scene: Scene, path: str) -> None:
    token = token_of((await scene.client.get("/console/login")).text)

    answer = await scene.client.post(
        f"/console{path}", data={"token": token}, headers={"Origin": HOST}
    )

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/console/login")


async def test_the_password_opens_the_console_from_anywhere(scene: Scene) -> None:
    async with scene.browser(ELSEWHERE, "http://bot.example.org") as browser:
        entered = await log_in(browser, origin="http://bot.example.org")
        page = await browser.get("/console")

    cookie = entered.headers["set-cookie"].lower()
    assert entered.status_code == 303
    assert page.status_code == 200
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert f"max-age={SESSION_S}" in cookie
    assert "secure" not in cookie


async def test_over_https_the_cookie_never_goes_over_http(scene: Scene) -> None:
    async with scene.browser(ELSEWHERE, "https://bot.example.org") as browser:
        entered = await log_in(browser, origin="https://bot.example.org")

    assert "secure" in entered.headers["set-cookie"].lower()


async def test_after_the_login_the_page_that_was_asked_for_is_shown(scene: Scene) -> None:
    asked = await scene.client.get("/console/overview")
    page = (await scene.client.get(asked.headers["location"])).text
    form = {"token": token_of(page), "password": PASSWORD}

    entered = await scene.client.post(
        asked.headers["location"], data=form, headers={"Origin": HOST}
    )

    assert entered.headers["location"] == "/console/overview"


async def test_the_login_leads_to_no_page_of_others(scene: Scene) -> None:
    page = (await scene.client.get("/console/login")).text

    entered = await scene.client.post(
        "/console/login?after=//evil.example/",
        data={"token": token_of(page), "password": PASSWORD},
        headers={"Origin": HOST},
    )

    assert entered.headers["location"] == "/console"


@pytest.mark.parametrize("password", ["", "ปลาทู", PASSWORD + " ", "x" * 10_000])
async def test_a_wrong_password_opens_nothing(scene: Scene, password: str) -> None:
    entered = await log_in(scene.client, password)

    assert entered.status_code == 401
    assert (await scene.client.get("/console")).status_code == 303


async def test_guessing_is_slowed_down_for_one_address_and_not_for_others(scene: Scene) -> None:
    codes = [(await log_in(scene.client, "guess")).status_code for _ in range(6)]
    right = await log_in(scene.client)
    async with scene.browser(ELSEWHERE) as browser:
        other = await log_in(browser)

    assert codes == [401] * 5 + [429]
    assert right.status_code == 429
    assert other.status_code == 303


async def test_guessing_from_many_addresses_is_slowed_down_too(scene: Scene) -> None:
    codes = []
    for number in range(31):
        async with scene.browser((f"203.0.113.{number}", 1)) as browser:
            codes.append((await log_in(browser, "guess")).status_code)

    assert codes == [401] * 30 + [429]


async def test_an_ipv6_customer_counts_as_one(scene: Scene) -> None:
    codes = []
    for number in range(6):
        async with scene.browser((f"2001:db8::{number}", 1)) as browser:
            codes.append((await log_in(browser, "guess")).status_code)

    assert codes[-1] == 429


async def test_leaving_ends_the_session_even_of_a_copied_cookie(scene: Scene) -> None:
    await log_in(scene.client)
    copied = dict(scene.client.cookies)
    await scene.send("/logout")

    left = await scene.client.get("/console")
    scene.client.cookies.update(copied)
    again = await scene.client.get("/console")

    assert (left.status_code, again.status_code) == (303, 303)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cookie: cookie.replace("guest", "operator"),
        lambda cookie: cookie[:-1] + ("0" if cookie[-1] != "0" else "1"),
        lambda _cookie: "operator",
        lambda _cookie: "....",
        lambda _cookie: "",
    ],
)
async def test_a_made_up_cookie_is_a_guests(scene: Scene, spoil: object) -> None:
    assert callable(spoil)
    await scene.client.get("/console/login")
    cookie = spoil(scene.client.cookies["infobot_console"])

    answer = await scene.client.get("/console", headers={"Cookie": f"infobot_console={cookie}"})

    assert answer.status_code == 303


def _request(visit: Visit | None = None, version: str = "1.1") -> Request:
    headers = [(b"host", b"127.0.0.1"), (b"origin", HOST.encode())]
    if visit:
        headers.append((b"cookie", f"infobot_console={visit.cookie}".encode()))
    scope = {"type": "http", "method": "POST", "path": "/console", "query_string": b""}
    http = {"http_version": version, "scheme": "http"}
    return Request({**scope, **http, "headers": headers, "client": HERE})


def test_a_session_ends_after_half_a_day() -> None:
    now = 1_000.0
    gate = Gate(b"k" * 32, PASSWORD, clock=lambda: now)
    visit = gate.admit(_request(), PASSWORD, "Anong")
    assert isinstance(visit, Visit)
    now += SESSION_S - 1
    before = gate.visit(_request(visit))
    now += 1

    after = gate.visit(_request(visit))

    assert (before.is_operator, before.name) == (True, "Anong")
    assert not after.is_operator


def test_a_new_password_ends_every_session() -> None:
    visit = Gate(b"k" * 32, PASSWORD).admit(_request(), PASSWORD, "")
    assert isinstance(visit, Visit)

    assert not Gate(b"k" * 32, "another").visit(_request(visit)).is_operator
    assert not Gate(b"j" * 32, PASSWORD).visit(_request(visit)).is_operator
    assert Gate(b"k" * 32, PASSWORD).visit(_request(visit)).is_operator
