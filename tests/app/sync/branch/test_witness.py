"""The high-water file: whoever opens an older copy, or one that ran elsewhere, goes on in a new epoch
(sync-protocol 3.5, 16)."""

import json
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.check import check_library
from app.library import Library
from app.sync.branch import witness
from app.sync.branch.epochs import Reopened
from app.sync.branch.numbers import series
from app.sync.branch.witness import begin_session, keep_high_water, rest_after
from db.models.circulation import Receipt
from db.models.sync import Site, Stream
from tests.library import act, add_copy, add_member, found, reopened, rows


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where the high-water files of this machine are."""
    return tmp_path / "state"


def data(library: Library) -> Path:
    return Path(library.store.name).parent


def closed(library: Library, state: Path) -> Path:
    """The folder of a library whose desk went home."""
    keep_high_water(library, state)
    library.store.close()
    return data(library)


def copied(folder: Path, name: str) -> Path:
    shutil.copytree(folder, folder.parent / name)
    return folder.parent / name


def epochs(library: Library) -> int:
    return len(rows(library, Stream))


def test_day_after_day_the_same_history_goes_on(library: Library, state: Path) -> None:
    assert begin_session(library, state) is None
    add_member(library)
    for _ in range(3):
        library = reopened(closed(library, state))
        assert begin_session(library, state) is None
        add_member(library)
    assert epochs(library) == 1
    library.store.close()


def test_after_a_power_cut_the_file_is_behind_and_that_is_well(library: Library, state: Path) -> None:
    begin_session(library, state)
    add_member(library)
    library.store.close()
    library = reopened(data(library))
    assert begin_session(library, state) is None
    library.store.close()


def test_a_backup_put_back_goes_on_in_a_new_epoch_and_no_number_is_given_twice(library: Library, state: Path) -> None:
    begin_session(library, state)
    first = add_copy(library)
    backup = copied(closed(library, state), "backup")
    library = reopened(data(library))
    begin_session(library, state)
    lost = add_copy(library)
    folder = closed(library, state)
    shutil.rmtree(folder)
    shutil.copytree(backup, folder)
    library = reopened(folder)
    assert begin_session(library, state) is Reopened.RESTORED
    assert add_copy(library).accession_no == lost.accession_no + 1 == first.accession_no + 2
    open_ones = [one for one in rows(library, Stream) if one.closed_at is None]
    assert [one.epoch for one in open_ones] == [one.epoch for one in rows(library, Site)]
    assert epochs(library) == 2
    assert check_library(library).broken == ()
    library = reopened(closed(library, state))
    assert begin_session(library, state) is None
    library.store.close()


def test_a_power_cut_and_a_backup_of_the_morning_give_no_number_twice(
    library: Library, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PISHKHAN_STATE", str(state))
    begin_session(library)
    morning = copied(data(library), "morning")
    given = [add_copy(library).accession_no for _ in range(2)]
    assert rest_after(library, 0) == library.store.commits
    library.store.close()  # without a word to the file, as after a power cut
    back = reopened(morning)
    assert begin_session(back) is Reopened.RESTORED
    assert add_copy(back).accession_no == given[-1] + 1
    back.store.close()


def test_nothing_is_written_where_nothing_was_committed(
    library: Library, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PISHKHAN_STATE", str(state))
    assert rest_after(library, 0) == 0
    assert not state.exists()
    add_member(library)
    assert rest_after(library, 0) == library.store.commits
    assert len(list(state.iterdir())) == 1


def test_receipts_of_the_lost_copy_may_be_missing_for_ever(library: Library, state: Path) -> None:
    begin_session(library, state)
    keep_high_water(library, state)
    (file,) = state.iterdir()
    seen = json.loads(file.read_bytes())
    seen["numbers"]["receipt"] = 3
    seen["seq"] += 5
    file.write_text(json.dumps(seen), encoding="utf-8")
    assert begin_session(library, state) is Reopened.RESTORED
    with library.store.read() as reader:
        assert series(reader)["receipt"] == 3
    member = add_member(library)
    with library.store.write() as tx:
        number = tx.next_number("receipt")
        tx.insert(
            Receipt, number=number, member_id=member.id, amount=1000, at=act(library).at, day=act(library).day,
            method="cash", staff_id=act(library).staff_id,
        )  # fmt: skip
        tx.record("payment.taken", act(library))
    assert number == 4
    assert check_library(library).broken == ()


def test_of_two_copies_on_one_machine_the_second_opens_a_new_epoch(library: Library, state: Path) -> None:
    begin_session(library, state)
    twin_folder = copied(closed(library, state), "twin")
    library, twin = reopened(data(library)), reopened(twin_folder)
    assert begin_session(library, state) is None
    add_member(library)
    keep_high_water(library, state)
    assert begin_session(twin, state) is Reopened.RESTORED
    library.store.close()
    twin.store.close()


def test_a_copy_on_another_machine_opens_a_new_epoch_once(
    library: Library, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_session(library, state)
    add_member(library)
    folder = closed(library, state)
    monkeypatch.setattr(witness, "machine_mark", lambda _: "another")
    library = reopened(folder)
    assert begin_session(library, tmp_path / "its own") is Reopened.MOVED
    library = reopened(closed(library, tmp_path / "its own"))
    assert begin_session(library, tmp_path / "its own") is None
    library.store.close()


@pytest.mark.parametrize("content", [b"", b"{", b'{"device": 1}', b"\xff" * 99])
def test_a_damaged_file_is_none(library: Library, state: Path, content: bytes) -> None:
    begin_session(library, state)
    (file,) = state.iterdir()
    file.write_bytes(content)
    assert begin_session(library, state) is None
    assert json.loads(file.read_bytes())["seq"] > 0


def test_a_folder_that_cannot_be_written_does_not_hold_up_the_desk(library: Library, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    assert begin_session(library, tmp_path / "file") is None
    add_member(library)


def test_the_file_holds_nothing_of_the_readers(library: Library, state: Path) -> None:
    begin_session(library, state)
    add_member(library, family_name="رضایی")
    keep_high_water(library, state)
    (file,) = state.iterdir()
    assert set(json.loads(file.read_bytes())) == {"device", "epoch", "seq", "chain", "numbers"}


def test_a_new_session_knows_how_far_the_centres_clock_was_ahead(library: Library, state: Path) -> None:
    with library.store.write() as tx:
        tx.connection.execute(sa.update(Site).values(skew_ms=90_000, last_contact_at=library.clock.read().at))
    begin_session(library, state)
    assert library.clock.read().skew_ms == 90_000


def test_two_libraries_of_one_computer_have_files_of_their_own(library: Library, state: Path, tmp_path: Path) -> None:
    other = found(tmp_path / "other", "university")
    begin_session(library, state)
    begin_session(other, state)
    other.store.close()
    assert len(list(state.iterdir())) == 2
