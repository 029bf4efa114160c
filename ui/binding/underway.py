"""Requests with a number: sending them with their books, receiving by scan with one key for the outcome."""

from typing import assert_never

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.binding import queries
from app.binding.letter import CoverLetter, cover_letter
from app.binding.queries import RequestLine
from app.binding.reads import rows_of
from app.binding.receiving import BackFromBindery, receive_copy
from app.binding.rules import Step, step_refusals
from app.labels import BINDING_OUTCOME, BINDING_STATE
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.persian.digits import number
from app.refusal import NO_ANSWER, Answer, Weight
from db.codes import WEEDED, BindingOutcome
from reports.binding_letter import TITLE, print_cover_letter
from ui.binding import words
from ui.binding.asking import Side
from ui.binding.request_card import RequestCard
from ui.binding.rows import copies_table, request_table
from ui.binding.steps import Steps
from ui.paper.paper import Paper
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.inputs import Tick
from ui.widgets.labels import isolate
from ui.widgets.layouts import Flow, column, row
from ui.widgets.row_list import RowList

FORM, LETTER_KEY, COVER, BILL_KEY = "Ctrl+P", "Ctrl+B", "Ctrl+O", "Ctrl+M"


class UnderwayPart(QWidget):
    """`printed` carries a paper; `counted` how many requests are on their way, and how many are overdue."""

    said = Signal(object)
    printed = Signal(object)
    counted = Signal(int, int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.list = RowList(request_table(lambda: session.act().day), tools=False)
        self.list.set_empty(
            "درخواستی در راه صحافی نیست",
            "در بخش «درخواست تازه» نسخه‌ها را اسکن کنید و به درخواست شماره بدهید.",
            "needle-thread",
        )
        self.copies = RowList(copies_table(), tools=False)
        self.copies.set_empty("درخواستی برگزیده نیست")
        self.all = Tick("پایان‌یافته‌ها")
        self._form, self._letter, self._cover, self._bill = (
            Button("فرم شماره یک", FORM, icon="printer"),
            Button("شمارهٔ نامه", LETTER_KEY, icon="file-text"),
            Button("نامه", COVER, icon="printer"),
            Button("صورت‌حساب", BILL_KEY, icon="cash"),
        )
        self.card = RequestCard(lambda: session.act().day)
        self.side = Side(session, self.card)
        self.steps = Steps(session, self.side, self)
        self._lay_out()
        self._connect()

    def reload(self) -> None:
        """Read the requests anew; the chosen one stays chosen."""
        today = self._session.act().day
        with self._session.library.store.read() as reader:
            open_ones = queries.underway(reader)
            found = queries.numbered(reader) if self.all.isChecked() else open_ones
        self.list.set_rows(found)
        self.counted.emit(len(open_ones), sum(line.is_overdue(today) for line in open_ones))
        if not self.list.view.chosen():
            self.list.view.choose_place(0)
        self._show(self.chosen())

    def chosen(self) -> RequestLine | None:
        """The request that is chosen."""
        return next(iter(self.list.view.chosen()), None)

    def choose_newest(self) -> None:
        """The request that has just got its number is the one to be sent."""
        with self._session.library.store.read() as reader:
            newest = next(iter(queries.numbered(reader)), None)
        if newest is not None:
            self.list.view.choose(newest.request.id)

    def on_escape(self) -> bool:
        """Leave the question unanswered."""
        if self.side.is_asking():
            self.side.withdraw()
            return True
        return False

    def take(self, code: str, answer: Answer = NO_ANSWER) -> None:
        """A scanned label: its copy is back, with the outcome that is chosen on the card. A question that stood is
        left."""
        self.on_escape()
        if self.card.came_on.is_wrong():
            self.said.emit(Said(Tone.REFUSE, "دریافت نشد", ("روز بازگشت درست نوشته نشده است.",), Sound.REFUSED))
            return
        came, card = self.card.outcome(), self.card
        outcome = receive_copy(self._session.library, code, came, self._session.act(), card.cost(), card.day(), answer)
        match outcome:
            case BackFromBindery():
                self._received(outcome)
            case Refused():
                self._refuse(code, outcome, answer)
            case NotFound():
                self.said.emit(words.unknown(code))
            case _:
                assert_never(outcome)

    def _refuse(self, code: str, outcome: Refused, answer: Answer) -> None:
        asked = frozenset(refusal.code for refusal in outcome.refusals)
        if any(refusal.weight is not Weight.CONFIRM for refusal in outcome.refusals) or asked <= answer.confirm:
            self.said.emit(words.refused(outcome.refusals, "دریافت نشد"))
            return
        self._session.sounds.play(Sound.ATTENTION)
        title = f"نتیجه «{BINDING_OUTCOME[self.card.outcome()]}» شود؟"
        self.side.ask(
            Tone.WARN, title, words.reasons(outcome.refusals), "بشود",
            lambda _: self.take(code, Answer(confirm=asked)),
        )  # fmt: skip

    def _received(self, outcome: BackFromBindery) -> None:
        came = outcome.row.outcome or BindingOutcome.BOUND
        first = "پیش‌تر دریافت شده است" if outcome.already else BINDING_OUTCOME[came]
        left = "درخواست کامل شد." if outcome.closed else f"{number(outcome.left)} نسخه مانده است."
        kept = f"برای {isolate(outcome.hold_for.name)} کنار بگذارید. " if outcome.hold_for else ""
        day, today = outcome.row.received_on, self._session.act().day
        when = f" روز بازگشت: {jalali.day_month(day)}." if day is not None and day != today else ""
        aside = outcome.row.status in WEEDED or outcome.row.on_minutes_id is not None
        attention = outcome.hold_for is not None or aside or came in (BindingOutcome.UNBINDABLE, BindingOutcome.LOST)
        tone = Tone.INFO if outcome.already else Tone.WARN if attention else Tone.OK
        self.said.emit(
            Said(
                tone,
                f"{first} — {words.copy_of(outcome.row)}",
                (f"{kept}{words.after(outcome.row)} {left}{when}",),
                Sound.ATTENTION if attention else Sound.CHECKED_IN,
                "" if outcome.already else "دریافت از صحافی",
            )
        )
        self.card.clear_cost()
        self._changed()
        self.list.view.choose(outcome.request.id)

    @Slot()
    def show_form(self) -> None:
        """Ctrl+P: the frozen form, as it was printed."""
        line = self.chosen()
        if line is None:
            return
        with self._session.library.store.read() as reader:
            pdf = queries.paper_of(reader, line.request.document_id)
            sheet = queries.paper_of(reader, line.request.sheet_id)
        if pdf is not None and sheet is not None:
            day = line.request.requested_on
            facts = (BINDING_STATE[line.request.state], *((jalali.day_month_year(day),) if day else ()))
            title = words.named(line.request)
            self.printed.emit(Paper(title, pdf.content, pdf.file_name, sheet.content, sheet.file_name, facts))

    @Slot()
    def show_letter(self) -> None:
        """Ctrl+O: the letter that the request goes to the head of the county with."""
        line = self.chosen()
        if line is None:
            return
        letter = cover_letter(self._session.library, line.request.id)
        if isinstance(letter, CoverLetter):
            name = f"binding-letter-{letter.number.replace('/', '-')}.pdf"
            facts = (words.named(line.request), f"{number(letter.copies)} نسخه")
            self.printed.emit(Paper(TITLE, print_cover_letter(letter), name, facts=facts, frozen=False))
        elif isinstance(letter, Refused):
            self.said.emit(words.refused(letter.refusals, "این درخواست نامه ندارد"))

    def _changed(self) -> None:
        self._session.refresh.tell("binding", "items", "loans")
        self.reload()

    @Slot(object)
    def _show(self, line: RequestLine | None) -> None:
        with self._session.library.store.read() as reader:
            copies = rows_of(reader, line.request.id) if line else []
        self.copies.set_rows(copies)
        self.card.show_request(line, self._session.act().day)
        self._form.setEnabled(line is not None)
        self._letter.setEnabled(line is not None)
        self._cover.setEnabled(line is not None)
        self._bill.setEnabled(line is not None and not tuple(step_refusals(line.request.state, Step.BILL)))

    def _lay_out(self) -> None:
        buttons = Flow(self._form, self._letter, self._cover, self._bill, self.all, gap=6)
        above = column(buttons, self.list, self.copies, gap=10)
        above.setStretch(1, 1)
        above.setStretch(2, 1)
        whole = row(above, self.side, gap=14)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.list.view)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _connect(self) -> None:
        self.all.toggled.connect(lambda _: self.reload())
        self.list.view.current_row.connect(self._show)
        self.card.written.connect(self.take)
        for signal, run in (
            (self.card.send_wanted, self.steps.ask_sending), (self.card.receive_wanted, self.steps.ask_receiving),
            (self.card.cancel_wanted, self.steps.ask_cancelling), (self._letter.clicked, self.steps.ask_letter),
            (self._bill.clicked, self.steps.ask_bill),
        ):  # fmt: skip
            signal.connect(lambda *_, run=run: run(self.chosen()))
        self._form.clicked.connect(self.show_form)
        self._cover.clicked.connect(self.show_letter)
        self.steps.said.connect(self.said)
        self.side.settled.connect(self.setFocus)
        self.steps.changed.connect(self._changed)
