"""Every row of a library by the names people know things by: what two libraries must have in common that lived through
the same day. Ids, row hashes and feed positions are nobody's business."""

import datetime as dt
import difflib
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from app.library import Library
from db.journal import DECODER
from db.models.base import Base
from db.models.schema import synced_tables
from db.models.sync import JournalEntry
from db.reading import Reader

Rows = Mapping[str, tuple[str, ...]]
NOBODY_KNOWS = frozenset({"id", "branch_id", "rh", "bpos"})
OF_THE_HOUSE = ("account", "counter", "setting")
ID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
INTENT, UNDOES = 9, 11
"""Places in the body of an entry."""

# In this order: a later one is named by earlier ones.
NAMES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "branch": lambda row: row["name"],
    "staff": lambda row: row["name"],
    "member": lambda row: f"عضو {row['member_no']}",
    "title": lambda row: f"«{row['title']}»",
    "item": lambda row: row["barcode"],
    "policy": lambda row: f"policy {row['version']}",
    "calendar_day": lambda row: f"{row['kind']} {row['day']}",
    "amnesty": lambda row: f"amnesty {row['name']}",
    "cash_session": lambda row: f"drawer {row['number']}",
    "receipt": lambda row: f"receipt {row['number']}",
    "loan": lambda row: f"loan of {row['item_id']} at {row['out_at']}",
    "hold": lambda row: f"hold on {row['title_id']} by {row['member_id']} at {row['placed_at']}",
    "ledger_line": lambda row: (
        f"{row['kind']} {row['amount']} of {row['member_id']} at {row['at']} for {row['loan_id']}"
    ),
}


def rows_of(library: Library) -> Rows:
    """The lines of every table that travels, of the books of the house and of the journal, deleted rows too."""
    with library.store.read() as reader:
        names: dict[uuid.UUID, str] = {}
        tables = {table.name: table for table in synced_tables()}
        for table in (*NAMES, *(name for name in tables if name not in NAMES)):
            for row in _read(reader, tables[table]):
                names[row["id"]] = NAMES[table](_named(row, names)) if table in NAMES else f"a {table}"
        found = {
            name: tuple(
                sorted(
                    _line(_named(row, names))
                    for row in _read(reader, Base.metadata.tables[name])
                    if row.get("scope") != "sync"  # by what sync knows this machine again
                )
            )
            for name in (*sorted(tables), *OF_THE_HOUSE)
        }
        return found | {"journal": tuple(_journal(reader, names))}


def differences(one: Rows, other: Rows) -> str:
    """What stands in one only, table by table; empty when nothing does."""
    found: list[str] = []
    for table in sorted(one.keys() | other.keys(), key=lambda name: (name != "journal", name)):
        lines = difflib.unified_diff(
            one.get(table, ()), other.get(table, ()), f"{table}: desk", f"{table}: window", n=0
        )
        found += [line.strip() for line in lines]
    return "\n".join(found)


def _read(reader: Reader, table: sa.Table) -> list[dict[str, Any]]:
    return [dict(row) for row in reader.connection.execute(sa.select(table)).mappings()]


def _named(row: Mapping[str, Any], names: Mapping[uuid.UUID, str]) -> dict[str, Any]:
    return {column: _plain(value, names) for column, value in row.items() if column not in NOBODY_KNOWS}


def _plain(value: Any, names: Mapping[uuid.UUID, str]) -> Any:
    """A value as text; every id in it by its name."""
    if value is None:
        return None
    if isinstance(value, uuid.UUID):
        return names.get(value, "?")
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, bytes):
        return value.hex()
    return ID.sub(lambda found: names.get(uuid.UUID(found.group()), "?"), str(value))


def _line(row: Mapping[str, Any]) -> str:
    return " · ".join(f"{column}={value}" for column, value in row.items() if value is not None)


def _journal(reader: Reader, names: Mapping[uuid.UUID, str]) -> list[str]:
    """Every entry in its order: what, who, at which desk, when, what they were shown and decided."""
    entries = list(reader.connection.execute(sa.select(JournalEntry.__table__).order_by(JournalEntry.seq)).mappings())
    told = {entry["eid"].bytes: f"{entry['kind']} at {entry['at_ms']}" for entry in entries}
    return [_entry(dict(entry), DECODER.decode(entry["body"]), told, names) for entry in entries]


def _entry(
    entry: Mapping[str, Any], body: list[Any], entries: Mapping[bytes, str], names: Mapping[uuid.UUID, str]
) -> str:
    intent = body[INTENT]
    if intent is not None:
        intent = [intent[0], sorted(intent[1]), *intent[2:]]
    told = {
        "kind": entry["kind"],
        "staff": entry["staff_id"],
        "desk": entry["desk"],
        "day": entry["bdate"],
        "at_ms": entry["at_ms"],
        "undoes": entries.get(body[UNDOES]),
        "intent": intent,
    }
    return _line({name: _plain(value, names) for name, value in told.items()})
