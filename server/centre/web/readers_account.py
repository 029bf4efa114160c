"""The reader's account with the library: money, wishes, interests, password."""

from starlette.responses import Response

from app.labels import WISH_STATE
from app.outcome import Refused
from app.readers.asking import Request, ask_interests, ask_purchase
from app.readers.entering import choose_password, sign_out_everywhere
from app.readers.own import own_money, own_wishes
from app.refusal import Refusal
from app.review.guessing import Wait, begin_try, good_try, noted_name
from db.codes import DirectiveKind, WishState
from server.centre.web.auth import forget_token, keep_token, wait_failure
from server.centre.web.pages import Door, Nav, Page, Shot, Visit
from server.centre.web.readers_entry import SIGN_IN
from server.centre.web.readers_shared import Mine, mine, sent, show
from server.centre.web.sessions import ReaderSeat, begin_session

MONEY, WISHES, INTERESTS, ACCOUNT = "/my/money", "/my/wishes", "/my/interests", "/my/account"
LINES = 100
STATES = {
    WishState.PLANNED: (WISH_STATE[WishState.PLANNED], "info"),
    WishState.BOUGHT: (WISH_STATE[WishState.BOUGHT], "ok"),
    WishState.REFUSED: (WISH_STATE[WishState.REFUSED], "neutral"),
    WishState.HELD: (WISH_STATE[WishState.HELD], "ok"),
}
"""How answers to a wish are marked."""


def money(visit: Visit) -> Response:
    """Fines and everything else on the account, to be read only: money is taken at the desk."""
    me = mine(visit)
    with visit.read() as reader:
        owed = own_money(reader, me.own.id)
    lines = tuple(reversed(owed.ledger.lines))[:LINES]
    return show(
        visit, "readers_money.html", me, balance=owed.ledger.balance, debts=owed.ledger.open_debts, lines=lines,
        titles=owed.titles,
    )  # fmt: skip


def wishes(visit: Visit) -> Response:
    """What the reader asked the library to buy, and the answers."""
    return _wishes(visit, mine(visit), visit.text("wish"))


def wish(visit: Visit) -> Response:
    """Ask that a book be bought."""
    me, said = mine(visit), visit.long_text("wish", 1_000)
    answer = sent(visit, ask_purchase(visit.centre, me.who, said), WISHES)
    return _wishes(visit, me, said, answer.refusals) if isinstance(answer, Refused) else answer


def interests(visit: Visit) -> Response:
    """What the reader likes to read."""
    return _interests(visit, mine(visit))


def change_interests(visit: Visit) -> Response:
    """Ask the library to write it down anew."""
    me, typed = mine(visit), visit.long_text("interests")
    answer = sent(visit, ask_interests(visit.centre, me.who, typed), INTERESTS)
    return _interests(visit, me, answer.refusals, typed) if isinstance(answer, Refused) else answer


def account(visit: Visit) -> Response:
    """Membership, password, what is kept of the reader."""
    return show(visit, "readers_account.html", mine(visit))


def change_password(visit: Visit) -> Response:
    """Choose a new password; everywhere else one is signed out."""
    me, new = mine(visit), visit.secret("new")
    if new != visit.secret("repeat"):
        return show(visit, "readers_account.html", me, (Refusal("password.differ"),))
    made = begin_try(visit.centre, noted_name(visit.centre, f"reader:{me.own.id}", known=False), visit.asked.address)
    if isinstance(made, Wait):
        return show(visit, "readers_account.html", me, wait_failure(visit, made).refused)
    outcome = choose_password(visit.centre, me.own.id, visit.secret("old"), new)
    if isinstance(outcome, Refused):
        return show(visit, "readers_account.html", me, outcome.refusals)
    with visit.centre.write() as tx:
        good_try(tx, made)
        token = begin_session(tx, visit.now, ReaderSeat(me.own.id, me.own.branch_id))
    keep_token(visit, token)
    return visit.redirect(ACCOUNT, told="گذرواژه عوض شد و در جاهای دیگر بیرون آمدید.")


def leave_everywhere(visit: Visit) -> Response:
    """Sign out everywhere: here too."""
    me = mine(visit)
    with visit.centre.write() as tx:
        sign_out_everywhere(tx, me.own.id)
    forget_token(visit)
    return visit.redirect(SIGN_IN, told="همه جا از صفحهٔ خود بیرون آمدید.", tone="info")


def _wishes(visit: Visit, me: Mine, typed: str, refused: tuple[Refusal, ...] = ()) -> Response:
    with visit.read() as reader:
        rows = own_wishes(reader, me.own.id)
    asked = [one for one in _of(me, DirectiveKind.PURCHASE_WISH) if one.done is not True]
    return show(visit, "readers_wishes.html", me, refused, rows=rows, asked=asked, typed=typed, states=STATES)


def _interests(visit: Visit, me: Mine, refused: tuple[Refusal, ...] = (), typed: str | None = None) -> Response:
    last = next(iter(_of(me, DirectiveKind.INTERESTS)), None)
    waiting = last if last is not None and last.done is None else None
    wanted = "\n".join(waiting.facts["interests"] if waiting else me.own.interests)
    return show(visit, "readers_interests.html", me, refused, last=last, typed=wanted if typed is None else typed)


def _of(me: Mine, kind: DirectiveKind) -> list[Request]:
    return [request for request in me.requests if request.kind is kind]


PAGES = (
    Page(MONEY, "GET", money, who=Door.MEMBER, nav=Nav("جریمه و حساب", "cash")),
    Page(WISHES, "GET", wishes, who=Door.MEMBER, nav=Nav("پیشنهاد خرید", "package")),
    Page(WISHES, "POST", wish, who=Door.MEMBER),
    Page(INTERESTS, "GET", interests, who=Door.MEMBER, nav=Nav("علاقه‌مندی‌ها", "tag")),
    Page(INTERESTS, "POST", change_interests, who=Door.MEMBER),
    Page(ACCOUNT, "GET", account, who=Door.MEMBER, nav=Nav("حساب من", "user")),
    Page("/my/account/password", "POST", change_password, who=Door.MEMBER, costly=True),
    Page("/my/account/sign-out-everywhere", "POST", leave_everywhere, who=Door.MEMBER),
)
SHOTS = tuple(
    Shot(f"reader-{path.rpartition('/')[2]}", path, user="reader") for path in (MONEY, WISHES, INTERESTS, ACCOUNT)
)
