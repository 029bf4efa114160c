"""What minutes make of their copies in the end: weeded by the reason, inside somebody's transaction (002 م8-1)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.circulation import reads as circulation
from app.circulation.facts import HoldFacts
from app.circulation.holds.rules import HoldEnd
from app.circulation.holds.shelf import requeued
from app.weeding.minutes.outcomes import HoldEnded
from app.weeding.minutes.reads import RowOnTheWay
from app.weeding.minutes.releasing import copy_of
from app.weeding.reads import NOT_IN_THE_HOUSE
from db.act import Act
from db.codes import HoldState, ItemStatus, WeedingReason
from db.frozen import Frozen
from db.models.circulation import Hold
from db.models.items import Item, ItemStatusChange
from db.writing import Tx

WEEDING = "weeding"
"""Why of the change of status; its cause is the row of the minutes."""
WEEDED_AS = {
    WeedingReason.CONTENT: ItemStatus.WEEDED_CONTENT,
    WeedingReason.WORN: ItemStatus.WEEDED_WORN,
    WeedingReason.DUPLICATE: ItemStatus.WEEDED_DUPLICATE,
    WeedingReason.NO_AUDIENCE: ItemStatus.WEEDED_NO_AUDIENCE,
}
# A copy that is with a reader, at the bindery or lost is weeded when it is back (002 م7-4).
AT_HAND = frozenset({ItemStatus.AVAILABLE, ItemStatus.IN_PROCESSING})
CHANGES_OF_A_COPY = 2
IN_THE_HOUSE = Frozen(
    sa.select(sa.func.count()).where(
        Item.title_id == sa.bindparam("title"),
        Item.deleted_at.is_(None),
        *(Item.status != status for status in sorted(NOT_IN_THE_HOUSE)),
    ),
    int,
)


@dataclass(frozen=True, slots=True)
class Executing:
    """Copies that are weeded in one transaction; `kind` is that of its journal entries."""

    tx: Tx
    act: Act
    kind: str

    def weed(self, row: RowOnTheWay, row_id: uuid.UUID, reason: WeedingReason) -> None:
        """One copy goes; room for its two changes was made."""
        became = WEEDED_AS[reason]
        self.tx.insert(
            ItemStatusChange, item_id=row.item_id, at=self.act.at, was=row.status, became=became, why=WEEDING,
            cause_id=row_id,
        )  # fmt: skip
        self.tx.update(Item, copy_of(row), status=became, on_minutes_id=None)

    def end_holds(self, rows: Iterable[RowOnTheWay]) -> tuple[HoldEnded, ...]:
        """Nobody waits for what is gone: holds on these very copies end, and all holds on a title whose last copy they
        were; who had one of them on the hold shelf waits on for another. Call it after all of them went."""
        rows = tuple(rows)
        gone = {row.item_id for row in rows}
        ended = []
        for title_id, title in {row.title_id: row.title for row in rows}.items():
            last = not self.tx.one(IN_THE_HOUSE, title=title_id)
            for hold in self.tx.all(circulation.QUEUE, title=title_id):
                if last or (hold.only_this_item and hold.item_id in gone):
                    ended.append(self._end(hold, title))
                elif hold.state is HoldState.WAITING and hold.item_id in gone:
                    self.tx.make_room(self.kind, self.act, 1)
                    self.tx.update(Hold, hold, **requeued(hold))
        return tuple(ended)

    def _end(self, hold: HoldFacts, title: str) -> HoldEnded:
        self.tx.make_room(self.kind, self.act, 1)
        self.tx.update(Hold, hold, state=HoldState.CANCELLED, ended_at=self.act.at, end_reason=HoldEnd.WEEDED.value)
        member = self.tx.one(circulation.BY_MEMBER_ID, key=hold.member_id)
        return HoldEnded(hold.id, member.name if member else "", title)
