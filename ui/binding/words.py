"""What the page of binding says: how far a request is, what became of a copy, and refusals."""

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.binding.facts import BindingCopy, RequestFacts, RowFacts
from app.binding.history import BoundOnce
from app.binding.queries import BindingClock, RequestLine
from app.binding.rules import stays_behind
from app.labels import BINDING_OUTCOME, BINDING_STATE, CONDITION, ITEM_STATUS
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.refusal import Refusal
from app.wording import way_out, why
from db.codes import WEEDED, BindingOutcome, BindingState, Condition
from ui.circulation.rows import titled
from ui.said import Said
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.labels import isolate, ltr
from ui.widgets.panel import Reason

STATE_TONE: Mapping[BindingState, Tone] = MappingProxyType(
    {
        BindingState.DRAFT: Tone.NEUTRAL,
        BindingState.REQUESTED: Tone.WARN,
        BindingState.DISPATCHED: Tone.INFO,
        BindingState.RECEIVED: Tone.OK,
        BindingState.CANCELLED: Tone.NEUTRAL,
    }
)
OUTCOME_TONE: Mapping[BindingOutcome, Tone] = MappingProxyType(
    {
        BindingOutcome.BOUND: Tone.OK,
        BindingOutcome.MENDED: Tone.OK,
        BindingOutcome.UNBINDABLE: Tone.WARN,
        BindingOutcome.NOT_DONE: Tone.NEUTRAL,
        BindingOutcome.LOST: Tone.REFUSE,
    }
)
LOOKS: Mapping[BindingOutcome, str] = MappingProxyType(
    {
        BindingOutcome.BOUND: "ظاهر آن «سالم» ثبت شد.",
        BindingOutcome.MENDED: "ظاهر آن «سالم» ثبت شد.",
        BindingOutcome.UNBINDABLE: "می‌تواند وجین فرسوده شود (م ۴-۱-ج).",
    }
)
CONDITION_TONE: Mapping[Condition, Tone] = MappingProxyType(
    {Condition.WORN: Tone.WARN, Condition.DAMAGED: Tone.REFUSE, Condition.UNBINDABLE: Tone.REFUSE}
)
UNKNOWN_CODE = "برچسب را دوباره اسکن کنید، یا شمارهٔ ثبت را بنویسید."


def named(request: RequestFacts) -> str:
    """«درخواست ۱۴۰۵/۳»."""
    return f"درخواست {ltr(to_persian(request.written))}" if request.written else "پیش‌نویس درخواست"


def copy_of(copy: RowFacts | BindingCopy) -> str:
    """«جنگ و صلح، جلد ۲»."""
    return f"«{isolate(titled(copy.title, copy.volume_no))}»"


def term(line: RequestLine, today: dt.date) -> tuple[str, Tone]:
    """How much of its month a request has left (002 م13-7), or how it ended."""
    due = line.request.due_on
    if line.request.state not in (BindingState.REQUESTED, BindingState.DISPATCHED) or due is None:
        return BINDING_STATE[line.request.state], STATE_TONE[line.request.state]
    days = (due - today).days
    if days < 0:
        return f"{number(-days)} روز گذشته", Tone.REFUSE
    return ("مهلت امروز", Tone.WARN) if days == 0 else (f"{number(days)} روز مانده", Tone.NEUTRAL)


def after(row: RowFacts) -> str:
    """What follows for a copy that came back: where it goes now, and how it looks."""
    if row.status in WEEDED:
        return f"{ITEM_STATUS[row.status]} است: کنار بگذارید، به قفسه نمی‌رود (م ۸-۴)."
    if row.on_minutes_id is not None:
        return "در صورتجلسهٔ وجین است: کنار بگذارید تا پاسخ بیاید (م ۷-۴)."
    looks = LOOKS.get(row.outcome, "") if row.outcome else ""
    return " ".join(part for part in (f"وضعیت: {ITEM_STATUS[row.status]}.", looks) if part)


def here(row: RowFacts) -> tuple[str, Tone]:
    """How a listed copy looks; and where it is not on its shelf, where it is, since it cannot be handed over."""
    if row.on_minutes_id is not None:
        return "در صورتجلسه", Tone.REFUSE
    if row.kept:
        return "در قفسهٔ رزرو", Tone.REFUSE
    if stays_behind(row):
        return ITEM_STATUS[row.status], Tone.REFUSE
    return CONDITION[row.condition], CONDITION_TONE.get(row.condition, Tone.NEUTRAL)


def state_of(row: RowFacts) -> tuple[str, Tone]:
    """What became of a copy, or that it is away; before the books leave, whether it can go with them."""
    if row.sent_on is None:
        return here(row) if stays_behind(row) else ("آمادهٔ ارسال", Tone.NEUTRAL)
    if row.outcome is None:
        return "بازنگشته", Tone.INFO
    if row.stayed:
        return "فرستاده نشد", Tone.NEUTRAL
    return BINDING_OUTCOME[row.outcome], OUTCOME_TONE[row.outcome]


def became(once: BoundOnce) -> str:
    """What became of a copy on one request."""
    if once.stayed:
        return "فرستاده نشد"
    return BINDING_OUTCOME[once.outcome] if once.outcome else BINDING_STATE[once.request.state]


def season(clock: BindingClock) -> tuple[str, Tone]:
    """When the next request is owed (002 م13-4، م13-10)."""
    if clock.alarm:
        return "شش ماه است درخواستی نرفته (م ۱۳-۱۰)", Tone.REFUSE
    if clock.stocktake_on is not None:
        return "پس از رف‌خوانی، درخواست صحافی بدهید (م ۱۳-۴)", Tone.WARN
    if clock.season_passed:
        return "یک فصل است درخواستی نرفته است (م ۱۳-۴)", Tone.WARN
    last = f"آخرین درخواست: {jalali.day_month_year(clock.last_on)}" if clock.last_on else ""
    return (last, Tone.NEUTRAL) if last else ("", Tone.NEUTRAL)


def reasons(refusals: Sequence[Refusal]) -> tuple[Reason, ...]:
    """Every reason with its way out, for the panel."""
    return tuple(Reason(why(refusal), way_out=way_out(refusal)) for refusal in refusals)


def refused(refusals: Sequence[Refusal], title: str) -> Said:
    """Why something was not done."""
    told = tuple(f"{why(refusal)} {way_out(refusal)} " for refusal in refusals)
    return Said(Tone.REFUSE, title, told, Sound.REFUSED)


def unknown(code: str) -> Said:
    """A code that no copy carries."""
    return Said(Tone.REFUSE, "این شماره شناخته نشد", (f"{isolate(code)} · {UNKNOWN_CODE}",), Sound.REFUSED)
