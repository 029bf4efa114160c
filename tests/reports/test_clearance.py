"""The certificate as a scanner, a PDF reader and a person see it."""

import datetime as dt
import uuid
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.clearance.facts import BatchLine, BatchReport, BatchResult, Certificate
from app.clearance.paper import CertificatePaper
from app.clearance.token import Statement, member_hash, read_token, short_code, signed_text
from app.refusal import Refusal
from reports.clearance import A5, print_certificate
from reports.clearance_list import batch_pdf, batch_xlsx
from tests.app.circulation.facts import member
from tests.reports.reading import missing, pdfium_text, raw_text

DAY = dt.date(2026, 11, 21)  # ۱۴۰۵/۰۸/۳۰
BRANCH = uuid.UUID(int=7)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def paper(number: int = 12, **fields: Any) -> CertificatePaper:
    statement = Statement(BRANCH, number, DAY, member_hash(BRANCH, "000185"))
    known: dict[str, Any] = {
        "library": "کتابخانه عمومی شهید بهشتی", "province": "مرکزی", "county": "اراک", "city": "آبگرم",
        "number": number, "code": short_code(BRANCH, number, uuid.UUID(int=3)), "qr": signed_text(statement, KEY),
        "name": "مریم احمدی‌نژاد", "father_name": "گل‌محمد", "member_no": "000185", "national_id": "0012345679",
        "category": "دانشجوی کارشناسی", "joined_on": dt.date(2023, 9, 23), "day": DAY,
        "reason": "فراغت از تحصیل", "signer": "زهرا کریمی",
    }  # fmt: skip
    return CertificatePaper(**(known | fields))


def scanned(pdf: bytes, dpi: int) -> dict[str, str]:
    """What zxing-cpp reads on a page rendered as a printer of this resolution draws it."""
    document = pypdfium2.PdfDocument(pdf)
    picture = document[0].render(scale=dpi / 72).to_pil().convert("L")
    document.close()
    return {str(code.format).split(".")[-1]: code.text for code in zxingcpp.read_barcodes(picture)}


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("number", [1, 12, 123_456])
def test_bars_and_square_are_read_at_the_resolution_of_printers(number: int, dpi: int) -> None:
    told = paper(number)
    found = set(scanned(print_certificate(told), dpi).values())
    assert found == {told.code, told.qr}


def test_the_square_proves_itself() -> None:
    texts = scanned(print_certificate(paper()), 203).values()
    tokens = [token for text in texts if (token := read_token(text))]
    assert [token.genuine for token in tokens] == [True]
    assert tokens[0].statement.is_of("000185")


def test_everything_is_on_the_page_in_the_order_it_is_read() -> None:
    wanted = [
        "کتابخانه عمومی شهید بهشتی", "مرکزی · اراک · آبگرم", "شماره: ۱۲", "تاریخ: ۱۴۰۵/۰۸/۳۰", "مریم احمدی‌نژاد",
        "نام پدر: گل‌محمد", "کد ملی: ۰۰۱۲۳۴۵۶۷۹", "دانشجوی کارشناسی", "علت تسویه: فراغت از تحصیل", "زهرا کریمی",
        "هیچ کتابی از این کتابخانه در امانت ندارد",
    ]  # fmt: skip
    pdf = print_certificate(paper())
    assert missing(wanted, raw_text(pdf, "-raw")) == []
    (page,) = pdfium_text(pdf)
    assert missing(["تسویه‌حساب", "۱۴۰۵/۰۸/۳۰"], page) == []


def test_it_is_one_page_of_a5_and_the_same_facts_give_the_same_bytes() -> None:
    pdf = print_certificate(paper())
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    assert document[0].get_size() == pytest.approx(A5, abs=0.5)
    document.close()
    assert pdf == print_certificate(paper())


def test_long_names_and_no_extras_stay_on_the_page() -> None:
    long = paper(name="سیده فاطمه‌زهرا " * 6, category="عضو " * 20, reason="انتقال به دانشگاهی دیگر " * 8)
    bare = paper(father_name=None, national_id=None, reason=None, city="", county="", signer="")
    for one in (long, bare):
        pdf = print_certificate(one)
        assert len(pdfium_text(pdf)) == 1
        assert set(scanned(pdf, 203).values()) == {one.code, one.qr}


def report() -> BatchReport:
    certificate = Certificate(uuid.UUID(int=1), 1, 12, None, DAY, None, "TS000012-AAAA", None, None)
    refusal = Refusal("clearance.debt", "000 §3-1-3", 0, 2_500)
    lines = [
        BatchLine(1, "0012345679", BatchResult.CLEARED, member(), certificate),
        BatchLine(2, "=1+1", BatchResult.UNKNOWN),
        BatchLine(3, "000002", BatchResult.REFUSED, member(), refusals=(refusal,)),
    ]
    return BatchReport((*lines, *(BatchLine(4 + n, str(n), BatchResult.UNKNOWN) for n in range(120))))


def test_the_report_on_a_list_tells_every_line_on_every_page() -> None:
    pdf = batch_pdf(report(), "کتابخانه", "آبگرم", DAY)
    pages = pdfium_text(pdf)
    assert len(pages) > 2
    wanted = ["۱۲۳ سطر", "تسویه شد: ۱", "عضو شناخته نشد: ۱۲۱", "عضو ۲٬۵۰۰ ریال بدهی دارد."]
    assert missing(wanted, raw_text(pdf, "-raw")) == []
    assert all(not missing(["شمارهٔ عضویت"], page) for page in pages)


def test_the_report_as_a_spreadsheet_runs_nothing() -> None:
    import io

    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(batch_xlsx(report()))).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert sheet.sheet_view.rightToLeft
