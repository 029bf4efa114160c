"""The two reports of the collection against counting by hand: a library of random copies and loans (002 م1، م3)."""

import datetime as dt
import random
import uuid
from collections import Counter
from dataclasses import dataclass
from statistics import median_low

import pytest

from app.clock import midnight
from app.library import Library
from app.statistics.collection import collection_balance, collection_health
from db.codes import Channel, Condition, ItemStatus
from db.models.circulation import Loan
from db.models.items import Item
from tests.library import TODAY, a_title, act, add_copy, add_member, change

CLASSES = {"530.1": 5, "297": 2, "8فا3.62": 8, "020": 0, "بی‌رده": None, None: None}
STATUSES = [ItemStatus.AVAILABLE] * 5 + [
    ItemStatus.LOST,
    ItemStatus.MISSING,
    ItemStatus.WEEDED_WORN,
    ItemStatus.IN_BINDING,
]
GONE = {
    ItemStatus.LOST, ItemStatus.MISSING, ItemStatus.UNKNOWN, ItemStatus.REPLACED, ItemStatus.WEEDED_WORN,
    ItemStatus.WEEDED_CONTENT, ItemStatus.WEEDED_DUPLICATE, ItemStatus.WEEDED_NO_AUDIENCE,
}  # fmt: skip
YEAR_AGO = TODAY - dt.timedelta(days=365)


@dataclass
class Known:
    """A copy as the test made it."""

    id: uuid.UUID
    title: uuid.UUID
    main: int | None
    year: int | None
    status: ItemStatus
    condition: Condition
    registered: dt.date
    lent_on: list[dt.date]
    kept: bool

    @property
    def offered(self) -> bool:
        return self.status not in GONE

    @property
    def recent(self) -> int:
        return sum(day >= YEAR_AGO for day in self.lent_on)


def filled(library: Library, seed: int) -> list[Known]:
    chance = random.Random(seed)
    member = add_member(library)
    known: list[Known] = []
    for place in range(70):
        title, main, year = None, None, None
        if known and chance.random() < 0.4:
            like = chance.choice(known)
            title, main, year = like.title, like.main, like.year
        else:
            dewey = chance.choice(list(CLASSES))
            main, year = CLASSES[dewey], chance.choice([1370, 1395, 2001, None])
        made = add_copy(library, title or a_title(f"کتاب {place}", dewey=dewey, year=year))
        one = Known(
            made.id, made.title_id, main, year, chance.choice(STATUSES), chance.choice(list(Condition)),
            chance.choice([TODAY, YEAR_AGO, YEAR_AGO - dt.timedelta(days=1)]),
            [TODAY - dt.timedelta(days=chance.choice([3, 100, 365, 366, 900])) for _ in range(chance.randint(0, 3))],
            chance.random() < 0.1,
        )  # fmt: skip
        known.append(one)
        write(library, one, member.id)
    return known


def write(library: Library, one: Known, member: uuid.UUID) -> None:
    done = act(library)
    with library.store.write() as tx:
        for day in one.lent_on:
            tx.insert(
                Loan, item_id=one.id, member_id=member, channel=Channel.DESK, policy_version=1, policy_row="*/*",
                item_type="book", out_at=midnight(day) + dt.timedelta(hours=9), out_on=day, due_on=day,
                first_due_on=day, in_at=midnight(day) + dt.timedelta(hours=10), effective_in_on=day,
            )  # fmt: skip
        if one.lent_on:
            tx.record("test.put", done)
    change(
        library, Item, one.id, status=one.status, condition=one.condition, accession_date=one.registered,
        last_loan_on=max(one.lent_on, default=None), on_minutes_id=uuid.uuid4() if one.kept else None,
    )  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_balance_and_health_are_what_counting_by_hand_finds(library: Library, seed: int) -> None:
    known = filled(library, seed)
    with library.store.read() as reader:
        rows = collection_balance(reader, TODAY)
        health = collection_health(reader, TODAY)
    offered = [one for one in known if one.offered]
    loans = Counter(one.main for one in known for day in one.lent_on if day >= YEAR_AGO)
    for row in rows:
        of_class = [one for one in offered if one.main == row.main]
        years = [one.year - 621 if one.year >= 1600 else one.year for one in of_class if one.year]
        assert (row.copies, row.titles, row.added, row.loans, row.median_year) == (
            len(of_class),
            len({one.title for one in of_class}),
            sum(one.registered >= YEAR_AGO for one in of_class),
            loans[row.main],
            median_low(years) if years else None,
        )
        assert row.share == pytest.approx(len(of_class) / len(offered))
        assert row.loan_share == pytest.approx(loans[row.main] / loans.total())

    def others(one: Known) -> bool:
        """Whether a reader would find another sound copy of the work."""
        twins = [two for two in offered if two.title == one.title and two.id != one.id]
        return any(two.condition is not Condition.UNBINDABLE for two in twins)

    ill = [one for one in offered if not one.kept]
    lost = {ItemStatus.LOST, ItemStatus.MISSING, ItemStatus.WEEDED_WORN}
    wanted = [one for one in ill if one.condition is Condition.UNBINDABLE]
    wanted += [one for one in known if one.status in lost and one.lent_on and max(one.lent_on) >= YEAR_AGO]
    assert {copy.item_id for copy in health.to_bind} == {one.id for one in ill if one.condition is Condition.WORN}
    assert {copy.item_id for copy in health.to_mend} == {one.id for one in ill if one.condition is Condition.DAMAGED}
    assert {copy.item_id for copy in health.to_replace} == {one.id for one in wanted if one.recent or not others(one)}
