import pytest

from app.catalogue.importing.isbd import bare, title_and_parallel, without_brackets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("تهران :", "تهران"),
        ("سخن،", "سخن"),
        ("جعفرى، جعفر بن محمد.", "جعفرى، جعفر بن محمد"),
        ("مجلسی، م. ج.", "مجلسی، م. ج."),
        ("Rowling, J. K.", "Rowling, J. K."),
        ("و ناگهان ...", "و ناگهان ..."),
        ("تاریخ بیهقی /", "تاریخ بیهقی"),
        (" = Kelidar", "Kelidar"),
        ("/ : ؛", ""),
    ],
)
def test_punctuation_is_taken_off(text: str, expected: str) -> None:
    assert bare(text) == expected


def test_what_the_cataloguer_supplied_loses_its_brackets() -> None:
    assert without_brackets("[تهران] :") == "تهران"
    assert without_brackets("[تهران :") == "تهران"


def test_a_parallel_title_is_parted_from_the_title() -> None:
    assert title_and_parallel("کلیدر = Kelidar /") == ("کلیدر", "Kelidar")
    assert title_and_parallel("کلیدر") == ("کلیدر", "")
