"""Lending from the van: the loan is due when the van comes again (004 الف-2)."""

import uuid
from dataclasses import replace

from app.actions import Action
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.outcomes import CheckoutOutcome
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.routes import reads
from db.act import Act
from db.codes import Channel


def lend_at_stop(
    library: Library, request: CheckoutRequest, stop_id: uuid.UUID, act: Act
) -> "CheckoutOutcome | Refused":
    """Lend a copy at a stop, with every check of the desk. A due date set by hand stands; a stop that the van does not
    visit any more gives none, and the policy decides."""
    forbidden = library.forbids(act, Action.TRAVEL)
    if forbidden:
        return Refused(forbidden)
    with library.store.read() as reader:
        stop = reads.stop(reader, stop_id)
        due_on = reads.due_at_stop(reader, stop, library.calendar, request.day(act.day)) if stop else None
    if stop is None:
        return NotFound(Sought.STOP, str(stop_id))
    asked = replace(request, channel=Channel.VAN, stop_id=stop_id, due_by_visit=due_on)
    return check_out(library, asked, act)
