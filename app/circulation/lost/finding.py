"""A lost copy turns up: on a shelf, at the desk, in a box of returns (desk-protocol `item.found`)."""

import uuid
from typing import TypeAlias

from app.actions import Action
from app.circulation import reads
from app.circulation.facts import ItemFacts, LoanFacts
from app.circulation.holds.shelf import keep_for_next
from app.circulation.lost.facts import AlreadySo, Found, LossRefused, Refund
from app.circulation.lost.reads import Case, case_of
from app.circulation.lost.rules import found_refusals
from app.circulation.lost.writing import change_copy, give_back, settle_lateness
from app.circulation.open_bans import lift_open_bans
from app.library import Library
from app.outcome import NotFound, Sought
from app.policy.table import ANY
from app.refusal import NO_ANSWER, Answer, still_refused
from db.act import Act
from db.codes import ItemStatus, LoanEnd
from db.journal import Intent
from db.models.circulation import Loan
from db.writing import Tx

FoundOutcome: TypeAlias = "Found | AlreadySo | LossRefused | NotFound"


def find_again(library: Library, key: str, act: Act, answer: Answer = NO_ANSWER) -> FoundOutcome:
    """The copy is here: it is available again, its loan ends as a return if it was still open, and what the loss cost
    is given back as the policy says. One that was replaced in kind comes back as a copy more, and nothing is refunded.
    """
    with library.store.write() as tx:
        library.keep_fresh(tx, act.day)
        case = case_of(library, tx, key)
        if case is None:
            return NotFound(Sought.ITEM, key)
        if case.loan is None and case.item.status is ItemStatus.AVAILABLE:
            return AlreadySo(case.item, case.last, case.member)
        reasons = (*library.forbids(act, Action.DECLARE_LOST), *found_refusals(case.item, case.loan))
        refused = still_refused(reasons, answer)
        if refused:
            return LossRefused(case.item, refused)
        found = write_find(library, tx, case, act)
        tx.record("item.found", act, Intent(case.answering.policy_version if case.answering else None))
        return found


def write_find(library: Library, tx: Tx, case: Case, act: Act, cause: uuid.UUID | None = None) -> Found:
    """The rows of a find: loan, copy, money, and the next reader who waits for it. `cause`: the shelf-reading that
    found it in the library's own stacks; since when it stood there nobody knows, so its reader is not banned for it."""
    loan, item = case.loan, case.item
    penalty = settle_lateness(library, tx, case, act, ban=cause is None)
    if loan is not None and case.member is not None and cause is not None:
        lift_open_bans(tx, case.member, loan, act)
    if loan is not None:
        back_on = min(loan.claimed_returned_on or act.day, act.day)
        tx.update(Loan, loan, in_at=act.at, effective_in_on=back_on, ended_as=LoanEnd.RETURNED)
    refund = found_again(library, tx, item, loan, act)
    queue = tx.all(reads.QUEUE, title=item.title_id)
    hold_for = keep_for_next(library, tx, item, queue, act)
    change_copy(tx, item.id, "found", act, cause=cause, status=ItemStatus.AVAILABLE, replaced_by=None)
    return Found(item, case.answering, refund, penalty.late, penalty.fine, penalty.ban_until, hold_for)


def found_again(library: Library, tx: Tx, item: ItemFacts, loan: LoanFacts | None, act: Act) -> Refund:
    """The money of a copy that is here again, inside somebody's transaction (check-in, stocktake, `find_again`).

    `loan` is the open loan that ends with it, if there is one; else it is that of the reader who paid for the copy. The
    caller changes loan and copy itself; the fine for lateness is not touched, so it cannot be doubled (Koha bug
    22877). Where the policy refunds nothing (`refund_when_found`), or nothing was charged, nothing is written.
    """
    answering = loan or tx.one(reads.LAST_LOAN_OF_ITEM, item=item.id)
    if answering is None or answering.lost_on is None or answering.ended_as is LoanEnd.REPLACED:
        return Refund()
    member = tx.one(reads.BY_MEMBER_ID, key=answering.member_id) if answering.member_id else None
    terms = library.terms(member.category if member else ANY, item.item_type)
    return give_back(tx, answering, member, act) if terms.flag("refund_when_found") else Refund(member=member)
