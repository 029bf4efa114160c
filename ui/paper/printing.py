"""A paper on its way to a printer, on any system: pages as pictures at 300 dpi in grey, painted one by one.

The pictures are made in the line of long work and painted here, a page at a time, so that the desk goes on between two
pages. What reaches the printer is the frozen page, not a second rendering of its facts.
"""

import re
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QRectF, QSizeF, Signal, Slot
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from app.persian.digits import parse_int, typed
from db.trouble import Trouble
from reports.preview import each_page_image
from ui.jobs import Job, Jobs, Token
from ui.paper.pictures import picture_of

DPI = 300
MM_PER_INCH = 25.4
MOST_COPIES = 20
_PARTS = re.compile("[,،]")
_REFUSALS = {QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted}


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """Which pages (from 0), how often, where. `printer` is the name the system knows it by."""

    printer: str
    pages: tuple[int, ...]
    copies: int = 1


def printer_names() -> tuple[str, ...]:
    """The printers of this computer, the usual one first. Raises Trouble P-4104 when there is none."""
    names = QPrinterInfo.availablePrinterNames()
    if not names:
        raise Trouble("P-4104")
    usual = QPrinterInfo.defaultPrinterName()
    return tuple(sorted(names, key=lambda name: (name != usual, name)))


def chosen_pages(text: str, count: int) -> tuple[int, ...] | None:
    """The pages (from 0) that «۱-۳، ۵» names; all of them for an empty text, None for what is no page of the file."""
    if not typed(text):
        return tuple(range(count))
    found: list[int] = []
    for part in _PARTS.split(text):
        first, dash, last = part.partition("-")
        start = parse_int(first)
        end = parse_int(last) if dash else start
        if start is None or end is None or not 1 <= start <= end <= count:
            return None
        found += range(start - 1, end)
    return tuple(dict.fromkeys(found))


class Printing(QObject):
    """One paper after another; `start` while one is on its way is a mistake.

    `progressed` (done, all), then one of `finished`, `failed` (a Trouble) and `cancelled`.
    """

    progressed = Signal(int, int)
    finished = Signal()
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._pdf, self._title = b"", ""
        self._order: PrintOrder | None = None
        self._left: list[int] = []
        self._all = 0
        self._printer: QPrinter | None = None
        self._painter: QPainter | None = None
        self._job: Job[QImage] | None = None

    def is_busy(self) -> bool:
        """Whether a paper is on its way."""
        return self._order is not None

    def start(self, pdf: bytes, order: PrintOrder, title: str) -> None:
        """Begin. `title` is what the printer's queue calls it. Raises Trouble P-4103 when there is no such printer."""
        if self._order is not None:
            raise RuntimeError("a paper is on its way already")
        info = QPrinterInfo.printerInfo(order.printer)
        if info.isNull():
            raise Trouble("P-4103", reason=f"چاپگر «{order.printer}» پیدا نشد")
        self._printer = QPrinter(info, QPrinter.PrinterMode.HighResolution)
        self._pdf, self._title, self._order = pdf, title, order
        own = 1 if self._printer.supportsMultipleCopies() else order.copies
        self._left = list(order.pages) * own
        self._all = len(self._left)
        self._set_up(self._printer, order)
        self.progressed.emit(0, self._all)
        self._render_next()

    def cancel(self) -> None:
        """Stop after the page in hand; nothing of it reaches the printer where the system collects pages first."""
        if self._order is None:
            return
        self._stop()
        self.cancelled.emit()

    def _set_up(self, printer: QPrinter, order: PrintOrder) -> None:
        printer.setDocName(self._title)
        printer.setResolution(DPI)
        printer.setFullPage(True)
        printer.setColorMode(QPrinter.ColorMode.GrayScale)
        if printer.supportsMultipleCopies():
            printer.setCopyCount(order.copies)
            printer.setCollateCopies(True)

    def _render_next(self) -> None:
        pdf, page = self._pdf, self._left[0]
        self._job = self._jobs.start(f"چاپ {self._title}", partial(_grey_page, pdf, page))
        self._job.finished.connect(self._page_made)
        self._job.failed.connect(self._fail)

    @Slot(object)
    def _page_made(self, picture: QImage) -> None:
        self._job = None
        if self._order is None or self._printer is None:
            return
        reason = self._put_on_paper(self._printer, picture)
        if reason:
            self._fail(Trouble("P-4103", reason=reason))
            return
        del self._left[0]
        self.progressed.emit(self._all - len(self._left), self._all)
        if self._left:
            self._render_next()
        else:
            self._hand_over()

    def _put_on_paper(self, printer: QPrinter, picture: QImage) -> str:
        """Paint a page; answers what went wrong, or nothing."""
        if self._painter is None:
            printer.setPageLayout(_layout_for(picture))
            self._painter = QPainter()
            if not self._painter.begin(printer):
                return "چاپگر کار را نپذیرفت"
            self._painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        elif not printer.newPage():
            return "چاپگر صفحهٔ تازه نداد"
        self._painter.drawImage(_fitted(picture, printer.paperRect(QPrinter.Unit.DevicePixel)), picture)
        return "چاپگر خطا داد" if printer.printerState() in _REFUSALS else ""

    def _hand_over(self) -> None:
        """The end of painting hands the pages to the system. A queue that has vanished meanwhile says nothing of it."""
        ended = self._painter is not None and self._painter.end()
        name = self._order.printer if self._order else ""
        self._painter = None
        if ended and not QPrinterInfo.printerInfo(name).isNull():
            self._let_go()
            self.finished.emit()
        else:
            self._fail(Trouble("P-4103", reason="ارتباط با چاپگر قطع شد"))

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        self._stop()
        self.failed.emit(error)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job.finished.disconnect(self._page_made)
            self._job.failed.disconnect(self._fail)
        if self._printer is not None and self._painter is not None:
            self._printer.abort()
            self._painter.end()
        self._let_go()

    def _let_go(self) -> None:
        self._painter, self._printer, self._order, self._job = None, None, None, None
        self._left, self._pdf = [], b""


def _grey_page(pdf: bytes, page: int, token: Token) -> QImage:
    token.check()
    return picture_of(next(each_page_image(pdf, DPI, page)), QImage.Format.Format_Grayscale8)


def _layout_for(picture: QImage) -> QPageLayout:
    """The sheet the page asks for, upright or lying, without margins: the page has its own."""
    wide, tall = (MM_PER_INCH * side / DPI for side in (picture.width(), picture.height()))
    lying = wide > tall
    millimetre = QPageSize.Unit.Millimeter
    size = QPageSize(QSizeF(min(wide, tall), max(wide, tall)), millimetre, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    layout = QPageLayout()
    layout.setPageSize(size)
    layout.setOrientation(QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait)
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout


def _fitted(picture: QImage, sheet: QRectF) -> QRectF:
    """The largest place of the picture's shape in the middle of the sheet."""
    share = min(sheet.width() / picture.width(), sheet.height() / picture.height())
    size = QSizeF(picture.width() * share, picture.height() * share)
    place = QRectF(sheet.topLeft(), size)
    place.moveCenter(sheet.center())
    return place
