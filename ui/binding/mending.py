"""The log of mends made in the library (002 م13-3), and what was done to one copy over time."""

from typing import assert_never

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.binding import history, reads
from app.binding.facts import BindingCopy
from app.binding.mending import Mended, MendWithdrawn, mend, withdraw_mend
from app.binding.service import LONGEST_WORK
from app.calendar.rules import add_months
from app.labels import CONDITION
from app.outcome import NotFound, Refused
from app.persian import jalali
from db.codes import Condition
from reports.lists import list_xlsx
from ui.binding import words
from ui.binding.rows import mend_table
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.facts import Facts
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import number_of, text_of
from ui.widgets.inputs import Choice
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList
from ui.widgets.scroll import Scroll

SAVE, WITHDRAW = "Ctrl+S", "Ctrl+Delete"
WIDTH = 372
TITLE = "ترمیم در کتابخانه"
FIELDS = (
    Field("item", "نسخه", Kind.LATIN, required=True, help="برچسب را اسکن کنید، یا شمارهٔ ثبت را بنویسید.", longest=64),
    Field("work", "چه شد", required=True, help="مانند: چسب عطف، برگ‌های جداشده", longest=LONGEST_WORK),
    Field(
        "condition", "ظاهر نسخه پس از ترمیم", Kind.CHOICE,
        options=(("", "همان که بود"), *((one.value, CONDITION[one]) for one in (Condition.GOOD, Condition.WORN))),
    ),
    Field("cost", "هزینه (ریال)", Kind.MONEY),
)  # fmt: skip
SEASON, YEAR = "season", "year"


class MendingPart(QWidget):
    """`counted` tells how many mends the season has, and what they cost in rials; `exported` carries a file."""

    said = Signal(object)
    counted = Signal(int, int)
    exported = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._copy: BindingCopy | None = None
        self.list = RowList(mend_table(), noun="ترمیم")
        self.list.set_empty(
            "در این دوره ترمیمی ثبت نشده است",
            "برای کارهای کوچک درخواست صحافی لازم نیست: برچسب نسخه را اسکن کنید و بنویسید چه شد (م ۱۳-۳).",
            "needle-thread",
        )
        self.period = Choice(((SEASON, "این فصل"), (YEAR, "یک سال گذشته")))
        self.form = Form(FIELDS, lambda: session.act().day, columns=1)
        self._name, self.story = Label("", "heading", wrap=True), Facts()
        self._save = Button("ثبت ترمیم", SAVE, "primary", "check")
        self._withdraw = Button("برداشتن", WITHDRAW, icon="x")
        self._lay_out()
        self._connect()

    def reload(self) -> None:
        """Read the log anew."""
        today = self._session.act().day
        season = jalali.quarter(today)
        since = season.start if self.period.code() == SEASON else add_months(today, -12)
        with self._session.library.store.read() as reader:
            self.list.set_rows(history.mends(reader, since, today))
            of_season = history.mends(reader, season.start, today)
        self._withdraw.setEnabled(bool(self.list.table.total()))
        self.counted.emit(len(of_season), sum(line.cost or 0 for line in of_season))
        self._show(self._copy)

    def on_escape(self) -> bool:
        """Empty the form."""
        if any(self.form.values().values()):
            self._clear()
            return True
        return False

    def take(self, code: str) -> None:
        """A scanned label: its copy is the one that was mended."""
        self.form.set_values({**self.form.values(), "item": code})
        self._find(code)
        if self._copy is None:
            self.said.emit(words.unknown(code))
        else:
            self._session.sounds.play(Sound.CHECKED_IN)
            self.form.input("work").setFocus()

    @Slot()
    def save(self) -> None:
        """Ctrl+S: write down what was done."""
        if not self.form.check():
            return
        values = self.form.values()
        code, work = text_of(values, "item") or "", text_of(values, "work") or ""
        looks = text_of(values, "condition")
        outcome = mend(
            self._session.library, code, work, self._session.act(), number_of(values, "cost"),
            Condition(looks) if looks else None,
        )  # fmt: skip
        match outcome:
            case Mended():
                title = "همین ترمیم امروز ثبت شده است" if outcome.already else "ترمیم ثبت شد"
                detail = (f"{isolate(work)} · ظاهر: {CONDITION[outcome.condition]}",)
                undo = "" if outcome.already else "ثبت ترمیم"
                tone = Tone.INFO if outcome.already else Tone.OK
                self.said.emit(Said(tone, f"{title} — {words.copy_of(outcome.copy)}", detail, Sound.CHECKED_IN, undo))
                self._session.refresh.tell("binding", "items")
                self._clear()
                self.reload()
            case Refused():
                self.said.emit(words.refused(outcome.refusals, "ترمیم ثبت نشد"))
            case NotFound():
                self.form.show_mistake("item", "این شماره شناخته نشد.")
            case _:
                assert_never(outcome)

    @Slot()
    def withdraw(self) -> None:
        """Ctrl+Delete: the chosen mend was written by mistake."""
        line = next(iter(self.list.view.chosen()), None)
        if line is None:
            return
        outcome = withdraw_mend(self._session.library, line.id, self._session.act())
        if isinstance(outcome, MendWithdrawn):
            title = f"از فهرست ترمیم برداشته شد — «{isolate(line.title)}»"
            self.said.emit(Said(Tone.OK, title, (isolate(line.work),), Sound.CHECKED_IN))
        elif isinstance(outcome, Refused):
            self.said.emit(words.refused(outcome.refusals, "برداشته نشد"))
        self._session.refresh.tell("binding")
        self.reload()

    @Slot()
    def export(self) -> None:
        """The rows shown as an Excel file."""
        headings, *rows = self.list.sheet()
        day = jalali.short_latin(self._session.act().day).replace("/", "-")
        self.exported.emit(f"mending-{day}.xlsx", list_xlsx(TITLE, headings, rows))

    def _find(self, code: str) -> None:
        with self._session.library.store.read() as reader:
            self._copy = reads.find_copy(reader, code) if code else None
        self._show(self._copy)

    def _show(self, copy: BindingCopy | None) -> None:
        """The copy in hand and what was done to it before."""
        self._name.say(words.copy_of(copy) if copy else "")
        self._name.setVisible(copy is not None)
        facts: list[tuple[str, str]] = []
        if copy is not None:
            facts.append(("ظاهر", CONDITION[copy.condition]))
            with self._session.library.store.read() as reader:
                told = history.history_of(reader, copy.id)
            facts += [(jalali.day_month_year(line.day), isolate(line.work)) for line in told.mends]
            facts += [
                (
                    words.named(once.request),
                    words.became(once),
                )
                for once in told.requests
            ]
        self.story.show_facts(facts)

    def _clear(self) -> None:
        self._copy = None
        self.form.set_values({})
        self._show(None)
        self.form.input("item").setFocus()

    def _lay_out(self) -> None:
        card = Card(
            column(Label(TITLE, "title"), self._name, self.story, self.form, row(self._save, None), None, gap=10)
        )
        inside = QWidget()
        inside.setLayout(column(card, gap=0))
        side = Scroll(inside)
        side.setFixedWidth(look().px(WIDTH))
        head = row(Label("دوره", "muted"), self.period, None, self._withdraw, gap=8)
        lists = column(head, self.list, gap=10)
        lists.setStretch(1, 1)
        whole = row(lists, side, gap=14)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.form.input("item"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _connect(self) -> None:
        self._save.clicked.connect(self.save)
        self._withdraw.clicked.connect(self.withdraw)
        self.period.currentIndexChanged.connect(lambda _: self.reload())
        self.list.export_wanted.connect(self.export)
        self.form.input("item").left.connect(lambda: self._find(text_of(self.form.values(), "item") or ""))
