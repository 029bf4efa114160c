"""What every answer and every request of the pages is held to: headers, host, origin, token, size."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import Response

MOST_BODY = 1 << 20
MOST_FIELDS = 20_000
"""Bytes of a form and fields in it: the ticks and reasons of the largest minutes are far below."""
FORM = "application/x-www-form-urlencoded"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
UNCHANGING = frozenset({"GET", "HEAD"})
CSRF_FIELD = "_csrf"

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""No script at all, ours neither; nothing inline; nobody frames us."""
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    }
)
NOT_KEPT = "no-store"
HSTS = "max-age=31536000; includeSubDomains"


class RequestRefusedError(Exception):
    """A request that is not answered; `problem` names its words in `server.centre.web.problems`."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Guarded:
    """How the pages are reached: `hosts` are the names they answer to, all of them where none is named."""

    hosts: frozenset[str] = frozenset()


def is_secure(request: Request) -> bool:
    """Whether cookies are bound to TLS: always, but for a trial on the computer itself."""
    return request.url.scheme == "https" or host_name(request) not in LOOPBACK


def host_name(request: Request) -> str:
    """The name in the Host header, without its port; empty when it is none."""
    try:
        return (urlsplit(f"//{request.headers.get('host', '')}").hostname or "").lower()
    except ValueError:
        return ""


def check_host(request: Request, guarded: Guarded) -> None:
    """Refuse names that are not ours: a prepared Host header would else stand in our links."""
    if guarded.hosts and host_name(request) not in guarded.hosts:
        raise RequestRefusedError("host")


def check_origin(request: Request) -> None:
    """Refuse a form that another site sent. Browsers say so in Origin, old ones in Referer."""
    said = request.headers.get("origin") or request.headers.get("referer")
    if said is None or _netloc(said) != request.headers.get("host", "").lower():
        raise RequestRefusedError("origin")


def _netloc(address: str) -> str | None:
    try:
        return urlsplit(address).netloc.lower() or None
    except ValueError:
        return None


def check_token(form: Mapping[str, Sequence[str]], token: str) -> None:
    """Refuse a form without the token of this session."""
    sent = next(iter(form.get(CSRF_FIELD, ())), "")
    if not token or not hmac.compare_digest(sent.encode(), token.encode()):
        raise RequestRefusedError("token")


async def read_form(request: Request) -> Mapping[str, Sequence[str]]:
    """The fields of a form, no larger than allowed."""
    if request.headers.get("content-type", FORM).split(";")[0].strip().lower() != FORM:
        raise RequestRefusedError("kind")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY:
            raise RequestRefusedError("size")
    return read_fields(body.decode("utf-8", "replace"))


def read_fields(text: str) -> Mapping[str, Sequence[str]]:
    """The fields of a form or a query."""
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")
    except ValueError as error:
        raise RequestRefusedError("size") from error


def new_entry() -> str:
    """What a browser is known by before anybody has signed in."""
    return secrets.token_urlsafe(24)


def entry_token(secret: bytes, entry: str) -> str:
    """The token of forms before signing in, bound to the browser's own cookie."""
    return hmac.new(secret, b"entry:" + entry.encode(), hashlib.sha256).hexdigest() if entry else ""


def dress(response: Response, *, tls: bool) -> Response:
    """Put the headers on."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", NOT_KEPT)
    if tls:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    return response
