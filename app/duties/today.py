"""The figures of the home page: the day so far, what is open, loans by month and by class. Over what is open and over
the days asked for, from indexes; never over all history."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.calendar.rules import add_months, later
from app.circulation.queries import day_counts
from app.clock import midnight
from app.library import HERE
from app.persian import jalali
from app.statistics.classes import MAIN_CLASSES, class_of
from db.codes import HoldState
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Hold, Loan, Visit
from db.models.items import Item
from db.models.members import Member
from db.reading import Reader

MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class TodayFigures:
    """The day so far; `out`, `overdue` and `waiting` (books on the hold shelf) are of now."""

    lent: int
    returned: int
    renewed: int
    visitors: int
    new_members: int
    out: int
    overdue: int
    waiting: int


@dataclass(frozen=True, slots=True)
class MonthCount:
    """The loans of one Jalali month."""

    year: int
    month: int
    loans: int


@dataclass(frozen=True, slots=True)
class ClassLoans:
    """The loans of one main class of Dewey; None: works without one."""

    main: int | None
    loans: int


DAY: sa.BindParameter[dt.date] = sa.bindparam("day", type_=sa.Date())
# Loans renewed on a day are still open, or came back that very day: both stand in an index.
RENEWED = (Loan.branch_id == HERE, Loan.renewed_on == DAY, Loan.deleted_at.is_(None))
STILL_OUT = sa.select(sa.func.count()).where(*RENEWED, Loan.in_at.is_(None), Loan.presumed_in_at.is_(None))
BACK_TODAY = sa.select(sa.func.count()).where(
    *RENEWED, Loan.in_at >= sa.bindparam("start"), Loan.in_at < sa.bindparam("end")
)
OTHER_FIGURES = Frozen(
    sa.select(
        STILL_OUT.scalar_subquery(),
        BACK_TODAY.scalar_subquery(),
        sa.select(sa.func.coalesce(sa.func.sum(Visit.count), 0))
        .where(Visit.day == DAY, Visit.deleted_at.is_(None))
        .scalar_subquery(),
        sa.select(sa.func.count())
        .where(Member.joined_on == DAY, Member.deleted_at.is_(None))
        .select_from(Member)
        .scalar_subquery(),
        sa.select(sa.func.count())
        .where(Hold.state == HoldState.WAITING, Hold.deleted_at.is_(None))
        .select_from(Hold)
        .scalar_subquery(),
    ),
    lambda *columns: tuple(int(column) for column in columns),
)
# No loan is written before the day it counts from, so the moments narrow the index and the days decide.
SINCE = (
    Loan.out_at >= sa.bindparam("start"),
    Loan.out_on >= sa.bindparam("since", type_=sa.Date()),
    Loan.deleted_at.is_(None),
)
BY_DAY = Frozen(
    sa.select(Loan.out_on, sa.func.count()).where(*SINCE).group_by(Loan.out_on), lambda day, loans: (day, loans)
)
WRITTEN_CLASS = sa.func.coalesce(Item.local_class, Title.dewey)
BY_CLASS = Frozen(
    sa.select(WRITTEN_CLASS, sa.func.count())
    .select_from(Loan)
    .join(Item, Item.id == Loan.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(*SINCE)
    .group_by(WRITTEN_CLASS),
    lambda written, loans: (class_of(written), loans),
)


def today_figures(reader: Reader, today: dt.date) -> TodayFigures:
    """The day in numbers."""
    counts = day_counts(reader, today)
    start, end = midnight(today), midnight(later(today, 1))
    found = reader.one(OTHER_FIGURES, day=today, start=start, end=end) or (0, 0, 0, 0, 0)
    out, back, visitors, members, waiting = found
    return TodayFigures(
        counts.lent, counts.returned, out + back, visitors, members, counts.out, counts.overdue, waiting
    )


def loans_by_month(reader: Reader, today: dt.date) -> tuple[MonthCount, ...]:
    """The loans of the last twelve Jalali months, this one included, the oldest first."""
    year, month, _ = jalali.to_jalali(today)
    since = add_months(jalali.from_jalali(year, month, 1), 1 - MONTHS_SHOWN)
    counted: Counter[tuple[int, int]] = Counter()
    for day, loans in reader.all(BY_DAY, since=since, start=midnight(since)):
        counted[jalali.to_jalali(day)[:2]] += loans
    months = (jalali.to_jalali(add_months(since, place))[:2] for place in range(MONTHS_SHOWN))
    return tuple(MonthCount(*one, counted[one]) for one in months)


def loans_by_class(reader: Reader, today: dt.date) -> tuple[ClassLoans, ...]:
    """The loans of this Jalali year by main class, in the order of the shelves; classes nobody asked for too."""
    since = jalali.from_jalali(jalali.year(today), 1, 1)
    counted: Counter[int | None] = Counter()
    for main, loans in reader.all(BY_CLASS, since=since, start=midnight(since)):
        counted[main] += loans
    return _of_classes(counted, MAIN_CLASSES)


def _of_classes(counted: Counter[int | None], classes: Sequence[int | None]) -> tuple[ClassLoans, ...]:
    return tuple(ClassLoans(main, counted[main]) for main in classes if main is not None or counted[None])
