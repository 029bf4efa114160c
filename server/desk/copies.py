"""Changing copies by hand at the headless desk, and the short records that wait for the cataloguer."""

from typing import assert_never

from msgspec import UNSET, UnsetType

from app.circulation.copy_editing import CopyEdit, CopyEdited, EditOutcome, edit_copy, send_copy
from app.circulation.fast import fast_records
from app.form import invalid as invalid_field
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from db.codes import Condition, ItemStatus
from server.desk.answers import Facts, done, missing, refused, unreadable
from server.desk.circulation import of_copy
from server.desk.keys import code, item_key
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Codes, Day, Line, Rial, Text, Word, day

PLAIN = ("status", "condition", "item_type", "section", "price", "renewable", "flags", "parts", "permit_no", "note")


class ItemEdit(Request, kw_only=True):
    """What is to change of a copy; what is left out stays, null empties. A new status needs a reason."""

    item: str
    reason: Line = ""
    status: ItemStatus | UnsetType = UNSET
    condition: Condition | UnsetType = UNSET
    barcode: Word | UnsetType = UNSET
    item_type: Word | UnsetType = UNSET
    section: Word | UnsetType = UNSET
    price: Rial | UnsetType | None = UNSET
    renewable: bool | UnsetType = UNSET
    flags: Codes | UnsetType = UNSET
    parts: Line | UnsetType | None = UNSET
    permit_no: Word | UnsetType | None = UNSET
    permit_on: Day | UnsetType | None = UNSET
    note: Text | UnsetType | None = UNSET


class ItemSend(Request, kw_only=True):
    """A copy leaves; `to` says where."""

    item: str
    to: Line


def edit(session: Session, request: ItemEdit) -> Facts:
    """Change what is recorded of a copy."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    values = {name: value for name in PLAIN if (value := getattr(request, name)) is not UNSET}
    if not isinstance(request.permit_on, UnsetType):
        values["permit_on"] = day(request.permit_on)
    if isinstance(request.barcode, str):
        barcode = code(request.barcode)
        if barcode is None:
            return refused((invalid_field("barcode", clean(request.barcode)),))
        values["barcode"] = barcode
    return _edited(edit_copy(session.library, CopyEdit(item, values, request.reason), session.act(request.key)))


def send(session: Session, request: ItemSend) -> Facts:
    """Send a copy away."""
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    return _edited(send_copy(session.library, item, request.to, session.act(request.key)))


def _edited(outcome: EditOutcome) -> Facts:
    match outcome:
        case CopyEdited():
            told = {"was": outcome.was, "status": outcome.item.status, "changed": outcome.changed}
            return done("edited" if outcome.changed else "already_done", **told, **of_copy(outcome.item))
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def to_catalogue(session: Session, _: Request) -> Facts:
    """The books that were lent on a short record."""
    with session.library.store.read() as reader:
        rows = fast_records(reader)
    return done(
        "found",
        rows=[
            {
                "title_id": row.title_id,
                "title": row.title,
                "creator": row.main_creator,
                "item": row.item_id,
                "barcode": row.barcode,
                "accession_no": row.accession_no,
                "added_on": row.accession_date,
                "status": row.status,
            }
            for row in rows
        ],
    )
