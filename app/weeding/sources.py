"""Where weeding candidates come from: whole sets by summary columns and indexes, instead of a question for each copy
(performance, finding 7)."""

from collections.abc import Collection
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.guideline.table import FIRST_GREGORIAN_YEAR, Hint
from app.library import HERE
from app.weeding import reads
from app.weeding.rules import WORN_CONDITIONS
from db.codes import ItemStatus
from db.models.catalogue import Title
from db.models.circulation import Loan
from db.models.items import Item, LocalUse
from db.types import Moment

Where: TypeAlias = "sa.ColumnElement[bool]"
Column: TypeAlias = "sa.SQLColumnExpression[Any]"

IDLE_SINCE, DEMAND_SINCE = (sa.bindparam(name, type_=sa.Date()) for name in ("idle_since", "demand_since"))
DEMAND_SINCE_AT = sa.bindparam("demand_since_at", type_=Moment())
COPIES_KEPT, LOANS_PER_COPY, JALALI_YEAR, GREGORIAN_YEAR = (
    sa.bindparam(name, type_=sa.Integer())
    for name in ("copies_kept", "loans_per_copy", "jalali_year", "gregorian_year")
)
VOLUME = sa.func.coalesce(Item.volume_no, "")
IS_GREGORIAN = Title.year >= FIRST_GREGORIAN_YEAR
IN_THE_HOUSE = tuple(Item.status != status for status in sorted(reads.NOT_IN_THE_HOUSE))
NOTHING: sa.ColumnElement[int | None] = sa.cast(sa.null(), sa.Integer())


def among(column: Column, codes: Collection[Any]) -> Where:
    """The column is one of these codes, spelt out: a frozen statement takes no list."""
    return sa.or_(*(column == code for code in sorted(codes)))


ON_SHELF = Item.status == ItemStatus.AVAILABLE
USED_SINCE = sa.exists(
    sa.select(LocalUse.id).where(LocalUse.item_id == Item.id, LocalUse.day > IDLE_SINCE, LocalUse.deleted_at.is_(None))
)
# Unused for so many years, use in the hall counted (002 م4-1-د). The first line is what the index is made for; the
# second is not implied by it: copies that came over from other programs can have loans older than their registration.
IDLE = (
    sa.func.coalesce(Item.last_loan_on, Item.accession_date) <= IDLE_SINCE,
    Item.accession_date <= IDLE_SINCE,
    ON_SHELF,
    sa.not_(USED_SINCE),
)
# In bad shape (002 م4-1-ج), also where the bindery has it, so that is seen why it is not weeded.
WORN = (sa.or_(ON_SHELF, Item.status == ItemStatus.IN_BINDING), among(Item.condition, WORN_CONDITIONS))


def surplus() -> sa.CTE:
    """Copies beyond the first `copies_kept` of their title and volume, and beyond what its loans ask for: one copy more
    for each `loans_per_copy` begun. Those with the largest numbers are the surplus ones.

    An outer join, though nothing is missing: it keeps SQLite from beginning with all copies.
    """
    many = (
        sa.select(Item.title_id)
        .where(Item.deleted_at.is_(None))
        .group_by(Item.title_id)
        .having(sa.func.count() > COPIES_KEPT)
        .subquery()
    )
    stays_here = sa.case((sa.and_(Item.on_minutes_id.is_(None), *IN_THE_HOUSE), 1), else_=0).label("stays")
    copies = (
        sa.select(Item.id, Item.title_id, VOLUME.label("volume"), Item.copy_no, Item.accession_no, stays_here)
        .select_from(many)
        .outerjoin(Item, sa.and_(Item.title_id == many.c.title_id, Item.deleted_at.is_(None)))
        .cte("copies")
        .prefix_with("MATERIALIZED")
    )
    lent = _lent_lately(copies)
    volume = (copies.c.title_id, copies.c.volume)
    stays, in_order = copies.c.stays, (copies.c.copy_no, copies.c.accession_no)
    ranked = (
        sa.select(
            copies.c.id,
            (sa.func.sum(stays).over(partition_by=volume, order_by=in_order, rows=(None, 0)) - stays).label("older"),
            (sa.func.sum(stays).over(partition_by=volume) - stays).label("others"),
            sa.func.coalesce(sa.func.sum(lent.c.loans).over(partition_by=volume), 0).label("demand"),
        )
        .select_from(sa.outerjoin(copies, lent, lent.c.item_id == copies.c.id))
        .subquery()
    )
    return (
        sa.select(ranked.c.id, ranked.c.older, ranked.c.others, ranked.c.demand)
        .where(ranked.c.older >= COPIES_KEPT, ranked.c.older * LOANS_PER_COPY >= ranked.c.demand)
        .cte("found")
        .prefix_with("MATERIALIZED")
    )


def _lent_lately(copies: sa.CTE) -> sa.Subquery:
    """How often each of these copies was lent within the years that count, from the loans of those years in the order
    in which they happened: years before them cost nothing. Spelt so that the loans of each copy are not looked up."""
    copy = sa.func.coalesce(Loan.item_id, Loan.item_id)
    return (
        sa.select(copy.label("item_id"), sa.func.count().label("loans"))
        .where(
            Loan.out_at >= DEMAND_SINCE_AT,
            Loan.out_on > DEMAND_SINCE,
            Loan.deleted_at.is_(None),
            copy.in_(sa.select(copies.c.id)),
        )
        .group_by(copy)
        .subquery()
    )


def outdated(fast: tuple[Hint, ...]) -> sa.CTE:
    """Titles of which a copy may be outdated, as `is_outdated` asks of each: `newer` is the year of a later edition
    that stands here, `aged` that the record's class ages fast and the work is too old for it."""
    superseded = _superseded()
    nothing_newer = NOTHING.label("newer")
    is_aged, is_not = (sa.literal_column(code, sa.Integer()).label("aged") for code in ("1", "0"))
    parts: list[sa.Select[*tuple[Any, ...]]] = [sa.select(superseded.c.id, superseded.c.year.label("newer"), is_not)]
    if fast:
        old = sa.or_(*(aged(hint, Title.dewey) for hint in fast))
        parts += [
            sa.select(Title.id, nothing_newer, is_aged).where(old, Title.deleted_at.is_(None)),
            sa.select(Item.title_id, nothing_newer, is_not).where(
                Item.local_class.is_not(None), Item.deleted_at.is_(None)
            ),
        ]
    every = sa.union_all(*parts).subquery()
    return (
        sa.select(every.c.id, sa.func.max(every.c.newer).label("newer"), sa.func.max(every.c.aged).label("aged"))
        .group_by(every.c.id)
        .cte("found")
        .prefix_with("MATERIALIZED")
    )


def is_outdated(titles: sa.CTE, fast: tuple[Hint, ...]) -> Where:
    """A copy of these titles is: by a later edition, by the class of its record, or by its own where it has one."""
    own = (
        sa.select(Item.id)
        .join(Title, Title.id == Item.title_id)
        .where(
            Item.local_class.is_not(None),
            Item.deleted_at.is_(None),
            sa.or_(sa.false(), *(aged(hint, Item.local_class) for hint in fast)),
        )
        .correlate(None)
    )
    return sa.or_(
        titles.c.newer.is_not(None),
        sa.and_(Item.local_class.is_(None), titles.c.aged == 1),
        sa.and_(Item.local_class.is_not(None), Item.id.in_(own)),
    )


def _superseded() -> sa.CTE:
    """Titles of works of which a later edition stands here, with the year of the latest."""
    several = (
        sa.select(Title.work_key)
        .where(Title.branch_id == HERE, Title.deleted_at.is_(None))
        .group_by(Title.work_key)
        .having(sa.func.count() > 1)
        .subquery()
    )
    editions = (
        sa.select(Title.id, Title.work_key, IS_GREGORIAN.label("gregorian"), Title.year)
        .select_from(several)
        .outerjoin(
            Title, sa.and_(Title.branch_id == HERE, Title.work_key == several.c.work_key, Title.deleted_at.is_(None))
        )
        .cte("editions")
        .prefix_with("MATERIALIZED")
    )
    stands = sa.exists(
        sa.select(Item.id).where(Item.title_id == editions.c.id, Item.deleted_at.is_(None), *IN_THE_HOUSE)
    )
    work = (editions.c.work_key, editions.c.gregorian)
    newest = sa.select(*work, sa.func.max(editions.c.year).label("year")).where(stands).group_by(*work).subquery()
    return (
        sa.select(editions.c.id, newest.c.year)
        .join(newest, sa.and_(newest.c.work_key == work[0], newest.c.gregorian == work[1]))
        .where(newest.c.year > editions.c.year)
        .cte("superseded")
        .prefix_with("MATERIALIZED")
    )


def aged(hint: Hint, class_no: Column) -> Where:
    """A work of a class that ages fast, older than its years."""
    years = hint.years or 0
    meant = [
        sa.or_(
            sa.and_(Title.year < FIRST_GREGORIAN_YEAR, Title.year <= JALALI_YEAR - years),
            sa.and_(Title.year >= FIRST_GREGORIAN_YEAR, Title.year <= GREGORIAN_YEAR - years),
        )
    ]
    if hint.materials:
        meant.append(among(Title.material, hint.materials))
    if hint.classes:
        meant.append(_begins(class_no, hint.classes))
    if hint.without:
        meant.append(sa.not_(_begins(class_no, hint.without)))
    return sa.and_(*meant)


def _begins(class_no: Column, beginnings: tuple[str, ...]) -> Where:
    return sa.or_(*(sa.func.substr(class_no, 1, len(text)) == text for text in beginnings))
