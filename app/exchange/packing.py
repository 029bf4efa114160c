"""Packing weeded copies by the four groups, handing a package to the county, announcing it (002 م7-1، م7-16، م7-20؛
نمودار ۱، ۲)."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from app.actions import Action
from app.exchange import reads
from app.exchange.reads import Package, PackedCopy, WeededCopy
from app.exchange.rules import Home
from app.exchange.stages import KIND_OF_WAY, Stage, Step, Way, step
from app.library import BranchFacts, Library
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from app.weeding.reads import find_copy
from db.act import Act
from db.alone import in_turn
from db.codes import DisposalKind, DisposalState, ExchangeLevel, WeedingReason
from db.journal import MOST_CHANGES
from db.models.collection import Disposal, DisposalRow, ExchangeOffer
from db.reading import Reader
from db.writing import Tx

PACKED, PACKED_IN_PARTS = "disposal.packed", "disposal.packed_in_parts"
PACKING = "exchange.pack"
LONGEST_NO, LONGEST_REMARK = 60, 500
TOLD = 10
"""Copies that a refusal names."""


@dataclass(frozen=True, slots=True)
class Letter:
    """The papers that went along: receipt of who took it over, number and day of the letter (002 م7-15)."""

    receipt_no: str | None = None
    letter_no: str | None = None
    letter_on: dt.date | None = None
    remark: str | None = None


NO_LETTER = Letter()


@dataclass(frozen=True, slots=True)
class Stands:
    """A package as it now stands; `changed` False: it stood so before. `copies` were put in or taken out."""

    package: Package
    copies: int = 0
    changed: bool = True


PackageOutcome: TypeAlias = "Stands | Refused | NotFound"


def pack(
    library: Library, reason: WeedingReason, act: Act, items: Sequence[str] | None = None, *, redirected: bool = False
) -> PackageOutcome:
    """Put weeded copies of one group into its package: those named, or all that are ready (002 م7-1).

    Worn copies that are of use elsewhere (`redirected`, 002 م10-3) make a package of their own.
    """
    way = Way.EXCHANGE if reason is not WeedingReason.WORN or redirected else Way.RECYCLING
    with library.store.write() as tx:
        in_turn(tx, PACKING)  # of two desks that pack at once the second sees what the first has packed
        chosen, refused = _chosen(tx, reason, way, items)
        refused = (*library.forbids(act, Action.EXCHANGE), *refused)
        if refused:
            return Refused(refused)
        package_id = _open(tx, reason, way, act)
        # An undo takes back one entry: what needed several is dissolved by `unpack`.
        entry = PACKED if len(chosen) < MOST_CHANGES else PACKED_IN_PARTS
        for copy in chosen:
            tx.make_room(entry, act, 1)
            tx.insert(DisposalRow, disposal_id=package_id, item_id=copy.item_id, minutes_row_id=copy.minutes_row_id)
        tx.record(entry, act)
        return Stands(stored(tx, package_id), len(chosen))


def _open(tx: Tx, reason: WeedingReason, way: Way, act: Act) -> uuid.UUID:
    """The package of a group that is still in the house, or a new one. It changes with every copy put in, so that
    packing is taken back only while nothing else was done with it."""
    package = tx.one(reads.OPEN_PACKAGE, reason=reason, kind=KIND_OF_WAY[way])
    if package is None:
        kind = KIND_OF_WAY[way]
        return tx.insert(Disposal, kind=kind, reason=reason, state=DisposalState.PACKED, packed_on=act.day)
    tx.update(Disposal, package, packed_on=act.day)
    return package.id


def _chosen(
    reader: Reader, reason: WeedingReason, way: Way, items: Sequence[str] | None
) -> tuple[tuple[WeededCopy, ...], tuple[Refusal, ...]]:
    ready = reads.ready_copies(reader)
    group = tuple(copy for copy in ready if copy.reason is reason and copy.way is way)
    if items is None:
        return group, () if group else (Refusal("exchange.nothing_ready", "7-1"),)
    by_id = {copy.item_id: copy for copy in ready}
    chosen: dict[uuid.UUID, WeededCopy] = {}
    refused: list[Refusal] = []
    for key in items:
        found = find_copy(reader, key)
        copy = by_id.get(found.id) if found else None
        if copy is None:
            refused.append(_not_ready(reader, key, found.id if found else None))
        elif copy.reason is not reason:
            refused.append(Refusal("exchange.other_group", "7-1", facts={"accession_no": copy.accession_no}))
        elif copy.way is not way:
            refused.append(_wrong_way(copy))
        else:
            chosen[copy.item_id] = copy
    return tuple(chosen.values()), tuple(refused)


def _wrong_way(copy: WeededCopy) -> Refusal:
    if copy.redirected:
        return Refusal("exchange.redirected", "10-3", facts={"accession_no": copy.accession_no})
    return Refusal("exchange.worn_to_recycling", "7-23", facts={"accession_no": copy.accession_no})


def _not_ready(reader: Reader, key: str, item_id: uuid.UUID | None) -> Refusal:
    """A copy that no minutes released stays in the house (002 م7-4)."""
    facts = {"item": clean(key, 64)}
    if item_id is not None and reader.one(reads.PACKED_ITEM, item=item_id) is not None:
        return Refusal("exchange.packed_already", "7-1", facts=facts)
    return Refusal("exchange.not_ruled", "7-4", facts=facts)


def unpack(library: Library, package_id: uuid.UUID, act: Act, items: Sequence[str] = ()) -> PackageOutcome:
    """Take copies out of a package that is still in the house, or dissolve it where none is named."""
    with library.store.write() as tx:
        package = reads.package_to_change(tx, package_id)
        if package is None:
            return NotFound(Sought.PACKAGE, str(package_id))
        if package.state is DisposalState.CANCELLED:
            return Stands(package, changed=False)
        moved = step(package.way, package.stage, Step.UNPACK)
        rows = reads.rows_of(tx, package_id)
        taken, unknown = in_package(tx, rows, items)
        refused = [*library.forbids(act, Action.EXCHANGE), *unknown]
        if isinstance(moved, Refusal):
            return Refused((*refused, moved))
        if refused:
            return Refused(tuple(refused))
        if items and len(taken) < len(rows):
            for copy in taken:
                tx.make_room("disposal.unpacked", act, 1)
                tx.remove(DisposalRow, copy, act)
            tx.make_room("disposal.unpacked", act, 1)
            tx.update(Disposal, package, packed_on=act.day)
        else:
            tx.update(Disposal, package, state=moved.becomes.state)
        tx.record("disposal.unpacked", act)
        return Stands(stored(tx, package_id), len(taken) if items else len(rows))


def in_package(
    reader: Reader, rows: Sequence[PackedCopy], items: Sequence[str]
) -> tuple[tuple[PackedCopy, ...], tuple[Refusal, ...]]:
    """The copies of a package that are named by barcode or number, and a refusal for each that is not in it."""
    here = {row.item_id: row for row in rows if row.gone_to is None}
    taken: dict[uuid.UUID, PackedCopy] = {}
    refused: list[Refusal] = []
    for key in items:
        found = find_copy(reader, key)
        if found is None or found.id not in here:
            refused.append(Refusal("exchange.not_in_package", "7-1", facts={"item": clean(key, 64)}))
        else:
            taken[found.id] = here[found.id]
    return tuple(taken.values()), tuple(refused)


def hand(library: Library, package_id: uuid.UUID, letter: Letter, act: Act) -> PackageOutcome:
    """Hand a package to the exchange centre of the county: from now on its copies have left the house (نمودار ۱-۶)."""
    with library.store.write() as tx:
        package = reads.package_to_change(tx, package_id)
        if package is None:
            return NotFound(Sought.PACKAGE, str(package_id))
        if package.level is not None:
            return Stands(package, changed=False)
        return hand_inside(library, tx, package, letter, act)


def hand_inside(library: Library, tx: Tx, package: Package, letter: Letter, act: Act) -> PackageOutcome:
    """The same inside a transaction."""
    rows = reads.rows_of(tx, package.id)
    moved = step(package.way, package.stage, Step.HAND)
    refused = (*library.forbids(act, Action.EXCHANGE), *_handing_problems(rows))
    if isinstance(moved, Refusal):
        return Refused((*refused, moved))
    if refused:
        return Refused(refused)
    hand_over(tx, package, DisposalKind.COUNTY_CENTRE, moved.becomes, letter, act)
    tx.record("disposal.handed", act)
    return Stands(stored(tx, package.id), len(rows))


def _handing_problems(rows: Sequence[PackedCopy]) -> Iterator[Refusal]:
    """What was found in the stacks since and put back does not go (002 م8-4)."""
    if not rows:
        yield Refusal("exchange.package_empty", "7-1")
    back = [row.accession_no for row in rows if not reads.is_weeded(row)]
    if back:
        yield Refusal("exchange.no_longer_weeded", "8-4", have=len(back), facts={"numbers": back[:TOLD]})


def hand_over(tx: Tx, package: Package, kind: DisposalKind, becomes: Stage, letter: Letter, act: Act) -> uuid.UUID:
    """Move a package and keep the handover as a row of its own, with its papers. Returns the handover's id."""
    handover_id = tx.insert(
        Disposal, kind=kind, reason=package.reason, state=DisposalState.FINISHED, level=becomes.level,
        parent_id=package.id, packed_on=package.packed_on, handed_on=act.day, **letter_fields(letter),
    )  # fmt: skip
    tx.update(
        Disposal, package, state=becomes.state, level=becomes.level, handed_on=act.day, announced_on=None
    )  # the clock of an announcement belongs to the centre that made it
    return handover_id


def letter_fields(letter: Letter) -> dict[str, object]:
    """The columns of a letter."""
    return {
        "receipt_no": short_text(letter.receipt_no), "letter_no": short_text(letter.letter_no),
        "letter_on": letter.letter_on, "remark": short_text(letter.remark, LONGEST_REMARK),
    }  # fmt: skip


def home_of(branch: BranchFacts) -> Home:
    """A library as its own packages know it."""
    return Home(branch.name, branch.province, branch.county, branch.licence_no)


def short_text(text: str | None, longest: int = LONGEST_NO) -> str | None:
    """A short text as it is kept; None for nothing."""
    return clean(text, longest) or None if text else None


def announce(
    library: Library, package_id: uuid.UUID, act: Act, closes_on: dt.date | None = None, letter_no: str | None = None
) -> PackageOutcome:
    """Announce a package to the libraries of the county or the province that holds it (002 م7-16، م7-20): from this day
    the six months of م7-21 run."""
    with library.store.write() as tx:
        package = reads.package_to_change(tx, package_id)
        if package is None:
            return NotFound(Sought.PACKAGE, str(package_id))
        if package.state is DisposalState.ANNOUNCED:
            return Stands(package, changed=False)
        moved = step(package.way, package.stage, Step.ANNOUNCE)
        refused = [*library.forbids(act, Action.EXCHANGE)]
        if closes_on is not None and closes_on < act.day:
            refused.append(Refusal("exchange.closing_day", "7-17", facts={"day": closes_on}))
        if isinstance(moved, Refusal):
            return Refused((*refused, moved))
        if refused:
            return Refused(tuple(refused))
        tx.insert(
            ExchangeOffer, disposal_id=package_id, level=_level(moved.becomes), announced_on=act.day,
            closes_on=closes_on, letter_no=short_text(letter_no),
        )  # fmt: skip
        tx.update(Disposal, package, state=moved.becomes.state, announced_on=act.day)
        tx.record("disposal.announced", act)
        return Stands(stored(tx, package_id))


def _level(stage: Stage) -> ExchangeLevel:
    if stage.level is None:
        raise RuntimeError("a package is announced by an exchange centre")
    return stage.level


def doubts(act: Act) -> Iterator[Refusal]:
    """Nothing is numbered by a clock that may be wrong."""
    if act.stamp.doubtful:
        yield Refusal("clock.doubtful", facts={"today": act.day})


def stored(tx: Tx, package_id: uuid.UUID) -> Package:
    """A package or handover as it stands inside this transaction."""
    package = tx.one(reads.BY_ID, package=package_id)
    if package is None:
        raise RuntimeError("a package vanished inside its own transaction")
    return package
