"""Pictures of the widget on an organisation's own site, which is another origin: `docs/widget-*`.

A part of `make screenshots`; starts a bot of its own, since the widget is off in most.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web
from playwright.async_api import Browser, async_playwright

from benchmarks.replicas import BOT, Replica

SITE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title><style>
body {{ margin: 0; color: #262626; font: 17px/1.7 "Noto Sans Thai", Sarabun, sans-serif; }}
header {{ padding: 22px 7vw; background: #27364b; color: #fff; font-weight: 600; }}
main {{ max-width: 42rem; padding: 20px 7vw; }} h1 {{ line-height: 1.3; }}
</style></head><body><header>{title}</header><main><h1>{heading}</h1><p>{text}</p></main>
<script src="{bot}/widget.js" defer></script></body></html>"""
PAGES = {
    "th": {
        "title": "สมาคมมิตรภาพ",
        "heading": "ติดต่อสถานทูต",
        "text": "หน้านี้เป็นเว็บไซต์ขององค์กรเอง มีคำถามเรื่องสถานทูต กดปุ่มที่มุมขวาล่างแล้วพิมพ์ถามได้ทันที",
        "question": "ขอเบอร์กงสุลหน่อยครับ",
    },
    "en": {
        "title": "Friendship Society",
        "heading": "Contacting the embassy",
        "text": "This is the organisation's own site. Any question about the embassy? Press the"
        " button in the corner and just ask.",
        "question": "what is the phone number of the consular section",
    },
}


async def take(chromium: str, folder: Path, sizes: Mapping[int, int]) -> None:
    """Writes widget-LANGUAGE-WIDTH.png.

    Args:
        chromium: path of the browser.
        folder: where the pictures go.
        sizes: height of the screen by its width, in pixels.
    """
    bot_url = ""

    async def show(request: web.Request) -> web.Response:
        language = request.path.strip("/")
        page = SITE.format(language=language, bot=bot_url, **PAGES[language])
        return web.Response(text=page, content_type="text/html")

    site = web.Application()
    site.add_routes([web.get(f"/{language}", show) for language in PAGES])
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site_url = f"http://localhost:{runner.addresses[0][1]}"
    with tempfile.TemporaryDirectory() as place:
        settings = {
            "WIDGET_ORIGINS": site_url,
            "STATE_URL": f"sqlite:///{place}/state.db",
            "TELEGRAM_BOT_TOKEN": "",
            "LINE_CHANNEL_SECRET": "",
            "LINE_CHANNEL_ACCESS_TOKEN": "",
        }
        bot = Replica(BOT, settings, Path(place) / "log")
        bot_url = bot.url
        await bot.start()
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=chromium, args=["--no-sandbox"]
                )
                for language in PAGES:
                    for width, height in sizes.items():
                        target = folder / f"widget-{language}-{width}.png"
                        await _talk(browser, f"{site_url}/{language}", (width, height), target)
                await browser.close()
        finally:
            await bot.stop()
            await runner.cleanup()


async def _talk(browser: Browser, url: str, size: tuple[int, int], target: Path) -> None:
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
    await page.goto(url)
    await page.locator("infobot-widget button[aria-haspopup]").click()
    chat = page.frame_locator("infobot-widget iframe")
    await chat.locator("#log button").first.wait_for()
    await chat.locator("#input").fill(PAGES[url[-2:]]["question"])
    await chat.locator("#input").press("Enter")
    await chat.locator(".card").first.wait_for()
    await page.wait_for_timeout(400)  # until the answer has come to rest
    await page.screenshot(path=target)
    await page.close()
