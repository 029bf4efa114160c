"""The questions of an account: pay, waive, give back, charge, take back; each runs its use case."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from app.accounts.agreement import Second
from app.accounts.asking import allowed_methods
from app.accounts.charges import BY_HAND, Charge, Refund, charge, refund
from app.accounts.outcomes import AlreadyPaid, Paid
from app.accounts.payments import Payment, pay
from app.accounts.queries import Account, AccountLine
from app.accounts.voiding import VoidRequest, void_line, void_receipt
from app.accounts.waivers import Waiver, waive
from app.labels import LEDGER_KIND
from app.library import Person
from app.outcome import NotFound, Refused
from app.persian.digits import number
from app.policy.choices import labels_of
from app.refusal import Answer, Refusal
from app.staff.people import everybody
from db.codes import LedgerKind, PaymentMethod
from ui.circulation.words import Said
from ui.money import words
from ui.money.asking import Answered, Confirmed, Question
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind, Value
from ui.widgets.form_values import Values, number_of, text_of
from ui.widgets.labels import isolate, ltr

WAIVER_REASONS = ("ناتوانی مالی", "نخستین دیرکرد", "خطای کتابخانه", "بیماری یا حادثه")
GONE = Said(Tone.REFUSE, "پیدا نشد", ("این عضو یا سطر دیگر نیست.",), Sound.REFUSED)


def payment(session: Session, account: Account, lines: Sequence[uuid.UUID], taken: Callable[[int], None]) -> Question:
    """Money for the ticked lines, or for all that is open. `taken` is told the number of the receipt."""
    owed = sum(line.outstanding for line in account.open_lines if not lines or line.line.id in lines)
    methods = allowed_methods(session.library, account.member.category)

    def run(values: Values, _: Confirmed) -> Answered:
        wish = Payment(
            account.member.member_no,
            number_of(values, "amount") or 0,
            PaymentMethod(text_of(values, "method") or PaymentMethod.CASH),
            text_of(values, "reference") or "",
            tuple(lines),
        )
        outcome = pay(session.library, wish, session.act())
        if isinstance(outcome, Paid | AlreadyPaid):
            taken(outcome.receipt)
            return words.paid(outcome)
        return _otherwise(outcome)

    values: dict[str, Value] = {"amount": owed, "method": methods[0].value if methods else None}
    of_what = f"{number(len(lines))} سطر برگزیده" if lines else "از کهنه‌ترین بدهی"
    return Question(
        title=f"دریافت از {isolate(account.member.name)}",
        yes="دریافت و رسید",
        fields=(_amount("مبلغ (ریال)"), *_method_fields(methods)),
        run=run,
        values=values,
        quick=tuple((f"Alt+{place}", "method", method.value) for place, method in enumerate(methods, start=1)),
        note=f"{of_what} · {words.rials(owed)}",
    )


def _amount(label: str) -> Field:
    return Field("amount", label, Kind.MONEY, required=True)


def _method_fields(methods: Sequence[PaymentMethod]) -> tuple[Field, ...]:
    options = tuple((method.value, labels_of(PaymentMethod)[method]) for method in methods)
    keys = " · ".join(f"{ltr(f'Alt+{place}')} {words_}" for place, (_, words_) in enumerate(options, start=1))
    return (
        Field("method", "روش", Kind.CHOICE, required=True, options=options, help=keys),
        Field("reference", "شمارهٔ پیگیری", Kind.LATIN, longest=100),
    )


def waiver(session: Session, account: Account, lines: Sequence[uuid.UUID]) -> Question:
    """Forgive the ticked lines, or all that is open."""
    owed = sum(line.outstanding for line in account.open_lines if not lines or line.line.id in lines)

    def run(values: Values, _: Confirmed) -> Answered:
        wish = Waiver(
            account.member.member_no,
            text_of(values, "reason") or "",
            number_of(values, "amount") or 0,
            tuple(lines),
            second(session, values),
        )
        return _outcome(waive(session.library, wish, session.act()), words.waived)

    keys = " · ".join(f"{ltr(f'Alt+{place}')} {said}" for place, said in enumerate(WAIVER_REASONS, start=1))
    return Question(
        title=f"بخشودن بدهی {isolate(account.member.name)}",
        yes="بخشوده شود",
        fields=(_amount("مبلغ (ریال)"), Field("reason", "دلیل", required=True, help=keys, longest=300)),
        run=run,
        values={"amount": owed},
        quick=tuple((f"Alt+{place}", "reason", said) for place, said in enumerate(WAIVER_REASONS, start=1)),
        note="بخشودگی با نام شما و دلیل آن در حساب می‌ماند.",
    )


def second(session: Session, values: Values) -> Second | None:
    """The second person named in a question, if any."""
    chosen = text_of(values, "second")
    if not chosen:
        return None
    with session.library.store.read() as reader:
        person = next(one for one in everybody(reader) if one.id.hex == chosen)
    return Second(Person(person.id, person.name, person.role), text_of(values, "second_pin") or "")


def giving_back(session: Session, account: Account, taken: Callable[[int], None]) -> Question:
    """Money that is held for the member goes back."""
    methods = allowed_methods(session.library, account.member.category)

    def run(values: Values, _: Confirmed) -> Answered:
        wish = Refund(
            account.member.member_no,
            number_of(values, "amount") or 0,
            text_of(values, "reason") or "",
            PaymentMethod(text_of(values, "method") or PaymentMethod.CASH),
            text_of(values, "reference") or "",
        )
        outcome = refund(session.library, wish, session.act())
        if not isinstance(outcome, Refused | NotFound):
            taken(outcome.receipt)
        return _outcome(outcome, words.refunded)

    return Question(
        title=f"بازپرداخت به {isolate(account.member.name)}",
        yes="پس داده شود",
        fields=(
            _amount("مبلغ (ریال)"),
            Field("reason", "دلیل", required=True, longest=300),
            *_method_fields(methods),
        ),
        run=run,
        values={"amount": account.refundable, "method": methods[0].value if methods else None},
        quick=tuple((f"Alt+{place}", "method", method.value) for place, method in enumerate(methods, start=1)),
        note=f"نزد کتابخانه: {words.rials(account.refundable)}",
    )


def charging(session: Session, account: Account) -> Question:
    """A debt written by hand."""
    kinds = tuple(kind for kind in LedgerKind if kind in BY_HAND)

    def run(values: Values, _: Confirmed) -> Answered:
        wish = Charge(
            account.member.member_no,
            LedgerKind(text_of(values, "kind") or LedgerKind.DAMAGE),
            number_of(values, "amount") or 0,
            text_of(values, "reason") or "",
            text_of(values, "item"),
        )
        return _outcome(charge(session.library, wish, session.act()), words.charged)

    return Question(
        title=f"بدهی تازه برای {isolate(account.member.name)}",
        yes="به حساب نوشته شود",
        fields=(
            Field("kind", "بابت", Kind.CHOICE, required=True, options=tuple((k.value, LEDGER_KIND[k]) for k in kinds)),
            _amount("مبلغ (ریال)"),
            Field("reason", "دلیل", required=True, longest=300),
            Field("item", "نسخه", Kind.LATIN, help="بارکد یا شمارهٔ ثبت؛ اگر دربارهٔ کتابی است.", longest=64),
        ),
        run=run,
        values={"kind": LedgerKind.DAMAGE.value},
    )


def voiding(session: Session, line: AccountLine) -> Question:
    """A line that was a mistake."""

    def run(values: Values, confirmed: Confirmed) -> Answered:
        answer = Answer(confirm=confirmed)
        wish = VoidRequest(line.line.id, text_of(values, "reason") or "", second(session, values), answer)
        return _outcome(void_line(session.library, wish, session.act()), words.line_voided)

    return Question(
        title=f"ابطال «{LEDGER_KIND[line.line.kind]}»",
        yes="باطل شود",
        fields=(Field("reason", "دلیل", required=True, longest=300),),
        run=run,
        note=f"{words.rials(abs(line.line.amount))} · سطر در حساب می‌ماند و سطری برابر آن نوشته می‌شود.",
        kind="danger",
    )


def receipt_voiding(session: Session, receipt: int) -> Question:
    """A receipt of today that was a mistake."""

    def run(values: Values, _: Confirmed) -> Answered:
        reason = text_of(values, "reason") or ""
        return _outcome(void_receipt(session.library, receipt, reason, session.act()), words.receipt_voided)

    return Question(
        title=f"ابطال رسید {number(receipt, grouped=False)}",
        yes="رسید باطل شود",
        fields=(Field("reason", "دلیل", required=True, longest=300),),
        run=run,
        note="شمارهٔ رسید می‌ماند و بدهی دوباره باز می‌شود.",
        kind="danger",
    )


def _outcome(outcome: Any, said: Callable[[Any], Said]) -> Answered:
    return _otherwise(outcome) if isinstance(outcome, Refused | NotFound) else said(outcome)


def _otherwise(outcome: Refused | NotFound) -> "Said | tuple[Refusal, ...]":
    return outcome.refusals if isinstance(outcome, Refused) else GONE
