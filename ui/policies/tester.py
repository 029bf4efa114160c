"""The rule tester: for this reader and this copy, or for a category and a type, what holds, and which row says so."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from app.circulation import reads
from app.circulation.explain import due_steps
from app.circulation.facts import ItemFacts, MemberFacts
from app.labels import MATERIAL
from app.library import Library
from app.persian.digits import to_persian
from app.policy.notation import told
from app.policy.parameters import GROUP_LABELS, PARAMETERS
from app.policy.summary import summary
from app.policy.table import PolicyTable, Terms
from ui.keys import ESCAPE
from ui.policies import words
from ui.policies.asking import captioned
from ui.policies.why import StepsView, WhyPanel
from ui.style import look
from ui.widgets import paint
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.inputs import Choice
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList
from ui.widgets.scroll import Scroll
from ui.widgets.table import Column, RowTable

_ROW_HEIGHT, _STEPS_WIDTH = 46, 320
_UNKNOWN = "«{code}» نه عضو است و نه نسخه؛ دوباره اسکن کنید یا شماره را بنویسید."
_BEGIN = "کارت عضو و برچسب کتاب را اسکن کنید، یا گروه و نوع منبع را برگزینید."


@dataclass(frozen=True, slots=True)
class Ruled:
    """One parameter with its value, the row that decided and where that row says so."""

    name: str
    label: str
    group: str
    value: str
    row: str
    source: str
    decided: bool


def ruled(terms: Terms, categories: Mapping[str, str]) -> tuple[Ruled, ...]:
    """Every parameter in words, in the order of the groups."""
    return tuple(
        Ruled(
            name,
            parameter.label,
            GROUP_LABELS[parameter.group],
            told(parameter, terms.value(name)),
            words.row_words(terms.row(name), categories),
            words.source_words(terms.row(name)),
            terms.row(name) is not None,
        )
        for name, parameter in PARAMETERS.items()
    )


class Tester(QWidget):
    """Asks the draft on the screen, so that a change can be tried before it is put in force. `closed` leads back."""

    closed = Signal()

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library
        self._table: PolicyTable | None = None
        self._member: MemberFacts | None = None
        self._item: ItemFacts | None = None
        self.member, self.item = _box("کارت یا شمارهٔ عضو"), _box("بارکد یا شمارهٔ ثبت کتاب")
        self.category, self.item_type = Choice(), Choice()
        self.told, self.summary = Label("", "muted", wrap=True), Label("", "heading", wrap=True)
        self.steps, self.why = StepsView(), WhyPanel()
        self.list = RowList(_table(), noun="قاعده", row_height=_ROW_HEIGHT)
        self._lay_out()
        for box in (self.member, self.item):
            box.returnPressed.connect(self._typed)
        for choice in (self.category, self.item_type):
            choice.activated.connect(self._chosen)

    def show_table(self, table: PolicyTable) -> None:
        """Try this table; who and what was asked about stays."""
        self._table = table
        categories = self._library.categories
        before = self.category.code(), self.item_type.code()
        types = dict.fromkeys([*(kind.value for kind in MATERIAL), *(line.item_type for line in table.rows)])
        types.pop("*", None)
        self.category.set_options(tuple(categories.items()))
        self.item_type.set_options(tuple((code, words.item_type_words(code)) for code in types))
        self.category.choose(before[0] or next(iter(categories), ""))
        self.item_type.choose(before[1] or next(iter(types)))
        self._ask()

    def feed(self, code: str) -> bool:
        """A scanned or typed code: a reader or a copy; False when it is neither."""
        with self._library.store.read() as reader:
            item = reads.find_item(reader, code)
            member = None if item is not None else reads.find_member(reader, code)
        if item is not None:
            self._take_item(item)
        elif member is not None:
            self._take_member(member)
        else:
            self.told.say(_UNKNOWN.format(code=isolate(code)))
            return False
        self._ask()
        return True

    def on_escape(self) -> None:
        """First put the answer about a loan away, then forget who was asked about, then go back."""
        if not self.why.isHidden():
            self.why.close_panel()
            return
        if self._member is None and self._item is None:
            self.closed.emit()
            return
        self._forget()
        self._ask()

    def _take_member(self, member: MemberFacts) -> None:
        self._member = member
        self.member.setText(to_persian(member.member_no))
        self.category.choose(member.category)

    def _take_item(self, item: ItemFacts) -> None:
        """A copy; who has it now, and by which rules, is told beside."""
        self._item = item
        if not self.why.show_item(self._library, item.barcode):
            self.why.hide()
        self.item.setText(item.barcode)
        if self.item_type.findData(item.item_type) < 0:
            self.item_type.addItem(words.item_type_words(item.item_type), item.item_type)
        self.item_type.choose(item.item_type)

    def _forget(self) -> None:
        self._member, self._item = None, None
        self.why.hide()
        self.member.clear()
        self.item.clear()

    @Slot()
    def _typed(self) -> None:
        box = self.sender()
        if isinstance(box, QLineEdit) and box.text().strip():
            self.feed(box.text())

    @Slot()
    def _chosen(self) -> None:
        """A category or type by hand is no longer that of the reader or copy."""
        self._forget()
        self._ask()

    def _ask(self) -> None:
        if self._table is None:
            return
        terms = self._table.resolve(self._library.branch.name, self.category.code(), self.item_type.code())
        self.summary.say(summary(terms))
        self.told.say(self._about() or _BEGIN)
        expires_on = self._member.expires_on if self._member else None
        today = self._library.clock.read().day
        self.steps.show_steps(due_steps(today, terms, self._library.calendar, expires_on=expires_on))
        self.list.set_rows(ruled(terms, self._library.categories))

    def _about(self) -> str:
        reader = isolate(self._member.name) if self._member else ""
        book = f"«{isolate(self._item.title)}»" if self._item else ""
        return " · ".join(part for part in (reader, book) if part)

    def _lay_out(self) -> None:
        back = Button("بازگشت به جدول", ESCAPE)
        heading = row(Label("آزمایش قواعد: برای این عضو و این کتاب", "title"), None, back, gap=10)
        asked = row(
            *(captioned(caption, field) for caption, field in (
                ("عضو", self.member), ("کتاب", self.item), ("یا گروه عضویت", self.category),
                ("و نوع منبع", self.item_type),
            )),
            gap=14,
        )  # fmt: skip
        for place in range(4):
            asked.setStretch(place, 1)
        answer = Card(column(self.told, self.summary, gap=4))
        steps = Card(column(Label("سررسید، اگر امروز امانت داده شود", "strong"), self.steps, gap=10))
        held = QWidget()
        held.setLayout(column(steps, self.why, None, gap=12))
        side = Scroll(held)
        side.setFixedWidth(look().px(_STEPS_WIDTH))
        below = row(self.list, side, gap=14)
        below.setStretch(0, 1)
        whole = column(heading, asked, answer, below, gap=12)
        whole.setStretch(3, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.member)


def _box(placeholder: str) -> QLineEdit:
    box = QLineEdit()
    box.setPlaceholderText(placeholder)
    box.setAccessibleName(placeholder)
    box.setAlignment(paint.START)
    box.setMaxLength(64)
    return box


def _table() -> RowTable[Ruled]:
    return RowTable(
        (
            Column("قاعده", lambda line: line.label, width=170, strong=True),
            Column("بخش", lambda line: line.group, width=104, spare=3),
            Column("مقدار", lambda line: line.value, width=150),
            Column("از ردیف", lambda line: line.row, stretch=1, spare=1),
            Column("منبع و ماده", lambda line: line.source, stretch=1, spare=2),
        ),
        key=lambda line: line.name,
        faded=lambda line: not line.decided,
    )
