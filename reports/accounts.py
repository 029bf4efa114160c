"""Papers about money: the account of a member, the day close, and what an amnesty brought. Rials; PDF and Excel."""

from collections.abc import Iterator, Sequence
from datetime import date

from app.accounts.amnesty_report import AmnestyReport
from app.accounts.day import DayReport, DrawerRow
from app.accounts.queries import Account, AccountLine
from app.labels import LEDGER_KIND
from app.library import Library
from app.persian import jalali
from app.persian.digits import number, to_persian
from reports.lists import list_xlsx
from reports.receipts import VOID, method_words, rials
from reports.sheets import Column, Row, Sheet

STATEMENT = (
    Column("تاریخ", 20, centred=True),
    Column("شرح", 62),
    Column("بدهکار", 20, centred=True),
    Column("بستانکار", 20, centred=True),
    Column("مانده", 20, centred=True),
    Column("رسید", 14, centred=True),
)
SUMS = (Column("شرح", 60), Column("ریال", 30, centred=True))
RECEIPTS = (
    Column("رسید", 12, centred=True),
    Column("عضو", 40),
    Column("روش", 24),
    Column("پیگیری", 26, centred=True),
    Column("کتابدار", 26),
    Column("ریال", 22, centred=True),
    Column("وضع", 14, centred=True),
)
WAIVERS = (
    Column("عضو", 34),
    Column("بابت", 26),
    Column("ریال", 20, centred=True),
    Column("دلیل", 44),
    Column("کتابدار", 24),
    Column("نفر دوم", 24),
)
DRAWERS = (
    Column("صندوق", 12, centred=True),
    Column("میز", 10, centred=True),
    Column("آغاز", 22, centred=True),
    Column("باید باشد", 22, centred=True),
    Column("شمرده", 22, centred=True),
    Column("اختلاف", 20, centred=True),
    Column("توضیح", 44),
)
DAYS = (
    Column("روز", 26, centred=True),
    Column("کتاب برگشته", 22, centred=True),
    Column("امانت بخشوده", 22, centred=True),
    Column("عضو", 18, centred=True),
    Column("ریال بخشوده", 26, centred=True),
)
BOOKS = (
    Column("روز", 20, centred=True),
    Column("عضو", 36),
    Column("کتاب", 56),
    Column("شماره ثبت", 18, centred=True),
    Column("سررسید", 20, centred=True),
    Column("ریال بخشوده", 22, centred=True),
)
RETURNED = "پس داده شد"
DAY_SHEET = ("بخش", "شرح", "عضو", "روش", "پیگیری", "کتابدار", "ریال", "توضیح")


def statement_pdf(library: Library, account: Account, today: date) -> bytes:
    """The account of a member: every line with the balance after it."""
    member = account.member
    subtitle = f"{member.name} · شمارهٔ عضویت {to_persian(member.member_no)} · {jalali.long(today)}"
    sheet = Sheet("صورت‌حساب عضو", subtitle, library.branch.name)
    if account.lines:
        sheet.table(STATEMENT, tuple(_statement_rows(account.lines)))
    else:
        sheet.paragraph("در این حساب سطری نیست.")
    sheet.heading(balance_words(account.balance))
    return sheet.pdf()


def balance_words(balance: int) -> str:
    """«بدهی: ۲۴٬۰۰۰ ریال», «طلب عضو: …», «بدهی ندارد»."""
    if balance == 0:
        return "بدهی ندارد"
    return f"بدهی: {rials(balance)}" if balance > 0 else f"طلب عضو: {rials(-balance)}"


def _statement_rows(lines: Sequence[AccountLine]) -> Iterator[Row]:
    balance = 0
    for shown in lines:
        line = shown.line
        balance += line.amount
        yield Row(
            (
                jalali.short(line.day),
                line_words(shown),
                number(line.amount) if line.amount > 0 else "",
                number(-line.amount) if line.amount < 0 else "",
                number(balance) if balance >= 0 else f"{number(-balance)} طلب",
                number(shown.receipt, grouped=False) if shown.receipt else "",
            )
        )


def line_words(shown: AccountLine) -> str:
    """What a line is for: its kind, its book, its reason."""
    line = shown.line
    parts = [LEDGER_KIND[line.kind]]
    if shown.loan is not None:
        parts.append(shown.loan.title)
    if line.method is not None and line.opposes is None:
        parts.append(method_words(line.method))
    if line.reason:
        parts.append(line.reason)
    return " · ".join(parts)


def day_pdf(library: Library, report: DayReport) -> bytes:
    """The day close: sums, receipts, waivers with their reasons, drawers with their difference."""
    sheet = Sheet("گزارش مالی روز", jalali.long(report.day), library.branch.name)
    for title, sums in _sums(report):
        if sums:
            sheet.heading(title)
            rows = [Row((words, number(amount))) for words, amount in sums]
            sheet.table(SUMS, (*rows, Row(("جمع", number(sum(amount for _, amount in sums))), bold=True)))
    if report.drawers:
        sheet.heading("صندوق")
        sheet.table(DRAWERS, [Row(_drawer(row), bold=bool(row.difference)) for row in report.drawers])
    if report.receipts:
        sheet.heading("رسیدها")
        sheet.table(RECEIPTS, [Row(cells) for cells in _receipts(report)])
    if report.waivers:
        sheet.heading("بخشودگی‌ها")
        sheet.table(WAIVERS, [Row(cells) for cells in _waivers(report)])
    if report.forgiven:
        sheet.paragraph(f"با طرح بخشودگی همگانی {rials(report.forgiven)} بخشوده شد.")
    if not (report.charged or report.receipts or report.waivers or report.drawers):
        sheet.paragraph("در این روز پولی جابه‌جا نشده است.")
    return sheet.pdf()


def _sums(report: DayReport) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    yield "دریافت بر پایهٔ نوع بدهی", [(LEDGER_KIND[kind], amount) for kind, amount in report.taken_for.items()]
    yield "دریافت بر پایهٔ روش", [(method_words(method), amount) for method, amount in report.taken_by.items()]
    yield "دریافت بر پایهٔ کتابدار", list(report.taken_from.items())
    yield "بدهی‌های نوشته‌شده", [(LEDGER_KIND[kind], amount) for kind, amount in report.charged.items()]


def _drawer(row: DrawerRow) -> tuple[str, ...]:
    drawer = row.drawer
    return (
        number(drawer.number, grouped=False),
        number(drawer.desk, grouped=False),
        number(drawer.opening_amount),
        number(row.expected),
        "باز است" if drawer.counted_amount is None else number(drawer.counted_amount),
        difference_words(row.difference),
        drawer.remark or "",
    )


def difference_words(difference: int | None) -> str:
    """«۵۰۰ کم», «۵۰۰ زیاد»; nothing while the drawer has not been counted."""
    if not difference:
        return "" if difference is None else "ندارد"
    return f"{number(abs(difference))} {'زیاد' if difference > 0 else 'کم'}"


def _receipts(report: DayReport) -> Iterator[tuple[str, ...]]:
    for row in report.receipts:
        receipt = row.receipt
        yield (
            number(receipt.number, grouped=False),
            row.member,
            method_words(receipt.method),
            to_persian(receipt.reference or ""),
            row.staff,
            number(abs(receipt.amount)),
            VOID if row.void else RETURNED if receipt.amount < 0 else "",
        )


def _waivers(report: DayReport) -> Iterator[tuple[str, ...]]:
    for row in report.waivers:
        yield row.member, LEDGER_KIND[row.kind], number(row.amount), row.reason, row.staff, row.second


def day_xlsx(library: Library, report: DayReport) -> bytes:
    """The same as one Excel list, with a column that says which part of the report a row is of."""
    rows = [
        *(
            (title, words, "", "", "", "", number(amount), "")
            for title, sums in _sums(report)
            for words, amount in sums
        ),
        *(
            ("رسید", no, who, how, ref, staff, amount, void)
            for no, who, how, ref, staff, amount, void in _receipts(report)
        ),
        *(
            ("بخشودگی", kind, who, "", "", f"{staff}، {second}" if second else staff, amount, reason)
            for who, kind, amount, reason, staff, second in _waivers(report)
        ),
        *(
            ("صندوق", f"صندوق {no}، میز {desk}: باید {expected}، شمرده {counted}", "", "", "", "", difference, remark)
            for no, desk, _, expected, counted, difference, remark in map(_drawer, report.drawers)
        ),
    ]
    return list_xlsx(f"گزارش مالی {jalali.short(report.day)} — {library.branch.name}", DAY_SHEET, rows)


def amnesty_pdf(library: Library, report: AmnestyReport) -> bytes:
    """What a campaign brought, day by day, and the books that came back."""
    campaign = report.campaign
    dates = f"{jalali.long(campaign.since)} تا {jalali.long(campaign.until)}"
    sheet = Sheet(f"طرح بخشودگی: {campaign.name}", dates, library.branch.name)
    sheet.paragraph(
        f"{number(len(report.books))} کتاب دیرکرددار برگشت؛ برای {number(report.loans)} امانت و "
        f"{number(report.members)} عضو، روی هم {rials(report.rials)} بخشوده شد."
    )
    if report.elsewhere:
        sheet.paragraph(f"از این میان {rials(report.elsewhere)} برای بدهی‌هایی است که کتاب آن‌ها پیش‌تر برگشته بود.")
    if report.days:
        sheet.table(DAYS, [Row(cells) for cells in _days(report)])
        sheet.heading("کتاب‌های برگشته")
        sheet.table(BOOKS, [Row(cells) for cells in _books(report)])
    return sheet.pdf()


def _days(report: AmnestyReport) -> Iterator[tuple[str, ...]]:
    for day in report.days:
        yield jalali.short(day.day), number(day.books), number(day.loans), number(day.members), number(day.rials)


def _books(report: AmnestyReport) -> Iterator[tuple[str, ...]]:
    for book in report.books:
        yield (
            jalali.short(book.in_on),
            book.member,
            book.title,
            number(book.accession_no, grouped=False),
            jalali.short(book.due_on),
            number(book.forgiven),
        )


def amnesty_xlsx(library: Library, report: AmnestyReport) -> bytes:
    """The books that came back, as an Excel list."""
    title = f"طرح بخشودگی {report.campaign.name} — {library.branch.name}"
    return list_xlsx(title, [column.heading for column in BOOKS], tuple(_books(report)))
