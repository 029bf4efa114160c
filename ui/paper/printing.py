"""A paper on its way to a printer, on any system: pages as pictures at 300 dpi in grey, painted one by one.

The pictures are made in the line of long work and painted here, a page at a time: the desk goes on between two pages.
What reaches the printer is the frozen page, not a second rendering of its facts.
"""

import re
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QRectF, QSizeF, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QImageWriter, QPageLayout, QPageSize, QPainter
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

    All pages are made before the first is painted: what cannot be read or is stopped in time never reaches the printer,
    where it could not be called back. `progressed` (pages made, all), then one of `finished`, `failed` (a Trouble) and
    `cancelled`.
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
        self._made: list[bytes] = []
        self._left: list[bytes] = []
        self._job: Job[bytes] | None = None
        self._printer: QPrinter | None = None
        self._painter = QPainter()

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
        self._pdf, self._title, self._order = pdf, title, order
        self._printer = QPrinter(info, QPrinter.PrinterMode.HighResolution)
        self.progressed.emit(0, len(order.pages))
        self._make_next(order)

    def cancel(self) -> None:
        """Stop, as long as pages are being made."""
        if self._order is None or self._painter.isActive():
            return
        self._let_go()
        self.cancelled.emit()

    def _make_next(self, order: PrintOrder) -> None:
        work = partial(_grey_page, self._pdf, order.pages[len(self._made)])
        self._job = self._jobs.start(f"چاپ {self._title}", work)
        self._job.finished.connect(self._page_made)
        self._job.failed.connect(self._fail)

    @Slot(object)
    def _page_made(self, png: bytes) -> None:
        order, printer = self._order, self._printer
        if order is None or printer is None:
            return
        self._job = None
        self._made.append(png)
        self.progressed.emit(len(self._made), len(order.pages))
        if self._order is not order:  # stopped by whoever heard that
            return
        if len(self._made) < len(order.pages):
            self._make_next(order)
            return
        own = 1 if printer.supportsMultipleCopies() else order.copies
        self._left = self._made * own
        self._paint_next()

    @Slot()
    def _paint_next(self) -> None:
        """One page on paper, then the desk has its turn."""
        order, printer = self._order, self._printer
        if order is None or printer is None:
            return
        reason = self._put_on_paper(printer, order, QImage.fromData(self._left.pop(0)))
        if reason:
            self._fail(Trouble("P-4103", reason=reason))
        elif self._left:
            QTimer.singleShot(0, self, self._paint_next)
        else:
            self._hand_over(order)

    def _put_on_paper(self, printer: QPrinter, order: PrintOrder, page: QImage) -> str:
        """Paint a page; answers what went wrong, or nothing."""
        if not self._painter.isActive():
            _set_up(printer, order, self._title)
            printer.setPageLayout(_layout_for(page))
            if not self._painter.begin(printer):
                return "چاپگر کار را نپذیرفت"
            self._painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        elif not printer.newPage():
            return "چاپگر صفحهٔ تازه نداد"
        self._painter.drawImage(_fitted(page, printer.paperRect(QPrinter.Unit.DevicePixel)), page)
        return "چاپگر خطا داد" if printer.printerState() in _REFUSALS else ""

    def _hand_over(self, order: PrintOrder) -> None:
        """The end of painting hands the pages to the system. A queue that has vanished meanwhile says nothing of it."""
        if self._painter.end() and not QPrinterInfo.printerInfo(order.printer).isNull():
            self._let_go()
            self.finished.emit()
        else:
            self._fail(Trouble("P-4103", reason="ارتباط با چاپگر قطع شد"))

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        self._let_go()
        self.failed.emit(error)

    def _let_go(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job.finished.disconnect(self._page_made)
            self._job.failed.disconnect(self._fail)
        if self._printer is not None and self._painter.isActive():
            self._printer.abort()
            self._painter.end()
        self._printer, self._order, self._job = None, None, None
        self._made, self._left, self._pdf = [], [], b""


def _set_up(printer: QPrinter, order: PrintOrder, title: str) -> None:
    printer.setDocName(title)
    printer.setResolution(DPI)
    printer.setColorMode(QPrinter.ColorMode.GrayScale)
    if printer.supportsMultipleCopies():
        printer.setCopyCount(order.copies)
        printer.setCollateCopies(True)


def _grey_page(pdf: bytes, page: int, token: Token) -> bytes:
    """A page as PNG: the pages wait for each other, and grey pictures of 300 dpi take 9 MB each."""
    token.check()
    picture = picture_of(next(each_page_image(pdf, DPI, page)), QImage.Format.Format_Grayscale8)
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(picture)
    return bytes(kept.data())


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
