"""Cards of members at the headless desk."""

from typing import assert_never

from app.members.cards import (
    AlreadySo,
    Binding,
    BindOutcome,
    CardBound,
    CardFound,
    CardsLost,
    FoundOutcome,
    Holder,
    LostOutcome,
    bind_card,
    find_again,
    report_card_lost,
)
from app.outcome import NotFound, Refused, Sought
from server.desk.answers import Facts, done, invalid, missing, refused, unreadable
from server.desk.keys import code, member_key
from server.desk.requests import Request
from server.desk.session import Session


class CardBind(Request, kw_only=True):
    """Make a card a member's own; `keep`: beside the cards they have."""

    member: str
    card: str
    keep: bool = False


class CardLost(Request, kw_only=True):
    """Block a card, or every active card of a member."""

    card: str | None = None
    member: str | None = None


class CardAgain(Request, kw_only=True):
    """A lost card lends again."""

    card: str


def bind(session: Session, request: CardBind) -> Facts:
    """Make a card a member's own."""
    member = member_key(session, request.member)
    if member is None:
        return unreadable(Sought.MEMBER)
    binding = Binding(member, request.card, request.keep)
    return _told(bind_card(session.library, binding, session.act(request.key)))


def lost(session: Session, request: CardLost) -> Facts:
    """Block a card at once."""
    if (request.card is None) == (request.member is None):
        return invalid("تنها یکی از «card» و «member» باید نوشته باشد.", "یکی را بنویسید.", "card")
    key = member_key(session, request.member) if request.member is not None else code(request.card or "")
    if key is None:
        return unreadable(Sought.MEMBER)
    return _told(report_card_lost(session.library, key, session.act(request.key)))


def found(session: Session, request: CardAgain) -> Facts:
    """A lost card is back."""
    number = code(request.card)
    if number is None:
        return unreadable(Sought.MEMBER)
    return _told(find_again(session.library, number, session.act(request.key)))


def _told(outcome: "BindOutcome | LostOutcome | FoundOutcome") -> Facts:
    match outcome:
        case CardBound():
            return done("bound", card=outcome.number, retired=list(outcome.retired), **_of(outcome.holder))
        case CardsLost():
            return done("lost", cards=list(outcome.numbers), **_of(outcome.holder))
        case CardFound():
            return done("found_again", card=outcome.number, **_of(outcome.holder))
        case AlreadySo():
            return done("already_done", cards=list(outcome.numbers), **_of(outcome.holder))
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def _of(holder: Holder) -> Facts:
    return {"member": holder.id, "member_no": holder.member_no, "member_name": holder.name}
