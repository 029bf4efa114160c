"""Persian words of the call list: whose number, what is wrong with it, results and their keys."""

from collections.abc import Mapping
from types import MappingProxyType

from app.notices.contacts import Contact, Doubt, Whose
from app.persian.digits import number
from app.refusal import Refusal
from app.wording import way_out, why
from db.codes import CallResult, ContactHealth
from ui.circulation.words import Said
from ui.sounds import Sound
from ui.theme import Tone

WHOSE: Mapping[Whose, str] = MappingProxyType({Whose.OWN: "خودش", Whose.GUARDIAN: "سرپرست", Whose.GUARANTOR: "ضامن"})
DOUBT: Mapping[Doubt, str] = MappingProxyType(
    {
        Doubt.BAD: "شماره اشتباه است",
        Doubt.OWN_NUMBER: "شمارهٔ خود کتابخانه",
        Doubt.NOT_A_TELEPHONE: "شمارهٔ تلفن نیست",
        Doubt.LANDLINE: "تلفن ثابت است",
        Doubt.SHARED: "میان چند عضو مشترک",
        Doubt.DOUBTFUL: "مشکوک",
        Doubt.MISSING: "شماره‌ای ندارد",
    }
)
RESULT_KEYS: Mapping[CallResult, str] = MappingProxyType(
    {result: f"Alt+{place}" for place, result in enumerate(CallResult, start=1)}
)
RESULT_WORDS: Mapping[CallResult, str] = MappingProxyType(
    {
        CallResult.NO_ANSWER: "جواب نداد",
        CallResult.PROMISED: "قول داد",
        CallResult.MESSAGE_LEFT: "پیغام",
        CallResult.WRONG_NUMBER: "شماره اشتباه",
        CallResult.SAYS_RETURNED: "گفت برگردانده",
        CallResult.SAYS_LOST: "گفت گم شده",
    }
)
HEALTH_TONE: Mapping[ContactHealth, Tone] = MappingProxyType(
    {
        ContactHealth.UNKNOWN: Tone.NEUTRAL,
        ContactHealth.VERIFIED: Tone.OK,
        ContactHealth.DOUBTFUL: Tone.WARN,
        ContactHealth.BAD: Tone.REFUSE,
    }
)


def whose(contact: Contact) -> str:
    """«سرپرست: علی زند»."""
    return f"{WHOSE[contact.whose]}: {contact.name}" if contact.name else WHOSE[contact.whose]


def late_words(days: int) -> str:
    """«۶ روز دیرکرد»."""
    return f"{number(days)} روز دیرکرد"


def refused(refusals: tuple[Refusal, ...], title: str = "انجام نشد") -> Said:
    """Why something was not done."""
    told = tuple(f"{why(refusal)} {way_out(refusal)} " for refusal in refusals)
    return Said(Tone.REFUSE, title, told, Sound.REFUSED)
