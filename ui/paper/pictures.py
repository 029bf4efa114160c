"""Pages of a PDF as pictures. They are made in the line of long work, so that PDFium only ever sees that one thread."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from reports.preview import PageImage, each_page_image, page_count
from ui.jobs import Job, Jobs, Token

A4_RATIO = 842 / 595
POINTS_PER_INCH = 72
MOST_BYTES = 96_000_000
MOST_PIXELS = 4_000
MOST_WISHES = 16

Key: TypeAlias = tuple[int, int]
"""A page (from 0) at a width in pixels."""


def picture_of(page: PageImage, form: QImage.Format = QImage.Format.Format_RGB888) -> QImage:
    """A page as Qt paints it; the picture has its own copy of the pixels."""
    seen = QImage(page.rgb, page.width, page.height, 3 * page.width, QImage.Format.Format_RGB888)
    return seen.copy() if form is QImage.Format.Format_RGB888 else seen.convertToFormat(form)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file that was looked into: how many pages, and the first of them in points."""

    count: int
    width: float
    ratio: float


class Pictures(QObject):
    """The pages of one PDF at the widths they were asked for.

    `counted` tells the number of pages of a file just opened, `came` the page whose picture is there now, `failed` the
    trouble of a file that cannot be read. What is asked for last is made first.
    """

    counted = Signal(int)
    came = Signal(int)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._pdf, self._opened = b"", _Opened(0, 1, A4_RATIO)
        self._made: OrderedDict[Key, QImage] = OrderedDict()
        self._wanted: list[Key] = []
        self._ratios: dict[int, float] = {}
        self._making: Key = (0, 0)
        self._job: Job[QImage] | Job[_Opened] | None = None

    def open(self, pdf: bytes) -> None:
        """Forget the file before, and look into this one."""
        self._let_go()
        self._made.clear()
        self._wanted.clear()
        self._ratios.clear()
        self._pdf, self._opened = pdf, _Opened(0, 1, A4_RATIO)
        job = self._jobs.start("باز کردن برگه", lambda _: _look_into(pdf))
        job.finished.connect(self._settle_count)
        job.failed.connect(self._fail)
        self._job = job

    def count(self) -> int:
        """Number of pages; 0 until they are counted."""
        return self._opened.count

    def ratio(self, page: int) -> float:
        """Height of a page in widths; that of the first page until it has been seen."""
        return self._ratios.get(page, self._opened.ratio)

    def picture(self, page: int, width: int) -> QImage | None:
        """The page, best at `width` pixels; else at another width, while the right one is being made; else None."""
        key = _key(page, width)
        if key in self._made:
            self._made.move_to_end(key)
            return self._made[key]
        if key in self._wanted:
            self._wanted.remove(key)
        if self._job is None or self._making != key:
            self._wanted.append(key)
            del self._wanted[:-MOST_WISHES]  # the oldest have scrolled out of sight
        self._make_next()
        others = [other for other in self._made if other[0] == page]
        return self._made[max(others, key=lambda other: other[1])] if others else None

    def is_there(self, page: int, width: int) -> bool:
        """Whether the page has been made at this very width."""
        return _key(page, width) in self._made

    def rest(self) -> None:
        """Nobody is looking: what was asked for need not be made."""
        self._wanted.clear()

    def _make_next(self) -> None:
        if self._job is not None or not self._wanted or not self._opened.count:
            return
        self._making = self._wanted.pop()
        page, width = self._making
        pdf, dpi = self._pdf, POINTS_PER_INCH * width / self._opened.width
        job = self._jobs.start("نمایش صفحه", lambda token: _rendered(token, pdf, page, dpi))
        job.finished.connect(self._settle)
        job.failed.connect(self._fail)
        self._job = job

    def _let_go(self) -> None:
        """A picture of the file before is of no use any more."""
        if self._job is not None:
            self._job.cancel()
            self._job.finished.disconnect()
            self._job.failed.disconnect()
            self._job = None

    @Slot(object)
    def _settle_count(self, opened: _Opened) -> None:
        self._job, self._opened = None, opened
        self.counted.emit(opened.count)
        self._make_next()

    @Slot(object)
    def _settle(self, picture: QImage) -> None:
        self._job = None
        self._ratios[self._making[0]] = picture.height() / picture.width()
        self._made[self._making] = picture
        while len(self._made) > 1 and sum(made.sizeInBytes() for made in self._made.values()) > MOST_BYTES:
            self._made.popitem(last=False)
        self.came.emit(self._making[0])
        self._make_next()

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        self._job = None
        self._wanted.clear()
        self.failed.emit(error)


def _key(page: int, width: int) -> Key:
    return page, max(1, min(width, MOST_PIXELS))


def _look_into(pdf: bytes) -> _Opened:
    first = next(each_page_image(pdf, POINTS_PER_INCH))
    return _Opened(page_count(pdf), first.width, first.height / first.width)


def _rendered(token: Token, pdf: bytes, page: int, dpi: float) -> QImage:
    token.check()
    return picture_of(next(each_page_image(pdf, dpi, page)))
