"""Changing copies by hand, against a real store."""

import datetime as dt
from typing import Any

import pytest

from app.circulation.copy_editing import CopyEdit, CopyEdited, EditOutcome, edit_copy, send_copy
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.undo import Undone, undo_last
from db.codes import WEEDED, Condition, HoldState, ItemStatus, Role
from db.models.circulation import Hold
from db.models.items import Item, ItemStatusChange
from db.models.sync import JournalEntry
from tests.library import TODAY, ACopy, AMember, act, add_copy, add_member, change, lend, place_hold, row, rows


def edit(library: Library, copy: ACopy, role: Role = Role.HEAD, reason: str = "", **values: Any) -> EditOutcome:
    return edit_copy(library, CopyEdit(copy.barcode, values, reason), act(library, role))


def refused(outcome: EditOutcome) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


FIELDS: dict[str, tuple[Any, Any]] = {
    "condition": (Condition.WORN, Condition.WORN),
    "barcode": ("۱۲۳", "123"),
    "item_type": (" reference ", "reference"),
    "section": ("child", "child"),
    "price": (250_000, 250_000),
    "renewable": (False, False),
    "flags": (("local", "parts"), ["local", "parts"]),
    "parts": ("لوح فشرده", "لوح فشرده"),
    "note": ("", None),
}


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_is_changed_undone_and_not_changed_twice(library: Library, copy: ACopy, name: str) -> None:
    change(library, Item, copy.id, note="پیشین")
    before = getattr(row(library, Item, copy.id), name)
    given, stored = FIELDS[name]
    outcome = edit(library, copy, **{name: given})
    assert isinstance(outcome, CopyEdited)
    assert outcome.changed == (name,)
    assert getattr(row(library, Item, copy.id), name) == stored
    entries = len(rows(library, JournalEntry))
    again = edit(library, ACopy(copy.id, copy.title_id, outcome.item.barcode, 1), **{name: given})
    assert isinstance(again, CopyEdited)
    assert (again.changed, len(rows(library, JournalEntry))) == ((), entries)
    assert isinstance(undo_last(library, act(library)), Undone)
    assert getattr(row(library, Item, copy.id), name) == before


def test_a_permit_is_number_and_day_together(library: Library, copy: ACopy) -> None:
    """002 م4-2 تبصره: half of it permits nothing."""
    day = TODAY - dt.timedelta(days=30)
    for half, missing in ({"permit_no": "۱۲/۳۴"}, "permit_on"), ({"permit_on": day}, "permit_no"):
        outcome = edit(library, copy, **half)
        assert isinstance(outcome, Refused)
        assert [(one.code, one.facts["field"]) for one in outcome.refusals] == [("field.required", missing)]
    outcome = edit(library, copy, permit_no=" ۱۲/۳۴\u202e", permit_on=day)
    assert isinstance(outcome, CopyEdited)
    assert outcome.changed == ("permit_no", "permit_on")
    stored = row(library, Item, copy.id)
    assert (stored.permit_no, stored.permit_on) == ("۱۲/۳۴", day)
    assert refused(edit(library, copy, permit_on=None)) == ["field.required"]
    assert isinstance(edit(library, copy, permit_on=day - dt.timedelta(days=1)), CopyEdited)
    assert isinstance(edit(library, copy, permit_no="", permit_on=None), CopyEdited)
    assert isinstance(undo_last(library, act(library)), Undone)
    assert row(library, Item, copy.id).permit_no == "۱۲/۳۴"


def test_a_new_status_is_noted_with_its_reason(library: Library, copy: ACopy) -> None:
    outcome = edit(library, copy, reason="در قفسه نبود", status=ItemStatus.MISSING, condition=Condition.WORN)
    assert isinstance(outcome, CopyEdited)
    assert (outcome.was, outcome.item.status, outcome.changed) == (
        ItemStatus.AVAILABLE, ItemStatus.MISSING, ("condition", "status"),
    )  # fmt: skip
    (noted,) = rows(library, ItemStatusChange)
    assert (noted.was, noted.became, noted.why, noted.remark) == (
        ItemStatus.AVAILABLE, ItemStatus.MISSING, "edited", "در قفسه نبود",
    )  # fmt: skip


def test_whoever_waited_for_a_copy_that_is_gone_waits_on(library: Library, copy: ACopy) -> None:
    hold = place_hold(library, add_member(library), copy, state=HoldState.WAITING, item_id=copy.id)
    edit(library, copy, reason="در قفسهٔ رزرو نیست", status=ItemStatus.MISSING)
    kept = row(library, Hold, hold)
    assert (kept.state, kept.item_id) == (HoldState.QUEUED, None)


@pytest.mark.parametrize("weeded", sorted(WEEDED))
def test_a_weeded_copy_in_the_stacks_is_put_right_by_the_head(
    library: Library, copy: ACopy, weeded: ItemStatus
) -> None:
    change(library, Item, copy.id, status=weeded)
    assert refused(edit(library, copy, Role.LIBRARIAN, "در مخزن است", status=ItemStatus.AVAILABLE)) == [
        "role.not_allowed"
    ]
    assert isinstance(edit(library, copy, reason="در مخزن است", status=ItemStatus.AVAILABLE), CopyEdited)


def test_a_copy_on_loan_changes_its_status_by_no_hand(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    assert refused(edit(library, copy, reason="گم شد", status=ItemStatus.MISSING)) == ["item.status_by_hand"]
    assert isinstance(edit(library, copy, price=9_000), CopyEdited)


WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a status without a reason": ({"status": ItemStatus.MISSING}, ["reason.required"]),
    "weeding by hand (002 م8-1)": ({"status": ItemStatus.WEEDED_WORN, "reason": "کهنه"}, ["item.status_by_hand"]),
    "lending by hand": ({"status": ItemStatus.ON_LOAN, "reason": "نزد من"}, ["item.status_by_hand"]),
    "a price below zero": ({"price": -1}, ["field.invalid"]),
    "a price beyond all reason": ({"price": 10**12}, ["field.invalid"]),
    "a flag nobody knows": ({"flags": ("local", "زیبا")}, ["field.invalid"]),
    "no type": ({"item_type": " "}, ["field.required"]),
    "no section": ({"section": ""}, ["field.required"]),
    "a section of the weeded (002 م8-2)": ({"section": "منابع وجینی"}, ["item.weeded_place"]),
    "a type of the weeded (002 م8-2)": ({"item_type": "Weeded"}, ["item.weeded_place"]),
    "a barcode no scanner reads": ({"barcode": "بوف"}, ["field.invalid"]),
    "a barcode of another copy": ({"barcode": "B-2"}, ["item.barcode_taken"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_refused_and_nothing_is_changed(library: Library, copy: ACopy, case: str) -> None:
    add_copy(library, barcode="B-2")
    values, expected = WRONG[case]
    before = row(library, Item, copy.id)
    reason = values.get("reason", "")
    outcome = edit(library, copy, reason=reason, **{name: value for name, value in values.items() if name != "reason"})
    assert refused(outcome) == expected
    assert row(library, Item, copy.id) == before


def test_a_copy_on_weeding_minutes_leaves_the_house_by_no_hand(library: Library, copy: ACopy) -> None:
    """002 م7-4."""
    change(library, Item, copy.id, on_minutes_id=library.branch.id)
    assert refused(edit(library, copy, reason="صحافی", status=ItemStatus.IN_BINDING)) == ["item.on_weeding_minutes"]
    assert refused(send_copy(library, copy.barcode, "نمایشگاه", act(library))) == ["item.on_weeding_minutes"]
    assert isinstance(edit(library, copy, reason="نیست", status=ItemStatus.MISSING), CopyEdited)


def test_a_copy_is_sent_on_its_way_by_whoever_lends(library: Library, copy: ACopy) -> None:
    outcome = send_copy(library, copy.barcode, "کتابخانه میبد", act(library, Role.ASSISTANT))
    assert isinstance(outcome, CopyEdited)
    assert outcome.item.status is ItemStatus.IN_TRANSIT
    (noted,) = rows(library, ItemStatusChange)
    assert (noted.why, noted.remark) == ("sent", "کتابخانه میبد")
    assert send_copy(library, copy.barcode, "کتابخانه میبد", act(library)) == CopyEdited(
        outcome.item, ItemStatus.IN_TRANSIT, ()
    )
    assert refused(send_copy(library, add_copy(library).barcode, " ", act(library))) == ["reason.required"]


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.TRAINEE, Role.VAN_DRIVER, Role.AUDITOR])
def test_others_than_cataloguers_change_no_copy(library: Library, copy: ACopy, role: Role) -> None:
    assert refused(edit(library, copy, role, note="x")) == ["role.not_allowed"]


def test_a_copy_nobody_knows_is_not_found(library: Library) -> None:
    assert edit_copy(library, CopyEdit("B9", {"note": "x"}), act(library)) == NotFound(Sought.ITEM, "B9")
