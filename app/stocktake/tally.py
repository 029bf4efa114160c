"""How far a session has come, read once and then kept up scan by scan."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from app.stocktake import reads
from app.stocktake.facts import Scanned
from app.stocktake.shelf import main_class
from db.codes import StocktakeFinding
from db.frozen import Frozen
from db.models.collection import StocktakeScan
from db.models.items import Item
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class ClassProgress:
    """How far the reading of a Dewey main class has come; None: copies without a sound class."""

    main_class: int | None
    expected: int
    seen: int


@dataclass(frozen=True, slots=True)
class ScannerState:
    """One scanner: how many codes it has read, and the last copy."""

    scanner: int
    scans: int = 0
    last_call_number: str | None = None
    last_title: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a session has come. `findings` counts scans, `seen` copies of the frozen list."""

    expected: int = 0
    seen: int = 0
    findings: Mapping[StocktakeFinding, int] = field(default_factory=dict)
    classes: tuple[ClassProgress, ...] = ()
    scanners: tuple[ScannerState, ...] = ()

    @property
    def missing(self) -> int:
        """Copies of the list that nobody has read so far."""
        return self.expected - self.seen


KEYS = Frozen(sa.select(Item.accession_no, Item.shelf_key).where(*reads.OUR_ITEM), lambda number, key: (number, key))
SCANNED_NUMBERS = Frozen(
    sa.select(Item.accession_no)
    .distinct()
    .join(StocktakeScan, StocktakeScan.item_id == Item.id)
    .where(*reads.OF_SESSION),
    int,
)
FINDINGS = Frozen(
    sa.select(StocktakeScan.scanner, StocktakeScan.finding, sa.func.count())
    .where(*reads.OF_SESSION)
    .group_by(StocktakeScan.scanner, StocktakeScan.finding)
    .order_by(StocktakeScan.scanner),
    lambda scanner, finding, count: (scanner, finding, count),
)


class Tally:
    """The counts of one session. A scan of this desk is added by `note`; those of other desks come with a new one."""

    def __init__(self, reader: Reader, session_id: uuid.UUID) -> None:
        keys = dict(reader.all(KEYS))
        expected = reads.expected_of(reader, session_id)
        self._classes = {number: main_class(keys.get(number, "")) for number in expected}
        self._expected = Counter(self._classes.values())
        scanned = reader.all(SCANNED_NUMBERS, session=session_id)
        self._unseen = set(expected).difference(scanned)
        self._seen = self._expected - Counter(self._classes[number] for number in self._unseen)
        self._findings: Counter[StocktakeFinding] = Counter()
        self._scanners: dict[int, ScannerState] = {}
        for scanner, finding, count in reader.all(FINDINGS, session=session_id):
            self._findings[finding] += count
            known = self._scanners.get(scanner) or _state(reader, session_id, scanner)
            self._scanners[scanner] = replace(known, scans=known.scans + count)

    def note(self, scanned: Scanned) -> None:
        """Add one scan, with what it revised."""
        self._findings[scanned.finding] += 1
        for became in (scanned.revised or {}).values():
            misplaced = 1 if became is StocktakeFinding.MISPLACED else -1
            self._findings[StocktakeFinding.MISPLACED] += misplaced
            self._findings[StocktakeFinding.IN_PLACE] -= misplaced
        known, copy = self._scanners.get(scanned.scanner) or ScannerState(scanned.scanner), scanned.copy
        if copy is not None:
            known = replace(known, last_call_number=copy.call_number, last_title=copy.title)
            if copy.accession_no in self._unseen:
                self._unseen.remove(copy.accession_no)
                self._seen[self._classes[copy.accession_no]] += 1
        self._scanners[scanned.scanner] = replace(known, scans=known.scans + 1)

    def progress(self) -> Progress:
        """Where it stands."""
        classes = sorted(self._expected, key=lambda one: 10 if one is None else one)
        return Progress(
            len(self._classes),
            len(self._classes) - len(self._unseen),
            dict(self._findings),
            tuple(ClassProgress(one, self._expected[one], self._seen[one]) for one in classes),
            tuple(state for _, state in sorted(self._scanners.items())),
        )


def _state(reader: Reader, session_id: uuid.UUID, scanner: int) -> ScannerState:
    last = reader.one(reads.LAST_COPY_OF_SCANNER, session=session_id, scanner=scanner)
    copy = reader.one(reads.BY_ID, item=last.item_id) if last else None
    return ScannerState(scanner, 0, copy.call_number if copy else None, copy.title if copy else None)
