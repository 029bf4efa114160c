"""What memory scanners and spreadsheets leave in their files, however hostile, line by line on a draft."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.imports.lines import MOST_LINES, LineEnd
from app.library import Library
from app.persian.digits import to_persian
from app.weeding.facts import Proposal
from db.codes import Condition, ItemFlag, WeedingReason
from db.models.collection import Minutes, MinutesRow
from db.trouble import Trouble
from tests import library as lib
from ui.weeding.file_work import FileDone, list_file

WORN = Proposal(WeedingReason.WORN)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = lib.found(tmp_path / "library")
    with library.store:
        yield library


def worn(library: Library, number: int = 3) -> list[lib.ACopy]:
    return [lib.add_copy(library, condition=Condition.UNBINDABLE) for _ in range(number)]


def listed(library: Library, folder: Path, content: bytes | str, proposal: Proposal = WORN, stop: int = 0) -> FileDone:
    """The file worked off; `stop`: the librarian stops it after so many lines."""
    path = folder / "scans.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = list_file(library, path, proposal, lib.act(library), lambda line, _: line != stop)
    assert isinstance(done, FileDone), done
    return done


def ends(done: FileDone) -> list[str]:
    return [str(report.result.end) for report in done.reports]


WRITTEN: dict[str, tuple[str, str]] = {
    "one line after the other": ("{0}\n{1}\n{2}", "utf-8"),
    "with carriage returns": ("{0}\r\n{1}\r\n{2}\r\n", "utf-8"),
    "with carriage returns alone": ("{0}\r{1}\r{2}\r", "utf-8"),
    "with a byte order mark": ("{0}\n{1}\n{2}", "utf-8-sig"),
    "by a spreadsheet": ("{0}\r\n{1}\r\n{2}", "utf-16"),
    "in the old Windows code page": ("برچسب;زمان\r\n{0};08:30\r\n{1};08:31\r\n{2};08:32", "cp1256"),
    "with blank lines and spaces": ("\n\n  {0} \n\t\n{1}\t\n\n\n{2}\n\n", "utf-8"),
    "in quotes": ('"{0}"\n"{1}"\n"{2}"', "utf-8"),
    "with the moment of the scan": (
        "1405/08/30 10:30:00,{0}\n1405/08/30 10:31:00,{1}\n1405/08/30 10:32:00,{2}", "utf-8",
    ),
    "with lines between": ("{0}\n-----\n{1}\n=====\n{2}", "utf-8"),
}  # fmt: skip


@pytest.mark.parametrize("how", WRITTEN)
def test_a_file_is_read_however_it_was_written(library: Library, tmp_path: Path, how: str) -> None:
    text, encoding = WRITTEN[how]
    copies = worn(library)
    done = listed(library, tmp_path, text.format(*(copy.barcode for copy in copies)).encode(encoding))
    assert ends(done) == ["done"] * 3
    assert [row.item_id for row in lib.rows(library, MinutesRow)] == [copy.id for copy in copies]


def test_accession_numbers_in_persian_digits(library: Library, tmp_path: Path) -> None:
    copies = worn(library)
    done = listed(library, tmp_path, "\n".join(to_persian(str(copy.accession_no)) for copy in copies))
    assert ends(done) == ["done"] * 3


def test_the_same_line_again_is_one_row(library: Library, tmp_path: Path) -> None:
    one, two = worn(library, 2)
    done = listed(library, tmp_path, f"{one.barcode}\n{one.barcode}\n{two.barcode}\n{one.barcode}")
    assert ends(done) == ["done", "already_done", "done", "already_done"]
    assert len(lib.rows(library, MinutesRow)) == 2


@pytest.mark.parametrize(
    ("line", "end"),
    [
        ("1001", LineEnd.UNKNOWN),  # the card of a reader
        ("9789643110000", LineEnd.UNKNOWN),  # an ISBN
        ("99999999999999999999", LineEnd.UNKNOWN),
        ("=cmd|'/c calc'!A1", LineEnd.UNREADABLE),
        ("https://example.org/?x=1", LineEnd.UNREADABLE),
        ("<img src=x>", LineEnd.UNREADABLE),
        ("\u202eRAF-000001", LineEnd.UNREADABLE),
        ("]C1\x1d0100", LineEnd.UNREADABLE),
        ("RAF-1;RAF-2", LineEnd.UNREADABLE),
        ("9" * 4_000, LineEnd.UNREADABLE),
    ],
)
def test_a_strange_line_stops_nothing(library: Library, tmp_path: Path, line: str, end: LineEnd) -> None:
    lib.add_member(library, card="1001")
    one, two = worn(library, 2)
    done = listed(library, tmp_path, f"{one.barcode}\n{line}\n{two.barcode}\n")
    assert ends(done) == ["done", end, "done"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 a workbook", "P-2102"),
        (b"%PDF-1.7", "P-2102"),
        (b"RAF-000001\x00RAF-000002", "P-2102"),
        (b" \r\n\t\r\n", "P-2104"),
        ("\n".join(["RAF-000001"] * (MOST_LINES + 1)).encode(), "P-2103"),
        ("\n".join(["RAF-000001"] * 50_000).encode(), "P-2103"),
    ],
)
def test_what_is_no_list_of_scans_changes_nothing(library: Library, tmp_path: Path, content: bytes, code: str) -> None:
    worn(library, 1)
    with pytest.raises(Trouble) as told:
        listed(library, tmp_path, content)
    assert told.value.code == code
    assert lib.rows(library, Minutes) == []


def test_every_refused_line_tells_all_its_reasons(library: Library, tmp_path: Path) -> None:
    kept = lib.add_copy(library, condition=Condition.GOOD, flags=(ItemFlag.CULTURAL_PACKAGE,))
    done = listed(library, tmp_path, kept.barcode)
    (report,) = done.reports
    assert report.result.end is LineEnd.REFUSED
    assert [refusal.code for refusal in report.result.refusals] == [
        "weeding.unbindable_needed", "weeding.permit_needed", "weeding.not_worn",
    ]  # fmt: skip
    for article in ("م ۵-۱", "م ۴-۲ تبصره", "م ۴-۱-ج"):
        assert article in report.result.text


def test_a_stopped_file_goes_on_where_it_stopped(library: Library, tmp_path: Path) -> None:
    content = "\n".join(copy.barcode for copy in worn(library, 4))
    done = listed(library, tmp_path, content, stop=2)
    assert (ends(done), done.stopped) == (["done", "done"], True)
    again = listed(library, tmp_path, content)
    assert (ends(again), again.stopped) == (["already_done", "already_done", "done", "done"], False)


def test_each_line_names_its_criterion(library: Library, tmp_path: Path) -> None:
    """002 م4-2-ج: what takes the place is found for each copy by itself."""
    old = lib.add_pair(library, lib.a_title("شیمی", year=1390))
    newer = lib.add_copy(library, lib.a_title("شیمی", year=1402))
    alone = lib.add_pair(library, lib.a_title("گلستان", year=1390))
    content = f"{old.barcode}\n{alone.barcode}"
    done = listed(library, tmp_path, content, Proposal(WeedingReason.CONTENT, "4-2-ج"))
    assert ends(done) == ["done", "refused"]
    (row,) = lib.rows(library, MinutesRow)
    assert (row.article, row.replaced_by) == ("4-2-ج", newer.title_id)
