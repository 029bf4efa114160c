"""Two looks at the collection: its subjects in proportion (002 م1), and what it needs (002 م3)."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.library import BranchFacts, Library
from app.persian import jalali
from app.statistics.balance import ClassBalance
from app.statistics.classes import class_words
from app.statistics.collection import Health, collection_balance, collection_health
from db.reading import Reader
from reports.collection import all_ailing, balance_pdf, balance_xlsx, health_pdf, health_xlsx, weak_cells
from ui.jobs import Token
from ui.paper.paper import Paper
from ui.reports.rows import AilingRow, ailing_table, balance_table
from ui.session import Session
from ui.style import look
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.chart import Bar, BarChart
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList
from ui.widgets.scroll import Scroll

PRINT = "Ctrl+P"
WIDTH = 270
Files = Callable[[], tuple[bytes, bytes]]


class CollectionPart(QWidget):
    """What both looks share: a list, something beside it, and the way to paper. Read when first shown."""

    said = Signal(object)
    printed = Signal(object)
    counted = Signal(int)

    def __init__(self, session: Session, made: RowList, title: str, name: str) -> None:
        super().__init__()
        self._session, self.list, self._title, self._name = session, made, title, name
        self._stale = True
        self._print = Button("دیدن و چاپ", PRINT, icon="printer")
        self._print.clicked.connect(self.show_paper)
        made.export_wanted.connect(self.show_paper)
        self.setFocusProxy(made.view)

    def reload(self) -> None:
        """Read anew, now if it is in sight, else when it comes into sight: it is a look at the whole collection."""
        self._stale = True
        if self.isVisible():
            self.read()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        if self._stale:
            self.read()

    def read(self) -> None:
        """Count away from the window: a look at a hundred thousand copies takes a second or two."""
        self._stale = False
        library, today = self._session.library, self._session.act().day
        job = self._session.jobs.start(self._title, partial(_looked, library, partial(self.look, today)))
        job.finished.connect(self.show_found)
        job.failed.connect(_raise)

    def look(self, today: date, reader: Reader) -> Any:
        """What is found in the collection, read beside the desk."""
        raise NotImplementedError

    @Slot(object)
    def show_found(self, found: Any) -> None:
        """Fill the list with it."""
        raise NotImplementedError

    def files(self) -> Files:
        """What makes the two files, away from the window."""
        raise NotImplementedError

    def on_escape(self) -> bool:
        """Nothing lies open here."""
        return False

    @Slot()
    def show_paper(self) -> None:
        """Ctrl+P: the report on paper, with its Excel file."""
        job = self._session.jobs.start(self._title, partial(_made, self.files()))
        job.finished.connect(self._show_made)
        job.failed.connect(_raise)

    @Slot(object)
    def _show_made(self, files: tuple[bytes, bytes]) -> None:
        pdf, xlsx = files
        told = (jalali.day_month_year(self._session.act().day),)
        self.printed.emit(Paper(self._title, pdf, f"{self._name}.pdf", xlsx, f"{self._name}.xlsx", told, frozen=False))

    def _branch(self) -> BranchFacts:
        return self._session.library.branch


class Balance(CollectionPart):
    """Main classes: share of the copies beside share of the loans."""

    def __init__(self, session: Session) -> None:
        table = balance_table(jalali.year(session.act().day))
        super().__init__(
            session, RowList(table, title="تناسب موضوعی مجموعه", noun="رده"), "گزارش تناسب موضوعی", "balance"
        )
        self.list.filter.hide()  # eleven rows
        self.chart = BarChart(lying=True)
        body = column(Label("نسخه در هر رده", "heading"), self.chart, row(self._print, None), gap=8)
        body.setStretch(1, 1)
        side = Card(body)
        side.setFixedWidth(look().px(WIDTH))
        work = row(self.list, side, gap=14)
        work.setStretch(0, 1)
        self.setLayout(work)

    def look(self, today: date, reader: Reader) -> tuple[ClassBalance, ...]:
        return collection_balance(reader, today)

    @Slot(object)
    def show_found(self, found: tuple[ClassBalance, ...]) -> None:
        self.list.set_rows(found)
        self.chart.show_bars([Bar(class_words(one.main), one.copies) for one in found], "نسخه‌های در دسترس")
        self.counted.emit(sum(one.copies for one in found))

    def files(self) -> Files:
        library, branch, today = self._session.library, self._branch(), self._session.act().day

        def make() -> tuple[bytes, bytes]:
            with library.store.read() as reader:
                rows = collection_balance(reader, today)
            return balance_pdf(branch, rows, today), balance_xlsx(branch, rows, today)

        return make


class HealthPart(CollectionPart):
    """Copies to be bound, mended or bought anew, and the weak classes."""

    def __init__(self, session: Session) -> None:
        made = RowList(ailing_table(), title="سلامت مجموعه", noun="نسخه")
        made.set_empty(
            "مجموعه نیازی ندارد", "نسخه‌هایی که هنگام بازگشت یا رف‌خوانی فرسوده ثبت شوند اینجا می‌آیند.", "circle-check"
        )
        super().__init__(session, made, "گزارش سلامت مجموعه", "health")
        self._weak, inner = Label("", wrap=True), QWidget()
        inner.setLayout(column(self._weak, None, gap=0))
        side = Card(column(Label("نقاط ضعف مجموعه", "heading"), Scroll(inner), row(self._print, None), gap=8))
        side.setFixedWidth(look().px(WIDTH))
        work = row(self.list, side, gap=14)
        work.setStretch(0, 1)
        self.setLayout(work)

    def look(self, today: date, reader: Reader) -> Health:
        return collection_health(reader, today)

    @Slot(object)
    def show_found(self, found: Health) -> None:
        rows = [AilingRow(heading, copy) for heading, copy in all_ailing(found)]
        self.list.set_rows(rows)
        lines = [f"{words}: {weak} ({copies} نسخه)" for words, copies, weak in weak_cells(found)]
        self._weak.say("\n\n".join(lines) or "رده‌ای ضعیف‌تر از دیگر رده‌ها نیست.")
        self.counted.emit(len(rows))

    def files(self) -> Files:
        library, branch, today = self._session.library, self._branch(), self._session.act().day

        def make() -> tuple[bytes, bytes]:
            with library.store.read() as reader:
                health = collection_health(reader, today)
            return health_pdf(branch, health), health_xlsx(branch, health)

        return make


def _looked(library: Library, look: Callable[[Reader], Any], token: Token) -> Any:
    token.check()
    with library.store.read() as reader:
        return look(reader)


def _made(files: Files, token: Token) -> tuple[bytes, bytes]:
    token.check()
    return files()


def _raise(error: BaseException) -> None:
    raise error  # told by the window, in three parts
