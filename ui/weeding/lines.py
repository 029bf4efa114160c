"""Rows of the bench read from the store: the copies on a draft, and one copy that was scanned to be looked at."""

import datetime as dt

from app.library import Library
from app.weeding.bench import use_of, use_on_minutes
from app.weeding.explain import grounds
from app.weeding.facts import Proposal
from app.weeding.reads import draft_of, find_copy, house_of, rows_of
from app.weeding.rules import ARTICLES, proposal_refusals
from db.codes import WeedingReason
from db.reading import Reader
from ui.weeding.rows import WorkLine, copy_line, stored_line


def draft_lines(reader: Reader, reason: WeedingReason, today: dt.date) -> list[WorkLine]:
    """The copies on the draft of a reason, the newest first."""
    draft = draft_of(reader, reason)
    if draft is None:
        return []
    uses = use_on_minutes(reader, draft.id, today)
    return [stored_line(row, uses.get(row.item_id)) for row in reversed(rows_of(reader, draft.id))]


def sought_line(library: Library, reader: Reader, code: str, reason: WeedingReason, today: dt.date) -> WorkLine | None:
    """A copy by its number, as it stands towards minutes of this reason; None for a number nobody knows."""
    copy = find_copy(reader, code)
    if copy is None:
        return None
    draft, use = draft_of(reader, reason), use_of(reader, copy.id, today)
    if draft is not None and copy.on_minutes_id == draft.id:
        row = next(row for row in rows_of(reader, draft.id) if row.item_id == copy.id)
        return stored_line(row, use)
    against = tuple(proposal_refusals(copy, Proposal(reason), house_of(library), today))
    return copy_line(copy, use, grounds(copy, reason, today), against, ARTICLES[reason])
