"""The backup and restore guide (docs/operations.md), done for real: base backup and archived WAL by the shipped
scripts, work that goes on, a power cut, and a return to a point in time. The branch notices and sends again what was
lost."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.centre import Centre, found_centre, make_keys, open_centre
from app.clock import SettableClock
from app.library import Library
from app.sync.branch.device_key import ensure_device_key
from app.sync.branch.rounds import SyncOutcome, sync_round
from app.sync.branch.talk import RoundState
from app.sync.centre.replaying import begin
from db.models.circulation import Loan
from db.opening import open_server_centre
from server.centre.cluster import Cluster, give, has_binaries, new_cluster, own_folder, program
from server.centre.demo_branches import InOneProcess, join
from server.centre.durable import main as durable_main
from tests.centres import NOW
from tests.library import add_copy, add_member, found, lend, rows, take_back

SCRIPTS = Path(__file__).parents[3] / "installer" / "server"


@dataclass
class Place:
    """A database server whose WAL goes into an archive."""

    folder: Path
    archive: Path
    environment: dict[str, str]
    cluster: Cluster

    def script(self, name: str, *arguments: str) -> str:
        """Run a shipped script as the user the database runs as; what it said."""
        user = self.folder.owner() if os.geteuid() == 0 else None
        done = subprocess.run(
            [str(SCRIPTS / name), *arguments], env=self.environment, user=user, cwd=self.folder,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def moment(self) -> str:
        """The moment it is, as the database sees it; everything committed so far is before it."""
        with self.cluster.connect() as connection:
            (now,) = connection.execute("SELECT clock_timestamp()::text").fetchone() or ("",)
        time.sleep(0.02)
        return str(now)

    def archive_all(self) -> None:
        """Close the present segment and wait until it is in the archive, as `archive_timeout` does within a minute."""
        with self.cluster.connect() as connection:
            (name,) = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone() or ("",)
            for _ in range(400):
                if (self.archive / "wal" / str(name)).exists():
                    return
                time.sleep(0.02)
        raise AssertionError(f"{name} was not archived: {(self.folder / 'log').read_text()}")

    def started_anew(self) -> None:
        """Start the restored server and wait until it has caught up and takes work."""
        self.cluster.start()
        with self.cluster.connect() as connection:
            for _ in range(400):
                if connection.execute("SELECT NOT pg_is_in_recovery()").fetchone() == (True,):
                    return
                time.sleep(0.02)
        raise AssertionError((self.folder / "log").read_text())


@pytest.fixture
def place() -> Iterator[Place]:
    """A cluster of its own, set up as installer/server says."""
    if not has_binaries():
        pytest.skip("no PostgreSQL server binaries (initdb) on this machine")
    folder = own_folder("pishkhan-restore-")
    archive = folder / "archive"
    environment_file = folder / "backup.env"
    shipped = (SCRIPTS / "backup.env").read_text()
    mine = shipped.replace("/srv/pishkhan-archive", str(archive)).replace("/var/run/postgresql", str(folder))
    environment_file.write_text(mine.replace("/usr/lib/postgresql/15/bin", str(program("initdb").parent)))
    for path in (archive, archive / "wal", archive / "base"):
        path.mkdir()
        give(path)
    settings = {
        "archive_mode": "on",
        "archive_command": f'PISHKHAN_BACKUP_ENV={environment_file} {SCRIPTS}/archive-wal.sh "%p" "%f"',
    }
    environment = {**os.environ, "PISHKHAN_BACKUP_ENV": str(environment_file)}
    made = Place(folder, archive, environment, new_cluster(folder, settings))
    try:
        yield made
    finally:
        made.cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Library]:
    """A library with readers and books."""
    with (made := found(tmp_path / "branch")).store:
        yield made


def opened(place: Place, database: str) -> Centre:
    centre = open_centre(place.cluster.url(database), place.folder / "keys", SettableClock(NOW))
    begin(centre)
    return centre


def synchronised(branch: Library, centre: Centre) -> SyncOutcome:
    outcome = sync_round(branch, InOneProcess(centre), ensure_device_key(branch))
    assert outcome.state is RoundState.DONE
    assert (outcome.waiting, outcome.set_aside) == (0, 0)
    return outcome


def work(branch: Library, loans: int) -> None:
    """Some loans, one of which is over."""
    for _ in range(loans):
        copy = add_copy(branch)
        lend(branch, add_member(branch), copy)
    take_back(branch, copy)


def known(centre: Centre) -> tuple[set[tuple[object, ...]], int]:
    """The loans the centre knows, and how many histories its feeds have had."""
    with centre.store.read() as reader:
        loans = reader.run("SELECT id, ver, in_at IS NULL FROM loan WHERE deleted_at IS NULL").fetchall()
        return set(loans), int(reader.run("SELECT count(*) FROM feed_epoch").fetchone()[0])


def own(branch: Library) -> set[tuple[object, ...]]:
    return {(loan.id, loan.ver, loan.in_at is None) for loan in rows(branch, Loan)}


def test_a_centre_returned_to_a_moment_gets_again_what_came_after_it(place: Place, branch: Library) -> None:
    url = place.cluster.make_database("centre")
    found_centre(open_server_centre(url), "مرکز", SettableClock(NOW), make_keys(place.folder / "keys")).store.close()
    centre = opened(place, "centre")
    with centre.store:
        join(centre, branch, "http://127.0.0.1:8300")
        work(branch, 3)
        synchronised(branch, centre)
        assert "1 kept" in place.script("base-backup.sh")

        work(branch, 2)
        synchronised(branch, centre)
        before, histories = known(centre)
        moment = place.moment()

        work(branch, 4)  # acknowledged, and then lost by the centre
        synchronised(branch, centre)
        after, _ = known(centre)
        assert len(after) == len(before) + 4
        place.archive_all()

    place.cluster.stop(signal.SIGKILL)
    shutil.move(place.cluster.data, place.folder / "destroyed")
    assert "restored from" in place.script("restore.sh", str(place.cluster.data), moment)
    place.started_anew()

    centre = opened(place, "centre")
    with centre.store:
        restored, histories_now = known(centre)
        assert restored == before, "the moment asked for, no earlier and no later"
        assert histories_now == histories + 1, "its feeds begin a new history"
        healed = synchronised(branch, centre)
        assert healed.sent > 0
        assert known(centre)[0] == after == own(branch)
        quiet = synchronised(branch, centre)
        assert (quiet.sent, quiet.repaired) == (0, 0)


def test_branches_hear_what_a_restored_copy_has_proved_safe(place: Place, branch: Library) -> None:
    """`pishkhan durable`: so much of their journal could be lost here without being lost."""

    def durable() -> list[tuple[int, int]]:
        with branch.store.read() as reader:
            return list(reader.run("SELECT acked_seq, durable_through FROM stream").fetchall())

    url = place.cluster.make_database("centre")
    found_centre(open_server_centre(url), "مرکز", SettableClock(NOW), make_keys(place.folder / "keys")).store.close()
    with (centre := opened(place, "centre")).store:
        join(centre, branch, "http://127.0.0.1:8300")
        work(branch, 2)
        synchronised(branch, centre)
        place.script("base-backup.sh")
        synchronised(branch, centre)
        (backed_up, nothing), *_ = durable()
        assert nothing == 0, "a backup that nobody restored proves nothing"
        work(branch, 1)
        synchronised(branch, centre)

        second = place.folder / "second"
        second.mkdir()
        give(second)
        place.script("restore.sh", str(second / "data"))
        copy = Cluster(second).start()
        try:
            assert durable_main(["--database", url, "--restored", copy.url("centre")]) == 0
            assert durable_main(["--database", url, "--restored", url]) == 2
        finally:
            copy.stop()
        synchronised(branch, centre)
        (acked, safe), *_ = durable()
        assert backed_up <= safe < acked


def test_without_a_moment_everything_that_was_archived_comes_back(place: Place) -> None:
    url = place.cluster.make_database("centre")
    store = open_server_centre(url)
    with store:
        found_centre(store, "مرکز", SettableClock(NOW), make_keys(place.folder / "keys"))
        place.script("base-backup.sh")
        with store.write() as tx:
            tx.run("UPDATE site SET skew_ms = 77")
        place.archive_all()
    place.cluster.stop(signal.SIGKILL)
    shutil.rmtree(place.cluster.data)
    place.script("restore.sh", str(place.cluster.data))
    place.started_anew()
    with place.cluster.connect("centre") as connection:
        assert connection.execute("SELECT skew_ms FROM site").fetchone() == (77,)
        segment = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
        assert str(segment).startswith("('00000002"), "another timeline"


def test_old_backups_go_and_the_wal_before_them(place: Place) -> None:
    place.archive_all()
    first = set((place.archive / "wal").iterdir())
    for kept in (1, 2):
        assert f"{kept} kept" in place.script("base-backup.sh")
        time.sleep(1.02 - time.time() % 1)  # they are named by the second
    settings = place.folder / "backup.env"
    settings.write_text(settings.read_text().replace("PISHKHAN_KEEP=6", "PISHKHAN_KEEP=2"))
    assert "2 kept" in place.script("base-backup.sh")
    assert len(list((place.archive / "base").iterdir())) == 2
    assert first
    assert not first & set((place.archive / "wal").iterdir())


def test_a_segment_is_archived_once_and_never_replaced(place: Place) -> None:
    segment = place.folder / "segment"
    segment.write_bytes(b"one")
    place.script("archive-wal.sh", str(segment), "0001")
    place.script("archive-wal.sh", str(segment), "0001")
    segment.write_bytes(b"two")
    with pytest.raises(AssertionError):
        place.script("archive-wal.sh", str(segment), "0001")
    assert (place.archive / "wal" / "0001").read_bytes() == b"one"


def test_an_archive_that_is_not_mounted_keeps_the_segment_here(place: Place) -> None:
    shutil.rmtree(place.archive / "wal")
    segment = place.folder / "segment"
    segment.write_bytes(b"one")
    with pytest.raises(AssertionError):
        place.script("archive-wal.sh", str(segment), "0001")
    assert not (place.archive / "wal").exists()
