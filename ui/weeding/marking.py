"""Rows marked one by one before an answer or a new edition is entered: which rows, with which keys, and why."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.weeding.minutes.tracking import MinutesDetail
from db.codes import RulingLevel, Verdict
from ui.weeding.entry import Entry
from ui.weeding.tracking_rows import MARK_NAME, Mark, MinutesLine
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.layouts import Flow, column
from ui.widgets.row_list import RowList

_KEYS: Mapping[Mark, str] = {
    Mark.APPROVE: "Alt+1",
    Mark.REJECT: "Alt+2",
    Mark.REDIRECT: "Alt+3",
    Mark.CORRECT: "Alt+4",
    Mark.STRIKE: "Alt+5",
}
UNMARK = "Alt+0"
MARK_HELP = ("Alt+1 … 5", "پاسخ ردیف برگزیده: تأیید، رد، به مبادله، اصلاح، حذف")


class MarkPad(QWidget):
    """The buttons and the reason for the chosen rows, inside a panel. `marked` carries the mark, or None to take it
    away."""

    marked = Signal(object)

    def __init__(self, marks: Sequence[Mark]) -> None:
        super().__init__()
        self.why = Entry("دلیل ردیف (برای ردیف برگزیده)")
        self.buttons = {mark: Button(MARK_NAME[mark], _KEYS[mark]) for mark in marks}
        unmark = Button("بی‌نشان", UNMARK, "quiet")
        for mark, button in self.buttons.items():
            button.clicked.connect(lambda _=False, mark=mark: self.marked.emit(mark))
        unmark.clicked.connect(lambda: self.marked.emit(None))
        told = Label("ردیف را در فهرست پایین برگزینید؛ چند ردیف با Shift.", "muted", wrap=True)
        self.setLayout(column(told, self.why, Flow(*self.buttons.values(), unmark, gap=6), gap=8))


class Marking:
    """The marks on the rows of one list."""

    def __init__(self, rows: RowList) -> None:
        self._rows = rows
        self._lines: dict[uuid.UUID, MinutesLine] = {}
        self._open: set[uuid.UUID] = set()

    def show(self, detail: MinutesDetail | None) -> None:
        """Show the rows of minutes, unmarked."""
        lines = [MinutesLine(one) for one in detail.rows] if detail else []
        self._lines = {line.detail.row.id: line for line in lines}
        self._open = set()
        self._rows.set_rows(lines)

    def begin(self, level: RulingLevel | None) -> None:
        """Rows may be marked from now on: those that stand. `level` is about to answer: not about what another level
        refused (002 م7-11), and what is not marked is approved or keeps the verdict it gave before a correction."""
        for row_id, line in list(self._lines.items()):
            if not line.stands or (level is not None and _refused_by_others(line, level)):
                continue
            self._open.add(row_id)
            if level is not None:
                self._put(row_id, replace(line, presumed=_presumed(line, level)))

    def end(self) -> None:
        """No marks any more."""
        self._open = set()
        for row_id, line in list(self._lines.items()):
            if line.mark is not None or line.presumed is not None:
                self._put(row_id, replace(line, mark=None, why="", presumed=None))

    def mark(self, mark: Mark | None, why: str) -> int:
        """Mark the chosen rows; how many took the mark."""
        taken = [line.detail.row.id for line in self._rows.view.chosen() if line.detail.row.id in self._open]
        for row_id in taken:
            self._put(row_id, replace(self._lines[row_id], mark=mark, why=why if mark else ""))
        return len(taken)

    def marked(self) -> tuple[MinutesLine, ...]:
        """The rows that are marked, in order."""
        return tuple(line for line in self._lines.values() if line.mark is not None)

    def _put(self, row_id: uuid.UUID, line: MinutesLine) -> None:
        self._lines[row_id] = line
        self._rows.table.update_row(line)


def _refused_by_others(line: MinutesLine, level: RulingLevel) -> bool:
    rulings = line.detail.rulings.items()
    return any(ruling.verdict is Verdict.REJECT for other, ruling in rulings if other is not level)


def _presumed(line: MinutesLine, level: RulingLevel) -> Mark:
    before = line.detail.rulings.get(level)
    kept = before is not None and before.verdict is not Verdict.CORRECT
    return Mark(before.verdict) if before is not None and kept else Mark.APPROVE
