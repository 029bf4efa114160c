"""Books by post and courier: asked for, sent, arrived, sent back, arrived again (004 الف-3؛ 001 یافته‌ها ج «پیک کتاب»).

The reader has the whole loan period: it counts from the day of posting, and once the arrival is known from that day. On
the way back the date on the post-mark counts: nobody is fined for the days of the post.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import sqlalchemy as sa

from app.actions import Action
from app.calendar.rules import due_date
from app.circulation import reads
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.facts import LoanFacts, MemberFacts
from app.circulation.outcomes import AlreadyLent, CheckedIn, CheckedOut, CheckinOutcome, CheckoutOutcome
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import NO_ANSWER, Answer, Refusal
from app.routes import parcels
from app.routes.parcels import Parcel
from db.act import Act
from db.codes import Channel, DispatchState
from db.frozen import Frozen
from db.models.circulation import Dispatch, Loan
from db.reading import Reader
from db.writing import Tx

BY_PARCEL = frozenset({Channel.POST, Channel.COURIER})
LONGEST_ADDRESS, LONGEST_NOTE, LONGEST_TRACKING = 500, 500, 60


@dataclass(frozen=True, slots=True)
class Wish:
    """A reader wants a book sent: a title, one copy of it (`item`), or what a hold of theirs waits for. Without an
    address that of the membership is taken."""

    member: str
    channel: Channel = Channel.POST
    title_id: uuid.UUID | None = None
    item: str | None = None
    hold_id: uuid.UUID | None = None
    address: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """A parcel is given to the post: which copy lies in it, its tracking number, and when (None: today)."""

    item: str
    tracking_no: str | None = None
    sent_on: dt.date | None = None
    answer: Answer = NO_ANSWER


@dataclass(frozen=True, slots=True)
class ParcelStands:
    """A parcel as it now stands. `changed` False: it stood so before."""

    parcel: Parcel
    changed: bool = True


ParcelOutcome: TypeAlias = "ParcelStands | Refused | NotFound"
LOAN = Frozen(sa.select(*reads.LOAN_COLUMNS).where(Loan.id == sa.bindparam("loan"), *reads.OPEN), LoanFacts)


def request_dispatch(library: Library, wish: Wish, act: Act) -> ParcelOutcome:
    """Note that a reader wants a book sent. The same wish twice is one."""
    with library.store.write() as tx:
        member = reads.find_member(tx, wish.member)
        if member is None:
            return NotFound(Sought.MEMBER, wish.member)
        title_id = _title_of(tx, wish)
        if title_id is None:
            return NotFound(Sought.TITLE, wish.item or str(wish.title_id or wish.hold_id or ""))
        known = tx.one(parcels.WISH, member=member.id, title=title_id)
        if known is not None:
            return ParcelStands(known, changed=False)
        address = clean(wish.address, LONGEST_ADDRESS) if wish.address else tx.one(parcels.ADDRESS, member=member.id)
        refused = (*library.forbids(act, Action.LEND), *_wish_problems(wish, member, address))
        if refused:
            return Refused(refused)
        dispatch_id = tx.insert(
            Dispatch, member_id=member.id, title_id=title_id, hold_id=wish.hold_id, channel=wish.channel,
            requested_on=act.day, outward=True, address=address, state=DispatchState.REQUESTED,
            note=clean(wish.note, LONGEST_NOTE) or None if wish.note else None,
        )  # fmt: skip
        tx.record("dispatch.requested", act)
        return ParcelStands(_parcel(tx, dispatch_id))


def _title_of(tx: Tx, wish: Wish) -> uuid.UUID | None:
    if wish.hold_id is not None:
        hold = tx.one(parcels.HOLD, hold=wish.hold_id)
        return hold.title_id if hold else None
    if wish.item is not None:
        item = reads.find_item(tx, wish.item)
        return item.title_id if item else None
    found: uuid.UUID | None = tx.one(parcels.TITLE, title=wish.title_id) if wish.title_id else None
    return found


def _wish_problems(wish: Wish, member: MemberFacts, address: str | None) -> Iterator[Refusal]:
    if wish.channel not in BY_PARCEL:
        yield Refusal("dispatch.channel")
    if not address or (member.address_unknown and not wish.address):
        yield Refusal("dispatch.no_address")


def send_dispatch(
    library: Library, dispatch_id: uuid.UUID, posting: Posting, act: Act
) -> "ParcelOutcome | CheckoutOutcome":
    """Give a parcel to the post: the copy in it is lent with every check of the desk, from the day of posting.

    Loan and parcel are two entries of the journal. After a crash between them the same request finds the loan made and
    writes the rest.
    """
    with library.store.read() as reader:
        parcel = parcels.parcel(reader, dispatch_id)
        member = reader.one(reads.BY_MEMBER_ID, key=parcel.member_id) if parcel else None
    if parcel is None or member is None:
        return NotFound(Sought.DISPATCH, str(dispatch_id))
    if parcel.state is DispatchState.SENT and parcel.outward:
        return ParcelStands(parcel, changed=False)
    if parcel.state is not DispatchState.REQUESTED:
        return Refused((Refusal("dispatch.over"),))
    request = CheckoutRequest(
        member.member_no, posting.item, parcel.channel, out_on=posting.sent_on, answer=posting.answer
    )
    lent = check_out(library, request, replace(act, key=None))
    if isinstance(lent, CheckedOut):
        return _write_sent(library, parcel, lent.loan_id, posting, act)
    if isinstance(lent, AlreadyLent):
        return _write_sent(library, parcel, lent.loan.id, posting, act)
    return lent


def _write_sent(library: Library, parcel: Parcel, loan_id: uuid.UUID, posting: Posting, act: Act) -> ParcelStands:
    sent_on = min(posting.sent_on or act.day, act.day)
    tracking = clean(posting.tracking_no, LONGEST_TRACKING) or None if posting.tracking_no else None
    with library.store.write() as tx:
        tx.update(Dispatch, parcel, loan_id=loan_id, sent_on=sent_on, tracking_no=tracking, state=DispatchState.SENT)
        tx.record("dispatch.sent", act)
        return ParcelStands(_parcel(tx, parcel.id))


def dispatch_arrived(library: Library, dispatch_id: uuid.UUID, on: dt.date | None, act: Act) -> ParcelOutcome:
    """The reader has the parcel: the loan period counts from that day, never to an earlier due date than before."""
    with library.store.write() as tx:
        parcel = parcels.parcel(tx, dispatch_id)
        if parcel is None or not parcel.outward:
            return NotFound(Sought.DISPATCH, str(dispatch_id))
        if parcel.state is DispatchState.ARRIVED:
            return ParcelStands(parcel, changed=False)
        refused = (*library.forbids(act, Action.LEND), *_arrival_problems(parcel, on, act))
        if refused:
            return Refused(refused)
        arrived = on or act.day
        tx.update(Dispatch, parcel, arrived_on=arrived, state=DispatchState.ARRIVED)
        _count_from_arrival(library, tx, parcel, arrived)
        tx.record("dispatch.arrived", act)
        return ParcelStands(_parcel(tx, dispatch_id))


def _arrival_problems(parcel: Parcel, on: dt.date | None, act: Act) -> Iterator[Refusal]:
    if parcel.state is not DispatchState.SENT or parcel.sent_on is None:
        yield Refusal("dispatch.not_sent")
    elif on is not None and not parcel.sent_on <= on <= act.day:
        yield Refusal("dispatch.arrival_day", facts={"day": on, "sent_on": parcel.sent_on})


def _count_from_arrival(library: Library, tx: Tx, parcel: Parcel, arrived: dt.date) -> None:
    loan, member = _open_loan(tx, parcel.loan_id), tx.one(reads.BY_MEMBER_ID, key=parcel.member_id)
    item = tx.one(reads.BY_ITEM_ID, key=loan.item_id) if loan else None
    if loan is None or member is None or item is None or loan.renewals:
        return
    terms = library.terms(member.category, item.item_type)
    due_on = due_date(arrived, terms, library.calendar, expires_on=member.expires_on)
    if due_on is not None and due_on > loan.due_on:
        tx.update(Loan, loan, due_on=due_on)


def _open_loan(reader: Reader, loan_id: uuid.UUID | None) -> LoanFacts | None:
    return reader.one(LOAN, loan=loan_id) if loan_id else None


def return_posted(
    library: Library, item_key: str, posted_on: dt.date | None, tracking_no: str | None, act: Act
) -> ParcelOutcome:
    """The reader says the book is in the post: it is on its way back, and no reminder goes out meanwhile."""
    with library.store.write() as tx:
        item = reads.find_item(tx, item_key)
        loan = reads.open_loan_of(tx, item) if item else None
        if item is None or loan is None:
            return NotFound(Sought.ITEM, item_key)
        known = parcels.way_back(tx, loan.id)
        if known is not None:
            return ParcelStands(known, changed=False)
        posted = posted_on or act.day
        refused = (*library.forbids(act, Action.LEND), *_posting_problems(posted, loan, act))
        if refused:
            return Refused(refused)
        out = parcels.way_out(tx, loan.id)
        dispatch_id = tx.insert(
            Dispatch, loan_id=loan.id, title_id=item.title_id, member_id=loan.member_id, requested_on=act.day,
            channel=out.channel if out else Channel.POST, outward=False, sent_on=posted, state=DispatchState.SENT,
            tracking_no=clean(tracking_no, LONGEST_TRACKING) or None if tracking_no else None,
        )  # fmt: skip
        tx.record("dispatch.return_sent", act)
        return ParcelStands(_parcel(tx, dispatch_id))


def _posting_problems(posted: dt.date, loan: LoanFacts, act: Act) -> Iterator[Refusal]:
    if not loan.out_on <= posted <= act.day:
        yield Refusal("dispatch.posting_day", facts={"day": posted})


def return_arrived(
    library: Library, item_key: str, stamped_on: dt.date | None, act: Act
) -> "ParcelStands | CheckinOutcome":
    """A parcel has come back: the book is taken back as of the day on the post-mark, or the day the reader told.

    Return and parcel are two entries of the journal; after a crash between them the same request writes the rest.
    """
    with library.store.read() as reader:
        item = reads.find_item(reader, item_key)
        loan = reads.open_loan_of(reader, item) if item else None
        last = loan or (reader.one(reads.LAST_LOAN_OF_ITEM, item=item.id) if item else None)
        parcel = parcels.way_back(reader, last.id) if last else None
    posted = stamped_on or (parcel.sent_on if parcel else None)
    if loan is None and parcel is not None:
        return _close_way_back(library, parcel, posted, act)
    outcome = check_in(library, CheckinRequest(item_key, posted), act)
    if parcel is not None and isinstance(outcome, CheckedIn):
        _close_way_back(library, parcel, posted, replace(act, key=None))
    return outcome


def _close_way_back(library: Library, parcel: Parcel, posted: dt.date | None, act: Act) -> ParcelStands:
    with library.store.write() as tx:
        tx.update(Dispatch, parcel, sent_on=posted, arrived_on=act.day, state=DispatchState.ARRIVED)
        tx.record("dispatch.return_arrived", act)
        return ParcelStands(_parcel(tx, parcel.id))


def cancel_dispatch(library: Library, dispatch_id: uuid.UUID, act: Act) -> ParcelOutcome:
    """The book is not sent after all. One that is on its way is first taken back at the desk."""
    with library.store.write() as tx:
        parcel = parcels.parcel(tx, dispatch_id)
        if parcel is None:
            return NotFound(Sought.DISPATCH, str(dispatch_id))
        if parcel.state is DispatchState.CANCELLED:
            return ParcelStands(parcel, changed=False)
        under_way = parcel.outward and _open_loan(tx, parcel.loan_id) is not None
        refused = list(library.forbids(act, Action.LEND))
        if under_way or parcel.state is DispatchState.ARRIVED:
            refused.append(Refusal("dispatch.under_way"))
        if refused:
            return Refused(tuple(refused))
        tx.update(Dispatch, parcel, state=DispatchState.CANCELLED)
        tx.record("dispatch.cancelled", act)
        return ParcelStands(_parcel(tx, dispatch_id))


def _parcel(tx: Tx, dispatch_id: uuid.UUID) -> Parcel:
    parcel = parcels.parcel(tx, dispatch_id)
    if parcel is None:
        raise RuntimeError("a parcel vanished inside its own transaction")
    return parcel
