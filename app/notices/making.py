"""Making the reminders of a day, each once for ever, and cancelling those whose cause is gone (000 §3-1-2)."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from app.actions import Action
from app.calendar.rules import days_late, later
from app.library import Library
from app.notices import cases
from app.notices.cases import LoanCase, NoticeRow
from app.notices.contacts import Contact, contacts_of
from app.notices.settings import OVERDUE_KINDS, NoticeSettings, notice_settings
from app.outcome import Refused
from db.act import Act
from db.codes import ContactKind, HoldState, NoticeChannel, NoticeKind, NoticeState
from db.models.circulation import Notice
from db.writing import Tx

AFTER: Mapping[NoticeKind, int] = MappingProxyType(
    {NoticeKind.DUE_SOON: 0, NoticeKind.OVERDUE_1: 1, NoticeKind.OVERDUE_2: 2, NoticeKind.OVERDUE_3: 3}
)
"""The order of the reminders of one loan: a later one takes the place of an earlier that was not sent."""
BY_WAY: Mapping[NoticeChannel, ContactKind] = MappingProxyType(
    {NoticeChannel.EMAIL: ContactKind.EMAIL, NoticeChannel.MESSENGER: ContactKind.MESSENGER}
)


@dataclass(frozen=True, slots=True)
class Made:
    """What a run made, by kind, and how many waiting reminders it cancelled."""

    made: Mapping[NoticeKind, int]
    cancelled: int

    @property
    def total(self) -> int:
        """How many were made."""
        return sum(self.made.values())


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A reminder that is due; `once_key` tells it apart from every other."""

    kind: NoticeKind
    member_id: uuid.UUID
    once_key: str
    loan_id: uuid.UUID | None = None
    hold_id: uuid.UUID | None = None


def make_notices(library: Library, act: Act, day: dt.date | None = None) -> Made | Refused:
    """Make what is due on `day` (None: today). A second run of a day makes nothing; a day that was missed makes what is
    still true of it. Reminders not sent yet are cancelled when the book is back, renewed, or late enough for the next.
    """
    forbidden = library.forbids(act, Action.NOTIFY)
    if forbidden:
        return Refused(forbidden)
    day = day or act.day
    made: Counter[NoticeKind] = Counter()
    cancelled = 0
    while True:
        with library.store.write() as tx:
            library.keep_fresh(tx, day)
            new = _make_all(library, tx, day)
            gone = _cancel_the_groundless(tx, day)
            full = tx.room == 0  # an entry of the journal holds so many changes; the rest goes into the next
            if new or gone:
                tx.record("notice.made", act)
        made, cancelled, act = made + new, cancelled + gone, replace(act, key=None)
        if not full:
            return Made(MappingProxyType(dict(made)), cancelled)


def _make_all(library: Library, tx: Tx, day: dt.date) -> Counter[NoticeKind]:
    settings, made = notice_settings(tx), Counter[NoticeKind]()
    for wanted in _wanted(library, tx, settings, day):
        if tx.room == 0:
            break
        made[wanted.kind] += _make(tx, wanted, settings, day)
    return +made


def overdue_kind(late: int, thresholds: Sequence[int]) -> NoticeKind | None:
    """Which reminder so many days late have earned; None for none."""
    reached = sum(late >= days for days in thresholds)
    return OVERDUE_KINDS[reached - 1] if reached else None


def way_to(contacts: Sequence[Contact], wished: NoticeChannel) -> tuple[NoticeChannel, str | None]:
    """By which way a reminder goes, and where to. A contact known to be bad gets nothing: it falls back from SMS to the
    telephone, and from there to paper (001: wrong numbers)."""
    good = [contact for contact in contacts if contact.is_good]
    if wished in BY_WAY:
        found = next((contact for contact in good if contact.kind is BY_WAY[wished]), None)
        if found is not None:
            return wished, found.value
    if wished not in (NoticeChannel.PRINT, NoticeChannel.PHONE):
        found = next((contact for contact in good if contact.takes_sms), None)
        if found is not None:
            return NoticeChannel.SMS, found.value
    if wished is not NoticeChannel.PRINT:
        telephones = (ContactKind.MOBILE, ContactKind.PHONE)
        found = next((contact for contact in good if contact.kind in telephones), None)
        if found is not None:
            return NoticeChannel.PHONE, found.value
    address = next((contact.value for contact in good if contact.kind is ContactKind.ADDRESS), None)
    return NoticeChannel.PRINT, address


def _wanted(library: Library, tx: Tx, settings: NoticeSettings, day: dt.date) -> Iterator[_Wanted]:
    for case in tx.all(cases.LOAN_CASES, until=later(day, settings.due_soon_days)):
        kind = _loan_kind(library, case, settings, day)
        if kind is not None:
            yield _Wanted(kind, case.member_id, f"{kind}:{case.loan_id}:{case.due_on}", loan_id=case.loan_id)
    for hold in tx.all(cases.HOLD_CASES):
        key = f"{NoticeKind.HOLD_READY}:{hold.hold_id}:{hold.shelf_since}"
        yield _Wanted(NoticeKind.HOLD_READY, hold.member_id, key, hold_id=hold.hold_id)
    if settings.membership_days:
        for ending in tx.all(cases.MEMBERSHIP_CASES, since=day, until=later(day, settings.membership_days)):
            key = f"{NoticeKind.MEMBERSHIP_ENDING}:{ending.member_id}:{ending.expires_on}"
            yield _Wanted(NoticeKind.MEMBERSHIP_ENDING, ending.member_id, key)


def _loan_kind(library: Library, case: LoanCase, settings: NoticeSettings, day: dt.date) -> NoticeKind | None:
    if case.due_on >= day:
        return NoticeKind.DUE_SOON if settings.due_soon_days else None
    skip_closed = library.terms(case.category, case.item_type).flag("skip_closed")
    return overdue_kind(days_late(case.due_on, day, library.calendar, skip_closed), settings.overdue_days)


def _make(tx: Tx, notice: _Wanted, settings: NoticeSettings, day: dt.date) -> bool:
    if tx.one(cases.MADE, once_key=notice.once_key) is not None:
        return False
    channel, address = way_to(contacts_of(tx, notice.member_id), settings.channels[notice.kind])
    tx.insert(
        Notice, member_id=notice.member_id, loan_id=notice.loan_id, hold_id=notice.hold_id, kind=notice.kind,
        channel=channel, address=address, state=NoticeState.DUE, due_on=day, once_key=notice.once_key,
    )  # fmt: skip
    return True


def _cancel_the_groundless(tx: Tx, day: dt.date) -> int:
    waiting = cases.due_notices(tx)
    newest: dict[uuid.UUID, int] = {}
    for notice in waiting:
        if notice.loan_id is not None:
            newest[notice.loan_id] = max(newest.get(notice.loan_id, 0), AFTER[notice.kind])
    gone = [notice for notice in waiting if _is_groundless(notice, newest, day)][: tx.room]
    for notice in gone:
        tx.update(Notice, notice, state=NoticeState.CANCELLED)
    return len(gone)


def _is_groundless(notice: NoticeRow, newest: Mapping[uuid.UUID, int], day: dt.date) -> bool:
    """The book is back, lost, claimed or renewed; a stronger reminder of the same loan waits; the hold was fetched or
    has run out; the membership goes on."""
    if notice.loan_id is not None:
        key = f"{notice.kind}:{notice.loan_id}:{notice.loan_due_on}"
        settled = notice.loan_in_at or notice.loan_lost_on or notice.loan_claimed_on
        too_late = notice.kind is NoticeKind.DUE_SOON and notice.loan_due_on is not None and notice.loan_due_on < day
        outdone = AFTER[notice.kind] < newest[notice.loan_id]
        return bool(settled) or notice.once_key != key or outdone or too_late
    if notice.hold_id is not None:
        return notice.hold_state is not HoldState.WAITING
    return notice.once_key != f"{notice.kind}:{notice.member_id}:{notice.expires_on}" or (
        notice.expires_on is not None and notice.expires_on < day
    )
