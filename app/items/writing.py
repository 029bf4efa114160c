"""Registering copies inside somebody's transaction: the accession register."""

import datetime as dt
import itertools
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.catalogue import call_number as call
from app.items.form import ItemForm
from app.library import HERE
from app.persian.digits import to_latin
from app.persian.text import clean
from db.codes import ItemStatus, Material
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.items import Item
from db.reading import Reader
from db.writing import Tx

ACCESSION = "accession"

# Prefix of the class: «ج» is obligatory, «ک» allowed (003 م8-5، م8-6). Section by material (م6-5، م7-2، م10-4، م11-1).
PREFIXES = {Material.YOUNG_ADULT_BOOK: call.TEENS_PREFIX, Material.CHILD_BOOK: call.CHILDREN_PREFIX}
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
CLASSED_BY_NUMBER = frozenset(
    {Material.MANUSCRIPT, Material.LITHOGRAPH}
)  # the class is the accession number (003 م6-4)
# Free texts of the form and how much of each is kept.
TEXTS = {
    "volume_no": 20, "local_class": 60, "call_number": 120, "section": 40, "item_type": 64, "donor": 200, "parts": 500,
    "permit_no": 60, "note": 2_000,
}  # fmt: skip
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
OURS = sa.select(Item.id).where(Item.branch_id == HERE)
TAKEN_ACCESSION = Frozen(OURS.where(Item.accession_no == sa.bindparam("number")), lambda item_id: item_id)
TAKEN_BARCODE = Frozen(
    OURS.where(Item.barcode == sa.bindparam("barcode"), Item.deleted_at.is_(None)), lambda item_id: item_id
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
    return reader.one(TAKEN_BARCODE, barcode=to_latin(barcode)) is not None


def register_item(
    tx: Tx,
    title: ShelvedTitle,
    form: ItemForm,
    today: dt.date,
    prefix: str,
    *,
    lent_on: dt.date | None = None,
    status: ItemStatus = ItemStatus.AVAILABLE,
) -> Registered:
    """Write a copy into the register: next accession number, barcode, copy number, place on the shelf. `lent_on`: its
    first loan is written in the same transaction. `status`: how a copy stood in the program it comes from; whoever says
    so writes its change of status too."""
    number = tx.next_number(ACCESSION) if form.accession_no is None else _keep_number(tx, form.accession_no)
    texts = {name: clean(value, longest) or None for name, longest in TEXTS.items() if (value := getattr(form, name))}
    volume = to_latin(texts.pop("volume_no", None) or "") or None
    barcode = to_latin(form.barcode) if form.barcode else _free_barcode(tx, f"{prefix}{number:06d}")
    copy_no = form.copy_no or 1 + (tx.one(LAST_COPY_NO, title=title.id, volume=volume or "") or 0)
    place = _place(title, texts.get("local_class"), number, volume, copy_no)
    columns = {"section": place.section, "item_type": title.material.value, "call_number": place.call_number} | texts
    on_loan = {"status": ItemStatus.ON_LOAN, "loan_count": 1, "uses": 1, "last_loan_on": lent_on}
    item_id = tx.insert(
        Item,
        title_id=title.id,
        accession_no=number,
        accession_date=form.accession_date or today,
        barcode=barcode,
        volume_no=volume,
        copy_no=copy_no,
        shelf_key=place.shelf_key,
        source=form.source,
        price=form.price,
        condition=form.condition,
        flags=list(form.flags),
        permit_on=form.permit_on,
        **columns,
        **(on_loan if lent_on is not None else {"status": status}),
    )
    return Registered(item_id, number, barcode, copy_no, columns["call_number"])


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a copy stands."""

    section: str
    call_number: str | None
    shelf_key: str


def shelf_key_of(title: ShelvedTitle, local_class: str | None, number: int, volume: str | None, copy_no: int) -> str:
    """Where a copy of this title stands among the others; "" where it has no class yet."""
    return _place(title, local_class, number, volume, copy_no).shelf_key


def _place(title: ShelvedTitle, local_class: str | None, number: int, volume: str | None, copy_no: int) -> _Place:
    section = SECTIONS.get(title.material, "main")
    class_no = local_class or (str(number) if title.material in CLASSED_BY_NUMBER else title.dewey)
    if not class_no:
        return _Place(section, None, "")
    mark, prefix = title.author_mark or "", PREFIXES.get(title.material, "")
    band = AGE_BANDS.get(title.age_group or "") if title.material is Material.CHILD_BOOK else None
    key = call.shelf_key(class_no, mark, prefix, volume, copy_no, title.year, band=band)
    return _Place(section, call.display(class_no, mark, prefix, volume), key)


def _free_barcode(tx: Tx, barcode: str) -> str:
    """The barcode of the accession number, unless an earlier label took it for another copy."""
    later = (f"{barcode}-{count}" for count in itertools.count(2))
    return next(code for code in itertools.chain((barcode,), later) if not barcode_taken(tx, code))


def _keep_number(tx: Tx, number: int) -> int:
    """A number from the old register. The series goes on above the highest number ever used."""
    tx.raise_number(ACCESSION, number)
    return number
