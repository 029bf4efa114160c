"""Adding copies."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from app.actions import Action
from app.catalogue.form import TitleForm, title_problems
from app.catalogue.service import find_twin
from app.catalogue.writing import insert_title
from app.items.form import ItemForm, item_problems
from app.items.writing import Registered, accession_taken, barcode_taken, register_item, shelved_title
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from db.act import Act
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class ItemAdded:
    """A copy was registered."""

    title_id: uuid.UUID
    item: Registered


def add_item(
    library: Library, title: uuid.UUID | TitleForm, form: ItemForm, act: Act
) -> ItemAdded | Refused | NotFound:
    """Register a copy of a title: one already catalogued, or one described here (then its twin is used if there is
    one)."""
    described = tuple(title_problems(title)) if isinstance(title, TitleForm) else ()
    with library.store.write() as tx:
        problems = (*library.forbids(act, Action.CATALOGUE), *described, *item_problems(form), *taken(tx, form))
        if problems:
            return Refused(problems)
        title_id = title if isinstance(title, uuid.UUID) else find_twin(tx, title)
        if title_id is None and isinstance(title, TitleForm):
            title_id = insert_title(tx, title, library.store.dialect.name)
        shelved = shelved_title(tx, title_id) if title_id else None
        if shelved is None:
            return NotFound(Sought.TITLE, str(title_id))
        registered = register_item(tx, shelved, form, act.day, library.branch.barcode_prefix)
        tx.record("item.added", act)
        return ItemAdded(shelved.id, registered)


def taken(reader: Reader, form: ItemForm) -> Iterator[Refusal]:
    """Numbers that are in use already."""
    if form.accession_no is not None and accession_taken(reader, form.accession_no):
        yield Refusal("item.accession_taken", "002 م8-2", facts={"number": form.accession_no})
    if form.barcode is not None and barcode_taken(reader, form.barcode):
        yield Refusal("item.barcode_taken", facts={"barcode": form.barcode})
