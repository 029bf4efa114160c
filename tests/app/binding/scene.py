"""What the tests of binding share: the steps of a request, each expected to succeed, and printers without paper."""

import uuid
from typing import Any

from app.binding.facts import RequestFacts
from app.binding.paper import BindingPaper
from app.binding.receiving import BackFromBindery, receive_copy
from app.binding.sending import Dispatched, Sending, dispatch
from app.binding.service import AddedToRequest, Requested, add_to_request, finalise
from app.library import Library
from app.outcome import Refused
from app.papers import Printed
from app.refusal import NO_ANSWER, Answer
from db.codes import BindingOutcome
from db.models.collection import BindingRequest
from tests.library import ACopy, act, row


def plain_printer(paper: BindingPaper) -> Printed:
    """The facts as text: the same facts give the same bytes."""
    lines = [f"{paper.number} {paper.day} {paper.chain_head} {paper.draft} {dict(paper.officers)}"]
    lines += [f"{copy.position} {copy.title} {copy.accession_no}" for copy in paper.rows]
    text = "\n".join(lines).encode()
    return Printed(pdf=b"%PDF " + text, xlsx=b"PK " + text, pages=1)


class PowerCutError(Exception):
    """The light goes out."""


def dying_printer(_: BindingPaper) -> Printed:
    """A power cut between number and paper."""
    raise PowerCutError


def listed(library: Library, *copies: ACopy, work: str | None = None) -> AddedToRequest:
    """Put copies on the draft."""
    outcomes = [add_to_request(library, copy.barcode, act(library), work) for copy in copies]
    for outcome in outcomes:
        assert isinstance(outcome, AddedToRequest), outcome
    last = outcomes[-1]
    assert isinstance(last, AddedToRequest)
    return last


def requested(library: Library, *copies: ACopy) -> Requested:
    """A request with its number."""
    if copies:
        listed(library, *copies)
    outcome = finalise(library, plain_printer, act(library))
    assert isinstance(outcome, Requested), outcome
    return outcome


def sent(library: Library, *copies: ACopy, answer: Answer = NO_ANSWER, **sending: Any) -> Dispatched:
    """A request whose books are away."""
    outcome = dispatch(library, requested(library, *copies).request_id, Sending(**sending), act(library), answer)
    assert isinstance(outcome, Dispatched), outcome
    return outcome


def back(
    library: Library,
    copy: ACopy,
    outcome: BindingOutcome = BindingOutcome.BOUND,
    cost: int | None = None,
    **how: Any,
) -> BackFromBindery:
    """A copy that comes back."""
    received = receive_copy(library, copy.barcode, outcome, act(library), cost, **how)
    assert isinstance(received, BackFromBindery), received
    return received


def refused(outcome: object) -> list[str]:
    """The codes of a refusal."""
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


def stored(library: Library, request: RequestFacts | uuid.UUID) -> Any:
    """A request as it stands in the store."""
    return row(library, BindingRequest, request if isinstance(request, uuid.UUID) else request.id)
