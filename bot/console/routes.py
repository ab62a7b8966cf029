"""The console put together: which address shows what, and to whom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console.access import Gate
from bot.console.desk import Desk
from bot.console.edits import Edits
from bot.console.health import Health
from bot.console.page import Pages, Turn, read_form, static, wished_language
from bot.console.views import Views
from bot.errors import EditRefused, StateUnavailable

View = Callable[[Turn], Awaitable[Response]]

_HOME = "/console"
_STATUS = {"form": 403, "large": 413, "away": 503, "history": 503}


@dataclass(frozen=True, slots=True)
class Console:
    """The console as an application mounts it."""

    routes: list[Route]
    close: Callable[[], Awaitable[None]]
    """Stops what it does in the background."""


def console(desk: Desk, gate: Gate) -> Console:
    """Returns the console.

    Args:
        desk: what operators work with.
        gate: tells who may come in.
    """
    pages = Pages(gate, lambda: desk.knowledge.bot.name, lambda: desk.knowledge.bot.time_zone)
    health = Health(desk.library.path)
    views = Views(desk, pages, health)
    edits = Edits(desk, pages, views)
    door = _Door(gate, pages)

    async def blank_topic(turn: Turn) -> Response:
        return await views.new(turn, {})

    shown: dict[str, View] = {
        "": views.questions,
        "/overview": views.overview,
        "/try": views.trial,
        "/knowledge": views.knowledge,
        "/knowledge/source": views.source,
        "/history": views.history,
        "/aside": views.aside,
        "/new": blank_topic,
    }
    done: dict[str, View] = {
        "/teach": edits.teach,
        "/draft": edits.draft,
        "/new": edits.open_topic,
        "/dismiss": edits.dismiss,
        "/undo": edits.undo,
        "/try": views.trial,
        "/logout": door.leave,
    }
    routes = [
        *(Route(_HOME + path, door.to(view), methods=["GET"]) for path, view in shown.items()),
        *(Route(_HOME + path, door.to(view), methods=["POST"]) for path, view in done.items()),
        Route(_HOME + "/login", door.to(door.ask, is_open=True), methods=["GET"]),
        Route(_HOME + "/login", door.to(door.enter, is_open=True), methods=["POST"]),
        Route(_HOME + "/static/{name:path}", _static, methods=["GET"]),
    ]
    return Console(routes, health.close)


class _Door:
    """Stands before every page."""

    def __init__(self, gate: Gate, pages: Pages) -> None:
        self._gate = gate
        self._pages = pages

    def to(self, view: View, is_open: bool = False) -> Callable[[Request], Awaitable[Response]]:
        """Returns a view that only operators reach; everybody, if it `is_open`."""

        async def reach(request: Request) -> Response:
            turn = Turn(request, self._gate.visit(request), wished_language(request))
            if reason := self._gate.refusal(request):
                return self._refuse(turn, reason)
            if request.method == "POST":
                form = await read_form(request)
                if form is None:
                    return self._refuse(turn, "large")
                turn = replace(turn, form=form)
                if not self._gate.is_genuine(request, turn.visit, form.get("token", "")):
                    return self._refuse(turn, "form")
            if not (is_open or turn.visit.is_operator):
                return self._pages.redirect(turn, _to_login(request))
            try:
                return await view(turn)
            except StateUnavailable:
                return self._refuse(turn, "away")
            except EditRefused:  # of edits it is answered by the form; else the history is broken
                return self._refuse(turn, "history")

        return reach

    async def ask(self, turn: Turn) -> Response:
        """Asks for the password."""
        if turn.visit.is_operator:
            return self._pages.redirect(turn, _HOME)
        return self._pages.show(turn, "login", denial="", name="", after=_address(turn))

    async def enter(self, turn: Turn) -> Response:
        """Takes the password."""
        name = turn.form.get("name", "")
        admitted = self._gate.admit(turn.request, turn.form.get("password", ""), name)
        if isinstance(admitted, str):
            code = 429 if admitted == "wait" else 401
            return self._pages.show(
                turn, "login", code, denial=admitted, name=name, after=_address(turn)
            )
        after = turn.request.query_params.get("after", "")
        # Only to a page of ours: an address that somebody else made may name any.
        where = after if after in _PAGES else _HOME
        return self._pages.redirect(replace(turn, visit=admitted), where)

    async def leave(self, turn: Turn) -> Response:
        """Ends the session."""
        self._gate.leave(turn.visit)
        guest = self._gate.visit(turn.request)
        return self._pages.redirect(replace(turn, visit=guest), _HOME + "/login")

    def _refuse(self, turn: Turn, reason: str) -> Response:
        # Whoever is refused at the gate is no operator, whatever their cookie says.
        shown = replace(turn, visit=replace(turn.visit, is_operator=False))
        return self._pages.show(shown, "refused", _STATUS.get(reason, 403), reason=reason)


_PAGES = frozenset(
    f"{_HOME}/{name}" for name in ("overview", "try", "knowledge", "history", "aside", "new")
)


def _address(turn: Turn) -> str:
    """Returns where the login is sent, with the page that was asked for."""
    after = turn.request.query_params.get("after", "")
    return f"{_HOME}/login?after={quote(after)}" if after in _PAGES else f"{_HOME}/login"


def _to_login(request: Request) -> str:
    path = request.url.path
    return f"{_HOME}/login?after={quote(path)}" if path in _PAGES else f"{_HOME}/login"


async def _static(request: Request) -> Response:
    return static(request.path_params["name"])
