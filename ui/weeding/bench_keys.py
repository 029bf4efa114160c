"""The keys of the bench as the key overview tells them."""

from ui.keys import KeyHelp
from ui.weeding import words
from ui.weeding.bench_layout import (
    ARCHIVE,
    ASIDE,
    BIND,
    CORRECTING,
    FILE,
    FREEZE,
    KEEP,
    LATER,
    PREVIEW,
    PUT,
    REMOVE,
    TRACKING,
)
from ui.weeding.card import VIEW
from ui.weeding.marks import MARKS
from ui.weeding.scan_mode import MODE

KEYS = (
    KeyHelp("Ctrl+1 … 4", "برگزیدن یکی از چهار صورتجلسه"),
    KeyHelp(PUT, "نوشتن نسخهٔ برگزیده در فهرست"),
    KeyHelp(REMOVE, "برداشتن نسخهٔ برگزیده از فهرست"),
    KeyHelp(BIND, "نسخهٔ برگزیده به صحافی"),
    KeyHelp(KEEP, "نسخهٔ برگزیده در قفسه بماند"),
    KeyHelp(LATER, "نسخهٔ برگزیده فعلاً پیشنهاد نشود"),
    KeyHelp(ASIDE, "کنارگذاشته‌ها، با دلیل و برگرداندن"),
    KeyHelp(MARKS, "نشانه‌ها، مجوز و وضعیت ظاهری نسخهٔ برگزیده"),
    KeyHelp(MODE, "اسکن: افزودن به فهرست، یا تنها نمایش"),
    KeyHelp(FILE, "خواندن فایل بارکدخوان"),
    KeyHelp(VIEW, "چرایی پیشنهاد، یا قفسه و نسخه‌های دیگر"),
    KeyHelp("Ctrl+Up / Ctrl+Down", "بالا و پایین رفتن در برگهٔ نسخه"),
    KeyHelp(TRACKING, "پیگیری صورتجلسه‌ها"),
    KeyHelp(PREVIEW, "پیش‌نمایش صورتجلسه"),
    KeyHelp(FREEZE, "نهایی کردن و چاپ"),
    KeyHelp(words.FREEZE_KEY, "تأیید نهایی کردن"),
    KeyHelp(words.YES_KEY, "تأیید، در پاسخ پرسش"),
    KeyHelp(ARCHIVE, "بایگانی صورتجلسه‌ها"),
    KeyHelp(CORRECTING, "اصلاح گروهی وضعیت‌ها"),
)
