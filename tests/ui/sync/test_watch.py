"""Rounds in the background of the window: real ones, with a centre in the same process."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import ui.sync.rounds
from app.centre import Centre
from app.library import Library
from app.sync.queries import sync_state
from tests.library import add_copy, add_member, lend, reopened
from tests.sync.lines import InProcessLine
from tests.sync.origin import copied, dropped, open_centre_at, origin
from tests.ui.sessions import session_on
from ui.session import Session
from ui.sync.watch import SyncWatch


@pytest.fixture
def library(tmp_path: Path) -> Library:
    import shutil

    shutil.copytree(origin().branches[0].folder, tmp_path / "library")
    return reopened(tmp_path / "library")


@pytest.fixture
def session(library: Library, tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(library, tmp_path) as session:
        yield session


@pytest.fixture
def centre() -> Iterator[Centre]:
    database = copied(origin().database)
    made = open_centre_at(database, origin().keys)
    yield made
    made.store.close()
    dropped(database)


@pytest.fixture
def watch(session: Session, centre: Centre, monkeypatch: pytest.MonkeyPatch) -> Iterator[SyncWatch]:
    monkeypatch.setattr(ui.sync.rounds, "line_of", lambda _: nullcontext(InProcessLine(centre)))
    made = SyncWatch(session)
    yield made
    made.close()


def waiting(library: Library) -> int:
    with library.store.read() as reader:
        return sync_state(reader, library.clock.read().at).waiting


def test_the_first_look_begins_a_round_that_sends_what_waits(library: Library, watch: SyncWatch, qtbot: QtBot) -> None:
    lend(library, add_member(library), add_copy(library))
    assert waiting(library) == 3
    with qtbot.waitSignal(watch.ended) as ended:
        watch.look()
        assert watch.busy
    assert (ended.args[0].sent, waiting(library), watch.busy) == (3, 0, False)


def test_the_next_round_waits_for_its_time_unless_somebody_asks(watch: SyncWatch, qtbot: QtBot) -> None:
    with qtbot.waitSignal(watch.ended):
        watch.look()
    watch.look()
    assert not watch.busy
    with qtbot.waitSignal(watch.ended):
        watch.ask()


def test_what_a_disk_says_is_told_and_the_next_round_tries_again(
    watch: SyncWatch, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "library" / "device.key").unlink()
    with qtbot.waitSignal(watch.failed) as failed:
        watch.look()
    assert failed.args[0].code == "P-2414"
    assert not watch.busy
