"""LINE's Messaging API through line-bot-sdk: one session, bounded time, our own exceptions.

The SDK takes 0.8 s and 72 MB to import, so it is imported by `LineApi.open`, or by the first call.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from urllib.request import getproxies

from bot.errors import InfobotError, TryLater

API_BASE_URL, DATA_API_BASE_URL = "https://api.line.me", "https://api-data.line.me"

#: How LINE says that a push is over the channel's plan, which waiting a second does not help:
#: https://developers.line.biz/en/docs/messaging-api/pricing/
_MONTHLY = "You have reached your monthly limit"

#: Seconds until a call is tried again that LINE asked no longer wait for.
_AFTER_S = 1.0

#: Seconds until a call is tried again that LINE refused because of the access token, which only an
#: operator can put right.
_AFTER_TOKEN_S = 30.0


class Refused(InfobotError):
    """LINE refused a call, and would again.

    Args:
        operation: what was called.
        status: of HTTP.
        message: LINE's words on it; they may quote the request.
        request_id: what LINE's support asks for.
    """

    def __init__(self, operation: str, status: int, message: str, request_id: str) -> None:
        super().__init__(f"LINE refused {operation}: {status} (request {request_id or 'unknown'})")
        self.status = status
        self.message = message
        self.request_id = request_id


def menu_alias(language: str) -> str:
    """Returns the alias under which a language's rich menu is found."""
    return f"infobot-{language}"


class LineApi:
    """One host of LINE's API.

    Args:
        access_token: of the channel.
        base_url: of the host.
        is_blob: this is the host that pictures go to.
        timeout_s: for one call, all in all.
    """

    def __init__(
        self, access_token: str, base_url: str, *, is_blob: bool = False, timeout_s: float = 10.0
    ) -> None:
        self._access_token = access_token
        self._base_url = base_url.rstrip("/")
        self._is_blob = is_blob
        self._timeout_s = timeout_s
        self._headers: dict[str, str] = {}
        self._client: Any = None
        self._api: Any = None

    async def open(self) -> None:
        """Imports the SDK, beside the loop, and opens the session in it; may be called twice."""
        if self._api is not None:
            return
        messaging = await asyncio.to_thread(import_module, "linebot.v3.messaging")
        if self._api is None:
            settings = messaging.Configuration(access_token=self._access_token, host=self._base_url)
            self._client = messaging.AsyncApiClient(settings)
            self._headers = {
                "Authorization": f"Bearer {self._access_token}",
                "Content-Type": "application/json",
                **self._client.default_headers,
            }
            _look_up_proxies_once(self._client.rest_client)
            kind = messaging.AsyncMessagingApiBlob if self._is_blob else messaging.AsyncMessagingApi
            self._api = kind(self._client)

    async def close(self) -> None:
        """Closes the session; may be called twice."""
        client, self._client, self._api = self._client, None, None
        if client is not None:
            await client.close()

    async def call(self, operation: str, *arguments: Any, **options: Any) -> Any:
        """Calls one of the SDK's operations.

        Args:
            operation: the SDK's name for it, such as `reply_message`.
            arguments: for it; a pair of a model's name and a mapping becomes that model.
            options: for it.

        Raises:
            TryLater: it was not carried out, or nobody knows, and may be later.
            Refused: it will never be carried out.
        """
        await self.open()
        from linebot.v3 import messaging  # type: ignore[import-untyped]

        method = getattr(self._api, operation)
        models = [
            getattr(messaging, a[0]).from_dict(a[1]) if isinstance(a, tuple) else a
            for a in arguments
        ]
        with _our_errors(operation):
            return await method(*models, _request_timeout=self._timeout_s, **options)

    async def post_messages(self, path: str, body: dict[str, Any], **headers: str) -> None:
        """Posts messages as they are, in the SDK's session; raises what `call` does.

        The SDK's models of a whole reply take as long to make, and to take apart again, as all that
        it takes to find the answer.

        Args:
            path: of the operation.
            body: as LINE takes it.
            headers: beside those of every call, with _ for -.
        """
        from aiohttp import ClientTimeout

        await self.open()
        session = self._client.rest_client.pool_manager
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with _our_errors(path):
            async with session.post(
                self._base_url + path,
                data=json.dumps(body).encode(),
                headers=self._headers | named,
                timeout=ClientTimeout(total=self._timeout_s),
            ) as answer:
                said = await answer.read()
            if answer.status != 200:
                raise _as_ours(path, answer.status, answer.headers, said)
            sent = json.loads(said)
            if not isinstance(sent, dict) or "sentMessages" not in sent:
                raise ValueError("not an answer of LINE")


def _look_up_proxies_once(rest_client: Any) -> None:
    """Gives the SDK a session that asks for proxies only where there are any.

    It would ask anew for each call, and in a thread, which costs more than the call.
    """
    from aiohttp import ClientSession

    if not getproxies():
        session = rest_client.pool_manager
        rest_client.pool_manager = ClientSession(connector=session.connector)
        session.detach()


@contextmanager
def _our_errors(operation: str) -> Iterator[None]:
    from aiohttp import ClientError
    from linebot.v3 import messaging

    try:
        yield
    except messaging.ApiException as error:
        raise _as_ours(operation, error.status, error.headers or {}, error.body) from error
    # A ValueError is an answer that the SDK cannot read, such as a proxy's own page.
    except (TimeoutError, ClientError, OSError, ValueError) as error:
        raise TryLater(_AFTER_S, f"LINE {operation}: {type(error).__name__}") from error


def _as_ours(
    operation: str, told: int | None, headers: Mapping[str, Any], body: object
) -> Refused | TryLater:
    message = _message(body)
    status = int(told or 0)
    if status == 401:
        return TryLater(_AFTER_TOKEN_S, f"LINE {operation}: the access token is not accepted (401)")
    if status >= 500 or (status == 429 and not message.startswith(_MONTHLY)):
        after = str(headers.get("Retry-After", ""))
        # No more than a minute: that is how long a reply token lives.
        after_s = min(float(after), 60.0) if after.isascii() and after.isdigit() else _AFTER_S
        return TryLater(after_s, f"LINE {operation}: {status}")
    return Refused(operation, status, message, str(headers.get("x-line-request-id", "")))


def _message(body: object) -> str:
    """Returns what LINE says of a refusal."""
    try:
        raw = json.loads(body) if isinstance(body, str | bytes) else {}
    except ValueError:
        return ""
    return str(raw.get("message", "")) if isinstance(raw, dict) else ""
