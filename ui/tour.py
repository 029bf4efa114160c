"""A session at the desk without a display: real key events, real use cases, pictures and papers in `out/`."""

import shutil
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.check import check_library
from app.clock import SystemClock
from app.demo.queries import card_with_loans, free_copies
from app.library import Library, last_known
from app.papers import document
from app.weeding.candidates import candidates
from app.weeding.service import Finalised, finalise
from db.codes import WeedingReason
from db.files import safe_write
from db.opening import open_library
from reports.forms.minutes import print_minutes
from ui.app import DeskApp
from ui.main import log_to
from ui.typing import type_code

WIDTH, HEIGHT = 1366, 768
COPIES_ON_MINUTES = 12


def tour(data: Path, out: Path) -> int:
    """Work a session on a copy of the demo library; 0 when everything went as it should."""
    qInstallMessageHandler(quietly)
    qt = QApplication(sys.argv[:1])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "library"
        shutil.copytree(data, folder)
        store = open_library(folder, None)
        library = Library(store, SystemClock(last_known(store)))
        session = Tour(DeskApp(qt, library, library.person(None), folder, log_to(folder)), out)
        try:
            session.lend_and_take_back()
            session.weed()
            broken = check_library(library).broken
        finally:
            session.app.close()
    for path in session.left:
        sys.stderr.write(f"{path}\n")
    return 1 if broken else 0


def quietly(kind: QtMsgType, _: QMessageLogContext, text: str) -> None:
    """Qt's messages, but for those of the offscreen platform about what it cannot do."""
    if not text.startswith("This plugin does not support"):
        sys.stderr.write(f"{kind.name}: {text}\n")


class Tour:
    """The steps, and the files they left."""

    def __init__(self, app: DeskApp, out: Path) -> None:
        self.app, self._out = app, out
        self.left: list[Path] = []
        app.session.sounds.muted = True
        app.window.resize(WIDTH, HEIGHT)
        app.show()
        QTest.qWait(50)

    def lend_and_take_back(self) -> None:
        """A reader takes two books; one comes back."""
        library = self.app.session.library
        with library.store.read() as reader:
            card = card_with_loans(reader, 1, self.app.session.act().day)
            copies = free_copies(reader)
        self.picture("1-desk-ready")
        if card is None or len(copies) < 2:
            raise RuntimeError("the demo library has nobody who may borrow")
        self.scan(card)
        self.picture("2-desk-reader")
        self.scan(copies[0])
        self.picture("3-desk-lent")
        self.scan(copies[1])
        self.app.window.escape()
        self.scan(copies[1])
        self.picture("4-desk-returned")

    def weed(self) -> None:
        """Worn books go on minutes, which are finalised; their paper and sheet are saved."""
        library, session = self.app.session.library, self.app.session
        with library.store.read() as reader:
            found = candidates(library, reader, WeedingReason.WORN, session.act().day)
        worn = [one.barcode for one in found if not one.refusals and not one.listed]
        self.app.window.open_page("weeding")
        QTest.keyClick(self.app.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        for barcode in worn[:COPIES_ON_MINUTES]:
            self.scan(barcode)
        self.picture("5-weeding")
        outcome = finalise(library, WeedingReason.WORN, print_minutes, session.act())
        if not isinstance(outcome, Finalised):
            raise TypeError(outcome)
        with library.store.read() as reader:
            papers = [document(reader, paper) for paper in (outcome.document_id, outcome.sheet_id)]
        for paper in papers:
            if paper is not None:
                path = self._out / paper.file_name
                safe_write(path, paper.content)
                self.left.append(path)

    def scan(self, code: str) -> None:
        """What the scanner sends, and a moment for the page to answer."""
        type_code(self.app.window.windowHandle(), code)
        QTest.qWait(60)

    def picture(self, name: str) -> None:
        """Keep what the window shows, once it has come to rest."""
        QTest.qWait(300)
        path = self._out / f"{name}.png"
        self.app.window.grab().save(str(path))
        self.left.append(path)
