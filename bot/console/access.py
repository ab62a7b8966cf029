"""Who may come into the console: the password, the session, and what every POST must prove.

A session is a signed cookie (no state, so that any replica takes it) that ends after `SESSION_S`.
Whoever has no session yet gets one as a guest: it carries the token that a form must send back
(https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from starlette.requests import Request

from bot.limits import Limiter

COOKIE = "infobot_console"
SESSION_S = 12 * 3600
MOST_NAME = 40

#: Attempts at the password: of one address, and of all together; then one more per so many seconds.
_OF_ONE, _OF_ALL = (5, 60.0), (30, 10.0)

#: Any of them says that a proxy stands in front, so that its address is not the person's.
_FORWARDING = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
#: https://www.rfc-editor.org/rfc/rfc9110#section-7.2
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?")

Refusal = Literal["proxied", "elsewhere", "name"]
#: wrong: not the password; wait: too many attempts, so it was not even looked at.
Denial = Literal["wrong", "wait"]


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser's session."""

    cookie: str
    is_operator: bool
    """Whether they may see and change things."""
    name: str
    """What they call themselves; may be empty."""
    token: str
    """What their forms must send back."""


class Gate:
    """Tells who may come in.

    Args:
        secret: the key that this project's other keys are made of.
        password: what operators know; empty lets in whoever sits at this machine, and nobody else.
        public_url: where the world reaches this server; may be empty.
        clock: Unix seconds.
    """

    def __init__(
        self,
        secret: bytes,
        password: str,
        public_url: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        # With the password in the key, a new password ends every session.
        self._key = hmac.digest(secret, b"infobot console\0" + password.encode(), "sha256")
        self._password = password.encode()
        self._public = urlsplit(public_url).netloc.lower()
        self._clock = clock
        self._of_one = Limiter(_OF_ONE[0], 1 / _OF_ONE[1])
        self._of_all = Limiter(_OF_ALL[0], 1 / _OF_ALL[1])
        self._left: dict[str, float] = {}

    @property
    def has_password(self) -> bool:
        """Whether operators must know a password."""
        return bool(self._password)

    def refusal(self, request: Request) -> Refusal | None:
        """Returns why nobody can be let in by this request; None if somebody may be."""
        if self._password:
            return None
        # A proxy that adds no header looks like a browser here, so where there must be one, none
        # is let in.
        if self._public or any(name in request.headers for name in _FORWARDING):
            return "proxied"
        if _is_of_a_proxy(request):
            return "proxied"
        if not _is_loopback(request):
            return "elsewhere"
        # A page elsewhere may give its own name our address (DNS rebinding) and read us with it.
        return None if _name(request.headers.get("host", "")) in _OWN_NAMES else "name"

    def visit(self, request: Request) -> Visit:
        """Returns the session of a request, a new guest's if it has none that holds."""
        cookie = request.cookies.get(COOKIE, "")
        return self._read(cookie) or self._open("guest", "")

    def admit(self, request: Request, password: str, name: str) -> Visit | Denial:
        """Returns an operator's new session, or why there is none.

        Args:
            request: what counts against its sender's attempts.
            password: as typed.
            name: what they call themselves.
        """
        if not self._of_one.takes(_address(request)) or not self._of_all.takes("all"):
            return "wait"
        # Hashes are of one length, so that the time tells nothing of the password's.
        given, right = (
            hmac.digest(self._key, text, "sha256")
            for text in (password.encode(errors="replace"), self._password)
        )
        if not self._password or not hmac.compare_digest(given, right):
            return "wrong"
        return self._open("operator", " ".join(name.split())[:MOST_NAME])

    def leave(self, visit: Visit) -> None:
        """Ends a session, also where its cookie was copied."""
        now = self._clock()
        self._left = {cookie: end for cookie, end in self._left.items() if end > now}
        self._left[visit.cookie] = now + SESSION_S

    def is_genuine(self, request: Request, visit: Visit, token: str) -> bool:
        """Tells whether a POST comes from a form of ours, in the browser of that session."""
        origin = request.headers.get("origin", "").lower().partition("://")[2]
        ours = {request.headers.get("host", "").lower(), self._public} - {""}
        return origin in ours and hmac.compare_digest(visit.token.encode(), token.encode())

    def is_secure(self, request: Request) -> bool:
        """Tells whether the browser speaks https, to us or to a proxy in front."""
        forwarded = request.headers.get("x-forwarded-proto", "")
        is_public = request.headers.get("host", "").lower() == self._public
        return is_public or "https" in (request.url.scheme, forwarded)

    def _open(self, kind: str, name: str) -> Visit:
        ends = int(self._clock()) + SESSION_S
        named = base64.urlsafe_b64encode(name.encode()).decode()
        body = f"{kind}.{ends}.{secrets.token_urlsafe(16)}.{named}"
        return self._visit(f"{body}.{self._mac('session', body)}", kind, name)

    def _read(self, cookie: str) -> Visit | None:
        body, _, mac = cookie.rpartition(".")
        if not hmac.compare_digest(self._mac("session", body).encode(), mac.encode()):
            return None
        kind, ends, _nonce, named = body.split(".")
        if int(ends) <= self._clock() or self._left.get(cookie):
            return None
        try:
            name = base64.urlsafe_b64decode(named).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
        return self._visit(cookie, kind, name)

    def _visit(self, cookie: str, kind: str, name: str) -> Visit:
        is_operator = kind == "operator" or not self._password
        return Visit(cookie, is_operator, name, self._mac("form", cookie))

    def _mac(self, purpose: str, body: str) -> str:
        return hmac.new(self._key, f"{purpose} {body}".encode(), "sha256").hexdigest()


def _is_of_a_proxy(request: Request) -> bool:
    """Tells a proxy that names itself nowhere: nginx speaks HTTP/1.0 by default, browsers never."""
    return request.scope.get("http_version") == "1.0"


def _name(host: str) -> str:
    """Returns the name in a Host header, empty if it is none."""
    found = _HOST.fullmatch(host.lower())
    return found[1].strip("[]") if found else ""


def _is_loopback(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _address(request: Request) -> str:
    """Returns what attempts are counted by: an IPv6 customer has a whole /64 of addresses."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host
