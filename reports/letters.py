"""Letters of the library: to readers who cannot be cleared, one page each in one file; and to the committee."""

from collections.abc import Sequence

from app.clearance.letters import DebtLetter, OwedBook
from app.members.incidents import IncidentLetter
from app.persian import jalali
from app.persian.digits import number, to_persian
from reports.letter_page import LetterPage

DEBT_TITLE = "نامهٔ تسویه‌حساب"
INCIDENT_TITLE = "معرفی به کمیتهٔ انضباطی"


def print_debt_letters(letters: Sequence[DebtLetter]) -> bytes:
    """All letters in one PDF file, each beginning a page of its own. Needs at least one."""
    page = LetterPage(DEBT_TITLE)
    for letter in letters:
        _debt_letter(page, letter)
    return page.paper.pdf()


def _debt_letter(page: LetterPage, letter: DebtLetter) -> None:
    page.new_page()
    page.heading(letter.library, letter.city, (f"تاریخ: {jalali.short(letter.day)}",))
    page.paragraph(f"{letter.name} ({letter.category}، شمارهٔ عضویت {to_persian(letter.member_no)})", bold=True)
    page.paragraph("با سلام و احترام،")
    page.paragraph("تسویه‌حساب شما با کتابخانه به دلیل‌های زیر انجام نشد:")
    for reason in letter.reasons:
        page.paragraph(f"• {reason}")
    if letter.books:
        headings, widths = ("ردیف", "عنوان کتاب", "شمارهٔ ثبت", "تاریخ بازگشت"), (1, 7, 2, 2.4)
        page.table(headings, widths, [_book(place, book) for place, book in enumerate(letter.books, 1)])
    if letter.debt:
        page.paragraph(f"بدهی شما: {number(letter.debt)} ریال", bold=True)
    page.paragraph(
        f"خواهشمند است تا {jalali.long(letter.deadline)} به کتابخانه مراجعه کنید، کتاب‌ها را بازگردانید یا بهای آن‌ها و "
        "بدهی خود را بپردازید تا برگهٔ تسویه‌حساب صادر شود. "
        "اگر عین کتاب گم‌شده را تهیه و تحویل کنید، بهای آن گرفته نمی‌شود."
    )
    page.sign("مسئول کتابخانه", "")
    page.small(letter.address or letter.library, to_persian(letter.phone) if letter.phone else "")


def _book(place: int, book: OwedBook) -> tuple[str, str, str, str]:
    return number(place), book.title, number(book.accession_no, grouped=False), jalali.short(book.due_on)


def print_incident_letter(letter: IncidentLetter) -> bytes:
    """The letter that refers a member to the disciplinary committee (000 §3-1-3, §3-3-1)."""
    row = letter.incident
    page = LetterPage(INCIDENT_TITLE)
    page.new_page()
    marks = (f"شماره: {to_persian(letter.letter_no)}", f"تاریخ: {jalali.short(letter.day)}")
    page.heading(letter.library, letter.city, marks)
    page.paragraph("کمیتهٔ محترم انضباطی", bold=True)
    page.paragraph("با سلام و احترام،")
    page.paragraph(
        f"به آگاهی می‌رساند {row.name}، دارندهٔ شمارهٔ عضویت {to_persian(row.member_no or '')} ({letter.category})، "
        f"در تاریخ {jalali.day_month_year(row.happened_on)} مقررات کتابخانه را رعایت نکرده است. شرح رویداد:"
    )
    page.paragraph(row.account)
    if row.title is not None and row.accession_no is not None:
        page.paragraph(f"منبع: «{row.title}»، شمارهٔ ثبت {number(row.accession_no, grouped=False)}")
    page.paragraph(
        "بنا بر آیین‌نامهٔ کتابخانه، نام‌برده برای رسیدگی به آن کمیته معرفی می‌شود. "
        "خواهشمند است نتیجه را به کتابخانه اعلام فرمایند."
    )
    page.sign("مسئول کتابخانه — مهر و امضا", letter.signer)
    return page.paper.pdf()
