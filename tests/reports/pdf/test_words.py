from collections.abc import Iterator
from itertools import product
from pathlib import Path
from unicodedata import bidirectional

import pytest

from db.trouble import Trouble
from reports.pdf.embedding import EmbeddedFont
from reports.pdf.shaping import Face, Glyph
from reports.pdf.words import Words
from tests.reports.reading import real_titles

FONTS = Path(__file__).parents[3] / "resources" / "fonts"


@pytest.fixture(params=["Vazirmatn-Regular.ttf", "Vazirmatn-Bold.ttf"])
def face(request: pytest.FixtureRequest) -> Face:
    return Face(FONTS / request.param)


def by_word(face: Face, text: str) -> Iterator[Glyph]:
    for number, word in enumerate(reversed(text.split(" "))):
        if number:
            yield from face.shape(" ", rtl=True)
        yield from face.shape(word, rtl=True)


def test_shaping_word_by_word_equals_shaping_the_whole(face: Face) -> None:
    titles = [" ".join(title.split()) for title in real_titles(1500, step=17)]
    whole = [title for title in titles if not {bidirectional(letter) for letter in title} & {"L", "EN", "AN"}]
    assert len(whole) > 500
    for title in whole:
        assert face.shape(title, rtl=True) == list(by_word(face, title))


def test_digits_side_by_side_need_no_shaping_together(face: Face) -> None:
    font = EmbeddedFont(face, "F1")
    words = Words(face, font)
    for first, middle, last in product("0123456789۰۱۲۳۴۵۶۷۸۹", ("", "/", ".", "-"), "05۰۵"):
        text = f"{first}{middle}{last}"
        assert words.number(text) == words.pieces(text, rtl=False)[0]


def test_a_ligature_is_one_glyph_read_as_its_letters(face: Face) -> None:
    assert [glyph.text for glyph in face.shape("سلام", rtl=True)] == ["م", "لا", "س"]
    font = EmbeddedFont(face, "F1")
    (piece,) = Words(face, font).pieces("لا", rtl=True)
    assert piece.show == "<00010002>"
    assert piece.width == pytest.approx(face.shape("لا", rtl=True)[0].advance)


def test_a_mark_is_drawn_beside_the_text(face: Face) -> None:
    (plain,) = Words(face, EmbeddedFont(face, "F1")).pieces("مولف", rtl=True)
    (marked,) = Words(face, EmbeddedFont(face, "F1")).pieces("مولّف", rtl=True)
    assert not plain.marks
    assert marked.marks.count(" f Q") == 1
    assert marked.width == pytest.approx(plain.width)


def test_letters_and_punctuation_are_shown_apart(face: Face) -> None:
    pieces = Words(face, EmbeddedFont(face, "F1")).pieces("«گام‌به‌گام»:", rtl=True)
    assert len(pieces) == 4


def test_a_letter_the_face_lacks_is_not_lost(face: Face) -> None:
    (glyph,) = face.shape("書", rtl=False)
    assert glyph.text == "書"
    assert glyph == face.shape("\ufffd", rtl=False)[0]._replace(text="書")


def test_a_missing_font_file_is_trouble() -> None:
    with pytest.raises(Trouble) as trouble:
        Face(FONTS / "absent.ttf")
    assert trouble.value.code == "P-4101"
