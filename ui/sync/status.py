"""The words of the status line. Loaded at the start, so it knows nothing of the network."""

import datetime as dt

from app.persian.digits import number
from app.sync.queries import SyncState
from ui.theme import Tone

FRESH = dt.timedelta(hours=1)
OLD = dt.timedelta(days=7)


def span(past: dt.timedelta) -> str:
    """How long something is ago: «۶ روز»، «۳ ساعت»، «۱۲ دقیقه»."""
    if past.days:
        return f"{number(past.days)} روز"
    hours, minutes = past.seconds // 3600, past.seconds // 60
    return f"{number(hours)} ساعت" if hours else f"{number(max(1, minutes))} دقیقه"


def queue_words(state: SyncState, now: dt.datetime) -> str:
    """«۱۴ رویداد در صف، قدیمی‌ترین ۶ روز»."""
    if not state.waiting:
        return "چیزی در صف نیست"
    oldest = f"، قدیمی‌ترین {span(now - state.oldest_at)}" if state.oldest_at and state.oldest_at < now else ""
    return f"{number(state.waiting)} رویداد در صف{oldest}"


def status_line(state: SyncState, now: dt.datetime, *, busy: bool = False) -> tuple[str, Tone]:
    """The words of the status line and their tone."""
    if not state.enrolled:
        return "همه چیز روی همین رایانه", Tone.NEUTRAL
    if busy:
        return "در حال همگام‌سازی…", Tone.INFO
    queue = queue_words(state, now)
    asks = state.cases + len(state.guarded)
    if asks:
        return f"{queue} · {number(asks)} مورد در انتظار شما", Tone.WARN
    heard = state.last_contact_at
    if heard is None:
        return f"هنوز با مرکز همگام نشده — {queue}", Tone.WARN
    past = max(now - heard, dt.timedelta())
    if past < FRESH and not state.waiting:
        return f"همگام شد، {span(past)} پیش", Tone.OK
    tone = Tone.OK if past < FRESH else Tone.WARN if past >= OLD else Tone.NEUTRAL
    return f"{queue} · آخرین تماس {span(past)} پیش", tone


def tile_words(state: SyncState, now: dt.datetime) -> tuple[str, str, Tone | None]:
    """What waits, as a number with its words."""
    if not state.enrolled:
        return "—", "به مرکز نپیوسته", None
    if not state.waiting:
        return number(0), "رویداد در صف", None
    oldest = f"، قدیمی‌ترین {span(now - state.oldest_at)}" if state.oldest_at and state.oldest_at < now else ""
    old = state.oldest_at is not None and now - state.oldest_at >= OLD
    return number(state.waiting), f"رویداد در صف{oldest}", Tone.WARN if old else None


def silence_words(state: SyncState, now: dt.datetime) -> tuple[str, str, Tone | None]:
    """For how long nothing was heard of the centre: whether a package should travel."""
    if not state.enrolled or state.last_contact_at is None:
        return "—", "هنوز تماسی نبوده", None
    count, _, unit = span(max(now - state.last_contact_at, dt.timedelta())).partition(" ")
    return count, f"{unit} از آخرین تماس", Tone.WARN if now - state.last_contact_at >= OLD else None
