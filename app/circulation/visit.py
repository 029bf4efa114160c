"""What was decided for the rest of one reader's visit, so that nobody is asked the same of every book. Pure."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from app.refusal import Answer
from db.act import Act

LENGTH = dt.timedelta(minutes=30)
"""A visit ends so long after the last decision, or when another reader comes."""

# Said of one copy only: each book asks anew.
OF_ONE_COPY = frozenset(
    {
        "item.on_loan", "item.on_loan_same_member", "item.claimed_returned", "item.parts", "item.alert", "item.lost",
        "item.missing", "item.in_binding", "hold.waiting_for_other", "hold.queued_for_other", "due.invalid",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    """A reader at the desk and what one of the staff decided for them until `until`. Every loan keeps what was lifted
    for it, and why."""

    member_id: uuid.UUID
    staff_id: uuid.UUID | None
    answer: Answer
    until: dt.datetime

    def holds_for(self, member_id: uuid.UUID, act: Act) -> bool:
        """Whether it is still this reader's visit, with the same person at the desk."""
        return (member_id, act.staff_id) == (self.member_id, self.staff_id) and act.at <= self.until


def answer_in(visit: Visit | None, member_id: uuid.UUID, own: Answer, act: Act) -> Answer:
    """What was said now, with what was said before and still holds."""
    if visit is None or not visit.holds_for(member_id, act):
        return own
    kept = visit.answer
    return replace(
        own,
        override=own.override | kept.override,
        confirm=own.confirm | kept.confirm,
        reason=own.reason.strip() or kept.reason,
    )


def visit_after(visit: Visit | None, member_id: uuid.UUID, own: Answer, act: Act) -> Visit | None:
    """The visit that goes on after a loan: the one before, the one this answer begins or widens, or none."""
    if not own.remember:
        return visit if visit is not None and visit.holds_for(member_id, act) else None
    whole = answer_in(visit, member_id, own, act)
    kept = Answer(whole.override - OF_ONE_COPY, whole.reason, whole.confirm - OF_ONE_COPY)
    return Visit(member_id, act.staff_id, kept, act.at + LENGTH)
