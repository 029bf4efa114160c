"""Taking a copy back, or counting its use in the hall: one use case, one transaction."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.actions import Action
from app.circulation import reads
from app.circulation.bindery import came_back
from app.circulation.facts import ItemFacts, LoanFacts, MemberFacts
from app.circulation.finding import copy_coming_back
from app.circulation.giving_back import Ended, Ending, end_loan, note_change, note_found
from app.circulation.holds.shelf import keep_for_next, kept_for
from app.circulation.lost.facts import Refund
from app.circulation.lost.finding import found_again
from app.circulation.missing_parts import named, note_missing, parts_refusals
from app.circulation.notes import alert_notes
from app.circulation.on_minutes import minutes_note
from app.circulation.outcomes import AlreadyReturned, CheckedIn, CheckinOutcome, CheckinRefused, LocalUse, ReturnNote
from app.circulation.rules import LOST, UNLENDABLE
from app.form import invalid
from app.library import Library
from app.policy.choices import Gate
from app.policy.table import ANY, Terms
from app.refusal import NO_ANSWER, Answer, Note, Refusal, Weight, for_role, still_refused
from db.act import Act
from db.codes import WEEDED, AlertMoment, BindingOutcome, Condition, ItemFlag, ItemStatus
from db.journal import Intent
from db.models.circulation import Loan
from db.models.items import Item
from db.models.items import LocalUse as LocalUseRow
from db.writing import Tx

# A second scan of the same copy within this time is the same return or the same use, not another one.
SAME_SCAN = dt.timedelta(minutes=15)
# States a copy comes out of when it is simply there.
FOUND_AGAIN = frozenset({ItemStatus.MISSING, ItemStatus.LOST, ItemStatus.UNKNOWN, ItemStatus.IN_TRANSIT})
GONE = WEEDED | {ItemStatus.REPLACED}


@dataclass(frozen=True, slots=True)
class CheckinRequest:
    """What came back; `in_on` dates it back (a book drop, a power cut). A day ahead counts as today.

    `lost_parts` did not come back with it, and `damage` rials are charged for them; `condition` is how the copy looks
    now. `answer` says yes to what the desk asks of a copy that should be at the bindery, or that was claimed returned.
    """

    item: str
    in_on: dt.date | None = None
    lost_parts: tuple[str, ...] = ()
    damage: int = 0
    condition: Condition | None = None
    answer: Answer = NO_ANSWER

    def day(self, out_on: dt.date, today: dt.date) -> dt.date:
        """The day the return counts from, never before the loan."""
        return max(out_on, min(self.in_on or today, today))


def check_in(library: Library, request: CheckinRequest, act: Act) -> CheckinOutcome:
    """Take a copy back, or count its use in the hall when it was not lent."""
    with library.store.write() as tx:
        item = copy_coming_back(tx, request.item)
        if not isinstance(item, ItemFacts):
            return item
        library.keep_fresh(tx, act.day)
        loan = reads.open_loan_of(tx, item)
        last = tx.one(reads.LAST_LOAN_OF_ITEM, item=item.id) if loan is None else None
        if last is not None and last.in_at is not None and (request.lost_parts or _same_scan(last.in_at, act.at)):
            return _returned_already(library, tx, request, item, last, act)
        member = tx.one(reads.BY_MEMBER_ID, key=loan.member_id) if loan else None
        terms = library.terms(member.category if member else ANY, item.item_type)
        found = (*_forbidden(library, request, loan, act), *_gate_refusals(item, loan, terms))
        refused = still_refused(for_role(found, library.overrides(act.role)), request.answer)
        if refused:
            return CheckinRefused(item, refused)
        if loan is None:
            return _use_locally(library, tx, request, item, act, counted=terms.flag("count_local_use"))
        return _take_back(library, tx, request, item, loan, member, act)


def _same_scan(earlier: dt.datetime, later: dt.datetime) -> bool:
    """Whether two moments are close enough to be one scan that came twice."""
    return dt.timedelta() <= later - earlier <= SAME_SCAN


def _returned_already(
    library: Library, tx: Tx, request: CheckinRequest, item: ItemFacts, last: LoanFacts, act: Act
) -> AlreadyReturned | CheckinRefused:
    """The return that was made. Parts are counted after the scan: those missing are written down on it now."""
    missing = named(request.lost_parts)
    if missing is None or missing == last.missing_parts:
        return AlreadyReturned(item, last)
    refused = (*library.forbids(act, Action.LEND), *parts_refusals(library, missing, request.damage, act))
    if refused:
        return CheckinRefused(item, refused)
    tx.update(Loan, last, missing_parts=missing)
    note_missing(tx, item, (last.id, last.member_id), missing, request.damage, act)
    tx.record("loan.parts_missing", act, Intent(last.policy_version))
    return AlreadyReturned(item, replace(last, missing_parts=missing), missing, request.damage)


def _forbidden(library: Library, request: CheckinRequest, loan: LoanFacts | None, act: Act) -> Iterator[Refusal]:
    """What this person may not do: take back at all, date it back, charge for parts."""
    back = loan is not None and request.day(loan.out_on, act.day) < act.day
    yield from library.forbids(act, Action.LEND) or (library.forbids(act, Action.BACKDATE) if back else ())
    yield from parts_refusals(library, named(request.lost_parts), request.damage, act)
    if loan is None and request.lost_parts:
        yield invalid("lost_parts", named(request.lost_parts))


def _gate_refusals(item: ItemFacts, loan: LoanFacts | None, terms: Terms) -> Iterator[Refusal]:
    """What is not simply taken back: a weeded copy found in the stacks raises the alarm (002 م8-4); a lost or weeded
    one that is still on a card is the policy's choice. A copy that should be at the bindery is asked about, since
    finding it may mean that it was received; and so is a claim, where returns do not settle it by themselves."""
    code = UNLENDABLE.get(item.status, "")
    if item.status in GONE and (loan is None or terms.choice("return_of_withdrawn") == Gate.BLOCK):
        yield Refusal(code, "002 م8-4", final=True)
    if item.status in LOST and terms.choice("return_of_lost") == Gate.BLOCK:
        yield Refusal(code, terms.decided_by("return_of_lost"), final=True)
    if loan is None and _is_bound(item):
        yield Refusal("item.in_binding", "002 م13-11", weight=Weight.CONFIRM, final=True)
    claimed_on = loan.claimed_returned_on if loan else None
    if claimed_on is not None and not terms.flag("resolve_claim_on_return"):
        rule = terms.decided_by("resolve_claim_on_return")
        facts = {"claimed_on": claimed_on}
        yield Refusal("item.claimed_returned", rule, weight=Weight.CONFIRM, facts=facts, final=True)


def _is_bound(item: ItemFacts) -> bool:
    """Whether a copy should be at the bindery, by its status or by a request that is not back."""
    return item.status is ItemStatus.IN_BINDING or (item.at_bindery and item.status not in GONE)


def _take_back(
    library: Library, tx: Tx, request: CheckinRequest, item: ItemFacts, loan: LoanFacts, member: MemberFacts | None,
    act: Act,
) -> CheckedIn:  # fmt: skip
    queue, in_on, missing = (
        tx.all(reads.QUEUE, title=item.title_id),
        request.day(loan.out_on, act.day),
        named(request.lost_parts),
    )
    ended = end_loan(library, tx, Ending(loan, member, item, queue, in_on, missing), act)
    if missing is not None:
        note_missing(tx, item, (loan.id, loan.member_id), missing, request.damage, act)
    gone = item.status in GONE
    if not gone and item.status is not ItemStatus.ON_LOAN:
        note_found(tx, item, act)
    hold_for = None if gone else kept_for(tx, item, queue) or keep_for_next(library, tx, item, queue, act)
    tx.update(Item, item, status=item.status if gone else ItemStatus.AVAILABLE, **_looks(request, item))
    on_minutes = minutes_note(tx, item)
    # Most of a fine may have been charged in the nights before: the entry tells what the clerk was shown.
    tx.record("loan.returned", act, Intent(loan.policy_version, seen={"fine": ended.penalty.fine}))
    return CheckedIn(
        loan_id=loan.id,
        member=member,
        item=item,
        due_on=loan.due_on,
        in_on=in_on,
        days_late=ended.penalty.late,
        fine=ended.penalty.fine,
        restricted_until=ended.penalty.ban_until,
        hold_for=hold_for,
        notes=_return_notes(item, on_minutes, loan, ended, act, hold_for is not None, missing is not None),
        alerts=_alerts(tx, member, item, act),
        forgiven=ended.penalty.forgiven,
        credit=ended.penalty.credit,
        refund=ended.refund,
        missing_parts=missing,
        damage=request.damage if missing else 0,
    )


def _looks(request: CheckinRequest, item: ItemFacts) -> Mapping[str, Any]:
    """How the copy looks now, where that was noted and is new."""
    return {} if request.condition in (None, item.condition) else {"condition": request.condition}


def _alerts(tx: Tx, member: MemberFacts | None, item: ItemFacts, act: Act) -> tuple[Note, ...]:
    return tuple(alert_notes(reads.alerts_for(tx, member, item, AlertMoment.CHECKIN, act.day)))


def _return_notes(
    item: ItemFacts, on_minutes: ReturnNote | None, loan: LoanFacts, ended: Ended, act: Act, set_aside: bool,
    missing: bool,
) -> tuple[ReturnNote, ...]:  # fmt: skip
    late = ended.penalty.late > 0
    notes = {
        ReturnNote.LATE: late,
        ReturnNote.CLOCK_DOUBTFUL: late and act.stamp.doubtful,
        ReturnNote.FORGIVEN: ended.penalty.forgiven > 0,
        ReturnNote.SET_ASIDE_FOR_HOLD: set_aside,
        **_kept_back(on_minutes),
        **_came_to_light(item, ended.refund),
        ReturnNote.CLAIM_RESOLVED: loan.claimed_returned_on is not None,
        ReturnNote.MISSING_PARTS: missing,
        ReturnNote.PARTS: ItemFlag.PARTS in item.flags and not missing,
        ReturnNote.BAN_LIFTED: ended.ban_lifted,
    }
    return tuple(note for note, holds in notes.items() if holds)


def _kept_back(on_minutes: ReturnNote | None) -> dict[ReturnNote, bool]:
    """A copy on weeding minutes does not go back to the shelf (002 م7-4)."""
    return {} if on_minutes is None else {on_minutes: True}


def _came_to_light(item: ItemFacts, refund: Refund) -> dict[ReturnNote, bool]:
    """A copy is here that was recorded elsewhere."""
    arrived = item.status is ItemStatus.IN_TRANSIT
    return {
        ReturnNote.LOST_FOUND: item.status in FOUND_AGAIN and not arrived,
        ReturnNote.ARRIVED: arrived,
        ReturnNote.REFUNDED: refund.cancelled + refund.credit > 0,
    }


def _use_locally(
    library: Library, tx: Tx, request: CheckinRequest, item: ItemFacts, act: Act, *, counted: bool
) -> LocalUse:
    """Use without a loan. A doubled scan, or a policy that does not count it, leaves no trace but what else it found:
    a lost copy, one from the bindery, or one that somebody waits for."""
    before = tx.one(reads.LAST_USE_OF_ITEM, item=item.id)
    bound = _is_bound(item)  # and asked about, else it would not have come so far
    counted = counted and not bound and not (before is not None and _same_scan(before, act.at))
    found = item.status in FOUND_AGAIN or bound
    here = found or item.status is ItemStatus.AVAILABLE
    queue = tx.all(reads.QUEUE, title=item.title_id)
    hold_for = kept_for(tx, item, queue)
    counted = counted and hold_for is None  # a copy taken from the hold shelf to look at it was read by nobody
    caught = keep_for_next(library, tx, item, queue, act) if here and hold_for is None else None
    refund, looks = _note_here(library, tx, item, act) if found else (Refund(), {})
    if counted:
        tx.insert(LocalUseRow, item_id=item.id, at=act.at, day=act.day)
    looks = {**looks, **_looks(request, item)}
    if found or counted or looks:
        status = ItemStatus.AVAILABLE if found else item.status
        tx.update(Item, item, status=status, uses=item.uses + counted, **looks)
    if found or counted or looks or caught is not None:
        tx.record("item.used", act)
    hold_for = hold_for or caught
    notes = {
        ReturnNote.BACK_FROM_BINDING: bound,
        **_came_to_light(item, refund),
        ReturnNote.SET_ASIDE_FOR_HOLD: hold_for is not None,
        **_kept_back(minutes_note(tx, item)),
    }
    alerts = _alerts(tx, None, item, act)
    return LocalUse(item, hold_for, tuple(note for note, holds in notes.items() if holds), counted, alerts, refund)


def _note_here(library: Library, tx: Tx, item: ItemFacts, act: Act) -> tuple[Refund, Mapping[str, Any]]:
    """A copy is on the shelf that was recorded elsewhere: what its loss had cost, and how it looks. One from the
    bindery counts as bound; another outcome is said on the page of binding."""
    if not _is_bound(item):
        note_found(tx, item, act)
        return found_again(library, tx, item, None, act) if item.status is ItemStatus.LOST else Refund(), {}
    received = came_back(tx, item.id, BindingOutcome.BOUND, act)
    if item.status is not ItemStatus.AVAILABLE:
        note_change(tx, item, ItemStatus.AVAILABLE, "bound", act)
    return Refund(), {"condition": Condition.GOOD} if received and item.condition is not Condition.GOOD else {}
