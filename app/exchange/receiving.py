"""What an exchange centre gives for a package: its receipt, filed with the handover (002 م7-15؛ نمودار ۲-۱، ۲-۶)."""

import uuid
from collections.abc import Iterator

from app.actions import Action
from app.exchange import reads
from app.exchange.packing import Letter, PackageOutcome, Stands, hand_inside, letter_fields, short_text, stored
from app.exchange.reads import Package
from app.exchange.stages import Step, stage_refusal, step
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from db.act import Act
from db.codes import ExchangeLevel
from db.models.collection import Disposal


def receive(library: Library, package_id: uuid.UUID, level: ExchangeLevel, letter: Letter, act: Act) -> PackageOutcome:
    """The exchange centre of a level has received a package and given its receipt, which stands with the handover for
    ever (002 م7-15؛ نمودار ۲-۱ و ۲-۶). Where the library has not noted yet that the package left, this notes it."""
    with library.store.write() as tx:
        package = reads.package_to_change(tx, package_id)
        if package is None:
            return NotFound(Sought.PACKAGE, str(package_id))
        handover = reads.handover_to(tx, package_id, level)
        refused = (*library.forbids(act, Action.EXCHANGE), *receipt_refusals(package, level, handover, letter))
        if refused:
            return Refused(refused)
        if handover is None:
            return hand_inside(library, tx, package, letter, act)
        new = {
            name: value
            for name, value in letter_fields(letter).items()
            if value is not None and getattr(handover, name) is None
        }
        if not new:
            return Stands(package, changed=False)
        tx.update(Disposal, handover, **new)
        tx.record("disposal.received", act)
        return Stands(stored(tx, package_id), len(reads.rows_of(tx, package_id)))


def receipt_refusals(
    package: Package, level: ExchangeLevel, handover: Package | None, letter: Letter
) -> Iterator[Refusal]:
    """What speaks against the receipt of a level: it has a number, the package was sent there, and no other receipt
    stands for it."""
    receipt = short_text(letter.receipt_no)
    if receipt is None:
        yield Refusal("exchange.receipt_needed", "7-15")
    if handover is None:
        wanted = Step.HAND if level is ExchangeLevel.COUNTY else Step.SEND_ON
        moved = step(package.way, package.stage, wanted)
        if isinstance(moved, Refusal) or wanted is Step.SEND_ON:
            yield moved if isinstance(moved, Refusal) else stage_refusal(package.stage, Step.SEND_ON)
    elif receipt and handover.receipt_no not in (None, receipt):
        yield Refusal("exchange.receipt_stands", "7-15", facts={"receipt": handover.receipt_no})
