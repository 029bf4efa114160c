"""Renewing at the headless desk: one copy, or every loan of a member with an answer for each."""

from app.circulation.outcomes import RenewalLine, Renewed, RenewedAll
from app.circulation.renewal import renew_all, renew_item
from app.outcome import NotFound, Sought
from server.desk import requests
from server.desk.answers import Facts, done, invalid, missing, refused, unreadable
from server.desk.circulation import answer_of, of_copy, of_loan, of_member, renewed
from server.desk.keys import item_key, member_key
from server.desk.session import Session


def renew(session: Session, request: requests.Renew) -> Facts:
    """Renew the loan of one copy, or every loan of a member."""
    if (request.item is None) == (request.member is None):
        return invalid("تنها یکی از «item» و «member» باید نوشته باشد.", "یکی را بنویسید.", "item")
    if request.item is not None:
        return _renew_one(session, request, request.item)
    member = member_key(session, request.member or "")
    if member is None:
        return unreadable(Sought.MEMBER)
    if request.override or request.confirm:
        return invalid("برای همهٔ امانت‌ها با هم نمی‌توان قاعده را نادیده گرفت.", "هر نسخه را جدا بفرستید.", "override")
    outcome = renew_all(session.library, member, session.act(request.key), unseen=request.unseen)
    return missing(outcome) if isinstance(outcome, NotFound) else _renewed_all(outcome)


def _renew_one(session: Session, request: requests.Renew, scanned: str) -> Facts:
    item = item_key(session, scanned)
    if item is None:
        return unreadable(Sought.ITEM)
    act = session.act(request.key)
    outcome = renew_item(session.library, item, act, unseen=request.unseen, answer=answer_of(request))
    if isinstance(outcome, NotFound):
        return missing(outcome)
    return _renewal(outcome)


def _renewal(line: RenewalLine) -> Facts:
    """One loan: renewed, refused, or renewed already by the same request a moment ago."""
    if isinstance(line, Renewed):
        return renewed(line)
    loan = line.just_renewed
    if loan is not None:
        return done("already_done", **of_loan(loan), count=loan.renewals, **of_copy(line.item))
    return refused(line.refusals, **of_copy(line.item))


def _renewed_all(outcome: RenewedAll) -> Facts:
    lines = [_renewal(line) for line in outcome.lines]
    told = {"lines": lines, **of_member(outcome.member)}
    if not lines:
        return done("renewed", **told)
    outcomes = {line["outcome"] for line in lines}
    if outcomes == {"refused"}:
        return refused((), **told) | {"refusals": [reason for line in lines for reason in line["refusals"]]}
    return done("renewed" if "renewed" in outcomes else "already_done", **told)
