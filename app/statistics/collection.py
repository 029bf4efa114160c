"""Reading the collection for its two reports: balance of subjects (002 م1) and health (002 م3)."""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from app.calendar.rules import later
from app.clock import midnight
from app.library import HERE
from app.persian import jalali
from app.statistics.balance import ClassBalance, ClassCount, balance, weaknesses
from app.statistics.classes import GONE, class_of
from db.codes import Condition, ItemStatus
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Loan
from db.models.collection import BindingRow
from db.models.items import Item
from db.reading import Reader

YEAR_DAYS = 365


CLASS = sa.func.coalesce(Item.local_class, Title.dewey)
OURS = (Item.branch_id == HERE, Item.deleted_at.is_(None))
OFFERED = (*OURS, *(Item.status != status for status in sorted(GONE)))
SINCE = sa.bindparam("since", type_=sa.Date())
# The classes of a hundred thousand copies are told apart here: a grouping in the store costs several times as much.
COPIES = Frozen(
    sa.select(Item.id, Item.title_id, CLASS, Title.year, Item.status, Item.accession_date)
    .join(Title, Title.id == Item.title_id)
    .where(*OURS),
    lambda *columns: columns,
)
# No loan is written before the day it counts from, so the moments narrow the index and the days decide.
LENT = Frozen(
    sa.select(Loan.item_id).where(
        Loan.out_at >= sa.bindparam("start"), Loan.out_on >= SINCE, Loan.deleted_at.is_(None)
    ),
    lambda item: item,
)
RECENT = (
    sa.select(sa.func.count())
    .where(Loan.item_id == Item.id, Loan.out_on >= SINCE, Loan.deleted_at.is_(None))
    .scalar_subquery()
)
AT_BINDERY = sa.exists(
    sa.select(BindingRow.id).where(
        BindingRow.item_id == Item.id, BindingRow.received_on.is_(None), BindingRow.deleted_at.is_(None)
    )
)


@dataclass(frozen=True, slots=True)
class AilingCopy:
    """A copy that needs something; `loans` are those of the last twelve months, `others` the copies of the title that
    are still offered."""

    item_id: uuid.UUID
    title: str
    main_creator: str | None
    accession_no: int
    class_no: str | None
    status: ItemStatus
    condition: Condition
    loans: int
    others: int


OTHER = sa.alias(Item.__table__, "other")
OTHERS = (
    sa.select(sa.func.count())
    .select_from(OTHER)
    .where(
        OTHER.c.title_id == Item.title_id,
        OTHER.c.id != Item.id,
        OTHER.c.deleted_at.is_(None),
        *(OTHER.c.status != status for status in sorted(GONE)),
        OTHER.c.condition != Condition.UNBINDABLE,
    )
    .scalar_subquery()
)
AILING = sa.select(
    Item.id, Title.title, Title.main_creator, Item.accession_no, CLASS, Item.status, Item.condition, RECENT, OTHERS
).join(Title, Title.id == Item.title_id)
NEEDS_CARE = Frozen(
    AILING.where(
        *OFFERED,
        sa.or_(*(Item.condition == one for one in (Condition.WORN, Condition.DAMAGED, Condition.UNBINDABLE))),
        Item.on_minutes_id.is_(None),
        ~AT_BINDERY,
    ).order_by(Item.shelf_key, Item.accession_no),
    AilingCopy,
)
GONE_FOR_GOOD = Frozen(
    AILING.where(
        *OURS,
        sa.or_(
            *(Item.status == one for one in (ItemStatus.LOST, ItemStatus.MISSING, ItemStatus.WEEDED_WORN)),
        ),
        Item.last_loan_on >= SINCE,
    ).order_by(Item.shelf_key, Item.accession_no),
    AilingCopy,
)


@dataclass(frozen=True, slots=True)
class Health:
    """What the collection needs: copies to bind, to mend, and titles to buy anew; and its weak subjects."""

    day: dt.date
    to_bind: tuple[AilingCopy, ...]
    to_mend: tuple[AilingCopy, ...]
    to_replace: tuple[AilingCopy, ...]
    weak: tuple[tuple[ClassBalance, tuple[str, ...]], ...]


def collection_balance(reader: Reader, today: dt.date) -> tuple[ClassBalance, ...]:
    """The main classes by copies offered, and by loans of the twelve months before today."""
    since = later(today, -YEAR_DAYS)
    lent = Counter(reader.all(LENT, since=since, start=midnight(since)))
    copies: Counter[tuple[int | None, int | None]] = Counter()
    added, loans = copies.copy(), copies.copy()
    titles: set[tuple[int | None, int | None, uuid.UUID]] = set()
    for item, title, written, year, status, registered in reader.all(COPIES):
        place = class_of(written), year
        loans[place] += lent[item]
        if status not in GONE:
            copies[place] += 1
            added[place] += registered >= since
            titles.add((*place, title))
    works = Counter((main, year) for main, year, _ in titles)
    return balance(
        ClassCount(main, year, works[main, year], copies[main, year], added[main, year], loans[main, year])
        for main, year in copies.keys() | loans.keys()
    )


def collection_health(reader: Reader, today: dt.date) -> Health:
    """What is to be bound, mended and replaced, and where the collection is weak (002 م3)."""
    since = later(today, -YEAR_DAYS)
    ailing = reader.all(NEEDS_CARE, since=since)
    gone = reader.all(GONE_FOR_GOOD, since=since)
    hopeless = [copy for copy in ailing if copy.condition is Condition.UNBINDABLE]
    this_year = jalali.year(today)
    rows = collection_balance(reader, today)
    return Health(
        day=today,
        to_bind=tuple(copy for copy in ailing if copy.condition is Condition.WORN),
        to_mend=tuple(copy for copy in ailing if copy.condition is Condition.DAMAGED),
        to_replace=tuple(copy for copy in (*hopeless, *gone) if copy.loans or not copy.others),
        weak=tuple((row, found) for row in rows if (found := weaknesses(row, this_year))),
    )
