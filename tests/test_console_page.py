"""The console in a real Chromium: from a question to its answer, and usable by everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import ndiff
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import two_desks
from tests.browsing import TIMEOUT_MS, chromium
from tests.console_server import Server, serving

pytestmark = pytest.mark.usefixtures("office_cache")

QUESTION = "is there a car park"
AXE = Path(__file__).parent / "vendor" / "axe.min.js"

#: https://github.com/dequelabs/axe-core/blob/develop/doc/API.md#results-object
SERIOUS = ("serious", "critical")
PAGES = {
    "/": "textarea",
    "/console": "[data-group]",
    "/console/overview": ".u-wrap",
    "/console/knowledge": ".reasons",
    "/console/knowledge/source": ".source",
    "/console/history": ".cards",
    "/console/aside": "h1",
    "/console/new": "form",
    "/console/try": "form",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    path = tmp_path / "knowledge.yaml"
    path.write_bytes(two_desks.written(two_desks.tree()))
    with serving(path) as server:
        yield server


def visit(browser: Browser, language: str = "en", **options: Any) -> Iterator[Page]:
    """Opens a page; at the end nothing may have gone wrong in it."""
    options = {"locale": language, "viewport": {"width": 390, "height": 844}, **options}
    context = browser.new_context(**options)
    context.set_default_timeout(TIMEOUT_MS)
    expect.set_options(timeout=TIMEOUT_MS)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    yield from visit(browser)


def open_questions(page: Page, server: Server) -> None:
    """Opens the console once the question is there: it is logged just after it was answered."""
    page.goto(f"{server.url}/console")
    for _ in range(50):
        if page.locator("[data-group]").count():
            break
        page.reload()
    expect(page.locator("[data-group] h2")).to_have_text(QUESTION)


def test_a_question_from_line_is_taught_by_clicks_and_answered_on_telegram(
    server: Server, page: Page
) -> None:
    before = server.path.read_text("utf-8")
    asked = server.ask_on_line(QUESTION)
    open_questions(page, server)

    group = page.locator("[data-group]")
    group.get_by_text("Change the wording").click()
    group.get_by_role("combobox", name="Another topic").fill("consular f")
    page.get_by_role("option", name="Consular fax").click()
    group.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text(f"“{QUESTION}” now belongs to “Consular fax”.")).to_be_visible()
    answered = server.ask_on_telegram(QUESTION)

    after = server.path.read_text("utf-8")
    changes = [line for line in ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]
    assert "100-00-04" not in asked
    assert "100-00-04" in answered
    assert [line.strip() for line in changes] == [f"+       - {QUESTION}"]


def test_a_guess_is_one_click_and_so_is_taking_it_back(server: Server, page: Page) -> None:
    before = server.path.read_bytes()
    server.ask_on_line(QUESTION)
    open_questions(page, server)

    page.locator(".chip").first.click()
    expect(page.get_by_text("now belongs to")).to_be_visible()
    taught = server.path.read_bytes()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()

    assert QUESTION.encode() in taught
    assert server.path.read_bytes() == before
    expect(page.locator("[data-group] h2")).to_have_text(QUESTION)


def test_the_search_for_a_topic_works_by_keyboard(server: Server, page: Page) -> None:
    server.ask_on_line(QUESTION)
    open_questions(page, server)
    page.get_by_text("Change the wording").click()
    search = page.get_by_role("combobox", name="Another topic")

    search.fill("zzz")
    expect(page.get_by_role("listbox")).to_be_hidden()
    search.fill("13th")
    search.press("ArrowDown")
    expect(page.locator('.found [aria-selected="true"]')).to_have_text("13th meeting")
    search.press("Enter")

    expect(search).to_have_value("13th meeting")
    expect(page.locator('select[name="topic"]')).to_have_value("meeting")
    expect(search).to_have_attribute("aria-expanded", "false")


def test_a_broken_save_is_seen_and_the_last_good_version_goes_on(
    server: Server, page: Page
) -> None:
    text = server.path.read_text("utf-8")
    server.path.write_text(text.replace("card: embassy", "card: embasy", 1), "utf-8")

    page.goto(f"{server.url}/console/knowledge")
    expect(page.locator("#findings")).to_contain_text("mistake")
    for _ in range(50):
        if page.get_by_role("alert").count():
            break
        page.reload()
    expect(page.get_by_role("alert")).to_contain_text("embasy")
    page.get_by_role("alert").get_by_role("link").first.click()

    expect(page.locator("li:target")).to_contain_text("embasy")
    assert "100-00-02" in server.ask_on_telegram("embassy fax")


def test_without_scripts_a_question_is_taught_too(server: Server, browser: Browser) -> None:
    server.ask_on_line(QUESTION)
    for page in visit(browser, java_script_enabled=False):
        open_questions(page, server)
        page.get_by_text("Change the wording").click()
        page.locator('select[name="topic"]').select_option("consular_fax")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_text("now belongs to")).to_be_visible()

    assert "100-00-04" in server.ask_on_telegram(QUESTION)


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("th", "light", 390), ("en", "dark", 1280)]
)
def test_nobody_is_shut_out(
    server: Server, browser: Browser, language: str, scheme: str, width: int
) -> None:
    server.ask_on_line(QUESTION)
    # The policy of the pages refuses axe as it refuses every other foreign script.
    options = {"bypass_csp": True, "color_scheme": scheme}
    found = []
    for page in visit(browser, language, viewport={"width": width, "height": 844}, **options):
        for path, sign in PAGES.items():
            page.goto(server.url + path)
            page.wait_for_selector(sign, state="attached")
            found += [f"{path}: {fault}" for fault in faults(page)]
        page.fill("#text", "embassy fax")
        page.keyboard.press("Enter")
        page.wait_for_selector(".phone")
        found += [f"trial: {fault}" for fault in faults(page)]

    assert found == []


def faults(page: Page) -> Iterator[str]:
    """Yields what axe finds serious, and whether the page is wider than the window."""
    page.evaluate(AXE.read_text("utf-8"))
    result = page.evaluate("axe.run()")
    for fault in result["violations"]:
        if fault["impact"] in SERIOUS:
            yield f"{fault['id']}: {re.sub(' +', ' ', fault['nodes'][0]['html'])[:200]}"
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield "wider than the window"
