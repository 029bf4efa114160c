"""What the window does while nobody is served."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.library import Library
from db.trouble import Trouble
from tests.library import add_member, found
from ui.upkeep import Upkeep


@pytest.fixture
def library(tmp_path: Path, dressed: QApplication) -> Iterator[Library]:
    made = found(tmp_path)
    with made.store:
        yield made


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PISHKHAN_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def test_what_was_committed_is_in_the_file_and_witnessed_soon_after(
    library: Library, state: Path, qtbot: QtBot
) -> None:
    upkeep = Upkeep(library)
    add_member(library)
    path = Path(library.store.name)
    before = path.read_bytes()
    upkeep.look()
    qtbot.waitUntil(lambda: state.exists() and path.read_bytes() != before)
    upkeep.close()
    (witness,) = state.iterdir()
    witness.unlink()
    qtbot.wait(1)  # the end of the work is told to the window
    upkeep.look()
    upkeep.close()
    assert not list(state.iterdir())


def test_what_the_disk_says_is_told(
    library: Library, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, state: Path
) -> None:
    def full() -> None:
        raise Trouble("P-1101", path="/")

    monkeypatch.setattr(library.store, "rest", full)
    upkeep = Upkeep(library)
    add_member(library)
    with qtbot.captureExceptions() as raised:
        upkeep.look()
        qtbot.waitUntil(lambda: bool(raised))
    assert isinstance(raised[0][1], Trouble)
    upkeep.close()
