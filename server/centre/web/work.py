"""One request on its way to a page's function: who it is, whether they may, and what went wrong.

Session, origin, token, role, second factor, in this order; then the function. Whatever goes wrong is a page of three
sentences that tells nothing of the inside.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlencode

import anyio
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.centre import Centre
from app.review.kept_accounts import account
from app.review.scopes import ReviewerFacts
from db.trouble import StaleRowError, Trouble
from server.centre.web import auth
from server.centre.web.asked import Asked, MissingError
from server.centre.web.layout import TOLD_COOKIE, Layout, cookie_name
from server.centre.web.pages import Door, Page, Visit
from server.centre.web.problems import BUG, PROBLEMS, STALE, Problem, problem_of
from server.centre.web.security import (
    CSRF_FIELD,
    UNCHANGING,
    Guarded,
    RequestRefusedError,
    check_origin,
    check_token,
    is_secure,
    new_entry,
    read_fields,
)
from server.centre.web.sessions import NOTED, find_session, note_visit
from server.centre.web.uploads import Upload

LOG = logging.getLogger("pishkhan.centre.web")
ENTRY_COOKIE = "entry"
MEMBER_SIGN_IN = "/my/sign-in"
COSTLY_AT_ONCE = 4
Form: TypeAlias = Mapping[str, Sequence[str]]


@dataclass
class Site:
    """What all requests share."""

    centre: Centre
    guarded: Guarded
    pages: Sequence[Page]
    layout: Layout
    costly: anyio.CapacityLimiter | None = field(default=None, init=False)

    def limiter(self) -> anyio.CapacityLimiter:
        """How many passwords are computed at once."""
        if self.costly is None:
            self.costly = anyio.CapacityLimiter(COSTLY_AT_ONCE)
        return self.costly


def plain_problem(site: Site, problem: Problem) -> Response:
    """A problem before anybody is known."""
    nobody: dict[str, object] = dict.fromkeys(("visit", "person", "reader", "told"))
    facts = nobody | {"csrf_token": "", "nav": [], "here": "", "now": site.centre.now()}
    html = site.layout.render("problem.html", facts, (), {"words": problem.words})
    return HTMLResponse(html, problem.status)


@dataclass
class Work:
    """One request on its way through the checks."""

    site: Site
    request: Request
    method: str
    page: Page | None
    form: Form
    known: bool
    files: Mapping[str, Upload] = field(default_factory=dict)

    def answer(self) -> Response:
        """The answer, whatever happens."""
        try:
            visit = self._visit()
        except Trouble as trouble:
            return plain_problem(self.site, self._noted(trouble))
        try:
            response = self._checked(visit)
        except RequestRefusedError as refused:
            response = self._problem(visit, PROBLEMS[refused.problem])
        except MissingError:
            response = self._problem(visit, PROBLEMS["missing"])
        except StaleRowError:
            response = self._problem(visit, STALE)
        except Trouble as trouble:
            response = self._problem(visit, self._noted(trouble))
        except Exception as bug:  # noqa: BLE001 - the outermost edge: nobody is shown the inside
            response = self._problem(visit, self._noted(bug))
        for keep in visit.cookies:
            keep(response)
        return response

    def turned_away(self) -> Response | None:
        """The answer to whoever may not come, or comes from elsewhere, before anything they send is read; None for
        those who may."""
        try:
            visit = self._visit()
            elsewhere = None if self.page is None else self._elsewhere(visit, self.page)
            if elsewhere is not None:
                return elsewhere
            check_origin(self.request)
        except Trouble as trouble:
            return plain_problem(self.site, self._noted(trouble))
        except RequestRefusedError as refused:
            return plain_problem(self.site, PROBLEMS[refused.problem])
        if self.page is None or not _may_come(visit, self.page):
            return self._problem(visit, PROBLEMS["not_allowed"])
        return None

    # Who it is

    def _visit(self) -> Visit:
        centre, secure = self.site.centre, is_secure(self.request)
        asked = Asked(
            method=self.method,
            path=self.request.url.path,
            params={name: str(value) for name, value in self.request.path_params.items()},
            query=read_fields(self.request.url.query),
            form=self.form,
            address=self.request.client.host if self.request.client else "",
            host=self.request.headers.get("host", ""),
            secure=secure,
            files=self.files,
        )
        page = self.page or Page(asked.path, self.method, Visit.missing, who=Door.ANYBODY)
        visit = Visit(centre, self.site.layout, page, asked)
        self._find_session(visit)
        self._take_told(visit)
        visit.entry = self._cookie(ENTRY_COOKIE, visit)
        return visit

    def _cookie(self, name: str, visit: Visit) -> str:
        return self.request.cookies.get(cookie_name(name, secure=visit.asked.secure), "")

    def _find_session(self, visit: Visit) -> None:
        token = self._cookie(auth.SESSION_COOKIE, visit)
        if not token:
            return
        with self.site.centre.store.read() as reader:
            session = find_session(reader, token, visit.now)
            signed = account(reader, session.reviewer_id) if session and session.reviewer_id else None
        if session is None or (session.reviewer_id and (signed is None or not signed.active)):
            auth.forget_token(visit)
            return
        visit.session, visit.signed, visit.reader = session, signed, session.seat
        visit.entered = signed is None or auth.missing_step(signed, session) is None
        if visit.now - session.seen_at > NOTED:
            with self.site.centre.store.write() as tx:
                note_visit(tx, session, visit.now)

    def _take_told(self, visit: Visit) -> None:
        sealed = self._cookie(TOLD_COOKIE, visit)
        if sealed and self.method == "GET" and self.page is not None:
            visit.told = self.site.layout.read_told(sealed)
            name, secure = cookie_name(TOLD_COOKIE, secure=visit.asked.secure), visit.asked.secure
            visit.cookies.append(lambda response: response.delete_cookie(name, path="/", secure=secure))

    # May they

    def _checked(self, visit: Visit) -> Response:
        page = self.page
        if page is None:
            return self._problem(visit, PROBLEMS["method" if self.known else "missing"])
        if page.who is Door.ANYBODY:
            self._know_browser(visit)
        elsewhere = self._elsewhere(visit, page)
        if elsewhere is not None:
            return elsewhere
        if self.method == "POST":
            check_origin(self.request)
            check_token(self.form, visit.csrf)
        if not _may_come(visit, page):
            return self._problem(visit, PROBLEMS["not_allowed"])
        return self._strong(visit, page) or page.handler(visit)

    def _know_browser(self, visit: Visit) -> None:
        """Forms of those who are not signed in carry a token too, bound to a cookie of the browser."""
        if visit.session is not None or visit.entry:
            return
        entry, secure = new_entry(), visit.asked.secure
        visit.entry = entry
        name = cookie_name(ENTRY_COOKIE, secure=secure)
        visit.cookies.append(
            lambda response: response.set_cookie(name, entry, path="/", secure=secure, httponly=True, samesite="strict")
        )

    def _elsewhere(self, visit: Visit, page: Page) -> Response | None:
        """Where somebody has to go first: to the sign-in page, or through what is missing of it."""
        if page.who is Door.ANYBODY:
            return None
        if visit.session is None:
            if self.method == "POST":
                return self._problem(visit, PROBLEMS["over"])
            return _go(MEMBER_SIGN_IN if page.for_members else auth.SIGN_IN, self.request)
        if visit.signed is None or page.for_members or _is_on_the_way(page):
            return None
        step = auth.missing_step(visit.signed, visit.session)
        return None if step is None or step == page.path else _go(step, self.request)

    def _strong(self, visit: Visit, page: Page) -> Response | None:
        """The second factor once more where it is old. A form is kept within the page that asks."""
        if not page.strong or visit.session is None:
            return None
        if visit.signed is None or not visit.signed.guarded:
            return _go("/account/second-factor", self.request)
        refused = None
        if self.form.get(auth.CODE_FIELD):
            refused = auth.give_code(visit, visit.text(auth.CODE_FIELD, 12))
            if refused is None:
                return None
        elif visit.session.is_strong(visit.now):
            return None
        elif self.method == "GET":
            return _go(auth.AGAIN, self.request)
        kept = [
            (name, value)
            for name, values in self.form.items() if name not in (CSRF_FIELD, auth.CODE_FIELD)
            for value in values
        ]  # fmt: skip
        reasons, status = refused or auth.Failed((), 200)
        return visit.render("again.html", status, reasons, path=visit.asked.path, kept=kept)

    # What went wrong

    def _problem(self, visit: Visit, problem: Problem) -> Response:
        return visit.render("problem.html", problem.status, words=problem.words)

    def _noted(self, error: Exception) -> Problem:
        """What is said of an error; the log gets its kind and place, never a value: those may be somebody's."""
        if isinstance(error, Trouble):
            LOG.error("trouble %s at %s", error.code, self.page.path if self.page else "-")
            return problem_of(error)
        LOG.error("bug %s at %s in %s", type(error).__name__, self.page.path if self.page else "-", _place(error))
        return BUG


def _is_on_the_way(page: Page) -> bool:
    """Whether a page belongs to coming in or going out itself. A new password is chosen after the second factor."""
    return page.who is Door.ENTERING and page.path != auth.OWN_PASSWORD


def _may_come(visit: Visit, page: Page) -> bool:
    if page.who is Door.ANYBODY:
        return True
    if visit.reader is not None:
        return page.for_members
    person: ReviewerFacts | None = visit.signed
    return person is not None and page.lets(person.role)


def _go(path: str, request: Request) -> Response:
    """To another page first; from there back to where one wanted to go."""
    back = request.url.path if request.method in UNCHANGING else "/"
    if request.url.query and back != "/":
        back = f"{back}?{request.url.query}"
    target = path if back == "/" else f"{path}?{urlencode({'next': back})}"
    return RedirectResponse(target, 303)


def _place(error: BaseException) -> str:
    trace, last = error.__traceback__, "-"
    while trace is not None:
        last = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return last
