"""The calendar of duties in Persian: what is to be done, by when, and by which article."""

import datetime as dt
from collections.abc import Mapping

from app.duties.rules import Duty, DutyKind, DutyWeight
from app.labels import WEEDING_REASON
from app.persian import jalali
from app.persian.digits import number, to_persian

WEIGHT: Mapping[DutyWeight, str] = {
    DutyWeight.LATE: "دیرشده",
    DutyWeight.SOON: "پیش رو",
    DutyWeight.INFO: "برای آگاهی",
}
# {reason}: the reason of weeding; {paper}: the number of the paper; {count}: copies; {name}: of a shelf-reading or
# season; {year}: the Jalali year.
TITLE: Mapping[DutyKind, str] = {
    DutyKind.COUNTY_ANSWER: "پاسخ شهرستان به صورتجلسهٔ {reason} {paper}",
    DutyKind.PROVINCE_ANSWER: "پاسخ استان به صورتجلسهٔ {reason} {paper}",
    DutyKind.HEAD_OFFICE_ANSWER: "پاسخ نهاد به صورتجلسهٔ {reason} {paper}",
    DutyKind.CORRECTION: "اصلاح صورتجلسهٔ {reason} {paper}",
    DutyKind.FINAL_LIST: "بستن صورتجلسهٔ {reason} {paper}",
    DutyKind.SEND_LIST: "فرستادن فهرست نهایی وجین {reason} {paper}",
    DutyKind.SEND_MINUTES: "فرستادن صورتجلسهٔ {reason} {paper}",
    DutyKind.DRAFT_PILED: "{count} نسخه در پیش‌نویس وجین {reason}",
    DutyKind.WEED_SEASON: "وجین این فصل",
    DutyKind.WEED_AFTER_STOCKTAKE: "{count} نسخهٔ فرسوده در رف‌خوانی «{name}»",
    DutyKind.SET_ASIDE: "{count} نسخهٔ وجین {reason} {paper} که امانت بود",
    DutyKind.PACK: "بسته‌بندی {count} نسخهٔ وجین {reason}",
    DutyKind.HAND_OVER: "تحویل بستهٔ {reason} ({count} نسخه)",
    DutyKind.PACKAGE_OUT: "بستهٔ {reason} ({count} نسخه) نزد مرکز مبادله",
    DutyKind.TO_STORE: "بستهٔ {reason} ({count} نسخه) به انبار نهاد",
    DutyKind.PROCEEDS: "وجه بازیافت {count} نسخهٔ {reason}",
    DutyKind.BINDING_SEND: "فرستادن {count} نسخه به صحافی {paper}",
    DutyKind.BINDING_BACK: "بازگشت {count} نسخه از صحافی {paper}",
    DutyKind.BINDING_STATUS: "وضعیت {count} نسخهٔ صحافی {paper}",
    DutyKind.BINDING_REQUEST: "درخواست صحافی",
    DutyKind.BRANCH_REPORT: "گزارش وجین و صحافی {name} {year}",
    DutyKind.COUNTY_REPORT: "گزارش شهرستان برای {name} {year}",
    DutyKind.REPORT_ANSWER: "نتیجهٔ گزارش {name} {year} از استان",
    DutyKind.STOCKTAKE_IDLE: "رف‌خوانی نیمه‌تمام «{name}»",
    DutyKind.STOCKTAKE_YEARLY: "رف‌خوانی سالانه",
    DutyKind.DATA_ENTRY: "ورود اطلاعات: {count} نسخه مانده است",
}
NOT_APPROVED = "پیگیری کنید؛ گذشتن مهلت به معنای تأیید نیست و نسخه‌ها از کتابخانه بیرون نمی‌روند."
# What to do about it: no figures, for the terms are those of the guideline in force. A term that has passed approves
# nothing by itself (002 م7-4).
ADVICE: Mapping[DutyKind, str] = {
    DutyKind.COUNTY_ANSWER: "رئیس اداره تا این روز پاسخ می‌دهد. تا پاسخ، نسخه‌ها در کتابخانه می‌مانند.",
    DutyKind.PROVINCE_ANSWER: "کارشناس منابع تا این روز پاسخ می‌دهد. تا پاسخ، نسخه‌ها در کتابخانه می‌مانند.",
    DutyKind.HEAD_OFFICE_ANSWER: "وجین کتابخانهٔ مرکزی استان تأیید ادارهٔ کل منابع نهاد را می‌خواهد.",
    DutyKind.CORRECTION: "اصلاح خواسته‌شده را انجام دهید و صورتجلسه را دوباره بفرستید.",
    DutyKind.FINAL_LIST: "پاسخ‌ها رسیده است: صورتجلسه را ببندید و فهرست نهایی را با نامه بفرستید.",
    DutyKind.SEND_LIST: "برگه و فایل اکسل نسخهٔ نهایی را با نامه به رئیس ادارهٔ شهرستان بفرستید.",
    DutyKind.SEND_MINUTES: "صورتجلسهٔ نهایی‌شده را با نامه به رئیس ادارهٔ شهرستان بفرستید.",
    DutyKind.DRAFT_PILED: "نسخه‌های وجینی نباید انباشته شود: هر فصل فهرستشان فرستاده می‌شود.",
    DutyKind.WEED_SEASON: "یک فصل از آخرین صورتجلسه گذشته است: نامزدهای وجین را ببینید و فهرستشان را بفرستید.",
    DutyKind.WEED_AFTER_STOCKTAKE: "آنچه در رف‌خوانی فرسوده دیده شد، به صورتجلسه یا صحافی ببرید.",
    DutyKind.SET_ASIDE: "نسخه‌های برگشته را کنار بگذارید تا وضعیتشان وجین شود.",
    DutyKind.PACK: "نسخه‌ها را به تفکیک چهار گروه بسته‌بندی کنید.",
    DutyKind.HAND_OVER: "بسته را با صورتجلسه به ادارهٔ شهرستان تحویل دهید و رسید بگیرید.",
    DutyKind.PACKAGE_OUT: "چشم‌به‌راه درخواست کتابخانه‌ها.",
    DutyKind.TO_STORE: "اگر تا این روز کسی نخواهد، با نامه به انبار نهاد فرستاده می‌شود.",
    DutyKind.PROCEEDS: "مبلغ بازیافت و رسید آن را ثبت کنید.",
    DutyKind.BINDING_SEND: "کتاب‌ها همراه درخواست می‌روند: روز ارسال را ثبت کنید، یا درخواست را لغو کنید.",
    DutyKind.BINDING_BACK: "بخش صحافی تا این روز فرصت دارد.",
    DutyKind.BINDING_STATUS: "آنچه تا این روز بازنگردد، وضعیتش «در حال صحافی» می‌شود.",
    DutyKind.BINDING_REQUEST: "پس از رف‌خوانی یا هر فصل، و نه دیرتر از این روز، با نامه به رئیس ادارهٔ شهرستان.",
    DutyKind.BRANCH_REPORT: "گزارش فصل را بسازید و با نامه به رئیس ادارهٔ شهرستان بفرستید.",
    DutyKind.COUNTY_REPORT: "رئیس اداره تا این روز گزارش شهرستان را به استان می‌دهد.",
    DutyKind.REPORT_ANSWER: "کارشناس منابع تا این روز نتیجه را اعلام می‌کند.",
    DutyKind.STOCKTAKE_IDLE: "رف‌خوانی را از همان جا دنبال کنید یا ببندید.",
    DutyKind.DATA_ENTRY: "در کتابخانهٔ نو هر کتابدار در هر ماه سهمی از کتاب‌ها را وارد می‌کند.",
    DutyKind.STOCKTAKE_YEARLY: "یک سال از رف‌خوانی گذشته یا هنوز انجام نشده است.",
}
PASSED: Mapping[DutyKind, str] = {
    DutyKind.COUNTY_ANSWER: NOT_APPROVED,
    DutyKind.PROVINCE_ANSWER: NOT_APPROVED,
    DutyKind.REPORT_ANSWER: "از کارشناس منابع پیگیری کنید.",
    DutyKind.BINDING_BACK: "مهلت صحافی گذشته است: از بخش صحافی پیگیری کنید.",
    DutyKind.BINDING_REQUEST: "درخواست صحافی دیر شده است: آن را بنویسید و با نامه بفرستید.",
}
# Which text an article is of, where it is not the one on weeding.
GUIDELINE: Mapping[str, str] = {"003": "فهرست‌نویسی "}
MANY_DAYS, DAYS_A_MONTH, MONTHS_A_YEAR = 60, 30, 12


def title(duty: Duty) -> str:
    """What is to be done: one line."""
    subject = duty.subject
    paper = to_persian(f"{subject.year}/{subject.number}") if subject.year and subject.number else ""
    line = TITLE[duty.kind].format(
        reason=WEEDING_REASON[subject.reason].removeprefix("وجین ") if subject.reason else "",
        paper=paper,
        count=number(subject.count),
        name=subject.name,
        year=to_persian(str(subject.year or "")),
    )
    return " ".join(line.split())


def when(duty: Duty, today: dt.date) -> str:
    """«۳ روز مانده», «امروز», «۴ روز گذشته», or since when it waits."""
    if duty.due_on is None:
        return f"از {jalali.day_month(duty.since)}" if duty.since else ""
    days = (duty.due_on - today).days
    if days == 0:
        return "امروز"
    return f"{_span(days)} مانده" if days > 0 else f"{_span(-days)} گذشته"


def deadline(duty: Duty) -> str:
    """The last day in time, and the article that names it."""
    day = f"تا {jalali.long(duty.due_on)}" if duty.due_on else ""
    text, _, article = duty.article.rpartition(" ")
    place = f"{GUIDELINE.get(text, '')}مادهٔ {to_persian(article)}" if article else ""
    return " · ".join(filter(None, (day, place)))


def advice(duty: Duty) -> str:
    """What to do about it."""
    return (PASSED.get(duty.kind) if duty.weight is DutyWeight.LATE else None) or ADVICE[duty.kind]


def _span(days: int) -> str:
    """Days; months of thirty days and years where there are many."""
    months = days // DAYS_A_MONTH
    if days < MANY_DAYS:
        return f"{number(days)} روز"
    return f"{number(months)} ماه" if months < 2 * MONTHS_A_YEAR else f"{number(months // MONTHS_A_YEAR)} سال"
