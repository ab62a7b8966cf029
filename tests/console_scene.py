"""The console of the small office, to be called without a network."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.app import running
from bot.assistant import Assistant
from bot.inbox import Arrival
from bot.library import Library
from bot.model import Message
from bot.settings import Secret, Settings
from bot.state import open_state
from tests import small_office
from tests.library_scene import LOOK_EVERY_S, Told, logged, try_here

HOST = "http://127.0.0.1"
HERE, ELSEWHERE = ("127.0.0.1", 5000), ("203.0.113.9", 5000)
PASSWORD = "ปลาทู 2569"
_KEY = "k" * 32
PAGES = ("", "/overview", "/try", "/knowledge", "/knowledge/source", "/history", "/aside", "/new")
FORMS = ("/teach", "/draft", "/new", "/dismiss", "/undo", "/try", "/logout")


@dataclass
class Scene:
    """A bot that serves a file, and a browser without a screen."""

    path: Path
    library: Library
    transport: httpx.ASGITransport
    client: httpx.AsyncClient
    told: Told
    """What the library logs."""

    def browser(self, address: tuple[str, int] = HERE, host: str = HOST) -> httpx.AsyncClient:
        """Returns another browser."""
        transport = httpx.ASGITransport(self.transport.app, client=address)
        return httpx.AsyncClient(transport=transport, base_url=host)

    async def ask(self, text: str, chat: str = "c") -> str:
        """Asks the bot on its chat page; returns the answer."""
        turn = {"chat": chat, "kind": "text", "text": text, "language": "en"}
        return str((await self.client.post("/chat", json=turn)).json()["text"])

    async def page(self, path: str = "", language: str = "en") -> str:
        """Returns a page of the console."""
        answer = await self.client.get(f"/console{path}", headers={"Accept-Language": language})
        assert answer.status_code == 200, answer.status_code
        return answer.text

    async def send(self, path: str, **fields: str) -> httpx.Response:
        """Sends a form as its page would; returns the answer, or the page it leads to."""
        form = {"token": token_of(await self.page("/try")), **fields}
        return await self.client.post(
            f"/console{path}",
            data=form,
            headers={"Origin": HOST, "Accept-Language": "en"},
            follow_redirects=True,
        )


def office_file(folder: Path) -> Path:
    """Returns a new file of the small office."""
    path = folder / "knowledge.yaml"
    path.write_text(small_office.TEXT, "utf-8")
    return path


def token_of(page: str) -> str:
    """Returns what the forms of a page send back."""
    found = re.search('name="token" value="([0-9a-f]+)"', page)
    assert found, "no form on this page"
    return found[1]


def group_of(page: str, question: str) -> str:
    """Returns what the group of a question is known by on the page."""
    found = re.search(f'name="group" value="([^"]+)"(?:(?!</form>).)*{question}', page, re.DOTALL)
    assert found, f"{question} is not on the page"
    return found[1]


def _state_url(path: Path) -> str:
    return f"sqlite:///{path.parent}/state.db"


async def set_aside(path: Path, text: str, reason: str) -> None:
    """Has a message set aside, before the bot that serves `path` is opened."""
    state = await open_state(_state_url(path), _KEY.encode())
    await state.accept([Arrival("line:1", Message("line", "ann", text=text), time.time())])
    (claim,) = await state.claim(1)
    await state.set_aside(claim, reason, undelivered=True)
    await state.close()


@asynccontextmanager
async def opened(path: Path, password: str = "") -> AsyncIterator[Scene]:
    """Serves the file at `path`; `password` empty: to this machine only."""
    library = Library(path, trial=try_here, look_every_s=LOOK_EVERY_S)
    settings = Settings(
        state_url=_state_url(path),
        secret_key=Secret(_KEY),
        console_password=Secret(password),
    )
    async with logged() as told, running(settings, Assistant(library.matcher), library) as app:
        transport = httpx.ASGITransport(app, client=HERE)
        async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
            yield Scene(path, library, transport, client, told)
