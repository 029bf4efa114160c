"""A draft gets its number only while every copy on it may still stand there."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.library import Library
from app.outcome import Refused
from app.persian.digits import to_persian
from app.refusal import Answer
from app.weeding import recheck
from app.weeding.facts import Proposal
from app.weeding.service import Finalised, Listed, finalise, propose, strike
from app.wording import message
from db.codes import BindingState, Condition, ItemFlag, ItemStatus, Material, MinutesState, WeedingReason
from db.models.catalogue import Title
from db.models.collection import BindingRequest, BindingRow, Document, Minutes
from db.models.items import Item, LocalUse
from tests.app.weeding.printing import plain_printer
from tests.library import MORNING, TODAY, ACopy, act, add_copy, add_pair, change, found, rows

CONTENT, WORN = WeedingReason.CONTENT, WeedingReason.WORN
DUPLICATE, NO_AUDIENCE = WeedingReason.DUPLICATE, WeedingReason.NO_AUDIENCE
LONG_AGO = dt.date(2009, 5, 1)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path, space_shortage=True)
    with library.store:
        yield library


def put(library: Library, copy: ACopy, reason: WeedingReason, *confirm: str, **stated: Any) -> None:
    answer = Answer(confirm=frozenset(confirm))
    outcome = propose(library, copy.barcode, Proposal(reason, **stated), act(library), answer)
    assert isinstance(outcome, Listed), outcome


def against(library: Library, reason: WeedingReason) -> list[tuple[str | None, int | None, str]]:
    """What the number is refused with: article, how many copies, and which."""
    outcome = finalise(library, reason, plain_printer, act(library))
    assert isinstance(outcome, Refused), outcome
    assert {refusal.code for refusal in outcome.refusals} == {"minutes.rows_against"}
    return [(refusal.rule, refusal.have, str(refusal.facts["numbers"])) for refusal in outcome.refusals]


def numbers(*copies: ACopy) -> str:
    return "، ".join(to_persian(str(copy.accession_no)) for copy in copies)


def bound(library: Library, copy: ACopy) -> None:
    """An open binding request that came in from elsewhere."""
    with library.store.write() as tx:
        request = tx.insert(BindingRequest, state=BindingState.REQUESTED, opened_at=MORNING)
        tx.insert(BindingRow, request_id=request, position=1, item_id=copy.id)
        tx.record("test.bound", act(library))


def read_in_hall(library: Library, copy: ACopy) -> None:
    with library.store.write() as tx:
        tx.insert(LocalUse, item_id=copy.id, at=MORNING, day=TODAY)
        tx.record("test.used", act(library))


CHANGES: dict[str, tuple[WeedingReason, Any, str]] = {
    "marked as local": (CONTENT, lambda lib, one: change(lib, Item, one.id, flags=[ItemFlag.LOCAL]), "5-1-ب"),
    "marked as core": (NO_AUDIENCE, lambda lib, one: change(lib, Item, one.id, flags=[ItemFlag.CORE]), "5-1-ج"),
    "marked as local, not unbindable": (
        WORN, lambda lib, one: change(lib, Item, one.id, flags=[ItemFlag.LOCAL]), "5-1-ب",
    ),
    "a lithograph after all": (
        WORN, lambda lib, one: change(lib, Title, one.title_id, material=Material.LITHOGRAPH), "5-1-الف",
    ),
    "of a cultural package": (
        CONTENT, lambda lib, one: change(lib, Item, one.id, flags=[ItemFlag.CULTURAL_PACKAGE]), "4-2 تبصره",
    ),
    "missing": (CONTENT, lambda lib, one: change(lib, Item, one.id, status=ItemStatus.MISSING), "8-6"),
    "lent": (CONTENT, lambda lib, one: change(lib, Item, one.id, status=ItemStatus.ON_LOAN), "7-4"),
    "waiting for the bindery": (WORN, bound, "4-1-ج"),
    "read in the hall": (NO_AUDIENCE, read_in_hall, "4-1-د"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_has_happened_to_a_copy_since_keeps_the_number_back(library: Library, what: str) -> None:
    reason, happens, article = CHANGES[what]
    copy = add_pair(library, condition=Condition.WORN, accession_date=LONG_AGO)
    other = add_pair(library, condition=Condition.WORN, accession_date=LONG_AGO)
    put(library, copy, reason)
    put(library, other, reason)
    happens(library, copy)
    assert against(library, reason) == [(article, 1, numbers(copy))]
    assert rows(library, Minutes)[0].state == MinutesState.DRAFT
    assert rows(library, Document) == []
    strike(library, copy.barcode, reason, "به قفسه برمی‌گردد", act(library))
    assert isinstance(finalise(library, reason, plain_printer, act(library)), Finalised)


def test_the_copies_of_each_reason_are_named_together(library: Library) -> None:
    copies = [add_pair(library) for _ in range(12)]
    for copy in copies:
        put(library, copy, CONTENT)
        change(library, Item, copy.id, flags=[ItemFlag.LOCAL])
    change(library, Item, copies[0].id, status=ItemStatus.MISSING)
    gone, kept = against(library, CONTENT)
    assert gone == ("8-6", 1, numbers(copies[0]))
    assert kept == ("5-1-ب", 12, f"{numbers(*copies[: recheck.MOST_NAMED])} و …")


def test_it_is_said_in_words(library: Library) -> None:
    copy = add_pair(library)
    put(library, copy, CONTENT)
    change(library, Item, copy.id, flags=[ItemFlag.CORE])
    outcome = finalise(library, CONTENT, plain_printer, act(library))
    assert isinstance(outcome, Refused)
    assert message(outcome.refusals[0]) == (
        "۱ نسخهٔ این فهرست دیگر در آن نمی‌ماند: منبع پایه تنها اگر فرسوده و غیر قابل صحافی باشد وجین می‌شود (م ۵-۱-ج). "
        f"شمارهٔ ثبت: {numbers(copy)}. آن‌ها را از فهرست بردارید؛ بقیه می‌ماند."
    )


def test_copies_are_judged_in_the_order_in_which_they_were_listed(library: Library) -> None:
    """All copies of a title: the last is the only one of its printing and was asked about, the others were not."""
    first = add_copy(library, condition=Condition.WORN)
    second, third = (add_copy(library, first.title_id, condition=Condition.WORN) for _ in range(2))
    put(library, first, WORN)
    put(library, second, WORN)
    put(library, third, WORN, "weeding.unbindable_needed")
    assert isinstance(finalise(library, WORN, plain_printer, act(library)), Finalised)


def test_surplus_copies_stay_surplus_while_the_others_are_listed(library: Library) -> None:
    first = add_copy(library)
    copies = [first, *(add_copy(library, first.title_id) for _ in range(5))]
    for copy in reversed(copies[2:]):
        put(library, copy, DUPLICATE)
    assert isinstance(finalise(library, DUPLICATE, plain_printer, act(library)), Finalised)


def test_copies_on_the_list_of_another_reason_were_there_when_this_one_was_listed(library: Library) -> None:
    first = add_copy(library, condition=Condition.WORN)
    second = add_copy(library, first.title_id, condition=Condition.WORN)
    put(library, first, CONTENT)
    put(library, second, WORN, "weeding.unbindable_needed")
    assert isinstance(finalise(library, CONTENT, plain_printer, act(library)), Finalised)
    assert isinstance(finalise(library, WORN, plain_printer, act(library)), Finalised)


def test_the_last_that_was_to_stay_is_lost(library: Library) -> None:
    """002 م5-1-ج: of two that go the one that was listed last stays now."""
    first = add_copy(library)
    second, third = (add_copy(library, first.title_id) for _ in range(2))
    put(library, first, CONTENT)
    put(library, second, CONTENT)
    change(library, Item, third.id, status=ItemStatus.LOST)
    assert against(library, CONTENT) == [("5-1-ج", 1, numbers(second))]


def test_a_permit_belongs_to_the_row(library: Library) -> None:
    """002 م4-2 تبصره: noted with the copy after it was listed, it comes with the next listing."""
    copy = add_pair(library)
    put(library, copy, CONTENT)
    change(library, Item, copy.id, flags=[ItemFlag.CULTURAL_PACKAGE], permit_no="۱۲/۳۴", permit_on=TODAY)
    assert against(library, CONTENT) == [("4-2 تبصره", 1, numbers(copy))]
    strike(library, copy.barcode, CONTENT, "با مجوز نوشته می‌شود", act(library))
    put(library, copy, CONTENT)
    assert isinstance(finalise(library, CONTENT, plain_printer, act(library)), Finalised)


def test_a_yes_that_was_given_holds(library: Library) -> None:
    sound = add_pair(library)
    put(library, sound, WORN, "weeding.not_worn")
    assert isinstance(finalise(library, WORN, plain_printer, act(library)), Finalised)


def test_a_struck_copy_is_not_asked_about(library: Library) -> None:
    struck, stays = add_pair(library), add_pair(library)
    put(library, struck, CONTENT)
    put(library, stays, CONTENT)
    strike(library, struck.barcode, CONTENT, "خواننده دارد", act(library))
    change(library, Item, struck.id, flags=[ItemFlag.LOCAL])
    assert isinstance(finalise(library, CONTENT, plain_printer, act(library)), Finalised)
