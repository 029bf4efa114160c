"""«با چه قاعده‌ای؟»: the row of the version that decided, and the way to the due date."""

import datetime as dt
import uuid
from typing import Any

import pytest

from app.calendar.rules import Calendar
from app.circulation.explain import Step, StepKind, Why, due_steps, explain_item, explain_loan, explain_next, words
from app.circulation.renewal import renew_item
from app.library import Library
from app.outcome import NotFound, Sought
from db.codes import Channel
from db.models.circulation import Loan
from db.models.library import CalendarDay, MovedDate
from tests.app.circulation.facts import TODAY, days, terms
from tests.library import (
    ACopy,
    AMember,
    act,
    add_copy,
    add_member,
    change,
    lend,
    pass_days,
    place_hold,
    put_policy,
    take_back,
)

FRIDAY = dt.date(2026, 12, 11)  # جمعه ۲۰ آذر ۱۴۰۵
K = StepKind
CALENDAR = Calendar(
    weekly_closed=frozenset({6}),
    closed_days={dt.date(2026, 12, 12): "تعطیلی برف"},
    emergency_days=frozenset({dt.date(2026, 12, 13)}),
)


def way(start: dt.date = TODAY, calendar: Calendar = CALENDAR, **values: Any) -> list[tuple[StepKind, dt.date | None]]:
    extra = {name: values.pop(name) for name in ("expires_on", "waiting") if name in values}
    return [(step.kind, step.day) for step in due_steps(start, terms(**values), calendar, **extra)]


def why(found: Why | NotFound) -> Why:
    assert isinstance(found, Why), found
    return found


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"loan_days": 14}, [(K.START, TODAY), (K.PERIOD, days(14))]),
        (
            {"loan_days": 20, "calendar": Calendar(frozenset({6}))},
            [(K.START, TODAY), (K.PERIOD, FRIDAY), (K.CLOSED, days(21))],
        ),
        ({"loan_days": 20}, [(K.START, TODAY), (K.PERIOD, FRIDAY), (K.CLOSED, days(23))]),
        ({"loan_days": 20, "days_mode": "ignore_calendar"}, [(K.START, TODAY), (K.PERIOD, FRIDAY)]),
        (
            {"loan_days": 20, "days_mode": "previous_open"},
            [(K.START, TODAY), (K.PERIOD, FRIDAY), (K.CLOSED, days(19))],
        ),
        (
            {"loan_days": 6, "days_mode": "count_open_days"},
            [(K.START, TODAY), (K.PERIOD, days(6)), (K.CLOSED, days(7))],
        ),
        (
            {"loan_days": 30, "hard_due": "1405/09/19"},
            [(K.START, TODAY), (K.PERIOD, days(30)), (K.HARD_DUE, days(19))],
        ),
        (
            {"loan_days": 30, "cap_at_membership_expiry": True, "expires_on": days(10)},
            [(K.START, TODAY), (K.PERIOD, days(30)), (K.MEMBERSHIP, days(10))],
        ),
        (
            {"loan_days": 30, "high_holds_over": 2, "high_holds_days": 7, "waiting": 3},
            [(K.START, TODAY), (K.HIGH_HOLDS, days(7))],
        ),
        (
            {"loan_days": 30, "high_holds_over": 3, "high_holds_days": 7, "waiting": 3},
            [(K.START, TODAY), (K.PERIOD, days(30))],
        ),
        ({"loan_days": None}, [(K.START, TODAY), (K.NO_PERIOD, None)]),
        ({"loan_days": None, "fixed_due": "1405/01/01"}, [(K.START, TODAY), (K.NO_PERIOD, None)]),
        ({"loan_days": None, "loan_weeks": 2}, [(K.START, TODAY), (K.PERIOD, days(14))]),
    ],
)
def test_each_step_that_makes_a_difference_is_told(facts: dict[str, Any], expected: list[Any]) -> None:
    assert way(**facts) == expected


def test_closed_days_are_named_by_holiday_closure_or_weekday() -> None:
    closed = due_steps(TODAY, terms(loan_days=20), CALENDAR)[-1]
    assert [(one.day, one.name) for one in closed.closed] == [
        (FRIDAY, "جمعه‌ها بسته است"),
        (dt.date(2026, 12, 12), "تعطیلی برف"),
        (dt.date(2026, 12, 13), "بسته شدن ناگهانی"),
    ]
    assert words(closed) == (
        "۲۰ آذر (جمعه‌ها بسته است)، ۲۱ آذر (تعطیلی برف)، ۲۲ آذر (بسته شدن ناگهانی) تعطیل است؛ "
        "به نخستین روز کاری بعد برود. سررسید: دوشنبه ۲۳ آذر ۱۴۰۵."
    )


def test_a_calendar_that_never_opens_ends_the_explanation_too() -> None:
    never = Calendar(weekly_closed=frozenset(range(7)))
    assert way(calendar=never, loan_days=14) == [(K.START, TODAY), (K.PERIOD, days(14))]


@pytest.mark.parametrize("kind", StepKind)
def test_every_step_has_a_persian_sentence(kind: StepKind) -> None:
    told = words(Step(kind, TODAY, value="۱۴ روز", limit=days(3), count=2))
    assert told.endswith(".")
    assert not any("0" <= char <= "9" for char in told)


def test_a_loan_tells_the_version_and_row_that_decided_it_then(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 20, "name": "پایه", "source": "آیین‌نامه", "article": "م ۳"})
    loan = lend(library, member, copy)
    put_policy(library, {"loan_days": 3})
    found = why(explain_loan(library, loan.loan_id))
    assert (found.version, found.rule, found.due_on) == (2, "*/*", loan.due_on)
    assert found.row is not None
    assert (found.row.name, found.row.source, found.row.article) == ("پایه", "آیین‌نامه", "م ۳")
    assert found.terms is not None
    assert found.terms["loan_days"] == 20
    assert [step.kind for step in found.steps] == [K.START, K.PERIOD, K.CLOSED]
    assert found.steps[-1].day == loan.due_on
    assert why(explain_item(library, copy.barcode)) == found
    assert why(explain_next(library, add_member(library).card, copy.barcode)).due_on == days(3)


def test_a_returned_loan_is_explained_but_no_longer_by_its_copy(library: Library, member: AMember, copy: ACopy) -> None:
    loan = lend(library, member, copy)
    take_back(library, copy)
    assert why(explain_loan(library, loan.loan_id)).loan_id == loan.loan_id
    assert explain_item(library, copy.barcode) == NotFound(Sought.ITEM, copy.barcode)


def test_a_reader_who_changed_category_is_explained_by_the_row_of_then(library: Library, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14}, {"category": "child", "loan_days": 7})
    child = add_member(library, "child")
    loan = lend(library, child, copy)
    from db.models.members import Member

    change(library, Member, child.id, category="ordinary")
    found = why(explain_loan(library, loan.loan_id))
    assert (found.rule, found.category) == ("child/*", "ordinary")
    assert found.terms is not None
    assert found.terms["loan_days"] == 7


def test_a_date_set_by_hand_is_told_as_recorded(library: Library, member: AMember, copy: ACopy) -> None:
    loan = lend(library, member, copy, due_on=days(5))
    steps = why(explain_loan(library, loan.loan_id)).steps
    assert [(step.kind, step.day) for step in steps] == [
        (K.START, TODAY), (K.PERIOD, days(14)), (K.RECORDED, days(5))
    ]  # fmt: skip


def test_use_in_the_hall_is_due_the_same_day(library: Library, member: AMember, copy: ACopy) -> None:
    loan = lend(library, member, copy, channel=Channel.ONSITE)
    steps = why(explain_loan(library, loan.loan_id)).steps
    assert [(step.kind, step.day) for step in steps] == [(K.START, TODAY), (K.ONSITE, TODAY)]


def test_renewals_and_moved_dates_follow_the_first_due_date(library: Library, member: AMember, copy: ACopy) -> None:
    loan = lend(library, member, copy)
    _move(library, loan.loan_id, loan.due_on, loan.due_on + dt.timedelta(1))
    pass_days(library, 4)
    renew_item(library, copy.barcode, act(library))
    steps = why(explain_loan(library, loan.loan_id)).steps
    assert [step.kind for step in steps] == [K.START, K.PERIOD, K.MOVED, K.RENEWED]
    assert words(steps[2]) == "۱۴ آذر (برف) تعطیل شد؛ سررسید از ۱۴ آذر ۱۴۰۵ به یکشنبه ۱۵ آذر ۱۴۰۵ رفت."
    assert words(steps[3]).startswith("۱ بار تمدید شده است، آخرین بار در ۴ آذر ۱۴۰۵")


def test_a_long_queue_shortens_the_next_loan_and_says_so(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 20, "high_holds_over": 1, "high_holds_days": 5})
    for place in (1, 2):
        place_hold(library, add_member(library), copy, place)
    steps = why(explain_next(library, member.card, copy.barcode)).steps
    assert [(step.kind, step.day, step.count) for step in steps[1:]] == [(K.HIGH_HOLDS, days(5), 2)]


def test_a_version_that_is_not_stored_here_leaves_the_recorded_date(
    library: Library, member: AMember, copy: ACopy
) -> None:
    loan = lend(library, member, copy)
    change(library, Loan, loan.loan_id, policy_version=77, policy_row="x/y")
    found = why(explain_loan(library, loan.loan_id))
    assert (found.version, found.rule, found.row, found.terms) == (77, "x/y", None, None)
    assert [step.kind for step in found.steps] == [K.START, K.RECORDED]


def test_what_is_not_there_is_not_found(library: Library, member: AMember) -> None:
    copy = add_copy(library)
    assert explain_loan(library, uuid.UUID(int=5)) == NotFound(Sought.ITEM, str(uuid.UUID(int=5)))
    assert explain_item(library, "RAF-9") == NotFound(Sought.ITEM, "RAF-9")
    assert explain_next(library, "nobody", copy.barcode) == NotFound(Sought.MEMBER, "nobody")
    assert explain_next(library, member.card, "RAF-9") == NotFound(Sought.ITEM, "RAF-9")


def _move(library: Library, loan: uuid.UUID, was: dt.date, became: dt.date) -> None:
    with library.store.write() as tx:
        day_id = tx.insert(CalendarDay, day=was, kind="emergency", name="برف", certain=True)
        tx.insert(MovedDate, entity="loan", row_id=loan, was=was, became=became, calendar_day_id=day_id)
        tx.record("calendar.closed", act(library))
