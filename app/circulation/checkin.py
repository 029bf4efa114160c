"""Taking a copy back, or counting its use in the hall: one use case, one transaction."""

import datetime as dt
from dataclasses import dataclass

from app.actions import Action
from app.circulation import reads
from app.circulation.facts import ItemFacts, LoanFacts, MemberFacts
from app.circulation.holds.shelf import keep_for_next, kept_for
from app.circulation.lateness import LateLoan, Penalty, charge_return
from app.circulation.outcomes import AlreadyReturned, CheckedIn, CheckinOutcome, CheckinRefused, LocalUse, ReturnNote
from app.circulation.rules import LOST, UNLENDABLE
from app.library import Library
from app.outcome import NotFound, Sought
from app.policy.choices import Gate
from app.policy.table import ANY, Terms
from app.refusal import Refusal
from db.act import Act
from db.codes import WEEDED, ItemFlag, ItemStatus, LoanEnd
from db.journal import Intent
from db.models.circulation import Loan
from db.models.items import Item, ItemStatusChange
from db.models.items import LocalUse as LocalUseRow
from db.writing import Tx

# A second scan of the same copy within this time is the same return or the same use, not another one.
SAME_SCAN = dt.timedelta(minutes=15)
# States a copy comes out of when it is simply there.
FOUND_AGAIN = frozenset({ItemStatus.MISSING, ItemStatus.LOST, ItemStatus.UNKNOWN, ItemStatus.IN_TRANSIT})
GONE = WEEDED | {ItemStatus.REPLACED}


@dataclass(frozen=True, slots=True)
class CheckinRequest:
    """What came back; `in_on` dates it back (a book drop, a power cut). A day ahead counts as today."""

    item: str
    in_on: dt.date | None = None

    def day(self, out_on: dt.date, today: dt.date) -> dt.date:
        """The day the return counts from, never before the loan."""
        return max(out_on, min(self.in_on or today, today))


def check_in(library: Library, request: CheckinRequest, act: Act) -> CheckinOutcome:
    """Take a copy back, or count its use in the hall when it was not lent."""
    with library.store.write() as tx:
        item = reads.find_item(tx, request.item)
        if item is None:
            return NotFound(Sought.ITEM, request.item)
        library.keep_fresh(tx, act.day)
        loan = reads.open_loan_of(tx, item)
        last = tx.one(reads.LAST_LOAN_OF_ITEM, item=item.id) if loan is None else None
        if last is not None and last.in_at is not None and _same_scan(last.in_at, act.at):
            return AlreadyReturned(item, last)
        member = tx.one(reads.BY_MEMBER_ID, key=loan.member_id) if loan else None
        terms = library.terms(member.category if member else ANY, item.item_type)
        refused = (*library.forbids(act, Action.LEND), *_gate_refusals(item, loan, terms))
        if refused:
            return CheckinRefused(item, refused)
        if loan is None:
            return _use_locally(library, tx, item, act, counted=terms.flag("count_local_use"))
        return _take_back(library, tx, item, loan, member, request.day(loan.out_on, act.day), act)


def _same_scan(earlier: dt.datetime, later: dt.datetime) -> bool:
    """Whether two moments are close enough to be one scan that came twice."""
    return dt.timedelta() <= later - earlier <= SAME_SCAN


def _gate_refusals(item: ItemFacts, loan: LoanFacts | None, terms: Terms) -> tuple[Refusal, ...]:
    """What is not simply taken back: a weeded copy found in the stacks raises the alarm (002 م8-4); a lost or weeded
    one that is still on a card is the policy's choice."""
    code = UNLENDABLE.get(item.status, "")
    if item.status in GONE and (loan is None or terms.choice("return_of_withdrawn") == Gate.BLOCK):
        return (Refusal(code, "002 م8-4"),)
    if item.status in LOST and terms.choice("return_of_lost") == Gate.BLOCK:
        return (Refusal(code, terms.decided_by("return_of_lost")),)
    return ()


def _take_back(
    library: Library, tx: Tx, item: ItemFacts, loan: LoanFacts, member: MemberFacts | None, in_on: dt.date, act: Act
) -> CheckedIn:
    queue = tx.all(reads.QUEUE, title=item.title_id)
    tx.update(Loan, loan, in_at=act.at, effective_in_on=in_on, ended_as=LoanEnd.RETURNED)
    penalty = charge_return(library, tx, LateLoan(member, item, loan, queue, in_on), act) if member else Penalty()
    gone = item.status in GONE
    if not gone and item.status is not ItemStatus.ON_LOAN:
        note_found(tx, item, act)
    hold_for = None if gone else kept_for(tx, item, queue) or keep_for_next(library, tx, item, queue, act)
    tx.update(Item, item, status=item.status if gone else ItemStatus.AVAILABLE)
    tx.record("loan.returned", act, Intent(loan.policy_version))
    notes = _return_notes(item, penalty.late, hold_for, act)
    return CheckedIn(
        loan.id, member, item, loan.due_on, in_on, penalty.late, penalty.fine, penalty.ban_until, hold_for, notes
    )


def note_found(tx: Tx, item: ItemFacts, act: Act) -> None:
    """A copy that was recorded elsewhere is here: the loans do not tell that, so a row of its own does."""
    tx.insert(ItemStatusChange, item_id=item.id, at=act.at, was=item.status, became=ItemStatus.AVAILABLE, why="found")


def _return_notes(item: ItemFacts, late: int, hold_for: MemberFacts | None, act: Act) -> tuple[ReturnNote, ...]:
    notes = {
        ReturnNote.LATE: late > 0,
        ReturnNote.CLOCK_DOUBTFUL: late > 0 and act.stamp.doubtful,
        ReturnNote.SET_ASIDE_FOR_HOLD: hold_for is not None,
        ReturnNote.ON_WEEDING_MINUTES: item.on_minutes_id is not None,
        ReturnNote.LOST_FOUND: item.status in FOUND_AGAIN,
        ReturnNote.PARTS: ItemFlag.PARTS in item.flags,
    }
    return tuple(note for note, holds in notes.items() if holds)


def _use_locally(library: Library, tx: Tx, item: ItemFacts, act: Act, *, counted: bool) -> LocalUse:
    """Use without a loan. A doubled scan, or a policy that does not count it, leaves no trace but what else it found:
    a lost copy, or one that somebody waits for."""
    before = tx.one(reads.LAST_USE_OF_ITEM, item=item.id)
    counted = counted and not (before is not None and _same_scan(before, act.at))
    found = item.status in FOUND_AGAIN
    here = found or item.status is ItemStatus.AVAILABLE
    queue = tx.all(reads.QUEUE, title=item.title_id)
    hold_for = kept_for(tx, item, queue)
    caught = keep_for_next(library, tx, item, queue, act) if here and hold_for is None else None
    if found:
        note_found(tx, item, act)
    if counted:
        tx.insert(LocalUseRow, item_id=item.id, at=act.at, day=act.day)
    if found or counted:
        status = ItemStatus.AVAILABLE if found else item.status
        tx.update(Item, item, status=status, uses=item.uses + counted)
    if found or counted or caught is not None:
        tx.record("item.used", act)
    hold_for = hold_for or caught
    notes = {
        ReturnNote.LOST_FOUND: found,
        ReturnNote.SET_ASIDE_FOR_HOLD: hold_for is not None,
        ReturnNote.ON_WEEDING_MINUTES: item.on_minutes_id is not None,
    }
    return LocalUse(item, hold_for, tuple(note for note, holds in notes.items() if holds), counted)
