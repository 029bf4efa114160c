"""Persian words of the money page: balances, outcomes, and which field of a question a refusal belongs to."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.accounts.outcomes import (
    AlreadyPaid,
    AmnestyDeclared,
    CashClosed,
    Charged,
    LineVoided,
    Paid,
    ReceiptVoided,
    Refunded,
    Waived,
)
from app.persian import jalali
from app.persian.digits import number
from app.refusal import Refusal
from app.wording import rule_words, way_out, why
from ui.circulation.words import Said
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.labels import isolate
from ui.widgets.panel import Reason

FIELD_OF: Mapping[str, str] = MappingProxyType(
    {
        "money.amount": "amount",
        "payment.above_debt": "amount",
        "payment.method": "method",
        "payment.reference": "reference",
        "waiver.above_debt": "amount",
        "waiver.second_needed": "second",
        "waiver.second_unfit": "second",
        "waiver.second_not_allowed": "second",
        "staff.pin_wrong": "second_pin",
        "staff.pin_blocked": "second_pin",
        "reason.required": "reason",
        "refund.above_credit": "amount",
        "charge.kind": "kind",
        "charge.item_not_theirs": "item",
        "cash.remark_required": "remark",
        "amnesty.dates": "until",
        "amnesty.percent": "percent",
        "amnesty.overlap": "since",
    }
)
"""Fields of the questions by the code that speaks against what is written in them."""


def rials(amount: int) -> str:
    """«۲۴٬۰۰۰ ریال»."""
    return f"{number(amount)} ریال"


def balance(amount: int) -> tuple[str, Tone]:
    """What stands between the library and a member, in words and tone."""
    if amount == 0:
        return "بدهی ندارد", Tone.OK
    return (f"بدهی {rials(amount)}", Tone.WARN) if amount > 0 else (f"طلب عضو {rials(-amount)}", Tone.INFO)


def paid(outcome: Paid | AlreadyPaid) -> Said:
    """Money was taken, now or before."""
    receipt, left = f"رسید {number(outcome.receipt, grouped=False)}", balance(outcome.balance)[0]
    detail = (f"{rials(outcome.amount)} از {isolate(outcome.member.name)} · {left}",)
    if isinstance(outcome, AlreadyPaid):
        return Said(Tone.WARN, f"با همین شمارهٔ پیگیری دریافت شده است — {receipt}", detail, Sound.ATTENTION)
    return Said(Tone.OK, f"دریافت شد — {receipt}", detail, Sound.CHECKED_IN)


def waived(outcome: Waived) -> Said:
    """A debt was waived."""
    detail = (f"{isolate(outcome.member.name)} · {balance(outcome.balance)[0]}",)
    return Said(Tone.OK, f"{rials(outcome.amount)} بخشوده شد", detail, Sound.CHECKED_IN)


def refunded(outcome: Refunded) -> Said:
    """Money went back."""
    receipt = f"رسید {number(outcome.receipt, grouped=False)}"
    detail = (f"{isolate(outcome.member.name)} · {balance(outcome.balance)[0]}",)
    return Said(Tone.OK, f"{rials(outcome.amount)} پس داده شد — {receipt}", detail, Sound.CHECKED_IN)


def charged(outcome: Charged) -> Said:
    """A debt was written down."""
    detail = (f"{isolate(outcome.member.name)} · {balance(outcome.balance)[0]}",)
    return Said(Tone.OK, f"{rials(outcome.amount)} به حساب نوشته شد", detail, Sound.CHECKED_IN)


def line_voided(outcome: LineVoided) -> Said:
    """A line was taken back."""
    held = (f"{rials(outcome.held)} دریافت‌شده طلب عضو شد.",) if outcome.held else (balance(outcome.balance)[0],)
    return Said(Tone.OK, "سطر باطل شد", held, Sound.CHECKED_IN)


def receipt_voided(outcome: ReceiptVoided) -> Said:
    """A receipt was taken back."""
    title = f"رسید {number(outcome.receipt, grouped=False)} باطل شد"
    return Said(Tone.OK, title, (balance(outcome.balance)[0],), Sound.CHECKED_IN)


def cash_closed(outcome: CashClosed) -> Said:
    """The drawer was counted."""
    title = f"صندوق {number(outcome.number, grouped=False)} بسته شد"
    if not outcome.difference:
        return Said(Tone.OK, title, ("موجودی با حساب می‌خواند.",), Sound.CHECKED_IN)
    more = "زیاد" if outcome.difference > 0 else "کم"
    return Said(Tone.WARN, title, (f"{rials(abs(outcome.difference))} {more} است.",), Sound.ATTENTION)


def declared(outcome: AmnestyDeclared) -> Said:
    """A campaign was declared."""
    dates = f"از {jalali.day_month_year(outcome.since)} تا {jalali.day_month_year(outcome.until)}"
    forgiven = (f" · {rials(outcome.forgiven)} همین حالا بخشوده شد",) if outcome.forgiven else ()
    return Said(Tone.OK, "طرح بخشودگی اعلام شد", (dates, *forgiven), Sound.CHECKED_IN)


def refused(refusals: Sequence[Refusal]) -> Said:
    """Nothing was done, and why."""
    told = " ".join(f"{why(refusal)} {way_out(refusal)}" for refusal in refusals)
    return Said(Tone.REFUSE, "انجام نشد", (told,), Sound.REFUSED)


def reasons(refusals: Sequence[Refusal], categories: Mapping[str, str]) -> tuple[Reason, ...]:
    """Every reason with its rule and the way out."""
    return tuple(
        Reason(why(refusal), rule_words(refusal.rule, categories) if refusal.rule else "", way_out(refusal))
        for refusal in refusals
    )
