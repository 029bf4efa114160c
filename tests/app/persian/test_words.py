import pytest

from app.persian.words import in_words


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "صفر"),
        (1, "یک"),
        (19, "نوزده"),
        (20, "بیست"),
        (21, "بیست و یک"),
        (100, "صد"),
        (110, "صد و ده"),
        (999, "نهصد و نود و نه"),
        (1_000, "هزار"),
        (1_001, "هزار و یک"),
        (2_000, "دو هزار"),
        (25_000, "بیست و پنج هزار"),
        (350_000, "سیصد و پنجاه هزار"),
        (1_000_000, "یک میلیون"),
        (1_001_000, "یک میلیون و هزار"),
        (12_345_678, "دوازده میلیون و سیصد و چهل و پنج هزار و ششصد و هفتاد و هشت"),
        (10**12, "هزار میلیارد"),
        (-5, "منفی پنج"),
    ],
)
def test_a_number_is_read_in_words(n: int, words: str) -> None:
    assert in_words(n) == words


def test_a_number_without_end_has_no_words() -> None:
    with pytest.raises(ValueError, match="1"):
        in_words(10**18)
