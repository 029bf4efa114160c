"""A book that is not catalogued yet and is wanted now: a short record and a copy, made with the loan."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from app.catalogue.form import Creator, TitleForm, main_creator, title_problems
from app.catalogue.service import find_twin
from app.catalogue.writing import insert_title
from app.circulation import reads
from app.circulation.facts import ItemFacts
from app.items.form import ItemForm, item_problems
from app.items.writing import register_item, shelved_title
from app.library import HERE, Library
from app.persian.digits import to_latin
from app.persian.text import clean
from app.refusal import Refusal
from db.act import Act
from db.codes import CataloguingStatus, Condition, ItemStatus, Material
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.items import Item
from db.reading import Reader
from db.types import new_id
from db.writing import Tx

MATERIALS = frozenset(material.value for material in Material)


@dataclass(frozen=True, slots=True)
class FastRecord:
    """What the desk writes down of such a book; the rest is for the cataloguer. `item_type` decides its loan rules."""

    title: str
    creator: str | None = None
    item_type: str | None = None


@dataclass(frozen=True, slots=True)
class FastRow:
    """A short record that waits to be catalogued, with one of its copies."""

    title_id: uuid.UUID
    title: str
    main_creator: str | None
    item_id: uuid.UUID
    barcode: str
    accession_no: int
    accession_date: dt.date
    status: ItemStatus


FAST_ROWS = Frozen(
    sa.select(
        Title.id, Title.title, Title.main_creator, Item.id, Item.barcode, Item.accession_no, Item.accession_date,
        Item.status,
    )
    .join(Item, Item.title_id == Title.id)
    .where(
        Title.branch_id == HERE,
        Title.status == CataloguingStatus.FAST,
        Title.deleted_at.is_(None),
        Item.deleted_at.is_(None),
    )
    .order_by(Item.accession_no),
    FastRow,
)  # fmt: skip


def fast_records(reader: Reader) -> list[FastRow]:
    """The books that were lent on a short record and are still to be catalogued, the oldest first."""
    return reader.all(FAST_ROWS)


def fast_problems(record: FastRecord, barcode: str) -> Iterator[Refusal]:
    """What keeps a short record from being made."""
    yield from title_problems(_form(record))
    yield from item_problems(ItemForm(barcode=barcode))


def draft_copy(record: FastRecord, barcode: str) -> ItemFacts:
    """The copy as the rules of lending see it before it is written."""
    form = _form(record)
    return ItemFacts(
        id=new_id(), ver=0, title_id=new_id(), title=clean(form.title), main_creator=main_creator(form),
        accession_no=0, barcode=to_latin(barcode), call_number=None, volume_no=None,
        item_type=clean(record.item_type or "", 64) or form.material.value, status=ItemStatus.AVAILABLE,
        condition=Condition.GOOD, flags=[], price=None, min_age=None, renewable=True, on_minutes_id=None, loan_count=0,
        uses=0, last_loan_on=None,
    )  # fmt: skip


def register_lent(
    library: Library, tx: Tx, record: FastRecord, draft: ItemFacts, act: Act, lent_on: dt.date
) -> ItemFacts:
    """Write record and copy, lent already: the loan follows in the same transaction."""
    form = _form(record)
    title_id = find_twin(tx, form) or insert_title(tx, form, library.store.dialect.name)
    shelved = shelved_title(tx, title_id)
    if shelved is None:
        raise RuntimeError("a title vanished inside a transaction")
    copy = ItemForm(barcode=draft.barcode, item_type=draft.item_type)
    registered = register_item(tx, shelved, copy, act.day, library.branch.barcode_prefix, lent_on=lent_on)
    item = tx.one(reads.BY_ITEM_ID, key=registered.item_id)
    if item is None:
        raise RuntimeError("a copy vanished inside a transaction")
    return item


def _form(record: FastRecord) -> TitleForm:
    kind = clean(record.item_type or "", 64)
    return TitleForm(
        title=record.title,
        creators=(Creator(record.creator),) if record.creator and clean(record.creator) else (),
        material=Material(kind) if kind in MATERIALS else Material.BOOK,
        status=CataloguingStatus.FAST,
    )
