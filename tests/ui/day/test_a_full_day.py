"""A full day, run twice: through the window as a librarian works, and through `pishkhan desk` as a program does. Both
libraries hold the same rows afterwards."""

import logging
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.check import check_library
from app.library import Library
from tests import library as lib
from tests.server.desk.desks import Desk, RunningDesk
from tests.ui.day import steps as do
from tests.ui.day.at_the_desk import AtTheDesk
from tests.ui.day.in_the_window import InTheWindow
from tests.ui.day.morning import MORNING, barcode, card
from tests.ui.day.plan import a_full_day
from tests.ui.day.prepared import prepare
from tests.ui.day.rows import Rows, differences, rows_of
from tests.ui.day.steps import Step
from ui.app import DeskApp
from ui.preferences import read_preferences, write_preferences

LOG = logging.getLogger("test")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("prepared"))


def copied(prepared: Path, folder: Path) -> Path:
    return Path(shutil.copytree(prepared, folder))


def ended(library: Library) -> Rows:
    """What a library holds in the evening; it is sound, and closed."""
    with library.store:
        assert check_library(library).broken == ()
        return rows_of(library)


def through_the_window(folder: Path, steps: Sequence[Step], qapp: QApplication, qtbot: QtBot) -> Rows:
    library = lib.reopened(folder, MORNING)
    write_preferences(folder.parent, replace(read_preferences(folder.parent), sounds=False))
    app = DeskApp(qapp, library, library.person(None), folder.parent, LOG)
    try:
        app.show()
        app.window.resize(1366, 768)
        app.window.activateWindow()
        qtbot.waitUntil(app.window.isActiveWindow)
        InTheWindow(app, lambda: qtbot.waitUntil(lambda: not app.session.jobs.open_jobs())).play(steps)
    finally:
        app.close()
    return ended(lib.reopened(folder, MORNING))


def through_the_command(folder: Path, steps: Sequence[Step]) -> tuple[Rows, Counter[str]]:
    with RunningDesk(data=folder, clock=MORNING.isoformat()) as desk:
        player = AtTheDesk(desk)
        player.play(steps)
    return ended(lib.reopened(folder, MORNING)), player.outcomes


def through_requests(folder: Path, steps: Sequence[Step]) -> Rows:
    library = lib.reopened(folder, MORNING)
    AtTheDesk(Desk(library)).play(steps)
    return ended(library)


# Of each kind of step what has to come of it at least once; of a refusal also why.
HAS_TO_HAPPEN = """
Lend: checked_out, already_done, not_found, limit.total, item.not_for_loan, item.on_loan, item.parts, member.debt,
  member.overdues, member.restricted, member.alert, title.second_copy, hold.waiting_for_other, due.invalid
LendInCare: checked_out
LendNew: checked_out
TakeBack: checked_in, local_use, not_found
TakeBackInstead: checked_in
BookDrop: checked_in
Renew: renewed, renewal.on_hold, renewal.not_extended
RenewAll: renewed, refused
PlaceHold: held, hold.limit
CancelHold: cancelled
SetAside: set_aside, nobody_waits
Pay: paid, payment.above_debt, payment.reference
Waive: waived, reason.required, waiver.second_needed
Charge: charged
DeclareAmnesty: declared
Close: closed
Lose: lost
Find: found_again
Claim: claimed
Enrol: added
LeaveNote: added
Undo: undone, undo.not_undoable, undo.nothing
"""


def wanted() -> set[str]:
    lines = HAS_TO_HAPPEN.replace(",\n ", ",").split("\n")
    kinds = [line.split(": ") for line in lines if line]
    return {f"{kind}: {outcome}" for kind, outcomes in kinds for outcome in outcomes.split(", ")}


def having(rows: Rows, table: str, *parts: str) -> int:
    return sum(all(part in line for part in parts) for line in rows[table])


def test_a_full_day_in_the_window_gives_the_rows_of_the_same_day_at_the_headless_desk(
    prepared: Path, tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    steps = a_full_day()
    at_the_desk, outcomes = through_the_command(copied(prepared, tmp_path / "desk"), steps)
    in_the_window = through_the_window(copied(prepared, tmp_path / "window"), steps, qapp, qtbot)
    told = differences(at_the_desk, in_the_window)
    assert not told, told
    # and it was a day on which everything happened
    today = f"day={MORNING.date()}"
    assert len(steps) >= 400
    assert wanted() <= set(outcomes)
    assert having(in_the_window, "loan", "override_reason=") >= 10
    assert having(in_the_window, "loan", "override_reason=به تشخیص کتابدار") >= 3
    assert having(in_the_window, "journal", today, "kind=calendar.") == 3
    assert having(in_the_window, "moved_date", "entity=loan") >= 2
    assert having(in_the_window, "moved_date", "entity=hold") >= 1
    assert having(in_the_window, "ledger_line", today, "kind=void") >= 10
    assert having(in_the_window, "ledger_line", today, "amnesty_id=amnesty هفتهٔ کتاب") >= 10
    assert having(in_the_window, "journal", "day=2027-01-05", "kind=fines.accrued", "desk=0") >= 1


@pytest.mark.parametrize(
    "other",
    [
        do.Lend(card(4), barcode(97), reason="نیاز تحصیلی یا پژوهشی"),
        do.Lend(card(4), barcode(97)),
        do.Lend(card(5), barcode(97), reason="به تشخیص کتابدار"),
    ],
)
def test_one_answer_that_is_not_the_same_is_told_with_the_rows_it_leads_to(
    prepared: Path, tmp_path: Path, other: do.Lend
) -> None:
    steps = (do.Lend(card(4), barcode(97), reason="به تشخیص کتابدار"), do.TakeBack(barcode(3)))
    one = through_requests(copied(prepared, tmp_path / "one"), steps)
    same = through_requests(copied(prepared, tmp_path / "same"), steps)
    another = through_requests(copied(prepared, tmp_path / "other"), (other, steps[1]))
    assert differences(one, same) == ""
    told = differences(one, another)
    assert "--- loan: desk" in told
    assert "-item_id=RAF-000097 · member_id=عضو 000004" in told
    assert "RAF-000003" not in told
