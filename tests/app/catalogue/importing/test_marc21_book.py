from collections.abc import Mapping

import pytest

from app.catalogue.importing.findings import Concern
from app.catalogue.importing.marc21_reader import outcome_of
from app.catalogue.importing.marc_split import Piece
from app.catalogue.importing.record import BookRecord, Calendar, Good, Repaired
from tests.app.catalogue.importing.samples import marc


def good(*fields: tuple[str, Mapping[str, str] | str]) -> Good:
    outcome = outcome_of(Piece(1, marc(fields)))
    assert isinstance(outcome, Good)
    return outcome


def record(*fields: tuple[str, Mapping[str, str] | str]) -> BookRecord:
    return good(*fields).record


def test_the_persian_side_is_taken_and_the_romanised_kept_beside_it() -> None:
    found = record(
        ("245", {"6": "880-01", "a": "Kilīdar :", "b": "rumān /", "c": "Maḥmūd Dawlatābādī."}),
        ("880", {"6": "245-01/(3/r", "a": "\u200fکلیدر :\u202a", "b": "رمان /", "c": "محمود دولت‌آبادی."}),
    )
    assert (found.title, found.subtitle, found.statement) == ("کلیدر", "رمان", "محمود دولت‌آبادی")
    assert found.extras["title_romanised"] == "Kilīdar : rumān"


def test_a_title_in_another_language_is_no_subtitle() -> None:
    found = record(("245", {"a": "منجی‌باوری =", "b": "Messianism /", "c": "آژیر"}))
    assert (found.title, found.subtitle) == ("منجی‌باوری", None)
    found = record(("245", {"a": "کلیدر = Kelidar :", "b": "رمان"}))
    assert (found.title, found.subtitle, found.extras["title_parallel"]) == ("کلیدر", "رمان", "Kelidar")


def test_number_and_name_of_a_part_belong_to_the_title() -> None:
    assert record(("245", {"a": "تاریخ ایران.", "n": "جلد ۲،", "p": "قاجار /"})).title == "تاریخ ایران، جلد ۲، قاجار"


@pytest.mark.parametrize(
    ("date", "coded", "year", "calendar"),
    [
        ("1393 [2014 or 2015].", "s2014", 1393, Calendar.JALALI),
        ("2014.", "s2014", 2014, Calendar.GREGORIAN),
        ("۱۳۸۸", "s    ", 1388, Calendar.JALALI),
        ("1325", "s1907", 1325, Calendar.LUNAR),
        ("[198-?]", "s198u", None, None),
        ("[نامعلوم]", "s1985", 1985, Calendar.GREGORIAN),
    ],
)
def test_the_year_is_as_printed_with_its_calendar(
    date: str, coded: str, year: int | None, calendar: Calendar | None
) -> None:
    found = record(("008", f"141208{coded}    ir            000 0 per  "), ("264", {"a": "قم", "c": date}))
    assert (found.year, found.calendar) == (year, calendar)


def test_a_year_that_cannot_be_told_is_warned_about() -> None:
    assert [warning.code for warning in good(("264", {"c": "[198-?]"})).warnings] == [Concern.YEAR_UNCLEAR]


def test_place_and_publisher_lose_their_brackets_and_unknown_ones_are_none() -> None:
    found = record(("264", {"a": "[تهران] :", "b": "[s.n.],", "c": "1390"}))
    assert (found.place, found.publisher) == ("تهران", None)
    assert record(("260", {"b": "زوار،"}), ("264", {"a": "قم :"})).publisher == "زوار"


def test_the_field_of_publication_goes_before_that_of_the_copyright() -> None:
    copyright_first = marc([("264", {"c": "©۱۳۹۵"}), ("264", {"a": "قم :", "c": "۱۳۹۴"})])
    place = copyright_first.index("10\x1fc©".encode())
    outcome = outcome_of(Piece(1, copyright_first[:place] + b"14" + copyright_first[place + 2 :]))
    assert isinstance(outcome, Good)
    assert (outcome.record.place, outcome.record.year) == ("قم", 1394)


def test_printing_and_edition_are_two_things() -> None:
    found = record(("250", {"a": "ویراست ۲؛ چاپ سوم."}))
    assert (found.edition, found.printing) == ("ویراست ۲", "چاپ سوم")
    assert record(("250", {"a": "Chāp-i avval."})).printing == "Chāp-i avval"


def test_the_isbn_is_valid_or_none() -> None:
    found = record(("020", {"a": "964-417-011-5 (ج.1)"}), ("020", {"a": "9789644170119 :", "c": "25000 ریال"}))
    assert (found.isbn_raw, found.isbn, found.price) == ("964-417-011-5 (ج.1)", "9789644170119", 25_000)
    store = good(("020", {"a": "9782000682479"}))
    assert (store.record.isbn, store.record.isbn_raw) == (None, "9782000682479")
    assert [warning.code for warning in store.warnings] == [Concern.ISBN_STORE_CODE]
    assert record(("020", {"z": "123"})).isbn_raw == "123"


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (("082", {"a": "8فا3/62", "b": "د245س"}), ("8فا3.62", "د245س")),
        (("082", {"a": "955/.053"}), ("955.053", None)),
        (("082", {"a": "297.12/4"}), ("297.124", None)),
        (("092", {"a": "۸فا۳/۶۲", "b": "د۲۴۵س"}), ("8فا3.62", "د۲۴۵س")),
        (("090", {"a": "DS289", "b": ".J3"}), (None, None)),
        (("082", {"a": "[Fic]"}), ("[Fic]", None)),
    ],
)
def test_the_class_is_a_dewey_number(
    field: tuple[str, Mapping[str, str]], expected: tuple[str | None, str | None]
) -> None:
    found = record(field)
    assert (found.dewey, found.author_mark) == expected


def test_the_language_is_a_code_of_two_letters() -> None:
    assert record(("008", "141208s2014    ir            000 0 per  ")).language == "fa"
    assert record(("041", {"a": "araper"})).language == "ar"
    assert record(("546", {"a": "In Persian."})).language == "fa"
    assert record(("008", "141208s2014    ir            000 0 und  ")).language is None


def test_subjects_carry_their_subdivisions() -> None:
    found = record(
        ("600", {"a": "تیمور،", "d": "۱۳۳۶-۱۴۰۵"}),
        ("650", {"a": "ایران", "x": "تاریخ", "y": "قرن ۹."}),
        ("653", {"a": "جنگ"}),
    )
    assert found.subjects == ("تیمور، ۱۳۳۶-۱۴۰۵", "ایران -- تاریخ -- قرن ۹", "جنگ")


def test_notes_series_and_numbers_find_their_places() -> None:
    found = record(
        ("015", {"a": "2893820"}),
        ("300", {"a": "203 ص :", "c": "24 س‌م"}),
        ("490", {"a": "گنجینه ؛", "v": "18"}),
        ("500", {"a": "کتابنامه."}),
        ("520", {"a": "خلاصه."}),
        ("521", {"a": "کودکان."}),
        ("856", {"u": "http://example.ir/1"}),
    )
    assert (found.nbn, found.pages, found.size, found.series) == ("2893820", "203 ص", "24 س‌م", "گنجینه؛ 18")
    assert (found.note, found.abstract, found.age_group) == ("کتابنامه", "خلاصه", "کودکان")
    assert found.extras == {"url": "http://example.ir/1"}


def test_a_second_title_field_is_warned_about() -> None:
    found = good(("245", {"a": "یک"}), ("245", {"a": "دو"}))
    assert found.record.title == "یک"
    assert [warning.code for warning in found.warnings] == [Concern.FIELD_REPEATED]


def test_a_title_of_200000_letters_is_cut_and_the_record_kept_whole() -> None:
    data = marc([("245", {"a": "x"})]).replace(b"\x1fax\x1e", b"\x1fa" + "ک".encode() * 200_000 + b"\x1e")
    found = outcome_of(Piece(1, data))
    assert isinstance(found, Repaired)
    assert found.record.title == "ک" * 2_000
    assert found.record.marc == data
    assert [warning.code for warning in found.warnings] == [Concern.TEXT_CAPPED]
