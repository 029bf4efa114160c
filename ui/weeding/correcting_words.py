"""How the four corrections of statuses are told (002 م8-3 … م8-6), and the list of what one of them would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.labels import ITEM_STATUS
from app.persian.digits import number, to_persian
from app.refusal import Refusal
from app.weeding.explain import in_order
from app.weeding.minutes.corrections import MOST, RULES, CorrectedCopy, Correction, StatusCorrected
from app.wording import way_out, why
from db.codes import ItemStatus
from ui.said import Said
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.labels import isolate, ltr
from ui.widgets.panel import Reason
from ui.widgets.table import Column, RowTable


@dataclass(frozen=True, slots=True)
class Told:
    """A correction in words: what the copies are, what they become and out of what, and when it is the right one."""

    name: str
    becomes: str
    out_of: str
    sentence: str


TOLD: Mapping[Correction, Told] = MappingProxyType(
    {
        Correction.UNKNOWN: Told(
            "وجین پیشین",
            "نامعلوم",
            "از «موجود»",
            "سال‌ها پیش وجین شده است و پس از تبدیل داده‌ها «موجود» آمده است.",
        ),
        Correction.RESTORE: Told(
            "در مخزن است",
            "موجود",
            "از «وجین»",
            "در مخزن ایستاده است؛ کتابی که در مخزن است در هیچ حالی وضعیت وجین ندارد.",
        ),
        Correction.WEEDED: Told(
            "وجین در «نمایه»",
            "وجین",
            "از «موجود» یا «نامعلوم»",
            "کاربرگهٔ «نمایه» در صفحهٔ ۷ با کد ۳، یا ۳۳، آن را وجین می‌داند.",
        ),
        Correction.MISSING: Told(
            "مفقود پیشین",
            "مفقود",
            "از «موجود» یا «نامعلوم»",
            "سال‌ها پیش مفقود شده است و پس از تبدیل داده‌ها «موجود» آمده است.",
        ),
    }
)

EMPTY = (
    "نسخه‌ای در فهرست نیست",
    "اصلاح را برگزینید و برچسب‌ها را اسکن کنید، یا محدوده یا فایل بدهید. تا تأیید نکنید چیزی تغییر نمی‌کند.",
    "list-check",
)
WORKING = ("نسخه‌ها بررسی می‌شود…", "می‌توانید اسکن کنید؛ اسکن‌ها گم نمی‌شود.")
NOTHING = Said(Tone.WARN, "نسخه‌ای برای اصلاح نیست", ("نخست نسخه‌ها را در فهرست بیاورید.",), Sound.REFUSED)
ANSWER_FIRST = Said(Tone.WARN, "نخست به پرسش پاسخ دهید", (), Sound.ATTENTION)
TOO_MANY = Said(
    Tone.REFUSE,
    f"این محدوده بیش از {number(MOST)} نسخه دارد",
    ("محدوده را چند بخش کنید؛ نسخه‌ای در فهرست نیامد.",),
    Sound.REFUSED,
)
NOT_UNDONE = "این کار با واگرد برنمی‌گردد؛ هر نسخه با دلیل در دفتر رویدادها می‌ماند."


def question(copies: int, becomes: ItemStatus) -> str:
    """«وضعیت ۱۲ نسخه «نامعلوم» شود؟»."""
    return f"وضعیت {number(copies)} نسخه «{ITEM_STATUS[becomes]}» شود؟"


def before_correcting(correction: Correction, left: int) -> tuple[Reason, ...]:
    """What the person should know before saying yes."""
    stays = (Reason(f"{number(left)} سطر دست نمی‌خورد؛ دلیلش کنار آن نوشته است."),) if left else ()
    return (Reason(TOLD[correction].sentence, article(correction)), *stays, Reason(NOT_UNDONE))


def article(correction: Correction) -> str:
    """«م ۸-۳»."""
    return in_order(f"م\u00a0{to_persian(RULES[correction].article)}")


@dataclass(frozen=True, slots=True)
class CorrectingLine:
    """A copy on the list, or a code that no copy carries."""

    code: str
    copy: CorrectedCopy | None

    @property
    def key(self) -> object:
        """Tells lines apart: a copy stands once on the list, however it was named."""
        return self.copy.id if self.copy else self.code

    @property
    def changes(self) -> bool:
        """Whether nothing speaks against the change."""
        return self.copy is not None and not self.copy.refusals

    @property
    def refusal(self) -> Refusal | None:
        """What speaks against it first."""
        return self.copy.refusals[0] if self.copy and self.copy.refusals else None


_UNKNOWN = ("نسخه‌ای با این شماره نیست.", "برچسب یا شمارهٔ ثبت را بررسی کنید.")


def against(line: CorrectingLine) -> tuple[str, str]:
    """All that speaks against the change, and the way out of the first of it; nothing where it is made."""
    if line.copy is None:
        return _UNKNOWN
    told = " ".join(in_order(why(refusal)) for refusal in line.copy.refusals)
    return told, in_order(way_out(line.refusal)) if line.refusal else ""


def state(line: CorrectingLine) -> tuple[str, Tone]:
    """The status that a copy gets, or why not, in short."""
    if line.copy is None:
        return "ناشناس", Tone.WARN
    return ("دست نمی‌خورد", Tone.REFUSE) if line.copy.refusals else (ITEM_STATUS[line.copy.becomes], Tone.OK)


def correcting_table() -> RowTable[CorrectingLine]:
    """What becomes what, what does not, and why not."""
    return RowTable(
        (
            Column(
                "عنوان",
                lambda line: line.copy.title if line.copy else isolate(line.code),
                sub=lambda line: ltr(line.copy.barcode) if line.copy else "",
                stretch=2,
                strong=True,
            ),
            Column(
                "شماره ثبت",
                lambda line: number(line.copy.accession_no) if line.copy else "—",
                width=84,
                number=True,
                sort_key=lambda line: line.copy.accession_no if line.copy else 0,
            ),
            Column("اکنون", lambda line: ITEM_STATUS[line.copy.was] if line.copy else "—", width=124, spare=1),
            Column("می‌شود", lambda line: state(line)[0], width=140, pill=True, tone=lambda line: state(line)[1]),
            Column("چرا نه؟", lambda line: against(line)[0], sub=lambda line: against(line)[1], stretch=3),
        ),
        key=lambda line: line.key,
        faded=lambda line: not line.changes,
    )  # fmt: skip


def corrected(outcome: StatusCorrected, becomes: ItemStatus, left: int) -> Said:
    """The copies have their status; `left` lines of the list have not."""
    detail = (f"{number(left)} سطر دست نخورد و در فهرست مانده است.",) if left else ()
    title = f"وضعیت {number(len(outcome.changed))} نسخه «{ITEM_STATUS[becomes]}» شد"
    return Said(Tone.OK, title, detail, Sound.CHECKED_IN)


def added(lines: int, changing: int) -> Said:
    """Copies came on the list."""
    if not lines:
        return Said(
            Tone.WARN,
            "نسخه‌ای در آن نبود",
            ("محدوده، یا فایل و کد آن را بررسی کنید.",),
            Sound.REFUSED,
        )
    left = lines - changing
    detail = (f"{number(changing)} اصلاح می‌شود، {number(left)} دست نمی‌خورد.",)
    return Said(
        Tone.WARN if left else Tone.INFO,
        f"{number(lines)} سطر در فهرست آمد",
        detail,
        Sound.ATTENTION if left else Sound.CHECKED_IN,
    )


def one_added(line: CorrectingLine) -> Said:
    """A scan came on the list."""
    if line.copy is None:
        return Said(Tone.REFUSE, _UNKNOWN[0], (f"{isolate(line.code)} · {_UNKNOWN[1]}",), Sound.REFUSED)
    book = f"«{isolate(line.copy.title)}»"
    if line.copy.refusals:
        detail = (" ".join(against(line)),)
        return Said(Tone.WARN, f"{state(line)[0]} — {book}", detail, Sound.REFUSED)
    title = f"{state(line)[0]} می‌شود — {book}"
    now = f"شماره ثبت {number(line.copy.accession_no)} · اکنون «{ITEM_STATUS[line.copy.was]}»"
    return Said(Tone.OK, title, (now,), Sound.CHECKED_IN)
