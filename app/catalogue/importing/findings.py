"""What a reader noticed about a record: warnings, repairs and reasons of refusal, each with its Persian wording."""

from dataclasses import dataclass
from enum import StrEnum

SHOWN_VALUE = 80
"""Characters of a doubtful value that are shown with a warning."""


class Reason(StrEnum):
    """Why a record was not taken. It is kept in the side file."""

    NO_TITLE = "title.missing"
    STATUS_UNKNOWN = "status.unknown"
    STATUS_WEEDED_KIND = "status.weeded_kind"
    STATUS_COUNT = "status.count"
    STATUS_NO_COPY = "status.no_copy"
    FORMULA = "cell.formula"
    JSON_INVALID = "json.invalid"
    JSON_NO_OBJECT = "json.no_object"
    MARC_TOO_SHORT = "marc.too_short"
    MARC_NO_DIRECTORY = "marc.no_directory"
    MARC_CUT = "marc.cut"
    MARC_STRUCTURE = "marc.structure"
    MARC_NO_TITLE = "marc.no_title"


class GoodsKind(StrEnum):
    """What a record that is not a book is about. It is kept in the side file too."""

    GOODS = "goods"
    REALIA = "realia"
    AUTHORITY = "authority"
    HOLDINGS = "holdings"
    PREAMBLE = "preamble"


class Repair(StrEnum):
    """What had to be mended before a record could be read."""

    QUOTE_UNCLOSED = "csv.quote_unclosed"
    ESCAPED_LETTERS = "text.escaped_letters"
    UNREADABLE_LETTERS = "text.unreadable_letters"
    MARC_LEADER = "marc.leader"
    MARC_LENGTH = "marc.length"
    MARC_DIRECTORY = "marc.directory"
    MARC_SEPARATOR = "marc.separator"
    MARC_JUNK = "marc.junk_before"
    MARC_TERMINATOR = "marc.no_terminator"


class Concern(StrEnum):
    """What the librarian should look at, though the record was taken."""

    TEXT_CAPPED = "text.capped"
    YEAR_UNCLEAR = "year.unclear"
    PRICE_UNCLEAR = "price.unclear"
    PRICE_FOREIGN = "price.foreign"
    ISBN_INVALID = "isbn.invalid"
    ISBN_STORE_CODE = "isbn.store_code"
    ISBN_NO_SUCH_GROUP = "isbn.no_such_group"
    ISBN_MUSIC = "isbn.music"
    NAMES_UNCLEAR = "names.unclear"
    MATERIAL_UNKNOWN = "material.unknown"
    STATUS_ON_LOAN = "status.on_loan"
    ACCESSION_UNCLEAR = "accession.unclear"
    ACCESSION_DAY_UNCLEAR = "accession.day_unclear"
    FORMULA_LEFT_OUT = "cell.formula_left_out"
    CELLS_TOO_MANY = "row.too_many_cells"
    CHARSET_UNDECLARED = "marc.charset_undeclared"
    FIELD_REPEATED = "marc.field_repeated"
    # of the file, seen in the preview
    OTHER_SHEETS = "file.other_sheets"
    NAME_DIFFERS = "file.name_differs"
    NO_HEADINGS = "file.no_headings"
    NO_TITLE_COLUMN = "file.no_title_column"
    PRICE_UNIT = "file.price_unit"


WORDING: dict[Reason | GoodsKind | Repair | Concern, str] = {
    Reason.NO_TITLE: "عنوان ندارد.",
    Reason.STATUS_UNKNOWN: "وضعیت این نسخه شناخته نشد؛ بگویید این کد یا واژه در پیشخان کدام وضعیت است.",
    Reason.STATUS_WEEDED_KIND: (
        "این نسخه در فایل وجین است و نوشته نشده به کدام علت؛ بگویید چنین نسخه‌ای کدام وجین به شمار می‌آید (م ۸-۵)."
    ),
    Reason.STATUS_COUNT: "شمار وضعیت‌های این سطر با شمار نسخه‌هایش یکی نیست.",
    Reason.STATUS_NO_COPY: (
        "وضعیتی جز «موجود» نوشته شده است، ولی نسخه شمارهٔ ثبت یا بارکد ندارد؛ شماره را در فایل بنویسید."
    ),
    Reason.FORMULA: "در یکی از خانه‌های این سطر به‌جای متن، فرمول نوشته شده است.",
    Reason.JSON_INVALID: "این سطر JSON درستی نیست.",
    Reason.JSON_NO_OBJECT: "این سطر JSON است، ولی مشخصات یک کتاب در آن نیست.",
    Reason.MARC_TOO_SHORT: "این رکورد کوتاه‌تر از آن است که کتابی در آن باشد.",
    Reason.MARC_NO_DIRECTORY: "راهنمای فیلدهای این رکورد خوانده نمی‌شود.",
    Reason.MARC_CUT: "این رکورد ناقص است و فیلدهای آخر آن نیست.",
    Reason.MARC_STRUCTURE: "فیلدهای این رکورد با راهنمای آن نمی‌خواند.",
    Reason.MARC_NO_TITLE: "فیلد عنوان (۲۴۵) در این رکورد نیست؛ شاید قالب فایل مارک ۲۱ نباشد.",
    GoodsKind.GOODS: "کتاب نیست: نوشت‌افزار، هدیه یا کالای دیگری است.",
    GoodsKind.REALIA: "کتاب نیست: شیء یا بازی است.",
    GoodsKind.AUTHORITY: "رکورد مستند (نام یا موضوع) است، نه رکورد کتاب.",
    GoodsKind.HOLDINGS: "رکورد موجودی است، نه رکورد کتاب.",
    GoodsKind.PREAMBLE: "این سطر بالای سرستون‌هاست و کتابی در آن نیست.",
    Repair.QUOTE_UNCLOSED: "گیومه‌ای باز شده و بسته نشده بود؛ سطر بدون آن خوانده شد.",
    Repair.ESCAPED_LETTERS: "بعضی حرف‌ها به‌صورت کد (مانند <U+06F0>) نوشته شده بود و به حرف برگردانده شد.",
    Repair.UNREADABLE_LETTERS: "بعضی حرف‌ها خوانده نشد و به‌جای آن‌ها «�» آمد.",
    Repair.MARC_LEADER: "برچسب رکورد خراب بود و بازسازی شد.",
    Repair.MARC_LENGTH: "طول رکورد در برچسب آن نادرست بود و دوباره حساب شد.",
    Repair.MARC_DIRECTORY: "راهنمای فیلدها نادرست بود و از روی خود فیلدها بازسازی شد.",
    Repair.MARC_SEPARATOR: "نشانهٔ پایان فیلد در میان متن آمده بود و برداشته شد.",
    Repair.MARC_JUNK: "پیش از رکورد نوشته‌ای بی‌ربط بود و کنار گذاشته شد.",
    Repair.MARC_TERMINATOR: "نشانهٔ پایان رکورد نبود و افزوده شد.",
    Concern.TEXT_CAPPED: "متن بسیار بلند بود و کوتاه شد.",
    Concern.YEAR_UNCLEAR: "سال نشر روشن نیست.",
    Concern.PRICE_UNCLEAR: "بها روشن نیست.",
    Concern.PRICE_FOREIGN: "بها به ریال یا تومان نیست و ثبت نشد.",
    Concern.ISBN_INVALID: "شابک درست نیست.",
    Concern.ISBN_STORE_CODE: "این شماره کد داخلی فروشگاه است، نه شابک.",
    Concern.ISBN_NO_SUCH_GROUP: "شابکی با گروه این شماره وجود ندارد؛ نگه داشته شد، ولی برای تطبیق رکوردها نیست.",
    Concern.ISBN_MUSIC: "این شمارهٔ استاندارد موسیقی (ISMN) است، نه شابک.",
    Concern.NAMES_UNCLEAR: "روشن نیست که این نام یک پدیدآور است یا چند پدیدآور.",
    Concern.MATERIAL_UNKNOWN: "نوع منبع شناخته نشد و کتاب فرض شد.",
    Concern.STATUS_ON_LOAN: (
        "در آن برنامه امانت است؛ «نامعلوم» ثبت می‌شود، چون امانت در فایل نیست، و با نخستین بازگشت «موجود» می‌شود."
    ),
    Concern.ACCESSION_UNCLEAR: "شمارهٔ ثبت عددی نیست که دفتر ثبت نگه دارد؛ نسخه شماره‌ای تازه می‌گیرد.",
    Concern.ACCESSION_DAY_UNCLEAR: "تاریخ ثبت روشن نیست؛ تاریخ امروز نوشته می‌شود.",
    Concern.FORMULA_LEFT_OUT: "خانه‌ای که فرمول داشت کنار گذاشته شد.",
    Concern.CELLS_TOO_MANY: "این سطر بیش از سرستون‌ها خانه دارد.",
    Concern.CHARSET_UNDECLARED: "کدگذاری متن رکورد در برچسب آن درست گفته نشده است؛ از روی خود متن تشخیص داده شد.",
    Concern.FIELD_REPEATED: "فیلدی که باید یک بار بیاید تکرار شده است؛ نخستین آن‌ها به کار رفت.",
    Concern.OTHER_SHEETS: "این فایل چند برگه دارد؛ فقط برگهٔ نام‌برده خوانده می‌شود.",
    Concern.NAME_DIFFERS: "پسوند نام فایل با محتوای آن نمی‌خواند؛ فایل از روی محتوا خوانده شد.",
    Concern.NO_HEADINGS: "سرستون‌ها شناخته نشد؛ لطفاً بگویید در هر ستون چیست.",
    Concern.NO_TITLE_COLUMN: "ستون عنوان شناخته نشد؛ لطفاً آن را انتخاب کنید.",
    Concern.PRICE_UNIT: "واحد بها در سرستون گفته نشده است؛ ریال فرض می‌شود.",
}


@dataclass(frozen=True, slots=True)
class Warn:
    """One thing to look at: the code, the column, field or sheet it is about, and the value there, shortened."""

    code: Concern
    about: str = ""
    value: str = ""

    @property
    def text(self) -> str:
        """The Persian sentence."""
        return WORDING[self.code]


class Notes:
    """Collects the warnings of one record while it is read."""

    __slots__ = ("_warnings",)

    def __init__(self) -> None:
        self._warnings: list[Warn] = []

    def warn(self, code: Concern, about: str = "", value: str = "") -> None:
        """Note a concern once."""
        warning = Warn(code, about, value[:SHOWN_VALUE])
        if warning not in self._warnings:
            self._warnings.append(warning)

    @property
    def warnings(self) -> tuple[Warn, ...]:
        """What was noted, in order."""
        return tuple(self._warnings)
