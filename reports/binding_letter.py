"""The letter that a binding request goes to the head of the county with (002 م13-4)."""

from app.binding.letter import CoverLetter
from app.labels import OFFICE
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.staff.offices import Position
from reports.letter_page import LetterPage

TITLE = "درخواست صحافی منابع"
_BY_HAND = "................"


def print_cover_letter(letter: CoverLetter) -> bytes:
    """The PDF file; number and date that were not noted yet are written in by hand."""
    page = LetterPage(TITLE)
    page.new_page()
    branch = letter.branch
    day = jalali.short(letter.letter_on) if letter.letter_on else _BY_HAND
    marks = (f"شماره: {to_persian(letter.letter_no or _BY_HAND)}", f"تاریخ: {day}", "پیوست: فرم شماره یک")
    page.heading(branch.name, branch.city, marks)
    page.title(TITLE, 13)
    page.paragraph(f"رئیس محترم ادارهٔ کتابخانه‌های عمومی شهرستان {branch.county}", bold=True)
    page.paragraph("با سلام و احترام،")
    page.paragraph(
        f"به پیوست، درخواست صحافی {number(letter.copies)} نسخه از منابع {branch.name} در قالب فرم شماره یک، به شمارهٔ "
        f"{to_persian(letter.number)} و تاریخ {jalali.day_month_year(letter.requested_on)} "
        f"({number(letter.pages)} صفحه)، تقدیم می‌شود (دستورالعمل وجین، م ۱۳-۴ و ۱۳-۶)."
    )
    page.paragraph(
        f"خواهشمند است پس از هماهنگی با ادارهٔ کل استان {branch.province}، درخواست همراه با منابع به بخش صحافی ارائه "
        "شود یا اقدامات لازم برای برون‌سپاری انجام گیرد (م ۱۳-۵)."
    )
    page.sign(OFFICE[Position.BRANCH_HEAD], letter.signer)
    page.number_pages()
    return page.paper.pdf()
