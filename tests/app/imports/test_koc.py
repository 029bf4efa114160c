"""Files of Koha's offline tool, against a real store."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.catalogue.importing.encodings import TextLine
from app.check import check_library
from app.imports.koc import open_koc, take_in_koc
from app.imports.koc_file import Command, FaultyLine, KocLine, is_koc, koc_lines
from app.imports.lines import LineEnd, LinesDone
from app.library import Library
from app.outcome import Refused
from db.codes import Role
from db.models.circulation import LedgerLine, Loan
from db.models.items import LocalUse
from db.models.members import Member
from db.trouble import Trouble
from tests import library as lib
from tests.app.accounts.money import owe
from tests.library import ACopy, AMember

HEADING = "Version=1.0\tGenerator=kocOfflineCirc\tGeneratorVersion=2.4.0"
DAY = lib.TODAY - dt.timedelta(3)
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


def written(folder: Path, *rows: str, heading: str = HEADING) -> Path:
    path = folder / "branch.koc"
    path.write_text("".join(f"{row}\n" for row in (heading, *rows)), encoding="utf-8")
    return path


def at(minute: int, *facts: str, day: dt.date = DAY) -> str:
    return "\t".join((f"{day} 10-{minute:02}-00 250", *facts))


def take_in(library: Library, path: Path, role: Role = Role.HEAD) -> LinesDone:
    done = take_in_koc(library, open_koc(path), lib.act(library, role), path.parent / "side")
    assert isinstance(done, LinesDone), done
    return done


def ends(done: LinesDone) -> list[LineEnd]:
    return [report.result.end for report in done.reports]


def codes(done: LinesDone) -> list[str]:
    return [report.result.code for report in done.reports]


def test_loans_and_returns_count_from_the_day_of_their_line(
    library: Library, member: AMember, copies: list[ACopy], tmp_path: Path
) -> None:
    lines = (
        at(0, "issue", "M-1", "B-1"),
        at(1, "issue", "M-1", "B-2"),
        at(2, "return", "M-1", "B-1"),
        at(3, "return", "B-2"),
    )
    done = take_in(library, written(tmp_path, *lines))
    assert codes(done) == ["checked_out", "checked_out", "checked_in", "checked_in"]
    assert [report.line for report in done.reports] == [2, 3, 4, 5]
    assert {(loan.out_on, loan.effective_in_on) for loan in lib.rows(library, Loan)} == {(DAY, DAY)}
    assert done.side_files == ()
    assert check_library(library).broken == ()


def test_nothing_is_dropped_silently(library: Library, member: AMember, copies: list[ACopy], tmp_path: Path) -> None:
    other = lib.add_member(library, card="M-2", address=None)
    lib.change(library, Member, other.id, address_unknown=True)
    lib.lend(library, member, copies[0])
    lines = (
        at(0, "issue", "M-2", "B-1"),
        at(1, "issue", "M-9", "B-2"),
        at(2, "issue", "M-1", "B-9"),
        at(3, "return", "B-9"),
        at(4, "issue", "M-1"),
        at(5, "renew", "M-1", "B-1"),
        "yesterday\tissue\tM-1\tB-2",
        at(6, "issue", "M-1", "<b>"),
        at(7, "issue", "M-1", "B-3", day=lib.TODAY + dt.timedelta(1)),
        at(8, "issue", "M-1", "B-3"),
    )
    done = take_in(library, written(tmp_path, *lines))
    assert ends(done) == [REFUSED, UNKNOWN, UNKNOWN, UNKNOWN, *[LineEnd.UNREADABLE] * 4, REFUSED, DONE]
    refused = {refusal.code for refusal in done.reports[0].result.refusals}
    assert refused >= {"item.on_loan", "member.address_unknown"}
    assert codes(done)[1:] == [
        "not_found.member", "not_found.item", "not_found.item", "columns", "command", "moment", "code",
        "koc.day_ahead", "checked_out",
    ]  # fmt: skip
    reasons, again = done.side_files
    kept = [json.loads(line) for line in reasons.read_text("utf-8").splitlines()]
    assert [row["raw"] for row in kept] == list(lines[:-1])
    assert all(row["reason"] and row["code"] for row in kept)
    assert again.read_text("utf-8").splitlines() == [HEADING, *lines[:-1]]


def test_what_was_kept_is_taken_in_once_its_cause_is_gone(
    library: Library, member: AMember, copies: list[ACopy], tmp_path: Path
) -> None:
    lib.change(library, Member, member.id, address_unknown=True)
    first = take_in(library, written(tmp_path, at(0, "issue", "M-1", "B-1"), at(1, "return", "B-2")))
    assert ends(first) == [REFUSED, DONE]
    lib.change(library, Member, member.id, address_unknown=False)
    assert ends(take_in(library, first.side_files[1])) == [DONE]
    assert ends(take_in(library, first.side_files[1])) == [ALREADY]


def test_the_same_file_again_does_nothing_twice_also_after_the_copies_came_back(
    library: Library, member: AMember, copies: list[ACopy], tmp_path: Path
) -> None:
    owe(library, member, 20_000)
    lib.lend(library, member, copies[1], out_on=DAY)
    lines = (
        at(0, "issue", "M-1", "B-1"),
        at(0, "issue", "M-1", "B-1"),
        at(1, "issue", "M-1", "B-2"),
        at(2, "return", "B-3"),
        at(2, "return", "B-3"),
        at(3, "payment", "M-1", "5000"),
        at(3, "payment", "M-1", "5000"),
    )
    path = written(tmp_path, *lines)
    assert ends(take_in(library, path)) == [DONE, ALREADY, ALREADY, DONE, ALREADY, DONE, DONE]
    lib.pass_days(library, 1)
    for copy in copies[:2]:
        lib.take_back(library, copy)
    before = _rows(library)
    assert ends(take_in(library, path)) == [ALREADY] * len(lines)
    assert _rows(library) == before


def _rows(library: Library) -> list[Any]:
    return [lib.rows(library, model) for model in (Loan, LocalUse, LedgerLine)]


def test_payments_are_taken_and_one_above_the_debt_is_kept(library: Library, member: AMember, tmp_path: Path) -> None:
    owe(library, member, 7_000)
    done = take_in(
        library,
        written(
            tmp_path, at(0, "payment", "M-1", "5000.00"), at(1, "payment", "M-1", "5000"), at(2, "payment", "M-9", "1"),
            at(3, "payment", "M-1", "12.50"), at(4, "payment", "M-1", "-5"), at(5, "payment", "M-1", "0"),
        ),
    )  # fmt: skip
    assert codes(done) == ["paid", "payment.above_debt", "not_found.member", "amount", "amount", "money.amount"]
    assert sum(line.amount for line in lib.rows(library, LedgerLine)) == 2_000
    assert len(done.side_files) == 2


def test_whoever_may_not_import_takes_nothing_in(
    library: Library, member: AMember, copies: list[ACopy], tmp_path: Path
) -> None:
    file = open_koc(written(tmp_path, at(0, "issue", "M-1", "B-1")))
    assert isinstance(take_in_koc(library, file, lib.act(library, Role.ASSISTANT), tmp_path), Refused)
    assert lib.rows(library, Loan) == []


def test_it_can_be_stopped(library: Library, member: AMember, copies: list[ACopy], tmp_path: Path) -> None:
    file = open_koc(written(tmp_path, at(0, "issue", "M-1", "B-1"), at(1, "issue", "M-1", "B-2")))
    done = take_in_koc(library, file, lib.act(library), tmp_path, lambda line, _: line < 2)
    assert isinstance(done, LinesDone)
    assert (done.stopped, codes(done)) == (True, ["checked_out"])


@pytest.mark.parametrize("heading", ["B-1", "Version=2.0\tGenerator=x", at(0, "return", "B-1"), "version=1.0"])
def test_a_file_of_something_else_is_trouble(tmp_path: Path, heading: str) -> None:
    with pytest.raises(Trouble) as trouble:
        open_koc(written(tmp_path, heading=heading))
    assert trouble.value.code == "P-2102"


def test_a_heading_may_stand_behind_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "branch.koc"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEADING}\r\n{at(0, 'return', 'B-1')}\r\n".encode())
    assert len(open_koc(path).lines) == 2


def parsed(row: str) -> KocLine | FaultyLine:
    [line] = koc_lines([TextLine(1, HEADING), TextLine(2, row)])
    return line


@pytest.mark.parametrize(
    ("row", "command", "facts"),
    [
        (at(0, "issue", "M-1", "B-1"), Command.ISSUE, ("M-1", "B-1", 0)),
        (at(0, "issue", " ۱۰۰۱ ", "B-1", "", ""), Command.ISSUE, ("1001", "B-1", 0)),
        (at(0, "return", "M-1", "B-1"), Command.RETURN, ("", "B-1", 0)),
        (at(0, "return", "", "B-1"), Command.RETURN, ("", "B-1", 0)),
        (at(0, "return", "B-1"), Command.RETURN, ("", "B-1", 0)),
        (at(0, "payment", "M-1", "15000.00"), Command.PAYMENT, ("M-1", "", 15_000)),
        (f"{DAY} 10-00-00\treturn\tB-1", Command.RETURN, ("", "B-1", 0)),
    ],
)
def test_a_line_is_told_apart(row: str, command: Command, facts: tuple[str, str, int]) -> None:
    line = parsed(row)
    assert isinstance(line, KocLine)
    assert (line.command, line.day, (line.card, line.barcode, line.amount)) == (command, DAY, facts)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("", None),
        ("2026-11-31 10-00-00 1\treturn\tB-1", "moment"),
        ("2026-11-20 10:00:00\treturn\tB-1", "moment"),
        ("issue\tM-1\tB-1", "moment"),
        (at(0), "command"),
        (at(0, "ISSUE", "M-1", "B-1"), "command"),
        (at(0, "return"), "columns"),
        (at(0, "return", "M-1", "B-1", "x"), "columns"),
        (at(0, "issue", "", "B-1"), "code"),
        (at(0, "issue", "M-1\u202e", "B-1"), "code"),
        (at(0, "payment", "M-1", "1e5"), "amount"),
        (at(0, "payment", "M-1", "9" * 13), "amount"),
    ],
)
def test_a_line_that_cannot_be_told_apart_says_which_part(row: str, why: str | None) -> None:
    lines = list(koc_lines([TextLine(1, HEADING), TextLine(2, row)]))
    assert lines == ([] if why is None else [FaultyLine(2, row, why)])


def test_a_heading_begins_a_file_of_the_tool() -> None:
    assert is_koc([TextLine(1, HEADING)])
    assert is_koc([TextLine(1, "Version=1.1")])
    assert not is_koc([])
