"""What a reviewer weighs beside a row of minutes (002 م7-7): use by year, further copies here, in the county and in the
province, and whether a later edition is held. Counts only: nothing here tells who read."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.persian import jalali
from app.persian.text import compact
from app.weeding.minutes.reads import RowOnTheWay
from app.weeding.queries import SAME_CALENDAR, LoansInYear, NewerEdition
from app.weeding.reads import NOT_IN_THE_HOUSE
from db.codes import ItemStatus
from db.models.catalogue import Title
from db.models.circulation import Loan
from db.models.items import Item
from db.models.library import Branch
from db.reading import Reader

YEARS = 6
NO_KEY = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a library lies."""

    branch_id: uuid.UUID
    province: str
    county: str


@dataclass(frozen=True, slots=True)
class Use:
    """What is known of a title beside the copy in hand. `here`: further copies in the same library; `county` and
    `province`: copies in other libraries there, as far as the reviewer may see them."""

    years: tuple[LoansInYear, ...]
    here: int
    county: int
    province: int
    newer: NewerEdition | None


def use_of(reader: Reader, place: Place, rows: Sequence[RowOnTheWay], today: dt.date) -> Mapping[uuid.UUID, Use]:
    """By the id of the copy. One statement for each kind of fact, however many rows there are."""
    titles = {row.title_id for row in rows}
    years = _years(reader, {row.item_id for row in rows}, today)
    here = _here(reader, place, titles)
    elsewhere = _elsewhere(reader, place, titles)
    newer = _newer(reader, place, titles)
    return {
        row.item_id: Use(
            years[row.item_id], here[row.title_id] - _stays(row), *elsewhere.get(row.title_id, (0, 0)),
            newer.get(row.title_id),
        )
        for row in rows
    }  # fmt: skip


def _stays(row: RowOnTheWay) -> bool:
    """Whether the copy itself is counted among those of its library."""
    return row.status not in NOT_IN_THE_HOUSE


def _years(reader: Reader, items: Collection[uuid.UUID], today: dt.date) -> Mapping[uuid.UUID, tuple[LoansInYear, ...]]:
    last = jalali.year(today)
    first = last - YEARS + 1
    since = jalali.from_jalali(first, 1, 1)
    query = sa.select(Loan.item_id, Loan.out_on).where(
        Loan.item_id.in_(list(items)), Loan.out_on >= since, Loan.deleted_at.is_(None)
    )
    counted: defaultdict[uuid.UUID, Counter[int]] = defaultdict(Counter)
    for item_id, day in reader.connection.execute(query):
        counted[item_id][jalali.year(day)] += 1
    return {item: tuple(LoansInYear(year, counted[item][year]) for year in range(first, last + 1)) for item in items}


def _here(reader: Reader, place: Place, titles: Collection[uuid.UUID]) -> Counter[uuid.UUID]:
    """Copies that this library holds of each title; those on minutes are still on the shelf."""
    query = (
        sa.select(Item.title_id, sa.func.count())
        .where(Item.branch_id == place.branch_id, Item.title_id.in_(list(titles)), *_held(Item))
        .group_by(Item.title_id)
    )
    return Counter({title: int(copies) for title, copies in reader.connection.execute(query)})


def _elsewhere(reader: Reader, place: Place, titles: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[int, int]]:
    """Copies of the same work in other libraries of the county and of the province: records are the same where their
    match keys are (003 م5-2 تبصره ۱). Asked of the libraries of the province by name: their titles stand in an index by
    library and key, while one by key alone would lead to every library of the country."""
    near = _in_province(reader, place)
    this, other = aliased(Title), aliased(Title)
    query = (
        sa.select(this.id, other.branch_id, sa.func.count())
        .select_from(this)
        .join(other, sa.and_(other.match_key == this.match_key, other.branch_id.in_(near)))
        .join(Item, Item.title_id == other.id)
        .where(this.id.in_(list(titles)), this.match_key != NO_KEY, other.deleted_at.is_(None), *_held(Item))
        .group_by(this.id, other.branch_id)
    )
    found: defaultdict[uuid.UUID, list[int]] = defaultdict(lambda: [0, 0])
    for title, branch, copies in reader.connection.execute(query):
        found[title][1] += copies
        found[title][0] += copies if near[branch] else 0
    return {title: (county, province) for title, (county, province) in found.items()}


def _in_province(reader: Reader, place: Place) -> Mapping[uuid.UUID, bool]:
    """The other libraries of the province that the reader sees, and of each whether it is in the same county."""
    query = sa.select(Branch.id, Branch.province, Branch.county).where(Branch.id != place.branch_id)
    return {
        branch: compact(county) == compact(place.county)
        for branch, province, county in reader.connection.execute(query)
        if compact(province) == compact(place.province)
    }


def _newer(reader: Reader, place: Place, titles: Collection[uuid.UUID]) -> Mapping[uuid.UUID, NewerEdition]:
    """The latest later edition that stands in the same library (002 م4-2-ج)."""
    this, later = aliased(Title), aliased(Title)
    query = (
        sa.select(this.id, later.id, later.title, later.year, sa.func.min(Item.accession_no))
        .select_from(this)
        .join(later, sa.and_(later.work_key == this.work_key, later.branch_id == this.branch_id))
        .join(Item, sa.and_(Item.title_id == later.id, *_held(Item)))
        .where(
            this.id.in_(list(titles)), this.branch_id == place.branch_id, later.deleted_at.is_(None),
            this.work_key != NO_KEY, later.year > this.year, later.year < this.year + SAME_CALENDAR,
        )
        .group_by(this.id, later.id, later.title, later.year)
        .order_by(later.year)
    )  # fmt: skip
    return {row[0]: NewerEdition(row[1], row[2], row[3] or 0, row[4]) for row in reader.connection.execute(query)}


def _held(item: type[Item]) -> tuple[sa.ColumnElement[bool], ...]:
    return item.deleted_at.is_(None), item.status.not_in([ItemStatus(one) for one in sorted(NOT_IN_THE_HOUSE)])
