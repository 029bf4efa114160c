"""Copies of other libraries that were brought back here: whose they are, since when, and their way home (sync-protocol
11). A scan means that the copy goes into its parcel."""

from collections import deque
from typing import assert_never

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.circulation.elsewhere import (
    Sighted,
    Sighting,
    SightingForm,
    foreign_copies,
    see_return,
    send_home,
    sightings,
)
from app.circulation.finding import unlabelled
from app.circulation.outcomes import CardInstead, OfOtherBranch
from app.exchange.libraries import all_libraries
from app.exchange.rules import LibraryFacts
from app.items.queries import find_copy
from app.outcome import NotFound, Refused
from app.refusal import Refusal
from reports.strangers import UNNAMED, address_of, home_xlsx
from ui.binding.asking import Side
from ui.network import words
from ui.network.papers import dated, home_paper
from ui.network.rows import strangers_table
from ui.session import Session
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.facts import Facts
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import Values, text_of
from ui.widgets.inputs import Tick
from ui.widgets.labels import Label, ltr
from ui.widgets.layouts import Flow, column, row
from ui.widgets.panel import Reason
from ui.widgets.row_list import RowList

SENT, NAME, NEW, PRINT = "Ctrl+Enter", "Ctrl+E", "Ctrl+N", "Ctrl+P"
LABEL = Field("barcode", "برچسب کتاب", Kind.LATIN, required=True, longest=64)
LIBRARY = Field("library", "کتابخانهٔ آن", help="از روی مهر کتاب، اگر خواناست", longest=120)
REMARK = Field("remark", "یادداشت", help="نام خواننده را ننویسید.", longest=500)
WHAT_FOLLOWS = Reason("مرکز به کتابخانهٔ آن خبر می‌دهد تا امانت بسته شود.")


class StrangersPart(QWidget):
    """`counted` tells how many stand here and of how many the library is not known; `printed` carries a paper,
    `exported` name and bytes of a file."""

    said = Signal(object)
    counted = Signal(int, int)
    printed = Signal(object)
    exported = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._known: tuple[LibraryFacts, ...] = ()
        self._waiting: deque[str] = deque()
        self.list = RowList(strangers_table(lambda: session.act().day), noun="کتاب")
        self.list.set_empty(
            "کتابی از کتابخانه‌های دیگر اینجا نیست",
            "کتابی که مهر کتابخانهٔ دیگری دارد: برچسبش را اینجا یا در میز امانت اسکن کنید.",
            "building",
        )
        self.all = Tick("فرستاده‌ها هم")
        self.new = Button("بازگشت تازه", NEW, icon="plus")
        self.print = Button("فهرست بسته‌ها", PRINT, icon="printer")
        self._name, self._facts = Label("", "heading", wrap=True), Facts()
        self._how = Label("", "muted", wrap=True)
        self.sent = Button("فرستاده شد", SENT, "primary", "truck-delivery")
        self.name = Button("نام کتابخانه…", NAME, icon="pencil")
        card = Card(column(self._name, self._facts, self._how, 4, Flow(self.sent, self.name), None, gap=10))
        self.side = Side(session, card)
        self._lay_out()
        self._connect()

    def reload(self) -> None:
        """Read the copies anew."""
        with self._session.library.store.read() as reader:
            here = foreign_copies(reader)
            found = sightings(reader) if self.all.isChecked() else here
            self._known = all_libraries(reader)
        self.list.set_rows(found)
        self.counted.emit(len(here), sum(not one.library for one in here))
        self.print.setEnabled(bool(here))
        if not self.list.view.chosen():
            self.list.view.choose_place(0)
        self._show(self.chosen())

    def chosen(self) -> Sighting | None:
        """The copy that is chosen."""
        return next(iter(self.list.view.chosen()), None)

    def on_escape(self) -> bool:
        """Leave the question unanswered."""
        if self.side.is_asking():
            self.side.withdraw()
            return True
        return False

    def take(self, code: str) -> None:
        """A scanned label: a copy that stands here goes home, another one is noted. A question makes scans wait."""
        if self.side.is_asking():
            self._waiting.append(code)
            self.side.panel.set_waiting(len(self._waiting))
            self.said.emit(words.ANSWER_FIRST)
            return
        outcome = send_home(self._session.library, code, self._session.act())
        if isinstance(outcome, NotFound):
            self._unknown(code)
        else:
            self._went(outcome)

    @Slot()
    def send_chosen(self) -> None:
        """Ctrl+Enter: the chosen copy is on its way home."""
        one = self.chosen()
        if one is not None:
            self._went(send_home(self._session.library, one.id, self._session.act()))

    @Slot()
    def ask_new(self) -> None:
        """Ctrl+N: another copy was brought back here."""
        self._ask("کتاب کتابخانهٔ دیگر اینجا بازگشت", {})

    @Slot()
    def ask_name(self) -> None:
        """Ctrl+E: the stamp was read since."""
        one = self.chosen()
        if one is None or one.sent_home_on is not None:
            return
        why = Reason("اگر برچسبی در چند کتابخانه هست، مرکز با نام می‌داند کدام است.")
        self.side.ask(
            Tone.INFO, f"{ltr(one.barcode)} از کدام کتابخانه است؟", (why,), "ثبت نام",
            lambda values: self._save(one.barcode, values), (LIBRARY,),
        )  # fmt: skip
        self._fill({"library": one.library})

    @Slot()
    def print_list(self) -> None:
        """Ctrl+P: what is to be packed, library by library."""
        with self._session.library.store.read() as reader:
            here = foreign_copies(reader)
        self.printed.emit(home_paper(self._session.library.branch, here, self._known, self._session.act().day))

    @Slot()
    def export(self) -> None:
        """The rows shown as an Excel file."""
        today = self._session.act().day
        content = home_xlsx(self.list.table.shown_rows(), self._known, today)
        self.exported.emit(f"{dated('going-home', today)}.xlsx", content)

    def _unknown(self, code: str) -> None:
        with self._session.library.store.read() as reader:
            ours, other = find_copy(reader, code), unlabelled(reader, code)
        if ours is not None:
            self.said.emit(words.refused((Refusal("return.our_copy", facts={"accession_no": ours.accession_no}),)))
        elif isinstance(other, CardInstead):
            self.said.emit(words.refused((Refusal("return.card", facts={"card": code}),)))
        else:
            library = other.branch if isinstance(other, OfOtherBranch) else None
            self._ask("این کتاب تازه رسیده است؟", {"barcode": code, "library": library})

    def _ask(self, title: str, values: Values) -> None:
        self.side.ask(
            Tone.INFO, title, (WHAT_FOLLOWS,), "بازگشت ثبت شود",
            lambda filled: self._save(text_of(filled, "barcode") or "", filled), (LABEL, LIBRARY, REMARK),
        )  # fmt: skip
        self._fill(values)
        if self.side.form is not None and values.get("barcode"):
            self.side.form.input("library").setFocus()

    def _fill(self, values: Values) -> None:
        if self.side.form is not None:
            self.side.form.set_values(values)

    def _save(self, barcode: str, values: Values) -> None:
        form = SightingForm(barcode, text_of(values, "library"), text_of(values, "remark"))
        outcome = see_return(self._session.library, form, self._session.act())
        match outcome:
            case Sighted():
                was = "پیش‌تر ثبت شده بود" if outcome.already else "ثبت شد"
                self.said.emit(words.done(f"{was} — {words.copy_words(outcome.sighting)}"))
                self._changed()
                self.list.view.choose(outcome.sighting.id)
            case Refused():
                self.said.emit(words.refused(outcome.refusals))
            case NotFound():
                self._changed()
            case _:
                assert_never(outcome)

    def _went(self, outcome: Sighted | Refused | NotFound) -> None:
        match outcome:
            case Sighted():
                one = outcome.sighting
                was = "پیش‌تر فرستاده شده بود" if outcome.already else "فرستاده شد"
                where = address_of(self._known, one.library) if one.library else UNNAMED
                undo = "" if outcome.already else "واگرد فرستادن"
                self.said.emit(words.done(f"{was} — {words.copy_words(one)}", where, undo))
                self._changed()
            case Refused():
                self.said.emit(words.refused(outcome.refusals))
            case NotFound():
                self._changed()
            case _:
                assert_never(outcome)

    def _changed(self) -> None:
        self._session.refresh.tell("sightings")
        self.reload()

    @Slot(object)
    def _show(self, one: Sighting | None) -> None:
        here = one is not None and one.sent_home_on is None
        self._name.say(ltr(one.barcode) if one else "کتابی برگزیده نیست")
        for button in (self.sent, self.name):
            button.setVisible(here)
        if one is None:
            self._facts.show_facts(())
            self._how.say("")
            return
        self._facts.show_facts(words.stranger_facts(one, address_of(self._known, one.library)))
        self._how.say(words.way_home(one))

    @Slot()
    def _settled(self) -> None:
        """Scans that came while a question stood."""
        while self._waiting and not self.side.is_asking():
            self.take(self._waiting.popleft())
        if not self.side.is_asking():
            self.list.view.setFocus()

    def _lay_out(self) -> None:
        lists = column(Flow(self.new, self.print, self.all), self.list, gap=8)
        lists.setStretch(1, 1)
        whole = row(lists, self.side, gap=14)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.list.view)

    def _connect(self) -> None:
        self.all.toggled.connect(lambda _: self.reload())
        self.list.view.current_row.connect(self._show)
        self.list.export_wanted.connect(self.export)
        self.side.settled.connect(self._settled, Qt.ConnectionType.QueuedConnection)
        for button, run in (
            (self.sent, self.send_chosen), (self.name, self.ask_name), (self.new, self.ask_new),
            (self.print, self.print_list),
        ):  # fmt: skip
            button.clicked.connect(run)
