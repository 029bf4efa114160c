"""Upgrades: whole or not at all, after a copy, never backwards."""

import contextlib
import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.check import INVARIANTS
from app.messages import message_of
from db import migrate
from db.connect import open_file
from db.migrate import HEAD, REVISIONS, SCRIPTS, upgrade_file, upgrade_server
from db.models.members import Member
from db.opening import open_library, open_server_library
from db.store import DATABASE
from db.trouble import Trouble
from tests.db.killed_upgrade import KEY, KILLED, shape
from tests.db.stores import copied_folder
from tests.postgres import cluster
from tests.stores.make import NAMES

ROOT = Path(__file__).parents[2]
STORES = ROOT / "tests" / "stores"
NEXT = '''"""A revision that does a little of everything."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("parcel", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("note", sa.Text()))
    op.add_column("visit", sa.Column("weather", sa.Text(), nullable=True))
    with op.batch_alter_table("desk") as batch:
        batch.alter_column("name", new_column_name="label")
        batch.add_column(sa.Column("colour", sa.Text(), nullable=True))
    op.execute("UPDATE desk SET label = label || '!'")
    op.create_index("parcel_by_note", "parcel", ["note"])
'''


@pytest.fixture
def next_scripts(tmp_path: Path) -> Path:
    """The migrations of a program one revision newer."""
    scripts = tmp_path / "scripts 100%"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "0002_next.py").write_text(NEXT, encoding="utf-8")
    return scripts


@pytest.fixture
def newer_program(next_scripts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process is a program one revision newer. Asked for after whatever was made by the older one."""
    monkeypatch.setattr(migrate, "SCRIPTS", next_scripts)
    monkeypatch.setattr(migrate, "REVISIONS", (*REVISIONS, "0002"))
    monkeypatch.setattr(migrate, "HEAD", "0002")


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    """A file of the first revision with a few rows."""
    path = tmp_path / "old" / DATABASE
    path.parent.mkdir()
    upgrade_file(path, KEY)
    with contextlib.closing(open_file(path, KEY)) as connection:
        connection.executemany("INSERT INTO desk VALUES (?, ?)", [(1, "میز امانت"), (2, "میز مرجع")])
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def _revision(path: Path) -> tuple[str, int]:
    with contextlib.closing(open_file(path, KEY)) as connection:
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        (user_version,) = connection.execute("PRAGMA user_version").fetchone()
    return version, user_version


def _kill_everywhere(*arguments: object) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "tests.db.killed_upgrade", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_new_file_gets_the_newest_schema(tmp_path: Path) -> None:
    upgrade_file(tmp_path / DATABASE, KEY)
    assert _revision(tmp_path / DATABASE) == (HEAD, len(REVISIONS))
    assert list(tmp_path.glob("before-upgrade-*")) == []


def test_a_file_that_is_up_to_date_is_left_alone(old_file: Path) -> None:
    before = old_file.read_bytes()
    upgrade_file(old_file, KEY)
    assert old_file.read_bytes() == before
    assert [kept.name for kept in old_file.parent.iterdir()] == [DATABASE]


def test_making_the_first_schema_is_whole_or_nothing_wherever_it_is_killed(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    with contextlib.closing(open_file(tmp_path / "empty.db", KEY)):
        empty = shape(tmp_path / "empty.db")
    told = _kill_everywhere(work, "-", SCRIPTS, *REVISIONS, "every", "13")
    assert len(told) > 10
    assert [line["code"] for line in told] == [KILLED] * (len(told) - 1) + [0]
    assert {line["shape"] for line in told[:-1]} == {empty}
    assert told[-1]["shape"] != empty


def test_an_upgrade_is_old_or_new_wherever_it_is_killed(tmp_path: Path, old_file: Path, next_scripts: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    old = shape(old_file)
    told = _kill_everywhere(work, old_file, next_scripts, *REVISIONS, "0002")
    assert len(told) > 10
    assert [line["code"] for line in told] == [KILLED] * (len(told) - 1) + [0]
    assert {line["shape"] for line in told[:-1]} == {old}
    assert told[-1]["shape"] != old
    assert {(*line["copies"], line["copy"]) for line in told} == {("before-upgrade-from-0001.db", old)}


def test_an_upgrade_keeps_the_rows_and_a_copy_of_the_old_file(old_file: Path, newer_program: None) -> None:
    before = shape(old_file)
    upgrade_file(old_file, KEY)
    assert _revision(old_file) == ("0002", 2)
    with contextlib.closing(open_file(old_file, KEY)) as connection:
        rows = connection.execute("SELECT number, label, colour FROM desk ORDER BY number").fetchall()
    assert rows == [(1, "میز امانت!", None), (2, "میز مرجع!", None)]
    assert shape(old_file.with_name("before-upgrade-from-0001.db")) == before


def test_no_upgrade_without_room_for_the_copy(old_file: Path, newer_program: None) -> None:
    """A folder stands where the copy should go: as good as a full disk, and the same for every user."""
    old_file.with_name("before-upgrade-from-0001.db").mkdir()
    before = old_file.read_bytes()
    with pytest.raises(Trouble) as told:
        upgrade_file(old_file, KEY)
    assert told.value.code == "P-1203"
    assert old_file.read_bytes() == before


def test_a_damaged_file_is_not_upgraded(old_file: Path, newer_program: None) -> None:
    spoilt = bytearray(old_file.read_bytes())
    spoilt[-4096 * 3 + 700] ^= 1
    old_file.write_bytes(spoilt)
    with pytest.raises(Trouble) as told:
        upgrade_file(old_file, KEY)
    assert told.value.code == "P-1105"
    assert old_file.read_bytes() == bytes(spoilt)


def test_a_file_of_a_newer_program_is_refused_politely_and_left_alone(
    old_file: Path, next_scripts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(migrate, "SCRIPTS", next_scripts)
        newer.setattr(migrate, "REVISIONS", (*REVISIONS, "0002"))
        newer.setattr(migrate, "HEAD", "0002")
        upgrade_file(old_file, KEY)
    before = old_file.read_bytes()
    with pytest.raises(Trouble) as told:
        upgrade_file(old_file, KEY)
    assert told.value.code == "P-1401"
    assert told.value.context["found"] == "0002"
    assert "نسخهٔ تازه" in message_of(told.value).do
    assert old_file.read_bytes() == before


def test_a_library_of_a_newer_program_can_be_opened_by_nobody_older(tmp_path: Path) -> None:
    folder = copied_folder(tmp_path / "library")
    with open_library(folder, None) as store, store.write() as tx:
        tx.run("UPDATE alembic_version SET version_num = '0099'")
    for _ in range(2):  # the first refusal must not keep the lock
        with pytest.raises(Trouble) as told:
            open_library(folder, None)
        assert told.value.code == "P-1401"


def test_a_server_of_a_newer_program_is_refused(ready_url: str) -> None:
    with open_server_library(ready_url) as store, store.write() as tx:
        tx.run("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(Trouble) as told:
        open_server_library(ready_url)
    assert told.value.code == "P-1401"
    assert "postgresql" in str(told.value.context["path"])


def test_a_server_is_upgraded_in_one_transaction(ready_url: str, next_scripts: Path, newer_program: None) -> None:
    broken = next_scripts / "versions" / "0002_next.py"
    broken.write_text(NEXT.replace('op.create_index("parcel_by_note", "parcel"', 'op.create_index("x", "nowhere"'))
    with pytest.raises(sa.exc.ProgrammingError):
        upgrade_server(ready_url)
    with cluster().connect(sa.make_url(ready_url).database or "") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert connection.execute("SELECT to_regclass('parcel')").fetchone() == (None,)
    broken.write_text(NEXT)
    upgrade_server(ready_url)
    with cluster().connect(sa.make_url(ready_url).database or "") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0002",)]


def test_desks_that_start_together_make_the_tables_once(server_url: str) -> None:
    told: list[object] = []

    def start() -> None:
        try:
            open_server_library(server_url).close()
        except Exception as error:  # noqa: BLE001 - told to the main thread
            told.append(error)

    desks = [threading.Thread(target=start) for _ in range(4)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert told == []


def test_every_revision_has_a_script_and_a_stored_file() -> None:
    scripts = sorted(path.name[:4] for path in (SCRIPTS / "versions").glob("0*.py"))
    assert scripts == list(REVISIONS)
    for revision in REVISIONS:
        for suffix in ("db", "keys.json", "wire.json"):
            assert (STORES / f"v{revision}.{suffix}").exists(), (
                f"run python -m tests.stores.make (v{revision}.{suffix})"
            )


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_stored_file_of_every_released_schema_opens_whole(tmp_path: Path, revision: str) -> None:
    shutil.copy(STORES / f"v{revision}.db", tmp_path / DATABASE)
    shutil.copy(STORES / f"v{revision}.keys.json", tmp_path / "keys.json")
    with open_library(tmp_path, None) as store, store.read() as reader:
        for name, find in INVARIANTS.items():
            assert list(find(reader)) == [], name
        names = reader.connection.execute(sa.select(Member.family_name)).scalars().all()
        assert reader.run("SELECT count(*) FROM journal").fetchone()[0] > 5
    assert sorted(names) == sorted(NAMES)
