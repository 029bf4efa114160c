"""What screens read of copies: frozen rows."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.catalogue.call_number import shelf_key
from app.items.writing import AGE_BANDS, PREFIXES
from app.library import HERE
from app.persian.digits import typed
from db.codes import ItemStatus, Material
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Loan
from db.models.items import Item
from db.models.members import Member
from db.reading import Reader

BEHIND_ALL = "\x7f"  # shelf keys are ASCII
MOST_DIGITS = 18  # of an accession number: what a column of 64 bits holds


@dataclass(frozen=True, slots=True)
class FoundCopy:
    """A copy found by its label or number, with its title; `member_id` and `due_on` while somebody has it."""

    item_id: uuid.UUID
    title_id: uuid.UUID
    title: str
    volume_no: str | None
    accession_no: int
    barcode: str
    status: ItemStatus
    due_on: dt.date | None
    member_id: uuid.UUID | None
    given_name: str | None
    family_name: str | None

    @property
    def reader_name(self) -> str:
        """Who has it; "" when nobody has."""
        return f"{self.given_name} {self.family_name}" if self.family_name else ""


@dataclass(frozen=True, slots=True)
class CopyLine:
    """A copy in the list under its title; `due_on` while it is lent."""

    id: uuid.UUID
    accession_no: int
    barcode: str
    call_number: str | None
    volume_no: str | None
    copy_no: int
    section: str
    status: ItemStatus
    loan_count: int
    last_loan_on: dt.date | None
    due_on: dt.date | None


OPEN_LOAN = sa.and_(
    Loan.item_id == Item.id, Loan.in_at.is_(None), Loan.presumed_in_at.is_(None), Loan.deleted_at.is_(None)
)
FOUND = (
    sa.select(
        Item.id, Title.id, Title.title, Item.volume_no, Item.accession_no, Item.barcode, Item.status, Loan.due_on,
        Member.id, Member.given_name, Member.family_name,
    )
    .join(Title, Title.id == Item.title_id)
    .outerjoin(Loan, OPEN_LOAN)
    .outerjoin(Member, Member.id == Loan.member_id)
    .where(Item.branch_id == HERE, Item.deleted_at.is_(None))
)  # fmt: skip
BY_BARCODE = Frozen(FOUND.where(Item.barcode == sa.bindparam("key")), FoundCopy)
BY_ACCESSION = Frozen(FOUND.where(Item.accession_no == sa.bindparam("key")), FoundCopy)
COPY_LINES = Frozen(
    sa.select(
        Item.id, Item.accession_no, Item.barcode, Item.call_number, Item.volume_no, Item.copy_no, Item.section,
        Item.status, Item.loan_count, Item.last_loan_on, Loan.due_on,
    )
    .outerjoin(Loan, OPEN_LOAN)
    .where(Item.title_id == sa.bindparam("title"), Item.deleted_at.is_(None))
    .order_by(Item.volume_no, Item.copy_no, Item.accession_no),
    CopyLine,
)  # fmt: skip
ON_SHELF = Frozen(
    sa.select(Title.main_creator, Title.title, Title.author_mark)
    .distinct()
    .join(Item, Item.title_id == Title.id)
    .where(
        Item.branch_id == HERE,
        Item.shelf_key >= sa.bindparam("start"),
        Item.shelf_key < sa.bindparam("end"),
        Item.deleted_at.is_(None),
        Title.author_mark.is_not(None),
    ),
    lambda creator, title, mark: (creator or title, mark),
)
LOAN_DAYS = Frozen(
    sa.select(Loan.out_on)
    .join(Item, Item.id == Loan.item_id)
    .where(Item.title_id == sa.bindparam("title"), Item.deleted_at.is_(None), Loan.deleted_at.is_(None)),
    lambda day: day,
)


def find_copy(reader: Reader, key: str) -> FoundCopy | None:
    """A copy of this library by barcode, else by accession number, in digits of any script."""
    key = typed(key)
    found = reader.one(BY_BARCODE, key=key)
    if found is None and key.isascii() and key.isdigit() and len(key) <= MOST_DIGITS:
        found = reader.one(BY_ACCESSION, key=int(key))
    return found


def copy_lines(reader: Reader, title_id: uuid.UUID) -> list[CopyLine]:
    """The copies of a title in order of volume and number."""
    return reader.all(COPY_LINES, title=title_id)


def loan_days(reader: Reader, title_id: uuid.UUID) -> list[dt.date]:
    """The days on which copies of the title were lent, in no order."""
    return reader.all(LOAN_DAYS, title=title_id)


def marks_on_shelf(reader: Reader, class_no: str, material: Material, age_group: str | None) -> list[tuple[str, str]]:
    """Main entry and author mark of the titles that stand in a class of this library, to find a mark that is free."""
    band = AGE_BANDS.get(age_group or "") if material is Material.CHILD_BOOK else None
    start = f"{shelf_key(class_no, '', PREFIXES.get(material, ''), band=band)} "
    return reader.all(ON_SHELF, start=start, end=f"{start}{BEHIND_ALL}")
