"""The widget on a page of another site, in a real Chromium: both served, each on its own port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browsing import chromium
from tests.other_site import DESKTOP, PHONE, Site, Visit, two_sites, visiting

#: What a site can do to whatever stands on its pages.
HOSTILE_STYLE = "body > :not(h1) { display: none !important } * { width: 3px !important }"

#: Whether the site's own link can be reached.
TAKES_FOCUS = """() => {
    const link = document.querySelector("a");
    link.focus();
    return document.activeElement === link;
}"""


@pytest.fixture
def site() -> Iterator[Site]:
    with two_sites(is_allowed=True) as site:
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that keeps no cookies of third parties, as more and more do."""
    with chromium("--test-third-party-cookie-phaseout") as opened:
        yield opened


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """Somebody visits the site; at the end the console must have told nothing."""
    with visiting(browser, site) as visit:
        yield visit
        assert visit.errors == []


def test_a_question_is_answered_on_a_page_of_another_origin(visit: Visit) -> None:
    visit.launcher.click()
    visit.input.fill("consular phone number")
    visit.input.press("Enter")
    expect(visit.answers.last).to_contain_text("Ring the consuls on (+66 2) 222-22-22")
    visit.input.fill("and the fax?")
    visit.input.press("Enter")

    expect(visit.answers.last).to_contain_text("Fax the consuls on (+66 2) 222-22-23")


def test_nothing_but_the_script_is_loaded_until_somebody_wants_it(visit: Visit, site: Site) -> None:
    expect(visit.launcher).to_be_visible()
    before = [url for url in site.asked if url.startswith(site.bot)]
    visit.launcher.click()
    expect(visit.answers).to_have_count(1)

    assert before == [f"{site.bot}/widget.js"]
    assert all(url.startswith((site.url, site.bot, "data:")) for url in site.asked)


def test_it_is_opened_and_closed_by_keyboard_and_keeps_what_was_said(visit: Visit) -> None:
    expect(visit.launcher).to_have_attribute("aria-expanded", "false")
    for _ in range(2):
        visit.page.keyboard.press("Tab")
    expect(visit.launcher).to_be_focused()
    visit.page.keyboard.press("Enter")
    expect(visit.panel).to_be_visible()
    expect(visit.launcher).to_have_attribute("aria-expanded", "true")
    expect(visit.input).to_be_focused()
    visit.page.keyboard.type("embassy phone number")
    visit.page.keyboard.press("Enter")
    expect(visit.answers.last).to_contain_text("Ring the embassy on")
    visit.page.keyboard.press("Escape")
    expect(visit.panel).to_be_hidden()
    expect(visit.launcher).to_be_focused()
    expect(visit.launcher).to_have_attribute("aria-expanded", "false")
    visit.page.keyboard.press("Enter")

    expect(visit.input).to_be_focused()
    expect(visit.answers.last).to_contain_text("Ring the embassy on")


def test_escape_beside_the_frame_and_each_button_close_it(visit: Visit) -> None:
    for how in ("Escape", "close", "launcher"):
        visit.launcher.click()
        expect(visit.answers).to_have_count(1)
        if how == "Escape":
            visit.panel.get_by_role("button", name="Close").press("Escape")
        elif how == "close":
            visit.panel.get_by_role("button", name="Close").click()
        else:
            visit.launcher.click()
        expect(visit.panel).to_be_hidden()
        expect(visit.launcher).to_be_focused()


def test_screen_readers_are_told_what_everything_is(visit: Visit) -> None:
    expect(visit.launcher).to_have_accessible_name("Norway Info")
    expect(visit.launcher).to_have_attribute("lang", "en")
    visit.launcher.click()

    expect(visit.panel).to_have_accessible_name("Norway Info")
    expect(visit.panel.locator("iframe")).to_have_attribute("title", "Norway Info")
    expect(visit.panel.get_by_role("button", name="Close")).to_be_visible()


@pytest.mark.parametrize(
    ("page_language", "attributes", "name", "welcome"),
    [
        ("th", "", "ข้อมูลสถานทูตนอร์เวย์", "ยินดีต้อนรับ"),
        ("th-TH", "", "ข้อมูลสถานทูตนอร์เวย์", "ยินดีต้อนรับ"),
        ("th", 'data-language="en"', "Norway Info", "Welcome"),
        ("en-GB", "", "Norway Info", "Welcome"),
        ("ru", "", "ข้อมูลสถานทูตนอร์เวย์", "ยินดีต้อนรับ"),
    ],
    ids=["Thai page", "Thai of Thailand", "the tag's word", "English page", "neither"],
)
def test_it_speaks_the_language_of_the_page(
    browser: Browser, site: Site, page_language: str, attributes: str, name: str, welcome: str
) -> None:
    site.language, site.attributes = page_language, attributes
    with visiting(browser, site) as visit:
        expect(visit.launcher).to_have_accessible_name(name)
        visit.launcher.click()

        expect(visit.answers.first).to_contain_text(welcome)
        assert visit.errors == []


@pytest.mark.parametrize(
    ("attributes", "on_the_left", "color", "mark"),
    [
        ("", False, "rgb(28, 69, 112)", "rgb(255, 255, 255)"),
        ('data-position="left"', True, "rgb(28, 69, 112)", "rgb(255, 255, 255)"),
        ('data-color="#ffd400"', False, "rgb(255, 212, 0)", "rgb(0, 0, 0)"),
        ('data-color="darkgreen"', False, "rgb(0, 100, 0)", "rgb(255, 255, 255)"),
        ('data-color="url(x)"', False, "rgb(28, 69, 112)", "rgb(255, 255, 255)"),
    ],
    ids=["as it is", "left", "yellow", "green", "no colour"],
)
def test_its_place_and_colour_can_be_chosen(
    browser: Browser, site: Site, attributes: str, on_the_left: bool, color: str, mark: str
) -> None:
    site.attributes = attributes
    with visiting(browser, site) as visit:
        expect(visit.launcher).to_have_css("background-color", color)
        expect(visit.launcher).to_have_css("color", mark)
        box = visit.launcher.bounding_box()

    assert box
    assert (box["x"] < 100) == on_the_left
    assert box["y"] + box["height"] > DESKTOP["height"] - 100


def test_on_a_phone_it_takes_the_whole_screen_and_gives_it_back(
    browser: Browser, site: Site
) -> None:
    with visiting(browser, site, PHONE) as visit:
        visit.launcher.click()
        expect(visit.answers).to_have_count(1)
        visit.panel.evaluate("it => Promise.all(it.getAnimations().map(each => each.finished))")
        assert visit.panel.bounding_box() == {"x": 0, "y": 0, **PHONE}
        assert not visit.page.evaluate(TAKES_FOCUS), "what is behind can be reached"
        visit.input.press("Escape")
        expect(visit.launcher).to_be_focused()

        assert visit.page.evaluate(TAKES_FOCUS)
        assert visit.errors == []


def test_a_phone_that_is_turned_keeps_the_chat_open(browser: Browser, site: Site) -> None:
    with visiting(browser, site, PHONE) as visit:
        visit.launcher.click()
        visit.input.fill("embassy phone number")
        visit.input.press("Enter")
        expect(visit.answers).to_have_count(2)
        visit.page.set_viewport_size({"width": 1280, "height": 800})
        visit.page.wait_for_function(TAKES_FOCUS)

        expect(visit.panel).to_be_visible()
        expect(visit.answers).to_have_count(2)
        expect(visit.launcher).to_have_attribute("aria-expanded", "true")


def test_it_works_on_a_site_that_forbids_all_else_and_styles_everything(
    browser: Browser, site: Site
) -> None:
    site.policy = (
        f"default-src 'none'; img-src data:; script-src {site.bot}; frame-src {site.bot};"
        " style-src 'sha256-none' 'unsafe-hashes'; require-trusted-types-for 'script'"
    )
    with visiting(browser, site) as visit:
        visit.launcher.click()
        expect(visit.answers).to_have_count(1)
        assert visit.errors == []
    site.policy, site.head = "", f"<style>{HOSTILE_STYLE}</style>"
    with visiting(browser, site) as visit:
        visit.launcher.click()
        expect(visit.answers).to_have_count(1)
        box = visit.launcher.bounding_box()

    assert box
    assert (box["width"], box["height"]) == (60, 60)


def test_it_works_where_a_frame_may_keep_nothing(browser: Browser, site: Site) -> None:
    with visiting(browser, site) as visit:
        visit.page.add_init_script(
            "if (window !== top) Object.defineProperty(window, 'sessionStorage', {get() {"
            " throw new DOMException('denied', 'SecurityError'); }})"
        )
        visit.page.reload()
        visit.launcher.click()
        visit.input.fill("embassy phone number")
        visit.input.press("Enter")

        expect(visit.answers.last).to_contain_text("Ring the embassy on")


def test_a_tag_that_stands_twice_makes_one_button(browser: Browser, site: Site) -> None:
    site.head = f'<script src="{site.bot}/widget.js"></script>'
    with visiting(browser, site) as visit:
        expect(visit.launcher).to_have_count(1)
        assert visit.errors == []


def test_a_message_of_another_window_closes_nothing(visit: Visit) -> None:
    visit.launcher.click()
    expect(visit.answers).to_have_count(1)
    visit.page.evaluate(
        """() => new Promise((resolve) => {
            addEventListener("message", resolve, { once: true });
            postMessage({ infobot: "close" }, "*");
        })"""
    )

    expect(visit.panel).to_be_visible()


def test_a_site_that_is_not_allowed_gets_nothing(browser: Browser) -> None:
    with two_sites(is_allowed=False) as site, visiting(browser, site) as visit:
        frames = [f"{site.bot}/{path}" for path in ("", "widget?host=https://www.example.org")]
        for address in frames:
            visit.page.evaluate(
                """(src) => new Promise((resolve) => {
                    const frame = document.createElement("iframe");
                    frame.onload = resolve;
                    frame.src = src;
                    document.body.append(frame);
                })""",
                address,
            )

        assert "WIDGET_ORIGINS" in visit.errors[0]
        assert all("frame-ancestors" in error for error in visit.errors[1:])
        assert len(visit.errors) == 1 + len(frames)
        expect(visit.page.locator("infobot-widget")).to_have_count(0)
        assert {frame.url for frame in visit.page.frames[1:]} == {"chrome-error://chromewebdata/"}
