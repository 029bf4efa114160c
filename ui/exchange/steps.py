"""The questions before each step of a package: what is filled in, and what is said of the outcome."""

import uuid
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.exchange.giving import Allocated, Delivered, Released, allocate_copies, deliver, release
from app.exchange.leaving import Proceeds, Recycled, Recycling, note_proceeds, recycle, send_on, send_to_store
from app.exchange.libraries import all_libraries
from app.exchange.packing import Letter, PackageOutcome, Stands, announce, hand, home_of, unpack
from app.exchange.queries import Standing
from app.exchange.receiving import receive
from app.exchange.redirecting import redirect
from app.exchange.requests import Asking, RequestOutcome, RequestStands, end_request, request_copies
from app.exchange.rules import licence_refusals, place_refusals
from app.exchange.stages import Step
from app.exchange.weights import grams
from app.labels import EXCHANGE_LEVEL, EXCHANGE_STEP
from app.outcome import NotFound, Refused
from app.persian.digits import number
from db.codes import ExchangeLevel, ExchangeRequestState
from reports.exchange import kilograms, print_delivery, print_recycling
from ui.binding.asking import Side
from ui.exchange import words
from ui.exchange.rows import Line
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind, Options
from ui.widgets.form_values import Values, day_of, number_of, tags_of, text_of
from ui.widgets.labels import isolate
from ui.widgets.panel import Reason

RECEIPT = Field("receipt_no", "شمارهٔ رسید", longest=60, help="رسید تحویل همراه صورتجلسه بایگانی می‌شود (م ۷-۱۵).")
LETTER = Field("letter_no", "شمارهٔ نامه", longest=60)
LETTER_ON = Field("letter_on", "تاریخ نامه", Kind.DATE)
REMARK = Field("remark", "یادداشت", longest=500)
WRONG_WEIGHT = "وزن را به کیلوگرم بنویسید، مانند ۱۲٫۵"


WEIGHT = Field(
    "weight", "وزن (کیلوگرم)", Kind.LATIN, required=True, longest=12,
    validator=lambda text: "" if grams(text) else WRONG_WEIGHT,
)  # fmt: skip


class Steps(QObject):
    """Asks and does. `said` carries what became of it, `changed` the package that is to be shown."""

    said = Signal(object)
    changed = Signal(object)

    def __init__(self, session: Session, side: Side, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._side = session, side

    def main(self, standing: Standing) -> Step | None:
        """What Ctrl+Enter does with a package now."""
        steps = standing.steps
        if Step.GIVE in steps:
            return Step.GIVE if standing.waiting else Step.REQUEST
        order = (Step.HAND, Step.ANNOUNCE, Step.RECYCLE, Step.PROCEEDS, Step.SEND_ON)
        return next((step for step in order if step in steps), None)

    def ask(self, step: Step, standing: Standing) -> None:
        """Put the question of a step."""
        asks: dict[Step, Callable[[Standing], None]] = {
            Step.UNPACK: self._ask_unpacking,
            Step.HAND: self._ask_handing,
            Step.ANNOUNCE: self._ask_announcing,
            Step.REQUEST: self._ask_request,
            Step.GIVE: self._ask_giving,
            Step.SEND_ON: self._ask_sending,
            Step.STORE: self._ask_store,
            Step.REDIRECT: self._ask_redirecting,
            Step.RECYCLE: self._ask_recycling,
            Step.PROCEEDS: self._ask_proceeds,
        }
        if step in standing.steps and step in asks:
            asks[step](standing)

    def _put(
        self,
        standing: Standing,
        step: Step,
        reasons: tuple[Reason, ...],
        run: Callable[[Values], PackageOutcome],
        fields: tuple[Field, ...] = (),
    ) -> None:
        title = f"{EXCHANGE_STEP[step]} — {words.package_words(standing.package)}"
        self._side.ask(
            Tone.INFO, title, reasons, EXCHANGE_STEP[step], lambda values: self._stands(step, run(values)), fields
        )

    def _stands(self, step: Step, outcome: PackageOutcome) -> None:
        if isinstance(outcome, Stands):
            copies = (f"{number(outcome.copies)} نسخه",) if outcome.copies else ()
            title = f"{words.DONE[step]} — {words.package_words(outcome.package)}"
            self._tell(words.done(title, *copies), outcome.package.id)
        elif isinstance(outcome, Refused):
            self._refuse(outcome)

    def _refuse(self, outcome: Refused) -> None:
        """Why not; what was written stands there still."""
        self.said.emit(words.refused(outcome.refusals))
        self._side.ask_again()

    def _tell(self, said: Said, package_id: uuid.UUID) -> None:
        self.said.emit(said)
        self._session.refresh.tell("exchange")
        self.changed.emit(package_id)

    def _ask_unpacking(self, standing: Standing) -> None:
        package = standing.package.id
        why = Reason(f"{number(standing.copies)} نسخه دوباره «آمادهٔ بسته‌بندی» می‌شود.")
        self._put(standing, Step.UNPACK, (why,), lambda _: unpack(self._session.library, package, self._session.act()))

    def _ask_handing(self, standing: Standing) -> None:
        why = Reason(f"{number(standing.copies)} نسخه از کتابخانه بیرون می‌رود.", "نمودار ۱، گام ۶")
        self._put(
            standing, Step.HAND, (why,),
            lambda values: hand(
                self._session.library, standing.package.id, letter_of(values), self._session.act()
            ),
            (RECEIPT, LETTER, LETTER_ON, REMARK),
        )  # fmt: skip

    def _ask_announcing(self, standing: Standing) -> None:
        where = "شهرستان" if standing.package.level is ExchangeLevel.COUNTY else "استان"
        why = Reason(f"فهرست {number(standing.left)} نسخه به کتابخانه‌های {where} اعلام می‌شود.", "م ۷-۱۶، م ۷-۲۰")
        closes = Field("closes_on", "مهلت درخواست تا", Kind.DATE, help="خالی بماند، تا گام بعدی باز است.")
        self._put(
            standing, Step.ANNOUNCE, (why,),
            lambda values: announce(
                self._session.library, standing.package.id, self._session.act(), day_of(values, "closes_on"),
                text_of(values, "letter_no"),
            ),
            (closes, LETTER),
        )  # fmt: skip

    def _ask_sending(self, standing: Standing) -> None:
        why = Reason(f"{number(standing.left)} نسخهٔ بازمانده به مرکز مبادلهٔ استان می‌رود.", "م ۷-۱۸، م ۷-۲۳")
        self._put(
            standing, Step.SEND_ON, (why,),
            lambda values: send_on(
                self._session.library, standing.package.id, letter_of(values), self._session.act()
            ),
            (LETTER, LETTER_ON, RECEIPT, REMARK),
        )  # fmt: skip

    def _ask_store(self, standing: Standing) -> None:
        why = Reason(f"{number(standing.left)} نسخه که کسی نخواسته است به انبار نهاد می‌رود.", "م ۷-۲۱")
        self._put(
            standing, Step.STORE, (why,),
            lambda values: send_to_store(
                self._session.library, standing.package.id, letter_of(values), self._session.act()
            ),
            (LETTER, LETTER_ON, REMARK),
        )  # fmt: skip

    def _ask_redirecting(self, standing: Standing) -> None:
        why = Reason("نسخه‌ای که قابل ترمیم یا استفاده است در بستهٔ جدا به کتابخانه‌ها اعلام می‌شود.", "م ۱۰-۳")
        items = Field(
            "items", "نسخه‌های قابل استفاده", required=True, longest=2_000, help="اسکن کنید، یا شماره‌های ثبت با ویرگول"
        )
        self._put(
            standing, Step.REDIRECT, (why,),
            lambda values: redirect(
                self._session.library, standing.package.id, tags_of(values, "items", "،,؛; "), self._session.act(),
                text_of(values, "remark"),
            ),
            (items, REMARK),
        )  # fmt: skip

    def _ask_recycling(self, standing: Standing) -> None:
        why = Reason(f"صورتجلسهٔ تحویل {number(standing.left)} نسخه با پنج امضا ساخته و بایگانی می‌شود.", "م ۷-۲۳")
        centre = Field("centre", "مرکز بازیافت", required=True, longest=200)
        self._side.ask(
            Tone.WARN, EXCHANGE_STEP[Step.RECYCLE], (why,), EXCHANGE_STEP[Step.RECYCLE],
            lambda values: self._recycle(standing, values), (centre, WEIGHT, RECEIPT),
        )  # fmt: skip

    def _recycle(self, standing: Standing, values: Values) -> None:
        weight = grams(text_of(values, "weight") or "") or 0
        recycling = Recycling(text_of(values, "centre") or "", weight, letter_of(values))
        outcome = recycle(self._session.library, standing.package.id, recycling, print_recycling, self._session.act())
        if isinstance(outcome, Recycled):
            told = f"صورتجلسهٔ {words.numbered(outcome.handover)} · {kilograms(weight)} کیلوگرم"
            self._tell(words.done(words.DONE[Step.RECYCLE], told), standing.package.id)
        elif isinstance(outcome, Refused):
            self._refuse(outcome)

    def _ask_proceeds(self, standing: Standing) -> None:
        why = Reason("عواید با اطلاع کتبی به حساب انجمن شهرستان واریز می‌شود.", "م ۱۰-۲")
        fields = (
            Field("amount", "مبلغ (ریال)", Kind.MONEY, required=True),
            Field("paid_on", "تاریخ واریز", Kind.DATE),
            Field("receipt_no", "شمارهٔ رسید واریز", longest=60),
            Field("notice_no", "شمارهٔ نامهٔ اطلاع", required=True, longest=60),
            Field("notice_on", "تاریخ نامهٔ اطلاع", Kind.DATE),
        )
        self._put(
            standing, Step.PROCEEDS, (why,),
            lambda values: note_proceeds(
                self._session.library, standing.package.id, proceeds_of(values), self._session.act()
            ),
            fields,
        )  # fmt: skip

    def _ask_request(self, standing: Standing) -> None:
        options = self._who_may_ask(standing)
        if not options:
            told = "در بخش «کتابخانه‌های دارای مجوز» کتابخانه‌ها را ثبت کنید یا فهرست استان را وارد کنید."
            self.said.emit(Said(Tone.WARN, "کتابخانه‌ای که بتواند درخواست دهد ثبت نشده است", (told,), Sound.REFUSED))
            return
        fields = (
            Field(
                "library",
                "کتابخانه",
                Kind.CHOICE,
                required=True,
                options=(("", "برگزینید…"), *options),
                help="تنها کتابخانه‌های دارای مجوزی که این مرکز به آن‌ها می‌دهد (م ۷-۲۴).",
            ),
            Field("items", "نسخه‌های خواسته‌شده", longest=2_000, help="شماره‌های ثبت با ویرگول؛ خالی: همهٔ بسته"),
            Field("no_space", "فضای لازم را ندارد (م ۷-۱۷)", Kind.TICK),
            REMARK,
        )
        why = Reason("نوبت با نوع کتابخانه و سپس زمان درخواست است.", "م ۷-۱۶، م ۷-۱۷")
        self._side.ask(
            Tone.INFO, "درخواست کتابخانه", (why,), EXCHANGE_STEP[Step.REQUEST],
            lambda values: self._request(standing, values), fields,
        )  # fmt: skip

    def _who_may_ask(self, standing: Standing) -> Options:
        """The libraries that this centre serves and that have a licence (002 م7-16، م7-20، م7-24)."""
        home, today, level = home_of(self._session.library.branch), self._session.act().day, standing.package.level
        with self._session.library.store.read() as reader:
            known = all_libraries(reader)
        return tuple(
            (str(one.id), f"{one.name} — {one.county}")
            for one in known
            if not any(licence_refusals(one, today)) and not any(place_refusals(one, level, home))
        )

    def _request(self, standing: Standing, values: Values) -> None:
        asking = Asking(
            uuid.UUID(text_of(values, "library") or ""), tags_of(values, "items", "،,؛; "),
            not values.get("no_space"), remark=text_of(values, "remark"),
        )  # fmt: skip
        self._requested(
            request_copies(self._session.library, standing.package.id, asking, self._session.act()), standing
        )

    def _requested(self, outcome: RequestOutcome, standing: Standing) -> None:
        if isinstance(outcome, RequestStands):
            name = isolate(outcome.request.wish.library.name)
            self._tell(words.done(f"درخواست {name}", _STATE[outcome.request.state]), standing.package.id)
        elif isinstance(outcome, Refused):
            self._refuse(outcome)

    def _ask_giving(self, standing: Standing) -> None:
        why = Reason(
            "نسخه‌ها به ترتیب فهرست کنار گذاشته می‌شود؛ درخواست بی‌نسخه رد می‌شود.", "م ۷-۱۶، م ۷-۱۷"
        )  # fmt: skip
        self._side.ask(
            Tone.INFO, EXCHANGE_STEP[Step.GIVE], (why,), "تخصیص بده", lambda _: self._give(standing)
        )  # fmt: skip

    def _give(self, standing: Standing) -> None:
        outcome = allocate_copies(self._session.library, standing.package.id, self._session.act())
        if isinstance(outcome, Allocated):
            given, declined = number(len(outcome.deliveries)), number(len(outcome.declined))
            told = f"{given} کتابخانه نسخه می‌گیرد، {declined} درخواست رد شد."
            self._tell(words.done(words.DONE[Step.GIVE], told), standing.package.id)
        elif isinstance(outcome, Refused):
            self._refuse(outcome)

    def ask_delivery(self, standing: Standing, line: Line) -> None:
        """What was put aside is handed over, with numbered minutes."""
        why = Reason(
            f"صورتجلسهٔ تحویل {number(line.copies)} نسخه به {isolate(line.who)} شماره می‌گیرد.", "نمودار ۲، گام ۳"
        )
        self._side.ask(
            Tone.WARN, "تحویل به کتابخانه", (why,), "تحویل شد",
            lambda values: self._deliver(standing, line, values), (RECEIPT, LETTER, LETTER_ON),
        )  # fmt: skip

    def _deliver(self, standing: Standing, line: Line, values: Values) -> None:
        outcome = deliver(
            self._session.library, line.key, letter_of(values), print_delivery, self._session.act()
        )  # fmt: skip
        if isinstance(outcome, Delivered):
            told = f"صورتجلسهٔ {words.numbered(outcome.delivery)} · {number(outcome.copies)} نسخه"
            self._tell(words.done(f"به {isolate(line.who)} تحویل شد", told), standing.package.id)
        elif isinstance(outcome, Refused):
            self._refuse(outcome)

    def ask_receipt(self, standing: Standing, line: Line) -> None:
        """The receipt of the exchange centre that came later, with the van or by letter."""
        level = line.received_at
        if level is None:
            return
        why = Reason(f"رسید {EXCHANGE_LEVEL[level]} کنار این تحویل بایگانی می‌شود.", "م ۷-۱۵")
        self._side.ask(
            Tone.INFO, f"رسید — {words.package_words(standing.package)}", (why,), "ثبت رسید",
            lambda values: self._receive(standing, level, values), (replace(RECEIPT, required=True), LETTER, LETTER_ON),
        )  # fmt: skip

    def _receive(self, standing: Standing, level: ExchangeLevel, values: Values) -> None:
        outcome = receive(self._session.library, standing.package.id, level, letter_of(values), self._session.act())
        if isinstance(outcome, Stands):
            title = f"رسید ثبت شد — {words.package_words(outcome.package)}"
            self._tell(words.done(title), standing.package.id)
        elif isinstance(outcome, Refused):
            self._refuse(outcome)

    def ask_end(self, standing: Standing, line: Line) -> None:
        """A request is withdrawn, or what was put aside for it is free again."""
        if line.is_aside:
            why = Reason(f"{number(line.copies)} نسخه آزاد و درخواست {isolate(line.who)} بسته می‌شود.")
            self._side.ask(Tone.WARN, "پس گرفتن تخصیص", (why,), "پس بگیر", lambda _: self._release(standing, line))
        elif line.request is not None and line.request.state is ExchangeRequestState.WAITING:
            why = Reason(f"درخواست {isolate(line.who)} از نوبت بیرون می‌رود.")
            self._side.ask(
                Tone.WARN, "بستن درخواست", (why,), "ببند", lambda values: self._end(standing, line, values), (REMARK,)
            )

    def _release(self, standing: Standing, line: Line) -> None:
        outcome: Released | Refused | NotFound = release(self._session.library, line.key, self._session.act())
        if isinstance(outcome, Released):
            self._tell(words.done("تخصیص پس گرفته شد", f"{number(outcome.copies)} نسخه"), standing.package.id)
        elif isinstance(outcome, Refused):
            self._refuse(outcome)

    def _end(self, standing: Standing, line: Line, values: Values) -> None:
        state, remark = ExchangeRequestState.WITHDRAWN, text_of(values, "remark")
        self._requested(end_request(self._session.library, line.key, state, remark, self._session.act()), standing)


_STATE = {
    ExchangeRequestState.WAITING: "در نوبت است.",
    ExchangeRequestState.WITHDRAWN: "بسته شد.",
    ExchangeRequestState.DECLINED: "رد شد.",
    ExchangeRequestState.GRANTED: "پذیرفته شد.",
}


def letter_of(values: Values) -> Letter:
    """The papers of a handover."""
    return Letter(
        text_of(values, "receipt_no"), text_of(values, "letter_no"), day_of(values, "letter_on"),
        text_of(values, "remark"),
    )  # fmt: skip


def proceeds_of(values: Values) -> Proceeds:
    """What recycling brought."""
    return Proceeds(
        number_of(values, "amount") or 0, day_of(values, "paid_on"), text_of(values, "receipt_no"),
        text_of(values, "notice_no"), day_of(values, "notice_on"),
    )  # fmt: skip
