"""The shipped policies say what their sources say."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.policy.categories import BY_PROFILE, PUBLIC, UNIVERSITY
from app.policy.table import Terms
from app.policy.toml_file import PROFILES, load_profile
from db.codes import Material

SHARED = Path(__file__).parents[4] / "shared"
LOAN_TABLE = SHARED / "data" / "loan_table.json"
SEEDS = SHARED / "seeds"

needs_loan_table = pytest.mark.skipif(not LOAN_TABLE.exists(), reason="loan_table.json is not beside this checkout")
every_profile = pytest.mark.parametrize("profile", BY_PROFILE)


def terms(profile: str, category: str, item_type: str = "book") -> Terms:
    return load_profile(profile).resolve("any branch", category, item_type)


@pytest.fixture(scope="module")
def loan_table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(LOAN_TABLE.read_text(encoding="utf-8"))
    return table


@needs_loan_table
def test_the_eleven_rows_of_the_university_are_those_of_the_text(loan_table: dict[str, Any]) -> None:
    printed = [(row["max_items"], row["max_days"]) for row in loan_table["rows"]]
    ours = [
        (terms("university", code)["max_loans_all_types"], terms("university", code)["loan_days"])
        for code in UNIVERSITY
    ]
    assert ours == printed


@needs_loan_table
def test_the_fines_of_the_university_are_those_of_the_text(loan_table: dict[str, Any]) -> None:
    fines = loan_table["fine_per_day_rial"]
    for category in UNIVERSITY:
        found = terms("university", category)
        assert (found["fine_per_day"], found["fine_per_day_reserved"]) == (fines["normal"], fines["reserved"])
        assert found["period_days"] == 1


@needs_loan_table
def test_the_kanoon_lends_two_items_for_a_week_and_takes_its_yearly_fee(loan_table: dict[str, Any]) -> None:
    printed, found = loan_table["kanoon_profile"], terms("kanoon", "member")
    assert found["max_loans_all_types"] == int(printed["items"].rpartition(".")[2])
    assert (found["loan_days"], found["fee"]) == (printed["days"], printed["annual_fee_rial"])
    assert (found["months"], found["documents"]) == (12, ("یک قطعه عکس ۳×۴", "کپی شناسنامه"))


@pytest.mark.parametrize("item_type", ["serial", "thesis", "reference"])
def test_the_university_lends_no_serials_theses_and_reference_books(item_type: str) -> None:
    assert {terms("university", category, item_type)["loanable"] for category in UNIVERSITY} == {"onsite"}
    assert terms("university", "faculty", item_type).decided_by("loanable") == f"*/{item_type}"
    assert terms("university", "faculty")["loanable"] == "yes"


def test_only_the_retired_are_members_for_one_year_and_only_without_overdue_history() -> None:
    retired = {code for code in UNIVERSITY if terms("university", code)["months"] == 12}
    assert retired == {code for code in UNIVERSITY if terms("university", code)["refuse_if_overdue_history"]}
    assert retired == {"retired_faculty", "retired_staff"}
    assert {code for code in UNIVERSITY if terms("university", code)["months"] is None} == set(UNIVERSITY) - retired


def test_only_the_fines_of_teachers_are_taken_from_their_grant() -> None:
    granted = {code for code in UNIVERSITY if "grant" in terms("university", code).texts("payment_methods")}
    assert granted == {"faculty"}


def test_only_retired_staff_need_a_guarantor() -> None:
    assert {code for code in UNIVERSITY if terms("university", code)["guarantor"]} == {"retired_staff"}


def test_students_with_late_books_are_blocked_teachers_are_not() -> None:
    blocked = {code: terms("university", code)["overdues_block"] for code in ("phd", "masters", "bachelor", "faculty")}
    assert blocked == {"phd": "block", "masters": "block", "bachelor": "block", "faculty": "confirm"}


def test_public_libraries_lend_five_items_for_each_national_id_for_fourteen_days() -> None:
    for category in PUBLIC:
        found = terms("public", category)
        assert (found["max_items_per_national_id"], found["loan_days"], found["max_renewals"]) == (5, 14, None)


def test_what_public_libraries_keep_in_the_house() -> None:
    kept = {str(kind): terms("public", "ordinary", kind)["loanable"] for kind in Material}
    assert {kind: how for kind, how in kept.items() if how != "yes"} == {
        "reference": "onsite",
        "serial": "onsite",
        "thesis": "onsite",
        "manuscript": "no",
        "lithograph": "no",
        "letterpress": "no",
    }
    assert terms("public", "ordinary", "audiovisual")["loan_days"] == 7


@every_profile
def test_a_shipped_table_knows_its_categories_and_every_one_of_them_may_borrow(profile: str) -> None:
    named = {row.category for row in load_profile(profile).rows} - {"*"}
    assert named <= set(BY_PROFILE[profile])
    assert all(terms(profile, category).loan_period == "loan_days" for category in BY_PROFILE[profile])


@every_profile
def test_every_row_has_a_name_and_cites_its_source_and_our_own_give_their_reason(profile: str) -> None:
    for row in load_profile(profile).rows:
        assert row.name, row
        assert row.source, row
        assert row.article, row
        assert not row.is_ours or len(row.article) > 20


@every_profile
def test_every_shipped_file_is_a_known_profile_and_is_named_in_itself(profile: str) -> None:
    assert {path.stem for path in PROFILES.glob("*.toml")} == set(BY_PROFILE)
    assert load_profile(profile).profile == profile


@pytest.mark.skipif(not SEEDS.exists(), reason="the seed texts are not beside this checkout")
@pytest.mark.parametrize(("profile", "seeds"), [("university", {"000"}), ("kanoon", {"004"}), ("public", set())])
def test_the_figures_come_from_the_seed_that_gives_them(profile: str, seeds: set[str]) -> None:
    cited = {row.source[:3] for row in load_profile(profile).rows if row.source[:3].isdecimal()}
    assert cited == seeds
    assert cited <= {path.name[:3] for path in SEEDS.iterdir()}
