"""What people may do: actions, and the roles that may by default. A branch changes this in the `permission` table."""

from collections.abc import Mapping
from enum import StrEnum

from db.codes import Role


class Action(StrEnum):
    """Something that needs permission."""

    LEND = "lend"
    OVERRIDE = "override"
    BACKDATE = "backdate"
    SET_DUE = "set_due"
    HOLD = "hold"
    DECLARE_LOST = "declare_lost"
    RESTRICT = "restrict"
    CLEAR = "clear"
    TAKE_PAYMENT = "take_payment"
    CHARGE = "charge"
    WAIVE = "waive"
    REFUND = "refund"
    CASH = "cash"
    AMNESTY = "amnesty"
    NOTIFY = "notify"
    TRAVEL = "travel"
    MANAGE_ROUTES = "manage_routes"
    CATALOGUE = "catalogue"
    FAST_ADD = "fast_add"
    ALERT = "alert"
    TAKE_WISH = "take_wish"
    ANSWER_WISH = "answer_wish"
    REGISTER_MEMBER = "register_member"
    EDIT_MEMBER = "edit_member"
    MERGE_MEMBERS = "merge_members"
    WEED = "weed"
    FINALISE_MINUTES = "finalise_minutes"
    ENTER_RULING = "enter_ruling"
    EXCHANGE = "exchange"
    BIND = "bind"
    STOCKTAKE = "stocktake"
    REPORT = "report"
    SET_LIBRARY = "set_library"
    CHANGE_POLICY = "change_policy"
    CHANGE_CALENDAR = "change_calendar"
    MANAGE_STAFF = "manage_staff"
    IMPORT = "import"
    UNDO = "undo"


ACTION_LABELS: Mapping[Action, str] = {
    Action.LEND: "امانت، بازگشت و تمدید، هم با پست و پیک",
    Action.OVERRIDE: "نادیده گرفتن قاعده با نوشتن دلیل",
    Action.BACKDATE: "ثبت امانت و بازگشت روزهای گذشته",
    Action.SET_DUE: "نوشتن تاریخ بازگشت به دلخواه",
    Action.HOLD: "رزرو",
    Action.DECLARE_LOST: "ثبت گم شدن و خسارت",
    Action.RESTRICT: "محروم کردن و برداشتن محرومیت",
    Action.CLEAR: "تسویه‌حساب",
    Action.TAKE_PAYMENT: "دریافت وجه",
    Action.CHARGE: "نوشتن بدهی",
    Action.WAIVE: "بخشودن بدهی",
    Action.REFUND: "بازپرداخت و ابطال رسید",
    Action.CASH: "باز و بسته کردن صندوق",
    Action.AMNESTY: "طرح بخشودگی همگانی",
    Action.NOTIFY: "پیگیری و یادآوری",
    Action.TRAVEL: "کار با کتابخانهٔ سیار",
    Action.MANAGE_ROUTES: "تعیین مسیر و ایستگاه",
    Action.CATALOGUE: "فهرست‌نویسی و ثبت نسخه",
    Action.FAST_ADD: "امانت کتاب نو با ثبت کوتاه",
    Action.ALERT: "گذاشتن یادداشت روی عضو و نسخه",
    Action.TAKE_WISH: "ثبت درخواست خرید مراجعان",
    Action.ANSWER_WISH: "پاسخ به درخواست خرید",
    Action.REGISTER_MEMBER: "ثبت عضو",
    Action.EDIT_MEMBER: "ویرایش و تمدید عضویت",
    Action.MERGE_MEMBERS: "ادغام عضوهای تکراری",
    Action.WEED: "وجین",
    Action.FINALISE_MINUTES: "نهایی کردن صورتجلسه",
    Action.ENTER_RULING: "ثبت پاسخ شهرستان و استان",
    Action.EXCHANGE: "مبادله، تحویل و بازیافت",
    Action.BIND: "صحافی و ترمیم",
    Action.STOCKTAKE: "رف‌خوانی",
    Action.REPORT: "گزارش‌های فصلی و مجموعه",
    Action.SET_LIBRARY: "مشخصات کتابخانه و امضاکنندگان",
    Action.CHANGE_POLICY: "تغییر قواعد امانت",
    Action.CHANGE_CALENDAR: "تغییر تقویم کاری",
    Action.MANAGE_STAFF: "مدیریت کارکنان",
    Action.IMPORT: "ورود از فایل",
    Action.UNDO: "واگرد آخرین کار",
}


LEARNING = frozenset({Action.LEND, Action.HOLD, Action.UNDO})
DESK_WORK = LEARNING | {
    Action.REGISTER_MEMBER, Action.EDIT_MEMBER, Action.TAKE_PAYMENT, Action.NOTIFY, Action.BACKDATE,
    Action.DECLARE_LOST, Action.FAST_ADD, Action.ALERT, Action.TAKE_WISH,
}  # fmt: skip
LIBRARIANSHIP = DESK_WORK | {
    Action.OVERRIDE, Action.SET_DUE, Action.RESTRICT, Action.CLEAR, Action.CHARGE, Action.WAIVE, Action.REFUND,
    Action.CASH, Action.TRAVEL, Action.MANAGE_ROUTES, Action.MERGE_MEMBERS, Action.CATALOGUE, Action.WEED,
    Action.IMPORT, Action.CHANGE_CALENDAR, Action.EXCHANGE, Action.BIND, Action.STOCKTAKE, Action.REPORT,
    Action.ANSWER_WISH,
}  # fmt: skip
DEFAULTS: Mapping[Role, frozenset[Action]] = {
    Role.HEAD: frozenset(Action),
    Role.ADMINISTRATOR: frozenset(
        {Action.MANAGE_STAFF, Action.CHANGE_POLICY, Action.CHANGE_CALENDAR, Action.IMPORT, Action.SET_LIBRARY}
    ),
    Role.LIBRARIAN: LIBRARIANSHIP,
    Role.ASSISTANT: DESK_WORK,
    Role.TRAINEE: LEARNING,
    Role.VAN_DRIVER: LEARNING | {Action.TRAVEL, Action.TAKE_PAYMENT, Action.BACKDATE},
    Role.CATALOGUER: frozenset({Action.CATALOGUE, Action.IMPORT, Action.UNDO}),
    Role.SENIOR_CATALOGUER: frozenset({Action.CATALOGUE, Action.IMPORT, Action.UNDO}),
    Role.COUNTY_HEAD: frozenset(),
    Role.PROVINCE_REVIEWER: frozenset(),
    Role.RESOURCES_OFFICE: frozenset(),
    Role.LIBRARY_AFFAIRS: frozenset(),
    Role.AUDITOR: frozenset(),
}

# Refusals that a person with Action.OVERRIDE may lift, and those that only the head may. A copy on weeding minutes is
# in neither: until the answer has come nothing takes it out of the house (002 م7-4); it is struck off the minutes
# first.
LIBRARIAN_OVERRIDES = frozenset(
    {
        "limit.total",
        "limit.item_type",
        "limit.onsite",
        "limit.national_id",
        "limit.elsewhere",
        "limit.visitor",
        "member.overdues",
        "member.debt",
        "member.guarantor_debt",
        "member.address_unknown",
        "hold.queued_for_other",
        "hold.limit",
        "hold.per_title",
        "hold.per_day",
        "hold.own_loan",
        "hold.damaged",
        "hold.on_shelf",
        "item.onsite_only",
        "renewal.too_many",
        "renewal.too_soon",
        "renewal.unseen_limit",
        "renewal.overdue",
        "renewal.on_hold",
        "renewal.not_extended",
        "item.missing",
        "item.lost",
    }
)
HEAD_OVERRIDES = LIBRARIAN_OVERRIDES | {
    "member.expired",
    "member.restricted",
    "member.banned_elsewhere",
    "item.not_for_loan",
    "item.in_binding",
    "hold.waiting_for_other",
    "renewal.restricted",
    "renewal.not_allowed",
}


def overrides_of(role: Role, allowed: frozenset[Action]) -> frozenset[str]:
    """The refusal codes that a person of this role may lift."""
    if Action.OVERRIDE not in allowed:
        return frozenset()
    return HEAD_OVERRIDES if role is Role.HEAD else LIBRARIAN_OVERRIDES
