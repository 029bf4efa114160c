"""What the union catalogue says of the chosen title, beside our own record: fields to take over, and requests to the
senior cataloguer of the province (003 م5)."""

import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, assert_never

from PySide6.QtCore import Signal, Slot

from app.labels import LANGUAGE, MATERIAL, RECORD_FIELD
from app.outcome import NotFound, Refused
from app.persian.digits import number, to_persian
from app.union.asking import Requested, ask
from app.union.taking import Beside, Compared, TakenOver, compared, take_over
from app.wording import way_out, why
from ui.catalogue.words import class_words, isbn_words
from ui.keys import ESCAPE
from ui.session import Session
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.form import Field, Form
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList
from ui.widgets.table import Column, RowTable, tick_column

TAKE, SEND = "Ctrl+S", "Ctrl+Enter"
_NOTHING_YET = "رکورد این کتاب هنوز از فهرستگان نرسیده است؛ با همگام‌سازی می‌رسد."
_SAME = "رکورد فهرستگان همان را می‌گوید که اینجا نوشته شده است."
_ROW = 44


@dataclass(frozen=True, slots=True)
class _Line:
    """A field of both records. `ticked` is None where there is nothing to take over."""

    beside: Beside
    ticked: bool | None


def _words(name: str, value: Any) -> str:
    if value in (None, "", []):
        return "—"
    if name in ("creators", "subjects"):
        return "؛ ".join(isolate(one) for one in value)
    if name == "isbn":
        return isbn_words(value)
    if name == "dewey":
        return class_words(value, None)
    if name == "material":
        return MATERIAL[value]
    known = LANGUAGE.get(value) if name == "language" else None
    return known or isolate(to_persian(str(value)))


def _table() -> RowTable[_Line]:
    return RowTable(
        (
            tick_column(lambda line: line.ticked),
            Column("فیلد", lambda line: RECORD_FIELD[line.beside.field], width=150, strong=True),
            Column("رکورد ما", lambda line: _words(line.beside.field, line.beside.ours), stretch=1),
            Column(
                "فهرستگان", lambda line: _words(line.beside.field, line.beside.theirs), stretch=1,
                tone=lambda line: None if line.beside.same else Tone.WARN,
            ),
        ),
        key=lambda line: line.beside.field,
    )  # fmt: skip


class UnionCard(Card):
    """`taken` says that our record changed; `requested` carries whether a record of its own was asked for."""

    taken = Signal(str)
    requested = Signal(bool)
    put_away = Signal()

    def __init__(self, session: Session) -> None:
        self._session = session
        self._title_id: uuid.UUID | None = None
        self._found: Compared | None = None
        self._ticked: set[str] = set()
        self._title, self._state = Label("", "muted"), Label("", "muted", wrap=True)
        self.lines = RowList(_table(), tools=False, row_height=_ROW)
        self.lines.set_empty("رکوردی از فهرستگان نیست", _NOTHING_YET, "books")
        self.trouble = Banner()
        self.take = Button("گرفتن نشان‌خورده‌ها", TAKE, "primary", "check")
        self.back = Button("بازگشت", ESCAPE)
        self.words = Form((Field("words", "برای فهرست‌نویس ارشد استان", longest=1_000, wide=True),), self._today)
        self.apart = Button("این عنوان رکورد دیگری می‌خواهد", SEND)
        self.ask = Button("درخواست رکورد برای این کتاب", SEND)
        head = row(row(Label("فهرستگان", "title"), self._title, None, gap=12), self.back, self.take)
        head.setStretch(0, 1)
        asking = row(None, self.apart, self.ask)
        whole = column(head, self.trouble, self._state, self.lines, self.words, asking, gap=12)
        whole.setStretch(3, 1)
        super().__init__(whole, padding=18)
        self.trouble.hide()
        self._connect()

    def begin(self, title_id: uuid.UUID, title: str) -> None:
        """The card comes to the front for a title."""
        if title_id != self._title_id:
            self.words.set_values({})
            self._ticked.clear()
        self._title_id = title_id
        self._title.say(f"«{isolate(title)}»")
        self.trouble.hide()
        self._read()
        self.lines.view.setFocus()
        self.lines.view.choose_place(0)

    def _read(self) -> None:
        with self._session.library.store.read() as reader:
            self._found = None if self._title_id is None else compared(reader, self._title_id)
        news = {line.field for line in self._found.news} if self._found else set()
        self._ticked &= news
        self.lines.set_rows(
            [_Line(line, line.field in self._ticked if line.field in news else None) for line in self._fields()]
        )
        self.take.setEnabled(bool(self._ticked))
        self.apart.setVisible(self._found is not None)
        self.ask.setVisible(self._found is None)
        self._state.say(_state(self._found))

    def _fields(self) -> tuple[Beside, ...]:
        """What can be taken over first."""
        return tuple(sorted(self._found.fields, key=lambda line: not line.takeable)) if self._found else ()

    @Slot(object)
    def tick(self, line: _Line) -> None:
        """Take this field over, or leave it."""
        if line.ticked is None:
            return
        self._ticked ^= {line.beside.field}
        self.lines.table.update_row(replace(line, ticked=not line.ticked))
        self.take.setEnabled(bool(self._ticked))

    @Slot()
    def take_ticked(self) -> None:
        """Our record says now what the union says in the ticked fields."""
        if self._title_id is None:
            return
        outcome = take_over(self._session.library, self._title_id, tuple(self._ticked), self._session.act())
        match outcome:
            case TakenOver():
                self._ticked.clear()
                self._read()
                self.taken.emit("، ".join(RECORD_FIELD[name] for name in outcome.changed))
            case Refused():
                self._refused(outcome)
            case NotFound():
                self._read()
            case _:
                assert_never(outcome)

    def _send(self, *, apart: bool) -> None:
        words = str(self.words.values()["words"] or "")
        outcome = ask(self._session.library, words, self._session.act(), self._title_id, apart=apart)
        match outcome:
            case Requested():
                self.words.set_values({})
                self.requested.emit(apart)
            case Refused():
                self._refused(outcome)
            case NotFound():
                self.put_away.emit()
            case _:
                assert_never(outcome)

    def _refused(self, outcome: Refused) -> None:
        first, *_ = outcome.refusals
        if first.code == "field.required":
            self.words.show_mistake("words", "بنویسید چه کتابی در دست دارید و چه چیزی درست نیست.")
            self.words.input("words").setFocus()
            return
        self.trouble.show_outcome(Tone.REFUSE, why(first), way_out(first))
        self.trouble.show()

    def _connect(self) -> None:
        self.lines.view.row_ticked.connect(self.tick)
        self.take.clicked.connect(self.take_ticked)
        self.back.clicked.connect(self.put_away)
        self.apart.clicked.connect(lambda: self._send(apart=True))
        self.ask.clicked.connect(lambda: self._send(apart=False))

    def _today(self) -> date:
        return self._session.act().day


def _state(found: Compared | None) -> str:
    if found is None:
        return ""
    review = "فهرست‌نویس ارشد این رکورد را بازبینی کرده است. " if found.record.reviewed else ""
    if found.differing:
        return review + "تفاوت در " + "، ".join(RECORD_FIELD[aspect] for aspect in found.differing) + "."
    return review + (f"{number(len(found.news))} فیلد برای گرفتن هست." if found.news else _SAME)
