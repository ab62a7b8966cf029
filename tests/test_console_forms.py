"""What the console's forms must prove, and the policy that its pages come with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.console_scene import FORMS, HOST, PAGES, Scene, office_file, opened, token_of

pytestmark = pytest.mark.usefixtures("office_cache")


@pytest.fixture
async def open_scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened(office_file(tmp_path)) as scene:
        yield scene


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    ("origin", "spoil"),
    [
        ("http://evil.example", ""),
        ("null", ""),
        ("http://[", ""),
        ("http://ann@127.0.0.1", ""),
        ("", ""),
        (HOST, "x"),
    ],
)
async def test_a_form_from_elsewhere_is_refused(
    open_scene: Scene, path: str, origin: str, spoil: str
) -> None:
    token = token_of(await open_scene.page("/try"))
    headers = {"Origin": origin} if origin else {}

    answer = await open_scene.client.post(
        f"/console{path}", data={"token": token + spoil}, headers=headers
    )

    assert answer.status_code == 403


async def test_a_form_of_another_session_is_refused(open_scene: Scene) -> None:
    async with open_scene.browser() as other:
        token = token_of((await other.get("/console/try")).text)
    await open_scene.page("/try")

    answer = await open_scene.client.post(
        "/console/try", data={"token": token, "text": "hello"}, headers={"Origin": HOST}
    )

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"text=" + b"x" * 70_000, 413), (b"\xff\xfe", 413), (b"a&" * 2_000, 413), (b"", 403)],
    ids=["too large", "no text", "too many fields", "empty"],
)
async def test_a_body_that_is_no_form_of_ours_is_refused(
    open_scene: Scene, body: bytes, code: int
) -> None:
    answer = await open_scene.client.post("/console/try", content=body, headers={"Origin": HOST})

    assert answer.status_code == code


class _Inline(HTMLParser):
    """Finds what a strict policy would not run: inline scripts, styles and handlers."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._within = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = tag
        self.found += [name for name, _ in attrs if name == "style" or name.startswith("on")]
        links = [value or "" for name, value in attrs if name in ("src", "href", "action")]
        self.found += [link for link in links if "//" in link.removeprefix("data:image/svg+xml,")
                       and not link.startswith("data:")]  # fmt: skip

    def handle_data(self, data: str) -> None:
        if self._within in ("script", "style") and data.strip():
            self.found.append(data)


@pytest.mark.parametrize("path", [*PAGES, "/static/console.js", "/static/nothing"])
async def test_every_page_is_served_with_a_policy_that_refuses_all_else(
    open_scene: Scene, path: str
) -> None:
    answer = await open_scene.client.get(f"/console{path}")

    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    # A browser sends no usable Origin with a form under no-referrer.
    assert answer.headers["referrer-policy"] == "same-origin"
    if "static" not in path:
        assert answer.headers["cache-control"] == "no-store"
        assert _Inline(answer.text).found == []


async def test_no_file_but_its_own_is_served(open_scene: Scene) -> None:
    for name in ("../words.tsv", "..%2fwords.tsv", "vendor/../../words.tsv", "/etc/passwd"):
        answer = await open_scene.client.get(f"/console/static/{name}")
        assert answer.status_code == 404
