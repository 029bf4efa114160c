"""The lines of an account as rows: what is open in few lines, or everything, book by book."""

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from app.accounts.amnesty_report import AmnestyReport
from app.accounts.day import ReceiptRow
from app.accounts.queries import Account, AccountLine, LoanOf
from app.labels import LEDGER_KIND
from app.ledger.amnesty import Campaign
from app.ledger.lines import DEBITS
from app.persian import jalali
from app.persian.digits import number
from app.policy.choices import labels_of
from db.codes import LedgerKind, PaymentMethod
from ui.circulation.rows import titled
from ui.theme import Tone
from ui.widgets.labels import isolate
from ui.widgets.table import Align, Column, RowTable

ROW_HEIGHT, LOW = 52, 42
WITHOUT_BOOK = "بدون کتاب"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row: a book as the head of its lines, a line, or the lines of one fine together.

    `lines` are the open debts a tick chooses; `shown` the line it stands for, None for a head. Rials.
    """

    key: object
    title: str
    sub: str
    day: str
    amount: int | None
    outstanding: int
    lines: tuple[uuid.UUID, ...]
    shown: AccountLine | None = None
    ticked: bool = False

    @property
    def is_head(self) -> bool:
        """Whether it is a book above its lines."""
        return self.shown is None

    @property
    def counts(self) -> bool:
        """Whether it was not taken back, and is not what took another back."""
        return self.shown is None or (self.shown.counts and self.shown.line.kind is not LedgerKind.VOID)


def open_rows(account: Account, ticked: Collection[uuid.UUID]) -> list[LedgerRow]:
    """What is open, a fine that grew by the day as one row."""
    groups: dict[object, list[AccountLine]] = {}
    for line in account.open_lines:
        fine = line.line.kind is LedgerKind.FINE and line.line.loan_id is not None
        key = (line.line.loan_id, line.line.due_on) if fine else line.line.id
        groups.setdefault(key, []).append(line)
    by_book = sorted(groups.items(), key=lambda group: _age(account, group[1][0]))
    return [_together(key, lines, ticked) for key, lines in by_book]


def _age(account: Account, line: AccountLine) -> tuple[int, int]:
    """The oldest book first, and its lines by age."""
    order = {shown.line.id: place for place, shown in enumerate(account.lines)}
    same = (shown for shown in account.lines if shown.line.loan_id == line.line.loan_id and line.line.loan_id)
    first = next(same, line)
    return order[first.line.id], order[line.line.id]


def _together(key: object, lines: Sequence[AccountLine], ticked: Collection[uuid.UUID]) -> LedgerRow:
    first = lines[0]
    ids = tuple(line.line.id for line in lines)
    return LedgerRow(
        key=key,
        title=LEDGER_KIND[first.line.kind],
        sub=_sub(first),
        day=jalali.short(lines[-1].line.day),
        amount=sum(line.line.amount for line in lines),
        outstanding=sum(line.outstanding for line in lines),
        lines=ids,
        shown=lines[-1],
        ticked=all(line in ticked for line in ids),
    )


def all_rows(account: Account, ticked: Collection[uuid.UUID]) -> list[LedgerRow]:
    """Every line under its book, the book with what is open of it as a head."""
    groups: dict[uuid.UUID | None, list[AccountLine]] = {}
    for line in account.lines:
        groups.setdefault(line.line.loan_id, []).append(line)
    newest_first = sorted(groups.values(), key=lambda lines: lines[-1].line.at, reverse=True)
    return [row for lines in newest_first for row in _group(lines, ticked)]


def _group(lines: Sequence[AccountLine], ticked: Collection[uuid.UUID]) -> Iterator[LedgerRow]:
    loan, open_ids = lines[0].loan, tuple(line.line.id for line in lines if line.outstanding > 0)
    yield LedgerRow(
        key=("book", loan.loan_id if loan else None),
        title=book(loan) if loan else WITHOUT_BOOK,
        sub=_loan_words(loan) if loan else "",
        day="",
        amount=None,
        outstanding=sum(line.outstanding for line in lines),
        lines=open_ids,
        ticked=bool(open_ids) and all(line in ticked for line in open_ids),
    )
    for line in lines:
        one = line.line.id
        yield LedgerRow(
            key=one,
            title=LEDGER_KIND[line.line.kind],
            sub=_detail(line),
            day=jalali.short(line.line.day),
            amount=line.line.amount,
            outstanding=line.outstanding,
            lines=(one,) if line.outstanding > 0 else (),
            shown=line,
            ticked=one in ticked,
        )


def book(loan: LoanOf) -> str:
    """«سووشون، جلد ۲»."""
    return titled(loan.title, loan.volume_no)


def _loan_words(loan: LoanOf) -> str:
    back = f"برگشت {jalali.short(loan.in_on)}" if loan.in_on else f"بازگشت تا {jalali.short(loan.due_on)}"
    lost = " · گم شد" if loan.lost_on else ""
    return f"شماره ثبت {number(loan.accession_no, grouped=False)} · {back}{lost}"


def _sub(line: AccountLine) -> str:
    parts = (book(line.loan) if line.loan else "", line.line.reason or "")
    return " · ".join(isolate(part) for part in parts if part)


def _detail(line: AccountLine) -> str:
    """What a line says beside its kind: how it was paid, why it was waived."""
    way = labels_of(PaymentMethod)[line.line.method] if line.line.method else ""
    parts = (way, line.line.reference or "", line.line.reason or "", line.staff)
    return " · ".join(isolate(part) for part in parts if part)


def state(row: LedgerRow) -> tuple[str, Tone]:
    """Where a row stands."""
    if row.is_head:
        return ("باز", Tone.WARN) if row.outstanding else ("تسویه", Tone.OK)
    if not row.counts:
        return "باطل", Tone.NEUTRAL
    kind = row.shown.line.kind if row.shown else LedgerKind.FINE
    if kind not in DEBITS:
        return LEDGER_KIND[kind], Tone.INFO
    if not row.outstanding:
        return "تسویه", Tone.OK
    return ("ناتمام", Tone.INFO) if row.outstanding < (row.amount or 0) else ("باز", Tone.WARN)


def ledger_table() -> RowTable[LedgerRow]:
    """The lines of an account."""
    return RowTable(
        (
            Column("", lambda row: "بله" if row.ticked else "", icon=_tick, align=Align.MIDDLE, width=44),
            Column("بابت", lambda row: row.title, sub=lambda row: row.sub, stretch=1, strong=True),
            Column("تاریخ", lambda row: row.day, width=100, spare=1),
            Column("مبلغ (ریال)", lambda row: _amount(row.amount), width=104, align=Align.END, number=True, spare=2),
            Column("مانده", lambda row: _amount(row.outstanding or None), width=104, align=Align.END, number=True),
            Column("وضع", lambda row: state(row)[0], width=92, pill=True, tone=lambda row: state(row)[1]),
            Column("رسید", _receipt, width=68, align=Align.MIDDLE, number=True, spare=3),
        ),
        key=lambda row: row.key,
        faded=lambda row: not row.counts,
        tint=lambda row: Tone.NEUTRAL if row.is_head else None,
    )


def _tick(row: LedgerRow) -> str:
    """A box to tick where something is left to pay."""
    if not row.lines:
        return ""
    return "square-check" if row.ticked else "square"


def _amount(rials: int | None) -> str:
    return "" if rials is None else number(rials)


def _receipt(row: LedgerRow) -> str:
    return number(row.shown.receipt, grouped=False) if row.shown and row.shown.receipt else ""


def receipt_table() -> RowTable[ReceiptRow]:
    """The receipts of a day."""
    return RowTable(
        (
            Column("رسید", lambda row: number(row.receipt.number, grouped=False), width=70, number=True),
            Column("عضو", lambda row: row.member, stretch=1, strong=True),
            Column("روش", lambda row: labels_of(PaymentMethod)[row.receipt.method], width=150, spare=1),
            Column("پیگیری", lambda row: row.receipt.reference or "", width=110, spare=4),
            Column("کتابدار", lambda row: row.staff, width=130, spare=3),
            Column("ریال", lambda row: number(row.receipt.amount), width=110, align=Align.END, number=True),
            Column("وضع", _receipt_state, width=100, pill=True, tone=_receipt_tone, spare=2),
        ),
        key=lambda row: row.receipt.number,
        faded=lambda row: row.void,
    )


def _receipt_state(row: ReceiptRow) -> str:
    return "باطل" if row.void else "بازپرداخت" if row.receipt.amount < 0 else "دریافت"


def _receipt_tone(row: ReceiptRow) -> Tone:
    return Tone.NEUTRAL if row.void else Tone.WARN if row.receipt.amount < 0 else Tone.OK


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign with what it brought so far."""

    campaign: Campaign
    report: AmnestyReport
    state: str
    tone: Tone


def campaign_table() -> RowTable[CampaignRow]:
    """All campaigns."""
    return RowTable(
        (
            Column("طرح", lambda row: row.campaign.name, sub=_scope, stretch=1, strong=True),
            Column("از و تا", lambda row: jalali.short(row.campaign.since), sub=_until, width=110, spare=1),
            Column("کتاب", lambda row: number(len(row.report.books)), width=60, align=Align.MIDDLE, number=True),
            Column("عضو", lambda row: number(row.report.members), width=60, align=Align.MIDDLE, number=True, spare=2),
            Column("بخشوده", lambda row: number(row.report.rials), width=90, align=Align.END, number=True),
            Column("وضع", lambda row: row.state, width=100, pill=True, tone=lambda row: row.tone),
        ),
        key=lambda row: row.campaign.id,
    )


def _until(row: CampaignRow) -> str:
    return f"تا {jalali.short(row.campaign.until)}"


def _scope(row: CampaignRow) -> str:
    scope = row.campaign.scope
    kinds = "، ".join(LEDGER_KIND[kind] for kind in LedgerKind if kind in scope.kinds)
    back = "با برگرداندن کتاب" if scope.only_returned else "بدهی‌های پیشین هم"
    return f"{number(scope.percent)}٪ · {kinds} · {back}"
