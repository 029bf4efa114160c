"""What screens and duties read of shelf-reading: sessions, how far one has come, and when each class was read last."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa

from app.calendar.rules import add_months
from app.clock import day_of
from app.stocktake import reads, tally
from app.stocktake.facts import NOT_IN_ITS_PLACE, Between, PastScan, Session, ShelfCopy
from app.stocktake.shelf import Shelf, lower_bound, upper_bound
from db.codes import StocktakeFinding, StocktakeState
from db.frozen import Frozen
from db.models.collection import StocktakeScan
from db.reading import Reader
from db.types import Id

MAIN_SECTION = "main"
EVERY_MONTHS = 12
"""The timetable of shelf-reading (000 §3-1-3): after so many months a class wants to be read again."""


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in the list: what it expected, and how much of that was seen."""

    session: Session
    expected: int
    seen: int


@dataclass(frozen=True, slots=True)
class ClassReading:
    """When a Dewey main class of the general stacks was read last; `whole` unless only a part of it was. `due_on`: when
    the timetable wants it again."""

    main_class: int
    read_on: dt.date | None
    whole: bool
    due_on: dt.date | None


@dataclass(frozen=True, slots=True)
class LastReading:
    """Where shelf-reading stands: the last session that was closed, the open ones, and every class."""

    closed_on: dt.date | None
    name: str | None
    open_sessions: tuple[Session, ...]
    classes: tuple[ClassReading, ...]

    def due(self, today: dt.date) -> tuple[ClassReading, ...]:
        """The classes that the timetable wants read by now: read too long ago, or never while others were."""
        return tuple(
            reading
            for reading in self.classes
            if (reading.due_on is not None and reading.due_on <= today)
            or (reading.read_on is None and self.closed_on is not None)
        )


@dataclass(frozen=True, slots=True)
class ScanLine:
    """A scan in the list of a session, with its copy; `belongs`: its neighbours, for one that stands wrong."""

    scan: PastScan
    copy: ShelfCopy | None
    belongs: Between | None = None


SHOWN = 500
"""So many of the newest scans are listed; the lists before closing hold all."""
NEWEST_FIRST = sa.select(*reads.SCAN_COLUMNS).where(*reads.OF_SESSION).order_by(StocktakeScan.id.desc())
ONE_SCAN = Frozen(sa.select(*reads.SCAN_COLUMNS).where(StocktakeScan.id == sa.bindparam("scan", type_=Id())), PastScan)


def sessions(reader: Reader) -> tuple[SessionLine, ...]:
    """Every session: those that go on first, then the newest."""
    known = sorted(reader.all(reads.SESSIONS), key=lambda session: session.state is not StocktakeState.OPEN)
    return tuple(_line(reader, session) for session in known)


def _line(reader: Reader, session: Session) -> SessionLine:
    known = session.figures or {}
    if session.state is StocktakeState.CLOSED:
        return SessionLine(session, _whole(known.get("expected")), _whole(known.get("seen")))
    expected = set(reads.expected_of(reader, session.id))
    scanned = reader.all(tally.SCANNED_NUMBERS, session=session.id)
    return SessionLine(session, len(expected), len(expected.intersection(scanned)))


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


@cache
def _newest(findings: frozenset[StocktakeFinding]) -> Frozen[PastScan]:
    wanted = sa.or_(*(StocktakeScan.finding == finding for finding in sorted(findings)))
    return Frozen(NEWEST_FIRST.where(wanted).limit(SHOWN), PastScan)


def scan_lines(
    reader: Reader, session_id: uuid.UUID, findings: frozenset[StocktakeFinding] = frozenset(StocktakeFinding)
) -> tuple[ScanLine, ...]:
    """The newest scans of a session that found one of these, the last one first."""
    return tuple(_scan_line(reader, scan) for scan in reader.all(_newest(findings), session=session_id))


def lines_of(reader: Reader, scans: Iterable[uuid.UUID]) -> tuple[ScanLine, ...]:
    """These scans as they stand now: the last one, with those that it revised."""
    found = (reader.one(ONE_SCAN, scan=scan) for scan in scans)
    return tuple(_scan_line(reader, scan) for scan in found if scan is not None)


def _scan_line(reader: Reader, scan: PastScan) -> ScanLine:
    copy = reader.one(reads.BY_ID, item=scan.item_id) if scan.item_id else None
    wrong = copy is not None and scan.finding in NOT_IN_ITS_PLACE
    return ScanLine(scan, copy, reads.between(reader, copy) if copy and wrong else None)


def last_reading(reader: Reader) -> LastReading:
    """Where shelf-reading stands, for the home page and for whoever begins a session (000 §3-1-3)."""
    known = reader.all(reads.SESSIONS)
    closed = [session for session in known if session.state is StocktakeState.CLOSED and session.closed_at]
    closed.sort(key=lambda session: session.closed_at or session.opened_at, reverse=True)
    last = closed[0] if closed else None
    return LastReading(
        _closed_on(last) if last else None,
        last.name if last else None,
        tuple(session for session in known if session.state is StocktakeState.OPEN),
        tuple(_class_reading(number, closed) for number in range(10)),
    )


def _closed_on(session: Session) -> dt.date:
    return day_of(session.closed_at or session.opened_at)


def _class_reading(number: int, closed: list[Session]) -> ClassReading:
    """The newest session that touched the class; a whole reading is preferred to a later one of a part."""
    shelf = Shelf(lower_bound(f"{number}00"), upper_bound(f"{number}99"), MAIN_SECTION)
    touching = [session for session in closed if session.shelf.overlaps(shelf)]
    whole = next((one for one in touching if one.shelf.covers(shelf)), None)
    newest = whole or next(iter(touching), None)
    day = _closed_on(newest) if newest else None
    return ClassReading(number, day, whole is not None, add_months(day, EVERY_MONTHS) if day else None)
