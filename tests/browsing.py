"""Real servers on ports of their own, and the Chromium that visits them."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright
from starlette.types import ASGIApp

TIMEOUT_MS = 10_000


def listener() -> socket.socket:
    """Returns a socket that listens on a free port of the loopback."""
    return socket.create_server(("127.0.0.1", 0))


def port_of(opened: socket.socket) -> int:
    port: int = opened.getsockname()[1]
    return port


@contextmanager
def serving(app: ASGIApp, opened: socket.socket) -> Iterator[None]:
    """Serves an application on a socket, in a thread, until the block ends."""
    config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([opened],), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(TIMEOUT_MS / 1000)
        assert not thread.is_alive(), "the server does not stop"


@contextmanager
def chromium(*arguments: str) -> Iterator[Browser]:
    """Opens Chromium; skips the test where there is none, fails it in CI."""
    path = shutil.which("chromium")
    if path is None and not os.environ.get("CI"):
        pytest.skip("no chromium on this machine: this is not tested in a browser")
    assert path, "no chromium on this machine, and CI must test this in a browser"
    with sync_playwright() as playwright:
        arguments = ("--no-sandbox", *arguments)
        opened = playwright.chromium.launch(executable_path=path, args=list(arguments))
        yield opened
        opened.close()
