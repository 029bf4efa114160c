"""Minutes on their way (Ctrl+T): where each stands, what is due, what came back, and what can be done about it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.persian.digits import to_persian
from app.weeding.minutes.attaching import Attachment
from app.weeding.minutes.deliveries import Delivery
from app.weeding.minutes.tracking import MinutesDetail, Revision, TrackedMinutes, minutes_detail, tracked
from reports.lists import list_xlsx
from ui.keys import ESCAPE, KeyHelp
from ui.paper.saving import SavePanel
from ui.said import Said
from ui.session import Session
from ui.style import look
from ui.theme import Tone
from ui.weeding import words
from ui.weeding.attachments import Attachments
from ui.weeding.marking import MARK_HELP, Marking
from ui.weeding.papers import delivery_paper, edition_paper
from ui.weeding.tracking_acting import TrackingActs
from ui.weeding.tracking_card import ATTACH, LETTER, PAPER, TrackingCard
from ui.weeding.tracking_deeds import DEEDS
from ui.weeding.tracking_rows import is_under_way, lines_table, tracked_table
from ui.weeding.way import step_now, steps_of
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row
from ui.widgets.panel import Panel
from ui.widgets.row_list import RowList
from ui.widgets.scroll import Scroll
from ui.widgets.steps import Steps

TITLE = "پیگیری صورتجلسه‌های وجین"
KEYS = (
    *(KeyHelp(deed.key, deed.label) for deed in DEEDS.values()),
    KeyHelp(words.YES_KEY, "تأیید، در پاسخ پرسش"),
    KeyHelp(*MARK_HELP),
    KeyHelp(PAPER, "دیدن برگهٔ صورتجلسه"),
    KeyHelp(ATTACH, "پیوست کردن نامه یا رسید"),
    KeyHelp(LETTER, "چاپ نامهٔ منابع ردشده"),
)
_SIDE, _LEAST_LIST, _LEAST_ROWS = 350, 130, 170


class Tracking(QWidget):
    """`closed` leads back to the lists; `paper_wanted` carries the paper to show (`ui.paper.paper.Paper`)."""

    closed = Signal()
    paper_wanted = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._detail: MinutesDetail | None = None
        self.banner, self.panel, self.saving = Banner(), Panel(), SavePanel()
        self.banner.hide()
        self.list = RowList(tracked_table(lambda: session.act().day), noun="صورتجلسه", tools=False)
        self.list.set_empty(
            "صورتجلسه‌ای در راه نیست",
            "صورتجلسه‌ای را نهایی کنید؛ فرستادن، پاسخ‌ها و مهلت‌های آن اینجا پیگیری می‌شود.",
            "file-text",
        )
        self.rows = RowList(lines_table(session.library.branch.kind), noun="نسخه")
        self.card, self.steps = TrackingCard(), Steps()
        self.marking = Marking(self.rows)
        self.acting = TrackingActs(session, self.panel, self.marking, self)
        self.attachments = Attachments(session, self.saving, self)
        self._side = Scroll(self._beside())
        self._side.setFixedWidth(look().px(_SIDE))
        self._lay_out()
        self._connect()

    def reload(self) -> None:
        """Read the minutes on their way anew; the chosen ones stay chosen. A question that stands is left alone."""
        if self.acting.is_asking():
            return
        with self._session.library.store.read() as reader:
            under_way = [minutes for minutes in tracked(reader) if is_under_way(minutes)]
        self.list.set_rows(under_way)
        self.rows.setVisible(bool(under_way))
        self._side.setVisible(bool(under_way))
        if not self.list.view.chosen():
            self.list.view.choose_place(0)
        chosen = self.list.view.chosen()
        self._show(chosen[0] if chosen else None)

    def choose(self, number: str) -> None:
        """Choose minutes by their number («1405/12»)."""
        self.list.view.choose(number)

    def on_escape(self) -> None:
        """Close the question that stands, else the part of the page."""
        if self.acting.is_asking():
            self.acting.withdraw()
        elif self.saving.is_open():
            self.saving.close_question()
        else:
            self.banner.hide()
            self.closed.emit()

    @Slot(object)
    def say(self, said: Said) -> None:
        """Tell what happened."""
        self.banner.show()
        self.banner.show_outcome(said.tone, said.title, *said.detail, undo=said.undo)
        self._session.sounds.play(said.sound)

    @Slot(object)
    def _chosen(self, minutes: TrackedMinutes) -> None:
        if self._detail is not None and self._detail.minutes == minutes:
            return
        if self.acting.is_asking():  # the question was about other minutes
            self.acting.withdraw()
        self._show(minutes)

    def _show(self, minutes: TrackedMinutes | None) -> None:
        detail = None
        if minutes is not None:
            with self._session.library.store.read() as reader:
                detail = minutes_detail(reader, minutes.id)
        self._detail = detail
        self.marking.show(detail)
        self.card.show_detail(detail, self._session.act().day)
        self.steps.setVisible(detail is not None)
        if detail is not None:
            library = self._session.library
            self.steps.show_steps(steps_of(library.guideline.terms, library.branch.kind), step_now(0, detail.minutes))

    @Slot(str)
    def _ask(self, name: str) -> None:
        if self._detail is not None:
            self.banner.hide()
            self.acting.ask(name, self._detail)
            self.card.setVisible(not self.acting.is_asking())
            self._side.to_top()

    @Slot(str)
    def _tell_busy(self, what: str) -> None:
        self.banner.show()
        self.list.setEnabled(False)  # its marks belong to the minutes that were asked about
        self.banner.show_outcome(Tone.INFO, f"{what}: برگه ساخته می‌شود…", "می‌توانید کار را ادامه دهید.")

    @Slot()
    def _made(self) -> None:
        self.list.setEnabled(True)

    @Slot()
    def _settled(self) -> None:
        self.card.show()
        self.list.view.setFocus()

    @Slot(object)
    def _open_edition(self, edition: Revision) -> None:
        if self._detail is not None:
            self.paper_wanted.emit(edition_paper(self._session.library, self._detail.minutes, edition))

    @Slot(object)
    def _open_attachment(self, attachment: Attachment) -> None:
        self.attachments.open(attachment)

    @Slot(object)
    def _open_delivery(self, delivery: Delivery) -> None:
        self.paper_wanted.emit(delivery_paper(self._session.library, delivery))

    @Slot()
    def _attach(self) -> None:
        if self._detail is not None:
            self.attachments.choose(self, self._detail.minutes.id)

    @Slot()
    def _print_letter(self) -> None:
        if self._detail is not None:
            self.attachments.refused_letter(self._detail.minutes)

    @Slot()
    def _export(self) -> None:
        """The rows of the chosen minutes, with what every level ruled."""
        if self._detail is not None:
            headings, *lines = self.rows.sheet()
            title = f"صورتجلسهٔ {to_persian(self._detail.minutes.number)}"
            self.saving.save(self, "weeding-rulings.xlsx", list_xlsx(title, headings, lines))

    def _beside(self) -> QWidget:
        beside = QWidget()
        parts = column(self.panel, self.saving, self.card, None, gap=10)
        parts.setStretch(2, 1)
        beside.setLayout(parts)
        return beside

    def _lay_out(self) -> None:
        back = Button("بازگشت به فهرست‌ها", ESCAPE)
        back.clicked.connect(self.on_escape)
        heading = row(Label(TITLE, "title"), None, back, gap=10)
        self.list.setMinimumHeight(look().px(_LEAST_LIST))
        self.rows.setMinimumHeight(look().px(_LEAST_ROWS))
        lists = column(self.list, self.rows, gap=10)
        lists.setStretch(0, 2)
        lists.setStretch(1, 3)
        work = row(lists, self._side, gap=14)
        work.setStretch(0, 1)
        whole = column(heading, self.steps, self.banner, work, gap=10)
        whole.setStretch(3, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.list.view)

    def _connect(self) -> None:
        self.list.view.current_row.connect(self._chosen)
        self.rows.export_wanted.connect(self._export)
        self.card.wanted.connect(self._ask)
        self.card.attach_wanted.connect(self._attach)
        self.card.letter_wanted.connect(self._print_letter)
        self.card.paper_wanted.connect(self._open_edition)
        self.card.attachment_wanted.connect(self._open_attachment)
        self.card.delivery_wanted.connect(self._open_delivery)
        self.acting.said.connect(self.say)
        self.acting.done.connect(self.reload)
        self.acting.settled.connect(self._settled)
        self.acting.busy.connect(self._tell_busy)
        self.acting.made.connect(self._made)
        self.attachments.said.connect(self.say)
        self.attachments.filed.connect(self.reload)
        self.attachments.paper_wanted.connect(self.paper_wanted)
