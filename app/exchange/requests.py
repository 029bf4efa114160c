"""Libraries ask for copies of an announced package (002 م7-16، م7-17، م7-20)."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from app.actions import Action
from app.clock import day_of
from app.exchange import reads
from app.exchange.packing import LONGEST_REMARK, home_of, in_package, short_text
from app.exchange.reads import Offer, Package, PackedCopy, Requested
from app.exchange.rules import LibraryFacts, licence_refusals, place_refusals
from app.exchange.stages import Step, step
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from db.act import Act
from db.codes import ExchangeRequestState
from db.models.collection import ExchangeRequest
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class Asking:
    """What a library asks for: copies by barcode or number, none for the whole package; `asked_at` None is now."""

    library_id: uuid.UUID
    items: tuple[str, ...] = ()
    has_space: bool = True
    asked_at: dt.datetime | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class RequestStands:
    """A request as it now stands. `changed` False: it stood so before."""

    request: Requested
    changed: bool = True


RequestOutcome: TypeAlias = "RequestStands | Refused | NotFound"


def request_copies(library: Library, package_id: uuid.UUID, asking: Asking, act: Act) -> RequestOutcome:
    """Note that a library asks for copies of a package. The same library asks once: what it asks for anew takes the
    place of what it asked for before, and keeps its turn."""
    with library.store.write() as tx:
        package = reads.package_to_change(tx, package_id)
        if package is None:
            return NotFound(Sought.PACKAGE, str(package_id))
        asker = tx.one(reads.LIBRARY, library=asking.library_id)
        if asker is None:
            return NotFound(Sought.LIBRARY, str(asking.library_id))
        offer = reads.offer_of(tx, package)
        rows, unknown = in_package(tx, reads.rows_of(tx, package_id), asking.items)
        refused = (*_problems(library, package, asker, offer, asking, act), *unknown)
        if refused or offer is None:
            return Refused(refused)
        return _write(tx, offer, asking, rows, act)


def _problems(
    library: Library, package: Package, asker: LibraryFacts, offer: Offer | None, asking: Asking, act: Act
) -> Iterator[Refusal]:
    yield from library.forbids(act, Action.EXCHANGE)
    yield from licence_refusals(asker, act.day)
    yield from place_refusals(asker, package.level, home_of(library.branch))
    moved = step(package.way, package.stage, Step.REQUEST)
    if isinstance(moved, Refusal):
        yield moved
        return
    if offer is None:
        return
    asked_on = act.day if asking.asked_at is None else day_of(asking.asked_at)
    if not offer.announced_on <= asked_on <= act.day:
        yield Refusal("exchange.asked_day", "7-17", facts={"day": asked_on, "announced_on": offer.announced_on})
    if offer.closes_on is not None and asked_on > offer.closes_on:
        yield Refusal("exchange.offer_closed", "7-17", facts={"day": offer.closes_on})


def _write(tx: Tx, offer: Offer, asking: Asking, rows: Sequence[PackedCopy], act: Act) -> RequestOutcome:
    wanted = sorted(str(row.item_id) for row in rows)
    remark = short_text(asking.remark, LONGEST_REMARK)
    known = next(
        (
            one
            for one in reads.requests_at(tx, offer.id)
            if one.wish.library.id == asking.library_id and one.state is ExchangeRequestState.WAITING
        ),
        None,
    )
    if known is None:
        request_id = tx.insert(
            ExchangeRequest, offer_id=offer.id, library_id=asking.library_id, asked_at=asking.asked_at or act.at,
            has_space=asking.has_space, items=wanted, state=ExchangeRequestState.WAITING, remark=remark,
        )  # fmt: skip
    else:
        if (known.items, known.has_space, known.remark) == (wanted, asking.has_space, remark):
            return RequestStands(known, changed=False)
        request_id = known.id
        tx.update(ExchangeRequest, known, has_space=asking.has_space, items=wanted, remark=remark)
    tx.record("exchange.requested", act)
    return RequestStands(_stored(tx, request_id))


def end_request(
    library: Library, request_id: uuid.UUID, state: ExchangeRequestState, remark: str | None, act: Act
) -> RequestOutcome:
    """A library withdraws its request, or is told no; only a request that waits can end so."""
    with library.store.write() as tx:
        found = tx.one(reads.REQUEST_BY_ID, request=request_id)
        if found is None:
            return NotFound(Sought.EXCHANGE_REQUEST, str(request_id))
        if found.state is state:
            return RequestStands(found, changed=False)
        refused = [*library.forbids(act, Action.EXCHANGE)]
        if found.state is not ExchangeRequestState.WAITING:
            refused.append(Refusal("exchange.request_over", "7-17", facts={"state": found.state.value}))
        if refused:
            return Refused(tuple(refused))
        why = short_text(remark, LONGEST_REMARK) or found.remark
        tx.update(ExchangeRequest, found, state=state, remark=why)
        tx.record("exchange.request_ended", act)
        return RequestStands(_stored(tx, request_id))


def _stored(tx: Tx, request_id: uuid.UUID) -> Requested:
    found = tx.one(reads.REQUEST_BY_ID, request=request_id)
    if found is None:
        raise RuntimeError("a request vanished inside its own transaction")
    return found
