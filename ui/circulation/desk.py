"""The desk page: one box for everything. A card selects a reader, a copy is lent, or taken back when nobody is on
screen."""

from collections.abc import Callable
from typing import assert_never

from PySide6.QtCore import Signal, Slot

from app.devices.scan import Scan, Unreadable
from app.labels import ENTRY_KIND
from app.outcome import Refused
from app.persian.digits import number
from app.undo import Undone, undo_last
from app.wording import way_out, why
from ui.circulation import desk_keys as keys
from ui.circulation.desk_work import DeskWork
from ui.circulation.loan_deeds import CHOOSE_FIRST
from ui.circulation.modes import WAYS, Way
from ui.circulation.rows import COPY, LoanView
from ui.keys import ESCAPE, KeyHelp
from ui.page import Action
from ui.said import FLAWS, Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.undoing import ALL_ROWS
from ui.widgets.buttons import listen

Run = Callable[[], None]


class DeskPage(DeskWork):
    """The page in front all day. `money_wanted` and `hold_wanted` ask for other pages with this reader (and copy)."""

    money_wanted = Signal(str)
    hold_wanted = Signal(str, str)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._connect()
        self.clear_reader()

    def on_shown(self) -> None:
        self.clock_question.ask_if_doubtful()
        self.show_again()
        self.box.setFocus()

    def on_scan(self, scan: Scan | Unreadable) -> None:
        match scan:
            case Unreadable():
                self.say(Said(Tone.REFUSE, "بارکد ناخوانا", (FLAWS[scan.reason],), Sound.REFUSED))
            case Scan():
                self.take(scan.text)
            case _:
                assert_never(scan)

    def on_escape(self) -> None:
        if self.escape_slip():
            return
        if self.asking.is_open():
            self.asking.close()
        elif self.loss_panel.is_open():
            self.loan_deeds.acting().withdraw()
        elif not self.close_why():
            self._leave()

    def undo(self) -> None:
        outcome = undo_last(self._session.library, self._session.act())
        match outcome:
            case Undone():
                title = f"واگرد شد — {ENTRY_KIND.get(outcome.kind, 'آخرین کار')}"
                self.say(Said(Tone.INFO, title, (), Sound.CHECKED_IN))
                self._session.refresh.tell(*ALL_ROWS, "holds", "money")
            case Refused():
                refusal = outcome.refusals[0]
                self.say(Said(Tone.WARN, why(refusal), (way_out(refusal),), Sound.REFUSED))
            case _:
                assert_never(outcome)
        self.show_again()

    def key_help(self) -> tuple[KeyHelp, ...]:
        return keys.HELP

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("عضو بعدی", self.on_escape, ESCAPE),
            *(Action(title, self._free(run), key) for key, title, run in (*self._deeds(), *self._buttons())),
        )

    def select_member(self, key: str) -> None:
        """Put a reader on screen, as their card would."""
        self.take(key)

    def renew_all(self) -> None:
        """F10: renew every loan of the reader, with a result for each."""
        self.loan_deeds.renew_all()

    def member_key(self) -> str:
        """The number of the reader on screen, "" while there is nobody."""
        return self.at_desk.reader.key if self.at_desk.reader is not None else ""

    def _leave(self) -> None:
        """One step back: from the hits, from one of the household, from the reader, from a batch of returns."""
        desk = self.at_desk
        if self.hits_are_shown():
            self.box.clear()
            self._show_list()
        elif desk.holder is not None:
            self.back_to_holder(desk.holder)
        elif desk.is_batch:
            title = f"صندوق بازگشت تمام شد: {number(desk.returned)} کتاب برگشت"
            self.clear_reader()
            self.say(Said(Tone.INFO, title, (), Sound.CHECKED_IN))
        else:
            self.clear_reader()

    @Slot(str)
    def _typed(self, text: str) -> None:
        """Search in place while a name or title is typed; a number is looked up when Enter ends it."""
        if self.hits.look_for(text):
            self._lists.setCurrentWidget(self.hits)
        else:
            self._show_list()

    @Slot(str)
    def _submitted(self, text: str) -> None:
        code = self.hits.settle(text)
        if code is not None:
            self._found(code)
        else:
            self._lists.setCurrentWidget(self.hits)
            self.hits.take_focus()

    @Slot(str)
    def _found(self, code: str) -> None:
        self._show_list()
        self.box.setFocus()
        self.take(code, typed=True)

    @Slot()
    def _modes_changed(self) -> None:
        """The desk works otherwise: a box of returns begins with nobody on screen."""
        if self.at_desk.is_batch:
            self.strip.clear()
            title, detail = "صندوق بازگشت باز است", "کتاب‌ها را یکی‌یکی اسکن کنید؛ پایان کار با Esc."
            self.banner.show_outcome(Tone.WARN, title, detail)
            self.show_again()
        self.show_badge()

    def _show_slip(self) -> None:
        if self.at_desk.reader is not None:
            self.show_slip(self.at_desk.reader)

    def _seen(self) -> None:
        if self.at_desk.reader is not None and self.at_desk.reader.notes:
            self.at_desk.note_seen(self._session.act())
            self.show_again()

    def _to_money(self) -> None:
        if self.member_key():
            self.money_wanted.emit(self.member_key())

    def _of_loan(self, run: Callable[[LoanView], None]) -> Run:
        """Something about the chosen loan; without one it says how to choose."""

        def with_loan() -> None:
            loan = self.chosen_loan()
            if loan is None:
                self.say(CHOOSE_FIRST)
            else:
                run(loan)

        return with_loan

    def _want_hold(self) -> None:
        """A hold for the title of the chosen loan, or of the chosen copy among what was typed for."""
        loan, hits = self.chosen_loan(), self.hits.view.chosen() if self.hits_are_shown() else ()
        copy = loan.barcode if loan is not None else next((hit.code for hit in hits if hit.kind == COPY), "")
        if self.member_key() or copy:
            self.hold_wanted.emit(self.member_key(), copy)
        else:
            self.say(CHOOSE_FIRST)

    def _deeds(self) -> tuple[tuple[str, str, Run], ...]:
        """What has a key and no button of its own: key, words, deed."""
        deeds, chosen = self.loan_deeds, self.chosen_loan
        ways = zip(keys.WAY_KEYS, Way, strict=True)
        return (
            (keys.RENEW_ALL_UNSEEN, "تمدید تلفنی همهٔ امانت‌های عضو", lambda: deeds.renew_all(unseen=True)),
            (keys.RENEW, "تمدید امانت برگزیده", lambda: deeds.renew(chosen())),
            (keys.RENEW_UNSEEN, "تمدید تلفنی امانت برگزیده", lambda: deeds.renew(chosen(), unseen=True)),
            (keys.WHY, "با چه قاعده‌ای؟", self._of_loan(self.show_why)),
            (keys.LOSE, "کتاب برگزیده گم شده است", lambda: deeds.lose(chosen())),
            (keys.CLAIM, "عضو می‌گوید کتاب برگزیده را برگردانده است", lambda: deeds.claim(chosen())),
            (keys.HOLD, "رزرو عنوان برگزیده", self._want_hold),
            (keys.NOTES, "یادداشت‌ها", lambda: self.visitors.ask_notes(chosen())),
            (keys.SEEN, "یادداشت‌ها را دیدم", self._seen),
            (keys.MODES, "شیوهٔ کار میز", self.modes.ask),
            (keys.DUE, "تاریخ بازگشت به دلخواه", self.modes.ask_due),
            (keys.DAY, "ثبت با تاریخ گذشته", self.modes.ask_day),
            (keys.RETURNING, "فقط بازگشت", self.modes.toggle_returning),
            (keys.BOOK_DROP, "صندوق بازگشت", self.modes.ask_book_drop),
            *((key, WAYS[way], self._wayer(way)) for key, way in ways),
        )

    def _buttons(self) -> tuple[tuple[str, str, Run], ...]:
        """What the buttons of the card do, for the command search."""
        return (
            (keys.RENEW_ALL, "تمدید همهٔ امانت‌های عضو", self.renew_all),
            (keys.MONEY, "حساب عضو", self._to_money),
            (keys.SLIP, "برگهٔ امانت عضو", self._show_slip),
            (keys.HOUSEHOLD, "خانوادهٔ عضو", self.visitors.ask_household),
        )

    def _wayer(self, way: Way) -> Run:
        return lambda: self.modes.use_way(way)

    def _free(self, run: Run) -> Run:
        """Nothing else begins while a question stands; a slip gives way."""

        def begin() -> None:
            if self.is_asking():
                self._session.sounds.play(Sound.ATTENTION)
            else:
                self.close_slip()
                run()

        return begin

    def _connect(self) -> None:
        self.box.typed.connect(self._typed)
        self.box.submitted.connect(self._submitted)
        self.banner.undo_wanted.connect(self.undo)
        self.clock_question.answered.connect(self.show_again)
        self.hits.found.connect(self._found)
        self.next.clicked.connect(self.on_escape)
        self.modes.changed.connect(self._modes_changed)
        card = self.side.member
        buttons = (card.renew_all, card.money, card.slip, card.household)
        for button, (_, _, run) in zip(buttons, self._buttons(), strict=True):
            button.clicked.connect(self._free(run))
        for key, _, run in self._deeds():
            listen(self, key, self._free(run))
