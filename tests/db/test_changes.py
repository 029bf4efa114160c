"""New rows: every column given, by the caller or by the model."""

import pytest

from db.changes import defaults, full_row, insert_statement, update_statement
from db.models.base import Base
from db.models.circulation import Loan
from db.models.library import Branch
from db.models.members import Member
from db.models.schema import synced_models
from db.types import new_id


@pytest.mark.parametrize("model", synced_models().values(), ids=lambda model: model.__tablename__)
def test_a_new_row_has_a_value_for_every_column(model: type[Base]) -> None:
    branch = new_id()
    row = full_row(model, branch, {})
    assert row.keys() == set(Base.metadata.tables[model.__tablename__].columns.keys())
    assert (row["ver"], row["branch_id"], row["deleted_at"], row["rh"], row["bpos"]) == (1, branch, None, None, None)


def test_ids_are_new_and_rise_with_time() -> None:
    ids = [full_row(Branch, new_id(), {})["id"] for _ in range(2_000)]
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)
    assert {row_id.version for row_id in ids} == {7}


def test_what_is_given_stands_above_the_default() -> None:
    row = full_row(Member, new_id(), {"keep_history": True, "interests": ["شعر"]})
    assert (row["keep_history"], row["interests"]) == (True, ["شعر"])
    assert full_row(Member, new_id(), {})["interests"] == []


def test_defaults_are_those_of_the_model() -> None:
    assert (defaults(Loan)["renewals"], defaults(Loan)["overrides"], defaults(Loan)["due_on"]) == (0, [], None)


def test_an_unknown_column_is_named() -> None:
    with pytest.raises(TypeError, match=r"member has no column \['nickname'\]"):
        full_row(Member, new_id(), {"nickname": "x"})


def test_statements_are_made_once() -> None:
    assert insert_statement(Loan) is insert_statement(Loan)
    assert update_statement(Loan, frozenset({"in_at"})) is update_statement(Loan, frozenset({"in_at"}))
    assert update_statement(Loan, frozenset({"in_at"})) is not update_statement(Loan, frozenset({"due_on"}))
