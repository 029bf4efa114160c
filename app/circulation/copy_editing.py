"""Changing a copy by hand: its status, what is said of it, and sending it away (desk-protocol `item.edit`)."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.actions import Action
from app.circulation import reads
from app.circulation.facts import ItemFacts
from app.circulation.giving_back import note_change
from app.circulation.lost.writing import back_to_queue
from app.form import invalid, required
from app.items.form import FLAGS, is_barcode, permit_problems, place_problems
from app.items.status import LEAVES_THE_HOUSE, needed_for
from app.items.writing import barcode_taken
from app.labels import ITEM_STATUS
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.persian.digits import to_latin
from app.persian.text import clean
from app.refusal import Refusal
from db.act import Act
from db.codes import Condition, ItemStatus
from db.frozen import Frozen
from db.journal import Intent
from db.models.items import Item
from db.writing import Tx

LONGEST = {"note": 2_000, "parts": 500, "permit_no": 60, "section": 40, "item_type": 64}
MOST_RIALS = 10**12


@dataclass(frozen=True, slots=True)
class CopyFields:
    """The columns of a copy that are changed by hand, with its version."""

    id: uuid.UUID
    ver: int
    status: ItemStatus
    condition: Condition
    barcode: str
    item_type: str
    section: str
    price: int | None
    renewable: bool
    flags: list[str]
    parts: str | None
    permit_no: str | None
    permit_on: dt.date | None
    note: str | None


COPY = Frozen(
    sa.select(
        Item.id, Item.ver, Item.status, Item.condition, Item.barcode, Item.item_type, Item.section, Item.price,
        Item.renewable, Item.flags, Item.parts, Item.permit_no, Item.permit_on, Item.note,
    ).where(Item.id == sa.bindparam("item")),
    CopyFields,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CopyEdit:
    """What is to become of a copy. `values` are columns of `CopyFields` with their new values; a new status needs a
    reason."""

    item: str
    values: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CopyEdited:
    """The copy as it is now, and the names of the columns that changed: none when it was so already."""

    item: ItemFacts
    was: ItemStatus
    changed: tuple[str, ...]


EditOutcome: TypeAlias = "CopyEdited | Refused | NotFound"


def edit_copy(library: Library, edit: CopyEdit, act: Act) -> EditOutcome:
    """Change what is recorded of a copy, or say every reason against it."""
    return _change(library, edit, act, Action.CATALOGUE, ("edited", "item.edited"))


def send_copy(library: Library, item: str, to: str, act: Act) -> EditOutcome:
    """A copy leaves for another branch or an exhibition; its next scan here is its arrival."""
    values = {"status": ItemStatus.IN_TRANSIT}
    return _change(library, CopyEdit(item, values, to), act, Action.LEND, ("sent", "item.sent"))


def _change(library: Library, edit: CopyEdit, act: Act, needed: Action, told: tuple[str, str]) -> EditOutcome:
    why, kind = told
    with library.store.write() as tx:
        item = reads.find_item(tx, edit.item)
        copy = tx.one(COPY, item=item.id) if item else None
        if item is None or copy is None:
            return NotFound(Sought.ITEM, edit.item)
        values = {name: _stored(name, value) for name, value in edit.values.items()}
        values = {name: value for name, value in values.items() if value != getattr(copy, name)}
        refused = (*library.forbids(act, needed), *_refusals(library, tx, item, values, edit, act))
        refused = (*refused, *_permit_refusals(copy, values))
        if refused:
            return Refused(refused)
        if not values:
            return CopyEdited(item, item.status, ())
        if "status" in values:
            note_change(tx, item, values["status"], why, act, clean(edit.reason, 500))
            back_to_queue(tx, item.id)
        tx.update(Item, copy, **values)
        tx.record(kind, act, Intent(reason=clean(edit.reason, 500) or None))
        return CopyEdited(tx.one(reads.BY_ITEM_ID, key=item.id) or item, item.status, tuple(sorted(values)))


def _stored(name: str, value: Any) -> Any:
    """A value as the column keeps it."""
    if name in LONGEST and value is not None:
        return clean(value, LONGEST[name]) or None
    if name == "barcode":
        return to_latin(value)
    return list(value) if name == "flags" else value


def _refusals(
    library: Library, tx: Tx, item: ItemFacts, values: Mapping[str, Any], edit: CopyEdit, act: Act
) -> Iterator[Refusal]:
    if "status" in values:
        yield from _status_refusals(library, item, values["status"], edit.reason, act)
    for name in ("section", "item_type"):
        if name in values:
            yield from required(**{name: values[name]})
            yield from place_problems(values[name])
    price = values.get("price")
    if price is not None and not 0 <= price < MOST_RIALS:
        yield invalid("price", price)
    for flag in values.get("flags", ()):
        if flag not in FLAGS:
            yield invalid("flags", flag)
    barcode = values.get("barcode")
    if barcode is not None and not is_barcode(barcode):
        yield invalid("barcode", barcode)
    elif barcode is not None and barcode_taken(tx, barcode):
        yield Refusal("item.barcode_taken", facts={"barcode": barcode})


def _permit_refusals(copy: CopyFields, values: Mapping[str, Any]) -> Iterator[Refusal]:
    if "permit_no" in values or "permit_on" in values:
        number, day = (values.get(name, getattr(copy, name)) for name in ("permit_no", "permit_on"))
        yield from permit_problems(number, day)


def _status_refusals(
    library: Library, item: ItemFacts, becomes: ItemStatus, reason: str, act: Act
) -> Iterator[Refusal]:
    """The table of `app.items.status`; a reason for every change; and minutes keep a copy in the house."""
    needed = needed_for(item.status, becomes)
    if needed is None:
        facts = {"was": ITEM_STATUS[item.status], "became": ITEM_STATUS[becomes]}
        yield Refusal("item.status_by_hand", "002 م8-1", facts=facts)
        return
    yield from library.forbids(act, needed)
    if item.on_minutes_id is not None and becomes in LEAVES_THE_HOUSE:
        yield Refusal("item.on_weeding_minutes", "002 م7-4")
    if not clean(reason):
        yield Refusal("reason.required")
