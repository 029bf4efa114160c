"""The own account: scope, password, where one is signed in."""

from starlette.responses import Response

from app.refusal import Refusal
from app.review.accounts import AccountChanged
from app.review.guessing import Wait, begin_try, good_try
from app.review.own_secrets import choose_password
from app.review.passwords import password_problems
from server.centre.web.auth import OWN_PASSWORD, SIGN_IN, Failed, failed_page, forget_token, session_of, wait_failure
from server.centre.web.pages import Door, Nav, Page, Shot, Visit
from server.centre.web.sessions import (
    end_sessions,
    sessions_of,
)


def show_account(visit: Visit) -> Response:
    """The own account: scope, second factor, where one is signed in."""
    with visit.centre.store.read() as reader:
        sessions = sessions_of(reader, visit.person.id, visit.now)
    return visit.render("account.html", sessions=sessions, current=session_of(visit).token_hash)


def show_password(visit: Visit) -> Response:
    """The form for a new password."""
    return visit.render("password.html")


def change_password(visit: Visit) -> Response:
    """Choose a new password; everywhere else one is signed out."""
    person, new = visit.person, visit.secret("new")
    problems = tuple(password_problems(new, person.user_name, person.name))
    if new != visit.secret("repeat"):
        problems = (*problems, Refusal("password.differ"))
    if problems:
        return failed_page(visit, "password.html", Failed(problems))
    made = begin_try(visit.centre, person.user_name, visit.asked.address)
    if isinstance(made, Wait):
        return failed_page(visit, "password.html", wait_failure(visit, made))
    outcome = choose_password(visit.centre, person, visit.secret("old"), new, visit.act())
    if not isinstance(outcome, AccountChanged):
        return failed_page(visit, "password.html", Failed(outcome.refusals))
    with visit.centre.write() as tx:
        good_try(tx, made)
        end_sessions(tx, person.id, but=visit.session)
    return visit.redirect("/account", told="گذرواژه عوض شد و در جاهای دیگر از سامانه بیرون آمدید.")


def sign_out_elsewhere(visit: Visit) -> Response:
    """Sign out everywhere: here too."""
    with visit.centre.write() as tx:
        end_sessions(tx, visit.person.id)
    forget_token(visit)
    return visit.redirect(SIGN_IN, told="همه جا از سامانه بیرون آمدید.", tone="info")


PAGES = (
    Page("/account", "GET", show_account, who=Door.REVIEWER, nav=Nav("حساب من", "user")),
    Page(OWN_PASSWORD, "GET", show_password, who=Door.ENTERING),
    Page(OWN_PASSWORD, "POST", change_password, who=Door.ENTERING, costly=True),
    Page("/account/sign-out-everywhere", "POST", sign_out_elsewhere, who=Door.REVIEWER),
)
SHOTS = (Shot("account", "/account", user="province"), Shot("password", OWN_PASSWORD, user="province"))
