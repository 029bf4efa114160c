"""The words of lists and records, and what they mean here. Words are compared as compact folded text."""

from typing import TypeVar

from app.catalogue.importing.findings import GoodsKind
from app.persian.text import compact
from db.codes import CreatorRole, ItemStatus, Material

Meaning = TypeVar("Meaning")


def _words(words: str) -> list[str]:
    """The keys of words that are separated by «؛»."""
    return [compact(word) for word in words.split("؛")]


def _read(table: dict[Meaning, str]) -> dict[str, Meaning]:
    """The table the other way round."""
    return {word: meaning for meaning, words in table.items() for word in _words(words)}


_NOTHING = frozenset(
    _words(
        "نامشخص؛ نامعلوم؛ ندارد؛ بی‌نا؛ بی‌جا؛ بی‌تا؛ بدون نام؛ بدون ناشر؛ بدون تاریخ؛ د.ن؛ د.م؛ د.ت؛ "
        "null؛ none؛ nan؛ n/a؛ unknown؛ s.n.؛ s.l.؛ n.d.؛ not identified؛ publisher not identified؛ "
        "place of publication not identified؛ date of publication not identified"
    )
)

ROLES: dict[str, CreatorRole] = _read(
    {
        CreatorRole.AUTHOR: (
            "نویسنده؛ نویسندگان؛ مولف؛ مؤلف؛ مؤلفان؛ مولفین؛ تألیف؛ نوشته؛ نگارنده؛ نگارش؛ مصنف؛ شاعر؛ سراینده؛ "
            "سروده؛ پدیدآور؛ پدیدآورنده؛ پدیدآورندگان؛ author؛ auther؛ aut؛ creator؛ cre؛ writer؛ poet"
        ),
        CreatorRole.TRANSLATOR: "مترجم؛ مترجمان؛ مترجمین؛ ترجمه؛ برگردان؛ translator؛ translators؛ trl؛ tr؛ trans",
        CreatorRole.ILLUSTRATOR: (
            "تصویرگر؛ تصویرگران؛ تصویرساز؛ نقاش؛ نقاشی؛ تصویرگری؛ عکاس؛ illustrator؛ illustrators؛ ill؛ artist؛ art؛ "
            "photographer؛ pht"
        ),
        CreatorRole.EDITOR: (
            "ویراستار؛ ویراستاران؛ ویرایش؛ مصحح؛ تصحیح؛ به تصحیح؛ محقق؛ تحقیق؛ به کوشش؛ به اهتمام؛ زیر نظر؛ "
            "سرویراستار؛ editor؛ editors؛ edt؛ ed؛ eds؛ corrector؛ crr؛ reviewer"
        ),
        CreatorRole.COMPILER: (
            "گردآورنده؛ گردآورندگان؛ گردآوری؛ گردآوری و تدوین؛ تدوین؛ تدوین‌گر؛ تهیه و تنظیم؛ جامع؛ compiler؛ com؛ "
            "comp؛ collector؛ col"
        ),
        CreatorRole.NARRATOR: "گوینده؛ گویندگان؛ راوی؛ با صدای؛ خوانش؛ narrator؛ nrt؛ reader",
        CreatorRole.SCRIBE: "کاتب؛ خطاط؛ خوش‌نویس؛ خوشنویس؛ به خط؛ scribe؛ scr؛ calligrapher؛ cll؛ copyist",
    }
)

MATERIALS: dict[str, Material] = _read(
    {
        Material.BOOK: (
            "کتاب؛ کتاب عمومی؛ کتاب چاپی؛ چاپی؛ کتاب بزرگسال؛ بزرگسال؛ عمومی؛ کتاب زبان خارجه؛ کتاب لاتین؛ "
            "کتاب فارسی؛ منابع چاپی؛ book؛ books؛ printed book؛ monograph؛ bk؛ text"
        ),
        Material.CHILD_BOOK: (
            "کتاب کودک؛ کودک؛ کودکان؛ کتاب کودکان؛ کتاب کودک و نوجوان؛ کودک و نوجوان؛ child book؛ children book؛ "
            "juvenile"
        ),
        Material.YOUNG_ADULT_BOOK: ("کتاب نوجوان؛ نوجوان؛ نوجوانان؛ کتاب نوجوانان؛ young adult book؛ young adult؛ ya"),
        Material.SCHOOL_AID: (
            "کتاب کمک درسی؛ کمک درسی؛ کمک آموزشی؛ کتاب کمک آموزشی؛ کنکوری؛ کتاب درسی؛ درسی؛ school aid؛ textbook"
        ),
        Material.AUDIOVISUAL: (
            "دیداری شنیداری؛ دیداری و شنیداری؛ منابع دیداری شنیداری؛ منبع دیداری شنیداری؛ سمعی بصری؛ منابع غیرکتابی؛ "
            "غیرکتابی؛ کودک دیداری و شنیداری؛ آموزش دیداری شنیداری؛ موسیقی و فیلم (CD-DVD)؛ لوح فشرده؛ سی دی؛ "
            "دی وی دی؛ نوار؛ نوار کاست؛ فیلم؛ نقشه؛ audiovisual؛ audio visual؛ av؛ cd؛ dvd؛ video؛ film؛ map"
        ),
        Material.TALKING_BOOK: "کتاب گویا؛ گویا؛ کتاب صوتی؛ صوتی؛ talking book؛ audiobook؛ audio book",
        Material.BRAILLE: "بریل؛ کتاب بریل؛ braille",
        Material.MANUSCRIPT: "نسخه خطی؛ نسخ خطی؛ خطی؛ کتاب خطی؛ manuscript",
        Material.LITHOGRAPH: "چاپ سنگی؛ کتاب چاپ سنگی؛ سنگی؛ lithograph",
        Material.LETTERPRESS: "چاپ سربی؛ کتاب چاپ سربی؛ سربی؛ letterpress",
        Material.THESIS: "پایان‌نامه؛ پایان نامه؛ رساله؛ رساله دکتری؛ thesis؛ dissertation",
        Material.SERIAL: (
            "نشریه؛ نشریات؛ نشریه ادواری؛ نشریات ادواری؛ مجله؛ مجلات؛ روزنامه؛ نشریات- داخلی؛ سالنامه؛ serial؛ "
            "journal؛ magazine؛ periodical"
        ),
        Material.REFERENCE: "مرجع؛ کتاب مرجع؛ منابع مرجع؛ منبع مرجع؛ reference؛ reference book",
    }
)

GOODS: dict[str, GoodsKind] = _read(
    {
        GoodsKind.GOODS: (
            "کالای فرهنگی؛ کالاهای فرهنگی؛ کالای فرهنگی و تزئینی؛ لوازم تزئینی؛ لوازم التحریر؛ لوازم‌التحریر؛ "
            "نوشت افزار؛ نوشت‌افزار؛ اسباب بازی؛ اسباب‌بازی؛ ماژیک؛ پاک کن و تراش؛ هدیه؛ تقویم و سررسید؛ "
            "تجهیزات کمک آموزشی؛ صنایع دستی و تزئینی؛ stationery؛ toy؛ toys؛ gift؛ goods"
        ),
    }
)

LANGUAGES: dict[str, str] = _read(
    {
        "fa": "فارسی؛ پارسی؛ دری؛ fa؛ per؛ fas؛ persian؛ farsi",
        "en": "انگلیسی؛ en؛ eng؛ english",
        "ar": "عربی؛ ar؛ ara؛ arabic",
        "fr": "فرانسه؛ فرانسوی؛ fr؛ fre؛ fra؛ french",
        "de": "آلمانی؛ de؛ ger؛ deu؛ german",
        "tr": "ترکی استانبولی؛ tr؛ tur؛ turkish",
        "az": "ترکی؛ ترکی آذربایجانی؛ آذربایجانی؛ آذری؛ az؛ aze؛ azerbaijani",
        "ku": "کردی؛ ku؛ kur؛ kurdish",
        "ru": "روسی؛ ru؛ rus؛ russian",
        "es": "اسپانیایی؛ es؛ spa؛ spanish",
        "it": "ایتالیایی؛ it؛ ita؛ italian",
        "zh": "چینی؛ zh؛ chi؛ zho؛ chinese",
        "ja": "ژاپنی؛ ja؛ jpn؛ japanese",
        "ur": "اردو؛ ur؛ urd؛ urdu",
        "hy": "ارمنی؛ hy؛ arm؛ hye؛ armenian",
        "ps": "پشتو؛ ps؛ pus؛ pashto",
        "tk": "ترکمنی؛ tk؛ tuk؛ turkmen",
        "bal": "بلوچی؛ bal؛ baluchi",
        "tg": "تاجیکی؛ tg؛ tgk؛ tajik",
        "he": "عبری؛ he؛ heb؛ hebrew",
        "la": "لاتین؛ la؛ lat؛ latin",
    }
)


SHELVES: dict[str, Material] = _read(
    {
        Material.BOOK: "کتاب؛ کتاب عمومی؛ book؛ books",
        Material.CHILD_BOOK: (
            "کودک؛ کودک و نوجوان؛ کتاب کودک؛ کتاب کودک و نوجوان؛ آموزش کودک و نوجوان؛ خارجی کودک و نوجوان"
        ),
        Material.YOUNG_ADULT_BOOK: "نوجوان؛ کتاب نوجوان",
        Material.SCHOOL_AID: "کمک درسی؛ کتاب کمک درسی؛ کنکوری",
        Material.AUDIOVISUAL: "دیداری شنیداری؛ کودک دیداری و شنیداری؛ آموزش دیداری شنیداری؛ موسیقی و فیلم (CD-DVD)",
        Material.TALKING_BOOK: "کتاب گویا؛ کتاب صوتی",
        Material.SERIAL: "نشریات- داخلی؛ نشریات",
    }
)
"""Shelves of a shop in a column of subjects: they say what a thing is, not what it is about («فیلم» would be both)."""

WEEDED_SAID = "weeded"
"""Weeded, and no more is said: content, worn, duplicate or without readers."""
STATUSES: dict[str, str] = _read(
    {
        ItemStatus.AVAILABLE.value: (
            "موجود؛ موجود است؛ موجود در کتابخانه؛ موجود در قفسه؛ در قفسه؛ در مخزن؛ قابل امانت؛ آماده امانت؛ available؛ "
            "in library؛ on shelf؛ in stock"
        ),
        ItemStatus.ON_LOAN.value: (
            "امانت؛ در امانت؛ امانت رفته؛ به امانت رفته؛ امانت داده شده؛ در دست عضو؛ on loan؛ checked out؛ loaned؛ "
            "borrowed؛ issued"
        ),
        # Lost and missing are one thing here: without the loan nobody is asked to replace it (002 م8-6).
        ItemStatus.MISSING.value: (
            "مفقود؛ مفقودی؛ مفقوده؛ مفقود شده؛ گم شده؛ گم‌شده نزد عضو؛ ناپدید؛ missing؛ lost؛ lost in inventory؛ "
            "long overdue؛ long overdue (lost)؛ lost and paid؛ lost and paid for"
        ),
        ItemStatus.UNKNOWN.value: "نامعلوم؛ نامشخص؛ وضعیت نامعلوم؛ unknown",
        ItemStatus.IN_BINDING.value: (
            "در حال صحافی؛ صحافی؛ در صحافی؛ ارسال به صحافی؛ در دست صحافی؛ binding؛ in binding؛ at bindery؛ in bindery"
        ),
        ItemStatus.IN_PROCESSING.value: (
            "در حال آماده‌سازی؛ آماده‌سازی؛ در دست آماده‌سازی؛ in processing؛ in process؛ processing"
        ),
        ItemStatus.WEEDED_CONTENT.value: "وجین محتوایی؛ وجین محتوا؛ وجین کهنه و منسوخ؛ وجین منسوخ",
        ItemStatus.WEEDED_WORN.value: "وجین فرسوده؛ وجین فرسودگی؛ وجین منابع فرسوده",
        ItemStatus.WEEDED_DUPLICATE.value: "وجین تکراری؛ وجین نسخ تکراری؛ وجین نسخه تکراری؛ وجین مازاد",
        ItemStatus.WEEDED_NO_AUDIENCE.value: "وجین بدون مخاطب؛ وجین بی‌مخاطب؛ وجین عدم استفاده",
        WEEDED_SAID: "وجین؛ وجین شده؛ وجینی؛ وجین گردیده؛ weeded؛ withdrawn؛ discarded؛ deaccessioned",
    }
)


def says_nothing(text: str) -> bool:
    """Whether a cell is empty in words: «نامشخص», «[بی‌نا]», «-», «N/A»."""
    key = compact(text)
    return not key or key in _NOTHING
