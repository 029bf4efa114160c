"""Clearing one reader: a card is scanned, what stands against it is told, and the certificate is given."""

from typing import assert_never

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.circulation.facts import MemberFacts
from app.clearance.facts import ClearanceRefused, Cleared, MayBeCleared
from app.clearance.queries import CertificateRow, latest_certificates
from app.clearance.service import CheckOutcome, ClearRequest, check_clearance, clear
from app.outcome import NotFound
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.refusal import Answer, Weight
from reports.clearance import print_certificate
from ui.circulation.words import Said
from ui.clearance.rows import ROW_HEIGHT, certificate_table
from ui.clearance.words import reasons
from ui.session import Session
from ui.sounds import Sound
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.form import Field, Form
from ui.widgets.labels import isolate
from ui.widgets.layouts import column, row
from ui.widgets.panel import Choice, Panel, Reason
from ui.widgets.row_list import RowList
from ui.widgets.search_box import SearchBox

CERTIFY, OPEN = "Ctrl+Shift+Y", "Ctrl+O"
_YES, _CLOSE, _SHOW = "yes", "close", "show"
_SIDE = 370
_REASON = Field("reason", "علت تسویه", help="فراغت از تحصیل، انتقال، انصراف، بازنشستگی…", wide=True, longest=200)


class One(QWidget):
    """`said` carries what is to be told, `opened` a CertificateRow whose paper is wanted."""

    said = Signal(object)
    opened = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._member: MemberFacts | None = None
        self._sure = Answer()
        self._given: int | None = None
        self.form: Form | None = None
        self.box = SearchBox("کارت عضو را اسکن کنید، یا شمارهٔ عضویت یا کد ملی را بنویسید…")
        self.panel = Panel()
        self.list = RowList(certificate_table(), title="برگه‌های صادرشده", noun="برگه", row_height=ROW_HEIGHT)
        self.list.set_empty("هنوز برگهٔ تسویه‌حسابی صادر نشده است", "کارت عضو را اسکن کنید تا بررسی شود.", "list-check")
        self._open = Button("باز کردن برگه", OPEN, icon="eye")
        self.box.add_end(self._open)
        side = QWidget()
        side.setLayout(column(self.panel, None, gap=0))
        side.setFixedWidth(look().px(_SIDE))
        self._side = side
        side.hide()
        beside = row(self.list, side, gap=14)
        beside.setStretch(0, 1)
        whole = column(self.box, beside, gap=12)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.box)
        self._connect()

    def reload(self) -> None:
        """Read the certificates anew."""
        with self._session.library.store.read() as reader:
            rows = latest_certificates(reader)
        self.list.set_rows(rows)
        self._open.setEnabled(bool(rows))

    @Slot(str)
    def take(self, code: str) -> None:
        """A card or number: what would become of it, told beside the list. A question that stands is for another."""
        self._tell(check_clearance(self._session.library, ClearRequest(code), self._session.act()), code)

    def on_escape(self) -> bool:
        """Close the question; False where there was none."""
        if not self.panel.is_open():
            return False
        self._close()
        return True

    def _tell(self, outcome: CheckOutcome, code: str) -> None:
        self._close()
        match outcome:
            case NotFound():
                detail = (f"{isolate(code)} · کارت را دوباره اسکن کنید، یا شماره را بنویسید.",)
                self.said.emit(Said(Tone.REFUSE, "این عضو شناخته نشد", detail, Sound.REFUSED))
            case MayBeCleared():
                self._ask(outcome.member, (), ())
            case ClearanceRefused():
                self._refuse(outcome)
            case Cleared():
                self._tell_cleared(outcome)
            case _:
                assert_never(outcome)

    def _ask(self, member: MemberFacts, told: tuple[Reason, ...], confirmed: tuple[str, ...]) -> None:
        """Nothing speaks against it, or only what may be confirmed."""
        self._member, self._sure = member, Answer(confirm=frozenset(confirmed))
        self.form = Form((_REASON,), lambda: self._session.act().day, columns=1)
        free = Reason("امانت، بدهی، رزرو و تعهدی ندارد.", "عضویت با صدور برگه پایان می‌یابد.")
        self._show(
            Tone.WARN if told else Tone.OK,
            f"{isolate(member.name)} تسویه شود؟",
            told or (free,),
            (Choice(_YES, "صدور برگهٔ تسویه‌حساب", CERTIFY, "primary"), Choice(_CLOSE, "هنوز نه", "Esc")),
            self.form,
        )
        self._session.sounds.play(Sound.ATTENTION if told else Sound.CHECKED_IN)

    def _refuse(self, outcome: ClearanceRefused) -> None:
        told = reasons(outcome.refusals)
        if all(refusal.weight is Weight.CONFIRM for refusal in outcome.refusals):
            self._ask(outcome.member, told, tuple(refusal.code for refusal in outcome.refusals))
            return
        title = f"{isolate(outcome.member.name)} تسویه نمی‌شود"
        self._show(Tone.REFUSE, title, told, (Choice(_CLOSE, "باشد", "Esc"),))
        self._session.sounds.play(Sound.REFUSED)

    def _tell_cleared(self, outcome: Cleared) -> None:
        certificate, member = outcome.certificate, outcome.member
        self._given = certificate.number
        number_words = number(certificate.number, grouped=False)
        dated = jalali.day_month_year(certificate.day)
        told = Reason(f"برگهٔ شمارهٔ {number_words} در {dated}", f"شمارهٔ عضویت {to_persian(member.member_no)}")
        self._show(
            Tone.INFO,
            f"{isolate(member.name)} پیش‌تر تسویه کرده است",
            (told,),
            (Choice(_SHOW, "باز کردن همان برگه", CERTIFY, "primary"), Choice(_CLOSE, "باشد", "Esc")),
        )
        self._session.sounds.play(Sound.ATTENTION)

    @Slot(str)
    def _chosen(self, choice: str) -> None:
        if choice == _YES and self._member is not None:
            self._clear(self._member)
        elif choice == _SHOW and self._given is not None:
            given = self._given
            self._close()
            self._show_number(given)
        else:
            self._close()

    def _clear(self, member: MemberFacts) -> None:
        reason = str(self.form.values()["reason"] or "") if self.form else ""
        request = ClearRequest(member.member_no, reason, self._sure)
        outcome = clear(self._session.library, request, print_certificate, self._session.act())
        if not isinstance(outcome, Cleared):
            self._tell(outcome, member.member_no)  # something has happened since it was asked
            return
        self._close()
        self._session.refresh.tell("members", "holds")
        self.reload()
        detail = (f"برگهٔ شمارهٔ {number(outcome.certificate.number, grouped=False)}",)
        self.said.emit(Said(Tone.OK, f"تسویه شد — {isolate(member.name)}", detail, Sound.CHECKED_OUT))
        self._show_number(outcome.certificate.number)

    def _show_number(self, wanted: int) -> None:
        for certificate in self.list.table.shown_rows():
            if certificate.number == wanted:
                self.list.view.choose(certificate.id)
                self.opened.emit(certificate)

    def _show(
        self, tone: Tone, title: str, told: tuple[Reason, ...], choices: tuple[Choice, ...], form: Form | None = None
    ) -> None:
        self._side.show()
        self.panel.ask(tone, title, told, choices, extra=form)
        if form is not None:
            form.input("reason").setFocus()

    def _close(self) -> None:
        self._member, self.form, self._given = None, None, None
        self.panel.close_question()
        self._side.hide()
        self.box.setFocus()

    def _open_chosen(self) -> None:
        for certificate in self.list.view.chosen()[:1]:
            self.opened.emit(certificate)

    def _connect(self) -> None:
        self.box.submitted.connect(self.take)
        self.panel.chosen.connect(self._chosen)
        self._open.clicked.connect(self._open_chosen)
        self.list.view.row_opened.connect(self.opened)


def certificate_facts(certificate: CertificateRow) -> tuple[str, ...]:
    """What is told beside the paper."""
    told = [f"{certificate.name} · {jalali.day_month_year(certificate.day)}"]
    if certificate.revoked_on is not None:
        told.append(f"در {jalali.day_month_year(certificate.revoked_on)} باطل شده است")
    return tuple(told)
