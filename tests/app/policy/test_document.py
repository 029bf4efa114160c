"""Policy tables as plain documents: from the desk protocol, to TOML and back."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.document import read_document, write_document
from app.policy.problems import problems
from app.policy.table import PolicyRow, PolicyTable
from app.policy.toml_file import load_profile, read_toml, write_toml
from db.codes import RuleStatus
from db.trouble import Trouble

ROWS: list[dict[str, object]] = [
    {"loan_days": 14},
    {"category": "bachelor", "loan_days": 20, "name": "دانشجو", "source": "000", "article": "§3-1-2"},
]
TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


def codes(document: object) -> list[str]:
    read = read_document(document)
    return [problem.code for problem in read] if isinstance(read, tuple) else []


def table_of(document: object) -> PolicyTable:
    read = read_document(document)
    assert isinstance(read, PolicyTable)
    return read


def test_a_document_needs_nothing_but_rows() -> None:
    table = table_of({"rows": ROWS})
    assert (table.version, table.status, table.effective_from) == (1, RuleStatus.IN_FORCE, None)
    assert [(row.key, dict(row.values)) for row in table.rows] == [
        ("*/*", {"loan_days": 14}),
        ("bachelor/*", {"loan_days": 20}),
    ]
    assert (table.rows[1].name, table.rows[1].source, table.rows[1].article) == ("دانشجو", "000", "§3-1-2")


def test_parameters_may_stand_in_the_row_or_under_values() -> None:
    nested = table_of({"rows": [{"category": "phd", "grace_days": 1, "values": {"loan_days": 30}}]})
    assert dict(nested.rows[0].values) == {"grace_days": 1, "loan_days": 30}


def test_the_values_of_a_row_can_be_kept_as_json() -> None:
    text = "[[rows]]\nfixed_due = 2026-12-11\nhard_due = [{ due = 2026-12-11, mode = 'exact' }, 2027-01-20]"
    (row,) = read_toml(text, Path("x.toml")).rows
    assert json.loads(json.dumps(dict(row.values))) == {
        "fixed_due": "2026-12-11",
        "hard_due": [{"due": "2026-12-11", "mode": "exact"}, "2027-01-20"],
    }


def test_the_day_it_takes_effect_may_be_written_in_either_calendar() -> None:
    days = [table_of({"rows": [], "effective_from": text}).effective_from for text in ("1405/09/20", "2026-12-11")]
    assert days == [dt.date(2026, 12, 11)] * 2


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("rows", "document.shape"),
        ([], "document.shape"),
        ({1: 2}, "document.shape"),
        ({}, "document.rows"),
        ({"rows": {"loan_days": 1}}, "document.rows"),
        ({"rows": [1]}, "document.rows"),
        ({"rows": [{"category": 5}]}, "document.rows"),
        ({"rows": [{"values": 5}]}, "document.rows"),
        ({"rows": [{"values": None}]}, "document.rows"),
        ({"rows": [], "version": "two"}, "document.version"),
        ({"rows": [], "version": True}, "document.version"),
        ({"rows": [], "status": "maybe"}, "document.status"),
        ({"rows": [], "status": ["draft"]}, "document.status"),
        ({"rows": [], "effective_from": "1405/13/01"}, "document.effective_from"),
        ({"rows": [], "title": 5}, "document.title"),
        ({"rows": [], "categories": ["village"]}, "document.categories"),
        ({"rows": [], "categories": {"village": 5}}, "document.categories"),
    ],
)
def test_a_document_of_another_shape_is_refused_with_the_reason(document: object, code: str) -> None:
    assert codes(document) == [code]


@given(
    version=st.integers(1, 10**6),
    words=st.tuples(TEXT, TEXT, TEXT, TEXT, TEXT),
    day=st.none() | st.dates(dt.date(1900, 1, 1)),
    amount=st.integers(0, 10**9),
)
def test_a_table_survives_its_document_and_its_toml_whatever_the_words(
    version: int, words: tuple[str, str, str, str, str], day: dt.date | None, amount: int
) -> None:
    category, branch, name, source, title = words
    values = {
        "fine_per_day": amount,
        "period_days": 1,
        "skip_closed": False,
        "documents": [name, source],
        "tiers": [{"from": 1, "to": 7, "amount": amount}],
        "fixed_due": day and day.isoformat(),
        "hard_due": [{"due": "1405/09/20", "mode": "exact"}],
    }
    plain = {key: value for key, value in values.items() if value is not None}
    rows = (PolicyRow("*", "*", "*", {}), PolicyRow(branch, category, "*", plain, source, name, title))
    table = PolicyTable(version, title, RuleStatus.DRAFT, day, rows, source, name, {category: name})
    assert read_document(write_document(table)) == table
    if not problems(table):
        assert read_toml(write_toml(table), Path("x.toml")) == table
        assert write_toml(read_toml(write_toml(table), Path("x.toml"))) == write_toml(table)


def test_a_profile_is_found_by_name_and_a_file_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "village.toml"
    own.write_text(write_toml(table_of({"rows": ROWS})), encoding="utf-8")
    by_path = load_profile(own)
    assert by_path == load_profile("village", folder=tmp_path) == load_profile(str(own)) == load_profile("village.toml")
    assert by_path.profile == "village"
    assert load_profile("kanoon").profile == "kanoon"


@pytest.mark.parametrize("name", ["nowhere", "", "../public", "a\x00b", "/nowhere/x.toml"])
def test_a_file_that_is_not_there_is_trouble(name: str, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="P-1231"):
        load_profile(name, folder=tmp_path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("title = ?", "line 1"),
        ("title = 'x'", "rows"),
        ("[[rows]]\nloan_days = 'x'", "مدت امانت"),
        ("[[rows]]\nfine_per_day = 5", "دوره جریمه"),
    ],
)
def test_a_file_without_a_sound_policy_is_trouble_and_tells_why(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Trouble) as caught:
        load_profile("bad", folder=tmp_path)
    assert caught.value.code == "P-1232"
    assert reason in str(caught.value.context["problems"])
