"""Real Redis servers on free ports, as durable as the bot asks for."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import redis

_START_S = 10.0


class RedisServer:
    """A server that can be killed and started again on the same files and port."""

    def __init__(self, folder: Path, is_cluster: bool = False) -> None:
        self._folder = folder
        self._is_cluster = is_cluster
        self.port, self._bus = _free_port(), _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis{'+cluster' * self._is_cluster}://127.0.0.1:{self.port}/0"

    def client(self) -> redis.Redis:
        return redis.Redis(port=self.port, decode_responses=True)

    def start(self) -> None:
        options = {"port": self.port, "bind": "127.0.0.1", "dir": self._folder, "save": ""}
        options |= {"appendonly": "yes", "appendfsync": "always"}
        if self._is_cluster:
            options |= {"cluster-enabled": "yes", "cluster-port": self._bus}
        command = [f"--{name}={value}" for name, value in options.items() if value != ""]
        self._process = subprocess.Popen(
            ["redis-server", "--save", "", *(part for c in command for part in c.split("=", 1))],
            stdout=subprocess.DEVNULL,
        )
        _wait_for(self._answers)
        if self._is_cluster:
            if not int(self._cluster_info()["cluster_slots_assigned"]):
                with self.client() as client:
                    client.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
            _wait_for(lambda: self._cluster_info()["cluster_state"] == "ok")

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        with self.client() as client:
            return bool(client.ping())

    def _cluster_info(self) -> dict[str, str]:
        with self.client() as client:
            return dict(client.execute_command("CLUSTER INFO"))


@contextmanager
def running(folder: Path, is_cluster: bool = False) -> Iterator[RedisServer]:
    """Runs a server; skips the test where there is none, fails it in CI."""
    if not shutil.which("redis-server"):
        missing = "redis-server is not installed"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    server = RedisServer(folder, is_cluster)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(is_done: Callable[[], bool]) -> None:
    """Asks a server of another process until it says yes; it has no other way to tell."""
    give_up_at = time.monotonic() + _START_S
    while True:
        with suppress(redis.RedisError):
            if is_done():
                return
        if time.monotonic() > give_up_at:
            raise TimeoutError("redis-server does not start")
        time.sleep(0.01)
