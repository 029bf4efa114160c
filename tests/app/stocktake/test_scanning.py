"""Reading the shelves code by code."""

from uuid import uuid4

import pytest

from app.library import Library
from app.outcome import NotFound, Refused
from app.stocktake import reads
from app.stocktake.facts import Noted
from app.stocktake.scanning import FileRead, note, scan, scan_file
from app.undo import Undone, undo_last
from db.codes import Condition, ItemStatus, Role
from db.codes import StocktakeFinding as Finding
from db.models.collection import BindingRequest, BindingRow, StocktakeScan
from db.models.items import Item
from tests import library as lib
from tests.app.stocktake.shelves import begun, book, codes, put, read, read_all, shelf

IN_PLACE, MISPLACED = Finding.IN_PLACE, Finding.MISPLACED


def findings(library: Library) -> dict[str, Finding]:
    return {scan.code: scan.finding for scan in lib.rows(library, StocktakeScan)}


# What the records say of a copy that stands on the shelf (requirement 71 and part H).
@pytest.mark.parametrize(
    ("recorded", "finding"),
    [
        (ItemStatus.AVAILABLE, Finding.IN_PLACE),
        (ItemStatus.ON_LOAN, Finding.ON_LOAN),
        (ItemStatus.MISSING, Finding.FOUND_LOST),
        (ItemStatus.LOST, Finding.FOUND_LOST),
        (ItemStatus.UNKNOWN, Finding.FOUND_LOST),  # 002 م8-3
        (ItemStatus.REPLACED, Finding.FOUND_LOST),
        (ItemStatus.IN_BINDING, Finding.AWAY),
        (ItemStatus.IN_TRANSIT, Finding.AWAY),
        (ItemStatus.IN_PROCESSING, Finding.AWAY),
        (ItemStatus.WEEDED_WORN, Finding.WEEDED),  # 002 م8-4
        (ItemStatus.WEEDED_CONTENT, Finding.WEEDED),
        (ItemStatus.WEEDED_DUPLICATE, Finding.WEEDED),
        (ItemStatus.WEEDED_NO_AUDIENCE, Finding.WEEDED),
    ],
)
def test_the_status_of_a_copy_on_the_shelf_tells_at_once(
    library: Library, recorded: ItemStatus, finding: Finding
) -> None:
    copy, _ = shelf(library, 2)
    session = begun(library)
    put(library, copy, recorded)
    told = read(library, session, copy.barcode)
    assert told.finding is finding
    assert told.copy is not None
    assert told.copy.status is recorded
    assert lib.row(library, Item, copy.id).status is recorded  # nothing changes before the session is closed


def test_every_status_has_its_finding() -> None:
    from app.stocktake.rules import BY_STATUS

    assert BY_STATUS.keys() == set(ItemStatus) - {ItemStatus.AVAILABLE}


def test_a_lent_copy_tells_who_has_it(library: Library) -> None:
    copy, _ = shelf(library, 2)
    session = begun(library)
    member = lib.add_member(library, family_name="رضایی")
    due = lib.lend(library, member, copy).due_on
    told = read(library, session, copy.barcode)
    assert told.finding is Finding.ON_LOAN
    assert told.holder is not None
    assert told.holder.due_on == due
    assert told.holder.member is not None
    assert told.holder.member.member_no == member.number


def test_a_copy_the_bindery_should_have_is_told_though_its_status_never_changed(library: Library) -> None:
    """002 م13-11: under two weeks the status stays «موجود»."""
    copy, _ = shelf(library, 2)
    with library.store.write() as tx:
        request = tx.insert(BindingRequest, state="dispatched", opened_at=lib.act(library).at)
        tx.insert(BindingRow, request_id=request, position=1, item_id=copy.id)
        tx.record("test", lib.act(library))
    session = begun(library)
    assert read(library, session, copy.barcode).finding is Finding.AWAY
    with library.store.read() as reader:
        assert copy.accession_no not in reads.expected_of(reader, session)


def test_a_copy_read_twice_counts_once_and_says_what_it_was(library: Library) -> None:
    shelf(library, 3)
    session = begun(library)
    assert read_all(library, session, codes(100, 101, 100)) == [IN_PLACE, IN_PLACE, Finding.AGAIN]
    again = read(library, session, "B-101", scanner=2)
    assert again.finding is Finding.AGAIN
    assert again.read_before is not None
    assert again.read_before.finding is IN_PLACE
    assert read(library, session, "B-102").finding is IN_PLACE  # the repetition does not disturb the order


def test_an_unknown_code_is_kept_word_for_word(library: Library) -> None:
    shelf(library, 1)
    session = begun(library)
    told = read(library, session, "X-77")
    assert (told.finding, told.copy) == (Finding.UNKNOWN, None)
    assert [scan.code for scan in lib.rows(library, StocktakeScan)] == ["X-77"]


def test_an_accession_number_is_read_where_an_old_label_carries_no_barcode(library: Library) -> None:
    copy, _ = shelf(library, 2)
    session = begun(library)
    assert read(library, session, str(copy.accession_no)).copy.barcode == copy.barcode  # type: ignore[union-attr]


def test_a_copy_of_another_range_or_section_is_told_with_the_session_that_wants_it(library: Library) -> None:
    shelf(library, 3)
    book(library, 205)
    reference = book(library, 101.5, barcode="R-1", section="reference")
    other = begun(library, "200", "299", name="ردهٔ ۲۰۰")
    session = begun(library, "100", "199", section="main")
    told = read(library, session, "B-205")
    assert (told.finding, told.elsewhere) == (Finding.ELSEWHERE, "ردهٔ ۲۰۰")
    assert read(library, session, reference.barcode).finding is Finding.ELSEWHERE
    assert read(library, other, "B-205").finding is IN_PLACE


def test_one_book_out_of_place_makes_none_of_the_following_wrong(library: Library) -> None:
    shelf(library, 10)
    session = begun(library)
    told = [read(library, session, code) for code in codes(100, 101, 108, 102, 103, 104)]
    assert [one.finding for one in told] == [IN_PLACE] * 6
    assert told[3].revised == {told[2].scan_id: MISPLACED}  # it was the book before that stood wrong
    assert findings(library)["B-108"] is MISPLACED


def test_a_book_that_belongs_before_is_told_at_once_with_its_neighbours(library: Library) -> None:
    shelf(library, 10)
    session = begun(library)
    told = [read(library, session, code) for code in codes(100, 104, 105, 102, 106)]
    assert [one.finding for one in told] == [IN_PLACE, IN_PLACE, IN_PLACE, MISPLACED, IN_PLACE]
    belongs = told[3].belongs
    assert belongs is not None
    assert belongs.before is not None
    assert belongs.after is not None
    assert (belongs.before.barcode, belongs.after.barcode) == ("B-101", "B-103")


def test_at_the_ends_of_the_shelf_there_is_one_neighbour(library: Library) -> None:
    shelf(library, 4)
    session = begun(library)
    read_all(library, session, codes(101, 102, 103))
    belongs = read(library, session, "B-100").belongs
    assert belongs is not None
    assert belongs.before is None
    assert belongs.after is not None
    assert belongs.after.barcode == "B-101"


def test_three_books_in_order_elsewhere_are_another_shelf(library: Library) -> None:
    shelf(library, 10)
    session = begun(library)
    assert read_all(library, session, codes(106, 107, 108, 100, 101)) == [IN_PLACE] * 3 + [MISPLACED] * 2
    moved = read(library, session, "B-102")
    assert moved.finding is IN_PLACE
    assert set((moved.revised or {}).values()) == {IN_PLACE}
    assert set(findings(library).values()) == {IN_PLACE}


def test_each_scanner_goes_along_the_shelves_by_itself(library: Library) -> None:
    shelf(library, 10)
    session = begun(library)
    for one, other in ((100, 106), (101, 107), (102, 108)):
        assert read(library, session, f"B-{one}", scanner=1).finding is IN_PLACE
        assert read(library, session, f"B-{other}", scanner=2).finding is IN_PLACE
    positions = [(scan.scanner, scan.position) for scan in lib.rows(library, StocktakeScan)]
    assert sorted(positions) == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]


def test_a_book_far_ahead_is_doubted_until_the_next_one_stands_behind_it(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf(library, 30)
    monkeypatch.setattr(reads, "LEAP", 10)
    monkeypatch.setattr(reads, "PASSED_OVER", reads.passed_over(10))
    session = begun(library)
    assert read_all(library, session, codes(100, 101, 125)) == [IN_PLACE, IN_PLACE, MISPLACED]
    gone_on = read(library, session, "B-126")
    assert gone_on.finding is IN_PLACE
    assert list((gone_on.revised or {}).values()) == [IN_PLACE]


def test_a_book_far_ahead_stays_misplaced_when_the_shelf_goes_on_before_it(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf(library, 30)
    monkeypatch.setattr(reads, "LEAP", 10)
    monkeypatch.setattr(reads, "PASSED_OVER", reads.passed_over(10))
    session = begun(library)
    assert read_all(library, session, codes(100, 101, 125, 102, 103)) == [
        IN_PLACE,
        IN_PLACE,
        MISPLACED,
        IN_PLACE,
        IN_PLACE,
    ]
    assert findings(library)["B-125"] is MISPLACED


def test_a_copy_without_a_call_number_has_no_order(library: Library) -> None:
    shelf(library, 3)
    lib.add_copy(library, lib.a_title("بی‌رده", dewey=None, author_mark=None), barcode="N-1")
    session = begun(library)
    assert read_all(library, session, ["B-100", "N-1", "B-101"]) == [IN_PLACE] * 3


def test_the_condition_of_the_last_copy_is_noted_with_one_word(library: Library) -> None:
    shelf(library, 2)
    session = begun(library)
    read_all(library, session, codes(100, 101))
    noted = note(library, session, Condition.WORN, lib.act(library))
    assert isinstance(noted, Noted)
    assert noted.copy.barcode == "B-101"
    assert not noted.already
    again = note(library, session, Condition.WORN, lib.act(library))
    assert isinstance(again, Noted)
    assert again.already
    assert {scan.code: scan.condition for scan in lib.rows(library, StocktakeScan)} == {
        "B-100": None,
        "B-101": Condition.WORN,
    }


def test_nothing_is_noted_before_a_copy_was_read(library: Library) -> None:
    shelf(library, 1)
    session = begun(library)
    read(library, session, "X-1")
    outcome = note(library, session, Condition.WORN, lib.act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["stocktake.no_copy"]


def test_a_scan_is_taken_back_with_what_it_had_revised(library: Library) -> None:
    shelf(library, 10)
    session = begun(library)
    read_all(library, session, codes(100, 108, 101))
    assert findings(library)["B-108"] is MISPLACED
    assert isinstance(undo_last(library, lib.act(library)), Undone)
    assert findings(library) == {"B-100": IN_PLACE, "B-108": IN_PLACE}
    assert read(library, session, "B-109").finding is IN_PLACE


def test_a_file_is_read_line_by_line_and_only_once(library: Library) -> None:
    shelf(library, 4)
    session = begun(library)
    lines = list(enumerate([*codes(100, 101), "X-1", *codes(103, 102)], start=1))
    done = scan_file(library, session, lines, lib.act(library), scanner=2)
    assert isinstance(done, FileRead)
    assert [line.scanned.finding if line.scanned else None for line in done.lines] == [
        IN_PLACE, IN_PLACE, Finding.UNKNOWN, IN_PLACE, IN_PLACE,
    ]  # fmt: skip
    assert findings(library)["B-103"] is MISPLACED
    again = scan_file(library, session, lines, lib.act(library), scanner=2)
    assert isinstance(again, FileRead)
    assert [line.scanned for line in again.lines] == [None] * 5
    assert len(lib.rows(library, StocktakeScan)) == 5


def test_a_file_that_was_stopped_goes_on_where_it_was(library: Library) -> None:
    shelf(library, 4)
    session = begun(library)
    lines = list(enumerate(codes(100, 101, 102, 103), start=1))
    stopped = scan_file(library, session, lines, lib.act(library), tell=lambda done, _: done < 2)
    assert isinstance(stopped, FileRead)
    assert stopped.stopped
    assert len(stopped.lines) == 2
    rest = scan_file(library, session, lines, lib.act(library))
    assert isinstance(rest, FileRead)
    assert [line.scanned is not None for line in rest.lines] == [False, False, True, True]


def test_a_session_nobody_knows_is_not_found(library: Library) -> None:
    assert isinstance(scan(library, uuid4(), "B-1", lib.act(library)), NotFound)
    assert isinstance(note(library, uuid4(), Condition.WORN, lib.act(library)), NotFound)


def test_whoever_may_not_reads_no_shelves(library: Library) -> None:
    shelf(library, 1)
    session = begun(library)
    outcome = scan(library, session, "B-100", lib.act(library, Role.TRAINEE))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["role.not_allowed"]
    assert lib.rows(library, StocktakeScan) == []
