"""The card beside the list: the chosen copy in two views, with what can be done with it; or what the group is for."""

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.persian.digits import number
from app.weeding.explain import in_order
from app.weeding.facts import House
from app.weeding.queries import LoansInYear
from db.codes import WeedingReason
from ui.style import look
from ui.theme import Tone
from ui.weeding.details import YEARS, CopyDetails
from ui.weeding.marks import MARKS
from ui.weeding.rows import MINUTES_NAME, Stand
from ui.weeding.words import guide
from ui.widgets.buttons import Button, IconButton
from ui.widgets.cards import Card
from ui.widgets.chart import Bar, BarChart
from ui.widgets.facts import Facts
from ui.widgets.labels import Label
from ui.widgets.layouts import Flow, column, emptied, row
from ui.widgets.notice import Notice
from ui.widgets.panel import Panel
from ui.widgets.scroll import Scroll, bring_into_sight

WIDTH = 330
VIEW = "Ctrl+I"
_CHART, _STEP, _LEAST = 84, 60, 150
_NEXT = (
    "نسخه‌ای را از فهرست برگزینید، یا برچسب آن را اسکن کنید.",
    "فهرست که کامل شد، صورتجلسه را نهایی و چاپ کنید: شماره می‌گیرد و دیگر تغییر نمی‌کند.",
    in_order("نسخه‌ها تا پاسخ استعلام در کتابخانه می‌مانند (م ۷-۴)."),
)


_WHY = {
    Stand.LISTED: "چرا پیشنهاد شد؟",
    Stand.PROPOSED: "چرا پیشنهاد شد؟",
    Stand.EXEMPT: "این نسخه در فهرست نمی‌آید",
}


_HINTS = "دستورالعمل دربارهٔ این گونه منابع (م\u00a0۶)"


class _View(Enum):
    WHY = "چرا؟"
    AROUND = "قفسه و نسخه‌ها"


class Actions(QWidget):
    """The buttons of what can be done with a copy; each stand has its own."""

    def __init__(self, put: Button, remove: Button, bind: Button, keep: Button, later: Button) -> None:
        super().__init__()
        self._all = (put, remove, bind, keep, later)
        self._of = {
            Stand.LISTED: (remove, bind),
            Stand.PROPOSED: (put, bind, keep, later),
            Stand.EXEMPT: (put, bind),
        }
        self.setLayout(Flow(*self._all, gap=6))
        self.offer(None)

    def offer(self, stand: Stand | None) -> None:
        """Show what a copy in this stand can become; a hidden button's key is dead."""
        wanted = self._of[stand] if stand else ()
        for button in self._all:
            button.setVisible(button in wanted)


class DetailsCard(Card):
    """One copy, or, while none is chosen, what the group is for."""

    def __init__(self, actions: Actions) -> None:
        self._title, self._place = Label("", "heading"), Label("", "muted")
        self.marks = IconButton("pencil", f"نشانه‌ها، مجوز و وضعیت ظاهری نسخه ({MARKS})")
        self._actions = actions
        self._views = {_View.WHY: Button(_View.WHY.value), _View.AROUND: Button(_View.AROUND.value, VIEW)}
        self._view = _View.WHY
        self._chart, self._never, self._facts = BarChart(), Label("", "muted", wrap=True), Facts()
        self._chart.setFixedHeight(look().px(_CHART))
        self._why, self._around = QWidget(), QWidget()
        self._notices, self._hints, self._lists = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        for notices in (self._notices, self._hints, self._lists):
            notices.setSpacing(look().px(6))
        self._why.setLayout(column(self._notices, self._hints, gap=6))
        self._around.setLayout(column(self._facts, self._lists, gap=8))
        body = QWidget()
        body.setLayout(column(self._why, self._around, None, gap=0))
        self._scroll, self._switch = Scroll(body), QWidget()
        # It takes what room there is; asked how much it would like, it would make the page scroll.
        self._scroll.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self._scroll.setMinimumHeight(look().px(_LEAST))
        self._switch.setLayout(row(*self._views.values(), None, self.marks, gap=6))
        # Its years are always in sight, whatever is said above them.
        self._use = QWidget()
        self._use.setLayout(column(self._chart, self._never, gap=0))
        whole = column(self._title, self._place, 2, self._switch, 2, self._scroll, self._use, 4, actions, gap=4)
        whole.setStretch(5, 1)
        super().__init__(whole, padding=14)
        self._views[_View.WHY].clicked.connect(lambda: self._turn_to(_View.WHY))
        self._views[_View.AROUND].clicked.connect(self.turn)

    def show_group(self, reason: WeedingReason, house: House) -> None:
        """No copy is chosen: what belongs on these minutes, by the figures of the library."""
        self._title.say(MINUTES_NAME[reason])
        self._place.hide()
        self._switch.hide()
        self._use.hide()
        self._actions.offer(None)
        _put(self._notices, Notice("چه نسخه‌ای؟", guide(reason, house)), Notice("سپس", _NEXT, Tone.NEUTRAL))
        _put(self._hints)
        self._why.show()
        self._around.hide()
        self._scroll.to_top()

    def show_copy(self, details: CopyDetails) -> None:
        """The chosen copy; nothing of the one before stays."""
        self._title.say(details.title)
        self._place.say(details.place)
        self._place.show()
        self._switch.show()
        held = [check.text for check in details.checks if check.ok]
        broken = [check.text for check in details.checks if not check.ok]
        _put(
            self._notices,
            Notice(_WHY[details.stand], details.why, Tone.NEUTRAL if details.stand is Stand.EXEMPT else Tone.INFO),
            *([Notice("به این‌ها توجه کنید", broken, Tone.WARN, sign="alert-triangle")] if broken else []),
            *([Notice("بررسی استثناها", held, Tone.NEUTRAL, sign="check")] if held else []),
        )
        _put(self._hints, *([Notice(_HINTS, details.hints, Tone.NEUTRAL)] if details.hints else []))
        self._facts.show_facts(details.facts)
        others = details.others or ("نسخهٔ دیگری ندارد.",)
        _put(
            self._lists,
            _Shelf(details.shelf, details.here),
            Notice("نسخه‌های دیگر این عنوان", others, Tone.NEUTRAL),
        )
        self._show_loans(details.loans)
        self._actions.offer(details.stand)
        self._turn_to(self._view)

    def move_on(self, lines: int) -> None:
        """Ctrl+Up and Ctrl+Down: move in what the card says."""
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.value() + lines * look().px(_STEP))

    def turn(self) -> None:
        """Ctrl+I: the other view."""
        self._turn_to(_View.WHY if self._view is _View.AROUND else _View.AROUND)

    def _turn_to(self, view: _View) -> None:
        self._view = view
        self._why.setVisible(view is _View.WHY)
        self._use.setVisible(view is _View.WHY)
        self._around.setVisible(view is _View.AROUND)
        for other, button in self._views.items():
            button.wear("primary" if other is view else "secondary")
        self._scroll.to_top()

    def _show_loans(self, years: Sequence[LoansInYear]) -> None:
        bars = [Bar(number(year.year, grouped=False), year.loans) for year in years]
        span = f"{bars[0].label} تا {bars[-1].label}"
        self._chart.show_bars(bars, f"امانت در سال، {span}")
        self._never.say(f"در {number(YEARS)} سال، از {span}، امانت داده نشده است.")
        lent = any(year.loans for year in years)
        self._chart.setVisible(lent)
        self._never.setVisible(not lent)


class _Shelf(Notice):
    """The copies that stand around one on its shelf; its own line is bold."""

    def __init__(self, lines: Sequence[str], here: int) -> None:
        super().__init__("در همسایگی روی قفسه", (), Tone.NEUTRAL)
        layout = self.layout()
        for place, line in enumerate(lines):
            if layout is not None:
                layout.addWidget(Label(line, "strong" if place == here else ""))


class Beside(QWidget):
    """The column beside the list: a question while one stands, else the details."""

    def __init__(self, details: QWidget, *panels: Panel) -> None:
        super().__init__()
        self._details, self._panels = details, panels
        whole = column(*panels, details, gap=0)
        whole.setStretch(len(panels), 1)
        whole.addStretch(0)
        self.setLayout(whole)
        self.setFixedWidth(look().px(WIDTH))
        for panel in panels:
            panel.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._details.setVisible(not any(panel.is_open() for panel in self._panels))
        if event.type() == QEvent.Type.ShowToParent and isinstance(watched, Panel):
            QTimer.singleShot(0, watched, lambda: bring_into_sight(watched))  # where the page scrolls at 150 %
        return super().eventFilter(watched, event)


def _put(layout: QVBoxLayout, *notices: Notice) -> None:
    emptied(layout)
    for notice in notices:
        # As high as its lines need at this width: fixed, the last of them would be cut off.
        notice.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        layout.addWidget(notice)
