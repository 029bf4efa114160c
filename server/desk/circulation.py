"""Lending, taking back, renewing and undoing at the headless desk."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from app.circulation import reads
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.facts import ItemFacts, LoanFacts, MemberFacts
from app.circulation.outcomes import (
    AlreadyLent,
    AlreadyReturned,
    CheckedIn,
    CheckedOut,
    CheckinOutcome,
    CheckinRefused,
    CheckoutOutcome,
    CheckoutRefused,
    LocalUse,
    RenewalLine,
    RenewalRefused,
    Renewed,
    RenewedAll,
    ReturnNote,
)
from app.circulation.renewal import renew_all, renew_item
from app.clock import day_of
from app.outcome import NotFound, Refused, Sought
from app.refusal import Answer
from app.undo import undo_last
from server.desk import requests
from server.desk.answers import Facts, done, invalid, missing, not_yet, refused, unreadable
from server.desk.keys import item_key, member_key
from server.desk.session import Session
from server.desk.values import day

NOTES: Mapping[ReturnNote, str] = MappingProxyType(
    {
        ReturnNote.LATE: "کتاب پس از سررسید برگشت.",
        ReturnNote.SET_ASIDE_FOR_HOLD: "عضو دیگری این عنوان را رزرو کرده است؛ نسخه را در قفسهٔ رزرو بگذارید.",
        ReturnNote.ON_WEEDING_MINUTES: "این نسخه در صورتجلسهٔ وجین است؛ آن را به قفسه برنگردانید.",
        ReturnNote.LOST_FOUND: "این نسخه گم‌شده ثبت شده بود؛ اکنون موجود است.",
        ReturnNote.CLAIM_RESOLVED: "عضو گفته بود کتاب را برگردانده است؛ اکنون برگشت.",
        ReturnNote.PARTS: "این نسخه پیوست دارد؛ پیوست‌ها را بشمارید.",
        ReturnNote.CLOCK_DOUBTFUL: "تاریخ رایانه درست نیست؛ جریمه‌ای حساب نشد. تاریخ امروز را تأیید کنید.",
    }
)
# What a renewal that was just made says against itself when it is asked for again.
OWN_ECHO = frozenset({"renewal.not_extended", "renewal.too_many", "renewal.unseen_limit", "renewal.too_soon"})


def answer_of(request: requests.Answered) -> Answer:
    """What the request says to earlier questions."""
    return Answer(frozenset(request.override), request.reason, frozenset(request.confirm))


def checkout(session: Session, request: requests.Checkout) -> Facts:
    """Lend a copy."""
    member, item = member_key(session, request.member), item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    if member is None:
        return unreadable(Sought.MEMBER)
    asked = CheckoutRequest(
        member=member,
        item=item,
        channel=request.channel,
        due_on=day(request.due),
        out_on=day_of(request.at.value) if request.at else None,
        answer=answer_of(request),
    )
    return _lent(check_out(session.library, asked, session.act(request.key)))


def _lent(outcome: CheckoutOutcome) -> Facts:
    match outcome:
        case CheckedOut():
            return done(
                "checked_out",
                loan=outcome.loan_id,
                due=outcome.due_on,
                rule=outcome.rule,
                out_on=outcome.out_on,
                filled_hold=outcome.filled_hold,
                **of_copy(outcome.item),
                **of_member(outcome.member),
            )
        case AlreadyLent():
            return done("already_done", **of_loan(outcome.loan), **of_copy(outcome.item), **of_member(outcome.member))
        case Renewed():
            return _renewed(outcome)
        case CheckoutRefused():
            return refused(outcome.refusals, **of_copy(outcome.item), **of_member(outcome.member))
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def checkin(session: Session, request: requests.Checkin) -> Facts:
    """Take a copy back."""
    if request.lost_parts is not None:
        return not_yet("lost_parts", "lost_parts")
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    asked = CheckinRequest(item, day_of(request.at.value) if request.at else None)
    return _returned(check_in(session.library, asked, session.act(request.key)))


def _returned(outcome: CheckinOutcome) -> Facts:
    match outcome:
        case CheckedIn():
            return done(
                "checked_in",
                loan=outcome.loan_id,
                due=outcome.due_on,
                in_on=outcome.in_on,
                days_late=outcome.days_late,
                fine=outcome.fine,
                restricted_until=outcome.restricted_until,
                **_kept(outcome.hold_for),
                messages=_messages(outcome.notes),
                **of_copy(outcome.item),
                **of_member(outcome.member),
            )
        case LocalUse():
            messages = _messages(outcome.notes)
            return done("local_use", **_kept(outcome.hold_for), messages=messages, **of_copy(outcome.item))
        case AlreadyReturned():
            loan = outcome.loan
            return done("already_done", in_on=loan.effective_in_on, **of_loan(loan), **of_copy(outcome.item))
        case CheckinRefused():
            return refused(outcome.refusals, **of_copy(outcome.item))
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


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
    return missing(outcome) if isinstance(outcome, NotFound) else _renewed_all(session, outcome)


def _renew_one(session: Session, request: requests.Renew, scanned: str) -> Facts:
    item = item_key(session, scanned)
    if item is None:
        return unreadable(Sought.ITEM)
    act = session.act(request.key)
    outcome = renew_item(session.library, item, act, unseen=request.unseen, answer=answer_of(request))
    if isinstance(outcome, NotFound):
        return missing(outcome)
    return _renewal(session, outcome)


def _renewal(session: Session, line: RenewalLine) -> Facts:
    """One loan: renewed, refused, or renewed already by the same request a moment ago."""
    if isinstance(line, Renewed):
        return _renewed(line)
    loan = _just_renewed(session, line)
    if loan is not None:
        return done("already_done", **of_loan(loan), count=loan.renewals, **of_copy(line.item))
    return refused(line.refusals, **of_copy(line.item))


def _renewed(outcome: Renewed) -> Facts:
    return done(
        "renewed",
        loan=outcome.loan_id,
        due=outcome.due_on,
        count=outcome.count,
        rule=outcome.rule,
        **of_copy(outcome.item),
    )


def _just_renewed(session: Session, line: RenewalRefused) -> LoanFacts | None:
    codes = {refusal.code for refusal in line.refusals}
    if "renewal.not_extended" not in codes or not codes <= OWN_ECHO:
        return None
    with session.library.store.read() as reader:
        loan = reads.open_loan_of(reader, line.item)
    return loan if loan is not None and loan.renewed_on == session.act().day else None


def _renewed_all(session: Session, outcome: RenewedAll) -> Facts:
    lines = [_renewal(session, line) for line in outcome.lines]
    told = {"lines": lines, **of_member(outcome.member)}
    if not lines:
        return done("renewed", **told)
    outcomes = {line["outcome"] for line in lines}
    if outcomes == {"refused"}:
        return refused((), **told) | {"refusals": [reason for line in lines for reason in line["refusals"]]}
    return done("renewed" if "renewed" in outcomes else "already_done", **told)


def undo(session: Session, request: requests.Request) -> Facts:
    """Take back this desk's last action of today."""
    outcome = undo_last(session.library, session.act(request.key))
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done("undone", kind=outcome.kind, eid=outcome.eid)


def of_loan(loan: LoanFacts) -> Facts:
    """A loan in an answer."""
    return {"loan": loan.id, "due": loan.due_on, "rule": loan.policy_row, "out_on": loan.out_on}


def of_copy(item: ItemFacts) -> Facts:
    """A copy in an answer."""
    return {
        "item": item.id,
        "barcode": item.barcode,
        "accession_no": item.accession_no,
        "title": item.title,
        "call_number": item.call_number,
    }


def of_member(member: MemberFacts | None) -> Facts:
    """A reader in an answer."""
    if member is None:
        return {"member": None}
    return {"member": member.id, "member_no": member.member_no, "member_name": member.name}


def _kept(member: MemberFacts | None) -> Facts:
    return {} if member is None else {"hold": of_member(member)}


def _messages(notes: tuple[ReturnNote, ...]) -> list[Facts]:
    return [{"code": note, "message": NOTES[note]} for note in notes]
