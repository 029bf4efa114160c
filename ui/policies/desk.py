"""The front of the rules page: heading and buttons, the table by groups, and the card of the line chosen."""

from collections.abc import Callable, Mapping
from datetime import date

from PySide6.QtWidgets import QSizePolicy, QWidget

from app.persian import jalali
from app.policy.draft import Key
from app.policy.table import PolicyTable
from db.codes import RuleStatus
from ui.policies import words
from ui.policies.asking import source_box
from ui.policies.board import Board
from ui.policies.editor import Editor
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, ltr
from ui.widgets.layouts import Flow, column, row
from ui.widgets.panel import Panel
from ui.widgets.pills import Pill

NEW, COPY, REMOVE = "Ctrl+N", "Ctrl+D", "Delete"
CHECK, PUBLISH, TRY, VERSIONS = "Ctrl+J", "Ctrl+P", "Ctrl+T", "Ctrl+B"
IMPORT, EXPORT = "Ctrl+O", "Ctrl+S"
NOTHING_SAID = (
    f"هنوز قاعده‌ای نوشته نشده است. خانه‌های ردیف پایه را پر کنید، یا آیین‌نامه‌ای را از فایل بیاورید ({ltr(IMPORT)})."
)


class RulesDesk(QWidget):
    """Only shows; the page decides what the buttons do."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self.banner, self.panel = Banner(), Panel()
        self.banner.hide()
        self.board, self.editor, self.source = Board(), Editor(today), source_box()
        self._version, self._state = Label("", "muted"), Pill()
        self._hint = Label(NOTHING_SAID, "muted", wrap=True)
        self.new, self.copy, self.remove = Button("ردیف تازه", NEW), Button("رونوشت", COPY), Button("برداشتن", REMOVE)
        self.check, self.publish = Button("بررسی", CHECK), Button("به اجرا گذاشتن…", PUBLISH, "primary")
        self.try_out, self.history = Button("آزمایش", TRY), Button("نسخه‌ها", VERSIONS)
        self.take_in, self.export = Button("آوردن", IMPORT), Button("خروجی", EXPORT)
        self._lay_out()

    def show_draft(self, table: PolicyTable, categories: Mapping[str, str]) -> None:
        """Show the table as it stands, and the line chosen."""
        self.board.show_table(table, categories)
        self._hint.setVisible(not any(row.values for row in table.rows))
        key = self.board.key()
        if key is not None:
            self.show_line(table, key, categories)

    def show_line(self, table: PolicyTable, key: Key, categories: Mapping[str, str]) -> None:
        """Show a line on the card."""
        self.editor.show_line(table, key, self.board.group, categories)
        self.remove.setEnabled(not key.is_fallback)

    def show_state(self, stored: PolicyTable, in_force: int, *, changed: bool) -> None:
        """Which version this is, whether it decides today, and whether something was changed since."""
        since = f" · از {jalali.day_month_year(stored.effective_from)}" if stored.effective_from else ""
        self._version.say(f"{words.version_words(stored.version)}{since}")
        if changed:
            self._state.show_state("تغییرها هنوز در کار نیست", Tone.WARN)
        elif stored.version == in_force:
            self._state.show_state("در حال اجرا", Tone.OK)
        else:
            kept = stored.status is RuleStatus.DRAFT
            self._state.show_state("پیش‌نویس" if kept else "در انتظار تاریخ اجرا", Tone.INFO)

    def _lay_out(self) -> None:
        title = Label("قواعد امانت", "title")
        title.setSizePolicy(
            QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred
        )  # the version gives way, not the name
        heading = row(
            title, self._version, self._state, None,
            self.try_out, self.history, self.take_in, self.export, gap=8,
        )  # fmt: skip
        table = column(self.board, Flow(self.new, self.copy, self.remove, self.check, self.publish), gap=12)
        table.setStretch(0, 1)
        side = column(self.editor, Label("منبع تغییرها", "muted"), self.source, gap=6)
        side.setStretch(0, 1)
        work = row(table, side, gap=14)
        work.setStretch(0, 1)
        whole = column(heading, self.banner, self.panel, self.board.pills, self._hint, work, gap=12)
        whole.setStretch(5, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.board)
