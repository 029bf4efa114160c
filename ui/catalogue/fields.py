"""The forms of a title and of a copy as tables of fields, and what they say as the use cases take it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from app.catalogue.call_number import parse_class
from app.catalogue.form import Creator, TitleForm
from app.catalogue.isbn import IsbnDoubt, doubt, valid_isbn13
from app.items.form import ItemForm, is_barcode
from app.labels import CATALOGUING_STATUS, CONDITION, ITEM_FLAG, MATERIAL, SECTION, SOURCE
from app.persian.digits import to_latin
from app.refusal import Refusal
from db.codes import CataloguingStatus, Condition, ItemFlag, Material, Source
from ui.catalogue.words import LANGUAGES
from ui.widgets.form import Field
from ui.widgets.form_inputs import Kind, Options
from ui.widgets.form_values import Values, day_of, number_of, tags_of, text_of

Code = TypeVar("Code", bound=str)

AGE_GROUPS: Options = (("", "—"), ("الف", "الف"), ("ب", "ب"), ("ج", "ج"), ("د", "د"), ("ه", "ه"))
SOFT = frozenset({"dewey", "isbn"})
"""Fields whose doubtful value may stand: a defective class never prevents the use of a record (003 م5-2 تبصره ۲), and
books do carry misprinted ISBNs, which are kept but not searched by."""
BY_HAND = (
    CataloguingStatus.CIP,
    CataloguingStatus.ORIGINAL,
    CataloguingStatus.FAPA,
    CataloguingStatus.FAST,
    CataloguingStatus.REVIEWED,
)
"""What a record written at the desk may be; the usual book carries its CIP page."""

WRONG_ISBN = "رقم کنترل شابک درست نیست؛ آن را از پشت جلد یا شناسنامهٔ کتاب بخوانید."
ISBN_DOUBTS: Mapping[IsbnDoubt, str] = MappingProxyType(
    {
        IsbnDoubt.STORE_CODE: "این شماره کد فروشگاهی است، نه شابک.",
        IsbnDoubt.NO_SUCH_GROUP: "گروه ایران در شابک‌های ۹۷۹ نیست؛ شماره را دوباره بخوانید.",
        IsbnDoubt.MUSIC: "این شماره شاپای موسیقی است، نه شابک.",
    }
)
WRONG_CLASS = "ردهٔ دیویی مانند ۸فا۳/۶۲ یا ۲۹۷/۴ است."
WRONG_BARCODE = "بارکد فقط حرف لاتین، رقم و نشانه‌های - . / دارد."

HEAD_FIELDS = (
    Field("title", "عنوان", required=True, longest=500),
    Field("subtitle", "عنوان فرعی", longest=500),
)


def _isbn(text: str) -> str:
    number = valid_isbn13(text)
    if number is None:
        return WRONG_ISBN
    found = doubt(number)
    return ISBN_DOUBTS[found] if found else ""


def _class(text: str) -> str:
    return "" if parse_class(text) else WRONG_CLASS


def _barcode(text: str) -> str:
    return "" if is_barcode(text) else WRONG_BARCODE


def _options(words: Mapping[Code, str]) -> Options:
    return tuple((str(code), text) for code, text in words.items())


def title_fields() -> tuple[Field, ...]:
    """Everything of a record but title and creators, in the order of a CIP page."""
    statuses = {status: CATALOGUING_STATUS[status] for status in BY_HAND}
    return (
        Field("isbn", "شابک", Kind.LATIN, help="می‌توانید پشت جلد را اسکن کنید.", validator=_isbn, longest=32),
        Field("publisher", "ناشر"),
        Field("place", "محل نشر", longest=120),
        Field("year", "سال نشر", Kind.NUMBER),
        Field("dewey", "رده", help="مانند ۸فا۳/۶۲", validator=_class, longest=60),
        Field("author_mark", "نشانهٔ مؤلف", help="با نوشتن نام و عنوان پیشنهاد می‌شود.", longest=20),
        Field("material", "نوع منبع", Kind.CHOICE, options=_options(MATERIAL)),
        Field("status", "فهرست‌نویسی", Kind.CHOICE, options=_options(statuses)),
        Field("edition", "ویرایش", longest=120),
        Field("printing", "نوبت چاپ", longest=60),
        Field("pages", "شمار صفحه‌ها", longest=60),
        Field("size", "قطع", longest=60),
        Field("series", "فروست"),
        Field("language", "زبان", Kind.CHOICE, options=_options(LANGUAGES)),
        Field("age_group", "گروه سنی", Kind.CHOICE, options=AGE_GROUPS),
        Field("nbn", "شمارهٔ کتابشناسی ملی", Kind.LATIN, longest=20),
        Field("subjects", "موضوع‌ها", help="با «؛» جدا کنید.", wide=True, longest=1000),
        Field("statement", "شرح پدیدآور", wide=True, longest=500),
        Field("abstract", "چکیده", Kind.LONG, wide=True, longest=2000),
        Field("note", "یادداشت", wide=True, longest=1000),
    )


def title_form(head: Values, creators: tuple[Creator, ...], rest: Values) -> TitleForm:
    """The record that the form describes."""
    values = {**head, **rest}
    written = text_of(values, "isbn")
    return TitleForm(
        title=text_of(values, "title") or "",
        creators=creators,
        year=number_of(values, "year"),
        isbn=valid_isbn13(written) if written else None,
        isbn_raw=written,
        subjects=tags_of(values, "subjects", "؛;"),
        language=text_of(values, "language") or "fa",
        material=Material(text_of(values, "material") or Material.BOOK),
        status=CataloguingStatus(text_of(values, "status") or CataloguingStatus.ORIGINAL),
        subtitle=text_of(values, "subtitle"),
        statement=text_of(values, "statement"),
        publisher=text_of(values, "publisher"),
        place=text_of(values, "place"),
        edition=text_of(values, "edition"),
        printing=text_of(values, "printing"),
        nbn=text_of(values, "nbn"),
        dewey=text_of(values, "dewey"),
        author_mark=to_latin(text_of(values, "author_mark") or "") or None,
        age_group=text_of(values, "age_group"),
        pages=text_of(values, "pages"),
        size=text_of(values, "size"),
        series=text_of(values, "series"),
        abstract=text_of(values, "abstract"),
        note=text_of(values, "note"),
    )


def copy_fields() -> tuple[Field, ...]:
    """The fields of the accession register. What is left empty the program gives."""
    given = "خالی بماند، برنامه می‌دهد."
    return (
        Field(
            "barcode", "بارکد", Kind.LATIN, help="برچسب را اسکن کنید یا خالی بگذارید.", validator=_barcode, longest=64
        ),
        Field("accession_no", "شمارهٔ ثبت", Kind.NUMBER, help=given),
        Field("accession_date", "تاریخ ثبت", Kind.DATE, help="خالی: امروز"),
        Field("copy_no", "شمارهٔ نسخه", Kind.NUMBER, help=given),
        Field("volume_no", "شمارهٔ جلد", help="تنها برای کتاب‌های چندجلدی", longest=20),
        Field("local_class", "رده در محل", help="اگر ردهٔ رکورد برای این کتابخانه مناسب نیست", longest=60),
        Field("section", "بخش", Kind.CHOICE, options=(("", "بر پایهٔ نوع منبع"), *_options(SECTION))),
        Field("item_type", "نوع امانت", Kind.CHOICE, options=(("", "همان نوع منبع"), *_options(MATERIAL))),
        Field("source", "شیوهٔ فراهم‌آوری", Kind.CHOICE, options=_options(SOURCE)),
        Field("price", "بها (ریال)", Kind.MONEY),
        Field("donor", "اهداکننده", longest=200),
        Field("condition", "وضعیت ظاهری", Kind.CHOICE, options=_options(CONDITION)),
        Field("parts", "پیوست‌ها", help="لوح، دفترچه، نقشه…", longest=500),
        Field("note", "یادداشت", longest=1000),
        Field("permit_no", "شمارهٔ مجوز وجین", help="مجوز معاونت، تنها برای بستهٔ فرهنگی", longest=60),
        Field("permit_on", "تاریخ مجوز وجین", Kind.DATE),
        *(Field(f"flag_{flag}", ITEM_FLAG[flag], Kind.TICK) for flag in ItemFlag if flag is not ItemFlag.PARTS),
    )


def copy_form(values: Values) -> ItemForm:
    """The copy that the form describes."""
    flags = [flag.value for flag in ItemFlag if values.get(f"flag_{flag}") is True]
    parts = text_of(values, "parts")
    return ItemForm(
        barcode=text_of(values, "barcode"),
        accession_no=number_of(values, "accession_no"),
        accession_date=day_of(values, "accession_date"),
        item_type=text_of(values, "item_type"),
        section=text_of(values, "section"),
        volume_no=text_of(values, "volume_no"),
        copy_no=number_of(values, "copy_no"),
        local_class=text_of(values, "local_class"),
        price=number_of(values, "price"),
        source=Source(text_of(values, "source") or Source.UNKNOWN),
        donor=text_of(values, "donor"),
        condition=Condition(text_of(values, "condition") or Condition.GOOD),
        flags=tuple(flags + [ItemFlag.PARTS.value] * bool(parts)),
        parts=parts,
        permit_no=text_of(values, "permit_no"),
        permit_on=day_of(values, "permit_on"),
        note=text_of(values, "note"),
    )


FIELD_OF: Mapping[str, str] = MappingProxyType(
    {"item.barcode_taken": "barcode", "item.accession_taken": "accession_no"}
)


def field_of(refusal: Refusal) -> str:
    """The field a refusal belongs to; "" when it belongs to none."""
    return FIELD_OF.get(refusal.code) or str(refusal.facts.get("field", ""))
