"""P4: from the scanner's Enter to the painted row, the real desk against a bare Qt list; the commit comes before the
row."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QTableView, QVBoxLayout, QWidget

from benchmarks.figures import Timings
from benchmarks.sample import make_library
from ui.app import DeskApp
from ui.circulation.desk import DeskPage
from ui.main import log_to
from ui.typing import press_enter, type_keys

SCANS, WARM_UP, A_READER = 400, 40, 4
WIDTH, HEIGHT = 1366, 768
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class PaintFigures:
    """Seconds from Enter to the end of the list's painting."""

    floor: Timings
    ours: Timings


class _Painted(QObject):
    """Notes when a viewport has been painted."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__()
        self.seen = False
        viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.seen = True
        return super().eventFilter(watched, event)


class _Rows(QAbstractTableModel):
    """A bare list that grows at the top."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[str, ...]] = []

    def add(self) -> None:
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._rows.insert(0, ("سووشون", "۱۲٬۴۵۸", "۸فا۳/۶۲", "امروز", "۲۹ دی ۱۴۰۴", "تازه"))
        self.endInsertRows()

    def rowCount(self, _: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return len(self._rows)

    def columnCount(self, _: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 6

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        return self._rows[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None


def measure(folder: Path) -> PaintFigures:
    """Both sides in one process, one after the other, in two rounds each."""
    qt = QApplication.instance() or QApplication([])
    if not isinstance(qt, QApplication):
        raise TypeError(qt)
    floor, ours = Timings(), Timings()
    for number in range(2):
        floor.add_round(_floor(qt))
        ours.add_round(_desk(qt, folder / str(number)))
    return PaintFigures(floor, ours)


def _floor(qt: QApplication) -> list[float]:
    window, view, rows, line = QMainWindow(), QTableView(), _Rows(), QLineEdit()
    qt.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    middle = QWidget()
    layout = QVBoxLayout(middle)
    layout.addWidget(line)
    layout.addWidget(view)
    view.setModel(rows)
    window.setCentralWidget(middle)
    window.resize(WIDTH, HEIGHT)
    window.show()
    line.returnPressed.connect(rows.add)
    line.setFocus()
    painted = _Painted(view.viewport())
    times = [_time(qt, window, painted, line.returnPressed.emit) for _ in range(SCANS + WARM_UP)]
    window.close()
    return times[WARM_UP:]


def _desk(qt: QApplication, folder: Path) -> list[float]:
    library = make_library(folder, titles=SCANS + WARM_UP, members=(SCANS + WARM_UP) // A_READER + 1)
    app = DeskApp(qt, library, library.person(None), folder, log_to(folder))
    app.session.sounds.muted = True
    app.window.resize(WIDTH, HEIGHT)
    app.show()
    page = app.window.current_page()
    if not isinstance(page, DeskPage):
        raise TypeError(page)
    painted = _Painted(page.loans.view.viewport())
    times = []
    for number in range(SCANS + WARM_UP):
        if number % A_READER == 0:
            page.on_escape()
            page.select_member(f"M-{number // A_READER + 1:06d}")
            _settle(qt)
        window = app.window.windowHandle()
        type_keys(window, f"RAF-{number + 1:06d}")
        times.append(_time(qt, app.window, painted, lambda: press_enter(app.window.windowHandle())))
        if page.loans.table.total() != number % A_READER + 1:
            raise RuntimeError("a scan made no row")
    app.close()
    return times[WARM_UP:]


def _time(qt: QApplication, window: QWidget, painted: _Painted, act: Callable[[], None]) -> float:
    painted.seen = False
    start = time.perf_counter()
    act()
    while not painted.seen:
        qt.processEvents()
    qt.processEvents()
    elapsed = time.perf_counter() - start
    window.update()
    return elapsed


def _settle(qt: QApplication) -> None:
    for _ in range(5):
        qt.processEvents()
