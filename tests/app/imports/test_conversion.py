"""Copies out of another program: with their numbers, day of accession and how they stood there (002 م8-2 … م8-6)."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.catalogue.importing.statuses import StatusWish
from app.check import check_library
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.outcomes import LocalUse
from app.imports.service import AlreadyImported, Imported, ImportRequest, import_file
from app.imports.state import Counts
from app.library import Library
from app.weeding.minutes.corrections import Correction, StatusCorrected, StatusCorrection, correct_statuses
from db.codes import WEEDED, ItemStatus, Role
from db.models.items import Item, ItemStatusChange
from db.models.sync import JournalEntry
from tests.library import act, add_copy, found, rows

S = ItemStatus
HEAD = "عنوان,نویسنده,شماره ثبت,تاریخ ثبت,بارکد,وضعیت\n"
OLD = HEAD + (
    "سووشون,دانشور,۱۲,1389/02/03,B12,موجود\n"
    "سووشون,دانشور,13,,B13,مفقود\n"
    "بوف کور,هدایت,14,1380/01/01,,وجین تکراری\n"
    "کلیدر,دولت‌آبادی,15,,B15,نامعلوم\n"
    "کلیدر,دولت‌آبادی,16,,B16,در حال صحافی\n"
    "همسایه‌ها,محمود,17,,B17,در امانت\n"
    "شازده احتجاب,گلشیری,18,,B18,وجین\n"
    "مدیر مدرسه,آل احمد,19,,B19,قرمز\n"
)
WORN = StatusWish(weeded_as=S.WEEDED_WORN)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def written(folder: Path, text: str, name: str = "old.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def take_in(library: Library, path: Path, wish: StatusWish | None = None, role: Role = Role.HEAD) -> Imported:
    request = ImportRequest(path, statuses=wish) if wish else ImportRequest(path)
    outcome = import_file(library, request, act(library, role), path.parent / "side")
    assert isinstance(outcome, Imported), outcome
    return outcome


def copies(library: Library) -> dict[int, Item]:
    return {item.accession_no: item for item in rows(library, Item)}


def kept(outcome: Imported) -> list[dict[str, Any]]:
    return [json.loads(line) for line in outcome.side_files[0].read_text(encoding="utf-8").splitlines()]


def test_a_part_may_end_with_what_is_known(library: Library, tmp_path: Path) -> None:
    """Twenty-eight new books fill an entry of the journal nearly; the last ones are here already and change nothing."""
    new = [f"کتاب {n},{'؛'.join(f'موضوع {n}-{k}' for k in range(15))},{n}\n" for n in range(1, 29)]
    again = [f"کتاب {n},{'؛'.join(f'موضوع {n}-{k}' for k in range(40))},{n}\n" for n in range(1, 6)]
    outcome = take_in(library, written(tmp_path, "".join(("عنوان,موضوع,شماره ثبت\n", *new, *again))))
    assert outcome.counts == Counts(read=33, titles=28, known=5, copies=28, copies_known=5)


def test_copies_come_with_numbers_days_and_statuses(library: Library, tmp_path: Path) -> None:
    outcome = take_in(library, written(tmp_path, OLD))
    assert outcome.counts == Counts(read=8, titles=4, known=2, refused=2, copies=6, weeded=1, missing=1, lent=1)
    came = copies(library)
    assert {number: item.status for number, item in came.items()} == {
        12: S.AVAILABLE, 13: S.MISSING, 14: S.WEEDED_DUPLICATE, 15: S.UNKNOWN, 16: S.IN_BINDING, 17: S.UNKNOWN,
    }  # fmt: skip
    assert came[12].accession_date == dt.date(2010, 4, 23)
    assert (came[12].barcode, came[13].accession_date) == ("B12", act(library).day)
    told = {(change.was, change.became, change.why, change.remark) for change in rows(library, ItemStatusChange)}
    assert (None, S.WEEDED_DUPLICATE, "import", "وجین تکراری (old.csv)") in told
    assert (None, S.UNKNOWN, "import", "در امانت (old.csv)") in told
    assert len(told) == 5
    assert rows(library, JournalEntry)[-1].kind == "import.finished"
    assert check_library(library).broken == ()


def test_the_register_goes_on_behind_the_highest_number(library: Library, tmp_path: Path) -> None:
    """002 م8-2."""
    take_in(library, written(tmp_path, OLD))
    add_copy(library)
    assert max(copies(library)) == 18


def test_what_cannot_be_read_is_refused_word_for_word(library: Library, tmp_path: Path) -> None:
    told = kept(take_in(library, written(tmp_path, OLD)))
    assert [(line["line"], line["code"]) for line in told] == [(8, "status.weeded_kind"), (9, "status.unknown")]
    assert "قرمز" in told[1]["raw"]
    assert 19 not in copies(library)


def test_the_same_file_brings_what_was_refused_once_it_is_said_what_it_means(library: Library, tmp_path: Path) -> None:
    path = written(tmp_path, OLD)
    take_in(library, path)
    again = take_in(library, path, StatusWish(S.WEEDED_WORN, meanings={"قرمز": "missing"}))
    assert again.counts == Counts(read=8, titles=2, known=6, copies=2, copies_known=6, weeded=1, missing=1)
    assert {number: copies(library)[number].status for number in (18, 19)} == {18: S.WEEDED_WORN, 19: S.MISSING}
    outcome = import_file(library, ImportRequest(path, statuses=WORN), act(library), tmp_path / "side")
    assert outcome == AlreadyImported(again.counts)
    assert len(copies(library)) == 8


@pytest.mark.parametrize(("code", "weeded"), [(3, {1}), (33, {2})])
def test_the_worksheet_of_namayeh_comes_in_with_its_code(
    library: Library, tmp_path: Path, code: int, weeded: set[int]
) -> None:
    """002 م8-5: 3, or 33 in a library that had used 3 for something else."""
    text = "عنوان,شماره ثبت,کد صفحه ۷\nالف,۱,۳\nب,۲,33\nپ,۳,\nت,۴,5\n"
    wish = StatusWish(S.WEEDED_CONTENT, code, {"5": "missing"})
    outcome = take_in(library, written(tmp_path, text), wish)
    assert outcome.counts.refused == 1
    came = copies(library)
    assert {number for number, item in came.items() if item.status in WEEDED} == weeded
    assert (came[3].status, came[4].status) == (S.AVAILABLE, S.MISSING)
    assert check_library(library).broken == ()


def test_who_may_not_finalise_minutes_brings_no_weeded_copy(library: Library, tmp_path: Path) -> None:
    """002 م8-1."""
    path = written(tmp_path, HEAD + "سووشون,دانشور,12,,B12,وجین\nبوف کور,هدایت,14,,B14,مفقود\n")
    outcome = take_in(library, path, WORN, Role.LIBRARIAN)
    assert outcome.counts == Counts(read=2, titles=2, copies=1, copies_refused=1, missing=1)
    (told,) = kept(outcome)
    assert told["code"] == "import.weeded"
    assert json.loads(told["raw"]) == {
        "title": "سووشون", "barcode": "B12", "accession_no": "12", "status": "وجین"
    }  # fmt: skip
    assert take_in(library, path, WORN).counts == Counts(read=2, known=2, copies=1, copies_known=1, weeded=1)


def test_a_number_of_another_book_is_told_and_not_given_twice(library: Library, tmp_path: Path) -> None:
    """002 م8-2."""
    first = add_copy(library, "سووشون")
    text = HEAD + f"بوف کور,هدایت,1,,B77,موجود\nکلیدر,دولت‌آبادی,9,,{first.barcode},مفقود\nهمسایه‌ها,محمود,8,,B8,موجود\n"
    outcome = take_in(library, written(tmp_path, text))
    assert (outcome.counts.copies, outcome.counts.copies_refused) == (1, 2)
    assert [line["code"] for line in kept(outcome)] == ["import.number_taken", "item.barcode_taken"]
    assert sorted(copies(library)) == [1, 8]


def test_a_copy_that_is_here_stays_as_it_is_and_is_put_right_as_a_batch(library: Library, tmp_path: Path) -> None:
    """002 م8-6: what an earlier import made available."""
    take_in(library, written(tmp_path, HEAD + "سووشون,دانشور,12,,B12,\n"))
    outcome = take_in(library, written(tmp_path, HEAD + "سووشون,دانشور,12,,B12,مفقود\n", "new.csv"))
    assert outcome.counts == Counts(read=1, known=1, copies_known=1)
    assert copies(library)[12].status is S.AVAILABLE
    mended = correct_statuses(library, StatusCorrection(Correction.MISSING, ("12",), reason="از فایل"), act(library))
    assert isinstance(mended, StatusCorrected)
    assert copies(library)[12].status is S.MISSING


def test_a_copy_that_was_lent_there_is_available_with_its_first_return(library: Library, tmp_path: Path) -> None:
    take_in(library, written(tmp_path, OLD))
    assert isinstance(check_in(library, CheckinRequest("B17"), act(library)), LocalUse)
    assert copies(library)[17].status is S.AVAILABLE


def test_a_number_that_no_register_counts_to_is_kept_in_words(library: Library, tmp_path: Path) -> None:
    take_in(library, written(tmp_path, HEAD + "سووشون,دانشور,12ل,,B12,موجود\nکلیدر,محمود,9999999999,,B13,\n"))
    assert sorted(copies(library)) == [1, 2]
    assert copies(library)[1].note == "شمارهٔ ثبت در برنامهٔ پیشین: 12ل"


def test_volume_and_number_of_a_copy_stay_as_they_were(library: Library, tmp_path: Path) -> None:
    """The first two copies of a title are never surplus (002 م4-1-ب): they are those of the old register."""
    text = "عنوان,شماره ثبت,جلد,نسخه\nکلیدر,21,2,3\nکلیدر,22,2,۱\nکلیدر,23,2,دوم\nکلیدر,24,1,0\n"
    take_in(library, written(tmp_path, text))
    came = {number: (item.volume_no, item.copy_no) for number, item in copies(library).items()}
    assert came == {21: ("2", 3), 22: ("2", 1), 23: ("2", 4), 24: ("1", 1)}


def test_a_day_ahead_is_no_day_of_accession(library: Library, tmp_path: Path) -> None:
    take_in(library, written(tmp_path, HEAD + "سووشون,دانشور,12,1499/01/01,B12,\n"))
    assert copies(library)[12].accession_date == act(library).day


@pytest.mark.parametrize("of_one_title", [True, False])
def test_many_copies_in_a_transaction_are_as_many_entries_as_it_takes(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of_one_title: bool
) -> None:
    for place in ("db.writing", "db.journal"):
        monkeypatch.setattr(f"{place}.MOST_CHANGES", 20)
    numbers = [str(number) for number in range(1, 31)]
    lines = [f"کتاب {number},نویسنده,{number},,,مفقود" for number in numbers]
    text = f"کتاب,نویسنده,{'؛'.join(numbers)},,,مفقود" if of_one_title else "\n".join(lines)
    assert take_in(library, written(tmp_path, HEAD + text)).counts.missing == 30
    assert check_library(library).broken == ()


def test_copies_that_are_only_counted_fit_their_entries_too(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("db.writing", "db.journal"):
        monkeypatch.setattr(f"{place}.MOST_CHANGES", 20)
    path = written(tmp_path, "عنوان,نویسنده\n" + "\n".join(f"کتاب {number},نویسنده" for number in range(5)))
    outcome = import_file(library, ImportRequest(path, copies=20), act(library), tmp_path / "side")
    assert isinstance(outcome, Imported)
    assert len(copies(library)) == 100


def test_a_shop_without_numbers_says_nothing_of_copies(library: Library, tmp_path: Path) -> None:
    """«ناموجود» of a shop is no status of a copy."""
    outcome = take_in(library, written(tmp_path, "عنوان,نویسنده,وضعیت\nسووشون,دانشور,ناموجود\n"))
    assert outcome.counts == Counts(read=1, titles=1)
