"""The call list: whom to call, in order; a key says what came of it, and the next reader is there."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import assert_never

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.circulation.lost.claims import ClaimRequest, claim_returned
from app.circulation.lost.declaring import LostRequest, declare_lost
from app.circulation.lost.facts import Claimed, Declared, LossRefused
from app.circulation.reads import find_member
from app.labels import CALL_RESULT
from app.notices.calls import CallNote, CallRecorded, LateReader, call_list, calls_of, record_call
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.persian.digits import number
from db.act import Act
from db.codes import CallResult
from reports.lists import list_xlsx
from ui.calls import words
from ui.calls.late_card import WIDTH, LateCard
from ui.calls.rows import late_table
from ui.circulation.words import Said
from ui.paper.saving import SavePanel
from ui.session import Session
from ui.sounds import Sound
from ui.style import look
from ui.theme import Tone
from ui.widgets.labels import isolate
from ui.widgets.layouts import column, row
from ui.widgets.panel import Choice, Panel, Reason
from ui.widgets.row_list import RowList

YES, NO = "yes", "no"
YES_KEY = "Ctrl+Shift+Y"
_OFFERED = {
    CallResult.SAYS_RETURNED: (
        "ادعای برگرداندن ثبت شود؟",
        "کتاب در قفسه‌ها جستجو می‌شود؛ تا پیدا نشود امانت باز می‌ماند.",
    ),
    CallResult.SAYS_LOST: (
        "گم شدن کتاب ثبت شود؟",
        "بهای کتاب به حساب عضو نوشته می‌شود؛ امانت تا تسویه باز می‌ماند.",
    ),
}
EMPTY = ("کسی دیرکرد ندارد", "عضوی که کتابش دیر شود اینجا می‌آید، با شماره‌ها و تماس‌های پیشین.", "circle-check")


class Calling(QWidget):
    """`said` goes to the banner; `counted` tells how many are to be called today."""

    said = Signal(object)
    counted = Signal(int, int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._offered: tuple[CallResult, LateReader] | None = None
        self.list = RowList(late_table(session.act().day), noun="عضو")
        self.list.set_empty(*EMPTY)
        self.card = LateCard(lambda: session.act().day, self._open_day)
        self.panel, self.saving = Panel(), SavePanel()
        side = QWidget()
        side.setFixedWidth(look().px(WIDTH))
        beside = column(self.panel, self.saving, self.card, gap=10)
        beside.setStretch(2, 1)
        beside.addStretch(0)
        side.setLayout(beside)
        work = row(self.list, side, gap=14)
        work.setStretch(0, 1)
        self.setLayout(work)
        self.setFocusProxy(self.list.view)
        self.list.view.current_row.connect(self._show)
        self.list.export_wanted.connect(self.export)
        self.card.result.connect(self._record)
        self.panel.chosen.connect(self._answered)

    def reload(self) -> None:
        """Read the list anew; the chosen reader stays chosen while still late."""
        library, today = self._session.library, self._session.act().day
        with library.store.read() as reader:
            found = call_list(library, reader, today)
        self.list.set_rows(found)
        self.counted.emit(sum(one.is_due(today) for one in found), len(found))
        if not self.list.view.chosen():
            self.card.clear()
            self.list.view.choose_place(0)
        else:
            self._show(self.list.view.chosen()[0])

    def choose(self, code: str) -> bool:
        """Choose the late reader of a card or number; False when nothing of theirs is late."""
        with self._session.library.store.read() as reader:
            member = find_member(reader, code)
        if member is None or self.list.table.position_of(member.id) < 0:
            return False
        self.list.view.choose(member.id)
        return True

    def on_escape(self) -> bool:
        """Close the question that stands."""
        if self.panel.is_open():
            self._close()
            return True
        if self.saving.is_open():
            self.saving.close_question()
            return True
        return False

    def record(self, result: CallResult) -> None:
        """Note what came of the call to the reader on the card."""
        self._record(result)

    @Slot()
    def export(self) -> None:
        """The rows shown as an Excel file."""
        headings, *rows = self.list.sheet()
        day = jalali.short_latin(self._session.act().day).replace("/", "-")
        self.saving.save(self, f"calls-{day}.xlsx", list_xlsx("فهرست پیگیری دیرکرد", headings, rows))

    def _open_day(self, days: int) -> dt.date:
        return self._session.library.calendar.add_open_days(self._session.act().day, days)

    @Slot(object)
    def _show(self, one: LateReader) -> None:
        with self._session.library.store.read() as reader:
            calls = calls_of(reader, one.member_id)
        self.card.show_reader(one, calls)

    @Slot(object)
    def _record(self, result: CallResult) -> None:
        one, contact = self.card.one(), self.card.called()
        if one is None or self.panel.is_open():
            return
        note = CallNote(
            one.member_no, result, contact.value if contact else None, self.card.next_day.day(), self.card.note.text()
        )
        outcome = record_call(self._session.library, note, self._session.act())
        match outcome:
            case CallRecorded():
                self._recorded(one, outcome)
            case Refused():
                self.said.emit(words.refused(outcome.refusals, "تماس ثبت نشد"))
            case NotFound():
                self.said.emit(Said(Tone.REFUSE, "این عضو پیدا نشد", (), Sound.REFUSED))
                self.reload()
            case _:
                assert_never(outcome)

    def _recorded(self, one: LateReader, outcome: CallRecorded) -> None:
        when = f"تماس بعدی {jalali.long(outcome.next_on)}"
        bad = " · شماره نادرست علامت خورد" if outcome.marked_bad else ""
        title = f"{CALL_RESULT[outcome.result]} — {isolate(one.name)}"
        self.said.emit(Said(Tone.OK, title, (f"{when}{bad}",), Sound.CHECKED_IN, "برداشتن ثبت این تماس"))
        self._session.refresh.tell("calls", "members")
        following = self._following(one)
        self.card.next_day.set_day(None)
        self.card.note.clear()
        self.reload()
        if outcome.result in _OFFERED:
            self.list.view.choose(one.member_id)
            self._offer(one, outcome.result)
        elif outcome.result is not CallResult.WRONG_NUMBER and following is not None:
            self.list.view.choose(following)
        else:
            self.list.view.choose(one.member_id)

    def _following(self, one: LateReader) -> object:
        rows = self.list.table.shown_rows()
        place = next((place for place, row in enumerate(rows) if row.member_id == one.member_id), -1)
        return rows[place + 1].member_id if 0 <= place < len(rows) - 1 else None

    def _offer(self, one: LateReader, result: CallResult) -> None:
        """What the reader says may be entered for the books; the call itself changed no loan."""
        self._offered = result, one
        title, meaning = _OFFERED[result]
        titles = "، ".join(f"«{isolate(book.title)}»" for book in one.books)
        yes = f"برای هر {number(len(one.books))} کتاب ثبت شود" if len(one.books) > 1 else "ثبت شود"
        choices = (Choice(YES, yes, YES_KEY, "primary"), Choice(NO, "نه", "Esc"))
        self.card.hide()
        self.panel.ask(Tone.WARN, title, (Reason(titles, "", meaning),), choices)

    @Slot(str)
    def _answered(self, code: str) -> None:
        offered = self._offered
        self._close()
        if offered is None or code != YES:
            return
        result, one = offered
        enter: Callable[[str, Act], object] = partial(
            _claim if result is CallResult.SAYS_RETURNED else _lose, self._session
        )
        outcomes = [enter(book.barcode, self._session.act()) for book in one.books]
        refusals = tuple(why for outcome in outcomes if isinstance(outcome, LossRefused) for why in outcome.refusals)
        done = sum(isinstance(outcome, Claimed | Declared) for outcome in outcomes)
        self._session.refresh.tell("loans", "items", "members")
        if refusals:
            self.said.emit(words.refused(refusals, f"{number(done)} از {number(len(outcomes))} کتاب ثبت شد"))
        else:
            what = "ادعای برگرداندن" if result is CallResult.SAYS_RETURNED else "گم شدن"
            self.said.emit(Said(Tone.OK, f"{what} {number(done)} کتاب ثبت شد", (isolate(one.name),), Sound.CHECKED_IN))
        self.reload()

    def _close(self) -> None:
        self._offered = None
        self.panel.close_question()
        self.card.show()
        self.list.view.setFocus()


def _claim(session: Session, barcode: str, act: Act) -> object:
    return claim_returned(session.library, ClaimRequest(barcode), act)


def _lose(session: Session, barcode: str, act: Act) -> object:
    return declare_lost(session.library, LostRequest(barcode), act)
