"""What the librarian decides about a candidate that is not put on minutes: later, to the bindery, or it stays (002
م5-2: with who decided it, when and why)."""

import datetime as dt
import uuid
from dataclasses import dataclass

from app.actions import Action
from app.calendar.rules import add_months
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from app.weeding import reads
from db.act import Act
from db.codes import CandidateDecision, WeedingReason
from db.models.collection import CandidateNote

LONGEST_REMARK = 500


@dataclass(frozen=True, slots=True)
class Noted:
    """The copy is no candidate of this reason before `until`; without such a day it is none for good."""

    note_id: uuid.UUID
    item_id: uuid.UUID
    reason: WeedingReason
    decision: CandidateDecision
    until: dt.date | None


def note_candidate(
    library: Library,
    item_key: str,
    reason: WeedingReason,
    decision: CandidateDecision,
    act: Act,
    remark: str | None = None,
    until: dt.date | None = None,
) -> Noted | Refused | NotFound:
    """Keep a decision about a candidate. The newest one of a copy and reason counts; proposing stays possible.

    Where no day is named, «later» is in a season (002 م7-3), a copy sent to the bindery comes up again after the month
    that the bindery has (م13-7), and what stays stays for good.
    """
    with library.store.write() as tx:
        copy = reads.find_copy(tx, item_key)
        if copy is None:
            return NotFound(Sought.ITEM, item_key)
        until = until or _until(library, decision, act.day)
        refused = library.forbids(act, Action.WEED)
        if until is not None and until <= act.day:
            refused = (*refused, Refusal("weeding.note_past", facts={"day": until}))
        if refused:
            return Refused(refused)
        note_id = tx.insert(
            CandidateNote, item_id=copy.id, reason=reason, decision=decision,
            remark=clean(remark, LONGEST_REMARK) or None if remark else None, until=until, at=act.at,
            author_id=act.staff_id,
        )  # fmt: skip
        tx.record("candidate.noted", act)
        return Noted(note_id, copy.id, reason, decision, until)


def _until(library: Library, decision: CandidateDecision, today: dt.date) -> dt.date | None:
    terms = library.guideline.terms
    months = {
        CandidateDecision.LATER: terms.season_months,
        CandidateDecision.TO_BINDING: terms.binding_months,
    }
    return add_months(today, months[decision]) if decision in months else None
