"""Names and the part each had in a book: as many rows as the title page names."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.catalogue.form import Creator
from app.labels import CREATOR_ROLE
from app.persian.text import clean
from db.codes import CreatorRole
from ui.style import look
from ui.widgets import paint
from ui.widgets.buttons import Button, IconButton
from ui.widgets.inputs import Choice
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row

ADD = "Ctrl+Shift+P"
_ROLES = tuple((role.value, words) for role, words in CREATOR_ROLE.items())
_LONGEST = 300
_SIDE_BY_SIDE = 2


class CreatorRow(QWidget):
    """One name and its role."""

    changed = Signal()
    gone = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.name, self.role = QLineEdit(), Choice(_ROLES)
        self._remove = IconButton("x", "برداشتن این پدیدآور")
        self.name.setMaxLength(_LONGEST)
        self.name.setAlignment(paint.START)
        self.name.setPlaceholderText("نام خانوادگی، نام")
        self.name.setAccessibleName("نام پدیدآور")
        self.role.setAccessibleName("نقش پدیدآور")
        beside = row(self.name, self.role, self._remove, gap=6)
        beside.setStretch(0, 1)
        self.setLayout(beside)
        self.setFocusProxy(self.name)
        self.name.textChanged.connect(self.changed)
        self.name.returnPressed.connect(lambda: self.focusNextPrevChild(True))
        self.role.currentIndexChanged.connect(lambda _: self.changed.emit())
        self._remove.clicked.connect(lambda: self.gone.emit(self))

    def creator(self) -> Creator | None:
        """The name and role written; None while the row is empty."""
        name = clean(self.name.text(), _LONGEST)
        return Creator(name, CreatorRole(self.role.code() or CreatorRole.AUTHOR)) if name else None

    def show_creator(self, creator: Creator) -> None:
        """Fill the row."""
        self.name.setText(creator.name)
        self.role.choose(creator.role.value)


class CreatorRows(QWidget):
    """Any number of rows, two side by side; there is always one to write in."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[CreatorRow] = []
        self.add = Button("پدیدآور دیگر", ADD, "quiet", "plus")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(look().px(20))
        self._grid.setVerticalSpacing(look().px(6))
        for number in range(_SIDE_BY_SIDE):
            self._grid.setColumnStretch(number, 1)
        head = row(Label("پدیدآوران به ترتیب صفحهٔ عنوان", "muted"), None, self.add)
        self.setLayout(column(head, self._grid, gap=4))
        self.add.clicked.connect(self.add_row)
        self.set_creators(())

    def creators(self) -> tuple[Creator, ...]:
        """What is written, in order, without the empty rows."""
        return tuple(creator for made in self._rows if (creator := made.creator()) is not None)

    def set_creators(self, creators: Sequence[Creator]) -> None:
        """Fill the rows; without creators one empty row is left."""
        while self._rows:
            self._forget(self._rows[-1])
        for creator in creators or (Creator(""),):
            self._new_row().show_creator(creator)
        self._arrange()

    def add_row(self) -> None:
        """A further row, ready to be written in; the next name is usually the translator's."""
        made = self._new_row()
        self._arrange()
        made.name.setFocus()

    def rows(self) -> tuple[CreatorRow, ...]:
        """The rows, in order."""
        return tuple(self._rows)

    def _new_row(self) -> CreatorRow:
        made = CreatorRow()
        self._rows.append(made)
        made.changed.connect(self.changed)
        made.gone.connect(self._remove)
        return made

    def _remove(self, made: CreatorRow) -> None:
        self._forget(made)
        if not self._rows:
            self._new_row()
        self._arrange()
        self._rows[-1].name.setFocus()
        self.changed.emit()

    def _forget(self, made: CreatorRow) -> None:
        self._rows.remove(made)
        self._grid.removeWidget(made)
        made.hide()
        made.deleteLater()

    def _arrange(self) -> None:
        before: QWidget = self.add
        for place, made in enumerate(self._rows):
            self._grid.addWidget(made, place // _SIDE_BY_SIDE, place % _SIDE_BY_SIDE)
            QWidget.setTabOrder(before, made.name)
            before = made.name
