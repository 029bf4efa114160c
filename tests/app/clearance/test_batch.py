"""Clearing a list (000 §3-1-3-۲): files of every kind, lines of every kind, and files made to do harm."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from app.clearance.batch import BatchRequest, clear_list
from app.clearance.facts import BatchReport, BatchResult
from app.clearance.letters import letters_for
from app.library import Library
from app.outcome import Refused
from db.codes import Role
from db.models.circulation import Clearance
from db.trouble import Trouble
from tests.app.clearance.people import PlainPrinter, a_list
from tests.library import AMember, act, add_copy, add_member, lend, rows

A, B, C = "0012345679", "0499370899", "1111111112"  # A and B are good national ids


def run(library: Library, path: Path, *, certify: bool = True, key: str | None = None) -> BatchReport:
    request = BatchRequest(path, "فراغت از تحصیل", certify)
    outcome = clear_list(library, request, PlainPrinter(), replace(act(library), key=key))
    assert isinstance(outcome, BatchReport), outcome
    return outcome


def results(report: BatchReport) -> list[str]:
    return [str(line.result) for line in report.lines]


@pytest.fixture
def people(library: Library) -> list[AMember]:
    """Two who may be cleared and one with a book."""
    found = [add_member(library, national_id=A), add_member(library, national_id=B), add_member(library)]
    lend(library, found[2], add_copy(library))
    return found


def test_each_line_has_its_result(library: Library, people: list[AMember], tmp_path: Path) -> None:
    path = a_list(tmp_path, f"{A}\n{people[2].number}\n999999\n{B}\n{A}\n")
    report = run(library, path)
    assert results(report) == ["cleared", "refused", "unknown", "cleared", "repeated"]
    assert [line.line for line in report.lines] == [1, 2, 3, 4, 5]
    assert [refusal.code for refusal in report.lines[1].refusals] == ["clearance.open_loans"]
    assert len(rows(library, Clearance)) == 2


def test_without_certify_nothing_is_changed(library: Library, people: list[AMember], tmp_path: Path) -> None:
    report = run(library, a_list(tmp_path, f"{A}\n{people[2].number}\n"), certify=False)
    assert results(report) == ["may_be_cleared", "refused"]
    assert rows(library, Clearance) == []


def test_a_second_run_finds_them_done(library: Library, people: list[AMember], tmp_path: Path) -> None:
    path = a_list(tmp_path, f"{A}\n{B}\n")
    run(library, path, key="golestan-1")
    assert results(run(library, path, key="golestan-1")) == ["already_done", "already_done"]
    assert len(rows(library, Clearance)) == 2


LISTS = {
    "bare numbers": "{a}\n{b}\n",
    "persian digits": "۰۰۱۲۳۴۵۶۷۹\n۰۴۹۹۳۷۰۸۹۹\n",
    "heading": "کد ملی\n{a}\n{b}\n",
    "heading with names": "ردیف,نام,کد ملی\n1,مریم رضایی,{a}\n2,رضا احمدی,{b}\n",
    "semicolons and a title above": "فهرست دانش‌آموختگان;;\nردیف;کد ملی;نام\n1;{a};مریم\n2;{b};رضا\n",
    "tabs, no heading, row numbers first": "1\tمریم رضایی\t{a}\n2\tرضا احمدی\t{b}\n",
    "zeros eaten": "12345679\n499370899\n",
    "blank lines and spaces": "\n  {a}  \n\n\n {b}\n\n",
    "english heading": "national_id,name\n{a},x\n{b},y\n",
}


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS.keys())
def test_lists_as_people_write_them(library: Library, people: list[AMember], tmp_path: Path, text: str) -> None:
    report = run(library, a_list(tmp_path, text.format(a=A, b=B)), certify=False)
    assert results(report) == ["may_be_cleared", "may_be_cleared"]


def test_the_heading_of_the_member_number_is_known(library: Library, people: list[AMember], tmp_path: Path) -> None:
    text = f"شماره عضویت,نام\n{people[0].number},x\n{people[2].number},y\n"
    assert results(run(library, a_list(tmp_path, text), certify=False)) == ["may_be_cleared", "refused"]


def workbook(path: Path, lines: list[list[object]]) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    for line in lines:
        sheet.append(line)
    book.save(path)
    return path


def test_an_excel_list_with_numbers_as_numbers(library: Library, people: list[AMember], tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", [["ردیف", "کد ملی"], [1, int(A)], [2, B], [3, 7]])
    assert results(run(library, path, certify=False)) == ["may_be_cleared", "may_be_cleared", "unknown"]


def test_utf16_and_windows_lists(library: Library, people: list[AMember], tmp_path: Path) -> None:
    for name, encoding in (("utf16.txt", "utf-16"), ("windows.csv", "cp1256")):
        path = tmp_path / name
        text = f"نام,کد ملی\nمریم رضایی,{A}\nرضا احمدی زاده تهرانی,{B}\n"
        path.write_bytes(text.replace("ی", "ي").encode(encoding))
        assert results(run(library, path, certify=False)) == ["may_be_cleared"] * 2


def test_hostile_cells_are_data(library: Library, people: list[AMember], tmp_path: Path) -> None:
    text = f'کد ملی\n"=HYPERLINK(""x"")"\n\' OR 1=1 --\n<b>{A}</b>\n\u202e{A}\n{"9" * 5_000}\n{A}\n'
    report = run(library, a_list(tmp_path, text), certify=False)
    assert results(report)[-1] in ("may_be_cleared", "repeated")
    assert set(results(report)[:3]) == {"unknown"}
    assert all(len(line.text) <= 64 for line in report.lines)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "P-2104"),
        ("blank.csv", b"\n\n  \n", "P-2104"),
        ("book.pdf", b"%PDF-1.4 ...", "P-2102"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "P-2102"),
        ("broken.xlsx", b"PK\x03\x04 no workbook", "P-2102"),
        ("list.jsonl", b'{"a": 1}\n', "P-2102"),
    ],
)
def test_files_that_are_no_lists(library: Library, tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Trouble) as caught:
        run(library, path)
    assert caught.value.code == code


def test_a_bomb_in_an_excel_file_is_refused(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    workbook(path, [["کد ملی"], [A]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"<a>" + b" " * 400_000_000 + b"</a>")
    with pytest.raises(Trouble) as caught:
        run(library, path)
    assert caught.value.code == "P-2103"


def test_a_list_without_end_is_refused(library: Library, tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        run(library, a_list(tmp_path, "123456\n" * 20_001))
    assert caught.value.code == "P-2103"


def test_a_missing_file_is_trouble(library: Library, tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        run(library, tmp_path / "nowhere.csv")
    assert caught.value.code == "P-2101"


def test_a_run_can_be_stopped_and_what_is_done_stays(library: Library, people: list[AMember], tmp_path: Path) -> None:
    request = BatchRequest(a_list(tmp_path, f"{A}\n{B}\n"), certify=True)
    report = clear_list(library, request, PlainPrinter(), act(library), lambda done, _: done < 1)
    assert isinstance(report, BatchReport)
    assert results(report) == ["cleared"]


def test_who_may_not_clear_one_may_not_clear_many(library: Library, tmp_path: Path) -> None:
    request = BatchRequest(a_list(tmp_path, f"{A}\n"), certify=True)
    assert isinstance(clear_list(library, request, PlainPrinter(), act(library, Role.TRAINEE)), Refused)


def test_who_is_refused_gets_a_letter_with_books_money_and_a_day(
    library: Library, people: list[AMember], tmp_path: Path
) -> None:
    report = run(library, a_list(tmp_path, f"{A}\n{people[2].number}\n"))
    (letter,) = letters_for(library, report.refused, act(library))
    assert letter.member_no == people[2].number
    assert [book.title for book in letter.books] == ["کتاب شمارهٔ 1"]
    assert letter.reasons == ("۱ کتاب در امانت عضو است.",)
    assert (letter.deadline - act(library).day).days == 14
    assert report.count(BatchResult.REFUSED) == 1
