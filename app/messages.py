"""The Persian message of every trouble, in three parts: what happened, was anything lost, what to do (reliability 6).

Blanks in braces are filled from the trouble's context; a blank that is missing there is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from app.persian.text import clean
from db.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Message:
    """Three sentences for a person."""

    what: str
    lost: str
    do: str


NOTHING_LOST = "چیزی از دست نرفته است."
NOTHING_CHANGED = "چیزی تغییر نکرده است."
LOANS_SAFE = "همهٔ امانت‌هایی که ثبت شده بودند سر جای خود هستند؛ تنها آخرین کار انجام نشد."

MESSAGES: Mapping[str, Message] = {
    "P-1101": Message("فضای دیسک تمام شد.", LOANS_SAFE, "یک فایل بزرگ را پاک کنید و همان کار را دوباره انجام دهید."),
    "P-1102": Message("پایگاه داده فقط‌خواندنی است.", LOANS_SAFE, "دسترسی نوشتن پوشهٔ داده‌ها را برقرار کنید."),
    "P-1103": Message("پایگاه دادهٔ «{path}» باز نشد.", NOTHING_CHANGED, "بودن فایل و دسترسی به پوشه را بررسی کنید."),
    "P-1104": Message("دیسک هنگام خواندن یا نوشتن خطا داد.", LOANS_SAFE, "برنامه را ببندید و دوباره باز کنید؛ اگر تکرار شد، از داده‌ها پشتیبان بگیرید و دیسک را عوض کنید."),
    "P-1105": Message("بخشی از فایل داده‌ها آسیب دیده است.", "تا وقتی برنامه بسته است آسیب بیشتر نمی‌شود.", "برنامه را ببندید و آخرین پشتیبان را برگردانید."),
    "P-1106": Message("پیشخان در پنجرهٔ دیگری باز است.", NOTHING_CHANGED, "به همان پنجره بروید، یا نخست آن را ببندید."),
    "P-1107": Message("تنظیم ایمنی پایگاه داده برقرار نشد ({setting}).", NOTHING_CHANGED, "برنامه را دوباره نصب کنید و اگر تکرار شد با پشتیبانی تماس بگیرید."),
    "P-1108": Message("نسخهٔ موتور پایگاه داده قدیمی است ({version}).", NOTHING_CHANGED, "برنامه را از نو نصب کنید."),
    "P-1109": Message("پایگاه داده سرگرم کار دیگری است.", LOANS_SAFE, "چند لحظه بعد همان کار را دوباره انجام دهید."),
    "P-1110": Message("کتابخانه‌ای در این پوشه نیست ({path}).", NOTHING_CHANGED, "پوشهٔ درست را برگزینید یا کتابخانه را برپا کنید."),
    "P-1111": Message("در این پوشه از پیش کتابخانه‌ای هست ({path}).", NOTHING_CHANGED, "آن را باز کنید یا پوشهٔ خالی دیگری برگزینید."),
    "P-1112": Message("پایگاه دادهٔ مشترک پاسخ نداد.", NOTHING_LOST, "روشن بودن رایانهٔ اصلی و شبکه را بررسی کنید."),
    "P-1113": Message("کتابخانهٔ پوشهٔ «{path}» خالی است یا برپایی آن به پایان نرسیده است.", NOTHING_CHANGED, "آخرین پشتیبان را برگردانید، یا اگر تازه آغاز کرده‌اید دوباره برپا کنید."),
    "P-1201": Message("فضای دیسک برای نوشتن «{path}» کافی نیست.", "فایل پیشین دست‌نخورده مانده است.", "جا باز کنید یا جای دیگری ذخیره کنید."),
    "P-1202": Message("اجازهٔ نوشتن در «{path}» نیست.", NOTHING_CHANGED, "پوشهٔ دیگری برگزینید یا دسترسی آن را درست کنید."),
    "P-1203": Message("فایل «{path}» نوشته نشد ({reason}).", "فایل پیشین دست‌نخورده مانده است.", "فایل را اگر باز است ببندید، یا با نام دیگری ذخیره کنید."),
    "P-1231": Message("فایل قواعد «{path}» خوانده نشد.", NOTHING_CHANGED, "بودن فایل و دسترسی به آن را بررسی کنید."),
    "P-1232": Message("فایل قواعد «{path}» پذیرفتنی نیست: {problems}.", NOTHING_CHANGED, "خطاهای گفته‌شده را درست کنید و دوباره بیاورید."),
    "P-1233": Message("فایل تعطیلات «{path}» خوانده نشد.", NOTHING_CHANGED, "برنامه را دوباره نصب کنید یا فایل را درست کنید."),
    "P-1301": Message("تاریخ رایانه {date} است و درست نیست.", "امانت‌ها ثبت می‌شوند و چیزی از دست نمی‌رود.", "تاریخ امروز را تأیید کنید."),
    "P-1401": Message("این داده‌ها با نسخهٔ تازه‌تر برنامه ساخته شده است ({found}).", NOTHING_CHANGED, "نسخهٔ تازهٔ پیشخان را نصب کنید."),
    "P-1501": Message("کلید داده‌ها درست نیست یا فایل از آنِ پیشخان نیست.", NOTHING_CHANGED, "پوشهٔ درست و گذرواژهٔ درست را به کار ببرید."),
    "P-1502": Message("فایل کلید کنار داده‌ها نیست یا خوانده نمی‌شود.", "داده‌ها سر جای خود هستند.", "فایل keys.json را از پشتیبان برگردانید."),
    "P-1503": Message("این کتابخانه با گذرواژه باز می‌شود.", NOTHING_CHANGED, "گذرواژه را بدهید."),
    "P-1504": Message("گذرواژه درست نیست.", NOTHING_CHANGED, "دوباره بنویسید، یا شمارهٔ برگهٔ بازیابی را به کار ببرید."),
    "P-1505": Message("فایل گذرواژهٔ «{path}» خوانده نشد.", NOTHING_CHANGED, "بودن فایل و دسترسی به آن را بررسی کنید."),
    "P-1601": Message("کاربری به نام «{name}» نیست.", NOTHING_CHANGED, "نام کاربر را بررسی کنید."),
    "P-1602": Message("برای این روز قاعده‌ای در کار نیست.", NOTHING_CHANGED, "جدول قواعد را وارد کنید."),
    "P-1603": Message("فایل برپایی «{path}» کامل یا درست نیست ({field}).", NOTHING_CHANGED, "آن بخش را درست کنید و دوباره برپا کنید."),
    "P-1701": Message("خطای پیش‌بینی‌نشده‌ای در برنامه رخ داد.", LOANS_SAFE, "همان کار را دوباره انجام دهید؛ اگر تکرار شد، گزارش را برای پشتیبانی بفرستید."),
    "P-1702": Message("میز دیگری همین ردیف را هم‌زمان تغییر داد.", LOANS_SAFE, "همان کار را دوباره انجام دهید."),
    "P-2101": Message("فایل «{path}» باز نشد.", NOTHING_CHANGED, "بودن فایل و دسترسی به آن را بررسی کنید."),
    "P-2102": Message("فایل «{path}» آنی نیست که نامش می‌گوید.", NOTHING_CHANGED, "فایل را دوباره از برنامهٔ سازنده بگیرید."),
    "P-2103": Message("فایل «{path}» بزرگ‌تر از اندازهٔ مجاز است.", NOTHING_CHANGED, "آن را چند بخش کنید."),
    "P-2104": Message("در «{path}» چیزی برای خواندن نبود.", NOTHING_CHANGED, "قالب فایل و ستون‌های آن را بررسی کنید."),
    "P-2105": Message("رمزگذاری متن «{path}» شناخته نشد.", NOTHING_CHANGED, "رمزگذاری را دستی برگزینید."),
    "P-2106": Message("در «{path}» ستونی برای «{field}» نیست. {column}", NOTHING_CHANGED, "ستون درست را برگزینید."),
    "P-2110": Message("جدول نشانهٔ مؤلف در «{file}» خوانده نشد (سطر {line}).", NOTHING_CHANGED, "فایل باید CSV با کدگذاری UTF-8 و ستون‌های letter، number و prefix باشد؛ آن را درست کنید."),
    "P-2301": Message("این فایل پاسخ صورتجلسه نیست یا آسیب دیده است.", NOTHING_CHANGED, "فایل را دوباره از اداره بگیرید، یا پاسخ را از روی نامه بنویسید."),
    "P-2302": Message("فایل پاسخ پس از امضا تغییر کرده است.", NOTHING_CHANGED, "به آن اعتماد نکنید و فایل را دوباره از اداره بگیرید."),
    "P-2303": Message("امضاکنندهٔ این فایل ({key}) شناخته نیست یا پاسخ این مرحله در اختیار او نیست.", NOTHING_CHANGED, "کلید اداره را با نامهٔ رسمی بسنجید و ثبت کنید، سپس فایل را دوباره بدهید."),
    "P-2304": Message("این پاسخ برای کتابخانهٔ دیگری است.", NOTHING_CHANGED, "فایل کتابخانهٔ خودتان را از اداره بگیرید."),
    "P-2305": Message("فایل پاسخ از {megabytes} مگابایت بزرگ‌تر است.", NOTHING_CHANGED, "فایل درست را از اداره بگیرید."),
    "P-2401": Message("کلیدهای مرکز در «{path}» نیست یا آسیب دیده است.", NOTHING_CHANGED, "پوشهٔ کلیدها را از پشتیبانِ جداگانهٔ آن برگردانید."),
    "P-3101": Message("درگاه {port} باز نشد؛ شاید دستگاه وصل نیست یا خاموش است.", "چیزی از دست نرفته است و کار با صفحه‌کلید ادامه دارد.", "کابل و روشن بودن دستگاه را ببینید و دوباره امتحان کنید، یا درگاه دیگری برگزینید."),
    "P-3102": Message("درگاه {port} در اختیار برنامهٔ دیگری است یا اجازهٔ استفاده از آن نیست.", NOTHING_LOST, "برنامهٔ دیگری را که از این دستگاه استفاده می‌کند ببندید."),
    "P-4101": Message("فایل قلم فارسی ({file}) پیدا نشد و فرم ساخته نشد.", NOTHING_LOST, "برنامه را دوباره نصب کنید و بار دیگر چاپ کنید."),
    "P-4102": Message("فایل PDF خوانده نشد و نمی‌توان آن را نمایش داد یا چاپ کرد.", "اطلاعات ثبت‌شده دست نخورده است.", "فرم را دوباره بسازید یا فایل را از پشتیبان برگردانید."),
    "P-4103": Message("چاپ انجام نشد ({reason}).", "صورتجلسه و شمارهٔ آن نگه داشته شده است.", "چاپگر را بررسی کنید و دوباره چاپ کنید."),
    "P-4104": Message("چاپگری روی این رایانه نیست.", NOTHING_LOST, "فایل PDF را ذخیره کنید و جای دیگری چاپ کنید."),
}  # fmt: skip
UNKNOWN = Message("کار انجام نشد ({code}).", LOANS_SAFE, "دوباره امتحان کنید؛ اگر تکرار شد با پشتیبانی تماس بگیرید.")


# Blanks that run from left to right whatever they hold, or «/tmp/x» would be shown with its slash at the wrong end.
ISLANDS = frozenset({"path", "file"})
LEFT_TO_RIGHT, END = "\u2066", "\u2069"


class _Lenient(Formatter):
    """Blanks without a value stay empty: a message must come out whatever the context lacks."""

    def get_value(self, key: int | str, _: object, kwargs: Mapping[str, object]) -> str:
        value = clean(str(kwargs.get(str(key), "")), 300)
        return f"{LEFT_TO_RIGHT}{value}{END}" if value and key in ISLANDS else value


def message_of(trouble: Trouble) -> Message:
    """The three sentences for a trouble, its blanks filled."""
    template = MESSAGES.get(trouble.code, UNKNOWN)
    fill = _Lenient()
    context = {"code": trouble.code, **trouble.context}
    return Message(*(fill.vformat(part, (), context) for part in (template.what, template.lost, template.do)))


def one_line(trouble: Trouble) -> str:
    """The whole message with its code, for logs and programs."""
    message = message_of(trouble)
    return f"{message.what} {message.lost} {message.do} ({trouble.code})"
