"""One schema: what the migrations make is what the models say, in a file and on PostgreSQL alike."""

import contextlib
import re
import shutil
import uuid
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import ops

from db.codes import Channel
from db.connect import file_engine, open_file, server_engine
from db.keys import KEYS, open_key
from db.migrate import REVISIONS, upgrade_file
from db.models.circulation import OPEN, Loan
from db.models.items import Item
from db.models.schema import METADATA, synced_models, synced_tables
from db.store import DATABASE, Store
from db.trouble import StaleRowError
from db.types import Id, new_id
from tests.db.stores import ACT, NOW

STORES = Path(__file__).parents[1] / "stores"
# Made by `db.search_index`, not by a migration: they can be thrown away and made again at any time.
INDEX_TABLES = re.compile(r"title_place|title_words(_.*)?")
# An index over an expression: SQLAlchemy cannot read it back from SQLite. The tests that make the tables a second time,
# from the models, compare it word for word.
EXPRESSION_INDEXES = {"item_by_idleness"}
CANNOT_READ = pytest.mark.filterwarnings("ignore:.*expression-based index")


def _compared(thing: Any, name: str | None, kind: str, *_: object) -> bool:
    if kind == "table":
        return INDEX_TABLES.fullmatch(name or "") is None
    return not (kind == "index" and (name in EXPRESSION_INDEXES or INDEX_TABLES.match(thing.table.name)))


def _differences(connection: sa.Connection) -> list[Any]:
    options = {"compare_type": _type_differs, "compare_server_default": True, "include_object": _compared}
    found: list[Any] = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    return found


def _type_differs(context: MigrationContext, _: Any, __: Any, found: Any, ours: Any) -> bool:
    """By the words of the database: SQLite tells a text of 16 letters and a key of 16 bytes back as such."""
    dialect = context.dialect
    assert dialect is not None
    return _spelt(found, dialect) != _spelt(ours, dialect)


def _spelt(kind: Any, dialect: sa.Dialect) -> str:
    return re.sub(r" COLLATE .*|\(\)", "", kind.compile(dialect=dialect))


@CANNOT_READ
def test_the_migrated_database_is_what_the_models_say(any_store: Store) -> None:
    with any_store.read() as reader:
        assert _differences(reader.connection) == []


@CANNOT_READ
def test_the_comparison_notices_what_is_missing(any_store: Store) -> None:
    """The control: without it an empty list would prove nothing."""
    with any_store.write() as tx:
        tx.run("DROP INDEX one_open_loan")
        tx.run("ALTER TABLE visit ADD COLUMN weather text")
        tx.run("CREATE TABLE stray (c integer)")
        found = _differences(tx.connection)
    told = {item[0] for item in found if isinstance(item, tuple)}
    assert told == {"add_index", "remove_column", "remove_table"}
    assert not any(isinstance(item, ops.MigrateOperation) for item in found)


def test_every_table_is_there_and_no_other(any_store: Store) -> None:
    with any_store.read() as reader:
        found = set(sa.inspect(reader.connection).get_table_names())
    assert {name for name in found if not INDEX_TABLES.fullmatch(name)} == METADATA.tables.keys() | {"alembic_version"}
    assert len(synced_models()) > 50


SERVER_COLUMNS = (
    "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, collation_name "
    "FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, column_name"
)
SERVER_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname"
SERVER_KEYS = (
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace ORDER BY conname"
)


def _ours(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [row for row in rows if not INDEX_TABLES.match(row[0]) and "alembic" not in str(row)]


def test_the_models_alone_would_make_the_same_server_database(server_store: Store, server_url: str) -> None:
    engine = server_engine(server_url)
    with engine.connect() as connection:
        METADATA.create_all(connection)
        for question in (SERVER_COLUMNS, SERVER_INDEXES, SERVER_KEYS):
            from_models = connection.exec_driver_sql(question).fetchall()
            with server_store.read() as reader:
                assert _ours(reader.run(question).fetchall()) == _ours([tuple(row) for row in from_models])


def test_the_models_alone_would_make_the_same_file(store: Store, tmp_path: Path) -> None:
    with file_engine(lambda: open_file(tmp_path / "models.db", bytes(32))).connect() as connection:
        METADATA.create_all(connection)
        driver = connection.connection.driver_connection
        with store.read() as reader:
            assert _file_shape(reader.driver) == _file_shape(driver)


def _file_shape(connection: Any) -> dict[str, Any]:
    """Columns, keys and indexes by name, in the words of SQLite."""
    indexes = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    tables = "SELECT name, sql LIKE '%WITHOUT ROWID%' FROM sqlite_master WHERE type = 'table'"
    shape: dict[str, Any] = {"indexes": sorted(_ours(connection.execute(indexes).fetchall()))}
    for name, without_rowid in _ours(connection.execute(tables).fetchall()):
        columns = connection.execute(f"SELECT name, type, \"notnull\", pk > 0 FROM pragma_table_xinfo('{name}')")
        keys = connection.execute(f'SELECT "from", "table", "to" FROM pragma_foreign_key_list(\'{name}\')')
        shape[name] = (without_rowid, sorted(columns.fetchall()), sorted(keys.fetchall()))
    return shape


@CANNOT_READ
def test_both_databases_have_the_same_indexes(store: Store, server_store: Store) -> None:
    def indexes(of: Store) -> set[tuple[str, str, bool]]:
        with of.read() as reader:
            inspector = sa.inspect(reader.connection)
            return {
                (table, str(index["name"]), bool(index["unique"]))
                for table in METADATA.tables
                for index in inspector.get_indexes(table)
                if index["name"] not in EXPRESSION_INDEXES
            }

    assert indexes(store) == indexes(server_store)


def test_the_index_of_idle_copies_is_used(store: Store) -> None:
    with store.read() as reader:
        plan = reader.run(
            "EXPLAIN QUERY PLAN SELECT id FROM item WHERE branch_id = x'00' AND coalesce(last_loan_on, accession_date) "
            "< '2020-01-01' AND deleted_at IS NULL AND status = 'available'"
        ).fetchall()
    assert "USING INDEX item_by_idleness" in str(plan)


@pytest.mark.parametrize("table", synced_tables(), ids=lambda table: table.name)
def test_unique_indexes_begin_with_the_branch_and_keys_join_ids(table: sa.Table) -> None:
    """Else two branches in one database could block each other (sync-protocol 2)."""
    for index in table.indexes:
        if index.unique:
            assert next(iter(index.columns)).name == "branch_id", index.name
    assert [column.name for column in table.primary_key.columns] == ["id"]
    assert not [c for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
    for key in table.foreign_keys:
        assert key.column.name == "id"
        assert isinstance(key.parent.type, Id)


def _lend(store: Store, item_id: uuid.UUID, **values: Any) -> uuid.UUID:
    with store.write() as tx:
        loan_id = tx.insert(
            Loan, item_id=item_id, member_id=new_id(), out_at=NOW, out_on=ACT.day, due_on=ACT.day,
            first_due_on=ACT.day, item_type="book", channel=Channel.DESK, policy_version=1, policy_row="x", **values,
        )  # fmt: skip
        tx.record("loan.opened", ACT)
    return loan_id


def _item(store: Store, number: int, **values: Any) -> uuid.UUID:
    with store.write() as tx:
        item_id = tx.insert(
            Item, title_id=new_id(), accession_no=number, accession_date=ACT.day, barcode=f"RAF-{number}", copy_no=1,
            shelf_key="x", **values,
        )  # fmt: skip
        tx.record("item.added", ACT)
    return item_id


# A file has one writer: there a doubled key is a bug of ours and not another desk's haste.
def _taken(store: Store) -> type[Exception]:
    return store.dialect.loaded_dbapi.IntegrityError if store.is_file else StaleRowError


def test_a_copy_is_lent_once_at_a_time(any_store: Store) -> None:
    item = _item(any_store, 1)
    first = _lend(any_store, item)
    with pytest.raises(_taken(any_store), match=r"one_open_loan|loan\.branch_id"):
        _lend(any_store, item)
    with any_store.write() as tx:
        tx.run(f"UPDATE loan SET in_at = '2026-12-02T00:00:00.000Z', ver = ver + 1 WHERE due_on = '{ACT.day}'")
    second = _lend(any_store, item, presumed_in_at=NOW)
    third = _lend(any_store, item)
    assert len({first, second, third}) == 3
    assert OPEN == "in_at IS NULL AND presumed_in_at IS NULL"


def test_a_number_of_the_register_is_never_given_again_not_even_after_removal(any_store: Store) -> None:
    item = _item(any_store, 7)
    with any_store.write() as tx:
        tx.remove(Item, tx.connection.execute(sa.select(Item.id, Item.ver).where(Item.id == item)).one(), ACT)
        tx.record("item.removed", ACT)
    with pytest.raises(_taken(any_store)):
        _item(any_store, 7)


def test_two_branches_in_one_database_do_not_block_each_other(any_store: Store) -> None:
    other = new_id()
    home = _item(any_store, 1)
    away = _item(any_store, 1, branch_id=other)
    for item, branch in ((home, any_store.branch_id), (away, other)):
        _lend(any_store, item, branch_id=branch)
    _lend(any_store, home, branch_id=other)  # a row the other side sent: its own conflict case, not our abort
    with any_store.read() as reader:
        assert reader.connection.execute(sa.select(sa.func.count()).select_from(Loan)).scalar_one() == 3


def test_a_key_to_a_row_that_is_not_there_is_refused(any_store: Store) -> None:
    with pytest.raises(any_store.dialect.loaded_dbapi.IntegrityError, match=r"(?i)foreign key"):
        _lend(any_store, new_id())


def test_the_stored_files_of_all_schemas_have_become_todays(store: Store, tmp_path: Path) -> None:
    """A stored file that differs: the first schema was changed after it was stored (`python -m tests.stores.make` makes
    it anew while it has not been released), or an upgrade does not do all it should."""
    for revision in REVISIONS:
        path = tmp_path / DATABASE
        shutil.copyfile(STORES / f"v{revision}.db", path)
        shutil.copyfile(STORES / f"v{revision}.keys.json", tmp_path / KEYS)
        upgrade_file(path, open_key(tmp_path, None))
        with contextlib.closing(open_file(path, open_key(tmp_path, None))) as stored, store.read() as reader:
            assert _file_shape(stored) == _file_shape(reader.driver)
