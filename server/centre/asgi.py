"""The centre as one ASGI application: calls of branches, operation, catalogue for other systems, pages for people."""

from collections.abc import Iterable
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from app.centre import Centre
from server.centre.api import Served, sync_routes
from server.centre.background import Background
from server.centre.files import file_routes
from server.centre.health import operating_routes
from server.centre.limits import Gate, Limits
from server.centre.logs import Watched
from server.centre.metrics import Metrics
from server.centre.openapi import document_route
from server.centre.sru import sru_routes
from server.centre.web.app import web_routes
from server.centre.web.security import Guarded


def make_app(
    centre: Centre,
    *,
    limits: Limits | None = None,
    work: Background | None = None,
    hosts: Iterable[str] = (),
    token: str = "",
    snapshots: Path | None = None,
) -> Starlette:
    """The application over an open centre; `work` is what it does by itself meanwhile, woken by pushes; `hosts` are the
    names its pages answer to (none: all); `token` opens the counts to other machines; `snapshots` is the folder of
    first fillings. Whoever makes it closes the centre's store after it has ended."""
    metrics = Metrics()
    served = Served(centre, Gate(limits), snapshots=snapshots)
    if work is not None:
        served.after_push = work.wake
    return Starlette(
        routes=[*program_routes(served, metrics, token), *web_routes(centre, Guarded(frozenset(hosts)))],
        middleware=[Middleware(Watched, metrics=metrics)],
        lifespan=None if work is None else work.running,
    )


def program_routes(served: Served, metrics: Metrics, token: str = "") -> list[Route]:
    """Routes for programs: every one of them stands in the OpenAPI document."""
    centre = served.centre
    synchronised = (*sync_routes(served), *file_routes(served))
    return [*synchronised, *operating_routes(centre, metrics, token), *sru_routes(centre), document_route()]
