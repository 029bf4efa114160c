"""`make shots`: a picture of every page and state with the demo library, in every look, to `out/shots/*.png`."""

import argparse
import datetime as dt
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.clock import TEHRAN, SettableClock
from app.demo.build import DemoPlan, build_demo
from app.library import Library
from app.setup import found_library, read_setup
from db.opening import open_library
from reports.printers import PRINTERS
from ui.app import DeskApp
from ui.binding.shots import SHOTS as BINDING
from ui.calls.shots import SHOTS as CALLS
from ui.catalogue.shots import SHOTS as CATALOGUE
from ui.circulation.shots import SHOTS as CIRCULATION
from ui.clearance.shots import SHOTS as CLEARANCE
from ui.exchange.shots import SHOTS as EXCHANGE
from ui.holds.shots import SHOTS as HOLDS
from ui.home.shots import SHOTS as HOME
from ui.lost.shots import SHOTS as LOST
from ui.main import log_to
from ui.members.shots import SHOTS as MEMBERS
from ui.money.shots import SHOTS as MONEY
from ui.network.shots import SHOTS as NETWORK
from ui.policies.shots import SHOTS as POLICIES
from ui.preferences import Preferences, write_preferences
from ui.reports.shots import SHOTS as REPORTS
from ui.resources import resource
from ui.routes.shots import SHOTS as ROUTES
from ui.scans.shots import SHOTS as SCANS
from ui.session import Session
from ui.settings.shots import SHOTS as SETTINGS
from ui.staff.shots import SHOTS as STAFF
from ui.stocktake.shots import SHOTS as STOCKTAKE
from ui.sync.shots import SHOTS as SYNC
from ui.timetable.shots import SHOTS as TIMETABLE
from ui.weeding.correcting_shots import SHOTS as CORRECTING
from ui.weeding.shots import SHOTS as WEEDING
from ui.weeding.tracking_shots import SHOTS as TRACKING
from ui.window import MainWindow
from ui.wishes.shots import SHOTS as WISHES

NOW = dt.datetime(2026, 12, 1, 10, 24, tzinfo=TEHRAN)
Shot = Callable[[Session, MainWindow], None]
SHOTS: Mapping[str, Shot] = {
    **CIRCULATION, **MEMBERS, **CATALOGUE, **WEEDING, **TIMETABLE, **SCANS, **SETTINGS, **STAFF, **POLICIES,
    **HOLDS, **CALLS, **ROUTES, **LOST, **CLEARANCE, **MONEY, **STOCKTAKE,
    **REPORTS, **BINDING, **TRACKING, **CORRECTING,
    **EXCHANGE, **HOME, **SYNC, **WISHES, **NETWORK,
}  # fmt: skip
ON_EMPTY = frozenset(
    {
        LOST["lost-empty"],
        ROUTES["routes-empty"],
        STOCKTAKE["stocktake-empty"],
        BINDING["binding-empty"],
        EXCHANGE["exchange-empty"],
        HOME["home-empty"],
        NETWORK["network-empty"],
        WEEDING["weeding-empty"],
        WISHES["wishes-empty"],
    }
)
"""What a page says where there is nothing yet is pictured on a library that has nothing yet."""


@dataclass(frozen=True, slots=True)
class Dress:
    """How the window looks in a round of pictures."""

    name: str
    preferences: Preferences
    width: int
    height: int


DRESSES = (
    Dress("", Preferences(sounds=False), 1366, 768),
    Dress("dark", Preferences(sounds=False, dark=True), 1366, 768),
    Dress("150", Preferences(sounds=False, scale=150), 1366, 768),
    Dress("1920", Preferences(sounds=False), 1920, 1080),
)


def main(argv: list[str] | None = None) -> int:
    """Render what is asked for; all of it by default."""
    parser = argparse.ArgumentParser(prog="make shots")
    parser.add_argument("--out", type=Path, default=Path("out/shots"))
    parser.add_argument("--only", default="", help="part of a picture's name")
    parser.add_argument("--demo", type=Path, help="a demo library built before, to save the time")
    arguments = parser.parse_args(argv)
    arguments.out.mkdir(parents=True, exist_ok=True)
    qt = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as scratch:
        origin = arguments.demo or Path(scratch) / "origin"
        if arguments.demo is None:
            build_demo(origin, DemoPlan(NOW, PRINTERS))
        empty = Path(scratch) / "empty"
        found_empty(empty)
        for name, shot, dress in wanted(arguments.only):
            folder = Path(scratch) / "library"
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(empty if shot in ON_EMPTY else origin, folder)
            path = arguments.out / f"{name}.png"
            take(qt, folder, shot, dress, path)
            sys.stderr.write(f"{path}\n")
    return 0


def found_empty(folder: Path) -> None:
    """The demo library on its first morning: nobody and nothing in it."""
    setup = read_setup(resource("demo", "library.toml"))
    library, _ = found_library(folder, setup, SettableClock(NOW - dt.timedelta(minutes=5)))
    library.store.close()


def wanted(only: str) -> Iterator[tuple[str, Shot, Dress]]:
    """Name, state and look of every picture whose name holds `only`."""
    for dress in DRESSES:
        for shot_name, shot in SHOTS.items():
            name = f"{shot_name}-{dress.name}" if dress.name else shot_name
            if only in name:
                yield name, shot, dress


def take(qt: QApplication, folder: Path, shot: Shot, dress: Dress, path: Path) -> None:
    """Open the library as it looks at the time of the pictures, bring it into a state, and keep the picture."""
    write_preferences(folder, dress.preferences)
    library = Library(open_library(folder, None), SettableClock(NOW))
    app = DeskApp(qt, library, library.person(None), folder, log_to(folder))
    try:
        app.window.resize(dress.width, dress.height)
        app.show()
        QTest.qWait(20)
        shot(app.session, app.window)
        QTest.qWait(60)
        app.window.grab().save(str(path))
    finally:
        app.close()
        app.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # windows of before would be dressed too


if __name__ == "__main__":
    sys.exit(main())
