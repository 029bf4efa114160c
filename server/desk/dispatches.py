"""Parcels by post and courier at the headless desk (004 الف-3; 001)."""

import datetime as dt
import uuid
from typing import Annotated

from msgspec import Meta

from app.circulation.outcomes import CheckedIn
from app.outcome import NotFound, Refused, Sought
from app.routes import parcels
from app.routes.dispatches import (
    ParcelStands,
    Posting,
    Wish,
    cancel_dispatch,
    dispatch_arrived,
    request_dispatch,
    return_arrived,
    return_posted,
    send_dispatch,
)
from app.routes.parcels import Parcel
from db.codes import Channel
from reports.address_labels import address_labels
from server.desk.answers import Facts, done, invalid, missing, not_found, refused, unreadable
from server.desk.circulation import answer_of, lent, returned
from server.desk.files import written, wrong_suffix
from server.desk.keys import item_key, member_key
from server.desk.requests import Answered, Request
from server.desk.session import Session
from server.desk.values import Day, Path, Text, Word, day


class DispatchRequest(Request, kw_only=True):
    """A member wants a book sent: a title, a copy, or what a hold waits for."""

    member: str
    title: uuid.UUID | None = None
    item: str | None = None
    hold: uuid.UUID | None = None
    channel: Channel = Channel.POST
    address: Text | None = None
    note: Text | None = None


class DispatchSend(Answered, kw_only=True):
    """The parcel with this copy is given to the post."""

    dispatch: uuid.UUID
    item: str
    tracking: Word | None = None
    sent_on: Day | None = None


class DispatchStep(Request, kw_only=True):
    """What became of a parcel."""

    dispatch: uuid.UUID
    on: Day | None = None


class DispatchReturn(Request, kw_only=True):
    """A lent copy on its way back, or back."""

    item: str
    on: Day | None = None
    tracking: Word | None = None


class DispatchList(Request, kw_only=True):
    """Parcels to be sent or on their way; all of the latest with `all`."""

    all: bool = False


class DispatchLabel(Request, kw_only=True):
    """Address labels of parcels on a sheet of eight, from the free place `start`."""

    dispatches: Annotated[tuple[uuid.UUID, ...], Meta(min_length=1, max_length=200)]
    pdf: Path
    start: Annotated[int, Meta(ge=1, le=8)] = 1


def wish(session: Session, request: DispatchRequest) -> Facts:
    """Note that a member wants a book sent."""
    if sum(given is not None for given in (request.title, request.item, request.hold)) != 1:
        return invalid("تنها یکی از «title»، «item» و «hold» باید نوشته باشد.", "یکی را بنویسید.", "title")
    member, item = member_key(session, request.member), item_key(session, request.item) if request.item else None
    if member is None:
        return unreadable(Sought.MEMBER)
    if request.item and item is None:
        return unreadable(Sought.ITEM)
    asked = Wish(member, request.channel, request.title, item, request.hold, request.address, request.note)
    return _parcel_stands(session, request_dispatch(session.library, asked, session.act(request.key)), "requested")


def send(session: Session, request: DispatchSend) -> Facts:
    """A parcel is given to the post: its copy is lent."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    posting = Posting(item, request.tracking, day(request.sent_on), answer_of(request))
    outcome = send_dispatch(session.library, request.dispatch, posting, session.act(request.key))
    if isinstance(outcome, ParcelStands | Refused | NotFound):
        return _parcel_stands(session, outcome, "sent")
    return lent(outcome)


def arrived(session: Session, request: DispatchStep) -> Facts:
    """The member has the parcel."""
    act = session.act(request.key)
    return _parcel_stands(session, dispatch_arrived(session.library, request.dispatch, day(request.on), act), "arrived")


def cancel_parcel(session: Session, request: DispatchStep) -> Facts:
    """The book is not sent after all."""
    outcome = cancel_dispatch(session.library, request.dispatch, session.act(request.key))
    return _parcel_stands(session, outcome, "cancelled")


def sent_back(session: Session, request: DispatchReturn) -> Facts:
    """A lent copy is in the post on its way back."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    act = session.act(request.key)
    outcome = return_posted(session.library, item, day(request.on), request.tracking, act)
    return _parcel_stands(session, outcome, "on_its_way")


def came_back(session: Session, request: DispatchReturn) -> Facts:
    """A parcel has come back: the copy is taken back as of the post-mark (`on`)."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    outcome = return_arrived(session.library, item, day(request.on), session.act(request.key))
    if isinstance(outcome, ParcelStands):
        return _parcel_stands(session, outcome, "checked_in")
    facts = returned(outcome)
    return facts | {"posted_on": outcome.in_on} if isinstance(outcome, CheckedIn) else facts


def list_parcels(session: Session, request: DispatchList) -> Facts:
    """Parcels with their days on the way."""
    today = session.act().day
    with session.library.store.read() as reader:
        found = parcels.all_parcels(reader) if request.all else parcels.open_parcels(reader)
    return done("found", rows=[_parcel(parcel, today) for parcel in found])


def labels(session: Session, request: DispatchLabel) -> Facts:
    """Address labels of parcels."""
    wrong = wrong_suffix(request.pdf, ".pdf", "pdf")
    if wrong is not None:
        return wrong
    with session.library.store.read() as reader:
        found = [parcels.parcel(reader, dispatch_id) for dispatch_id in request.dispatches]
        posted = [parcels.labelled(reader, parcel) for parcel in found if parcel is not None]
    if len(posted) < len(found):
        return not_found(Sought.DISPATCH)
    pdf = address_labels(session.library.branch, posted, request.start)
    return done("written", **written(request.pdf, pdf))


def _parcel_stands(session: Session, outcome: ParcelStands | Refused | NotFound, word: str) -> Facts:
    match outcome:
        case ParcelStands():
            return done(word if outcome.changed else "already_done", **_parcel(outcome.parcel, session.act().day))
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)


def _parcel(parcel: Parcel, today: dt.date) -> Facts:
    return {
        "dispatch": parcel.id,
        "member": parcel.member_id,
        "name": parcel.reader,
        "title": parcel.title,
        "barcode": parcel.barcode,
        "loan": parcel.loan_id,
        "due": parcel.due_on,
        "channel": parcel.channel,
        "outward": parcel.outward,
        "state": parcel.state,
        "requested_on": parcel.requested_on,
        "sent_on": parcel.sent_on,
        "arrived_on": parcel.arrived_on,
        "days_on_the_way": parcel.days_under_way(today),
        "tracking": parcel.tracking_no,
        "address": parcel.address,
    }
