"""What the desk page is made of, and how it is laid out: box, banner, questions, lists, the card at the side."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from ui.circulation.at_desk import ReaderAtDesk
from ui.circulation.clock_question import ClockQuestion
from ui.circulation.finding import Finder
from ui.circulation.modes import Told
from ui.circulation.rows import LoanView, event_table, loan_table
from ui.circulation.side import Side
from ui.circulation.strip import Strip
from ui.keys import ESCAPE
from ui.page import Page
from ui.session import Session
from ui.style import look
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.front import Front
from ui.widgets.layouts import column, row
from ui.widgets.panel import Panel
from ui.widgets.pills import Pill
from ui.widgets.row_list import RowList
from ui.widgets.search_box import SearchBox

if TYPE_CHECKING:
    from ui.circulation.slip import SlipView
    from ui.policies.why import WhyPanel

MARGINS = (22, 18, 22, 18)
WHY_WIDTH = 340
ROOM_FOR_THREE = 1_000
"""In a narrower page (a big scale) the rules of a loan take the place of the card."""
PILLS, LEAST_LIST = 3, 96


class DeskParts(Page):
    """The widgets. What is rarely seen is made when it is first wanted: the start pays only for what is in front
    (performance, P6)."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.box = SearchBox("کارت عضو یا برچسب کتاب را اسکن کنید…")
        self.pills = tuple(Pill() for _ in range(PILLS))
        self.banner, self.strip, self.panel = Banner(), Strip(), Panel()
        self.loss_panel = Panel()
        self.clock_question = ClockQuestion(session.library.clock)
        self.loans = RowList(loan_table(), tools=False)
        self.events = RowList(event_table(), tools=False)
        self.hits = Finder(session)
        self.side = Side()
        self.next = Button("عضو بعدی", ESCAPE)
        self._slip: SlipView | None = None
        self._why: WhyPanel | None = None
        self._lay_out()
        self.box.edit.installEventFilter(self)

    def is_asking(self) -> bool:
        """Whether a question stands; scans wait for its answer."""
        return self.panel.is_open() or self.loss_panel.is_open()

    def chosen_loan(self) -> LoanView | None:
        """The loan chosen by the arrow keys or the mouse."""
        chosen = self.loans.view.chosen() if self._lists.currentWidget() is self.loans else ()
        return chosen[0] if chosen else None

    def show_modes(self, modes: Sequence[Told]) -> None:
        """What is not as usual, beside the box."""
        for place, pill in enumerate(self.pills):
            if place < len(modes):
                pill.show_state(*modes[place])
            else:
                pill.hide()

    def hits_are_shown(self) -> bool:
        """Whether the list shows what was typed for."""
        return self._lists.currentWidget() is self.hits

    # The slip and the rules of a loan

    def show_slip(self, reader: ReaderAtDesk) -> None:
        """The slip in place of lists and side, until Esc or the next scan."""
        from ui.circulation.slip import SlipView  # ReportLab

        if self._slip is None:
            self._slip = SlipView(self._session)
            self._slip.closed.connect(self.close_slip)
            self._below.addWidget(self._slip)
        self._slip.show_slip(reader)
        self._below.setCurrentWidget(self._slip)

    def close_slip(self) -> None:
        """The lists again."""
        if self._below.currentIndex():
            self._below.setCurrentIndex(0)
            self.box.setFocus()

    def escape_slip(self) -> bool:
        """Close what stands open in the slip, then the slip; False when it is not shown."""
        if self._slip is None or not self._below.currentIndex():
            return False
        self._slip.on_escape()
        return True

    def show_why(self, loan: LoanView) -> None:
        """The rules of a loan, beside the list."""
        from ui.policies.why import WhyPanel

        if self._why is None:
            self._why = WhyPanel()
            self._why.setFixedWidth(look().px(WHY_WIDTH))
            self._why.closed.connect(self.side.show)
            self._beside.addWidget(self._why)
        if self._why.show_loan(self._session.library, loan.loan_id):
            self.side.setVisible(self.width() >= look().px(ROOM_FOR_THREE))

    def close_why(self) -> bool:
        """Put the rules away; False when they are not shown."""
        if self._why is None or self._why.isHidden():
            return False
        self._why.close_panel()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrow keys choose a row while the box keeps the focus."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in steps:
            shown = self._lists.currentWidget()
            if isinstance(shown, RowList):
                place = shown.view.currentIndex().row() + steps[Qt.Key(event.key())]
                shown.view.choose_place(max(place, 0))
                self.hits.arrowed = True
                return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        for pill in self.pills:
            pill.hide()
            self.box.add_end(pill)
        self.box.add_end(self.next)
        self.loans.set_empty(
            "این عضو کتابی در امانت ندارد", "برچسب کتاب را اسکن کنید تا امانت داده شود.", "book-upload"
        )
        self.events.set_empty("هنوز کاری از امروز ثبت نشده است", "کارت عضو یا برچسب کتاب را اسکن کنید.", "barcode")
        stack, work, below = QWidget(), QWidget(), QWidget()
        self._lists = QStackedLayout(stack)
        for made in (self.events, self.loans, self.hits):
            made.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
            made.view.setMinimumHeight(look().px(LEAST_LIST))  # a long question takes its room from the list
            self._lists.addWidget(made)
        questions = column(self.clock_question, self.panel, self.loss_panel, stack, gap=14)
        questions.setStretch(3, 1)
        self._beside = row(self.side, questions, gap=14)
        self._beside.setStretch(1, 1)
        work.setLayout(self._beside)
        self._below = Front(below)
        self._below.addWidget(work)
        whole = column(self.box, self.banner, self.strip, below, gap=14, margins=MARGINS)
        whole.setStretch(3, 1)
        self.setLayout(whole)
