"""Accounts and receipts as they are shown."""

from app.accounts.queries import account_with, receipt_view
from app.accounts.voiding import void_receipt
from app.library import Library
from db.codes import LedgerKind
from tests.app.accounts.money import owe, paid
from tests.library import ACopy, AMember, act, lend, pass_days, put_policy, take_back


def test_an_account_tells_what_each_line_is_for(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "fine_per_day": 1_000})
    lend(library, member, copy)
    pass_days(library, 17)
    take_back(library, copy)
    owe(library, member, 500, LedgerKind.CARD_FEE)
    paid(library, member, 2_000)
    with library.store.read() as reader:
        account = account_with(reader, member.id)
    assert account is not None
    fine, card, payment = account.lines
    assert fine.loan is not None
    assert (fine.loan.accession_no, fine.loan.in_on, fine.outstanding, fine.paid) == (
        copy.accession_no, act(library).day, 1_000, 2_000,
    )  # fmt: skip
    assert (card.loan, card.outstanding, card.staff) == (None, 500, "زهرا کریمی")
    assert (payment.receipt, payment.outstanding, payment.counts) == (1, 0, True)
    assert (account.balance, account.outstanding, [line.line.kind for line in account.open_lines]) == (
        1_500, 1_500, [LedgerKind.FINE, LedgerKind.CARD_FEE],
    )  # fmt: skip


def test_a_receipt_tells_together_what_was_paid_for_one_book(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    owe(library, member, 1_000, item=copy.barcode)
    owe(library, member, 2_000, item=copy.barcode)
    owe(library, member, 4_000, LedgerKind.CARD_FEE)
    paid(library, member, 6_000)
    with library.store.read() as reader:
        view = receipt_view(reader, 1)
        assert receipt_view(reader, 2) is None
    assert view is not None
    assert view.member is not None
    assert (view.member.id, view.staff, view.void) == (member.id, "زهرا کریمی", False)
    assert [(part.kind, part.amount, part.loan is not None) for part in view.parts] == [
        (LedgerKind.DAMAGE, 3_000, True), (LedgerKind.CARD_FEE, 3_000, False),
    ]  # fmt: skip
    void_receipt(library, 1, "اشتباه", act(library))
    with library.store.read() as reader:
        voided = receipt_view(reader, 1)
    assert voided is not None
    assert voided.void
    assert voided.parts == view.parts


def test_nobody_has_an_account_under_an_unknown_id(library: Library, copy: ACopy) -> None:
    with library.store.read() as reader:
        assert account_with(reader, copy.id) is None
