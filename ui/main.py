"""`pishkhan` without a subcommand: open the window on a library."""

import argparse
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from platformdirs import user_data_path
from PySide6.QtWidgets import QApplication

from app.clock import SystemClock
from app.library import Library, last_known
from app.messages import one_line
from app.setup import found_library, read_setup
from app.sync.branch.witness import begin_session
from db.keys import needs_secret
from db.opening import has_library, open_library
from db.store import Store
from db.trouble import Trouble
from ui.app import DeskApp
from ui.opening import OpeningWindow
from ui.style import apply_theme

LOG_BYTES, LOGS_KEPT = 1_000_000, 3


def main(argv: list[str] | None = None) -> int:
    """Open the window; returns the exit code."""
    arguments = _arguments(argv)
    qt = QApplication(sys.argv[:1])
    apply_theme(qt)
    opening = Opening(qt, arguments.data, arguments.setup, arguments.user)
    opening.begin(arguments.passphrase_file)
    return qt.exec()


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pishkhan window", description="The desk of a branch library")
    parser.add_argument("--data", type=Path, default=user_data_path("Pishkhan", appauthor=False), help="data folder")
    parser.add_argument("--setup", type=Path, help="set-up file for an empty data folder")
    parser.add_argument("--passphrase-file", type=Path, help="file that holds the passphrase")
    parser.add_argument("--as", dest="user", help="who sits at the desk; left out, the window asks where PINs are used")
    return parser.parse_args(argv)


class Opening:
    """From the data folder to the window, by way of a passphrase or a message where one is needed."""

    def __init__(self, qt: QApplication, folder: Path, setup: Path | None, user: str | None = None) -> None:
        self._qt, self._folder, self._setup, self._user = qt, folder, setup, user
        self._gate: OpeningWindow | None = None
        self.app: DeskApp | None = None

    def begin(self, passphrase_file: Path | None) -> None:
        """Open at once where nothing has to be asked."""
        try:
            secret = passphrase_file.read_text(encoding="utf-8").strip() if passphrase_file else None
            if self._setup is not None:
                self._open(self._found())
            elif has_library(self._folder) and secret is None and needs_secret(self._folder):
                self._ask()
            else:
                self._open(open_library(self._folder, secret))
        except OSError as error:
            self._tell(Trouble("P-1103", path=passphrase_file, reason=error.strerror))
        except Trouble as trouble:
            self._tell(trouble)

    def _found(self) -> Store:
        if self._setup is None:
            raise RuntimeError("no set-up file")
        library, _ = found_library(self._folder, read_setup(self._setup), SystemClock())
        return library.store

    def _ask(self) -> None:
        self._show_gate().ask_passphrase()

    def _tell(self, trouble: Trouble) -> None:
        print(one_line(trouble), file=sys.stderr)
        self._show_gate().show_trouble(trouble)

    def _show_gate(self) -> OpeningWindow:
        if self._gate is None:
            self._gate = OpeningWindow()
            self._gate.answered.connect(self._answered)
        self._gate.show()
        return self._gate

    def _answered(self, secret: str) -> None:
        try:
            store = open_library(self._folder, secret)
        except Trouble as trouble:
            self._show_gate().show_trouble(trouble)
        else:
            self._open(store)
            self._show_gate().close()

    def _open(self, store: Store) -> None:
        library = Library(store, SystemClock(last_known(store)))
        begin_session(library)
        self.app = DeskApp(self._qt, library, library.person(self._user), self._folder, log_to(self._folder))
        self._qt.aboutToQuit.connect(self.app.close)
        self.app.show()
        if self._user is None:
            self.app.lock()


def log_to(folder: Path) -> logging.Logger:
    """The log file of a data folder. It holds no names of readers and no titles (reliability, S15)."""
    logger = logging.getLogger("pishkhan")
    logger.setLevel(logging.INFO)
    if not logger.handlers:
        file = RotatingFileHandler(folder / "pishkhan.log", maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8")
        file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        logger.addHandler(file)
    return logger


if __name__ == "__main__":
    sys.exit(main())
