"""The letter of refused titles (002 م7-10): to the county office, with every copy that stays and why."""

from app.labels import OFFICE, RULING_LEVEL, WEEDING_REASON
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.staff.offices import Position
from app.weeding.minutes.refused import RefusedTitles
from app.weeding.minutes.tracking import RefusedRow
from reports.letter_page import SIGN, LetterPage
from reports.stop_list import titled

TITLE = "فهرست منابعی که وجین آن‌ها تأیید نشد"
_HEADINGS, _WIDTHS = ("ردیف", "عنوان", "مؤلّف", "شمارهٔ ثبت", "نظر"), (1, 5.4, 3.4, 1.9, 4.6)


def print_refused_titles(letter: RefusedTitles) -> bytes:
    """The PDF file; its number and date are written in when it is sent."""
    page = LetterPage(TITLE)
    page.new_page()
    branch = letter.branch
    page.heading(*_sender(letter), ("شماره: ................", f"تاریخ: {jalali.short(letter.day)}"))
    page.title(TITLE, 13)
    page.paragraph(f"رئیس محترم ادارهٔ کتابخانه‌های عمومی شهرستان {branch.county}", bold=True)
    page.paragraph("با سلام و احترام،")
    page.paragraph(
        f"به آگاهی می‌رساند از صورتجلسهٔ وجین شمارهٔ {to_persian(letter.number)} (ویراست {number(letter.revision)}، گروه "
        f"«{WEEDING_REASON[letter.reason]}») {branch.name}، وجین {number(len(letter.rows))} نسخهٔ زیر تأیید نشد. "
        "این نسخه‌ها به قفسهٔ کتابخانه بازگردانده می‌شود و صورتجلسهٔ کتابخانه و شهرستان اصلاح می‌شود "
        "(دستورالعمل وجین، م ۷-۱۰ و ۷-۱۱)."
    )
    page.table(_HEADINGS, _WIDTHS, [_row(place, row) for place, row in enumerate(letter.rows, 1)], closing=SIGN)
    page.sign(OFFICE[letter.signatory], letter.signer)
    page.number_pages()
    return page.paper.pdf()


def _sender(letter: RefusedTitles) -> tuple[str, str]:
    """Whose letter it is, and where: the province's, or the library's where the county alone refused."""
    branch = letter.branch
    if letter.signatory is Position.BRANCH_HEAD:
        return branch.name, branch.city
    return f"ادارهٔ کل کتابخانه‌های عمومی استان {branch.province}", ""


def _row(place: int, refused: RefusedRow) -> tuple[str, ...]:
    row = refused.row
    return (
        number(place),
        titled(row.title, row.volume_no),
        row.main_creator or "",
        number(row.accession_no, grouped=False),
        _ruling(refused),
    )


def _ruling(refused: RefusedRow) -> str:
    """«ادارهٔ شهرستان: به کار می‌آید (نامهٔ ۴۵/۲)»."""
    ruling = refused.ruling
    letter = f" (نامهٔ {to_persian(ruling.letter_no)})" if ruling.letter_no else ""
    said = f": {ruling.remark}" if ruling.remark else ""
    return f"{RULING_LEVEL[ruling.level]}{said}{letter}"
