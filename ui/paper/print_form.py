"""Where, which pages, how often: our own small question in place of the system's print dialog, which stops the desk."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.persian.digits import number
from ui.keys import ESCAPE
from ui.paper.printing import MOST_COPIES, PrintOrder, chosen_pages
from ui.widgets import paint
from ui.widgets.buttons import Button
from ui.widgets.inputs import Choice
from ui.widgets.labels import Label, mark
from ui.widgets.layouts import Flow, column, row

PRINT = "Ctrl+Enter"
_WRONG = "مانند ۱-۳، ۵ بنویسید؛ برای همهٔ صفحه‌ها خالی بگذارید."


class PrintForm(QWidget):
    """`ordered` carries the order, `closed` that nothing is to be printed. Enter does nothing here."""

    ordered = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self.printer = Choice()
        self.copies = Choice(tuple((str(copies), number(copies)) for copies in range(1, MOST_COPIES + 1)))
        self.pages = QLineEdit()
        self.pages.setAlignment(paint.START)
        self.pages.setMaxLength(60)
        self._wrong = Label("", "error", wrap=True)
        start, back = Button("چاپ شود", PRINT, "primary", "printer"), Button("انصراف", ESCAPE)
        for widget, name in ((self.printer, "چاپگر"), (self.copies, "شمار نسخه"), (self.pages, "صفحه‌ها")):
            widget.setAccessibleName(name)
        narrow = column(Label("شمار نسخه", "muted"), self.copies, gap=4)
        wide = column(Label("صفحه‌ها", "muted"), self.pages, gap=4)
        both = row(narrow, wide, gap=12)
        both.setStretch(1, 1)
        self.setLayout(column(Label("چاپگر", "muted"), self.printer, both, self._wrong, Flow(start, back), gap=8))
        self._wrong.hide()
        start.clicked.connect(self._order)
        back.clicked.connect(self.closed)
        self.pages.textEdited.connect(self._say_right)

    def begin(self, printers: tuple[str, ...], count: int) -> None:
        """Ask for a paper of `count` pages."""
        self._count = count
        known = self.printer.code()
        self.printer.set_options(tuple((name, name) for name in printers))
        if known in printers:
            self.printer.choose(known)
        self.copies.choose("1")
        self.pages.clear()
        self.pages.setPlaceholderText(f"همه (۱ تا {number(count)})" if count > 1 else "همین یک صفحه")
        self._say_right()
        self.printer.setFocus()

    def _order(self) -> None:
        pages = chosen_pages(self.pages.text(), self._count)
        if pages is None:
            self._wrong.say(_WRONG)
            self._wrong.show()
            mark(self.pages, wrong=True)
            self.pages.setFocus()
            return
        self.ordered.emit(PrintOrder(self.printer.code(), pages, int(self.copies.code())))

    def _say_right(self) -> None:
        self._wrong.hide()
        mark(self.pages, wrong=False)
