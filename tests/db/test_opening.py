"""Opening and making libraries, and every way in which that is refused."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.codes import SiteRole
from db.keys import KEYS
from db.models.sync import Device, Site, Stream
from db.opening import (
    create_store,
    has_library,
    new_identity,
    open_library,
    open_server_library,
    settle,
    write_device_key,
    write_identity,
)
from db.store import DATABASE, LOCK, Store
from db.trouble import Trouble
from db.types import new_id
from tests.db.elsewhere import as_nobody
from tests.db.stores import ACT, STAMP, copied_folder, insert_branch

ROOT = Path(__file__).parents[2]


def _code(folder: Path, secret: str | None = None) -> str:
    with pytest.raises(Trouble) as told:
        open_library(folder, secret)
    return told.value.code


def test_a_new_library_can_be_closed_and_opened_again(tmp_path: Path) -> None:
    folder = tmp_path / "کتابخانهٔ ما"
    store, recovery = create_store(folder, None)
    identity = settle(store, new_id(), STAMP)
    store.close()
    assert recovery is None
    with open_library(folder, None) as opened:
        assert opened.identity == identity
        assert opened.is_file


def test_a_library_with_a_passphrase_opens_by_it_and_by_the_recovery_number_alone(tmp_path: Path) -> None:
    store, recovery = create_store(tmp_path, "گذرواژه")
    settle(store, new_id(), STAMP)
    store.close()
    for secret in ("گذرواژه", recovery):
        open_library(tmp_path, secret).close()
    assert _code(tmp_path, "نادرست") == "P-1504"
    assert _code(tmp_path, None) == "P-1503"


def test_a_folder_without_a_library_is_told_and_left_alone(tmp_path: Path) -> None:
    assert _code(tmp_path / "nowhere") == "P-1110"
    assert _code(tmp_path) == "P-1110"
    assert list(tmp_path.iterdir()) == []
    assert not has_library(tmp_path)


def test_a_second_library_in_one_folder_is_refused(tmp_path: Path) -> None:
    folder = copied_folder(tmp_path / "library")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(Trouble) as told:
        create_store(folder, None)
    assert told.value.code == "P-1111"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_without_its_keys_a_library_is_refused_and_not_made_anew(tmp_path: Path) -> None:
    folder = copied_folder(tmp_path / "library")
    (folder / KEYS).unlink()
    assert _code(folder) == "P-1502"
    with pytest.raises(Trouble) as told:
        create_store(folder, None)
    assert told.value.code == "P-1111"
    assert not (folder / KEYS).exists()


def test_keys_without_a_database_are_put_aside_not_overwritten(tmp_path: Path) -> None:
    """A backup may still need them; and a founding cut short must not block the next."""
    (tmp_path / KEYS).write_bytes(b"the keys of a library that has gone")
    store, _ = create_store(tmp_path, None)
    store.close()
    (kept,) = tmp_path.glob("old-*-keys.json")
    assert kept.read_bytes() == b"the keys of a library that has gone"


def test_the_keys_of_another_library_do_not_open_this_one(tmp_path: Path) -> None:
    folder = copied_folder(tmp_path / "library")
    other, _ = create_store(tmp_path / "other", None)
    other.close()
    shutil.copy(tmp_path / "other" / KEYS, folder / KEYS)
    before = (folder / DATABASE).read_bytes()
    assert _code(folder) == "P-1501"
    assert (folder / DATABASE).read_bytes() == before


def test_an_emptied_file_is_not_taken_for_a_new_library(tmp_path: Path) -> None:
    folder = copied_folder(tmp_path / "library")
    (folder / DATABASE).write_bytes(b"")
    assert _code(folder) == "P-1113"
    assert (folder / DATABASE).read_bytes() == b""


def test_a_library_whose_founding_was_cut_short_is_told_as_such(tmp_path: Path) -> None:
    store, _ = create_store(tmp_path, None)
    store.close()
    for _ in range(2):  # the first answer must not keep the lock
        assert _code(tmp_path) == "P-1113"


@pytest.mark.parametrize("passphrase", [None, "گذرواژه"])
def test_after_a_founding_cut_short_the_library_can_be_founded_again(tmp_path: Path, passphrase: str | None) -> None:
    create_store(tmp_path, passphrase)[0].close()
    store, _ = create_store(tmp_path, passphrase)
    settle(store, new_id(), STAMP)
    store.close()
    open_library(tmp_path, passphrase).close()
    assert len(list(tmp_path.glob("old-*"))) == 2, "nothing is destroyed"
    with pytest.raises(Trouble) as told:
        create_store(tmp_path, passphrase)
    assert told.value.code == "P-1111"


def test_an_emptied_file_makes_room_and_its_keys_are_kept(tmp_path: Path) -> None:
    folder = copied_folder(tmp_path / "library")
    keys = (folder / KEYS).read_bytes()
    (folder / DATABASE).write_bytes(b"")
    create_store(folder, None)[0].close()
    assert [path.read_bytes() for path in folder.glob("old-*-keys.json")] == [keys]


def test_what_cannot_be_looked_into_is_no_founding_cut_short(tmp_path: Path) -> None:
    create_store(tmp_path, "گذرواژه")[0].close()
    before = sorted(path.name for path in tmp_path.iterdir())
    for secret in ("نادرست", None):
        with pytest.raises(Trouble) as told:
            create_store(tmp_path, secret)
        assert told.value.code == "P-1111"
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_two_who_found_at_once_do_not_push_each_other_aside(tmp_path: Path) -> None:
    store, _ = create_store(tmp_path, None)
    with store, pytest.raises(Trouble) as told:
        create_store(tmp_path, None)
    assert told.value.code == "P-1106"


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"a file")
    for folder in (tmp_path / "x", tmp_path / "x" / "deeper"):
        with pytest.raises(Trouble) as told:
            create_store(folder, None)
        assert told.value.code == "P-1203"
        assert _code(folder) == "P-1110"


def _codes_of_making_and_opening(folder: Path) -> list[str]:
    codes = []
    for attempt in (lambda: create_store(folder / "new", None), lambda: open_library(folder, None)):
        try:
            attempt()
        except Trouble as trouble:
            codes.append(trouble.code)
    return codes


def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    folder = copied_folder(tmp_path / "library")
    (folder / KEYS).chmod(0o644)
    assert as_nobody(folder, lambda: _codes_of_making_and_opening(folder)) == ["P-1202", "P-1202"]
    (folder / LOCK).touch(0o666)
    (folder / LOCK).chmod(0o666)
    assert as_nobody(folder, lambda: _codes_of_making_and_opening(folder))[1] in {"P-1102", "P-1103"}


def test_a_second_opening_in_the_same_process_is_refused(tmp_path: Path) -> None:
    folder = copied_folder(tmp_path / "library")
    with open_library(folder, None):
        assert _code(folder) == "P-1106"
    open_library(folder, None).close()


def test_a_store_opened_by_one_thread_may_be_closed_by_another(tmp_path: Path) -> None:
    folder = copied_folder(tmp_path / "library")
    opened: list[Store] = []
    opener = threading.Thread(target=lambda: opened.append(open_library(folder, None)))
    opener.start()
    opener.join()
    opened[0].close()
    open_library(folder, None).close()


HOLD = "import sys, pathlib; from db.opening import open_library; s = open_library(pathlib.Path(sys.argv[1]), None); "


def _holder(folder: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", HOLD + "print('open', flush=True); sys.stdin.read()", str(folder)]
    holder = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"open\n"
    return holder


def test_another_process_holds_the_library_until_it_ends_however_it_ends(tmp_path: Path) -> None:
    folder = copied_folder(tmp_path / "library")
    for end in (signal.SIGKILL, signal.SIGTERM):
        with _holder(folder) as holder:
            assert _code(folder) == "P-1106"
            holder.send_signal(end)
            holder.wait()
        open_library(folder, None).close()


def test_of_many_that_start_at_once_one_gets_in(tmp_path: Path) -> None:
    folder = copied_folder(tmp_path / "library")
    race = HOLD.replace("s = ", "sys.stdin.readline(); s = ") + "print('in', flush=True); sys.stdin.read()"
    racers = [
        subprocess.Popen([sys.executable, "-c", race, folder], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)
        for _ in range(3)
    ]  # fmt: skip
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write(b"go\n")
        racer.stdin.flush()
    while sum(racer.poll() is not None for racer in racers) < len(racers) - 1:
        time.sleep(0.02)
    told = []
    for racer in racers:
        out, error = racer.communicate()
        told.append("in" if out == b"in\n" else error.decode().strip().splitlines()[-1])
    assert sorted(line.partition("(")[0] for line in told) == ["db.trouble.Trouble: P-1106"] * 2 + ["in"]


def test_a_lock_file_left_behind_keeps_nobody_out(tmp_path: Path) -> None:
    folder = copied_folder(tmp_path / "library")
    (folder / LOCK).write_text("4711\nsome-computer\n")
    open_library(folder, None).close()


def test_the_identity_is_written_whole(any_store: Store) -> None:
    with any_store.read() as reader:
        site = reader.connection.execute(sa.select(Site.__table__)).one()
        device = reader.connection.execute(sa.select(Device.__table__)).one()
        stream = reader.connection.execute(sa.select(Stream.__table__)).one()
    assert any_store.identity is not None
    assert (site.branch_id, site.device_id, site.epoch) == (
        any_store.identity.branch_id, any_store.identity.device_id, any_store.identity.epoch,
    )  # fmt: skip
    assert (site.role, device.id, device.state) == (SiteRole.BRANCH, site.device_id, "active")
    assert (stream.device_id, stream.epoch, stream.head_seq, stream.opened_at) == (
        site.device_id, site.epoch, 0, STAMP.at,
    )  # fmt: skip
    assert 0 <= site.epoch < 2**62


def test_identity_and_first_entry_may_be_one_transaction(server_url: str) -> None:
    with open_server_library(server_url) as store:
        for fails in (True, False):
            identity = new_identity(new_id())
            try:
                with store.write(identity) as tx:
                    write_identity(tx, STAMP)
                    insert_branch(tx)
                    tx.record("library.founded", ACT)
                    if fails:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                assert store.know_identity() is None
        assert store.know_identity() == identity


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_the_device_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_device_key(tmp_path, b"k" * 32, b"u" * 32)
    assert b"k" * 32 not in (tmp_path / "device.key").read_bytes()
    assert stat.S_IMODE((tmp_path / "device.key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://postgres@/x?host=/nowhere",
        "postgresql://desk:pass@127.0.0.1:1/x?connect_timeout=2",
        "sqlite:///x.db",
        "",
        "library",
    ],
)
def test_a_server_that_does_not_answer_is_told(url: str) -> None:
    with pytest.raises(Trouble) as told:
        open_server_library(url)
    assert told.value.code == "P-1112"
    assert "pass" not in str(told.value)


def test_a_database_that_is_not_there_is_told(server_url: str) -> None:
    with pytest.raises(Trouble) as told:
        open_server_library(str(sa.make_url(server_url).set(database="nowhere").render_as_string(hide_password=False)))
    assert told.value.code == "P-1112"
