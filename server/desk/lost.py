"""Lost, found, damaged and replaced copies at the headless desk, and claims that a book was returned."""

import datetime as dt
from typing import assert_never

from msgspec import Struct

from app.circulation.lost.claims import ClaimClosing, ClaimEnd, ClaimRequest, claim_returned, close_claim
from app.circulation.lost.damage import DamageRequest, note_damage, note_repair
from app.circulation.lost.declaring import LostRequest, declare_lost
from app.circulation.lost.facts import (
    AlreadySo,
    Claimed,
    ClaimKept,
    Damaged,
    Declared,
    Found,
    LossRefused,
    Refund,
    Repaired,
    Replaced,
)
from app.circulation.lost.finding import find_again
from app.circulation.lost.queries import CaseKind, LossCase, loss_cases
from app.circulation.lost.replacing import Replacement, ReplaceRequest, replace_in_kind
from app.outcome import NotFound, Sought
from db.codes import Condition
from server.desk.answers import Facts, done, missing, refused, unreadable
from server.desk.circulation import answer_of, of_copy, of_member
from server.desk.keys import item_key, member_key
from server.desk.requests import Answered, Request
from server.desk.session import Session
from server.desk.values import Day, Line, Rial, Word, day


class ItemLost(Request, kw_only=True):
    """A copy is lost by its reader, or missing from the shelf."""

    item: str
    charge: Rial | None = None
    reason: Line = ""


class ItemFound(Answered, kw_only=True):
    """A lost copy is here again."""

    item: str


class ReplacementFields(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """The book that was brought: to be registered, or `item`, a copy registered already."""

    barcode: Word | None = None
    price: Rial | None = None
    item: str | None = None


class ItemReplaced(Answered, kw_only=True):
    """The same book was brought for a lost or damaged one."""

    item: str
    replacement: ReplacementFields = ReplacementFields()


class ItemDamaged(Request, kw_only=True):
    """Damage, and what it costs the reader who had the copy."""

    item: str
    note: Line
    charge: Rial | None = None
    condition: Condition = Condition.DAMAGED
    incident: bool = False


class ItemRepaired(Request, kw_only=True):
    """A copy was mended."""

    item: str
    condition: Condition = Condition.GOOD
    note: Line = ""


class ItemClaimed(Request, kw_only=True):
    """The reader says the book was returned."""

    item: str
    member: str | None = None
    on: Day | None = None


class ClaimClose(Request, kw_only=True):
    """How the search for a claimed book ended."""

    item: str
    result: ClaimEnd
    charge: Rial | None = None
    reason: Line = ""


class LossList(Request, kw_only=True):
    """The open cases, all or of one kind."""

    kind: CaseKind | None = None


Outcome = Declared | AlreadySo | LossRefused | NotFound | Found | Replaced | Damaged | Repaired | Claimed | ClaimKept


def lost(session: Session, request: ItemLost) -> Facts:
    """Declare a copy lost."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    asked = LostRequest(item, request.charge, request.reason)
    return _told(declare_lost(session.library, asked, session.act(request.key)))


def found(session: Session, request: ItemFound) -> Facts:
    """Take a lost copy for found."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    return _told(find_again(session.library, item, session.act(request.key), answer_of(request)))


def replaced(session: Session, request: ItemReplaced) -> Facts:
    """Settle in kind."""
    item, brought = item_key(session, request.item), request.replacement
    existing = item_key(session, brought.item) if brought.item else None
    if item is None or (brought.item and existing is None):
        return unreadable(Sought.ITEM)
    replacement = Replacement(brought.barcode, brought.price, existing)
    asked = ReplaceRequest(item, replacement, answer_of(request))
    return _told(replace_in_kind(session.library, asked, session.act(request.key)))


def damaged(session: Session, request: ItemDamaged) -> Facts:
    """Note damage."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    asked = DamageRequest(item, request.note, request.charge, request.condition, request.incident)
    return _told(note_damage(session.library, asked, session.act(request.key)))


def repaired(session: Session, request: ItemRepaired) -> Facts:
    """Note a repair."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    act = session.act(request.key)
    return _told(note_repair(session.library, item, act, request.condition, request.note))


def claimed(session: Session, request: ItemClaimed) -> Facts:
    """Note that the reader says it came back."""
    item = item_key(session, request.item)
    member = member_key(session, request.member) if request.member else None
    if item is None:
        return unreadable(Sought.ITEM)
    if request.member and member is None:
        return unreadable(Sought.MEMBER)
    asked = ClaimRequest(item, member, day(request.on))
    return _told(claim_returned(session.library, asked, session.act(request.key)))


def close(session: Session, request: ClaimClose) -> Facts:
    """End a claim."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    asked = ClaimClosing(item, request.result, request.charge, request.reason)
    return _told(close_claim(session.library, asked, session.act(request.key)))


def list_cases(session: Session, request: LossList) -> Facts:
    """Lost, claimed, long overdue and damaged copies."""
    today = session.act().day
    with session.library.store.read() as reader:
        cases = loss_cases(reader, today, request.kind)
    return done("found", rows=[_case(case) for case in cases])


def list_claims(session: Session, _: Request) -> Facts:
    """The books to look for on the shelves, in the order of the shelves."""
    with session.library.store.read() as reader:
        cases = loss_cases(reader, session.act().day, CaseKind.CLAIMED)
    in_order = sorted(cases, key=lambda case: case.shelf_key)
    return done("found", rows=[_case(case) for case in in_order])


def _case(case: LossCase) -> Facts:
    return {
        "kind": case.kind,
        "item": case.item_id,
        "barcode": case.barcode,
        "accession_no": case.accession_no,
        "title": case.title,
        "call_number": case.call_number,
        "loan": case.loan_id,
        "member": case.member_id,
        "member_no": case.member_no,
        "member_name": case.member_name,
        "since": case.since,
        "due": case.due_on,
        "charged": case.charged,
        "open": case.owed,
        "claims": case.claims,
    }


def _told(outcome: Outcome) -> Facts:
    match outcome:
        case AlreadySo():
            loan = {"loan": outcome.loan.id} if outcome.loan else {}
            return done("already_done", **loan, **of_copy(outcome.item), **of_member(outcome.member))
        case LossRefused():
            return refused(outcome.refusals, **of_copy(outcome.item))
        case NotFound():
            return missing(outcome)
        case Declared() | Found() | Replaced():
            return _of_loss(outcome)
        case Damaged() | Repaired():
            return _of_damage(outcome)
        case Claimed() | ClaimKept():
            return _of_claim(outcome)
        case _:
            assert_never(outcome)


def _of_loss(outcome: Declared | Found | Replaced) -> Facts:
    match outcome:
        case Declared():
            return done(
                "lost" if outcome.loan else "missing",
                loan=outcome.loan.id if outcome.loan else None,
                days_late=outcome.days_late,
                fine=outcome.fine,
                charged=outcome.charged,
                processing_fee=outcome.fee,
                **of_copy(outcome.item),
                **of_member(outcome.member),
            )
        case Found():
            return done(
                "found_again",
                loan=outcome.loan.id if outcome.loan else None,
                days_late=outcome.days_late,
                fine=outcome.fine,
                restricted_until=outcome.restricted_until,
                **_refund(outcome.refund),
                **({"hold": of_member(outcome.hold_for)} if outcome.hold_for else {}),
                **of_copy(outcome.item),
                **of_member(outcome.refund.member),
            )
        case Replaced():
            new = {
                "item": outcome.new_item_id,
                "accession_no": outcome.new_accession_no,
                "barcode": outcome.new_barcode,
            }
            return done(
                "replaced",
                loan=outcome.loan.id,
                replacement=new,
                settled=outcome.settled,
                credit=outcome.credit,
                fine=outcome.fine,
                **of_copy(outcome.item),
                **of_member(outcome.member),
            )
        case _:
            assert_never(outcome)


def _of_damage(outcome: Damaged | Repaired) -> Facts:
    if isinstance(outcome, Repaired):
        return done("repaired", condition=outcome.condition, **of_copy(outcome.item))
    return done(
        "damaged",
        condition=outcome.condition,
        charged=outcome.charged,
        loan=outcome.loan_id,
        incident=outcome.incident_id,
        **of_copy(outcome.item),
        **of_member(outcome.member),
    )


def _of_claim(outcome: Claimed | ClaimKept) -> Facts:
    told: dict[str, dt.date | int | object] = {"loan": outcome.loan.id}
    if isinstance(outcome, Claimed):
        told |= {"on": outcome.on, "claims": outcome.claims}
    name = "claimed" if isinstance(outcome, Claimed) else "kept"
    return done(name, **told, **of_copy(outcome.item), **of_member(outcome.member))


def _refund(refund: Refund) -> Facts:
    return {"cancelled": refund.cancelled, "credit": refund.credit}
