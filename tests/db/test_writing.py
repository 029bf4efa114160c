"""Write transactions: every change is told by exactly one journal entry, or nothing happens."""

import dataclasses
import uuid
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
import sqlcipher3.dbapi2 as sqlcipher

from db.journal import MOST_CHANGES
from db.models.base import Base
from db.models.library import Branch, Counter, Office, Staff
from db.models.sync import DoneRequest, JournalEntry, Stream
from db.store import Store
from db.trouble import StaleRowError
from db.types import new_id
from db.writing import Tx
from tests.db.rows import row_of
from tests.db.stores import ACT, NOW, insert_branch

KEYED = dataclasses.replace(ACT, key="k")


def _count(store: Store, model: type[Base]) -> int:
    with store.read() as reader:
        return reader.connection.execute(sa.select(sa.func.count()).select_from(model)).scalar_one()


def _head(store: Store) -> tuple[int, bytes]:
    with store.read() as reader:
        seq, chain = reader.connection.execute(sa.select(Stream.head_seq, Stream.head_chain)).one()
        return seq, chain


def _add(store: Store, **values: object) -> uuid.UUID:
    with store.write() as tx:
        row_id = insert_branch(tx, **values)
        tx.record("branch.added", ACT)
    return row_id


def _row(store: Store, row_id: uuid.UUID) -> SimpleNamespace:
    with store.read() as reader:
        return row_of(reader, Branch, row_id)


def test_an_insert_fills_defaults_owner_and_version(any_store: Store) -> None:
    row = _row(any_store, _add(any_store))
    assert (row.ver, row.branch_id, row.space_shortage) == (1, any_store.branch_id, False)
    assert (row.barcode_prefix, row.grade, row.deleted_at, row.bpos) == ("RAF-", None, None, None)
    assert row.id.version == 7


def test_an_id_made_before_is_kept(any_store: Store) -> None:
    given = new_id()
    assert _add(any_store, id=given) == given


def test_a_column_that_does_not_exist_is_a_bug(any_store: Store) -> None:
    with pytest.raises(TypeError, match="shelf_mark"), any_store.write() as tx:
        insert_branch(tx, shelf_mark="x")
    assert _count(any_store, Branch) == 0


def test_an_update_raises_the_version_by_one_and_touches_nothing_else(any_store: Store) -> None:
    row_id = _add(any_store, phone="021")
    before = _row(any_store, row_id)
    with any_store.write() as tx:
        tx.update(Branch, row_of(tx, Branch, row_id), name="نام تازه")
        tx.record("branch.renamed", ACT)
    assert vars(_row(any_store, row_id)) == vars(before) | {"name": "نام تازه", "ver": 2}


def test_a_removed_row_stays_as_a_tombstone(any_store: Store) -> None:
    row_id = _add(any_store)
    with any_store.write() as tx:
        tx.remove(Branch, row_of(tx, Branch, row_id), ACT)
        tx.record("branch.removed", ACT)
    row = _row(any_store, row_id)
    assert (row.deleted_at, row.ver, row.name) == (NOW, 2, "شعبهٔ آزمون")


def test_a_row_changed_meanwhile_is_not_overwritten(any_store: Store) -> None:
    row_id = _add(any_store)
    seen = _row(any_store, row_id)
    with any_store.write() as tx:
        tx.update(Branch, seen, name="نخست")
        tx.record("branch.renamed", ACT)
    with pytest.raises(StaleRowError), any_store.write() as tx:
        tx.update(Branch, seen, name="دوم")
    with pytest.raises(StaleRowError), any_store.write() as tx:
        tx.remove(Branch, seen, ACT)
    assert (_row(any_store, row_id).name, _head(any_store)[0]) == ("نخست", 2)


def test_a_row_that_is_gone_is_stale(any_store: Store) -> None:
    gone = SimpleNamespace(id=new_id(), ver=1, name="x")
    with pytest.raises(StaleRowError), any_store.write() as tx:
        tx.update(Branch, gone, name="y")


def test_two_updates_of_one_row_in_one_transaction_need_the_row_read_again(any_store: Store) -> None:
    row_id = _add(any_store)
    with any_store.write() as tx:
        tx.update(Branch, row_of(tx, Branch, row_id), name="نخست")
        tx.update(Branch, row_of(tx, Branch, row_id), city="قم")
        tx.record("branch.changed", ACT)
    assert _row(any_store, row_id).ver == 3


def test_a_change_without_an_entry_is_undone(any_store: Store) -> None:
    with pytest.raises(RuntimeError, match=r"branch.*without a journal entry"), any_store.write() as tx:
        insert_branch(tx)
    assert _count(any_store, Branch) == 0


def test_an_entry_without_a_change_is_refused(any_store: Store) -> None:
    with pytest.raises(ValueError, match="0 changes"), any_store.write() as tx:
        tx.record("nothing.happened", ACT)
    assert _count(any_store, JournalEntry) == 0


def test_two_entries_in_one_transaction_are_refused(any_store: Store) -> None:
    with pytest.raises(RuntimeError, match="one journal entry"), any_store.write() as tx:
        insert_branch(tx)
        tx.record("branch.added", ACT)
        tx.record("branch.added", ACT)
    assert (_count(any_store, Branch), _count(any_store, JournalEntry)) == (0, 0)


def test_a_change_after_the_entry_is_refused(any_store: Store) -> None:
    with pytest.raises(RuntimeError, match="after the journal entry"), any_store.write() as tx:
        insert_branch(tx)
        tx.record("branch.added", ACT)
        insert_branch(tx)
    assert (_count(any_store, Branch), _count(any_store, JournalEntry)) == (0, 0)


@pytest.mark.parametrize(("many", "fits"), [(MOST_CHANGES, True), (MOST_CHANGES + 1, False)])
def test_an_entry_holds_at_most_five_hundred_changes(store: Store, many: int, fits: bool) -> None:
    def write() -> None:
        with store.write() as tx:
            for _ in range(many):
                tx.insert(Office, position="رئیس", name="الف", since=ACT.day)
            tx.record("office.filled", ACT)

    if fits:
        write()
    else:
        with pytest.raises(ValueError, match="501 changes"):
            write()
    assert _count(store, Office) == (MOST_CHANGES if fits else 0)


def offices(tx: Tx, number: int) -> None:
    for _ in range(number):
        tx.make_room("office.filled", KEYED, 2)
        tx.insert(Office, position="رئیس", name="الف", since=ACT.day)
    tx.make_room("office.filled", KEYED, 2)
    tx.insert(Office, position="رئیس", name="ب", since=ACT.day)


def test_a_deed_bigger_than_one_entry_is_told_in_several_of_one_transaction(any_store: Store) -> None:
    with any_store.write() as tx:
        insert_branch(tx)
        tx.record("branch.added", ACT)
    with any_store.write() as tx:
        offices(tx, 2 * MOST_CHANGES)
        last = tx.record("office.filled", KEYED)
    with any_store.read() as reader:
        entries = reader.connection.execute(sa.select(JournalEntry.kind).order_by(JournalEntry.seq)).scalars().all()
        keyed = reader.connection.execute(sa.select(DoneRequest.eid)).scalars().all()
    assert entries == ["branch.added", *["office.filled"] * 3]
    assert keyed == [last.eid]
    assert _count(any_store, Office) == 2 * MOST_CHANGES + 1


def test_a_deed_of_several_entries_is_there_with_all_of_them_or_not_at_all(any_store: Store) -> None:
    with pytest.raises(RuntimeError, match="has not been recorded"), any_store.write() as tx:
        for _ in range(MOST_CHANGES):
            tx.insert(Office, position="رئیس", name="الف", since=ACT.day)
        tx.make_room("office.filled", ACT, 1)
    assert (_count(any_store, Office), _count(any_store, JournalEntry)) == (0, 0)


def test_an_exception_leaves_nothing_behind(any_store: Store) -> None:
    row_id = _add(any_store)
    head = _head(any_store)
    with pytest.raises(ZeroDivisionError), any_store.write() as tx:
        insert_branch(tx)
        tx.update(Branch, row_of(tx, Branch, row_id), name="نباید بماند")
        tx.next_number("accession")
        tx.record("branch.changed", dataclasses.replace(ACT, key="once"))
        raise ZeroDivisionError
    assert (_count(any_store, Branch), _row(any_store, row_id).name) == (1, "شعبهٔ آزمون")
    assert (_count(any_store, JournalEntry), _head(any_store)) == (1, head)
    assert (_count(any_store, Counter), _count(any_store, DoneRequest)) == (0, 0)
    _add(any_store)
    assert _head(any_store)[0] == 2


def _numbers(store: Store, name: str, *, fail: bool = False) -> int:
    with store.write() as tx:
        number = tx.next_number(name)
        insert_branch(tx)
        tx.record("branch.added", ACT)
        if fail:
            raise ZeroDivisionError
    return number


def test_numbers_have_no_gaps_although_half_of_the_transactions_fail(any_store: Store) -> None:
    given = []
    for turn in range(20):
        if turn % 2:
            with pytest.raises(ZeroDivisionError):
                _numbers(any_store, "accession", fail=True)
        else:
            given.append(_numbers(any_store, "accession"))
    assert given == list(range(1, 11))
    assert _numbers(any_store, "minutes-1405") == 1


def test_two_numbers_of_one_transaction_follow_each_other(any_store: Store) -> None:
    with any_store.write() as tx:
        assert [tx.next_number("accession") for _ in range(3)] == [1, 2, 3]
        insert_branch(tx)
        tx.record("branch.added", ACT)


def test_a_number_is_not_taken_for_nothing(any_store: Store) -> None:
    with pytest.raises(RuntimeError, match="accession"), any_store.write() as tx:
        tx.next_number("accession")
    assert _numbers(any_store, "accession") == 1


def test_a_series_goes_on_above_a_number_from_outside_and_never_back(any_store: Store) -> None:
    with any_store.write() as tx:
        tx.raise_number("accession", 4_000)
        tx.raise_number("accession", 12)
    assert _numbers(any_store, "accession") == 4_001


def test_a_request_key_is_kept_with_its_entry_and_taken_once(any_store: Store) -> None:
    keyed = dataclasses.replace(ACT, key="desk-7/41")
    with any_store.write() as tx:
        insert_branch(tx)
        entry = tx.record("branch.added", keyed)
    with any_store.read() as reader:
        assert reader.connection.execute(sa.select(DoneRequest.key, DoneRequest.eid)).all() == [
            ("desk-7/41", entry.eid)
        ]
    with pytest.raises((StaleRowError, sqlcipher.IntegrityError)), any_store.write() as tx:
        insert_branch(tx)
        tx.record("branch.added", keyed)
    assert _count(any_store, Branch) == 1


def test_a_store_without_identity_writes_no_entry(any_store: Store) -> None:
    any_store.identity = None
    with pytest.raises(RuntimeError, match="not been set up"), any_store.write() as tx:
        insert_branch(tx)


def test_a_secret_column_reaches_the_row_and_not_the_journal(any_store: Store) -> None:
    with any_store.write() as tx:
        tx.insert(Staff, name="کاربر", role=ACT.role, pin_hash="$argon2id$planted")
        entry = tx.record("staff.added", ACT)
    assert b"planted" not in entry.body + (entry.personal or b"")
    with any_store.read() as reader:
        assert reader.connection.execute(sa.select(Staff.pin_hash)).scalar_one() == "$argon2id$planted"
