"""What waits to be done at the desk, counted for the card of the day."""

import datetime as dt

from app.circulation.holds.queries import pull_list
from app.duties.queries import duties_on
from app.duties.rules import DutyWeight
from app.library import Library
from app.nightly.queries import last_nights
from app.notices.calls import call_list
from app.notices.cases import due_notices
from ui.circulation.day_card import Waiting


def read_waiting(library: Library, today: dt.date) -> Waiting:
    """Count what waits. It looks through whole lists, so it is done beside the desk."""
    with library.store.read() as reader:
        return Waiting(
            len(pull_list(library, reader, today)),
            sum(one.is_due(today) for one in call_list(library, reader, today)),
            len(due_notices(reader)),
            last_nights(reader).words,
            sum(duty.weight is DutyWeight.LATE for duty in duties_on(library, reader, today)),
        )
