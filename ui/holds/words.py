"""How outcomes of the holds page are said on the banner, and how refusals become questions."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from app.circulation.facts import ItemFacts
from app.circulation.holds.outcomes import AlreadyHeld, Changed, Held, HeldTitle, NobodyWaits, SetAside, SetAsideRefused
from app.circulation.outcomes import AlreadyReturned, CheckedIn, CheckinRefused, LocalUse, OfOtherBranch, Several
from app.circulation.pulling import PullOutcome
from app.devices.scan import Unreadable
from app.persian import jalali
from app.persian.digits import number
from app.refusal import Refusal, Weight
from app.wording import way_out, why
from ui.circulation import words as desk
from ui.circulation.words import Said
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.labels import isolate
from ui.widgets.panel import Choice
from ui.widgets.runs import Part

YES, OVERRIDE, CLOSE = "yes", "override", "close"
YES_KEY, OVERRIDE_KEY = "Ctrl+Shift+Y", "Ctrl+Shift+A"
NOT_KEPT = Said(Tone.WARN, "این کتاب دیگر در قفسهٔ رزرو نیست", (), Sound.REFUSED)
ANSWER_FIRST = Said(Tone.WARN, "نخست پرسش را پاسخ دهید", (), Sound.ATTENTION)


def book(title: HeldTitle | ItemFacts) -> str:
    """«سووشون»."""
    return f"«{isolate(title.title)}»"


def _numbered(item: ItemFacts) -> str:
    return f"شماره ثبت {number(item.accession_no, grouped=False)}"


def set_aside(outcome: SetAside) -> Said:
    """A copy stands on the hold shelf."""
    title = f"{book(outcome.item)} برای {isolate(outcome.member.name)}"
    detail = (f"{_numbered(outcome.item)} · نگه داشته می‌شود تا ", Part(jalali.long(outcome.until), strong=True))
    if outcome.already:
        return Said(Tone.INFO, f"در قفسهٔ رزرو است — {title}", detail, Sound.CHECKED_IN)
    return Said(Tone.OK, f"کنار بگذارید — {title}", detail, Sound.ATTENTION, f"واگرد کنار گذاشتن {book(outcome.item)}")


def nobody_waits(outcome: NobodyWaits) -> Said:
    """A copy belongs in its place."""
    detail = (f"{_numbered(outcome.item)} · کسی در صف این کتاب نیست.",)
    undo = f"واگرد بازگرداندن {book(outcome.item)}" if outcome.freed else ""
    return Said(Tone.INFO, f"به جای خود برگردانید — {book(outcome.item)}", detail, Sound.CHECKED_IN, undo)


def not_set_aside(outcome: SetAsideRefused | CheckinRefused) -> Said:
    """The first reason is told; there is seldom a second."""
    first = outcome.refusals[0]
    return Said(Tone.REFUSE, f"{book(outcome.item)} کنار گذاشته نشد", (why(first), f" {way_out(first)}"), Sound.REFUSED)


_PULLED: Mapping[type, Callable[[Any], Said]] = MappingProxyType(
    {
        SetAside: set_aside,
        NobodyWaits: nobody_waits,
        SetAsideRefused: not_set_aside,
        CheckinRefused: not_set_aside,
        CheckedIn: desk.taken_back,
        LocalUse: desk.used,
        AlreadyReturned: desk.already_returned,
        Several: desk.unlabelled,
        OfOtherBranch: desk.unlabelled,
    }
)


def pulled(outcome: PullOutcome, code: str) -> Said:
    """What became of a scanned copy."""
    tell = _PULLED.get(type(outcome))
    return tell(outcome) if tell else unknown(code)


def kept(outcome: PullOutcome) -> ItemFacts | None:
    """The copy that stands on the hold shelf now, whichever way it came there."""
    if isinstance(outcome, SetAside):
        return outcome.item
    if isinstance(outcome, CheckedIn | LocalUse) and outcome.hold_for is not None:
        return outcome.item
    return None


def held(outcome: Held) -> Said:
    """A hold was placed."""
    fee = f" · هزینهٔ رزرو {number(outcome.fee)} ریال" if outcome.fee else ""
    detail = (f"نفر {number(outcome.place.position or 1)} از {number(outcome.place.queue)} در صف{fee}",)
    title = f"رزرو شد — {book(outcome.title)} برای {isolate(outcome.member.name)}"
    return Said(Tone.OK, title, detail, Sound.CHECKED_IN, f"واگرد رزرو {book(outcome.title)}")


def already_held(outcome: AlreadyHeld) -> Said:
    """The same was asked a moment ago."""
    detail = (f"نفر {number(outcome.place.position or 1)} از {number(outcome.place.queue)} در صف",)
    return Said(Tone.INFO, f"همین چند لحظه پیش رزرو شد — {book(outcome.title)}", detail, Sound.CHECKED_IN)


DONE = {"cancel": "رزرو لغو شد", "suspend": "رزرو معلق شد", "resume": "رزرو از سر گرفته شد", "move": "جابه‌جا شد"}


def changed(what: str, outcome: Changed) -> Said:
    """A hold was cancelled, suspended, resumed or moved; and where its copy goes."""
    name = isolate(outcome.member.name) if outcome.member else "عضو حذف‌شده"
    title = f"{DONE[what]} — {book(outcome.title)} · {name}"
    if outcome.hold_for is not None:
        detail = f"کتاب در قفسهٔ رزرو می‌ماند، برای {isolate(outcome.hold_for.name)}؛ برگهٔ تازه در آن بگذارید."
        return Said(Tone.WARN, title, (detail,), Sound.ATTENTION, "واگرد همین کار")
    if outcome.reshelve is not None:
        detail = f"{_numbered(outcome.reshelve)} · کسی در صف نیست؛ کتاب را به جای خود برگردانید."
        return Said(Tone.WARN, title, (detail,), Sound.ATTENTION, "واگرد همین کار")
    place = outcome.place.position
    told = (f"نوبت {number(place)} از {number(outcome.place.queue)}",) if place else ()
    return Said(Tone.OK, title, told, Sound.CHECKED_IN, "" if outcome.already else "واگرد همین کار")


def refused(refusals: Sequence[Refusal]) -> Said:
    """Why a hold was not changed."""
    first = refusals[0]
    return Said(Tone.REFUSE, why(first), (way_out(first),), Sound.REFUSED)


def unreadable(scan: Unreadable) -> Said:
    """A code that no card and no copy can carry."""
    return Said(Tone.REFUSE, "بارکد ناخوانا", (desk.FLAWS[scan.reason],), Sound.REFUSED)


def unknown(code: str) -> Said:
    """Nothing carries this number."""
    detail = (f"{isolate(code)} · کارت یا برچسب را دوباره اسکن کنید، یا نام و عنوان را بنویسید.",)
    return Said(Tone.REFUSE, "این شماره شناخته نشد", detail, Sound.REFUSED)


def of_member(name: str, count: int) -> Said:
    """The holds of a reader are shown."""
    title = f"{number(count)} رزرو به نام {isolate(name)}" if count else f"{isolate(name)} رزروی ندارد"
    return Said(Tone.INFO, title, ("با Ctrl+N رزرو تازه ثبت می‌شود.",) if not count else (), Sound.CHECKED_IN)


def place_choices(refusals: Sequence[Refusal]) -> tuple[Choice, ...]:
    """What may be done about a refused hold, with the key of each. Never Enter, which every scanner sends."""
    if all(refusal.weight is Weight.CONFIRM for refusal in refusals):
        return (Choice(YES, "بله، رزرو شود", YES_KEY, "primary"), Choice(CLOSE, "انصراف", "Esc"))
    if all(refusal.overridable or refusal.weight is Weight.CONFIRM for refusal in refusals):
        return (Choice(OVERRIDE, "رزرو با اجازه", OVERRIDE_KEY, "danger"), Choice(CLOSE, "انصراف", "Esc"))
    return (Choice(CLOSE, "باشد", "Esc"),)
