"""Statuses that the conversion of old data spoiled, put right as a batch (002 م8-3 … م8-6)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.check import check_library
from app.circulation.checkin import CheckinRequest, check_in
from app.library import Library
from app.outcome import Refused
from app.weeding.minutes.corrections import (
    MOST,
    Correction,
    StatusCorrected,
    StatusCorrection,
    correct_statuses,
    namayeh_weeded,
    preview_correction,
)
from db.codes import HoldState, ItemStatus, Role, WeedingReason
from db.models.circulation import Hold
from db.models.items import Item, ItemStatusChange
from db.models.sync import JournalEntry
from tests.app.exchange.weeded import weed, weeded
from tests.app.weeding.minutes.on_the_way import finalised
from tests.library import ACopy, act, add_copy, add_member, change, found, lend, place_hold, row, rows

S, C = ItemStatus, Correction


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def status(library: Library, copy: ACopy) -> ItemStatus:
    found_status: ItemStatus = row(library, Item, copy.id).status
    return found_status


def corrected(library: Library, request: StatusCorrection) -> StatusCorrected:
    outcome = correct_statuses(library, request, act(library))
    assert isinstance(outcome, StatusCorrected), outcome
    return outcome


# Which status comes of which, by which article.
TABLE = [
    (C.UNKNOWN, S.AVAILABLE, S.UNKNOWN, "8-3"),
    (C.UNKNOWN, S.MISSING, None, "8-3"),
    (C.UNKNOWN, S.ON_LOAN, None, "8-3"),
    (C.UNKNOWN, S.WEEDED_WORN, None, "8-3"),
    (C.RESTORE, S.WEEDED_CONTENT, S.AVAILABLE, "8-4"),
    (C.RESTORE, S.WEEDED_WORN, S.AVAILABLE, "8-4"),
    (C.RESTORE, S.WEEDED_DUPLICATE, S.AVAILABLE, "8-4"),
    (C.RESTORE, S.WEEDED_NO_AUDIENCE, S.AVAILABLE, "8-4"),
    (C.RESTORE, S.LOST, None, "8-4"),
    (C.WEEDED, S.AVAILABLE, S.WEEDED_NO_AUDIENCE, "8-5"),
    (C.WEEDED, S.UNKNOWN, S.WEEDED_NO_AUDIENCE, "8-5"),
    (C.WEEDED, S.ON_LOAN, None, "8-5"),
    (C.MISSING, S.AVAILABLE, S.MISSING, "8-6"),
    (C.MISSING, S.UNKNOWN, S.MISSING, "8-6"),
    (C.MISSING, S.LOST, None, "8-6"),
    (C.MISSING, S.ON_LOAN, None, "8-6"),
    (C.MISSING, S.REPLACED, None, "8-6"),
]


@pytest.mark.parametrize(("correction", "was", "becomes", "article"), TABLE)
def test_a_status_is_put_right_out_of_those_of_its_article(
    library: Library, correction: Correction, was: ItemStatus, becomes: ItemStatus | None, article: str
) -> None:
    copy = add_copy(library)
    change(library, Item, copy.id, status=was)
    request = StatusCorrection(correction, (copy.barcode,), reason="پس از تبدیل", weeded_as=WeedingReason.NO_AUDIENCE)
    (seen,) = preview_correction(library, request).copies
    assert status(library, copy) is was
    if becomes is None:
        assert [(refusal.code, refusal.rule) for refusal in seen.refusals] == [("correction.status", article)]
        outcome = correct_statuses(library, request, act(library))
        assert isinstance(outcome, Refused)
        assert [refusal.code for refusal in outcome.refusals] == ["correction.nothing"]
        assert status(library, copy) is was
        return
    assert (seen.refusals, seen.was, seen.becomes) == ((), was, becomes)
    assert [one.id for one in corrected(library, request).changed] == [copy.id]
    assert status(library, copy) is becomes
    (told,) = rows(library, ItemStatusChange)
    assert (told.was, told.became, told.why, told.remark) == (was, becomes, f"corrected {correction}", "پس از تبدیل")
    assert check_library(library).broken == ()


def test_a_range_of_the_register_is_put_right_but_for_what_stands_against_it(library: Library) -> None:
    copies = [add_copy(library) for _ in range(5)]
    lend(library, add_member(library), copies[1])
    change(library, Item, copies[2].id, status=S.MISSING)
    request = StatusCorrection(C.MISSING, first=1, last=4, reason="رف‌خوانی")
    outcome = corrected(library, request)
    assert [copy.accession_no for copy in outcome.changed] == [1, 4]
    said = {copy.accession_no: [refusal.code for refusal in copy.refusals] for copy in outcome.preview.copies}
    assert said == {1: [], 2: ["correction.status"], 3: ["correction.done"], 4: []}
    assert [status(library, copy) for copy in copies] == [S.MISSING, S.ON_LOAN, S.MISSING, S.MISSING, S.AVAILABLE]
    assert rows(library, JournalEntry)[-1].kind == "item.status_corrected"


def test_codes_that_no_copy_carries_are_named(library: Library) -> None:
    copy = add_copy(library)
    preview = preview_correction(library, StatusCorrection(C.MISSING, (copy.barcode, "B99", "۷۷", copy.barcode)))
    assert (len(preview.copies), preview.unknown) == (1, ("B99", "۷۷"))


def test_a_copy_on_minutes_keeps_its_status(library: Library) -> None:
    """002 م7-4."""
    copies = finalised(library)
    (seen,) = preview_correction(library, StatusCorrection(C.MISSING, (copies[0].barcode,))).copies
    assert [refusal.code for refusal in seen.refusals] == ["item.on_weeding_minutes"]


def test_a_copy_weeded_by_minutes_that_stands_in_the_stacks_is_restored(library: Library) -> None:
    """002 م8-4: a book in the stacks is never weeded."""
    (copy,) = weeded(library, 1)
    corrected(library, StatusCorrection(C.RESTORE, (copy.barcode,), reason="در قفسه بود"))
    restored = row(library, Item, copy.id)
    assert (restored.status, restored.seen_on, restored.on_minutes_id) == (S.AVAILABLE, act(library).day, None)
    assert check_library(library).broken == ()


def test_a_copy_that_was_here_after_the_conversion_is_weeded_by_minutes_only(library: Library) -> None:
    """002 م8-1: code 3 of another program says nothing of a copy that was lent or read on the shelf since."""
    lent, read_on_shelf, untouched = (add_copy(library) for _ in range(3))
    lend(library, add_member(library), lent)
    check_in(library, CheckinRequest(lent.barcode), act(library))
    change(library, Item, read_on_shelf.id, seen_on=act(library).day)
    outcome = corrected(library, StatusCorrection(C.WEEDED, first=1, last=3, reason="کد ۳"))
    said = {copy.accession_no: [refusal.code for refusal in copy.refusals] for copy in outcome.preview.copies}
    assert said == {1: ["correction.used"], 2: ["correction.used"], 3: []}
    assert [status(library, copy) for copy in (lent, read_on_shelf, untouched)] == [
        S.AVAILABLE, S.AVAILABLE, S.WEEDED_CONTENT,
    ]  # fmt: skip


def test_a_packed_copy_is_taken_out_of_its_package_first(library: Library) -> None:
    from app.exchange.packing import Stands, pack

    copies = weeded(library, 2)
    packed = pack(library, WeedingReason.CONTENT, act(library))
    assert isinstance(packed, Stands)
    (seen,) = preview_correction(library, StatusCorrection(C.RESTORE, (copies[0].barcode,))).copies
    assert [refusal.code for refusal in seen.refusals] == ["correction.packed"]


def test_a_reader_whose_copy_is_missing_waits_on(library: Library) -> None:
    copy = add_copy(library)
    hold = place_hold(library, add_member(library), copy, state=HoldState.WAITING, item_id=copy.id)
    corrected(library, StatusCorrection(C.MISSING, (copy.barcode,), reason="نیست"))
    assert (row(library, Hold, hold).state, row(library, Hold, hold).item_id) == (HoldState.QUEUED, None)


@pytest.mark.parametrize(
    ("reason", "role", "codes"), [(" ", Role.HEAD, ["reason.required"]), ("نیست", Role.LIBRARIAN, ["role.not_allowed"])]
)
def test_a_batch_needs_a_reason_and_the_head(library: Library, reason: str, role: Role, codes: list[str]) -> None:
    copy = add_copy(library)
    outcome = correct_statuses(library, StatusCorrection(C.MISSING, (copy.barcode,), reason=reason), act(library, role))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == codes
    assert status(library, copy) is S.AVAILABLE


def test_a_batch_bigger_than_a_journal_entry_is_one_piece(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.writing.MOST_CHANGES", 6)
    copies = [add_copy(library) for _ in range(7)]
    before = len(rows(library, JournalEntry))
    corrected(library, StatusCorrection(C.MISSING, first=1, last=7, reason="نیست"))
    assert {status(library, copy) for copy in copies} == {S.MISSING}
    assert len(rows(library, JournalEntry)) - before == 4
    assert check_library(library).broken == ()


def test_there_is_an_end_to_a_batch(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        add_copy(library)
    monkeypatch.setattr("app.weeding.minutes.corrections.MOST", 2)
    outcome = correct_statuses(library, StatusCorrection(C.MISSING, first=1, last=9, reason="نیست"), act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["correction.too_many"]
    assert MOST == 5_000


def test_copies_weeded_twice_over_stay_as_they_are(library: Library) -> None:
    copy = add_copy(library)
    weed(library, [copy], WeedingReason.CONTENT)
    (seen,) = preview_correction(library, StatusCorrection(C.WEEDED, (copy.barcode,))).copies
    assert [refusal.code for refusal in seen.refusals] == ["correction.done"]


@pytest.mark.parametrize(
    ("code", "weeded_items"),
    [(3, ("1", "4")), (33, ("2",))],
)
def test_the_code_of_namayeh_says_what_was_weeded(code: int, weeded_items: tuple[str, ...]) -> None:
    """002 م8-5: code 3, or 33 where 3 had meant something else."""
    worksheet = [("1", "3"), ("2", "33"), ("3", "1"), ("4", " ۰۳ "), ("5", ""), ("6", "333")]
    assert namayeh_weeded(worksheet, code) == weeded_items


def test_no_other_code_of_namayeh_means_weeded() -> None:
    with pytest.raises(ValueError, match="4"):
        namayeh_weeded([("1", "4")], 4)
