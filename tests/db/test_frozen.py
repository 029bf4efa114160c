"""Statements compiled once and run on the driver's own connection mean what SQLAlchemy means by them."""

import dataclasses
import datetime as dt
import uuid

import pytest
import sqlalchemy as sa

from db.codes import BranchKind
from db.frozen import Compiled, Frozen, compile_statement
from db.models.library import Branch
from db.store import Store
from tests.db.stores import ACT, NOW, insert_branch


@dataclasses.dataclass(frozen=True)
class Row:
    """Columns of every kind that needs converting."""

    id: uuid.UUID
    kind: BranchKind
    shortage: bool
    founded_on: dt.date | None
    deleted_at: dt.datetime | None


COLUMNS = (Branch.id, Branch.kind, Branch.space_shortage, Branch.founded_on, Branch.deleted_at)
BY_NAME = Frozen(sa.select(*COLUMNS).where(Branch.name == sa.bindparam("name")), Row)
CONSTANTS = Frozen(
    sa.select(*COLUMNS)
    .where(
        Branch.kind == BranchKind.MOBILE,
        Branch.space_shortage.is_(True),
        Branch.founded_on > dt.date(1300, 1, 1),
        Branch.name != sa.bindparam("name"),
        sa.or_(Branch.name == "آ", Branch.name == "ب"),
    )
    .order_by(Branch.name.desc())
    .limit(1)
    .offset(0),
    Row,
)
OPTIONAL = Frozen(sa.select(sa.bindparam("kind", type_=Branch.__table__.c.kind.type).is_(None)), bool)
STATED = Frozen(sa.select(sa.bindparam("text", "معمول", type_=sa.Text())), str)


@pytest.fixture
def filled(any_store: Store) -> Store:
    with any_store.write() as tx:
        insert_branch(tx, name="آ", kind=BranchKind.MOBILE, space_shortage=True, founded_on=dt.date(1350, 5, 1))
        insert_branch(tx, name="ب", kind=BranchKind.MOBILE, space_shortage=True, founded_on=dt.date(1360, 5, 1))
        insert_branch(tx, name="پ", deleted_at=NOW)
        tx.record("branch.added", ACT)
    return any_store


def test_columns_come_as_python_values(filled: Store) -> None:
    with filled.read() as reader:
        plain, removed = reader.one(BY_NAME, name="آ"), reader.one(BY_NAME, name="پ")
    assert plain is not None
    assert isinstance(plain.id, uuid.UUID)
    assert dataclasses.astuple(plain)[1:] == (BranchKind.MOBILE, True, dt.date(1350, 5, 1), None)
    assert removed is not None
    assert (removed.kind, removed.shortage, removed.deleted_at) == (BranchKind.INSTITUTIONAL, False, NOW)


def test_constants_of_a_statement_are_given_with_the_values(filled: Store) -> None:
    with filled.read() as reader:
        assert [row.founded_on for row in reader.all(CONSTANTS, name="پ")] == [dt.date(1360, 5, 1)]
        assert [row.founded_on for row in reader.all(CONSTANTS, name="ب")] == [dt.date(1350, 5, 1)]


def test_it_finds_what_sqlalchemy_finds(filled: Store) -> None:
    with filled.read() as reader:
        for frozen, values in ((BY_NAME, {"name": "آ"}), (CONSTANTS, {"name": "x"}), (BY_NAME, {"name": "nobody"})):
            through = [Row(*row) for row in reader.connection.execute(frozen.statement, values)]
            assert reader.all(frozen, **values) == through


def test_nothing_found_is_none(filled: Store) -> None:
    with filled.read() as reader:
        assert reader.one(BY_NAME, name="nobody") is None
        assert reader.all(BY_NAME, name="nobody") == []


def test_a_value_may_be_none(filled: Store) -> None:
    with filled.read() as reader:
        assert reader.one(OPTIONAL, kind=None) is True
        assert reader.one(OPTIONAL, kind=BranchKind.POSTAL) is False


def test_a_value_with_a_default_may_be_left_out(filled: Store) -> None:
    with filled.read() as reader:
        assert (reader.one(STATED), reader.one(STATED, text="دیگر")) == ("معمول", "دیگر")


def test_a_value_that_is_missing_is_a_bug(filled: Store) -> None:
    with filled.read() as reader, pytest.raises(KeyError):
        reader.one(BY_NAME)


@pytest.mark.parametrize("text", ["'; DROP TABLE branch; --", "%s %(name)s %%", ":name ?", "\\", "\u202e", '"', "😀"])
def test_hostile_values_are_values(any_store: Store, text: str) -> None:
    with any_store.write() as tx:
        row_id = insert_branch(tx, name=text)
        tx.record("branch.added", ACT)
    with any_store.read() as reader:
        found = reader.one(BY_NAME, name=text)
    assert found is not None
    assert found.id == row_id


def test_a_statement_is_compiled_once(any_store: Store) -> None:
    first = any_store.compiled(BY_NAME.statement)
    assert isinstance(first, Compiled)
    assert any_store.compiled(BY_NAME.statement) is first


def test_what_is_no_statement_cannot_be_compiled(any_store: Store) -> None:
    with pytest.raises(TypeError):
        compile_statement("SELECT 1", any_store.dialect)  # type: ignore[arg-type]
