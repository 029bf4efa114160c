"""The desk page: one box for everything. A card selects a reader, a copy is lent, or taken back when nobody is on
screen."""

import uuid
from collections import deque
from dataclasses import replace
from typing import assert_never

from PySide6.QtWidgets import QStackedLayout, QWidget

from app.circulation import reads
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.facts import ItemFacts, MemberFacts
from app.circulation.outcomes import (
    AlreadyLent,
    AlreadyReturned,
    CheckedIn,
    CheckedOut,
    CheckinOutcome,
    CheckinRefused,
    CheckoutOutcome,
    CheckoutRefused,
    LocalUse,
    RenewalRefused,
    Renewed,
)
from app.circulation.queries import day_counts, todays_events
from app.circulation.reader_card import ReaderCard, reader_card
from app.circulation.renewal import renew_all
from app.devices.scan import Scan, Unreadable
from app.labels import ENTRY_KIND
from app.outcome import NotFound, Refused
from app.refusal import Answer, Weight
from app.undo import Undone, undo_last
from app.wording import way_out, why
from ui.circulation import words
from ui.circulation.clock_question import ClockQuestion
from ui.circulation.finding import Finder
from ui.circulation.member_card import Side
from ui.circulation.rows import event_table, fresh_loan, loan_table, loan_view
from ui.circulation.words import Said
from ui.keys import ESCAPE, KeyHelp
from ui.page import Action, Page
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.labels import isolate
from ui.widgets.layouts import column, row
from ui.widgets.panel import Choice, Panel, Reason
from ui.widgets.row_list import RowList
from ui.widgets.search_box import SearchBox

MARGINS = (22, 18, 22, 18)
RENEW_ALL = "F10"


class DeskPage(Page):
    """The page in front all day. It queries a reader once; a loan then touches only the row and the numbers it
    changes."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._reader: ReaderCard | None = None
        self._asked: CheckoutRequest | None = None
        self._overridable: tuple[str, ...] = ()
        self._waiting: deque[str] = deque()
        self.box = SearchBox("کارت عضو یا برچسب کتاب را اسکن کنید…")
        self.banner, self.panel = Banner(), Panel()
        self.clock_question = ClockQuestion(session.library.clock)
        self.loans = RowList(loan_table(), tools=False)
        self.events = RowList(event_table(), tools=False)
        self.hits = Finder(session)
        self._next = Button("عضو بعدی", ESCAPE)
        renew = Button("تمدید همه", RENEW_ALL)
        self.side = Side(renew)
        self._lay_out()
        self._connect(renew)
        self.clear_reader()

    def on_shown(self) -> None:
        self.clock_question.ask_if_doubtful()
        self._show_again()
        self.box.setFocus()

    def on_escape(self) -> None:
        if self.panel.is_open():
            self._close_question()
        elif self._lists.currentWidget() is self.hits:
            self.box.clear()
            self._show_list()
        else:
            self.clear_reader()

    def undo(self) -> None:
        outcome = undo_last(self._session.library, self._session.act())
        match outcome:
            case Undone():
                title = f"واگرد شد — {ENTRY_KIND.get(outcome.kind, 'آخرین کار')}"
                self._say(Said(Tone.INFO, title, (), Sound.CHECKED_IN))
                self._session.refresh.tell("loans", "items", "members", "titles", "weeding")
            case Refused():
                refusal = outcome.refusals[0]
                self._say(Said(Tone.WARN, why(refusal), (way_out(refusal),), Sound.REFUSED))
            case _:
                assert_never(outcome)
        self._show_again()

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp(RENEW_ALL, "تمدید همهٔ امانت‌های عضو"),
            KeyHelp("Ctrl+Shift+A", "امانت با اجازه، پس از رد شدن"),
            KeyHelp("Ctrl+Shift+Y", "بله، در پاسخ پرسش"),
            KeyHelp("Ctrl+Shift+R", "پس گرفتن کتابی که نزد دیگری است"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (Action("تمدید همهٔ امانت‌های عضو", self.renew_all, RENEW_ALL), Action("عضو بعدی", self.on_escape, ESCAPE))

    def on_scan(self, scan: Scan | Unreadable) -> None:
        """A code from any device. While a question is open it waits, visibly."""
        match scan:
            case Unreadable():
                self._say(Said(Tone.REFUSE, "بارکد ناخوانا", (words.FLAWS[scan.reason],), Sound.REFUSED))
            case Scan():
                self._take(scan.text)
            case _:
                assert_never(scan)

    def select_member(self, key: str) -> None:
        """Put a reader on screen, as their card would."""
        self._take(key)

    def clear_reader(self) -> None:
        """Nobody is on screen; nothing on it belongs to anybody."""
        self.banner.show_outcome(Tone.NEUTRAL, "میز آماده است", "کارت عضو یا برچسب کتاب را اسکن کنید.")
        self._reader = None
        self.box.show_badge("")
        self._show_day()
        self._show_list()

    def renew_all(self) -> None:
        """F10: renew every loan of the reader, with a result for each."""
        if self._reader is None:
            return
        outcome = renew_all(self._session.library, self._reader.member.member_no, self._session.act())
        if isinstance(outcome, NotFound):
            self._not_found(outcome.key)
            return
        self._say(words.renewed_all(outcome))
        refused = [line for line in outcome.lines if isinstance(line, RenewalRefused)]
        if refused:
            reasons = tuple(
                replace(reason, text=f"{words.book(line.item)}: {reason.text}")
                for line in refused
                for reason in words.reasons(line.refusals, self._session.library.categories)
            )
            self.panel.ask(Tone.WARN, "این امانت‌ها تمدید نشدند", reasons, words.choices(())[-1:])
        self._session.refresh.tell("loans")
        self._show_again()

    def _take(self, code: str) -> None:
        if self.panel.is_open():
            self._waiting.append(code)
            self._show_waiting()
            return
        self._handle(code)

    def _handle(self, code: str) -> None:
        with self._session.library.store.read() as reader:
            member = reads.find_member(reader, code)
            item = None if member else reads.find_item(reader, code)
        self.box.clear()
        if member is not None:
            self._select(member)
        elif item is None:
            self._not_found(code)
        elif self._reader is not None:
            self._lend(CheckoutRequest(self._reader.member.member_no, code))
        else:
            self._take_back(code)

    def _select(self, member: MemberFacts) -> None:
        self._load(member.id)
        if self._reader is not None:
            self.banner.show_outcome(Tone.INFO, f"{isolate(member.name)} روی میز است", "برچسب کتاب‌ها را اسکن کنید.")
            self._session.sounds.play(Sound.CHECKED_IN)

    def _not_found(self, code: str) -> None:
        """An unknown code may be an unknown card: the reader on screen is cleared, not kept (habit 5)."""
        self.clear_reader()
        detail = (f"{isolate(code)} · کارت یا برچسب را دوباره اسکن کنید، یا نام را بنویسید.",)
        self._say(Said(Tone.REFUSE, "این شماره شناخته نشد", detail, Sound.REFUSED))

    def _lend(self, request: CheckoutRequest) -> None:
        outcome: CheckoutOutcome = check_out(self._session.library, request, self._session.act())
        match outcome:
            case CheckedOut():
                self._say(words.lent(outcome))
                self._add_loan(outcome)
                self._session.refresh.tell("loans", "items")
            case AlreadyLent():
                self._say(words.already_lent(outcome))
            case Renewed():
                self._say(words.renewed(outcome))
                self._session.refresh.tell("loans")
                self._show_again()
            case CheckoutRefused():
                self._refuse(request, outcome)
            case NotFound():
                self._not_found(outcome.key)
            case _:
                assert_never(outcome)

    def _add_loan(self, outcome: CheckedOut) -> None:
        """The new row on top and the two numbers: nothing else on the page is touched."""
        self.loans.table.insert_on_top(fresh_loan(outcome, self._session.act().at))
        self._show_list()
        if self._reader is not None:
            loans = self.loans.table.total()
            self.side.member.show_counts(loans, self._reader.limit, self._reader.member.debt)

    def _take_back(self, code: str) -> None:
        outcome: CheckinOutcome = check_in(self._session.library, CheckinRequest(code), self._session.act())
        match outcome:
            case CheckedIn():
                self._say(words.taken_back(outcome))
                self._session.refresh.tell("loans", "items", "members")
            case LocalUse():
                self._say(words.used(outcome))
                self._session.refresh.tell("items")
            case AlreadyReturned():
                self._say(words.already_returned(outcome))
            case CheckinRefused():
                refused = words.reasons(outcome.refusals, self._session.library.categories)
                self._ask(
                    None, f"{words.book(outcome.item)} پس گرفته نشد", outcome.item, refused, words.choices(())[-1:]
                )
            case NotFound():
                self._not_found(outcome.key)
            case _:
                assert_never(outcome)
        self._show_again()

    def _refuse(self, request: CheckoutRequest, outcome: CheckoutRefused) -> None:
        question = all(refusal.weight is Weight.CONFIRM for refusal in outcome.refusals)
        asked = f"{words.book(outcome.item)} به {isolate(outcome.member.name)}"
        title = f"{asked} امانت داده شود؟" if question else f"{asked} امانت داده نمی‌شود"
        self._ask(
            request,
            title,
            outcome.item,
            words.reasons(outcome.refusals, self._session.library.categories),
            words.choices(outcome.refusals),
            question=question,
        )
        self._overridable = tuple(refusal.code for refusal in outcome.refusals)

    def _ask(
        self,
        request: CheckoutRequest | None,
        title: str,
        item: ItemFacts,
        reasons: tuple[Reason, ...],
        choices: tuple[Choice, ...],
        *,
        question: bool = False,
    ) -> None:
        self._asked = request
        tone = Tone.WARN if question else Tone.REFUSE
        said = "نیاز به پاسخ شما" if question else "انجام نشد"
        self.banner.show_outcome(tone, f"{said} — {words.book(item)}")
        self._session.sounds.play(Sound.ATTENTION if question else Sound.REFUSED)
        self.panel.ask(tone, title, reasons, choices)

    def _chosen(self, code: str) -> None:
        request = self._asked
        if request is None or code == words.CLOSE:
            self._close_question()
        elif code == words.YES:
            self._answer(replace(request, answer=Answer(confirm=frozenset(self._overridable))))
        elif code == words.OVERRIDE:
            self.panel.ask(Tone.WARN, "دلیل نادیده گرفتن قاعده چیست؟", (), words.OVERRIDE_REASONS)
        elif code == words.TAKE_BACK:
            self._answer_by_return(request)
        else:
            lifted = frozenset(self._overridable)
            self._answer(replace(request, answer=Answer(override=lifted, reason=code, confirm=lifted)))

    def _answer(self, request: CheckoutRequest) -> None:
        self._asked = None
        self.panel.close_question()
        self._lend(request)
        self._go_on()

    def _answer_by_return(self, request: CheckoutRequest) -> None:
        self._asked = None
        self.panel.close_question()
        self._take_back(request.item)
        self._go_on()

    def _close_question(self) -> None:
        self._asked = None
        self.panel.close_question()
        self._go_on()

    def _go_on(self) -> None:
        """Scans that arrived meanwhile are worked off, until the next question."""
        while self._waiting and not self.panel.is_open():
            self._handle(self._waiting.popleft())
        self._show_waiting()
        self.box.setFocus()

    def _show_waiting(self) -> None:
        self.panel.set_waiting(len(self._waiting))
        self.box.set_waiting(len(self._waiting))

    def _typed(self, text: str) -> None:
        """Search in place while a name or title is typed; a number is looked up when Enter ends it."""
        if self.hits.look_for(text):
            self._lists.setCurrentWidget(self.hits)
        else:
            self._show_list()

    def _submitted(self, text: str) -> None:
        code = self.hits.settle(text)
        if code is not None:
            self._found(code)
        else:
            self._lists.setCurrentWidget(self.hits)
            self.hits.take_focus()

    def _found(self, code: str) -> None:
        self._show_list()
        self._take(code)
        self.box.setFocus()

    def _load(self, member_id: uuid.UUID) -> None:
        library, today = self._session.library, self._session.act().day
        with library.store.read() as reader:
            self._reader = reader_card(library, reader, member_id, today)
        if self._reader is None:
            self.clear_reader()
            return
        self.side.show_reader(self._reader)
        self.loans.set_rows([loan_view(loan, today, fresh=loan.out_on == today) for loan in self._reader.loans])
        member = self._reader.member
        self.box.show_badge(f"امانت به: {isolate(f'{member.given_name} {member.family_name}')}")
        self._show_list()

    def _show_again(self) -> None:
        if self._reader is not None:
            self._load(self._reader.member.id)
        else:
            self._show_day()

    def _show_day(self) -> None:
        today = self._session.act().day
        with self._session.library.store.read() as reader:
            self.side.show_day(today, day_counts(reader, today))
            self.events.set_rows(todays_events(reader, today))

    def _show_list(self) -> None:
        self._next.setVisible(self._reader is not None)
        self._lists.setCurrentWidget(self.loans if self._reader is not None else self.events)

    def _say(self, said: Said) -> None:
        self.banner.show_outcome(said.tone, said.title, *said.detail, undo=said.undo)
        self._session.sounds.play(said.sound)

    def _lay_out(self) -> None:
        self.box.add_end(self._next)
        self.loans.set_empty(
            "این عضو کتابی در امانت ندارد", "برچسب کتاب را اسکن کنید تا امانت داده شود.", "book-upload"
        )
        self.events.set_empty("هنوز کاری از امروز ثبت نشده است", "کارت عضو یا برچسب کتاب را اسکن کنید.", "barcode")
        stack = QWidget()
        self._lists = QStackedLayout(stack)
        for made in (self.events, self.loans, self.hits):
            self._lists.addWidget(made)
        work = row(self.side, column(self.clock_question, self.panel, stack, gap=14), gap=14)
        work.setStretch(1, 1)
        whole = column(self.box, self.banner, work, gap=14, margins=MARGINS)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def _connect(self, renew: Button) -> None:
        self.box.typed.connect(self._typed)
        self.box.submitted.connect(self._submitted)
        self.banner.undo_wanted.connect(self.undo)
        self.panel.chosen.connect(self._chosen)
        self.clock_question.answered.connect(self._show_again)
        self.hits.found.connect(self._found)
        self._next.clicked.connect(self.on_escape)
        renew.clicked.connect(self.renew_all)
