"""Taking a copy back, or counting its use in the hall: one use case, one transaction."""

import datetime as dt
from dataclasses import dataclass

from app.calendar.rules import days_late
from app.circulation import reads
from app.circulation.facts import HoldFacts, ItemFacts, LoanFacts, MemberFacts
from app.circulation.fines import ban_days, ban_until, overdue_fine
from app.circulation.outcomes import AlreadyReturned, CheckedIn, CheckinOutcome, CheckinRefused, LocalUse, ReturnNote
from app.circulation.rules import UNLENDABLE, waits_for
from app.library import Library
from app.outcome import NotFound, Sought
from app.persian.digits import number
from app.refusal import Refusal
from db.act import Act
from db.codes import WEEDED, HoldState, ItemFlag, ItemStatus, LedgerKind, RestrictionKind
from db.journal import Intent
from db.models.circulation import Hold, LedgerLine, Loan
from db.models.items import Item, ItemStatusChange
from db.models.items import LocalUse as LocalUseRow
from db.models.members import Restriction
from db.writing import Tx

# A second scan of the same copy within this time is the same return, not a reader using it in the hall.
SAME_RETURN = dt.timedelta(minutes=15)
# States a copy comes out of when it is simply there (002 م8-4 for lost and missing copies found again).
FOUND_AGAIN = frozenset({ItemStatus.MISSING, ItemStatus.LOST, ItemStatus.UNKNOWN, ItemStatus.IN_TRANSIT})


@dataclass(frozen=True, slots=True)
class CheckinRequest:
    """What came back; `in_on` dates it back (a book drop, a power cut). A day ahead counts as today."""

    item: str
    in_on: dt.date | None = None


def check_in(library: Library, request: CheckinRequest, act: Act) -> CheckinOutcome:
    """Take a copy back, or count its use in the hall when it was not lent."""
    with library.store.write() as tx:
        item = reads.find_item(tx, request.item)
        if item is None:
            return NotFound(Sought.ITEM, request.item)
        loan = reads.open_loan_of(tx, item)
        if loan is not None:
            return _take_back(library, tx, item, loan, min(request.in_on or act.day, act.day), act)
        last = tx.one(reads.LAST_LOAN_OF_ITEM, item=item.id)
        if last is not None and last.in_at is not None and _same_return(last.in_at, act.at):
            return AlreadyReturned(item, last)
        if item.status in WEEDED or item.status is ItemStatus.REPLACED:
            return CheckinRefused(item, (Refusal(UNLENDABLE[item.status], "002 م8-4"),))
        return _use_locally(library, tx, item, act)


def _same_return(earlier: dt.datetime, later: dt.datetime) -> bool:
    """Whether two moments are close enough to be the same return."""
    return dt.timedelta() <= later - earlier <= SAME_RETURN


@dataclass(frozen=True, slots=True)
class _Penalty:
    """What lateness costs: days late, rials, and the last day of a ban."""

    late: int = 0
    fine: int = 0
    ban_until: dt.date | None = None


def _take_back(library: Library, tx: Tx, item: ItemFacts, loan: LoanFacts, in_on: dt.date, act: Act) -> CheckedIn:
    in_on = max(in_on, loan.out_on)
    member = tx.one(reads.BY_MEMBER_ID, key=loan.member_id)
    queue = tx.all(reads.QUEUE, title=item.title_id)
    tx.update(Loan, loan, in_at=act.at, effective_in_on=in_on)
    penalty = _Penalty()
    if member is not None:
        penalty = _penalty(library, tx, item, loan, member, queue, in_on, act)
        _charge(tx, member, loan, penalty, act)
    hold_for = _keep_for_next(library, tx, item, queue, act)
    tx.update(Item, item, status=ItemStatus.AVAILABLE)
    tx.record("loan.returned", act, Intent(loan.policy_version))
    notes = _return_notes(item, penalty.late, hold_for, act)
    return CheckedIn(
        loan.id, member, item, loan.due_on, in_on, penalty.late, penalty.fine, penalty.ban_until, hold_for, notes
    )


def _penalty(  # noqa: PLR0913, PLR0917 - everything a penalty depends on
    library: Library, tx: Tx, item: ItemFacts, loan: LoanFacts, member: MemberFacts, queue: list[HoldFacts],
    in_on: dt.date, act: Act,
) -> _Penalty:  # fmt: skip
    """Nothing but the days is computed while the clock is doubtful (architecture, decision 7)."""
    terms = library.terms(member.category, item.item_type)
    late = days_late(loan.due_on, in_on, library.calendar, terms.flag("skip_closed"))
    if late == 0 or act.stamp.doubtful:
        return _Penalty(late)
    wanted = any(waits_for(hold, item, in_on) and hold.member_id != member.id for hold in queue)
    fine = overdue_fine(late, terms, reserved=wanted, price=item.price).amount_rial
    bans = [ban.until for ban in tx.all(reads.BANS, member=member.id, day=act.day) if ban.until is not None]
    days = ban_days(late, terms)
    until = ban_until(in_on, days, terms, library.calendar, max(bans, default=None)) if days else None
    return _Penalty(late, fine, until if until is not None and until >= act.day else None)


def _charge(tx: Tx, member: MemberFacts, loan: LoanFacts, penalty: _Penalty, act: Act) -> None:
    """A fine of zero makes no line; a ban is a row of its own, so that no merge can lose it."""
    if penalty.fine:
        tx.insert(
            LedgerLine, member_id=member.id, loan_id=loan.id, kind=LedgerKind.FINE, amount=penalty.fine, at=act.at,
            day=act.day, staff_id=act.staff_id,
        )  # fmt: skip
    if penalty.ban_until is not None:
        tx.insert(
            Restriction, member_id=member.id, kind=RestrictionKind.OVERDUE, until=penalty.ban_until,
            reason=f"دیرکرد {number(penalty.late)} روز", author_id=act.staff_id, laid_at=act.at, loan_id=loan.id,
        )  # fmt: skip


def _keep_for_next(library: Library, tx: Tx, item: ItemFacts, queue: list[HoldFacts], act: Act) -> MemberFacts | None:
    """The copy goes to the hold shelf for the first reader it can serve; the deadline is in open days."""
    if any(hold.state is HoldState.WAITING and hold.item_id == item.id for hold in queue):
        return next((tx.one(reads.BY_MEMBER_ID, key=hold.member_id) for hold in queue if hold.item_id == item.id), None)
    if item.on_minutes_id is not None:
        return None
    for hold in queue:
        if not waits_for(hold, item, act.day):
            continue
        member = tx.one(reads.BY_MEMBER_ID, key=hold.member_id)
        if member is None:
            continue
        days = library.terms(member.category, item.item_type).number("shelf_days")
        until = library.calendar.add_open_days(act.day, days)
        tx.update(Hold, hold, state=HoldState.WAITING, item_id=item.id, shelf_since=act.day, shelf_until=until)
        return member
    return None


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


def _use_locally(library: Library, tx: Tx, item: ItemFacts, act: Act) -> LocalUse:
    found = item.status in FOUND_AGAIN
    if found:
        tx.insert(
            ItemStatusChange, item_id=item.id, at=act.at, was=item.status, became=ItemStatus.AVAILABLE, why="found"
        )
    tx.insert(LocalUseRow, item_id=item.id, at=act.at, day=act.day)
    hold_for = _keep_for_next(library, tx, item, tx.all(reads.QUEUE, title=item.title_id), act)
    status = ItemStatus.AVAILABLE if found else item.status
    tx.update(Item, item, status=status, uses=item.uses + 1)
    tx.record("item.used", act)
    notes = {
        ReturnNote.LOST_FOUND: found,
        ReturnNote.SET_ASIDE_FOR_HOLD: hold_for is not None,
        ReturnNote.ON_WEEDING_MINUTES: item.on_minutes_id is not None,
    }
    return LocalUse(item, hold_for, tuple(note for note, holds in notes.items() if holds))
