"""The card of the reader to be called: numbers large enough to dial from, late books, result buttons, earlier calls."""

import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.labels import CALL_RESULT, CONTACT_HEALTH
from app.notices.calls import Call, LateReader
from app.notices.contacts import Contact
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import CallResult, ContactHealth
from ui.calls.rows import telephone
from ui.calls.words import HEALTH_TONE, RESULT_KEYS, RESULT_WORDS, late_words, whose
from ui.circulation.rows import titled
from ui.style import look
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.empty import EmptyPage
from ui.widgets.jalali_edit import JalaliDateEdit
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, emptied, row
from ui.widgets.notice import Notice
from ui.widgets.pills import Pill
from ui.widgets.scroll import Scroll

WIDTH = 360
OTHER_NUMBER = "Alt+N"
QUICK = ((1, "فردا"), (3, "۳ روز بعد"), (7, "هفتهٔ بعد"))
LONGEST_NOTE = 300


class LateCard(Card):
    """`result` carries what came of the call; the card knows number, day and note of it."""

    result = Signal(object)

    def __init__(self, today: Callable[[], dt.date], next_open: Callable[[int], dt.date]) -> None:
        self._today, self._next_open = today, next_open
        self._one: LateReader | None = None
        self._chosen = 0
        self._name, self._about = Label("", "heading"), Label("", "muted", wrap=True)
        self._numbers, self._books, self._history = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        for made in (self._numbers, self._books, self._history):
            made.setSpacing(look().px(6))
        self.other = Button("شمارهٔ دیگر", OTHER_NUMBER, icon="repeat")
        self.next_day = JalaliDateEdit(today)
        self.note = QLineEdit()
        self.note.setPlaceholderText("یادداشت…")
        self.note.setAccessibleName("یادداشت تماس")
        self.note.setMaxLength(LONGEST_NOTE)
        self.note.setAlignment(paint.START)
        self.results = {
            result: Button(RESULT_WORDS[result], key, "primary" if result is CallResult.PROMISED else "secondary")
            for result, key in RESULT_KEYS.items()
        }
        self._nobody = EmptyPage("users", "عضوی برگزیده نشده است", "از فهرست برگزینید یا کارت را اسکن کنید.")
        self._somebody = self._laid_out()
        super().__init__(column(self._nobody, self._somebody, gap=0), padding=12)
        self.other.clicked.connect(self._next_number)
        for result, button in self.results.items():
            button.clicked.connect(self._teller(result))
        self.clear()

    def one(self) -> LateReader | None:
        """Whom the card shows."""
        return self._one

    def called(self) -> Contact | None:
        """The number that is being called."""
        numbers = self._one.telephones if self._one else ()
        return numbers[self._chosen] if self._chosen < len(numbers) else None

    def clear(self) -> None:
        """Nobody is chosen."""
        self._one = None
        self._somebody.hide()
        self._nobody.show()
        self.setAccessibleName("عضوی برگزیده نشده است")

    def show_reader(self, one: LateReader, calls: Sequence[Call]) -> None:
        """Show a reader; what was written for the one before goes."""
        same = self._one is not None and self._one.member_id == one.member_id
        self._one = one
        if not same:
            self._chosen = 0
            self.next_day.set_day(None)
            self.note.clear()
        self._name.say(isolate(one.name))
        debt = f" · بدهی {number(one.debt)} ریال" if one.debt > 0 else ""
        self._about.say(f"عضو {to_persian(one.member_no)} · {late_words(one.late)}{debt}")
        self._show_numbers()
        emptied(self._books)
        lines = tuple(
            f"«{isolate(titled(book.title, book.volume_no))}» — {late_words(book.late)}" for book in one.books
        )
        self._books.addWidget(Notice("کتاب‌های دیرکرده", lines, Tone.WARN))
        emptied(self._history)
        for call in calls:
            self._history.addWidget(_past(call))
        if not calls:
            self._history.addWidget(Label("هنوز تماسی گرفته نشده است.", "muted"))
        self._nobody.hide()
        self._somebody.show()
        self._scroll.to_top()
        self.setAccessibleName(f"{one.name}، {late_words(one.late)}")

    def _show_numbers(self) -> None:
        emptied(self._numbers)
        numbers = self._one.telephones if self._one else ()
        for place, contact in enumerate(numbers):
            self._numbers.addWidget(_Number(contact, chosen=place == self._chosen))
        if not numbers:
            self._numbers.addWidget(Label("شماره‌ای ثبت نشده است.", "strong"))
        self.other.setVisible(len(numbers) > 1)

    def _next_number(self) -> None:
        numbers = self._one.telephones if self._one else ()
        if numbers:
            self._chosen = (self._chosen + 1) % len(numbers)
            self._show_numbers()

    def _teller(self, result: CallResult) -> Callable[[], None]:
        return lambda: self.result.emit(result)

    def _quick(self, days: int, words: str) -> Button:
        button = Button(words, kind="quiet")
        button.clicked.connect(lambda: self.next_day.set_day(self._next_open(days)))
        return button

    def _laid_out(self) -> QWidget:
        quick = Flow(*(self._quick(days, words) for days, words in QUICK), gap=2)
        when = row(Label("تماس بعدی", "muted"), self.next_day, gap=8)
        when.setStretch(1, 1)
        past = QWidget()
        past.setLayout(column(self._books, Label("تماس‌های پیشین", "strong"), self._history, None, gap=8))
        self._scroll = Scroll(past)
        self._scroll.setMinimumHeight(look().px(40))
        head = row(column(self._name, self._about, gap=0), self.other)
        head.setStretch(0, 1)
        whole = column(head, self._numbers, Flow(*self.results.values()), when, quick, self.note, self._scroll, gap=8)
        whole.setStretch(6, 1)
        made = QWidget()
        made.setLayout(whole)
        return made


class _Number(QWidget):
    """One number: large where it is the one being called."""

    def __init__(self, contact: Contact, *, chosen: bool) -> None:
        super().__init__()
        shown = Label(telephone(contact.value), "number" if chosen else "muted")
        pill = Pill(CONTACT_HEALTH[contact.health], HEALTH_TONE[contact.health])
        pill.setVisible(contact.health is not ContactHealth.UNKNOWN)
        self.setLayout(row(shown, None, pill, Label(whose(contact), "muted"), gap=8))
        self.setAccessibleName(f"{whose(contact)} {contact.value}")


def _past(call: Call) -> Label:
    after = f" · بعدی {jalali.day_month(call.next_on)}" if call.next_on else ""
    note = f" — {isolate(call.note)}" if call.note else ""
    return Label(f"{jalali.day_month(call.day)}: {CALL_RESULT[call.result]}{after}{note}", "muted", wrap=True)
