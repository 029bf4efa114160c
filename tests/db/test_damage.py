"""Bit rot and a full disk: noticed, told, and nothing lost that was committed (reliability R5, R9)."""

import contextlib
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.check import check_library
from app.clock import SettableClock
from app.library import Library
from db.keys import KEYS
from db.models.library import Branch
from db.models.sync import JournalEntry
from db.opening import open_library
from db.store import DATABASE, Store
from db.trouble import Trouble
from tests.db.elsewhere import in_small_space
from tests.db.stores import ACT, NOW, copied_folder, insert_branch, settled_store

DAMAGE = {"P-1105", "P-1501", "P-1104"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed library of about a megabyte."""
    folder = copied_folder(tmp_path_factory.mktemp("whole") / "library")
    with open_library(folder, None) as store:
        for _ in range(6):
            _fill(store, 100)
    assert (folder / DATABASE).stat().st_size > 1_000_000
    return folder


def _fill(store: Store, rows: int) -> None:
    with store.write() as tx:
        for number in range(rows):
            insert_branch(tx, name=f"شعبهٔ شمارهٔ {number}", address="نشانی " * 20)
        tx.record("branch.added", ACT)


def _noticed(folder: Path) -> str | None:
    """What is told of a library when it is opened and checked; None when all is well."""
    try:
        with open_library(folder, None) as store:
            broken = check_library(Library(store, SettableClock(NOW))).broken
            return broken[0].invariant if broken else None
    except Trouble as trouble:
        return trouble.code


def test_a_whole_library_is_found_whole(whole: Path) -> None:
    assert _noticed(whole) is None


def test_every_flipped_bit_is_noticed_at_opening_or_by_the_check(whole: Path, tmp_path: Path) -> None:
    chance = random.Random(2026)
    folder = tmp_path / "library"
    folder.mkdir()
    shutil.copyfile(whole / KEYS, folder / KEYS)
    content = (whole / DATABASE).read_bytes()
    told = []
    for _ in range(60):
        spoilt = bytearray(content)
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
        (folder / DATABASE).write_bytes(spoilt)
        told.append(_noticed(folder))
    assert None not in told
    assert set(told) <= DAMAGE | {"file"}


@pytest.mark.parametrize("length", [1, 100, 4095, 4096, 4097, 500_000])
def test_a_file_that_was_cut_is_noticed(whole: Path, tmp_path: Path, length: int) -> None:
    folder = tmp_path / "library"
    shutil.copytree(whole, folder)
    content = (folder / DATABASE).read_bytes()
    (folder / DATABASE).write_bytes(content[:length])
    assert _noticed(folder) is not None


def test_reading_a_damaged_page_is_trouble_and_no_bug(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "library"
    shutil.copytree(whole, folder)
    content = bytearray((folder / DATABASE).read_bytes())
    for place in range(len(content) * 3 // 4, len(content), 4096):  # the rows came last
        content[place] ^= 4
    (folder / DATABASE).write_bytes(content)
    with open_library(folder, None) as store:
        for _ in range(2):
            with pytest.raises(Trouble) as told, store.read() as reader:
                reader.connection.execute(sa.select(Branch.__table__)).all()
            assert told.value.code in DAMAGE
        with pytest.raises(Trouble) as told, store.write() as tx:
            tx.connection.execute(sa.select(Branch.__table__)).all()
        assert told.value.code in DAMAGE


def _until_full(store: Store) -> tuple[int, str]:
    """How many transactions went well before one did not, and what was told then."""
    for well in range(10_000):
        try:
            _fill(store, 20)
        except Trouble as trouble:
            return well, trouble.code
    raise AssertionError("never full")


def test_a_disk_that_fills_up_in_a_transaction_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    def work(small: Path, make_room: Callable[[], None]) -> dict[str, object]:
        with settled_store(small / "library") as store:
            well, code = _until_full(store)
            again = _until_full(store)
            with store.read() as reader:  # reading goes on
                rows = reader.connection.execute(sa.select(sa.func.count()).select_from(Branch)).scalar_one()
            resting = _code(store.rest)
            make_room()
            for _ in range(5):
                _fill(store, 1)
            store.rest()
            broken = check_library(Library(store, SettableClock(NOW))).broken
            with store.read() as reader:
                entries = reader.connection.execute(sa.select(sa.func.count()).select_from(JournalEntry)).scalar_one()
        return {
            "code": code, "again": again[1], "rows": rows - 20 * (well + again[0]), "resting": resting,
            "broken": broken, "entries": entries - well - again[0], "after": _noticed(small / "library"),
        }  # fmt: skip

    told = in_small_space(tmp_path, work)
    assert told.pop("resting") in {"well", "P-1101"}
    assert told == {"code": "P-1101", "again": "P-1101", "rows": 0, "broken": (), "entries": 5, "after": None}


def _code(work: Callable[[], object]) -> str:
    try:
        work()
    except Trouble as trouble:
        return trouble.code
    return "well"


def test_a_disk_that_is_full_when_a_library_is_opened_is_told(tmp_path: Path) -> None:
    def work(small: Path, make_room: Callable[[], None]) -> list[object]:
        folder = copied_folder(small / "library")
        filler = small / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4_096))
        codes = [_code(lambda: open_library(folder, None))]
        make_room()
        return [*codes, _noticed(folder)]

    told = in_small_space(tmp_path, work)
    assert told == ["P-1101", None]
