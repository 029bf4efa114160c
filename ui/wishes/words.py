"""What the page of wishes says."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.persian.digits import number, to_persian
from app.refusal import Refusal
from app.wishes.answering import Replied
from app.wishes.asking import Wished
from app.wishes.facts import HeldTitle
from app.wording import way_out, why
from db.codes import WishState
from reports.wish_list import state_words
from ui.said import Said
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.labels import isolate
from ui.widgets.panel import Reason

TONES: Mapping[str, Tone] = MappingProxyType(
    {
        WishState.ASKED: Tone.WARN,
        WishState.PLANNED: Tone.INFO,
        WishState.BOUGHT: Tone.OK,
        WishState.REFUSED: Tone.NEUTRAL,
        WishState.HELD: Tone.OK,
    }
)
READS_IT = "عضو این پاسخ را پس از همگام‌سازی در صفحهٔ خود می‌خواند."
TELL_IT = "درخواست‌کننده نام خود را نگفته است؛ اگر سر زد، پاسخ را به او بگویید."


def state_tone(state: str) -> Tone:
    """The tone of a state; of one of a newer version none."""
    return TONES.get(state, Tone.NEUTRAL)


def book(wish: str) -> str:
    """«تاریخ جهانگشا، جوینی»."""
    return f"«{isolate(to_persian(wish))}»"


def copies(title: HeldTitle) -> str:
    """«۲ نسخه، ۱ موجود»."""
    return f"{number(title.copies)} نسخه، {number(title.available)} موجود"


def wished(outcome: Wished) -> Said:
    """A wish was written down, or it was on the list."""
    if outcome.already:
        return Said(
            Tone.INFO, f"این درخواست در فهرست هست — {book(outcome.wish)}", ("هنوز باز است.",), Sound.CHECKED_IN
        )  # fmt: skip
    return Said(Tone.OK, f"ثبت شد — {book(outcome.wish)}", (), Sound.CHECKED_IN, "واگرد ثبت درخواست")


def replied(outcome: Replied) -> Said:
    """A wish has its answer."""
    line = outcome.line
    title = f"{state_words(line.state)} — {book(line.wish)}"
    told = READS_IT if line.member_id else TELL_IT
    if outcome.already:
        return Said(Tone.INFO, title, ("همین پاسخ پیش‌تر ثبت شده است.",), Sound.CHECKED_IN)
    return Said(Tone.OK, title, (told,), Sound.CHECKED_IN, "واگرد پاسخ")


def reasons(refusals: Sequence[Refusal]) -> tuple[Reason, ...]:
    """Every reason with its way out, for the panel."""
    return tuple(Reason(why(refusal), way_out=way_out(refusal)) for refusal in refusals)


def unknown(code: str) -> Said:
    """A code that is no card and no ISBN."""
    detail = (f"{isolate(code)} · کارت عضو یا شابک پشت کتاب را اسکن کنید.",)
    return Said(Tone.REFUSE, "این شماره شناخته نشد", detail, Sound.REFUSED)
