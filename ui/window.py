"""The window: navigation at the right, one page in front, the status line, and the keys that work everywhere."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QMainWindow, QScrollArea, QStackedWidget, QWidget

from ui.commands import CommandSearch
from ui.errors import told
from ui.key_overview import KeyOverview
from ui.keys import COMMANDS, ESCAPE, OVERVIEW, UNDO, WINDOW_HELP, KeyHelp
from ui.navigation import Navigation
from ui.page import Action, Page, PageSpec
from ui.status import StatusLine
from ui.style import look
from ui.widgets.layouts import column, row
from ui.widgets.trouble_box import TroubleBox

_NARROW_BELOW = 1080  # a window narrower than this (at 100 %) shows the navigation as signs


class MainWindow(QMainWindow):
    """Pages are made when first shown and kept. Esc and Ctrl+Z go to the page in front; `everywhere` are actions with
    keys that hold on every page. `opened` tells which page gave way to which."""

    opened = Signal(str, str)

    def __init__(
        self,
        pages: Sequence[PageSpec],
        status: StatusLine,
        library: str = "",
        everywhere: Sequence[Action] = (),
    ) -> None:
        super().__init__()
        self._specs = {spec.key: spec for spec in pages}
        self._everywhere = tuple(everywhere)
        self._made: dict[str, QWidget] = {}
        self._current = ""
        self.status = status
        self.navigation = Navigation(pages, library)
        self.troubles = TroubleBox()
        self._stack = QStackedWidget()
        self._centre, self._work = QWidget(), QWidget()
        self._lay_out()
        self._commands = CommandSearch(self._centre)
        self._overview: KeyOverview | None = None
        self._shortcuts: list[QShortcut] = []
        self.navigation.asked.connect(self.open_page)
        self._bind_keys()
        self.setWindowTitle("پیشخان")

    def open_page(self, key: str) -> QWidget:
        """Bring a page to the front, making it if it has never been shown; answers the page."""
        self._dismiss_overlays()
        if key not in self._made:
            self._made[key] = self._specs[key].make()
            self._stack.addWidget(_scrolling(self._made[key]))
        page = self._made[key]
        before, self._current = self._current, key
        self._stack.setCurrentIndex(list(self._made).index(key))
        self.navigation.show_current(key)
        page.setFocus()
        if isinstance(page, Page):
            page.on_shown()
        self.opened.emit(before, key)
        return page

    @property
    def centre(self) -> QWidget:
        """What sheets that cover the whole window lie on."""
        return self._centre

    def current_page(self) -> QWidget | None:
        """The page in front."""
        return self._made.get(self._current)

    def page(self, key: str) -> QWidget | None:
        """A page that has been shown already."""
        return self._made.get(key)

    def current_key(self) -> str:
        """The key of the page in front."""
        return self._current

    def is_made(self, key: str) -> bool:
        """Whether a page has been shown already."""
        return key in self._made

    def search_commands(self) -> None:
        """Open the command search over pages and the actions of the page in front."""
        pages = [Action(spec.title, self._opener(spec.key), spec.shortcut) for spec in self._specs.values()]
        page = self.current_page()
        own = page.commands() if isinstance(page, Page) else ()
        self._commands.offer([*own, *pages, *self._everywhere])

    def show_keys(self) -> None:
        """Open the overview of keys."""
        self._dismiss_overlays()
        page = self.current_page()
        own = page.key_help() if isinstance(page, Page) else ()
        pages = [KeyHelp(spec.shortcut, spec.title) for spec in self._specs.values() if spec.shortcut]
        sections = (("این صفحه", own), ("همه جا", WINDOW_HELP), ("صفحه‌ها", pages))
        self._overview = KeyOverview(self._centre, sections)
        self._overview.open()

    def escape(self) -> None:
        """Esc: close what lies over the page, or hand it to the page."""
        if self._dismiss_overlays():
            return
        page = self.current_page()
        if isinstance(page, Page):
            page.on_escape()

    def undo(self) -> None:
        """Ctrl+Z, for the page in front."""
        page = self.current_page()
        if isinstance(page, Page):
            page.undo()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.navigation.set_compact(event.size().width() < look().px(_NARROW_BELOW))

    def set_locked(self, locked: bool) -> None:
        """While the desk is locked no page hears a key; what stands on it stays."""
        if locked:
            self._dismiss_overlays()
        self._work.setDisabled(locked)
        for shortcut in self._shortcuts:
            shortcut.setEnabled(not locked)

    def show_error(self, error: BaseException) -> None:
        """Tell trouble or a program error on the panel at the foot of the page."""
        self.troubles.show_trouble(*told(error))

    def _lay_out(self) -> None:
        self._stack.setObjectName("pages")
        shown = column(self._stack, self.troubles, gap=0)
        shown.setStretch(0, 1)
        work = row(self.navigation, shown, gap=0)
        work.setStretch(1, 1)
        self._work.setLayout(work)
        whole = column(self._work, self.status, gap=0)
        whole.setStretch(0, 1)
        self._centre.setLayout(whole)
        self.setCentralWidget(self._centre)

    def _bind_keys(self) -> None:
        for spec in self._specs.values():
            if spec.shortcut:
                self._bind(spec.shortcut, self._opener(spec.key))
        self._bind(COMMANDS, self.search_commands)
        self._bind(ESCAPE, self.escape)
        self._bind(UNDO, self.undo)
        for key in (OVERVIEW, "?", "؟"):
            self._bind(key, self.show_keys)

        for action in self._everywhere:
            self._bind(action.key, action.run)

    def _bind(self, key: str, run: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.activated.connect(run)
        self._shortcuts.append(shortcut)

    def _opener(self, key: str) -> Callable[[], None]:
        def opener() -> None:
            self.open_page(key)

        return opener

    def _dismiss_overlays(self) -> bool:
        lying = [sheet for sheet in (self._commands, self._overview) if sheet is not None and sheet.isVisible()]
        for sheet in lying:
            sheet.dismiss()
        if self._overview is not None and not self._overview.isVisible():
            self._overview.deleteLater()
            self._overview = None
        return bool(lying)


def _scrolling(page: QWidget) -> QScrollArea:
    # A page taller than the screen (a big scale on a small screen) scrolls; the window never outgrows the screen.
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
