"""Every policy parameter: its group, what it may hold, its default, and the words a librarian reads.

A default is what holds where no row of the policy speaks. Where library systems disagree it follows common practice:
closed days are not lateness, a due date on a closed day moves to the next open one, grace once passed counts in full.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import TypeAlias

from app.policy.choices import (
    AskFirst,
    ChargeAt,
    DaysMode,
    Gate,
    HardMode,
    HoldFeeWhen,
    Loanable,
    LostItem,
    OnOtherCard,
    OverdueRenewal,
    OverduesBlock,
    Parts,
    RenewFrom,
    RuleBranch,
    labels_of,
)
from app.policy.values import Group, Kind, Parameter, Value
from db.codes import PaymentMethod

DAY, WEEK, MONTH, YEAR = "روز", "هفته", "ماه", "سال"
RIAL, COPY, TIME, HOLD = "ریال", "نسخه", "بار", "رزرو"

GROUP_LABELS: Mapping[Group, str] = MappingProxyType(
    {
        Group.LOAN: "امانت",
        Group.RENEWAL: "تمدید",
        Group.RETURN: "بازگشت",
        Group.OVERDUE: "دیرکرد",
        Group.HOLDS: "رزرو",
        Group.LOST: "مفقودی و خسارت",
        Group.MEMBERSHIP: "عضویت",
        Group.PAYMENT: "پرداخت",
        Group.NETWORK: "شبکه کتابخانه‌ها",
    }
)

LOAN_PERIODS = ("loan_days", "loan_weeks", "loan_months", "fixed_due")
"""Four ways to say one thing: the most specific row that gives any of them hides those of less specific rows."""

Draft: TypeAlias = Callable[..., Parameter]
"""A parameter that still has to be told its group."""

MOST_RIALS = 1_000_000_000_000


def _number(name: str, unit: str, label: str, text: str, default: int | None = None, minimum: int = 0) -> Draft:
    return partial(Parameter, name, Kind.NUMBER, default, unit, label, text, minimum=minimum)


def _rial(name: str, label: str, text: str, default: int | None = None) -> Draft:
    return partial(Parameter, name, Kind.NUMBER, default, RIAL, label, text, maximum=MOST_RIALS)


def _flag(name: str, label: str, text: str, default: bool = False) -> Draft:
    return partial(Parameter, name, Kind.FLAG, default, "", label, text)


def _choice(name: str, label: str, text: str, default: StrEnum) -> Draft:
    return partial(Parameter, name, Kind.CHOICE, default.value, "", label, text, choices=labels_of(type(default)))


def _choices(name: str, codes: type[StrEnum], label: str, text: str) -> Draft:
    return partial(Parameter, name, Kind.CHOICES, None, "", label, text, choices=labels_of(codes))


def _other(name: str, kind: Kind, label: str, text: str, default: Value | None = None) -> Draft:
    return partial(Parameter, name, kind, default, "", label, text, maximum=MOST_RIALS)


_LOAN = (
    _number("loan_days", DAY, "مدت امانت", "شمار روزهایی که نسخه نزد عضو می‌ماند."),
    _number("loan_weeks", WEEK, "مدت امانت به هفته", "به جای روز، مدت امانت به هفته گفته می‌شود.", None, 1),
    _number("loan_months", MONTH, "مدت امانت به ماه", "مدت امانت به ماه شمسی گفته می‌شود.", None, 1),
    _other("fixed_due", Kind.DAY, "سررسید ثابت", "سررسید همه امانت‌ها همین تاریخ است."),
    _choice(
        "days_mode",
        "سررسید در روز تعطیل",
        "اگر کتابخانه در روز سررسید بسته باشد، سررسید چگونه جابه‌جا می‌شود.",
        DaysMode.PUSH_TO_NEXT_OPEN,
    ),
    _flag("cap_at_membership_expiry", "سررسید تا پایان عضویت", "سررسید هیچ امانتی از روز پایان عضویت نمی‌گذرد."),
    _other(
        "hard_due",
        Kind.HARD_DUES,
        "تاریخ قطعی",
        "تاریخی، یا فهرستی از نیم‌سال‌ها با تاریخ هر یک، که سررسیدها را محدود می‌کند؛ مانند پایان نیم‌سال.",
    ),
    _choice("hard_mode", "اثر تاریخ قطعی", "سررسید نسبت به تاریخ قطعی چگونه باشد.", HardMode.BEFORE),
    _number("max_days", DAY, "بیشترین مدت دستی", "سررسیدی که کتابدار خود می‌نویسد، از این دورتر نمی‌رود."),
    _number("max_loans", COPY, "سقف امانت از این نوع", "بیشترین نسخه از این نوع منبع که نزد عضو می‌ماند.", None, 1),
    _number("max_loans_all_types", COPY, "سقف کل امانت", "بیشترین نسخه، از همه انواع، که نزد عضو می‌ماند."),
    _number("max_loans_branch", COPY, "سقف امانت از این کتابخانه", "بیشترین نسخه این کتابخانه نزد هر عضو."),
    _number("max_onsite", COPY, "سقف امانت موقت", "بیشترین نسخه‌ای که عضو هم‌زمان در محل می‌گیرد."),
    _flag("onsite_counts_as_normal", "شمارش امانت موقت", "امانت موقت در سقف امانت عادی شمرده می‌شود."),
    _number(
        "max_items_per_national_id",
        COPY,
        "سقف امانت هر کد ملی",
        "بیشترین نسخه برای هر کد ملی، روی هم در همه عضویت‌های او.",
    ),
    _choice("loanable", "امانت‌پذیری", "آیا این نوع منبع امانت داده می‌شود.", Loanable.YES),
    _number("min_age", YEAR, "کمترین سن", "عضو کوچک‌تر از این سن، این نوع منبع را امانت نمی‌گیرد."),
    _choice("second_copy", "نسخه دوم همان عنوان", "عضو نسخه دیگری از همین عنوان دارد.", AskFirst.ALLOW),
    _choice("read_before", "امانت دوباره عنوان", "عضو این عنوان را پیش‌تر خوانده است.", AskFirst.ALLOW),
    _choice("parts", "پیوست نسخه", "نسخه لوح، کتابچه یا پیوست دیگری دارد.", Parts.CONFIRM),
    _choice("on_other_card", "نسخه روی کارت دیگری", "نسخه هنوز به نام عضو دیگری است.", OnOtherCard.CONFIRM),
    _choice("lost_item", "نسخه مفقود", "نسخه‌ای که مفقود ثبت شده، برای امانت آورده شده است.", LostItem.CONFIRM),
    _number("high_holds_over", HOLD, "صف بلند رزرو", "اگر صف رزرو از این بیشتر باشد، مدت امانت کوتاه می‌شود."),
    _number("high_holds_days", DAY, "مدت امانت در صف بلند", "مدت امانت هنگامی که صف رزرو بلند است.", None, 1),
)

_RENEWAL = (
    _number("renewal_days", DAY, "مدت تمدید", "اگر نوشته نشود، به اندازه مدت امانت است.", None, 1),
    _number("max_renewals", TIME, "سقف تمدید", "بیشترین شمار تمدید هر امانت."),
    _number("max_unseen", TIME, "سقف تمدید غیرحضوری", "بیشترین شمار تمدید تلفنی یا بدون دیدن کتاب."),
    _choice(
        "renew_from",
        "آغاز تمدید",
        "مدت تمدید از چه روزی شمرده می‌شود؛ سررسید تازه هرگز زودتر از سررسید پیشین نیست.",
        RenewFrom.NOW,
    ),
    _number("renew_not_before_days", DAY, "تمدید زودهنگام", "تمدید زودتر از این شمار روز پیش از سررسید نمی‌شود."),
    _choice(
        "overdue_renewal",
        "تمدید امانت دارای دیرکرد",
        "آیا امانتی که سررسیدش گذشته تمدید می‌شود.",
        OverdueRenewal.ALLOW,
    ),
    _choice("restricted_renewal", "تمدید عضو محروم", "تمدید برای عضوی که محروم است.", Gate.BLOCK),
    _flag("allow_if_other_copies", "تمدید با نسخه دیگر", "اگر نسخه آزاد دیگری برای صف رزرو باشد، تمدید مجاز است."),
    _flag("allow_renew_when_expired", "تمدید پس از پایان عضویت", "امانت عضوی که عضویتش پایان یافته تمدید می‌شود."),
    _flag("forgive_fine_on_renewal", "بخشودن جریمه با تمدید", "با تمدید، جریمه دیرکرد همان امانت بخشوده می‌شود."),
    _flag("auto_renew", "تمدید خودکار", "امانت در روز سررسید، اگر مانعی نباشد، خودبه‌خود تمدید می‌شود."),
)

_RETURN = (
    _flag("count_local_use", "شمارش استفاده در محل", "پویش نسخه‌ای که امانت نیست، استفاده در محل شمرده می‌شود.", True),
    _choice("return_of_withdrawn", "بازگشت نسخه وجین‌شده", "پذیرش نسخه‌ای که وجین شده است.", Gate.ALLOW),
    _choice("return_of_lost", "بازگشت نسخه مفقود", "پذیرش نسخه‌ای که مفقود ثبت شده است.", Gate.ALLOW),
    _flag("resolve_claim_on_return", "پایان ادعای بازگشت", "با رسیدن کتاب، ادعای «پس داده‌ام» بسته می‌شود.", True),
)

_OVERDUE = (
    _rial("fine_per_day", "جریمه دیرکرد", "مبلغ هر دوره دیرکرد؛ صفر یعنی جریمه نقدی نیست.", 0),
    _rial("fine_per_day_reserved", "جریمه کتاب رزروشده", "مبلغ هر دوره، اگر عضو دیگری در صف باشد."),
    _number("grace_days", DAY, "مهلت ارفاق", "دیرکرد تا این شمار روز جریمه ندارد.", 0),
    _flag("grace_deducted", "کسر مهلت ارفاق", "پس از مهلت ارفاق، روزهای آن از دیرکرد کم می‌شود."),
    _number("period_days", DAY, "دوره جریمه", "جریمه برای هر چند روز دیرکرد یک بار حساب می‌شود.", 1, 1),
    _choice("charge_at", "زمان منظور کردن دوره", "دوره ناتمام شمرده شود یا نه.", ChargeAt.START),
    _rial("fine_cap", "سقف جریمه", "جریمه هر امانت از این مبلغ بیشتر نمی‌شود."),
    _flag("cap_to_price", "سقف بهای کتاب", "جریمه هر امانت از بهای نسخه بیشتر نمی‌شود."),
    _rial("default_price", "بهای پیش‌فرض", "بهای نسخه‌ای که بهایش ثبت نشده است."),
    _flag("skip_closed", "کنار گذاشتن تعطیلی‌ها", "روزهای بسته بودن کتابخانه دیرکرد شمرده نمی‌شود.", True),
    _other(
        "tiers",
        Kind.TIERS,
        "جریمه پلکانی",
        "فهرست پله‌ها: از روز چندم تا روز چندم دیرکرد، هر روز چند ریال.",
    ),
    _rial("tiers_max", "سقف جریمه پلکانی", "مجموع جریمه پلکانی از این مبلغ بیشتر نمی‌شود."),
    _number("ban_days_per_late_day", DAY, "روزهای محرومیت", "محرومیت برای هر دوره دیرکرد؛ صفر یعنی محرومیت نیست.", 0),
    _number("ban_period_days", DAY, "دوره محرومیت", "محرومیت برای هر چند روز دیرکرد حساب می‌شود.", 1, 1),
    _number("max_ban_days", DAY, "سقف محرومیت", "محرومیت یک بازگشت از این بیشتر نمی‌شود."),
    _flag("ban_cumulative", "جمع شدن محرومیت‌ها", "محرومیت‌ها روی هم گذاشته می‌شوند؛ وگرنه بلندترین می‌ماند."),
    _rial("debt_limit", "سقف بدهی", "عضوی که بدهی‌اش از این بیشتر است، امانت نمی‌گیرد."),
    _flag("ask_on_any_debt", "پرسش برای هر بدهی", "با هر بدهی، پیش از امانت از کتابدار پرسیده می‌شود."),
    _number(
        "max_overdue_items",
        COPY,
        "شمار دیرکرد مجاز",
        "اگر کتاب‌های دارای دیرکرد بیشتر باشد، امانت تازه محدود می‌شود.",
        0,
    ),
    _choice("overdues_block", "اثر دیرکرد بر امانت تازه", "با عضوی که کتابش دیرکرد دارد چه شود.", OverduesBlock.BLOCK),
    _choice(
        "rule_branch",
        "قاعده کدام کتابخانه",
        "اگر نسخه از کتابخانه دیگری آمده باشد، قاعده کدام کتابخانه حاکم است.",
        RuleBranch.HOME,
    ),
)

_HOLDS = (
    _number("max_holds", HOLD, "سقف رزرو", "بیشترین رزرو هم‌زمان هر عضو."),
    _number("max_per_type", HOLD, "سقف رزرو از این نوع", "بیشترین رزرو هم‌زمان از این نوع منبع."),
    _number("max_per_title", HOLD, "سقف رزرو هر عنوان", "بیشترین رزرو هم‌زمان هر عضو از یک عنوان.", 1),
    _number("max_per_day", HOLD, "سقف رزرو روزانه", "بیشترین رزروی که عضو در یک روز ثبت می‌کند."),
    _number("shelf_days", DAY, "مهلت تحویل", "کتاب رزروشده این شمار روز کاری برای عضو نگه داشته می‌شود.", 3, 1),
    _flag("expire_on_closed_days", "پایان مهلت در تعطیلی", "مهلت تحویل در روز بسته بودن کتابخانه هم پایان می‌یابد."),
    _flag("allow_hold_on_own_loan", "رزرو امانت خود", "عضو عنوانی را که در امانت دارد رزرو می‌کند."),
    _flag("hold_on_shelf", "رزرو کتاب موجود", "کتابی که در قفسه موجود است رزرو می‌شود.", True),
    _flag("hold_damaged", "رزرو نسخه آسیب‌دیده", "نسخه آسیب‌دیده رزرو می‌شود."),
    _rial("hold_fee", "هزینه رزرو", "مبلغی که برای هر رزرو گرفته می‌شود.", 0),
    _choice("hold_fee_when", "زمان هزینه رزرو", "هزینه رزرو چه هنگام به حساب عضو نوشته می‌شود.", HoldFeeWhen.PLACED),
)

_LOST = (
    _flag("charge_replacement", "گرفتن بهای کتاب", "بهای کتاب مفقود به حساب عضو نوشته می‌شود.", True),
    _rial("processing_fee", "هزینه آماده‌سازی", "هزینه ثبت و آماده‌سازی نسخه جایگزین.", 0),
    _flag("refund_when_found", "بازپرداخت پس از پیدا شدن", "با پیدا شدن کتاب، بهای آن بستانکار می‌شود.", True),
    _flag("in_kind", "تحویل همان کتاب", "عضو به جای پول، همان کتاب را می‌خرد و تحویل می‌دهد.", True),
    _number(
        "long_overdue_days", DAY, "دیرکرد بسیار بلند", "پس از این شمار روز دیرکرد، کتاب مفقود به شمار می‌آید.", None, 1
    ),
)

_MEMBERSHIP = (
    _number("months", MONTH, "مدت عضویت", "اگر نوشته نشود، عضویت تاریخ پایان ندارد.", None, 1),
    _rial("fee", "حق عضویت", "مبلغ هر دوره عضویت.", 0),
    _rial("card_fee", "بهای کارت", "مبلغ صدور کارت عضویت.", 0),
    _other("documents", Kind.TEXTS, "مدارک لازم", "فهرست مدارکی که هنگام نام‌نویسی گرفته می‌شود.", ()),
    _flag("guarantor", "ضامن", "عضویت بدون معرفی ضامن ثبت نمی‌شود."),
    _flag("letter", "معرفی‌نامه", "عضویت بدون معرفی‌نامه ثبت نمی‌شود."),
    _flag("refuse_if_overdue_history", "شرط نداشتن دیرکرد", "به کسی که پیش‌تر دیرکرد داشته، عضویت داده نمی‌شود."),
)

_PAYMENT = (
    _choices(
        "payment_methods",
        PaymentMethod,
        "راه‌های پرداخت",
        "راه‌هایی که بدهی این گروه با آن تسویه می‌شود؛ اگر نوشته نشود، همه راه‌ها.",
    ),
)

_NETWORK = (
    _number("visitor_offline_loans", COPY, "امانت به مهمان", "سقف امانت به عضو کتابخانه دیگر، هنگام قطع ارتباط.", 1),
    _number("visitor_data_days", DAY, "نگهداری داده مهمان", "داده عضو مهمان، پس از بازگشت کتاب، این مدت می‌ماند.", 90),
    _number(
        "staff_offline_days",
        DAY,
        "کار بدون تماس با مرکز",
        "ورود کارکنان بدون تماس با مرکز، تا این شمار روز.",
        180,
        1,
    ),
    _number("staff_offline_warn_days", DAY, "هشدار نبود تماس", "پس از این شمار روز بدون تماس، هشدار می‌آید.", 90, 1),
)


def _of(group: Group, drafts: Iterable[Draft]) -> Mapping[str, Parameter]:
    made = (draft(group=group) for draft in drafts)
    return {parameter.name: parameter for parameter in made}


PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {
        **_of(Group.LOAN, _LOAN),
        **_of(Group.RENEWAL, _RENEWAL),
        **_of(Group.RETURN, _RETURN),
        **_of(Group.OVERDUE, _OVERDUE),
        **_of(Group.HOLDS, _HOLDS),
        **_of(Group.LOST, _LOST),
        **_of(Group.MEMBERSHIP, _MEMBERSHIP),
        **_of(Group.PAYMENT, _PAYMENT),
        **_of(Group.NETWORK, _NETWORK),
    }
)
