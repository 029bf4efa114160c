"""What a session has shown so far: every list of its minutes, and what closing it would change."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from app.library import HERE
from app.persian.digits import typed
from app.refusal import Refusal
from app.stocktake import reads
from app.stocktake.facts import (
    NOT_IN_ITS_PLACE,
    TO_BIND,
    Between,
    Holder,
    PastScan,
    Session,
    ShelfCopy,
    Spared,
    Stranger,
)
from app.stocktake.rules import finding_of, may_be_chosen, not_open, recorded_as
from app.stocktake.shelf import main_class
from app.stocktake.sparing import ListedCopy, listed, spared_of
from db.act import Act
from db.codes import Condition, ItemStatus, StocktakeFinding
from db.frozen import Frozen
from db.models.collection import BindingRow, Mending, StocktakeScan
from db.models.items import Item
from db.reading import Reader

BROUGHT = (StocktakeFinding.FOUND_LOST, StocktakeFinding.WEEDED, StocktakeFinding.AWAY)
"""Findings that say: the status is wrong, the copy is here."""


@dataclass(frozen=True, slots=True)
class ReadCopy:
    """A copy that was read, as it is recorded now. `belongs`: its neighbours, for one that stands wrong; `holder`: who
    has it by the books; `settled`: somebody has dealt with it since, and what was found says nothing any more."""

    copy: ShelfCopy
    scan: PastScan
    belongs: Between | None = None
    holder: Holder | None = None
    settled: bool = False

    @property
    def condition(self) -> Condition:
        """As noted on the shelf, else as recorded."""
        return self.scan.condition or self.copy.condition


@dataclass(frozen=True, slots=True)
class StrangeCode:
    """A code that no copy here carries, once however often it was read, and what it is where that is known."""

    scan: PastScan
    stranger: Stranger | None


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
    with by somebody since they were read, and are left alone. `to_label` ones were known by the number that somebody
    typed: their label could not be read."""

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
    unknown: tuple[StrangeCode, ...]
    noted: tuple[ReadCopy, ...]
    to_label: tuple[ReadCopy, ...]
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
        return tuple(read for read in (*self.weeded, *self.away, *self.found, *self.lent) if may_be_chosen(read.copy))

    def figures(self) -> dict[str, object]:
        """The numbers, as they are kept with the session and told to programs."""
        lists = {
            "missing": self.missing, "spared": self.spared, "misplaced": self.misplaced, "elsewhere": self.elsewhere,
            "found": self.found, "on_loan": self.lent, "weeded": self.weeded, "away": self.away,
            "changed": self.changed, "unknown": self.unknown, "to_bind": self.to_bind, "unbindable": self.unbindable,
            "to_label": self.to_label,
        }  # fmt: skip
        return {
            "expected": self.expected,
            "seen": self.seen,
            "again": self.again,
            **{name: len(rows) for name, rows in lists.items()},
            "classes": [[one.main_class, one.expected, one.seen, one.missing, one.misplaced] for one in self.classes],
        }


MENDED = Frozen(
    sa.select(Mending.item_id, Mending.id)
    .where(
        Mending.branch_id == HERE,
        Mending.day >= sa.bindparam("day", type_=sa.Date()),
        Mending.deleted_at.is_(None),
    )
    .order_by(Mending.id),
    lambda item, mending: (item, mending),
)
BOUND = Frozen(
    sa.select(BindingRow.item_id, BindingRow.received_on)
    .where(
        BindingRow.branch_id == HERE,
        BindingRow.received_on > sa.bindparam("day", type_=sa.Date()),
        BindingRow.deleted_at.is_(None),
    )
    .order_by(BindingRow.received_on),
    lambda item, day: (item, day),
)
# A label of figures alone is no number that somebody typed, unless it carries the accession number.
MAYBE_NUMBER = Frozen(
    sa.select(StocktakeScan.id)
    .join(Item, Item.id == StocktakeScan.item_id)
    .where(
        *reads.OF_SESSION,
        sa.or_(StocktakeScan.code != Item.barcode, Item.barcode == sa.cast(Item.accession_no, sa.Text())),
    ),
    lambda scan: scan,
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
    scans = _by_now(reader, session, reader.all(reads.SCANS, session=session.id))
    expected = listed(reader, session)
    read_on = {scan.item_id: reads.day_read(scan) for scan in scans if scan.item_id is not None}
    unread = [row for row in expected if row.id not in read_on]
    why = spared_of(reader, session, expected, unread)
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
        unknown=_unknown(reader, scans),
        noted=_noted(reader, session, scans),
        to_label=_to_label(reader, session, scans),
        read_on=read_on,
        classes=_classes(expected, {row.id for row in unread}, {row.id for row in missing}, read),
        again=sum(scan.finding is StocktakeFinding.AGAIN for scan in scans),
    )


def _by_now(reader: Reader, session: Session, scans: Sequence[PastScan]) -> list[PastScan]:
    """The scans as they are to be read now: a code nobody knew may have become the label of a copy since, which counts
    once however often it was read, under that label or by another code."""
    known = {scan.item_id for scan in scans if scan.item_id is not None}
    told: list[PastScan] = []
    for scan in scans:
        copy = reader.one(reads.BY_BARCODE, key=typed(scan.code)) if scan.item_id is None else None
        if copy is None:
            told.append(scan)
            continue
        again = copy.id in known
        known.add(copy.id)
        finding = StocktakeFinding.AGAIN if again else finding_of(copy, session.shelf, None)
        told.append(replace(scan, item_id=copy.id, finding=finding))
    return told


def _to_look_at(scans: Iterable[PastScan]) -> list[PastScan]:
    """The scans that stand on one of the lists."""
    silent = (StocktakeFinding.IN_PLACE, StocktakeFinding.AGAIN, StocktakeFinding.UNKNOWN)
    return [scan for scan in scans if scan.item_id is not None and scan.finding not in silent]


def _read(reader: Reader, scan: PastScan) -> ReadCopy:
    copy = _copy(reader, scan.item_id)
    belongs = reads.between(reader, copy) if scan.finding in NOT_IN_ITS_PLACE else None
    holder = reads.holder_of(reader, copy.id) if scan.finding is StocktakeFinding.ON_LOAN else None
    return ReadCopy(copy, scan, belongs, holder, _is_settled(reader, copy, scan, holder))


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
        return tuple(one for one in self._read if one.scan.finding is finding and not one.settled)

    def changed(self) -> tuple[ReadCopy, ...]:
        """Those that somebody has dealt with since."""
        return tuple(one for one in self._read if one.settled)


def _is_settled(reader: Reader, copy: ShelfCopy, scan: PastScan, holder: Holder | None) -> bool:
    """Whether what was found says nothing any more: taken back, lent, weeded or lost (anew) in the meantime."""
    if scan.finding is StocktakeFinding.ON_LOAN:
        return copy.status is not ItemStatus.ON_LOAN or (holder is not None and holder.out_at > scan.at)
    if scan.finding not in BROUGHT:
        return False
    changed_at = reader.one(reads.LAST_CHANGE, item=copy.id)
    return recorded_as(copy) is not scan.finding or (changed_at is not None and changed_at > scan.at)


def _noted(reader: Reader, session: Session, scans: Iterable[PastScan]) -> tuple[ReadCopy, ...]:
    """Each copy whose condition was noted, with the newest note, but for those that were mended or bound since."""
    newest = {scan.item_id: scan for scan in scans if scan.item_id is not None and scan.condition is not None}
    mended, bound = dict(reader.all(MENDED, day=session.opened_on)), dict(reader.all(BOUND, day=session.opened_on))
    read = [
        ReadCopy(_copy(reader, item_id), scan)
        for item_id, scan in newest.items()
        if not (item_id in mended and mended[item_id] > scan.id)
        and not (item_id in bound and bound[item_id] > reads.day_read(scan))
    ]
    return tuple(sorted(read, key=lambda one: (one.copy.place, one.copy.accession_no)))


def _to_label(reader: Reader, session: Session, scans: Iterable[PastScan]) -> tuple[ReadCopy, ...]:
    """Copies read by their accession number. Where that is what the labels carry themselves, they are not listed."""
    known = [scan for scan in scans if scan.item_id is not None and scan.finding is not StocktakeFinding.AGAIN]
    by_number = set(reader.all(MAYBE_NUMBER, session=session.id))
    typed_in = [scan for scan in known if scan.id in by_number and typed(scan.code).isdigit()]
    if 2 * len(typed_in) > len(known):
        return ()
    read = (ReadCopy(_copy(reader, scan.item_id), scan) for scan in typed_in)
    return tuple(one for one in read if one.copy.barcode != typed(one.scan.code))


def _unknown(reader: Reader, scans: Iterable[PastScan]) -> tuple[StrangeCode, ...]:
    """Each code once, in the order in which they were read."""
    first: dict[str, PastScan] = {}
    for scan in scans:
        if scan.finding is StocktakeFinding.UNKNOWN:
            first.setdefault(typed(scan.code), scan)
    return tuple(StrangeCode(scan, reads.stranger_of(reader, code)) for code, scan in first.items())


def _classes(
    expected: list[ListedCopy], unread: set[uuid.UUID], missing: set[uuid.UUID], read: list[ReadCopy]
) -> tuple[ClassFigures, ...]:
    classes = {row.id: main_class(row.shelf_key) for row in expected}
    total = Counter(classes.values())
    unseen = Counter(classes[item] for item in unread)
    gone = Counter(classes[item] for item in missing)
    astray = Counter(main_class(one.copy.shelf_key) for one in read if one.scan.finding is StocktakeFinding.MISPLACED)
    known = sorted(total.keys() | astray.keys(), key=lambda number: 10 if number is None else number)
    return tuple(ClassFigures(one, total[one], total[one] - unseen[one], gone[one], astray[one]) for one in known)
