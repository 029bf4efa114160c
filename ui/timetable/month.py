"""A Jalali month as a grid: Saturday at the right, weeks one under the other, each day with word, sign and colour."""

import datetime as dt
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.calendar.rules import add_months, later, weekday_number
from app.calendar.stored import DayFacts
from app.labels import WEEKDAY
from app.persian import jalali
from app.persian.digits import number
from ui.style import look
from ui.theme import SMALL_PT, Look, Tone
from ui.timetable.words import LOOKS, OPEN, look_of, name_of
from ui.widgets import paint
from ui.widgets.labels import tip

DAYS, WEEKS = 7, 6
HEAD, GAP = 26, 5
_NUMBER_PT = 13.0
_SIGN = 16
TODAY = "امروز"
_NAMES = tuple(WEEKDAY.values())
# The window reads from right to left: the left arrow goes on, the right one back.
_STEPS = {Qt.Key.Key_Left: 1, Qt.Key.Key_Right: -1, Qt.Key.Key_Down: DAYS, Qt.Key.Key_Up: -DAYS}
_MONTHS = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}


class MonthGrid(QWidget):
    """Shows the days it is given. `chosen` carries the day the person goes to, which may lie in another month;
    `opened` the day on which they press Space or click twice."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._days: tuple[DayFacts, ...] = ()
        self._due: Mapping[dt.date, int] = {}
        self._day = self._today = dt.date.min
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("ماه")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_month(self, days: Sequence[DayFacts], due: Mapping[dt.date, int], chosen: dt.date, today: dt.date) -> None:
        """Show the days of a month, how many loans are due on each, the one that is chosen and today."""
        self._days, self._due, self._day, self._today = tuple(days), due, chosen, today
        facts = self.facts()
        self.setAccessibleDescription(f"{jalali.long(chosen)}، {look_of(facts).word}" if facts else "")
        self.update()

    def facts(self) -> DayFacts | None:
        """The chosen day, if it is shown."""
        return next((facts for facts in self._days if facts.day == self._day), None)

    def sizeHint(self) -> QSize:
        return QSize(look().px(660), look().px(380))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(400), look().px(340))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            super().keyPressEvent(event)
        elif key in _STEPS:
            self.chosen.emit(later(self._day, _STEPS[key]))
        elif key in _MONTHS:
            self.chosen.emit(add_months(self._day, _MONTHS[key]))
        elif key == Qt.Key.Key_Home:
            self.chosen.emit(self._today)
        elif key == Qt.Key.Key_Space:
            self.opened.emit(self._day)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        facts = self._at(event.position().toPoint())
        if facts is not None:
            self.chosen.emit(facts.day)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        facts = self._at(event.position().toPoint())
        if facts is not None:
            self.opened.emit(facts.day)

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            facts = self._at(event.pos())
            words = () if facts is None else (jalali.long(facts.day), look_of(facts).word, name_of(facts))
            QToolTip.showText(event.globalPos(), tip(*dict.fromkeys(words)), self)
            return True
        return bool(super().event(event))  # type: ignore[arg-type]

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn, painter = look(), QPainter(self)
        painter.setFont(worn.font(SMALL_PT, bold=True))
        painter.setPen(QColor(worn.theme.muted))
        for place, name in enumerate(_NAMES):
            painter.drawText(self._head(place), paint.MIDDLE, name)
        for facts in self._days:
            self._paint_day(painter, self.place_of(facts.day), facts, worn)

    def place_of(self, day: dt.date) -> QRect:
        """Where a day stands."""
        first = self._days[0].day if self._days else day
        week, column = divmod(weekday_number(first) + (day - first).days, DAYS)
        worn = look()
        head, gap = worn.px(HEAD), worn.px(GAP)
        wide, tall = (self.width() + gap) / DAYS, (self.height() - head + gap) / self._weeks()
        left = self.width() - round((column + 1) * wide) + gap
        return QRect(left, head + round(week * tall), round(wide) - gap, round(tall) - gap)

    def _weeks(self) -> int:
        if not self._days:
            return WEEKS
        return -(-(weekday_number(self._days[0].day) + len(self._days)) // DAYS)

    def _head(self, column: int) -> QRect:
        wide = (self.width() + look().px(GAP)) / DAYS
        return QRect(self.width() - round((column + 1) * wide), 0, round(wide), look().px(HEAD))

    def _at(self, point: QPoint) -> DayFacts | None:
        return next((facts for facts in self._days if self.place_of(facts.day).contains(point)), None)

    def _paint_day(self, painter: QPainter, area: QRect, facts: DayFacts, worn: Look) -> None:
        shown, theme = look_of(facts), worn.theme
        hue = theme.hue(shown.tone)
        plain = shown is LOOKS[OPEN]
        is_chosen, is_today = facts.day == self._day, facts.day == self._today
        edge = theme.primary if is_chosen or is_today else theme.line if plain else hue.edge
        fill = theme.selected if plain and is_chosen else theme.card if plain else hue.paper
        paint.box(painter, area, worn.px(8), fill, edge, worn.px(2.4) if is_chosen else 1)
        inner = area.adjusted(worn.px(7), worn.px(5), -worn.px(7), -worn.px(5))
        ink = theme.ink if plain else hue.ink
        self._paint_number(painter, inner, facts, ink, worn)
        side = worn.px(_SIGN)
        sign = QRect(inner.left(), inner.top() + worn.px(2), side, side)
        paint.sign(painter, sign, shown.icon, theme.hue(Tone.OK).ink if plain else ink, side)
        self._paint_words(painter, inner, facts, (ink, theme.muted if plain else hue.ink), worn)

    def _paint_number(self, painter: QPainter, inner: QRect, facts: DayFacts, ink: str, worn: Look) -> None:
        font = worn.font(_NUMBER_PT, bold=True)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        line = QRect(inner.left(), inner.top(), inner.width(), QFontMetrics(font).height())
        text = number(jalali.to_jalali(facts.day)[2])
        painter.drawText(line, paint.START, text)
        wide = QFontMetrics(font).horizontalAdvance(text) + worn.px(6)
        small = worn.font(SMALL_PT, bold=True)
        room = inner.width() - wide - worn.px(_SIGN)
        if facts.day == self._today and QFontMetrics(small).horizontalAdvance(TODAY) <= room:
            painter.setFont(small)
            painter.setPen(QColor(worn.theme.primary if facts.is_open else ink))
            painter.drawText(line.adjusted(0, 0, -wide, 0), paint.START, TODAY)

    def _paint_words(self, painter: QPainter, inner: QRect, facts: DayFacts, inks: tuple[str, str], worn: Look) -> None:
        font = worn.font(SMALL_PT)
        metrics = QFontMetrics(font)
        tall = metrics.height()
        due = self._due.get(facts.day, 0)
        lines = [(name_of(facts), inks[1])]
        if due and inner.height() > 3.4 * tall:
            lines.append((f"{number(due)} بازگشت", inks[0]))
        painter.setFont(font)
        for place, (words, ink) in enumerate(reversed(lines)):
            line = QRect(inner.left(), inner.bottom() - (place + 1) * tall + 1, inner.width(), tall)
            painter.setPen(QColor(ink))
            painter.drawText(line, paint.START, metrics.elidedText(words, paint.CUT, line.width()))
