"""Packages on their way, for tests: packed, in the county, in the province, asked for, given."""

import datetime as dt
import uuid

from app.exchange.giving import Allocated, Delivered, allocate_copies, deliver
from app.exchange.leaving import send_on
from app.exchange.packing import Letter, Stands, announce, hand, pack
from app.exchange.proposing import Proposal, propose
from app.exchange.requests import Asking, RequestStands, request_copies
from app.library import Library
from app.outcome import Refused
from db.codes import DisposalState, ExchangeLevel, Verdict, WeedingReason
from db.models.collection import Disposal
from tests.app.exchange.weeded import CONTENT, plain_delivery, weeded
from tests.library import ACopy, act, row


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


def packed(
    library: Library, number: int = 3, reason: WeedingReason = CONTENT, verdict: Verdict = Verdict.APPROVE
) -> tuple[uuid.UUID, list[ACopy]]:
    copies = weeded(library, number, reason, verdict=verdict)
    outcome = pack(library, reason, act(library), redirected=verdict is Verdict.REDIRECT)
    assert isinstance(outcome, Stands), outcome
    return outcome.package.id, copies


def in_county(library: Library, number: int = 3, closes_on: dt.date | None = None) -> tuple[uuid.UUID, list[ACopy]]:
    package, copies = packed(library, number)
    assert isinstance(hand(library, package, Letter("ر-۱"), act(library)), Stands)
    assert isinstance(announce(library, package, act(library), closes_on), Stands)
    return package, copies


def in_province(library: Library, number: int = 3) -> tuple[uuid.UUID, list[ACopy]]:
    package, copies = in_county(library, number)
    assert isinstance(send_on(library, package, Letter(letter_no="۱۲"), act(library)), Stands)
    assert isinstance(announce(library, package, act(library)), Stands)
    return package, copies


def ask(library: Library, package: uuid.UUID, asker: uuid.UUID, *copies: ACopy, space: bool = True) -> RequestStands:
    asking = Asking(asker, tuple(copy.barcode for copy in copies), space)
    outcome = request_copies(library, package, asking, act(library))
    assert isinstance(outcome, RequestStands), outcome
    return outcome


def given(library: Library, package: uuid.UUID) -> list[Delivered]:
    outcome = allocate_copies(library, package, act(library))
    assert isinstance(outcome, Allocated), outcome
    delivered = [deliver(library, one.id, Letter("ر-۲"), plain_delivery, act(library)) for one in outcome.deliveries]
    assert all(isinstance(one, Delivered) for one in delivered), delivered
    return delivered  # type: ignore[return-value]


def stage(library: Library, package: uuid.UUID) -> tuple[DisposalState, ExchangeLevel | None]:
    found = row(library, Disposal, package)
    return DisposalState(found.state), ExchangeLevel(found.level) if found.level else None


def proposal(library: Library, package: uuid.UUID) -> Proposal:
    with library.store.read() as reader:
        found = propose(library, reader, package, act(library))
    assert isinstance(found, Proposal), found
    return found
