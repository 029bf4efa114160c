"""The pages of a paper on a grey ground, one under the other: the pages themselves, and the small ones beside them."""

from collections.abc import Iterator
from enum import Enum

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from app.persian.digits import number
from ui.paper.pictures import Pictures
from ui.style import look
from ui.theme import SMALL_PT
from ui.widgets import paint

_GAP = 16
_SMALL, _SMALL_AREA, _CAPTION = 84, 124, 20
_STEP, _NARROWEST, _WIDEST = 1.2, 0.3, 4.0


class Fit(Enum):
    """How large a page is shown."""

    WIDTH = "width"
    PAGE = "page"
    FREE = "free"


class Sheets(QAbstractScrollArea):
    """Lays the pages out and paints those in sight. `caption` is the room for the number under each page."""

    caption = 0

    def __init__(self, pictures: Pictures) -> None:
        super().__init__()
        self._pictures = pictures
        self._marked = -1
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        pictures.counted.connect(self._lay_out)
        pictures.came.connect(self._page_came)

    def page_width(self) -> int:
        """The width of every page in pixels of the screen."""
        raise NotImplementedError

    def go_to(self, page: int) -> None:
        """Bring the upper edge of a page into sight."""
        if 0 <= page < self._pictures.count():
            self.verticalScrollBar().setValue(self._tops()[page] - look().px(_GAP))

    def page_at(self, y: int) -> int:
        """The page at this height of the viewport; the last one below the end, -1 while there is none."""
        place = y + self.verticalScrollBar().value()
        return max((page for page, top in enumerate(self._tops()) if top <= place), default=0 if self._tops() else -1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn, painter = look(), QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._pictures_in_sight(painter)
        if not self._pictures.count():
            painter.setPen(QColor(worn.theme.muted))
            painter.drawText(self.viewport().rect(), paint.MIDDLE, "برگه آماده می‌شود…")

    def _pictures_in_sight(self, painter: QPainter) -> None:
        wide = self._dots()
        for page, place in self._in_sight():
            painter.fillRect(place, QColor("white"))  # paper is white in the dark theme too
            picture = self._pictures.picture(page, wide)
            if picture is not None:
                painter.drawImage(place, picture)
            self._paint_edge(painter, place, marked=page == self._marked)
            if self.caption:
                self._write_number(painter, page, place)

    def _paint_edge(self, painter: QPainter, place: QRect, *, marked: bool) -> None:
        theme = look().theme
        edge, wide = (theme.primary, 2) if marked else (theme.line, 1)
        paint.box(painter, QRectF(place).adjusted(-wide, -wide, wide, wide), 2, "", edge, wide)

    def _write_number(self, painter: QPainter, page: int, place: QRect) -> None:
        worn, marked = look(), page == self._marked
        painter.setFont(worn.font(SMALL_PT, bold=marked))
        painter.setPen(QColor(worn.theme.ink if marked else worn.theme.muted))
        under = QRect(place.x(), place.bottom() + 2, place.width(), worn.px(self.caption))
        painter.drawText(under, paint.MIDDLE, number(page + 1))

    def _dots(self) -> int:
        return round(self.page_width() * self.devicePixelRatioF())

    def _in_sight(self) -> Iterator[tuple[int, QRect]]:
        sight = self.viewport().rect()
        for page, top in enumerate(self._tops()):
            place = QRect(self._left(), top - self.verticalScrollBar().value(), self.page_width(), self._tall(page))
            if place.intersects(sight):
                yield page, place

    def _tall(self, page: int) -> int:
        return round(self.page_width() * self._pictures.ratio(page))

    def _tops(self) -> list[int]:
        tops, top = [], look().px(_GAP)
        for page in range(self._pictures.count()):
            tops.append(top)
            top += self._tall(page) + look().px(self.caption) + look().px(_GAP)
        return tops

    def _left(self) -> int:
        room, wide = self.viewport().width(), self.page_width()
        if wide <= room:
            return (room - wide) // 2
        # Mirrored: the bar stands at 0 when the right edge, where a line begins, is in sight.
        return room - wide - look().px(_GAP) + self.horizontalScrollBar().value()

    @Slot()
    def _lay_out(self) -> None:
        worn, count = look(), self._pictures.count()
        whole = self._tops()[-1] + self._tall(count - 1) + worn.px(self.caption + _GAP) if count else 0
        tall, wide = self.viewport().height(), self.viewport().width()
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, whole - tall))
        down.setPageStep(tall)
        down.setSingleStep(worn.px(48))
        over = self.page_width() - wide
        across.setRange(0, over + 2 * worn.px(_GAP) if over > 0 else 0)
        across.setPageStep(wide)
        across.setSingleStep(worn.px(48))
        self.viewport().update()

    @Slot(int)
    def _page_came(self, _page: int) -> None:
        self.viewport().update()


class PageView(Sheets):
    """The pages to read. `page_changed` tells the page in the middle."""

    page_changed = Signal(int)
    fit_changed = Signal()

    def __init__(self, pictures: Pictures) -> None:
        super().__init__(pictures)
        self.fit = Fit.PAGE
        self._share = 1.0  # of the width of the viewport, while the fit is free
        self._current = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("برگه")
        self.verticalScrollBar().valueChanged.connect(self._look_where)
        pictures.counted.connect(self._look_where)

    def page_width(self) -> int:
        room = self.viewport().width() - 2 * look().px(_GAP)
        if self.fit is Fit.PAGE:
            tall = self.viewport().height() - 2 * look().px(_GAP)
            return max(1, min(room, int(tall / self._pictures.ratio(max(0, self._current)))))
        return max(1, int(room * (self._share if self.fit is Fit.FREE else 1)))

    def current(self) -> int:
        """The page in the middle of the sight, -1 while there is none."""
        return self._current

    def set_fit(self, fit: Fit) -> None:
        """Show whole pages, or pages as wide as there is room; the page in sight stays."""
        self.fit = fit
        self._resized(self._current)

    def zoom(self, steps: int) -> None:
        """Larger or smaller by a fifth a step."""
        room = self.viewport().width() - 2 * look().px(_GAP)
        share = self.page_width() / max(1, room) * _STEP**steps
        self._share, self.fit = min(_WIDEST, max(_NARROWEST, share)), Fit.FREE
        self._resized(self._current)

    def _resized(self, page: int) -> None:
        self._lay_out()
        self.go_to(page)
        self.fit_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        down = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            down.setValue(0)
        elif event.key() == Qt.Key.Key_End:
            down.setValue(down.maximum())
        elif event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp) and self.fit is Fit.PAGE:
            self.go_to(self._current + (1 if event.key() == Qt.Key.Key_PageDown else -1))
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            return
        super().wheelEvent(event)

    @Slot()
    def _look_where(self) -> None:
        page = self.page_at(self.viewport().height() // 2)
        if page != self._current:
            self._current = page
            self.page_changed.emit(page)


class PageList(Sheets):
    """All pages, small, with their numbers; a click asks for one."""

    chosen = Signal(int)
    caption = _CAPTION

    def __init__(self, pictures: Pictures) -> None:
        super().__init__(pictures)
        self.setFixedWidth(look().px(_SMALL_AREA))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("فهرست صفحه‌ها")
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)

    def page_width(self) -> int:
        return look().px(_SMALL)

    def mark(self, page: int) -> None:
        """Frame the page that is being read, and keep it in sight."""
        self._marked = page
        places = dict(self._in_sight())
        if page not in places or not self.viewport().rect().contains(places[page]):
            self.go_to(page)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(_SMALL_AREA), look().px(200))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        page = self._hit(event.position().toPoint())
        if page >= 0:
            self.chosen.emit(page)

    def _hit(self, point: QPoint) -> int:
        return next((page for page, place in self._in_sight() if place.contains(point)), -1)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.viewport().update()
