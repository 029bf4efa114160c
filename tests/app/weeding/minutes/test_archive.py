"""The archive finds every frozen edition, changes none, and keeps letters and receipts with it (002 م7-13، م7-15)."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.library import Library
from app.outcome import NotFound, Refused
from app.papers import frozen_paper
from app.persian import jalali
from app.weeding.facts import Proposal
from app.weeding.minutes.archive import Wanted, binder, find_archived, read_scan
from app.weeding.minutes.attaching import MOST_BYTES, Attached, attach
from app.weeding.minutes.closing import close_minutes
from app.weeding.minutes.outcomes import Closed, CopyRuling, Letter, Scan
from app.weeding.minutes.refused import RefusedTitles, refused_titles
from app.weeding.minutes.review import send
from app.weeding.queries import archive
from app.weeding.service import Finalised, Listed, finalise, propose, strike
from db.codes import MinutesState, Role, Verdict
from db.models.collection import Document
from db.models.items import Item
from db.trouble import Trouble
from reports.forms.minutes import print_minutes
from tests.app.weeding.minutes.on_the_way import (
    COUNTY,
    PROVINCE,
    REJECT,
    UNBINDABLE,
    WORN,
    closed,
    finalised,
    ruled,
    sent,
)
from tests.app.weeding.printing import plain_printer
from tests.library import ACopy, act, add_copy, pass_days, rows
from tests.library import found as found_library

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found_library(tmp_path, space_shortage=True)
    with library.store:
        yield library


def minutes_of(library: Library, *titles: str) -> list[ACopy]:
    """Minutes of worn copies with these titles."""
    copies = [add_copy(library, title) for title in titles]
    for copy in copies:
        listed = propose(library, copy.barcode, Proposal(WORN, unbindable=True), act(library), UNBINDABLE)
        assert isinstance(listed, Listed), listed
    assert isinstance(finalise(library, WORN, plain_printer, act(library)), Finalised)
    return copies


def found(library: Library, **wanted: str | dt.date) -> list[tuple[int, int, int]]:
    with library.store.read() as reader:
        return [(one.year, one.number, one.revision) for one in find_archived(reader, Wanted(**wanted))]  # type: ignore[arg-type]


def test_everything_is_found_the_newest_first(library: Library) -> None:
    minutes_of(library, "بوستان")
    minutes_of(library, "گلستان")
    assert found(library) == [(1405, 2, 1), (1405, 1, 1)]


@pytest.mark.parametrize(
    ("written", "numbers"),
    [("1405/2", [2]), ("۱۴۰۵/۲", [2]), ("٢", [2]), (" 1405/ ", [2, 1]), ("1404/", []), ("3", []), ("الف", [])],
)
def test_minutes_are_found_by_number_in_any_digits(library: Library, written: str, numbers: list[int]) -> None:
    minutes_of(library, "بوستان")
    minutes_of(library, "گلستان")
    assert [number for _, number, _ in found(library, number=written)] == numbers


def test_minutes_are_found_by_the_day_of_the_edition_both_ends_included(library: Library) -> None:
    minutes_of(library, "بوستان")
    first = library.clock.read().day
    second = pass_days(library, 10)
    minutes_of(library, "گلستان")
    day = dt.timedelta(1)
    assert [number for _, number, _ in found(library, since=first, until=first)] == [1]
    assert [number for _, number, _ in found(library, since=first + day, until=second)] == [2]
    assert found(library, since=first + day, until=second - day) == []
    assert [number for _, number, _ in found(library, until=second)] == [2, 1]


@pytest.mark.parametrize("written", ["کیمیای", "كيمياي سعادت", "کیمیا", "سعدی کیمیای", "KIMIA-no"])
def test_minutes_are_found_by_words_of_a_title_on_them(library: Library, written: str) -> None:
    minutes_of(library, "کیمیای سعادت")
    minutes_of(library, "گلستان")
    expected = [] if written.isascii() else [(1405, 1, 1)]
    assert found(library, book=written) == expected


def test_minutes_are_found_by_the_numbers_of_a_copy_on_them(library: Library) -> None:
    (copy,) = minutes_of(library, "بوستان")
    minutes_of(library, "گلستان")
    assert found(library, book=copy.barcode) == [(1405, 1, 1)]
    assert found(library, book=str(copy.accession_no)) == [(1405, 1, 1)]
    assert found(library, book="9" * 30) == []


@pytest.mark.parametrize("hostile", ["%", "_", "' OR 1=1 --", "\x00\u202e", "😀", "(" * 300])
def test_hostile_words_find_nothing_and_break_nothing(library: Library, hostile: str) -> None:
    minutes_of(library, "بوستان")
    assert found(library, book=hostile) in ([], [(1405, 1, 1)])
    assert found(library, number=hostile) in ([], [(1405, 1, 1)])


def test_what_was_struck_on_the_draft_is_on_no_paper(library: Library) -> None:
    kept, gone = (add_copy(library, title) for title in ("بوستان", "گلستان"))
    for copy in (kept, gone):
        propose(library, copy.barcode, Proposal(WORN, unbindable=True), act(library), UNBINDABLE)
    strike(library, gone.barcode, WORN, "سالم است", act(library))
    assert isinstance(finalise(library, WORN, plain_printer, act(library)), Finalised)
    assert found(library, book="بوستان") == [(1405, 1, 1)]
    assert found(library, book="گلستان") == found(library, book=gone.barcode) == []


def test_what_an_edition_crossed_out_is_still_found_on_it(library: Library) -> None:
    first, *_ = sent(library)
    ruled(library, COUNTY, None, [CopyRuling(first.barcode, REJECT), *_others(library, first)])
    ruled(library, PROVINCE)
    closed(library)
    assert found(library, book=first.barcode) == [(1405, 1, 2), (1405, 1, 1)]


def _others(library: Library, first: ACopy) -> list[CopyRuling]:
    return [
        CopyRuling(item.barcode, Verdict.APPROVE)
        for item in rows(library, Item)
        if item.barcode != first.barcode and item.on_minutes_id is not None
    ]


def test_every_revision_is_reprinted_from_its_own_bytes(library: Library) -> None:
    """002 م7-13: the first paper stays as it was when the final one is made."""
    copies = [add_copy(library, f"کتاب {number}") for number in range(3)]
    for copy in copies:
        propose(library, copy.barcode, Proposal(WORN, unbindable=True), act(library), UNBINDABLE)
    assert isinstance(finalise(library, WORN, print_minutes, act(library)), Finalised)
    with library.store.read() as reader:
        before = frozen_paper(reader, archive(reader)[0].document_id)
    send(library, "1405/1", act(library), Letter("۱۲/۱", library.clock.read().day))
    ruled(library, COUNTY)
    ruled(library, PROVINCE)
    assert isinstance(close_minutes(library, "1405/1", print_minutes, act(library)), Closed)
    with library.store.read() as reader:
        final, first = archive(reader)
        again, newest = (frozen_paper(reader, one.document_id) for one in (first, final))
    assert (again.content, again.sha256) == (before.content, before.sha256)
    assert again.sha256 == hashlib.sha256(again.content).hexdigest()
    assert newest.content != again.content
    assert (first.state, final.state) == (MinutesState.SUPERSEDED, MinutesState.CLOSED)


# Receipts


def test_receipts_are_filed_in_order_and_come_back_as_they_were(library: Library, tmp_path: Path) -> None:
    """002 م7-15."""
    finalised(library)
    names = ("رسید تحویل.pdf", "نامهٔ استان.png", "a/../b\u202egnp.pdf")
    contents = (PDF, b"\x89PNG\r\n\x1a\nx", PDF + b"2")
    for name, content in zip(names, contents, strict=True):
        assert isinstance(attach(library, "1405/1", Scan(name, content), act(library)), Attached)
        pass_days(library, 1)
    with library.store.read() as reader:
        (filed,) = binder(reader, dt.date(2026, 1, 1), dt.date(2027, 1, 1))
        kept = [frozen_paper(reader, one.id) for one in filed.attachments]
    assert [one.content for one in kept] == list(contents)
    assert [one.file_name for one in kept][:2] == list(names[:2])
    assert "\u202e" not in kept[2].file_name
    scanned = tmp_path / "رسید.pdf"
    scanned.write_bytes(PDF)
    assert read_scan(scanned) == Scan("رسید.pdf", PDF)


def test_a_file_too_big_or_of_no_use_is_refused_with_its_article(library: Library, tmp_path: Path) -> None:
    finalised(library)
    big = tmp_path / "big.pdf"
    with big.open("wb") as file:
        file.write(PDF)
        file.truncate(4 * MOST_BYTES)
    scan = read_scan(big)
    assert len(scan.content) == MOST_BYTES + 1  # no more is read than shows it
    for refused_scan, code in ((scan, "minutes.file_too_big"), (Scan("x.exe", b"MZ\x90"), "minutes.file_unreadable")):
        outcome = attach(library, "1405/1", refused_scan, act(library))
        assert isinstance(outcome, Refused)
        assert [(one.code, one.rule) for one in outcome.refusals] == [(code, "7-15")]
    assert [one for one in rows(library, Document) if one.kind == "attachment"] == []


def test_a_file_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        read_scan(tmp_path / "نیست.pdf")
    assert caught.value.code == "P-2101"


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.COUNTY_HEAD])
def test_somebody_who_may_not_finalise_files_nothing(library: Library, role: Role) -> None:
    finalised(library)
    outcome = attach(library, "1405/1", Scan("رسید.pdf", PDF), act(library, role))
    assert isinstance(outcome, Refused)
    assert [one.code for one in outcome.refusals] == ["role.not_allowed"]


# The binder


def test_the_binder_lists_each_minutes_once_by_date_with_its_letters(library: Library) -> None:
    copies = sent(library, 3)
    ruled(library, COUNTY, copies=[CopyRuling(copies[0].barcode, REJECT, "به کار می‌آید")])
    ruled(library, PROVINCE)
    later = pass_days(library, 3)
    closed(library)
    minutes_of(library, "گلستان")
    with library.store.read() as reader:
        first, second = binder(reader, dt.date(2026, 3, 21), later)
        assert binder(reader, later + dt.timedelta(1), later + dt.timedelta(9)) == ()
    assert (first.number, first.revision, first.copies, first.state) == ("1405/1", 2, 2, MinutesState.CLOSED)
    assert [(one.number, one.level) for one in first.letters] == [
        ("۱۲/۱", None),
        ("county-1", COUNTY),
        ("province-1", PROVINCE),
    ]
    assert (second.number, second.letters, second.attachments) == ("1405/2", (), ())
    assert jalali.short(first.finalised_on) == jalali.short(later)


# The letter of refused titles


def test_the_letter_names_what_was_refused_by_whom_and_why(library: Library) -> None:
    copies = sent(library, 3)
    ruled(library, COUNTY, copies=[CopyRuling(copies[0].barcode, REJECT, "به کار می‌آید")])
    ruled(library, PROVINCE, copies=[CopyRuling(copies[1].barcode, REJECT, "نیاز مراجعان")])
    letter = refused_titles(library, "1405/1", library.clock.read().day)
    assert isinstance(letter, RefusedTitles)
    assert [(one.row.barcode, one.ruling.level, one.ruling.remark) for one in letter.rows] == [
        (copies[0].barcode, COUNTY, "به کار می‌آید"),
        (copies[1].barcode, PROVINCE, "نیاز مراجعان"),
    ]
    assert letter.signatory == "province_reviewer"


def test_a_letter_about_nothing_is_refused(library: Library) -> None:
    sent(library)
    outcome = refused_titles(library, "1405/1", library.clock.read().day)
    assert isinstance(outcome, Refused)
    assert [(one.code, one.rule) for one in outcome.refusals] == [("minutes.nothing_refused", "7-10")]
    assert isinstance(refused_titles(library, "1405/9", library.clock.read().day), NotFound)
