"""Before the shelves: sessions that go on, those that are over, and the form that begins a new one."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.labels import SECTION
from app.outcome import Refused
from app.persian.digits import number, to_persian
from app.stocktake.facts import Started
from app.stocktake.queries import ClassReading, SessionLine, last_reading, sessions
from app.stocktake.sessions import Beginning, expected_in, start
from ui.jobs import Job
from ui.session import Session
from ui.sounds import Sound
from ui.stocktake import words
from ui.stocktake.rows import class_table, session_table
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import text_of
from ui.widgets.labels import Label
from ui.widgets.layouts import column, emptied, row
from ui.widgets.notice import Notice
from ui.widgets.row_list import RowList

_NARROWEST = 410
COUNT_AFTER_MS = 150
BEGIN, NEW = "Ctrl+S", "Ctrl+N"
_WHOLE = "خالی یعنی بی‌کران؛ هر چه با آن آغاز شود در محدوده است."


def _fields() -> tuple[Field, ...]:
    sections = (("", "همهٔ بخش‌ها"), *SECTION.items())
    return (
        Field("name", "نام رف‌خوانی", required=True, longest=120, help="مانند «پاییز ۱۴۰۵، ادبیات»."),
        Field("section", "بخش", Kind.CHOICE, options=sections),
        Field("first", "از رده یا شمارهٔ راهنما", longest=60, help=_WHOLE),
        Field("last", "تا رده یا شمارهٔ راهنما", longest=60),
    )


class Starting(QWidget):
    """`opened` carries the session to go on with, `paper_wanted` one that is over."""

    opened = Signal(object)
    paper_wanted = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.list = RowList(session_table(), tools=False)
        self.classes = RowList(class_table(session.act().day), tools=False, row_height=34)
        self.form = Form(_fields(), lambda: session.act().day, columns=2)
        self.begin = Button("آغاز رف‌خوانی", BEGIN, "primary", "checkup-list")
        self.expected = Label("", "muted", wrap=True)
        self._job: Job[int] | None = None
        self._count_timer = QTimer(self, singleShot=True, interval=COUNT_AFTER_MS)
        self._notices = QVBoxLayout()
        self._lay_out()
        self._connect()

    def setFocus(self) -> None:  # type: ignore[override]
        """Ready for keys: the list while there is one, the form else."""
        if self.list.table.rowCount():
            self.list.view.setFocus()
        else:
            self.form.input("name").setFocus()

    def focus_form(self) -> None:
        """Ctrl+N: write a new one down."""
        self.form.input("name").setFocus()

    def reload(self) -> None:
        """Read sessions and timetable anew."""
        with self._session.library.store.read() as reader:
            lines, last = sessions(reader), last_reading(reader)
        self.list.set_rows(lines)
        self.classes.set_rows(last.classes)
        self._show_expected()

    def on_escape(self) -> bool:
        """Take the refusal away; False when there was none."""
        had = self._notices.count() > 0
        emptied(self._notices)
        return had

    @Slot()
    def _begin(self) -> None:
        if not self.form.check():
            return
        outcome = start(self._session.library, self._beginning(), self._session.act())
        emptied(self._notices)
        match outcome:
            case Started():
                self.form.set_values({"name": "", "first": "", "last": "", "section": ""})
                self._session.sounds.play(Sound.CHECKED_OUT)
                self._session.refresh.tell("stocktake")
                self.opened.emit(outcome.session_id)
            case Refused(refusals):
                reasons = words.reasons(refusals)
                lines = [f"{reason.text} {reason.way_out}".strip() for reason in reasons]
                self._notices.addWidget(Notice("آغاز نشد", lines, Tone.REFUSE))
                self._session.sounds.play(Sound.REFUSED)

    def _beginning(self) -> Beginning:
        values = self.form.values()
        return Beginning(
            text_of(values, "name") or "",
            text_of(values, "first") or "",
            text_of(values, "last") or "",
            text_of(values, "section") or None,
        )

    @Slot()
    def _show_expected(self) -> None:
        """How many copies the range would expect, while it is written; of a large library it is counted beside it."""
        self.expected.say("نسخه‌های این محدوده شمرده می‌شود…")
        self._count_timer.start()

    @Slot()
    def _count(self) -> None:
        if self._job is not None:
            self._job.cancel()
        library, beginning = self._session.library, self._beginning()
        self._job = self._session.jobs.start("شمارش محدودهٔ رف‌خوانی", lambda _: expected_in(library, beginning))
        self._job.finished.connect(self._counted)
        self._job.failed.connect(self._failed)

    @Slot(object)
    def _counted(self, count: int) -> None:
        if self.sender() is self._job:
            self._job = None
            told = f"{number(count)} نسخه باید در این قفسه‌ها باشد." if count else "نسخه‌ای در این محدوده نیست."
            self.expected.say(told)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        if self.sender() is self._job:
            self._job = None
        raise error  # told by the window, in three parts

    @Slot(object)
    def _take_class(self, one: ClassReading) -> None:
        """A class of the timetable becomes the range."""
        first, last = (to_persian(f"{one.main_class}{ending}") for ending in ("00", "99"))
        self.form.set_values({"first": first, "last": last, "section": "main"})
        self._show_expected()
        self.form.input("name").setFocus()

    @Slot(object)
    def _open(self, line: SessionLine) -> None:
        if line.session.document_id is None:
            self.opened.emit(line.session.id)
        else:
            self.paper_wanted.emit(line.session.id)

    def _lay_out(self) -> None:
        hint = Label("رده‌ای از جدول را با Enter برگزینید، یا محدوده را خودتان بنویسید.", "muted", wrap=True)
        send = row(self.begin, None)
        form = column(Label("رف‌خوانی تازه", "heading"), hint, self.form, self._notices, self.expected, send, gap=8)
        beside = QWidget()
        side = column(Card(form, padding=16), self.classes, gap=12)
        side.setStretch(1, 1)
        beside.setLayout(side)
        beside.setMinimumWidth(look().px(_NARROWEST))
        whole: QHBoxLayout = row(self.list, beside, gap=14)
        whole.setStretch(0, 1)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.list.set_empty(
            "هنوز رف‌خوانی‌ای نشده است",
            "رف‌خوانی، قفسه را با دفتر می‌سنجد: گم‌شده، جابه‌جا و پیداشده روشن می‌شود. محدوده را بنویسید و آغاز کنید.",
            "checkup-list",
        )

    def _connect(self) -> None:
        self.begin.clicked.connect(self._begin)
        self.form.changed.connect(self._show_expected)
        self._count_timer.timeout.connect(self._count)
        self.list.view.row_opened.connect(self._open)
        self.classes.view.row_opened.connect(self._take_class)
