"""The pages of the centre as routes. Host and size are checked here, the rest in `server.centre.web.work`; every answer
gets its headers here."""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from app.centre import Centre
from server.centre.web import (
    accounts,
    archive,
    audit,
    auth,
    branches,
    cases,
    enrolling,
    exchange,
    exchange_gathered,
    exchange_steps,
    home,
    minutes,
    overview,
    own_account,
    packages,
    publishing,
    queue,
    readers,
    supervision,
    union,
    union_merging,
    union_requests,
)
from server.centre.web.layout import Layout, NavItem
from server.centre.web.pages import Page
from server.centre.web.problems import PROBLEMS
from server.centre.web.security import (
    UNCHANGING,
    Guarded,
    RequestRefusedError,
    check_host,
    dress,
    read_form,
)
from server.centre.web.uploads import is_multipart, received
from server.centre.web.work import Site, Work, plain_problem

TABLES: tuple[Sequence[Page], ...] = (
    home.PAGES, queue.PAGES, minutes.PAGES, exchange_gathered.PAGES, exchange.PAGES, exchange_steps.PAGES,
    overview.PAGES, archive.PAGES, supervision.PAGES,
    union.PAGES, union_merging.PAGES, union_requests.PAGES, union.OF_A_RECORD,
    enrolling.PAGES, branches.PAGES, packages.PAGES, cases.PAGES, publishing.PAGES,
    accounts.PAGES, audit.PAGES, own_account.PAGES, auth.PAGES,
    readers.PAGES,
)  # fmt: skip
"""Every table of pages, in the order of the navigation."""
EVERYWHERE = Guarded()
KEPT_LONG = "public, max-age=31536000, immutable"


def web_routes(
    centre: Centre, guarded: Guarded = EVERYWHERE, tables: Iterable[Sequence[Page]] = TABLES
) -> list[BaseRoute]:
    """The routes of all pages. They come last in an application: the last answers whatever nothing else does."""
    pages = tuple(chain.from_iterable(tables))
    secret = hmac.new(centre.keys.data, b"pages", hashlib.sha256).digest()
    nav = [NavItem(page.path, page.nav.label, page.nav.icon, page.lets, page.for_members) for page in pages if page.nav]
    site = Site(centre, guarded, pages, Layout(secret, nav))
    by_path: dict[str, dict[str, Page]] = {}
    for page in pages:
        by_path.setdefault(page.path, {})[page.method] = page
    routes: list[BaseRoute] = [AnyMethod(path, _endpoint(site, methods)) for path, methods in by_path.items()]
    routes.append(AnyMethod("/static/{name}", _static(site)))
    routes.append(Rest("/{rest:path}", _endpoint(site, {})))
    return routes


class AnyMethod(Route):
    """A route whose endpoint itself says which methods it knows, so that a wrong one is answered by a page too."""

    def __init__(self, path: str, endpoint: "Callable[[Request], object]") -> None:
        super().__init__(path, endpoint)
        self.methods = None


class Rest(AnyMethod):
    """Whatever no other route knows. It matches in part only: a call that another route refuses for its method is
    still that route's to answer."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Never more than a partial match."""
        match, child = super().matches(scope)
        return (Match.PARTIAL if match is Match.FULL else match), child


def _endpoint(site: Site, methods: Mapping[str, Page]) -> "Callable[[Request], object]":
    async def endpoint(request: Request) -> Response:
        method = "GET" if request.method in UNCHANGING else request.method
        page = methods.get(method)
        try:
            check_host(request, site.guarded)
            if page is not None and page.uploads and is_multipart(request):
                response = await _with_files(site, request, page)
            else:
                form = await read_form(request) if method == "POST" else {}
                response = await _answered(Work(site, request, method, page, form, known=bool(methods)))
        except RequestRefusedError as refused:
            response = plain_problem(site, PROBLEMS[refused.problem])
        return dress(response, tls=request.url.scheme == "https")

    return endpoint


async def _with_files(site: Site, request: Request, page: Page) -> Response:
    """The answer to a form with files, which are only taken from somebody who may send them."""
    early = await run_in_threadpool(Work(site, request, "POST", page, {}, known=True).turned_away)
    if early is not None:
        return early
    async with received(request, page.uploads) as (form, files):
        return await _answered(Work(site, request, "POST", page, form, known=True, files=files))


async def _answered(work: Work) -> Response:
    if work.page is None or not work.page.costly:
        return await run_in_threadpool(work.answer)
    return await anyio.to_thread.run_sync(work.answer, limiter=work.site.limiter())


def _static(site: Site) -> "Callable[[Request], object]":
    async def static(request: Request) -> Response:
        asset = site.layout.assets.get(request.path_params["name"])
        if asset is None:
            return dress(plain_problem(site, PROBLEMS["missing"]), tls=request.url.scheme == "https")
        response = Response(asset.content, media_type=asset.kind, headers={"Cache-Control": KEPT_LONG})
        return dress(response, tls=request.url.scheme == "https")

    return static
