"""Bots as processes of their own, and a balancer that gives webhooks to them in turn."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, web

ROOT = Path(__file__).parents[1]

#: The bot, and where the world reaches it as far as it knows.
BOT = ("bot", "serve")
PUBLIC_URL = "https://bot.example.test"
WEBHOOK_SECRET = "webhook-secret_1"

_START_S = 30.0


def free_port() -> int:
    """Returns a port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Replica:
    """A server as a process, on a port that stays the same when it is started again.

    Args:
        module: what to run, and its arguments.
        environment: settings, over those of this process; proxies are left out.
        log: file that takes what it prints.
    """

    def __init__(self, module: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        inherited = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        own = {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "PUBLIC_URL": PUBLIC_URL,
            "MEANING": "off",
        }
        self._environment = inherited | own | dict(environment)
        self._module = tuple(module)
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Starts it; returns once it listens.

        Raises:
            RuntimeError: it ended, or does not listen in time.
        """
        with self._log.open("ab") as log:
            self._process = await self._run(log)
        give_up_at = time.monotonic() + _START_S
        while not await self._listens():
            if self._process.returncode is not None or time.monotonic() > give_up_at:
                raise RuntimeError(f"{self._module[0]} does not start, see {self._log}")
            await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """Ends it as `kill -9` does."""
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def stop(self) -> None:
        """Asks it to end, and waits until it has."""
        if self._process and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    async def _run(self, log: IO[bytes]) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *self._module,
            cwd=ROOT,
            env=self._environment,
            stdout=log,
            stderr=log,
        )

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True


class Balancer:
    """Gives each request to the next replica, as what stands before replicas does.

    One that cannot be reached is passed over; what broke off half-way is the sender's to repeat.
    """

    def __init__(self, replicas: Sequence[Replica]) -> None:
        self._replicas = tuple(replicas)
        self._turn = 0
        self.url = ""

    async def __aenter__(self) -> Balancer:
        self._session = ClientSession(timeout=ClientTimeout(total=30), trust_env=False)
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._session.close()
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers: dict[str, Any] = {k: v for k, v in request.headers.items() if k != "Host"}
        for _ in self._replicas:
            self._turn = (self._turn + 1) % len(self._replicas)
            url = self._replicas[self._turn].url + request.path_qs
            try:
                async with self._session.post(url, data=body, headers=headers) as answer:
                    kept = {k: v for k, v in answer.headers.items() if k == "Retry-After"}
                    return web.Response(
                        status=answer.status, body=await answer.read(), headers=kept
                    )
            except ClientConnectorError:
                continue
            except (ClientError, OSError, TimeoutError):
                return web.Response(status=502)
        return web.Response(status=502)
