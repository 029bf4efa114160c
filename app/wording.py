"""How refusals are said: what stands against it, with the numbers, and the way out. One table, no text in the rules."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.labels import ENTRY_KIND, FIELD, MATERIAL
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.persian.text import clean
from app.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence with blanks {limit}, {have}, {rule} and those of the refusal's own facts; and what can be done."""

    why: str
    way_out: str


REFUSALS: Mapping[str, Words] = {
    "member.expired": Words("عضویت در {expired_on} پایان یافته است.", "عضویت را تمدید کنید."),
    "member.restricted": Words("عضو {until_words} محروم است ({reason}).", "مسئول کتابخانه می‌تواند محرومیت را بردارد."),
    "member.card_lost": Words("این کارت مفقود اعلام شده است.", "هویت عضو را با کد ملی بررسی کنید و کارت تازه بدهید."),
    "member.address_unknown": Words("نشانی عضو نامعتبر است.", "نشانی و تلفن را بپرسید و ثبت کنید."),
    "member.cleared": Words("عضو تسویه‌حساب کرده است.", "برای امانت باید دوباره عضو شود."),
    "member.pending": Words("عضویت هنوز تأیید نشده است.", "مدارک عضو را کامل و عضویت را تأیید کنید."),
    "member.age": Words("عضو {have} ساله است و این منبع برای {limit} سال به بالاست.", "منبع دیگری پیشنهاد کنید."),
    "member.debt": Words("بدهی عضو {have} ریال است؛ سقف {limit} ریال است.", "بدهی را دریافت کنید."),
    "member.overdues": Words("{have} کتاب با دیرکرد نزد عضو است.", "نخست کتاب‌های دیرکرددار را پس بگیرید یا تمدید کنید."),
    "member.national_id": Words("کد ملی «{value}» درست نیست.", "آن را بررسی کنید؛ برای اتباع دیگر، تأیید کنید."),
    "member.mobile": Words("«{value}» تلفن همراه معتبری نیست.", "شماره را بپرسید یا همین را تأیید کنید."),
    "member.card_taken": Words("کارت «{card}» از آنِ عضو دیگری است.", "کارت دیگری به عضو بدهید."),
    "member.number_taken": Words("شمارهٔ عضویت «{member_no}» تکراری است.", "شماره را خالی بگذارید تا برنامه بدهد."),
    "member.duplicate": Words("با کد ملی {national_id} عضوی ثبت شده است.", "عضو را با کد ملی جستجو کنید."),
    "member.guarantor_unknown": Words("ضامن «{guarantor}» پیدا نشد.", "کارت یا شمارهٔ عضویت ضامن را بررسی کنید."),
    "limit.total": Words("{have} امانت نزد عضو است؛ سقف {limit} است.", "یک کتاب پس بگیرید."),
    "limit.item_type": Words("{have} امانت از این نوع نزد عضو است؛ سقف {limit} است.", "یکی از همین نوع پس بگیرید."),
    "limit.onsite": Words("{have} امانت در محل نزد عضو است؛ سقف {limit} است.", "یکی را پس بگیرید."),
    "limit.national_id": Words("برای این کد ملی {have} امانت ثبت است؛ سقف {limit} است.", "یک کتاب پس بگیرید."),
    "limit.no_rule": Words("برای این نوع عضو و کتاب مدت امانتی تعیین نشده است.", "قواعد امانت را کامل کنید."),
    "item.on_loan": Words("این نسخه نزد عضو دیگری است (بازگشت: {due_on}).", "نخست آن را پس بگیرید."),
    "item.on_loan_same_member": Words("این کتاب هم‌اکنون نزد همین عضو است (بازگشت: {due_on}).", "اگر تمدید می‌خواهد، تأیید کنید."),
    "item.parts": Words("این نسخه پیوست دارد.", "پیوست‌ها را بشمارید و تأیید کنید."),
    "item.not_for_loan": Words("این نسخه از کتابخانه بیرون برده نمی‌شود.", "اگر قواعد اجازه می‌دهد، برای استفاده در محل امانت دهید."),
    "item.withdrawn": Words("این نسخه وجین یا خارج شده است.", "اگر در مخزن است، وضعیت آن را اصلاح کنید (م ۸-۴)."),
    "item.lost": Words("این نسخه گم‌شده ثبت شده است.", "اگر در دست شماست، پیدا شدن آن را تأیید کنید."),
    "item.missing": Words("این نسخه مفقود یا نامعلوم ثبت شده است.", "اگر در دست شماست، پیدا شدن آن را تأیید کنید یا نخست بازگشت بزنید."),
    "item.in_binding": Words("این نسخه در حال صحافی است.", "نخست دریافت از صحافی را ثبت کنید."),
    "item.in_transit": Words("این نسخه در راه است.", "نخست رسیدن آن را ثبت کنید."),
    "item.uncatalogued": Words("این نسخه هنوز آماده‌سازی نشده است.", "آماده‌سازی نسخه را کامل کنید."),
    "item.on_weeding_minutes": Words("این نسخه در صورتجلسهٔ وجین است و تا پاسخ استعلام از کتابخانه بیرون نمی‌رود (م ۷-۴).", "آن را از صورتجلسه بردارید یا تنها در محل امانت دهید."),
    "item.accession_taken": Words("شمارهٔ ثبت {number} پیش‌تر داده شده است و دوباره داده نمی‌شود.", "شماره را خالی بگذارید."),
    "item.barcode_taken": Words("بارکد «{barcode}» روی نسخهٔ دیگری است.", "برچسب دیگری بزنید."),
    "hold.waiting_for_other": Words("این نسخه برای عضو دیگری کنار گذاشته شده است.", "آن را به قفسهٔ رزرو برگردانید."),
    "hold.queued_for_other": Words("{have} عضو دیگر زودتر در صف این عنوان بوده است.", "نسخه را برای نفر نخست نگه دارید یا تأیید کنید."),
    "renewal.too_many": Words("این امانت {have} بار تمدید شده است؛ سقف {limit} است.", "کتاب را پس بگیرید."),
    "renewal.too_soon": Words("{have} روز تا بازگشت مانده است.", "از {limit} روز مانده به بازگشت تمدید کنید."),
    "renewal.on_hold": Words("عضو دیگری در صف این عنوان است.", "کتاب باید در سررسید برگردد."),
    "renewal.overdue": Words("سررسید گذشته است.", "کتاب را پس بگیرید."),
    "renewal.not_extended": Words("تمدید، تاریخ بازگشت ({due_on}) را جلوتر نمی‌برد.", "بعداً تمدید کنید."),
    "renewal.unseen_limit": Words("{have} بار غیرحضوری تمدید شده است؛ سقف {limit} است.", "از عضو بخواهید کتاب را به کتابخانه بیاورد."),
    "renewal.restricted": Words("عضو {until_words} محروم است ({reason}).", "کتاب را پس بگیرید."),
    "renewal.onsite": Words("امانت در محل تمدید نمی‌شود.", "کتاب را پس بگیرید و اگر باز می‌خواهد، دوباره امانت دهید."),
    "renewal.not_allowed": Words("این نسخه تمدید نمی‌شود.", "کتاب را پس بگیرید."),
    "due.invalid": Words("تاریخ بازگشت {due_on} پذیرفتنی نیست.", "تاریخی از امروز به بعد و در محدودهٔ قواعد بنویسید."),
    "title.second_copy": Words("نسخهٔ دیگری از همین عنوان نزد عضو است.", "اگر این را هم می‌خواهد، تأیید کنید."),
    "title.read_before": Words("عضو این عنوان را پیش‌تر به امانت برده است.", "اگر باز هم می‌خواهد، تأیید کنید."),
    "clock.doubtful": Words("تاریخ رایانه ({today}) درست به نظر نمی‌رسد.", "نخست تاریخ امروز را تأیید کنید."),
    "role.not_allowed": Words("این کار در اختیار کاربر کنونی نیست.", "از مسئول کتابخانه بخواهید."),
    "reason.required": Words("برای نادیده گرفتن قاعده باید دلیل نوشته شود.", "دلیل را بنویسید."),
    "undo.nothing": Words("کاری از امروز برای واگرد نمانده است.", "کارهای پیشین را از صفحهٔ خودشان اصلاح کنید."),
    "undo.not_undoable": Words("«{kind_words}» واگرد نمی‌شود.", "راه برگشت آن در صفحهٔ خودش است."),
    "undo.changed_since": Words("پس از آن، کار دیگری بر پایهٔ همین ثبت انجام شده است.", "تغییر را دستی اصلاح کنید."),
    "field.required": Words("«{field_words}» خالی است.", "آن را بنویسید."),
    "field.invalid": Words("مقدار «{field_words}» پذیرفتنی نیست ({value}).", "آن را اصلاح کنید."),
    "minutes.empty": Words("این صورتجلسه هنوز ردیفی ندارد.", "نخست نسخه‌ها را اسکن کنید."),
    "weeding.already_weeded": Words("این نسخه پیش‌تر وجین شده است (م ۸-۱).", "اگر در مخزن است، وضعیت آن را اصلاح کنید."),
    "weeding.on_loan": Words("این نسخه در امانت است.", "پس از بازگشت پیشنهاد کنید."),
    "weeding.not_here": Words("وضعیت این نسخه نشان می‌دهد که در قفسه نیست.", "نخست وضعیت آن را روشن کنید (م ۸-۶)."),
    "weeding.on_other_minutes": Words("این نسخه در صورتجلسهٔ دیگری است و هر صورتجلسه یک دلیل دارد (م ۷-۲).", "نخست آن را از صورتجلسهٔ دیگر بردارید."),
    "weeding.in_binding": Words("این نسخه درخواست صحافی باز دارد و فرسوده شمرده نمی‌شود (م ۴-۱-ج).", "نتیجهٔ صحافی را بگیرید."),
    "weeding.never": Words("نسخهٔ خطی، چاپ سنگی و سربی هرگز وجین نمی‌شود (م ۵-۱-الف).", "به قفسه برگردانید."),
    "weeding.kept_value": Words("منبع تاریخی، محلی یا ارزشمند تنها اگر فرسوده و غیر قابل صحافی باشد وجین می‌شود (م ۵-۱-ب).", "به قفسه برگردانید."),
    "weeding.core": Words("منبع پایه تنها اگر فرسوده و غیر قابل صحافی باشد وجین می‌شود (م ۵-۱-ج).", "به قفسه برگردانید."),
    "weeding.only_copy": Words("تنها نسخهٔ این چاپ است و به دلیل نداشتن مخاطب وجین نمی‌شود (م ۵-۱-ج).", "به قفسه برگردانید."),
    "weeding.permit_needed": Words("نسخه از بستهٔ فرهنگی است (م ۴-۲ تبصره).", "شمارهٔ مجوز معاونت را بنویسید."),
    "weeding.unbindable_needed": Words("این نسخه تنها اگر «غیر قابل صحافی» باشد وجین می‌شود (م ۵-۱).", "اگر چنین است، تأیید کنید."),
    "weeding.not_worn": Words("وضعیت ظاهری این نسخه «سالم» ثبت شده است (م ۴-۱-ج).", "اگر فرسوده است، تأیید کنید."),
    "weeding.first_two_copies": Words("این نسخه، نسخهٔ {have} از نسخه‌های موجود عنوان است؛ نسخهٔ اول و دوم مازاد نیست (م ۴-۱ تبصره).", "به قفسه برگردانید."),
    "weeding.used_lately": Words("از آخرین استفاده {have} سال گذشته است؛ دست‌کم {limit} سال لازم است (م ۴-۱-د).", "به قفسه برگردانید."),
    "weeding.no_space_shortage": Words("کمبود فضای مخزن برای این کتابخانه ثبت نشده است (م ۴-۱-د تبصره).", "اگر کمبود فضا هست، تأیید کنید."),
    "weeding.criterion": Words("معیار «{criterion}» از معیارهای این دلیل وجین نیست.", "معیار دیگری برگزینید."),
    "weeding.replacement_needed": Words("گفته نشده است که کدام کتاب جای آن را می‌گیرد (م ۴-۲-د).", "عنوان جایگزین را بنویسید."),
}  # fmt: skip
ANY, BY_DEFAULT = "*", "default"  # as in app.policy.table
ARTICLE = re.compile(r"(002 م)?\d+-\d")
ITEM_TYPES = {material.value: words for material, words in MATERIAL.items()}
UNKNOWN = Words("انجام نشد ({code}).", "با پشتیبانی تماس بگیرید.")
LONGEST_FACT = 120
LATIN = re.compile("[A-Za-z]")


def why(refusal: Refusal) -> str:
    """What stands against it, in one Persian sentence."""
    return REFUSALS.get(refusal.code, UNKNOWN).why.format_map(_blanks(refusal))


def way_out(refusal: Refusal) -> str:
    """What can be done about it."""
    return REFUSALS.get(refusal.code, UNKNOWN).way_out.format_map(_blanks(refusal))


def message(refusal: Refusal) -> str:
    """Both in one line, for programs that show text."""
    return f"{why(refusal)} {way_out(refusal)}"


def rule_words(rule: str, categories: Mapping[str, str]) -> str:
    """A rule as a librarian reads it: the policy row («عضو عادی · کتاب») or the article of the guideline."""
    *_, category, item_type = ("", *rule.split("/")) if "/" in rule else ("", "", "")
    if rule == BY_DEFAULT:
        return "پیش‌فرض پیشخان"
    if not item_type:
        return f"دستورالعمل وجین، مادهٔ {to_persian(rule.removeprefix('002 م'))}" if ARTICLE.match(rule) else rule
    who = "همهٔ اعضا" if category == ANY else categories.get(category, category)
    what = "همهٔ منابع" if item_type == ANY else ITEM_TYPES.get(item_type, item_type)
    return f"{who} · {what}"


def _blanks(refusal: Refusal) -> dict[str, str]:
    blanks = {name: _say(value) for name, value in refusal.facts.items()}
    until = refusal.facts.get("until")
    blanks |= {
        "code": refusal.code,
        "limit": _say(refusal.limit),
        "have": _say(refusal.have),
        "rule": refusal.rule or "",
        "until_words": f"تا {_say(until)}" if until else "تا اطلاع بعدی",
        "field_words": FIELD.get(str(refusal.facts.get("field")), str(refusal.facts.get("field", ""))),
        "kind_words": ENTRY_KIND.get(str(refusal.facts.get("kind")), "این کار"),
    }
    return blanks


def _say(value: object) -> str:
    """A fact in Persian; what people or scanners wrote is made harmless, and digits of codes with Latin letters stay."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "بله" if value else "نه"
    if isinstance(value, int):
        return number(value)
    if isinstance(value, dt.date):
        return jalali.short(value)
    text = clean(str(value), LONGEST_FACT)
    return text if LATIN.search(text) else to_persian(text)
