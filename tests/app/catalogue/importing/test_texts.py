import pytest

from app.catalogue.importing.findings import Concern, Notes
from app.catalogue.importing.texts import language_of, said, tidy, unescape


def test_letters_written_as_codes_become_letters() -> None:
    assert unescape("سال <U+06F1><U+06F3>") == "سال ۱۳"
    assert unescape("<U+D800> <U+FFFFFF>") == "<U+D800> <U+FFFFFF>"


def test_a_text_of_200000_letters_is_cut_with_a_warning() -> None:
    notes = Notes()
    assert tidy("ک" * 200_000, "عنوان", notes) == "ک" * 2_000
    (warning,) = notes.warnings
    assert (warning.code, warning.about, len(warning.value)) == (Concern.TEXT_CAPPED, "عنوان", 80)


def test_spaces_alone_do_not_make_a_text_too_long() -> None:
    notes = Notes()
    assert tidy(" " * 5_000 + "کلیدر", "عنوان", notes) == "کلیدر"
    assert notes.warnings == ()


def test_lines_are_kept_where_a_cell_holds_several_values() -> None:
    assert tidy("یک\r\n\u202bدو\n\n", "نویسنده", Notes(), lines=True) == "یک\nدو"


@pytest.mark.parametrize("text", ["نامشخص", "[بی‌نا]", "-", "N/A", "[s.n.]", "  ", "نا مشخص"])
def test_words_for_nothing_are_nothing(text: str) -> None:
    assert said(text, "ناشر", Notes()) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("فارسی", "fa"),
        ("فارسي", "fa"),
        ("زبان فارسی", "fa"),
        ("انگلیسی / فارسی", "en"),
        ("فارسي و انگليسي", "fa"),
        ("In Persian.", "fa"),
        ("per", "fa"),
        ("ترکی آذربایجانی", "az"),
        ("مریخی", None),
    ],
)
def test_a_language_is_read_by_its_name(text: str, code: str | None) -> None:
    assert language_of(text) == code
