"""What stands beside a copy: its neighbours on the shelf, the other copies of its title, and how many its loans ask for
(002 م5-3، م5-4)."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.library import HERE, Library
from app.weeding.candidates import years_before
from app.weeding.reads import NOT_IN_THE_HOUSE
from db.codes import WEEDED, Condition, ItemStatus
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Loan
from db.models.items import Item
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class ShelfCopy:
    """A copy beside another, on the shelf or of the same title."""

    item_id: uuid.UUID
    title_id: uuid.UUID
    title: str
    main_creator: str | None
    year: int | None
    accession_no: int
    barcode: str
    volume_no: str | None
    copy_no: int
    class_no: str | None
    status: ItemStatus
    condition: Condition
    last_loan_on: dt.date | None
    loan_count: int


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What stands on the shelf before and after a copy, in the order of the shelf."""

    before: tuple[ShelfCopy, ...]
    after: tuple[ShelfCopy, ...]


@dataclass(frozen=True, slots=True)
class SuggestedCopies:
    """How many copies of a title and volume its loans ask for, beside how many stay in the library now; `recent_loans`
    is what it was reckoned from: the loans of all its copies within the guideline's `demand_years`."""

    needed: int
    have: int
    recent_loans: int


THIS = aliased(Item)
BESIDE = (
    sa.select(
        Item.id, Item.title_id, Title.title, Title.main_creator, Title.year, Item.accession_no, Item.barcode,
        Item.volume_no, Item.copy_no, sa.func.coalesce(Item.local_class, Title.dewey), Item.status, Item.condition,
        Item.last_loan_on, Item.loan_count,
    )
    .join(Title, Title.id == Item.title_id)
    .join(THIS, THIS.id == sa.bindparam("item"))
    .where(Item.branch_id == HERE, Item.deleted_at.is_(None))
)  # fmt: skip
ON_SHELF = (
    Item.section == THIS.section,
    *(Item.status != status for status in sorted(NOT_IN_THE_HOUSE)),
)
SAME_KEY = Item.shelf_key == THIS.shelf_key
EACH = sa.func.coalesce(sa.bindparam("each", type_=sa.Integer()), 0)
BEFORE = Frozen(
    BESIDE.where(
        *ON_SHELF,
        Item.shelf_key <= THIS.shelf_key,
        sa.or_(sa.not_(SAME_KEY), Item.accession_no < THIS.accession_no),
    )
    .order_by(Item.shelf_key.desc(), Item.accession_no.desc())
    .limit(EACH),
    ShelfCopy,
)
AFTER = Frozen(
    BESIDE.where(
        *ON_SHELF,
        Item.shelf_key >= THIS.shelf_key,
        sa.or_(sa.not_(SAME_KEY), Item.accession_no > THIS.accession_no),
    )
    .order_by(Item.shelf_key, Item.accession_no)
    .limit(EACH),
    ShelfCopy,
)
SAME_VOLUME = (
    Item.title_id == THIS.title_id,
    sa.func.coalesce(Item.volume_no, "") == sa.func.coalesce(THIS.volume_no, ""),
)
OTHERS = Frozen(
    BESIDE.where(*SAME_VOLUME, Item.id != THIS.id, *(Item.status != status for status in sorted(WEEDED))).order_by(
        Item.accession_no
    ),
    ShelfCopy,
)
STAYING = Frozen(
    sa.select(sa.func.count())
    .select_from(Item)
    .join(THIS, THIS.id == sa.bindparam("item"))
    .where(
        *SAME_VOLUME,
        Item.deleted_at.is_(None),
        Item.on_minutes_id.is_(None),
        *(Item.status != status for status in sorted(NOT_IN_THE_HOUSE)),
    ),
    int,
)
RECENT = Frozen(
    sa.select(sa.func.count())
    .select_from(Item)
    .join(THIS, THIS.id == sa.bindparam("item"))
    .join(Loan, Loan.item_id == Item.id)
    .where(
        *SAME_VOLUME,
        Item.deleted_at.is_(None),
        Loan.out_on > sa.bindparam("since", type_=sa.Date()),
        Loan.deleted_at.is_(None),
    ),
    int,
)


def neighbours(reader: Reader, item_id: uuid.UUID, each: int = 3) -> Neighbours:
    """The copies that stand `each` places before and after this one on its shelf."""
    before = reader.all(BEFORE, item=item_id, each=each)
    return Neighbours(tuple(reversed(before)), tuple(reader.all(AFTER, item=item_id, each=each)))


def other_copies(reader: Reader, item_id: uuid.UUID) -> tuple[ShelfCopy, ...]:
    """The other copies of the same title and volume but weeded ones, the oldest first."""
    return tuple(reader.all(OTHERS, item=item_id))


def suggested_copies(library: Library, reader: Reader, item_id: uuid.UUID, today: dt.date) -> SuggestedCopies:
    """How many copies of the title of this one are needed, by its loans. The decision is the librarian's."""
    figures = library.guideline.thresholds
    loans = reader.one(RECENT, item=item_id, since=years_before(today, figures.demand_years)) or 0
    return SuggestedCopies(figures.copies_needed(loans), reader.one(STAYING, item=item_id) or 0, loans)
