"""Triggers that refuse what the program must never do, on both databases."""

import contextlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from db.connect import open_file
from db.guards import APPEND_ONLY, postgresql_guards, sqlite_guards
from db.keys import open_key
from db.models.collection import Document
from db.models.library import Branch
from db.models.schema import METADATA, synced_models, synced_tables
from db.opening import open_library, open_server_library
from db.store import Store
from tests.db.rows import insert_sample, row_of
from tests.db.stores import ACT, copied_folder, insert_branch
from tests.postgres import cluster

REFUSED = r"guard: .*(append-only|without its version|refused)"


@pytest.fixture
def filled(any_store: Store) -> Store:
    """A store with a row in every guarded table."""
    chance = random.Random(2)
    with any_store.write() as tx:
        for model in synced_models().values():
            insert_sample(tx, model, chance)
        tx.record("test.rows", ACT)
    return any_store


def _is_refused(store: Store, *statements: str) -> bool:
    """Whether the guards stop a transaction; then nothing of it stays."""
    try:
        with store.write() as tx:
            for statement in statements:
                tx.run(statement)
    except store.dialect.loaded_dbapi.Error as error:
        told = str(error)
    else:
        return False
    assert "guard: " in told  # and no trouble of the librarian's: it is a bug of ours
    return True


def test_no_row_changes_without_its_version(filled: Store) -> None:
    for table in synced_tables():
        column = next(
            c.name for c in table.columns if c.name not in ("rh", "bpos", "ver") and not c.info.get("derived")
        )
        assert _is_refused(filled, f"UPDATE {table.name} SET {column} = {column}"), table.name
        assert _is_refused(filled, f"UPDATE {table.name} SET {column} = {column}, ver = ver + 2"), table.name
        assert _is_refused(filled, f"UPDATE {table.name} SET {column} = {column}, ver = ver - 1"), table.name


def test_a_row_changes_together_with_its_version(filled: Store) -> None:
    for table in synced_tables():
        refused = _is_refused(filled, f"UPDATE {table.name} SET branch_id = branch_id, ver = ver + 1")
        assert refused is (table.name in APPEND_ONLY), table.name


def test_what_sync_and_recomputing_fill_needs_no_version(filled: Store) -> None:
    for table in synced_tables():
        assert not _is_refused(filled, f"UPDATE {table.name} SET bpos = 7, rh = rh"), table.name
    assert not _is_refused(filled, "UPDATE item SET uses = 3, loan_count = 2, shelf_key = 'x'")


def test_applying_lifts_the_guard_on_versions_for_its_transaction_alone(filled: Store) -> None:
    lift = "INSERT INTO applying VALUES (1)" if filled.is_file else "SELECT set_config('app.applying', 'yes', true)"
    drop = "DELETE FROM applying" if filled.is_file else "SELECT 1"
    assert not _is_refused(filled, lift, "UPDATE branch SET name = 'x', ver = ver + 40", drop)
    assert _is_refused(filled, "UPDATE branch SET name = 'y', ver = ver + 40")
    assert _is_refused(filled, lift, "UPDATE ledger_line SET amount = 0, ver = ver + 40", drop)


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
def test_append_only_tables_are_neither_edited_nor_emptied(filled: Store, table: str) -> None:
    free = APPEND_ONLY[table]
    for column in METADATA.tables[table].columns:
        spoil = f'UPDATE {table} SET "{column.name}" = "{column.name}"'
        assert _is_refused(filled, spoil) is (column.name not in free), column.name
    assert _is_refused(filled, f"DELETE FROM {table}")
    if not filled.is_file:
        assert _is_refused(filled, f"TRUNCATE {table}")


def test_the_erasable_part_of_the_journal_can_be_erased(filled: Store) -> None:
    assert not _is_refused(filled, 'UPDATE journal SET personal = NULL, "before" = NULL')


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
def test_replace_does_not_slip_past_the_guards_of_a_file(store: Store, table: str) -> None:
    with store.write() as tx:
        insert_sample(tx, synced_models().get(table, Branch), random.Random(2))
        tx.record("test.rows", ACT)
    assert _is_refused(store, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_a_frozen_paper_is_not_even_removed_by_a_use_case(any_store: Store) -> None:
    with any_store.write() as tx:
        row_id, _ = insert_sample(tx, Document, random.Random(3))
        tx.record("test.rows", ACT)
    with pytest.raises(Exception, match=REFUSED), any_store.write() as tx:
        tx.remove(Document, row_of(tx, Document, row_id), ACT)


@contextlib.contextmanager
def _plainly(folder: Path) -> Iterator[Any]:
    with contextlib.closing(open_file(folder / "library.db", open_key(folder, None))) as connection:
        yield connection


def _triggers(folder: Path) -> dict[str, str]:
    with _plainly(folder) as connection:
        return dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())


def test_a_missing_or_altered_guard_of_a_file_is_made_again_at_the_next_start(tmp_path: Path) -> None:
    folder = copied_folder(tmp_path / "library")
    whole = _triggers(folder)
    assert whole == dict(sqlite_guards())
    with _plainly(folder) as connection:
        connection.execute("DROP TRIGGER guard_delete_journal")
        connection.execute("DROP TRIGGER guard_ver_branch")
        connection.execute("CREATE TRIGGER guard_ver_branch BEFORE UPDATE ON branch BEGIN SELECT 1; END")
    assert _triggers(folder) != whole
    open_library(folder, None).close()
    assert _triggers(folder) == whole


SHOW_TRIGGERS = "SELECT tgname, tgenabled, pg_get_triggerdef(oid), oid FROM pg_trigger WHERE NOT tgisinternal"


def _server_triggers(url: str) -> dict[str, tuple[object, ...]]:
    with cluster().connect(sa.make_url(url).database or "") as connection:
        return {str(name): tuple(rest) for name, *rest in connection.execute(SHOW_TRIGGERS).fetchall()}


def test_a_missing_or_disabled_guard_of_the_server_is_made_again_at_the_next_start(ready_url: str) -> None:
    whole = _server_triggers(ready_url)
    assert whole.keys() == {name for name, _, _ in postgresql_guards()}
    with cluster().connect(sa.make_url(ready_url).database or "") as connection:
        connection.execute("DROP TRIGGER guard_delete_journal ON journal")
        connection.execute("ALTER TABLE branch DISABLE TRIGGER guard_ver_branch")
        connection.execute("DROP TRIGGER guard_update_document ON document")
        connection.execute(
            "CREATE TRIGGER guard_update_document BEFORE INSERT ON document EXECUTE FUNCTION pishkhan_refuse()"
        )
        connection.execute(
            "CREATE OR REPLACE FUNCTION pishkhan_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        )
    open_server_library(ready_url).close()
    again = _server_triggers(ready_url)
    assert {name: found[:2] for name, found in again.items()} == {name: found[:2] for name, found in whole.items()}
    with open_server_library(ready_url) as store:
        with store.write() as tx:
            insert_branch(tx)
            tx.record("branch.added", ACT)
        assert _is_refused(store, "UPDATE branch SET name = 'x'")
        assert _is_refused(store, "DELETE FROM journal")


def test_a_start_that_finds_its_guards_touches_none_of_them(ready_url: str) -> None:
    """Making a trigger locks its table: a desk that starts must not stop the others."""
    before = _server_triggers(ready_url)
    with open_server_library(ready_url) as first, first.write() as tx:
        insert_branch(tx)
        open_server_library(ready_url).close()
        tx.record("branch.added", ACT)
    assert _server_triggers(ready_url) == before
