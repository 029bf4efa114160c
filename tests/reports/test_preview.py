import pytest

from db.trouble import Trouble
from reports.pdf.paper import Paper
from reports.preview import each_page_image, page_count, page_images


def paper() -> bytes:
    sheet = Paper("آزمون", (101, 50))
    sheet.new_page()
    sheet.shade((0, 0, 101, 25), 0)
    sheet.new_page()
    return sheet.pdf()


def test_a_page_becomes_pixels_from_the_top() -> None:
    first, second = page_images(paper(), 72)
    assert (first.width, first.height, len(first.rgb)) == (101, 50, 101 * 50 * 3)
    assert first.rgb[: 101 * 3] == b"\xff" * 101 * 3
    assert first.rgb[-101 * 3 :] == bytes(101 * 3)
    assert set(second.rgb) == {255}


def test_more_dots_make_a_larger_picture() -> None:
    assert next(each_page_image(paper(), 144)).width == 202


def test_pages_are_counted() -> None:
    assert page_count(paper()) == 2


def test_a_file_that_is_not_a_pdf_is_trouble() -> None:
    with pytest.raises(Trouble) as trouble:
        page_images(b"not a PDF", 72)
    assert trouble.value.code == "P-4102"
