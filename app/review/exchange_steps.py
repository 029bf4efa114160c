"""What an office does with a package that its exchange centre holds, where that centre has no desk program (نمودار ۲).

The library that owns the package writes it down by its own use cases (decision 18). What can be known here is told at
once.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.centre import Centre
from app.directives.facts import (
    Allot,
    Announce,
    Decline,
    Deliver,
    ExchangeDeed,
    ExchangeFacts,
    PayIn,
    Receive,
    Recycle,
    Redirect,
    Release,
    SendOn,
    Store,
)
from app.directives.issuing import issue
from app.exchange import reads
from app.exchange.giving import allocation_refusals, delivery_refusals
from app.exchange.leaving import (
    Proceeds,
    Recycling,
    proceeds_refusals,
    recycled,
    recycling_refusals,
    storing_refusals,
    unserved,
)
from app.exchange.packing import Letter
from app.exchange.proposing import Proposal
from app.exchange.receiving import receipt_refusals
from app.exchange.redirecting import named, on_the_shelf
from app.exchange.rules import store_refusals
from app.exchange.stages import Step, stage_refusal, step
from app.labels import EXCHANGE_LEVEL, EXCHANGE_STEP
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from app.review.at_branch import BranchReader
from app.review.exchange_board import on_the_way
from app.review.exchange_held import AtOffice, Done, at_office, done_on_the_way, office_of, subject_of
from app.review.scopes import ReviewerFacts, branches_in_scope
from app.review.standing import terms_of_offices
from db.act import Act
from db.codes import DirectiveKind, DisposalKind, DisposalState, ExchangeRequestState
from db.journal import Intent
from db.reading import Reader

DONE_AT_CENTRE = "exchange.done_at_centre"
STEP_OF: Mapping[type[ExchangeDeed], Step] = MappingProxyType(
    {
        Announce: Step.ANNOUNCE,
        Allot: Step.GIVE,
        SendOn: Step.SEND_ON,
        Store: Step.STORE,
        Redirect: Step.REDIRECT,
        Recycle: Step.RECYCLE,
        PayIn: Step.PROCEEDS,
    }
)
"""The step of the table that a deed takes; the others leave the package where it is."""
WORDS: Mapping[type[ExchangeDeed], str] = MappingProxyType(
    {kind: EXCHANGE_STEP[wanted] for kind, wanted in STEP_OF.items()}
    | {
        Receive: "رسید مرکز مبادله",
        Deliver: "تحویل به کتابخانه",
        Release: "پس گرفتن تخصیص",
        Decline: "رد درخواست",
    }
)
"""A deed in words."""


@dataclass(frozen=True, slots=True)
class StepSent:
    """The library is told. `changed` False: it had been told so and has not answered yet."""

    library: str
    changed: bool = True


@dataclass(frozen=True, slots=True)
class _Ask:
    """What the checks look at: the package, its rows as its library keeps them, and the moment."""

    found: AtOffice
    here: Reader
    act: Act
    months: int

    @property
    def package(self) -> reads.Package:
        return self.found.detail.standing.package


def confirmation(reader: Reader, proposal: Proposal, act: Act) -> Allot:
    """What an office confirms that saw this proposal."""
    given = {request: tuple(sorted(items)) for request, items in proposal.given.items()}
    return Allot(dict(sorted(given.items())), terms_of_offices(reader, act.day).new_library_months)


def do_step(
    centre: Centre, reviewer: ReviewerFacts, package_id: uuid.UUID, deed: ExchangeDeed, act: Act
) -> StepSent | Refused | NotFound:
    """Tell the library of a package what the office did with it today. The same again changes nothing as long as the
    library has not answered; nothing else is begun on the same copies meanwhile."""
    with centre.write() as tx:
        found = at_office(tx, branches_in_scope(tx, reviewer), package_id, act.day)
        if found is None:
            return NotFound(Sought.PACKAGE, str(package_id))
        library = found.branch.name
        waiting = [one for one in done_on_the_way(tx, found.branch.id, package_id) if one.is_open]
        if any(one.deed == deed for one in waiting):
            return StepSent(library, changed=False)
        here = BranchReader(tx, found.branch.id)
        asked = _Ask(found, here, act, terms_of_offices(tx, act.day).exchange_months)
        refused = tuple(_refusals(asked, reviewer, deed))
        if not refused and (_in_the_way(deed, waiting) or _asks_wait(tx, found, deed)):
            refused = (Refusal("exchange.on_the_way"),)
        if refused:
            return Refused(refused)
        facts = ExchangeFacts(package_id, act.day, deed)
        issue(tx, centre, found.branch.id, DirectiveKind.EXCHANGE_STEP, facts, reviewer.name)
        tx.record(DONE_AT_CENTRE, act, Intent(seen={"library": library, "step": WORDS[type(deed)]}))
        return StepSent(library)


def onward_refusals(reader: Reader, found: AtOffice, day: dt.date) -> tuple[Refusal, ...]:
    """Why what is left of a package may not leave its centre yet: somebody waits, or its six months run."""
    package, here = found.detail.standing.package, BranchReader(reader, found.branch.id)
    refused = list(unserved(here, package, day))
    if Step.STORE in found.detail.standing.steps:
        refused += store_refusals(package.announced_on, day, terms_of_offices(reader, day).exchange_months)
    return tuple(refused)


def _in_the_way(deed: ExchangeDeed, waiting: list[Done]) -> bool:
    """Whether something is under way that the deed hangs on: of the same delivery, request or receipt, or anything at
    all where one of both moves the whole package. A receipt is a paper and moves nothing."""
    mine = subject_of(deed)
    for one in waiting:
        theirs = subject_of(one.deed)
        if mine == theirs:
            return True
        receipts = isinstance(deed, Receive) or isinstance(one.deed, Receive)
        if None in (mine, theirs) and not receipts:
            return True
    return False


def _asks_wait(reader: Reader, found: AtOffice, deed: ExchangeDeed) -> bool:
    """Whether a library asked here whose turn is not written down yet: it is not passed over."""
    if not isinstance(deed, Allot | SendOn | Store):
        return False
    asks = on_the_way(reader, found.branch.id, found.detail.standing.package.id)
    return any(not one.refused for one in asks)


def _refusals(ask: _Ask, reviewer: ReviewerFacts, deed: ExchangeDeed) -> Iterator[Refusal]:
    office = office_of(reviewer)
    holder = deed.level if isinstance(deed, Receive) else ask.found.holder
    if office is None:
        yield Refusal("role.not_allowed")
    elif office is not holder:
        held_by = EXCHANGE_LEVEL[holder] if holder else "—"
        yield Refusal("exchange.not_your_level", "7-16", facts={"level": held_by})
    wanted = STEP_OF.get(type(deed))
    moved = None if wanted is None else step(ask.package.way, ask.package.stage, wanted)
    if isinstance(moved, Refusal):
        yield moved
    else:
        yield from CHECKS[type(deed)](ask, deed)


def _of_receipt(ask: _Ask, deed: Receive) -> Iterator[Refusal]:
    handover = reads.handover_to(ask.here, ask.package.id, deed.level)
    return receipt_refusals(ask.package, deed.level, handover, Letter(deed.receipt_no))


def _of_announcement(ask: _Ask, deed: Announce) -> Iterator[Refusal]:
    if deed.closes_on is not None and deed.closes_on < ask.act.day:
        yield Refusal("exchange.closing_day", "7-17", facts={"day": deed.closes_on})


def _of_allotment(ask: _Ask, deed: Allot) -> Iterator[Refusal]:
    proposal = ask.found.proposal
    if proposal is None:
        return
    yield from allocation_refusals(proposal, ask.act.day)
    given = {request: frozenset(items) for request, items in deed.given.items()}
    if given != proposal.given:
        yield Refusal("exchange.proposal_changed", "7-17")


def _of_delivery(ask: _Ask, deed: Deliver | Release) -> Iterator[Refusal]:
    found = next((one for one in ask.found.detail.handovers if one.package.id == deed.delivery), None)
    if found is None or found.package.kind is not DisposalKind.EXCHANGE or found.destination is None:
        yield Refusal("directive.no_package")
    elif found.package.state is DisposalState.FINISHED:
        yield Refusal("exchange.delivered", "7-15")
    elif isinstance(deed, Deliver):
        rows = [row for row in ask.found.detail.rows if row.gone_to == deed.delivery]
        yield from delivery_refusals(found.package, found.destination, rows, ask.act.day)
    elif found.package.state is not DisposalState.PACKED:
        yield Refusal("exchange.delivery_released", "7-16")


def _of_declining(ask: _Ask, deed: Decline) -> Iterator[Refusal]:
    found = next((one for one in ask.found.detail.requests if one.id == deed.request), None)
    if found is None:
        yield Refusal("directive.no_wish")
    elif found.state is not ExchangeRequestState.WAITING:
        yield Refusal("exchange.request_over", "7-17", facts={"state": found.state.value})
    elif not deed.remark:
        yield Refusal("reason.required")


def _of_sending(ask: _Ask, _: SendOn) -> Iterator[Refusal]:
    return unserved(ask.here, ask.package, ask.act.day)


def _of_storing(ask: _Ask, deed: Store) -> Iterator[Refusal]:
    yield from unserved(ask.here, ask.package, ask.act.day)
    yield from storing_refusals(ask.package, deed.letter_no, ask.act.day, ask.months)


def _of_redirecting(ask: _Ask, deed: Redirect) -> Iterator[Refusal]:
    known = {row.barcode: row for row in ask.found.detail.rows if row.gone_to is None}
    yield from named(deed.items)
    for item in deed.items:
        if item not in known:
            yield Refusal("exchange.not_in_package", "7-1", facts={"item": item})
    yield from on_the_shelf([known[item] for item in deed.items if item in known])


def _of_recycling(ask: _Ask, deed: Recycle) -> Iterator[Refusal]:
    return recycling_refusals(Recycling(deed.centre, deed.weight_g), len(ask.found.left))


def _of_proceeds(ask: _Ask, deed: PayIn) -> Iterator[Refusal]:
    handover = recycled(ask.here, ask.package)
    if handover is None:
        yield stage_refusal(ask.package.stage, Step.PROCEEDS)
    paid = Proceeds(deed.amount, deed.paid_on, deed.receipt_no, deed.notice_no, deed.notice_on)
    yield from proceeds_refusals(paid, handover, ask.act.day)


CHECKS: Mapping[type[ExchangeDeed], Callable[[_Ask, Any], Iterator[Refusal]]] = MappingProxyType(
    {
        Receive: _of_receipt,
        Announce: _of_announcement,
        Allot: _of_allotment,
        Deliver: _of_delivery,
        Release: _of_delivery,
        Decline: _of_declining,
        SendOn: _of_sending,
        Store: _of_storing,
        Redirect: _of_redirecting,
        Recycle: _of_recycling,
        PayIn: _of_proceeds,
    }
)
