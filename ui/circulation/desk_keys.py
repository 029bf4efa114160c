"""The keys of the desk page, each named once, and what the overview says of them."""

from typing import Final

from ui.keys import KeyHelp
from ui.restoring import KEY as RESTORE_KEY

MONEY: Final = "F9"
RENEW_ALL, RENEW_ALL_UNSEEN, RENEW, RENEW_UNSEEN = "F10", "Ctrl+F10", "Ctrl+R", "Alt+R"
WHY, LOSE, CLAIM, HOLD = "Ctrl+I", "Ctrl+G", "Ctrl+J", "Ctrl+Shift+H"
SLIP, HOUSEHOLD, NOTES, SEEN = "Ctrl+P", "Ctrl+H", "Ctrl+N", "Alt+N"
MODES, DUE, DAY, RETURNING, BOOK_DROP = "Ctrl+M", "Ctrl+T", "Ctrl+Shift+T", "Ctrl+B", "Ctrl+Shift+B"
WAY_KEYS: Final = ("Alt+1", "Alt+2", "Alt+3", "Alt+4", "Alt+5")
WORN, DAMAGED, PARTS, FAST = "Alt+W", "Alt+D", "Alt+P", "Ctrl+Shift+N"
FOREIGN, GUEST = "Ctrl+Shift+E", "Ctrl+Shift+G"
YES, OVERRIDE, TAKE_BACK, REMEMBER = "Ctrl+Shift+Y", "Ctrl+Shift+A", "Ctrl+Shift+R", "Ctrl+Shift+M"
NARROW_ROLL, WIDE_ROLL = "Alt+5", "Alt+8"

HELP = (
    KeyHelp("↑ ↓", "برگزیدن یک سطر از فهرست، بی آنکه خانهٔ اسکن رها شود"),
    KeyHelp(RENEW_ALL, "تمدید همهٔ امانت‌های عضو"),
    KeyHelp(RENEW_ALL_UNSEEN, "تمدید تلفنی همهٔ امانت‌ها"),
    KeyHelp(RENEW, "تمدید امانت برگزیده"),
    KeyHelp(RENEW_UNSEEN, "تمدید تلفنی امانت برگزیده"),
    KeyHelp(WHY, "با چه قاعده‌ای؟ (امانت برگزیده)"),
    KeyHelp(LOSE, "کتاب برگزیده گم شده است"),
    KeyHelp(CLAIM, "عضو می‌گوید کتاب برگزیده را برگردانده است"),
    KeyHelp(HOLD, "رزرو عنوان برگزیده"),
    KeyHelp(MONEY, "حساب عضو"),
    KeyHelp(SLIP, "برگهٔ امانت عضو"),
    KeyHelp(HOUSEHOLD, "امانت به دیگری از خانواده، با همین کارت"),
    KeyHelp(NOTES, "یادداشت‌های عضو و کتاب برگزیده"),
    KeyHelp(SEEN, "یادداشت‌ها را دیدم"),
    KeyHelp(MODES, "شیوهٔ کار: در محل، شبانه، پست، تاریخ…"),
    KeyHelp("Alt+1 … 5", "امانت عادی، در محل، شبانه، پست، پیک"),
    KeyHelp(DUE, "تاریخ بازگشت به دلخواه"),
    KeyHelp(DAY, "ثبت امانت و بازگشت با تاریخ گذشته"),
    KeyHelp(RETURNING, "فقط بازگشت"),
    KeyHelp(BOOK_DROP, "صندوق بازگشت: یک دسته کتاب با یک تاریخ"),
    KeyHelp(f"{WORN}، {DAMAGED}", "کتابی که برگشت فرسوده یا آسیب‌دیده است"),
    KeyHelp(PARTS, "پیوست کتابی که برگشت کم است"),
    KeyHelp(FAST, "ثبت سریع و امانت کتابی که شناخته نشد"),
    KeyHelp(FOREIGN, "کتاب کتابخانهٔ دیگر اینجا برگشت، یا فرستاده شد"),
    KeyHelp(GUEST, "عضو کتابخانهٔ دیگر با کارت خودش"),
    KeyHelp(OVERRIDE, "امانت با اجازه، پس از رد شدن"),
    KeyHelp(YES, "بله، در پاسخ پرسش"),
    KeyHelp(TAKE_BACK, "پس گرفتن کتابی که نزد دیگری است"),
    KeyHelp(RESTORE_KEY, "کتاب وجین‌شده‌ای که در مخزن بود «موجود» شود"),
    KeyHelp(REMEMBER, "پاسخ برای بقیهٔ این مراجعه هم بماند"),
)
