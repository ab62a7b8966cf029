"""The chat page in a real Chromium, served by a real server on a port of its own."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.chat_page import app_with

TIMEOUT_MS = 10_000


@dataclass
class Server:
    """The application behind a proxy that can be told to fail, as proxies do."""

    app: ASGIApp
    url: str = ""
    fails: bool = False
    asked: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.asked.append(scope["path"])
        is_down = self.fails and scope.get("path") == "/chat"
        answer = PlainTextResponse("bad gateway", 502) if is_down else self.app
        await answer(scope, receive, send)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of the small office, a new one each time."""
    served = Server(app_with())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        served.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(served, log_level="critical", timeout_graceful_shutdown=2)
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, args=([listener],), daemon=True)
        thread.start()
        try:
            yield served
        finally:
            running.should_exit = True
            thread.join(TIMEOUT_MS / 1000)
            assert not thread.is_alive(), "the server does not stop"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None and not os.environ.get("CI"):
        pytest.skip("no chromium on this machine: the chat page is not tested in a browser")
    assert path, "no chromium on this machine, and CI must test the chat page in a browser"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@dataclass
class Visit:
    """The open page, and what its console told."""

    page: Page
    errors: list[str] = field(default_factory=list)

    @property
    def input(self) -> Locator:
        return self.page.get_by_role("textbox")

    @property
    def answers(self) -> Locator:
        return self.page.locator(".message.bot")

    def ask(self, text: str) -> None:
        self.input.fill(text)
        self.input.press("Enter")

    def note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)


def opened(browser: Browser, server: Server, locale: str) -> Iterator[Visit]:
    context = browser.new_context(locale=locale, viewport={"width": 390, "height": 844})
    context.set_default_timeout(TIMEOUT_MS)
    expect.set_options(timeout=TIMEOUT_MS)
    visit = Visit(context.new_page())
    visit.page.on("console", visit.note)
    visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
    visit.page.goto(server.url)
    yield visit
    context.close()


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """Somebody whose browser speaks Thai opens the page; at the end nothing may have gone wrong."""
    for visit in opened(browser, server, "th-TH"):
        yield visit
        assert visit.errors == []


@pytest.fixture
def failing_visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """The same, where the console may tell of the failure that the test makes, and no other."""
    for visit in opened(browser, server, "th-TH"):
        yield visit
        assert visit.errors
        assert all("502" in error for error in visit.errors)


def test_the_page_opens_with_the_welcome_and_its_menu(visit: Visit) -> None:
    expect(visit.answers).to_have_count(1)
    expect(visit.answers).to_contain_text("ยินดีต้อนรับ")
    expect(visit.answers.get_by_role("button")).to_have_text(["โทรศัพท์สถานทูต", "โทรศัพท์กงสุล", "ที่อยู่"])
    expect(visit.page).to_have_title("ข้อมูลสถานทูตนอร์เวย์")
    expect(visit.input).to_have_attribute("placeholder", "พิมพ์คำถาม")
    expect(visit.page.locator("html")).to_have_attribute("lang", "th")


def test_the_page_opens_in_the_language_of_the_browser(browser: Browser, server: Server) -> None:
    for visit in opened(browser, server, "en-GB"):
        expect(visit.answers.first).to_contain_text("Welcome")
        expect(visit.page).to_have_title("Norway Info")
        assert visit.errors == []


@pytest.mark.parametrize(
    ("question", "language", "answer", "card", "call"),
    [
        ("เบอร์โทรสถานทูต", "th", "โทรสถานทูต (+66 2) 111-11-11", "สถานทูต", "โทร"),
        ("embassy phone number", "en", "Ring the embassy on (+66 2) 111-11-11", "Embassy", "Call"),
    ],
    ids=["in Thai", "in English"],
)
def test_a_question_is_answered_in_its_language_with_a_card(
    visit: Visit, question: str, language: str, answer: str, card: str, call: str
) -> None:
    visit.ask(question)
    reply = visit.answers.nth(1)

    expect(visit.page.locator(".message.person")).to_contain_text(question)
    expect(reply).to_contain_text(answer)
    expect(reply).to_have_attribute("lang", language)
    expect(reply.get_by_role("heading")).to_have_text(card)
    dial = reply.get_by_role("link", name=f"{call} (+66 2) 111-11-11")
    expect(dial).to_have_attribute("href", "tel:+6621111111")
    expect(reply.get_by_role("link").last).to_have_attribute("href", re.compile("^https://"))
    expect(visit.input).to_have_value("")
    expect(visit.input).to_be_focused()


def test_a_pressed_button_speaks_for_the_person_and_can_be_pressed_again(visit: Visit) -> None:
    button = visit.answers.first.get_by_role("button", name="ที่อยู่", exact=True)
    for number in (1, 2):
        button.click()
        expect(visit.answers).to_have_count(1 + number)
        expect(visit.answers.last).to_contain_text("1 ถนนทดสอบ กรุงเทพฯ")

    expect(visit.page.locator(".message.person .bubble > p:last-child")).to_have_text(
        ["ที่อยู่", "ที่อยู่"]
    )


def test_a_language_button_switches_the_page_and_every_answer_after_it(visit: Visit) -> None:
    expect(visit.answers.first).to_contain_text("ยินดีต้อนรับ")
    visit.page.get_by_role("button", name="English", exact=True).click()

    expect(visit.answers.first).to_contain_text("Welcome")
    expect(visit.page).to_have_title("Norway Info")
    expect(visit.input).to_have_attribute("placeholder", "Ask here")
    expect(visit.page.locator("html")).to_have_attribute("lang", "en")
    visit.ask("เบอร์โทรสถานทูต")
    expect(visit.answers.last).to_contain_text("Ring the embassy on")
    visit.page.reload()
    expect(visit.answers.first).to_contain_text("Welcome")


def test_a_follow_up_refers_to_the_answer_before_it(visit: Visit) -> None:
    visit.ask("consular phone number")
    expect(visit.answers.last).to_contain_text("Ring the consuls")
    visit.ask("and the fax?")

    expect(visit.answers.last).to_contain_text("Fax the consuls on (+66 2) 222-22-23")


def test_what_could_not_be_sent_stands_there_to_be_sent_again(
    failing_visit: Visit, server: Server
) -> None:
    visit = failing_visit
    expect(visit.answers).to_have_count(1)
    server.fails = True
    visit.ask("embassy phone number")
    failure = visit.page.locator(".message.failure")

    expect(failure).to_contain_text("ส่งไม่ได้")
    expect(visit.page.locator(".message.person")).to_contain_text("embassy phone number")
    server.fails = False
    failure.get_by_role("button", name="ส่งอีกครั้ง").click()
    expect(visit.answers.last).to_contain_text("Ring the embassy on")
    expect(failure).to_have_count(0)
    expect(visit.page.locator(".message.person")).to_have_count(1)


def test_what_is_sent_again_stands_where_it_is_answered(
    failing_visit: Visit, server: Server
) -> None:
    visit = failing_visit
    expect(visit.answers).to_have_count(1)
    server.fails = True
    visit.ask("embassy phone number")
    expect(visit.page.locator(".message.failure")).to_have_count(1)
    server.fails = False
    visit.ask("hello")
    expect(visit.answers.last).to_contain_text("Hello there")
    visit.page.get_by_role("button", name="ส่งอีกครั้ง").click()

    expect(visit.answers.last).to_contain_text("Ring the embassy on")
    expect(visit.page.locator(".message.person").last).to_contain_text("embassy phone number")


def test_what_was_not_sent_survives_loading_the_page_anew(
    failing_visit: Visit, server: Server
) -> None:
    visit = failing_visit
    expect(visit.answers).to_have_count(1)
    server.fails = True
    visit.ask("embassy phone number")
    expect(visit.page.locator(".message.failure")).to_have_count(1)
    server.fails = False
    visit.page.reload()

    expect(visit.input).to_have_value("embassy phone number")


def test_markup_that_is_typed_stays_text(visit: Visit) -> None:
    visit.ask("<img src=x onerror=alert(1)>")

    expect(visit.answers).to_have_count(2)
    expect(visit.page.locator(".message.person")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(visit.page.locator("img")).to_have_count(0)


def test_shift_and_enter_begin_a_new_line(visit: Visit) -> None:
    visit.input.fill("embassy")
    visit.input.press("Shift+Enter")
    visit.input.press_sequentially("phone number")
    expect(visit.input).to_have_value("embassy\nphone number")
    visit.input.press("Enter")

    expect(visit.answers.last).to_contain_text("Ring the embassy on")


def test_everything_can_be_reached_by_keyboard(visit: Visit) -> None:
    expect(visit.answers).to_have_count(1)
    visit.input.focus()
    visit.page.keyboard.press("Shift+Tab")
    expect(visit.answers.get_by_role("button").last).to_be_focused()
    visit.page.keyboard.press("Enter")

    expect(visit.answers.last).to_contain_text("1 ถนนทดสอบ กรุงเทพฯ")


def test_the_page_asks_no_other_server_and_no_other_file(visit: Visit, server: Server) -> None:
    urls: list[str] = []
    visit.page.on("request", lambda request: urls.append(request.url))
    visit.page.reload()
    expect(visit.answers).to_have_count(1)

    assert urls
    assert all(url.startswith((server.url, "data:")) for url in urls)
    assert set(server.asked) == {"/", "/static/chat.css", "/static/chat.js", "/chat"}


def test_the_page_fits_a_small_phone(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 320, "height": 568})
    visit.ask("embassy phone number")
    expect(visit.answers.last).to_contain_text("Ring the embassy on")

    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(visit.input).to_be_in_viewport()
