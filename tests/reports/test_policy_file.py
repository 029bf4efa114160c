"""The rules as files: TOML and Excel say the same, and what is wrong with a file is told by its place."""

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.policy.categories import BY_PROFILE
from app.policy.document import read_document
from app.policy.draft import Key, with_value
from app.policy.parameters import PARAMETERS
from app.policy.problems import Problem, problems
from app.policy.table import PolicyTable
from app.policy.toml_file import load_profile, read_toml, write_toml
from app.policy.values import Kind
from db.trouble import Trouble
from reports.policy_columns import COLUMNS
from reports.policy_file import is_policy_file, located, policy_bytes, read_policy_file
from reports.policy_reading import SheetDocument

VALUES = {
    Kind.NUMBER: st.integers(1, 10_000),
    Kind.FLAG: st.booleans(),
    Kind.DAY: st.just("1405/09/20"),
    Kind.TEXTS: st.lists(st.sampled_from(["عکس", "کارت ملی؛ شناسنامه", "=1+1"]), min_size=1, max_size=3),
    Kind.TIERS: st.just([{"from": 1, "to": 7, "amount": 500}, {"from": 8, "amount": 1000}]),
    Kind.HARD_DUES: st.just(["1405/09/20", {"due": "1405/10/30", "from": "1405/07/01", "mode": "exact"}]),
}


def plain_of(name: str) -> st.SearchStrategy[Any]:
    parameter = PARAMETERS[name]
    if parameter.kind is Kind.CHOICE:
        return st.sampled_from(list(parameter.choices))
    if parameter.kind is Kind.CHOICES:
        return st.lists(st.sampled_from(list(parameter.choices)), min_size=1, max_size=2)
    limits = st.just("none") if parameter.default is None else st.nothing()
    return VALUES[parameter.kind] | limits


CHANGES = st.lists(
    st.sampled_from(sorted(PARAMETERS)).flatmap(lambda name: st.tuples(st.just(name), plain_of(name))), max_size=6
)


def through_excel(table: PolicyTable, folder: Path) -> PolicyTable:
    path = folder / "rules.xlsx"
    path.write_bytes(policy_bytes(table, path))
    read = read_policy_file(path)
    assert isinstance(read, SheetDocument), read
    again = read_document(read.document)
    assert isinstance(again, PolicyTable), again
    return again


def spoiled(folder: Path, *cells: tuple[str, Any]) -> Path:
    """The shipped rules of public libraries with other values in some cells."""
    path = folder / "spoiled.xlsx"
    book = load_workbook(io.BytesIO(policy_bytes(load_profile("public"), path)))
    for place, value in cells:
        book.worksheets[0][place] = value
    book.save(path)
    return path


def place_of(name: str, line: int) -> str:
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter([column.code for column in COLUMNS].index(name) + 1)}{line}"


FIRST = 12
"""The line of the first row: after seven lines of the head, an empty one, and three of headings."""


@pytest.mark.parametrize("profile", BY_PROFILE)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(changes=CHANGES)
def test_from_toml_to_excel_and_back_nothing_is_lost(
    profile: str, changes: list[tuple[str, Any]], tmp_path: Path
) -> None:
    table = load_profile(profile)
    assert through_excel(table, tmp_path) == table
    for name, plain in changes:
        table = with_value(table, Key(category=next(iter(BY_PROFILE[profile]))), name, plain)
    if problems(table):
        return
    again = through_excel(table, tmp_path)
    assert again == table
    assert write_toml(again) == write_toml(table)
    assert read_toml(write_toml(again), Path("x.toml")) == table


def test_equal_tables_make_equal_files() -> None:
    table, path = load_profile("university"), Path("x.xlsx")
    assert policy_bytes(table, path) == policy_bytes(table, path)
    assert policy_bytes(table, Path("x.TOML")) == write_toml(table).encode()


def test_the_sheet_reads_from_right_to_left_with_groups_and_headings(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(policy_bytes(load_profile("public"), path))
    sheet = load_workbook(path).worksheets[0]
    assert sheet.sheet_view.rightToLeft
    assert (sheet["A1"].value, sheet["B1"].value) == ("عنوان", "ضوابط امانت کتابخانه‌های عمومی")
    column = [cell.value for cell in sheet[place_of("loan_days", FIRST)[:1]]]
    assert column[FIRST - 4 : FIRST] == ["امانت", "مدت امانت (روز)", "loan_days", 14]
    assert any(offered.sqref for offered in sheet.data_validations.dataValidation)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("loan_days", "چهارده", "«چهارده» برای «مدت امانت» خوانده نشد."),
        ("skip_closed", "شاید", "«شاید» برای «کنار گذاشتن تعطیلی‌ها» خوانده نشد."),
        ("fine_per_day", "=1+1", "در این خانه فرمول است؛ مقدار آن را بنویسید."),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(name: str, value: object, told: str, tmp_path: Path) -> None:
    place = place_of(name, FIRST)
    found = read_policy_file(spoiled(tmp_path, (place, value)))
    assert isinstance(found, tuple)
    assert [problem.text for problem in found] == [f"سطر ۱۲، ستون {place.rstrip('0123456789')}: {told}"]


def test_a_rule_that_is_broken_is_told_with_its_cell(tmp_path: Path) -> None:
    place = place_of("period_days", FIRST + 3)
    read = read_policy_file(spoiled(tmp_path, (place, 0)))
    assert isinstance(read, SheetDocument)
    table = read_document(read.document)
    assert isinstance(table, PolicyTable)
    (problem,) = problems(table)
    text = located(read, problem).text
    assert text.startswith(f"سطر ۱۵، ستون {place.rstrip('0123456789')}: ردیف «*/*»: مقدار «دوره جریمه»")


def test_an_unknown_column_and_a_sheet_without_headings_are_refused(tmp_path: Path) -> None:
    column = place_of("loan_days", FIRST - 1)
    found = read_policy_file(spoiled(tmp_path, (column, "loan_dayz")))
    assert isinstance(found, tuple)
    assert [problem.code for problem in found] == ["sheet.column"]
    found = read_policy_file(spoiled(tmp_path, (place_of("branch", FIRST - 1), "شعبه")))
    assert isinstance(found, tuple)
    assert [problem.code for problem in found] == ["sheet.headings"]


@pytest.mark.parametrize(("content", "code"), [(b"PK\x03\x04 no", "P-2102"), (b"", "P-2102")])
def test_what_is_no_excel_file_is_trouble(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(Trouble, match=code):
        read_policy_file(path)


def test_a_bomb_is_not_opened(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 30_000_000)
    with pytest.raises(Trouble, match="P-2103"):
        read_policy_file(path)


def test_a_file_that_is_not_there_or_no_toml_is_trouble(tmp_path: Path) -> None:
    for name in ("nowhere.xlsx", "nowhere.toml"):
        with pytest.raises(Trouble, match="P-1231"):
            read_policy_file(tmp_path / name)
    (tmp_path / "x.toml").write_text("title = ?", encoding="utf-8")
    with pytest.raises(Trouble, match="P-1232"):
        read_policy_file(tmp_path / "x.toml")


def test_a_problem_of_a_toml_file_names_its_row() -> None:
    problem = Problem("value.range", "مقدار درست نیست.", place=3)
    assert located(SheetDocument({}, (), {}), problem).text == "ردیف شمارهٔ ۳: مقدار درست نیست."


@pytest.mark.parametrize(("name", "known"), [("a.toml", True), ("a.XLSX", True), ("a.xls", False), ("a", False)])
def test_files_are_told_by_their_suffix(name: str, known: bool) -> None:
    assert is_policy_file(Path(name)) is known
