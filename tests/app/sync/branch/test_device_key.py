"""The key of the device: wrapped beside the database, worth nothing without it (sync-protocol 17)."""

import shutil
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.clearance.keys import signing_key
from app.clock import SettableClock
from app.library import Library
from app.setup import found_library
from app.sync.branch.device_key import WRAPPING, device_key_of, ensure_device_key, read_device_key
from db import opening
from db.opening import DEVICE_KEY, OF_THE_DEVICE
from db.trouble import Trouble
from tests.library import MORNING, SET_UP, add_copy, found, found_as, reopened
from tests.shared import desk, desks, shared_url


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def file_of(library: Library) -> Path:
    return Path(library.store.name).parent / DEVICE_KEY


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes_raw()


def test_the_file_is_for_its_owner_alone_and_does_not_hold_the_key(library: Library) -> None:
    key, path = read_device_key(library), file_of(library)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert raw(key) not in path.read_bytes()
    assert raw(key).hex().encode() not in path.read_bytes()


def test_a_copied_file_is_worth_nothing_beside_another_database(library: Library, tmp_path: Path) -> None:
    stranger = found_as(tmp_path / "stranger", replace(SET_UP, name="کتابخانهٔ دیگر"))
    with stranger.store:
        shutil.copy(file_of(library), file_of(stranger))
        with pytest.raises(Trouble, match="P-2414"):
            read_device_key(stranger)


def test_for_a_new_enrolment_a_file_of_another_database_is_put_aside(library: Library, tmp_path: Path) -> None:
    """The way out that P-2414 names: a new code, and with it a new key."""
    stranger = found_as(tmp_path / "stranger", replace(SET_UP, name="کتابخانهٔ دیگر"))
    with stranger.store:
        shutil.copy(file_of(library), file_of(stranger))
        key = ensure_device_key(stranger)
        assert raw(key) not in (raw(read_device_key(library)), b"")
        assert raw(read_device_key(stranger)) == raw(key) == raw(ensure_device_key(stranger))
        (aside,) = file_of(stranger).parent.glob("old-*-device.key")
        assert aside.read_bytes() == file_of(library).read_bytes()


def test_a_file_that_was_left_unwrapped_is_wrapped_at_its_next_use(library: Library) -> None:
    made = Ed25519PrivateKey.generate()
    file_of(library).write_bytes(raw(made))
    assert raw(read_device_key(library)) == raw(made)
    assert raw(made) not in file_of(library).read_bytes()
    assert len(file_of(library).read_bytes()) > 32
    assert raw(read_device_key(library)) == raw(made)


def test_a_disk_that_does_not_take_the_wrapped_file_does_not_stop_the_sync(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Trouble("P-1201")

    made = Ed25519PrivateKey.generate()
    file_of(library).write_bytes(raw(made))
    monkeypatch.setattr(opening, "write_device_key", full)
    assert raw(read_device_key(library)) == raw(made)
    assert file_of(library).read_bytes() == raw(made)


@pytest.mark.parametrize("damage", [b"", b"short", b"{}", b"[]", b'{"slots": [], "version": 1}', bytes(200)])
def test_what_is_no_key_is_told(library: Library, damage: bytes) -> None:
    file_of(library).write_bytes(damage)
    with pytest.raises(Trouble, match="P-2414"):
        read_device_key(library)


def test_a_file_with_one_byte_altered_is_told(library: Library) -> None:
    whole = file_of(library).read_text()
    before, _, rest = whole.partition('"wrapped": "')
    spoilt = before + '"wrapped": "' + ("B" if rest[0] == "A" else "A") + rest[1:]
    file_of(library).write_text(spoilt)
    with pytest.raises(Trouble, match="P-2414"):
        read_device_key(library)


def test_an_older_copy_of_the_database_opens_the_same_key(library: Library, tmp_path: Path) -> None:
    """The key of a library never changes, so a restored backup goes on as the device that it was (sync-protocol 16)."""
    before, key = tmp_path / "before", read_device_key(library)
    add_copy(library)
    library.store.close()
    shutil.copytree(file_of(library).parent, before)
    restored = reopened(before)
    with restored.store:
        assert raw(read_device_key(restored)) == raw(key)


def test_every_use_of_the_key_of_a_database_has_a_key_of_its_own(library: Library) -> None:
    one, other = library.store.key_for(OF_THE_DEVICE), library.store.key_for("another use")
    assert one is not None
    assert other is not None
    assert (len(one), one != other) == (32, True)


def test_the_key_can_be_read_while_the_library_is_closed(tmp_path: Path) -> None:
    closed, _ = found_library(tmp_path / "own", replace(SET_UP, passphrase="باغ انار ۱۴۰۵"), SettableClock(MORNING))
    key = read_device_key(closed)
    closed.store.close()
    assert raw(device_key_of(tmp_path / "own", "باغ انار ۱۴۰۵")) == raw(key)
    with pytest.raises(Trouble, match="P-1503"):
        device_key_of(tmp_path / "own", None)
    (tmp_path / "own" / DEVICE_KEY).unlink()
    with pytest.raises(Trouble, match="P-2414"):
        device_key_of(tmp_path / "own", "باغ انار ۱۴۰۵")


def test_certificates_are_signed_with_the_same_key(library: Library) -> None:
    signing = signing_key(library.store)
    assert signing is not None
    assert raw(signing) == raw(read_device_key(library))
    file_of(library).write_bytes(bytes(200))
    assert signing_key(library.store) is None, "a certificate without a signature, never one with a wrong one"


# A database that several desks share


def test_the_folder_of_a_machine_and_the_shared_database_open_it_together(tmp_path: Path) -> None:
    with desks() as (one, other):
        key = ensure_device_key(one, tmp_path)
        assert raw(key) not in (tmp_path / DEVICE_KEY).read_bytes()
        assert raw(read_device_key(other, tmp_path)) == raw(key)
        assert raw(ensure_device_key(other, tmp_path)) == raw(key)
        with one.store.read() as reader:
            assert len(bytes.fromhex(WRAPPING.read(reader))) == 32


def test_the_folder_of_a_machine_is_worth_nothing_at_another_database(tmp_path: Path) -> None:
    with shared_url() as first, shared_url() as second, desk(first) as own, desk(second) as strange:
        ensure_device_key(own, tmp_path)
        with pytest.raises(Trouble, match="P-2414"):
            read_device_key(strange, tmp_path)


def test_a_shared_database_has_no_key_without_a_folder(tmp_path: Path) -> None:
    with desks(1) as (one,):
        assert one.store.key_for(OF_THE_DEVICE) is None
        with pytest.raises(Trouble, match="P-2414"):
            read_device_key(one)
        with pytest.raises(Trouble, match="P-2414"):
            read_device_key(one, tmp_path)


def test_an_unwrapped_file_in_the_folder_of_a_machine_is_wrapped_too(tmp_path: Path) -> None:
    made = Ed25519PrivateKey.generate()
    (tmp_path / DEVICE_KEY).write_bytes(raw(made))
    with desks() as (one, other):
        assert raw(read_device_key(one, tmp_path)) == raw(made)
        assert raw(made) not in (tmp_path / DEVICE_KEY).read_bytes()
        assert raw(read_device_key(other, tmp_path)) == raw(made)
