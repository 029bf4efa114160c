"""The desk in the van: a card chooses the reader, a copy is lent until the van comes again, or taken back."""

import datetime as dt
from collections import deque
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.circulation import reads as desk
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest
from app.circulation.facts import MemberFacts
from app.circulation.outcomes import (
    AlreadyLent,
    AlreadyReturned,
    CheckedIn,
    CheckedOut,
    CheckinRefused,
    CheckoutRefused,
    LocalUse,
    Renewed,
)
from app.notices.slips import SLIP_WIDTH, due_lines, slip_reader
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.refusal import Answer
from app.routes import queries, reads
from app.routes.lending import lend_at_stop
from app.routes.reads import StopRow
from app.routes.service import StopAssigned, assign_stop
from db.act import Act
from reports.slips import due_slip
from ui.calls.words import refused
from ui.circulation import words
from ui.circulation.words import Said
from ui.keys import ESCAPE
from ui.paper.paper import Paper
from ui.routes.rows import stop_lines, stop_table
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets import inputs
from ui.widgets.buttons import Button
from ui.widgets.labels import isolate
from ui.widgets.layouts import column, row
from ui.widgets.panel import Panel
from ui.widgets.row_list import RowList
from ui.widgets.search_box import SearchBox

ASSIGN, SLIP = "Ctrl+D", "Ctrl+P"
EMPTY = ("این ایستگاه هنوز عضوی ندارد", "کارت عضو را اسکن کنید و «عضو این ایستگاه» را بزنید.", "users")
SEVERAL = Said(Tone.WARN, "این شماره در اینجا کاری نمی‌کند", ("برچسب نسخه را اسکن کنید.",), Sound.REFUSED)


class StopDesk(QWidget):
    """`said` goes to the banner, `printed` carries a slip. Scans that come while a question stands wait in line."""

    said = Signal(object)
    printed = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._stops: tuple[StopRow, ...] = ()
        self._member: MemberFacts | None = None
        self._asked: CheckoutRequest | None = None
        self._codes: tuple[str, ...] = ()
        self._waiting: deque[str] = deque()
        self.box = SearchBox("کارت عضو یا برچسب کتاب را اسکن کنید…")
        self.stop = inputs.Choice()
        self.stop.setAccessibleName("ایستگاه")
        self.panel = Panel()
        self.list = RowList(stop_table(), noun="ردیف")
        self.list.set_empty(*EMPTY)
        self._assign = Button("عضو این ایستگاه شود", ASSIGN, icon="user-plus")
        self._slip = Button("برگهٔ امانت", SLIP, icon="printer")
        self._next = Button("عضو بعدی", ESCAPE)
        self.box.add_end(self.stop)
        whole = column(self.box, row(self._assign, self._slip, self._next, None), self.panel, self.list, gap=12)
        whole.setStretch(3, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.box)
        self.box.submitted.connect(self.take)
        self.stop.currentIndexChanged.connect(lambda _: self._chose_stop())
        self.panel.chosen.connect(self._answered)
        self._assign.clicked.connect(self.assign)
        self._slip.clicked.connect(self.print_slip)
        self._next.clicked.connect(self.clear_member)
        self.clear_member()

    def reload(self) -> None:
        """Read the stops and the readers of the chosen one anew."""
        with self._session.library.store.read() as reader:
            self._stops = tuple(stop for stop in reads.all_stops(reader) if stop.active)
        known = self.stop.code()
        self.stop.blockSignals(True)
        self.stop.set_options(tuple((str(stop.id), f"{stop.name} ({stop.route})") for stop in self._stops))
        if known:
            self.stop.choose(known)
        self.stop.blockSignals(False)
        self._show_stop()

    def choose_stop(self, stop: StopRow) -> None:
        """Work at this stop."""
        self.stop.choose(str(stop.id))
        self.box.setFocus()

    def here(self) -> StopRow | None:
        """The stop at which the van stands."""
        return next((stop for stop in self._stops if str(stop.id) == self.stop.code()), None)

    def due_on(self) -> dt.date | None:
        """Until when a book lent now is lent."""
        stop, library = self.here(), self._session.library
        if stop is None:
            return None
        with library.store.read() as reader:
            return reads.due_at_stop(reader, stop, library.calendar, self._session.act().day)

    def take(self, code: str) -> None:
        """A scanned or typed number."""
        if self.panel.is_open():
            self._waiting.append(code)
            self._show_waiting()
            return
        self._handle(code)

    def clear_member(self) -> None:
        """Nobody stands before the desk."""
        self._member = None
        self._show_badge()
        self.box.setFocus()

    def on_escape(self) -> bool:
        """Close the question, or go on to the next reader."""
        if self.panel.is_open():
            self._close()
            return True
        if self._member is not None:
            self.clear_member()
            return True
        return False

    def assign(self) -> None:
        """Ctrl+D: the reader belongs to this stop from now on."""
        stop, member = self.here(), self._member
        if stop is None or member is None:
            return
        outcome = assign_stop(self._session.library, member.member_no, stop.id, self._session.act())
        if isinstance(outcome, StopAssigned):
            title = f"{isolate(member.name)} عضو ایستگاه {isolate(stop.name)} است"
            self._say(Said(Tone.OK, title, (), Sound.CHECKED_IN, "برداشتن از ایستگاه" if outcome.changed else ""))
            self._session.refresh.tell("members", "routes")
            self.reload()
        elif isinstance(outcome, Refused):
            self._say(refused(outcome.refusals))

    def print_slip(self) -> None:
        """Ctrl+P: what the reader has and until when, for the till roll (004 ب-1)."""
        member, library = self._member, self._session.library
        if member is None:
            return
        with library.store.read() as reader:
            whose, lines = slip_reader(reader, member.id), due_lines(reader, member.id)
            width = SLIP_WIDTH.read(reader)
        if whose is not None:
            pdf = due_slip(library.branch, whose, lines, self._session.act().day, width)
            self.printed.emit(Paper(f"برگهٔ امانت {member.name}", pdf, "slip.pdf", frozen=False))

    def _handle(self, code: str) -> None:
        with self._session.library.store.read() as reader:
            member = desk.find_member(reader, code)
            item = None if member else desk.find_item(reader, code)
        self.box.clear()
        if member is not None:
            self._member = member
            self._show_badge()
            title = f"{isolate(member.name)} روی میز است"
            self._say(Said(Tone.INFO, title, ("برچسب کتاب‌ها را اسکن کنید.",), Sound.CHECKED_IN))
        elif item is None:
            self.clear_member()
            self._say(Said(Tone.REFUSE, "این شماره شناخته نشد", (isolate(code),), Sound.REFUSED))
        elif self._member is not None:
            self._lend(CheckoutRequest(self._member.member_no, code))
        else:
            self._take_back(code)

    def _lend(self, request: CheckoutRequest) -> None:
        stop = self.here()
        if stop is None:
            self._say(Said(Tone.WARN, "نخست ایستگاه را برگزینید", (), Sound.REFUSED))
            return
        act: Act = self._session.act()
        outcome = lend_at_stop(self._session.library, request, stop.id, act)
        match outcome:
            case CheckedOut():
                self._changed(words.lent(outcome))
            case AlreadyLent():
                self._say(words.already_lent(outcome))
            case Renewed():
                self._changed(words.renewed(outcome))
            case CheckoutRefused():
                self._refuse(request, outcome)
            case Refused():
                self._say(refused(outcome.refusals))
            case NotFound():
                self._say(Said(Tone.REFUSE, "این شماره شناخته نشد", (isolate(outcome.key),), Sound.REFUSED))
            case _:
                self._say(SEVERAL)

    def _take_back(self, code: str) -> None:
        outcome = check_in(self._session.library, CheckinRequest(code), self._session.act())
        match outcome:
            case CheckedIn():
                self._changed(words.taken_back(outcome))
            case LocalUse():
                self._changed(words.used(outcome))
            case AlreadyReturned():
                self._say(words.already_returned(outcome))
            case CheckinRefused():
                self._say(refused(outcome.refusals, "پس گرفته نشد"))
            case NotFound():
                self._say(Said(Tone.REFUSE, "این شماره شناخته نشد", (isolate(code),), Sound.REFUSED))
            case _:
                self._say(SEVERAL)

    def _refuse(self, request: CheckoutRequest, outcome: CheckoutRefused) -> None:
        self._asked = request
        self._codes = tuple(refusal.code for refusal in outcome.refusals)
        title = f"{words.book(outcome.item)} به {isolate(outcome.member.name)}"
        self._session.sounds.play(Sound.ATTENTION)
        reasons = words.reasons(outcome.refusals, self._session.library.categories)
        choices = tuple(choice for choice in words.choices(outcome.refusals) if choice.code != words.TAKE_BACK)
        self.panel.ask(Tone.REFUSE, title, reasons, choices)

    def _answered(self, code: str) -> None:
        request, codes = self._asked, frozenset(self._codes)
        if request is None or code == words.CLOSE:
            self._close()
            return
        if code == words.OVERRIDE:
            self.panel.ask(Tone.WARN, "دلیل نادیده گرفتن قاعده چیست؟", (), words.OVERRIDE_REASONS)
            return
        self._asked = None
        self.panel.close_question()
        answer = Answer(confirm=codes) if code == words.YES else Answer(override=codes, reason=code, confirm=codes)
        self._lend(replace(request, answer=answer))
        self._go_on()

    def _close(self) -> None:
        self._asked = None
        self.panel.close_question()
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and not self.panel.is_open():
            self._handle(self._waiting.popleft())
        self._show_waiting()
        self.box.setFocus()

    def _show_waiting(self) -> None:
        self.panel.set_waiting(len(self._waiting))
        self.box.set_waiting(len(self._waiting))

    def _chose_stop(self) -> None:
        self.clear_member()
        self._show_stop()

    def _show_stop(self) -> None:
        stop, today = self.here(), self._session.act().day
        if stop is None:
            self.list.set_rows([])
        else:
            with self._session.library.store.read() as reader:
                sheet = queries.stop_sheet(reader, stop, today)
            self.list.set_rows(stop_lines(sheet.readers, today))
            counts = f"{number(sheet.loans)} امانت، {number(len(sheet.to_bring))} رزرو"
            self.list.set_title(f"{stop.name} — {counts}")
        self._show_badge()

    def _show_badge(self) -> None:
        member, due = self._member, self.due_on()
        until = f" تا {jalali.day_month(due)}" if due else ""
        self.box.show_badge(f"امانت به: {isolate(member.name)}{until}" if member else f"امانت{until}")
        self._assign.setEnabled(member is not None and self.here() is not None)
        self._next.setEnabled(member is not None)
        self._slip.setEnabled(member is not None)
        self.setAccessibleName(to_persian(member.member_no) if member else "کسی روی میز نیست")

    def _changed(self, said: Said) -> None:
        self._say(said)
        self._session.refresh.tell("loans", "items", "members")
        self._show_stop()

    def _say(self, said: Said) -> None:
        self.said.emit(said)
