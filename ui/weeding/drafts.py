"""The four drafts: the scan box, the tiles, the list of the chosen one, and the card of the chosen copy."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.devices.scan import Scan, Source, read_scan
from app.persian import jalali
from app.persian.digits import to_persian
from app.weeding.explain import CRITERION, in_order
from app.weeding.facts import House
from app.weeding.queries import standings
from app.weeding.reads import draft_of, rows_of
from app.weeding.rules import CRITERIA
from db.codes import WeedingReason
from reports.lists import list_xlsx
from ui.circulation.words import Said
from ui.paper.saving import SavePanel
from ui.session import Session
from ui.style import look
from ui.theme import Tone
from ui.undoing import undo_and_say
from ui.weeding import words
from ui.weeding.archive import STEPS
from ui.weeding.details import Beside, DetailsCard, read_details
from ui.weeding.finishing import NOTHING_LISTED, Finishing
from ui.weeding.listing import Listing
from ui.weeding.rows import GROUP_NAME, MINUTES_NAME, DraftLine, draft_table, stored_line
from ui.weeding.tiles import StepLine, Tiles
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.inputs import Choice
from ui.widgets.labels import isolate
from ui.widgets.layouts import column, row
from ui.widgets.panel import Panel
from ui.widgets.row_list import RowList
from ui.widgets.search_box import SearchBox
from ui.widgets.steps import Steps

FREEZE, PREVIEW, ARCHIVE, REMOVE = "Ctrl+P", "Ctrl+D", "Ctrl+B", "Delete"
DETAILS_AFTER_MS = 60
_CRITERION_WIDTH, _LEAST_LIST = 270, 210
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Drafts(QWidget):
    """Each scan puts a copy on the draft of the chosen reason. `archive_wanted` asks for the finalised ones; the papers
    come from `finishing`."""

    archive_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.box = SearchBox("برچسب نسخه را اسکن کنید…")
        self.criterion = Choice()
        self.tiles, self.banner = Tiles(), Banner()
        self.panel, self.freeze_panel, self.saving = Panel(), Panel(), SavePanel()
        self.list = RowList(draft_table(), noun="نسخه")
        self.listing = Listing(session, self.panel, self)
        self.finishing = Finishing(session, self.freeze_panel, self)
        self._remove = Button("برداشتن از فهرست", REMOVE, icon="trash")
        self.details = DetailsCard(self._remove)
        self._details_timer = QTimer(self, singleShot=True, interval=DETAILS_AFTER_MS)
        self._lay_out()
        self._connect()
        self.choose_reason(WeedingReason.CONTENT)

    @Slot(object)
    def choose_reason(self, reason: WeedingReason) -> None:
        """Work on the minutes of another reason."""
        if self._must_answer_first():
            return
        name = MINUTES_NAME[reason]
        self.panel.close_question()
        self.listing.reason = reason
        self.tiles.choose(reason)
        self.box.show_badge(name)
        self.criterion.set_options(
            tuple((code, f"{in_order(to_persian(code))} {CRITERION[code]}") for code in CRITERIA[reason])
        )
        self.list.set_title(GROUP_NAME[reason])
        self.reload()
        self.focus_box()

    def reload(self) -> None:
        """Read the chosen draft and the standing of all four anew."""
        with self._session.library.store.read() as reader:
            draft = draft_of(reader, self.listing.reason)
            rows = rows_of(reader, draft.id) if draft else []
        self.list.set_rows([stored_line(row) for row in reversed(rows)])
        self._count()
        self._show_details()

    def on_escape(self) -> None:
        """Close the question that stands; the scan box is empty then and has the focus."""
        if self.freeze_panel.is_open():
            self.finishing.withdraw()
        elif self.panel.is_open():
            self.listing.withdraw()
        elif self.saving.is_open():
            self.saving.close_question()
        else:
            self.box.clear()
            self.banner.hide()
        self.focus_box()

    def undo(self) -> None:
        """Ctrl+Z: take back this desk's last action."""
        if self._must_answer_first():
            return
        self.banner.show()
        if undo_and_say(self._session, self.banner):
            self.reload()

    def ask_freeze(self) -> None:
        """Ctrl+P: the question before the draft becomes a numbered, frozen paper."""
        if self._must_answer_first():
            return
        if not self.list.table.total():
            self.say(NOTHING_LISTED)
            return
        self.panel.close_question()
        self.listing.hold()
        self.finishing.ask(self.listing.reason, self.list.table.total())

    def show_draft(self) -> None:
        """Ctrl+D: the paper as it would be, marked as a draft."""
        if not self._must_answer_first():
            self.listing.hold()
            self.finishing.preview(self.listing.reason)

    def remove_chosen(self) -> None:
        """Delete: ask why the chosen copy leaves the list."""
        for line in self.list.view.chosen()[:1]:
            self.listing.ask_removal(line)

    def export(self) -> None:
        """The rows shown as an Excel file; the form itself is saved from its preview."""
        name = MINUTES_NAME[self.listing.reason]
        headings, *rows = self.list.sheet()
        day = jalali.short_latin(self._session.act().day).replace("/", "-")
        self.saving.save(self, f"{self.listing.reason}-{day}.xlsx", list_xlsx(f"پیش‌نویس {name}", headings, rows))

    @Slot(object)
    def say(self, said: Said) -> None:
        """Tell an outcome: banner and sound."""
        self.banner.show_outcome(said.tone, said.title, *said.detail, undo=said.undo)
        self.banner.show()
        self._session.sounds.play(said.sound)

    def tell(self, tone: Tone, title: str, detail: str) -> None:
        """Put something on the banner that makes no sound."""
        self.banner.show_outcome(tone, title, detail)
        self.banner.show()

    @Slot()
    def focus_box(self) -> None:
        """The next scan or number goes into the box, unless something is being asked in writing."""
        if not self.listing.is_writing():
            self.box.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The arrows move in the list, and Delete takes from it, while the scan box has the focus and is empty.
        if watched is not self.box.edit or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.key() in _MOVES:
            if event.type() == QEvent.Type.KeyPress:
                QApplication.sendEvent(self.list.view, event)
            return True
        if event.key() == Qt.Key.Key_Delete and not self.box.edit.text():
            event.ignore()
            return event.type() == QEvent.Type.ShortcutOverride
        return super().eventFilter(watched, event)

    def _must_answer_first(self) -> bool:
        if self.listing.is_asking():
            self.say(words.ANSWER_FIRST)
            return True
        return False

    @Slot(str)
    def _typed(self, text: str) -> None:
        scan = read_scan(text, Source.KEYBOARD)
        if isinstance(scan, Scan):
            self.listing.take(scan.text)
        else:
            self.say(words.unknown(text))

    @Slot(object)
    def _add(self, line: DraftLine) -> None:
        self.list.table.insert_on_top(line)
        self.list.view.choose(line.item_id)
        self._count()

    @Slot(object)
    def _take_out(self, item_id: object) -> None:
        self.list.table.remove_row(item_id)
        self._count()
        self._details_timer.start()

    def _count(self) -> None:
        year = jalali.year(self._session.act().day)
        with self._session.library.store.read() as reader:
            self.tiles.show_standings(standings(reader, year), year)

    @Slot()
    def _show_details(self) -> None:
        chosen = self.list.view.chosen()[:1]
        house, today = House(self._session.library.branch.space_shortage), self._session.act().day
        for line in chosen:
            with self._session.library.store.read() as reader:
                details = read_details(reader, line, house, today)
            if details is not None:
                self.details.show_copy(details)
                return
        self.details.show_group(self.listing.reason)

    @Slot()
    def _set_criterion(self) -> None:
        self.listing.criterion = self.criterion.code()

    @Slot(int)
    def _show_waiting(self, scans: int) -> None:
        for shown in (self.panel, self.freeze_panel, self.box):
            shown.set_waiting(scans)

    @Slot(str)
    def _show_work(self, name: str) -> None:
        self.tell(Tone.INFO, "برگه آماده می‌شود…", name)

    @Slot(str)
    def _saved(self, path: str) -> None:
        self.tell(Tone.OK, "ذخیره شد", isolate(path))

    def _lay_out(self) -> None:
        self.criterion.setAccessibleName("معیار وجین")
        self.criterion.setFixedWidth(look().px(_CRITERION_WIDTH))
        self.box.add_end(self.criterion)
        self.list.set_empty(
            "این صورتجلسه هنوز نسخه‌ای ندارد", "برچسب نسخه را اسکن کنید یا شمارهٔ ثبت را بنویسید.", "barcode"
        )
        self._archive = Button("بایگانی", ARCHIVE)
        self._preview = Button("پیش‌نمایش", PREVIEW)
        self._freeze = Button("نهایی کردن و چاپ", FREEZE, "primary")
        steps = Steps()
        steps.show_steps(STEPS, 0)  # a draft is always at the first step
        actions = StepLine(steps, self._archive, self._preview, self._freeze)
        self.list.setMinimumHeight(look().px(_LEAST_LIST))
        lists = column(self.banner, self.list, gap=12)
        lists.setStretch(1, 1)
        work = row(lists, Beside(self.details, self.panel, self.freeze_panel, self.saving), gap=14)
        work.setStretch(0, 1)
        self.banner.hide()
        whole = column(self.box, self.tiles, actions, work, gap=12)
        whole.setStretch(3, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.box.edit.installEventFilter(self)
        self.box.submitted.connect(self._typed)
        self.criterion.currentIndexChanged.connect(self._set_criterion)
        self.tiles.chosen.connect(self.choose_reason)
        self.banner.undo_wanted.connect(self.undo)
        self.list.view.current_row.connect(lambda _: self._details_timer.start())
        self.list.export_wanted.connect(self.export)
        self._details_timer.timeout.connect(self._show_details)
        self._remove.clicked.connect(self.remove_chosen)
        self._archive.clicked.connect(self.archive_wanted)
        self._preview.clicked.connect(self.show_draft)
        self._freeze.clicked.connect(self.ask_freeze)
        self.saving.saved.connect(self._saved)
        self.listing.said.connect(self.say)
        self.listing.added.connect(self._add)
        self.listing.removed.connect(self._take_out)
        self.listing.stands.connect(self.list.view.choose)
        self.listing.waiting_changed.connect(self._show_waiting)
        self.listing.settled.connect(self.focus_box)
        self.finishing.said.connect(self.say)
        self.finishing.began.connect(self._show_work)
        self.finishing.ended.connect(self.listing.go_on)
