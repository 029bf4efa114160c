"""The four groups as tiles, and the line under them: where the chosen minutes stand, and what stands beside it."""

import datetime as dt
from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from app.labels import MINUTES_STATE
from app.persian.digits import number, to_persian
from app.weeding.minutes.tracking import TrackedMinutes
from db.codes import MinutesState, WeedingReason
from ui.theme import Tone
from ui.weeding.rows import GROUP_NAME
from ui.widgets.cards import StatTile
from ui.widgets.labels import Label
from ui.widgets.layouts import row
from ui.widgets.steps import Steps

REASONS = tuple(GROUP_NAME)
_WITH = {
    MinutesState.FINALISED: "آمادهٔ ارسال",
    MinutesState.AT_COUNTY: "نزد رئیس اداره",
    MinutesState.CORRECTION: "برای اصلاح برگشته",
    MinutesState.AT_PROVINCE: "نزد کارشناس استان",
    MinutesState.AT_HEAD_OFFICE: "نزد ادارهٔ کل منابع",
    MinutesState.RULED: "پاسخ رسیده",
}
"""Who has minutes that are on their way."""


def standing(minutes: TrackedMinutes | None, today: dt.date) -> tuple[str, Tone | None]:
    """Where the newest minutes of a reason are, and what is left of the term of whoever has them."""
    if minutes is None:
        return "صورتجلسه‌ای در راه نیست", None
    told = f"{to_persian(minutes.number)} {_WITH.get(minutes.state, MINUTES_STATE[minutes.state])}"
    refused = f" · {number(minutes.refused)} ردشده" if minutes.refused else ""
    days = minutes.days_left(today)
    if days is None or minutes.state in (MinutesState.RULED, MinutesState.CLOSED):
        return f"{told}{refused}", None
    if days < 0:
        return f"{told}، {number(-days)} روز از مهلت گذشته{refused}", Tone.WARN
    return f"{told}، {number(days)} روز مانده{refused}" if days else f"{told}، مهلت امروز{refused}", None


class ReasonTile(StatTile):
    """A group: copies on its draft, how many are proposed, and where its newest minutes are."""

    def __init__(self, name: str, key: str) -> None:
        self._way = Label("", "small")
        super().__init__(name, "۰ نسخه", clickable=True, key=key)
        layout = self.layout()
        if layout is not None:
            layout.addWidget(self._way)

    def show_way(self, told: str, tone: Tone | None, *, seen: bool) -> None:
        """Say where the newest minutes are; the line is left out where no group has any."""
        self._way.say(told)
        self._way.set_tone(tone)
        self._way.setVisible(seen)

    def way(self) -> str:
        """Where the newest minutes are, as it is told."""
        return self._way.text()


class Tiles(QWidget):
    """`chosen` carries the reason of the tile that was clicked or whose key was pressed."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._copies: dict[WeedingReason, int] = dict.fromkeys(REASONS, 0)
        self._proposed: Mapping[WeedingReason, int] = {}
        self._tiles = {
            reason: ReasonTile(name, f"Ctrl+{place}")
            for place, (reason, name) in enumerate(GROUP_NAME.items(), start=1)
        }
        self.setLayout(row(*self._tiles.values(), gap=12))
        for reason, tile in self._tiles.items():
            tile.clicked.connect(self._teller(reason))

    def show_standings(
        self, copies: Mapping[WeedingReason, int], ways: Mapping[WeedingReason, TrackedMinutes], today: dt.date
    ) -> None:
        """The copies on the four drafts, and where the newest minutes of each are."""
        self._copies = {reason: copies.get(reason, 0) for reason in REASONS}
        for reason, tile in self._tiles.items():
            tile.show_way(*standing(ways.get(reason), today), seen=bool(ways))
        self._show_numbers()

    def show_proposed(self, proposed: Mapping[WeedingReason, int]) -> None:
        """How many copies the guideline proposes beyond those that are on the drafts now."""
        self._proposed = {reason: proposed[reason] + self._copies[reason] for reason in REASONS}
        self._show_numbers()

    def choose(self, reason: WeedingReason) -> None:
        """Frame the tile of the reason that is worked on."""
        for other, tile in self._tiles.items():
            tile.set_chosen(other is reason)

    def copies(self, reason: WeedingReason) -> int:
        """How many copies stand on the draft of a reason."""
        return self._copies[reason]

    def told(self, reason: WeedingReason) -> str:
        """Everything the tile of a reason says."""
        tile = self._tiles[reason]
        return f"{tile.accessibleName()} {tile.way()}"

    def _show_numbers(self) -> None:
        for reason, tile in self._tiles.items():
            copies = self._copies[reason]
            words = f"از {number(max(copies, self._proposed[reason]))} پیشنهاد" if self._proposed else ""
            tile.show_number(f"{number(copies)} نسخه", words)

    def _teller(self, reason: WeedingReason) -> Callable[[], None]:
        return lambda: self.chosen.emit(reason)


class StepLine(QWidget):
    """Steps and what belongs beside them, or one under the other where the window is too narrow for both."""

    def __init__(self, steps: Steps, *others: QWidget) -> None:
        super().__init__()
        self._steps, self._others = steps, QWidget()
        self._others.setLayout(row(*others, gap=8))
        self._others.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._line = row(steps, self._others, gap=12)
        self.setLayout(self._line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self._steps.sizeHint().width() + self._others.sizeHint().width() + self._line.spacing()
        direction, align = QBoxLayout.Direction, Qt.AlignmentFlag
        fits = beside <= event.size().width()
        self._line.setDirection(direction.LeftToRight if fits else direction.TopToBottom)
        self._line.setAlignment(self._others, align.AlignTrailing if fits else align.AlignLeading)
