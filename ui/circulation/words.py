"""How outcomes of the desk are said on the banner, and how refusals become questions."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from app.actions import HEAD_OVERRIDES, LIBRARIAN_OVERRIDES
from app.circulation.facts import ItemFacts, LoanFacts
from app.circulation.lost.facts import Refund
from app.circulation.outcomes import (
    AlreadyLent,
    AlreadyReturned,
    CheckedIn,
    CheckedOut,
    LocalUse,
    OfOtherBranch,
    Renewed,
    RenewedAll,
    ReturnNote,
    Several,
    TakenBackFirst,
)
from app.persian import jalali
from app.persian.digits import number
from app.refusal import Note, NoteWeight, Refusal, Weight
from app.wording import note_words, rule_words, way_out, why
from ui import said
from ui.circulation.rows import titled
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.labels import isolate
from ui.widgets.panel import Choice, Reason
from ui.widgets.runs import Part

# What the card beside the list shows in colour all the time is no news with every book.
ON_THE_CARD = frozenset({"member.debt", "member.overdues"})
YES, OVERRIDE, TAKE_BACK, CLOSE = "yes", "override", "take_back", "close"
RETURN_ALERTS: Mapping[ReturnNote, str] = {
    ReturnNote.ON_WEEDING_MINUTES: "در صورتجلسهٔ وجین است؛ آن را به قفسه برنگردانید.",
    ReturnNote.WEED_ON_RETURN: "وجین آن تأیید شده است؛ کنار بگذارید.",
    ReturnNote.LOST_FOUND: "گم‌شده ثبت شده بود؛ پیدا شدن آن ثبت شد.",
    ReturnNote.ARRIVED: "در راه بود؛ رسیدن آن ثبت شد.",
    ReturnNote.BACK_FROM_BINDING: "از صحافی برگشت و موجود شد.",
    ReturnNote.CLAIM_RESOLVED: "عضو گفته بود آن را برگردانده است؛ اکنون برگشت.",
    ReturnNote.BAN_LIFTED: "آخرین کتاب دیرکرددار بود؛ محرومیت عضو برداشته شد.",
    ReturnNote.PARTS: "پیوست دارد؛ پیوست‌ها را بشمارید.",
    ReturnNote.MISSING_PARTS: "کم بودن پیوست روی نسخه و امانت نوشته شد.",
    ReturnNote.CLOCK_DOUBTFUL: "تاریخ رایانه درست نیست؛ جریمه‌ای حساب نشد.",
}


Said: TypeAlias = said.Said
FLAWS = said.FLAWS


def apart(whole: Said) -> Said:
    """The same with what is worth knowing only where it has a place of its own, not in the line of details."""
    told = tuple(f" · {line}" for line in (*whole.alerts, *whole.messages))
    return replace(whole, detail=tuple(part for part in whole.detail if part not in told))


def book(item: ItemFacts) -> str:
    """«سووشون»."""
    return f"«{isolate(titled(item.title, item.volume_no))}»"


def _about(item: ItemFacts) -> str:
    return " · ".join(part for part in (f"شماره ثبت {number(item.accession_no)}", item.main_creator) if part)


def _until(day: dt.date) -> Part:
    return Part(jalali.long(day), strong=True)


def lent(outcome: CheckedOut) -> Said:
    """A loan."""
    detail: list[Part | str] = [f"{_about(outcome.item)} · بازگشت تا ", _until(outcome.due_on)]
    if outcome.card_of is not None:
        detail.append(f" · با کارت {isolate(outcome.card_of.name)}")
    if outcome.filled_hold:
        detail.append(" · رزرو عضو انجام شد")
    first = _taken_back_first(outcome)
    heard = [note for note in outcome.notes if not (first and note.code == "loan.returned_first")]
    alerts = (*first, *_told(heard, NoteWeight.ALERT))
    messages = _told(heard, NoteWeight.MESSAGE)
    title = f"امانت داده شد — {book(outcome.item)}"
    new = first or any(note.weight is NoteWeight.ALERT and note.code not in ON_THE_CARD for note in heard)
    tone, sound = (Tone.WARN, Sound.ATTENTION) if new else (Tone.OK, Sound.CHECKED_OUT)
    return _with_notes(
        Said(tone, title, tuple(detail), sound, f"پس گرفتن امانت {book(outcome.item)}"), alerts, messages
    )


def _taken_back_first(outcome: CheckedOut) -> tuple[str, ...]:
    """From whom the copy came off first, and what that cost; a reader's own loan in the hall is told by a note."""
    first: TakenBackFirst | None = outcome.taken_back
    if first is None or first.member is None or first.member.id == outcome.member.id:
        return ()
    late = (f"{number(first.days_late)} روز دیرکرد",) if first.days_late else ()
    fine = (f"جریمه {number(first.fine)} ریال",) if first.fine else ()
    ban = (f"محروم تا {jalali.day_month_year(first.restricted_until)}",) if first.restricted_until else ()
    return (" · ".join((f"نخست از {isolate(first.member.name)} پس گرفته شد", *late, *fine, *ban)),)


def _told(notes: Sequence[Note], weight: NoteWeight) -> tuple[str, ...]:
    return tuple(note_words(note) for note in notes if note.weight is weight)


def _with_notes(said: Said, alerts: Sequence[str], messages: Sequence[str] = ()) -> Said:
    told = tuple(f" · {line}" for line in (*alerts, *messages))
    return replace(said, detail=(*said.detail, *told), alerts=tuple(alerts), messages=tuple(messages))


def unlabelled(outcome: Several | OfOtherBranch) -> Said:
    """A code that no single copy of this library carries."""
    if isinstance(outcome, OfOtherBranch):
        title = f"از آنِ {isolate(outcome.branch)} است؛ همان‌جا فرستاده شود"
        return Said(Tone.WARN, title, (isolate(outcome.title or outcome.key),), Sound.ATTENTION)
    numbers = "، ".join(number(copy.accession_no) for copy in outcome.copies)
    title = "چند نسخه با این شابک هست؛ نسخه‌ای را که در دست دارید برگزینید"
    return Said(Tone.WARN, title, (f"شماره‌های ثبت: {numbers}",), Sound.ATTENTION)


def already_lent(outcome: AlreadyLent) -> Said:
    """The scan came twice."""
    detail = (f"{_about(outcome.item)} · بازگشت تا ", _until(outcome.loan.due_on))
    return Said(Tone.INFO, f"همین چند لحظه پیش ثبت شد — {book(outcome.item)}", detail, Sound.CHECKED_OUT)


def just_renewed(item: ItemFacts, loan: LoanFacts) -> Said:
    """The renewal came twice."""
    detail = (f"{_about(item)} · بازگشت تا ", _until(loan.due_on))
    return Said(Tone.INFO, f"همین امروز تمدید شده است — {book(item)}", detail, Sound.CHECKED_OUT)


def taken_back(outcome: CheckedIn) -> Said:
    """A return."""
    parts = [_about(outcome.item)]
    if outcome.member is not None:
        parts.append(f"از {isolate(outcome.member.name)}")
    if outcome.days_late:
        parts.append(f"{number(outcome.days_late)} روز دیرکرد")
    if outcome.fine:
        parts.append(f"جریمه {number(outcome.fine)} ریال")
    if outcome.forgiven:
        parts.append(f"{number(outcome.forgiven)} ریال بخشوده شد")
    if outcome.restricted_until is not None:
        parts.append(f"محروم تا {jalali.day_month_year(outcome.restricted_until)}")
    set_aside = _set_aside(outcome.hold_for.name if outcome.hold_for else None, outcome.notes)
    warned = bool(outcome.notes or outcome.alerts)
    tone, sound = (Tone.WARN, Sound.ATTENTION) if warned else (Tone.OK, Sound.CHECKED_IN)
    title = f"بازگشت — {book(outcome.item)}{set_aside}"
    said = Said(tone, title, (" · ".join(parts),), sound, f"واگرد بازگشت {book(outcome.item)}")
    return _with_notes(said, (*_return_alerts(outcome), *_credit(outcome.credit)))


def _return_alerts(outcome: CheckedIn | LocalUse) -> tuple[str, ...]:
    """What is to be done about a copy that came back, and what somebody wrote about it or its reader."""
    told = tuple(RETURN_ALERTS[note] for note in outcome.notes if note in RETURN_ALERTS)
    return (*told, *refund_words(outcome.refund), *(note_words(note) for note in outcome.alerts))


def refund_words(refund: Refund) -> tuple[str, ...]:
    """What the find of a lost copy gave back."""
    whose = f" از {isolate(refund.member.name)}" if refund.member is not None else ""
    cancelled = f"{number(refund.cancelled)} ریال بهای کتاب{whose} دیگر خواسته نمی‌شود."
    credit = f"{number(refund.credit)} ریال که برای آن پرداخت شده بود، پول عضو نزد کتابخانه است."
    return (*((cancelled,) if refund.cancelled else ()), *((credit,) if refund.credit else ()))


def _credit(credit: int) -> tuple[str, ...]:
    return (f"{number(credit)} ریال بیش از جریمه پرداخت شده بود و پول عضو نزد کتابخانه است.",) if credit else ()


def _set_aside(hold_for: str | None, notes: Sequence[ReturnNote]) -> str:
    if hold_for is not None:
        return f" · برای {isolate(hold_for)} کنار بگذارید"
    if ReturnNote.ON_WEEDING_MINUTES in notes:
        return " · در فهرست وجین است؛ کنار بگذارید"
    if ReturnNote.WEED_ON_RETURN in notes:
        return " · وجین آن تأیید شده است؛ کنار بگذارید"
    return ""


def used(outcome: LocalUse) -> Said:
    """Use in the hall, or a copy that came to light."""
    set_aside = _set_aside(outcome.hold_for.name if outcome.hold_for else None, outcome.notes)
    title = f"{_what_became(outcome)} — {book(outcome.item)}{set_aside}"
    warned = bool(outcome.notes or outcome.alerts)
    tone, sound = (Tone.WARN, Sound.ATTENTION) if warned else (Tone.INFO, Sound.CHECKED_IN)
    changed = outcome.counted or bool(outcome.notes)
    undo = f"واگرد شمارش {book(outcome.item)}" if changed else ""
    said = Said(tone, title, (f"{_about(outcome.item)} · در امانت نبود",), sound, undo)
    return _with_notes(said, _return_alerts(outcome))


def _what_became(outcome: LocalUse) -> str:
    words = {
        ReturnNote.BACK_FROM_BINDING: "از صحافی برگشت",
        ReturnNote.ARRIVED: "رسید",
        ReturnNote.LOST_FOUND: "پیدا شد و موجود شد",
    }
    found = next((text for note, text in words.items() if note in outcome.notes), "")
    return found or ("استفاده در محل شمرده شد" if outcome.counted else "در امانت نیست")


def already_returned(outcome: AlreadyReturned) -> Said:
    """The scan came twice, or parts of the copy were only now found to be missing."""
    if outcome.missing_parts:
        charged = f" · {number(outcome.damage)} ریال به حساب عضو نوشته شد" if outcome.damage else ""
        detail = (f"{_about(outcome.item)} · نیست: {isolate(outcome.missing_parts)}{charged}",)
        undo = f"واگرد کم بودن پیوست {book(outcome.item)}"
        return Said(Tone.WARN, f"پیوست کم است — {book(outcome.item)}", detail, Sound.ATTENTION, undo)
    return Said(Tone.INFO, f"همین چند لحظه پیش برگشت — {book(outcome.item)}", (_about(outcome.item),), Sound.CHECKED_IN)


def renewed(outcome: Renewed) -> Said:
    """A renewal."""
    detail = (f"{_about(outcome.item)} · بار {number(outcome.count)} · بازگشت تا ", _until(outcome.due_on))
    fined = (f"{number(outcome.days_late)} روز دیرکرد · جریمه {number(outcome.fine)} ریال",) if outcome.fine else ()
    undo = f"واگرد تمدید {book(outcome.item)}"
    return _with_notes(Said(Tone.OK, f"تمدید شد — {book(outcome.item)}", detail, Sound.CHECKED_OUT, undo), fined)


def renewed_all(outcome: RenewedAll) -> Said:
    """All loans of a reader, in numbers."""
    done = [line for line in outcome.lines if isinstance(line, Renewed) or line.just_renewed]
    if not outcome.lines:
        return Said(Tone.INFO, "عضو امانتی ندارد", (), Sound.ATTENTION)
    whole = len(done) == len(outcome.lines)
    title = f"{number(len(done))} از {number(len(outcome.lines))} امانت تمدید شد"
    undo = "واگرد تمدیدها" if any(isinstance(line, Renewed) for line in done) else ""
    return Said(Tone.OK if whole else Tone.WARN, title, (), Sound.CHECKED_OUT if done else Sound.REFUSED, undo)


def reasons(refusals: Sequence[Refusal], categories: Mapping[str, str]) -> tuple[Reason, ...]:
    """Every reason with its rule and the way out; the ceiling of a national id is not told beside the same ceiling."""
    codes = {refusal.code for refusal in refusals}
    told = [refusal for refusal in refusals if not (refusal.code == "limit.national_id" and "limit.total" in codes)]
    return tuple(Reason(why(refusal), _rule(refusal, categories), _way_out(refusal)) for refusal in told)


def _way_out(refusal: Refusal) -> str:
    """What can be done; where this person may not lift it, who may."""
    if refusal.overridable or refusal.final or refusal.weight is Weight.CONFIRM or refusal.code not in HEAD_OVERRIDES:
        return way_out(refusal)
    who = "کتابدار" if refusal.code in LIBRARIAN_OVERRIDES else "تنها مسئول کتابخانه"
    return f"{way_out(refusal)} {who} می‌تواند آن را با نوشتن دلیل نادیده بگیرد."


def _rule(refusal: Refusal, categories: Mapping[str, str]) -> str:
    return f"قاعده: {rule_words(refusal.rule, categories)}" if refusal.rule else ""


def choices(refusals: Sequence[Refusal]) -> tuple[Choice, ...]:
    """What may be done about a refused loan, with the key of each. Never Enter, which every scanner sends."""
    found, codes = [], {refusal.code for refusal in refusals}
    if all(refusal.weight is Weight.CONFIRM for refusal in refusals):
        found.append(Choice(YES, _yes(codes), "Ctrl+Shift+Y", "primary"))
    elif all(refusal.overridable or refusal.weight is Weight.CONFIRM for refusal in refusals):
        found.append(Choice(OVERRIDE, "امانت با اجازه", "Ctrl+Shift+A", "danger"))
    if codes & ON_A_CARD:
        found.append(Choice(TAKE_BACK, "فقط پس گرفتن کتاب", "Ctrl+Shift+R"))
    return (*found, Choice(CLOSE, "باشد", "Esc"))


ON_A_CARD = frozenset({"item.on_loan", "item.on_loan_same_member", "item.claimed_returned"})


def _yes(codes: set[str]) -> str:
    """The yes, in the words of what follows from it."""
    if "item.on_loan_same_member" in codes:
        return "تمدید شود"
    if codes & ON_A_CARD:
        return "پس بگیر و امانت بده"
    only = {
        frozenset({"item.parts"}): "شمردم؛ امانت بده",
        frozenset({"member.alert"}): "خواندم؛ امانت بده",
        frozenset({"item.alert"}): "خواندم؛ امانت بده",
    }
    return only.get(frozenset(codes), "بله، امانت بده")


def return_choices(refusals: Sequence[Refusal]) -> tuple[Choice, ...]:
    """What may be done about a copy that was not simply taken back."""
    close = Choice(CLOSE, "باشد", "Esc")
    if all(refusal.weight is Weight.CONFIRM for refusal in refusals):
        return (Choice(YES, "بله، پس بگیر", "Ctrl+Shift+Y", "primary"), close)
    return (close,)


OVERRIDE_REASONS = (
    Choice("به تشخیص کتابدار", "به تشخیص کتابدار", "Ctrl+1"),
    Choice("نیاز تحصیلی یا پژوهشی", "نیاز تحصیلی یا پژوهشی", "Ctrl+2"),
    Choice("کتاب دیگر همراه عضو است", "کتاب دیگر همراه عضو است", "Ctrl+3"),
    Choice("ثبت پیشین نادرست است", "ثبت پیشین نادرست است", "Ctrl+4"),
    Choice(CLOSE, "انصراف", "Esc"),
)
