"""What goes along in the van (004 الف-2): the loan list of a stop, and the books kept for its readers."""

import datetime as dt
from collections.abc import Iterator, Sequence

from app.library import BranchFacts
from app.members.identity import show
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.routes.queries import ReaderSheet, StopHold, StopLoan, StopSheet
from reports.sheets import Column, Row, Sheet

BLANK_LINES = 8
_WRITING = 20.0  # height of a line to write on, in points
LOAN_COLUMNS = (
    Column("عضو و تلفن", 30),
    Column("کتاب", 52),
    Column("شماره ثبت", 16, centred=True),
    Column("بازگشت", 22, centred=True),
    Column("وضعیت", 22, centred=True),
    Column("برگشت", 13, centred=True),
)
NEW_COLUMNS = (
    Column("عضو", 30),
    Column("شماره عضویت", 20),
    Column("کتاب", 52),
    Column("شماره ثبت", 20),
    Column("بازگشت تا", 24),
)
HOLD_COLUMNS = (
    Column("برای", 34),
    Column("کتاب", 58),
    Column("رده", 26, centred=True),
    Column("شماره ثبت", 18, centred=True),
    Column("برداشته شد", 18, centred=True),
)


def titled(title: str, volume_no: str | None) -> str:
    """«کلیدر، جلد ۲»."""
    return f"{title}، جلد {to_persian(volume_no)}" if volume_no else title


def stop_list(branch: BranchFacts, sheet: StopSheet, today: dt.date) -> bytes:
    """The loan list of a stop for its next visit: readers with their books, what is brought to them, and empty lines
    for loans written by hand while the battery is empty."""
    when = jalali.long(sheet.day) if sheet.day else "بازدیدی در پیش نیست"
    place = " · ".join(part for part in (when, sheet.stop.place or "", to_persian(sheet.stop.hours or "")) if part)
    made = Sheet(f"فهرست امانت ایستگاه {sheet.stop.name}", place, branch.name)
    known = f"{number(len(sheet.readers))} عضو، {number(sheet.loans)} کتاب در امانت، {number(len(sheet.to_bring))} رزرو"
    made.paragraph(f"مسیر {sheet.stop.route} · {known} · چاپ {jalali.short(today)}")
    if sheet.readers:
        made.table(LOAN_COLUMNS, [row for one in sheet.readers for row in _reader_rows(one, sheet.day or today)])
    if sheet.to_bring:
        made.heading("رزروهایی که باید برده شود")
        made.table(HOLD_COLUMNS, _hold_rows(sheet))
    made.heading("امانت‌های تازه (اگر رایانه در دست نیست)")
    made.table(NEW_COLUMNS, [Row(("",) * len(NEW_COLUMNS), least=_WRITING)] * BLANK_LINES)
    return made.pdf()


def packing_list(branch: BranchFacts, sheets: Sequence[StopSheet], day: dt.date) -> bytes:
    """Which books are taken from the hold shelf for the stops of one day, stop by stop."""
    made = Sheet("فهرست بار کتابخانهٔ سیار", jalali.long(day), branch.name)
    if not any(sheet.to_bring for sheet in sheets):
        made.paragraph("برای ایستگاه‌های این روز کتاب رزروشده‌ای در قفسهٔ رزرو نیست.")
    for sheet in sheets:
        made.heading(f"{sheet.stop.name} — {number(len(sheet.to_bring))} کتاب")
        if sheet.to_bring:
            made.table(HOLD_COLUMNS, _hold_rows(sheet))
    return made.pdf()


def _reader_rows(one: ReaderSheet, day: dt.date) -> Iterator[Row]:
    phone = one.reader.mobile or one.reader.guardian_mobile
    who = f"{one.reader.name} {show(phone) if phone else ''}".strip()
    if not one.loans:
        yield Row((who, "—", "", "", "", ""))
    for place, loan in enumerate(one.loans):
        state = _state(loan, day)
        yield Row(
            (
                who if place == 0 else "",
                titled(loan.title, loan.volume_no),
                number(loan.accession_no, grouped=False),
                jalali.short(loan.due_on),
                state,
                "",
            ),
            bold=loan.due_on < day,
        )


def _state(loan: StopLoan, day: dt.date) -> str:
    if loan.due_on < day:
        return f"{number((day - loan.due_on).days)} روز دیرکرد"
    return "همین بازدید" if loan.due_on == day else "بازدید بعد"


def _hold_rows(sheet: StopSheet) -> list[Row]:
    names = {one.reader.id: one.reader.name for one in sheet.readers}
    return [_hold_row(hold, names.get(hold.member_id, "")) for hold in sheet.to_bring]


def _hold_row(hold: StopHold, name: str) -> Row:
    title = titled(hold.title, hold.volume_no)
    return Row((name, title, hold.call_number or "", number(hold.accession_no, grouped=False), ""))
