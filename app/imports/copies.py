"""The copies of a record of a file: registered with their numbers and how they stood in the other program, or told why
not (002 م8-3 … م8-6)."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from app.catalogue.importing.record import BookRecord, CopyFacts
from app.catalogue.importing.statuses import register_number
from app.imports.state import Counts
from app.items.form import ItemForm, is_barcode
from app.items.status import CAME_BY_IMPORT
from app.items.writing import ShelvedTitle, register_item
from app.library import HERE
from app.persian.digits import to_latin, typed
from app.persian.text import clean
from app.refusal import Refusal
from db.act import Act
from db.codes import WEEDED, ItemStatus, Source
from db.frozen import Frozen
from db.models.items import Item, ItemStatusChange
from db.reading import Reader
from db.writing import Tx

STORED = "import.stored"
CHANGES_OF_A_COPY = 2
MOST_COPY_DIGITS = 4
LONGEST_REMARK = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """A copy that has one of the numbers already; `deleted`: it was taken out of the register, its number was not."""

    title_id: uuid.UUID
    accession_no: int
    barcode: str
    deleted: bool


@dataclass(frozen=True, slots=True)
class CopyRefused:
    """A copy of the file that was not registered, and why."""

    copy: CopyFacts
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Origin:
    """What holds for every copy of a file. `prefix` is that of barcodes of the branch; `may_weed`: who takes it in may
    finalise minutes too."""

    file: str
    source: Source
    prefix: str
    act: Act
    may_weed: bool


FOUND = sa.select(Item.title_id, Item.accession_no, Item.barcode, Item.deleted_at.is_not(None)).where(
    Item.branch_id == HERE
)
BY_BARCODE = Frozen(FOUND.where(Item.barcode == sa.bindparam("key"), Item.deleted_at.is_(None)), Standing)
BY_NUMBER = Frozen(FOUND.where(Item.accession_no == sa.bindparam("key", type_=sa.BigInteger())), Standing)


def named_copies(record: BookRecord) -> list[CopyFacts]:
    """The copies that a file names by a number that can stand here."""
    return [copy for copy in record.copies if barcode_of(copy) or register_number(copy)]


def barcode_of(copy: CopyFacts) -> str | None:
    """The barcode of the file, if it can be printed and read again."""
    return to_latin(copy.barcode) if copy.barcode and is_barcode(copy.barcode) else None


def take_copy(tx: Tx, title: ShelvedTitle, copy: CopyFacts, record: BookRecord, origin: Origin) -> Counts | CopyRefused:
    """Register a copy with the numbers, the day and the status of the file; one that is here already stays as it is."""
    taken = tuple(_standing(tx, copy))
    if any(_is_same(found, copy, title) for found in taken):
        return Counts(copies_known=1)
    if taken:
        return CopyRefused(copy, _number_taken(taken[0], copy))
    status = status_here(copy)
    if status in WEEDED and not origin.may_weed:
        return CopyRefused(copy, Refusal("import.weeded", "8-1", facts={"status": copy.said}))
    day = copy.accession_date if copy.accession_date and copy.accession_date <= origin.act.day else None
    tx.make_room(STORED, origin.act, CHANGES_OF_A_COPY)
    form = ItemForm(
        barcode=barcode_of(copy), accession_no=register_number(copy), accession_date=day,
        copy_no=_copy_no(copy), volume_no=copy.volume_no, price=record.price, source=origin.source, note=_note(copy),
    )  # fmt: skip
    registered = register_item(tx, title, form, origin.act.day, origin.prefix, status=status)
    if status is not ItemStatus.AVAILABLE:
        tx.insert(
            ItemStatusChange, item_id=registered.item_id, at=origin.act.at, was=None, became=status,
            why=CAME_BY_IMPORT, remark=clean(f"{copy.said or ''} ({origin.file})", LONGEST_REMARK),
        )  # fmt: skip
    return Counts(
        copies=1, weeded=int(status in WEEDED), missing=int(status is ItemStatus.MISSING),
        lent=int(copy.status is ItemStatus.ON_LOAN),
    )  # fmt: skip


def status_here(copy: CopyFacts) -> ItemStatus:
    """How a copy of the file stands here: one that is lent there is not on the shelf, and its loan is not in the file.
    Its first return makes it available."""
    return ItemStatus.UNKNOWN if copy.status is ItemStatus.ON_LOAN else copy.status


def _standing(reader: Reader, copy: CopyFacts) -> Iterator[Standing]:
    barcode, number = barcode_of(copy), register_number(copy)
    found = (
        reader.one(BY_BARCODE, key=barcode) if barcode else None,
        reader.one(BY_NUMBER, key=number) if number else None,
    )
    yield from (one for one in found if one is not None)


def _is_same(found: Standing, copy: CopyFacts, title: ShelvedTitle) -> bool:
    """Whether a copy of the register is that of the file: of this title, or with both its numbers."""
    both = found.barcode == barcode_of(copy) and found.accession_no == register_number(copy)
    return not found.deleted and (both or found.title_id == title.id)


def _number_taken(found: Standing, copy: CopyFacts) -> Refusal:
    if found.accession_no == register_number(copy):
        return Refusal("import.number_taken", "8-2", facts={"number": found.accession_no})
    return Refusal("item.barcode_taken", facts={"barcode": found.barcode})


def _copy_no(copy: CopyFacts) -> int | None:
    """The number of the copy as it stands in the register: the first two of a title are never surplus (002 م4-1-ب)."""
    text = typed(copy.copy_no or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_COPY_DIGITS and int(text) else None


def _note(copy: CopyFacts) -> str | None:
    """A number that the register cannot count to is kept in words."""
    if copy.accession_no and register_number(copy) is None:
        return f"شمارهٔ ثبت در برنامهٔ پیشین: {copy.accession_no}"
    return None
