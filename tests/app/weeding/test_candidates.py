"""The worklist of each reason: what proposes a copy, what keeps it, and that sets say what the rules say."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.guideline.service import GuidelineSet, set_guideline
from app.library import Library
from app.weeding.candidates import Candidate, candidate_counts, candidates, hints_for
from app.weeding.facts import Proposal
from app.weeding.service import Listed, propose, strike
from db.codes import Condition, ItemFlag, ItemStatus, Material, WeedingReason
from db.models.collection import BindingRequest, BindingRow
from db.models.items import Item, LocalUse
from tests import library as lib
from tests.app.weeding.oracle import Expected, Oracle
from tests.app.weeding.scenery import Scenery
from tests.shared import desks

CONTENT, WORN, DUPLICATE, NO_AUDIENCE = (
    WeedingReason.CONTENT,
    WeedingReason.WORN,
    WeedingReason.DUPLICATE,
    WeedingReason.NO_AUDIENCE,
)
LONG_AGO: dict[str, Any] = {"accession_date": dt.date(2010, 1, 1)}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = lib.found(tmp_path, space_shortage=True)
    with library.store:
        yield library


@pytest.fixture
def server_library() -> Iterator[Library]:
    with desks(1) as (library,):
        yield library


def worklist(library: Library, reason: WeedingReason, **page: int) -> tuple[Candidate, ...]:
    with library.store.read() as reader:
        return candidates(library, reader, reason, library.clock.read().day, **page)


def numbers(library: Library, reason: WeedingReason) -> list[int]:
    return [candidate.accession_no for candidate in worklist(library, reason)]


def copies_of_one_title(library: Library, number: int, **fields: Any) -> list[lib.ACopy]:
    first = lib.add_copy(library, **fields)
    return [first, *(lib.add_copy(library, first.title_id, **fields) for _ in range(number - 1))]


def past_loans(library: Library, copy: lib.ACopy, number: int) -> None:
    lib.past_loans(library, lib.add_member(library), copy, number)


# Sets against rules


def said(candidate: Candidate) -> Expected:
    return Expected(
        candidate.accession_no, tuple(refusal.code for refusal in candidate.refusals), candidate.exempt,
        candidate.listed, candidate.decision, candidate.last_use, candidate.recent_loans,
    )  # fmt: skip


def equals_the_oracle(library: Library) -> int:
    """How many candidates both found."""
    oracle, together = Oracle(library), 0
    with library.store.read() as reader:
        counts = candidate_counts(library, reader, lib.TODAY)
    for reason in WeedingReason:
        expected = oracle.candidates(reason)
        assert [said(candidate) for candidate in worklist(library, reason)] == expected
        assert counts[reason] == sum(not one.exempt and not one.listed for one in expected)
        for start in (0, 3):
            page = worklist(library, reason, limit=4, offset=start)
            assert [said(candidate) for candidate in page] == expected[start : start + 4]
        together += len(expected)
    return together


@pytest.mark.parametrize("seed", range(12))
def test_the_worklists_are_what_every_copy_says_by_itself(library: Library, seed: int) -> None:
    Scenery(library, seed).put()
    assert equals_the_oracle(library) > 10


@pytest.mark.parametrize("seed", range(100, 104))
def test_other_figures_change_the_worklists_at_once(library: Library, seed: int) -> None:
    Scenery(library, seed).put()
    before = [numbers(library, reason) for reason in (DUPLICATE, NO_AUDIENCE)]
    figures = {"idle_years": 2, "copies_kept": 3, "loans_per_copy": 1, "demand_years": 5}
    assert isinstance(set_guideline(library, {"thresholds": figures}, lib.act(library)), GuidelineSet)
    assert equals_the_oracle(library) > 10
    assert [numbers(library, reason) for reason in (DUPLICATE, NO_AUDIENCE)] != before


@pytest.mark.parametrize("seed", [1, 2])
def test_both_databases_find_the_same(server_library: Library, seed: int) -> None:
    Scenery(server_library, seed).put()
    assert equals_the_oracle(server_library) > 10


# Each reason


def test_an_edition_that_a_later_one_replaces(library: Library) -> None:
    old = lib.add_pair(library, lib.a_title("بوستان", year=1370))
    lib.add_copy(library, lib.a_title("بوستان", year=1398))
    first, second = worklist(library, CONTENT)
    assert (first.accession_no, first.article, first.exempt) == (old.accession_no, "4-2-ج", False)
    assert first.why == "ویراست ۱۳۹۸ موجود است؛ سال نشر ۱۳۷۰"
    assert second.title_id == old.title_id


def test_the_only_copy_of_an_old_edition_is_shown_as_kept(library: Library) -> None:
    lib.add_copy(library, lib.a_title("بوستان", year=1370))
    lib.add_copy(library, lib.a_title("بوستان", year=1398))
    (only,) = worklist(library, CONTENT)
    assert only.exempt
    assert [(refusal.code, refusal.rule) for refusal in only.refusals] == [("weeding.only_copy", "5-1-ج")]


@pytest.mark.parametrize(
    ("dewey", "year", "is_old"),
    [
        ("610.7", 1395, True),  # 6-1-ز: medicine, ten years
        ("610.7", 1396, False),
        ("611", 1350, False),  # but not anatomy
        ("629.1", 1390, True),  # 6-1-ز: technology, fifteen years
        ("629.1", 1391, False),
        ("629.28", 1350, False),  # but not the repair of old cars
        ("332.6", 1390, True),  # 6-1-د: finance
        ("378", 2012, True),  # university guides, printed by the other calendar
        ("378", 2020, False),
        ("910.2", 1380, True),  # 6-1-ی: travel guides
        ("955", 1350, False),  # history lives long
        ("709", 1350, False),  # 6-1-ح: so does the history of art
        (None, 1350, False),
    ],
)
def test_what_ages_fast_by_the_hints(library: Library, dewey: str | None, year: int, is_old: bool) -> None:
    title = lib.a_title("راهنما", dewey=dewey, year=year, author_mark="ر۱۲" if dewey else None)
    lib.add_pair(library, title)
    found = worklist(library, CONTENT)
    assert bool(found) == is_old
    assert {candidate.article for candidate in found} <= {"4-1-الف"}
    assert all("۶" in candidate.why for candidate in found)


def test_the_class_of_the_copy_goes_before_that_of_the_record(library: Library) -> None:
    title = lib.a_title("کالبدشناسی", dewey="610", year=1370)
    copy = lib.add_copy(library, title, local_class="611")
    lib.add_copy(library, copy.title_id)
    assert numbers(library, CONTENT) == [copy.accession_no + 1]


@pytest.mark.parametrize(
    ("condition", "article"),
    [(Condition.WORN, "4-2-الف"), (Condition.DAMAGED, "4-2-ب"), (Condition.UNBINDABLE, "4-1-ج")],
)
def test_what_was_noted_as_worn(library: Library, condition: Condition, article: str) -> None:
    copy = lib.add_pair(library, condition=condition)
    lib.add_pair(library)
    (found,) = worklist(library, WORN)
    assert (found.accession_no, found.article, found.refusals) == (copy.accession_no, article, ())


def test_a_worn_copy_on_a_binding_request_is_shown_as_kept(library: Library) -> None:
    copy = lib.add_pair(library, condition=Condition.WORN)
    with library.store.write() as tx:
        request = tx.insert(BindingRequest, state="requested", opened_at=lib.MORNING)
        tx.insert(BindingRow, request_id=request, position=1, item_id=copy.id)
        tx.record("test.changed", lib.act(library))
    (found,) = worklist(library, WORN)
    assert [(refusal.code, refusal.rule) for refusal in found.refusals] == [("weeding.in_binding", "4-1-ج")]


def test_the_youngest_copies_beyond_two_are_surplus(library: Library) -> None:
    copies = copies_of_one_title(library, 5)
    assert numbers(library, DUPLICATE) == [copy.accession_no for copy in copies[2:]]


def test_loans_justify_further_copies(library: Library) -> None:
    """002 م5-4: thirteen loans in two years are three copies of six begun."""
    copies = copies_of_one_title(library, 5)
    past_loans(library, copies[0], 13)
    found = worklist(library, DUPLICATE)
    assert [candidate.accession_no for candidate in found] == [copy.accession_no for copy in copies[3:]]
    assert {candidate.recent_loans for candidate in found} == {13}
    assert found[0].why == "نسخهٔ ۴؛ ۱۳ امانت عنوان در ۲ سال: ۳ نسخه بس است"


def test_the_surplus_copy_is_the_third_by_its_number(library: Library) -> None:
    """002 م4-1 تبصره."""
    third = lib.add_copy(library, copy_no=3)
    for number in (1, 2):
        lib.add_copy(library, third.title_id, copy_no=number)
    assert [found.accession_no for found in worklist(library, DUPLICATE)] == [third.accession_no]


def test_a_volume_is_counted_by_itself(library: Library) -> None:
    first = lib.add_copy(library, volume_no="1")
    for volume in ("1", "2", "2", "2"):
        lib.add_copy(library, first.title_id, volume_no=volume)
    assert numbers(library, DUPLICATE) == [first.accession_no + 4]


def test_what_nobody_has_used_for_five_years(library: Library) -> None:
    idle, lent, read = (lib.add_pair(library, **LONG_AGO) for _ in range(3))
    past_loans(library, lent, 1)
    with library.store.write() as tx:
        tx.insert(LocalUse, item_id=read.id, at=lib.MORNING, day=lib.TODAY)
        tx.record("test.changed", lib.act(library))
    (found,) = worklist(library, NO_AUDIENCE)
    assert (found.accession_no, found.article, found.last_use) == (idle.accession_no, "4-1-د", dt.date(2010, 1, 1))
    assert found.why == "۱۶ سال بی‌استفاده"


def test_without_shortage_of_space_the_list_asks_and_keeps_nothing(tmp_path: Path) -> None:
    library = lib.found(tmp_path)
    with library.store:
        lib.add_pair(library, **LONG_AGO)
        (found,) = worklist(library, NO_AUDIENCE)
        assert [refusal.code for refusal in found.refusals] == ["weeding.no_space_shortage"]
        assert not found.exempt


def test_loans_from_before_the_registration_make_no_copy_idle(library: Library) -> None:
    """Converted data have them (performance, finding 7)."""
    copy = lib.add_pair(library)
    lib.change(library, Item, copy.id, last_loan_on=dt.date(2015, 1, 1))
    assert worklist(library, NO_AUDIENCE) == ()


# Exemptions


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"flags": (ItemFlag.LOCAL,)}, "weeding.kept_value"),
        ({"flags": (ItemFlag.HISTORICAL,)}, "weeding.kept_value"),
        ({"flags": (ItemFlag.SPECIAL_VALUE,)}, "weeding.kept_value"),
        ({"flags": (ItemFlag.CORE,)}, "weeding.core"),
        ({"flags": (ItemFlag.CULTURAL_PACKAGE,)}, "weeding.permit_needed"),
    ],
)
def test_what_is_kept_follows_after_the_others(library: Library, fields: dict[str, Any], code: str) -> None:
    kept = lib.add_pair(library, "الف", **fields, **LONG_AGO)
    free = lib.add_pair(library, "ی", **LONG_AGO)
    first, last = worklist(library, NO_AUDIENCE)
    assert (first.accession_no, first.exempt) == (free.accession_no, False)
    assert (last.accession_no, last.exempt) == (kept.accession_no, True)
    assert [refusal.code for refusal in last.refusals] == [code]


def test_a_lithograph_is_never_free(library: Library) -> None:
    lib.add_pair(library, lib.a_title("گلستان", Material.LITHOGRAPH), condition=Condition.UNBINDABLE)
    (found,) = worklist(library, WORN)
    assert [(refusal.code, refusal.rule) for refusal in found.refusals] == [("weeding.never", "5-1-الف")]


def test_a_permit_noted_with_the_copy_frees_it(library: Library) -> None:
    copy = lib.add_pair(library, flags=(ItemFlag.CULTURAL_PACKAGE,), condition=Condition.WORN)
    assert worklist(library, WORN)[0].exempt
    for half in ({"permit_no": "۱۲/۳۴"}, {"permit_on": lib.TODAY + dt.timedelta(days=1)}):
        lib.change(library, Item, copy.id, **half)  # a number alone, and then a day that has not come
        assert worklist(library, WORN)[0].exempt
    lib.change(library, Item, copy.id, permit_on=lib.TODAY)
    assert not worklist(library, WORN)[0].exempt
    assert isinstance(propose(library, copy.barcode, Proposal(WORN), lib.act(library)), Listed)


@pytest.mark.parametrize("status", [status for status in ItemStatus if status is not ItemStatus.AVAILABLE])
def test_what_does_not_stand_on_the_shelf_is_no_candidate(library: Library, status: ItemStatus) -> None:
    copy = lib.add_pair(library, **LONG_AGO)
    lib.change(library, Item, copy.id, status=status)
    assert worklist(library, NO_AUDIENCE) == ()


# The list


def test_what_is_on_the_draft_is_marked_and_what_is_on_others_is_no_candidate(library: Library) -> None:
    copy = lib.add_pair(library, condition=Condition.WORN, **LONG_AGO)
    propose(library, copy.barcode, Proposal(WORN), lib.act(library))
    (found,) = worklist(library, WORN)
    assert (found.listed, found.refusals) == (True, ())
    assert copy.accession_no not in numbers(library, NO_AUDIENCE)
    strike(library, copy.barcode, WORN, "به قفسه", lib.act(library))
    assert not worklist(library, WORN)[0].listed


def test_the_order_is_that_of_the_shelf(library: Library) -> None:
    classes = ("955.2", "001.1", "8فا3.62", "297.1")
    for dewey in classes:
        lib.add_pair(library, lib.a_title(f"کتاب {dewey}", dewey=dewey), condition=Condition.WORN)
    assert [candidate.class_no for candidate in worklist(library, WORN)] == ["001.1", "297.1", "8فا3.62", "955.2"]


def test_hints_are_those_of_class_and_form(library: Library) -> None:
    def articles(class_no: str | None, material: Material = Material.BOOK) -> set[str]:
        return {hint.article for hint in hints_for(library.guideline, class_no, material)}

    assert articles("155.4") == {"6-1-ب"}
    assert articles("8فا3.62") == {"6-1-ط", "6-1-ل"}
    assert articles("8فا3.62", Material.CHILD_BOOK) == {"6-1-ط", "6-1-م"}
    assert articles("598.2", Material.CHILD_BOOK) == {"6-1-و", "6-1-ن"}
    assert articles("823.9", Material.YOUNG_ADULT_BOOK) == {"6-1-ط", "6-1-م", "6-1-س"}
    assert articles("530", Material.YOUNG_ADULT_BOOK) == {"6-1-و", "6-1-ع"}
    assert articles("922.9") == {"6-1-ی", "6-1-ک"}
    assert articles(None, Material.SERIAL) == {"6-1-ف"}
    assert articles(None, Material.AUDIOVISUAL) == {"6-1-ص"}
    assert articles("297.1", Material.REFERENCE) == {"6-1-الف", "6-1-ج"}
