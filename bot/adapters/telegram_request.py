"""How python-telegram-bot talks HTTP here: through aiohttp, which takes far less time than httpx.

https://docs.python-telegram-bot.org/en/stable/telegram.request.baserequest.html
"""

from __future__ import annotations

from typing import Any
from urllib.request import getproxies

import httpx
from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_FORM = "application/x-www-form-urlencoded"

#: Calls under way at once.
_CONNECTIONS = 64

#: Seconds to wait for one of the connections, for a new one to open, and for an answer; and what a
#: whole call may take beside waiting for its answer.
_FREE_S, _CONNECT_S, _READ_S, _REST_S = 10.0, 5.0, 15.0, 20.0


class AiohttpRequest(BaseRequest):
    """Connections to the Bot API, opened by the first call; sends no files."""

    def __init__(self) -> None:
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer, where a call says nothing else."""
        return _READ_S

    async def initialize(self) -> None:
        """Does nothing: the first call opens what it needs."""

    async def shutdown(self) -> None:
        """Closes the connections."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        *_timeouts: Any,
        **_more_timeouts: Any,
    ) -> tuple[int, bytes]:
        """Returns status and body of an answer.

        Raises:
            TimedOut: there was none in time.
            NetworkError: there was none.
        """
        is_told = isinstance(read_timeout, int | float)
        read_s = float(read_timeout) if is_told else _READ_S
        body = request_data.url_encoded_parameters().encode() if request_data else b""
        try:
            async with self._opened().request(
                method,
                url,
                data=body,
                headers={"Content-Type": _FORM, "User-Agent": self.USER_AGENT},
                timeout=ClientTimeout(
                    total=read_s + _REST_S,
                    connect=_FREE_S,
                    sock_connect=_CONNECT_S,
                    sock_read=read_s,
                ),
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (ClientError, OSError) as error:
            # Only the kind: what it says may quote the URL, and so the token.
            raise NetworkError(type(error).__name__) from error

    def _opened(self) -> ClientSession:
        if self._session is None:
            # The certificates that httpx trusts, as some machines have none of their own.
            connector = TCPConnector(limit=_CONNECTIONS, ssl=httpx.create_ssl_context())
            # Proxies are looked up anew for each call, in a thread: only where there are any.
            self._session = ClientSession(connector=connector, trust_env=bool(getproxies()))
        return self._session
