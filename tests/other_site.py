"""An organisation's own site with the widget's tag on it, and who visits it.

The site is `localhost` and the bot `127.0.0.1`: other ports alone would be one site, to which
cookies and storage are not foreign.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.browsing import TIMEOUT_MS, listener, port_of, serving
from tests.chat_page import app_with

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@dataclass
class Site:
    """An organisation's own page with the tag on it; a test may change it before a visit."""

    url: str
    bot: str
    attributes: str = ""
    language: str = "en"
    head: str = ""
    policy: str = ""
    asked: list[str] = field(default_factory=list)
    """The paths that the bot was asked for."""

    def page(self, _request: Request) -> Response:
        tag = f'<script src="{self.bot}/widget.js" defer {self.attributes}></script>'
        html = (
            f'<!doctype html><html lang="{self.language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
            f"<title>Our office</title>{self.head}{tag}</head>"
            '<body><h1>Our office</h1><a href="#x">Contact</a></body></html>'
        )
        headers = {"Content-Security-Policy": self.policy} if self.policy else {}
        return HTMLResponse(html, headers=headers)


@contextmanager
def two_sites(*, is_allowed: bool) -> Iterator[Site]:
    """Serves a bot, and a site that may show its widget or may not."""
    with ExitStack() as stack:
        bot_socket, site_socket = (stack.enter_context(listener()) for _ in "12")
        url = f"http://localhost:{port_of(site_socket)}"
        site = Site(url, f"http://127.0.0.1:{port_of(bot_socket)}")
        bot = app_with(widget_origins=[url if is_allowed else "https://www.example.org"])
        stack.enter_context(serving(bot, bot_socket))
        stack.enter_context(serving(Starlette(routes=[Route("/", site.page)]), site_socket))
        yield site


@dataclass
class Visit:
    """A visitor of the site, and what the browser's console told."""

    page: Page
    errors: list[str] = field(default_factory=list)

    @property
    def launcher(self) -> Locator:
        return self.page.locator("infobot-widget button[aria-haspopup]")

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog", name="Norway Info")

    @property
    def chat(self) -> FrameLocator:
        return self.page.frame_locator("infobot-widget iframe")

    @property
    def input(self) -> Locator:
        return self.chat.get_by_role("textbox")

    @property
    def answers(self) -> Locator:
        return self.chat.locator(".message.bot")


@contextmanager
def visiting(browser: Browser, site: Site, size: dict[str, int] = DESKTOP) -> Iterator[Visit]:
    context = browser.new_context(
        locale="de-DE", viewport={"width": size["width"], "height": size["height"]}
    )
    context.set_default_timeout(TIMEOUT_MS)
    expect.set_options(timeout=TIMEOUT_MS)
    visit = Visit(context.new_page())
    visit.page.on(
        "console",
        lambda said: visit.errors.append(said.text) if said.type in ("error", "warning") else None,
    )
    visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
    visit.page.on("request", lambda request: site.asked.append(request.url))
    visit.page.goto(site.url)
    yield visit
    context.close()
