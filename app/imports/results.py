"""What loans, returns and payments of a file become, in the words of a line's report."""

from typing import assert_never

from app.accounts.outcomes import AlreadyPaid, Paid, PayOutcome
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
    Unlabelled,
)
from app.imports.lines import LineEnd, Result, refused
from app.outcome import NotFound, Refused, Sought
from app.persian import jalali
from app.persian.digits import number
from app.persian.text import clean

UNKNOWN = {
    Sought.MEMBER: "عضوی با این شماره پیدا نشد. کارت را بررسی کنید یا نخست عضو را ثبت کنید.",
    Sought.ITEM: "نسخه‌ای با این بارکد یا شمارهٔ ثبت پیدا نشد. برچسب کتاب را بررسی کنید.",
}


def of_loan(outcome: CheckoutOutcome) -> Result:
    """A line that lends."""
    match outcome:
        case CheckedOut():
            until = jalali.day_month_year(outcome.due_on)
            return _done("checked_out", f"{_book(outcome.item)} به {outcome.member.name} امانت داده شد، تا {until}.")
        case AlreadyLent():
            return _already(f"{_book(outcome.item)} همین روز به {outcome.member.name} امانت داده شده بود.")
        case Renewed():
            return _done("renewed", f"{_book(outcome.item)} تمدید شد، تا {jalali.day_month_year(outcome.due_on)}.")
        case CheckoutRefused():
            return refused(outcome.refusals)
        case Several() | OfOtherBranch() | CardInstead() | NotFound():
            return _unlabelled(outcome)
        case _:
            assert_never(outcome)


def of_return(outcome: CheckinOutcome) -> Result:
    """A line that takes back, or counts a use."""
    match outcome:
        case CheckedIn():
            return _done("checked_in", _returned(outcome))
        case LocalUse():
            if not outcome.counted and not outcome.notes:
                return _already(f"{_book(outcome.item)} در امانت نبود و چیزی شمرده نشد.")
            held = f" برای {outcome.hold_for.name} کنار بگذارید." if outcome.hold_for else ""
            return _done("local_use", f"{_book(outcome.item)} در امانت نبود؛ استفاده در محل ثبت شد.{held}")
        case AlreadyReturned():
            return _already(f"{_book(outcome.item)} کمی پیش برگشته بود.")
        case CheckinRefused():
            return refused(outcome.refusals)
        case Several() | OfOtherBranch() | CardInstead() | NotFound():
            return _unlabelled(outcome)
        case _:
            assert_never(outcome)


def of_payment(outcome: PayOutcome) -> Result:
    """A line that pays."""
    match outcome:
        case Paid():
            receipt = number(outcome.receipt, grouped=False)
            return _done("paid", f"{number(outcome.amount)} ریال از {outcome.member.name} دریافت شد، رسید {receipt}.")
        case AlreadyPaid():
            return _already(f"همین پرداخت از {outcome.member.name} پیش‌تر ثبت شده بود.")
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return _unlabelled(outcome)
        case _:
            assert_never(outcome)


def _returned(outcome: CheckedIn) -> str:
    parts = [f"{_book(outcome.item)} برگشت"]
    if outcome.days_late:
        parts.append(f"{number(outcome.days_late)} روز دیرکرد")
    if outcome.fine:
        parts.append(f"جریمه {number(outcome.fine)} ریال")
    if outcome.restricted_until:
        parts.append(f"محروم تا {jalali.day_month_year(outcome.restricted_until)}")
    if outcome.hold_for:
        parts.append(f"برای {outcome.hold_for.name} کنار بگذارید")
    return "، ".join(parts) + "."


def _unlabelled(outcome: Unlabelled) -> Result:
    match outcome:
        case Several():
            text = "چند نسخه این شابک را دارند؛ بارکد یا شمارهٔ ثبت همان نسخه را وارد کنید."
            return Result(LineEnd.UNKNOWN, "several_copies", text)
        case OfOtherBranch():
            text = f"این نسخه از کتابخانهٔ {clean(outcome.branch, 120)} است و به همان‌جا برمی‌گردد."
            return Result(LineEnd.UNKNOWN, "other_branch", text)
        case CardInstead():
            text = f"این کارت {outcome.member.name} است، نه برچسب کتاب."
            return Result(LineEnd.UNKNOWN, "card_instead", text)
        case NotFound():
            return Result(LineEnd.UNKNOWN, f"not_found.{outcome.what}", UNKNOWN[outcome.what])
        case _:
            assert_never(outcome)


def _book(item: ItemFacts) -> str:
    return f"«{clean(item.title, 120)}»"


def _done(code: str, text: str) -> Result:
    return Result(LineEnd.DONE, code, text)


def _already(text: str) -> Result:
    return Result(LineEnd.ALREADY, LineEnd.ALREADY, text)
