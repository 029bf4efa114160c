"""«با چه قاعده‌ای؟»: which row of which version decided a loan, and how its due date came about, step by step.

The steps are data; `words` says each of them to a person. A due date is taken apart by asking `due_date` again without
the calendar, the hard due dates and the membership, so that it is explained by what decides it and by nothing else.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from app.calendar.rules import Calendar, due_date, later
from app.circulation import reads
from app.circulation.facts import HoldFacts, ItemFacts, LoanFacts, MemberFacts
from app.circulation.rules import waits_for
from app.library import Library
from app.outcome import NotFound, Sought
from app.persian import jalali
from app.persian.digits import number
from app.policy.choices import DaysMode
from app.policy.notation import told
from app.policy.parameters import PARAMETERS
from app.policy.stored import policy_of_version
from app.policy.table import ANY, PolicyRow, PolicyTable, Terms
from db.codes import Channel
from db.frozen import Frozen
from db.models.circulation import Loan
from db.models.library import CalendarDay, MovedDate
from db.reading import Reader

MOST_NAMED = 10
"""So many closed days are named one by one."""


class StepKind(StrEnum):
    """What a step of the way to a due date is about."""

    START = "start"
    PERIOD = "period"
    CLOSED = "closed"
    HIGH_HOLDS = "high_holds"
    HARD_DUE = "hard_due"
    MEMBERSHIP = "membership"
    ONSITE = "onsite"
    NO_PERIOD = "no_period"
    RECORDED = "recorded"
    MOVED = "moved"
    RENEWED = "renewed"


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day the library is closed, and why: the name of the holiday, or of the weekday."""

    day: dt.date
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `day` is the date reached with it, None where there is none.

    `parameter` and `rule` name what decides («days_mode», «*/*»); `value` is that parameter's value in words. `closed`
    are the days that made a difference; `limit` is the date that binds (hard due date, end of membership, the former
    due date of a closure, the day of a renewal); `count` are holds or renewals.
    """

    kind: StepKind
    day: dt.date | None
    parameter: str = ""
    rule: str = ""
    value: str = ""
    closed: tuple[ClosedDay, ...] = ()
    limit: dt.date | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Why:
    """The rules behind one loan: those that decided it then (`loan_id`), or would decide now (`loan_id` None).

    `rule` is the key of the row that gave the period. `terms` and `row` are None where that version is not stored here
    (a loan of another branch); `due_on` None: nothing would be lent.
    """

    loan_id: uuid.UUID | None
    reader_name: str
    title: str
    barcode: str
    category: str
    item_type: str
    version: int
    policy_title: str
    effective_from: dt.date | None
    rule: str
    row: PolicyRow | None
    terms: Terms | None
    due_on: dt.date | None
    steps: tuple[Step, ...]


LOAN_BY_ID = Frozen(
    sa.select(*reads.LOAN_COLUMNS).where(Loan.id == sa.bindparam("key"), Loan.deleted_at.is_(None)), LoanFacts
)
MOVES = Frozen(
    sa.select(MovedDate.was, MovedDate.became, CalendarDay.day, CalendarDay.name)
    .join(CalendarDay, CalendarDay.id == MovedDate.calendar_day_id)
    .where(MovedDate.entity == "loan", MovedDate.row_id == sa.bindparam("loan"), MovedDate.deleted_at.is_(None))
    .order_by(MovedDate.id),
    lambda was, became, day, name: Step(
        StepKind.MOVED, became, closed=(ClosedDay(day, name),), limit=was
    ),
)  # fmt: skip


def explain_loan(library: Library, loan_id: uuid.UUID) -> Why | NotFound:
    """What decided a loan, open or returned: the version and row it remembers, and the way to its due date.

    The calendar and the membership are those of today; where they give another date than was recorded, a step says so.
    """
    with library.store.read() as reader:
        loan = reader.one(LOAN_BY_ID, key=loan_id)
        item = None if loan is None else reader.one(reads.BY_ITEM_ID, key=loan.item_id)
        if loan is None or item is None:
            return NotFound(Sought.ITEM, str(loan_id))
        return _of_loan(library, reader, loan, item)


def explain_item(library: Library, item_key: str) -> Why | NotFound:
    """What decided the open loan of a copy; `NotFound` for a copy nobody has."""
    with library.store.read() as reader:
        item = reads.find_item(reader, item_key)
        loan = None if item is None else reads.open_loan_of(reader, item)
        if item is None or loan is None:
            return NotFound(Sought.ITEM, item_key)
        return _of_loan(library, reader, loan, item)


def explain_next(library: Library, member_key: str, item_key: str) -> Why | NotFound:
    """What would decide today for a reader and a copy, whatever else may speak against the loan."""
    with library.store.read() as reader:
        item = reads.find_item(reader, item_key)
        if item is None:
            return NotFound(Sought.ITEM, item_key)
        member = reads.find_member(reader, member_key)
        if member is None:
            return NotFound(Sought.MEMBER, member_key)
        day = library.clock.read().day
        holds = reader.all(reads.QUEUE, title=item.title_id)
    terms = library.terms(member.category, item.item_type)
    steps = due_steps(
        day, terms, library.calendar, expires_on=member.expires_on, waiting=_waiting(holds, member, item, day)
    )
    return _why(None, member, item, library.policy, terms, terms.loan_rule, steps)


def due_steps(
    start: dt.date, terms: Terms, calendar: Calendar, *, expires_on: dt.date | None = None, waiting: int = 0
) -> tuple[Step, ...]:
    """The way from the day of the loan to its due date. `waiting`: how many others wait for the title. Pure."""
    first = Step(StepKind.START, start)
    period = terms.loan_period
    if period is None or due_date(start, terms, calendar) is None:
        return (first, Step(StepKind.NO_PERIOD, None, period or "", terms.decided_by(period) if period else ""))
    short = _short_period(terms, waiting)
    steps = _bounded(start, terms, calendar, expires_on, None)
    if short is not None:
        hurried = _bounded(start, terms, calendar, expires_on, short)
        if (hurried[-1].day or start) < (steps[-1].day or start):
            said = _said(terms, "high_holds_days")
            steps = [Step(StepKind.HIGH_HOLDS, hurried[0].day, *said, count=waiting), *hurried[1:]]
    return (first, *steps)


def words(step: Step) -> str:
    """The step as a sentence."""
    day = jalali.long(step.day) if step.day else ""
    limit = jalali.day_month_year(step.limit) if step.limit else ""
    sentences = {
        StepKind.START: f"امانت از {day} آغاز می‌شود.",
        StepKind.PERIOD: f"مدت امانت {step.value} است: تا {day}.",
        StepKind.CLOSED: f"{_closed_words(step)} سررسید: {day}.",
        StepKind.HIGH_HOLDS: f"{number(step.count)} نفر در صف‌اند؛ مدت امانت {step.value} می‌شود: تا {day}.",
        StepKind.HARD_DUE: f"تاریخ قطعی {limit} سررسید را تعیین می‌کند: {day}.",
        StepKind.MEMBERSHIP: f"عضویت تا {limit} است و سررسید از آن نمی‌گذرد: {day}.",
        StepKind.ONSITE: "استفاده در محل است و همان روز پس داده می‌شود.",
        StepKind.NO_PERIOD: "هیچ ردیفی مدت امانت نمی‌دهد؛ امانت داده نمی‌شود.",
        StepKind.RECORDED: f"هنگام امانت، سررسید {day} ثبت شده است: دستی، شبانه یا برای بازدید کتابخانهٔ سیار "
        "نوشته شده، یا تعطیلی‌ها و عضویت پس از آن تغییر کرده است.",
        StepKind.MOVED: f"{_closed_words(step)} سررسید از {limit} به {day} رفت.",
        StepKind.RENEWED: f"{number(step.count)} بار تمدید شده است، آخرین بار در {limit}: تا {day}.",
    }
    return sentences[step.kind]


def closed_name(calendar: Calendar, day: dt.date) -> str:
    """Why the library is closed that day: the name of the closure, or the weekday."""
    return calendar.closed_days.get(day) or ("بسته شدن ناگهانی" if day in calendar.emergency_days else _weekday(day))


def _of_loan(library: Library, reader: Reader, loan: LoanFacts, item: ItemFacts) -> Why:
    member = reader.one(reads.BY_MEMBER_ID, key=loan.member_id) if loan.member_id else None
    table = policy_of_version(reader, loan.policy_version)
    terms = None if table is None else _terms_then(table, library, loan, member, item)
    steps = [*_made(loan, terms, library.calendar, member), *reader.all(MOVES, loan=loan.id)]
    if loan.renewals:
        steps.append(Step(StepKind.RENEWED, loan.due_on, limit=loan.renewed_on, count=loan.renewals))
    return _why(loan, member, item, table or loan.policy_version, terms, loan.policy_row, steps)


def _why(
    loan: LoanFacts | None, member: MemberFacts | None, item: ItemFacts, table: PolicyTable | int, terms: Terms | None,
    rule: str, steps: Sequence[Step],
) -> Why:  # fmt: skip
    stored = table if isinstance(table, PolicyTable) else None
    return Why(
        loan_id=loan.id if loan else None,
        reader_name=member.name if member else "",
        title=item.title,
        barcode=item.barcode,
        category=member.category if member else ANY,
        item_type=item.item_type,
        version=table if isinstance(table, int) else table.version,
        policy_title=stored.title if stored else "",
        effective_from=stored.effective_from if stored else None,
        rule=rule,
        row=_row_of(stored, rule, terms) if stored else None,
        terms=terms,
        due_on=loan.due_on if loan else steps[-1].day,
        steps=tuple(steps),
    )


def _terms_then(
    table: PolicyTable, library: Library, loan: LoanFacts, member: MemberFacts | None, item: ItemFacts
) -> Terms:
    """The terms of that version. A reader who has changed category, or a copy its type, is read by the row that the
    loan remembers."""
    branch = library.branch.name
    terms = table.resolve(branch, member.category if member else ANY, item.item_type)
    if terms.loan_rule == loan.policy_row:
        return terms
    row = next((row for row in table.rows if row.key == loan.policy_row), None)
    return terms if row is None else table.resolve(branch, row.category, row.item_type)


def _row_of(table: PolicyTable, rule: str, terms: Terms | None) -> PolicyRow | None:
    """Of the rows that share a key the one that gave the period."""
    deciding = terms.row(terms.loan_period) if terms is not None and terms.loan_period else None
    if deciding is not None and deciding.key == rule:
        return deciding
    return next((row for row in table.rows if row.key == rule), None)


def _made(loan: LoanFacts, terms: Terms | None, calendar: Calendar, member: MemberFacts | None) -> list[Step]:
    """The way to the first due date of a loan. How many waited then is not on record: the short period of a long queue
    is taken as the reason where it gives just the recorded day."""
    start, due_on = Step(StepKind.START, loan.out_on), loan.first_due_on
    if loan.channel is Channel.ONSITE:
        return [start, Step(StepKind.ONSITE, due_on)]
    if terms is None:
        return [start, Step(StepKind.RECORDED, due_on)]
    expires_on = member.expires_on if member else None
    over = terms.limit("high_holds_over")
    ways = [due_steps(loan.out_on, terms, calendar, expires_on=expires_on)]
    if over is not None:
        ways.append(due_steps(loan.out_on, terms, calendar, expires_on=expires_on, waiting=over + 1))
    for steps in ways:
        if steps[-1].day == due_on:
            return list(steps)
    return [*ways[0], Step(StepKind.RECORDED, due_on)]


def _bounded(
    start: dt.date, terms: Terms, calendar: Calendar, expires_on: dt.date | None, days: int | None
) -> list[Step]:
    """Period, calendar, hard due date, membership: each one that makes a difference. `days`: instead of the period."""
    free = terms.but(hard_due=None)
    ways = {
        StepKind.PERIOD: due_date(
            start, free.but(days_mode=DaysMode.IGNORE_CALENDAR.value), calendar, days=days
        ),
        StepKind.CLOSED: due_date(start, free, calendar, days=days),
        StepKind.HARD_DUE: due_date(start, terms, calendar, days=days),
        StepKind.MEMBERSHIP: due_date(start, terms, calendar, days=days, expires_on=expires_on),
    }  # fmt: skip
    steps: list[Step] = []
    for kind, day in ways.items():
        if not steps or day != steps[-1].day:
            before = steps[-1].day if steps else None
            steps.append(_step(kind, (start, before or start, day or start), terms, calendar, expires_on))
    return steps


def _step(
    kind: StepKind, days: tuple[dt.date, dt.date, dt.date], terms: Terms, calendar: Calendar, expires_on: dt.date | None
) -> Step:
    start, before, day = days
    match kind:
        case StepKind.CLOSED:
            counted = terms.choice("days_mode") == DaysMode.COUNT_OPEN_DAYS
            closed = tuple(
                _closed_between(calendar, later(start, 1) if counted else min(before, day), max(before, day))
            )
            return Step(kind, day, *_said(terms, "days_mode"), closed=closed)
        case StepKind.HARD_DUE:
            return Step(kind, day, *_said(terms, "hard_due"), limit=_hard_due(start, terms) or day)
        case StepKind.MEMBERSHIP:
            return Step(kind, day, *_said(terms, "cap_at_membership_expiry"), limit=expires_on)
        case _:
            return Step(kind, day, *_said(terms, terms.loan_period or ""))


def _hard_due(start: dt.date, terms: Terms) -> dt.date | None:
    """The date that binds loans begun on `start`: the earliest of those whose term it falls in."""
    for hard in terms.hard_dues():
        if (hard.starts or start) <= start <= min(hard.ends or start, hard.due):
            return hard.due
    return None


def _said(terms: Terms, name: str) -> tuple[str, str, str]:
    """Parameter, row and value in words."""
    return name, terms.decided_by(name), told(PARAMETERS[name], terms.value(name))


def _closed_between(calendar: Calendar, first: dt.date, last: dt.date) -> Iterator[ClosedDay]:
    named = 0
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = dt.date.fromordinal(ordinal)
        if not calendar.is_open(day):
            yield ClosedDay(day, closed_name(calendar, day))
            named += 1
        if named == MOST_NAMED:
            return


def _closed_words(step: Step) -> str:
    named = "، ".join(f"{jalali.day_month(closed.day)} ({closed.name})" for closed in step.closed)
    return f"{named} تعطیل است؛ {step.value}." if step.value else f"{named} تعطیل شد؛"


def _weekday(day: dt.date) -> str:
    return f"{jalali.weekday_name(day)}‌ها بسته است"


def _short_period(terms: Terms, waiting: int) -> int | None:
    over = terms.limit("high_holds_over")
    return terms.limit("high_holds_days") if over is not None and waiting > over else None


def _waiting(holds: Sequence[HoldFacts], member: MemberFacts, item: ItemFacts, day: dt.date) -> int:
    return sum(hold.member_id != member.id and waits_for(hold, item, day) for hold in holds)
