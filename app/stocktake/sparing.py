"""Which copies that nobody read are accounted for, and so are not called missing (002 م8-6)."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.library import HERE
from app.stocktake import reads
from app.stocktake.facts import Session, Spared
from app.stocktake.rules import moved_since
from app.stocktake.shelf import Place
from db.codes import HoldState, ItemStatus
from db.frozen import Frozen
from db.models.circulation import Hold
from db.models.collection import BindingRequest, BindingRow
from db.models.items import Item, LocalUse
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class ListedCopy:
    """A copy of the frozen list: what decides about it where nobody read it."""

    id: uuid.UUID
    accession_no: int
    section: str
    shelf_key: str
    status: ItemStatus
    on_minutes_id: uuid.UUID | None
    seen_on: dt.date | None
    last_loan_on: dt.date | None

    @property
    def place(self) -> Place:
        """Where it belongs."""
        return Place(self.section, self.shelf_key)


LEAN = Frozen(
    sa.select(
        Item.id, Item.accession_no, Item.section, Item.shelf_key, Item.status, Item.on_minutes_id, Item.seen_on,
        Item.last_loan_on,
    ).where(*reads.OUR_ITEM),
    ListedCopy,
)  # fmt: skip
KEPT = Frozen(
    sa.select(Hold.item_id).where(
        Hold.branch_id == HERE,
        sa.text(f"hold.state = '{HoldState.WAITING}'"),
        Hold.item_id.is_not(None),
        Hold.deleted_at.is_(None),
    ),
    lambda item: item,
)
AT_BINDERY = Frozen(
    sa.select(BindingRow.item_id)
    .join(BindingRequest, BindingRequest.id == BindingRow.request_id)
    .where(*reads.SENT_AWAY, BindingRow.branch_id == HERE),
    lambda item: item,
)
USED_SINCE = Frozen(
    sa.select(LocalUse.item_id).where(
        LocalUse.day >= sa.bindparam("day", type_=sa.Date()), LocalUse.deleted_at.is_(None)
    ),
    lambda item: item,
)


def listed(reader: Reader, session: Session) -> list[ListedCopy]:
    """The frozen list of a session as its copies are now; those taken out of the register are not of it any more."""
    copies = {row.accession_no: row for row in reader.all(LEAN)}
    return [copies[number] for number in reads.expected_of(reader, session.id) if number in copies]


def spared_of(
    reader: Reader, session: Session, expected: Sequence[ListedCopy], unread: Iterable[ListedCopy]
) -> dict[uuid.UUID, Spared]:
    """Copies that were not read and are not missing, each with the reason (002 م8-6 wants no false «مفقود»)."""
    moved = {expected[position].id for position in moved_since(row.place for row in expected)}
    kept, used = set(reader.all(KEPT)), set(reader.all(USED_SINCE, day=session.opened_on))
    bound = set(reader.all(AT_BINDERY))
    elsewhere = set(reader.all(reads.SEEN_IN_OPEN_SESSIONS))
    told: dict[uuid.UUID, Spared] = {}
    for row in unread:
        reasons = (
            (row.status is ItemStatus.ON_LOAN, Spared.LENT),
            (row.status is not ItemStatus.AVAILABLE, Spared.CHANGED),
            (row.on_minutes_id is not None, Spared.ON_MINUTES),
            (row.id in bound, Spared.AT_BINDERY),
            (row.id in kept, Spared.KEPT),
            (row.last_loan_on is not None and row.last_loan_on >= session.opened_on, Spared.LENT),
            (row.id in used, Spared.USED),
            (row.id in elsewhere, Spared.SEEN),
            (row.seen_on is not None and row.seen_on >= session.opened_on, Spared.SEEN),
            (row.id in moved or not session.shelf.holds(row.place), Spared.MOVED),
        )
        reason = next((reason for holds, reason in reasons if holds), None)
        if reason is not None:
            told[row.id] = reason
    return told
