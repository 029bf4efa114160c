"""Lending, taking back, renewing and undoing at the headless desk."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import assert_never

from app.circulation import reads
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.facts import ItemFacts, LoanFacts, MemberFacts
from app.circulation.fast import FastRecord
from app.circulation.lost.facts import Refund
from app.circulation.outcomes import (
    AlreadyLent,
    AlreadyReturned,
    CardInstead,
    CheckedIn,
    CheckedOut,
    CheckinOutcome,
    CheckinRefused,
    CheckoutOutcome,
    CheckoutRefused,
    LocalUse,
    OfOtherBranch,
    Renewed,
    ReturnNote,
    Several,
    TakenBackFirst,
    Unlabelled,
)
from app.circulation.visit import visit_after
from app.clock import day_of
from app.outcome import NotFound, Refused, Sought
from app.refusal import NO_ANSWER, Answer, Note
from app.routes.lending import lend_at_stop
from app.undo import undo_last
from app.wording import note_words
from db.codes import Channel
from server.desk import requests
from server.desk.answers import Facts, done, missing, not_found, refused, unreadable
from server.desk.keys import item_key, member_key
from server.desk.session import Session
from server.desk.values import day

NOTES: Mapping[ReturnNote, str] = MappingProxyType(
    {
        ReturnNote.LATE: "کتاب پس از سررسید برگشت.",
        ReturnNote.SET_ASIDE_FOR_HOLD: "عضو دیگری این عنوان را رزرو کرده است؛ نسخه را در قفسهٔ رزرو بگذارید.",
        ReturnNote.ON_WEEDING_MINUTES: "این نسخه در صورتجلسهٔ وجین است؛ آن را به قفسه برنگردانید.",
        ReturnNote.WEED_ON_RETURN: "وجین این نسخه تأیید شده است؛ آن را برای وجین کنار بگذارید.",
        ReturnNote.LOST_FOUND: "این نسخه گم‌شده ثبت شده بود؛ اکنون موجود است.",
        ReturnNote.ARRIVED: "این نسخه در راه بود و اکنون رسید.",
        ReturnNote.BACK_FROM_BINDING: "این نسخه از صحافی برگشت و اکنون موجود است.",
        ReturnNote.REFUNDED: "بهایی که برای گم شدن این نسخه نوشته شده بود، پس داده شد.",
        ReturnNote.FORGIVEN: "جریمهٔ این امانت در طرح بخشودگی بخشوده شد.",
        ReturnNote.BAN_LIFTED: "آخرین کتاب دیرکرددار برگشت و محرومیت عضو برداشته شد.",
        ReturnNote.MISSING_PARTS: "پیوست‌های گم‌شده روی امانت و نسخه نوشته شد.",
        ReturnNote.CLAIM_RESOLVED: "عضو گفته بود کتاب را برگردانده است؛ اکنون برگشت.",
        ReturnNote.PARTS: "این نسخه پیوست دارد؛ پیوست‌ها را بشمارید.",
        ReturnNote.CLOCK_DOUBTFUL: "تاریخ رایانه درست نیست؛ جریمه‌ای حساب نشد. تاریخ امروز را تأیید کنید.",
    }
)
SEVERAL = "چند نسخه با این شابک هست. برچسب یا شمارهٔ ثبت نسخه‌ای را که در دست دارید بخوانید."
OF_OTHER_BRANCH = "این نسخه از آنِ {} است. آن را به همان کتابخانه بفرستید."
CARD_INSTEAD = "این کارت عضو است، نه برچسب کتاب. برچسب کتاب را بخوانید."


def answer_of(request: requests.Answered) -> Answer:
    """What the request says to earlier questions."""
    return Answer(frozenset(request.override), request.reason, frozenset(request.confirm))


def checkout(session: Session, request: requests.Checkout) -> Facts:
    """Lend a copy."""
    member, item = member_key(session, request.member), item_key(session, request.item)
    borrower = member_key(session, request.for_member) if request.for_member else member
    if item is None:
        return unreadable(Sought.ITEM)
    if member is None or borrower is None:
        return unreadable(Sought.MEMBER)
    act, answer = session.act(request.key), replace(answer_of(request), remember=request.remember)
    asked = CheckoutRequest(
        member=member,
        item=item,
        channel=request.channel,
        due_on=day(request.due),
        out_on=day_of(request.at.value) if request.at else None,
        answer=answer,
        for_member=borrower if request.for_member else None,
        overnight=request.overnight,
        fast=FastRecord(request.fast.title, request.fast.creator, request.fast.item_type) if request.fast else None,
        visit=session.visit,
    )
    stop = request.stop or (_stop_of(session, borrower) if request.channel is Channel.VAN else None)
    outcome = lend_at_stop(session.library, asked, stop, act) if stop else check_out(session.library, asked, act)
    if isinstance(outcome, CheckedOut | CheckoutRefused):
        said = answer if isinstance(outcome, CheckedOut) else NO_ANSWER
        session.visit = visit_after(session.visit, outcome.member.id, said, act)
    return refused(outcome.refusals) if isinstance(outcome, Refused) else lent(outcome)


def _stop_of(session: Session, member: str) -> uuid.UUID | None:
    """The stop where the van meets a reader."""
    with session.library.store.read() as reader:
        found = reads.find_member(reader, member)
    return found.stop_id if found else None


def lent(outcome: CheckoutOutcome) -> Facts:
    """What became of a loan."""
    match outcome:
        case CheckedOut():
            return done(
                "checked_out",
                loan=outcome.loan_id,
                due=outcome.due_on,
                rule=outcome.rule,
                out_on=outcome.out_on,
                filled_hold=outcome.filled_hold,
                messages=_notes(outcome.notes),
                **_taken_back(outcome.taken_back),
                **({"card_of": of_member(outcome.card_of)} if outcome.card_of else {}),
                **of_copy(outcome.item),
                **of_member(outcome.member),
            )
        case AlreadyLent():
            return done("already_done", **of_loan(outcome.loan), **of_copy(outcome.item), **of_member(outcome.member))
        case Renewed():
            return renewed(outcome)
        case CheckoutRefused():
            return refused(outcome.refusals, **of_copy(outcome.item), **of_member(outcome.member))
        case _:
            return unlabelled(outcome)


def unlabelled(outcome: Unlabelled) -> Facts:
    """A code that no single copy of this library carries."""
    match outcome:
        case Several():
            copies = [of_copy(copy) | {"status": copy.status} for copy in outcome.copies]
            return {"ok": False, "outcome": "several", "message": SEVERAL, "copies": copies}
        case OfOtherBranch():
            told = {"branch": outcome.branch, "title": outcome.title, "message": OF_OTHER_BRANCH.format(outcome.branch)}
            return {"ok": False, "outcome": "of_other_branch", **told}
        case CardInstead():
            return not_found(Sought.ITEM) | of_member(outcome.member) | {"message": CARD_INSTEAD}
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def _taken_back(first: TakenBackFirst | None) -> Facts:
    """The loan that ended so that the copy could be lent."""
    if first is None:
        return {}
    told = {"loan": first.loan_id, "days_late": first.days_late, "fine": first.fine}
    return {"taken_back": told | {"restricted_until": first.restricted_until} | of_member(first.member)}


def checkin(session: Session, request: requests.Checkin) -> Facts:
    """Take a copy back."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    asked = CheckinRequest(
        item,
        day_of(request.at.value) if request.at else None,
        lost_parts=request.lost_parts,
        damage=request.damage,
        condition=request.condition,
        answer=answer_of(request),
    )
    outcome = check_in(session.library, asked, session.act(request.key))
    offered = {"offers": ["return.seen"]} if isinstance(outcome, NotFound | OfOtherBranch) else {}
    return returned(outcome) | offered


def returned(outcome: CheckinOutcome) -> Facts:
    """What became of a return."""
    match outcome:
        case CheckedIn():
            return done(
                "checked_in",
                loan=outcome.loan_id,
                due=outcome.due_on,
                in_on=outcome.in_on,
                days_late=outcome.days_late,
                fine=outcome.fine,
                forgiven=outcome.forgiven,
                credit=outcome.credit,
                restricted_until=outcome.restricted_until,
                **_of_parts(outcome.missing_parts, outcome.damage),
                **_refunded(outcome.refund),
                **_kept(outcome.hold_for),
                messages=_messages(outcome.notes) + _notes(outcome.alerts),
                **of_copy(outcome.item),
                **of_member(outcome.member),
            )
        case LocalUse():
            messages = _messages(outcome.notes) + _notes(outcome.alerts)
            told = _refunded(outcome.refund) | _kept(outcome.hold_for)
            return done("local_use", counted=outcome.counted, messages=messages, **told, **of_copy(outcome.item))
        case AlreadyReturned():
            loan, parts = outcome.loan, _of_parts(outcome.missing_parts, outcome.damage)
            return done("already_done", in_on=loan.effective_in_on, **parts, **of_loan(loan), **of_copy(outcome.item))
        case CheckinRefused():
            return refused(outcome.refusals, **of_copy(outcome.item))
        case _:
            return unlabelled(outcome)


def _of_parts(parts: str | None, damage: int) -> Facts:
    return {"missing_parts": parts, "damage": damage} if parts else {}


def _refunded(refund: Refund) -> Facts:
    """What the find of a lost copy gave back, where it did."""
    if not (refund.cancelled or refund.credit):
        return {}
    return {"refund": {"cancelled": refund.cancelled, "credit": refund.credit, **of_member(refund.member)}}


def renewed(outcome: Renewed) -> Facts:
    """A renewal in an answer."""
    return done(
        "renewed",
        loan=outcome.loan_id,
        due=outcome.due_on,
        count=outcome.count,
        rule=outcome.rule,
        **of_copy(outcome.item),
    )


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


def _notes(notes: tuple[Note, ...]) -> list[Facts]:
    return [{"code": note.code, "kind": note.weight, "message": note_words(note)} for note in notes]
