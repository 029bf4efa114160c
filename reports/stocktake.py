"""Minutes of a shelf-reading, on paper and as an Excel file: the numbers by class, and every list that follows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.circulation.outcomes import CardInstead, OfOtherBranch
from app.clock import day_of
from app.labels import CONDITION, ITEM_STATUS, SECTION, STOCKTAKE_FINDING, STOCKTAKE_SPARED
from app.papers import Printed
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.statistics.classes import class_words
from app.stocktake.facts import Between, IsbnInstead, PastScan, Session, ShelfCopy, Stranger
from app.stocktake.paper import StocktakePaper
from app.stocktake.reckoning import ReadCopy, Reckoning, StrangeCode
from app.stocktake.rules import FOUND_BY_ITSELF
from db.codes import ItemStatus, StocktakeFinding
from reports.lists import list_xlsx
from reports.preview import page_count
from reports.sheets import SIGN, Column, Row, Sheet

TITLE = "صورتجلسهٔ رف‌خوانی"
DRAFT = "پیش‌نویس؛ تا پایان رف‌خوانی تغییر می‌کند و چیزی از آن اجرا نشده است."
SIGNER = "مسئول کتابخانه"
WHOLE = "همهٔ کتابخانه"
CLASS_COLUMNS = (
    Column("رده", 50),
    Column("باید باشد", 20, centred=True),
    Column("دیده شد", 20, centred=True),
    Column("مفقود", 20, centred=True),
    Column("جابه‌جا", 20, centred=True),
)
COLUMNS = (
    Column("ردیف", 9, centred=True),
    Column("عنوان", 52),
    Column("پدیدآور", 28),
    Column("شمارهٔ ثبت", 16, centred=True),
    Column("شمارهٔ راهنما", 30, centred=True),
    Column("توضیح", 42),
)
CODE_COLUMNS = (
    Column("ردیف", 9, centred=True),
    Column("کد خوانده‌شده", 50, centred=True),
    Column("خوانده شد در", 24, centred=True),
    Column("چیست", 94),
)
HEADINGS = ("یافته", "عنوان", "پدیدآور", "شمارهٔ ثبت", "بارکد", "شمارهٔ راهنما", "بخش", "وضعیت پیش از این", "توضیح")


@dataclass(frozen=True, slots=True)
class Part:
    """One list of the minutes: its heading, and copies with what is to be said of each."""

    heading: str
    rows: Sequence[tuple[ShelfCopy, str]]
    meaning: str = ""


def print_stocktake(paper: StocktakePaper) -> Printed:
    """Both files of the minutes: a `StocktakePrinter`."""
    pdf = stocktake_pdf(paper)
    return Printed(pdf, stocktake_xlsx(paper), page_count(pdf))


def range_words(session: Session) -> str:
    """«ردهٔ ۱۰۰ تا ۱۹۹، بخش کودک»; the whole library where there is no end."""
    first, last = session.words
    ends = [f"از {first}" if first else "", f"تا {last}" if last else ""]
    section = session.shelf.section
    if section:
        ends.append(f"بخش {SECTION.get(section, section)}")
    return " ".join(filter(None, ends)) or WHOLE


def stocktake_pdf(paper: StocktakePaper) -> bytes:
    """The minutes on A4 pages."""
    reckoning, session = paper.reckoning, paper.reckoning.session
    known = f"شمارهٔ {to_persian(paper.number)} · " if paper.number else ""
    made = Sheet(TITLE, f"{known}{jalali.long(paper.day)} · {session.name}", f"{paper.library}، {paper.city}")
    if paper.number is None:
        made.paragraph(DRAFT)
    began = jalali.long(session.opened_on)
    made.paragraph(f"محدوده: {range_words(session)} · آغاز: {began} · {' · '.join(_figures(reckoning))}")
    if reckoning.classes:
        made.table(CLASS_COLUMNS, list(_class_rows(reckoning)))
    filled = [part for part in parts(paper) if part.rows]
    for part in filled:
        _draw_part(made, part, signed=part is filled[-1] and not reckoning.unknown)
    if reckoning.unknown:
        made.keep_signed(4)
        made.heading(f"کدهای ناشناخته — {number(len(reckoning.unknown))}")
        codes = [_code_row(place, one) for place, one in enumerate(reckoning.unknown, start=1)]
        made.table(CODE_COLUMNS, codes, closing=SIGN)
    made.sign(SIGNER, paper.signer)
    return made.pdf()


def _draw_part(made: Sheet, part: Part, *, signed: bool) -> None:
    """One list; under one that is `signed` there is room to sign."""
    (made.keep_signed if signed else made.keep)(4)
    made.heading(f"{part.heading} — {number(len(part.rows))} نسخه")
    if part.meaning:
        made.paragraph(part.meaning, 8.5)
    rows = [_row(place, copy, said) for place, (copy, said) in enumerate(part.rows, start=1)]
    made.table(COLUMNS, rows, closing=SIGN if signed else 0)


def stocktake_xlsx(paper: StocktakePaper) -> bytes:
    """Every list in one table, which can be filtered by what was found."""
    rows = [
        (
            part.heading, copy.title, copy.main_creator or "", number(copy.accession_no, grouped=False), copy.barcode,
            to_persian(copy.call_number or ""), SECTION.get(copy.section, copy.section), ITEM_STATUS[copy.status], said,
        )
        for part in parts(paper)
        for copy, said in part.rows
    ]  # fmt: skip
    unknown = STOCKTAKE_FINDING[StocktakeFinding.UNKNOWN]
    rows += [
        (unknown, "", "", "", one.scan.code, "", "", "", stranger_words(one.stranger) or _when(one.scan))
        for one in paper.reckoning.unknown
    ]
    name = f"{TITLE} {to_persian(paper.number)}" if paper.number else f"{TITLE} (پیش‌نویس)"
    return list_xlsx(f"{name} · {paper.reckoning.session.name}", HEADINGS, rows)


def parts(paper: StocktakePaper) -> tuple[Part, ...]:
    """The lists of the minutes, empty ones too."""
    reckoning = paper.reckoning
    return (
        Part("مفقود", [(copy, "") for copy in reckoning.missing], "باید در این قفسه‌ها می‌بود و دیده نشد."),
        Part("جابه‌جا", [(read.copy, belongs_words(read.belongs)) for read in reckoning.misplaced]),
        Part("از قفسه‌ای دیگر", [(read.copy, belongs_words(read.belongs)) for read in reckoning.elsewhere]),
        Part("پیداشده", [(read.copy, _became(paper, read)) for read in reckoning.found]),
        Part(
            "ثبت‌شده در امانت",
            [(read.copy, _became(paper, read)) for read in reckoning.lent],
            "در قفسه بود ولی بازگشت آن ثبت نشده بود. بازگشتی که این‌جا ثبت شود دیرکرد و جریمه ندارد.",
        ),
        Part(
            "ثبت‌شده در وجین",
            [(read.copy, _became(paper, read)) for read in reckoning.weeded],
            "کتاب موجود در مخزن نباید وضعیت وجین داشته باشد (م ۸-۴).",
        ),
        Part("ثبت‌شده در صحافی یا جای دیگر", [(read.copy, _became(paper, read)) for read in reckoning.away]),
        Part("نیازمند صحافی یا ترمیم", [(read.copy, CONDITION[read.condition]) for read in reckoning.to_bind]),
        Part("صحافی‌ناپذیر", [(read.copy, CONDITION[read.condition]) for read in reckoning.unbindable]),
        Part(
            "نیازمند برچسب تازه", [(read.copy, f"بارکد {to_persian(read.copy.barcode)}") for read in reckoning.to_label]
        ),
        Part("خوانده نشد، ولی مفقود نیست", [(copy, STOCKTAKE_SPARED[why]) for copy, why in reckoning.spared]),
        Part("در این میان تغییر کرد", [(read.copy, ITEM_STATUS[read.copy.status]) for read in reckoning.changed]),
    )


def stranger_words(stranger: Stranger | None) -> str:
    """What a code is that no copy here carries; "" where nobody knows."""
    match stranger:
        case OfOtherBranch(branch=branch, title=title):
            return f"از آنِ {branch}" + (f": {title}" if title else "")
        case IsbnInstead(title=None):
            return "شابک کتابی است که ثبت نشده است، نه برچسب نسخه"
        case IsbnInstead(title=title, accession_nos=numbers):
            told = "، ".join(number(one, grouped=False) for one in numbers)
            return f"شابک «{title}» است، نه برچسب نسخه (شمارهٔ ثبت: {told})"
        case CardInstead():
            return "کارت عضویت است"
        case None:
            return ""


def belongs_words(belongs: Between | None) -> str:
    """«میان … و …»: the two neighbours of a copy in its place."""
    if belongs is None or (belongs.before is None and belongs.after is None):
        return ""
    if belongs.before is None:
        return f"پیش از «{copy_words(belongs.after)}»"
    if belongs.after is None:
        return f"پس از «{copy_words(belongs.before)}»"
    return f"میان «{copy_words(belongs.before)}» و «{copy_words(belongs.after)}»"


def copy_words(copy: ShelfCopy | None) -> str:
    """Title, volume and call number of a neighbour."""
    if copy is None:
        return ""
    volume = f"، جلد {to_persian(copy.volume_no)}" if copy.volume_no else ""
    return f"{copy.title}{volume}" + (f"، {to_persian(copy.call_number)}" if copy.call_number else "")


def _figures(reckoning: Reckoning) -> Iterator[str]:
    yield f"باید باشد: {number(reckoning.expected)}"
    yield f"دیده شد: {number(reckoning.seen)}"
    yield f"مفقود: {number(len(reckoning.missing))}"
    yield f"جابه‌جا: {number(len(reckoning.misplaced))}"
    yield f"پیداشده: {number(len(reckoning.found))}"


def _class_rows(reckoning: Reckoning) -> Iterator[Row]:
    for one in reckoning.classes:
        figures = (one.expected, one.seen, one.missing, one.misplaced)
        yield Row((class_words(one.main_class), *map(number, figures)), bold=one.missing > 0)


def _row(place: int, copy: ShelfCopy, said: str) -> Row:
    title = f"{copy.title}، جلد {to_persian(copy.volume_no)}" if copy.volume_no else copy.title
    accession_no = number(copy.accession_no, grouped=False)
    return Row((number(place), title, copy.main_creator or "", accession_no, copy.call_number or "", said))


def _code_row(place: int, strange: StrangeCode) -> Row:
    day = jalali.short(day_of(strange.scan.at))
    return Row((number(place), to_persian(strange.scan.code), day, stranger_words(strange.stranger) or "دانسته نیست"))


def recorded_words(copy: ShelfCopy) -> str:
    """What the records say of a copy that stands on the shelf: «نزد صحافی»، «در امانت»، «وجین فرسوده»."""
    if copy.at_bindery:
        return "نزد صحافی"
    return "در امانت" if copy.status is ItemStatus.ON_LOAN else ITEM_STATUS[copy.status]


def _became(paper: StocktakePaper, read: ReadCopy) -> str:
    """What a copy was by the books that stood on the shelf, and what is done about it."""
    was = recorded_words(read.copy)
    if read.copy.id not in paper.restored and read.copy.status not in FOUND_BY_ITSELF:
        return f"{was} می‌ماند"
    done = "بازگشت آن ثبت" if read.copy.status is ItemStatus.ON_LOAN else "موجود"
    return f"{was} بود؛ {done} شد" if paper.number else f"{was} است؛ {done} می‌شود"


def _when(scan: PastScan) -> str:
    return f"خوانده شد در {jalali.short(day_of(scan.at))}"
