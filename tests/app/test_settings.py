"""Settings of this installation."""

from pathlib import Path

from app.settings import Setting
from tests.library import found

PATIENCE = Setting("patience", 5)


def test_a_setting_nobody_has_made_is_its_default(tmp_path: Path) -> None:
    library = found(tmp_path)
    with library.store, library.store.read() as reader:
        assert PATIENCE.read(reader) == 5


def test_a_setting_is_kept_changed_and_apart_from_others(tmp_path: Path) -> None:
    library = found(tmp_path)
    other = Setting[dict[str, int] | None]("patience", None, "somebody")
    with library.store:
        for value in (7, 0):
            with library.store.write() as tx:
                PATIENCE.write(tx, value)
            with library.store.read() as reader:
                assert (PATIENCE.read(reader), other.read(reader)) == (value, None)
        with library.store.write() as tx:
            other.write(tx, {"a": 1})
        with library.store.read() as reader:
            assert (PATIENCE.read(reader), other.read(reader)) == (0, {"a": 1})
