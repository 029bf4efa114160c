"""What a session has shown so far: every list of its minutes, and what closing it would change."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.library import HERE
from app.refusal import Refusal
from app.stocktake import reads
from app.stocktake.facts import NOT_IN_ITS_PLACE, TO_BIND, Between, PastScan, Session, ShelfCopy, Spared
from app.stocktake.rules import may_be_chosen, not_open, recorded_as
from app.stocktake.shelf import main_class
from db.act import Act
from db.codes import Condition, HoldState, ItemStatus, StocktakeFinding
from db.frozen import Frozen
from db.models.circulation import Hold
from db.models.collection import BindingRequest, BindingRow
from db.models.items import Item, LocalUse
from db.reading import Reader

BROUGHT = (StocktakeFinding.FOUND_LOST, StocktakeFinding.WEEDED, StocktakeFinding.AWAY)
"""Findings that say: the status is wrong, the copy is here."""


@dataclass(frozen=True, slots=True)
class ReadCopy:
    """A copy that was read, as it is recorded now. `belongs`: its neighbours, for one that stands wrong."""

    copy: ShelfCopy
    scan: PastScan
    belongs: Between | None = None

    @property
    def condition(self) -> Condition:
        """As noted on the shelf, else as recorded."""
        return self.scan.condition or self.copy.condition


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """A Dewey main class in numbers; None: copies without a sound class."""

    main_class: int | None
    expected: int
    seen: int
    missing: int
    misplaced: int


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A session reckoned up. `spared` copies were not read either, but are accounted for; `changed` ones were dealt
    with by somebody since they were read, and are left alone."""

    session: Session
    expected: int
    seen: int
    missing: tuple[ShelfCopy, ...]
    spared: tuple[tuple[ShelfCopy, Spared], ...]
    misplaced: tuple[ReadCopy, ...]
    elsewhere: tuple[ReadCopy, ...]
    found: tuple[ReadCopy, ...]
    lent: tuple[ReadCopy, ...]
    weeded: tuple[ReadCopy, ...]
    away: tuple[ReadCopy, ...]
    changed: tuple[ReadCopy, ...]
    unknown: tuple[PastScan, ...]
    noted: tuple[ReadCopy, ...]
    read_on: Mapping[uuid.UUID, dt.date]
    classes: tuple[ClassFigures, ...]
    again: int

    @property
    def to_bind(self) -> tuple[ReadCopy, ...]:
        """Copies noted as worn or damaged in this session (002 م13-4)."""
        return tuple(read for read in self.noted if read.condition in TO_BIND)

    @property
    def unbindable(self) -> tuple[ReadCopy, ...]:
        """Copies noted as beyond binding in this session: candidates for weeding (002 م4-1-ج)."""
        return tuple(read for read in self.noted if read.condition is Condition.UNBINDABLE)

    @property
    def by_choice(self) -> tuple[ReadCopy, ...]:
        """Copies that whoever closes the session may take back among those at hand."""
        return tuple(read for read in (*self.weeded, *self.away, *self.found) if may_be_chosen(read.copy))

    def figures(self) -> dict[str, object]:
        """The numbers, as they are kept with the session and told to programs."""
        lists = {
            "missing": self.missing, "spared": self.spared, "misplaced": self.misplaced, "elsewhere": self.elsewhere,
            "found": self.found, "on_loan": self.lent, "weeded": self.weeded, "away": self.away,
            "changed": self.changed, "unknown": self.unknown, "to_bind": self.to_bind, "unbindable": self.unbindable,
        }  # fmt: skip
        return {
            "expected": self.expected,
            "seen": self.seen,
            "again": self.again,
            **{name: len(rows) for name, rows in lists.items()},
            "classes": [[one.main_class, one.expected, one.seen, one.missing, one.misplaced] for one in self.classes],
        }


@dataclass(frozen=True, slots=True)
class _Lean:
    """What decides about a copy that nobody read."""

    id: uuid.UUID
    accession_no: int
    shelf_key: str
    status: ItemStatus
    on_minutes_id: uuid.UUID | None
    seen_on: dt.date | None
    last_loan_on: dt.date | None


LEAN = Frozen(
    sa.select(
        Item.id, Item.accession_no, Item.shelf_key, Item.status, Item.on_minutes_id, Item.seen_on, Item.last_loan_on
    ).where(*reads.OUR_ITEM),
    _Lean,
)
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


def closing_refusals(reckoning: Reckoning, restore: Collection[uuid.UUID], act: Act) -> Iterator[Refusal]:
    """What speaks against closing: it is over; the date of the paper is not sure; a copy was chosen to come back that
    is not one of those that wait for a choice."""
    yield from not_open(reckoning.session)
    if act.stamp.doubtful:
        yield Refusal("clock.doubtful", facts={"today": act.day})
    unfit = set(restore) - {read.copy.id for read in reckoning.by_choice}
    if unfit:
        yield Refusal("stocktake.not_to_restore", "002 م8-4", have=len(unfit))


def reckon(reader: Reader, session: Session) -> Reckoning:
    """Reckon a session up, from what is recorded this moment."""
    scans = reader.all(reads.SCANS, session=session.id)
    lean = {row.accession_no: row for row in reader.all(LEAN)}
    expected = [lean[number] for number in reads.expected_of(reader, session.id) if number in lean]
    read_on = {scan.item_id: reads.day_read(scan) for scan in scans if scan.item_id is not None}
    unread = [row for row in expected if row.id not in read_on]
    why = _spared(reader, session, unread)
    read = [_read(reader, scan) for scan in _to_look_at(scans)]
    by_finding = _Findings(read)
    missing = [row for row in unread if row.id not in why]
    return Reckoning(
        session=session,
        expected=len(expected),
        seen=len(expected) - len(unread),
        missing=tuple(_copy(reader, row.id) for row in missing),
        spared=tuple((_copy(reader, row.id), why[row.id]) for row in unread if row.id in why),
        misplaced=by_finding.standing(StocktakeFinding.MISPLACED),
        elsewhere=by_finding.standing(StocktakeFinding.ELSEWHERE),
        found=by_finding.standing(StocktakeFinding.FOUND_LOST),
        lent=by_finding.standing(StocktakeFinding.ON_LOAN),
        weeded=by_finding.standing(StocktakeFinding.WEEDED),
        away=by_finding.standing(StocktakeFinding.AWAY),
        changed=by_finding.changed(),
        unknown=tuple(scan for scan in scans if scan.finding is StocktakeFinding.UNKNOWN),
        noted=_noted(reader, scans),
        read_on=read_on,
        classes=_classes(expected, {row.id for row in unread}, {row.id for row in missing}, read),
        again=sum(scan.finding is StocktakeFinding.AGAIN for scan in scans),
    )


def _spared(reader: Reader, session: Session, unread: Iterable[_Lean]) -> dict[uuid.UUID, Spared]:
    """Copies that were not read and are not missing, each with the reason (002 م8-6 wants no false «مفقود»)."""
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
        )
        reason = next((reason for holds, reason in reasons if holds), None)
        if reason is not None:
            told[row.id] = reason
    return told


def _to_look_at(scans: Iterable[PastScan]) -> list[PastScan]:
    """The scans that stand on one of the lists."""
    silent = (StocktakeFinding.IN_PLACE, StocktakeFinding.AGAIN, StocktakeFinding.UNKNOWN)
    return [scan for scan in scans if scan.item_id is not None and scan.finding not in silent]


def _read(reader: Reader, scan: PastScan) -> ReadCopy:
    copy = _copy(reader, scan.item_id)
    wrong = scan.finding in NOT_IN_ITS_PLACE
    return ReadCopy(copy, scan, reads.between(reader, copy) if wrong else None)


def _copy(reader: Reader, item_id: uuid.UUID | None) -> ShelfCopy:
    copy = reader.one(reads.BY_ID, item=item_id)
    if copy is None:
        raise RuntimeError("a copy that was read is gone")
    return copy


class _Findings:
    """The copies read, by what was found, in the order of the shelf."""

    def __init__(self, read: list[ReadCopy]) -> None:
        self._read = sorted(read, key=lambda one: (one.copy.place, one.copy.accession_no))

    def standing(self, finding: StocktakeFinding) -> tuple[ReadCopy, ...]:
        """Those of which it still holds."""
        return tuple(one for one in self._read if one.scan.finding is finding and not _is_settled(one))

    def changed(self) -> tuple[ReadCopy, ...]:
        """Those that somebody has dealt with since."""
        return tuple(one for one in self._read if _is_settled(one))


def _is_settled(read: ReadCopy) -> bool:
    """Whether the status no longer says what the finding was about: lent, weeded or taken back in the meantime."""
    finding, now = read.scan.finding, recorded_as(read.copy)
    return finding in (*BROUGHT, StocktakeFinding.ON_LOAN) and now is not finding


def _noted(reader: Reader, scans: Iterable[PastScan]) -> tuple[ReadCopy, ...]:
    """Each copy whose condition was noted, with the newest note."""
    newest = {scan.item_id: scan for scan in scans if scan.item_id is not None and scan.condition is not None}
    read = [ReadCopy(_copy(reader, item_id), scan) for item_id, scan in newest.items()]
    return tuple(sorted(read, key=lambda one: (one.copy.place, one.copy.accession_no)))


def _classes(
    expected: list[_Lean], unread: set[uuid.UUID], missing: set[uuid.UUID], read: list[ReadCopy]
) -> tuple[ClassFigures, ...]:
    classes = {row.id: main_class(row.shelf_key) for row in expected}
    total = Counter(classes.values())
    unseen = Counter(classes[item] for item in unread)
    gone = Counter(classes[item] for item in missing)
    astray = Counter(main_class(one.copy.shelf_key) for one in read if one.scan.finding is StocktakeFinding.MISPLACED)
    known = sorted(total.keys() | astray.keys(), key=lambda number: 10 if number is None else number)
    return tuple(ClassFigures(one, total[one], total[one] - unseen[one], gone[one], astray[one]) for one in known)
