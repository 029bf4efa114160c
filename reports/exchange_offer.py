"""The list of a package as it is announced to the libraries of a county or province, with room to tick what is wanted
(002 م7-16، م7-20؛ نمودار ۲-۲، ۲-۷)."""

from collections.abc import Iterator

from app.exchange.queries import AnnouncedList
from app.labels import WEEDING_REASON
from app.library import BranchFacts
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import ExchangeLevel
from reports.exchange import HEADINGS, copy_cells
from reports.lists import list_xlsx
from reports.sheets import Column, Row, Sheet

TITLE = "فهرست منابع وجینی قابل استفاده برای درخواست کتابخانه‌ها"
WANTED = "درخواست"
ORDER = (
    "اولویت به ترتیب با کتابخانه‌های نهادی تازه‌تأسیس یا در شرف تأسیس، سپس نهادی، مشارکتی و مستقل است و در هر ردیف با "
    "کتابخانه‌ای که فضا دارد و زودتر بخواهد (م ۷-۱۶ و ۷-۱۷). تنها کتابخانه‌های دارای مجوز نهاد می‌توانند بخواهند (م ۷-۲۴)."
)
COLUMNS = (
    Column("ردیف", 9, centred=True),
    Column("عنوان", 55),
    Column("مؤلف", 31),
    Column("سال نشر", 14, centred=True),
    Column("شماره ثبت", 17, centred=True),
    Column("جلد", 10, centred=True),
    Column("نسخه", 10, centred=True),
    Column("رده", 16, centred=True),
    Column(WANTED, 14, centred=True),
)


def offer_pdf(branch: BranchFacts, announced: AnnouncedList) -> bytes:
    """The list on paper."""
    made = Sheet(TITLE, _subtitle(announced), f"{branch.name} — {branch.county}")
    for line in _sentences(branch, announced):
        made.paragraph(line, 10.5)
    rows = [(*copy_cells(place, copy), "") for place, copy in enumerate(announced.copies, 1)]
    made.table(COLUMNS, [Row(cells) for cells in rows])
    return made.pdf()


def offer_xlsx(branch: BranchFacts, announced: AnnouncedList) -> bytes:
    """The same as a sheet."""
    rows = [(*copy_cells(place, copy), "") for place, copy in enumerate(announced.copies, 1)]
    return list_xlsx(f"{TITLE} — {branch.name}، {_subtitle(announced)}", (*HEADINGS, WANTED), rows)


def _subtitle(announced: AnnouncedList) -> str:
    return f"گروه «{WEEDING_REASON[announced.package.reason]}»، اعلام در {jalali.short(announced.offer.announced_on)}"


def _sentences(branch: BranchFacts, announced: AnnouncedList) -> Iterator[str]:
    offer = announced.offer
    in_county = offer.level is ExchangeLevel.COUNTY
    centre = f"شهرستان {branch.county}" if in_county else f"استان {branch.province}"
    letter = f" با نامهٔ شمارهٔ {to_persian(offer.letter_no)}" if offer.letter_no else ""
    until = f" مهلت درخواست تا {jalali.short(offer.closes_on)} است." if offer.closes_on else ""
    yield (
        f"{number(len(announced.copies))} نسخه از منابع وجینی {branch.name} در مرکز مبادلهٔ {centre} آمادهٔ واگذاری است "
        f"و فهرست آن{letter} اعلام می‌شود.{until}"
    )
    yield ORDER
