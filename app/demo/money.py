"""Money in the demo: the drawer, partial payments, a wallet, a waiver, a mistake taken back, a campaign."""

import datetime as dt

from app.accounts.amnesty import AmnestyForm, declare_amnesty
from app.accounts.cash import open_cash
from app.accounts.charges import Charge, charge
from app.accounts.outcomes import Charged
from app.accounts.payments import Payment, pay
from app.accounts.voiding import VoidRequest, void_line
from app.accounts.waivers import Waiver, waive
from app.demo.people import STAR
from app.demo.story import Reader, Story
from db.codes import LedgerKind, PaymentMethod

CHANGE = 200_000
WEEK = dt.timedelta(days=6)


def open_the_drawer(story: Story) -> None:
    """The drawer is opened with some change in it."""
    open_cash(story.library, CHANGE, story.act())


def book_week(story: Story) -> None:
    """The week of the book: whoever brings late books back is forgiven."""
    declare_amnesty(story.library, AmnestyForm("هفتهٔ کتاب", story.day, story.day + WEEK), story.act())
    late = sorted(barcode for barcode, (_, back) in story.out.items() if story.day < back < story.day + 4 * WEEK)
    for barcode in late[:3]:
        reader, _ = story.out[barcode]
        story.out[barcode] = (reader, story.day + dt.timedelta(days=2))


def a_cover_is_torn(story: Story) -> None:
    """The star owes for more than lateness, and has paid a part of it."""
    star = story.cast.get(STAR)
    if star is not None:
        charge(story.library, Charge(star.card, LedgerKind.DAMAGE, 32_000, "جلد کتاب پاره شده است"), story.act())
        pay(story.library, Payment(star.card, 12_000), story.act())


def waive_some(story: Story) -> None:
    """The head waives what somebody cannot pay."""
    for reader in _debtors(story)[:1]:
        waive(story.library, Waiver(reader.card, "ناتوانی مالی خانواده"), story.act())


def pay_by_wallet(story: Story) -> None:
    """A payment with the wallet of the readers' own programme."""
    for reader in _debtors(story)[:1]:
        wish = Payment(reader.card, story.balance(reader), PaymentMethod.WALLET, f"W{story.day:%y%m%d}55120")
        pay(story.library, wish, story.act())


def take_money(story: Story) -> None:
    """New cards for cash, one of them charged by mistake; a part of a debt by the terminal, another in cash."""
    buyers = list(story.adults())[11:14]
    for number, reader in enumerate(buyers):
        asked = charge(story.library, Charge(reader.card, LedgerKind.CARD_FEE, 5_000, "کارت المثنی"), story.act())
        if number == 0 and isinstance(asked, Charged):
            void_line(story.library, VoidRequest(asked.line_id, "برای عضو دیگری بود"), story.act())
        else:
            pay(story.library, Payment(reader.card, 5_000), story.act())
    ways = ((PaymentMethod.CARD_TERMINAL, "771204"), (PaymentMethod.CASH, ""))
    for reader, (method, reference) in zip(_debtors(story)[:2], ways, strict=False):
        part = max(500, story.balance(reader) // 2)
        pay(story.library, Payment(reader.card, part, method, reference), story.act())


def _debtors(story: Story) -> list[Reader]:
    """Who owes most, those with a part left out."""
    owing = [(story.balance(reader), reader.card, reader) for reader in story.readers]
    parts = {reader.card for reader in story.cast.values()}
    found = sorted((row for row in owing if row[0] > 0 and row[1] not in parts), key=lambda row: (-row[0], row[1]))
    return [reader for _, _, reader in found]
