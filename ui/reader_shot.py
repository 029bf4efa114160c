"""Pictures for `make serve` without a display: a card is read in the window of a library, and what synchronisation
did there."""

import argparse
import os
import sys
from pathlib import Path

from PySide6.QtCore import qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.clock import SystemClock
from app.library import Library, last_known
from db.opening import open_library
from ui.app import DeskApp
from ui.main import log_to
from ui.tour import Tour, quietly


def main(argv: list[str] | None = None) -> int:
    """Take the pictures and say where they are."""
    parser = argparse.ArgumentParser(prog="ui.reader_shot")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--card", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(argv)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(quietly)
    qt = QApplication(sys.argv[:1])
    options.out.mkdir(parents=True, exist_ok=True)
    store = open_library(options.data, None)
    library = Library(store, SystemClock(last_known(store)))
    app = DeskApp(qt, library, library.person(None), options.data, log_to(options.data))
    try:
        tour = Tour(app, options.out)
        tour.scan(options.card)
        tour.picture(f"{options.data.name}-reader")
        app.window.open_page("sync")
        QTest.qWait(200)
        tour.picture(f"{options.data.name}-sync")
    finally:
        app.close()
    for path in tour.left:
        sys.stderr.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
