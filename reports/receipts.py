"""The receipt of a payment or refund, on a till roll of 58 or 80 mm or on A5 (000 §3-1-2; 004 الف-1-4)."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from app.accounts.queries import ReceiptPart, ReceiptView
from app.clock import TEHRAN
from app.labels import LEDGER_KIND
from app.library import Library
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.persian.words import in_words
from app.policy.choices import labels_of
from db.codes import PaymentMethod
from reports.pdf.paper import CENTRE
from reports.rolls import TILL_ROLLS, Entry, Gap, Roll, Text, slip


class ReceiptPaper(StrEnum):
    """What a receipt is printed on."""

    MM_58 = "58"
    MM_80 = "80"
    A5 = "a5"


RECEIPT_PAPERS: Mapping[ReceiptPaper, Roll] = MappingProxyType(
    {
        ReceiptPaper.MM_58: TILL_ROLLS[58],
        ReceiptPaper.MM_80: TILL_ROLLS[80],
        ReceiptPaper.A5: Roll(148, 14, tall=210, scale=1.35),
    }
)
PAPER_WORDS: Mapping[ReceiptPaper, str] = MappingProxyType(
    {ReceiptPaper.MM_58: "رول ۵۸ میلی‌متری", ReceiptPaper.MM_80: "رول ۸۰ میلی‌متری", ReceiptPaper.A5: "برگهٔ A5"}
)
VOID = "باطل شد"


def receipt_pdf(library: Library, view: ReceiptView, roll: Roll) -> bytes:
    """The whole file. `Trouble` P-4101 if the font files are not there."""
    title = f"{receipt_title(view)} {number(view.receipt.number, grouped=False)}"
    return slip(title, tuple(_entries(library, view, signed=roll.tall > 0)), roll)


def receipt_title(view: ReceiptView) -> str:
    """What it is called: money taken, or given back."""
    return "رسید بازپرداخت" if view.receipt.amount < 0 else "رسید دریافت"


def rials(amount: int) -> str:
    """«۲۴٬۰۰۰ ریال»."""
    return f"{number(amount)} ریال"


def _entries(library: Library, view: ReceiptView, *, signed: bool) -> Iterator[Entry]:
    receipt, branch = view.receipt, library.branch
    amount = abs(receipt.amount)
    yield Text(branch.name, 10, bold=True, anchor=CENTRE)
    yield Text(branch.city, 8, anchor=CENTRE)
    yield Gap(5, ruled=True)
    yield Text(receipt_title(view), 11, bold=True, beside=f"شماره {number(receipt.number, grouped=False)}")
    time = to_persian(receipt.at.astimezone(TEHRAN).strftime("%H:%M"))
    yield Text(jalali.short(receipt.day), beside=f"ساعت {time}")
    if view.void:
        yield Text(VOID, 13, bold=True, anchor=CENTRE)
    if view.member is not None:
        yield Gap(2)
        yield Text(view.member.name, bold=True)
        yield Text("شمارهٔ عضویت", beside=to_persian(view.member.member_no))
    yield Gap(5, ruled=True)
    for part in view.parts:
        yield from _part(part)
    yield Gap(5, ruled=True)
    yield Text("مبلغ", 11, bold=True, beside=rials(amount))
    yield Text(f"{in_words(amount)} ریال", 8.5)
    yield Gap(2)
    yield Text("روش", beside=method_words(receipt.method))
    if receipt.reference:
        yield Text("شمارهٔ پیگیری", beside=to_persian(receipt.reference))
    yield Text("کتابدار", beside=view.staff)
    if signed:
        yield Gap(30)
        yield Text("امضای دریافت‌کننده", beside="مهر و امضای کتابخانه")


def _part(part: ReceiptPart) -> Iterator[Entry]:
    yield Text(LEDGER_KIND[part.kind], beside=rials(abs(part.amount)))
    if part.loan is not None:
        yield Text(f"{part.loan.title} · شماره ثبت {number(part.loan.accession_no, grouped=False)}", 8)


def method_words(method: PaymentMethod) -> str:
    """A way of paying in words."""
    return labels_of(PaymentMethod)[method]
