"""The chat page: `GET /`, what it is made of, and `POST /chat`; and the same as a widget.

Nothing is loaded from elsewhere and nothing inline is run, so the Content-Security-Policy
(https://www.w3.org/TR/CSP3/) can refuse all else. A site that may show the widget loads
`GET /widget.js`, which shows it `GET /widget` in a frame; no other site can frame either page.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.limits import Limiter
from bot.model import Message, Reply

#: Largest body of `POST /chat`, in bytes: a question of 2,000 Thai letters is 6,000.
MAX_BODY = 32_768

_KINDS = ("start", "text", "choice")

#: /privacy and /forget, typed as on other channels.
_COMMAND = re.compile(r"/([a-z][a-z0-9_]{0,31})")


def _security(framed_by: str = "'none'") -> dict[str, str]:
    return {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            " img-src 'self' data:; base-uri 'none'; form-action 'self';"
            f" frame-ancestors {framed_by}"
        ),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


_SECURITY = _security()
_STATIC = {
    "chat.css": "text/css",
    "chat.js": "text/javascript",
    "embedded.css": "text/css",
    "embedded.js": "text/javascript",
}
#: What a page in a frame loads beside the others.
_EMBEDDED = (
    '<link rel="stylesheet" href="/static/embedded.css">\n'
    '<script type="module" src="/static/embedded.js"></script>\n'
)
#: Seconds that a site's visitors keep the widget's script: pages of a site follow one another.
_SCRIPT_MAX_AGE_S = 300


@dataclass(frozen=True, slots=True)
class PageWords:
    """The page's own words, by language; the first language is the page's until one is chosen."""

    language_names: Mapping[str, str]
    bot_names: Mapping[str, str]
    ui: Mapping[str, Mapping[str, str]]
    too_fast: Mapping[str, str]
    close: Mapping[str, str] = field(default_factory=dict)
    """Label of the widget's button that closes it; by default the bot's name stands for it."""


Respond = Callable[[Message], Awaitable[Reply]]
Words = Callable[[], PageWords]


def routes(
    respond: Respond, words: Words, limiter: Limiter, widget_origins: Sequence[str] = ()
) -> list[Route]:
    """Returns the routes of the chat page, and of the widget if a site may show it.

    Args:
        respond: answers a message.
        words: gives the page's words as they are now; they may change between two calls.
        limiter: how many messages one address may send.
        widget_origins: the origins, as browsers write them, whose pages may show the widget.
    """
    page = _Page(respond, words, limiter, tuple(widget_origins))
    found = [
        Route("/", page.show, methods=["GET"]),
        Route("/chat", page.chat, methods=["POST"]),
        Route("/static/{name}", _static, methods=["GET"]),
    ]
    if widget_origins:
        found += [
            Route("/widget", page.show_embedded, methods=["GET"]),
            Route("/widget.js", page.widget, methods=["GET"]),
        ]
    return found


class _Page:
    def __init__(
        self, respond: Respond, words: Words, limiter: Limiter, widget_origins: tuple[str, ...]
    ) -> None:
        self._respond = respond
        self._words = words
        self._limiter = limiter
        self._widget_origins = widget_origins
        self._template = _file("page.html").decode()
        self._widget_script = _file("widget.js").decode()

    async def show(self, request: Request) -> Response:
        """Serves the page in the browser's language if it is one of ours; a script switches."""
        return self._page(request.headers.get("accept-language", ""), _SECURITY, {}, "")

    async def show_embedded(self, request: Request) -> Response:
        """Serves the page to a frame on the one site that `host` names, if that may show it."""
        host = request.query_params.get("host", "")
        if host not in self._widget_origins:
            return Response(status_code=404, headers=_SECURITY)
        wishes = f"{request.query_params.get('language', '')},"
        wishes += request.headers.get("accept-language", "")
        return self._page(wishes, _security(host), {"host": host}, _EMBEDDED)

    def _page(
        self, wishes: str, security: dict[str, str], more: dict[str, str], head: str
    ) -> Response:
        words = self._words()
        language = _wished(wishes, words.language_names)
        config = {
            "languages": [{"code": c, "name": name} for c, name in words.language_names.items()],
            "names": words.bot_names,
            "ui": words.ui,
            **more,
        }
        # The end of a script element is the one thing that JSON can hold and HTML would obey.
        safe = json.dumps(config, ensure_ascii=False).replace("<", "\\u003c")
        values = {
            "language": html.escape(language),
            "title": html.escape(words.bot_names[language]),
            "noscript": html.escape(" ".join(ui["no_script"] for ui in words.ui.values())),
            "head": head,
            "config": safe,
        }
        text = self._template
        for name, value in values.items():
            text = text.replace("{{" + name + "}}", value)
        return HTMLResponse(
            text, headers=security | {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
        )

    async def widget(self, _request: Request) -> Response:
        """Serves the script that a site loads; it shows nothing elsewhere."""
        words = self._words()
        config = {
            "origins": self._widget_origins,
            "names": words.bot_names,
            "close": {**words.bot_names, **words.close},
        }
        text = self._widget_script.replace("{{config}}", json.dumps(config, ensure_ascii=False))
        # A site that isolates itself loads only what says that it may (COEP: require-corp).
        headers = _SECURITY | {
            "Cache-Control": f"max-age={_SCRIPT_MAX_AGE_S}",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return Response(text, media_type="text/javascript", headers=headers)

    async def chat(self, request: Request) -> Response:
        """Answers one message."""
        words = self._words()
        raw = _parse(await _body(request))
        if raw is None:
            return JSONResponse({"error": "not a message"}, 400, headers=_SECURITY)
        if not self._limiter.takes(request.client.host if request.client else ""):
            default = words.too_fast[next(iter(words.language_names))]
            sentence = words.too_fast.get(raw["language"], default)
            return JSONResponse({"error": sentence}, 429, headers=_SECURITY)
        reply = await self._respond(_message(raw))
        return JSONResponse(_as_json(reply), headers=_SECURITY)


def _wished(accepted: str, languages: Mapping[str, str]) -> str:
    """Returns the first of our languages that an Accept-Language header names, else our first.

    Browsers list languages by preference (RFC 9110, section 12.5.4): weights can be left out.
    """
    wishes = (re.split("[-;]", part.strip().lower())[0] for part in accepted.split(","))
    return next((wish for wish in wishes if wish in languages), next(iter(languages)))


async def _body(request: Request) -> bytes:
    """Returns the body, or nothing if it is larger than any message."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return b""
    return body


def _parse(body: bytes) -> dict[str, str] | None:
    """Returns the four texts of a message, None if the body is none."""
    try:
        raw = json.loads(body)
        texts = {name: raw[name] for name in ("chat", "kind", "text", "language")}
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    is_sound = all(isinstance(text, str) for text in texts.values()) and texts["kind"] in _KINDS
    return texts if is_sound and len(texts["chat"]) <= 64 else None


def _message(raw: dict[str, str]) -> Message:
    kind: Any = raw["kind"]
    text = raw["text"]
    if kind == "text" and (command := _COMMAND.fullmatch(text.strip().lower())):
        kind, text = "command", command[1]
    return Message(
        "web",
        raw["chat"],
        kind=kind,
        text=text,
        language_hint=raw["language"],
        language_choice=raw["language"],
    )


def _as_json(reply: Reply) -> dict[str, Any]:
    return {
        "language": reply.language,
        "outcome": reply.outcome,
        "text": reply.text,
        "cards": [asdict(card) for card in reply.cards],
        "choices": [asdict(choice) for choice in reply.choices],
    }


def _file(name: str) -> bytes:
    return files("bot").joinpath("web", name).read_bytes()


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _STATIC:
        return Response(status_code=404)
    headers = _SECURITY | {"Cache-Control": "no-cache"}
    return Response(_file(name), media_type=_STATIC[name], headers=headers)
