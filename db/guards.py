"""Triggers that keep the store honest even against ourselves. Made and verified at every start (sync-protocol 2).

A synced row changes only together with its version; the journal, the ledger and frozen documents are never edited.
"""

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa

from db.models.schema import METADATA, synced_tables
from db.reading import Reader

# Append-only tables and the columns that may still change, with why.
APPEND_ONLY = {
    "journal": ("personal", "before", "moved", "applied", "recv_at"),  # erasing, undo values, sync state
    "ledger_line": ("rh", "bpos"),
    "document": ("rh", "bpos"),
}
FUNCTION = "pishkhan_refuse"
# The balance of a reader is kept where the ledger line is written, whoever writes it: desk, sync or undo.
KEEP_ACCOUNT = (
    "INSERT INTO account (member_id, balance) VALUES (NEW.member_id, NEW.amount) "
    "ON CONFLICT (member_id) DO UPDATE SET balance = account.balance + excluded.balance"
)
ACCOUNT_FUNCTION = "pishkhan_keep_account"
FUNCTIONS = {
    FUNCTION: "BEGIN RAISE EXCEPTION 'guard: % refused on %', TG_OP, TG_TABLE_NAME; END",
    ACCOUNT_FUNCTION: f"BEGIN {KEEP_ACCOUNT}; RETURN NULL; END",
}
# The triggers of PostgreSQL that are switched on, each with the mark of the text it was made from.
PRESENT = (
    "SELECT tgname, obj_description(oid, 'pg_trigger') FROM pg_trigger "
    "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
)


def ensure_guards(reader: Reader, dialect: str) -> None:
    """Create every missing or altered guard. Needs a writing transaction."""
    if dialect == "sqlite":
        _ensure_sqlite(reader)
    else:
        _ensure_postgresql(reader)


def _ensure_sqlite(reader: Reader) -> None:
    present = dict(reader.run("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
    for name, sql in sqlite_guards():
        if present.get(name) != sql:
            reader.run(f"DROP TRIGGER IF EXISTS {name}")
            reader.run(sql)


def sqlite_guards() -> Iterator[tuple[str, str]]:
    """Name and text of every guard of SQLite."""
    for table in synced_tables():
        name = f"guard_ver_{table.name}"
        yield (
            name,
            (
                f"CREATE TRIGGER {name} BEFORE UPDATE OF {_guarded(table)} ON {table.name} "
                "WHEN NEW.ver <> OLD.ver + 1 AND NOT EXISTS (SELECT 1 FROM applying) "
                f"BEGIN SELECT RAISE(ABORT, 'guard: {table.name} changed without its version'); END"
            ),
        )
    for table_name, free in APPEND_ONLY.items():
        columns = _columns(table_name, free)
        for event, what in (("UPDATE OF " + columns, "update"), ("DELETE", "delete")):
            name = f"guard_{what}_{table_name}"
            yield (
                name,
                (
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table_name} "
                    f"BEGIN SELECT RAISE(ABORT, 'guard: {table_name} is append-only'); END"
                ),
            )

    yield (
        "keep_account",
        (
            "CREATE TRIGGER keep_account AFTER INSERT ON ledger_line WHEN NEW.member_id IS NOT NULL "
            f"BEGIN {KEEP_ACCOUNT}; END"
        ),
    )


def _guarded(table: sa.Table) -> str:
    """The columns whose change needs a new version: all but what sync fills and what is derived."""
    free = {"rh", "bpos"}
    return ", ".join(c.name for c in table.columns if c.name not in free and not c.info.get("derived"))


def _columns(table: str, free: tuple[str, ...]) -> str:
    return ", ".join(c.name for c in METADATA.tables[table].columns if c.name not in free)


def _ensure_postgresql(reader: Reader) -> None:
    """Made anew only when missing, altered or switched off: making one locks its table against the other desks."""
    for function, source in FUNCTIONS.items():
        found = reader.run(f"SELECT prosrc FROM pg_proc WHERE proname = '{function}'").fetchone()
        if found is None or found[0].strip() != source:
            reader.run(f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ {source} $$")
    present = dict(reader.run(PRESENT).fetchall())
    for name, table, sql in postgresql_guards():
        mark = hashlib.blake2b(sql.encode(), digest_size=16).hexdigest()
        if present.get(name) != mark:
            reader.run(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            reader.run(sql)
            reader.run(f"COMMENT ON TRIGGER {name} ON {table} IS '{mark}'")


def postgresql_guards() -> Iterator[tuple[str, str, str]]:
    """Name, table and text of every guard of PostgreSQL."""
    for table in synced_tables():
        name = f"guard_ver_{table.name}"
        yield (
            name,
            table.name,
            (
                f"CREATE TRIGGER {name} BEFORE UPDATE OF {_guarded(table)} ON {table.name} FOR EACH ROW "
                "WHEN (NEW.ver <> OLD.ver + 1 AND coalesce(current_setting('app.applying', true), '') = '') "
                f"EXECUTE FUNCTION {FUNCTION}()"
            ),
        )
    for table_name, free in APPEND_ONLY.items():
        columns = _columns(table_name, free)
        for event, what, each in (
            ("UPDATE OF " + columns, "update", "ROW"),
            ("DELETE", "delete", "ROW"),
            ("TRUNCATE", "truncate", "STATEMENT"),
        ):
            name = f"guard_{what}_{table_name}"
            yield (
                name,
                table_name,
                f"CREATE TRIGGER {name} BEFORE {event} ON {table_name} FOR EACH {each} EXECUTE FUNCTION {FUNCTION}()",
            )
    yield (
        "keep_account",
        "ledger_line",
        (
            "CREATE TRIGGER keep_account AFTER INSERT ON ledger_line FOR EACH ROW WHEN (NEW.member_id IS NOT NULL) "
            f"EXECUTE FUNCTION {ACCOUNT_FUNCTION}()"
        ),
    )
