"""Membership cards, read back as a scanner and a person read them."""

import datetime as dt
import io

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from app.members.faces import CardFace
from reports.card_grid import CARD
from reports.member_cards import ON_A_SHEET, card_sheets, single_cards
from reports.pdf.paper import A4
from tests.reports.branches import BRANCH
from tests.reports.reading import missing, pdfium_text, raw_text


def photo() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (360, 480), (10, 120, 200)).save(written, "JPEG")
    return written.getvalue()


def face(place: int = 1, number: str = "", picture: bytes | None = None) -> CardFace:
    return CardFace(
        f"مریم احمدی‌نژاد {place}", f"{place:06d}", number or f"M-{place:06d}", "عضو عادی", dt.date(2027, 9, 1), picture
    )


def seen(pdf: bytes, page: int, dpi: int) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    picture: Image.Image = document[page].render(scale=dpi / 72).to_pil().convert("RGB")
    document.close()
    return picture


def codes(pdf: bytes, page: int, dpi: int) -> set[str]:
    found = zxingcpp.read_barcodes(seen(pdf, page, dpi))
    assert {code.format for code in found} <= {zxingcpp.BarcodeFormat.Code128}
    return {code.text for code in found}


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("number", ["M-000001", "0012345678", "A", "RAF-2026-0012", "04A1B2C3D4E5F6"])
def test_the_bars_of_a_card_are_read_at_both_resolutions(number: str, dpi: int) -> None:
    assert codes(single_cards(BRANCH, [face(number=number)]), 0, dpi) == {number}


@pytest.mark.parametrize("dpi", [203, 300])
def test_every_card_of_a_sheet_is_read(dpi: int) -> None:
    pdf = card_sheets(BRANCH, [face(place) for place in range(1, 15)], start=4)
    assert codes(pdf, 0, dpi) == {f"M-{place:06d}" for place in range(1, 8)}
    assert codes(pdf, 1, dpi) == {f"M-{place:06d}" for place in range(8, 15)}


def test_a_person_reads_name_number_category_and_end_in_persian() -> None:
    text = raw_text(single_cards(BRANCH, [face()]))
    wanted = (
        "کتابخانه عمومی شهید بهشتی",
        "کارت عضویت",
        "مریم احمدی‌نژاد",
        "۰۰۰۰۰۱",
        "عضو عادی",
        "۱۴۰۶/۰۶/۱۰",
        "M-000001",
    )
    assert missing(wanted, text) == []


def test_a_single_card_has_the_size_of_a_bank_card_and_a_sheet_that_of_a4() -> None:
    for pdf, size in ((single_cards(BRANCH, [face(), face(2)]), CARD), (card_sheets(BRANCH, [face()]), A4)):
        document = pypdfium2.PdfDocument(pdf)
        assert all(page.get_size() == pytest.approx(size, abs=0.1) for page in document)
        document.close()
    assert len(pdfium_text(single_cards(BRANCH, [face(), face(2)]))) == 2


def test_the_photograph_stands_on_the_card() -> None:
    with_photo = seen(single_cards(BRANCH, [face(picture=photo())]), 0, 100)
    without = seen(single_cards(BRANCH, [face()]), 0, 100)
    place = (int(with_photo.width * 0.15), int(with_photo.height * 0.3))
    assert with_photo.getpixel(place) == pytest.approx((10, 120, 200), abs=6)
    assert without.getpixel(place) == (255, 255, 255)


def test_one_photograph_is_kept_once_however_often_it_is_shown() -> None:
    one = len(card_sheets(BRANCH, [face(picture=photo())]))
    ten = len(card_sheets(BRANCH, [face(place, picture=photo()) for place in range(1, 11)]))
    assert ten - one < 10 * len(photo())


@pytest.mark.parametrize(("start", "first_sheet"), [(1, 10), (4, 7), (10, 1)])
def test_printing_begins_at_the_first_free_place(start: int, first_sheet: int) -> None:
    pages = pdfium_text(card_sheets(BRANCH, [face(place) for place in range(1, 13)], start))
    assert pages[0].count("M-") == first_sheet
    assert sum(page.count("M-") for page in pages) == 12


@pytest.mark.parametrize("start", [0, 11, -1])
def test_a_place_that_a_sheet_does_not_have_is_a_mistake_of_the_caller(start: int) -> None:
    with pytest.raises(ValueError, match=str(start)):
        card_sheets(BRANCH, [face()], start)
    assert ON_A_SHEET == 10


def test_a_number_too_long_for_bars_stands_alone() -> None:
    pdf = single_cards(BRANCH, [face(number="X" * 60)])
    assert codes(pdf, 0, 300) == set()
    assert "X" * 60 in pdfium_text(pdf)[0].replace("\r\n", "")


def test_long_names_stay_on_the_card() -> None:
    long = CardFace("نام بسیار بلند " * 8, "1", "M-1", "دسته‌ای بلند " * 8, None, None)
    page = seen(single_cards(BRANCH, [long]), 0, 100)
    assert all(page.getpixel((page.width * 25 // 100, y)) == (255, 255, 255) for y in range(20, page.height // 2))


def test_the_same_cards_give_the_same_bytes() -> None:
    assert card_sheets(BRANCH, [face(picture=photo())]) == card_sheets(BRANCH, [face(picture=photo())])
