"""Indexes that only the centre needs: every table whose rows travel by owner and position, to read the feeds, what is
the same at several branches, and the words of the union catalogue. A branch has none: its desks do not pay for
them."""

from db.models.schema import synced_tables
from db.reading import Reader
from db.union_index import POSTGRESQL_SCHEMA

# What rules that look across branches (app.conflicts) ask by: indexes of a branch begin with its id.
ACROSS_BRANCHES = {
    "across_by_national_id": "member (national_id) WHERE national_id IS NOT NULL AND deleted_at IS NULL",
    "across_by_member_no": "member (member_no) WHERE deleted_at IS NULL",
    "across_by_card": "member_card (number) WHERE deleted_at IS NULL",
    "across_by_label": "item (barcode) WHERE deleted_at IS NULL",
    "across_by_seen_label": "return_seen (barcode) WHERE deleted_at IS NULL",
    "across_by_directive": "directive_answer (directive_id) WHERE deleted_at IS NULL",
}
# What pages ask by and nothing else does: tries to sign in by address and by moment, copies weeded in a quarter.
FOR_PAGES = {
    "wrong_sign_in_by_address": "sign_in (address, at) WHERE good IS FALSE",
    "sign_in_by_moment": "sign_in (at, id)",
    "weeded_by_day": "minutes_row (executed_on, branch_id) WHERE executed_on IS NOT NULL AND deleted_at IS NULL",
}
PRESENT = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"


def ensure_centre_indexes(reader: Reader) -> None:
    """Make the missing ones. Needs a writing transaction of PostgreSQL; nothing is locked where none is missing."""
    present = {str(name) for (name,) in reader.run(PRESENT).fetchall()}
    for table in synced_tables():
        if f"feed_of_{table.name}" not in present:
            reader.run(f"CREATE INDEX feed_of_{table.name} ON {table.name} (branch_id, bpos)")
    for name, columns in (ACROSS_BRANCHES | FOR_PAGES).items():
        if name not in present:
            reader.run(f"CREATE INDEX {name} ON {columns}")
    if "union_by_word" not in present:
        for sql in POSTGRESQL_SCHEMA:
            reader.run(sql)
