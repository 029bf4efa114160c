"""The journal: one hash-chained entry an action, personal fields beside the hashed bytes, former values for undo."""

import contextlib
import datetime as dt
import hashlib
import random
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.check import journal_is_whole
from db.changes import AFTER_IMAGE, FIELD_PATCH, TOMBSTONE, Change
from db.codes import LedgerKind
from db.connect import open_file
from db.guards import APPEND_ONLY
from db.journal import COMMITMENT, DECODER, ENCODER, SCHEMA_VERSION, Intent, next_chain, personal_parts, plain, unplain
from db.keys import open_key
from db.models.base import PERSONAL, Base
from db.models.circulation import LedgerLine
from db.models.library import Branch
from db.models.members import Member
from db.models.schema import synced_models
from db.models.sync import JournalEntry
from db.opening import open_library
from db.store import Store
from db.types import new_id
from db.wire import entity
from tests.db.rows import free_columns, insert_sample, row_of, sample
from tests.db.stores import ACT, STAFF, insert_branch

MODELS = sorted(synced_models().items())


def _entries(store: Store) -> list[Any]:
    with store.read() as reader:
        return list(reader.connection.execute(sa.select(JournalEntry.__table__).order_by(JournalEntry.seq)))


def _write(store: Store, number: int) -> None:
    for step in range(number):
        with store.write() as tx:
            insert_branch(tx, name=f"شعبهٔ {step}")
            tx.record("branch.added", ACT)


def test_the_chain_recomputes_from_the_stored_bytes(any_store: Store) -> None:
    _write(any_store, 12)
    assert any_store.identity is not None
    link = any_store.identity.epoch.to_bytes(8, "big")
    for seq, entry in enumerate(_entries(any_store), 1):
        link = hashlib.blake2b(link + entry.body, digest_size=16).digest()
        assert (entry.seq, entry.chain, entry.eid) == (seq, link, uuid.UUID(bytes=link))


def test_the_stored_bytes_are_those_that_were_hashed(any_store: Store) -> None:
    with any_store.write() as tx:
        insert_branch(tx)
        entry = tx.record("branch.added", ACT)
    (stored,) = _entries(any_store)
    assert (stored.body, stored.personal, stored.before) == (entry.body, entry.personal, entry.before)
    assert ENCODER.encode(DECODER.decode(stored.body)) == stored.body


def test_an_entry_says_who_what_when_and_why(any_store: Store) -> None:
    undone = new_id()
    with any_store.write() as tx:
        row_id = insert_branch(tx)
        tx.record("branch.added", ACT, Intent(4, ["limit.total"], "چون", {"open_loans": 5}), undoes=undone)
    (stored,) = _entries(any_store)
    seq, kind, eid, at_ms, bdate, clk, staff, desk, sv, intent, changes, undoes, promise = DECODER.decode(stored.body)
    assert (seq, kind, eid, desk, sv) == (1, "branch.added", None, 1, SCHEMA_VERSION)
    assert (at_ms, dt.date.fromordinal(bdate), staff) == (1796108052345, dt.date(2026, 12, 1), STAFF.bytes)
    assert clk == [7, 1234, None, None, False]
    assert intent == [4, ["limit.total"], "چون", {"open_loans": 5}]
    assert (changes[0][:4], undoes) == ([entity(Branch).number, row_id.bytes, 0, 0], undone.bytes)
    assert (stored.kind, stored.at_ms, stored.bdate, stored.staff_id, stored.desk) == (
        kind, at_ms, dt.date(2026, 12, 1), STAFF, 1,
    )  # fmt: skip
    assert (stored.undoes, promise) == (undone, None)


def test_an_entry_with_nothing_to_explain_says_nothing(any_store: Store) -> None:
    _write(any_store, 1)
    assert DECODER.decode(_entries(any_store)[0].body)[9] is None


PLANTED = {
    "given_name": "پلانتد", "family_name": "کاشته‌زاده", "father_name": "PLANTED-father", "national_id": "0012345679",
    "mobile": "+989121112233", "guardian": "PLANTED-guardian", "note": "PLANTED-note", "job": "PLANTED-job",
    "documents": {"PLANTED-paper": True}, "interests": ["PLANTED-interest"], "birth_date": dt.date(1999, 9, 9),
}  # fmt: skip


def _needles() -> list[bytes]:
    texts = [value for value in PLANTED.values() if isinstance(value, str)] + ["PLANTED"]
    return [text.encode() for text in texts]


def test_names_and_reader_links_stand_beside_the_hashed_bytes(any_store: Store) -> None:
    with any_store.write() as tx:
        chance = random.Random(1)
        member, _ = insert_sample(tx, Member, chance)
        tx.update(Member, row_of(tx, Member, member), **PLANTED)
        tx.insert(
            LedgerLine, member_id=member, kind=LedgerKind.FINE, amount=5_000, at=ACT.at, day=ACT.day, staff_id=STAFF
        )
        entry = tx.record("member.changed", ACT)
    assert not [needle for needle in _needles() if needle in entry.body]
    assert entry.personal is not None
    assert [needle for needle in _needles() if needle not in entry.personal] == []
    # the member's own rows name it; the money row must not
    ledger_change = DECODER.decode(entry.body)[10][-1]
    assert ledger_change[0] == entity(LedgerLine).number
    assert member.bytes not in ENCODER.encode(ledger_change)
    assert personal_parts(entry.personal)[2] == {entity(LedgerLine).fields["member_id"].number: member.bytes}


@pytest.mark.parametrize("op", [AFTER_IMAGE, FIELD_PATCH])
def test_no_personal_column_of_any_table_reaches_the_hashed_bytes(op: int) -> None:
    chance = random.Random(op)
    for _, model in MODELS:
        values = {column.name: sample(column, chance) for column in Base.metadata.tables[model.__tablename__].columns}
        change = Change(model, new_id(), 3, op, values, {})
        data = change.body()[4]
        for name, field in entity(model).fields.items():
            told = (data[field.number] if op == AFTER_IMAGE else data.get(field.number)) is not None
            assert told is not field.personal, f"{model.__tablename__}.{name}"
            assert (field.number in change.personal()) is field.personal


def test_a_patch_tells_the_changed_columns_only() -> None:
    values = {"name": "تازه", "given_name": "x", "category": "child"}
    change = Change(Member, new_id(), 3, FIELD_PATCH, {n: v for n, v in values.items() if n != "name"}, {})
    fields = entity(Member).fields
    assert change.body()[2:] == [3, FIELD_PATCH, {fields["category"].number: [None, "child"]}]
    assert change.personal() == {fields["given_name"].number: "x"}


def test_a_tombstone_tells_nothing_but_the_row() -> None:
    change = Change(Member, new_id(), 3, TOMBSTONE, {}, {"deleted_at": None})
    assert change.body() == [entity(Member).number, change.row_id.bytes, 3, TOMBSTONE, None]
    assert change.personal() == {}


def test_whoever_can_be_named_is_marked_personal() -> None:
    """A column whose name says that it tells of a reader must be marked, or stand here with a reason."""
    telling = ("member_id", "national_id", "given_name", "family_name", "mobile", "guardian", "guarantor", "birth_date")
    unmarked = {
        f"{name}.{column.name}"
        for name, model in MODELS
        for column in Base.metadata.tables[name].columns
        if column.name.startswith(telling) and column.info != PERSONAL
    }
    assert unmarked == set()


def test_an_insert_has_no_former_values_and_a_change_has_them(any_store: Store) -> None:
    with any_store.write() as tx:
        row_id = insert_branch(tx, founded_on=dt.date(1350, 1, 1))
        row = row_of(tx, Branch, row_id)
        tx.update(Branch, row, name="تازه", founded_on=None)
        tx.remove(Branch, row_of(tx, Branch, row_id), ACT)
        entry = tx.record("branch.changed", ACT)
    assert [{name: unplain(value) for name, value in former.items()} for former in DECODER.decode(entry.before)] == [
        {},
        {"name": "شعبهٔ آزمون", "founded_on": dt.date(1350, 1, 1)},
        {"deleted_at": None},
    ]


def test_former_values_put_every_column_of_every_table_back(any_store: Store) -> None:
    """What undo does: change all columns, then write the former values back."""
    chance = random.Random(8)
    for name, model in MODELS:
        if name in APPEND_ONLY:  # undone by an opposite row, never by a change
            continue
        with any_store.write() as tx:
            row_id, _ = insert_sample(tx, model, chance)
            before = row_of(tx, model, row_id)
            tx.record("test.added", ACT)
        with any_store.write() as tx:
            tx.update(model, before, **{column.name: sample(column, chance) for column in free_columns(model)})
            entry = tx.record("test.changed", ACT)
        (former,) = DECODER.decode(entry.before)
        with any_store.write() as tx:
            changed = row_of(tx, model, row_id)
            tx.update(model, changed, **{column: unplain(value) for column, value in former.items()})
            tx.record("action.undone", ACT, undoes=entry.eid)
            after = row_of(tx, model, row_id)
        assert vars(after) == vars(before) | {"ver": 3}
        assert vars(changed) != vars(before), name


@pytest.mark.parametrize("value", [{"id": "x"}, {"at": 1}, {"day": None}, {"map": {"map": 1}}, {}, {"a": 1, "id": 2}])
def test_a_document_that_looks_like_a_mark_comes_back(value: dict[str, Any]) -> None:
    assert unplain(DECODER.decode(ENCODER.encode(plain(value)))) == value


Spoil = Callable[[Any], None]


@contextlib.contextmanager
def _behind_the_back(store: Store) -> Iterator[Any]:
    """A connection with the key, guards taken off: somebody who knows the database edits it by hand."""
    path = Path(store.name)
    store.close()
    with contextlib.closing(open_file(path, open_key(path.parent, None))) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection


def _flip(connection: Any, column: str, seq: int, byte: int) -> None:
    (value,) = connection.execute(f"SELECT {column} FROM journal WHERE seq = ?", (seq,)).fetchone()
    spoilt = bytearray(value)
    spoilt[byte % len(spoilt)] ^= 1
    connection.execute(f"UPDATE journal SET {column} = ? WHERE seq = ?", (bytes(spoilt), seq))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda c: _flip(c, "body", 7, 40), ["entry 7 does not follow from the one before"]),
        (lambda c: _flip(c, "body", 1, 0), ["entry 1 does not follow from the one before"]),
        (lambda c: _flip(c, "body", 20, -1), ["entry 20 does not follow from the one before"]),
        (
            lambda c: _flip(c, "chain", 7, 3),
            ["entry 7 does not follow from the one before", "entry 8 does not follow from the one before"],
        ),
        (
            lambda c: c.execute("DELETE FROM journal WHERE seq = 9"),
            ["entry 9 is missing", "entry 10 does not follow from the one before"],
        ),
        (lambda c: c.execute("DELETE FROM journal WHERE seq = 20"), ["the head says 20, the last entry is 19"]),
        (lambda c: c.execute("UPDATE stream SET head_seq = 19"), ["the head says 19, the last entry is 20"]),
        (lambda c: c.execute("UPDATE journal SET seq = 30 WHERE seq = 20"), ["entry 20 is missing"]),
        (lambda c: c.execute("UPDATE journal SET personal = NULL, \"before\" = NULL"), []),  # erased, as the law asks
    ],
)  # fmt: skip
def test_an_edited_journal_is_found_out_and_the_place_is_told(store: Store, spoil: Spoil, told: list[str]) -> None:
    _write(store, 20)
    with _behind_the_back(store) as connection:
        spoil(connection)
    with open_library(Path(store.name).parent, None) as opened, opened.read() as reader:
        found = list(journal_is_whole(reader))
    assert found[: len(told)] == told
    assert bool(found) == bool(told)


def _write_member(store: Store) -> None:
    with store.write() as tx:
        insert_sample(tx, Member, random.Random(1))
        tx.record("member.added", ACT)


@pytest.mark.parametrize("byte", [3, 20, -1])
def test_another_name_put_beside_an_entry_is_found_out(store: Store, byte: int) -> None:
    """Architecture, "where the notes differ": the hashed part commits to the personal one."""
    _write_member(store)
    with _behind_the_back(store) as connection:
        _flip(connection, "personal", 1, byte)
    with open_library(Path(store.name).parent, None) as opened, opened.read() as reader:
        assert list(journal_is_whole(reader)) == ["entry 1 names others than it was written with"]


def test_the_same_name_written_twice_leaves_no_equal_trace(any_store: Store) -> None:
    """Salted: who guesses a name cannot try it against the hashed bytes."""
    with any_store.write() as tx:
        member, _ = insert_sample(tx, Member, random.Random(1))
        tx.record("member.added", ACT)
    for name in ("مریم", "زهرا", "مریم"):
        with any_store.write() as tx:
            tx.update(Member, row_of(tx, Member, member), given_name=name)
            tx.record("member.changed", ACT)
    _, first, _, second = (DECODER.decode(entry.body)[COMMITMENT] for entry in _entries(any_store))
    assert first != second
    assert len(first) == len(second) == 16


def test_a_whole_journal_is_found_whole_on_both_databases(any_store: Store) -> None:
    _write(any_store, 5)
    with any_store.read() as reader:
        assert list(journal_is_whole(reader)) == []


def test_a_link_depends_on_every_byte() -> None:
    chance = random.Random(5)
    before, body = chance.randbytes(16), chance.randbytes(300)
    link = next_chain(before, body)
    assert len(link) == 16
    for place in range(300):
        changed = bytearray(body)
        changed[place] ^= 1 << chance.randrange(8)
        assert next_chain(before, bytes(changed)) != link
