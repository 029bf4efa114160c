"""States of the money page for the pictures."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from app.accounts.amnesty import AmnestyForm, declare_amnesty
from app.accounts.cash import open_cash
from app.accounts.charges import Charge, charge
from app.accounts.payments import Payment, pay
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.lateness import accrue_fines
from app.ledger.reads import BALANCE
from app.members.queries import MemberRow, list_members, open_loans
from db.codes import LedgerKind, PaymentMethod
from ui.money.page import MoneyPage
from ui.session import Session
from ui.shooting import wait_until
from ui.window import MainWindow


def _page(window: MainWindow) -> MoneyPage:
    page = window.open_page("money")
    if not isinstance(page, MoneyPage):
        raise TypeError(page)
    return page


def _debtors(session: Session) -> list[MemberRow]:
    """Members by debt, after the fines of the night; the first also owes for a torn cover and a card."""
    library = session.library
    accrue_fines(library, session.act())
    with library.store.read() as reader:
        found = list_members(reader, session.act().day)
        found.sort(key=lambda member: -(reader.one(BALANCE, member=member.id) or 0))
    first = found[0].member_no
    charge(library, Charge(first, LedgerKind.DAMAGE, 45_000, "جلد پاره شده است"), session.act())
    charge(library, Charge(first, LedgerKind.CARD_FEE, 5_000, "کارت المثنی"), session.act())
    return found


def _in_debt(session: Session, window: MainWindow) -> MoneyPage:
    first = _debtors(session)[0]
    page = _page(window)
    page.select_member(first.member_no)
    return page


def empty(_: Session, window: MainWindow) -> None:
    """Nobody on screen."""
    _page(window)


def debts(session: Session, window: MainWindow) -> None:
    """What a member owes, two lines ticked."""
    page = _in_debt(session, window)
    rows = page.account.lines.table.shown_rows()
    page.account.tick(rows[0])
    page.account.tick(page.account.lines.table.shown_rows()[-1])


def whole(session: Session, window: MainWindow) -> None:
    """Every line, book by book, after a payment."""
    page = _in_debt(session, window)
    account = page.account.account()
    if account is not None:
        wish = Payment(account.member.member_no, 46_000, PaymentMethod.CARD_TERMINAL, "771204")
        pay(session.library, wish, session.act())
    page.account.reload()
    page.account.do("all")


def paying(session: Session, window: MainWindow) -> None:
    """The question of a payment."""
    _in_debt(session, window).account.do("pay")


def refused(session: Session, window: MainWindow) -> None:
    """A terminal without its reference, above the debt."""
    page = _in_debt(session, window)
    page.account.do("pay")
    form = page.account.asking.form
    if form is not None:
        form.set_values({"amount": 9_000_000, "method": PaymentMethod.CARD_TERMINAL.value})
        page.account.panel.chosen.emit("yes")


def paid(session: Session, window: MainWindow) -> None:
    """Money taken, the rest still owed."""
    page = _in_debt(session, window)
    page.account.do("pay")
    form = page.account.asking.form
    if form is not None:
        form.set_values({"amount": 40_000, "method": PaymentMethod.CASH.value})
        page.account.panel.chosen.emit("yes")


def waiving(session: Session, window: MainWindow) -> None:
    """Waiving more than one person may alone."""
    page = _in_debt(session, window)
    charge(session.library, Charge(_number(page), LedgerKind.DAMAGE, 900_000, "دانشنامه"), session.act())
    page.account.reload()
    page.account.do("waive")
    form = page.account.asking.form
    if form is not None:
        form.set_values({"amount": 900_000, "reason": "ناتوانی مالی"})
        page.account.panel.chosen.emit("yes")


def _number(page: MoneyPage) -> str:
    account = page.account.account()
    return account.member.member_no if account else ""


def receipt(session: Session, window: MainWindow) -> None:
    """The receipt before it is printed."""
    paid(session, window)
    page = _page(window)
    page.account.do("receipt")
    wait_until(lambda: page.preview.pictures.count() > 0)


def _day(session: Session) -> None:
    library, act = session.library, session.act()
    open_cash(library, 200_000, act)
    ways = ((PaymentMethod.CASH, ""), (PaymentMethod.CARD_TERMINAL, "771204"), (PaymentMethod.WALLET, "w-55120"))
    for member, (method, reference) in zip(_debtors(session), ways, strict=False):
        with library.store.read() as reader:
            owed = reader.one(BALANCE, member=member.id) or 0
        pay(library, Payment(member.member_no, owed, method, reference), act)


def drawer(session: Session, window: MainWindow) -> None:
    """The open drawer and the receipts of the day."""
    _day(session)
    _page(window).show_part(1)


def closing(session: Session, window: MainWindow) -> None:
    """The drawer is counted, and something is missing."""
    _day(session)
    page = _page(window)
    page.show_part(1)
    page.drawer.ask_close()
    form = page.drawer.asking.form
    if form is not None:
        form.set_values({"amount": 190_000})
        page.drawer.panel.chosen.emit("yes")


def day_report(session: Session, window: MainWindow) -> None:
    """The money of the day on paper."""
    _day(session)
    page = _page(window)
    page.show_part(1)
    page.drawer.print_report()
    wait_until(lambda: page.preview.pictures.count() > 0)


def amnesty(session: Session, window: MainWindow) -> None:
    """A campaign that brings books back, and one to come."""
    library, act = session.library, session.act()
    for name, since, until in (("هفتهٔ کتاب", -9, 12), ("دههٔ فجر", 62, 72)):
        form = AmnestyForm(name, act.day + timedelta(since), act.day + timedelta(until))
        declare_amnesty(library, form, act)
    accrue_fines(library, act)
    with library.store.read() as reader:
        late = [loan for member in list_members(reader, act.day) for loan in open_loans(reader, member.id)]
    for loan in [loan for loan in late if loan.due_on < act.day][:6]:
        check_in(library, CheckinRequest(loan.barcode), act)
    _page(window).show_part(2)


def declaring(_: Session, window: MainWindow) -> None:
    """A new campaign."""
    page = _page(window)
    page.show_part(2)
    page.amnesty.ask_declare()


SHOTS: Mapping[str, Callable[[Session, MainWindow], None]] = {
    "money-empty": empty,
    "money-debts": debts,
    "money-whole": whole,
    "money-paying": paying,
    "money-refused": refused,
    "money-paid": paid,
    "money-waiving": waiving,
    "money-receipt": receipt,
    "money-drawer": drawer,
    "money-closing": closing,
    "money-day": day_report,
    "money-amnesty": amnesty,
    "money-declaring": declaring,
}
