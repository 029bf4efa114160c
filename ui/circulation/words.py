"""How outcomes of the desk are said on the banner, and how refusals become questions."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.circulation.facts import ItemFacts
from app.circulation.outcomes import (
    AlreadyLent,
    AlreadyReturned,
    CheckedIn,
    CheckedOut,
    LocalUse,
    Renewed,
    RenewedAll,
    ReturnNote,
)
from app.devices.scan import Flaw
from app.persian import jalali
from app.persian.digits import number
from app.refusal import Refusal, Weight
from app.wording import rule_words, way_out, why
from ui.circulation.rows import titled
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.labels import isolate
from ui.widgets.panel import Choice, Reason
from ui.widgets.runs import Part

YES, OVERRIDE, TAKE_BACK, CLOSE = "yes", "override", "take_back", "close"


@dataclass(frozen=True, slots=True)
class Said:
    """A banner: tone, one big line, details, the sound that goes with it, and what undo would take back."""

    tone: Tone
    title: str
    detail: tuple[Part | str, ...]
    sound: Sound
    undo: str = ""


def book(item: ItemFacts) -> str:
    """«سووشون»."""
    return f"«{isolate(titled(item.title, item.volume_no))}»"


def _about(item: ItemFacts) -> str:
    return " · ".join(part for part in (f"شماره ثبت {number(item.accession_no)}", item.main_creator) if part)


def _until(day: dt.date) -> Part:
    return Part(jalali.long(day), strong=True)


def lent(outcome: CheckedOut) -> Said:
    """A loan."""
    detail = (f"{_about(outcome.item)} · بازگشت تا ", _until(outcome.due_on))
    extra = (" · رزرو عضو انجام شد",) if outcome.filled_hold else ()
    title = f"امانت داده شد — {book(outcome.item)}"
    return Said(Tone.OK, title, (*detail, *extra), Sound.CHECKED_OUT, f"پس گرفتن امانت {book(outcome.item)}")


def already_lent(outcome: AlreadyLent) -> Said:
    """The scan came twice."""
    detail = (f"{_about(outcome.item)} · بازگشت تا ", _until(outcome.loan.due_on))
    return Said(Tone.INFO, f"همین چند لحظه پیش ثبت شد — {book(outcome.item)}", detail, Sound.CHECKED_OUT)


def taken_back(outcome: CheckedIn) -> Said:
    """A return."""
    parts = [_about(outcome.item)]
    if outcome.member is not None:
        parts.append(f"از {isolate(outcome.member.name)}")
    if outcome.days_late:
        parts.append(f"{number(outcome.days_late)} روز دیرکرد")
    if outcome.fine:
        parts.append(f"جریمه {number(outcome.fine)} ریال")
    if outcome.restricted_until is not None:
        parts.append(f"محروم تا {jalali.day_month_year(outcome.restricted_until)}")
    set_aside = _set_aside(outcome.hold_for.name if outcome.hold_for else None, outcome.notes)
    tone = Tone.WARN if outcome.notes else Tone.OK
    sound = Sound.ATTENTION if outcome.notes else Sound.CHECKED_IN
    title = f"بازگشت — {book(outcome.item)}{set_aside}"
    return Said(tone, title, (" · ".join(parts),), sound, f"واگرد بازگشت {book(outcome.item)}")


def _set_aside(hold_for: str | None, notes: Sequence[ReturnNote]) -> str:
    if hold_for is not None:
        return f" · برای {isolate(hold_for)} کنار بگذارید"
    if ReturnNote.ON_WEEDING_MINUTES in notes:
        return " · در فهرست وجین است؛ کنار بگذارید"
    return ""


def used(outcome: LocalUse) -> Said:
    """Use in the hall."""
    found = ReturnNote.LOST_FOUND in outcome.notes
    set_aside = _set_aside(outcome.hold_for.name if outcome.hold_for else None, outcome.notes)
    what = "پیدا شد و موجود شد" if found else "استفاده در محل شمرده شد"
    tone, sound = (Tone.WARN, Sound.ATTENTION) if outcome.notes else (Tone.INFO, Sound.CHECKED_IN)
    detail = (f"{_about(outcome.item)} · در امانت نبود",)
    return Said(tone, f"{what} — {book(outcome.item)}{set_aside}", detail, sound, f"واگرد شمارش {book(outcome.item)}")


def already_returned(outcome: AlreadyReturned) -> Said:
    """The scan came twice."""
    return Said(Tone.INFO, f"همین چند لحظه پیش برگشت — {book(outcome.item)}", (_about(outcome.item),), Sound.CHECKED_IN)


def renewed(outcome: Renewed) -> Said:
    """A renewal."""
    detail = (f"{_about(outcome.item)} · بار {number(outcome.count)} · بازگشت تا ", _until(outcome.due_on))
    return Said(
        Tone.OK, f"تمدید شد — {book(outcome.item)}", detail, Sound.CHECKED_OUT, f"واگرد تمدید {book(outcome.item)}"
    )


def renewed_all(outcome: RenewedAll) -> Said:
    """All loans of a reader, in numbers."""
    done = [line for line in outcome.lines if isinstance(line, Renewed)]
    if not outcome.lines:
        return Said(Tone.INFO, "عضو امانتی ندارد", (), Sound.ATTENTION)
    whole = len(done) == len(outcome.lines)
    title = f"{number(len(done))} از {number(len(outcome.lines))} امانت تمدید شد"
    undo = "واگرد تمدیدها" if done else ""
    return Said(Tone.OK if whole else Tone.WARN, title, (), Sound.CHECKED_OUT if done else Sound.REFUSED, undo)


def reasons(refusals: Sequence[Refusal], categories: Mapping[str, str]) -> tuple[Reason, ...]:
    """Every reason with its rule and the way out; the ceiling of a national id is not told beside the same ceiling."""
    codes = {refusal.code for refusal in refusals}
    told = [refusal for refusal in refusals if not (refusal.code == "limit.national_id" and "limit.total" in codes)]
    return tuple(Reason(why(refusal), _rule(refusal, categories), way_out(refusal)) for refusal in told)


def _rule(refusal: Refusal, categories: Mapping[str, str]) -> str:
    return f"قاعده: {rule_words(refusal.rule, categories)}" if refusal.rule else ""


def choices(refusals: Sequence[Refusal]) -> tuple[Choice, ...]:
    """What may be done about a refused loan, with the key of each. Never Enter, which every scanner sends."""
    found = []
    if all(refusal.weight is Weight.CONFIRM for refusal in refusals):
        renewing = any(refusal.code == "item.on_loan_same_member" for refusal in refusals)
        found.append(Choice(YES, "تمدید شود" if renewing else "بله، امانت بده", "Ctrl+Shift+Y", "primary"))
    elif all(refusal.overridable or refusal.weight is Weight.CONFIRM for refusal in refusals):
        found.append(Choice(OVERRIDE, "امانت با اجازه", "Ctrl+Shift+A", "danger"))
    if any(refusal.code in ("item.on_loan", "item.on_loan_same_member") for refusal in refusals):
        found.append(Choice(TAKE_BACK, "پس گرفتن کتاب", "Ctrl+Shift+R"))
    return (*found, Choice(CLOSE, "باشد", "Esc"))


OVERRIDE_REASONS = (
    Choice("به تشخیص کتابدار", "به تشخیص کتابدار", "Ctrl+1"),
    Choice("نیاز تحصیلی یا پژوهشی", "نیاز تحصیلی یا پژوهشی", "Ctrl+2"),
    Choice("کتاب دیگر همراه عضو است", "کتاب دیگر همراه عضو است", "Ctrl+3"),
    Choice("ثبت پیشین نادرست است", "ثبت پیشین نادرست است", "Ctrl+4"),
    Choice(CLOSE, "انصراف", "Esc"),
)

FLAWS = {
    Flaw.EMPTY: "چیزی خوانده نشد؛ دوباره اسکن کنید.",
    Flaw.TOO_LONG: "بلندتر از ۶۴ نویسه است؛ بارکد دیگری اسکن شده است.",
    Flaw.CONTROL_CHARACTER: "نویسه‌های پنهان دارد؛ دوباره اسکن کنید یا شماره را بنویسید.",
    Flaw.BIDI_CONTROL: "نویسه‌های پنهان دارد؛ دوباره اسکن کنید یا شماره را بنویسید.",
    Flaw.FOREIGN_CHARACTER: "نویسه‌ای دارد که در شمارهٔ کارت و نسخه نیست؛ شماره را بنویسید.",
    Flaw.UNFINISHED: "کد ناتمام رسید؛ دوباره اسکن کنید.",
}
