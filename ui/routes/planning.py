"""The calendar of the van: putting off, cancelling and finishing visits, and the papers it takes along."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import assert_never

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.outcome import NotFound, Refused
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.routes import queries, reads
from app.routes.changing import VisitChanged, cancel_visit, finish_visit, move_visit
from app.routes.queries import StopVisit
from app.routes.reads import StopRow
from reports.stop_list import packing_list, stop_list
from ui.calls.words import refused
from ui.circulation.words import Said
from ui.jobs import Token
from ui.paper.paper import Paper
from ui.routes.route_form import RouteFormCard
from ui.routes.rows import visit_state, visit_table
from ui.session import Session
from ui.sounds import Sound
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.empty import EmptyPage
from ui.widgets.facts import Facts
from ui.widgets.front import Front
from ui.widgets.jalali_edit import JalaliDateEdit
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, row
from ui.widgets.panel import Choice, Panel, Reason
from ui.widgets.pills import Pill
from ui.widgets.row_list import RowList

NEW, EDIT, DONE, MOVE, CANCEL = "Ctrl+N", "Ctrl+R", "Ctrl+Enter", "Ctrl+M", "Ctrl+Delete"
LIST, PACK, LEND = "Ctrl+P", "Ctrl+Shift+P", "Ctrl+G"
BEFORE, AHEAD = 14, 60
YES, CLOSE = "yes", "close"
YES_KEY = "Ctrl+Shift+Y"
WIDTH = 360


class Planning(QWidget):
    """`lend_at` asks for lending at a stop, `printed` carries a paper, `counted` the visits of the coming week."""

    said = Signal(object)
    lend_at = Signal(object)
    printed = Signal(object)
    counted = Signal(int, int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._asked = ""
        self.list = RowList(visit_table(session.act().day), noun="بازدید")
        self.list.set_empty("بازدیدی در پیش نیست", "مسیری که در کار باشد اینجا بازدید دارد.", "calendar")
        self.form = RouteFormCard(session)
        self.panel = Panel()
        self.day: JalaliDateEdit | None = None
        self._name, self._when, self._state = Label("", "heading", wrap=True), Label("", "muted"), Pill()
        self._facts = Facts()
        self._lay_out()
        self._connect()

    def reload(self) -> None:
        """Read routes and visits anew; the chosen visit stays chosen."""
        library, today = self._session.library, self._session.act().day
        with library.store.read() as reader:
            known = bool(reads.routes(reader))
            since, until = today - dt.timedelta(days=BEFORE), today + dt.timedelta(days=AHEAD)
            found = queries.coming_visits(library, reader, since, until)
        kept = [line for line in found if line.visit.day >= today or not (line.visit.done or line.visit.cancelled)]
        self.list.set_rows(kept)
        week = today + dt.timedelta(days=7)
        soon = [line for line in kept if today <= line.visit.day <= week and not line.visit.cancelled]
        self.counted.emit(len(soon), len({line.stop.route_id for line in kept}))
        if self._front.currentWidget() is not self.form:
            self._front.setCurrentWidget(self._work if known else self._empty)
        if not self.list.view.chosen():
            self.list.view.choose_place(next((n for n, line in enumerate(kept) if line.visit.day >= today), 0))
        for line in self.list.view.chosen()[:1]:
            self._show(line)

    def on_escape(self) -> bool:
        """Close the question or the form that stands."""
        if self.panel.is_open():
            self._close()
        elif self._front.currentWidget() is self.form:
            self._put_form_away()
        else:
            return False
        return True

    def chosen(self) -> StopVisit | None:
        """The visit that is chosen."""
        return next(iter(self.list.view.chosen()), None)

    @Slot()
    def new_route(self) -> None:
        """Ctrl+N: the form of a route."""
        self._front.setCurrentWidget(self.form)
        self.form.begin()

    @Slot()
    def edit_route(self) -> None:
        """Ctrl+R: the form of the route of the chosen visit."""
        line = self.chosen()
        if line is None:
            return
        with self._session.library.store.read() as reader:
            route, stops = reads.route(reader, line.stop.route_id), reads.stops(reader, line.stop.route_id)
        self._front.setCurrentWidget(self.form)
        self.form.begin(route, stops)

    @Slot()
    def finish(self) -> None:
        """Ctrl+Enter: the van has been there."""
        line = self.chosen()
        if line is not None:
            outcome = finish_visit(self._session.library, line.stop.id, line.visit.day, self._session.act())
            self._tell(outcome, "انجام شد")

    @Slot()
    def ask_move(self) -> None:
        """Ctrl+M: to which day?"""
        line = self.chosen()
        if line is None:
            return
        self._asked = MOVE
        self._card.hide()
        self.day = JalaliDateEdit(lambda: self._session.act().day)
        self.panel.ask(
            Tone.WARN,
            f"بازدید {isolate(line.stop.name)} ({jalali.day_month(line.visit.day)}) چه روزی انجام می‌شود؟",
            (Reason("سررسید کتاب‌هایی که همان روز بازمی‌گشت، به روز تازه می‌رود."),),
            (Choice(YES, "جابه‌جا شود", YES_KEY, "primary"), Choice(CLOSE, "انصراف", "Esc")),
            extra=self.day,
        )
        self.day.setFocus()

    @Slot()
    def ask_cancel(self) -> None:
        """Ctrl+Delete: does the van really not come?"""
        line = self.chosen()
        if line is None:
            return
        self._asked = CANCEL
        self._card.hide()
        self.panel.ask(
            Tone.WARN,
            f"بازدید {isolate(line.stop.name)} در {jalali.day_month(line.visit.day)} لغو شود؟",
            (Reason("سررسید کتاب‌های این بازدید به بازدید پس از آن می‌رود."),),
            (Choice(YES, "لغو شود", YES_KEY, "danger"), Choice(CLOSE, "بماند", "Esc")),
        )

    @Slot()
    def print_list(self) -> None:
        """Ctrl+P: the loan list of the stop."""
        line = self.chosen()
        if line is None:
            return
        library, today = self._session.library, self._session.act().day
        with library.store.read() as reader:
            sheet = queries.stop_sheet(reader, line.stop, line.visit.day)
        title = f"فهرست امانت {line.stop.name}"
        self._print(title, "stop-list", partial(stop_list, library.branch, sheet, today))

    @Slot()
    def print_packing(self) -> None:
        """Ctrl+Shift+P: what the van takes along that day."""
        line = self.chosen()
        if line is None:
            return
        library, day = self._session.library, line.visit.day
        with library.store.read() as reader:
            sheets = queries.sheets_of_day(library, reader, line.stop.route_id, day)
        self._print("فهرست بار کتابخانهٔ سیار", "packing-list", partial(packing_list, library.branch, sheets, day))

    def _print(self, title: str, name: str, make: Callable[[], bytes]) -> None:
        job = self._session.jobs.start(title, partial(_made, make))
        job.finished.connect(lambda pdf: self.printed.emit(Paper(title, pdf, f"{name}.pdf", frozen=False)))
        job.failed.connect(_raise)

    @Slot(str)
    def _answered(self, code: str) -> None:
        line, asked, edit = self.chosen(), self._asked, self.day
        day = edit.day() if edit is not None else None
        if code == YES and asked == MOVE and edit is not None and day is None:
            edit.setFocus()
            return
        self._close()
        if code != YES or line is None:
            return
        library, act = self._session.library, self._session.act()
        if asked == CANCEL:
            self._tell(cancel_visit(library, line.stop.id, line.visit.day, act), "لغو شد")
        elif day is not None:
            self._tell(move_visit(library, line.stop.id, line.visit.day, day, act), "جابه‌جا شد")

    def _tell(self, outcome: VisitChanged | Refused | NotFound, what: str) -> None:
        match outcome:
            case VisitChanged():
                moved = f"سررسید {number(outcome.moved_loans)} امانت هم رفت" if outcome.moved_loans else ""
                next_day = f"بازدید بعد {jalali.long(outcome.next_day)}" if outcome.next_day else ""
                detail = " · ".join(part for part in (moved, next_day) if part)
                title = f"بازدید {isolate(outcome.stop.name)} {what}"
                self.said.emit(Said(Tone.OK, title, (detail,), Sound.CHECKED_IN, "برگرداندن بازدید"))
                self._session.refresh.tell("loans", "routes")
            case Refused():
                self.said.emit(refused(outcome.refusals))
            case NotFound():
                self.said.emit(Said(Tone.REFUSE, "این ایستگاه دیگر نیست", (), Sound.REFUSED))
            case _:
                assert_never(outcome)
        self.reload()

    @Slot(object)
    def _show(self, line: StopVisit) -> None:
        today = self._session.act().day
        self._name.say(isolate(line.stop.name))
        self._when.say(jalali.long(line.visit.day))
        self._state.show_state(*visit_state(line, today))
        stop = line.stop
        self._facts.show_facts(
            (
                ("مسیر", f"{isolate(stop.route)}، هر {number(stop.every_days)} روز"),
                ("جا", isolate(stop.place) if stop.place else ""),
                ("ساعت", to_persian(stop.hours or "")),
                ("عضو", number(stop.members)),
                ("در امانت", number(stop.loans)),
                ("بازدیدهای بعد", self._following(stop, line.visit.day)),
            )
        )

    def _following(self, stop: StopRow, after: dt.date) -> str:
        library = self._session.library
        with library.store.read() as reader:
            coming = reads.visits_of(reader, stop, library.calendar, after, after + dt.timedelta(days=AHEAD))
        days = [visit.day for visit in coming if visit.day > after and not visit.cancelled]
        return "، ".join(jalali.day_month(day) for day in days[:4])

    def _close(self) -> None:
        self._asked, self.day = "", None
        self.panel.close_question()
        self._card.show()
        self.list.view.setFocus()

    @Slot(str)
    def _saved(self, name: str) -> None:
        self._put_form_away()
        title = f"مسیر «{isolate(name)}» ثبت شد"
        self.said.emit(Said(Tone.OK, title, (), Sound.CHECKED_IN, "برداشتن آخرین ثبت"))

    @Slot()
    def _put_form_away(self) -> None:
        self._front.setCurrentWidget(self._work)
        self.reload()
        self.list.view.setFocus()

    def _ask_to_lend(self) -> None:
        line = self.chosen()
        if line is not None:
            self.lend_at.emit(line.stop)

    def _lay_out(self) -> None:
        begin = Button("مسیر تازه", NEW, "primary", "plus")
        self._empty = EmptyPage(
            "truck-delivery",
            "کتابخانهٔ سیار",
            "مسیرها و روستاهای تحت پوشش را بنویسید؛ برنامه روز هر بازدید و سررسید کتاب‌ها را حساب می‌کند.",
            begin,
        )
        begin.clicked.connect(self.new_route)
        self._buttons: tuple[tuple[Button, Callable[[], None]], ...] = (
            (Button("امانت در این ایستگاه", LEND, "primary", "barcode"), self._ask_to_lend),
            (Button("انجام شد", DONE, icon="check"), self.finish),
            (Button("روز دیگر", MOVE, icon="calendar"), self.ask_move),
            (Button("لغو بازدید", CANCEL, icon="x"), self.ask_cancel),
            (Button("فهرست امانت", LIST, icon="printer"), self.print_list),
            (Button("فهرست بار", PACK, icon="package"), self.print_packing),
            (Button("ویرایش مسیر", EDIT, icon="pencil"), self.edit_route),
            (Button("مسیر تازه", NEW, icon="plus"), self.new_route),
        )
        actions = Flow(*(button for button, _ in self._buttons))
        head = row(self._name, None, self._state)
        self._card = Card(column(head, self._when, self._facts, None, actions, gap=10))
        side = QWidget()
        side.setFixedWidth(look().px(WIDTH))
        beside = column(self.panel, self._card, gap=10)
        beside.setStretch(1, 1)
        beside.addStretch(0)
        side.setLayout(beside)
        self._work = QWidget()
        work = row(self.list, side, gap=14)
        work.setStretch(0, 1)
        self._work.setLayout(work)
        self._front = Front(self)
        for part in (self._work, self.form, self._empty):
            self._front.addWidget(part)
        self.setFocusProxy(self.list.view)

    def _connect(self) -> None:
        for button, run in self._buttons:
            button.clicked.connect(run)
        self.list.view.current_row.connect(self._show)
        self.panel.chosen.connect(self._answered)
        self.form.saved.connect(self._saved)
        self.form.put_away.connect(self._put_form_away)


def _made(make: Callable[[], bytes], token: Token) -> bytes:
    token.check()
    return make()


def _raise(error: BaseException) -> None:
    raise error  # told by the window, in three parts
