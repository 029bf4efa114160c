"""Letting libraries in: one that is entered, the printed sheet with its one-use code, and the codes that are still
open (sync-protocol 17).

A code is shown on the very page that answers the form, once; what can be looked at again tells only that there is one.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from starlette.responses import Response

from app.outcome import NotFound, Refused
from app.refusal import Refusal
from app.review.branches import health
from app.review.scopes import covers, places
from app.sync.admitting import (
    ENROLLING,
    CodeGiven,
    LibraryForm,
    enter_library,
    forget_library,
    give_code,
    open_codes,
    pins_of,
    replace_code,
    withdraw_code,
)
from db.codes import BranchKind
from db.models.library import Branch
from server.centre.web.finding import first_of
from server.centre.web.pages import Page, Shot, Visit

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

NEW, CODES = "/branches/new", "/branches/codes"
UNPROCESSABLE = 422
EMPTY = LibraryForm()


def show_new(visit: Visit) -> Response:
    """The form of a library that the centre does not know yet."""
    return _form_page(visit, EMPTY)


def enter(visit: Visit) -> Response:
    """Enter it; the sheet with its code is the answer."""
    kind = visit.text("kind")
    form = LibraryForm(
        name=visit.text("name"), province=visit.text("province"), county=visit.text("county"),
        city=visit.text("city"), kind=BranchKind(kind) if kind in tuple(BranchKind) else None, code=visit.text("code"),
    )  # fmt: skip
    outcome = enter_library(visit.centre, visit.person, form, visit.act())
    if isinstance(outcome, Refused):
        return _form_page(visit, form, outcome.refusals)
    return _sheet(visit, outcome)


def give(visit: Visit) -> Response:
    """A code that lets one more computer of a library in."""
    return _given(visit, give_code(visit.centre, visit.person, visit.id("branch"), visit.act()))


def forget(visit: Visit) -> Response:
    """A library that was entered by mistake is not expected any more."""
    branch_id = visit.id("branch")
    outcome = forget_library(visit.centre, visit.person, branch_id, visit.act())
    if isinstance(outcome, NotFound):
        return visit.missing()
    if isinstance(outcome, Refused):
        return visit.redirect(f"/branches/{branch_id}", told="این کتابخانه ثبت‌نام کرده است.", tone="refuse")
    return visit.redirect("/branches", told=f"«{outcome.name}» و رمزهایش برداشته شد.")


def show_codes(visit: Visit) -> Response:
    """The codes of a scope that nobody has used yet, the oldest first."""
    with visit.centre.store.read() as reader:
        rows = open_codes(visit.centre, reader, visit.person)
    return visit.render("enrol_codes.html", rows=rows)


def replace(visit: Visit) -> Response:
    """Another code in place of a lost one."""
    return _given(visit, replace_code(visit.centre, visit.person, _mark(visit), visit.act()))


def withdraw(visit: Visit) -> Response:
    """Take a code back."""
    outcome = withdraw_code(visit.centre, visit.person, _mark(visit), visit.act())
    if isinstance(outcome, NotFound):
        return visit.missing()
    of = f" «{outcome.library}»" if outcome.library else ""
    return visit.redirect(CODES, told=f"رمز{of} پس گرفته شد و دیگر به کار نمی‌آید.")


def _mark(visit: Visit) -> str:
    return visit.asked.params.get("mark", "")


def _given(visit: Visit, outcome: CodeGiven | NotFound) -> Response:
    return visit.missing() if isinstance(outcome, NotFound) else _sheet(visit, outcome)


def _sheet(visit: Visit, given: CodeGiven) -> Response:
    """The sheet for the library: address, code, fingerprint, and what to do with them."""
    with visit.centre.store.read() as reader:
        pins = pins_of(visit.centre, reader)
        (found,) = health(reader, [given.branch_id])
    address = f"{'https' if visit.asked.secure else 'http'}://{visit.asked.host}"
    return visit.render("enrol_sheet.html", found=found, code=given.code, pins=pins, address=address)


def _form_page(visit: Visit, form: LibraryForm, refused: Sequence[Refusal] = ()) -> Response:
    with visit.centre.store.read() as reader:
        known = [place for place in places(reader) if covers(visit.person, *place)]
    provinces = [province for province, _ in groupby(known, lambda row: row[0])]
    return visit.render(
        "library_new.html", UNPROCESSABLE if refused else 200, refused, form=form, by=visit.person,
        kinds=list(BranchKind), provinces=provinces, counties=[county for _, county in known],
    )  # fmt: skip


PAGES = (
    Page(NEW, "GET", show_new, who=ENROLLING),
    Page(NEW, "POST", enter, who=ENROLLING, strong=True),
    Page(CODES, "GET", show_codes, who=ENROLLING),
    Page(f"{CODES}/{{mark}}/replace", "POST", replace, who=ENROLLING, strong=True),
    Page(f"{CODES}/{{mark}}/withdraw", "POST", withdraw, who=ENROLLING, strong=True),
    Page("/branches/{branch}/code", "POST", give, who=ENROLLING, strong=True),
    Page("/branches/{branch}/forget", "POST", forget, who=ENROLLING, strong=True),
)


def _give_a_code(browser: "Chrome") -> None:
    browser.find_element("css selector", 'form[action$="/code"] button').click()


SHOTS = (
    Shot("library-new", NEW, user="admin"),
    Shot("enrol-sheet", first_of(Branch, "/branches"), user="admin", steps=_give_a_code),
    Shot("enrol-codes", CODES, user="admin"),
)
