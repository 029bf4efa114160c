"""Accounts and scopes: who signs in at the centre, as what, and for where."""

from collections.abc import Sequence
from itertools import groupby

from starlette.responses import Response

from app.centre import Centre
from app.outcome import NotFound, Refused
from app.refusal import Refusal
from app.review.accounts import (
    REACH,
    AccountForm,
    Done,
    add_account,
    change_account,
    may_manage,
    reset_password,
    reset_second_factor,
    switch_account,
)
from app.review.kept_accounts import account, account_named, accounts_within
from app.review.scopes import ReviewerFacts, covers, places
from db.codes import Role
from server.centre.web.asked import MissingError
from server.centre.web.pages import ADMINISTRATORS, Nav, Page, Shot, Visit

LIST = "/accounts"
PAGE = 50
UNPROCESSABLE = 422
EMPTY = AccountForm("", "", None)


def show_accounts(visit: Visit) -> Response:
    """Everybody within reach."""
    with visit.centre.store.read() as reader:
        rows = accounts_within(reader, visit.person)
    sought = visit.text("q")
    if sought:
        rows = [row for row in rows if sought in row.name or sought.lower() in row.user_name]
    start = (visit.page_no - 1) * PAGE
    return visit.render(
        "accounts.html", rows=rows[start : start + PAGE], total=len(rows), more=len(rows) > start + PAGE,
        sought=sought,
    )  # fmt: skip


def show_new(visit: Visit) -> Response:
    """The form of a new account."""
    return _form_page(visit, EMPTY)


def add(visit: Visit) -> Response:
    """Make an account; its first password is shown on this very page and never again."""
    form = _form(visit)
    outcome = add_account(visit.centre, visit.person, form, visit.act())
    if isinstance(outcome, Refused):
        return _form_page(visit, form, outcome.refusals)
    with visit.centre.store.read() as reader:
        return visit.render("first_password.html", row=account(reader, outcome.id), password=outcome.password)


def show_one(visit: Visit) -> Response:
    """One account, and what can be done about it."""
    row = _one(visit)
    return _one_page(visit, row, _form_of(row))


def change(visit: Visit) -> Response:
    """Change name, role and scope."""
    row, form = _one(visit), _form(visit)
    outcome = change_account(visit.centre, visit.person, row.id, form, visit.act())
    if isinstance(outcome, Refused):
        return _one_page(visit, row, form, outcome.refusals)
    return _done(visit, row, outcome, "حساب تغییر کرد.")


def switch_off(visit: Visit) -> Response:
    """Close an account."""
    row = _one(visit)
    outcome = switch_account(visit.centre, visit.person, row.id, False, visit.act())
    return _done(visit, row, outcome, f"حساب «{row.name}» بسته شد و دیگر نمی‌تواند وارد شود.")


def switch_on(visit: Visit) -> Response:
    """Open it again."""
    row = _one(visit)
    outcome = switch_account(visit.centre, visit.person, row.id, True, visit.act())
    return _done(visit, row, outcome, f"حساب «{row.name}» دوباره باز شد.")


def new_password(visit: Visit) -> Response:
    """A new first password, shown once."""
    row = _one(visit)
    return _done(visit, row, reset_password(visit.centre, visit.person, row.id, visit.act()), "")


def new_second_factor(visit: Visit) -> Response:
    """Forget the second factor of somebody who lost the telephone."""
    row = _one(visit)
    outcome = reset_second_factor(visit.centre, visit.person, row.id, visit.act())
    return _done(visit, row, outcome, f"رمز دوم «{row.name}» برداشته شد؛ در ورود بعدی از نو راه‌اندازی می‌شود.")


def _one(visit: Visit) -> ReviewerFacts:
    with visit.centre.store.read() as reader:
        row = account(reader, visit.id("account"))
    if row is None or not covers(visit.person, row.province, row.county):
        raise MissingError
    return row


def _done(visit: Visit, row: ReviewerFacts, outcome: Done, told: str) -> Response:
    if isinstance(outcome, NotFound):
        return visit.missing()
    if isinstance(outcome, Refused):
        return _one_page(visit, row, _form_of(row), outcome.refusals)
    if outcome.password is not None:
        return visit.render("first_password.html", row=row, password=outcome.password)
    return visit.redirect(f"{LIST}/{row.id}", told=told)


def _form(visit: Visit) -> AccountForm:
    role = visit.text("role")
    return AccountForm(
        user_name=visit.text("user_name"), name=visit.text("name"), role=Role(role) if role in tuple(Role) else None,
        province=visit.text("province"), county=visit.text("county"),
    )  # fmt: skip


def _form_of(row: ReviewerFacts) -> AccountForm:
    return AccountForm(row.user_name, row.name, row.role, row.province or "", row.county or "")


def _form_page(visit: Visit, form: AccountForm, refused: Sequence[Refusal] = ()) -> Response:
    status = UNPROCESSABLE if refused else 200
    return visit.render("account_new.html", status, refused, form=form, **_choices(visit))


def _one_page(visit: Visit, row: ReviewerFacts, form: AccountForm, refused: Sequence[Refusal] = ()) -> Response:
    mine = row.id != visit.person.id and may_manage(visit.person, row.province, row.county)
    status = UNPROCESSABLE if refused else 200
    return visit.render("account_one.html", status, refused, row=row, form=form, mine=mine, **_choices(visit))


def _choices(visit: Visit) -> dict[str, object]:
    """Roles, and the places that have a library within reach."""
    with visit.centre.store.read() as reader:
        known = [place for place in places(reader) if covers(visit.person, *place)]
    by_province = {province: [county for _, county in rows] for province, rows in groupby(known, lambda row: row[0])}
    return {"roles": list(REACH), "by_province": by_province, "by": visit.person}


PAGES = (
    Page(LIST, "GET", show_accounts, who=ADMINISTRATORS, nav=Nav("حساب‌ها و محدوده‌ها", "users")),
    Page(f"{LIST}/new", "GET", show_new, who=ADMINISTRATORS),
    Page(f"{LIST}/new", "POST", add, who=ADMINISTRATORS, strong=True, costly=True),
    Page(f"{LIST}/{{account}}", "GET", show_one, who=ADMINISTRATORS),
    Page(f"{LIST}/{{account}}", "POST", change, who=ADMINISTRATORS, strong=True),
    Page(f"{LIST}/{{account}}/switch-off", "POST", switch_off, who=ADMINISTRATORS, strong=True),
    Page(f"{LIST}/{{account}}/switch-on", "POST", switch_on, who=ADMINISTRATORS, strong=True),
    Page(f"{LIST}/{{account}}/password", "POST", new_password, who=ADMINISTRATORS, strong=True, costly=True),
    Page(f"{LIST}/{{account}}/second-factor", "POST", new_second_factor, who=ADMINISTRATORS, strong=True),
)


def _county_account(centre: Centre) -> str:
    with centre.store.read() as reader:
        found = account_named(reader, "county")
    return f"{LIST}/{found.id}" if found else LIST


SHOTS = (
    Shot("accounts", LIST, user="admin"),
    Shot("account-new", f"{LIST}/new", user="admin"),
    Shot("account-one", _county_account, user="admin"),
    Shot("not-allowed", LIST, user="county"),
)
