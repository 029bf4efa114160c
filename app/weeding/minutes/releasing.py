"""A copy comes off minutes, or goes to the next edition of them: the column of the copy that keeps it in the house."""

import uuid
from dataclasses import dataclass

from app.weeding.minutes.reads import RowOnTheWay
from db.codes import ItemStatus
from db.models.items import Item
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class CopyOnMinutes:
    """The columns of a copy that minutes change."""

    id: uuid.UUID
    ver: int
    status: ItemStatus
    on_minutes_id: uuid.UUID | None


def copy_of(row: RowOnTheWay) -> CopyOnMinutes:
    """The copy of a row."""
    return CopyOnMinutes(row.item_id, row.copy_ver, row.status, row.on_minutes_id)


def release(tx: Tx, row: RowOnTheWay, onto: uuid.UUID | None) -> None:
    """The copy stands on other minutes from now on, or on none: then it is an ordinary copy of the shelf again."""
    if row.on_minutes_id != onto:
        tx.update(Item, copy_of(row), on_minutes_id=onto)
