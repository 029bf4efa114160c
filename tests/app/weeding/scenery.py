"""A small library made at random, in which every rule of weeding has something to say: put straight into the tables."""

import datetime as dt
import random
import uuid
from typing import Any

import sqlalchemy as sa

from app.clock import midnight
from app.library import Library
from db.codes import (
    BindingState,
    CandidateDecision,
    CataloguingStatus,
    Channel,
    Condition,
    HoldState,
    ItemFlag,
    ItemStatus,
    LoanEnd,
    Material,
    MinutesState,
    WeedingReason,
)
from db.models.base import Base
from db.models.catalogue import Title
from db.models.circulation import Hold, Loan
from db.models.collection import BindingRequest, BindingRow, CandidateNote, Minutes
from db.models.items import Item, LocalUse
from tests.library import TODAY

YEARS = (None, 1340, 1370, 1388, 1389, 1395, 1398, 1404, 1988, 2012, 2016, 2024)
CLASSES = (None, "006.3", "332.1", "378.55", "610.7", "611", "629.2", "641.5", "8فا3.62", "910.2", "915.5", "955")
MATERIALS = (Material.BOOK,) * 9 + (Material.CHILD_BOOK, Material.LITHOGRAPH, Material.REFERENCE)
CONDITIONS = (Condition.GOOD,) * 5 + (Condition.WORN, Condition.DAMAGED, Condition.UNBINDABLE)
STATUSES = (ItemStatus.AVAILABLE,) * 14 + tuple(ItemStatus)
FLAGS: tuple[list[str], ...] = ([],) * 14 + tuple([flag.value] for flag in ItemFlag)
# Days on both sides of every border: registration, loans and uses five and two Jalali years ago, and much older.
DAYS = tuple(TODAY - dt.timedelta(days=days) for days in (3, 200, 729, 730, 731, 1825, 1826, 1827, 2600, 5000))


class Scenery:
    """Rows of one random library; `seed` makes it again."""

    def __init__(self, library: Library, seed: int) -> None:
        self.library, self.random = library, random.Random(seed)

    def put(self, titles: int = 14, copies: int = 60, loans: int = 160) -> None:
        """Titles with editions and volumes, copies of every kind, their loans and uses, notes, drafts, the bindery."""
        minutes = self._minutes()
        title_ids = self._insert(Title, [self._title(place) for place in range(titles)])
        items = self._insert(Item, [self._item(place, title_ids, minutes) for place in range(copies)])
        self._lend(items, loans)
        uses = [(self._one(items), self._one(DAYS)) for _ in range(copies // 3)]
        self._insert(LocalUse, [{"item_id": item, "at": midnight(day), "day": day} for item, day in uses])
        self._bind(items)
        self._keep(items)
        self._insert(CandidateNote, [self._note(self._one(items), place) for place in range(copies // 2)])

    def _title(self, place: int) -> dict[str, Any]:
        work = f"اثر {place % 9}"
        return {
            "title": work, "year": self._one(YEARS), "dewey": self._one(CLASSES), "material": self._one(MATERIALS),
            "status": CataloguingStatus.ORIGINAL, "sort_key": work, "match_key": f"{place}", "work_key": work,
        }  # fmt: skip

    def _item(self, place: int, titles: list[uuid.UUID], minutes: list[uuid.UUID]) -> dict[str, Any]:
        popular = titles[int(len(titles) * self.random.random() ** 2)]
        return {
            "title_id": popular, "accession_no": 1_000 + place, "accession_date": self._one(DAYS),
            "barcode": f"S-{place}", "copy_no": self._one((1, 1, 2, 3, 4)),
            "shelf_key": f"{self.random.randint(0, 20):03d}",
            "volume_no": self._one((None, None, None, "", "1", "2")),
            "local_class": self._one((None,) * 6 + ("611", "332", "8فا3.62")), "condition": self._one(CONDITIONS),
            "status": self._one(STATUSES), "flags": self._one(FLAGS),
            "permit_no": self._one((None, "", "۱۲", "۱۲")),
            "permit_on": self._one((None, TODAY, TODAY, TODAY + dt.timedelta(days=1))),
            "on_minutes_id": self._one((None,) * 16 + tuple(minutes)),
        }  # fmt: skip

    def _minutes(self) -> list[uuid.UUID]:
        """A draft of two reasons, and minutes of another that have gone out."""
        at = midnight(TODAY)
        states = (
            (WeedingReason.WORN, MinutesState.DRAFT),
            (WeedingReason.NO_AUDIENCE, MinutesState.DRAFT),
            (WeedingReason.DUPLICATE, MinutesState.AT_COUNTY),
        )
        return self._insert(Minutes, [{"reason": reason, "state": state, "opened_at": at} for reason, state in states])

    def _lend(self, items: list[uuid.UUID], number: int) -> None:
        lent = [(items[int(len(items) * self.random.random() ** 2)], self._one(DAYS)) for _ in range(number)]
        self._insert(
            Loan,
            [
                {
                    "item_id": item, "item_type": "book", "out_at": midnight(day) + dt.timedelta(hours=9),
                    "out_on": day, "due_on": day, "first_due_on": day, "channel": Channel.DESK, "in_at": midnight(day),
                    "effective_in_on": day, "ended_as": LoanEnd.RETURNED, "policy_version": 1, "policy_row": "*/*",
                }
                for item, day in lent
            ],
        )  # fmt: skip
        with self.library.store.write() as tx:
            for item in set(items):
                days = [day for of, day in lent if of == item]
                tx.connection.execute(
                    sa.update(Item)
                    .where(Item.id == item)
                    .values(loan_count=len(days), last_loan_on=max(days, default=None), ver=Item.ver + 1)
                )

    def _bind(self, items: list[uuid.UUID]) -> None:
        (request,) = self._insert(BindingRequest, [{"state": BindingState.REQUESTED, "opened_at": midnight(TODAY)}])
        self._insert(
            BindingRow,
            [
                {"request_id": request, "position": place, "item_id": item, "received_on": self._one((None, TODAY))}
                for place, item in enumerate(self.random.sample(items, 8), 1)
            ],
        )

    def _keep(self, items: list[uuid.UUID]) -> None:
        """Copies that wait on the hold shelf, and one that does so no longer."""
        states = (HoldState.WAITING, HoldState.WAITING, HoldState.FILLED)
        self._insert(
            Hold,
            [
                {"title_id": uuid.uuid4(), "item_id": item, "placed_at": midnight(TODAY), "priority": 1, "state": state}
                for item, state in zip(self.random.sample(items, 3), states, strict=True)
            ],
        )

    def _note(self, item: uuid.UUID, place: int) -> dict[str, Any]:
        until = self._one((None, TODAY - dt.timedelta(days=9), TODAY, TODAY + dt.timedelta(days=1)))
        return {
            "item_id": item, "reason": self._one(tuple(WeedingReason)), "decision": self._one(tuple(CandidateDecision)),
            "until": until, "at": midnight(TODAY) + dt.timedelta(minutes=place), "author_id": uuid.uuid4(),
        }  # fmt: skip

    def _one(self, among: Any) -> Any:
        return self.random.choice(among)

    def _insert(self, model: type[Base], rows: list[dict[str, Any]]) -> list[uuid.UUID]:
        known = [{"id": uuid.UUID(int=self.random.getrandbits(128)), "branch_id": self.library.branch.id} for _ in rows]
        with self.library.store.write() as tx:
            tx.connection.execute(
                sa.insert(Base.metadata.tables[model.__tablename__]),
                [head | row for head, row in zip(known, rows, strict=True)],
            )
        return [head["id"] for head in known]
