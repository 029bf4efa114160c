"""What can be done about a lost, claimed or damaged copy: each deed with its key, its question and its form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.circulation.lost.queries import CaseKind
from db.codes import Condition, ItemStatus
from ui.lost.subjects import Subject
from ui.theme import Tone
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind

LOSE, FIND, REPLACE, DAMAGE, REPAIR, CLAIM, KEPT, PAY = (
    "lose", "find", "replace", "damage", "repair", "claim", "kept", "pay",
)  # fmt: skip

CHARGE = Field("charge", "مبلغ (ریال)", Kind.MONEY, help="خالی: بهای خود کتاب یا بهای پیش‌فرض قواعد")
REASON = Field("reason", "توضیح", wide=True, longest=300)


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed: its button and key, the question with what follows from it, the fields it needs; `fits` tells for which
    copies it is offered."""

    name: str
    label: str
    key: str
    icon: str
    question: str
    told: str
    yes: str
    fits: Callable[[Subject], bool]
    fields: tuple[Field, ...] = ()
    tone: Tone = Tone.WARN


def _may_be_lost(subject: Subject) -> bool:
    return (subject.on_loan and subject.status is not ItemStatus.LOST) or subject.status is ItemStatus.AVAILABLE


def _is_away(subject: Subject) -> bool:
    away = (ItemStatus.LOST, ItemStatus.MISSING, ItemStatus.UNKNOWN, ItemStatus.REPLACED)
    return subject.status in away or subject.kind is CaseKind.CLAIMED


def _is_owed(subject: Subject) -> bool:
    return subject.on_loan or (subject.kind is CaseKind.DAMAGED and subject.case is not None and subject.case.owed > 0)


CONDITIONS = (
    (Condition.DAMAGED.value, "آسیب‌دیده"),
    (Condition.UNBINDABLE.value, "غیر قابل صحافی"),
    (Condition.WORN.value, "فرسوده"),
)
DEEDS: Mapping[str, Deed] = MappingProxyType(
    {
        deed.name: deed
        for deed in (
            Deed(
                FIND,
                "پیدا شد",
                "Ctrl+F",
                "check",
                "این نسخه پیدا شده است؟",
                "نسخه موجود می‌شود و آنچه برای گم شدن گرفته شده، طبق قواعد برمی‌گردد؛ جریمهٔ دیرکرد می‌ماند.",
                "پیدا شد",
                _is_away,
                tone=Tone.INFO,
            ),
            Deed(
                PAY,
                "دریافت وجه",
                "Ctrl+P",
                "cash",
                "",
                "",
                "",
                lambda subject: subject.case is not None and subject.case.owed > 0,
            ),
            Deed(
                REPLACE,
                "تحویل همان کتاب",
                "Ctrl+R",
                "repeat",
                "عضو عین این کتاب را آورده است؟",
                "نسخهٔ تازه با شمارهٔ ثبت خود ثبت می‌شود و بهای کتاب تسویه است؛ جریمهٔ دیرکرد می‌ماند (۰۰۰ بند ۳-۱-۲).",
                "کتاب تازه تحویل گرفته شد",
                _is_owed,
                (
                    Field("barcode", "بارکد نسخهٔ تازه", Kind.LATIN, help="خالی: برنامه می‌دهد", longest=64),
                    Field("price", "بهای نسخهٔ تازه (ریال)", Kind.MONEY, help="خالی: بهای نسخهٔ پیشین"),
                    Field("existing", "یا برچسب نسخه‌ای که از پیش ثبت شده است", Kind.LATIN, longest=64, wide=True),
                ),
            ),
            Deed(
                LOSE,
                "گم شده است",
                "Ctrl+G",
                "help-circle",
                "این نسخه گم شده است؟",
                "اگر نزد عضو است، جریمه تا امروز بسته و بهای کتاب به حساب او نوشته می‌شود؛ وگرنه مفقود ثبت می‌شود.",
                "گم شده ثبت شود",
                _may_be_lost,
                (CHARGE, REASON),
            ),
            Deed(
                CLAIM,
                "می‌گوید برگردانده",
                "Ctrl+J",
                "history",
                "عضو می‌گوید کتاب را برگردانده است؟",
                "دیرکرد از آن روز شمرده نمی‌شود و کتاب در فهرست جستجوی قفسه‌ها می‌آید.",
                "ادعا ثبت شود",
                lambda subject: (
                    subject.on_loan
                    and subject.kind not in (CaseKind.CLAIMED, CaseKind.LOST)
                    and subject.status is not ItemStatus.LOST
                ),
                (Field("on", "در چه روزی؟", Kind.DATE, help="خالی: امروز"),),
            ),
            Deed(
                KEPT,
                "نزد عضو بود",
                "Ctrl+B",
                "user",
                "کتاب نزد عضو بوده است؟",
                "ادعا بسته می‌شود و دیرکرد از سررسید شمرده می‌شود.",
                "ادعا بسته شود",
                lambda subject: subject.kind is CaseKind.CLAIMED,
            ),
            Deed(
                DAMAGE,
                "آسیب دیده است",
                "Ctrl+D",
                "alert-triangle",
                "چه آسیبی دیده است؟",
                "مبلغ به حساب کسی نوشته می‌شود که کتاب نزد اوست یا آخرین بار نزد او بوده است.",
                "آسیب ثبت شود",
                lambda subject: subject.status in (ItemStatus.AVAILABLE, ItemStatus.ON_LOAN),
                (
                    Field("note", "شرح آسیب", required=True, wide=True, longest=300),
                    Field("charge", "مبلغ (ریال)", Kind.MONEY, help="خالی: هزینه‌ای ندارد"),
                    Field("condition", "وضعیت", Kind.CHOICE, options=CONDITIONS),
                    Field("incident", "به کمیتهٔ انضباطی هم معرفی شود", Kind.TICK, wide=True),
                ),
            ),
            Deed(
                REPAIR,
                "مرمت شد",
                "Ctrl+M",
                "needle-thread",
                "این نسخه مرمت شده است؟",
                "وضعیت آن «سالم» می‌شود؛ خسارت نوشته‌شده می‌ماند.",
                "مرمت ثبت شود",
                lambda subject: subject.condition in (Condition.DAMAGED, Condition.UNBINDABLE),
                tone=Tone.INFO,
            ),
        )
    }
)
