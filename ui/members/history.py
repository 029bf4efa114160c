"""What a member has read, as far as they want it kept."""

from app.labels import LOAN_END
from app.members.reading import LATEST, ReadRow, reading_history
from app.persian import jalali
from app.persian.digits import number
from db.codes import LoanEnd
from ui.circulation.rows import titled
from ui.members.side import Side
from ui.session import Session
from ui.theme import Tone
from ui.widgets.labels import isolate
from ui.widgets.notice import Notice
from ui.widgets.row_view import RowView
from ui.widgets.table import Column, RowTable

ROW_HEIGHT = 56
NOT_KEPT = (
    "عضو نخواسته است تاریخچهٔ امانت‌هایش نشان داده شود؛ تنها کتاب‌هایی که در دست اوست این‌جاست.",
    "اگر بخواهد، «تاریخچهٔ امانت نگه داشته شود» را در ویرایش تیک بزنید.",
)


class HistorySide(Side):
    """The latest loans; only the open ones where the member wants no history."""

    def __init__(self, session: Session) -> None:
        self.table: RowTable[ReadRow] = RowTable(
            (
                Column(
                    "کتاب", lambda row: isolate(titled(row.title, row.volume_no)), sub=_when, stretch=1, strong=True
                ),
                Column("", _state, width=92, pill=True, tone=_tone),
            ),
            key=lambda row: row.loan_id,
        )
        self.view = RowView(self.table, ROW_HEIGHT)
        self.view.set_empty("امانتی نیست", "", "book")
        super().__init__(session, "تاریخچهٔ", (self.view,), ())
        self._body.setStretch(2, 1)

    def read_again(self) -> None:
        if self._chosen is None:
            return
        with self._session.library.store.read() as reader:
            told = reading_history(reader, self._chosen.card.member.id)
        self.table.set_rows(told.loans)
        if not told.kept:
            self.tell(Notice("تاریخچه نگه داشته نمی‌شود", NOT_KEPT, Tone.NEUTRAL))
        elif len(told.loans) >= LATEST:
            self.tell(Notice(f"{number(LATEST)} امانت آخر", (), Tone.NEUTRAL))
        else:
            self.tell()
        self.view.setFocus()


def _when(row: ReadRow) -> str:
    back = jalali.short(row.returned_on) if row.returned_on else f"مهلت {jalali.short(row.due_on)}"
    return f"{jalali.short(row.out_on)} ← {back}"


def _state(row: ReadRow) -> str:
    if row.returned_on is None:
        return "در دست"
    return "برگشت" if row.ended_as in (None, LoanEnd.RETURNED) else LOAN_END[row.ended_as]


def _tone(row: ReadRow) -> Tone:
    return Tone.INFO if row.returned_on is None else Tone.NEUTRAL
