"""What the page of synchronisation says: how it stands, and what keeps it from going on."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from app.clock import TEHRAN
from app.library import Library
from app.messages import Message, message_of
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.sync.branch.epochs import Reopened
from app.sync.branch.talk import TROUBLES, RoundState
from app.sync.queries import SyncState
from db.trouble import Trouble
from ui.sync.status import queue_words, span
from ui.widgets.facts import Fact
from ui.widgets.labels import isolate, ltr

SKEW_SHOWN_MS = 120_000
QUIET = frozenset({RoundState.DONE, RoundState.NOT_ENROLLED, RoundState.BUSY})
REOPENED: Mapping[str, str] = MappingProxyType(
    {
        Reopened.REWOUND: "مرکز از این داده‌ها جلوتر بود؛ نسخهٔ کهنه‌ای در کار است. دفتر تازه‌ای باز شد و چیزی گم نشد.",
        Reopened.FORKED: "تاریخچهٔ اینجا و مرکز دو شاخه شده بود؛ دفتر تازه‌ای باز شد و هیچ رویدادی از دست نرفت.",
        Reopened.RESTORED: "نسخهٔ کهنه‌تری از داده‌ها برگردانده شده بود؛ دفتر تازه‌ای باز شد و چیزی دو بار فرستاده نمی‌شود.",
        Reopened.MOVED: "داده‌ها به رایانهٔ دیگری آمده است؛ دفتر تازه‌ای باز شد. رایانهٔ پیشین را دیگر به کار نبرید.",
    }
)
TABLES: Mapping[str, str] = MappingProxyType(
    {
        "title": "کتاب‌ها", "item": "نسخه‌ها", "member": "اعضا", "loan": "امانت‌ها", "hold": "نوبت‌ها",
        "policy": "قواعد", "policy_row": "ردیف‌های قواعد", "calendar_day": "روزهای تقویم",
        "licensed_library": "کتابخانه‌های دارای مجوز", "union_title": "رکوردهای فهرستگان", "redirect": "ارجاع‌ها",
    }
)  # fmt: skip


def trouble_of(state: SyncState, now: dt.datetime) -> tuple[str, Message] | None:
    """What kept the last round from its end, in three parts; None where nothing did."""
    if state.state is None or RoundState(state.state) in QUIET:
        return None
    seconds = max(1, int((state.retry_at - now).total_seconds())) if state.retry_at and state.retry_at > now else 1
    trouble = Trouble(TROUBLES[RoundState(state.state)], seconds=seconds)
    return trouble.code, message_of(trouble)


def facts(state: SyncState, now: dt.datetime) -> tuple[Fact, ...]:
    """Everything there is to know, for the card."""
    return (
        ("مرکز", ltr(state.url) if state.url else ""),
        ("آخرین تماس", _moment(state.last_contact_at) if state.last_contact_at else "هنوز هیچ"),
        ("صف", queue_words(state, now)),
        ("آخرین تلاش", _moment(state.tried_at) if state.tried_at else ""),
        ("تلاش بعدی", f"پس از {_moment(state.retry_at)}" if state.retry_at and state.retry_at > now else ""),
        ("ساعت", _skew(state.skew_ms)),
        ("کنار گذاشته", f"{number(state.set_aside)} ردیف، تا نسخهٔ تازهٔ برنامه" if state.set_aside else ""),
        ("تاریخچه", _history(state)),
    )


def _history(state: SyncState) -> str:
    if state.reopened is None or state.reopened not in REOPENED:
        return ""
    return f"{REOPENED[state.reopened]} ({_moment(state.reopened_at)})"


def _moment(at: dt.datetime | None) -> str:
    """«۹ دی، ساعت ۱۰:۲۴», Tehran."""
    if at is None:
        return ""
    here = at.astimezone(TEHRAN)
    return f"{jalali.day_month(here.date())}، ساعت {to_persian(here.strftime('%H:%M'))}"


def _skew(skew_ms: int | None) -> str:
    """How far the computer's clock is off, once it is worth a word."""
    if skew_ms is None or abs(skew_ms) <= SKEW_SHOWN_MS:
        return ""
    which = "عقب" if skew_ms > 0 else "جلو"
    return f"ساعت این رایانه {span(dt.timedelta(milliseconds=abs(skew_ms)))} {which} است؛ همگام‌سازی ادامه دارد."


def guarded_words(state: SyncState) -> tuple[str, ...]:
    """What a pull would have removed."""
    return tuple(
        f"{number(one.removed)} از {number(one.of)} ردیف «{TABLES.get(one.table, isolate(one.table))}»"
        for one in state.guarded
    )


def sign_in_words(library: Library, state: SyncState) -> str:
    """How long people may still sign in without the centre (180 days); empty while there is time."""
    silent = state.days_silent
    warn, most = library.offline_warn_days, library.offline_days
    if silent is None or warn is None or most is None or silent < warn:
        return ""
    left = most - silent
    if left <= 0:
        return "ورود کارکنان بسته است، چون مدت‌هاست تماسی با مرکز نبوده. همگام‌سازی و بستهٔ حافظه باز است."
    return f"تا {number(left)} روز دیگر بی تماس با مرکز، ورود کارکنان بسته می‌شود."
