"""The work of a night as a table. Every step may be repeated: a second run of a day finds nothing to do."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.accounts.amnesty import forgive_open
from app.binding.sending import mark_long_away
from app.circulation.holds.expiry import expire_holds
from app.circulation.lateness import accrue_fines
from app.circulation.lost.ageing import age_long_overdue
from app.closures.adjusting import finish_adjusting
from app.library import Library
from app.members.guests import forget_guests
from app.nightly.renewing import renew_due
from app.notices.making import Made, make_notices
from db.act import Act

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of work: `run` does that of a day which may have passed long before `act`, and counts what it did by the
    names of `WORDS`. `last_only`: after several missed days only the last night needs it, since it brings all to that
    day whatever was done before."""

    name: str
    run: Callable[[Library, Act, dt.date], Counts]
    last_only: bool = False


def on(act: Act, day: dt.date) -> Act:
    """The same act as if the computer had been on that day; the moment stays the true one."""
    return replace(act, stamp=replace(act.stamp, day=day))


def _dates(library: Library, act: Act, day: dt.date) -> Counts:
    moved = finish_adjusting(library, on(act, day))
    return {"dates": moved.loans + moved.holds + moved.restored}


def _renewals(library: Library, act: Act, day: dt.date) -> Counts:
    return {"renewals": renew_due(library, on(act, day))}


def _fines(library: Library, act: Act, day: dt.date) -> Counts:
    there = on(act, day)
    return {"fines": accrue_fines(library, there).changed, "forgiven": forgive_open(library, there)}


def _holds(library: Library, act: Act, day: dt.date) -> Counts:
    # The next reader's days begin when somebody can be told, hence not `on(act, day)`.
    expired = expire_holds(library, act, day)
    return {
        "holds_expired": expired.uncollected + expired.unwanted,
        "holds_passed_on": expired.passed_on,
        "holds_reshelved": expired.reshelve,
        "holds_resumed": expired.resumed,
    }


def _lost(library: Library, act: Act, day: dt.date) -> Counts:
    return {"lost": age_long_overdue(library, on(act, day), day).loans}


def _binding(library: Library, act: Act, day: dt.date) -> Counts:
    return {"in_binding": mark_long_away(library, on(act, day))}


def _visitors(library: Library, act: Act, day: dt.date) -> Counts:
    return {"visitors": forget_guests(library, on(act, day), day)}


def _notices(library: Library, act: Act, day: dt.date) -> Counts:
    made = make_notices(library, act, day)
    return {"notices": made.total if isinstance(made, Made) else 0}


# In this order: a date that moved or a loan that was renewed costs no fine, and a loss settles its own fine.
STEPS = (
    Step("dates", _dates),
    Step("renewals", _renewals),
    Step("fines", _fines, last_only=True),
    Step("holds", _holds),
    Step("lost", _lost),
    Step("binding", _binding, last_only=True),
    Step("notices", _notices),
    Step("visitors", _visitors),
)
WORDS: Mapping[str, str] = {
    "dates": "{count} تاریخ پس از تعطیلی اضطراری جابه‌جا شد",
    "renewals": "{count} امانت خودکار تمدید شد",
    "fines": "جریمهٔ {count} امانت به‌روز شد",
    "forgiven": "{count} ریال با طرح بخشودگی بخشوده شد",
    "holds_expired": "مهلت {count} رزرو گذشت",
    "holds_passed_on": "{count} کتاب به نفر بعدی صف رسید",
    "holds_reshelved": "{count} کتاب از قفسهٔ رزرو به مخزن برگردد",
    "holds_resumed": "{count} رزرو از تعلیق درآمد",
    "lost": "{count} امانت با دیرکرد بسیار بلند، گم‌شده به شمار آمد",
    "in_binding": "{count} نسخه پس از دو هفته «در حال صحافی» شد",
    "notices": "{count} یادآوری آماده شد",
    "visitors": "داده‌های {count} عضو مهمان پاک شد",
}
