"""Readers come in and go out: with card and password, the first time with the code of the desk."""

import uuid

from starlette.responses import Response

from app.members.writing import stored_number
from app.outcome import Refused
from app.readers.entering import Come, Coming, WhichLibrary, come_in, open_pages
from app.refusal import Refusal
from app.review.guessing import Try, Wait, begin_try, good_try, no_try, noted_name
from app.review.passwords import password_problems
from server.centre.web.auth import Failed, failed_page, forget_token, keep_token, wait_failure
from server.centre.web.pages import Door, Page, Shot, Visit
from server.centre.web.sessions import ReaderSeat, begin_session, end_session
from server.centre.web.work import MEMBER_SIGN_IN

SIGN_IN, FIRST, HOME = MEMBER_SIGN_IN, "/my/first", "/my"
LOANS = "/my/loans"


def show_sign_in(visit: Visit) -> Response:
    """The page where readers sign in."""
    if visit.reader is not None:
        return visit.redirect(LOANS)
    return _form(visit, "readers_sign_in.html", None)


def sign_in(visit: Visit) -> Response:
    """Number and password. The answer tells nobody whether there is such a number."""
    made = _begin(visit)
    if isinstance(made, Wait):
        return _form(visit, "readers_sign_in.html", wait_failure(visit, made))
    come = come_in(visit.centre, visit.text("card", 64), visit.secret("password"), _library(visit))
    return _come(visit, made, come, "readers_sign_in.html")


def show_first(visit: Visit) -> Response:
    """The page for the code of the desk."""
    return _form(visit, "readers_first.html", None)


def first(visit: Visit) -> Response:
    """Number, code, and the password that is chosen with it."""
    password = visit.secret("password")
    problems = tuple(password_problems(password, visit.text("card", 64)))
    if password != visit.secret("repeat"):
        problems = (*problems, Refusal("password.differ"))
    if problems:
        return _form(visit, "readers_first.html", Failed(problems))
    made = _begin(visit)
    if isinstance(made, Wait):
        return _form(visit, "readers_first.html", wait_failure(visit, made))
    come = open_pages(visit.centre, visit.text("card", 64), visit.secret("code"), password, _library(visit))
    return _come(visit, made, come, "readers_first.html")


def sign_out(visit: Visit) -> Response:
    """Sign out here."""
    with visit.centre.write() as tx:
        if visit.session is not None:
            end_session(tx, visit.session)
    forget_token(visit)
    return visit.redirect(SIGN_IN, told="از صفحهٔ خود بیرون آمدید.", tone="info")


def home(visit: Visit) -> Response:
    """Where a reader begins."""
    return visit.redirect(LOANS)


def _begin(visit: Visit) -> Try | Wait:
    """A try at a number as it is looked for, however it was typed, of the library that was named: the readers who bear
    the same number elsewhere do not wait for it. Of both only a keyed hash is kept."""
    named = f"card:{stored_number(visit.text('card', 64))}@{_library(visit) or ''}"
    return begin_try(visit.centre, noted_name(visit.centre, named, known=False), visit.asked.address)


def _come(visit: Visit, made: Try, come: Coming, template: str) -> Response:
    match come:
        case Come(member_id, branch_id):
            with visit.centre.write() as tx:
                good_try(tx, made)
                if visit.session is not None:
                    end_session(tx, visit.session)
                token = begin_session(tx, visit.now, ReaderSeat(member_id, branch_id))
            keep_token(visit, token)
            return visit.redirect(visit.text("next") or LOANS)
        case WhichLibrary(choices):
            with visit.centre.write() as tx:
                no_try(tx, made)
            return _form(visit, template, Failed((Refusal("reader.which_library"),)), choices)
        case Refused(refusals):
            return _form(visit, template, Failed(refusals))


def _form(
    visit: Visit, template: str, failed: Failed | None, libraries: tuple[tuple[uuid.UUID, str], ...] = ()
) -> Response:
    kept = {"card": visit.text("card", 64), "next": visit.text("next"), "libraries": libraries}
    return failed_page(visit, template, failed or Failed((), 200), **kept)


def _library(visit: Visit) -> uuid.UUID | None:
    return next(iter(visit.uuids("library")), None)


PAGES = (
    Page(SIGN_IN, "GET", show_sign_in, who=Door.ANYBODY),
    Page(SIGN_IN, "POST", sign_in, who=Door.ANYBODY, costly=True),
    Page(FIRST, "GET", show_first, who=Door.ANYBODY),
    Page(FIRST, "POST", first, who=Door.ANYBODY, costly=True),
    Page("/my/sign-out", "POST", sign_out, who=Door.MEMBER),
    Page(HOME, "GET", home, who=Door.MEMBER),
)
SHOTS = (Shot("reader-sign-in", SIGN_IN), Shot("reader-first", FIRST))
