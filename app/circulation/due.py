"""When a loan is due, whichever way it leaves the library. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.calendar.rules import Calendar, due_date
from app.circulation.facts import HoldFacts, ItemFacts, MemberFacts
from app.circulation.rules import waits_for
from app.policy.table import Terms


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the due date: in the hall, from evening to morning, or the day the van comes again."""

    day: dt.date
    onsite: bool = False
    overnight: bool = False
    visit: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The day a loan is due; None: nothing is lent on these terms. `cut_by_queue`: sooner, because many wait."""

    on: dt.date | None
    cut_by_queue: bool = False


def lending_due(
    asked: Asked, terms: Terms, calendar: Calendar, member: MemberFacts, item: ItemFacts, holds: Sequence[HoldFacts]
) -> Due:
    """In the hall the same day; overnight the next open day; from the van its next visit (004 الف-2), never past the
    membership; else the day of the policy, and shorter where many others wait."""
    day = asked.day
    if asked.onsite:
        return Due(day)
    if asked.overnight:
        return Due(calendar.add_open_days(day, 1))
    if asked.visit is not None:
        return Due(_within_membership(asked.visit, day, member.expires_on, terms, calendar))
    due_on = due_date(day, terms, calendar, expires_on=member.expires_on)
    over, days = terms.limit("high_holds_over"), terms.limit("high_holds_days")
    waiting = sum(hold.member_id != member.id and waits_for(hold, item, day) for hold in holds)
    if due_on is None or over is None or days is None or waiting <= over:
        return Due(due_on)
    sooner = due_date(day, terms, calendar, days=days, expires_on=member.expires_on) or due_on
    return Due(min(due_on, sooner), sooner < due_on)


def _within_membership(visit: dt.date, day: dt.date, ends: dt.date | None, terms: Terms, calendar: Calendar) -> dt.date:
    if ends is None or not day <= ends < visit or not terms.flag("cap_at_membership_expiry"):
        return visit
    return max(day, calendar.previous_open(ends))
