"""The card of the chosen copy: what is known of it, and what can be done, each with its key."""

import datetime as dt
from collections.abc import Callable, Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.labels import CONDITION, ITEM_STATUS
from app.members.identity import show
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import Condition
from ui.lost.deeds import DEEDS
from ui.lost.subjects import Subject
from ui.lost.words import KIND
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.empty import EmptyPage
from ui.widgets.facts import Fact, Facts
from ui.widgets.labels import Label, isolate, ltr
from ui.widgets.layouts import Flow, column, row
from ui.widgets.pills import Pill
from ui.widgets.scroll import Scroll

WIDTH = 380


class CaseCard(Card):
    """`wanted` carries the name of the deed that was asked for."""

    wanted = Signal(str)

    def __init__(self) -> None:
        self._subject: Subject | None = None
        self._title, self._kind = Label("", "heading", wrap=True), Pill("", Tone.NEUTRAL)
        self.facts = Facts()
        self._nothing = EmptyPage("barcode", "نسخه‌ای برگزیده نشده است", "برچسب را اسکن کنید یا از فهرست برگزینید.")
        self.buttons = {deed.name: Button(deed.label, deed.key, icon=deed.icon) for deed in DEEDS.values()}
        body = QWidget()
        body.setLayout(column(self.facts, None, gap=8))
        self._something = QWidget()
        whole = column(self._title, row(self._kind, None), Scroll(body), Flow(*self.buttons.values()), gap=10)
        whole.setStretch(2, 1)
        self._something.setLayout(whole)
        super().__init__(column(self._nothing, self._something, gap=0))
        self.setFixedWidth(look().px(WIDTH))
        for name, button in self.buttons.items():
            button.clicked.connect(self._asker(name))
        self.show_subject(None, dt.date.min)

    def _asker(self, name: str) -> Callable[[], None]:
        return lambda: self.wanted.emit(name)

    def subject(self) -> Subject | None:
        """The copy that is shown."""
        return self._subject

    def show_subject(self, subject: Subject | None, today: dt.date) -> None:
        """Show this copy, or that none is chosen."""
        self._subject = subject
        self._nothing.setVisible(subject is None)
        self._something.setVisible(subject is not None)
        for name, button in self.buttons.items():
            button.setVisible(subject is not None and DEEDS[name].fits(subject))
        if subject is None:
            self.facts.show_facts(())
            return
        self._title.say(isolate(subject.title))
        words, tone = KIND[subject.kind] if subject.kind else (ITEM_STATUS[subject.status], Tone.NEUTRAL)
        self._kind.show_state(words, tone)
        self.facts.show_facts(tuple(_facts(subject, today)))
        self.setAccessibleName(f"{subject.title}، {words}")


def _facts(subject: Subject, today: dt.date) -> Iterator[Fact]:
    case = subject.case
    yield "شماره ثبت", number(subject.accession_no, grouped=False)
    yield "برچسب", ltr(subject.barcode)
    yield "شماره راهنما", ltr(subject.call_number) if subject.call_number else ""
    yield "بها", f"{number(subject.price)} ریال" if subject.price else "ثبت نشده"
    yield "وضعیت", ITEM_STATUS[subject.status]
    yield "ظاهر", CONDITION[subject.condition] if subject.condition is not Condition.GOOD else ""
    yield "عضو", isolate(subject.member_name) if subject.member_name else ""
    yield "شماره عضویت", to_persian(subject.member_no or "")
    yield "تلفن همراه", ltr(show(case.mobile)) if case and case.mobile else ""
    yield "سررسید", jalali.day_month_year(subject.due_on) if subject.due_on and subject.on_loan else ""
    if case is not None:
        yield "از", _since(case.since, today)
        yield "نوشته‌شده", f"{number(case.charged)} ریال" if case.charged else ""
        yield "مانده", f"{number(case.owed)} ریال" if case.owed else ""
        yield "ادعاهای عضو", number(case.claims) if case.claims > 1 else ""


def _since(day: dt.date | None, today: dt.date) -> str:
    if day is None:
        return ""
    return f"{jalali.day_month_year(day)} ({number((today - day).days)} روز)"
