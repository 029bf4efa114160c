"""What the librarian decides about a candidate that is not put on minutes: later, to the bindery, or it stays (002
م5-2: with who decided it, when and why)."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.actions import Action
from app.calendar.rules import add_months
from app.library import HERE, Library
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from app.weeding import reads
from db.act import Act
from db.codes import WEEDED, CandidateDecision, WeedingReason
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.collection import CandidateNote
from db.models.items import Item
from db.models.library import Staff
from db.reading import Reader

LONGEST_REMARK = 500
GROUNDED = frozenset({CandidateDecision.LATER, CandidateDecision.KEEP})


@dataclass(frozen=True, slots=True)
class Noted:
    """The copy is no candidate of this reason before `until`; without such a day it is none for good."""

    note_id: uuid.UUID
    item_id: uuid.UUID
    reason: WeedingReason
    decision: CandidateDecision
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class NotedBefore:
    """What was decided about a copy, by whom, and why; `name` is None when that person is not known here."""

    decision: CandidateDecision
    remark: str | None
    until: dt.date | None
    at: dt.datetime
    name: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that keeps a copy from being a candidate of `reason` now, with who made it and why; `until` None: for
    good. `name` is None when that person is not known here."""

    note_id: uuid.UUID
    item_id: uuid.UUID
    reason: WeedingReason
    decision: CandidateDecision
    remark: str | None
    until: dt.date | None
    at: dt.datetime
    name: str | None
    title: str
    main_creator: str | None
    volume_no: str | None
    accession_no: int
    barcode: str


@dataclass(frozen=True, slots=True)
class CalledBack:
    """The copy is a candidate of `reason` again, as far as it was up to the decision; `already`: none kept it away."""

    item_id: uuid.UUID
    reason: WeedingReason
    decision: CandidateDecision | None
    already: bool = False


@dataclass(frozen=True, slots=True)
class _Holding:
    id: uuid.UUID
    ver: int
    until: dt.date | None
    decision: CandidateDecision


LAST_NOTE = Frozen(
    sa.select(CandidateNote.decision, CandidateNote.remark, CandidateNote.until, CandidateNote.at, Staff.name)
    .outerjoin(Staff, Staff.id == CandidateNote.author_id)
    .where(
        CandidateNote.branch_id == HERE,
        CandidateNote.item_id == sa.bindparam("item"),
        CandidateNote.reason == sa.bindparam("reason"),
        CandidateNote.deleted_at.is_(None),
    )
    .order_by(CandidateNote.at.desc(), CandidateNote.id.desc())
    .limit(1),
    NotedBefore,
)


NEWER = aliased(CandidateNote)
IS_NEWEST = sa.not_(
    sa.exists(
        sa.select(NEWER.id).where(
            NEWER.item_id == CandidateNote.item_id,
            NEWER.reason == CandidateNote.reason,
            NEWER.deleted_at.is_(None),
            sa.or_(NEWER.at > CandidateNote.at, sa.and_(NEWER.at == CandidateNote.at, NEWER.id > CandidateNote.id)),
        )
    )
)
HOLDS = (
    CandidateNote.branch_id == HERE,
    CandidateNote.reason == sa.bindparam("reason"),
    CandidateNote.deleted_at.is_(None),
    sa.or_(CandidateNote.until.is_(None), CandidateNote.until > sa.bindparam("today", type_=sa.Date())),
    IS_NEWEST,
)
DECIDED = Frozen(
    sa.select(
        CandidateNote.id, CandidateNote.item_id, CandidateNote.reason, CandidateNote.decision, CandidateNote.remark,
        CandidateNote.until, CandidateNote.at, Staff.name, Title.title, Title.main_creator, Item.volume_no,
        Item.accession_no, Item.barcode,
    )
    .select_from(CandidateNote)
    .join(Item, sa.and_(Item.id == CandidateNote.item_id, *reads.OURS))
    .join(Title, Title.id == Item.title_id)
    .outerjoin(Staff, Staff.id == CandidateNote.author_id)
    .where(*HOLDS, *(Item.status != status for status in sorted(WEEDED)), Item.on_minutes_id.is_(None))
    .order_by(CandidateNote.at.desc(), CandidateNote.id.desc()),
    Decided,
)  # fmt: skip
HOLDING = Frozen(
    sa.select(CandidateNote.id, CandidateNote.ver, CandidateNote.until, CandidateNote.decision).where(
        CandidateNote.item_id == sa.bindparam("item"), *HOLDS
    ),
    _Holding,
)


def decided(reader: Reader, reason: WeedingReason, today: dt.date) -> list[Decided]:
    """What is put off, at the bindery or kept by a decision, the newest first. A copy that stands on minutes after all
    is not among them."""
    return reader.all(DECIDED, reason=reason, today=today)


def call_back(library: Library, item_key: str, reason: WeedingReason, act: Act) -> CalledBack | Refused | NotFound:
    """End a decision today: the copy comes up again. What was decided, by whom and why, stays told with it (002
    م5-2)."""
    with library.store.write() as tx:
        copy = reads.find_copy(tx, item_key)
        if copy is None:
            return NotFound(Sought.ITEM, item_key)
        forbidden = library.forbids(act, Action.WEED)
        if forbidden:
            return Refused(forbidden)
        note = tx.one(HOLDING, item=copy.id, reason=reason, today=act.day)
        if note is None:
            return CalledBack(copy.id, reason, None, already=True)
        tx.update(CandidateNote, note, until=act.day)
        tx.record("candidate.called_back", act)
        return CalledBack(copy.id, reason, note.decision)


def last_note(reader: Reader, item_id: uuid.UUID, reason: WeedingReason) -> NotedBefore | None:
    """The newest decision about a copy for minutes of this reason."""
    return reader.one(LAST_NOTE, item=item_id, reason=reason)


def note_candidate(
    library: Library,
    item_key: str,
    reason: WeedingReason,
    decision: CandidateDecision,
    act: Act,
    remark: str | None = None,
    until: dt.date | None = None,
) -> Noted | Refused | NotFound:
    """Keep a decision about a candidate. The newest one of a copy and reason counts; proposing stays possible. Why a
    copy is kept or put off is written down: nobody's liking decides (002 م5-2).

    Where no day is named, «later» is in a season (002 م7-3), a copy sent to the bindery comes up again after the month
    that the bindery has (م13-7), and what stays stays for good.
    """
    with library.store.write() as tx:
        copy = reads.find_copy(tx, item_key)
        if copy is None:
            return NotFound(Sought.ITEM, item_key)
        until = until or until_of(library, decision, act.day)
        why = clean(remark, LONGEST_REMARK) if remark else ""
        refused = library.forbids(act, Action.WEED)
        if decision in GROUNDED and not why:
            refused = (*refused, Refusal("weeding.note_why", "5-2"))
        if until is not None and until <= act.day:
            refused = (*refused, Refusal("weeding.note_past", facts={"day": until}))
        if refused:
            return Refused(refused)
        note_id = tx.insert(
            CandidateNote, item_id=copy.id, reason=reason, decision=decision, remark=why or None, until=until,
            at=act.at, author_id=act.staff_id,
        )  # fmt: skip
        tx.record("candidate.noted", act)
        return Noted(note_id, copy.id, reason, decision, until)


def until_of(library: Library, decision: CandidateDecision, today: dt.date) -> dt.date | None:
    """The day from which a copy is a candidate again where none is named; None: for good."""
    terms = library.guideline.terms
    months = {
        CandidateDecision.LATER: terms.season_months,
        CandidateDecision.TO_BINDING: terms.binding_months,
    }
    return add_months(today, months[decision]) if decision in months else None
