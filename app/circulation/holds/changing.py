"""Cancelling, suspending, resuming and moving a hold: one transaction each. A hold that was waiting gives its copy to
the next in the same transaction."""

import datetime as dt
import uuid
from dataclasses import dataclass

from app.actions import Action
from app.circulation import reads
from app.circulation.facts import HoldFacts, ItemFacts, MemberFacts
from app.circulation.holds.outcomes import Changed, ChangeOutcome, ChangeRefused
from app.circulation.holds.reads import LAST_OF_MEMBER, hold_of, place_of, title_of
from app.circulation.holds.rules import IN_LINE, LIVE, moved
from app.circulation.holds.shelf import pass_on, requeued
from app.library import Library
from app.outcome import NotFound, Sought
from app.persian.text import clean
from app.refusal import Refusal
from db.act import Act
from db.codes import HoldState
from db.journal import Intent
from db.models.circulation import Hold
from db.writing import Tx

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class HoldKey:
    """Which hold is meant: its id, or a reader and the title or copy that the reader waits for."""

    hold_id: uuid.UUID | None = None
    member: str | None = None
    title_id: uuid.UUID | None = None
    item: str | None = None


def cancel_hold(library: Library, key: HoldKey, act: Act, reason: str = "") -> ChangeOutcome:
    """End a hold unserved. Who waits behind it keeps the own place and moves up by one."""
    with library.store.write() as tx:
        hold = _find(tx, key)
        if isinstance(hold, NotFound):
            return hold
        refused = _refusals(library, hold, act)
        if refused:
            return ChangeRefused(refused)
        if hold.state not in LIVE:
            return _told(tx, hold, already=True)
        said = clean(reason, LONGEST_REASON) or None
        tx.update(Hold, hold, state=HoldState.CANCELLED, ended_at=act.at, end_reason=said)
        return _after(library, tx, hold, "hold.cancelled", act, Intent(reason=said))


def suspend_hold(library: Library, key: HoldKey, act: Act, until: dt.date | None = None) -> ChangeOutcome:
    """Let a reader's turn pass by until a day (that day it counts again), or until somebody resumes it. The place in
    line is kept; a copy on the hold shelf goes to the next."""
    with library.store.write() as tx:
        hold = _find(tx, key)
        if isinstance(hold, NotFound):
            return hold
        past = (Refusal("hold.until_past", facts={"until": until}),) if until is not None and until <= act.day else ()
        refused = (*_refusals(library, hold, act, ended=True), *past)
        if refused:
            return ChangeRefused(refused)
        if hold.state is HoldState.SUSPENDED and hold.suspended_until == until:
            return _told(tx, hold, already=True)
        tx.update(Hold, hold, **(requeued(hold) | {"state": HoldState.SUSPENDED, "suspended_until": until}))
        return _after(library, tx, hold, "hold.suspended", act)


def resume_hold(library: Library, key: HoldKey, act: Act) -> ChangeOutcome:
    """A suspended hold counts again, in its old place."""
    with library.store.write() as tx:
        hold = _find(tx, key)
        if isinstance(hold, NotFound):
            return hold
        refused = _refusals(library, hold, act, ended=True)
        if refused:
            return ChangeRefused(refused)
        if hold.state is not HoldState.SUSPENDED and hold.suspended_until is None:
            return _told(tx, hold, already=True)
        state = HoldState.QUEUED if hold.state is HoldState.SUSPENDED else hold.state
        tx.update(Hold, hold, state=state, suspended_until=None)
        tx.record("hold.resumed", act)
        return _told(tx, hold)


def move_hold(library: Library, hold_id: uuid.UUID, position: int, act: Act, reason: str = "") -> ChangeOutcome:
    """Put a hold in another place of its line, from 1. Whoever may set rules aside may do this; the journal keeps who
    did and why."""
    with library.store.write() as tx:
        hold = hold_of(tx, hold_id)
        if hold is None:
            return NotFound(Sought.HOLD, str(hold_id))
        refused = library.forbids(act, Action.OVERRIDE) or _refusals(library, hold, act, ended=True)
        if not refused and hold.state not in IN_LINE:
            refused = (Refusal("hold.not_in_line"),)
        if refused:
            return ChangeRefused(refused)
        queue = tx.all(reads.QUEUE, title=hold.title_id)
        priorities = moved(queue, hold.id, position)
        if not priorities:
            return _told(tx, hold, already=True)
        for other in queue:
            if other.id in priorities:
                tx.update(Hold, other, priority=priorities[other.id])
        tx.record("hold.moved", act, Intent(reason=clean(reason, LONGEST_REASON) or None))
        return _told(tx, hold)


def _find(tx: Tx, key: HoldKey) -> HoldFacts | NotFound:
    if key.hold_id is not None:
        return hold_of(tx, key.hold_id) or NotFound(Sought.HOLD, str(key.hold_id))
    member = reads.find_member(tx, key.member or "")
    if member is None:
        return NotFound(Sought.MEMBER, key.member or "")
    item = None if key.item is None else reads.find_item(tx, key.item)
    if key.item is not None and item is None:
        return NotFound(Sought.ITEM, key.item)
    title_id = key.title_id if item is None else item.title_id
    return _of_member(tx, member, title_id, item) or NotFound(Sought.HOLD, str(title_id or ""))


def _of_member(tx: Tx, member: MemberFacts, title_id: uuid.UUID | None, item: ItemFacts | None) -> HoldFacts | None:
    """The live hold of a reader on a title, the one on this copy first; else the last one that ended."""
    queue = [hold for hold in tx.all(reads.QUEUE, title=title_id) if hold.member_id == member.id]
    wanted = None if item is None else item.id
    live = min(queue, key=lambda hold: (hold.item_id != wanted, hold.priority), default=None)
    return live or tx.one(LAST_OF_MEMBER, member=member.id, title=title_id)


def _refusals(library: Library, hold: HoldFacts, act: Act, *, ended: bool = False) -> tuple[Refusal, ...]:
    """Who may not, and with `ended` that the hold is over."""
    over = (Refusal("hold.ended"),) if ended and hold.state not in LIVE else ()
    return (*library.forbids(act, Action.HOLD), *over)


def _after(library: Library, tx: Tx, hold: HoldFacts, kind: str, act: Act, intent: Intent | None = None) -> Changed:
    """The copy that stood for a hold goes to the next, or back to its place; then the entry."""
    waited = hold.state is HoldState.WAITING
    item = tx.one(reads.BY_ITEM_ID, key=hold.item_id) if waited and hold.item_id else None
    hold_for = pass_on(library, tx, hold.item_id, act) if item else None
    tx.record(kind, act, intent)
    return _told(tx, hold, hold_for=hold_for, item=item)


def _told(
    tx: Tx,
    hold: HoldFacts,
    *,
    hold_for: MemberFacts | None = None,
    item: ItemFacts | None = None,
    already: bool = False,
) -> Changed:
    title = title_of(tx, hold.title_id)
    if title is None:
        raise RuntimeError("the title of a hold is gone")
    member = tx.one(reads.BY_MEMBER_ID, key=hold.member_id) if hold.member_id else None
    now = hold_of(tx, hold.id) or hold
    return Changed(now, place_of(tx, now), member, title, hold_for, item, already)
