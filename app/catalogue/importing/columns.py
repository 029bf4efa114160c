"""Which column of a table is which field of ours: the map, and how it is guessed from headings."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from app.persian.text import compact
from db.trouble import Trouble


class Column(StrEnum):
    """The fields that a column of a table may hold."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    STATEMENT = "statement"
    CREATORS = "creators"
    AUTHOR = "author"
    TRANSLATOR = "translator"
    ILLUSTRATOR = "illustrator"
    EDITOR = "editor"
    COMPILER = "compiler"
    NARRATOR = "narrator"
    SCRIBE = "scribe"
    PUBLISHER = "publisher"
    PLACE = "place"
    YEAR = "year"
    EDITION = "edition"
    PRINTING = "printing"
    ISBN = "isbn"
    DEWEY = "dewey"
    AUTHOR_MARK = "author_mark"
    LANGUAGE = "language"
    MATERIAL = "material"
    SUBJECTS = "subjects"
    PAGES = "pages"
    SIZE = "size"
    SERIES = "series"
    NBN = "nbn"
    PRICE = "price"
    AGE_GROUP = "age_group"
    ABSTRACT = "abstract"
    NOTE = "note"
    BARCODE = "barcode"
    ACCESSION_NO = "accession_no"
    CALL_NUMBER = "call_number"
    VOLUME_NO = "volume_no"
    COPY_NO = "copy_no"
    ACCESSION_DATE = "accession_date"
    STATUS = "status"


ColumnMap = Mapping[Column, tuple[str, ...]]
"""Field to the headings of its columns, first first."""

SEVERAL = frozenset(
    {
        Column.CREATORS,
        Column.AUTHOR,
        Column.TRANSLATOR,
        Column.ILLUSTRATOR,
        Column.ISBN,
        Column.SUBJECTS,
    }
)
"""Fields that may take more than one column («موضوع ۱» and «موضوع ۲»)."""

NUMBERS = frozenset({Column.BARCODE, Column.ACCESSION_NO})
"""By which a copy is known again."""

_HEADINGS: dict[Column, str] = {
    Column.TITLE: ("عنوان؛ عنوان کتاب؛ نام کتاب؛ نام اثر؛ عنوان اثر؛ نام منبع؛ عنوان منبع؛ title؛ book title؛ name"),
    Column.SUBTITLE: "عنوان فرعی؛ عنوان دوم؛ subtitle؛ sub title",
    Column.STATEMENT: "شرح مسئولیت؛ شرح پدیدآور؛ تکرار نام پدیدآور؛ statement؛ statement of responsibility",
    Column.CREATORS: (
        "پدیدآور؛ پدیدآوران؛ پدیدآورنده؛ پدیدآورندگان؛ نام پدیدآور؛ نام پدیدآورنده؛ سرشناسه؛ creator؛ creators؛ "
        "contributors"
    ),
    Column.AUTHOR: (
        "نویسنده؛ نویسندگان؛ نام نویسنده؛ مؤلف؛ مولف؛ مؤلفان؛ مولفین؛ نام مؤلف؛ نام مولف؛ نگارنده؛ شاعر؛ "
        "نویسنده / شاعر؛ author؛ authors؛ author name؛ writer"
    ),
    Column.TRANSLATOR: "مترجم؛ مترجمان؛ مترجمین؛ نام مترجم؛ translator؛ translators",
    Column.ILLUSTRATOR: "تصویرگر؛ تصویرگران؛ تصویرساز؛ نقاش؛ illustrator؛ illustrators",
    Column.EDITOR: "ویراستار؛ مصحح؛ به کوشش؛ به اهتمام؛ editor؛ editors",
    Column.COMPILER: "گردآورنده؛ گردآورندگان؛ گردآوری؛ compiler؛ compilers",
    Column.NARRATOR: "گوینده؛ راوی؛ narrator؛ narrators",
    Column.SCRIBE: "کاتب؛ خوش‌نویس؛ خطاط؛ scribe",
    Column.PUBLISHER: "ناشر؛ نام ناشر؛ انتشارات؛ نام انتشارات؛ ناشران؛ publisher؛ publishers؛ publisher name",
    Column.PLACE: (
        "محل نشر؛ محل انتشار؛ شهر محل نشر؛ شهر نشر؛ محل چاپ؛ place؛ publication place؛ place of publication"
    ),
    Column.YEAR: (
        "سال؛ سال نشر؛ سال چاپ؛ سال انتشار؛ تاریخ نشر؛ تاریخ انتشار؛ تاریخ چاپ؛ year؛ publication year؛ "
        "year of publication؛ pub year؛ publish year؛ date of publication؛ publication date"
    ),
    Column.EDITION: "ویرایش؛ ویراست؛ وضعیت ویراست؛ نوبت ویرایش؛ edition",
    Column.PRINTING: "چاپ؛ نوبت چاپ؛ شماره چاپ؛ دفعات چاپ؛ printing؛ print number؛ impression",
    Column.ISBN: (
        "شابک؛ شماره شابک؛ شماره استاندارد؛ isbn؛ isbn13؛ isbn10؛ isbn raw؛ isbn13 valid؛ isbn valid؛ isbn no"
    ),
    Column.DEWEY: (
        "رده؛ رده‌بندی؛ رده اصلی؛ رده دیویی؛ رده‌بندی دیویی؛ رده بندی دهدهی دیویی؛ شماره دیویی؛ شماره رده؛ "
        "شماره رده‌بندی؛ دیویی؛ dewey؛ ddc؛ class؛ class no؛ classification"
    ),
    Column.AUTHOR_MARK: ("نشانه مؤلف؛ نشانه مولف؛ نشانه؛ نشانه اثر؛ نشان مولف؛ شماره کاتر؛ کاتر؛ author mark؛ cutter"),
    Column.LANGUAGE: "زبان؛ زبان کتاب؛ زبان اثر؛ زبان متن؛ language؛ lang",
    Column.MATERIAL: (
        "نوع منبع؛ نوع ماده؛ نوع مدرک؛ نوع کتاب؛ نوع اثر؛ نوع کالا؛ قالب؛ گروه منبع؛ material؛ material type؛ "
        "item type؛ type؛ goods type؛ format"
    ),
    Column.SUBJECTS: (
        "موضوع؛ موضوعات؛ موضوع‌ها؛ سرعنوان موضوعی؛ سرعنوان‌های موضوعی؛ موضوع اصلی؛ موضوع فرعی؛ دسته؛ دسته‌بندی؛ "
        "دسته بندی موضوعی؛ ژانر؛ کلیدواژه؛ کلیدواژه‌ها؛ subject؛ subjects؛ category؛ categories؛ topic؛ genre؛ "
        "keywords"
    ),
    Column.PAGES: ("تعداد صفحه؛ تعداد صفحات؛ صفحه؛ صفحات؛ شمار صفحات؛ pages؛ page count؛ number of pages؛ no of pages"),
    Column.SIZE: "قطع؛ قطع کتاب؛ اندازه؛ ابعاد؛ size",
    Column.SERIES: "فروست؛ نام مجموعه؛ مجموعه؛ سری؛ عنوان فروست؛ series؛ series title",
    Column.NBN: (
        "شماره کتابشناسی ملی؛ شماره کتاب‌شناسی ملی؛ کتابشناسی ملی؛ شماره ملی کتاب؛ nbn؛ national bibliography number"
    ),
    Column.PRICE: "قیمت؛ بها؛ قیمت کتاب؛ قیمت پشت جلد؛ مبلغ؛ price؛ price text؛ cost؛ cover price",
    Column.AGE_GROUP: "گروه سنی؛ رده سنی؛ سن؛ مخاطب؛ age group؛ age؛ audience",
    Column.ABSTRACT: "چکیده؛ خلاصه؛ خلاصه کتاب؛ معرفی؛ abstract؛ summary؛ description",
    Column.NOTE: "یادداشت؛ توضیح؛ توضیحات؛ ملاحظات؛ note؛ notes؛ remarks",
    Column.BARCODE: "بارکد؛ بارکد کتاب؛ شماره بارکد؛ کد بارکد؛ رمزینه؛ رمز میله؛ barcode؛ barcodes",
    Column.ACCESSION_NO: (
        "شماره ثبت؛ ش ثبت؛ شماره ثبت کتاب؛ شماره اموال؛ accession no؛ accession number؛ accession؛ inventory number"
    ),
    Column.CALL_NUMBER: (
        "شماره راهنما؛ شماره بازیابی؛ شماره راهنمای کتاب؛ شماره کتاب؛ call number؛ call no؛ callnumber؛ shelf mark"
    ),
    Column.VOLUME_NO: "جلد؛ شماره جلد؛ ج؛ volume؛ volume no؛ vol",
    Column.COPY_NO: "نسخه؛ شماره نسخه؛ ن؛ copy؛ copy no؛ copy number",
    Column.ACCESSION_DATE: (
        "تاریخ ثبت؛ تاریخ ثبت کتاب؛ تاریخ ثبت در دفتر؛ accession date؛ date accessioned؛ date acquired"
    ),
    Column.STATUS: (
        "وضعیت؛ وضعیت نسخه؛ وضعیت کتاب؛ وضعیت مدرک؛ وضعیت منبع؛ وضعیت موجودی؛ وضعیت امانت؛ کد وضعیت؛ کد صفحه 7؛ "
        "صفحه 7؛ status؛ item status؛ copy status؛ status code؛ availability"
    ),
}

LONGEST_HEADING = 200
"""Characters; a longer cell is no heading."""

_BY_HEADING = {compact(heading): column for column, words in _HEADINGS.items() for heading in words.split("؛")}
_IN_BRACKETS = re.compile(r"[(\[{].*?[)\]}]")
_NUMBER_AT_END = re.compile(r"[0-9]+$")


def column_of(heading: str) -> Column | None:
    """The field that a heading names, in Persian or English; «نویسنده (پدیدآور)» and «موضوع ۲» too."""
    if len(heading) > LONGEST_HEADING:
        return None
    bracketed = _IN_BRACKETS.findall(heading)
    for candidate in (heading, _IN_BRACKETS.sub(" ", heading), *bracketed):
        key = compact(candidate)
        several = _BY_HEADING.get(_NUMBER_AT_END.sub("", key))
        if found := _BY_HEADING.get(key, several if several in SEVERAL else None):
            return found
    return None


def guess_map(headings: Iterable[str]) -> dict[Column, tuple[str, ...]]:
    """The column map as the headings say it; of two columns for a field of one value the first is taken."""
    guessed: dict[Column, tuple[str, ...]] = {}
    for heading in headings:
        column = column_of(heading)
        if column is not None and (column not in guessed or column in SEVERAL):
            guessed[column] = (*guessed.get(column, ()), heading)
    if not NUMBERS & guessed.keys():
        guessed.pop(Column.STATUS, None)  # without a number it is the shop's stock, not where a copy is
    return guessed


def chosen_map(
    chosen: Mapping[str, str | Sequence[str]], headings: Sequence[str], path: Path
) -> dict[Column, tuple[str, ...]]:
    """The map a person chose for the file at `path`, checked against its headings.

    Raises Trouble P-2106 for a field or column that is not there.
    """
    known = {column.value: column for column in Column}
    checked = {}
    for field, columns in chosen.items():
        names = (columns,) if isinstance(columns, str) else tuple(columns)
        missing = [name for name in names if name not in headings]
        if field not in known or missing:
            raise Trouble("P-2106", path=path, field=field, column="، ".join(missing))
        checked[known[field]] = names
    return checked
