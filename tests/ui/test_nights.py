"""The nights in the window: once a day, beside the desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.library import Library
from app.nightly.state import kept
from db.models.circulation import LedgerLine, Loan
from tests.library import TODAY, add_copy, add_member, change, clock, found, lend, pass_days, put_policy, rows
from tests.ui.sessions import session_on
from ui.nights import NightWatch
from ui.session import Session


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return found(tmp_path)


@pytest.fixture
def session(library: Library, tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(library, tmp_path) as session:
        yield session


def test_the_nights_are_worked_at_the_start_and_again_when_a_day_begins(
    library: Library, session: Session, qtbot: QtBot
) -> None:
    put_policy(library, {"loan_days": 7, "fine_per_day": 1_000, "skip_closed": False, "period_days": 1})
    loan = lend(library, add_member(library), add_copy(library)).loan_id
    change(library, Loan, loan, due_on=TODAY)
    watch = NightWatch(session)
    watch.look()
    qtbot.waitUntil(lambda: not session.jobs.open_jobs())
    watch.look()
    assert session.jobs.open_jobs() == ()
    today = pass_days(library, 2)
    with qtbot.waitSignal(session.refresh.changed) as told:
        watch.look()
    assert "loans" in told.args[0]
    assert sum(line.amount for line in rows(library, LedgerLine, loan_id=loan)) == 2_000
    with library.store.read() as reader:
        assert kept(reader).done == today
    qtbot.waitUntil(lambda: not session.jobs.open_jobs())


def test_a_day_without_work_in_its_night_is_told_too(session: Session, qtbot: QtBot) -> None:
    watch = NightWatch(session)
    with qtbot.waitSignal(session.refresh.changed) as told:
        watch.look()
    assert told.args == [frozenset({"day"})]
    qtbot.waitUntil(lambda: not session.jobs.open_jobs())


def test_a_clock_set_back_starts_work_that_finds_nothing(library: Library, session: Session, qtbot: QtBot) -> None:
    watch = NightWatch(session)
    watch.look()
    qtbot.waitUntil(lambda: not session.jobs.open_jobs())
    clock(library).advance(days=-5)
    watch.look()
    qtbot.waitUntil(lambda: not session.jobs.open_jobs())
    with library.store.read() as reader:
        assert kept(reader).done == TODAY
