"""The running loans and kept copies that a change of the calendar touches."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.circulation.reads import OPEN
from db.codes import DayKind, HoldState
from db.models.circulation import Hold, Loan
from db.models.library import CalendarDay, MovedDate
from db.reading import Reader

RUNNING = (*OPEN, Loan.lost_on.is_(None))
ON_SHELF = (Hold.state == HoldState.WAITING, Hold.shelf_until.is_not(None), Hold.deleted_at.is_(None))

KEPT: tuple[sa.ColumnElement[Any], ...] = (Hold.__table__.c.id, Hold.__table__.c.ver, Hold.__table__.c.shelf_until)


@dataclass(frozen=True, slots=True)
class RunningLoan:
    """An open loan that is not lost."""

    id: uuid.UUID
    ver: int
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class KeptCopy:
    """A hold whose copy stands on the hold shelf."""

    id: uuid.UUID
    ver: int
    shelf_until: dt.date


@dataclass(frozen=True, slots=True)
class Move:
    """The original of a date that a closure moved. `stands`: the emergency day that moved it is still one."""

    id: uuid.UUID
    ver: int
    entity: str
    row_id: uuid.UUID
    was: dt.date
    became: dt.date
    stands: bool


def loans_due(reader: Reader, days: Collection[dt.date]) -> list[RunningLoan]:
    """The running loans due on one of these days."""
    query = sa.select(Loan.id, Loan.ver, Loan.due_on).where(*RUNNING, *_within(Loan.due_on, days)).order_by(Loan.id)
    found = (RunningLoan(*row) for row in reader.connection.execute(query)) if days else iter(())
    return [loan for loan in found if loan.due_on in days]


def copies_kept_until(reader: Reader, days: Collection[dt.date]) -> list[KeptCopy]:
    """The copies on the hold shelf whose deadline is one of these days."""
    query = sa.select(*KEPT).where(*ON_SHELF, *_within(Hold.shelf_until, days))
    found = (KeptCopy(*row) for row in reader.connection.execute(query.order_by(Hold.id))) if days else iter(())
    return [hold for hold in found if hold.shelf_until in days]


def late_loans(reader: Reader, due_before: dt.date) -> list[uuid.UUID]:
    """The open loans due before a day, lost copies too: those that were late on it."""
    query = sa.select(Loan.id).where(*OPEN, Loan.due_on < due_before).order_by(Loan.id)
    return list(reader.connection.execute(query).scalars())


STANDS = sa.and_(CalendarDay.deleted_at.is_(None), CalendarDay.kind == DayKind.EMERGENCY)


def has_orphans(reader: Reader) -> bool:
    """Whether an original is kept for an emergency day that was taken back."""
    query = (
        sa.select(MovedDate.id)
        .join(CalendarDay, CalendarDay.id == MovedDate.calendar_day_id)
        .where(MovedDate.deleted_at.is_(None), ~STANDS)
        .limit(1)
    )
    return reader.connection.execute(query).first() is not None


def moves(reader: Reader) -> list[Move]:
    """Every original that is kept, the one made last first."""
    query = (
        sa.select(
            MovedDate.id, MovedDate.ver, MovedDate.entity, MovedDate.row_id, MovedDate.was, MovedDate.became, STANDS,
        )
        .join(CalendarDay, CalendarDay.id == MovedDate.calendar_day_id)
        .where(MovedDate.deleted_at.is_(None))
        .order_by(MovedDate.became.desc(), MovedDate.id.desc())
    )  # fmt: skip
    return [Move(*row) for row in reader.connection.execute(query)]


def running_loan(reader: Reader, loan_id: uuid.UUID) -> RunningLoan | None:
    """A loan by its id, if it still runs."""
    query = sa.select(Loan.id, Loan.ver, Loan.due_on).where(*RUNNING, Loan.id == loan_id)
    row = reader.connection.execute(query).one_or_none()
    return None if row is None else RunningLoan(*row)


def kept_copy(reader: Reader, hold_id: uuid.UUID) -> KeptCopy | None:
    """A hold by its id, if its copy still stands on the shelf."""
    query = sa.select(*KEPT).where(*ON_SHELF, Hold.id == hold_id)
    row = reader.connection.execute(query).one_or_none()
    return None if row is None else KeptCopy(*row)


def _within(column: Any, days: Collection[dt.date]) -> Iterable[sa.ColumnElement[bool]]:
    return (column >= min(days), column <= max(days)) if days else ()


def emergency_rows(reader: Reader) -> dict[dt.date, uuid.UUID]:
    """The emergency days with their rows."""
    query = sa.select(CalendarDay.day, CalendarDay.id).where(
        CalendarDay.kind == DayKind.EMERGENCY, CalendarDay.deleted_at.is_(None)
    )
    return {day: row_id for day, row_id in reader.connection.execute(query)}  # noqa: C416 - rows are no pairs to dict


def due_counts(reader: Reader, first: dt.date, last: dt.date) -> dict[dt.date, int]:
    """How many running loans are due on each day from `first` to `last`; days without any are left out."""
    query = (
        sa.select(Loan.due_on, sa.func.count())
        .where(*RUNNING, Loan.due_on >= first, Loan.due_on <= last)
        .group_by(Loan.due_on)
    )
    return {day: count for day, count in reader.connection.execute(query)}  # noqa: C416 - rows are no pairs to dict
