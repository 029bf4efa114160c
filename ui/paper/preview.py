"""A paper on the screen: its pages, printing it, saving it. It lies over the page, not over the desk: scans go on."""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from app.persian.digits import number
from ui.jobs import Jobs
from ui.keys import ESCAPE, KeyHelp
from ui.paper.paper import Paper
from ui.paper.pictures import Pictures
from ui.paper.print_form import PrintForm
from ui.paper.printing import Printing, PrintOrder, printer_names
from ui.paper.saving import SavePanel
from ui.paper.sheets import Fit, PageList, PageView
from ui.style import look
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button, IconButton, listen
from ui.widgets.cards import Card
from ui.widgets.labels import Label, isolate, ltr
from ui.widgets.layouts import column, emptied, row
from ui.widgets.notice import Notice
from ui.widgets.progress import ProgressCard

PRINT, SAVE_PDF, SAVE_SHEET, FIT = "Ctrl+P", "Ctrl+S", "Ctrl+E", "Ctrl+0"
LARGER, SMALLER = ("Ctrl++", "Ctrl+="), ("Ctrl+-",)
KEYS = (
    KeyHelp(PRINT, "چاپ برگه"),
    KeyHelp(SAVE_PDF, "ذخیرهٔ PDF"),
    KeyHelp(SAVE_SHEET, "ذخیرهٔ اکسل"),
    KeyHelp(FIT, "تمام صفحه یا هم‌عرض"),
    KeyHelp("Ctrl +/-", "بزرگ‌تر و کوچک‌تر"),
    KeyHelp("PgUp/PgDn", "صفحهٔ پیش و پس"),
)
_SIDE = 330


class PaperPreview(QWidget):
    """`show_paper` brings a paper up; `closed` says that the person is done with it. `said` tells what became of
    printing and saving, for a page that is in front again by then."""

    closed = Signal()
    said = Signal(str, str)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._paper = Paper("", b"", "")
        self._on_its_way = ""  # the title of the paper being printed; another one may be shown by then
        self._clock = QElapsedTimer()
        self.pictures, self.printing = Pictures(jobs, self), Printing(jobs, self)
        self.view, self.list = PageView(self.pictures), PageList(self.pictures)
        self.banner, self.saving, self.progress = Banner(), SavePanel(), ProgressCard()
        self.form = PrintForm()
        self._title, self._where = Label("", "heading", wrap=True), Label("", "muted")
        self._facts = QVBoxLayout()
        self._print = Button("چاپ", PRINT, "primary", "printer")
        self._save_pdf = Button("ذخیرهٔ PDF", SAVE_PDF, icon="download")
        self._save_sheet = Button("ذخیرهٔ اکسل", SAVE_SHEET, icon="file-spreadsheet")
        self._fit = Button("هم‌عرض", FIT)
        self._lay_out()
        self._connect()

    def show_paper(self, paper: Paper) -> None:
        """Bring a paper up from its first page."""
        self._paper = paper
        self._title.say(paper.title)
        self._show_facts(paper)
        self._save_sheet.setVisible(bool(paper.sheet))
        self.banner.hide()
        self.saving.close_question()
        self.pictures.open(paper.pdf)
        self.view.set_fit(Fit.PAGE)
        self._where.say("")
        self.close_form()

    def paper(self) -> Paper:
        """The paper shown."""
        return self._paper

    def on_escape(self) -> None:
        """Close the question that stands, else the preview. A paper on its way to the printer goes on."""
        if self.form.isVisible():
            self.close_form()
        elif self.saving.is_open():
            self.saving.close_question()
        else:
            self.closed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.pictures.rest()

    def ask_printer(self) -> None:
        """Ctrl+P: where, which pages, how often. Raises Trouble P-4104 where there is no printer."""
        if self.printing.is_busy() or not self.pictures.count():
            return
        self.form.begin(printer_names(), self.pictures.count())
        self.show_form()

    def show_form(self) -> None:
        """Bring the print question to the front."""
        self._asking.setCurrentWidget(self.form)

    def close_form(self) -> None:
        """Nothing is to be printed."""
        self._asking.setCurrentIndex(0)
        self.view.setFocus()

    def save_pdf(self) -> None:
        """Ctrl+S: the very bytes of the paper."""
        self.saving.save(self, self._paper.pdf_name, self._paper.pdf)

    def save_sheet(self) -> None:
        """Ctrl+E: its Excel file, where there is one."""
        if self._paper.sheet:
            self.saving.save(self, self._paper.sheet_name, self._paper.sheet)

    def toggle_fit(self) -> None:
        """Ctrl+0: whole pages, or as wide as there is room."""
        self.view.set_fit(Fit.WIDTH if self.view.fit is Fit.PAGE else Fit.PAGE)

    @Slot(object)
    def _start(self, order: PrintOrder) -> None:
        self.close_form()
        self._clock.start()
        self._on_its_way = self._paper.title
        self.progress.begin(f"چاپ {self._on_its_way}")
        self.progress.show()
        self.printing.start(self._paper.pdf, order, self._paper.title)

    @Slot(int, int)
    def _printed(self, done: int, pages: int) -> None:
        self.progress.show_progress(done, pages, self._clock.elapsed() / 1000)

    @Slot()
    def _finished(self) -> None:
        self.progress.hide()
        self._say(Tone.OK, "به چاپگر فرستاده شد", self._on_its_way)

    @Slot()
    def _cancelled(self) -> None:
        self.progress.hide()
        self._say(Tone.WARN, "چاپ متوقف شد", self._on_its_way)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self.progress.hide()
        raise error  # told by the window, in three parts

    @Slot(str)
    def _saved(self, path: str) -> None:
        self._say(Tone.OK, "ذخیره شد", isolate(path))

    def tell(self, tone: Tone, title: str, detail: str) -> None:
        """Put a banner above the paper."""
        self.banner.show_outcome(tone, title, detail)
        self.banner.show()

    def _say(self, tone: Tone, title: str, detail: str) -> None:
        self.tell(tone, title, detail)
        self.said.emit(title, detail)

    @Slot(int)
    def _show_where(self, page: int) -> None:
        count = self.pictures.count()
        self._where.say(f"صفحهٔ {number(page + 1)} از {number(count)}" if count else "")
        self.list.mark(page)
        self.list.setVisible(count > 1)

    @Slot()
    def _show_fit(self) -> None:
        self._fit.set_words("هم‌عرض" if self.view.fit is Fit.PAGE else "تمام صفحه")

    def _show_facts(self, paper: Paper) -> None:
        emptied(self._facts)
        for fact in paper.facts:
            self._facts.addWidget(Label(fact, "muted", wrap=True))
        if paper.draft:
            self._facts.addWidget(Notice("پیش‌نویس است", ("شماره ندارد و تا نهایی شدن تغییر می‌کند.",), Tone.WARN))
        elif paper.frozen:
            self._facts.addWidget(Notice("نسخهٔ نهایی", ("هر بار همین برگه چاپ و ذخیره می‌شود.",), Tone.INFO))

    def _lay_out(self) -> None:
        larger = IconButton("plus", f"بزرگ‌تر {ltr(LARGER[0])}")
        smaller = IconButton("minus", f"کوچک‌تر {ltr(SMALLER[0])}")
        larger.clicked.connect(lambda: self.view.zoom(1))
        smaller.clicked.connect(lambda: self.view.zoom(-1))
        actions = QWidget()
        actions.setLayout(
            column(row(self._print, None), row(self._save_pdf, None), row(self._save_sheet, None), None, gap=10)
        )
        asking = QWidget()
        self._asking = QStackedLayout(asking)
        self._asking.addWidget(actions)
        self._asking.addWidget(self.form)
        back = Button("بازگشت", ESCAPE)
        back.clicked.connect(self.on_escape)
        self._facts.setSpacing(look().px(6))
        zoom = row(self._fit, larger, smaller, None, gap=6)
        side = Card(column(self._title, self._facts, 4, asking, None, zoom, row(back, None, self._where), gap=10))
        side.setFixedWidth(look().px(_SIDE))
        middle = column(self.banner, self.saving, self.progress, self.view, gap=12)
        middle.setStretch(3, 1)
        whole = row(self.list, middle, side, gap=14)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        for hidden in (self.banner, self.progress, self.list):
            hidden.hide()

    def _connect(self) -> None:
        for keys, step in ((LARGER, 1), (SMALLER, -1)):
            for key in keys:
                listen(self, key, self._zoomer(step))
        self._print.clicked.connect(self.ask_printer)
        self._save_pdf.clicked.connect(self.save_pdf)
        self._save_sheet.clicked.connect(self.save_sheet)
        self._fit.clicked.connect(self.toggle_fit)
        self.view.page_changed.connect(self._show_where)
        self.view.fit_changed.connect(self._show_fit)
        self.pictures.counted.connect(lambda _: self._show_where(self.view.current()))
        self.list.chosen.connect(self.view.go_to)
        self.pictures.failed.connect(self._failed)
        self.form.ordered.connect(self._start)
        self.form.closed.connect(self.close_form)
        self.printing.progressed.connect(self._printed)
        self.printing.finished.connect(self._finished)
        self.printing.cancelled.connect(self._cancelled)
        self.printing.failed.connect(self._failed)
        self.progress.cancel_wanted.connect(self.printing.cancel)
        self.saving.saved.connect(self._saved)

    def _zoomer(self, step: int) -> Callable[[], None]:
        return lambda: self.view.zoom(step)
