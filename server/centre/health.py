"""Whether the process lives, whether it may be sent work, and what it counts."""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.centre import Centre
from app.sync.line import AWAY, DENIED, OK
from app.version import VERSION
from db.journal import SCHEMA_VERSION
from db.migrate import VERSION_QUERY
from db.trouble import Trouble
from server.centre.logs import told
from server.centre.metrics import Metrics, gauges, standing

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
Handler = Callable[[Request], Awaitable[Response]]


def operating_routes(centre: Centre, metrics: Metrics, token: str = "") -> list[Route]:
    """The routes for whoever keeps the centre running. The counts are for this machine, and for whoever has the
    token."""
    return [
        Route("/healthz", _lives, name="operating.healthz"),
        Route("/readyz", _ready(centre), name="operating.readyz"),
        Route("/metrics", _counted(centre, metrics, token), name="operating.metrics"),
    ]


async def _lives(request: Request) -> Response:
    told(request.scope, call="healthz")
    return PlainTextResponse("ok\n")


def _ready(centre: Centre) -> Handler:
    async def handle(request: Request) -> Response:
        told(request.scope, call="readyz")
        try:
            revision = await run_in_threadpool(_revision, centre)
        except Trouble as trouble:
            return JSONResponse({"ready": False, "trouble": trouble.code}, AWAY)
        facts = {"ready": True, "version": VERSION, "schema": SCHEMA_VERSION, "revision": revision}
        return JSONResponse(facts, OK)

    return handle


def _revision(centre: Centre) -> str:
    with centre.store.read() as reader:
        return str(reader.connection.exec_driver_sql(VERSION_QUERY).scalar_one())


def _counted(centre: Centre, metrics: Metrics, token: str) -> Handler:
    async def handle(request: Request) -> Response:
        told(request.scope, call="metrics")
        if not (_is_here(request) or _has(request, token)):
            return PlainTextResponse("from this machine, or with the token\n", DENIED)
        lines = list(metrics.lines())
        try:
            lines += gauges(await run_in_threadpool(standing, centre))
        except Trouble:
            lines.append("# the database does not answer")
        return PlainTextResponse("\n".join([*lines, ""]), media_type=PROMETHEUS)

    return handle


def _is_here(request: Request) -> bool:
    """Whether the question comes from this machine. Behind a proxy of this machine the address is that of whoever asked
    it (uvicorn believes X-Forwarded-For of a neighbour only)."""
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _has(request: Request, token: str) -> bool:
    scheme, _, said = request.headers.get("authorization", "").partition(" ")
    return bool(token) and scheme.lower() == "bearer" and hmac.compare_digest(said.strip().encode(), token.encode())
