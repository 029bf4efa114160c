"""What is put off or kept: the copies that a decision keeps from being proposed for a reason, with why, until when and
by whom; from here they come back (002 م5-2)."""

from typing import assert_never

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.clock import day_of
from app.labels import CANDIDATE_DECISION
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.persian.digits import number
from app.weeding.notes import CalledBack, Decided, call_back, decided
from app.wording import way_out, why
from db.codes import CandidateDecision, WeedingReason
from reports.lists import list_xlsx
from ui.circulation.rows import titled
from ui.circulation.words import Said
from ui.keys import ESCAPE, KeyHelp
from ui.paper.saving import SavePanel
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.undoing import undo_and_say
from ui.weeding import words
from ui.weeding.bench_layout import PUT
from ui.weeding.rows import GROUP_NAME, REASON_NAME
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList
from ui.widgets.table import Column, RowTable

TITLE = "کنارگذاشته‌ها"
KEYS = (KeyHelp(PUT, "برگرداندن نسخهٔ برگزیده به پیشنهادها"),)
_EMPTY = (
    "نسخه‌ای کنار گذاشته نشده است",
    "آنچه با «فعلاً نه»، «به قفسه» یا «به صحافی» از پیشنهادها برداشته شود، با دلیل آن اینجا می‌ماند.",
    "recycle",
)
_TONE = {
    CandidateDecision.LATER: Tone.INFO,
    CandidateDecision.TO_BINDING: Tone.WARN,
    CandidateDecision.KEEP: Tone.OK,
}


class PutAside(QWidget):
    """The decisions that hold for one reason; `closed` leads back to the lists."""

    closed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.reason = WeedingReason.CONTENT
        self.list, self.banner, self.saving = RowList(_table(), noun="نسخه"), Banner(), SavePanel()
        self.list.set_empty(*_EMPTY)
        self.banner.hide()
        self._heading = Label("", "title")
        self._back = Button("برگرداندن به پیشنهادها", PUT, "primary")
        close = Button("بازگشت به فهرست‌ها", ESCAPE)
        heading = row(self._heading, None, self._back, close, gap=10)
        whole = column(heading, self.banner, self.saving, self.list, gap=12)
        whole.setStretch(3, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.list.view)
        self._back.clicked.connect(self.call_back)
        self.banner.undo_wanted.connect(self.undo)
        self.list.export_wanted.connect(self.export)
        close.clicked.connect(self.on_escape)

    def show_reason(self, reason: WeedingReason) -> None:
        """Read what is decided about copies for this reason; the newest is chosen."""
        self.reason = reason
        self.banner.hide()
        self._heading.say(f"{TITLE} · {GROUP_NAME[reason]}")
        self.reload()

    def reload(self) -> None:
        """Read it anew."""
        with self._session.library.store.read() as reader:
            found = decided(reader, self.reason, self._session.act().day)
        self.list.set_rows(found)
        self._back.setVisible(bool(found))
        if found and not self.list.view.chosen():
            self.list.view.choose_place(0)

    @Slot()
    def call_back(self) -> None:
        """Insert: the chosen copy is proposed again."""
        for chosen in self.list.view.chosen()[:1]:
            self._call_back(chosen)

    @Slot()
    def undo(self) -> None:
        """Ctrl+Z: take back this desk's last action."""
        self.banner.show()
        if undo_and_say(self._session, self.banner):
            self.reload()

    def export(self) -> None:
        """The rows shown as an Excel file."""
        headings, *rows = self.list.sheet()
        name = f"{TITLE}، {REASON_NAME[self.reason]}"
        self.saving.save(self, f"{self.reason}-put-aside.xlsx", list_xlsx(name, headings, rows))

    @Slot()
    def on_escape(self) -> None:
        """Close what is open; with nothing open, back to the lists."""
        if self.saving.is_open():
            self.saving.close_question()
        else:
            self.closed.emit()

    def _call_back(self, row: Decided) -> None:
        session = self._session
        outcome = call_back(session.library, row.barcode, self.reason, session.act())
        match outcome:
            case CalledBack():
                self._tell(Said(Tone.OK, f"دوباره پیشنهاد می‌شود — {_named(row)}", (), Sound.CHECKED_IN, "آخرین کار"))
                session.refresh.tell("weeding")
            case Refused():
                reasons = tuple(f"{why(refusal)} {way_out(refusal)}" for refusal in outcome.refusals)
                self._tell(Said(Tone.REFUSE, f"انجام نشد — {_named(row)}", reasons, Sound.REFUSED))
            case NotFound():
                self._tell(words.unknown(outcome.key))
            case _:
                assert_never(outcome)
        self.reload()
        self.list.view.setFocus()

    def _tell(self, said: Said) -> None:
        self.banner.show_outcome(said.tone, said.title, *said.detail, undo=said.undo)
        self.banner.show()
        self._session.sounds.play(said.sound)


def _named(row: Decided) -> str:
    return f"«{isolate(titled(row.title, row.volume_no))}»"


def _until(row: Decided) -> str:
    return jalali.day_month_year(row.until) if row.until else "همیشه"


def _table() -> RowTable[Decided]:
    return RowTable(
        (
            Column(
                "عنوان",
                lambda row: titled(row.title, row.volume_no),
                sub=lambda row: row.main_creator or "",
                stretch=2,
                strong=True,
            ),
            Column(
                "شماره ثبت",
                lambda row: number(row.accession_no),
                width=90,
                number=True,
                sort_key=lambda row: row.accession_no,
            ),
            Column(
                "تصمیم",
                lambda row: CANDIDATE_DECISION[row.decision],
                width=110,
                pill=True,
                tone=lambda row: _TONE[row.decision],
            ),
            Column("تا", _until, width=130, sort_key=lambda row: (row.until is None, row.until or row.at.date())),
            Column("چرا؟", lambda row: row.remark or "—", stretch=3),
            Column(
                "تصمیم از",
                lambda row: row.name or "—",
                sub=lambda row: jalali.day_month_year(day_of(row.at)),
                width=170,
                spare=1,
                sort_key=lambda row: row.at,
            ),
        ),
        key=lambda row: row.note_id,
        also=lambda row: row.barcode,
    )
