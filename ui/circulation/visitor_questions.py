"""Questions about who is here and what they bring: household, notes, missing parts, a book nobody has catalogued."""

import uuid
from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.circulation.alerts import AlertAdded, AlertForm, AlertRemoved, AlertRow, add_alert, remove_alert
from app.circulation.checkin import CheckinRequest
from app.circulation.checkout import CheckoutRequest
from app.circulation.facts import ItemFacts
from app.circulation.fast import FastRecord
from app.circulation.household import KINSHIP, Kin
from app.circulation.lost.damage import DamageRequest, note_damage
from app.circulation.lost.facts import Damaged, LossRefused
from app.clock import day_of as business_day
from app.labels import CONDITION
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.persian.digits import number
from app.wording import way_out, why
from db.codes import AlertMoment, AlertWeight, Condition, Material
from ui.circulation import words
from ui.circulation.asking import GIVING_UP, Asking, Question
from ui.circulation.at_desk import AtDesk, ReaderAtDesk
from ui.circulation.counter import MOST_KEYS, Counter
from ui.circulation.desk_keys import YES
from ui.circulation.entries import FAST_FIELDS, note_fields, part_fields, parts_of
from ui.circulation.rows import LoanView
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.form import Form
from ui.widgets.form_values import Values, day_of, number_of, text_of
from ui.widgets.labels import isolate
from ui.widgets.panel import Choice, Reason

SAVE = "save"
ON_READER, ON_BOOK = "reader", "book"
HOW_IT_LOOKS: Mapping[Condition, str] = {
    Condition.WORN: "هنگام بازگشت فرسوده بود",
    Condition.DAMAGED: "هنگام بازگشت آسیب دیده بود",
}


class VisitorQuestions(QObject):
    """`said` what happened; `changed` which rows; `chosen` the one of the household for whom the next books are."""

    said = Signal(object)
    changed = Signal(object)
    chosen = Signal(object)

    def __init__(self, session: Session, desk: AtDesk, asking: Asking, counter: Counter) -> None:
        super().__init__(asking)
        self._session, self._desk, self._asking, self._counter = session, desk, asking, counter

    def ask_household(self) -> None:
        """Who of the household is there, with what they have; those in care borrow on this card."""
        reader = self._desk.holder or self._desk.reader
        if reader is None or not reader.kin:
            return
        reasons = tuple(Reason(_kin(kin), _of_kin(kin)) for kin in reader.kin)
        care = {str(kin.card.member.id): kin for kin in reader.in_care}

        def run(code: str) -> bool:
            self.chosen.emit(care[code])
            return True

        choices = tuple(
            Choice(code, f"امانت به {isolate(_name(kin))}", f"Ctrl+{place}")
            for place, (code, kin) in enumerate(care.items(), 1)
            if place <= MOST_KEYS
        )
        title = f"خانوادهٔ {isolate(reader.name)}"
        note = "کتاب‌های بعدی برای کسی است که برمی‌گزینید، تا Esc بزنید." if choices else ""
        self._asking.ask(Question(Tone.INFO, title, reasons, (*choices, GIVING_UP), run, note=note))

    def ask_notes(self, loan: LoanView | None) -> None:
        """The notes on the reader, each with the key that takes it away, and a new one on reader or chosen book."""
        reader = self._desk.reader
        if reader is None:
            return
        on = [(ON_READER, f"عضو: {reader.name}")] + ([(ON_BOOK, f"کتاب: {loan.title}")] if loan else [])
        form = Form(note_fields(on), lambda: self._session.act().day)
        form.set_values({"on": ON_READER, "moment": AlertMoment.ALWAYS.value, "weight": AlertWeight.MESSAGE.value})

        def run(code: str) -> bool:
            if code == SAVE:
                return form.check() and self._add_note(reader, loan, form)
            self._remove_note(uuid.UUID(code))
            return True

        numbered = tuple(enumerate(reader.notes, 1))
        gone = tuple(
            Choice(str(note.id), f"برداشتن یادداشت {number(place)}", f"Ctrl+{place}")
            for place, note in numbered[:MOST_KEYS]
        )
        told = tuple(Reason(f"{number(place)}. {isolate(note.text)}", _of_note(note)) for place, note in numbered)
        choices = (Choice(SAVE, "یادداشت ثبت شود", YES, "primary"), *gone, GIVING_UP)
        text = form.input("text")
        title = f"یادداشت‌های {isolate(reader.name)}"
        self._asking.ask(Question(Tone.INFO, title, told, choices, run, extra=form, focus=text))

    def ask_parts(self, item: ItemFacts) -> None:
        """Which parts of the copy that has just come back are missing, and what that costs (003 م9، م11)."""
        parts = parts_of(item)
        form = Form(part_fields(parts), lambda: self._session.act().day)

        def run(_: str) -> bool:
            values = form.values()
            missing = tuple(part for place, part in enumerate(parts) if values.get(f"part{place}"))
            other = text_of(values, "other")
            lost = (*missing, other) if other else missing
            if not lost:
                form.show_mistake("other", "بگویید چه چیزی نیست.")
                return False
            if not form.check():
                return False
            self._counter.take_back(
                CheckinRequest(item.barcode, lost_parts=lost, damage=number_of(values, "damage") or 0)
            )
            return True

        title = f"از {words.book(item)} چه چیزی نیست؟"
        choices = (Choice(SAVE, "ثبت شود", YES, "primary"), GIVING_UP)
        self._asking.ask(Question(Tone.WARN, title, (), choices, run, extra=form, focus=form))

    def note_condition(self, item: ItemFacts, condition: Condition) -> None:
        """How the copy that has just come back looks. What it costs is entered on the page of losses."""
        request = DamageRequest(item.barcode, HOW_IT_LOOKS[condition], condition=condition)
        outcome = note_damage(self._session.library, request, self._session.act())
        match outcome:
            case LossRefused():
                refusal = outcome.refusals[0]
                self.said.emit(Said(Tone.WARN, why(refusal), (way_out(refusal),), Sound.REFUSED))
            case Damaged():
                detail = (f"شماره ثبت {number(item.accession_no)} · هزینه و مرمت در صفحهٔ مفقود و خسارت",)
                title = f"{CONDITION[condition]} ثبت شد — {words.book(item)}"
                self.said.emit(Said(Tone.OK, title, detail, Sound.CHECKED_IN, f"واگرد وضعیت {words.book(item)}"))
                self.changed.emit(("items",))
            case _:
                title = f"پیش‌تر هم {CONDITION[condition]} ثبت شده بود — {words.book(item)}"
                self.said.emit(Said(Tone.INFO, title, (), Sound.CHECKED_IN))

    def ask_fast(self, barcode: str, request: CheckoutRequest) -> None:
        """A short record of a book that is not catalogued yet, and its loan, in one go."""
        form = Form(FAST_FIELDS, lambda: self._session.act().day)
        form.set_values({"item_type": Material.BOOK.value})

        def run(_: str) -> bool:
            if not form.check():
                return False
            self._counter.lend(replace(request, fast=_fast(form.values())))
            return True

        title = f"ثبت سریع و امانت — برچسب {isolate(barcode)}"
        note = "رکورد کوتاهی ساخته و همین حالا امانت داده می‌شود؛ فهرست‌نویس بعداً آن را کامل می‌کند."
        choices = (Choice(SAVE, "ثبت و امانت", YES, "primary"), GIVING_UP)
        focus = form.input("title")
        self._asking.ask(Question(Tone.INFO, title, (), choices, run, note=note, extra=form, focus=focus))

    def _add_note(self, reader: ReaderAtDesk, loan: LoanView | None, form: Form) -> bool:
        values = form.values()
        on_book = text_of(values, "on") == ON_BOOK and loan is not None
        note = AlertForm(
            text=text_of(values, "text") or "",
            member=None if on_book else reader.key,
            item=loan.barcode if on_book and loan is not None else None,
            moment=AlertMoment(text_of(values, "moment") or AlertMoment.ALWAYS),
            weight=AlertWeight(text_of(values, "weight") or AlertWeight.MESSAGE),
            until=day_of(values, "until"),
        )
        return self._told(add_alert(self._session.library, note, self._session.act()), "یادداشت ثبت شد")

    def _remove_note(self, note: uuid.UUID) -> None:
        self._told(remove_alert(self._session.library, note, self._session.act()), "یادداشت برداشته شد")

    def _told(self, outcome: AlertAdded | AlertRemoved | Refused | NotFound, title: str) -> bool:
        if isinstance(outcome, Refused):
            refusal = outcome.refusals[0]
            self.said.emit(Said(Tone.WARN, why(refusal), (way_out(refusal),), Sound.REFUSED))
            return False
        undo = "برداشتن یادداشت" if isinstance(outcome, AlertAdded) and not outcome.already else ""
        self.said.emit(Said(Tone.INFO, title, (), Sound.CHECKED_IN, undo))
        self.changed.emit(("members", "notes"))
        return True


def _fast(values: Values) -> FastRecord:
    return FastRecord(text_of(values, "title") or "", text_of(values, "creator"), text_of(values, "item_type"))


def _name(kin: Kin) -> str:
    return f"{kin.card.member.given_name} {kin.card.member.family_name}"


def _kin(kin: Kin) -> str:
    return f"{isolate(_name(kin))} ({KINSHIP[kin.kinship]})"


def _of_kin(kin: Kin) -> str:
    member = kin.card.member
    limit = f" از {number(kin.card.limit)}" if kin.card.limit is not None else ""
    late = f" · {number(member.overdue)} دیرکرد" if member.overdue else ""
    debt = f" · بدهی {number(member.debt)} ریال" if member.debt > 0 else ""
    return f"{number(member.open_loans)}{limit} امانت{late}{debt}"


def _of_note(note: AlertRow) -> str:
    until = f" · تا {jalali.day_month_year(note.until)}" if note.until else ""
    author = f" · {isolate(note.author)}" if note.author else ""
    asks = " · پیش از امانت تأیید می‌خواهد" if note.weight is AlertWeight.CONFIRM else ""
    return f"{jalali.day_month_year(business_day(note.laid_at))}{author}{asks}{until}"
