"""Declaring a copy lost: by its reader, or missing from the shelf (000 §3-1-2; desk-protocol `item.lost`)."""

from dataclasses import dataclass
from typing import TypeAlias

from app.actions import Action
from app.circulation.lost.facts import AlreadySo, Declared, LossRefused
from app.circulation.lost.reads import Case, case_of
from app.circulation.lost.rules import lost_refusals, replacement_price
from app.circulation.lost.writing import (
    back_to_queue,
    change_copy,
    charge_loan,
    is_off_the_shelf,
    remark,
    settle_lateness,
)
from app.library import Library
from app.outcome import NotFound, Sought
from db.act import Act
from db.codes import ItemStatus, LedgerKind, LoanEnd
from db.journal import Intent
from db.models.circulation import Loan
from db.writing import Tx

DeclareOutcome: TypeAlias = "Declared | AlreadySo | LossRefused | NotFound"


@dataclass(frozen=True, slots=True)
class LostRequest:
    """Which copy (barcode or accession number); `charge` in rials takes the place of its price, 0 charges nothing."""

    item: str
    charge: int | None = None
    reason: str = ""


def declare_lost(library: Library, request: LostRequest, act: Act) -> DeclareOutcome:
    """A lent copy is lost by its reader: the loan stays open until it is paid, replaced or found. A copy that nobody
    has is missing from the shelf."""
    with library.store.write() as tx:
        library.keep_fresh(tx, act.day)
        case = case_of(library, tx, request.item)
        if case is None:
            return NotFound(Sought.ITEM, request.item)
        if is_off_the_shelf(case.item.status) and (case.loan is None or case.loan.lost_on is not None):
            return AlreadySo(case.item, case.loan, case.member)
        refused = (
            *library.forbids(act, Action.DECLARE_LOST),
            *lost_refusals(case.item, case.loan, request.charge, case.terms),
        )
        if refused:
            return LossRefused(case.item, refused)
        said = remark(request.reason)
        if case.loan is None:
            _note_missing(tx, case, said, act)
            declared = Declared(case.item, None, None)
        else:
            declared = write_loss(library, tx, case, request.charge, said, act)
        tx.record("item.lost", act, Intent(case.loan.policy_version if case.loan else None, reason=said))
        return declared


def _note_missing(tx: Tx, case: Case, said: str | None, act: Act) -> None:
    back_to_queue(tx, case.item.id)
    change_copy(tx, case.item.id, "missing", act, said, status=ItemStatus.MISSING)


def write_loss(
    library: Library, tx: Tx, case: Case, charge: int | None, said: str | None, act: Act, why: str = "lost"
) -> Declared:
    """The rows of a loss: fine up to this day, price and processing fee, the loan marked and left open.

    `charge` takes the place of the price; where none is known the copy itself is not charged. A loss that costs
    nothing by the librarian's word ends the loan at once: nobody owes anything for it.
    """
    loan = case.loan
    if loan is None:
        raise ValueError("nobody has this copy")
    penalty = settle_lateness(library, tx, case, act, ban=False)
    price = replacement_price(charge, case.item.price, case.terms)
    fee = 0 if charge == 0 else case.terms.number("processing_fee")
    charge_loan(tx, loan, LedgerKind.LOST_ITEM, price or 0, act, said)
    charge_loan(tx, loan, LedgerKind.PROCESSING_FEE, fee, act)
    ended = {} if charge != 0 else {"in_at": act.at, "effective_in_on": act.day, "ended_as": LoanEnd.PAID}
    tx.update(Loan, loan, lost_on=act.day, **ended)
    change_copy(tx, case.item.id, why, act, said, status=ItemStatus.LOST)
    return Declared(case.item, loan, case.member, penalty.late, penalty.fine, price or 0, fee, unpriced=price is None)
