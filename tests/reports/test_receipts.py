"""The receipt as it is read back from the paper."""

import pypdfium2
import pytest

from db.codes import PaymentMethod
from reports.receipts import PAPER_WORDS, RECEIPT_PAPERS, VOID, ReceiptPaper, receipt_pdf
from tests.reports.money import LIBRARY, view
from tests.reports.reading import missing, pdfium_text, raw_text

WANTED = [
    "کتابخانه عمومی شهید بهشتی", "رسید دریافت", "شماره ۱۲", "۱۴۰۵/۰۸/۳۰", "ساعت ۱۰:۰۵", "مریم رضایی", "۰۰۰۰۰۱",
    "جریمهٔ دیرکرد", "۲۰٬۰۰۰ ریال", "بوف کور · شماره ثبت ۱۲", "بهای کارت", "۵٬۰۰۰ ریال", "۲۵٬۰۰۰ ریال",
    "بیست و پنج هزار ریال", "نقد", "زهرا کریمی",
]  # fmt: skip


@pytest.mark.parametrize("paper", ReceiptPaper)
def test_a_receipt_holds_everything_on_every_paper(paper: ReceiptPaper) -> None:
    pdf = receipt_pdf(LIBRARY, view(), RECEIPT_PAPERS[paper])
    assert missing(WANTED, raw_text(pdf)) == []
    assert missing(WANTED, "".join(pdfium_text(pdf))) == []
    assert len(pdfium_text(pdf)) == 1


@pytest.mark.parametrize(
    ("paper", "millimetres"), [(ReceiptPaper.MM_58, 58), (ReceiptPaper.MM_80, 80), (ReceiptPaper.A5, 148)]
)
def test_a_receipt_is_as_wide_as_its_paper(paper: ReceiptPaper, millimetres: int) -> None:
    document = pypdfium2.PdfDocument(receipt_pdf(LIBRARY, view(), RECEIPT_PAPERS[paper]))
    width, height = document[0].get_size()
    document.close()
    assert round(width / 72 * 25.4) == millimetres
    assert (round(height / 72 * 25.4) == 210) is (paper is ReceiptPaper.A5)


def test_the_reference_of_a_wallet_stands_on_it() -> None:
    """000 §3-1-2: fines are paid through the e-wallet."""
    pdf = receipt_pdf(LIBRARY, view(method=PaymentMethod.WALLET, reference="98123"), RECEIPT_PAPERS[ReceiptPaper.MM_80])
    assert missing(["کیف پول الکترونیکی", "شمارهٔ پیگیری", "۹۸۱۲۳"], raw_text(pdf)) == []


def test_money_given_back_is_called_so_and_a_void_receipt_says_it() -> None:
    back = raw_text(receipt_pdf(LIBRARY, view(-4_000), RECEIPT_PAPERS[ReceiptPaper.MM_80]))
    assert missing(["رسید بازپرداخت", "۴٬۰۰۰ ریال", "چهار هزار ریال"], back) == []
    void = receipt_pdf(LIBRARY, view(void=True), RECEIPT_PAPERS[ReceiptPaper.MM_80])
    assert missing([VOID], raw_text(void)) == []
    assert missing([VOID], back) == [VOID]


def test_equal_facts_make_equal_bytes() -> None:
    roll = RECEIPT_PAPERS[ReceiptPaper.MM_58]
    assert receipt_pdf(LIBRARY, view(), roll) == receipt_pdf(LIBRARY, view(), roll)
    assert set(PAPER_WORDS) == set(RECEIPT_PAPERS) == set(ReceiptPaper)


@pytest.mark.parametrize("paper", [ReceiptPaper.MM_58, ReceiptPaper.MM_80])
def test_a_short_receipt_is_longer_than_wide(paper: ReceiptPaper) -> None:
    """A printer would turn it otherwise."""
    document = pypdfium2.PdfDocument(receipt_pdf(LIBRARY, view(-4_000), RECEIPT_PAPERS[paper]))
    width, height = document[0].get_size()
    document.close()
    assert height > width
