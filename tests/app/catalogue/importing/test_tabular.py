import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.catalogue.form import Creator
from app.catalogue.importing.columns import guess_map
from app.catalogue.importing.findings import Concern, GoodsKind, Reason, Repair
from app.catalogue.importing.record import BookRecord, Calendar, CopyFacts, Good, NotABook, Outcome, Refused, Repaired
from app.catalogue.importing.table import Row
from app.catalogue.importing.tabular import outcome_of
from db.codes import CreatorRole, ItemStatus, Material

Values = Mapping[str, str | tuple[str, ...]]


def row(values: Values) -> Row:
    return Row(7, {name: (value,) if isinstance(value, str) else value for name, value in values.items()}, "raw")


def read(found: Row) -> Outcome:
    return outcome_of(found, guess_map(found.values))


def outcome(values: Values) -> Outcome:
    return read(row(values))


def record(values: Values) -> BookRecord:
    found = outcome(values)
    assert isinstance(found, Good)
    return found.record


def concerns(values: Values) -> list[Concern]:
    found = outcome(values)
    assert isinstance(found, Good)
    return [warning.code for warning in found.warnings]


def test_a_full_row_becomes_a_record() -> None:
    found = record(
        {
            "عنوان": "سووشون ",
            "نویسنده": "دانشور، سیمین",
            "مترجم": "رضا قدس؛ تصویرگر: رها راد",
            "ناشر": "خوارزمی",
            "محل نشر": "تهران",
            "سال نشر": "۱۳۴۸",
            "نوبت چاپ": "اول",
            "شابک": "978-964-417-011-9",
            "رده": "۸فا۳/۶۲",
            "نشانه مؤلف": "د245س",
            "زبان": "فارسي",
            "نوع منبع": "کتاب عمومی",
            "موضوع ۱": "داستان‌های فارسی؛ قرن ۱۴",
            "موضوع ۲": "قرن ۱۴",
            "تعداد صفحات": "306",
            "قطع": "رقعی",
            "فروست": "رمان",
            "شماره کتابشناسی ملی": "2893820",
            "قیمت": "450,000 ریال",
            "گروه سنی": "د",
            "شماره ثبت": "۱۲۳۴",
            "بارکد": "0001234",
            "جلد": "1",
            "رنگ": "آبی",
        }
    )
    assert found == BookRecord(
        title="سووشون",
        source_line=7,
        creators=(
            Creator("دانشور، سیمین", CreatorRole.AUTHOR),
            Creator("رضا قدس", CreatorRole.TRANSLATOR),
            Creator("رها راد", CreatorRole.ILLUSTRATOR),
        ),
        publisher="خوارزمی",
        place="تهران",
        year=1348,
        calendar=Calendar.JALALI,
        printing="اول",
        isbn="9789644170119",
        isbn_raw="978-964-417-011-9",
        dewey="8فا3.62",
        author_mark="د245س",
        language="fa",
        material=Material.BOOK,
        subjects=("داستان‌های فارسی", "قرن ۱۴"),
        pages="306",
        size="رقعی",
        series="رمان",
        nbn="2893820",
        price=450_000,
        age_group="د",
        copies=(CopyFacts(barcode="0001234", accession_no="1234", volume_no="1"),),
        extras={"رنگ": "آبی"},
    )


def test_a_row_without_a_title_is_refused_and_one_called_nothing_is_not() -> None:
    assert outcome({"عنوان": "\u200f ", "ناشر": "سخن"}) == Refused(7, Reason.NO_TITLE, "raw")
    assert record({"عنوان": "ندارد"}).title == "ندارد"


@pytest.mark.parametrize(
    ("values", "material"),
    [
        ({"نوع منبع": "کتاب کودک و نوجوان", "موضوع": "نوجوان"}, Material.YOUNG_ADULT_BOOK),
        ({"نوع منبع": "کتاب کودک و نوجوان", "موضوع": "کودک تا 6 سال"}, Material.CHILD_BOOK),
        ({"نوع منبع": "كتاب كمك درسي"}, Material.SCHOOL_AID),
        ({"نوع منبع": "بریل"}, Material.BRAILLE),
        ({"category": "موسیقی و فیلم (CD-DVD)"}, Material.AUDIOVISUAL),
        ({"category": "فیلم"}, Material.BOOK),
        ({"category": "book"}, Material.BOOK),
        ({}, Material.BOOK),
    ],
)
def test_the_material_is_read_from_kind_and_shelf(values: dict[str, str], material: Material) -> None:
    assert record({"عنوان": "الف"} | values).material is material


def test_an_unknown_material_is_a_book_with_a_warning_and_keeps_its_word() -> None:
    values = {"عنوان": "الف", "نوع منبع": "طومار"}
    assert concerns(values) == [Concern.MATERIAL_UNKNOWN]
    assert record(values).extras == {"نوع منبع": "طومار"}


@pytest.mark.parametrize("values", [{"goods_type": "کالای فرهنگی"}, {"category": "ماژیک"}, {"موضوع": "نوشت افزار"}])
def test_goods_are_kept_apart(values: dict[str, str]) -> None:
    assert outcome({"عنوان": "پیکسل"} | values) == NotABook(7, GoodsKind.GOODS, "raw")


def test_the_word_book_is_no_subject() -> None:
    assert record({"title": "الف", "category": "book"}).subjects == ()


def test_what_is_not_understood_is_warned_about_and_kept() -> None:
    values = {"عنوان": "الف", "سال نشر": "قدیم", "قیمت": "$12", "شابک": "89086perag", "زبان": "انگلیسی / فارسی"}
    found = record(values)
    assert concerns(values) == [Concern.YEAR_UNCLEAR, Concern.ISBN_INVALID, Concern.PRICE_FOREIGN]
    assert found.extras == {"سال نشر": "قدیم", "قیمت": "$12", "زبان": "انگلیسی / فارسی"}
    assert (found.year, found.price, found.isbn, found.isbn_raw, found.language) == (
        None,
        None,
        None,
        "89086perag",
        "en",
    )


def test_a_store_code_stays_beside_the_isbn() -> None:
    values = {"عنوان": "الف", "شابک": "9782000682479"}
    assert (record(values).isbn, record(values).isbn_raw) == (None, "9782000682479")
    assert concerns(values) == [Concern.ISBN_STORE_CODE]


def test_a_whole_call_number_gives_class_and_mark() -> None:
    found = record({"عنوان": "الف", "شماره راهنما": "۸فا۳/۶۲ د۲۴۵س ۱۳۴۸"})
    assert (found.dewey, found.author_mark) == ("8فا3.62", "د245س")
    assert found.copies == (CopyFacts(call_number="۸فا۳/۶۲ د۲۴۵س ۱۳۴۸"),)


def test_several_barcodes_in_a_cell_are_several_copies() -> None:
    found = record({"عنوان": "الف", "بارکد": "101؛ 102\n103", "شماره ثبت": "۱، ۲", "جلد": "2"})
    assert found.copies == (
        CopyFacts("101", "1", volume_no="2"),
        CopyFacts("102", "2", volume_no="2"),
        CopyFacts("103", volume_no="2"),
    )


def test_a_status_is_said_of_the_row_or_of_each_copy_and_a_day_is_read() -> None:
    """002 م8-5، م8-6."""
    row_of = {"عنوان": "الف", "شماره ثبت": "۱؛ ۲", "تاریخ ثبت": "1389/02/03"}
    day = dt.date(2010, 4, 23)
    each = record(row_of | {"وضعیت": "مفقود؛ نامعلوم"})
    assert each.copies == (
        CopyFacts(accession_no="1", accession_date=day, status=ItemStatus.MISSING, said="مفقود"),
        CopyFacts(accession_no="2", accession_date=day, status=ItemStatus.UNKNOWN, said="نامعلوم"),
    )
    assert (each.extras, {copy.status for copy in record(row_of | {"وضعیت": "مفقود"}).copies}) == (
        {}, {ItemStatus.MISSING}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("قرمز", Reason.STATUS_UNKNOWN),
        ("مفقود؛ موجود؛ موجود", Reason.STATUS_COUNT),
        ("وجین", Reason.STATUS_WEEDED_KIND),
    ],
)
def test_a_status_that_cannot_be_read_refuses_the_row(said: str, reason: Reason) -> None:
    assert read(row({"عنوان": "الف", "شماره ثبت": "۱؛ ۲", "وضعیت": said})) == Refused(7, reason, "raw")


def test_a_day_of_accession_that_is_none_is_doubted_and_kept() -> None:
    found = record({"عنوان": "الف", "بارکد": "101", "تاریخ ثبت": "سال ۸۹"})
    assert (found.copies[0].accession_date, found.extras) == (None, {"تاریخ ثبت": "سال ۸۹"})
    assert record({"عنوان": "الف", "بارکد": "1", "تاریخ ثبت": "2015-03-21T00:00:00"}).copies[
        0
    ].accession_date == dt.date(2015, 3, 21)


def test_a_formula_where_it_matters_refuses_the_row_and_elsewhere_is_left_out() -> None:
    values = {"عنوان": "الف", "ردیف": "7"}
    assert read(replace(row(values), formulas=frozenset({"عنوان"}))) == Refused(7, Reason.FORMULA, "raw")
    elsewhere = read(replace(row(values), formulas=frozenset({"ردیف"})))
    assert isinstance(elsewhere, Good)
    assert elsewhere.record.extras == {}
    assert [warning.code for warning in elsewhere.warnings] == [Concern.FORMULA_LEFT_OUT]


def test_a_mended_row_says_what_was_mended() -> None:
    found = read(replace(row({"عنوان": "الف"}), repairs=(Repair.ESCAPED_LETTERS,)))
    assert isinstance(found, Repaired)
    assert found.what == (Repair.ESCAPED_LETTERS,)


def test_a_shifted_row_is_warned_about() -> None:
    found = read(replace(row({"عنوان": "الف", "ستون ۳": "ب"}), unnamed=("ستون ۳",)))
    assert isinstance(found, Good)
    assert [warning.code for warning in found.warnings] == [Concern.CELLS_TOO_MANY]


def test_a_title_of_200000_letters_is_cut_with_a_warning() -> None:
    values = {"عنوان": "ک" * 200_000}
    assert len(record(values).title) == 2_000
    assert concerns(values) == [Concern.TEXT_CAPPED]


def test_controls_that_turn_text_round_are_taken_out() -> None:
    assert record({"عنوان": "\u202eسووشون\u202c\x07", "ناشر": "\u200fسخن"}).title == "سووشون"
