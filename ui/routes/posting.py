"""Parcels by post and courier: wishes, what is on its way, what came back; address labels."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from app.circulation.outcomes import CheckedIn, CheckoutRefused
from app.labels import CHANNEL
from app.library import BranchFacts
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.refusal import Refusal
from app.routes import parcels
from app.routes.dispatches import (
    ParcelStands,
    Posting,
    Wish,
    cancel_dispatch,
    dispatch_arrived,
    request_dispatch,
    return_arrived,
    return_posted,
    send_dispatch,
)
from app.routes.parcels import Labelled, Parcel
from app.wording import way_out, why
from db.codes import Channel, DispatchState
from reports.address_labels import address_labels
from ui.calls.words import refused
from ui.circulation import words
from ui.circulation.words import Said
from ui.jobs import Token
from ui.keys import ESCAPE
from ui.paper.paper import Paper
from ui.routes.rows import parcel_state, parcel_table
from ui.session import Session
from ui.sounds import Sound
from ui.style import look
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.facts import Facts
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import text_of
from ui.widgets.front import Front
from ui.widgets.inputs import Tick
from ui.widgets.jalali_edit import JalaliDateEdit
from ui.widgets.labels import Label, isolate, ltr
from ui.widgets.layouts import Flow, column, row
from ui.widgets.pills import Pill
from ui.widgets.row_list import RowList

NEW, SAVE, SEND, ARRIVED, BACK, CAME, CANCEL, LABELS = (
    "Ctrl+N", "Ctrl+S", "Ctrl+Enter", "Ctrl+R", "Ctrl+B", "Ctrl+M", "Ctrl+Delete", "Ctrl+P",
)  # fmt: skip
WIDTH = 360
FIELDS = (
    Field("member", "عضو", Kind.LATIN, required=True, help="کارت یا شمارهٔ عضویت", longest=64),
    Field("item", "کتاب", Kind.LATIN, required=True, help="بارکد یا شمارهٔ ثبت", longest=64),
    Field(
        "channel", "راه", Kind.CHOICE, required=True,
        options=tuple((way.value, CHANNEL[way]) for way in (Channel.POST, Channel.COURIER)),
    ),
    Field("address", "نشانی", wide=True, help="خالی بماند، نشانی عضو نوشته می‌شود.", longest=500),
    Field("note", "یادداشت", wide=True, longest=500),
)  # fmt: skip


class PostingPart(QWidget):
    """`printed` carries a paper, `counted` how many parcels are to be sent and how many are on their way."""

    said = Signal(object)
    printed = Signal(object)
    counted = Signal(int, int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.list = RowList(parcel_table(session.act().day), noun="بسته")
        self.list.set_empty(
            "بسته‌ای در راه نیست", "با «درخواست تازه» کتابی را که عضو با پست یا پیک می‌خواهد بنویسید.", "package"
        )
        self.all = Tick("پایان‌یافته‌ها هم")
        self.form = Form(FIELDS, lambda: session.act().day, columns=3)
        self.item, self.tracking = QLineEdit(), QLineEdit()
        for edit, words_ in ((self.item, "بارکد نسخه (اسکن کنید)"), (self.tracking, "شمارهٔ رهگیری")):
            edit.setPlaceholderText(words_)
            edit.setAccessibleName(words_)
            edit.setMaxLength(64)
            edit.setAlignment(paint.START)
        self.day = JalaliDateEdit(lambda: session.act().day)
        self._name, self._state, self._facts = Label("", "heading", wrap=True), Pill(), Facts()
        self._send = Button("ارسال شد", SEND, "primary", "truck-delivery")
        self._arrived = Button("به عضو رسید", ARRIVED, "primary", "check")
        self._posted = Button("عضو پس فرستاد", BACK, icon="arrow-back-up")
        self._came = Button("به کتابخانه رسید", CAME, "primary", "check")
        self._cancel = Button("لغو", CANCEL, icon="x")
        self._labels = Button("برچسب نشانی", LABELS, icon="printer")
        self._new = Button("درخواست تازه", NEW, icon="plus")
        self._lay_out()
        self._connect()

    def reload(self) -> None:
        """Read the parcels anew."""
        with self._session.library.store.read() as reader:
            waiting = parcels.open_parcels(reader)
            found = parcels.all_parcels(reader) if self.all.isChecked() else waiting
        self.list.set_rows(found)
        wished = sum(parcel.state is DispatchState.REQUESTED for parcel in waiting)
        self.counted.emit(wished, len(waiting) - wished)
        if not self.list.view.chosen():
            self.list.view.choose_place(0)
        chosen = self.chosen()
        self._show(chosen)

    def chosen(self) -> Parcel | None:
        """The parcel that is chosen."""
        return next(iter(self.list.view.chosen()), None)

    def on_escape(self) -> bool:
        """Put the form away."""
        if self._front.currentWidget() is self._asking:
            self._put_form_away()
            return True
        return False

    def take(self, code: str) -> None:
        """A scan goes into the field that waits for a number."""
        if self._front.currentWidget() is self._asking:
            field = "item" if text_of(self.form.values(), "member") else "member"
            self.form.set_values({**self.form.values(), field: code})
        else:
            self.item.setText(code)

    @Slot()
    def new_wish(self) -> None:
        """Ctrl+N: somebody wants a book sent."""
        self._front.setCurrentWidget(self._asking)
        self.form.set_values({"channel": Channel.POST.value})
        self.form.input("member").setFocus()

    @Slot()
    def save_wish(self) -> None:
        """Ctrl+S: note the wish, or say what is wrong."""
        if not self.form.check():
            return
        values = self.form.values()
        wish = Wish(
            text_of(values, "member") or "", Channel(text_of(values, "channel") or Channel.POST),
            item=text_of(values, "item"), address=text_of(values, "address"), note=text_of(values, "note"),
        )  # fmt: skip
        outcome = request_dispatch(self._session.library, wish, self._session.act())
        if isinstance(outcome, ParcelStands):
            self._put_form_away()
            self._stands(outcome, "درخواست ثبت شد")
        elif isinstance(outcome, NotFound):
            self.form.show_mistake("member" if outcome.what == "member" else "item", "این شماره شناخته نشد.")
        else:
            for refusal in outcome.refusals:
                self.form.show_mistake("address", f"{why(refusal)} {way_out(refusal)}")

    @Slot()
    def send(self) -> None:
        """Ctrl+Enter: the parcel with the scanned copy is given to the post."""
        parcel = self.chosen()
        if parcel is None or not self.item.text().strip():
            self.item.setFocus()
            return
        posting = Posting(self.item.text().strip(), self.tracking.text() or None, self.day.day())
        outcome = send_dispatch(self._session.library, parcel.id, posting, self._session.act())
        if isinstance(outcome, ParcelStands):
            self._stands(outcome, "ارسال شد")
        elif isinstance(outcome, Refused):
            self.said.emit(refused(outcome.refusals))
        elif isinstance(outcome, CheckoutRefused):
            self._refuse_loan(outcome.refusals)
        else:
            self.said.emit(Said(Tone.REFUSE, "این کتاب امانت داده نشد", (isolate(posting.item),), Sound.REFUSED))

    def _refuse_loan(self, refusals: tuple[Refusal, ...]) -> None:
        self.said.emit(refused(refusals, "این کتاب امانت داده نمی‌شود"))

    @Slot()
    def arrived(self) -> None:
        """Ctrl+R: the reader has it."""
        parcel = self.chosen()
        if parcel is not None:
            outcome = dispatch_arrived(self._session.library, parcel.id, self.day.day(), self._session.act())
            self._settle(outcome, "به عضو رسید")

    @Slot()
    def posted_back(self) -> None:
        """Ctrl+B: the reader has posted the book."""
        parcel = self.chosen()
        if parcel is not None and parcel.barcode:
            act, tracking = self._session.act(), self.tracking.text() or None
            outcome = return_posted(self._session.library, parcel.barcode, self.day.day(), tracking, act)
            self._settle(outcome, "در راه بازگشت است")

    @Slot()
    def came_back(self) -> None:
        """Ctrl+M: the parcel has come back; the day written is that of the post-mark."""
        parcel = self.chosen()
        if parcel is None or not parcel.barcode:
            return
        outcome = return_arrived(self._session.library, parcel.barcode, self.day.day(), self._session.act())
        if isinstance(outcome, CheckedIn):
            self.said.emit(words.taken_back(outcome))
            self._session.refresh.tell("loans", "items", "members")
        self._clear()
        self.reload()

    @Slot()
    def cancel(self) -> None:
        """Ctrl+Delete: the book is not sent after all."""
        parcel = self.chosen()
        if parcel is not None:
            self._settle(cancel_dispatch(self._session.library, parcel.id, self._session.act()), "لغو شد")

    @Slot()
    def print_labels(self) -> None:
        """Ctrl+P: address labels of every parcel that goes out."""
        going = [parcel for parcel in self.list.table.shown_rows() if parcel.outward and parcel.address]
        if not going:
            self.said.emit(Said(Tone.WARN, "بسته‌ای برای ارسال نیست", (), Sound.REFUSED))
            return
        with self._session.library.store.read() as reader:
            posted = [parcels.labelled(reader, parcel) for parcel in going]
        title = f"برچسب نشانی {number(len(posted))} بسته"
        job = self._session.jobs.start(title, partial(_made, self._session.library.branch, posted))
        job.finished.connect(lambda pdf: self.printed.emit(Paper(title, pdf, "labels.pdf", frozen=False)))
        job.failed.connect(_raise)

    def _settle(self, outcome: ParcelStands | Refused | NotFound, what: str) -> None:
        if isinstance(outcome, ParcelStands):
            self._stands(outcome, what)
        elif isinstance(outcome, Refused):
            self.said.emit(refused(outcome.refusals))
        else:
            self.reload()

    def _stands(self, outcome: ParcelStands, what: str) -> None:
        parcel = outcome.parcel
        due = f"بازگشت تا {jalali.long(parcel.due_on)}" if parcel.due_on else ""
        title = f"{what} — {isolate(parcel.title or '')}"
        self.said.emit(Said(Tone.OK, title, (f"{isolate(parcel.reader)} {due}".strip(),), Sound.CHECKED_OUT))
        self._session.refresh.tell("loans", "items", "members")
        self._clear()
        self.reload()
        self.list.view.choose(parcel.id)

    def _clear(self) -> None:
        self.item.clear()
        self.tracking.clear()
        self.day.set_day(None)

    @Slot(object)
    def _show(self, parcel: Parcel | None) -> None:
        wished = parcel is not None and parcel.state is DispatchState.REQUESTED
        going = parcel is not None and parcel.state is DispatchState.SENT and parcel.outward
        coming = parcel is not None and parcel.state is DispatchState.SENT and not parcel.outward
        there = parcel is not None and parcel.state is DispatchState.ARRIVED and parcel.outward
        for widget, shown in (
            (self._send, wished), (self.item, wished), (self.tracking, wished or there or going),
            (self._arrived, going),
            (self._posted, there or going), (self._came, coming), (self._cancel, wished or coming),
            (self._when, parcel is not None),
        ):  # fmt: skip
            widget.setVisible(shown)
        self._name.say(isolate(parcel.reader) if parcel else "")
        today = self._session.act().day
        self._state.show_state(*(parcel_state(parcel, today) if parcel else ("", Tone.NEUTRAL)))
        self._facts.show_facts(tuple(_facts(parcel)) if parcel else ())

    def _put_form_away(self) -> None:
        self._front.setCurrentWidget(self._work)
        self.list.view.setFocus()

    def _lay_out(self) -> None:
        self._when = QWidget()
        when = row(Label("روز", "muted"), self.day, gap=8)
        when.setStretch(1, 1)
        self._when.setLayout(when)
        actions = Flow(self._send, self._arrived, self._came, self._posted, self._cancel)
        side = Card(
            column(
                row(self._name, None, self._state), self._facts, 4, self.item, self.tracking, self._when, actions, None,
                gap=10,
            )
        )  # fmt: skip
        side.setFixedWidth(look().px(WIDTH))
        head = row(self._new, self._labels, None, self.all, gap=8)
        lists = column(head, self.list, gap=10)
        lists.setStretch(1, 1)
        work = row(lists, side, gap=14)
        work.setStretch(0, 1)
        self._work = QWidget()
        self._work.setLayout(work)
        self._save, back = Button("ثبت درخواست", SAVE, "primary", "check"), Button("بازگشت", ESCAPE)
        back.clicked.connect(self._put_form_away)
        head = row(Label("درخواست ارسال کتاب", "title"), None, back, self._save)
        self._asking = Card(column(head, self.form, None, gap=14), padding=18)
        self._front = Front(self)
        self._front.addWidget(self._work)
        self._front.addWidget(self._asking)
        self.setFocusProxy(self.list.view)

    def _connect(self) -> None:
        runs: tuple[tuple[Button, Callable[[], None]], ...] = (
            (self._new, self.new_wish), (self._save, self.save_wish), (self._send, self.send),
            (self._arrived, self.arrived), (self._posted, self.posted_back), (self._came, self.came_back),
            (self._cancel, self.cancel), (self._labels, self.print_labels),
        )  # fmt: skip
        for button, run in runs:
            button.clicked.connect(run)
        self.all.toggled.connect(lambda _: self.reload())
        self.list.view.current_row.connect(self._show)


def _facts(parcel: Parcel) -> list[tuple[str, str]]:
    def told(day: dt.date | None) -> str:
        return jalali.day_month_year(day) if day else ""

    return [
        ("کتاب", isolate(parcel.title or "")),
        ("راه", CHANNEL[parcel.channel]),
        ("نشانی", isolate(parcel.address) if parcel.address else ""),
        ("درخواست", told(parcel.requested_on)),
        ("ارسال", told(parcel.sent_on)),
        ("رسیدن", told(parcel.arrived_on)),
        ("بازگشت تا", told(parcel.due_on)),
        ("رهگیری", ltr(to_persian(parcel.tracking_no)) if parcel.tracking_no else ""),
        ("یادداشت", isolate(parcel.note) if parcel.note else ""),
    ]


def _made(branch: BranchFacts, posted: list[Labelled], token: Token) -> bytes:
    token.check()
    return address_labels(branch, posted)


def _raise(error: BaseException) -> None:
    raise error  # told by the window, in three parts
