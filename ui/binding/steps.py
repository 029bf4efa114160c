"""The steps of a request with a number, each asked about first: it leaves, all of it is back, it is given up, its
letter is written down."""

from PySide6.QtCore import QObject, Signal

from app.binding.facts import RequestFacts
from app.binding.queries import RequestLine
from app.binding.receiving import RequestReceived, note_bill, receive_request
from app.binding.rules import Step, step_refusals
from app.binding.sending import Cancelled, Dispatched, Sending, cancel, dispatch
from app.binding.service import Letter, note_letter
from app.labels import BINDING_OUTCOME
from app.outcome import Refused
from app.persian.digits import number
from app.refusal import NO_ANSWER, Answer, Weight
from db.codes import BindingOutcome, BindingState
from ui.binding import words
from ui.binding.asking import Side
from ui.binding.freezing import LETTER
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import Values, day_of, number_of, text_of
from ui.widgets.panel import Reason

NOW, LATER = "now", "later"
SENDING = (
    Field("sent_on", "روز ارسال", Kind.DATE, help="خالی بماند، امروز است."),
    Field(
        "promised_days", "صحافی چند روز می‌خواهد", Kind.NUMBER, help="کمتر از دو هفته، وضعیت عوض نمی‌شود (م ۱۳-۱۱)."
    ),
    Field("outsourced_to", "صحافی بیرونی", help="اگر برون‌سپاری می‌شود (م ۱۳-۱۲).", longest=120),
    Field(
        "status", "وضعیت نسخه‌ها", Kind.CHOICE,
        options=(("", "به پیروی از مهلت"), (NOW, "اکنون «در حال صحافی»"), (LATER, "پس از دو هفته")),
    ),
)  # fmt: skip
WHOLE = (
    Field(
        "outcome", "نتیجه", Kind.CHOICE, required=True,
        options=tuple((outcome.value, BINDING_OUTCOME[outcome]) for outcome in BindingOutcome),
    ),
    Field("received_on", "روز بازگشت", Kind.DATE, help="خالی بماند، امروز است."),
    Field("cost", "هزینهٔ همه (ریال)", Kind.MONEY),
)  # fmt: skip
BILL = (Field("cost", "هزینهٔ همهٔ درخواست (ریال)", Kind.MONEY, help="هزینهٔ هر نسخه جدا نوشته می‌شود؛ خالی یعنی هیچ."),)
WHY = (Field("why", "چرا", longest=500),)


class Steps(QObject):
    """`changed`: rows are different now, or were seen to be."""

    said = Signal(object)
    changed = Signal()

    def __init__(self, session: Session, side: Side, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._side = session, side

    def ask_sending(self, line: RequestLine | None) -> None:
        """Ctrl+Enter: the books leave; what the bindery said of it."""
        if line is not None and self._fits(line, BindingState.REQUESTED):
            told = Reason(f"{number(line.copies)} نسخه همراه درخواست می‌رود.", "دستورالعمل وجین، مادهٔ ۱۳-۵")
            title = f"{words.named(line.request)} فرستاده شد؟"
            self._side.ask(Tone.WARN, title, (told,), "فرستاده شد", lambda values: self._send(line, values), SENDING)

    def _send(self, line: RequestLine, values: Values, answer: Answer = NO_ANSWER) -> None:
        chosen = text_of(values, "status")
        sending = Sending(
            day_of(values, "sent_on"),
            number_of(values, "promised_days"),
            text_of(values, "outsourced_to"),
            None if chosen is None else chosen == NOW,
        )
        outcome = dispatch(self._session.library, line.request.id, sending, self._session.act(), answer)
        if isinstance(outcome, Dispatched):
            changed = "وضعیت نسخه‌ها «در حال صحافی» شد." if outcome.changed else "وضعیت نسخه‌ها هنوز عوض نشد (م ۱۳-۱۱)."
            title = f"{words.named(outcome.request)} فرستاده شد"
            self.said.emit(Said(Tone.OK, title, (f"{number(outcome.sent)} نسخه · {changed}",), Sound.CHECKED_OUT))
        elif isinstance(outcome, Refused):
            asked = frozenset(refusal.code for refusal in outcome.refusals)
            if all(refusal.weight is Weight.CONFIRM for refusal in outcome.refusals) and not asked <= answer.confirm:
                self._ask_again(line, values, outcome, Answer(confirm=asked))
                return
            self._refuse(outcome, "فرستاده نشد")
        self.changed.emit()

    def _ask_again(self, line: RequestLine, values: Values, outcome: Refused, answer: Answer) -> None:
        self._session.sounds.play(Sound.ATTENTION)
        reasons = words.reasons(outcome.refusals)
        self._side.ask(
            Tone.WARN, "بقیه بی این نسخه‌ها بروند؟", reasons, "بروند", lambda _: self._send(line, values, answer)
        )

    def ask_receiving(self, line: RequestLine | None) -> None:
        """Ctrl+R: all that is still away came back with one outcome."""
        if line is not None and self._fits(line, BindingState.DISPATCHED):
            told = Reason(f"{number(line.left)} نسخه هنوز بازنگشته است و همه با یک نتیجه ثبت می‌شود.")
            title = f"همهٔ {words.named(line.request)} بازگشت؟"
            self._side.ask(Tone.WARN, title, (told,), "همه بازگشت", lambda values: self._receive(line, values), WHOLE)
            if self._side.form is not None:
                self._side.form.set_values({"outcome": BindingOutcome.BOUND.value})

    def _receive(self, line: RequestLine, values: Values) -> None:
        came = BindingOutcome(text_of(values, "outcome") or BindingOutcome.BOUND)
        act = self._session.act()
        outcome = receive_request(
            self._session.library, line.request.id, came, act, number_of(values, "cost"), day_of(values, "received_on")
        )
        if isinstance(outcome, RequestReceived):
            held = f" · {number(outcome.held)} نسخه برای رزرو کنار بگذارید" if outcome.held else ""
            title = f"{words.named(outcome.request)} بازگشت"
            detail = (f"{number(outcome.copies)} نسخه: {BINDING_OUTCOME[came]}{held}",)
            self.said.emit(Said(Tone.WARN if held else Tone.OK, title, detail, Sound.CHECKED_IN, "دریافت از صحافی"))
        elif isinstance(outcome, Refused):
            self._refuse(outcome, "دریافت نشد")
        self.changed.emit()

    def ask_cancelling(self, line: RequestLine | None) -> None:
        """Ctrl+Delete: the request is given up before its books have left."""
        if line is not None and self._fits(line, BindingState.REQUESTED):
            told = Reason("نسخه‌ها آزاد می‌شوند؛ شماره و برگهٔ درخواست می‌ماند.")
            title = f"{words.named(line.request)} لغو شود؟"
            self._side.ask(Tone.REFUSE, title, (told,), "لغو شود", lambda values: self._cancel(line, values), WHY)

    def _cancel(self, line: RequestLine, values: Values) -> None:
        why = text_of(values, "why") or ""
        outcome = cancel(self._session.library, line.request.id, why, self._session.act())
        if isinstance(outcome, Cancelled):
            title = f"{words.named(outcome.request)} لغو شد"
            self.said.emit(Said(Tone.OK, title, (f"{number(outcome.released)} نسخه آزاد شد",), Sound.CHECKED_IN))
        elif isinstance(outcome, Refused):
            self._refuse(outcome, "لغو نشد")
        self.changed.emit()

    def ask_letter(self, line: RequestLine | None) -> None:
        """Ctrl+B: number and date of the letter to the head of the county (002 م13-4)."""
        if line is None or self._side.is_asking() or line.request.state is BindingState.CANCELLED:
            return
        told = Reason("نامه‌ای که درخواست با آن به شهرستان رفت.", "دستورالعمل وجین، مادهٔ ۱۳-۴")
        title = f"نامهٔ {words.named(line.request)}"
        self._side.ask(Tone.INFO, title, (told,), "ثبت", lambda values: self._note(line, values), LETTER)
        if self._side.form is not None:
            self._side.form.set_values({"letter_no": line.request.letter_no, "letter_on": line.request.letter_on})

    def _note(self, line: RequestLine, values: Values) -> None:
        letter = Letter(text_of(values, "letter_no"), day_of(values, "letter_on"))
        outcome = note_letter(self._session.library, line.request.id, letter, self._session.act())
        if isinstance(outcome, RequestFacts):
            self.said.emit(Said(Tone.OK, f"نامهٔ {words.named(outcome)} ثبت شد", (), Sound.CHECKED_IN))
        elif isinstance(outcome, Refused):
            self._refuse(outcome, "ثبت نشد")
        self.changed.emit()

    def ask_bill(self, line: RequestLine | None) -> None:
        """Ctrl+M: what the bindery asks for the whole request; the bill often comes after the books (002 م13-12)."""
        if line is None or self._side.is_asking() or any(step_refusals(line.request.state, Step.BILL)):
            return
        told = Reason("هزینهٔ مواد را استان می‌دهد؛ دستمزد صحافی بیرونی را اینجا بنویسید.", "دستورالعمل وجین، مادهٔ ۱۳-۹")
        title = f"صورت‌حساب {words.named(line.request)}"
        self._side.ask(Tone.INFO, title, (told,), "ثبت", lambda values: self._note_bill(line, values), BILL)
        if self._side.form is not None:
            self._side.form.set_values({"cost": line.request.cost})

    def _note_bill(self, line: RequestLine, values: Values) -> None:
        cost = number_of(values, "cost")
        outcome = note_bill(self._session.library, line.request.id, cost, self._session.act())
        if isinstance(outcome, RequestFacts):
            told = f"{number(cost)} ریال" if cost is not None else "برداشته شد"
            title = f"صورت‌حساب {words.named(outcome)} ثبت شد"
            self.said.emit(Said(Tone.OK, title, (told,), Sound.CHECKED_IN, "صورت‌حساب"))
        elif isinstance(outcome, Refused):
            self._refuse(outcome, "ثبت نشد")
        self.changed.emit()

    def _refuse(self, outcome: Refused, title: str) -> None:
        """Why not; what was written stands there still."""
        self.said.emit(words.refused(outcome.refusals, title))
        self._side.ask_again()

    def _fits(self, line: RequestLine, state: BindingState) -> bool:
        """Whether the request stands so and no question stands."""
        return line.request.state is state and not self._side.is_asking()
