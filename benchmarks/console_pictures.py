"""The pictures of the console: of a bot that has been asked things for some weeks."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

import intents
from benchmarks.replicas import BOT, Replica
from benchmarks.sample_log import fill, sample_questions
from bot.assistant import Assistant
from bot.inbox import Arrival
from bot.model import Message
from bot.state import State, open_state

ROOT = Path(__file__).parents[1]
KEY, PASSWORD = "k" * 32, "a long password"
QUESTIONS, DAYS = 1_500, 60

#: What is tried on the page of that name, by language.
TRIED = {"th": "แฟกซ์ของกงสุลเบอร์อะไรคะ", "en": "how do I get to the embassy"}

#: A page's name in the file names, where it is, and what tells that it is all there.
PAGES = {
    "questions": ("", ".chip"),
    "overview": ("/overview", ".u-wrap"),
    "try": ("/try", "#text"),
    "knowledge": ("/knowledge", "#findings .reasons"),
    "history": ("/history", ".cards li"),
    "new": ("/new", "form"),
    "source": ("/knowledge/source", "main"),
    "aside": ("/aside", ".cards li"),
}


async def take(chromium: str, docs: Path, sizes: Mapping[int, int]) -> None:
    """Writes docs/console-PAGE-LANGUAGE-WIDTH.png.

    Args:
        chromium: the browser.
        docs: where the pictures go.
        sizes: width of each window in pixels, and its height.
    """
    async with _bot() as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        await _teach(browser, url)
        for language in TRIED:
            for width, height in sizes.items():
                page = await browser.new_page(viewport={"width": width, "height": height})
                await page.goto(f"{url}/console/login?language={language}")
                await page.screenshot(path=docs / f"console-login-{language}-{width}.png")
                await _log_in(page)
                for name, (path, sign) in PAGES.items():
                    await page.goto(f"{url}/console{path}?language={language}")
                    await page.wait_for_selector(sign, timeout=120_000)
                    await _show(page, name, language, is_wide=width > 800)
                    await page.screenshot(path=docs / f"console-{name}-{language}-{width}.png")
                await page.close()
        await browser.close()


async def _show(page: Page, name: str, language: str, is_wide: bool) -> None:
    """Does on a page what its picture is to show."""
    if name == "try":
        await page.fill("#text", TRIED[language])
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".phone")
    if name == "questions" and is_wide:
        await page.locator("[data-group] .choices summary").nth(1).click()
    await page.wait_for_timeout(300)


async def _log_in(page: Page) -> None:
    await page.fill("#name", "Nok")
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("nav")


async def _teach(browser: Browser, url: str) -> None:
    """Teaches two questions, so that the history has something to tell."""
    page = await browser.new_page()
    await page.goto(f"{url}/console/login?language=en")
    await _log_in(page)
    await page.goto(f"{url}/console?language=en")
    for _ in range(2):
        await page.locator("[data-group]:has(.tag-offer) .chip").first.click()
        await page.wait_for_selector(".notice", timeout=60_000)
        await page.goto(f"{url}/console")
    await page.close()


@asynccontextmanager
async def _bot() -> AsyncIterator[str]:
    """Gives the address of a bot that serves a copy of the shipped file, with a sample log."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "knowledge.yaml"
        shutil.copy(ROOT / "knowledge.yaml", path)
        settings = {
            "KNOWLEDGE": str(path),
            "STATE_URL": f"sqlite:///{place}/state.db",
            "SECRET_KEY": KEY,
            "CONSOLE_PASSWORD": PASSWORD,
            "TELEGRAM_BOT_TOKEN": "",
            "LINE_CHANNEL_SECRET": "",
            "LINE_CHANNEL_ACCESS_TOKEN": "",
        }
        state = await open_state(settings["STATE_URL"], KEY.encode())
        assistant = Assistant(intents.open_matcher(path))
        await fill(state, sample_questions(assistant, state, QUESTIONS, DAYS, time.time()))
        await _set_one_aside(state)
        await state.close()
        bot = Replica(BOT, settings, Path(place) / "log")
        await bot.start()
        try:
            yield bot.url
        finally:
            await bot.stop()


async def _set_one_aside(state: State) -> None:
    message = Message("telegram", "1", text="ขอเบอร์โทรแผนกกงสุลครับ")
    await state.accept([Arrival("picture", message, time.time())])
    [claim] = await state.claim(1)
    await state.set_aside(claim, "the person has blocked the bot", undelivered=True)
