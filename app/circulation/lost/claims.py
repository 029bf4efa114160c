"""A reader says the book was returned: nothing becomes late meanwhile, and the shelf is searched (desk-protocol
`item.claimed_returned`, `claim.close`)."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from app.actions import Action
from app.circulation import reads
from app.circulation.lost.declaring import write_loss
from app.circulation.lost.facts import AlreadySo, Claimed, ClaimKept, Declared, Found, LossRefused
from app.circulation.lost.finding import write_find
from app.circulation.lost.reads import CLAIMS_OF_MEMBER, Case, case_of
from app.circulation.lost.rules import lost_refusals
from app.circulation.lost.writing import remark
from app.form import invalid
from app.library import Library
from app.outcome import NotFound, Sought
from app.refusal import Refusal
from db.act import Act
from db.journal import Intent
from db.models.circulation import Loan
from db.writing import Tx


class ClaimEnd(StrEnum):
    """What the search came to: the copy stands on a shelf, is nowhere, or was with the reader after all."""

    FOUND = "found"
    LOST = "lost"
    KEPT = "kept"


ClaimOutcome: TypeAlias = "Claimed | AlreadySo | LossRefused | NotFound"
ClosedOutcome: TypeAlias = "Found | Declared | ClaimKept | LossRefused | NotFound"


@dataclass(frozen=True, slots=True)
class ClaimRequest:
    """Which copy (barcode or accession number), of which member if said, returned on which day by their word."""

    item: str
    member: str | None = None
    on: dt.date | None = None


def claim_returned(library: Library, request: ClaimRequest, act: Act) -> ClaimOutcome:
    """Note the claim on the open loan. The day is not before the loan and not after today."""
    with library.store.write() as tx:
        case = case_of(library, tx, request.item)
        if case is None:
            return NotFound(Sought.ITEM, request.item)
        member = reads.find_member(tx, request.member) if request.member else case.member
        if request.member and member is None:
            return NotFound(Sought.MEMBER, request.member)
        loan = case.loan
        if loan is not None and loan.claimed_returned_on is not None:
            return AlreadySo(case.item, loan, case.member)
        on = request.on or act.day
        refused = library.forbids(act, Action.LEND)
        if loan is None or (member is not None and loan.member_id != member.id):
            refused = (*refused, Refusal("item.not_on_loan"))
        elif loan.lost_on is not None:
            refused = (*refused, Refusal("item.lost_already", facts={"on": loan.lost_on}))
        elif not loan.out_on <= on <= act.day:
            refused = (*refused, invalid("claimed_on", on))
        if refused or loan is None:
            return LossRefused(case.item, refused)
        tx.update(Loan, loan, claimed_returned_on=on)
        claims = tx.one(CLAIMS_OF_MEMBER, member=loan.member_id) or 0
        tx.record("item.claimed_returned", act, Intent(loan.policy_version))
        return Claimed(case.item, loan, case.member, on, claims)


@dataclass(frozen=True, slots=True)
class ClaimClosing:
    """How a claim ends; `charge` in rials takes the place of the price where the copy is declared lost."""

    item: str
    end: ClaimEnd
    charge: int | None = None
    reason: str = ""


def close_claim(library: Library, closing: ClaimClosing, act: Act) -> ClosedOutcome:
    """End a claim: found as the reader said, declared lost, or the reader had it after all."""
    with library.store.write() as tx:
        library.keep_fresh(tx, act.day)
        case = case_of(library, tx, closing.item)
        if case is None:
            return NotFound(Sought.ITEM, closing.item)
        refused = (*library.forbids(act, Action.DECLARE_LOST), *_refusals(case, closing))
        if refused or case.loan is None:
            return LossRefused(case.item, refused)
        outcome = _end(library, tx, case, closing, act)
        tx.record("claim.closed", act, Intent(case.loan.policy_version, reason=remark(closing.reason)))
        return outcome


def _refusals(case: Case, closing: ClaimClosing) -> tuple[Refusal, ...]:
    if case.loan is None or case.loan.claimed_returned_on is None:
        return (Refusal("claim.none"),)
    if closing.end is ClaimEnd.LOST:
        return tuple(lost_refusals(case.item, case.loan, closing.charge, case.terms))
    return ()


def _end(library: Library, tx: Tx, case: Case, closing: ClaimClosing, act: Act) -> Found | Declared | ClaimKept:
    if closing.end is ClaimEnd.FOUND:
        return write_find(library, tx, case, act)
    if closing.end is ClaimEnd.LOST:
        return write_loss(library, tx, case, closing.charge, remark(closing.reason), act)
    if case.loan is None:
        raise ValueError("nobody has this copy")
    tx.update(Loan, case.loan, claimed_returned_on=None)
    return ClaimKept(case.item, case.loan, case.member)
