"""Minutes of handing over weeded copies: to a library (نمودار ۲-۳ و ۲-۸), and of worn ones to recycling (002 م7-23)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.call_number import display
from app.exchange.paper import DeliveryPaper, RecyclingPaper
from app.exchange.reads import PackedCopy
from app.labels import BRANCH_KIND, OFFICE, WEEDING_REASON
from app.library import BranchFacts
from app.papers import Printed
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import ExchangeLevel
from reports.forms.data import with_persian_digits
from reports.forms.official import FORMS
from reports.forms.spec import FormKind
from reports.lists import list_xlsx
from reports.pdf.paper import A4, CENTRE, RIGHT, Paper
from reports.pdf.typeface import Line
from reports.preview import page_count
from reports.sheets import MARGIN, Column, Row, Sheet

DELIVERY_TITLE = "صورتجلسهٔ تحویل منابع وجینی به کتابخانه"
RECYCLING_TITLE = "صورتجلسهٔ تحویل منابع فرسوده به بازیافت"
COLUMNS = (
    Column("ردیف", 9, centred=True),
    Column("عنوان", 56),
    Column("مؤلف", 34),
    Column("سال نشر", 14, centred=True),
    Column("شماره ثبت", 17, centred=True),
    Column("جلد", 14, centred=True),
    Column("نسخه", 10, centred=True),
    Column("رده", 22, centred=True),
)
HEADINGS = tuple(column.heading for column in COLUMNS)
# Who hands over: the head of the centre that holds the package (002 م7-16، م7-20).
GIVER: Mapping[ExchangeLevel, str] = {
    ExchangeLevel.COUNTY: "county_head",
    ExchangeLevel.PROVINCE: "province_reviewer",
}
_SIZE, _LEADING, _PADDING, _GAP = 8.5, 13.0, 6.0, 12.0
_ROOM_TO_SIGN = 66.0


@dataclass(frozen=True, slots=True)
class Signs:
    """A block to sign: what is stated, as whom, and the name where it is known."""

    statement: str
    role: str
    name: str = ""


def print_delivery(paper: DeliveryPaper) -> Printed:
    """Both files of a delivery: a `DeliveryPrinter`."""
    title = f"{DELIVERY_TITLE} {_numbered(paper.number, paper.day)} — {paper.destination.name}"
    return _printed(_delivery(paper), title, paper.rows)


def draft_delivery(paper: DeliveryPaper) -> bytes:
    """The same before it has a number: what is signed when the books are fetched, where the library that numbers it is
    far from the exchange centre."""
    return _delivery(paper).pdf()


def _delivery(paper: DeliveryPaper) -> Sheet:
    library = paper.destination
    made = Sheet(DELIVERY_TITLE, _numbered(paper.number, paper.day), _named(paper.branch))
    made.paragraph(_delivery_sentence(paper), 10.5)
    giver = GIVER.get(paper.level, "county_head")
    _signed_table(
        made,
        paper.rows,
        (
            Signs("تحویل شد.", OFFICE[giver], paper.officers.get(giver, "")),
            Signs("نسخه‌های بالا دریافت شد.", f"مسئول {library.name}"),
        ),
    )
    return made


def _delivery_sentence(paper: DeliveryPaper) -> str:
    library = paper.destination
    licence = f"با شمارهٔ مجوز {to_persian(library.licence_no)}" if library.licence_no else "که در شرف تأسیس است"
    in_county = paper.level is ExchangeLevel.COUNTY
    centre = f"شهرستان {paper.branch.county}" if in_county else f"استان {paper.branch.province}"
    through = "" if in_county else f" از طریق ادارهٔ شهرستان {library.county}"  # 002 م7-20
    return (
        f"در تاریخ {jalali.short(paper.day)} تعداد {number(len(paper.rows))} نسخه کتاب از منابع وجینی "
        f"{paper.branch.name} (گروه «{WEEDING_REASON[paper.reason]}») از مرکز مبادلهٔ {centre} به "
        f"{library.name} ({BRANCH_KIND[library.kind]}، شهرستان {library.county}) {licence}{through} تحویل شد"
        f"{_papers(paper.letter_no, paper.receipt_no)}."
    )


def _papers(letter_no: str | None, receipt_no: str | None) -> str:
    """What went along: between a number and a sign of punctuation a reader of the file would change their places."""
    told = [f"شمارهٔ نامه {to_persian(letter_no)}"] if letter_no else []
    told += [f"شمارهٔ رسید {to_persian(receipt_no)}"] if receipt_no else []
    return f" با {' و '.join(told)} همراه این صورتجلسه" if told else ""


def print_recycling(paper: RecyclingPaper) -> Printed:
    """Both files of handing worn copies to recycling, with the five signatures of form 2: a `RecyclingPrinter`."""
    made = Sheet(RECYCLING_TITLE, _numbered(paper.number, paper.day), _named(paper.branch))
    made.paragraph(
        f"در تاریخ {jalali.short(paper.day)} تعداد {number(len(paper.rows))} نسخه کتاب فرسودهٔ {paper.branch.name} "
        f"به وزن {kilograms(paper.weight_g)} کیلوگرم، با نظارت کارشناس منابع و حراست، برای بازیافت کاغذ به "
        f"«{paper.centre}» تحویل شد{_papers(paper.letter_no, paper.receipt_no)}.",
        10.5,
    )
    signatures = FORMS[FormKind.WEEDING_WORN].signatures
    blocks = [Signs(one.statement, one.role, paper.officers.get(one.signatory.value, "")) for one in signatures]
    _signed_table(made, paper.rows, blocks)
    title = f"{RECYCLING_TITLE} {_numbered(paper.number, paper.day)} — {kilograms(paper.weight_g)} کیلوگرم"
    return _printed(made, title, paper.rows)


def kilograms(grams: int) -> str:
    """«۱۲٫۵»: grams as kilograms, without zeros at the end."""
    whole, rest = divmod(grams, 1_000)
    fraction = f"{rest:03}".rstrip("0")
    return f"{number(whole)}٫{to_persian(fraction)}" if fraction else number(whole)


def copy_cells(place: int, copy: PackedCopy) -> tuple[str, ...]:
    """A copy as a row of these papers."""
    return (
        number(place, grouped=False),
        with_persian_digits(copy.title),
        with_persian_digits(copy.main_creator or ""),
        number(copy.year, grouped=False) if copy.year else "",
        number(copy.accession_no, grouped=False),
        to_persian(copy.volume_no) if copy.volume_no else "",
        number(copy.copy_no, grouped=False),
        display(copy.class_no, "") if copy.class_no else "",
    )


def _rows(copies: Sequence[PackedCopy]) -> list[Row]:
    return [Row(copy_cells(place, copy)) for place, copy in enumerate(copies, 1)]


def _printed(made: Sheet, title: str, copies: Sequence[PackedCopy]) -> Printed:
    pdf = made.pdf()
    rows = [copy_cells(place, copy) for place, copy in enumerate(copies, 1)]
    return Printed(pdf, list_xlsx(title, HEADINGS, rows), page_count(pdf))


def _numbered(minutes: str | None, day: dt.date) -> str:
    if minutes is None:
        return f"پیش‌نویس در تاریخ {jalali.short(day)}؛ شماره را کتابخانهٔ وجین‌کننده می‌دهد"
    return f"شماره {to_persian(minutes)} در تاریخ {jalali.short(day)}"


def _named(branch: BranchFacts) -> str:
    return f"{branch.name} — {branch.county}"


def _signed_table(made: Sheet, copies: Sequence[PackedCopy], blocks: Sequence[Signs]) -> None:
    """The copies, and on the page of the last ones blocks to sign side by side, from the right."""
    left, right = MARGIN, A4[0] - MARGIN
    width = (right - left) / len(blocks)
    laid = [_laid(made.paper, block, (width - 2 * _PADDING) / _SIZE) for block in blocks]
    tallest = max(sum(len(lines) for lines in texts) for texts in laid)
    box = tallest * _LEADING + _ROOM_TO_SIGN
    made.table(COLUMNS, _rows(copies), closing=box + 2 * _GAP)
    top, foot = made.y - _GAP, made.y - _GAP - box
    made.paper.frame((left, foot, right - left, box), width=0.8)
    made.paper.rules([(right - place * width, foot, right - place * width, top) for place in range(1, len(blocks))])
    for place, texts in enumerate(laid):
        _sign(made.paper, texts, (right - place * width, right - (place + 1) * width), (top - _PADDING, foot))
    made.y = foot - _GAP


def _laid(paper: Paper, block: Signs, measure: float) -> list[tuple[Line, ...]]:
    """Statement, role and name, each wrapped."""
    texts = ((block.statement, paper.regular), (block.role, paper.bold), (block.name, paper.regular))
    return [face.balanced(text, measure) for text, face in texts]


def _sign(
    paper: Paper, texts: Sequence[tuple[Line, ...]], sides: tuple[float, float], ends: tuple[float, float]
) -> None:
    """One block between its right and left side, its top and its foot."""
    (right, left), (y, foot) = sides, ends
    for lines in texts:
        for line in lines:
            y -= _LEADING
            paper.text(line, _SIZE, ((right + left) / 2, y), CENTRE)
        y -= 3
    paper.text(paper.regular.line("نام، تاریخ و امضا"), 7.5, (right - _PADDING, foot + 6), RIGHT, gray=0.35)
