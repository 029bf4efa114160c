"""The certificate of clearance on A5: who is free of loans and debts, since when, and two codes that prove it."""

from app.clearance.paper import CertificatePaper
from app.persian import jalali
from app.persian.digits import number, to_persian
from reports.clearance_codes import QUIET_BARS, draw_bars, draw_square
from reports.letter_page import LetterPage
from reports.pdf.paper import CENTRE, MM, RIGHT

A5 = (148 * MM, 210 * MM)
_MARGIN, _FRAME = 14 * MM, 7 * MM
_SQUARE, _BARS = 36 * MM, 13 * MM
_MODULE = 0.375 * MM
_LONGEST, _LONGEST_REASON = 44, 80
TITLE = "برگهٔ تسویه‌حساب با کتابخانه"


def print_certificate(paper: CertificatePaper) -> bytes:
    """The PDF file; equal facts make equal bytes. `Trouble` P-4101 if the font files are not there."""
    page = LetterPage(TITLE, A5, _MARGIN)
    page.new_page()
    page.paper.frame((_FRAME, _FRAME, A5[0] - 2 * _FRAME, A5[1] - 2 * _FRAME), 0.9)
    marks = (f"شماره: {number(paper.number, grouped=False)}", f"تاریخ: {jalali.short(paper.day)}")
    page.heading(paper.library, _town(paper), marks)
    page.title(TITLE)
    page.paragraph(
        f"گواهی می‌شود {_cut(paper.name, 70)}، «{_cut(paper.category, 40)}» این کتابخانه، "
        f"تا تاریخ {jalali.day_month_year(paper.day)} "
        "هیچ کتابی از این کتابخانه در امانت ندارد و بدهی‌ای به آن ندارد، و با کتابخانه تسویه‌حساب کرده است."
    )
    page.y -= 4
    for label, text in _facts(paper):
        _fact(page, label, text)
    page.y -= 12
    page.paragraph("عضویت او از همین تاریخ پایان یافته است.")
    page.sign("مسئول کتابخانه — مهر و امضا", paper.signer)
    _draw_codes(page, paper)
    return page.paper.pdf()


def _town(paper: CertificatePaper) -> str:
    return " · ".join(part for part in (paper.province, paper.county, paper.city) if part)


def _facts(paper: CertificatePaper) -> list[tuple[str, str]]:
    facts = [("نام و نام خانوادگی", _cut(paper.name, _LONGEST)), ("شمارهٔ عضویت", to_persian(paper.member_no))]
    if paper.national_id:
        facts.append(("کد ملی", to_persian(paper.national_id)))
    if paper.father_name:
        facts.append(("نام پدر", _cut(paper.father_name, _LONGEST)))
    facts += [("نوع عضویت", _cut(paper.category, _LONGEST)), ("عضو از", jalali.short(paper.joined_on))]
    if paper.reason:
        facts.append(("علت تسویه", _cut(paper.reason, _LONGEST_REASON)))
    return facts


def _cut(text: str, most: int) -> str:
    """A text that is too long for its place ends in dots; the store keeps the whole of it."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _fact(page: LetterPage, label: str, text: str) -> None:
    regular, bold = page.paper.regular, page.paper.bold
    page.paper.text(regular.line(f"{label}:"), 10, (page.right, page.y), RIGHT, 0.3)
    start = page.right - 34 * MM
    for line in bold.lines(text, (start - page.left) / 10)[:2]:
        page.paper.text(line, 10, (start, page.y), RIGHT)
        page.y -= 17


def _draw_codes(page: LetterPage, paper: CertificatePaper) -> None:
    """Bars at the right, the square at the left; under each what it is for."""
    foot = _FRAME + 9 * MM
    draw_square(page.paper, paper.qr, (page.left - 4 * MM, foot), _SQUARE)
    caption = "برای بررسی در کتابخانه‌های دیگر"
    page.paper.text(page.paper.regular.line(caption), 7, (page.left - 4 * MM + _SQUARE / 2, foot - 8), CENTRE, 0.35)
    width = 11 * (len(paper.code) + 4) * _MODULE  # never less than the bars take
    x = page.right - width + QUIET_BARS * _MODULE / 2
    drawn = draw_bars(page.paper, paper.code, (x, foot + 10), _BARS, _MODULE)
    page.paper.text(page.paper.regular.line(paper.code), 9, (x + drawn / 2, foot - 2), CENTRE)
    note = "اصل بودن برگه را با این دو رمز می‌توان بررسی کرد."
    page.paper.text(page.paper.regular.line(note), 7.5, (page.right, foot + 10 + _BARS + 6), RIGHT, 0.35)
