"""The parts of the work bench and where they stand."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.weeding.minutes.tracking import TrackedMinutes
from ui.style import look
from ui.weeding.card import Actions, Beside, DetailsCard
from ui.weeding.heading import Heading
from ui.weeding.scan_mode import ScanMode
from ui.weeding.tiles import StepLine, Tiles
from ui.weeding.way import step_now
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button, IconButton
from ui.widgets.inputs import Choice
from ui.widgets.layouts import column, row
from ui.widgets.panel import Panel
from ui.widgets.row_list import RowList
from ui.widgets.search_box import SearchBox
from ui.widgets.steps import Steps

FREEZE, PREVIEW, ARCHIVE, TRACKING, FILE = "Ctrl+P", "Ctrl+D", "Ctrl+B", "Ctrl+T", "Ctrl+O"
CORRECTING, ASIDE = "Ctrl+Shift+R", "Ctrl+Shift+H"
PUT, REMOVE, BIND, KEEP, LATER = "Insert", "Delete", "Ctrl+J", "Ctrl+G", "Ctrl+H"
_CRITERION_WIDTH, _LEAST_LIST = 270, 210


class BenchParts:
    """The widgets of the bench but for its list and its questions."""

    def __init__(self) -> None:
        self.box = SearchBox("برچسب نسخه را اسکن کنید…")
        self.criterion, self.mode = Choice(), ScanMode()
        self.tiles, self.banner, self.steps = Tiles(), Banner(), Steps()
        self.tracking, self.archive = Button("پیگیری", TRACKING), Button("بایگانی", ARCHIVE)
        self.preview = Button("پیش‌نمایش", PREVIEW)
        self.freeze = Button("نهایی کردن و چاپ", FREEZE, "primary")
        self.file = Button("فایل اسکن…", FILE)
        self.heading = Heading(self.file, self.tracking, self.archive, self.preview, self.freeze)
        self.put = Button("به فهرست", PUT, "primary")
        self.remove = Button("برداشتن", REMOVE)
        self.bind = Button("به صحافی", BIND)
        self.keep, self.later = Button("به قفسه", KEEP), Button("فعلاً نه", LATER)
        self.aside = IconButton("clock", f"کنارگذاشته‌ها ({ASIDE})")
        self.card = DetailsCard(Actions(self.put, self.remove, self.bind, self.keep, self.later))
        self.banner.hide()
        self.criterion.setAccessibleName("معیار وجین")
        self.criterion.setFixedWidth(look().px(_CRITERION_WIDTH))

    def show_step(self, names: Sequence[str], copies: int, minutes: TrackedMinutes | None) -> None:
        """Light the step of the newest minutes of the chosen reason."""
        self.steps.show_steps(names, step_now(copies, minutes))


def lay_out(owner: QWidget, parts: BenchParts, rows: RowList, panels: Sequence[Panel]) -> None:
    """Put the parts in their places on `owner`."""
    rows.setMinimumHeight(look().px(_LEAST_LIST))
    lists = column(parts.box, parts.banner, rows, gap=10)
    lists.setStretch(2, 1)
    parts.box.add_end(parts.mode)
    work = row(lists, Beside(parts.card, *panels), gap=14)
    work.setStretch(0, 1)
    whole = column(parts.heading, parts.tiles, StepLine(parts.steps, parts.aside, parts.criterion), work, gap=10)
    whole.setStretch(3, 1)
    owner.setLayout(whole)
