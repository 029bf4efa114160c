"""What can be done with minutes on their way: each deed with its key, its question and its form (002 م7)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.weeding.minutes.tracking import MinutesDetail, TrackedMinutes
from db.codes import MinutesState, MinutesStepKind, RulingLevel, WeedingReason
from ui.theme import Tone
from ui.weeding.tracking_rows import Mark
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind

SEND, ANSWER, SIGNED, CORRECT, REISSUE, CLOSE, SEND_LIST, EXECUTE, WITHDRAW = (
    "send", "answer", "signed", "correct", "reissue", "close", "send_list", "execute", "withdraw",
)  # fmt: skip
LEVEL_OF = {
    MinutesState.AT_COUNTY: RulingLevel.COUNTY,
    MinutesState.AT_PROVINCE: RulingLevel.PROVINCE,
    MinutesState.AT_HEAD_OFFICE: RulingLevel.HEAD_OFFICE,
}
"""Whose answer is awaited."""

LETTER_NO = Field("letter_no", "شمارهٔ نامه", required=True, longest=60)
LETTER_ON = Field("letter_on", "تاریخ نامه", Kind.DATE, required=True)
BY = Field("by", "امضاکننده", longest=120, wide=True)
WHAT = Field("remark", "چه باید اصلاح شود؟", required=True, longest=500, wide=True)
REMARK = Field("remark", "توضیح", longest=500, wide=True)


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed: its button and key, the question with what follows from it, the fields it needs and the marks that rows
    take for it; `fits` tells for which minutes it is offered."""

    name: str
    label: str
    key: str
    icon: str
    question: str
    told: str
    yes: str
    fits: Callable[[TrackedMinutes], bool]
    fields: tuple[Field, ...] = ()
    marks: tuple[Mark, ...] = ()
    tone: Tone = Tone.INFO


def _allows(*kinds: MinutesStepKind) -> Callable[[TrackedMinutes], bool]:
    return lambda minutes: any(kind in kinds for kind, _ in minutes.next_steps)


def marks_for(deed: Deed, detail: MinutesDetail) -> tuple[Mark, ...]:
    """The marks that rows of these minutes may take: only worn copies go to the exchange centre (002 م10-3)."""
    worn = detail.minutes.reason is WeedingReason.WORN
    return tuple(mark for mark in deed.marks if worn or mark is not Mark.REDIRECT)


DEEDS: Mapping[str, Deed] = MappingProxyType(
    {
        deed.name: deed
        for deed in (
            Deed(
                SEND,
                "فرستادن",
                "Ctrl+S",
                "upload",
                "صورتجلسه به ادارهٔ شهرستان فرستاده شد؟",
                "مهلت پاسخ شهرستان از تاریخ این نامه شمرده می‌شود (م ۷-۵). نسخه‌ها تا پاسخ در کتابخانه می‌مانند (م ۷-۴).",
                "ثبت فرستادن",
                lambda minutes: minutes.state is MinutesState.FINALISED,
                (LETTER_NO, LETTER_ON),
            ),
            Deed(
                ANSWER,
                "ثبت پاسخ",
                "Ctrl+R",
                "list-check",
                "پاسخ چیست؟",
                "همهٔ نسخه‌ها تأیید شده‌اند، مگر ردیفی که در فهرست پایین پاسخ دیگری بگیرد (م ۷-۶).",
                "ثبت پاسخ",
                _allows(MinutesStepKind.FORWARD, MinutesStepKind.RULE),
                (LETTER_NO, LETTER_ON, BY, REMARK),
                (Mark.APPROVE, Mark.REJECT, Mark.REDIRECT, Mark.CORRECT),
            ),
            Deed(
                SIGNED,
                "از فایل امضاشده",
                "Ctrl+I",
                "key",
                "پاسخ این فایل ثبت شود؟",
                "امضای فایل با کلیدهای مورد اعتماد سنجیده می‌شود و خود فایل با صورتجلسه بایگانی می‌شود.",
                "ثبت پاسخ فایل",
                _allows(MinutesStepKind.FORWARD, MinutesStepKind.RULE),
            ),
            Deed(
                CORRECT,
                "درخواست اصلاح",
                "Ctrl+D",
                "pencil",
                "چه اصلاحی خواسته شده است؟",
                "ردیف‌هایی را که اصلاح می‌خواهد نشان کنید، یا تنها بنویسید چه باید کرد. "
                "مهلت اصلاح از امروز شمرده می‌شود (م ۷-۹).",
                "ثبت درخواست",
                _allows(MinutesStepKind.ASK_CORRECTION),
                (LETTER_NO, LETTER_ON, BY, WHAT),
                (Mark.CORRECT,),
            ),
            Deed(
                REISSUE,
                "ویراست تازه",
                "Ctrl+N",
                "repeat",
                "ویراست تازه صادر شود؟",
                "ردیف‌هایی را که باید بیرون بروند «حذف» کنید: خط می‌خورند و نسخه به قفسه بازمی‌گردد (م ۷-۹، ۷-۱۱). "
                "ویراست تازه چاپ می‌شود و دیگر تغییر نمی‌کند.",
                "صدور ویراست تازه",
                _allows(MinutesStepKind.REISSUE),
                (LETTER_NO, LETTER_ON, REMARK),
                (Mark.STRIKE,),
                Tone.WARN,
            ),
            Deed(
                CLOSE,
                "اجرا و بستن",
                "Ctrl+E",
                "circle-check",
                "رأی اجرا و صورتجلسه بسته شود؟",
                "نسخهٔ نهایی با نظر کارشناس چاپ و بایگانی می‌شود (م ۷-۱۲، ۷-۱۳). ثبت کتاب‌ها در دفتر دست نمی‌خورد.",
                "اجرا و بستن",
                _allows(MinutesStepKind.CLOSE),
                tone=Tone.WARN,
            ),
            Deed(
                SEND_LIST,
                "فرستادن فهرست نهایی",
                "Ctrl+S",
                "upload",
                "فهرست نهایی به ادارهٔ شهرستان فرستاده شد؟",
                "برگه و فایل اکسل نسخهٔ نهایی با نامه به ادارهٔ شهرستان و از آنجا به ادارهٔ کل استان می‌رود (م ۷-۱۲، ۸-۱).",
                "ثبت فرستادن",
                lambda minutes: minutes.list_unsent,
                (LETTER_NO, LETTER_ON),
            ),
            Deed(
                EXECUTE,
                "اجرای بازگشته‌ها",
                "Ctrl+E",
                "circle-check",
                "نسخه‌های بازگشته وجین شوند؟",
                "نسخه‌های تأییدشده‌ای که نزد عضو بودند و برگشته‌اند وضعیت وجین می‌گیرند؛ بقیه همچنان در انتظارند.",
                "وجین شوند",
                lambda minutes: minutes.state is MinutesState.CLOSED and minutes.waiting > 0,
                tone=Tone.WARN,
            ),
            Deed(
                WITHDRAW,
                "پس گرفتن",
                "Ctrl+Delete",
                "arrow-back-up",
                "صورتجلسه پس گرفته شود؟",
                "نسخه‌ها به قفسه بازمی‌گردند؛ شماره و برگهٔ صورتجلسه در بایگانی می‌ماند.",
                "پس گرفته شود",
                _allows(MinutesStepKind.WITHDRAW),
                (Field("remark", "چرا؟", required=True, longest=500, wide=True),),
                tone=Tone.WARN,
            ),
        )
    }
)
