"""The bans in force of a member, and the breaches that went to the committee."""

from PySide6.QtCore import Slot

from app.labels import INCIDENT_STATE, RESTRICTION_KIND
from app.members.incidents import IncidentRow, incidents
from app.members.restrictions import BanRow, bans_in_force
from app.persian import jalali
from app.persian.digits import number
from db.codes import IncidentState
from ui.members.questions import ban_question, lift_question
from ui.members.side import BANS, Side
from ui.session import Session
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, isolate
from ui.widgets.row_view import RowView
from ui.widgets.table import Column, RowTable

LIFT = "Ctrl+Delete"
ROW_HEIGHT = 56
TONES = {IncidentState.OPEN: Tone.WARN, IncidentState.REFERRED: Tone.INFO, IncidentState.CLOSED: Tone.NEUTRAL}


class BansSide(Side):
    """Bans above, incidents below."""

    def __init__(self, session: Session) -> None:
        self.bans: RowTable[BanRow] = RowTable(
            (
                Column("محرومیت", lambda ban: isolate(ban.reason), sub=_about, stretch=1, strong=True),
                Column("تا", lambda ban: jalali.short(ban.until) if ban.until else "بی‌پایان", width=112, number=True),
            ),
            key=lambda ban: ban.id,
        )
        self.incidents: RowTable[IncidentRow] = RowTable(
            (
                Column("رویداد", lambda row: isolate(row.account), sub=_happened, stretch=1),
                Column(
                    "", lambda row: INCIDENT_STATE[row.state], width=104, pill=True, tone=lambda row: TONES[row.state]
                ),
            ),
            key=lambda row: row.id,
        )
        self.view, self.below = RowView(self.bans, ROW_HEIGHT), RowView(self.incidents, ROW_HEIGHT)
        self.view.set_empty("محروم نیست")
        self.below.set_empty("رویدادی ثبت نشده است")
        self.ban, self.lift = (
            Button("محروم کردن", BANS, "danger", "ban"),
            Button("برداشتن محرومیت", LIFT, icon="lock-open"),
        )
        caption = Label("رویدادهای انضباطی", "strong")
        super().__init__(session, "محرومیت‌های", (self.view, caption, self.below), (self.ban, self.lift))
        self._body.setStretch(2, 1)
        self._body.setStretch(4, 1)
        self.ban.clicked.connect(self._ban)
        self.lift.clicked.connect(self._lift)

    def read_again(self) -> None:
        if self._chosen is None:
            return
        member_id = self._chosen.card.member.id
        with self._session.library.store.read() as reader:
            self.bans.set_rows(bans_in_force(reader, self._session.act().day, member_id))
            self.incidents.set_rows(incidents(reader, member_id))
        self.lift.setEnabled(self.bans.rowCount() > 0)
        if not self.view.chosen():
            self.view.choose_place(0)
        self.view.setFocus()

    @Slot()
    def _ban(self) -> None:
        if self._chosen is not None:
            self.asked.emit(ban_question(self._session, self._chosen))

    @Slot()
    def _lift(self) -> None:
        for ban in self.view.chosen()[:1]:
            self.asked.emit(lift_question(self._session, ban))


def _about(ban: BanRow) -> str:
    return " · ".join(part for part in (RESTRICTION_KIND[ban.kind], isolate(ban.author) if ban.author else "") if part)


def _happened(row: IncidentRow) -> str:
    letter = f"نامهٔ {isolate(row.letter_no)}" if row.letter_no else ""
    copy = f"شماره ثبت {number(row.accession_no)}" if row.accession_no else ""
    return " · ".join(part for part in (jalali.day_month_year(row.happened_on), copy, letter) if part)
