"""Our copies that stand at other libraries: where, since when, and why. A scan is their arrival: the copy is taken
back."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.outcomes import AlreadyReturned, CheckedIn, CheckinRefused, LocalUse, OfOtherBranch, Several
from app.conflicts.away import AwayWhy, copies_away
from reports.strangers import away_xlsx
from ui.circulation import words as desk
from ui.network import words
from ui.network.papers import away_paper, dated
from ui.network.rows import away_table
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList

PRINT = "Ctrl+P"
TOLD: Mapping[type, Callable[[Any], Said]] = MappingProxyType(
    {
        CheckedIn: desk.taken_back,
        LocalUse: desk.used,
        AlreadyReturned: desk.already_returned,
        Several: desk.unlabelled,
        OfOtherBranch: desk.unlabelled,
        CheckinRefused: lambda outcome: words.refused(outcome.refusals),
    }
)
HOW = "کتابی که رسید: برچسبش را اینجا اسکن کنید. «در انتظار تصمیم» در صفحهٔ همگام‌سازی تصمیم گرفته می‌شود."


class AwayPart(QWidget):
    """`counted` tells how many are away, and how many of them wait for a decision."""

    said = Signal(object)
    counted = Signal(int, int)
    printed = Signal(object)
    exported = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.list = RowList(away_table(lambda: session.act().day), noun="کتاب")
        self.list.set_empty(
            "کتابی از ما نزد کتابخانه‌های دیگر نیست",
            "کتابی که در کتابخانهٔ دیگری بازگشته یا به آنجا فرستاده شده است، تا رسیدنش اینجا می‌ماند.",
            "building",
        )
        self.print = Button("چاپ فهرست", PRINT, icon="printer")
        how = Label(HOW, "muted", wrap=True)
        head = row(self.print, how, gap=12)
        head.setStretch(1, 1)
        head.setAlignment(how, Qt.AlignmentFlag.AlignVCenter)
        whole = column(head, self.list, gap=8)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.list.view)
        self.print.clicked.connect(self.print_list)
        self.list.export_wanted.connect(self.export)

    def reload(self) -> None:
        """Read the copies anew."""
        with self._session.library.store.read() as reader:
            found = copies_away(reader, self._session.act().at)
        self.list.set_rows(found)
        self.counted.emit(len(found), sum(one.why is AwayWhy.DISPUTED for one in found))
        self.print.setEnabled(bool(found))
        if not self.list.view.chosen():
            self.list.view.choose_place(0)

    def on_escape(self) -> bool:
        """Nothing lies open here."""
        return False

    def take(self, code: str) -> None:
        """A scanned label: the copy is home."""
        outcome = check_in(self._session.library, CheckinRequest(code), self._session.act())
        tell = TOLD.get(type(outcome))
        self.said.emit(tell(outcome) if tell else _unknown(code))
        self._session.refresh.tell("loans", "items", "holds", "money")
        self.reload()

    @Slot()
    def print_list(self) -> None:
        """Ctrl+P: the rows shown, on paper."""
        rows = self.list.table.shown_rows()
        self.printed.emit(away_paper(self._session.library.branch, rows, self._session.act().day))

    @Slot()
    def export(self) -> None:
        """The rows shown as an Excel file."""
        today = self._session.act().day
        self.exported.emit(f"{dated('away', today)}.xlsx", away_xlsx(self.list.table.shown_rows(), today))


def _unknown(code: str) -> Said:
    return Said(Tone.REFUSE, "این شماره شناخته نشد", (isolate(code),), Sound.REFUSED)
