"""Questions about what comes from other libraries: a reader who borrows here with their card, and a copy that was
brought back to the wrong place (sync-protocol 11)."""

from typing import assert_never

from PySide6.QtCore import QObject, Signal

from app.circulation.elsewhere import Sighted, Sighting, SightingForm, see_return, send_home
from app.members.guests import GuestForm, GuestKnown, add_guest
from app.members.writing import Enrolled
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.refusal import Refusal
from app.sync.queries import sync_state
from app.wording import way_out, why
from ui.circulation.asking import GIVING_UP, Asking, Question
from ui.circulation.desk_keys import YES
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import text_of
from ui.widgets.labels import isolate
from ui.widgets.panel import Choice

SAVE = "save"
GUEST_FIELDS = (
    Field("given_name", "نام", required=True, longest=80),
    Field("family_name", "نام خانوادگی", required=True, longest=80),
    Field("national_id", "کد ملی", Kind.LATIN, help="اگر همراه دارد؛ مرکز او را با آن می‌شناسد", longest=20),
    Field("mobile", "تلفن همراه", Kind.LATIN, longest=20),
)
RETURN_FIELDS = (
    Field("library", "کتابخانهٔ آن", help="از روی مهر کتاب، اگر خواناست", longest=120, wide=True),
    Field("remark", "یادداشت", longest=500, wide=True),
)
OF_A_FIELD = {"member.national_id": "national_id", "member.duplicate": "national_id", "member.mobile": "mobile"}


class StrangerQuestions(QObject):
    """`said` what happened; `changed` which rows; `guest` the member who is registered now."""

    said = Signal(object)
    changed = Signal(object)
    guest = Signal(object)

    def __init__(self, session: Session, asking: Asking) -> None:
        super().__init__(asking)
        self._session, self._asking = session, asking

    def may_be_of_others(self) -> bool:
        """Whether there are other libraries to come from: this one is joined to a centre."""
        with self._session.library.store.read() as reader:
            return sync_state(reader, self._session.act().at).enrolled

    def ask_guest(self, card: str) -> None:
        """Who carries the card of another library. No fee, no end: both are of the library at home."""
        form = Form(GUEST_FIELDS, lambda: self._session.act().day)
        title = f"عضو کتابخانهٔ دیگر با کارت {isolate(card)}"
        note = "نام را از روی کارت بنویسید. حق عضویت ندارد و با رسیدن خبر مرکز، امانت‌های آنجایش هم شمرده می‌شود."
        choices = (Choice(SAVE, "ثبت مهمان", YES, "primary"), GIVING_UP)

        def run(_: str) -> bool:
            return form.check() and self._add_guest(card, form)

        focus = form.input("given_name")
        self._asking.ask(Question(Tone.INFO, title, (), choices, run, note=note, extra=form, focus=focus))

    def ask_return(self, code: str, library: str = "") -> None:
        """A copy of another library lies here; one that was noted before may go home."""
        form = Form(RETURN_FIELDS, lambda: self._session.act().day)
        form.set_values({"library": library})
        title = f"کتاب کتابخانهٔ دیگر با برچسب {isolate(code)}"
        note = "بازگشت آن نوشته می‌شود؛ مرکز به کتابخانهٔ آن خبر می‌دهد تا امانت بسته شود."
        choices = (Choice(SAVE, "بازگشت ثبت شود", YES, "primary"), GIVING_UP)

        def run(_: str) -> bool:
            if form.check():
                values = form.values()
                seen = SightingForm(code, text_of(values, "library"), text_of(values, "remark"))
                self._told(see_return(self._session.library, seen, self._session.act()))
                return True
            return False

        focus = form.input("library")
        self._asking.ask(Question(Tone.INFO, title, (), choices, run, note=note, extra=form, focus=focus))

    def _add_guest(self, card: str, form: Form) -> bool:
        values = form.values()
        guest = GuestForm(
            card, text_of(values, "given_name") or "", text_of(values, "family_name") or "",
            text_of(values, "national_id"), text_of(values, "mobile"),
        )  # fmt: skip
        outcome = add_guest(self._session.library, guest, self._session.act())
        match outcome:
            case Enrolled() | GuestKnown():
                self.changed.emit(("members",))
                self.guest.emit(outcome.member_id)
                return True
            case Refused():
                return self._mistaken(form, outcome.refusals[0])
            case _:
                assert_never(outcome)

    def _mistaken(self, form: Form, refusal: Refusal) -> bool:
        """The question stays where a field is wrong."""
        if refusal.code in OF_A_FIELD:
            form.show_mistake(OF_A_FIELD[refusal.code], why(refusal))
            return False
        self.said.emit(Said(Tone.REFUSE, why(refusal), (way_out(refusal),), Sound.REFUSED))
        return True

    def _told(self, outcome: Sighted | Refused | NotFound) -> None:
        match outcome:
            case Sighted(sighting, already=True):
                self._ask_sent(sighting)
            case Sighted(sighting):
                self.changed.emit(("sightings",))
                detail = ("آن را به کتابخانه‌اش بفرستید و هنگام فرستادن دوباره اسکن کنید.",)
                self.said.emit(Said(Tone.OK, f"بازگشت ثبت شد — {_copy(sighting)}", detail, Sound.CHECKED_IN))
            case Refused():
                first = outcome.refusals[0]
                self.said.emit(Said(Tone.REFUSE, why(first), (way_out(first),), Sound.REFUSED))
            case NotFound():
                self.said.emit(Said(Tone.INFO, "این کتاب دیگر اینجا نیست", (), Sound.ATTENTION))
            case _:
                assert_never(outcome)

    def _ask_sent(self, sighting: Sighting) -> None:
        title = f"{_copy(sighting)} به کتابخانه‌اش فرستاده شد؟"
        note = f"بازگشت آن در {jalali.day_month_year(sighting.day)} ثبت شده است."
        choices = (Choice(SAVE, "فرستاده شد", YES, "primary"), GIVING_UP)

        def run(_: str) -> bool:
            outcome = send_home(self._session.library, sighting.id, self._session.act())
            if isinstance(outcome, Sighted):
                self.changed.emit(("sightings",))
                self.said.emit(Said(Tone.OK, f"فرستاده شد — {_copy(sighting)}", (), Sound.CHECKED_IN, "واگرد فرستادن"))
            else:
                self._told(outcome)
            return True

        self._asking.ask(Question(Tone.WARN, title, (), choices, run, note=note))


def _copy(sighting: Sighting) -> str:
    """The label, and whose it is where that is known."""
    of = f" ({isolate(sighting.library)})" if sighting.library else ""
    return f"{isolate(sighting.barcode)}{of}"
