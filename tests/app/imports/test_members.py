"""Lists of members: who is new joins, who is known is brought up to date, the same list again changes nothing."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from app.check import check_library
from app.clearance.facts import Cleared
from app.clearance.service import ClearRequest, clear
from app.imports.lines import LineEnd, LinesDone
from app.imports.member_file import read_member_list
from app.imports.members import MembersWish, take_in_members
from app.library import Library
from app.outcome import Refused
from db.codes import MemberState, Role
from db.models.circulation import LedgerLine
from db.models.members import Member, MemberContact
from db.trouble import Trouble
from reports.clearance import print_certificate
from tests import library as lib

DONE, ALREADY, REFUSED, UNREADABLE = LineEnd.DONE, LineEnd.ALREADY, LineEnd.REFUSED, LineEnd.UNREADABLE
SOUND, OTHER = "0012345679", "0499370899"
STUDENTS = (
    "فهرست دانشجویان ترم مهر,,,,\n"
    "ردیف,نام,نام خانوادگي,کد ملی,مقطع,تاریخ تولد,موبایل\n"
    "۱,مریم,رضایی,12345679,کارشناسی,1384/2/3,09121112233\n"
    "۲,علی,کریمی,۰۴۹۹۳۷۰۸۹۹,masters,,\n"
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = lib.found(tmp_path, "university")
    with library.store:
        yield library


def written(folder: Path, text: str) -> Path:
    path = folder / "students.csv"
    path.write_text(text, encoding="utf-8")
    return path


def take_in(library: Library, path: Path, wish: MembersWish = MembersWish(), **fields: Any) -> LinesDone:  # noqa: B008
    outcome = take_in_members(library, read_member_list(path), wish, lib.act(library, **fields), path.parent / "side")
    assert isinstance(outcome, LinesDone), outcome
    return outcome


def told(done: LinesDone) -> list[tuple[LineEnd, str]]:
    return [(report.result.end, report.result.code) for report in done.reports]


def test_the_students_of_a_term_join_by_their_list(library: Library, tmp_path: Path) -> None:
    """000 §3-1-1-ب: headings below a title, letters and digits of any kind, the zeros that Excel ate."""
    done = take_in(library, written(tmp_path, STUDENTS))
    assert told(done) == [(DONE, "added"), (DONE, "added")]
    maryam, ali = sorted(lib.rows(library, Member), key=lambda member: str(member.member_no))
    assert (maryam.given_name, maryam.national_id, maryam.category) == ("مریم", SOUND, "bachelor")
    assert (maryam.birth_date, maryam.mobile) == (dt.date(2005, 4, 23), "+989121112233")
    assert (ali.national_id, ali.category) == (OTHER, "masters")
    assert check_library(library).broken == ()


def test_the_same_list_again_changes_nothing(library: Library, tmp_path: Path) -> None:
    path = written(tmp_path, STUDENTS)
    take_in(library, path)
    before = lib.rows(library, Member)
    assert told(take_in(library, path)) == [(ALREADY, ALREADY), (ALREADY, ALREADY)]
    assert lib.rows(library, Member) == before


def test_a_known_member_gets_the_category_and_the_end_of_the_list_and_keeps_the_rest(
    library: Library, tmp_path: Path
) -> None:
    lib.add_member(library, "bachelor", national_id=SOUND, address="خوابگاه", note="یادداشت")
    later = "کد ملی,نام,نام خانوادگی,نوع عضویت,پایان عضویت\n0012345679,نام دیگر,دیگر,کارشناسی ارشد,1408/6/31\n"
    done = take_in(library, written(tmp_path, later))
    assert told(done) == [(DONE, "updated")]
    assert done.reports[0].result.text == "نوع عضویت «دانشجویان کارشناسی ارشد» شد، عضویت تا ۳۱ شهریور ۱۴۰۸ شد."
    [member] = lib.rows(library, Member)
    assert (member.category, member.expires_on, member.given_name) == ("masters", dt.date(2029, 9, 21), "مریم")
    assert member.note == "یادداشت"
    assert [contact.value for contact in lib.rows(library, MemberContact)] == ["خوابگاه"]


def test_a_member_who_stands_as_the_list_says_is_left_alone(library: Library, tmp_path: Path) -> None:
    lib.add_member(library, "bachelor", national_id=SOUND)
    done = take_in(library, written(tmp_path, "نام خانوادگی,کد ملی,مقطع\nرضایی,0012345679,کارشناسی\n"))
    assert told(done) == [(ALREADY, ALREADY)]


def test_a_member_is_known_by_the_student_number_too(library: Library, tmp_path: Path) -> None:
    lib.add_member(library, "bachelor", member_no="9812345")
    done = take_in(library, written(tmp_path, "شماره دانشجویی,مقطع\n۹۸۱۲۳۴۵,دکتری\n"))
    assert told(done) == [(DONE, "updated")]
    assert lib.rows(library, Member)[0].category == "phd"


def test_somebody_who_was_cleared_is_a_member_again(library: Library, tmp_path: Path) -> None:
    member = lib.add_member(library, "bachelor", national_id=SOUND)
    assert isinstance(clear(library, ClearRequest(member.number), print_certificate, lib.act(library)), Cleared)
    take_in(library, written(tmp_path, "نام خانوادگی,کد ملی,مقطع\nرضایی,0012345679,کارشناسی ارشد\n"))
    assert lib.rows(library, Member)[0].state is MemberState.ACTIVE


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("مریم,,0012345679,کارشناسی,", "field.required"),
        ("مریم,رضایی,0012345678,کارشناسی,", "member.national_id"),
        ("مریم,رضایی,0012345679,مهمان ویژه,", "field.invalid"),
        ("مریم,رضایی,0012345679,بازنشسته,", "field.invalid"),
        ("مریم,رضایی,0012345679,کارشناسی,۳۱ سپتامبر", "field.invalid"),
        ("مریم,رضایی,0012345679,,", "field.invalid"),
        ("مریم,رضایی,0012345679,کارکنان بازنشسته,", "member.guarantor_required"),
    ],
)
def test_a_line_that_cannot_be_done_is_kept_beside_with_its_reason(
    library: Library, tmp_path: Path, line: str, code: str
) -> None:
    path = written(tmp_path, f"نام,نام خانوادگی,کد ملی,مقطع,تاریخ تولد\n{line}\n")
    done = take_in(library, path)
    assert told(done) == [(REFUSED, code)]
    assert lib.rows(library, Member, category="bachelor") == []
    kept = json.loads(done.side_files[0].read_text(encoding="utf-8"))
    assert (kept["code"], kept["raw"]) == (code, line)


def test_a_wrong_mobile_keeps_nobody_out(library: Library, tmp_path: Path) -> None:
    """It is asked for at the next visit, from the clean-up list (001)."""
    path = written(tmp_path, "نام,نام خانوادگی,مقطع,موبایل\nمریم,رضایی,کارشناسی,0861 223 4455\n")
    assert told(take_in(library, path)) == [(DONE, "added")]


def test_numbers_of_two_members_in_one_line_are_refused(library: Library, tmp_path: Path) -> None:
    lib.add_member(library, "bachelor", national_id=SOUND)
    lib.add_member(library, "bachelor", member_no="77")
    path = written(tmp_path, "شماره عضویت,کد ملی\n77,0012345679\n")
    assert told(take_in(library, path)) == [(REFUSED, "import.two_members")]


def test_lines_without_a_category_take_the_one_that_is_said(library: Library, tmp_path: Path) -> None:
    path = written(tmp_path, "نام,نام خانوادگی\nمریم,رضایی\n")
    assert told(take_in(library, path, MembersWish("bachelor"))) == [(DONE, "added")]
    assert lib.rows(library, Member)[0].category == "bachelor"


def test_new_members_pay_the_fee_of_the_policy_unless_it_is_free(library: Library, tmp_path: Path) -> None:
    lib.put_policy(library, {"fee": 350_000, "loan_days": 7, "letter": False})
    text = "نام,نام خانوادگی,مقطع\n{},رضایی,کارشناسی\n"
    take_in(library, written(tmp_path, text.format("مریم")))
    take_in(library, written(tmp_path, text.format("زهرا")), MembersWish(free=True))
    assert [line.amount for line in lib.rows(library, LedgerLine)] == [350_000]


def test_a_workbook_is_read_like_a_text_and_a_formula_is_no_value(library: Library, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.create_sheet("فهرست", 0)
    sheet.append(["نام", "نام خانوادگی", "کد ملی", "مقطع", "تاریخ تولد"])
    sheet.append(["مریم", "رضایی", 12345679, "کارشناسی", dt.date(2005, 4, 23)])
    sheet.append(["=A2", "کریمی", None, "کارشناسی", None])
    path = tmp_path / "list.xlsx"
    book.save(path)
    done = take_in(library, path)
    assert told(done) == [(DONE, "added"), (UNREADABLE, "formula")]
    [member] = lib.rows(library, Member)
    assert (member.national_id, member.birth_date) == (SOUND, dt.date(2005, 4, 23))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("no.csv", "", "P-2104"),
        ("books.csv", "عنوان,ناشر\nبوف کور,جاویدان\n", "P-2104"),
        ("only.csv", "نام,نام خانوادگی\n", "P-2104"),
        ("a.pdf", "%PDF-1.7 \n", "P-2102"),
    ],
)
def test_a_file_that_is_no_list_of_members_is_told(tmp_path: Path, name: str, content: str, code: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Trouble) as trouble:
        read_member_list(path)
    assert trouble.value.code == code


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as trouble:
        read_member_list(tmp_path / "missing.csv")
    assert trouble.value.code == "P-2101"


def test_who_may_not_import_takes_nobody_in(library: Library, tmp_path: Path) -> None:
    people = read_member_list(written(tmp_path, STUDENTS))
    outcome = take_in_members(library, people, MembersWish(), lib.act(library, Role.ASSISTANT), None)
    assert isinstance(outcome, Refused)
    assert lib.rows(library, Member) == []


def test_stopped_in_the_middle_it_goes_on_where_it_stopped(library: Library, tmp_path: Path) -> None:
    path = written(tmp_path, STUDENTS)
    outcome = take_in_members(
        library, read_member_list(path), MembersWish(), lib.act(library), None, lambda done, _: done < 1
    )
    assert isinstance(outcome, LinesDone)
    assert outcome.stopped
    assert told(take_in(library, path)) == [(ALREADY, ALREADY), (DONE, "added")]
