"""Reminders on their way out: making them, printing letters, exporting numbers and texts, marking what was sent."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.labels import NOTICE_CHANNEL, NOTICE_KIND
from app.library import BranchFacts
from app.notices.batches import Marked, Message, mark_notices, messages_due
from app.notices.making import Made, make_notices
from app.notices.texts import sms_parts
from app.outcome import NotFound
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import NoticeChannel, NoticeState
from reports.reminders import reminder_letters, reminder_slips
from reports.sms_list import sms_xlsx
from ui.calls import words
from ui.calls.rows import message_table
from ui.circulation.words import Said
from ui.jobs import Token
from ui.paper.paper import Paper
from ui.paper.saving import SavePanel
from ui.session import Session
from ui.sounds import Sound
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.inputs import Choice
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, row
from ui.widgets.row_list import RowList

MAKE, LETTERS, SLIPS, EXPORT, SENT, FAILED = "Ctrl+N", "Ctrl+P", "Ctrl+Shift+P", "Ctrl+E", "Ctrl+Enter", "Ctrl+Delete"
ALL = ""
EMPTY = (
    "یادآوری در نوبت نیست",
    "برنامه هر شب یادآوری‌ها را می‌سازد؛ با «ساختن یادآوری‌ها» همین حالا بسازید.",
    "circle-check",
)
WIDTH = 360
Printer = Callable[[BranchFacts, Sequence[Message], dt.date], bytes]


class Reminding(QWidget):
    """`said` goes to the banner, `printed` carries a paper to look at, `counted` how many are waiting."""

    said = Signal(object)
    printed = Signal(object)
    counted = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.channel = Choice(((ALL, "همهٔ راه‌ها"), *((way.value, NOTICE_CHANNEL[way]) for way in NoticeChannel)))
        self.channel.setAccessibleName("راه")
        self.list = RowList(message_table(), noun="یادآوری")
        self.list.set_empty(*EMPTY)
        self.saving = SavePanel()
        self._make = Button("ساختن یادآوری‌ها", MAKE, "primary", "refresh")
        self._letters = Button("چاپ نامه‌ها", LETTERS, icon="printer")
        self._slips = Button("برگه‌های یادآوری", SLIPS, icon="printer")
        self._export = Button("فهرست پیامک", EXPORT, icon="file-spreadsheet")
        self._sent = Button("ارسال شد", SENT, "primary", "check")
        self._failed = Button("نرسید", FAILED, icon="x")
        self._title, self._how = Label("", "heading", wrap=True), Label("", "muted", wrap=True)
        self._text, self._count = Label("", wrap=True), Label("", "small")
        self._lay_out()
        self._connect()

    def reload(self) -> None:
        """Read what is to be sent anew."""
        library, today = self._session.library, self._session.act().day
        with library.store.read() as reader:
            found = messages_due(library, reader, today)
        way = self.channel.code()
        shown = [message for message in found if way in (ALL, message.first.channel)]
        self.list.set_rows(shown)
        self.counted.emit(len(found))
        if not self.list.view.chosen():
            self.list.view.choose_place(0)
        chosen = self.list.view.chosen()
        if chosen:
            self._show(chosen[0])
        else:
            self._show_nothing()

    def on_escape(self) -> bool:
        """Close the question about a file."""
        if self.saving.is_open():
            self.saving.close_question()
            return True
        return False

    @Slot()
    def make(self) -> None:
        """Ctrl+N: make what is due today."""
        outcome = make_notices(self._session.library, self._session.act())
        if isinstance(outcome, Made):
            gone = f"{number(outcome.cancelled)} یادآوری بی‌مورد لغو شد" if outcome.cancelled else ""
            title = f"{number(outcome.total)} یادآوری تازه ساخته شد" if outcome.total else "یادآوری تازه‌ای نبود"
            self.said.emit(Said(Tone.OK, title, (gone,) if gone else (), Sound.CHECKED_IN))
        else:
            self.said.emit(words.refused(outcome.refusals))
        self.reload()

    @Slot()
    def print_letters(self) -> None:
        """Ctrl+P: a letter on A4 for each line shown."""
        self._print(reminder_letters, "نامه‌های یادآوری", "reminders")

    @Slot()
    def print_slips(self) -> None:
        """Ctrl+Shift+P: three slips a page."""
        self._print(reminder_slips, "برگه‌های یادآوری", "reminder-slips")

    @Slot()
    def export(self) -> None:
        """Ctrl+E: numbers and texts of the lines shown that go by SMS."""
        library, today = self._session.library, self._session.act().day
        messages = [one for one in self.list.table.shown_rows() if one.first.channel is NoticeChannel.SMS]
        if not messages:
            self.said.emit(Said(Tone.WARN, "پیامکی در فهرست نیست", (), Sound.REFUSED))
            return
        day = jalali.short_latin(today).replace("/", "-")
        self.saving.save(self, f"sms-{day}.xlsx", sms_xlsx(library.branch, messages, today))

    def mark(self, state: NoticeState) -> None:
        """Ctrl+Enter and Ctrl+Delete: what became of the chosen lines."""
        chosen: tuple[Message, ...] = self.list.view.chosen()
        if not chosen:
            return
        ids = [notice for message in chosen for notice in message.ids]
        outcome = mark_notices(self._session.library, ids, state, self._session.act())
        if isinstance(outcome, Marked):
            what = "ارسال‌شده" if state is NoticeState.SENT else "نرسیده"
            title = f"{number(len(chosen))} یادآوری {what} ثبت شد"
            self.said.emit(Said(Tone.OK, title, (isolate(chosen[0].first.name),), Sound.CHECKED_IN))
        elif not isinstance(outcome, NotFound):
            self.said.emit(words.refused(outcome.refusals))
        self.reload()

    def _print(self, printer: Printer, title: str, name: str) -> None:
        messages = tuple(self.list.table.shown_rows())
        if not messages:
            self.said.emit(Said(Tone.WARN, "یادآوری‌ای در فهرست نیست", (), Sound.REFUSED))
            return
        branch, today = self._session.library.branch, self._session.act().day
        job = self._session.jobs.start(title, partial(_printed, printer, branch, messages, today))
        facts = (f"{number(len(messages))} یادآوری", "پس از فرستادن، آن‌ها را «ارسال شد» بزنید.")
        job.finished.connect(lambda pdf: self.printed.emit(Paper(title, pdf, f"{name}.pdf", facts=facts, frozen=False)))
        job.failed.connect(_raise)

    @Slot(object)
    def _show(self, message: Message) -> None:
        first = message.first
        self._title.say(f"{NOTICE_KIND[first.kind]} — {isolate(first.name)}")
        self._how.say(f"{NOTICE_CHANNEL[first.channel]} · عضو {to_persian(first.member_no or '')}")
        self._text.say(message.text)
        self._count.say(f"{number(len(message.text))} نویسه · {number(sms_parts(message.text))} بخش پیامک")

    def _show_nothing(self) -> None:
        for label in (self._title, self._how, self._text, self._count):
            label.say("")

    def _lay_out(self) -> None:
        head = row(self._make, None, Label("راه", "muted"), self.channel, gap=8)
        body = column(
            self._title, self._how, 6, self._text, self._count, 6, Flow(self._sent, self._failed), None,
            Label("همهٔ فهرست", "strong"), Flow(self._letters, self._slips, self._export), gap=8,
        )  # fmt: skip
        side = Card(body)
        side.setFixedWidth(look().px(WIDTH))
        beside = column(self.saving, side, gap=10)
        beside.setStretch(1, 1)
        lists = column(head, self.list, gap=10)
        lists.setStretch(1, 1)
        work = row(lists, beside, gap=14)
        work.setStretch(0, 1)
        self.setLayout(work)
        self.setFocusProxy(self.list.view)

    def _connect(self) -> None:
        self.list.view.current_row.connect(self._show)
        self.list.export_wanted.connect(self.export)
        self.channel.currentIndexChanged.connect(lambda _: self.reload())
        for button, run in (
            (self._make, self.make),
            (self._letters, self.print_letters),
            (self._slips, self.print_slips),
            (self._export, self.export),
            (self._sent, partial(self.mark, NoticeState.SENT)),
            (self._failed, partial(self.mark, NoticeState.FAILED)),
        ):
            button.clicked.connect(run)
        self.saving.saved.connect(
            lambda path: self.said.emit(Said(Tone.OK, "ذخیره شد", (isolate(path),), Sound.CHECKED_IN))
        )


def _printed(printer: Printer, branch: BranchFacts, messages: Sequence[Message], today: dt.date, token: Token) -> bytes:
    token.check()
    return printer(branch, messages, today)


def _raise(error: BaseException) -> None:
    raise error  # told by the window, in three parts
