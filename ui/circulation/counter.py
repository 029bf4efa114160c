"""Lending and taking back: from the request to the outcome, and to the questions an outcome asks."""

from dataclasses import replace
from typing import assert_never

from PySide6.QtCore import QObject, Signal

from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.facts import ItemFacts
from app.circulation.outcomes import (
    AlreadyLent,
    AlreadyReturned,
    CardInstead,
    CheckedIn,
    CheckedOut,
    CheckinOutcome,
    CheckinRefused,
    CheckoutOutcome,
    CheckoutRefused,
    LocalUse,
    OfOtherBranch,
    Renewed,
    Several,
)
from app.circulation.visit import OF_ONE_COPY
from app.outcome import NotFound
from app.refusal import Answer, Refusal, Weight
from ui.circulation import words
from ui.circulation.asking import GIVING_UP, Asking, Question
from ui.circulation.at_desk import AtDesk
from ui.circulation.desk_keys import YES
from ui.circulation.entries import ReasonEntry, copies_list, remember_tick
from ui.restoring import RESTORE, offered, restore
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.inputs import Tick
from ui.widgets.labels import isolate
from ui.widgets.panel import Choice

OWN_REASON = "own"
MOST_KEYS = 9
Request = CheckoutRequest | CheckinRequest


class Counter(QObject):
    """`said` what happened, `lent` a new loan, `returned` a return, `changed` whatever else changed rows; `unknown` a
    code that means nothing, `foreign` the label of another library with its name, `card` a reader whose card was shown
    where a book was expected."""

    said = Signal(object)
    lent = Signal(object)
    returned = Signal(object)
    changed = Signal(object)
    unknown = Signal(str)
    foreign = Signal(str, str)
    card = Signal(object)

    def __init__(self, session: Session, desk: AtDesk, asking: Asking, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._desk, self._asking = session, desk, asking

    def lend(self, request: CheckoutRequest, *, typed: bool = False) -> None:
        """Lend a copy; `typed`: the code was written by hand, so Enter may choose among several copies."""
        act = self._session.act()
        outcome: CheckoutOutcome = check_out(self._session.library, request, act)
        if isinstance(outcome, CheckedOut | CheckoutRefused):
            self._desk.note_decision(outcome, request.answer, act)
        match outcome:
            case CheckedOut():
                self.said.emit(words.lent(outcome))
                self.lent.emit(outcome)
            case AlreadyLent():
                self.said.emit(words.already_lent(outcome))
            case Renewed():
                self.said.emit(words.renewed(outcome))
                self.changed.emit(("loans", "money"))
            case CheckoutRefused():
                self._refuse_loan(request, outcome)
            case Several() | OfOtherBranch() | CardInstead() | NotFound():
                self._unlabelled(request, outcome, typed)
            case _:
                assert_never(outcome)

    def take_back(self, request: CheckinRequest, *, typed: bool = False) -> None:
        """Take a copy back, or count its use in the hall."""
        outcome: CheckinOutcome = check_in(self._session.library, request, self._session.act())
        match outcome:
            case CheckedIn():
                self._desk.returned += 1
                self.said.emit(words.taken_back(outcome))
                self.returned.emit(outcome)
            case LocalUse():
                self.said.emit(words.used(outcome))
                self.changed.emit(("items", "holds", "money"))
            case AlreadyReturned():
                self.said.emit(words.already_returned(outcome))
                self.changed.emit(("loans", "items", "money") if outcome.missing_parts else ())
            case CheckinRefused():
                self._refuse_return(request, outcome)
            case Several() | OfOtherBranch() | CardInstead() | NotFound():
                self._unlabelled(request, outcome, typed)
            case _:
                assert_never(outcome)

    def _unlabelled(
        self, request: Request, outcome: Several | OfOtherBranch | CardInstead | NotFound, typed: bool
    ) -> None:
        match outcome:
            case Several():
                self._ask_which(request, outcome, typed)
            case OfOtherBranch():
                self.said.emit(words.unlabelled(outcome))
                self.foreign.emit(outcome.key, outcome.branch)
            case CardInstead():
                self.card.emit(outcome.member)
            case NotFound():
                self.unknown.emit(outcome.key)
            case _:
                assert_never(outcome)

    def _ask_which(self, request: Request, outcome: Several, typed: bool) -> None:
        """Several copies answer to one ISBN. Their keys are not plain digits, which scanners send; Enter chooses only
        where the number was typed."""
        self.said.emit(words.unlabelled(outcome))
        copies = copies_list(outcome.copies)

        def choose(barcode: str) -> bool:
            self._again(replace(request, item=barcode))
            return True

        keys = tuple(
            Choice(copy.barcode, isolate(copy.barcode), f"Ctrl+{place}")
            for place, copy in enumerate(outcome.copies[:MOST_KEYS], 1)
        )
        copies.view.choose_place(0)
        title = f"کدام نسخهٔ {words.book(outcome.copies[0])} در دست شماست؟"
        self._asking.ask(
            Question(
                Tone.WARN, title, (), (*keys, GIVING_UP), choose, extra=copies, focus=copies.view if typed else None
            )
        )  # fmt: skip
        copies.view.row_opened.connect(lambda copy: self._asking.answer(copy.barcode))

    def _refuse_loan(self, request: CheckoutRequest, outcome: CheckoutRefused) -> None:
        question = _only_asks(outcome.refusals)
        asked = f"{words.book(outcome.item)} به {isolate(outcome.member.name)}"
        title = f"{asked} امانت داده شود؟" if question else f"{asked} امانت داده نمی‌شود"
        self._refuse(request, title, outcome.item, outcome.refusals, words.choices(outcome.refusals))

    def _refuse_return(self, request: CheckinRequest, outcome: CheckinRefused) -> None:
        title = f"{words.book(outcome.item)} پس گرفته {'شود؟' if _only_asks(outcome.refusals) else 'نشد'}"
        self._refuse(request, title, outcome.item, outcome.refusals, words.return_choices(outcome.refusals))

    def _refuse(
        self, request: Request, title: str, item: ItemFacts, refusals: tuple[Refusal, ...], choices: tuple[Choice, ...]
    ) -> None:
        """Every reason at once; what may be said to it has its key."""
        question = _only_asks(refusals)
        choices = (*offered(self._session, item.status), *choices)
        tone = Tone.WARN if question else Tone.REFUSE
        tick = remember_tick() if question and isinstance(request, CheckoutRequest) and _lasting(refusals) else None

        def run(code: str) -> bool:
            if code == words.YES:
                codes = frozenset(refusal.code for refusal in refusals)
                self._again(_answered(request, Answer(confirm=codes, remember=tick is not None and tick.isChecked())))
            elif code == words.OVERRIDE:
                self._ask_reason(request, title, refusals)
            elif code == words.TAKE_BACK:
                self.take_back(self._desk.taking_back(request.item))
            elif code == RESTORE:
                self.said.emit(restore(self._session, item.barcode))
            return True

        said = "نیاز به پاسخ شما" if question else "انجام نشد"
        sound = Sound.ATTENTION if question else Sound.REFUSED
        self.said.emit(Said(tone, f"{said} — {words.book(item)}", (), sound))
        reasons = words.reasons(refusals, self._session.library.categories)
        self._asking.ask(Question(tone, title, reasons, choices, run, extra=tick))

    def _ask_reason(self, request: Request, title: str, refusals: tuple[Refusal, ...]) -> None:
        """Why the rules are lifted: one of the usual reasons with its key, or one's own words."""
        tick: Tick | None = remember_tick() if _lasting(refusals) else None
        entry = ReasonEntry(tick)
        codes = frozenset(refusal.code for refusal in refusals)

        def run(code: str) -> bool:
            reason = entry.reason() if code == OWN_REASON else code
            if reason:
                answer = Answer(override=codes, reason=reason, confirm=codes, remember=entry.remembers())
                self._again(_answered(request, answer))
            return bool(reason)

        *usual, close = words.OVERRIDE_REASONS
        own = Choice(OWN_REASON, "با همین دلیل", YES, "primary")
        self._asking.ask(
            Question(
                Tone.WARN,
                "دلیل نادیده گرفتن قاعده چیست؟",
                (),
                (*usual, own, close),
                run,
                note=title,
                extra=entry,
                focus=entry.edit,
            )
        )

    def _again(self, request: Request) -> None:
        if isinstance(request, CheckoutRequest):
            self.lend(request)
        else:
            self.take_back(request)


def _only_asks(refusals: tuple[Refusal, ...]) -> bool:
    return all(refusal.weight is Weight.CONFIRM for refusal in refusals)


def _lasting(refusals: tuple[Refusal, ...]) -> bool:
    """Whether anything in it is not about this one copy."""
    return any(refusal.code not in OF_ONE_COPY for refusal in refusals)


def _answered(request: Request, answer: Answer) -> Request:
    """The request with this answer beside what was said to it before."""
    before = request.answer
    whole = replace(answer, override=answer.override | before.override, confirm=answer.confirm | before.confirm)
    return replace(request, answer=whole)
