"""What becomes of a scan at the desk: whom it brings, what it lends or takes back, and what the page shows of it."""

import uuid
from collections import deque
from collections.abc import Mapping

from PySide6.QtCore import Slot

from app.circulation import reads
from app.circulation.facts import MemberFacts
from app.circulation.household import Kin
from app.circulation.outcomes import CheckedIn, CheckedOut
from db.codes import Condition, ItemFlag
from ui.circulation import words
from ui.circulation.asking import Asking
from ui.circulation.at_desk import ReaderAtDesk, read_at_desk
from ui.circulation.counter import Counter
from ui.circulation.desk_keys import DAMAGED, FAST, FOREIGN, GUEST, PARTS, WORN
from ui.circulation.desk_view import DeskView
from ui.circulation.loan_deeds import LoanDeeds
from ui.circulation.mode_questions import ModeQuestions
from ui.circulation.rows import Mark, fresh_loan
from ui.circulation.stranger_questions import StrangerQuestions
from ui.circulation.visitor_questions import VisitorQuestions
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import isolate


class DeskWork(DeskView):
    """A reader is read once; a loan then touches only the row and the numbers it changes."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._waiting: deque[tuple[str, bool]] = deque()
        self.asking = Asking(self.panel, self)
        self.counter = Counter(session, self.at_desk, self.asking, self)
        self.modes = ModeQuestions(session, self.at_desk, self.asking)
        self.loan_deeds = LoanDeeds(session, self.at_desk, self.asking, self.loss_panel)
        self.visitors = VisitorQuestions(session, self.at_desk, self.asking, self.counter)
        self.strangers = StrangerQuestions(session, self.asking)
        self._connect_work()

    def take(self, code: str, *, typed: bool = False) -> None:
        """A code from any device or from the keys. While a question is open it waits, visibly."""
        if self.is_asking():
            self._waiting.append((code, typed))
            self._show_waiting()
            return
        self.close_slip()
        self._handle(code, typed)

    def select(self, member_id: uuid.UUID) -> bool:
        """Put a reader on screen; False when there is no such member any more."""
        found = read_at_desk(self._session.library, member_id, self._session.act().day)
        if found is None:
            self.clear_reader()
            return False
        if self.at_desk.reader is None or self.at_desk.reader.id != found.id:
            self._forget_the_last()
            self.loans.view.clearSelection()
        self.at_desk.take(found)
        self._show_reader()
        return True

    def say(self, said: Said) -> None:
        """Banner and sound, under the banner what else is worth knowing, and the focus where the next scan goes."""
        said = words.apart(said)
        self.banner.show_outcome(said.tone, said.title, *said.detail, undo=said.undo)
        self._session.sounds.play(said.sound)
        self.strip.show_told(said.alerts, said.messages)
        if not self.is_asking():
            self.box.setFocus()

    def lend_to(self, kin: Kin) -> None:
        """The next books are for another of the household, on the card that was shown."""
        found = read_at_desk(self._session.library, kin.card.member.id, self._session.act().day)
        if found is not None:
            self.at_desk.lend_to(found)
            self._show_reader()
            title = f"کتاب‌های بعدی برای {isolate(found.name)} است"
            self.say(Said(Tone.INFO, title, ("برای بازگشت به خود عضو Esc بزنید.",), Sound.CHECKED_IN))

    def back_to_holder(self, holder: ReaderAtDesk) -> None:
        """The card's own reader borrows again."""
        self.at_desk.back_to_holder(holder)
        self.show_again()
        self.say(Said(Tone.INFO, f"{isolate(holder.name)} روی میز است", (), Sound.CHECKED_IN))

    def offer_fast(self) -> None:
        """The code that meant nothing is the label of a new book: its short record, and its loan to the reader who was
        here."""
        if self._unknown is None or self.is_asking():
            return
        member_id, request = self._unknown
        if self.select(member_id) and self.at_desk.reader is not None:
            title = f"{isolate(self.at_desk.reader.name)} روی میز است"
            self.say(Said(Tone.INFO, title, ("کتاب تازه را کوتاه بنویسید.",), Sound.ATTENTION))
            self.visitors.ask_fast(request.item, request)

    # From the code to the outcome

    def _handle(self, code: str, typed: bool) -> None:
        with self._session.library.store.read() as reader:
            member = reads.find_member(reader, code)
        self.box.clear()
        self._marks, self._unknown = {}, None
        if member is not None:
            self._card_shown(member)
        elif self.at_desk.lends:
            self.counter.lend(self.at_desk.lending(code), typed=typed)
        else:
            self.counter.take_back(self.at_desk.taking_back(code), typed=typed)

    @Slot(object)
    def _card_shown(self, member: MemberFacts) -> None:
        if self.at_desk.is_batch:  # cards come back in the book drop, too (RERO 2626)
            title = f"این کارت {isolate(member.name)} است، نه کتاب"
            self.say(Said(Tone.WARN, title, ("آن را کنار بگذارید؛ برای امانت نخست Esc بزنید.",), Sound.ATTENTION))
        elif self.select(member.id):
            title = f"{isolate(member.name)} روی میز است"
            self.say(Said(Tone.INFO, title, ("برچسب کتاب‌ها را اسکن کنید.",), Sound.CHECKED_IN))

    @Slot(str)
    def _not_found(self, code: str) -> None:
        """An unknown code may be an unknown card: the reader on screen is cleared, not kept (habit 5). It may be a new
        book as well: then one key brings the reader back."""
        desk = self.at_desk
        unknown = (desk.reader.id, desk.lending(code)) if desk.lends and desk.reader is not None else None
        if not desk.is_batch:
            self.clear_reader()
        detail = (f"{isolate(code)} · کارت یا برچسب را دوباره اسکن کنید، یا نام را بنویسید.",)
        self.say(Said(Tone.REFUSE, "این شماره شناخته نشد", detail, Sound.REFUSED))
        self._unknown = unknown
        if unknown is not None:
            fast = Button("کتاب تازه است: ثبت سریع و امانت", FAST)
            fast.clicked.connect(self.offer_fast)
            self.strip.offer(fast)
        if self.strangers.may_be_of_others():
            guest = Button("عضو کتابخانهٔ دیگر است", GUEST)
            guest.clicked.connect(lambda: self.strangers.ask_guest(code))
            self.strip.offer(self._foreign_button(code), *(() if desk.is_batch else (guest,)))

    @Slot(str, str)
    def _foreign(self, code: str, library: str) -> None:
        """The label is one of another library: its return can be noted here."""
        if self.strangers.may_be_of_others():
            self.strip.offer(self._foreign_button(code, library))

    def _foreign_button(self, code: str, library: str = "") -> Button:
        foreign = Button("کتاب کتابخانهٔ دیگر است", FOREIGN)
        foreign.clicked.connect(lambda: self.strangers.ask_return(code, library))
        return foreign

    @Slot(object)
    def _guest_here(self, member_id: uuid.UUID) -> None:
        """The guest is on screen and may borrow."""
        if self.select(member_id) and self.at_desk.reader is not None:
            title = f"{isolate(self.at_desk.reader.name)}، مهمان از کتابخانهٔ دیگر، روی میز است"
            self.say(Said(Tone.INFO, title, ("برچسب کتاب‌ها را اسکن کنید.",), Sound.CHECKED_IN))

    @Slot(object)
    def _lent(self, outcome: CheckedOut) -> None:
        """The new row on top and the two numbers: nothing else on the page is touched."""
        self._session.refresh.tell("loans", "items", *(("money",) if outcome.taken_back else ()))
        reader = self.at_desk.reader
        if reader is None:
            return
        if outcome.taken_back is not None and outcome.taken_back.member is not None:
            self.loans.table.remove_row(outcome.taken_back.loan_id)
        self.loans.table.insert_on_top(fresh_loan(outcome, self._session.act().at))
        self._show_list()
        self.side.member.show_counts(self.loans.table.total(), reader.card.limit, reader.card.member.debt)
        self.show_badge()

    @Slot(object)
    def _returned(self, outcome: CheckedIn) -> None:
        self._session.refresh.tell("loans", "items", "members", "holds", "money")
        self.show_again()
        item = outcome.item
        worn, damaged = Button("فرسوده است", WORN), Button("آسیب دیده است", DAMAGED)
        worn.clicked.connect(lambda: self.visitors.note_condition(item, Condition.WORN))
        damaged.clicked.connect(lambda: self.visitors.note_condition(item, Condition.DAMAGED))
        buttons = [worn, damaged]
        if (item.parts or ItemFlag.PARTS in item.flags) and not outcome.missing_parts:
            parts = Button("پیوستش کم است", PARTS)
            parts.clicked.connect(lambda: self.visitors.ask_parts(item))
            buttons.append(parts)
        self.strip.offer(*buttons)

    @Slot(object)
    def _changed(self, names: tuple[str, ...]) -> None:
        if names:
            self._session.refresh.tell(*names)
        self.show_again()

    @Slot(object)
    def _marked(self, marks: Mapping[object, Mark]) -> None:
        self._marks = marks

    @Slot()
    def _go_on(self) -> None:
        """Scans that arrived meanwhile are worked off, until the next question."""
        while self._waiting and not self.is_asking():
            self._handle(*self._waiting.popleft())
        self._show_waiting()
        self.show_badge()
        self.box.setFocus()

    def _show_waiting(self) -> None:
        for panel in (self.panel, self.loss_panel):
            panel.set_waiting(len(self._waiting))
        self.box.set_waiting(len(self._waiting))

    def _connect_work(self) -> None:
        self.counter.said.connect(self.say)
        self.counter.lent.connect(self._lent)
        self.counter.returned.connect(self._returned)
        self.counter.changed.connect(self._changed)
        self.counter.unknown.connect(self._not_found)
        self.counter.foreign.connect(self._foreign)
        self.counter.card.connect(self._card_shown)
        self.strangers.guest.connect(self._guest_here)
        for deeds in (self.loan_deeds, self.visitors, self.strangers):
            deeds.said.connect(self.say)
            deeds.changed.connect(self._changed)
        self.loan_deeds.marked.connect(self._marked)
        self.loan_deeds.unknown.connect(self._not_found)
        self.visitors.chosen.connect(self.lend_to)
        self.loan_deeds.settled.connect(self._go_on)
        self.asking.closed.connect(self._go_on)
