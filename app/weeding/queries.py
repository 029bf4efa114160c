"""What the weeding page reads: the standing of the four minutes, the archive, and the facts of one copy."""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from app.library import HERE
from app.persian import jalali
from app.weeding import reads
from app.weeding.facts import CopyFacts, Proposal
from db.codes import MinutesState, WeedingReason
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Loan
from db.models.collection import Minutes, MinutesRow
from db.models.items import Item
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class ArchivedMinutes:
    """Finalised minutes; `copies` counts the rows that stand."""

    id: uuid.UUID
    reason: WeedingReason
    state: MinutesState
    year: int
    number: int
    revision: int
    finalised_on: dt.date
    copies: int
    document_id: uuid.UUID
    sheet_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class LoansInYear:
    """How often a copy was lent in a Jalali year."""

    year: int
    loans: int


@dataclass(frozen=True, slots=True)
class NewerEdition:
    """A later edition of the same work that stands in the library (002 م4-2-ج)."""

    title_id: uuid.UUID
    title: str
    year: int
    accession_no: int


@dataclass(frozen=True, slots=True)
class Replacement:
    """What takes the place of a work; `accession_no` is that of its first copy that stands in the library."""

    title_id: uuid.UUID
    title: str
    main_creator: str | None
    year: int | None
    accession_no: int | None


OURS = (Minutes.branch_id == HERE, Minutes.deleted_at.is_(None))
STANDING_ROW = (MinutesRow.struck_at.is_(None), MinutesRow.deleted_at.is_(None))
DRAFTED = Frozen(
    sa.select(Minutes.reason, sa.func.count(MinutesRow.id))
    .join(MinutesRow, sa.and_(MinutesRow.minutes_id == Minutes.id, *STANDING_ROW))
    .where(*OURS, Minutes.state == MinutesState.DRAFT)
    .group_by(Minutes.reason),
    lambda reason, copies: (reason, copies),
)
ARCHIVE = Frozen(
    sa.select(
        Minutes.id, Minutes.reason, Minutes.state, Minutes.year, Minutes.number, Minutes.revision,
        Minutes.finalised_on,
        sa.select(sa.func.count())
        .select_from(MinutesRow)
        .where(MinutesRow.minutes_id == Minutes.id, *STANDING_ROW)
        .scalar_subquery(),
        Minutes.document_id, Minutes.sheet_id,
    )
    .where(*OURS, Minutes.number.is_not(None), Minutes.document_id.is_not(None), Minutes.sheet_id.is_not(None))
    .order_by(Minutes.year.desc(), Minutes.number.desc(), Minutes.revision.desc()),
    ArchivedMinutes,
)  # fmt: skip
PROPOSAL = Frozen(
    sa.select(
        MinutesRow.criterion, MinutesRow.article, MinutesRow.unbindable, MinutesRow.permit_no, MinutesRow.permit_on,
        MinutesRow.replaced_by, MinutesRow.remark,
    ).where(MinutesRow.id == sa.bindparam("row")),
    lambda reason, *rest: Proposal(WeedingReason(reason), *rest),
)  # fmt: skip
LENT_ON = Frozen(
    sa.select(Loan.out_on).where(
        Loan.item_id == sa.bindparam("item"),
        Loan.out_on >= sa.bindparam("since", type_=sa.Date()),
        Loan.deleted_at.is_(None),
    ),
    lambda day: day,
)
SAME_CALENDAR = 300  # years as printed are Jalali or Gregorian, 621 apart
THIS = sa.select(Title.work_key, Title.year).where(Title.id == sa.bindparam("title")).cte("this")
LATER = (Title.work_key == THIS.c.work_key, Title.year > THIS.c.year, Title.year < THIS.c.year + SAME_CALENDAR)
NEWER = Frozen(
    sa.select(Title.id, Title.title, Title.year, sa.func.min(Item.accession_no))
    .join(THIS, sa.and_(*LATER))
    .join(Item, sa.and_(Item.title_id == Title.id, *reads.IN_THE_HOUSE))
    .where(Title.branch_id == HERE, Title.deleted_at.is_(None))
    .group_by(Title.id, Title.title, Title.year)
    .order_by(Title.year.desc())
    .limit(1),
    NewerEdition,
)  # fmt: skip

REPLACEMENT = Frozen(
    sa.select(
        Title.id, Title.title, Title.main_creator, Title.year,
        sa.select(sa.func.min(Item.accession_no))
        .where(Item.title_id == Title.id, *reads.IN_THE_HOUSE)
        .scalar_subquery(),
    ).where(Title.id == sa.bindparam("title"), Title.deleted_at.is_(None)),
    Replacement,
)  # fmt: skip


def archive(reader: Reader) -> list[ArchivedMinutes]:
    """Every finalised minutes of this library, the newest first."""
    return reader.all(ARCHIVE)


def copy_facts(reader: Reader, item_id: uuid.UUID) -> CopyFacts | None:
    """A copy as the weeding rules see it."""
    return reader.one(reads.COPY_BY_ID, key=item_id)


def proposal_of(reader: Reader, row_id: uuid.UUID) -> Proposal | None:
    """What was stated when a copy was put on minutes."""
    return reader.one(PROPOSAL, row=row_id)


def loans_by_year(reader: Reader, item_id: uuid.UUID, today: dt.date, years: int) -> tuple[LoansInYear, ...]:
    """How often a copy was lent in each of the last `years` Jalali years, the oldest first, empty years included."""
    this_year = jalali.year(today)
    first = this_year - years + 1
    days = reader.all(LENT_ON, item=item_id, since=jalali.from_jalali(first, 1, 1))
    counted = Counter(jalali.year(day) for day in days)
    return tuple(LoansInYear(year, counted[year]) for year in range(first, this_year + 1))


def newer_edition(reader: Reader, title_id: uuid.UUID) -> NewerEdition | None:
    """The latest edition of the same work, if a copy of it stands in the library."""
    return reader.one(NEWER, title=title_id)


def replacement(reader: Reader, title_id: uuid.UUID) -> Replacement | None:
    """A title that is named as what takes the place of another (002 م4-2-د)."""
    return reader.one(REPLACEMENT, title=title_id)
