"""The money of a day."""

from app.accounts.cash import close_cash, open_cash
from app.accounts.charges import Refund, refund
from app.accounts.day import DayReport, day_report
from app.accounts.voiding import VoidRequest, void_line, void_receipt
from app.accounts.waivers import Waiver, waive
from app.library import Library
from app.refusal import Answer
from db.codes import LedgerKind, PaymentMethod
from tests.app.accounts.money import beside, colleague, owe, paid
from tests.library import AMember, act, add_member, pass_days


def report(library: Library) -> DayReport:
    with library.store.read() as reader:
        return day_report(reader, act(library).day)


def test_a_day_is_summed_by_kind_way_and_person(library: Library, member: AMember) -> None:
    other = add_member(library, given_name="علی")
    owe(library, member, 10_000)
    owe(library, member, 4_000, LedgerKind.CARD_FEE)
    owe(library, other, 20_000, LedgerKind.MEMBERSHIP_FEE)
    paid(library, member, 12_000)
    paid(library, other, 15_000, method=PaymentMethod.WALLET, reference="w-1")
    found = report(library)
    assert found.charged == {
        LedgerKind.DAMAGE: 10_000, LedgerKind.CARD_FEE: 4_000, LedgerKind.MEMBERSHIP_FEE: 20_000,
    }  # fmt: skip
    assert found.taken_for == {
        LedgerKind.DAMAGE: 10_000, LedgerKind.CARD_FEE: 2_000, LedgerKind.MEMBERSHIP_FEE: 15_000,
    }  # fmt: skip
    assert found.taken_by == {PaymentMethod.CASH: 12_000, PaymentMethod.WALLET: 15_000}
    assert (found.taken_from, found.taken) == ({"زهرا کریمی": 27_000}, 27_000)
    assert [(row.receipt.number, row.member, row.void) for row in found.receipts] == [
        (1, "مریم رضایی", False), (2, "علی رضایی", False),
    ]  # fmt: skip


def test_waivers_stand_there_with_reason_and_people(library: Library, member: AMember) -> None:
    owe(library, member, 600_000)
    waive(library, Waiver(member.card, "نیازمند", second=beside(colleague(library))), act(library))
    (row,) = report(library).waivers
    assert (row.kind, row.amount, row.member, row.reason, row.staff, row.second) == (
        LedgerKind.DAMAGE, 600_000, "مریم رضایی", "نیازمند", "زهرا کریمی", "مینا صالحی",
    )  # fmt: skip
    assert report(library).waived == 600_000


def test_what_was_taken_back_is_not_counted_but_its_receipt_is_there(library: Library, member: AMember) -> None:
    owe(library, member, 10_000)
    paid(library, member, 10_000)
    void_receipt(library, 1, "اشتباه", act(library))
    found = report(library)
    assert (found.taken, [row.void for row in found.receipts]) == (0, [True])


def test_what_was_given_back_lowers_the_day(library: Library, member: AMember) -> None:
    debt = owe(library, member, 10_000)
    paid(library, member, 10_000)
    void_line(library, VoidRequest(debt, "اشتباه", answer=Answer(confirm=frozenset({"ledger.settled"}))), act(library))
    refund(library, Refund(member.card, 4_000, "اشتباه بود"), act(library))
    assert (report(library).taken, report(library).charged) == (6_000, {})


def test_the_drawers_of_the_day_tell_their_difference(library: Library, member: AMember) -> None:
    open_cash(library, 1_000, act(library))
    owe(library, member, 10_000)
    paid(library, member, 10_000)
    (row,) = report(library).drawers
    assert (row.expected, row.difference) == (11_000, None)
    close_cash(library, 10_500, act(library), "خرد نبود")
    (row,) = report(library).drawers
    assert (row.difference, row.drawer.remark, row.closed_by) == (-500, "خرد نبود", "زهرا کریمی")
    pass_days(library, 1)
    assert report(library).drawers == ()


def test_another_day_is_another_report(library: Library, member: AMember) -> None:
    owe(library, member, 10_000)
    paid(library, member, 1_000)
    pass_days(library, 1)
    paid(library, member, 2_000)
    assert (report(library).taken, report(library).charged) == (2_000, {})
