"""Persian words for the coded values: one concept, one word, on every screen and paper."""

from collections.abc import Mapping

from db.codes import (
    AlertMoment,
    AlertWeight,
    BindingState,
    BranchKind,
    CallResult,
    CandidateDecision,
    CardState,
    CataloguingStatus,
    Channel,
    Condition,
    ContactHealth,
    ContactKind,
    CreatorRole,
    DayKind,
    DispatchState,
    DisposalKind,
    DocumentKind,
    HoldState,
    IncidentState,
    ItemFlag,
    ItemStatus,
    LedgerKind,
    LoanEnd,
    Material,
    MemberState,
    MinutesState,
    NoticeChannel,
    NoticeKind,
    NoticeState,
    RestrictionKind,
    Role,
    RuleStatus,
    RulingLevel,
    Source,
    StocktakeFinding,
    StocktakeState,
    Verdict,
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
    Role.TRAINEE: "کارآموز",
    Role.VAN_DRIVER: "رانندهٔ کتابخانهٔ سیار",
    Role.ADMINISTRATOR: "مدیر سامانه",
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
RULE_STATUS: Mapping[RuleStatus, str] = {
    RuleStatus.DRAFT: "پیش‌نویس",
    RuleStatus.IN_FORCE: "ابلاغ‌شده",
}
CONTACT_KIND: Mapping[ContactKind, str] = {
    ContactKind.MOBILE: "تلفن همراه",
    ContactKind.PHONE: "تلفن ثابت",
    ContactKind.EMAIL: "رایانامه",
    ContactKind.MESSENGER: "پیام‌رسان",
    ContactKind.ADDRESS: "نشانی",
    ContactKind.POSTAL_CODE: "کد پستی",
}
CONTACT_HEALTH: Mapping[ContactHealth, str] = {
    ContactHealth.UNKNOWN: "بررسی‌نشده",
    ContactHealth.VERIFIED: "درست",
    ContactHealth.DOUBTFUL: "مشکوک",
    ContactHealth.BAD: "نادرست",
}
RESTRICTION_KIND: Mapping[RestrictionKind, str] = {
    RestrictionKind.OVERDUE: "دیرکرد",
    RestrictionKind.MANUAL: "تصمیم کتابدار",
    RestrictionKind.DISCIPLINARY: "کمیتهٔ انضباطی",
}
LOAN_END: Mapping[LoanEnd, str] = {
    LoanEnd.RETURNED: "برگشت",
    LoanEnd.PAID: "بهای آن پرداخت شد",
    LoanEnd.REPLACED: "همان کتاب جایگزین شد",
}
ALERT_MOMENT: Mapping[AlertMoment, str] = {
    AlertMoment.CHECKOUT: "هنگام امانت",
    AlertMoment.CHECKIN: "هنگام بازگشت",
    AlertMoment.ALWAYS: "همیشه",
}
ALERT_WEIGHT: Mapping[AlertWeight, str] = {
    AlertWeight.MESSAGE: "فقط نشان داده شود",
    AlertWeight.CONFIRM: "تأیید کتابدار بخواهد",
}
CALL_RESULT: Mapping[CallResult, str] = {
    CallResult.NO_ANSWER: "جواب نداد",
    CallResult.PROMISED: "قول داد",
    CallResult.MESSAGE_LEFT: "پیغام گذاشته شد",
    CallResult.WRONG_NUMBER: "شماره اشتباه است",
    CallResult.SAYS_RETURNED: "می‌گوید برگردانده است",
    CallResult.SAYS_LOST: "می‌گوید گم شده است",
}
NOTICE_KIND: Mapping[NoticeKind, str] = {
    NoticeKind.DUE_SOON: "نزدیک شدن بازگشت",
    NoticeKind.OVERDUE_1: "یادآوری نخست دیرکرد",
    NoticeKind.OVERDUE_2: "یادآوری دوم دیرکرد",
    NoticeKind.OVERDUE_3: "اخطار دیرکرد",
    NoticeKind.HOLD_READY: "رزرو آماده است",
    NoticeKind.MEMBERSHIP_ENDING: "پایان عضویت",
}
NOTICE_CHANNEL: Mapping[NoticeChannel, str] = {
    NoticeChannel.PRINT: "برگهٔ چاپی",
    NoticeChannel.PHONE: "تماس تلفنی",
    NoticeChannel.SMS: "پیامک",
    NoticeChannel.EMAIL: "رایانامه",
    NoticeChannel.MESSENGER: "پیام‌رسان",
}
DISPATCH_STATE: Mapping[DispatchState, str] = {
    DispatchState.REQUESTED: "درخواست‌شده",
    DispatchState.SENT: "فرستاده‌شده",
    DispatchState.ARRIVED: "رسیده",
    DispatchState.CANCELLED: "لغوشده",
}
INCIDENT_STATE: Mapping[IncidentState, str] = {
    IncidentState.OPEN: "در بررسی",
    IncidentState.REFERRED: "ارجاع به کمیته",
    IncidentState.CLOSED: "مختومه",
}
HOLD_STATE: Mapping[HoldState, str] = {
    HoldState.QUEUED: "در صف رزرو",
    HoldState.WAITING: "آمادهٔ تحویل",
    HoldState.SUSPENDED: "معلق",
    HoldState.FILLED: "تحویل‌شده",
    HoldState.CANCELLED: "لغوشده",
    HoldState.EXPIRED: "مهلت‌گذشته",
}
LEDGER_KIND: Mapping[LedgerKind, str] = {
    LedgerKind.FINE: "جریمهٔ دیرکرد",
    LedgerKind.LOST_ITEM: "بهای کتاب مفقود",
    LedgerKind.PROCESSING_FEE: "هزینهٔ آماده‌سازی",
    LedgerKind.DAMAGE: "خسارت",
    LedgerKind.MEMBERSHIP_FEE: "حق عضویت",
    LedgerKind.CARD_FEE: "بهای کارت",
    LedgerKind.HOLD_FEE: "هزینهٔ رزرو",
    LedgerKind.PAYMENT: "دریافت",
    LedgerKind.WAIVER: "بخشودگی",
    LedgerKind.AMNESTY: "بخشودگی همگانی",
    LedgerKind.REFUND: "بازپرداخت",
    LedgerKind.VOID: "ابطال",
}
RULING_LEVEL: Mapping[RulingLevel, str] = {
    RulingLevel.COUNTY: "ادارهٔ شهرستان",
    RulingLevel.PROVINCE: "ادارهٔ کل استان",
    RulingLevel.HEAD_OFFICE: "ادارهٔ کل منابع",
}
VERDICT: Mapping[Verdict, str] = {
    Verdict.APPROVE: "تأیید",
    Verdict.REJECT: "رد",
    Verdict.REDIRECT: "انتقال به مرکز مبادله",
    Verdict.CORRECT: "نیازمند اصلاح",
}
CANDIDATE_DECISION: Mapping[CandidateDecision, str] = {
    CandidateDecision.LATER: "بعداً",
    CandidateDecision.TO_BINDING: "به صحافی",
    CandidateDecision.KEEP: "بماند",
}
BINDING_STATE: Mapping[BindingState, str] = {
    BindingState.DRAFT: "پیش‌نویس",
    BindingState.REQUESTED: "درخواست‌شده",
    BindingState.DISPATCHED: "فرستاده‌شده",
    BindingState.RECEIVED: "بازگشته",
    BindingState.CANCELLED: "لغوشده",
}
STOCKTAKE_STATE: Mapping[StocktakeState, str] = {
    StocktakeState.OPEN: "در جریان",
    StocktakeState.CLOSED: "پایان‌یافته",
    StocktakeState.ABANDONED: "رهاشده",
}
STOCKTAKE_FINDING: Mapping[StocktakeFinding, str] = {
    StocktakeFinding.IN_PLACE: "سر جای خود",
    StocktakeFinding.MISPLACED: "جابه‌جا",
    StocktakeFinding.FOUND_LOST: "مفقودِ پیداشده",
    StocktakeFinding.ON_LOAN: "ثبت‌شده در امانت",
    StocktakeFinding.WEEDED: "ثبت‌شده در وجین",
    StocktakeFinding.UNKNOWN: "ناشناخته",
}
DISPOSAL_KIND: Mapping[DisposalKind, str] = {
    DisposalKind.EXCHANGE: "مبادله",
    DisposalKind.PROVINCE_STORE: "مرکز مبادلهٔ استان",
    DisposalKind.NATIONAL_STORE: "انبار نهاد",
    DisposalKind.RECYCLING: "بازیافت",
}
NOTICE_STATE: Mapping[NoticeState, str] = {
    NoticeState.DUE: "در نوبت ارسال",
    NoticeState.SENT: "ارسال‌شده",
    NoticeState.FAILED: "ارسال‌نشده",
    NoticeState.CANCELLED: "لغوشده",
}
DOCUMENT_KIND: Mapping[DocumentKind, str] = {
    DocumentKind.WEEDING_CONTENT: "صورتجلسهٔ وجین محتوایی",
    DocumentKind.WEEDING_WORN: "صورتجلسهٔ وجین منابع فرسوده",
    DocumentKind.WEEDING_DUPLICATE: "صورتجلسهٔ وجین نسخ تکراری",
    DocumentKind.WEEDING_NO_AUDIENCE: "صورتجلسهٔ وجین منابع بدون مخاطب",
    DocumentKind.BINDING: "درخواست صحافی",
    DocumentKind.CLEARANCE: "برگهٔ تسویه‌حساب",
    DocumentKind.RECEIPT: "رسید",
    DocumentKind.LETTER: "نامه",
    DocumentKind.ATTACHMENT: "پیوست",
    DocumentKind.PHOTO: "عکس",
    DocumentKind.REPORT: "گزارش",
}
DAY_KIND: Mapping[DayKind, str] = {
    DayKind.HOLIDAY: "تعطیل رسمی",
    DayKind.CLOSED: "تعطیلی کتابخانه",
    DayKind.OPENED: "باز",
    DayKind.EMERGENCY: "تعطیلی اضطراری",
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
    "payment.taken": "دریافت بدهی",
    "hold.placed": "رزرو",
    "card.lost": "اعلام گم شدن کارت",
    "staff.added": "ثبت کارمند",
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
    "joined": "تاریخ عضویت",
    "expires": "پایان عضویت",
    "card": "شمارهٔ کارت",
    "member_no": "شمارهٔ عضویت",
}
