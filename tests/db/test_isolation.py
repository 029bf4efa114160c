"""Row-level security at the centre, over every table of the models: branch A neither sees nor changes branch B."""

import random
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from app.centre import Centre
from app.sync.owners import CENTRE_ONLY, OF_BIB, OF_POLICY
from db.guards import APPEND_ONLY
from db.isolation import DbRole, Scope, ensure_isolation, exposed
from db.models.base import Base
from db.models.schema import METADATA, synced_models, synced_tables
from db.reading import Reader
from db.rights import APPENDED, CENTRE_WRITES, HANGING, OPEN, READ_AT_REVIEW, RIGHTS, SHOWN_TO_ALL, tables
from db.trouble import Trouble
from db.types import new_id
from tests.centres import fresh_centre
from tests.db.rows import sample

A, B = (uuid.UUID(int=number << 64 | 7 << 76 | 2 << 62) for number in (1, 2))
OF_A = Scope(DbRole.SYNC, (A,))
WITH_BRANCH = sorted(name for name, table in METADATA.tables.items() if "branch_id" in table.columns)
DENIED = (psycopg.errors.InsufficientPrivilege, sa.exc.ProgrammingError)


@pytest.fixture(scope="module")
def centre() -> Iterator[Centre]:
    """A centre with a row of both branches in every table that has room for it."""
    with fresh_centre() as centre:
        with centre.store.write() as tx:
            tx.run("SET CONSTRAINTS ALL DEFERRED")
            tx.run("SET LOCAL session_replication_role = replica")  # rows of chance keep no foreign keys
            for branch in (A, B):
                for table in METADATA.sorted_tables:
                    if table.name in WITH_BRANCH and table.name != "site":
                        tx.connection.execute(sa.insert(table).values(row(table, branch)))
                of_branch = {
                    name: tx.run(f"SELECT id FROM {name} WHERE branch_id = '{branch}'").fetchone()[0]
                    for name in ("member", "device", "title")
                }
                tx.run(f"INSERT INTO account VALUES ('{of_branch['member']}', 5)")
                tx.run(f"INSERT INTO title_words (title_id, words) VALUES ('{of_branch['title']}', 'x')")
                tx.run(f"INSERT INTO feed_head VALUES ('branch:{branch.hex}', 9)")
                tx.run(f"INSERT INTO feed_cursor VALUES ('{of_branch['device']}', 'branch', 1, 1, 0)")
            tx.run("INSERT INTO feed_head VALUES ('policy', 3)")
        yield centre


def row(table: sa.Table, branch: uuid.UUID) -> dict[str, Any]:
    """A row of chance that belongs to a branch."""
    chance = random.Random(f"{table.name}{branch}")
    values = {column.name: fitting(column, chance) for column in table.columns if column.name != "deleted_at"}
    if table.name == "branch":
        values["id"] = branch
    return values | {"branch_id": branch} | ({"kind": "weeding_worn"} if table.name == "document" else {})


def fitting(column: sa.Column[Any], chance: random.Random) -> Any:
    """A value of chance that is not too long for its column."""
    value = sample(column, chance)
    longest = getattr(column.type, "length", None)
    return value[-longest:] if isinstance(value, str) and longest else value


def count(reader: Reader, table: str, branch: uuid.UUID) -> int:
    text = sa.text(f"SELECT count(*) FROM {table} WHERE branch_id = :branch")
    return int(reader.connection.execute(text, {"branch": branch}).scalar_one())


def may(role: DbRole, table: str, privilege: str) -> bool:
    return any(grant.privilege == privilege for grant in RIGHTS[role].get(table, ()))


@pytest.mark.parametrize("role", DbRole)
@pytest.mark.parametrize("table", [name for name in WITH_BRANCH if name != "site"])
def test_a_transaction_sees_its_own_branches_and_no_other(centre: Centre, table: str, role: DbRole) -> None:
    with centre.store.read() as reader:
        assert count(reader, table, B) == 1, "nothing to hide"
    with centre.store.read(Scope(role, (A,))) as reader:
        if not may(role, table, "SELECT"):
            with pytest.raises(DENIED):
                count(reader, table, A)
            return
        assert (count(reader, table, A), count(reader, table, B)) == (1, 0)
    with centre.store.read(Scope(role, (A, B))) as reader:
        assert (count(reader, table, A), count(reader, table, B)) == (1, 1)
    with centre.store.read(Scope(role, ())) as reader:
        assert count(reader, table, A) == 0


@pytest.mark.parametrize("table", [name for name in WITH_BRANCH if may(DbRole.SYNC, name, "INSERT")])
def test_a_branch_adds_no_row_to_another(centre: Centre, table: str) -> None:
    strange = row(METADATA.tables[table], B) | ({"id": new_id()} if "id" in METADATA.tables[table].columns else {})
    with pytest.raises(DENIED, match="row-level security"), centre.store.write(scope=OF_A) as tx:
        tx.connection.execute(sa.insert(METADATA.tables[table]).values(strange))


@pytest.mark.parametrize("table", [name for name in WITH_BRANCH if may(DbRole.SYNC, name, "UPDATE")])
def test_a_branch_changes_no_row_of_another_and_gives_none_away(centre: Centre, table: str) -> None:
    (grant,) = (grant for grant in RIGHTS[DbRole.SYNC][table] if grant.privilege == "UPDATE")
    column = METADATA.tables[table].columns[grant.columns[0] if grant.columns else "branch_id"].name
    with centre.store.write(scope=OF_A) as tx:
        assert tx.run(f"UPDATE {table} SET {column} = {column} WHERE branch_id = '{B}'").rowcount == 0
    if grant.columns is None:
        with pytest.raises(DENIED), centre.store.write(scope=OF_A) as tx:
            tx.run(f"SELECT set_config('app.applying', 'x', true); UPDATE {table} SET branch_id = '{B}'")


@pytest.mark.parametrize("table", WITH_BRANCH)
def test_nobody_deletes_what_travels(centre: Centre, table: str) -> None:
    for role in DbRole:
        with pytest.raises(DENIED), centre.store.write(scope=Scope(role, (A, B))) as tx:
            tx.run(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", sorted(set(METADATA.tables) - set(RIGHTS[DbRole.SYNC])))
def test_what_a_branch_has_no_business_with_is_closed(centre: Centre, table: str) -> None:
    with pytest.raises(DENIED, match="permission denied"), centre.store.read(OF_A) as reader:
        reader.run(f"SELECT 1 FROM {table}")


@pytest.mark.parametrize("table", [*HANGING])
def test_rows_without_a_branch_belong_to_what_they_hang_on(centre: Centre, table: str) -> None:
    with centre.store.read() as reader:
        (all_,) = reader.run(f"SELECT count(*) FROM {table}").fetchone()
    with centre.store.write(scope=OF_A) as tx:
        (seen,) = tx.run(f"SELECT count(*) FROM {table}").fetchone()
    assert (seen, all_) == ((2, 3) if table == "feed_head" else (1, 2))


def test_a_branch_moves_only_the_head_of_its_own_feed(centre: Centre) -> None:
    with centre.store.write(scope=OF_A) as tx:
        assert tx.run(f"UPDATE feed_head SET pos = pos WHERE feed = 'branch:{B.hex}'").rowcount == 0
        assert tx.run(f"UPDATE feed_head SET pos = pos WHERE feed = 'branch:{A.hex}'").rowcount == 1
    for feed in ("policy", f"branch:{B.hex}", f"branch:{B}"):
        with pytest.raises(DENIED, match="row-level security"), centre.store.write(scope=OF_A) as tx:
            tx.run(f"INSERT INTO feed_head VALUES ('{feed}', 9) ON CONFLICT (feed) DO UPDATE SET pos = 9")


def test_a_line_of_the_ledger_moves_no_account_of_another_branch(centre: Centre) -> None:
    """The trigger that keeps balances runs as the branch, too."""
    with centre.store.read() as reader:
        (stranger,) = reader.run(f"SELECT id FROM member WHERE branch_id = '{B}'").fetchone()
    values = row(METADATA.tables["ledger_line"], A) | {"id": new_id(), "member_id": stranger, "amount": 1}
    with pytest.raises(DENIED, match="account"), centre.store.write(scope=OF_A) as tx:
        tx.connection.execute(sa.insert(METADATA.tables["ledger_line"]).values(values))


@pytest.mark.parametrize("table", APPENDED)
def test_what_is_written_once_is_never_edited(centre: Centre, table: str) -> None:
    assert set(APPENDED[table]) <= set(APPEND_ONLY[table])
    for column in METADATA.tables[table].columns:
        if column.name in APPEND_ONLY[table]:
            continue
        with pytest.raises(DENIED), centre.store.write(scope=OF_A) as tx:
            tx.run(f"UPDATE {table} SET {column.name} = {column.name}")
        # And by the guard, whoever asks.
        with pytest.raises((psycopg.errors.RaiseException, sa.exc.DBAPIError)), centre.store.write() as tx:
            tx.run(f"UPDATE {table} SET {column.name} = {column.name}")


@pytest.mark.parametrize("model", sorted(CENTRE_ONLY, key=str))
def test_what_the_centre_says_is_not_said_by_a_branch(centre: Centre, model: type[Base]) -> None:
    table = METADATA.tables[model.__tablename__]
    for sql in (sa.insert(table).values(row(table, A) | {"id": new_id()}), sa.update(table).values(ver=9)):
        with pytest.raises(DENIED, match="permission denied"), centre.store.write(scope=OF_A) as tx:
            tx.connection.execute(sql)


@pytest.mark.parametrize("table", SHOWN_TO_ALL)
def test_rows_of_the_centre_are_read_by_all_and_written_by_nobody(centre: Centre, table: str) -> None:
    of_centre = row(METADATA.tables[table], centre.id) | {"id": new_id()}
    with centre.store.write() as tx:
        tx.run("SET LOCAL session_replication_role = replica")
        tx.connection.execute(sa.insert(METADATA.tables[table]).values(of_centre))
    for role in DbRole:
        if may(role, table, "SELECT"):
            with centre.store.read(Scope(role, (A,))) as reader:
                assert count(reader, table, centre.id) == 1
    with centre.store.write(scope=OF_A) as tx:
        if may(DbRole.SYNC, table, "UPDATE"):
            assert tx.run(f"UPDATE {table} SET rh = NULL WHERE branch_id = '{centre.id}'").rowcount == 0


# Reviewers and readers.


@pytest.mark.parametrize("table", [name for name in sorted(METADATA.tables) if name.startswith("member")])
def test_an_office_reads_no_table_of_readers(centre: Centre, table: str) -> None:
    with pytest.raises(DENIED, match="permission denied"), centre.store.read(Scope(DbRole.REVIEW, (A,))) as reader:
        reader.run(f"SELECT 1 FROM {table}")


def test_no_column_that_names_a_reader_is_shown_to_an_office(centre: Centre) -> None:
    """By the flags of the models: what is personal there is closed here. A paper of the weeding names no reader."""
    for name in READ_AT_REVIEW:
        for column in METADATA.tables[name].columns:
            named = column.info.get("personal") or column.info.get("secret") or column.name == "member_id"
            with centre.store.read(Scope(DbRole.REVIEW, (A,))) as reader:
                if named and name != "document":
                    with pytest.raises(DENIED, match="permission denied"):
                        reader.run(f"SELECT {column.name} FROM {name}")


def test_an_office_sees_the_loans_of_a_copy_but_not_whose(centre: Centre) -> None:
    with centre.store.read(Scope(DbRole.REVIEW, (A,))) as reader:
        assert reader.run("SELECT count(item_id) FROM loan").fetchone() == (1,)
        with pytest.raises(DENIED, match="permission denied"):
            reader.run("SELECT * FROM loan")


@pytest.mark.parametrize(
    ("kind", "entity", "shown"),
    [("weeding_worn", "minutes", True), ("report", "quarterly_report", True), ("attachment", "minutes", True),
     ("attachment", "incident", False), ("photo", "member", False), ("letter", "incident", False),
     ("clearance", "clearance", False), ("receipt", "receipt", False)],
)  # fmt: skip
def test_an_office_sees_papers_of_the_weeding_and_no_portraits(
    centre: Centre, kind: str, entity: str, shown: bool
) -> None:
    paper = row(METADATA.tables["document"], A) | {"id": new_id(), "kind": kind, "entity": entity}
    with centre.store.write() as tx:
        tx.connection.execute(sa.insert(METADATA.tables["document"]).values(paper))
    with centre.store.read(Scope(DbRole.REVIEW, (A,))) as reader:
        found = reader.connection.execute(sa.text("SELECT 1 FROM document WHERE id = :id"), {"id": paper["id"]})
        assert (found.scalar() is not None) is shown


@pytest.mark.parametrize("role", [DbRole.REVIEW, DbRole.MEMBER])
def test_pages_write_nothing_as_office_or_reader(role: DbRole) -> None:
    assert {grant.privilege for grants in RIGHTS[role].values() for grant in grants} == {"SELECT"}


# How long it lasts, and who holds it up.


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(st.sampled_from(["commit", "fail", "read", "broken"]), max_size=6))
def test_nothing_of_a_scope_outlives_its_transaction(centre: Centre, steps: list[str]) -> None:
    class Undone(Exception):  # noqa: N818
        pass

    for step in steps:
        if step == "read":
            with centre.store.read(OF_A) as reader:
                reader.run("SELECT 1")
        elif step == "commit":
            with centre.store.write(scope=OF_A) as tx:
                tx.run("SELECT 1")
        elif step == "fail":
            with pytest.raises(Undone), centre.store.write(scope=OF_A) as tx:
                raise Undone
        else:
            with pytest.raises(DENIED), centre.store.write(scope=OF_A) as tx:
                tx.run("SELECT 1 FROM reviewer")
        for way in (centre.store.read, centre.store.write):
            with way() as plain:
                assert plain.run("SELECT current_user::text, current_setting('app.branches')").fetchone() == (
                    "postgres",
                    "",
                )


def test_without_a_scope_set_a_role_sees_nothing(centre: Centre) -> None:
    with centre.store.read() as reader:
        reader.run(f"SET LOCAL ROLE {DbRole.SYNC.value}")
        assert count(reader, "item", A) == count(reader, "journal", A) == 0


def test_the_table_of_rights_says_what_the_owners_say() -> None:
    assert set(CENTRE_WRITES) == {model.__tablename__ for model in CENTRE_ONLY}
    assert set(SHOWN_TO_ALL) == {model.__tablename__ for model in (*OF_POLICY, *OF_BIB)}
    assert set(RIGHTS[DbRole.SYNC]) >= {table.name for table in synced_tables()}
    assert set(WITH_BRANCH) | set(HANGING) | set(OPEN) >= set(synced_models())


def test_every_table_is_closed_and_forced(centre: Centre) -> None:
    with centre.store.read() as reader:
        forced = reader.run("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity").fetchall()
        assert {name for (name,) in forced} == set(tables())
        assert exposed(reader) == []


OPENINGS = (
    "CREATE TABLE made_by_hand (id int, branch_id uuid)",
    "CREATE VIEW seen_through AS SELECT * FROM member; GRANT SELECT ON seen_through TO pishkhan_review",
    "CREATE TABLE for_all (x int); GRANT SELECT ON for_all TO PUBLIC",
)
SPOILED = (
    "ALTER TABLE loan NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE member DISABLE ROW LEVEL SECURITY",
    "DROP POLICY own ON item",
    "ALTER POLICY own ON item USING (true)",
    "CREATE POLICY guest ON member USING (true)",
    "GRANT SELECT ON member TO pishkhan_review",
    "GRANT SELECT (member_id) ON loan TO pishkhan_review",
    "GRANT UPDATE ON journal TO pishkhan_sync",
    "GRANT SELECT ON reviewer TO PUBLIC",
    "REVOKE INSERT ON loan FROM pishkhan_sync",
)


@pytest.mark.parametrize("sql", OPENINGS)
def test_what_lies_open_stops_the_start(sql: str) -> None:
    with fresh_centre() as centre:
        with centre.store.write() as tx:
            tx.run(sql)
        with pytest.raises(Trouble, match="P-2404"), centre.store.write() as tx:
            ensure_isolation(tx)


@pytest.mark.parametrize("sql", SPOILED)
def test_what_was_altered_is_put_right_at_the_next_start(centre: Centre, sql: str) -> None:
    def state() -> object:
        with centre.store.read() as reader:
            return (
                reader.run("SELECT array_agg(p::text ORDER BY p::text) FROM pg_policies p").fetchone(),
                reader.run(
                    "SELECT array_agg((relname, relacl, relrowsecurity, relforcerowsecurity)::text ORDER BY relname) "
                    "FROM pg_class WHERE relkind = 'r' AND relname !~ '^(pg|sql)_'"
                ).fetchone(),
                reader.run(
                    "SELECT array_agg((attrelid, attname, attacl)::text ORDER BY attrelid, attnum) "
                    "FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid > 16384"
                ).fetchone(),
            )

    before = state()
    with centre.store.write() as tx:
        tx.run(sql)
    assert state() != before
    with centre.store.write() as tx:
        ensure_isolation(tx)
    assert state() == before


def test_a_start_that_finds_all_in_order_locks_no_table(centre: Centre) -> None:
    with centre.store.write() as tx:
        ensure_isolation(tx)
        held = tx.run(
            "SELECT relation::regclass::text FROM pg_locks WHERE pid = pg_backend_pid() AND mode <> 'AccessShareLock' "
            "AND relation IS NOT NULL"
        ).fetchall()
    assert held == []
