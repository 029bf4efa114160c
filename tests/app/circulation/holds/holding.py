"""Holds for tests: placed through the use case; and a calendar with other closed days."""

import datetime as dt
import uuid
from typing import Any

from app.calendar.rules import Calendar
from app.circulation.holds.changing import HoldKey, cancel_hold, suspend_hold
from app.circulation.holds.expiry import expire_holds
from app.circulation.holds.outcomes import Changed, Expired, Held, HoldRefused
from app.circulation.holds.placing import PlaceRequest, place_hold
from app.circulation.holds.queries import HoldRow, PullRow, ShelfRow, hold_shelf, pull_list, queue_of
from app.circulation.holds.shelf import FREED
from app.library import Library
from db.codes import DayKind, HoldState
from db.models.circulation import Hold
from db.models.items import ItemStatusChange
from db.models.library import CalendarDay
from tests.library import ACopy, AMember, act, clock, row, rows


def wait(library: Library, member: AMember, copy: ACopy, *, this_copy: bool = False, **request: Any) -> uuid.UUID:
    """The reader waits for the title of a copy, or for the copy itself; nothing may speak against it."""
    what: dict[str, Any] = {"item": copy.barcode} if this_copy else {"title_id": copy.title_id}
    outcome = place_hold(library, PlaceRequest(member.card, **what, **request), act(library))
    assert isinstance(outcome, Held), outcome
    return outcome.place.hold_id


def refused(library: Library, member: AMember, copy: ACopy, *, this_copy: bool = False, **request: Any) -> list[str]:
    """The codes against a hold."""
    what: dict[str, Any] = {"item": copy.barcode} if this_copy else {"title_id": copy.title_id}
    outcome = place_hold(library, PlaceRequest(member.card, **what, **request), act(library))
    assert isinstance(outcome, HoldRefused), outcome
    return [refusal.code for refusal in outcome.refusals]


def cancel(library: Library, hold_id: uuid.UUID, reason: str = "") -> Changed:
    outcome = cancel_hold(library, HoldKey(hold_id), act(library), reason)
    assert isinstance(outcome, Changed), outcome
    return outcome


def suspend(library: Library, hold_id: uuid.UUID, until: dt.date | None = None) -> Changed:
    outcome = suspend_hold(library, HoldKey(hold_id), act(library), until)
    assert isinstance(outcome, Changed), outcome
    return outcome


def expire(library: Library, day: dt.date | None = None) -> Expired:
    """The night of today, or the one missed on `day`."""
    return expire_holds(library, act(library), day or clock(library).read().day)


def state(library: Library, hold_id: uuid.UUID) -> HoldState:
    found: HoldState = row(library, Hold, hold_id).state
    return found


def line_of(library: Library, copy: ACopy) -> list[HoldRow]:
    with library.store.read() as reader:
        return queue_of(reader, copy.title_id)


def shelf_of(library: Library) -> list[ShelfRow]:
    with library.store.read() as reader:
        return hold_shelf(library, reader, clock(library).read().day)


def to_pull(library: Library) -> list[PullRow]:
    with library.store.read() as reader:
        return pull_list(library, reader, clock(library).read().day)


def freed(library: Library) -> list[uuid.UUID]:
    """Copies noted to have come off the hold shelf."""
    return [change.item_id for change in rows(library, ItemStatusChange, why=FREED)]


def close(library: Library, *days: dt.date, kind: DayKind = DayKind.CLOSED) -> None:
    """Close the library on these days."""
    with library.store.write() as tx:
        for day in days:
            tx.insert(CalendarDay, day=day, kind=kind, name="تعطیل")
        tx.record("calendar.closed", act(library))
    library.forget_rules()
    assert isinstance(library.calendar, Calendar)
