"""Settling in kind (000 §3-1-2): the same book, bought and delivered."""

from typing import Any

import pytest

from app.check import check_library
from app.circulation.lost.damage import DamageRequest, note_damage
from app.circulation.lost.facts import AlreadySo, Damaged, LossRefused, Replaced
from app.circulation.lost.replacing import Replacement, ReplaceRequest, replace_in_kind
from app.library import Library
from app.outcome import NotFound
from app.refusal import Answer
from db.codes import Condition, ItemStatus, LedgerKind, LoanEnd, PaymentMethod
from db.models.circulation import LedgerLine, Receipt
from db.models.items import Item
from tests.app.circulation.lost.cases import FEE, PRICE, balance, credit, lose, policy, refundable, status, the_loan
from tests.library import ACopy, AMember, act, add_copy, lend, pass_days, row, rows, take_back


@pytest.fixture
def lent(library: Library, member: AMember) -> ACopy:
    policy(library)
    copy = add_copy(library, price=PRICE, volume_no="2")
    lend(library, member, copy)
    return copy


def replace(library: Library, copy: ACopy, *, confirm: str = "", **replacement: Any) -> object:
    answer = Answer(confirm=frozenset({confirm}))
    return replace_in_kind(library, ReplaceRequest(copy.barcode, Replacement(**replacement), answer), act(library))


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, LossRefused), outcome
    return [refusal.code for refusal in outcome.refusals]


def test_the_new_copy_has_its_own_number_and_the_old_one_names_it(
    library: Library, member: AMember, lent: ACopy
) -> None:
    pass_days(library, 20)
    lose(library, lent)
    outcome = replace(library, lent)
    assert isinstance(outcome, Replaced)
    old, new = row(library, Item, lent.id), row(library, Item, outcome.new_item_id)
    assert (old.status, old.replaced_by) == (ItemStatus.REPLACED, new.id)
    assert (new.title_id, new.volume_no, new.status) == (old.title_id, "2", ItemStatus.AVAILABLE)
    assert (new.accession_no, new.price, new.condition) == (old.accession_no + 1, PRICE, Condition.NEW)
    assert the_loan(library, lent).ended_as is LoanEnd.REPLACED
    assert balance(library, member) == FEE + 2_500  # the fee and the fine remain
    assert check_library(library).broken == ()


def test_the_debt_is_settled_by_a_credit_in_kind_without_a_receipt(library: Library, lent: ACopy) -> None:
    lose(library, lent)
    assert isinstance(replace(library, lent), Replaced)
    (line,) = rows(library, LedgerLine, kind=LedgerKind.PAYMENT)
    assert (line.method, line.amount, line.receipt_id) == (PaymentMethod.IN_KIND, -PRICE, None)
    assert rows(library, Receipt) == []


def test_a_book_never_declared_lost_is_replaced_in_one_step(library: Library, member: AMember, lent: ACopy) -> None:
    assert isinstance(replace(library, lent, barcode="NEW-1", price=120_000), Replaced)
    loan = the_loan(library, lent)
    assert (loan.ended_as, loan.lost_on) == (LoanEnd.REPLACED, loan.effective_in_on)
    assert balance(library, member) == FEE
    (new,) = rows(library, Item, barcode="NEW-1")
    assert new.price == 120_000


def test_what_had_been_paid_in_money_is_the_readers_again(library: Library, member: AMember, lent: ACopy) -> None:
    lose(library, lent)
    credit(library, member, LedgerKind.PAYMENT, 30_000)
    credit(library, member, LedgerKind.PAYMENT, FEE, LedgerKind.PROCESSING_FEE)
    outcome = replace(library, lent)
    assert isinstance(outcome, Replaced)
    assert (outcome.settled, outcome.credit) == (60_000, 30_000)
    assert (balance(library, member), refundable(library, member)) == (-30_000, 30_000)


def test_a_damaged_copy_is_replaced_too(library: Library, member: AMember, lent: ACopy) -> None:
    take_back(library, lent)
    damaged = note_damage(library, DamageRequest(lent.barcode, "برگ‌ها پاره است", 40_000), act(library))
    assert isinstance(damaged, Damaged)
    outcome = replace(library, lent)
    assert isinstance(outcome, Replaced)
    assert outcome.settled == 40_000
    assert balance(library, member) == 0
    assert status(library, lent) is ItemStatus.REPLACED
    assert the_loan(library, lent).ended_as is LoanEnd.RETURNED
    assert check_library(library).broken == ()


def test_a_copy_registered_before_may_stand_in(library: Library, lent: ACopy) -> None:
    brought = add_copy(library, lent.title_id)
    outcome = replace(library, lent, existing=brought.barcode)
    assert isinstance(outcome, Replaced)
    assert outcome.new_item_id == brought.id
    assert len(rows(library, Item)) == 2


def test_another_title_only_if_the_librarian_says_so(library: Library, lent: ACopy) -> None:
    other = add_copy(library, "کتاب دیگر")
    assert codes(replace(library, lent, existing=other.barcode)) == ["replacement.other_title"]
    assert isinstance(replace(library, lent, existing=other.barcode, confirm="replacement.other_title"), Replaced)


def test_one_copy_stands_in_for_one_loss(library: Library, member: AMember, lent: ACopy) -> None:
    brought, second = add_copy(library, lent.title_id), add_copy(library, lent.title_id)
    lend(library, member, second)
    assert isinstance(replace(library, lent, existing=brought.barcode), Replaced)
    assert codes(replace(library, second, existing=brought.barcode)) == ["replacement.not_free"]
    assert codes(replace(library, second, existing=second.barcode)) == ["replacement.not_free"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"barcode": "کتاب"}, "field.invalid"),
        ({"price": -1}, "field.invalid"),
        ({"barcode": "RAF-000001"}, "item.barcode_taken"),
    ],
)
def test_a_wrong_form_is_refused_and_nothing_is_half_done(
    fields: dict[str, Any], code: str, library: Library, lent: ACopy
) -> None:
    assert codes(replace(library, lent, **fields)) == [code]
    assert len(rows(library, Item)) == 1
    assert status(library, lent) is ItemStatus.ON_LOAN


def test_the_policy_may_want_money(library: Library, member: AMember) -> None:
    policy(library, in_kind=False)
    copy = add_copy(library, price=PRICE)
    lend(library, member, copy)
    assert codes(replace(library, copy)) == ["replacement.not_allowed"]


def test_after_the_price_was_paid_it_is_too_late(library: Library, member: AMember, lent: ACopy) -> None:
    lose(library, lent)
    credit(library, member, LedgerKind.PAYMENT, PRICE)
    assert codes(replace(library, lent)) == ["replacement.paid"]


def test_a_second_time_changes_nothing(library: Library, lent: ACopy) -> None:
    replace(library, lent)
    assert isinstance(replace(library, lent), AlreadySo)
    assert len(rows(library, Item)) == 2


def test_unknown_codes_are_told(library: Library, lent: ACopy) -> None:
    assert isinstance(replace(library, lent, existing="RAF-9999"), NotFound)
    nowhere = ACopy(lent.id, lent.title_id, "RAF-9999", 0)
    assert isinstance(replace(library, nowhere), NotFound)
