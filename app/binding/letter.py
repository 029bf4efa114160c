"""The letter that a request goes to the head of the county with (002 م13-4), made from what is kept of the request: the
same facts give the same paper, whenever it is asked for."""

import datetime as dt
import uuid
from dataclasses import dataclass

from app.binding import reads
from app.binding.queries import paper_of
from app.binding.rules import Step, step_refusals
from app.library import BranchFacts, Library
from app.outcome import NotFound, Refused, Sought
from app.staff.offices import Position, officers_on


@dataclass(frozen=True, slots=True)
class CoverLetter:
    """What the letter says. `number` and `requested_on` are those of the form, which has so many `copies` on so many
    `pages`; `letter_no` and `letter_on` are None until they are noted. `signer` headed the branch on the day of the
    letter, or of the form until then; empty where nobody is named."""

    branch: BranchFacts
    number: str
    requested_on: dt.date
    copies: int
    pages: int
    letter_no: str | None
    letter_on: dt.date | None
    signer: str


def cover_letter(library: Library, request_id: uuid.UUID) -> CoverLetter | Refused | NotFound:
    """The letter of a request; refused for a draft, which has no form to send, and for one that was given up."""
    with library.store.read() as reader:
        request = reader.one(reads.REQUEST, request=request_id)
        if request is None:
            return NotFound(Sought.BINDING, str(request_id))
        form = paper_of(reader, request.document_id)
        refused = tuple(step_refusals(request.state, Step.LETTER))
        if refused or form is None or request.requested_on is None:
            return Refused(refused)
        day = request.letter_on or request.requested_on
        return CoverLetter(
            library.branch, request.written, request.requested_on, len(reads.rows_of(reader, request.id)),
            form.pages or 1, request.letter_no, request.letter_on,
            officers_on(reader, day).get(Position.BRANCH_HEAD, ""),
        )  # fmt: skip
