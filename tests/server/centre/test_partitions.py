"""The journal in months: nothing is lost or loosened by it, and entries go where their day says."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from app.centre import Centre, open_centre
from app.clock import SettableClock
from app.sync.branch.device_key import ensure_device_key
from app.sync.branch.rounds import sync_round
from app.sync.branch.talk import RoundState
from db.isolation import exposed
from db.store import Store
from db.trouble import StaleRowError
from server.centre.demo_branches import InOneProcess, join
from server.centre.partitions import part
from tests.centres import NOW, centre_url, keys_folder
from tests.library import TODAY, add_copy, add_member, found, lend

MONTHS = ["journal_2026_12", "journal_2027_01", "journal_2027_02"]
COPIED = (
    "INSERT INTO journal SELECT device_id, {epoch}, {seq}, eid, branch_id, kind, at_ms, '{day}', staff_id, desk, body, "
    "personal, chain, before, undoes, moved, applied, recv_at FROM journal_before LIMIT 1"
)


@pytest.fixture
def url() -> Iterator[str]:
    """A founded centre, with the entry of its founding."""
    with centre_url() as made:
        yield made


def opened(url: str) -> Centre:
    return open_centre(url, keys_folder(), SettableClock(NOW))


def rows_of(store: Store, table: str = "journal") -> int:
    with store.read() as reader:
        return int(reader.run(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_what_was_there_stays_and_what_comes_goes_on(url: str, tmp_path: Path) -> None:
    with (branch := found(tmp_path)).store, (centre := opened(url)).store:

        def synchronised() -> int:
            outcome = sync_round(branch, InOneProcess(centre), ensure_device_key(branch))
            assert outcome.state is RoundState.DONE
            assert (outcome.waiting, outcome.set_aside, outcome.repaired) == (0, 0, 0)
            return rows_of(centre.store)

        join(centre, branch, "http://127.0.0.1:8300")
        lend(branch, add_member(branch), add_copy(branch))
        before = synchronised()
        assert part(centre.store, TODAY) == MONTHS
        assert rows_of(centre.store) == before == rows_of(centre.store, "journal_before")
        lend(branch, add_member(branch), add_copy(branch))
        assert synchronised() > before
        assert synchronised() == synchronised()
    with opened(url).store as store, store.read() as reader:
        assert exposed(reader) == []


def test_guards_and_isolation_hold_as_before(url: str) -> None:
    with opened(url).store as store:
        part(store, TODAY)
        for sql in ("UPDATE journal SET body = 'x'", "DELETE FROM journal", "UPDATE journal_before SET body = 'x'"):
            with pytest.raises((psycopg.errors.RaiseException, sa.exc.DBAPIError)), store.write() as tx:
                tx.run(sql)
        with store.read() as reader:
            reader.run("SET LOCAL ROLE pishkhan_sync")
            assert reader.run("SELECT count(*) FROM journal").fetchone() == (0,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.run("SELECT 1 FROM journal_before")


def test_an_entry_lies_in_its_month_and_is_applied_once_whatever_its_epoch(url: str) -> None:
    with opened(url).store as store:
        part(store, TODAY)
        for day, name in (
            ("2026-12-10", MONTHS[0]),
            ("2046-01-01", "journal_others"),
            ("2001-01-01", "journal_before"),
        ):
            with store.write() as tx:
                tx.run(COPIED.format(epoch=1, seq=int(day[:4]), day=day))
            assert rows_of(store, name) == 1 + (name == "journal_before")
            with pytest.raises(StaleRowError), store.write() as tx:
                tx.run(COPIED.format(epoch=2, seq=1, day=day))


def test_entries_of_a_wrong_clock_are_found_again(url: str) -> None:
    with opened(url).store as store:
        with store.write() as tx:
            another = COPIED.replace(" eid,", " gen_random_uuid(),").replace("journal_before", "journal")
            tx.run(another.format(epoch=1, seq=1, day="2046-01-01"))
        part(store, TODAY)
        assert (rows_of(store), rows_of(store, "journal_others")) == (2, 1)


def test_run_again_it_makes_what_is_missing_and_leaves_early_entries_alone(url: str) -> None:
    with opened(url).store as store:
        assert part(store, TODAY) == MONTHS
        assert part(store, TODAY) == []
        with store.write() as tx:
            tx.run(COPIED.format(epoch=1, seq=1, day="2027-04-09"))
        assert part(store, TODAY + dt.timedelta(days=62)) == ["journal_2027_03"]
        assert part(store, TODAY + dt.timedelta(days=93)) == ["journal_2027_05"]


def test_an_old_month_is_taken_off_whole_and_lies_apart(url: str) -> None:
    """In another schema: in ours it would be a table of branches without rules, which stops the next start."""
    with opened(url).store as store:
        part(store, TODAY)
        with store.write() as tx:
            tx.run("ALTER TABLE journal DETACH PARTITION journal_before")
            assert exposed(tx) == ["journal_before"]
            tx.run("CREATE SCHEMA archive")
            tx.run("ALTER TABLE journal_before SET SCHEMA archive")
        assert (rows_of(store), rows_of(store, "archive.journal_before")) == (0, 1)
    opened(url).store.close()
