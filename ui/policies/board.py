"""The rules as a table: a pill for each group of parameters, the lines below with the columns of that group."""

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.policy.draft import Key
from app.policy.parameters import GROUP_LABELS
from app.policy.table import PolicyTable
from app.policy.values import Group
from ui.policies.rows import Line, lines_of, rules_table, shown_parameters
from ui.widgets.buttons import Button, listen
from ui.widgets.labels import hint
from ui.widgets.layouts import Flow, column, emptied
from ui.widgets.row_list import RowList

GROUPS = tuple(Group)


class Tab(Button):
    """A pill that chooses a group; the chosen one is dressed as the one that counts."""

    def __init__(self, group: Group, place: int) -> None:
        super().__init__(GROUP_LABELS[group])
        hint(self, f"Ctrl+{place}")
        listen(self, f"Ctrl+{place}", self.click)

    def set_chosen(self, chosen: bool) -> None:
        """Light the pill or not."""
        self.wear("primary" if chosen else "secondary")


class Board(QWidget):
    """The lines; `pills` is the strip of groups, put wherever the page wants it.

    `line_chosen` carries the `Key` of the line the selection came to; `group_chosen` says that another group is shown.
    """

    line_chosen = Signal(object)
    group_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.group = Group.LOAN
        self._names: tuple[str, ...] | None = None
        self._shown: tuple[PolicyTable, Mapping[str, str]] | None = None
        self.tabs = {group: Tab(group, place) for place, group in enumerate(GROUPS, 1)}
        self._place = column(gap=0)
        self.list = self._new_list(())
        self.pills = QWidget()
        self.pills.setLayout(Flow(*self.tabs.values(), gap=6))
        self.setLayout(column(self._place, gap=0))
        for group, tab in self.tabs.items():
            tab.clicked.connect(lambda _=False, group=group: self.choose_group(group))
        self._light()

    def show_table(self, table: PolicyTable, categories: Mapping[str, str]) -> None:
        """Show the lines of a table; the line chosen stays chosen."""
        self._shown = (table, categories)
        names, chosen = shown_parameters(table, self.group), self.key()
        if names != self._names:
            self._names = names
            self.list = self._new_list(names)
        self.list.set_rows(lines_of(table, categories))
        if chosen is not None:
            self.choose(chosen)

    def choose_group(self, group: Group) -> None:
        """Show the columns of this group."""
        self.group = group
        self._light()
        if self._shown is not None:
            self.show_table(*self._shown)
        self.group_chosen.emit()

    def choose(self, key: Key) -> None:
        """Choose a line."""
        self.list.view.choose(key)

    def choose_first(self) -> None:
        """Choose the fallback."""
        self.list.view.choose_place(0)

    def key(self) -> Key | None:
        """The key of the line chosen."""
        return next((line.key for line in self.list.view.chosen()), None)

    def _new_list(self, names: tuple[str, ...]) -> RowList:
        focused = self._place.count() > 0 and self.list.view.hasFocus()
        emptied(self._place)
        made = RowList(rules_table(names), noun="ردیف", tools=False)
        made.set_empty("ردیفی نیست", "ردیف پایه را بسازید: همهٔ عضوها و همهٔ منابع.", "list-check")
        made.view.current_row.connect(self._tell)
        self._place.addWidget(made)
        self.setFocusProxy(made.view)
        if focused:  # or the focus would wander off to the navigation
            made.view.setFocus()
        return made

    def _light(self) -> None:
        for group, tab in self.tabs.items():
            tab.set_chosen(group is self.group)

    @Slot(object)
    def _tell(self, line: Line) -> None:
        self.line_chosen.emit(line.key)
