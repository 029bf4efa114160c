"""The store: reading beside writing, and what disk and server say told as trouble."""

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import sqlcipher3.dbapi2 as sqlcipher

from db.models.library import Branch
from db.models.sync import JournalEntry
from db.opening import open_library, open_server_library
from db.reading import Reader
from db.store import READERS_KEPT, Store
from db.trouble import StaleRowError, Trouble
from tests.db.rows import row_of
from tests.db.stores import ACT, copied_folder, insert_branch
from tests.postgres import cluster


def _add(store: Store, name: str = "شعبه") -> None:
    with store.write() as tx:
        insert_branch(tx, name=name)
        tx.record("branch.added", ACT)


def _names(reader: Reader) -> list[str]:
    return list(reader.connection.execute(sa.select(Branch.name).order_by(Branch.id)).scalars())


def _seconds(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


def test_a_long_read_neither_waits_for_a_writer_nor_holds_him_up(any_store: Store) -> None:
    _add(any_store, "پیش")
    with any_store.read() as reader:
        assert _names(reader) == ["پیش"]
        assert _seconds(lambda: _add(any_store, "پس")) < 2
        assert _names(reader) == ["پیش"], "a read sees one moment"
    with any_store.read() as reader:
        assert _names(reader) == ["پیش", "پس"]


def test_a_read_beside_an_open_write_sees_what_is_committed(any_store: Store) -> None:
    _add(any_store, "پیش")
    with any_store.write() as tx:
        insert_branch(tx, name="پس")
        tx.record("branch.added", ACT)
        with any_store.read() as reader:
            assert _names(reader) == ["پیش"]
        assert _names(tx) == ["پیش", "پس"]


def test_readers_in_threads_see_whole_transactions_while_a_writer_works(any_store: Store) -> None:
    """Each transaction adds two rows: nobody may ever see an odd number."""
    odd: list[int] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            with any_store.read() as reader:
                found = len(_names(reader))
            if found % 2:
                odd.append(found)

    watchers = [threading.Thread(target=watch) for _ in range(3)]
    for watcher in watchers:
        watcher.start()
    for _ in range(40):
        with any_store.write() as tx:
            insert_branch(tx)
            insert_branch(tx)
            tx.record("branch.added", ACT)
        any_store.rest()
    done.set()
    for watcher in watchers:
        watcher.join()
    assert odd == []


def test_writers_in_threads_take_turns(any_store: Store) -> None:
    def work() -> None:
        for _ in range(10):
            _add(any_store)

    writers = [threading.Thread(target=work) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with any_store.read() as reader:
        assert reader.connection.execute(
            sa.select(JournalEntry.seq).order_by(JournalEntry.seq)
        ).scalars().all() == list(range(1, 41))


def test_a_write_inside_a_write_is_a_bug_and_no_endless_wait(any_store: Store) -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"), any_store.write() as tx:
        insert_branch(tx)
        _add(any_store)
    _add(any_store, "پس از آن")
    with any_store.read() as reader:
        assert _names(reader) == ["پس از آن"]


def test_readers_are_kept_for_later_but_not_all_of_them(any_store: Store) -> None:
    def nested(depth: int) -> None:
        with any_store.read() as reader:
            reader.run("SELECT 1")
            if depth:
                nested(depth - 1)

    nested(READERS_KEPT + 3)
    assert len(any_store._readers) == READERS_KEPT
    kept = list(any_store._readers)
    nested(READERS_KEPT - 1)
    assert set(any_store._readers) == set(kept)


def test_a_read_that_raises_leaves_a_usable_reader(any_store: Store) -> None:
    with pytest.raises(ZeroDivisionError), any_store.read():
        raise ZeroDivisionError
    with pytest.raises(Exception, match="nowhere"), any_store.read() as reader:
        reader.run("SELECT * FROM nowhere")
    with any_store.read() as reader:
        assert _names(reader) == []


def test_a_mistake_in_a_statement_is_a_bug_and_no_trouble(any_store: Store) -> None:
    for text in ("SELECT * FROM nowhere", "SELEC"):
        with pytest.raises(any_store.dialect.loaded_dbapi.Error), any_store.write() as tx:
            tx.run(text)
        with pytest.raises(sa.exc.DBAPIError), any_store.read() as reader:
            reader.connection.execute(sa.text(text))


def test_closing_twice_does_nothing(any_store: Store) -> None:
    any_store.close()
    any_store.close()
    any_store.rest()


def test_a_closed_file_needs_nothing_but_itself(tmp_path: Path) -> None:
    folder = copied_folder(tmp_path / "library")
    with open_library(folder, None) as store:
        _add(store)
        assert (folder / "library.db-wal").stat().st_size > 0
    assert sorted(path.name for path in folder.iterdir()) == ["keys.json", "library.db", "library.lock"]


def test_a_reader_that_outlives_the_store_is_closed_too(tmp_path: Path) -> None:
    folder = copied_folder(tmp_path / "library")
    store = open_library(folder, None)
    with store.read() as reader:
        driver = reader.driver
        store.close()
        assert _names(reader) == []
    with pytest.raises(sqlcipher.ProgrammingError, match="closed"):
        driver.execute("SELECT 1")


def test_resting_moves_pages_into_the_file_and_waits_for_nobody(store: Store) -> None:
    path = Path(store.name)
    store.rest()
    before = path.stat().st_size, path.read_bytes()
    _add(store)
    assert (path.stat().st_size, path.read_bytes()) == before
    with store.write() as tx:
        tx.run("SELECT 1")
        assert _seconds(store.rest) < 1
    assert path.read_bytes() != before[1]


def test_long_work_in_the_background_gives_way_to_whoever_waits(any_store: Store) -> None:
    turns: list[str] = []
    began = threading.Event()

    def desk() -> None:
        began.set()
        with any_store.write():
            turns.append("desk")

    waiting = threading.Thread(target=desk)
    with any_store.write():
        turns.append("sync")
        waiting.start()
        began.wait()
        while not any_store._gate.locked():
            time.sleep(0.001)
    any_store.give_way()
    with any_store.write():
        turns.append("sync")
    waiting.join()
    any_store.give_way()
    assert turns == ["sync", "desk", "sync"]


def test_closing_waits_for_whoever_writes(tmp_path: Path) -> None:
    folder = copied_folder(tmp_path / "library")
    store = open_library(folder, None)
    writing, closing = threading.Event(), threading.Event()

    def desk() -> None:
        with store.write() as tx:
            writing.set()
            closing.wait()
            insert_branch(tx, name="پیش از پایان")
            tx.record("branch.added", ACT)

    at_work = threading.Thread(target=desk)
    at_work.start()
    writing.wait()
    end = threading.Thread(target=store.close)
    end.start()
    closing.set()
    at_work.join()
    end.join()
    with open_library(folder, None) as found, found.read() as reader:
        assert _names(reader) == ["پیش از پایان"]


@pytest.mark.parametrize("how", ["write", "give_way"])
def test_a_write_inside_a_write_never_waits_for_itself_though_somebody_else_waits(any_store: Store, how: str) -> None:
    """Whoever waits for the writer holds the gate: who has the writer must not wait at it."""
    ended = threading.Event()
    waiting = threading.Thread(target=lambda: _add(any_store), daemon=True)

    def again() -> None:
        if how == "give_way":
            any_store.give_way()
            return
        with pytest.raises(RuntimeError, match="inside a transaction"), any_store.write():
            pass

    def work() -> None:
        with any_store.write():
            waiting.start()
            while not any_store._gate.locked():
                time.sleep(0.001)
            again()
        ended.set()

    threading.Thread(target=work, daemon=True).start()
    assert ended.wait(5)
    waiting.join(5)
    assert not waiting.is_alive()


def test_a_program_killed_in_the_middle_has_lost_nothing_that_was_committed(store: Store, tmp_path: Path) -> None:
    """What a kill leaves: the file and its write-ahead log, copied while both are in use."""
    _add(store, "ثبت‌شده")
    after = tmp_path / "after"
    after.mkdir()
    with store.write() as tx:
        insert_branch(tx, name="ناتمام")
        for name in ("library.db", "library.db-wal", "keys.json"):
            (after / name).write_bytes((Path(store.name).parent / name).read_bytes())
        tx.record("branch.added", ACT)
    with open_library(after, None) as found, found.read() as reader:
        assert _names(reader) == ["ثبت‌شده"]


def _kick_out(url: str) -> None:
    """The server ends every connection to a database, as a cable pulled or a restart would."""
    name = sa.make_url(url).database
    with cluster().connect() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            (name,),
        )


def _told(work: Callable[[], object]) -> str | None:
    """The code of the trouble, None when it goes well."""
    try:
        work()
    except Trouble as trouble:
        return trouble.code
    return None


def test_a_lost_server_is_told_once_and_the_desk_goes_on_when_it_is_back(ready_url: str) -> None:
    with open_server_library(ready_url) as store:
        _add(store, "پیش")
        with store.read() as first, store.read() as second:
            assert _names(first) == _names(second) == ["پیش"]

        def count() -> int:
            with store.read() as reader:
                return len(_names(reader))

        _kick_out(ready_url)
        assert [_told(lambda: _add(store, "پس")) for _ in range(2)] == ["P-1112", None]
        assert count() == 2
        _kick_out(ready_url)
        assert [_told(count) for _ in range(2)] == ["P-1112", None]
        _add(store, "باز")
        assert count() == 3


def test_a_server_lost_inside_a_transaction_has_kept_nothing_of_it(ready_url: str) -> None:
    with open_server_library(ready_url) as store:
        with pytest.raises(Trouble) as told, store.write() as tx:
            insert_branch(tx)
            _kick_out(ready_url)
            tx.record("branch.added", ACT)
        assert told.value.code == "P-1112"
        with store.read() as reader:
            assert _names(reader) == []
        _add(store)


def test_a_statement_that_failed_cannot_be_committed_over(server_store: Store) -> None:
    """PostgreSQL answers COMMIT with a silent rollback then: no green light for that."""
    with pytest.raises(RuntimeError, match="has failed"), server_store.write() as tx:
        insert_branch(tx)
        tx.record("branch.added", ACT)
        with contextlib.suppress(server_store.dialect.loaded_dbapi.DataError):  # as no use case should
            tx.run("SELECT 1 / 0")
    with server_store.read() as reader:
        assert _names(reader) == []


@pytest.fixture
def two_desks(ready_url: str) -> Any:
    with open_server_library(ready_url) as one, open_server_library(ready_url) as other:
        yield one, other


def test_two_desks_share_one_history_without_gaps(two_desks: tuple[Store, Store]) -> None:
    def work(store: Store) -> None:
        for _ in range(15):
            _add(store)

    desks = [threading.Thread(target=work, args=(store,)) for store in two_desks]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    with two_desks[0].read() as reader:
        found = reader.connection.execute(sa.select(JournalEntry.seq).order_by(JournalEntry.seq)).scalars().all()
    assert found == list(range(1, 31))


def test_of_two_desks_that_change_one_row_the_slower_is_told(two_desks: tuple[Store, Store]) -> None:
    one, other = two_desks
    _add(one)
    with pytest.raises(StaleRowError), one.write() as slow:
        row_id = slow.connection.execute(sa.select(Branch.id)).scalar_one()
        seen = row_of(slow, Branch, row_id)
        with other.write() as fast:
            fast.update(Branch, row_of(fast, Branch, row_id), name="تند")
            fast.record("branch.renamed", ACT)
        slow.update(Branch, seen, name="کند")
        slow.record("branch.renamed", ACT)
    with one.read() as reader:
        assert _names(reader) == ["تند"]


def _number(store: Store, given: list[int], errors: list[Exception]) -> None:
    while True:
        try:
            with store.write() as tx:
                number = tx.next_number("accession")
                insert_branch(tx)
                tx.record("branch.added", ACT)
        except StaleRowError as error:
            errors.append(error)
        else:
            given.append(number)
            return


def test_two_desks_never_get_the_same_number_not_even_the_first(two_desks: tuple[Store, Store]) -> None:
    given: list[int] = []
    errors: list[Exception] = []
    for _ in range(6):
        desks = [threading.Thread(target=_number, args=(store, given, errors)) for store in two_desks]
        for desk in desks:
            desk.start()
        for desk in desks:
            desk.join()
    assert sorted(given) == list(range(1, 13))


def test_a_desk_that_hangs_inside_a_transaction_does_not_hold_the_others_for_ever(
    two_desks: tuple[Store, Store],
) -> None:
    one, other = two_desks
    with other.write() as waiting:
        waiting.run("SET lock_timeout = 200")
    with one.write() as hanging:
        insert_branch(hanging)
        hanging.record("branch.added", ACT)
        with pytest.raises(Trouble) as told:
            _add(other)
    assert told.value.code == "P-1109"
    _add(other)
