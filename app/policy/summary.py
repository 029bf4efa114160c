"""The terms in one sentence, as a librarian would tell them across the desk. Pure."""

from collections.abc import Iterator

from app.persian.digits import number
from app.policy.choices import Loanable, OverduesBlock
from app.policy.notation import told
from app.policy.parameters import PARAMETERS
from app.policy.table import Terms

NOT_LENT = "امانت داده نمی‌شود"
ONSITE = "فقط استفاده در محل"
NO_PERIOD = "مدت امانت ندارد و امانت داده نمی‌شود"


def summary(terms: Terms) -> str:
    """«امانت ۱۴ روز، تا ۵ نسخه، ۲ بار تمدید، جریمهٔ ۵۰۰ ریال در روز، …»."""
    loanable = terms.choice("loanable")
    if loanable != Loanable.YES:
        return f"{NOT_LENT if loanable == Loanable.NO else ONSITE}."
    if terms.loan_period is None:
        return f"{NO_PERIOD}."
    return f"{'، '.join((*_loan(terms), *_renewal(terms), *_lateness(terms), *_hold(terms)))}."


def _loan(terms: Terms) -> Iterator[str]:
    period = terms.loan_period or ""
    words = told(PARAMETERS[period], terms.value(period))
    yield f"امانت تا {words}" if period == "fixed_due" else f"امانت {words}"
    ceilings = ("max_loans_all_types", "max_items_per_national_id", "max_loans")
    limits = [limit for limit in map(terms.limit, ceilings) if limit is not None]
    yield f"تا {number(min(limits))} نسخه" if limits else "بدون سقف نسخه"


def _renewal(terms: Terms) -> Iterator[str]:
    most = terms.limit("max_renewals")
    if most is None:
        yield "تمدید بدون سقف"
    else:
        yield f"{number(most)} بار تمدید" if most else "بدون تمدید"


def _lateness(terms: Terms) -> Iterator[str]:
    fine, period = terms.number("fine_per_day"), terms.number("period_days")
    each = "روز" if period == 1 else f"هر {number(period)} روز"
    if terms.tiers():
        yield "جریمهٔ پلکانی"
    else:
        yield f"جریمهٔ {number(fine)} ریال در {each}" if fine else "بدون جریمهٔ نقدی"
    if grace := terms.number("grace_days"):
        yield f"{number(grace)} روز ارفاق"
    if terms.number("ban_days_per_late_day"):
        yield "محرومیت پس از دیرکرد"
    if terms.choice("overdues_block") == OverduesBlock.BLOCK:
        yield "با دیرکرد امانت تازه داده نمی‌شود"


def _hold(terms: Terms) -> Iterator[str]:
    most = terms.limit("max_holds")
    if most is not None:
        yield f"تا {number(most)} رزرو" if most else "بدون رزرو"
