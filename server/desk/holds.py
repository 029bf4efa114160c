"""Waiting for titles and copies at the headless desk."""

import uuid
from collections.abc import Callable, Iterable
from pathlib import Path as FilePath
from typing import Annotated, Literal

from msgspec import Meta

from app.circulation import reads
from app.circulation.holds import queries
from app.circulation.holds.changing import HoldKey, cancel_hold, move_hold, resume_hold, suspend_hold
from app.circulation.holds.outcomes import (
    AlreadyHeld,
    Changed,
    ChangeOutcome,
    ChangeRefused,
    Held,
    HeldTitle,
    HoldRefused,
    NobodyWaits,
    Place,
    SetAside,
    SetAsideRefused,
)
from app.circulation.holds.placing import PlaceRequest, place_hold
from app.circulation.holds.queries import HoldRow, PullRow, ShelfRow
from app.circulation.pulling import pull_copy
from app.outcome import NotFound, Sought
from db.codes import Channel, HoldState
from db.files import safe_write
from reports.hold_lists import pull_pdf, pull_xlsx, shelf_pdf, shelf_xlsx
from reports.hold_slip import hold_slip
from server.desk.answers import Facts, done, invalid, missing, not_found, refused, unreadable
from server.desk.circulation import answer_of, of_copy, of_member, returned
from server.desk.files import written, wrong_suffix
from server.desk.keys import item_key, member_key
from server.desk.requests import Answered, Request
from server.desk.session import Session
from server.desk.values import Day, Line, Path, day


class HoldPlace(Answered, kw_only=True):
    """Wait for a title (its id) or for one copy. `until`: the last day it is wanted."""

    member: str
    title: uuid.UUID | None = None
    item: str | None = None
    until: Day | None = None
    channel: Channel = Channel.DESK


class HoldNamed(Request, kw_only=True):
    """A hold: by its id, or by a member and the title or copy waited for."""

    hold: uuid.UUID | None = None
    member: str | None = None
    title: uuid.UUID | None = None
    item: str | None = None


class HoldCancel(HoldNamed, kw_only=True):
    """End a hold unserved."""

    reason: Line = ""


class HoldSuspend(HoldNamed, kw_only=True):
    """Let the turn pass by until a day, or until further notice."""

    until: Day | None = None


class HoldMove(Request, kw_only=True):
    """Another place in line, from 1."""

    hold: uuid.UUID
    position: Annotated[int, Meta(ge=1, le=100_000)]
    reason: Line = ""


class HoldList(Request, kw_only=True):
    """Holds of a member, of a title, in a state."""

    member: str | None = None
    title: uuid.UUID | None = None
    state: HoldState | None = None


class HoldPaper(Request, kw_only=True):
    """A list, written to files if they are named."""

    pdf: Path | None = None
    xlsx: Path | None = None


class HoldSlip(Request, kw_only=True):
    """The slip of a copy on the hold shelf, on a roll of this width in millimetres."""

    item: str
    pdf: Path
    width: Literal[58, 80] = 80


class HoldScan(Request, kw_only=True):
    """A copy fetched from the shelf."""

    item: str


WHICH = ("یکی از «title» و «item» باید نوشته باشد و نه هر دو.", "یکی را بنویسید.")
WHOSE = ("رزرو شناخته نشد.", "«hold» را بنویسید، یا «member» را با «title» یا «item».")
RESHELVE = "کسی در صف این کتاب نیست؛ آن را به جای خود برگردانید."


def place(session: Session, request: HoldPlace) -> Facts:
    """Place a hold."""
    if (request.title is None) == (request.item is None):
        return invalid(*WHICH, "title")
    member = member_key(session, request.member)
    item = None if request.item is None else item_key(session, request.item)
    if member is None or (request.item is not None and item is None):
        return unreadable(Sought.MEMBER if member is None else Sought.ITEM)
    asked = PlaceRequest(
        member=member,
        title_id=request.title,
        item=item,
        until=day(request.until),
        channel=request.channel,
        answer=answer_of(request),
    )
    outcome = place_hold(session.library, asked, session.act(request.key))
    if isinstance(outcome, NotFound):
        return missing(outcome)
    whose = {**of_member(outcome.member), **of_title(outcome.title)}
    whose |= of_copy(outcome.item) if outcome.item else {}
    match outcome:
        case Held():
            return done("held", **of_place(outcome.place), fee=outcome.fee, **whose)
        case AlreadyHeld():
            return done("already_done", **of_place(outcome.place), **whose)
        case HoldRefused():
            return refused(outcome.refusals, **whose)


def cancel(session: Session, request: HoldCancel) -> Facts:
    """Cancel a hold."""
    key = _key(session, request)
    if isinstance(key, dict):
        return key
    return _changed("cancelled", cancel_hold(session.library, key, session.act(request.key), request.reason))


def suspend(session: Session, request: HoldSuspend) -> Facts:
    """Suspend a hold."""
    key = _key(session, request)
    if isinstance(key, dict):
        return key
    return _changed("suspended", suspend_hold(session.library, key, session.act(request.key), day(request.until)))


def resume(session: Session, request: HoldNamed) -> Facts:
    """Resume a suspended hold."""
    key = _key(session, request)
    if isinstance(key, dict):
        return key
    return _changed("resumed", resume_hold(session.library, key, session.act(request.key)))


def move(session: Session, request: HoldMove) -> Facts:
    """Move a hold in its line."""
    act = session.act(request.key)
    return _changed("moved", move_hold(session.library, request.hold, request.position, act, request.reason))


def _key(session: Session, request: HoldNamed) -> HoldKey | Facts:
    if request.hold is not None:
        return HoldKey(request.hold)
    if request.member is None or (request.title is None) == (request.item is None):
        return invalid(*WHOSE, "hold")
    member = member_key(session, request.member)
    item = None if request.item is None else item_key(session, request.item)
    if member is None or (request.item is not None and item is None):
        return unreadable(Sought.MEMBER if member is None else Sought.ITEM)
    return HoldKey(member=member, title_id=request.title, item=item)


def _changed(outcome_name: str, outcome: ChangeOutcome) -> Facts:
    match outcome:
        case NotFound():
            return missing(outcome)
        case ChangeRefused():
            return refused(outcome.refusals)
        case Changed():
            told = {
                **of_place(outcome.place),
                "suspended_until": outcome.hold.suspended_until,
                **of_member(outcome.member),
                **of_title(outcome.title),
                **({"passed_to": of_member(outcome.hold_for)} if outcome.hold_for else {}),
                **({"reshelve": of_copy(outcome.reshelve), "message": RESHELVE} if outcome.reshelve else {}),
            }
            return done("already_done" if outcome.already else outcome_name, **told)


def list_all(session: Session, request: HoldList) -> Facts:
    """Live holds by member and title, or those in one state."""
    member_id = None
    with session.library.store.read() as reader:
        if request.member is not None:
            key = member_key(session, request.member)
            member = None if key is None else reads.find_member(reader, key)
            if member is None:
                return not_found(Sought.MEMBER)
            member_id = member.id
        rows = queries.list_holds(reader, member_id, request.title, request.state)
    return done("found", rows=[of_hold(row) for row in rows])


def shelf(session: Session, request: HoldPaper) -> Facts:
    """What stands on the hold shelf, and what has to leave it."""
    wrong = _wrong_names(request)
    if wrong is not None:
        return wrong
    library, today = session.library, session.act().day
    with library.store.read() as reader:
        rows = queries.hold_shelf(library, reader, today)
        freed = queries.freed_copies(reader, today)
    told = done("found", rows=_on_shelf(rows), reshelve=[of_copy(row.item) | {"since": row.since} for row in freed])
    if request.pdf is not None:
        told |= written(request.pdf, shelf_pdf(library.branch, rows, freed, today))
    return told | _sheet(request, lambda: shelf_xlsx(rows, today))


def _on_shelf(rows: Iterable[ShelfRow]) -> list[Facts]:
    return [of_hold(row.hold) | {"over": row.over, "notice": row.hold.notice} for row in rows]


def pull(session: Session, request: HoldPaper) -> Facts:
    """What to fetch from the shelves, in their order."""
    wrong = _wrong_names(request)
    if wrong is not None:
        return wrong
    library, today = session.library, session.act().day
    with library.store.read() as reader:
        rows = queries.pull_list(library, reader, today)
    told = done("found", rows=[_to_pull(row) for row in rows])
    if request.pdf is not None:
        told |= written(request.pdf, pull_pdf(library.branch, rows, today))
    return told | _sheet(request, lambda: pull_xlsx(rows, today))


def _to_pull(row: PullRow) -> Facts:
    return of_hold(row.hold) | of_copy(row.item) | {"volume_no": row.item.volume_no, "queue": row.waiting}


def _wrong_names(request: HoldPaper) -> Facts | None:
    return wrong_suffix(request.pdf, ".pdf", "pdf") or wrong_suffix(request.xlsx, ".xlsx", "xlsx")


def _sheet(request: HoldPaper, content: Callable[[], bytes]) -> Facts:
    if request.xlsx is None:
        return {}
    safe_write(FilePath(request.xlsx), content())
    return {"xlsx": request.xlsx}


def slip(session: Session, request: HoldSlip) -> Facts:
    """Write the slip that goes into the book."""
    wrong = wrong_suffix(request.pdf, ".pdf", "pdf")
    if wrong is not None:
        return wrong
    key = item_key(session, request.item)
    if key is None:
        return unreadable(Sought.ITEM)
    library, today = session.library, session.act().day
    with library.store.read() as reader:
        item = reads.find_item(reader, key)
        hold = None if item is None else queries.kept_copy(reader, item.id)
    if item is None:
        return not_found(Sought.ITEM)
    if hold is None:
        return not_found(Sought.HOLD)
    return done(
        "written", **of_hold(hold), **written(request.pdf, hold_slip(library.branch, hold, today, request.width))
    )


def set_aside(session: Session, request: HoldScan) -> Facts:
    """Put a copy on the hold shelf for the first reader it can serve."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    outcome = pull_copy(session.library, item, session.act(request.key))
    match outcome:
        case SetAside():
            told = {"until": outcome.until, "hold": of_member(outcome.member), **of_copy(outcome.item)}
            return done("already_done" if outcome.already else "set_aside", **told)
        case NobodyWaits():
            return done("reshelved" if outcome.freed else "nobody_waits", message=RESHELVE, **of_copy(outcome.item))
        case SetAsideRefused():
            return refused(outcome.refusals, **of_copy(outcome.item))
        case _:
            return returned(outcome)


def of_place(place: Place) -> Facts:
    """A hold and its place in line; no position for one that is in line no more."""
    return {"hold": place.hold_id, "state": place.state, "position": place.position, "queue": place.queue}


def of_title(title: HeldTitle) -> Facts:
    """A title in an answer."""
    return {"title_id": title.id, "title": title.title}


def of_hold(row: HoldRow) -> Facts:
    """A hold in a list."""
    return {
        "hold": row.id,
        "state": row.state,
        "position": row.position,
        "placed_at": row.placed_at,
        "until": row.wanted_until,
        "channel": row.channel,
        "suspended_until": row.suspended_until,
        "shelf_since": row.shelf_since,
        "shelf_until": row.shelf_until,
        "ended_at": row.ended_at,
        "end_reason": row.end_reason,
        "title_id": row.title_id,
        "title": row.title,
        "only_this_item": row.only_this_item,
        "item": row.item_id,
        "barcode": row.barcode,
        "accession_no": row.accession_no,
        "call_number": row.call_number,
        "member": row.member_id,
        "member_no": row.member_no,
        "member_name": row.member,
    }
