"""Worn copies that the county or the province's expert finds of use after all, when the package lies before them (002
م10-3؛ نمودار ۲-۷): they leave the way to recycling and become a package for the libraries."""

import uuid
from collections.abc import Iterator, Sequence

from app.actions import Action
from app.exchange import reads
from app.exchange.packing import LONGEST_REMARK, PackageOutcome, Stands, in_package, short_text, stored
from app.exchange.reads import Package, PackedCopy
from app.exchange.stages import Step, Way, step
from app.form import required
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from db.act import Act
from db.codes import DisposalKind, DisposalState
from db.models.collection import Disposal, DisposalRow
from db.writing import Tx

REDIRECTED = "disposal.redirected"


def redirect(
    library: Library, package_id: uuid.UUID, items: Sequence[str], act: Act, remark: str | None = None
) -> PackageOutcome:
    """Take copies, named by barcode or number, out of a package of worn ones into the package for libraries that lies
    at the same exchange centre. What no copy is left of is dissolved."""
    with library.store.write() as tx:
        package = reads.package_to_change(tx, package_id)
        if package is None:
            return NotFound(Sought.PACKAGE, str(package_id))
        moved = step(package.way, package.stage, Step.REDIRECT)
        rows = reads.rows_of(tx, package_id)
        taken, unknown = in_package(tx, rows, items)
        refused = (*library.forbids(act, Action.EXCHANGE), *named(items), *unknown, *on_the_shelf(taken))
        if isinstance(moved, Refusal):
            return Refused((*refused, moved))
        if refused:
            return Refused(refused)
        target = _package_here(tx, package, short_text(remark, LONGEST_REMARK), act)
        for copy in taken:
            tx.make_room(REDIRECTED, act, 2)
            tx.remove(DisposalRow, copy, act)
            tx.insert(DisposalRow, disposal_id=target, item_id=copy.item_id, minutes_row_id=copy.minutes_row_id)
        if len(taken) == len(rows):
            tx.make_room(REDIRECTED, act, 1)
            tx.update(Disposal, package, state=DisposalState.CANCELLED, level=None)
        tx.record(REDIRECTED, act)
        return Stands(stored(tx, target), len(taken))


def named(items: Sequence[str]) -> Iterator[Refusal]:
    """A refusal where no copy is named."""
    if not items:
        yield from required(exchange_items=None)


def on_the_shelf(copies: Sequence[PackedCopy]) -> Iterator[Refusal]:
    """What was put back on the shelf since is not with the package (002 م8-4)."""
    back = [copy.accession_no for copy in copies if not reads.is_weeded(copy)]
    if back:
        yield Refusal("exchange.no_longer_weeded", "8-4", have=len(back), facts={"numbers": back})


def _package_here(tx: Tx, package: Package, remark: str | None, act: Act) -> uuid.UUID:
    """The package for libraries of the same minutes' reason that waits at this centre, or a new one with the handover
    by which its copies came here."""
    known = next(
        (
            one
            for one in tx.all(reads.PACKAGES_OF_HOUSE)
            if (one.way, one.reason, one.stage) == (Way.EXCHANGE, package.reason, package.stage)
        ),
        None,
    )
    if known is not None:
        return known.id
    target = tx.insert(
        Disposal, kind=DisposalKind.COUNTY_CENTRE, reason=package.reason, state=package.state, level=package.level,
        packed_on=package.packed_on, handed_on=package.handed_on,
    )  # fmt: skip
    came = None if package.level is None else reads.handover_to(tx, package.id, package.level)
    tx.insert(
        Disposal, kind=came.kind if came else DisposalKind.COUNTY_CENTRE, reason=package.reason,
        state=DisposalState.FINISHED, level=package.level, parent_id=target, packed_on=package.packed_on,
        handed_on=came.handed_on if came else act.day, receipt_no=came.receipt_no if came else None,
        letter_no=came.letter_no if came else None, letter_on=came.letter_on if came else None, remark=remark,
    )  # fmt: skip
    return target
