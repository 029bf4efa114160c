"""How outcomes of weeding are said on the banner, and how refusals become questions."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.persian.digits import number, to_persian
from app.refusal import Refusal, Weight
from app.weeding.explain import in_order
from app.weeding.facts import CopyFacts, House, Proposal
from app.weeding.service import AlreadyListed, Finalised, Listed
from app.wording import rule_words, way_out, why
from db.codes import WeedingReason
from ui.circulation.rows import titled
from ui.circulation.words import Said
from ui.sounds import Sound
from ui.theme import Tone
from ui.weeding.rows import MINUTES_NAME, Stand, WorkLine
from ui.widgets.jalali_edit import WRONG_DATE
from ui.widgets.labels import isolate
from ui.widgets.panel import Choice, Reason

YES, CLOSE = "yes", "close"
YES_KEY, FREEZE_KEY = "Ctrl+Shift+Y", "Ctrl+Enter"
CLOSE_ONLY = (Choice(CLOSE, "باشد", "Esc"),)


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """A refusal that a text lifts, some with a day: what both are called, and where in the proposal they go.
    `of_catalogue`: it may be a book of the catalogue instead."""

    label: str
    fill: Callable[[Proposal, str, dt.date | None], Proposal]
    day_label: str = ""
    of_catalogue: bool = False


PERMIT = TextAnswer(
    "شمارهٔ مجوز معاونت",
    lambda made, text, day: replace(made, permit_no=text, permit_on=day),
    "تاریخ مجوز معاونت",
)
TEXT_ANSWERS: Mapping[str, TextAnswer] = {
    "weeding.permit_needed": PERMIT,
    "weeding.permit_ahead": PERMIT,
    "weeding.replacement_needed": TextAnswer(
        "عنوان جایگزین", lambda made, text, _: replace(made, remark=text), of_catalogue=True
    ),
    "weeding.remark_needed": TextAnswer("چرا شایستگی ندارد؟", lambda made, text, _: replace(made, remark=text)),
}
DAY_MISSING = Said(Tone.WARN, "تاریخ آن چیست؟", (WRONG_DATE,), Sound.ATTENTION)

_GUIDE: Mapping[WeedingReason, tuple[str, ...]] = {
    WeedingReason.CONTENT: (
        "کهنه و منسوخ شدن محتوا (م ۴-۱-الف): ویرایش‌های جدیدتر جای این منابع را می‌گیرند.",
        "معیار را کنار خانهٔ اسکن برگزینید (م ۴-۲).",
    ),
    WeedingReason.WORN: (
        "فرسودگی و نقصان (م ۴-۱-ج): نسخه‌ای که صحافی و مرمت نمی‌شود، یا پاره و مخدوش است.",
        "منبعی که صحافی می‌خواهد در این گروه نیست.",
    ),
    WeedingReason.DUPLICATE: (
        "نسخه‌های متعدد (م ۴-۱-ب): آنچه از {kept} نسخهٔ نخست عنوان بیشتر است، بسته به شمار امانت آن.",
        "{kept} نسخهٔ نخست هیچ عنوانی مازاد نیست.",
    ),
    WeedingReason.NO_AUDIENCE: (
        "عدم استفاده (م ۴-۱-د): دست‌کم {years} سال از آن استفاده نشده باشد.",
        "تنها اگر کتابخانه کمبود فضای مخزن دارد.",
    ),
}


def guide(reason: WeedingReason, house: House) -> tuple[str, ...]:
    """What belongs on minutes of this reason, by the figures of the library's guideline."""
    years, kept = number(house.idle_years), number(house.copies_kept)
    return tuple(in_order(line.format(years=years, kept=kept)) for line in _GUIDE[reason])


def book(copy: CopyFacts) -> str:
    """«سووشون»."""
    return f"«{isolate(titled(copy.title, copy.volume_no))}»"


def about(copy: CopyFacts) -> str:
    """Number and author."""
    creator = isolate(copy.main_creator) if copy.main_creator else ""
    return " · ".join(part for part in (f"شماره ثبت {number(copy.accession_no)}", creator) if part)


def listed(outcome: Listed, reason: WeedingReason) -> Said:
    """A copy now stands on the draft."""
    detail = (f"{about(outcome.copy)} · ردیف {number(outcome.position)} از {MINUTES_NAME[reason]}",)
    undo = f"برداشتن {book(outcome.copy)} از فهرست"
    return Said(Tone.OK, f"در فهرست نوشته شد — {book(outcome.copy)}", detail, Sound.CHECKED_IN, undo)


def already_listed(outcome: AlreadyListed) -> Said:
    """The scan came twice."""
    detail = (about(outcome.copy),)
    return Said(Tone.INFO, f"از پیش در همین فهرست است — {book(outcome.copy)}", detail, Sound.CHECKED_IN)


def struck(outcome: Listed) -> Said:
    """A copy is off the draft again."""
    detail = (about(outcome.copy),)
    undo = f"برگرداندن {book(outcome.copy)} به فهرست"
    return Said(Tone.INFO, f"از فهرست برداشته شد — {book(outcome.copy)}", detail, Sound.CHECKED_IN, undo)


def frozen(outcome: Finalised, reason: WeedingReason) -> Said:
    """The minutes have their number."""
    detail = (f"{MINUTES_NAME[reason]} · {number(outcome.rows)} نسخه · {number(outcome.pages)} صفحه",)
    return Said(Tone.OK, f"صورتجلسهٔ {to_persian(outcome.number)} نهایی شد", detail, Sound.CHECKED_OUT)


def refused(copy: CopyFacts, *, question: bool) -> Said:
    """A copy is not put on the draft, or not yet."""
    if question:
        return Said(Tone.WARN, f"نیاز به پاسخ شما — {book(copy)}", (about(copy),), Sound.ATTENTION)
    return Said(Tone.REFUSE, f"در فهرست نوشته نشد — {book(copy)}", (about(copy),), Sound.REFUSED)


def unknown(code: str) -> Said:
    """Nothing carries this code."""
    detail = (f"{isolate(code)} · برچسب را دوباره اسکن کنید، یا شمارهٔ ثبت را بنویسید.",)
    return Said(Tone.REFUSE, "نسخه‌ای با این شماره نیست", detail, Sound.REFUSED)


def shown(line: WorkLine) -> Said:
    """A copy was scanned to be looked at."""
    stands = {
        Stand.LISTED: "در فهرست است",
        Stand.PROPOSED: "می‌تواند در فهرست بیاید",
        Stand.EXEMPT: "در این فهرست نمی‌آید",
    }
    sound = Sound.REFUSED if line.stand is Stand.EXEMPT else Sound.CHECKED_IN
    detail = (f"شماره ثبت {number(line.accession_no)} · {line.why}",)
    return Said(_SHOWN_TONE[line.stand], f"{stands[line.stand]} — «{isolate(line.title)}»", detail, sound)


SEEKING = ("پیشنهادها خوانده می‌شود…", "می‌توانید اسکن کنید؛ فهرست از کار نمی‌ایستد.", "recycle")
NOTHING_PROPOSED = (
    "نسخه‌ای برای این صورتجلسه پیشنهاد نمی‌شود",
    "برچسب نسخه را اسکن کنید یا شمارهٔ ثبت را بنویسید تا در فهرست نوشته شود.",
    "barcode",
)
_SHOWN_TONE = {Stand.LISTED: Tone.OK, Stand.PROPOSED: Tone.INFO, Stand.EXEMPT: Tone.WARN}
UNREADABLE = Said(Tone.REFUSE, "بارکد ناخوانا", ("دوباره اسکن کنید یا شمارهٔ ثبت را بنویسید.",), Sound.REFUSED)
ANSWER_FIRST = Said(Tone.WARN, "نخست به پرسش پاسخ دهید", ("سپس صورتجلسهٔ دیگری را برگزینید.",), Sound.ATTENTION)


def reasons(refusals: Sequence[Refusal]) -> tuple[Reason, ...]:
    """Every reason with its article, its numbers and the way out."""
    return tuple(Reason(in_order(why(refusal)), _rule(refusal), in_order(way_out(refusal))) for refusal in refusals)


def _rule(refusal: Refusal) -> str:
    return in_order(rule_words(refusal.rule, {})) if refusal.rule else ""


def is_answerable(refusals: Sequence[Refusal]) -> bool:
    """Whether a tick or a text of the librarian lifts all of it."""
    return all(refusal.weight is Weight.CONFIRM or refusal.code in TEXT_ANSWERS for refusal in refusals)


def text_answer(refusals: Sequence[Refusal]) -> TextAnswer | None:
    """The text to ask for, one at a time."""
    return next((TEXT_ANSWERS[refusal.code] for refusal in refusals if refusal.code in TEXT_ANSWERS), None)


def question_title(copy: CopyFacts, reason: WeedingReason, *, question: bool) -> str:
    """What the panel says above the reasons."""
    name = MINUTES_NAME[reason]
    return f"{book(copy)} در {name} نوشته شود؟" if question else f"{book(copy)} در {name} نوشته نمی‌شود"
