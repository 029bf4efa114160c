"""The membership form as a table of fields, what is said of wrong numbers, and which field a refusal belongs to."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from app.members.form import MemberForm
from app.members.identity import Fault, Reading, mobile, national_id
from app.refusal import Refusal
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind, Value
from ui.widgets.form_values import Values, day_of, tags_of, text_of

# The five groups of the Council for children's books; the letters are what is stored.
AGE_GROUPS = (
    ("", "—"),
    ("الف", "الف: پیش از دبستان و سال اول"),
    ("ب", "ب: سال‌های دوم و سوم دبستان"),
    ("ج", "ج: سال‌های چهارم تا ششم"),
    ("د", "د: دورهٔ اول متوسطه"),
    ("ه", "ه: دورهٔ دوم متوسطه"),
)

FAULTS: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.NOT_A_NUMBER: "در این خانه فقط رقم بنویسید.",
        Fault.WRONG_LENGTH: "کد ملی ده رقم است.",
        Fault.ALL_DIGITS_EQUAL: "ده رقم یکسان کد ملی نیست.",
        Fault.WRONG_CHECK_DIGIT: "رقم کنترل کد ملی درست نیست؛ یک رقم شاید جابه‌جا شده باشد.",
        Fault.NOT_A_TELEPHONE: "شمارهٔ تلفن همراه مانند ۰۹۱۲ ۳۴۵ ۶۷۸۹ است.",
        Fault.LANDLINE_NOT_MOBILE: "این شمارهٔ تلفن ثابت است؛ تلفن همراه را بنویسید.",
        Fault.OWN_NUMBER: "این شمارهٔ خود کتابخانه است.",
    }
)

SOFT = frozenset({"national_id", "mobile", "guardian_mobile"})
"""Fields whose doubtful value may stand when the librarian says so: foreigners have other numbers."""

FIELD_OF: Mapping[str, str] = MappingProxyType(
    {
        "member.national_id": "national_id",
        "member.duplicate": "national_id",
        "member.card_taken": "card",
        "member.number_taken": "member_no",
        "member.guarantor_unknown": "guarantor",
        "member.guarantor_required": "guarantor",
        "member.own_guarantor": "guarantor",
    }
)
_OTHER_NAMES: Mapping[str, str] = MappingProxyType({"expires": "expires_on", "joined": "joined_on"})


def _doubt(read: Callable[[str], Reading]) -> Callable[[str], str]:
    def validator(text: str) -> str:
        reading = read(text)
        return "" if reading.value else FAULTS.get(reading.fault or Fault.EMPTY, "این شماره درست نیست.")

    return validator


OF_JOINING = frozenset({"card", "member_no", "expires_on"})
"""Fields that are said once: afterwards cards, number and end of the membership have ways of their own."""


def member_fields(categories: Mapping[str, str], *, new: bool = True) -> tuple[Field, ...]:
    """The fields in the order of the paper form. `categories` are those of the library."""
    return tuple(field for field in _fields(categories) if new or field.name not in OF_JOINING)


def _fields(categories: Mapping[str, str]) -> tuple[Field, ...]:
    mobile_check = _doubt(mobile)
    return (
        Field("given_name", "نام", required=True, longest=120),
        Field("family_name", "نام خانوادگی", required=True, longest=120),
        Field("father_name", "نام پدر", longest=120),
        Field("category", "نوع عضویت", Kind.CHOICE, required=True, options=tuple(categories.items())),
        Field("national_id", "کد ملی", Kind.LATIN, validator=_doubt(national_id), longest=20),
        Field("birth_date", "تاریخ تولد", Kind.DATE),
        Field("mobile", "تلفن همراه", Kind.LATIN, validator=mobile_check, longest=24),
        Field("phone", "تلفن ثابت", Kind.LATIN, longest=24),
        Field("email", "رایانامه", Kind.LATIN, longest=120),
        Field("education", "تحصیلات", longest=120),
        Field("job", "شغل", longest=120),
        Field("age_group", "گروه سنی", Kind.CHOICE, options=AGE_GROUPS),
        Field("guardian", "سرپرست", help="برای کودک و نوجوان", longest=200),
        Field("guardian_mobile", "تلفن همراه سرپرست", Kind.LATIN, validator=mobile_check, longest=24),
        Field("guardian_member", "کارت سرپرست", Kind.LATIN, help="اگر خودش عضو است", longest=64),
        Field("guarantor", "ضامن", Kind.LATIN, help="کارت یا شمارهٔ عضویت ضامن", longest=64),
        Field("letter_no", "شمارهٔ نامهٔ معرفی", longest=60),
        Field("liaison", "رابط سازمان", help="برای عضویت با نامه", longest=120),
        Field("interests", "علاقه‌مندی‌ها", help="با ویرگول جدا کنید: رمان، شعر"),
        Field("card", "شمارهٔ کارت", Kind.LATIN, help="کارت را اسکن کنید.", longest=64),
        Field("member_no", "شمارهٔ عضویت", Kind.LATIN, help="خالی بماند، برنامه شماره می‌دهد.", longest=32),
        Field("expires_on", "پایان عضویت", Kind.DATE, help="خالی بماند، از قواعد حساب می‌شود."),
        Field("note", "یادداشت", longest=500),
        Field("address", "نشانی", wide=True, longest=500),
        Field("keep_history", "تاریخچهٔ امانت نگه داشته شود", Kind.TICK),
        Field("address_unknown", "نشانی نامعتبر است", Kind.TICK),
    )


TEXTS = (
    "card", "member_no", "national_id", "mobile", "father_name", "guardian", "guardian_mobile", "guarantor",
    "age_group", "address", "note", "phone", "email", "education", "job", "guardian_member", "letter_no", "liaison",
)  # fmt: skip


def member_form(values: Values, documents: tuple[str, ...] = ()) -> MemberForm:
    """What the form says, as the use case takes it; an empty field says nothing."""
    texts: dict[str, Any] = {name: text_of(values, name) for name in TEXTS}
    return MemberForm(
        given_name=text_of(values, "given_name") or "",
        family_name=text_of(values, "family_name") or "",
        category=text_of(values, "category") or "",
        birth_date=day_of(values, "birth_date"),
        interests=tags_of(values, "interests"),
        expires_on=day_of(values, "expires_on"),
        documents=documents,
        keep_history=bool(values.get("keep_history")),
        address_unknown=bool(values.get("address_unknown")),
        **texts,
    )


def form_values(form: MemberForm) -> Values:
    """A stored form as its fields show it; a mobile number as people write it."""
    names = (*TEXTS, "given_name", "family_name", "category", "birth_date", "keep_history", "address_unknown")
    shown: dict[str, Value] = {name: getattr(form, name) for name in names}
    shown |= {name: _local(getattr(form, name)) for name in ("mobile", "guardian_mobile")}
    return {**shown, "interests": "، ".join(form.interests), "age_group": form.age_group or ""}


def _local(stored: str | None) -> str | None:
    return f"0{stored[3:]}" if stored and stored.startswith("+98") else stored


def field_of(refusal: Refusal) -> str:
    """The field a refusal belongs to; "" when it belongs to none."""
    named = str(refusal.facts.get("field", ""))
    return FIELD_OF.get(refusal.code) or _OTHER_NAMES.get(named, named)
