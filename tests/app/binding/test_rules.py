"""Which copy may go, and the life of a request, as tables; each row cites its article (002)."""

import datetime as dt
import uuid
from itertools import product
from typing import Any

import pytest

from app.binding.facts import BindingCopy, RowFacts
from app.binding.rules import (
    MOST_ROWS,
    TRANSITIONS,
    Step,
    changes_status,
    dispatch_refusals,
    due_day,
    finalising_refusals,
    listing_refusals,
    long_away_since,
    otherwise_refusals,
    receipt_refusals,
    step_refusals,
)
from app.guideline.table import Terms
from app.persian.jalali import from_jalali
from app.refusal import Weight
from db.codes import WEEDED, BindingOutcome, BindingState, Condition, ItemStatus

TODAY = dt.date(2026, 11, 21)
MINUTES = uuid.UUID(int=9)


def copy(**fields: Any) -> BindingCopy:
    known: dict[str, Any] = {
        "id": uuid.UUID(int=1), "ver": 1, "title_id": uuid.UUID(int=2), "title": "کلیدر", "main_creator": None,
        "accession_no": 1, "accession_date": TODAY, "barcode": "B1", "volume_no": None, "copy_no": 1,
        "status": ItemStatus.AVAILABLE, "condition": Condition.WORN, "on_minutes_id": None, "kept": False,
    }  # fmt: skip
    return BindingCopy(**known | fields)


def listed(**fields: Any) -> RowFacts:
    known: dict[str, Any] = {
        "id": uuid.UUID(int=3), "ver": 1, "request_id": uuid.UUID(int=4), "position": 1, "item_id": uuid.UUID(int=1),
        "title": "کلیدر", "main_creator": None, "accession_no": 1, "accession_date": TODAY, "barcode": "B1",
        "volume_no": None, "copy_no": 1, "status": ItemStatus.AVAILABLE, "condition": Condition.WORN,
        "on_minutes_id": None, "kept": False, "work": None, "received_on": None, "outcome": None, "cost": None,
    }  # fmt: skip
    return RowFacts(**known | fields)


LISTING: list[tuple[str, str, dict[str, Any], int, list[str]]] = [
    ("13-6", "worn and on its shelf", {}, 0, []),
    ("13-3", "a torn one", {"condition": Condition.DAMAGED}, 0, []),
    ("5-1-الف", "a new one, and so a manuscript: to bind is not to weed", {"condition": Condition.NEW}, 0, []),
    ("13-5", "still being made ready", {"status": ItemStatus.IN_PROCESSING}, 0, []),
    *(("8-1", f"{status}", {"status": status}, 0, ["binding.weeded"]) for status in sorted(WEEDED)),
    ("8-1", "replaced by another", {"status": ItemStatus.REPLACED}, 0, ["binding.weeded"]),
    ("13-5", "with a reader", {"status": ItemStatus.ON_LOAN}, 0, ["binding.on_loan"]),
    ("13-11", "put there by hand", {"status": ItemStatus.IN_BINDING}, 0, ["binding.there_already"]),
    *(
        ("13-5", f"not on its shelf: {status}", {"status": status}, 0, ["binding.not_here"])
        for status in (ItemStatus.MISSING, ItemStatus.LOST, ItemStatus.UNKNOWN, ItemStatus.IN_TRANSIT)
    ),
    ("7-4", "on weeding minutes", {"on_minutes_id": MINUTES}, 0, ["binding.on_minutes"]),
    ("13-5", "on the hold shelf", {"kept": True}, 0, ["binding.kept_for_reader"]),
    ("13-6", "on a request", {"open_state": BindingState.REQUESTED}, 0, ["binding.on_request"]),
    (
        "13-6", "away with a request", {"open_state": BindingState.DISPATCHED, "status": ItemStatus.IN_BINDING}, 0,
        ["binding.on_request"],
    ),
    ("4-1-ج", "given up by the bindery once", {"condition": Condition.UNBINDABLE}, 0, ["binding.given_up"]),
    ("13-6", "the last that fits", {}, MOST_ROWS - 1, []),
    ("13-6", "one too many", {}, MOST_ROWS, ["binding.full"]),
    (
        "7-4", "every reason is told", {"status": ItemStatus.ON_LOAN, "on_minutes_id": MINUTES, "kept": True}, 0,
        ["binding.on_loan", "binding.on_minutes", "binding.kept_for_reader"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "already", "codes"),
    [case[2:] for case in LISTING],
    ids=[f"{article}: {what}" for article, what, *_ in LISTING],
)
def test_which_copy_may_be_listed(facts: dict[str, Any], already: int, codes: list[str]) -> None:
    assert [refusal.code for refusal in listing_refusals(copy(**facts), already)] == codes


def test_only_the_judgement_of_an_earlier_bindery_is_asked_about() -> None:
    """002 م4-1-ج; everything else blocks."""
    refusals = [refusal for _, _, facts, already, _ in LISTING for refusal in listing_refusals(copy(**facts), already)]
    assert {refusal.code for refusal in refusals if refusal.weight is Weight.CONFIRM} == {"binding.given_up"}


def test_every_refusal_names_its_article() -> None:
    refusals = [refusal for _, _, facts, have, _ in LISTING for refusal in listing_refusals(copy(**facts), have)]
    assert all(refusal.rule and refusal.rule.startswith("002 م") for refusal in refusals)


D, R, S, F, C = (
    BindingState.DRAFT,
    BindingState.REQUESTED,
    BindingState.DISPATCHED,
    BindingState.RECEIVED,
    BindingState.CANCELLED,
)
LIFE = {
    (D, Step.LIST): D, (D, Step.STRIKE): D, (D, Step.REQUEST): R, (D, Step.CANCEL): C,
    (R, Step.LETTER): R, (R, Step.DISPATCH): S, (R, Step.CANCEL): C,
    (S, Step.LETTER): S, (S, Step.MARK): S, (S, Step.RECEIVE): S, (S, Step.FINISH): F, (S, Step.BILL): S,
    (F, Step.LETTER): F, (F, Step.BILL): F,
}  # fmt: skip
SAID = {
    D: "binding.is_draft",
    R: "binding.is_requested",
    S: "binding.is_dispatched",
    F: "binding.is_received",
    C: "binding.is_cancelled",
}


@pytest.mark.parametrize(("state", "step"), list(product(BindingState, Step)))
def test_every_state_knows_its_steps_and_refuses_all_others(state: BindingState, step: Step) -> None:
    transition = TRANSITIONS.get((state, step))
    assert (transition.becomes if transition else None) == LIFE.get((state, step))
    codes = [refusal.code for refusal in step_refusals(state, step)]
    assert codes == ([] if transition else [SAID[state]])


def test_a_request_begins_with_its_first_copy_and_every_state_is_reached() -> None:
    reached = {TRANSITIONS[None, Step.LIST].becomes}
    assert [step for step in Step if (None, step) in TRANSITIONS] == [Step.LIST]
    for _ in BindingState:
        reached |= {transition.becomes for (state, _), transition in TRANSITIONS.items() if state in reached}
    assert reached == set(BindingState)


def test_every_step_cites_its_article() -> None:
    assert all(transition.article.startswith("13-") for transition in TRANSITIONS.values())


def test_the_bindery_has_a_jalali_month() -> None:
    """002 م13-7: 31 Shahrivar and a month is the last day of Mehr; a year turns on the way, and 1403 has a day more."""
    assert due_day(from_jalali(1405, 8, 30), Terms()) == from_jalali(1405, 9, 30)
    assert due_day(from_jalali(1405, 6, 31), Terms()) == from_jalali(1405, 7, 30)
    assert due_day(from_jalali(1405, 12, 15), Terms()) == from_jalali(1406, 1, 15)
    assert due_day(from_jalali(1405, 11, 30), Terms()) == from_jalali(1405, 12, 29)
    assert due_day(from_jalali(1403, 11, 30), Terms()) == from_jalali(1403, 12, 30)


def test_two_weeks_change_the_status() -> None:
    """002 م13-11: what was sent fourteen days ago changes today."""
    assert long_away_since(TODAY, Terms()) == TODAY - dt.timedelta(days=14)


@pytest.mark.parametrize(
    ("chosen", "promised", "changes"),
    [
        (None, None, False), (None, 13, False), (None, 14, True), (None, 30, True),
        (True, None, True), (True, 5, True), (False, 30, False), (False, None, False),
    ],
)  # fmt: skip
def test_the_status_changes_by_choice_else_by_the_promise(
    chosen: bool | None, promised: int | None, changes: bool
) -> None:
    """002 م13-11."""
    assert changes_status(chosen, promised, Terms()) is changes


LEAVING = [
    ("all are there", [{}, {}], TODAY, []),
    ("one is with a reader", [{}, {"status": ItemStatus.ON_LOAN}], TODAY, ["binding.stays_behind"]),
    ("one is on minutes since (7-4)", [{}, {"on_minutes_id": MINUTES}], TODAY, ["binding.stays_behind"]),
    ("one is kept for a reader since", [{}, {"kept": True}], TODAY, ["binding.stays_behind"]),
    ("none is there", [{"status": ItemStatus.MISSING}], TODAY, ["binding.nothing_to_send"]),
    ("nothing is on it", [], TODAY, ["binding.nothing_to_send"]),
    ("the day it was requested", [{}], TODAY - dt.timedelta(7), []),
    ("a day ahead", [{}], TODAY + dt.timedelta(1), ["field.invalid"]),
    ("before it was requested", [{}], TODAY - dt.timedelta(8), ["field.invalid"]),
]


@pytest.mark.parametrize(("rows", "day", "codes"), [case[1:] for case in LEAVING], ids=[case[0] for case in LEAVING])
def test_the_books_leave_with_the_request(rows: list[dict[str, Any]], day: dt.date, codes: list[str]) -> None:
    """002 م13-5."""
    found = dispatch_refusals([listed(**row) for row in rows], day, TODAY - dt.timedelta(7), TODAY)
    assert [refusal.code for refusal in found] == codes


HANDED_OVER: list[tuple[str, list[dict[str, Any]], list[str]]] = [
    ("all are there, one still being made ready", [{}, {"status": ItemStatus.IN_PROCESSING}], []),
    ("one was lent since", [{}, {"status": ItemStatus.ON_LOAN}], ["binding.not_all_here"]),
    ("one was weeded since", [{}, {"status": ItemStatus.WEEDED_DUPLICATE}], ["binding.not_all_here"]),
    ("one is on weeding minutes since", [{"on_minutes_id": MINUTES}], ["binding.not_all_here"]),
    ("one is kept for a reader since", [{"kept": True}], ["binding.not_all_here"]),
    ("nothing is listed", [], ["binding.empty"]),
]


@pytest.mark.parametrize(("rows", "codes"), [case[1:] for case in HANDED_OVER], ids=[case[0] for case in HANDED_OVER])
def test_the_form_names_only_what_is_handed_over(rows: list[dict[str, Any]], codes: list[str]) -> None:
    """002 م13-6, پیوست پنج: «تعداد … نسخه کتاب … تحویل شد»."""
    assert [refusal.code for refusal in finalising_refusals([listed(**row) for row in rows])] == codes


def test_three_titles_are_named_of_those_that_are_not_there() -> None:
    rows = [listed(title=title, status=ItemStatus.ON_LOAN) for title in "ابپت"]
    (refusal,) = finalising_refusals(rows)
    assert (refusal.have, refusal.facts["titles"]) == (4, "«ا»، «ب»، «پ»، …")
    (refusal,) = dispatch_refusals([*rows[:2], listed()], TODAY, TODAY, TODAY)
    assert refusal.facts["titles"] == "«ا»، «ب»"


@pytest.mark.parametrize(
    ("came_on", "codes"),
    [
        (TODAY, []), (TODAY - dt.timedelta(7), []),
        (TODAY - dt.timedelta(8), ["binding.back_before_sent"]), (TODAY + dt.timedelta(1), ["field.invalid"]),
    ],
)  # fmt: skip
def test_nothing_comes_back_before_it_was_sent_nor_tomorrow(came_on: dt.date, codes: list[str]) -> None:
    """002 م13-7."""
    assert [refusal.code for refusal in receipt_refusals(came_on, TODAY - dt.timedelta(7), TODAY)] == codes


@pytest.mark.parametrize(
    ("outcome", "facts", "code"),
    [
        (BindingOutcome.UNBINDABLE, {}, "binding.received_otherwise"),
        (BindingOutcome.UNBINDABLE, {"status": ItemStatus.ON_LOAN}, "binding.received_otherwise"),
        (BindingOutcome.LOST, {}, "binding.received_otherwise"),
        (BindingOutcome.LOST, {"status": ItemStatus.WEEDED_CONTENT}, "binding.received_otherwise"),
        (BindingOutcome.LOST, {"status": ItemStatus.ON_LOAN}, "binding.not_sent"),
        (BindingOutcome.LOST, {"kept": True}, "binding.not_sent"),
    ],
)
def test_another_outcome_is_asked_about_and_a_copy_that_is_here_is_not_lost(
    outcome: BindingOutcome, facts: dict[str, Any], code: str
) -> None:
    (refusal,) = otherwise_refusals(copy(**facts), outcome)
    assert (refusal.code, refusal.weight is Weight.CONFIRM) == (code, code != "binding.not_sent")


@pytest.mark.parametrize(
    ("outcome", "received_on", "stayed"),
    [
        (BindingOutcome.NOT_DONE, TODAY, True), (BindingOutcome.NOT_DONE, TODAY + dt.timedelta(1), False),
        (BindingOutcome.BOUND, TODAY, False), (None, None, False),
    ],
)  # fmt: skip
def test_what_came_off_as_the_books_left_never_left(
    outcome: BindingOutcome | None, received_on: dt.date | None, stayed: bool
) -> None:
    assert listed(sent_on=TODAY, outcome=outcome, received_on=received_on).stayed is stayed
