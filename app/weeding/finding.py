"""The worklist of a reason as one statement: every candidate with what speaks for and against it. What it says of a
copy equals the rules, which a test asks copy by copy."""

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.guideline.table import Hint
from app.library import HERE
from app.weeding import reads
from app.weeding.rules import KEPT_FLAGS, NEVER_WEEDED
from app.weeding.sources import IDLE, NOTHING, WORN, Where, among, is_outdated, outdated, surplus
from db.codes import (
    CandidateDecision,
    Condition,
    HoldState,
    ItemFlag,
    ItemStatus,
    Material,
    MinutesState,
    WeedingReason,
)
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Hold
from db.models.collection import BindingRow, CandidateNote, Minutes
from db.models.items import Item, LocalUse

TODAY = sa.bindparam("today", type_=sa.Date())
LIMIT, OFFSET = (sa.bindparam(name, type_=sa.BigInteger()) for name in ("limit", "offset"))


@dataclass(frozen=True, slots=True)
class Found:
    """A copy as the worklist statement finds it. `others` are those of its printing that stay in the house; `older` and
    `demand` are told of surplus copies, `newer` is the year of a later edition, `in_binding` is told of worn ones."""

    id: uuid.UUID
    title_id: uuid.UUID
    title: str
    main_creator: str | None
    year: int | None
    accession_no: int
    accession_date: dt.date
    barcode: str
    volume_no: str | None
    copy_no: int
    class_no: str | None
    material: Material
    shelf_key: str
    status: ItemStatus
    condition: Condition
    flags: list[str]
    permit_no: str | None
    permit_on: dt.date | None
    kept_for_reader: bool
    loan_count: int
    last_loan_on: dt.date | None
    last_in_hall: dt.date | None
    listed: bool
    others: int
    older: int | None
    demand: int | None
    newer: int | None
    in_binding: bool
    decision: CandidateDecision | None
    exempt: bool


def flagged(flag: ItemFlag) -> Where:
    """The copy bears this mark."""
    return sa.cast(Item.flags, sa.Text()).contains(f'"{flag.value}"')


# What speaks against a copy, in the words of the rules (002 م4-2 تبصره، م5-1).
MARKED = sa.cast(Item.flags, sa.Text()) != "[]"  # most are not: the marks themselves are then not looked for
VALUED = sa.and_(MARKED, sa.or_(*(flagged(flag) for flag in sorted(KEPT_FLAGS | {ItemFlag.CORE}))))
KEPT_FOR_READER = Item.id.in_(
    sa.select(Hold.item_id).where(
        sa.text(f"hold.state = '{HoldState.WAITING}'"), Hold.item_id.is_not(None), Hold.deleted_at.is_(None)
    )
)
FORBIDDEN = sa.or_(
    Item.title_id.in_(sa.select(Title.id).where(among(Title.material, NEVER_WEEDED), Title.deleted_at.is_(None))),
    sa.and_(
        MARKED,
        flagged(ItemFlag.CULTURAL_PACKAGE),
        sa.or_(sa.func.coalesce(Item.permit_no, "") == "", Item.permit_on.is_(None), Item.permit_on > TODAY),
    ),
    KEPT_FOR_READER,
)
OTHERS = sa.select(sa.func.count()).where(*reads.SAME_TITLE, reads.OTHER.id != Item.id).scalar_subquery()
IN_BINDING = sa.or_(
    Item.status == ItemStatus.IN_BINDING,
    sa.exists(
        sa.select(BindingRow.id).where(
            BindingRow.item_id == Item.id, BindingRow.received_on.is_(None), BindingRow.deleted_at.is_(None)
        )
    ),
)
# Spelt so that no index offers itself that leads through the whole library: the copies are found already.
FOUND_ON_SHELF = (
    sa.func.coalesce(Item.branch_id, Item.branch_id) == HERE,
    sa.func.coalesce(Item.status, "") == ItemStatus.AVAILABLE.value,
    Item.deleted_at.is_(None),
)
LAST_IN_HALL = (
    sa.select(sa.func.max(LocalUse.day))
    .where(LocalUse.item_id == Item.id, LocalUse.deleted_at.is_(None))
    .scalar_subquery()
)


@cache
def worklist(reason: WeedingReason, fast: tuple[Hint, ...]) -> Frozen[Found]:
    """The candidates of a reason in the order of the shelf, the exempt ones last. `fast`: the hints of what ages fast.

    The place on the list is found from the copies alone; what is shown of them is read for the page that is wanted.
    The statement lives as long as the program, as a frozen one must.
    """
    judged = _judged(reason, fast)
    columns = judged.selected_columns
    place = (columns["exempt"], columns["shelf_key"], columns["accession_no"])
    page = judged.order_by(*place).limit(LIMIT).offset(OFFSET).cte("page").prefix_with("MATERIALIZED")
    in_binding = IN_BINDING if reason is WeedingReason.WORN else sa.false()
    return Frozen(
        sa.select(
            Item.id, Item.title_id, Title.title, Title.main_creator, Title.year, Item.accession_no, Item.accession_date,
            Item.barcode, Item.volume_no, Item.copy_no, sa.func.coalesce(Item.local_class, Title.dewey),
            Title.material, Item.shelf_key, Item.status, Item.condition, Item.flags, Item.permit_no, Item.permit_on,
            KEPT_FOR_READER, Item.loan_count,
            Item.last_loan_on, LAST_IN_HALL, Item.on_minutes_id.is_not(None), page.c.others, page.c.older,
            page.c.demand, page.c.newer, in_binding, page.c.decision, page.c.exempt,
        )
        .select_from(page)
        .join(Item, Item.id == page.c.id)
        .join(Title, Title.id == Item.title_id)
        .order_by(page.c.exempt, page.c.shelf_key, page.c.accession_no),
        Found,
    )  # fmt: skip


@cache
def counted(reason: WeedingReason, fast: tuple[Hint, ...]) -> Frozen[int]:
    """How many candidates of a reason are neither exempt nor listed."""
    judged = _judged(reason, fast).subquery()
    return Frozen(
        sa.select(sa.func.count()).select_from(judged).where(sa.not_(judged.c.exempt), sa.not_(judged.c.listed)), int
    )


def _judged(reason: WeedingReason, fast: tuple[Hint, ...]) -> sa.Select[Any]:
    """Which copies are candidates, and whether an exemption keeps them. Inside the columns, outside what they mean
    together: so each is looked up once."""
    copy = _copies(reason, fast).c
    kept = sa.or_(copy.valued, copy.others == 0)
    if reason is WeedingReason.WORN:
        kept = sa.or_(copy.in_binding, sa.and_(kept, copy.condition != Condition.UNBINDABLE))
    return sa.select(
        copy.id, copy.shelf_key, copy.accession_no, copy.listed, copy.others, copy.older, copy.demand, copy.newer,
        copy.decision, sa.or_(copy.forbidden, kept).label("exempt"),
    )  # fmt: skip


def _copies(reason: WeedingReason, fast: tuple[Hint, ...]) -> sa.Subquery:
    others: sa.ColumnElement[Any] = OTHERS
    older, demand, newer = NOTHING, NOTHING, NOTHING
    in_binding: Where = sa.false()
    source: Any = Item
    where: tuple[Where, ...] = (*reads.OURS, *(WORN if reason is WeedingReason.WORN else IDLE))
    if reason is WeedingReason.WORN:
        in_binding = IN_BINDING
    elif reason is WeedingReason.DUPLICATE:
        found = surplus()
        others, older, demand = found.c.others, found.c.older, found.c.demand
        source, where = sa.join(found, Item, Item.id == found.c.id), FOUND_ON_SHELF
    elif reason is WeedingReason.CONTENT:
        found = outdated(fast)
        newer = found.c.newer
        source = sa.join(found, Item, Item.title_id == found.c.id)
        where = (*FOUND_ON_SHELF, is_outdated(found, fast))
    note = _newest_note(reason)
    hidden = sa.and_(note.c.item_id.is_not(None), sa.or_(note.c.until.is_(None), note.c.until > TODAY))
    waiting = sa.and_(Item.on_minutes_id.is_(None), sa.not_(hidden))
    return (
        sa.select(
            Item.id, Item.shelf_key, Item.accession_no, Item.condition, others.label("others"), older.label("older"),
            demand.label("demand"), newer.label("newer"), in_binding.label("in_binding"), note.c.decision,
            FORBIDDEN.label("forbidden"), VALUED.label("valued"), Item.on_minutes_id.is_not(None).label("listed"),
        )
        .select_from(sa.outerjoin(source, note, note.c.item_id == Item.id))
        .where(*where, sa.or_(Item.on_minutes_id == _draft(reason), waiting))
        .subquery()
    )  # fmt: skip


def _draft(reason: WeedingReason) -> sa.ScalarSelect[uuid.UUID]:
    return (
        sa.select(Minutes.id)
        .where(
            Minutes.branch_id == HERE,
            Minutes.reason == reason,
            Minutes.state == MinutesState.DRAFT,
            Minutes.deleted_at.is_(None),
        )
        .scalar_subquery()
    )


def _newest_note(reason: WeedingReason) -> sa.Subquery:
    """The last decision about each copy for this reason."""
    place = sa.func.row_number().over(
        partition_by=CandidateNote.item_id, order_by=(CandidateNote.at.desc(), CandidateNote.id.desc())
    )
    every = (
        sa.select(CandidateNote.item_id, CandidateNote.decision, CandidateNote.until, place.label("place"))
        .where(CandidateNote.branch_id == HERE, CandidateNote.reason == reason, CandidateNote.deleted_at.is_(None))
        .subquery()
    )
    return sa.select(every.c.item_id, every.c.decision, every.c.until).where(every.c.place == 1).subquery()
