"""The quarterly report of weeding and binding (002 م14-1), on paper and in Excel."""

from collections.abc import Iterator, Mapping

from app.labels import BINDING_OUTCOME, DISPOSAL_KIND, OFFICE, WEEDING_REASON
from app.papers import Printed
from app.persian import jalali
from app.persian.digits import number
from app.staff.offices import Position
from app.statistics.classes import MAIN_CLASSES, class_words
from app.statistics.figures import QuarterFigures, ReasonFigures
from app.statistics.quarterly import ReportPaper
from db.codes import BindingOutcome, DisposalKind, WeedingReason
from reports.lists import list_xlsx
from reports.preview import page_count
from reports.sheets import Column, Row, Sheet

COUNTS = {
    "minutes": "صورتجلسه",
    "listed": "فهرست‌شده",
    "sent": "فرستاده",
    "approved": "تأیید",
    "rejected": "رد",
    "redirected": "به مبادله",
    "weeded": "وجین‌شده",
    "waiting": "در راه",
}
REASONS = (Column("دلیل وجین", 40), *(Column(words, 17, centred=True) for words in COUNTS.values()))
CLASSES = (
    Column("رده", 44),
    *(Column(WEEDING_REASON[reason], 24, centred=True) for reason in WeedingReason),
    Column("جمع", 18, centred=True),
)
COMMITTEE = (Column("سمت", 50), Column("نام و نام خانوادگی", 70), Column("تاریخ/ امضا", 60))
OF_THE_DAY = "«در راه» و آنچه نزد صحافی است، شمار روز تهیهٔ گزارش است؛ بقیه از آغاز تا پایان فصل."
PLAIN = (Column("شرح", 100), Column("تعداد", 30, centred=True))
GRAMS = 1_000


def print_report(paper: ReportPaper) -> Printed:
    """Both files: a `ReportPrinter`."""
    pdf = _pdf(paper)
    return Printed(pdf=pdf, xlsx=_xlsx(paper), pages=page_count(pdf))


def title_of(paper: ReportPaper) -> str:
    """«گزارش وجین و صحافی پاییز ۱۴۰۵»."""
    draft = " — پیش‌نویس" if paper.draft else ""
    return f"گزارش وجین و صحافی {paper.quarter.name} {number(paper.quarter.year, grouped=False)}{draft}"


def _pdf(paper: ReportPaper) -> bytes:
    branch, quarter = paper.branch, paper.quarter
    sheet = Sheet(title_of(paper), f"{jalali.short(quarter.start)} تا {jalali.short(quarter.end)}", branch.name)
    grade = f" · درجهٔ {branch.grade}" if branch.grade else ""
    sheet.paragraph(
        f"استان {branch.province} · شهرستان {branch.county} · {branch.city}{grade} · تهیه: {jalali.short(paper.day)}"
    )
    sheet.paragraph(f"بر پایهٔ {paper.guideline}، مادهٔ ۱۴.", 8.5)
    sheet.heading("وجین، به تفکیک دلیل (نسخه)")
    sheet.table(REASONS, tuple(_reason_rows(paper.figures)))
    sheet.paragraph(OF_THE_DAY, 8.5)
    sheet.heading("نسخه‌های وجین‌شده، به تفکیک رده")
    rows = tuple(_class_rows(paper.figures))
    if rows:
        sheet.table(CLASSES, rows)
    else:
        sheet.paragraph("در این فصل نسخه‌ای وجین نشده است.")
    *_, (_, last) = _plain_parts(paper.figures)
    for heading, lines in _plain_parts(paper.figures):
        if lines == last:
            sheet.keep_signed(len(lines) + 2)
        sheet.heading(heading)
        sheet.table(PLAIN, [Row(line) for line in lines])
    if paper.committee:
        _committee(sheet, paper.committee)
    sheet.sign(OFFICE[Position.BRANCH_HEAD], paper.head)
    return sheet.pdf()


def _committee(sheet: Sheet, members: Mapping[str, str]) -> None:
    """Who sits on the weeding committee signs too, seat by seat (000 §4-1)."""
    sheet.keep_signed(len(members) * 2)
    sheet.heading("کمیتهٔ وجین")
    sheet.table(COMMITTEE, [Row((OFFICE.get(seat, seat), name, ""), least=26) for seat, name in members.items()])


def _reason_rows(figures: QuarterFigures) -> Iterator[Row]:
    for reason in WeedingReason:
        yield Row((WEEDING_REASON[reason], *_counts(figures.reasons[reason])))
    together = ReasonFigures(**{name: sum(getattr(row, name) for row in figures.reasons.values()) for name in COUNTS})
    yield Row(("جمع", *_counts(together)), bold=True)


def _counts(row: ReasonFigures) -> tuple[str, ...]:
    return tuple(number(getattr(row, name)) for name in COUNTS)


def _class_rows(figures: QuarterFigures) -> Iterator[Row]:
    for main in MAIN_CLASSES:
        counts = _of_class(figures, main)
        if any(count for _, count in counts):
            cells = (number(count) for _, count in counts)
            yield Row((class_words(main), *cells, number(sum(count for _, count in counts))))


def _of_class(figures: QuarterFigures, main: int | None) -> list[tuple[WeedingReason, int]]:
    """Copies of a main class that were weeded, by reason."""
    counts = figures.weeded_by_class.get("-" if main is None else str(main), {})
    return [(reason, counts.get(reason, 0)) for reason in WeedingReason]


def _plain_parts(figures: QuarterFigures, *, grams: bool = False) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """`grams`: the weight in whole grams, which a sheet can sum."""
    yield "صحافی و ترمیم", list(_binding_lines(figures))
    yield "مبادله، بازیافت و رف‌خوانی", list(_exchange_lines(figures, grams=grams))


def _binding_lines(figures: QuarterFigures) -> Iterator[tuple[str, str]]:
    binding = figures.binding
    yield "درخواست صحافی", number(binding.requests)
    yield "نسخهٔ درخواست‌شده", number(binding.asked)
    yield "نسخهٔ فرستاده‌شده به صحافی", number(binding.sent)
    for outcome in BindingOutcome:
        if binding.outcomes.get(outcome):
            yield f"نتیجه: {BINDING_OUTCOME[outcome]}", number(binding.outcomes[outcome])
    yield "نسخه‌ای که هنوز نزد صحافی است", number(binding.away)
    yield "ترمیم در کتابخانه", number(binding.mended_here)
    yield "هزینهٔ صحافی و ترمیم (ریال)", number(binding.cost)


def _exchange_lines(figures: QuarterFigures, *, grams: bool) -> Iterator[tuple[str, str]]:
    exchange = figures.exchange
    for kind in DisposalKind:
        if exchange.copies.get(kind):
            yield f"نسخهٔ تحویل‌شده: {DISPOSAL_KIND[kind]}", number(exchange.copies[kind])
    if grams:
        yield "وزن کاغذ بازیافتی (گرم)", number(exchange.weight_g)
    else:
        yield "وزن کاغذ بازیافتی (کیلوگرم)", kilos(exchange.weight_g)
    yield "درآمد بازیافت (ریال)", number(exchange.proceeds)
    yield "نوبت رف‌خوانی پایان‌یافته", number(figures.stocktakes)


def kilos(grams: int) -> str:
    """«۱۲» or «۱۲٫۵»: kilograms with as many decimals as there are."""
    whole, rest = divmod(grams, GRAMS)
    decimals = f"{rest:03}".rstrip("0")
    return f"{number(whole)}٫{''.join('۰۱۲۳۴۵۶۷۸۹'[int(digit)] for digit in decimals)}" if decimals else number(whole)


def _xlsx(paper: ReportPaper) -> bytes:
    """One sheet that can be filtered and summed: the first column says which part of the report a row is of, what was
    weeded stands there by reason and class."""
    figures, blank = paper.figures, ("",) * len(COUNTS)
    weeded = list(COUNTS).index("weeded")
    rows: list[tuple[str, ...]] = [
        ("وجین", WEEDING_REASON[reason], "", "", *_counts(figures.reasons[reason])) for reason in WeedingReason
    ]
    for main in MAIN_CLASSES:
        for reason, count in _of_class(figures, main):
            if not count:
                continue
            cells = (*blank[:weeded], number(count), *blank[weeded + 1 :])
            rows.append(("وجین‌شده به تفکیک رده", WEEDING_REASON[reason], class_words(main), "", *cells))
    for part, lines in _plain_parts(figures, grams=True):
        rows += [(part, words, "", count, *blank) for words, count in lines]
    headings = ("بخش", "شرح", "رده", "مقدار", *COUNTS.values())
    return list_xlsx(f"{title_of(paper)} — {paper.branch.name} · {paper.guideline}", headings, rows)
