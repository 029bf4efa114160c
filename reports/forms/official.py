"""The five official forms, word for word from the appendices of the weeding and binding guideline (002 پیوست ۱ تا ۵).

The spelling is the guideline's own («تأیید» and «تایید», «صحافی» and «صحّافی», no space after the colon of form 1) and
must stay: a changed guideline is a change of this table and of nothing else.
"""

from reports.forms.spec import Column, Fact, FormKind, FormSpec, HeaderField, Signatory, Signature

_HEADER = (
    HeaderField(Fact.LIBRARY, "کتابخانه عمومی:", 1),
    HeaderField(Fact.PROVINCE, "استان:", 2),
    HeaderField(Fact.COUNTY, "شهرستان:", 2),
    HeaderField(Fact.CITY, "شهر/ روستا:", 2),
    HeaderField(Fact.GRADE, "درجه:", 3),
    HeaderField(Fact.DATE, "تاریخ:", 3),
)

_WEEDING_COLUMNS = (
    Column(Fact.NUMBER, "ردیف", 9),
    Column(Fact.TITLE, "عنوان", 42, is_text=True),
    Column(Fact.AUTHOR, "مؤلّف", 29, is_text=True),
    Column(Fact.YEAR, "سال نشر", 12),
    Column(Fact.ACCESSION_NO, "شماره ی ثبت", 16),
    Column(Fact.ACCESSION_DATE, "تاریخ ثبت", 18),
    Column(Fact.VOLUME_NO, "شماره جلد", 11),
    Column(Fact.COPY_NO, "شماره نسخه", 11),
    Column(Fact.CLASS_NO, "رده اصلی", 16),
    Column(Fact.RULING, "نظر کارشناس منابع", 22, is_text=True),
)

_BINDING_COLUMNS = (
    Column(Fact.NUMBER, "ردیف", 11),
    Column(Fact.TITLE, "عنوان", 65, is_text=True),
    Column(Fact.AUTHOR, "مؤلّف", 44, is_text=True),
    Column(Fact.ACCESSION_NO, "شماره ی ثبت", 20),
    Column(Fact.ACCESSION_DATE, "تاریخ ثبت", 20),
    Column(Fact.VOLUME_NO, "شماره جلد", 13),
    Column(Fact.COPY_NO, "شماره نسخه", 13),
)

_CHECKED = "کنترل و تأیید شد."
_RECEIVED = "کنترل و دریافت شد."

_BRANCH = Signature(Signatory.BRANCH_HEAD, _CHECKED, "مسئول کتابخانه عمومی")
_COUNTY = Signature(Signatory.COUNTY_HEAD, _CHECKED, "رییس اداره ی شهرستان")
_PROVINCE = Signature(Signatory.PROVINCE_REVIEWER, _CHECKED, "کارشناس منابع استان")

_FORMS = (
    FormSpec(
        kind=FormKind.WEEDING_CONTENT,
        appendix="پیوست یک.",
        title="صورتجلسه ی شماره یک وجین:صورتجلسه ی وجین محتوایی منابع",
        header=_HEADER,
        columns=_WEEDING_COLUMNS,
        least_rows=5,
        sentence=(
            "در تاریخ     /     /      13   تعداد           نسخه کتاب از کتابخانه عمومی                          "
            "در قالب وجین محتوایی اعلام شد و به مرکز مبادله شهرستان انتقال یافت."
        ),
        signatures=(_BRANCH, _COUNTY, _PROVINCE),
        article="9-1, 7-2",
    ),
    FormSpec(
        kind=FormKind.WEEDING_WORN,
        appendix="پیوست دو.",
        title="صورتجلسه ی شماره دو وجین: صورتجلسه ی وجین منابع فرسوده",
        header=_HEADER,
        columns=_WEEDING_COLUMNS,
        least_rows=5,
        sentence=(
            "در تاریخ     /     /      13   تعداد           نسخه کتاب از کتابخانه عمومی                           "
            "به دلیل فرسودگی وجین شد و بازیافت آنها بلامانع است."
        ),
        signatures=(
            _BRANCH,
            _COUNTY,
            Signature(
                Signatory.PROVINCE_REVIEWER, "بررسی و تایید شد، ارسال به بازیافت بلامانع است.", "کارشناس منابع استان"
            ),
            Signature(Signatory.SECURITY_OFFICER, "بررسی شد، ارسال به بازیافت بلامانع است.", "کارشناس حراست استان"),
            Signature(Signatory.PROVINCE_DIRECTOR, "ارسال به بازیافت بلامانع است.", "مدیر کل استان"),
        ),
        article="10-1, 10-2, 7-23",
    ),
    FormSpec(
        kind=FormKind.WEEDING_DUPLICATE,
        appendix="پیوست سه:",
        title="صورتجلسه ی شماره سه وجین: صورتجلسه ی وجین نسخ تکراری منابع",
        header=_HEADER,
        columns=_WEEDING_COLUMNS,
        least_rows=5,
        sentence=(
            "در تاریخ     /     /      13   تعداد           نسخه کتاب از کتابخانه عمومی                          "
            "به دلیل تکراری بودن  نسخ برای خروج از مجموعه اعلام شد و به مرکز مبادله شهرستان انتقال یافت."
        ),
        signatures=(_BRANCH, _COUNTY, _PROVINCE),
        article="11-1",
    ),
    FormSpec(
        kind=FormKind.WEEDING_NO_AUDIENCE,
        appendix="پیوست چهار:",
        title="صورتجلسه ی شماره چهار وجین: صورتجلسه ی وجین منابع بدون مخاطب",
        header=_HEADER,
        columns=_WEEDING_COLUMNS,
        least_rows=5,
        sentence=(
            "در تاریخ     /     /      13   تعداد           نسخه کتاب از کتابخانه عمومی                          "
            "به دلیل عدم وجود مخاطب برای خروج از مجموعه و ارسال به مرکز مبادله منتقل شد."
        ),
        signatures=(_BRANCH, _COUNTY, _PROVINCE),
        article="12-1, 4-1-د",
    ),
    FormSpec(
        kind=FormKind.BINDING,
        appendix="پیوست پنج:",
        title="فرم شماره یک: درخواست صحافی منابع",
        header=_HEADER,
        columns=_BINDING_COLUMNS,
        least_rows=5,
        sentence=(
            "در تاریخ     /     /      13   تعداد           نسخه کتاب از کتابخانه عمومی                          "
            "برای صحافی به اداره شهرستان و مسئول بخش صحافی تحویل شد."
        ),
        signatures=(
            _BRANCH,
            Signature(Signatory.COUNTY_HEAD, _RECEIVED, "رییس اداره ی شهرستان"),
            Signature(Signatory.PROVINCE_DIRECTOR, "اقدام شود.", "مدیر کل استان"),
            Signature(Signatory.BINDERY_HEAD, _RECEIVED, "مسئول بخش صحّافی"),
        ),
        article="13-6",
    ),
)

FORMS: dict[FormKind, FormSpec] = {form.kind: form for form in _FORMS}
