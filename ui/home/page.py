"""The home page «امروز»: the day in numbers, what is owed and by when, and two charts."""

import datetime as dt
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.duties.queries import duties_on
from app.duties.rules import Duty
from app.duties.today import (
    ClassLoans,
    MonthCount,
    TodayFigures,
    loans_by_class,
    loans_by_month,
    today_figures,
)
from app.library import BranchFacts, Library
from app.persian import jalali
from app.persian.digits import number
from reports.lists import list_xlsx
from ui.home.charts import ChartCard
from ui.home.duties import DutyLine, duty_table, lines
from ui.home.words import class_bars, greeting, month_bars, opening_words, pressing_words
from ui.keys import KeyHelp
from ui.page import Action, Page
from ui.paper.paper import Paper
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.paper.preview import PaperPreview
from ui.paper.saving import SavePanel
from ui.session import Session
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.cards import StatTile
from ui.widgets.front import Front
from ui.widgets.labels import Label, isolate, ltr
from ui.widgets.layouts import column, row
from ui.widgets.pills import Pill
from ui.widgets.row_list import RowList

MARGINS = (22, 18, 22, 18)
HANDOVER = "Ctrl+P"
FIGURES = {
    "lent": "امانت",
    "returned": "بازگشت",
    "renewed": "تمدید",
    "visitors": "مراجع",
    "new_members": "عضو تازه",
    "out": "نزد اعضا",
    "overdue": "دیرکرده",
    "waiting": "رزرو آماده",
}
GO = f"({ltr('Enter')}: رفتن به صفحهٔ آن)"
NOTHING = ("کاری در پیش نیست", "مهلت‌های وجین، صحافی، رف‌خوانی و گزارش‌های فصلی اینجا یادآوری می‌شود.", "circle-check")


@dataclass(frozen=True, slots=True)
class Charts:
    """What the two charts show."""

    months: tuple[MonthCount, ...]
    classes: tuple[ClassLoans, ...]
    day: dt.date


class HomePage(Page):
    """`duty_wanted` carries the duty whose place somebody wants to go to."""

    duty_wanted = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.banner, self.saving, self.preview = Banner(), SavePanel(), PaperPreview(session.jobs)
        self.banner.hide()
        self.greeting, self.hours, self.pressing = Label("", "heading"), Pill(), Pill()
        self.handover = Button("برگهٔ تحویل کار", HANDOVER, icon="printer")
        self.tiles = {name: StatTile(words) for name, words in FIGURES.items()}
        self.duties = RowList(duty_table(), title="وظیفه‌ها و مهلت‌ها", noun="کار")
        self.duties.set_empty(*NOTHING)
        self.duties.filter.hide()
        self.advice = Label("", "muted", wrap=True)
        self.months = ChartCard("امانت ماه‌ها")
        self.classes = ChartCard("امانت رده‌ها", lying=True)
        self._lay_out()
        self._connect()
        session.refresh.changed.connect(self._changed)

    def on_shown(self) -> None:
        self.reload()
        if not self.shows_paper():
            self.duties.view.setFocus()

    def on_escape(self) -> None:
        if self.shows_paper():
            self.preview.on_escape()
        else:
            self.banner.hide()
            self.duties.view.setFocus()

    def key_help(self) -> tuple[KeyHelp, ...]:
        if self.shows_paper():
            return PAPER_KEYS
        return (KeyHelp(HANDOVER, "برگهٔ تحویل کار"), KeyHelp("Enter", "رفتن به صفحهٔ کار برگزیده"))

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("برگهٔ تحویل کار", self.print_handover, HANDOVER),
            Action("ذخیرهٔ نمودار امانت ماه‌ها", self.save_months),
            Action("ذخیرهٔ نمودار امانت رده‌ها", self.save_classes),
        )

    def shows_paper(self) -> bool:
        """Whether the handover page lies over the page."""
        return self._stack.currentWidget() is self.preview

    def reload(self) -> None:
        """Read the figures and duties of now; the charts follow when they have been counted beside the desk."""
        library, act = self._session.library, self._session.act()
        with library.store.read() as reader:
            figures, duties = today_figures(reader, act.day), duties_on(library, reader, act.day)
            self.hours.show_state(*opening_words(library, reader, act.day))
        name = isolate(self._session.person.name)
        self.greeting.say(f"{greeting(act.at)}، {name} · {jalali.long(act.day)}")
        self.show_day(figures, duties, act.day)
        job = self._session.jobs.start("نمودارهای امروز", lambda _: read_charts(library, act.day))
        job.finished.connect(self.show_charts)
        job.failed.connect(self._raise)

    def show_day(self, figures: TodayFigures, duties: tuple[Duty, ...], today: dt.date) -> None:
        """The day in numbers, and what is to be done."""
        for name, tile in self.tiles.items():
            value = getattr(figures, name)
            tile.show_number(number(value), tone=Tone.WARN if name == "overdue" and value else None)
        self.pressing.show_state(*pressing_words(duties))
        self.duties.set_rows(lines(duties, today))
        self.advice.setVisible(bool(duties))
        if not self.duties.view.chosen():
            self.duties.view.choose_place(0)

    @Slot(object)
    def show_charts(self, charts: Charts) -> None:
        """Draw what has been counted."""
        self.months.show_bars(*month_bars(charts.months))
        self.classes.show_bars(*class_bars(charts.classes, charts.day))

    @Slot()
    def print_handover(self) -> None:
        """What is open, on one page, for whoever opens the library next."""
        library, today = self._session.library, self._session.act().day
        job = self._session.jobs.start("برگهٔ تحویل کار", lambda _: handover_paper(library, library.branch, today))
        job.finished.connect(self._show_paper)
        job.failed.connect(self._raise)

    @Slot()
    def save_months(self) -> None:
        """Keep the chart of the months as a picture."""
        self.saving.save(self, self._named("loans-by-month"), self.months.chart.png())

    @Slot()
    def save_classes(self) -> None:
        """Keep the chart of the classes as a picture."""
        self.saving.save(self, self._named("loans-by-class"), self.classes.chart.png())

    def _export(self) -> None:
        headings, *rows = self.duties.sheet()
        self.saving.save(self, self._named("duties", "xlsx"), list_xlsx("وظیفه‌ها و مهلت‌ها", headings, rows))

    def _named(self, name: str, suffix: str = "png") -> str:
        return f"{name}-{jalali.short_latin(self._session.act().day).replace('/', '-')}.{suffix}"

    @Slot(frozenset)
    def _changed(self, _: frozenset[str]) -> None:
        """Something was done, or a new day has begun, while the page is in sight; else it reads anew when shown."""
        if self.isVisible():
            self.reload()

    @Slot(object)
    def _advise(self, line: DutyLine) -> None:
        self.advice.say(f"{line.advice} {GO}")

    @Slot(object)
    def _open(self, line: DutyLine) -> None:
        self.duty_wanted.emit(line.duty)

    @Slot(object)
    def _show_paper(self, paper: Paper) -> None:
        self._stack.setCurrentWidget(self.preview)
        self._stack.invalidate()
        self.preview.show_paper(paper)
        self.preview.setFocus()

    @Slot()
    def _close_paper(self) -> None:
        self._stack.setCurrentIndex(0)
        self._stack.invalidate()
        self.duties.view.setFocus()

    @Slot(str)
    def _saved(self, path: str) -> None:
        self.banner.show_outcome(Tone.OK, "ذخیره شد", isolate(path))
        self.banner.show()

    @Slot(object)
    def _raise(self, error: BaseException) -> None:
        """Told like anything nobody caught."""
        raise error

    def _lay_out(self) -> None:
        head = row(self.greeting, self.hours, self.pressing, None, self.handover, gap=12)
        charts = column(self.months, self.classes, gap=12)
        charts.setStretch(0, 4)
        charts.setStretch(1, 6)
        first = column(self.duties, self.advice, gap=8)
        first.setStretch(0, 1)
        body = row(first, charts, gap=14)
        body.setStretch(0, 5)
        body.setStretch(1, 4)
        work, over = QWidget(), QWidget()
        whole = column(head, row(*self.tiles.values(), gap=10), self.banner, self.saving, body, gap=12)
        whole.setStretch(4, 1)
        work.setLayout(whole)
        self._stack = Front(over)
        self._stack.addWidget(work)
        self._stack.addWidget(self.preview)
        self.setLayout(column(over, margins=MARGINS))

    def _connect(self) -> None:
        self.handover.clicked.connect(self.print_handover)
        self.duties.view.row_opened.connect(self._open)
        self.duties.view.clicked.connect(lambda index: self._open(self.duties.table.row_at(index.row())))
        self.duties.view.current_row.connect(self._advise)
        self.duties.export_wanted.connect(self._export)
        self.months.save_wanted.connect(self.save_months)
        self.classes.save_wanted.connect(self.save_classes)
        self.saving.saved.connect(self._saved)
        self.preview.closed.connect(self._close_paper)


def read_charts(library: Library, today: dt.date) -> Charts:
    """Count the loans of a year by month and by class."""
    with library.store.read() as reader:
        return Charts(loans_by_month(reader, today), loans_by_class(reader, today), today)


def handover_paper(library: Library, branch: BranchFacts, today: dt.date) -> Paper:
    """The handover page, as the preview takes it."""
    from app.handover import handover  # what only this needs is not loaded with the page
    from reports.handover import handover_page

    with library.store.read() as reader:
        open_now = handover(library, reader, today)
    name = f"handover-{jalali.short_latin(today).replace('/', '-')}.pdf"
    facts = ("آنچه باز است، برای کسی که فردا کتابخانه را باز می‌کند.",)
    return Paper("برگهٔ تحویل کار", handover_page(branch, open_now, today), name, facts=facts, frozen=False)
