"""How shelf-reading is spoken of: findings with tone and sound, refusals, ranges."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import assert_never

from app.circulation.outcomes import CardInstead, OfOtherBranch
from app.clock import TEHRAN
from app.labels import CONDITION, ITEM_STATUS, STOCKTAKE_FINDING
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.refusal import Refusal
from app.stocktake.applying import Back
from app.stocktake.facts import Between, Holder, IsbnInstead, Scanned, ShelfCopy, Stranger
from app.wording import way_out, why
from db.codes import Condition, StocktakeFinding
from reports.stocktake import stranger_words
from ui.said import Said
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.labels import isolate, ltr
from ui.widgets.panel import Reason

YES_KEY = "Ctrl+Shift+Y"
FINDING: Mapping[StocktakeFinding, tuple[str, Tone, Sound]] = MappingProxyType(
    {
        StocktakeFinding.IN_PLACE: ("سر جای خود", Tone.OK, Sound.CHECKED_IN),
        StocktakeFinding.MISPLACED: ("جابه‌جا", Tone.WARN, Sound.ATTENTION),
        StocktakeFinding.ELSEWHERE: ("از قفسه‌ای دیگر", Tone.WARN, Sound.ATTENTION),
        StocktakeFinding.FOUND_LOST: ("پیدا شد", Tone.INFO, Sound.ATTENTION),
        StocktakeFinding.ON_LOAN: ("در امانت است", Tone.REFUSE, Sound.REFUSED),
        StocktakeFinding.WEEDED: ("وجین شده است", Tone.REFUSE, Sound.REFUSED),
        StocktakeFinding.AWAY: ("بیرون از قفسه ثبت شده است", Tone.WARN, Sound.ATTENTION),
        StocktakeFinding.AGAIN: ("پیش‌تر خوانده شده بود", Tone.NEUTRAL, Sound.CHECKED_IN),
        StocktakeFinding.UNKNOWN: ("برچسب ناشناخته", Tone.REFUSE, Sound.REFUSED),
    }
)
MOST_KEPT = 5
CONDITIONS = (
    (Condition.NEW, "Ctrl+1"),
    (Condition.GOOD, "Ctrl+2"),
    (Condition.WORN, "Ctrl+3"),
    (Condition.DAMAGED, "Ctrl+4"),
    (Condition.UNBINDABLE, "Ctrl+5"),
)


def said_of(scanned: Scanned) -> Said:
    """The banner of a scan: what was found, and what to do with the book in the hand."""
    words, tone, sound = FINDING[scanned.finding]
    title = f"{words} — {isolate(titled(scanned.copy))}" if scanned.copy else words
    return Said(tone, title, (_detail(scanned),), sound)


def titled(copy: ShelfCopy) -> str:
    """Title and volume."""
    return f"{copy.title}، جلد {to_persian(copy.volume_no)}" if copy.volume_no else copy.title


def _detail(scanned: Scanned) -> str:
    copy = scanned.copy
    if copy is None:
        return f"{ltr(scanned.code)} · {_strange(scanned.stranger)}"
    return DETAILS[scanned.finding](scanned, copy)


def _strange(stranger: Stranger | None) -> str:
    """What the code is, and what to do with what is in the hand."""
    match stranger:
        case OfOtherBranch():
            return f"{stranger_words(stranger)}. کنار بگذارید تا به آن‌جا فرستاده شود."
        case IsbnInstead():
            return f"{stranger_words(stranger)}. برچسب کتابخانه را اسکن کنید، یا شمارهٔ ثبتش را بنویسید."
        case CardInstead():
            return f"{stranger_words(stranger)}. کنار بگذارید؛ کارت پیداشده است."
        case None:
            return "نسخه‌ای با این بارکد یا شمارهٔ ثبت نیست. کد نگه داشته شد؛ کتاب را کنار بگذارید."
        case _:
            assert_never(stranger)


def _in_place(_: Scanned, copy: ShelfCopy) -> str:
    place = ltr(copy.call_number) if copy.call_number else "بی‌شمارهٔ راهنما"
    listed = " · در صورتجلسهٔ وجین است" if copy.on_minutes_id else ""
    return f"{place} · شمارهٔ ثبت {number(copy.accession_no, grouped=False)}{listed}"


def _misplaced(scanned: Scanned, _: ShelfCopy) -> str:
    return between_words(scanned.belongs)


def _elsewhere(scanned: Scanned, _: ShelfCopy) -> str:
    wanted = f"در محدودهٔ «{isolate(scanned.elsewhere)}» است" if scanned.elsewhere else "در این محدوده نیست"
    return f"{wanted} · {between_words(scanned.belongs)}"


def _found(_: Scanned, copy: ShelfCopy) -> str:
    return f"ثبت شده بود: {ITEM_STATUS[copy.status]} · با پایان رف‌خوانی موجود می‌شود."


def _lent(scanned: Scanned, _: ShelfCopy) -> str:
    return f"{holder_words(scanned.holder)} · در پایان می‌توانید بازگشتش را بی‌جریمه ثبت کنید."


def holder_words(holder: Holder | None) -> str:
    """Who has a copy by the books, and until when."""
    if holder is None:
        return "در امانت"
    name = isolate(holder.member.name) if holder.member else "عضوی که دیگر نیست"
    return f"نزد {name} تا {jalali.short(holder.due_on)}"


def _weeded(_: Scanned, copy: ShelfCopy) -> str:
    law = "کتاب موجود در مخزن نباید وجین باشد (م ۸-۴)؛ در پایان می‌توانید آن را بازگردانید."
    return f"{ITEM_STATUS[copy.status]} · {law}"


def _away(_: Scanned, copy: ShelfCopy) -> str:
    where = "نزد صحافی" if copy.at_bindery else ITEM_STATUS[copy.status]
    return f"{where} · در پایان می‌توانید آن را موجود کنید."


def _before(scanned: Scanned, _: ShelfCopy) -> str:
    first = scanned.read_before
    if first is None:
        return "یک بار شمرده شد."
    when = to_persian(first.at.astimezone(TEHRAN).strftime("%H:%M"))
    told = f"{STOCKTAKE_FINDING[first.finding]} در ساعت {when}، بارکدخوان {number(first.scanner)} · یک بار شمرده شد"
    return f"{told} · {between_words(scanned.belongs)}" if scanned.belongs else told


DETAILS: Mapping[StocktakeFinding, Callable[[Scanned, ShelfCopy], str]] = MappingProxyType(
    {
        StocktakeFinding.IN_PLACE: _in_place,
        StocktakeFinding.MISPLACED: _misplaced,
        StocktakeFinding.ELSEWHERE: _elsewhere,
        StocktakeFinding.FOUND_LOST: _found,
        StocktakeFinding.ON_LOAN: _lent,
        StocktakeFinding.WEEDED: _weeded,
        StocktakeFinding.AWAY: _away,
        StocktakeFinding.AGAIN: _before,
    }
)


def between_words(belongs: Between | None) -> str:
    """«جایش میان … و … است», the neighbours with their titles."""
    return _between(belongs, _neighbour)


def between_places(belongs: Between | None) -> str:
    """The same in short, the neighbours by call number alone."""
    return _between(belongs, lambda copy: ltr(copy.call_number) if copy.call_number else f"«{isolate(titled(copy))}»")


def _between(belongs: Between | None, words: Callable[[ShelfCopy], str]) -> str:
    match belongs:
        case Between(before=ShelfCopy() as before, after=ShelfCopy() as after):
            return f"جایش میان {words(before)} و {words(after)} است"
        case Between(before=ShelfCopy() as before):
            return f"جایش پس از {words(before)} است"
        case Between(after=ShelfCopy() as after):
            return f"جایش پیش از {words(after)} است"
        case _:
            return "جای آن در قفسه دانسته نیست"


def _neighbour(copy: ShelfCopy) -> str:
    place = f" {ltr(copy.call_number)}" if copy.call_number else ""
    return f"«{isolate(titled(copy))}»{place}"


def to_hold_shelf(kept: Sequence[Back]) -> tuple[str, ...]:
    """The books that stand on the shelf and are kept for a reader now; of many the first ones and how many more."""
    told = tuple(_kept(back) for back in kept[:MOST_KEPT])
    rest = len(kept) - len(told)
    return (*told, f"و {number(rest)} نسخهٔ رزروشدهٔ دیگر: همه در صفحهٔ رزروها پیداست") if rest else told


def _kept(back: Back) -> str:
    place = f" {ltr(back.copy.call_number)}" if back.copy.call_number else ""
    name = isolate(back.hold_for.name) if back.hold_for else ""
    return f"«{isolate(titled(back.copy))}»{place} را از قفسه به قفسهٔ رزرو ببرید: برای {name}"


def closing_now(code: str) -> Said:
    """A scan that comes too late."""
    told = f"{ltr(code)} خوانده نشد. " if code else ""
    detail = f"{told}اگر پایان نیافت، دوباره اسکن کنید."
    return Said(Tone.REFUSE, "رف‌خوانی در حال پایان است و اسکن نمی‌پذیرد", (detail,), Sound.REFUSED)


def condition_words(condition: Condition) -> str:
    """«فرسوده»."""
    return CONDITION[condition]


def reasons(refusals: Sequence[Refusal]) -> tuple[Reason, ...]:
    """Why not, and the way out."""
    return tuple(Reason(why(refusal), "", way_out(refusal)) for refusal in refusals)


def refused(refusals: Sequence[Refusal]) -> Said:
    """The first reason in a banner."""
    return Said(Tone.REFUSE, why(refusals[0]), (way_out(refusals[0]),), Sound.REFUSED)
