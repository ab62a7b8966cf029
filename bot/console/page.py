"""Makes pages of templates, in the operator's language, under a policy that refuses all else."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console.access import COOKIE, SESSION_S, Gate, Visit
from bot.console.words import LANGUAGES, words

#: Largest body of a form, in bytes: a new topic with long answers is a few thousand.
MAX_BODY, _MAX_FIELDS = 65_536, 100

_LANGUAGE_COOKIE, _LANGUAGE_S = "infobot_console_language", 365 * 86_400

#: With `no-referrer` a browser would send forms with `Origin: null`
#: (https://fetch.spec.whatwg.org/#append-a-request-origin-header).
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        " img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
#: Where a page is shown anew, if not at its template's name: a form may have led to it.
_ADDRESSES = {
    "questions": "/console",
    "refused": "/console",
    "source": "/console/knowledge/source",
}
_UNKEPT = SECURITY | {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Turn:
    """A request of somebody whose session is known."""

    request: Request
    visit: Visit
    language: str
    form: Mapping[str, str] = field(default_factory=dict)
    """What a POST sent."""

    @property
    def words(self) -> Mapping[str, str]:
        """The console's words in the operator's language."""
        return words(self.language)


class Pages:
    """Renders the console's pages.

    Args:
        gate: tells whether cookies must be kept to https.
        bot_names: gives what the bot is called in each language.
        time_zone: gives the IANA name of the zone in which times are told.
    """

    def __init__(
        self, gate: Gate, bot_names: Callable[[], Mapping[str, str]], time_zone: Callable[[], str]
    ) -> None:
        self._gate = gate
        self._bot_names = bot_names
        self._time_zone = time_zone
        self._templates = jinja2.Environment(
            loader=jinja2.PackageLoader("bot.console"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def show(self, turn: Turn, template: str, code: int = 200, **values: Any) -> Response:
        """Returns the page that `template` makes of `values`."""
        names = self._bot_names()
        page = self._templates.get_template(f"{template}.html").render(
            t=turn.words,
            language=turn.language,
            languages=LANGUAGES,
            visit=turn.visit,
            has_password=self._gate.has_password,
            bot_name=names.get(turn.language) or next(iter(names.values())),
            page=template,
            address=_ADDRESSES.get(template, f"/console/{template}"),
            when=self._when(turn),
            day=lambda date: _day(date, turn),
            **values,
        )
        # A message as it was written, in those set aside, may hold half a character.
        shown = page.encode(errors="replace")
        return self._with_cookies(HTMLResponse(shown, code, headers=_UNKEPT), turn)

    def redirect(self, turn: Turn, where: str) -> Response:
        """Returns the way to another page, as after a form was taken."""
        return self._with_cookies(RedirectResponse(where, 303, headers=_UNKEPT), turn)

    def _with_cookies(self, response: Response, turn: Turn) -> Response:
        is_secure = self._gate.is_secure(turn.request)

        def keep(name: str, value: str, seconds: int) -> None:
            response.set_cookie(
                name, value, seconds, path="/console", secure=is_secure, httponly=True,
                samesite="strict",
            )  # fmt: skip

        if turn.request.cookies.get(COOKIE) != turn.visit.cookie:
            keep(COOKIE, turn.visit.cookie, SESSION_S)
        if turn.request.query_params.get("language") == turn.language:
            keep(_LANGUAGE_COOKIE, turn.language, _LANGUAGE_S)
        return response

    def _when(self, turn: Turn) -> Callable[[float | datetime.datetime], str]:
        zone = ZoneInfo(self._time_zone())

        def told(at: float | datetime.datetime) -> str:
            moment = at if isinstance(at, datetime.datetime) else _moment(at)
            moment = moment.astimezone(zone)
            return f"{_day(moment.date(), turn)} {moment:%H:%M}"

        return told


def wished_language(request: Request) -> str:
    """Returns the operator's language: as switched to, as kept, or as their browser wishes."""
    accepted = request.headers.get("accept-language", "").split(",")
    wishes = (
        request.query_params.get("language", ""),
        request.cookies.get(_LANGUAGE_COOKIE, ""),
        *(re.split("[-;]", part.strip().lower())[0] for part in accepted),
    )
    return next((wish for wish in wishes if wish in LANGUAGES), next(iter(LANGUAGES)))


async def read_form(request: Request) -> Mapping[str, str] | None:
    """Returns the fields of a form; None if it is none, or larger than any of ours."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    try:
        fields = parse_qs(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS
        )
    except ValueError:
        return None
    return {name: values[-1] for name, values in fields.items()}


def static(name: str) -> Response:
    """Returns one of the files that pages are made of."""
    kind = _STATIC.get(name)
    if kind is None:
        return Response(status_code=404, headers=SECURITY)
    content = files("bot.console").joinpath("static", name).read_bytes()
    return Response(content, media_type=kind, headers=SECURITY | {"Cache-Control": "no-cache"})


_STATIC = {
    "console.css": "text/css",
    "pages.css": "text/css",
    "console.js": "text/javascript",
    "charts.js": "text/javascript",
    "vendor/uPlot.iife.min.js": "text/javascript",
    "vendor/uPlot.min.css": "text/css",
}


def _moment(unix_s: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(unix_s, datetime.UTC)


def _day(date: datetime.date, turn: Turn) -> str:
    """Returns a date as people write it; in Thai in the Buddhist Era."""
    month = turn.words["months"].split()[date.month - 1]
    year = date.year + 543 if turn.language == "th" else date.year
    return f"{date.day} {month} {year}"
