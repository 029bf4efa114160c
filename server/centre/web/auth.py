"""Coming in and going out: password and second factor."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import segno
from markupsafe import Markup
from starlette.responses import Response

from app.persian.digits import to_latin
from app.refusal import Refusal
from app.review import second_factor
from app.review.accounts import GUARDED
from app.review.guessing import SECOND, Try, Wait, begin_try, good_try, noted_name
from app.review.kept_accounts import account_named, as_user_name, secrets_of
from app.review.own_secrets import set_second_factor
from app.review.passwords import matches
from app.review.scopes import ReviewerFacts
from db.writing import Tx
from server.centre.web.layout import clock_time, cookie_name
from server.centre.web.pages import Door, Page, Shot, Visit
from server.centre.web.sessions import (
    Session,
    begin_session,
    end_session,
    end_sessions,
    strengthen,
)

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

SESSION_COOKIE = "session"
SIGN_IN, SECOND_STEP, AGAIN, OWN_PASSWORD = "/sign-in", "/sign-in/second", "/sign-in/again", "/account/password"
SET_UP = "/account/second-factor"
TOO_MANY = 429
CODE_FIELD = "_code"


class Failed(NamedTuple):
    """A password or code that was not taken: why, and the status that says so."""

    refused: tuple[Refusal, ...]
    status: int = 422


def missing_step(person: ReviewerFacts, session: Session) -> str | None:
    """Where somebody has to go before anything else: the second factor, then a password of their own."""
    if session.strong_at is None and (person.guarded or person.role in GUARDED):
        return SECOND_STEP
    return OWN_PASSWORD if person.must_change else None


# Signing in


def show_sign_in(visit: Visit) -> Response:
    """The page where offices sign in."""
    if visit.signed is not None:
        return visit.redirect("/")
    return visit.render("sign_in.html", next=visit.text("next"), user_name="")


def sign_in(visit: Visit) -> Response:
    """Name and password. The answer tells nobody whether there is such a name."""
    name = as_user_name(visit.text("user_name", 64))
    with visit.centre.store.read() as reader:
        found = account_named(reader, name)
        kept = secrets_of(reader, found.id)[0] if found is not None and found.active else None
    made = begin_try(visit.centre, noted_name(visit.centre, name, known=found is not None), visit.asked.address)
    failed = wait_failure(visit, made) if isinstance(made, Wait) else None
    if isinstance(made, Try) and not matches(kept, visit.secret("password")):
        failed = Failed((Refusal("sign_in.wrong"),))
    if failed or found is None or isinstance(made, Wait):
        return failed_page(visit, "sign_in.html", failed, next=visit.text("next"), user_name=name)
    with visit.centre.write() as tx:
        good_try(tx, made)
        if visit.session is not None:
            end_session(tx, visit.session)
        token = begin_session(tx, visit.now, found.id)
    keep_token(visit, token)
    return visit.redirect(_next(visit))


def sign_out(visit: Visit) -> Response:
    """Sign out here."""
    with visit.centre.write() as tx:
        if visit.session is not None:
            end_session(tx, visit.session)
    forget_token(visit)
    return visit.redirect(SIGN_IN, told="از سامانه بیرون آمدید.", tone="info")


# The second factor


def show_second_step(visit: Visit) -> Response:
    """The second factor: its code, or the picture that sets it up."""
    if missing_step(visit.person, session_of(visit)) != SECOND_STEP:
        return visit.redirect(_next(visit))
    return _second_page(visit, Failed((), 200))


def second_step(visit: Visit) -> Response:
    """A code at sign-in, or the first code of a second factor that is being set up."""
    failed = _set_up(visit) if _sets_up(visit) else give_code(visit, visit.text("code", 12))
    if failed is not None:
        return _second_page(visit, failed)
    return visit.redirect(_next(visit))


def show_again(visit: Visit) -> Response:
    """The second factor once more, before a page that asks for it."""
    if not visit.person.guarded:
        return visit.redirect(SET_UP)
    return visit.render("again.html", path=AGAIN, kept=(("next", _next(visit)),))


def again(visit: Visit) -> Response:
    """Its code."""
    failed = give_code(visit, visit.text(CODE_FIELD, 12))
    if failed is not None:
        return failed_page(visit, "again.html", failed, path=AGAIN, kept=(("next", _next(visit)),))
    return visit.redirect(_next(visit))


def give_code(visit: Visit, code: str) -> Failed | None:
    """Take a code of the second factor: from now on the session is strong. None when it was right."""
    person, session = visit.person, session_of(visit)
    made = begin_try(visit.centre, person.user_name + SECOND, visit.asked.address)
    if isinstance(made, Wait):
        return wait_failure(visit, made)
    with visit.centre.store.read() as reader:
        sealed = secrets_of(reader, person.id)[1]
    secret = second_factor.unseal(visit.centre.keys, person.id, sealed) if sealed else None
    step = second_factor.step_of(secret, code, visit.now.timestamp()) if secret else None
    return _accept(visit, made, session, step, second_factor.use_step)


def show_set_up(visit: Visit) -> Response:
    """Setting up a second factor where the role does not ask for one, or on another telephone."""
    return _second_page(visit, Failed((), 200)) if _sets_up(visit) else visit.redirect("/account")


def renew_second_factor(visit: Visit) -> Response:
    """Set it up on another telephone; a code was asked for just now."""
    told = "تا رمز تلفن تازه را ننویسید، همان تلفن پیشین کار می‌کند."
    return visit.redirect(SET_UP, told=told, tone="info")


def _sets_up(visit: Visit) -> bool:
    """Whether a second factor is being set up: the first one, or another one by whoever gave a code just now. The one
    there is holds until the new one has been proven: a password alone is never enough in between."""
    return not visit.person.guarded or (visit.asked.path == SET_UP and session_of(visit).is_strong(visit.now))


def _set_up(visit: Visit) -> Failed | None:
    person, keys, session = visit.person, visit.centre.keys, session_of(visit)
    made = begin_try(visit.centre, person.user_name + SECOND, visit.asked.address)
    if isinstance(made, Wait):
        return wait_failure(visit, made)
    secret = second_factor.from_sealed_text(keys, person.id, visit.text("sealed"))
    step = second_factor.step_of(secret, visit.text("code", 12), visit.now.timestamp()) if secret else None

    def keep(tx: Tx, _: uuid.UUID, step: int) -> bool:
        sealed = second_factor.seal(keys, person.id, secret or "")
        if person.guarded:
            end_sessions(tx, person.id, but=session)
        return set_second_factor(tx, person, sealed, step, visit.act(), instead=person.guarded)

    return _accept(visit, made, session, step, keep)


def _accept(
    visit: Visit, made: Try, session: Session, step: int | None, use: Callable[[Tx, uuid.UUID, int], bool]
) -> Failed | None:
    if step is not None:
        with visit.centre.write() as tx:
            if use(tx, visit.person.id, step):
                good_try(tx, made)
                token, visit.session = strengthen(tx, session, visit.now)
                keep_token(visit, token)
                return None
    return Failed((Refusal("second_factor.wrong"),))


def _second_page(visit: Visit, failed: Failed) -> Response:
    person, keys = visit.person, visit.centre.keys
    facts: dict[str, object] = {"next": _next(visit), "set_up": _sets_up(visit)}
    if _sets_up(visit):
        sent = visit.text("sealed")
        secret = second_factor.from_sealed_text(keys, person.id, sent) if sent else None
        secret = secret or second_factor.new_secret()
        facts |= {
            "sealed": second_factor.sealed_text(keys, person.id, secret),
            "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
            "picture": qr_picture(second_factor.address_of(secret, person.user_name)),
        }
    return failed_page(visit, "second.html", failed, **facts)


def qr_picture(text: str) -> Markup:
    """A QR code as SVG, black on white in either scheme."""
    svg = segno.make(text, error="m").svg_inline(scale=4, border=3, dark="#000", light="#fff", svgclass="qr")
    return Markup(svg.replace("<svg ", '<svg role="img" aria-label="کد QR برای برنامهٔ رمزساز" ', 1))  # noqa: S704 - made by segno


def forget_token(visit: Visit) -> None:
    """Let the browser forget its session."""
    name, secure = cookie_name(SESSION_COOKIE, secure=visit.asked.secure), visit.asked.secure
    visit.cookies.append(
        lambda response: response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="strict")
    )


def keep_token(visit: Visit, token: str) -> None:
    """Let the browser hold the token of a session."""
    name, secure = cookie_name(SESSION_COOKIE, secure=visit.asked.secure), visit.asked.secure
    visit.cookies.append(
        lambda response: response.set_cookie(name, token, path="/", secure=secure, httponly=True, samesite="strict")
    )


def session_of(visit: Visit) -> Session:
    if visit.session is None:
        raise RuntimeError("a page of somebody who is signed in")
    return visit.session


def _next(visit: Visit) -> str:
    return visit.text("next") or "/"


def wait_failure(visit: Visit, wait: Wait) -> Failed:
    until = visit.now + timedelta(seconds=wait.seconds + 59)
    return Failed((Refusal("sign_in.wait", facts={"time": to_latin(clock_time(until))}),), TOO_MANY)


def failed_page(visit: Visit, template: str, failed: Failed | None, **facts: object) -> Response:
    refused, status = failed or Failed(())
    return visit.render(template, status, refused, **facts)


PAGES = (
    Page(SIGN_IN, "GET", show_sign_in, who=Door.ANYBODY),
    Page(SIGN_IN, "POST", sign_in, who=Door.ANYBODY, costly=True),
    Page(SECOND_STEP, "GET", show_second_step, who=Door.ENTERING),
    Page(SECOND_STEP, "POST", second_step, who=Door.ENTERING),
    Page(AGAIN, "GET", show_again, who=Door.REVIEWER),
    Page(AGAIN, "POST", again, who=Door.REVIEWER),
    Page("/sign-out", "POST", sign_out, who=Door.ENTERING),
    Page(SET_UP, "GET", show_set_up, who=Door.REVIEWER),
    Page(SET_UP, "POST", second_step, who=Door.REVIEWER),
    Page(f"{SET_UP}/renew", "POST", renew_second_factor, who=Door.REVIEWER, strong=True),
)


def _wrong_password(browser: "Chrome") -> None:
    for name, text in (("user_name", "reza"), ("password", "نه این گذرواژه")):
        browser.find_element("name", name).send_keys(text)
    browser.find_element("css selector", "main button").click()


SHOTS = (
    Shot("sign-in", SIGN_IN),
    Shot("sign-in-wrong", SIGN_IN, steps=_wrong_password),
    Shot("second-factor", AGAIN, user="province"),
    Shot("second-factor-set-up", SET_UP, user="cataloguer"),
)
