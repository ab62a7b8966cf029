"""`make screenshots`: takes the pictures that the README shows.

Needs Chromium (Debian's package `chromium`), and for the chat page a server: `make run` in another
terminal.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks import console_pictures, widget_pictures

DOCS = Path(__file__).parents[1] / "docs"
URL = "http://127.0.0.1:8080/"
SIZES = {390: 844, 1280: 900}
TALKS = {
    "th": ("ไทย", ["ขอเบอร์กงสุลหน่อยครับ", "แล้วแฟกซ์ล่ะ"]),
    "en": ("English", ["where is the embassy", "and the german one?"]),
}


def talk(page: Page, language: str, questions: list[str]) -> None:
    """Asks the questions, each after the answer to the one before."""
    page.get_by_role("button", name=language).click()
    for question in questions:
        before = page.locator("#log").inner_text()
        page.locator("#input").fill(question)
        page.keyboard.press("Enter")
        page.wait_for_function(
            "([before]) => document.querySelectorAll('#log button').length > 0"
            " && document.querySelector('#log').innerText.length > before + 60",
            arg=[len(before)],
        )


def main() -> int:
    """Writes docs/chat-LANGUAGE-WIDTH.png."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("chromium is not installed", file=sys.stderr)
        return 2
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for language, (button, questions) in TALKS.items():
            for width, height in SIZES.items():
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto(URL)
                page.wait_for_selector("#log button")
                talk(page, button, questions)
                page.wait_for_timeout(400)
                page.screenshot(path=DOCS / f"chat-{language}-{width}.png")
                page.close()
        browser.close()
    asyncio.run(widget_pictures.take(chromium, DOCS, SIZES))
    asyncio.run(console_pictures.take(chromium, DOCS, SIZES))
    return 0


if __name__ == "__main__":
    sys.exit(main())
