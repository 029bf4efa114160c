"""Persian words for the coded values: one concept, one word, on every screen and paper."""

from collections.abc import Mapping

from db.codes import (
    BranchKind,
    CardState,
    CataloguingStatus,
    Channel,
    Condition,
    CreatorRole,
    ItemFlag,
    ItemStatus,
    Material,
    MemberState,
    MinutesState,
    Role,
    Source,
    WeedingReason,
)

ITEM_STATUS: Mapping[ItemStatus, str] = {
    ItemStatus.AVAILABLE: "موجود",
    ItemStatus.ON_LOAN: "امانت",
    ItemStatus.IN_PROCESSING: "در حال آماده‌سازی",
    ItemStatus.IN_BINDING: "در حال صحافی",
    ItemStatus.IN_TRANSIT: "در راه",
    ItemStatus.MISSING: "مفقود",
    ItemStatus.LOST: "گم‌شده نزد عضو",
    ItemStatus.REPLACED: "جایگزین‌شده",
    ItemStatus.UNKNOWN: "نامعلوم",
    ItemStatus.WEEDED_CONTENT: "وجین محتوایی",
    ItemStatus.WEEDED_WORN: "وجین فرسوده",
    ItemStatus.WEEDED_DUPLICATE: "وجین تکراری",
    ItemStatus.WEEDED_NO_AUDIENCE: "وجین بدون مخاطب",
}
MATERIAL: Mapping[Material, str] = {
    Material.BOOK: "کتاب",
    Material.CHILD_BOOK: "کتاب کودک",
    Material.YOUNG_ADULT_BOOK: "کتاب نوجوان",
    Material.SCHOOL_AID: "کمک‌درسی",
    Material.AUDIOVISUAL: "دیداری-شنیداری",
    Material.TALKING_BOOK: "کتاب گویا",
    Material.BRAILLE: "بریل",
    Material.MANUSCRIPT: "نسخهٔ خطی",
    Material.LITHOGRAPH: "چاپ سنگی",
    Material.LETTERPRESS: "چاپ سربی",
    Material.THESIS: "پایان‌نامه",
    Material.SERIAL: "نشریه",
    Material.REFERENCE: "مرجع",
}
CREATOR_ROLE: Mapping[CreatorRole, str] = {
    CreatorRole.AUTHOR: "نویسنده",
    CreatorRole.TRANSLATOR: "مترجم",
    CreatorRole.ILLUSTRATOR: "تصویرگر",
    CreatorRole.EDITOR: "ویراستار",
    CreatorRole.COMPILER: "گردآورنده",
    CreatorRole.NARRATOR: "گوینده",
    CreatorRole.SCRIBE: "کاتب",
}
CONDITION: Mapping[Condition, str] = {
    Condition.NEW: "نو",
    Condition.GOOD: "سالم",
    Condition.WORN: "فرسوده",
    Condition.DAMAGED: "آسیب‌دیده",
    Condition.UNBINDABLE: "غیر قابل صحافی",
}
ITEM_FLAG: Mapping[ItemFlag, str] = {
    ItemFlag.LOCAL: "منبع محلی",
    ItemFlag.CORE: "منبع پایه",
    ItemFlag.HISTORICAL: "منبع تاریخی",
    ItemFlag.SPECIAL_VALUE: "ارزش ویژه",
    ItemFlag.CULTURAL_PACKAGE: "بستهٔ فرهنگی",
    ItemFlag.NOT_FOR_LOAN: "غیر امانی",
    ItemFlag.PARTS: "پیوست دارد",
}
SOURCE: Mapping[Source, str] = {
    Source.PURCHASE: "خرید",
    Source.DONATION: "اهدا",
    Source.EXCHANGE: "مبادله",
    Source.FOUNDATION: "ارسالی نهاد",
    Source.UNKNOWN: "نامعلوم",
}
MEMBER_STATE: Mapping[MemberState, str] = {
    MemberState.ACTIVE: "فعال",
    MemberState.PENDING: "در انتظار تأیید",
    MemberState.CLEARED: "تسویه‌شده",
    MemberState.MERGED: "ادغام‌شده",
}
CARD_STATE: Mapping[CardState, str] = {
    CardState.ACTIVE: "فعال",
    CardState.LOST: "مفقود",
    CardState.RETIRED: "بازنشسته",
}
CHANNEL: Mapping[Channel, str] = {
    Channel.DESK: "میز امانت",
    Channel.ONSITE: "در محل",
    Channel.VAN: "کتابخانهٔ سیار",
    Channel.POST: "پست",
    Channel.COURIER: "پیک کتاب",
}
BRANCH_KIND: Mapping[BranchKind, str] = {
    BranchKind.INSTITUTIONAL: "نهادی",
    BranchKind.PARTICIPATORY: "مشارکتی",
    BranchKind.INDEPENDENT: "مستقل",
    BranchKind.PROVINCIAL_CENTRAL: "مرکزی استان",
    BranchKind.MOBILE: "سیار",
    BranchKind.POSTAL: "پستی",
}
ROLE: Mapping[Role, str] = {
    Role.HEAD: "مسئول کتابخانه",
    Role.LIBRARIAN: "کتابدار",
    Role.ASSISTANT: "کمک‌کتابدار",
    Role.CATALOGUER: "کتابدار فهرست‌نویس",
    Role.SENIOR_CATALOGUER: "فهرست‌نویس ارشد",
    Role.COUNTY_HEAD: "رئیس ادارهٔ شهرستان",
    Role.PROVINCE_REVIEWER: "کارشناس منابع استان",
    Role.RESOURCES_OFFICE: "ادارهٔ کل منابع",
    Role.LIBRARY_AFFAIRS: "کارشناس امور کتابخانه‌ها",
    Role.AUDITOR: "بازرس",
}
WEEDING_REASON: Mapping[WeedingReason, str] = {
    WeedingReason.CONTENT: "وجین محتوایی",
    WeedingReason.WORN: "فرسوده",
    WeedingReason.DUPLICATE: "تکراری",
    WeedingReason.NO_AUDIENCE: "بدون مخاطب",
}
MINUTES_STATE: Mapping[MinutesState, str] = {
    MinutesState.DRAFT: "پیش‌نویس",
    MinutesState.FINALISED: "نهایی‌شده",
    MinutesState.AT_COUNTY: "نزد ادارهٔ شهرستان",
    MinutesState.CORRECTION: "در حال اصلاح",
    MinutesState.AT_PROVINCE: "نزد کارشناس استان",
    MinutesState.AT_HEAD_OFFICE: "نزد ادارهٔ کل منابع",
    MinutesState.RULED: "پاسخ‌داده‌شده",
    MinutesState.CLOSED: "بسته‌شده",
}
CATALOGUING_STATUS: Mapping[CataloguingStatus, str] = {
    CataloguingStatus.NONE: "فهرست‌نشده",
    CataloguingStatus.FAST: "ثبت کوتاه",
    CataloguingStatus.CIP: "فیپا",
    CataloguingStatus.FAPA: "فاپا",
    CataloguingStatus.IMPORTED: "وارداتی",
    CataloguingStatus.ORIGINAL: "بنیادی",
    CataloguingStatus.REVIEWED: "بازبینی‌شده",
}
ENTRY_KIND: Mapping[str, str] = {
    "loan.opened": "امانت دادن",
    "loan.returned": "بازگشت کتاب",
    "loan.renewed": "تمدید",
    "item.used": "استفاده در محل",
    "item.added": "ثبت نسخه",
    "title.added": "ثبت عنوان",
    "member.added": "ثبت عضو",
    "minutes.item_listed": "افزودن به صورتجلسه",
    "minutes.item_struck": "برداشتن از صورتجلسه",
    "minutes.finalised": "نهایی کردن صورتجلسه",
    "import.stored": "ورود از فایل",
    "import.finished": "پایان ورود از فایل",
    "policy.set": "تغییر قواعد",
    "library.founded": "برپایی کتابخانه",
    "calendar.holidays_added": "افزودن تعطیلات رسمی",
    "action.undone": "واگرد",
}
FIELD: Mapping[str, str] = {
    "title": "عنوان",
    "creator": "پدیدآور",
    "isbn": "شابک",
    "year": "سال نشر",
    "barcode": "بارکد",
    "accession_no": "شمارهٔ ثبت",
    "volume_no": "شمارهٔ جلد",
    "copy_no": "شمارهٔ نسخه",
    "price": "بها",
    "flags": "نشانه‌ها",
    "given_name": "نام",
    "family_name": "نام خانوادگی",
    "category": "نوع عضویت",
    "national_id": "کد ملی",
    "mobile": "تلفن همراه",
    "guardian_mobile": "تلفن همراه سرپرست",
    "birth_date": "تاریخ تولد",
    "expires": "پایان عضویت",
    "card": "شمارهٔ کارت",
    "member_no": "شمارهٔ عضویت",
}
