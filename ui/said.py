"""What a page says of an outcome, and how it says that a code was not readable."""

from dataclasses import dataclass

from app.devices.scan import Flaw
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.runs import Part


@dataclass(frozen=True, slots=True)
class Said:
    """A banner: tone, one big line, details, the sound that goes with it, and what undo would take back. `alerts` and
    `messages` are what else is worth knowing, for a page that has room for it (`apart`)."""

    tone: Tone
    title: str
    detail: tuple[Part | str, ...]
    sound: Sound
    undo: str = ""
    alerts: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()


FLAWS = {
    Flaw.EMPTY: "چیزی خوانده نشد؛ دوباره اسکن کنید.",
    Flaw.TOO_LONG: "بلندتر از ۶۴ نویسه است؛ بارکد دیگری اسکن شده است.",
    Flaw.CONTROL_CHARACTER: "نویسه‌های پنهان دارد؛ دوباره اسکن کنید یا شماره را بنویسید.",
    Flaw.BIDI_CONTROL: "نویسه‌های پنهان دارد؛ دوباره اسکن کنید یا شماره را بنویسید.",
    Flaw.FOREIGN_CHARACTER: "نویسه‌ای دارد که در شمارهٔ کارت و نسخه نیست؛ شماره را بنویسید.",
    Flaw.UNFINISHED: "کد ناتمام رسید؛ دوباره اسکن کنید.",
    Flaw.CHECKSUM: "کارت درست خوانده نشد؛ آن را کمی بیشتر روی دستگاه نگه دارید.",
    Flaw.NO_CARD_NUMBER: "این کارت شماره‌ای نداد؛ کارت دیگری بگذارید یا شماره را بنویسید.",
    Flaw.CHANGING_NUMBER: "شمارهٔ این کارت یا گوشی هر بار عوض می‌شود و به کار عضویت نمی‌آید؛ کارت دیگری بدهید.",
}
