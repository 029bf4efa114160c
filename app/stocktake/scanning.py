"""Reading the shelves: one code, one transaction, told at once and kept for good (000 §3-1-3)."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import sqlalchemy as sa

from app.actions import Action
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from app.stocktake import reads
from app.stocktake.facts import Holder, Noted, PastScan, Scanned, Session, ShelfCopy
from app.stocktake.rules import finding_of, not_open, recorded_as
from app.stocktake.shelf import UNSETTLED, standing_right
from db.act import Act
from db.codes import Condition, ItemStatus, StocktakeFinding
from db.frozen import Frozen
from db.models.collection import StocktakeScan
from db.models.sync import DoneRequest
from db.writing import Tx

MOST_SCANNERS = 99
DONE = Frozen(sa.select(DoneRequest.key).where(DoneRequest.key == sa.bindparam("key")), lambda key: key)
Tell = Callable[[int, int], bool]
"""Told how many codes of how many are done; answers False to stop."""
ScanOutcome = Scanned | Refused | NotFound


@dataclass(frozen=True, slots=True)
class FileLine:
    """One code of a scanned file; None where the same file had brought it before."""

    line: int
    code: str
    scanned: Scanned | None


@dataclass(frozen=True, slots=True)
class FileRead:
    """Every code of a file with what it told. `stopped`: the rest was left alone; the same file goes on from there."""

    lines: tuple[FileLine, ...]
    stopped: bool = False


def scanner_of(act: Act) -> int:
    """The scanner in the hand at a desk, unless another is named: two desks of one library go along two shelves."""
    return min(act.desk, MOST_SCANNERS)


def scan(
    library: Library, session_id: UUID, code: str, act: Act, scanner: int = 1, condition: Condition | None = None
) -> ScanOutcome:
    """Read one copy on the shelf. `scanner` 1 to 99: each goes along the shelves by itself.

    A copy in its range is checked against the books this scanner read before it; one book that stands wrong makes none
    of the others wrong, and when it turns out later which one it was, the earlier finding is put right (`revised`).
    """
    with library.store.write() as tx:
        session = reads.session_to_change(tx, session_id)
        if session is None:
            return NotFound(Sought.STOCKTAKE, str(session_id))
        refused = (*library.forbids(act, Action.STOCKTAKE), *not_open(session))
        if refused:
            return Refused(refused)
        copy = reads.find_copy(tx, code)
        holder = reads.holder_of(tx, copy.id) if copy and copy.status is ItemStatus.ON_LOAN else None
        told = tx.one(reads.TOLD_OF_ITEM, session=session.id, item=copy.id) if copy else None
        if copy is not None and told is not None and _is_so_anew(tx, copy, holder, told):
            told = None
        finding = finding_of(copy, session.shelf, told.finding if told else None)
        revised: dict[UUID, StocktakeFinding] = {}
        if copy is not None and finding is StocktakeFinding.IN_PLACE:
            finding, revised = _in_order(tx, session, copy, scanner)
        scan_id = tx.insert(
            StocktakeScan,
            stocktake_id=session.id,
            scanner=scanner,
            position=1 + (tx.one(reads.LAST_POSITION, session=session.id, scanner=scanner) or 0),
            code=code,
            item_id=copy.id if copy else None,
            at=act.at,
            condition=condition if copy else None,
            finding=finding,
        )
        tx.record("stocktake.scanned", act)
        before = told if finding is StocktakeFinding.AGAIN else None
        scanned = Scanned(scan_id, finding, code, scanner, copy, read_before=before, revised=revised or None)
        return _told(tx, session, replace(scanned, holder=holder, condition=condition if copy else None))


def _is_so_anew(tx: Tx, copy: ShelfCopy, holder: Holder | None, told: PastScan) -> bool:
    """Whether the copy is lent, weeded or lost as it was when it was read before, but not since then: another alarm."""
    if recorded_as(copy) is not told.finding:
        return False
    since = holder.out_at if holder is not None else tx.one(reads.LAST_CHANGE, item=copy.id)
    return since is not None and since > told.at


def _in_order(
    tx: Tx, session: Session, copy: ShelfCopy, scanner: int
) -> tuple[StocktakeFinding, dict[UUID, StocktakeFinding]]:
    """Whether the copy stands in order behind what this scanner read, and which of those stand otherwise than told."""
    if not copy.shelf_key:
        return StocktakeFinding.IN_PLACE, {}
    window = tx.all(reads.WINDOW_OF_SCANNER, session=session.id, scanner=scanner)[::-1]
    *right, in_place = standing_right([*(place for _, place in window), copy.place])
    before = [place for (_, place), stands in zip(window, right, strict=True) if stands]
    if in_place and before and copy.place > before[-1] and reads.is_leap(tx, before[-1], copy.place):
        # Far ahead: it stands wrong, or somebody has gone on to another shelf. The next book tells which, if it stands
        # near behind this one; so a doubt about the one before is not yet settled either.
        in_place = False
        right[-1] = right[-1] and window[-1][0].finding is StocktakeFinding.IN_PLACE
    revised = _revise(tx, [past for past, _ in window[-UNSETTLED:]], right[-UNSETTLED:])
    return (StocktakeFinding.IN_PLACE if in_place else StocktakeFinding.MISPLACED), revised


def _revise(tx: Tx, window: list[PastScan], right: list[bool]) -> dict[UUID, StocktakeFinding]:
    revised: dict[UUID, StocktakeFinding] = {}
    for past, stands in zip(window, right, strict=True):
        finding = StocktakeFinding.IN_PLACE if stands else StocktakeFinding.MISPLACED
        if past.finding is not finding:
            tx.update(StocktakeScan, past, finding=finding)
            revised[past.id] = finding
    return revised


def _told(tx: Tx, session: Session, scanned: Scanned) -> Scanned:
    """What the librarian wants to know of this finding: where the book belongs, whose it is."""
    copy = scanned.copy
    if copy is None:
        return replace(scanned, stranger=reads.stranger_of(tx, scanned.code))
    told = scanned.finding
    if told is StocktakeFinding.AGAIN and scanned.read_before is not None:
        told = scanned.read_before.finding
    match told:
        case StocktakeFinding.MISPLACED:
            return replace(scanned, belongs=reads.between(tx, copy))
        case StocktakeFinding.ELSEWHERE:
            others = (other for other in tx.all(reads.OPEN_SESSIONS) if other.id != session.id)
            name = next((other.name for other in others if other.shelf.holds(copy.place)), None)
            return replace(scanned, belongs=reads.between(tx, copy), elsewhere=name)
        case _:
            return scanned


def note(
    library: Library, session_id: UUID, condition: Condition, act: Act, scanner: int = 1
) -> Noted | Refused | NotFound:
    """Note the condition of the copy that this scanner read last; closing the session writes it on the copy."""
    with library.store.write() as tx:
        session = reads.session_to_change(tx, session_id)
        if session is None:
            return NotFound(Sought.STOCKTAKE, str(session_id))
        last = tx.one(reads.LAST_COPY_OF_SCANNER, session=session.id, scanner=scanner)
        copy = tx.one(reads.BY_ID, item=last.item_id) if last else None
        refused = (*library.forbids(act, Action.STOCKTAKE), *not_open(session))
        if last is None or copy is None:
            refused = (*refused, Refusal("stocktake.no_copy"))
        if refused or last is None or copy is None:
            return Refused(refused)
        if last.condition is condition:
            return Noted(last.id, copy, condition, already=True)
        tx.update(StocktakeScan, last, condition=condition)
        tx.record("stocktake.noted", act)
        return Noted(last.id, copy, condition)


def scan_file(
    library: Library,
    session_id: UUID,
    codes: Iterable[tuple[int, str]],
    act: Act,
    scanner: int = 1,
    tell: Tell = lambda _done, _total: True,
) -> FileRead | Refused | NotFound:
    """Read the codes of a memory scanner, each with its line in the file, in the order in which it went along the
    shelves. The same line is read at most once, so a file that was cut short is simply read again."""
    lines = list(codes)
    digest = hashlib.sha256("\n".join(code for _, code in lines).encode()).hexdigest()
    read: list[FileLine] = []
    for done, (line, code) in enumerate(lines, start=1):
        key = hashlib.sha256(f"{session_id} {scanner} {digest} {line}".encode()).hexdigest()
        with library.store.read() as reader:
            known = reader.one(DONE, key=f"stocktake:{key}") is not None
        outcome: Scanned | None = None
        if not known:
            now = replace(act, stamp=library.clock.read(), key=f"stocktake:{key}")
            scanned = scan(library, session_id, code, now, scanner)
            if not isinstance(scanned, Scanned):
                return scanned
            outcome = scanned
        read.append(FileLine(line, code, outcome))
        if not tell(done, len(lines)) and done < len(lines):
            return FileRead(tuple(read), stopped=True)
    return FileRead(tuple(read))


def counts(lines: Iterable[FileLine]) -> Mapping[StocktakeFinding, int]:
    """How often each finding came out of a file; lines that were read before count nowhere."""
    told: dict[StocktakeFinding, int] = {}
    for line in lines:
        if line.scanned is not None:
            told[line.scanned.finding] = told.get(line.scanned.finding, 0) + 1
    return told
