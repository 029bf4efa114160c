"""Entry of Jalali dates: typed in any usual way, or picked from a Persian calendar.

QDateEdit turns its sections over in a right-to-left window and ignores a whole date typed over the old one. The value
is decided by `app.persian.jalali`; Qt's Jalali calendar only draws.
"""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QCalendar, QDate, QLocale, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QToolButton, QWidget

from app.persian.jalali import parse, short
from ui.icons import icon
from ui.style import look
from ui.widgets import paint
from ui.widgets.buttons import IconButton
from ui.widgets.labels import hint, mark
from ui.widgets.layouts import column, row

WRONG_DATE = "تاریخ درست نیست؛ مانند ۱۴۰۵/۰۳/۱۱ بنویسید."
_NO_REST = (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday)


class JalaliDateEdit(QWidget):
    """`day()` is None while the field is empty or wrong; `is_wrong()` tells the two apart.

    `today` is where the calendar opens while no date is written.
    """

    changed = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._popup: DatePopup | None = None
        self.edit = QLineEdit()
        self.edit.setMaxLength(20)
        self.edit.setPlaceholderText("۱۴۰۵/۰۳/۱۱")
        self.edit.setAlignment(paint.START)
        self._button = IconButton("calendar", "تقویم (پیکان پایین)")
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        beside = row(self.edit, self._button, gap=4)
        beside.setStretch(0, 1)
        self.setLayout(beside)
        self.setFocusProxy(self.edit)
        self.edit.editingFinished.connect(self._tidy)
        self.edit.textChanged.connect(self._noted)
        self._button.clicked.connect(self.open_calendar)

    def day(self) -> date | None:
        """The date written, or None."""
        return parse(self.edit.text())

    def is_wrong(self) -> bool:
        """Whether something is written that is not a date (30 Esfand of an ordinary year, for example)."""
        return bool(self.edit.text().strip()) and self.day() is None

    def set_day(self, day: date | None) -> None:
        """Write a date, or empty the field."""
        self.edit.setText(short(day) if day else "")

    def open_calendar(self) -> None:
        """Show the calendar under the field."""
        if self._popup is None:
            self._popup = DatePopup(self)
            self._popup.picked.connect(self._pick)
        self._popup.open_at(self.mapToGlobal(QPoint(self.width(), self.height())), self.day() or self._today())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.open_calendar()
            return
        super().keyPressEvent(event)

    def _pick(self, day: date) -> None:
        self.set_day(day)
        self.edit.setFocus()

    def _tidy(self) -> None:
        if (day := self.day()) is not None:
            self.set_day(day)
        mark(self.edit, wrong=self.is_wrong())
        hint(self.edit, WRONG_DATE if self.is_wrong() else "")

    def _noted(self) -> None:
        if not self.is_wrong():
            mark(self.edit, wrong=False)
        self.changed.emit()


class DatePopup(QFrame):
    """A month of the Persian calendar; `picked` carries the day as a Gregorian date."""

    picked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.calendar = QCalendarWidget()
        self.setLayout(column(self.calendar, margins=(6, 6, 6, 6)))
        self.calendar.setLocale(QLocale("fa_IR"))
        self.calendar.setCalendar(QCalendar(QCalendar.System.Jalali))
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek.Saturday)
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)
        self.calendar.setGridVisible(False)
        self.calendar.activated.connect(self._chosen)
        self.calendar.clicked.connect(self._chosen)

    def sizeHint(self) -> QSize:
        return QSize(look().px(320), look().px(270))

    def open_at(self, corner: QPoint, day: date) -> None:
        """Open with the upper right corner at `corner`, on the month of `day`."""
        self._dress()
        self.calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        size, screen = self.sizeHint(), self.screen().availableGeometry()
        left = max(screen.left(), corner.x() - size.width())
        top = min(corner.y() + look().px(4), screen.bottom() - size.height())
        self.setGeometry(left, top, size.width(), size.height())
        self.show()
        self.calendar.setFocus()

    def _dress(self) -> None:
        theme = look().theme
        plain, rest = QTextCharFormat(), QTextCharFormat()
        plain.setForeground(QColor(theme.ink))
        rest.setForeground(QColor(theme.red))
        # Qt paints Saturday and Sunday red whatever the locale says.
        for weekday in _NO_REST:
            self.calendar.setWeekdayTextFormat(weekday, plain)
        self.calendar.setWeekdayTextFormat(Qt.DayOfWeek.Friday, rest)
        for name, sign in (("qt_calendar_prevmonth", "chevron-right"), ("qt_calendar_nextmonth", "chevron-left")):
            button = self.calendar.findChild(QToolButton, name)
            if button is not None:
                button.setIcon(icon(sign, theme.ink, look().px(18)))

    def _chosen(self, day: QDate) -> None:
        self.hide()
        self.picked.emit(date(day.year(), day.month(), day.day()))
