"""What the members page says: keys, what became of a form, who has a copy."""

from app.items.queries import FoundCopy
from app.labels import ITEM_STATUS
from app.members.service import Edited
from app.members.writing import Enrolled
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import MemberState
from ui.circulation.rows import titled
from ui.keys import KeyHelp
from ui.members.cards import FOUND, LOST
from ui.members.details import APPROVE, MORE
from ui.members.form_card import SAVE, SAVE_ANYWAY
from ui.members.side import WAYS
from ui.members.taking_in import CHOOSE
from ui.members.twins import MERGE
from ui.money.asking import YES_KEY
from ui.said import Said
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.labels import isolate

NEW, TWINS, TAKE_IN = "Ctrl+N", "Ctrl+Shift+D", "Ctrl+Shift+I"
KEYS = (
    KeyHelp(NEW, "عضو تازه"),
    *(KeyHelp(key, f"{words} (عضو برگزیده)") for words, key in WAYS.values()),
    KeyHelp(MORE, "همهٔ کارهای عضو برگزیده"),
    KeyHelp(LOST, "کارت برگزیده گم شده است"),
    KeyHelp(FOUND, "کارت گم‌شده پیدا شد"),
    KeyHelp(SAVE, "ثبت فرم عضویت"),
    KeyHelp(SAVE_ANYWAY, "ثبت با همین شماره‌ها، پس از پرسش"),
    KeyHelp(YES_KEY, "انجام کاری که پرسیده شده است"),
    KeyHelp(TWINS, "عضوهای تکراری"),
    KeyHelp(MERGE, "یکی کردن دو عضو تکراری"),
    KeyHelp(TAKE_IN, "ورود فهرست اعضا از فایل"),
    KeyHelp(CHOOSE, "گزینش فایل فهرست اعضا"),
)


def stored(outcome: Enrolled | Edited, name: str) -> Said:
    """A form was stored."""
    waits = outcome.state is MemberState.PENDING
    detail = (f"در انتظار تأیید است. {APPROVE}",) if waits else ()
    tone = Tone.WARN if waits else Tone.OK
    if isinstance(outcome, Edited):
        return Said(tone, f"تغییرها ثبت شد — {isolate(name)}", detail, Sound.CHECKED_IN)
    numbered = "  ".join((f"شمارهٔ عضویت {to_persian(outcome.member_no)}", *detail))
    undo = f"برداشتن عضویت {isolate(name)}"
    return Said(tone, f"عضو شد — {isolate(name)}", (numbered,), Sound.CHECKED_IN, undo)


def whereabouts(copy: FoundCopy) -> Said:
    """Who has a copy that was scanned, and until when."""
    book = f"«{isolate(titled(copy.title, copy.volume_no))}»"
    which = f"شماره ثبت {number(copy.accession_no)}"
    if copy.member_id is None or copy.due_on is None:
        words = f"وضعیت: {ITEM_STATUS[copy.status]} · {which}"
        return Said(Tone.WARN, f"{book} نزد کسی نیست", (words,), Sound.ATTENTION)
    words = f"بازگشت تا {jalali.day_month_year(copy.due_on)} · {which}"
    return Said(Tone.INFO, f"{book} نزد {isolate(copy.reader_name)} است", (words,), Sound.CHECKED_IN)


def unknown(code: str) -> Said:
    """Nobody and nothing has this number."""
    detail = f"{isolate(code)} · کارت یا برچسب را دوباره اسکن کنید، یا نام را بنویسید."
    return Said(Tone.REFUSE, "این شماره شناخته نشد", (detail,), Sound.REFUSED)
