"""Requests for records of the union: what was asked of the senior cataloguer of the province and what came of it
(003 م5-3)."""

from typing import assert_never

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.labels import REQUEST_STATE
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.union.asking import (
    LONGEST,
    RequestChanged,
    Requested,
    RequestRow,
    RequestState,
    ask,
    requests,
    withdraw,
)
from app.union.reading import UNION_TITLE, record_for
from app.union.record import UnionRecord
from ui.binding.asking import Side
from ui.network import words
from ui.network.rows import REQUEST_TONE, request_table
from ui.session import Session
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.facts import Facts
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import Values, text_of
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, row
from ui.widgets.panel import Reason
from ui.widgets.pills import Pill
from ui.widgets.row_list import RowList

TAKE, AGAIN, WITHDRAW, NEW = "Ctrl+Enter", "Ctrl+R", "Ctrl+Delete", "Ctrl+N"
BOOK = Field(
    "description", "چه کتابی در دست دارید؟", Kind.LONG, required=True, longest=LONGEST,
    help="عنوان، پدیدآور، ناشر، سال، شابک: هر چه روی کتاب هست.",
)  # fmt: skip
APART = Field("apart", "این عنوان رکورد جداگانه می‌خواهد", Kind.TICK)
WHAT_FOLLOWS = Reason("با همگام‌سازی به فهرست‌نویس ارشد استان می‌رسد؛ پاسخ، با رکورد آن، همین‌جا می‌آید.", "م ۵-۳")
_OWN = "این رکورد از آنِ عنوان خودتان است: در «فهرست و جستجو» با Ctrl+U فیلدهایش را بگیرید."
_NOT_YET = "رکورد هنوز نرسیده است؛ با همگام‌سازی می‌رسد."


class AskedPart(QWidget):
    """`counted` tells how many wait and how many records came; `taken` carries the record to catalogue from."""

    said = Signal(object)
    counted = Signal(int, int)
    taken = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._record: UnionRecord | None = None
        self.list = RowList(request_table(), noun="درخواست", tools=False)
        self.list.set_empty(
            "درخواستی فرستاده نشده است",
            "کتابی که در فهرستگان رکورد ندارد: با «درخواست تازه» از فهرست‌نویس ارشد استان بخواهید (م ۵-۳).",
            "books",
        )
        self.new = Button("درخواست تازه", NEW, icon="plus")
        self._name, self._state = Label("", "heading", wrap=True), Pill()
        self._facts, self._how = Facts(), Label("", "muted", wrap=True)
        self.take_record = Button("فهرست‌نویسی از این رکورد", TAKE, "primary", "book-2")
        self.again = Button("دوباره بخواه", AGAIN, icon="repeat")
        self.withdraw = Button("پس گرفتن", WITHDRAW, "danger")
        body = column(
            self._name, row(self._state, None), self._facts, self._how, 4,
            Flow(self.take_record, self.again, self.withdraw), None, gap=10,
        )  # fmt: skip
        self.side = Side(session, Card(body))
        lists = column(row(self.new, None), self.list, gap=8)
        lists.setStretch(1, 1)
        whole = row(lists, self.side, gap=14)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.list.view)
        self._connect()

    def reload(self) -> None:
        """Read the requests anew."""
        with self._session.library.store.read() as reader:
            found = requests(reader)
        self.list.set_rows(found)
        self.counted.emit(sum(one.open for one in found), sum(one.result_title_id is not None for one in found))
        if not self.list.view.chosen():
            self.list.view.choose_place(0)
        self._show(self.chosen())

    def chosen(self) -> RequestRow | None:
        """The request that is chosen."""
        return next(iter(self.list.view.chosen()), None)

    def on_escape(self) -> bool:
        """Leave the question unanswered."""
        if self.side.is_asking():
            self.side.withdraw()
            return True
        return False

    def take(self, code: str) -> None:
        """A scanned ISBN or label: it goes into the description of what is wanted."""
        form = self.side.form
        if not self.side.is_asking() or form is None:
            self.ask_for(code)
            return
        written = text_of(form.values(), "description") or ""
        form.set_values({**form.values(), "description": f"{written} {code}".strip()})

    @Slot()
    def ask_new(self) -> None:
        """Ctrl+N: a record is wanted for a book that has none."""
        self.ask_for("")

    def ask_for(self, description: str) -> None:
        """The same, with what is known of the book."""
        self._ask("درخواست رکورد", None, description)

    @Slot()
    def ask_again(self) -> None:
        """Ctrl+R: the answer was no help, or the request was taken back too soon."""
        one = self.chosen()
        if one is not None and not one.open:
            self._ask("دوباره خواستن رکورد", one, one.description)

    @Slot()
    def withdraw_chosen(self) -> None:
        """Ctrl+Delete: the book was catalogued here after all."""
        one = self.chosen()
        if one is None or not one.open:
            return
        outcome = withdraw(self._session.library, one.id, self._session.act())
        match outcome:
            case RequestChanged():
                title = "درخواست پس گرفته شد" if outcome.changed else f"تغییری نکرد: {REQUEST_STATE[outcome.state]}"
                undo = "واگرد پس گرفتن" if outcome.changed else ""
                self.said.emit(words.done(title, isolate(one.description), undo))
            case Refused():
                self.said.emit(words.refused(outcome.refusals))
            case NotFound():
                pass
            case _:
                assert_never(outcome)
        self._changed()

    @Slot()
    def catalogue(self) -> None:
        """Ctrl+Enter: to the book, with the record that came."""
        if self._record is not None and not self.take_record.isHidden():
            self.taken.emit(self._record)

    def _ask(self, title: str, about: RequestRow | None, description: str) -> None:
        own = about is not None and about.title is not None
        fields = (BOOK, APART) if own else (BOOK,)
        self.side.ask(
            Tone.INFO, title, (WHAT_FOLLOWS,), "فرستادن درخواست", lambda values: self._send(about, values), fields
        )  # fmt: skip
        if self.side.form is not None:
            self.side.form.set_values({"description": description})

    def _send(self, about: RequestRow | None, values: Values) -> None:
        outcome = ask(
            self._session.library, text_of(values, "description") or "", self._session.act(),
            about.title_id if about is not None and about.title is not None else None,
            apart=values.get("apart") is True,
        )  # fmt: skip
        match outcome:
            case Requested():
                detail = "با همگام‌سازی به فهرست‌نویس استان می‌رسد."
                self.said.emit(words.done("درخواست نوشته شد", detail, "واگرد درخواست"))
                self._changed()
                self.list.view.choose(outcome.request_id)
            case Refused():
                self.said.emit(words.refused(outcome.refusals))
            case NotFound():
                self._changed()
            case _:
                assert_never(outcome)

    def _changed(self) -> None:
        self._session.refresh.tell("requests")
        self.reload()

    @Slot(object)
    def _show(self, one: RequestRow | None) -> None:
        self._record = self._came(one)
        self._name.say(isolate(one.description) if one else "درخواستی برگزیده نیست")
        own = one is not None and one.title is not None
        self.withdraw.setVisible(one is not None and one.open)
        self.again.setVisible(one is not None and not one.open)
        self.take_record.setVisible(self._record is not None and not own)
        self._facts.show_facts(_facts(one, self._record))
        if one is None:
            self._state.hide()
            self._how.say("")
            return
        state = RequestState(one.state)
        self._state.show_state(REQUEST_STATE[state], REQUEST_TONE.get(state, Tone.NEUTRAL))
        promised = one.result_title_id is not None
        self._how.say("" if not promised else _NOT_YET if self._record is None else _OWN if own else "")

    def _came(self, one: RequestRow | None) -> UnionRecord | None:
        if one is None or one.result_title_id is None:
            return None
        with self._session.library.store.read() as reader:
            return record_for(reader, UNION_TITLE, one.result_title_id)

    def _connect(self) -> None:
        self.list.view.current_row.connect(self._show)
        self.side.settled.connect(self.list.view.setFocus)
        for button, run in (
            (self.new, self.ask_new), (self.take_record, self.catalogue), (self.again, self.ask_again),
            (self.withdraw, self.withdraw_chosen),
        ):  # fmt: skip
            button.clicked.connect(run)


def _facts(one: RequestRow | None, record: UnionRecord | None) -> tuple[tuple[str, str], ...]:
    if one is None:
        return ()
    found = (
        ()
        if record is None
        else (
            ("رکورد", f"«{isolate(words.whole_title(record))}»"),
            ("پدیدآوران", words.names_of(record)),
            ("ناشر", words.edition_words(record)),
        )
    )
    return (
        ("عنوان ما", f"«{isolate(one.title)}»" if one.title else ""),
        ("درخواست در", jalali.day_month_year(one.asked_on)),
        ("پاسخ در", jalali.day_month_year(one.answered_on) if one.answered_on else ""),
        ("سخن استان", isolate(one.words) if one.words else ""),
        *found,
    )
