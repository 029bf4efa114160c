"""Notes on readers and copies at the headless desk, and the household of a reader."""

import uuid

from app.circulation import reads
from app.circulation.alerts import AlertForm, AlertRow, add_alert, alerts_on, remove_alert
from app.circulation.household import Kin, household
from app.outcome import NotFound, Refused, Sought
from db.codes import AlertMoment, AlertWeight
from server.desk.answers import Facts, done, invalid, missing, not_found, refused, unreadable
from server.desk.keys import item_key, member_key
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Line, day


class AlertAdd(Request, kw_only=True):
    """Leave a note on a reader or a copy."""

    text: Line
    member: str | None = None
    item: str | None = None
    moment: AlertMoment = AlertMoment.CHECKOUT
    weight: AlertWeight = AlertWeight.MESSAGE
    until: Day | None = None


class AlertRemove(Request, kw_only=True):
    """Take a note away."""

    alert: uuid.UUID


class AlertList(Request, kw_only=True):
    """The notes on a reader or a copy."""

    member: str | None = None
    item: str | None = None


class OfMember(Request, kw_only=True):
    """A reader."""

    member: str


def add(session: Session, request: AlertAdd) -> Facts:
    """Leave a note."""
    keys = _keys(session, request)
    if not isinstance(keys, tuple):
        return keys
    member, item = keys
    form = AlertForm(request.text, member, item, request.moment, request.weight, day(request.until))
    outcome = add_alert(session.library, form, session.act(request.key))
    if isinstance(outcome, NotFound):
        return missing(outcome)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done("already_done" if outcome.already else "added", alert=outcome.alert_id)


def remove(session: Session, request: AlertRemove) -> Facts:
    """Take a note away."""
    outcome = remove_alert(session.library, request.alert, session.act(request.key))
    if isinstance(outcome, NotFound):
        return missing(outcome)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done("already_done" if outcome.already else "removed", alert=outcome.alert_id)


def show(session: Session, request: AlertList) -> Facts:
    """The notes on a reader or a copy."""
    keys = _keys(session, request)
    if not isinstance(keys, tuple):
        return keys
    member, item = keys
    with session.library.store.read() as reader:
        found = reads.find_item(reader, item) if item else reads.find_member(reader, member or "")
        if found is None:
            return not_found(Sought.ITEM if item else Sought.MEMBER)
        return done("found", rows=[_row(row) for row in alerts_on(reader, found.id, of_item=item is not None)])


def _keys(session: Session, request: AlertAdd | AlertList) -> tuple[str | None, str | None] | Facts:
    if (request.item is None) == (request.member is None):
        return invalid("تنها یکی از «item» و «member» باید نوشته باشد.", "یکی را بنویسید.", "item")
    if request.item is not None:
        item = item_key(session, request.item)
        return unreadable(Sought.ITEM) if item is None else (None, item)
    member = member_key(session, request.member or "")
    return unreadable(Sought.MEMBER) if member is None else (member, None)


def _row(row: AlertRow) -> Facts:
    return {
        "alert": row.id,
        "text": row.text,
        "moment": row.moment,
        "weight": row.weight,
        "until": row.until,
        "laid_at": row.laid_at,
        "author": row.author,
    }


def show_household(session: Session, request: OfMember) -> Facts:
    """Those who stand for a reader and those the reader stands for, with loans, limit and debt of each."""
    key = member_key(session, request.member)
    if key is None:
        return unreadable(Sought.MEMBER)
    with session.library.store.read() as reader:
        member = reads.find_member(reader, key)
        if member is None:
            return not_found(Sought.MEMBER)
        return done("found", rows=[_kin(kin) for kin in household(session.library, reader, member.id)])


def _kin(kin: Kin) -> Facts:
    row = kin.card.member
    return {
        "kinship": kin.kinship,
        "may_borrow": kin.may_borrow,
        "member": row.id,
        "member_no": row.member_no,
        "name": f"{row.given_name} {row.family_name}",
        "open_loans": row.open_loans,
        "overdue": row.overdue,
        "debt": row.debt,
        "limit": kin.card.limit,
        "loans": [
            {"loan": loan.loan_id, "barcode": loan.barcode, "title": loan.title, "due": loan.due_on}
            for loan in kin.card.loans
        ],
    }
