"""Registering copies inside somebody's transaction: the accession register."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.catalogue import call_number as call
from app.items.form import ItemForm
from app.persian.digits import to_latin
from app.persian.text import clean
from db.codes import Material
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.items import Item
from db.reading import Reader
from db.writing import Tx

ACCESSION = "accession"

# Prefix of the class and section by material (003 م6-5، م7-2، م8-6، م10-4، م11-1).
PREFIXES = {Material.YOUNG_ADULT_BOOK: "ج", Material.CHILD_BOOK: "ک"}
SECTIONS = {
    Material.CHILD_BOOK: "child",
    Material.SCHOOL_AID: "school_aid",
    Material.AUDIOVISUAL: "audiovisual",
    Material.TALKING_BOOK: "audiovisual",
    Material.BRAILLE: "braille",
    Material.MANUSCRIPT: "manuscript",
    Material.LITHOGRAPH: "manuscript",
    Material.THESIS: "thesis",
    Material.SERIAL: "serial",
    Material.REFERENCE: "reference",
}
AGE_BANDS = {"الف": 1, "ب": 2, "ج": 3, "د": 4, "ه": 5}


@dataclass(frozen=True, slots=True)
class ShelvedTitle:
    """What of a title decides where its copies stand."""

    id: uuid.UUID
    dewey: str | None
    author_mark: str | None
    year: int | None
    material: Material
    age_group: str | None


SHELVED_TITLE = Frozen(
    sa.select(Title.id, Title.dewey, Title.author_mark, Title.year, Title.material, Title.age_group).where(
        Title.id == sa.bindparam("title"), Title.deleted_at.is_(None)
    ),
    ShelvedTitle,
)
LAST_COPY_NO = Frozen(
    sa.select(sa.func.coalesce(sa.func.max(Item.copy_no), 0)).where(
        Item.title_id == sa.bindparam("title"),
        sa.func.coalesce(Item.volume_no, "") == sa.bindparam("volume", type_=sa.Text()),
        Item.deleted_at.is_(None),
    ),
    int,
)
TAKEN_ACCESSION = Frozen(sa.select(Item.id).where(Item.accession_no == sa.bindparam("number")), lambda item_id: item_id)
TAKEN_BARCODE = Frozen(
    sa.select(Item.id).where(Item.barcode == sa.bindparam("barcode"), Item.deleted_at.is_(None)),
    lambda item_id: item_id,
)


@dataclass(frozen=True, slots=True)
class Registered:
    """A copy as it was registered."""

    item_id: uuid.UUID
    accession_no: int
    barcode: str
    copy_no: int
    call_number: str | None


def shelved_title(reader: Reader, title_id: uuid.UUID) -> ShelvedTitle | None:
    """The title a copy is to be added to."""
    return reader.one(SHELVED_TITLE, title=title_id)


def accession_taken(reader: Reader, number: int) -> bool:
    """Whether the number was ever given; weeding frees no number (002 م8-2)."""
    return reader.one(TAKEN_ACCESSION, number=number) is not None


def barcode_taken(reader: Reader, barcode: str) -> bool:
    """Whether a copy of the library carries the barcode."""
    return reader.one(TAKEN_BARCODE, barcode=barcode) is not None


def register_item(tx: Tx, title: ShelvedTitle, form: ItemForm, today: dt.date, prefix: str) -> Registered:
    """Write a copy into the register: next accession number, barcode, copy number, place on the shelf."""
    number = tx.next_number(ACCESSION) if form.accession_no is None else _keep_number(tx, form.accession_no)
    volume = to_latin(clean(form.volume_no, 20)) if form.volume_no else None
    barcode = to_latin(form.barcode) if form.barcode else f"{prefix}{number:06d}"
    copy_no = form.copy_no or 1 + (tx.one(LAST_COPY_NO, title=title.id, volume=volume or "") or 0)
    class_no = form.local_class or title.dewey
    if title.material in (Material.MANUSCRIPT, Material.LITHOGRAPH) and not class_no:
        class_no = str(number)  # the class of a manuscript is its accession number (003 م6-4)
    mark = title.author_mark or ""
    shelf_prefix = PREFIXES.get(title.material, "")
    shown = form.call_number or (call.display(class_no, mark, shelf_prefix, form.volume_no) if class_no else None)
    item_id = tx.insert(
        Item,
        title_id=title.id,
        accession_no=number,
        accession_date=form.accession_date or today,
        barcode=barcode,
        volume_no=volume,
        copy_no=copy_no,
        local_class=form.local_class,
        call_number=shown,
        shelf_key=_shelf_key(title, form, class_no or "", mark, copy_no),
        section=form.section or SECTIONS.get(title.material, "main"),
        item_type=form.item_type or title.material.value,
        source=form.source,
        donor=form.donor,
        price=form.price,
        condition=form.condition,
        flags=list(form.flags),
        parts=form.parts,
        note=form.note,
    )
    return Registered(item_id, number, barcode, copy_no, shown)


def _keep_number(tx: Tx, number: int) -> int:
    """A number from the old register. The series goes on above the highest number ever used."""
    tx.raise_number(ACCESSION, number)
    return number


def _shelf_key(title: ShelvedTitle, form: ItemForm, class_no: str, mark: str, copy_no: int) -> str:
    if not class_no:
        return ""
    band = AGE_BANDS.get(title.age_group or "") if title.material is Material.CHILD_BOOK else None
    return call.shelf_key(
        class_no, mark, PREFIXES.get(title.material, ""), form.volume_no, copy_no, title.year, band=band
    )
