"""Scans of a memory scanner, against a real store."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.check import check_library
from app.imports.lines import MOST_BYTES, MOST_LINES, LineEnd, LinesDone
from app.imports.scans import OLDEST_DAYS, Mode, Scans, do_scans, scans_of_file, scans_of_text
from app.library import Library
from app.members.cards import report_card_lost
from app.outcome import Refused
from db.codes import Role
from db.models.circulation import Loan
from db.models.items import LocalUse
from db.models.members import Member
from db.trouble import Trouble
from tests import library as lib
from tests.library import ACopy, AMember

DONE, ALREADY, REFUSED, UNKNOWN = LineEnd.DONE, LineEnd.ALREADY, LineEnd.REFUSED, LineEnd.UNKNOWN


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = lib.found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def member(library: Library) -> AMember:
    return lib.add_member(library, card="M-1")


@pytest.fixture
def copies(library: Library) -> list[ACopy]:
    return [lib.add_copy(library, barcode=f"B-{number}") for number in range(1, 4)]


def run(library: Library, text: str | Scans, mode: Mode, folder: Path) -> LinesDone:
    scans = scans_of_text(text) if isinstance(text, str) else text
    done = do_scans(library, scans, mode, lib.act(library), folder / "side")
    assert isinstance(done, LinesDone), done
    return done


def ends(done: LinesDone) -> list[tuple[int, str]]:
    return [(report.line, report.result.end.value) for report in done.reports]


def codes(done: LinesDone) -> list[str]:
    return [report.result.code for report in done.reports]


def test_returns_are_dated_back_to_the_day_of_their_scan(
    library: Library, member: AMember, copies: list[ACopy], tmp_path: Path
) -> None:
    loan = lib.lend(library, member, copies[0])
    lib.pass_days(library, (loan.due_on - lib.TODAY).days + 3)
    done = run(library, f"{loan.due_on} 11:00:00,B-1\n", Mode.CHECKIN, tmp_path)
    assert ends(done) == [(1, DONE)]
    [row] = lib.rows(library, Loan)
    assert row.effective_in_on == loan.due_on
    assert "دیرکرد" not in done.reports[0].result.text
    assert done.side_files == ()


def test_each_line_is_told_by_itself_and_what_was_not_done_is_kept(
    library: Library, member: AMember, copies: list[ACopy], tmp_path: Path
) -> None:
    lib.lend(library, member, copies[0])
    done = run(library, "B-1\n\nB-9\nM-1\n\x07\nB-2\nB-1\n", Mode.CHECKIN, tmp_path)
    assert ends(done) == [(1, DONE), (3, UNKNOWN), (4, UNKNOWN), (5, LineEnd.UNREADABLE), (6, DONE), (7, ALREADY)]
    assert codes(done) == [
        "checked_in", "not_found.item", "card_instead", "control_character", "local_use", "already_done",
    ]  # fmt: skip
    [side] = done.side_files
    kept = [json.loads(line) for line in side.read_text("utf-8").splitlines()]
    assert [(row["line"], row["raw"]) for row in kept] == [(3, "B-9"), (4, "M-1"), (5, "\x07")]
    assert all(row["reason"] for row in kept)
    assert check_library(library).broken == ()


def test_the_same_file_again_changes_nothing_even_days_later(
    library: Library, member: AMember, copies: list[ACopy], tmp_path: Path
) -> None:
    lib.lend(library, member, copies[0])
    text = f"{lib.TODAY} 09:00:01,B-1\n{lib.TODAY} 09:00:09,B-1\n{lib.TODAY} 09:01:00,B-2\n"
    run(library, text, Mode.CHECKIN, tmp_path)
    for days in (0, 1, 5):
        lib.pass_days(library, days)
        assert [end for _, end in ends(run(library, text, Mode.CHECKIN, tmp_path))] == [ALREADY] * 3
    assert len(lib.rows(library, LocalUse)) == 1


def test_what_stood_so_already_is_not_done_later(
    library: Library, member: AMember, copies: list[ACopy], tmp_path: Path
) -> None:
    """The loan was made at the desk too; the copy has come back since; the file comes again."""
    lib.lend(library, member, copies[0])
    text = f"{lib.TODAY} 09:00:00,M-1\n{lib.TODAY} 09:00:05,B-1\n"
    assert ends(run(library, text, Mode.CHECKOUT, tmp_path)) == [(1, LineEnd.READER), (2, ALREADY)]
    lib.take_back(library, copies[0])
    assert ends(run(library, text, Mode.CHECKOUT, tmp_path)) == [(1, LineEnd.READER), (2, ALREADY)]
    assert len(lib.rows(library, Loan)) == 1


def test_scans_without_a_moment_may_come_again_on_another_day(
    library: Library, member: AMember, copies: list[ACopy], tmp_path: Path
) -> None:
    for _ in range(2):
        lib.lend(library, member, copies[0])
        assert codes(run(library, "B-1\n", Mode.CHECKIN, tmp_path)) == ["checked_in"]
        assert ends(run(library, "B-1\n", Mode.CHECKIN, tmp_path)) == [(1, ALREADY)]
        lib.pass_days(library, 1)


def test_use_in_the_hall_is_counted_once_a_file_and_a_lent_copy_stays_lent(
    library: Library, member: AMember, copies: list[ACopy], tmp_path: Path
) -> None:
    lib.lend(library, member, copies[1])
    done = run(library, "B-1\nB-2\nB-1\nB-9\n", Mode.USE, tmp_path)
    assert ends(done) == [(1, DONE), (2, REFUSED), (3, ALREADY), (4, UNKNOWN)]
    assert codes(done)[1] == "scan.on_loan"
    assert len(lib.rows(library, LocalUse)) == 1
    [loan] = lib.rows(library, Loan)
    assert loan.in_at is None


def test_copies_are_lent_to_the_card_before_them_on_the_day_of_the_scan(
    library: Library, member: AMember, copies: list[ACopy], tmp_path: Path
) -> None:
    other = lib.add_member(library, card="M-2")
    lib.pass_days(library, 2)
    stamp = f"{lib.TODAY} 10:00:0"
    text = f"{stamp}0,M-1\n{stamp}1,B-1\n{stamp}2,B-2\n{stamp}3,M-2\n{stamp}4,B-3\n"
    done = run(library, text, Mode.CHECKOUT, tmp_path)
    assert ends(done) == [(1, LineEnd.READER), (2, DONE), (3, DONE), (4, LineEnd.READER), (5, DONE)]
    loans = {loan.item_id: loan for loan in lib.rows(library, Loan)}
    assert [loans[copy.id].member_id for copy in copies] == [member.id, member.id, other.id]
    assert {loan.out_on for loan in loans.values()} == {lib.TODAY}


@pytest.mark.parametrize("stop", ["---", "M-9", "X-77", "\x07"], ids=["separator", "card", "code", "garbage"])
def test_after_a_separator_or_anything_unknown_nothing_goes_to_the_reader_before(
    library: Library, member: AMember, copies: list[ACopy], tmp_path: Path, stop: str
) -> None:
    done = run(library, f"M-1\nB-1\n{stop}\nB-2\n", Mode.CHECKOUT, tmp_path)
    assert codes(done)[-1] == "scan.no_member"
    assert [loan.item_id for loan in lib.rows(library, Loan)] == [copies[0].id]


def test_a_copy_before_any_card_is_lent_to_nobody(
    library: Library, member: AMember, copies: list[ACopy], tmp_path: Path
) -> None:
    assert codes(run(library, "B-1\nM-1\n", Mode.CHECKOUT, tmp_path)) == ["scan.no_member", "member"]
    assert lib.rows(library, Loan) == []


def test_a_code_that_is_card_and_label_is_neither(
    library: Library, member: AMember, copies: list[ACopy], tmp_path: Path
) -> None:
    lib.add_copy(library, barcode="M-2")
    lib.add_member(library, card="M-2")
    done = run(library, "M-1\nM-2\nB-1\n", Mode.CHECKOUT, tmp_path)
    assert codes(done) == ["member", "scan.ambiguous", "scan.no_member"]
    assert "«M-2»" in done.reports[1].result.text


def test_a_member_number_is_the_reader_though_a_copy_has_the_same_accession_number(
    library: Library, member: AMember, copies: list[ACopy], tmp_path: Path
) -> None:
    assert int(member.number) == copies[0].accession_no
    assert codes(run(library, f"{member.number}\nB-2\n", Mode.CHECKOUT, tmp_path)) == ["member", "checked_out"]


def test_rules_speak_with_every_reason(library: Library, member: AMember, copies: list[ACopy], tmp_path: Path) -> None:
    report_card_lost(library, "M-1", lib.act(library))
    lib.change(library, Member, member.id, address_unknown=True)
    done = run(library, "M-1\nB-1\n", Mode.CHECKOUT, tmp_path)
    refused = done.reports[1].result
    assert {refusal.code for refusal in refused.refusals} >= {"member.card_lost", "member.address_unknown"}
    assert "مفقود" in refused.text
    assert "نشانی" in refused.text


@pytest.mark.parametrize(("days", "end"), [(1, REFUSED), (0, DONE), (-OLDEST_DAYS, DONE), (-OLDEST_DAYS - 1, REFUSED)])
def test_a_device_with_a_wrong_clock_is_not_believed(
    library: Library, copies: list[ACopy], tmp_path: Path, days: int, end: LineEnd
) -> None:
    day = lib.TODAY + dt.timedelta(days)
    done = run(library, f"{day} 10:00,B-1\n", Mode.CHECKIN, tmp_path)
    assert ends(done) == [(1, end)]
    assert codes(done) == ["scan.day" if end is REFUSED else "local_use"]


def test_whoever_may_not_lend_reads_no_scans(library: Library, copies: list[ACopy], tmp_path: Path) -> None:
    refused = do_scans(library, scans_of_text("B-1"), Mode.CHECKIN, lib.act(library, Role.AUDITOR), tmp_path)
    assert isinstance(refused, Refused)


def test_it_can_be_stopped_and_goes_on_where_it_stopped(
    library: Library, member: AMember, copies: list[ACopy], tmp_path: Path
) -> None:
    scans, act = scans_of_text("M-1\nB-1\nB-2\nB-3\n"), lib.act(library)
    first = do_scans(library, scans, Mode.CHECKOUT, act, tmp_path, lambda done, total: (done, total) != (2, 4))
    assert isinstance(first, LinesDone)
    assert first.stopped
    assert codes(first) == ["member", "checked_out"]
    assert codes(run(library, scans, Mode.CHECKOUT, tmp_path)) == [
        "member", "already_done", "checked_out", "checked_out",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"B-1\r\nB-2\r\n",
        b"\xef\xbb\xbfB-1\nB-2",
        "\ufeffB-1\nB-2\n".encode("utf-16-le"),
        b"B-1\rB-2\r",
        b"B-1\n\n\n   \nB-2\n\x1a",
    ],
)
def test_a_file_may_be_written_in_many_ways(
    library: Library, copies: list[ACopy], tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "scans.txt"
    path.write_bytes(content)
    done = run(library, scans_of_file(path), Mode.CHECKIN, tmp_path)
    assert codes(done)[:2] == ["local_use", "local_use"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "P-2104"),
        (b" \r\n\n ", "P-2104"),
        (b"%PDF-1.7 ...", "P-2102"),
        (b"PK\x03\x04rest", "P-2102"),
        (b"B-1\n\x00\x01\x02\x03B", "P-2102"),
        (b"B\n" * (MOST_LINES + 1), "P-2103"),
        (b"B" * (MOST_BYTES + 1), "P-2103"),
    ],
)
def test_a_file_that_is_none_is_trouble_with_its_code(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "scans.txt"
    path.write_bytes(content)
    with pytest.raises(Trouble) as trouble:
        scans_of_file(path)
    assert trouble.value.code == code


def test_an_absent_file_and_a_folder_are_trouble(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(Trouble) as trouble:
            scans_of_file(path)
        assert trouble.value.code == "P-2101"


def test_too_much_pasted_text_is_trouble() -> None:
    with pytest.raises(Trouble) as trouble:
        scans_of_text("B\n" * (MOST_LINES + 1))
    assert trouble.value.code == "P-2103"
