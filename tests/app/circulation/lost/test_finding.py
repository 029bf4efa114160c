"""Lost copies that turn up: where they go next, and what is not a find."""

from typing import Any

from app.circulation.lost.facts import AlreadySo, Found, LossRefused
from app.circulation.lost.finding import find_again
from app.circulation.lost.replacing import ReplaceRequest, replace_in_kind
from app.library import Library
from app.outcome import NotFound
from app.refusal import Answer
from db.codes import HoldState, ItemStatus, LoanEnd, RestrictionKind, Role
from db.models.circulation import Hold, Loan
from db.models.items import Item
from db.models.members import Restriction
from tests.app.circulation.lost.cases import PRICE, balance, lose, policy, status, the_loan
from tests.library import ACopy, AMember, act, add_copy, add_member, lend, pass_days, place_hold, row, rows


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, LossRefused), outcome
    return [refusal.code for refusal in outcome.refusals]


def test_a_missing_copy_is_available_again(library: Library, copy: ACopy) -> None:
    lose(library, copy)
    found = find_again(library, copy.barcode, act(library))
    assert isinstance(found, Found)
    assert status(library, copy) is ItemStatus.AVAILABLE
    assert (found.refund.cancelled, found.refund.credit) == (0, 0)


def test_a_copy_that_somebody_waits_for_goes_to_the_hold_shelf(library: Library, member: AMember, copy: ACopy) -> None:
    hold = place_hold(library, member, copy)
    lose(library, copy)
    found = find_again(library, copy.barcode, act(library))
    assert isinstance(found, Found)
    assert found.hold_for is not None
    assert found.hold_for.id == member.id
    assert row(library, Hold, hold).state is HoldState.WAITING


def test_the_ban_for_the_days_it_was_late_is_laid_with_the_find(library: Library, member: AMember) -> None:
    policy(library, ban_days_per_late_day=2)
    copy = add_copy(library, price=PRICE)
    lend(library, member, copy)
    pass_days(library, 20)
    lose(library, copy)
    assert rows(library, Restriction) == []
    found = find_again(library, copy.barcode, act(library))
    assert isinstance(found, Found)
    (ban,) = rows(library, Restriction)
    assert (ban.kind, ban.until) == (RestrictionKind.OVERDUE, found.restricted_until)


def test_what_is_here_already_is_not_found_again(library: Library, copy: ACopy) -> None:
    assert isinstance(find_again(library, copy.barcode, act(library)), AlreadySo)


def test_a_copy_that_is_simply_lent_is_not_found(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    assert codes(find_again(library, copy.barcode, act(library))) == ["item.not_lost"]
    assert the_loan(library, copy).in_at is None


def test_a_replaced_copy_comes_back_as_one_more_only_if_asked(library: Library, member: AMember) -> None:
    policy(library)
    copy = add_copy(library, price=PRICE)
    lend(library, member, copy)
    lose(library, copy)
    replace_in_kind(library, ReplaceRequest(copy.barcode), act(library))
    assert codes(find_again(library, copy.barcode, act(library))) == ["item.was_replaced"]
    before = balance(library, member)
    yes = Answer(confirm=frozenset({"item.was_replaced"}))
    assert isinstance(find_again(library, copy.barcode, act(library), yes), Found)
    item = row(library, Item, copy.id)
    assert (item.status, item.replaced_by) == (ItemStatus.AVAILABLE, None)
    assert balance(library, member) == before
    assert len(rows(library, Item, title_id=copy.title_id)) == 2


def test_the_reader_who_has_it_next_is_not_touched(library: Library, member: AMember) -> None:
    """A copy paid by one reader, found, and lent to another: its next find is not a refund to anybody."""
    policy(library)
    copy, other = add_copy(library, price=PRICE), add_member(library)
    lend(library, member, copy)
    lose(library, copy)
    find_again(library, copy.barcode, act(library))
    lend(library, other, copy)
    assert codes(find_again(library, copy.barcode, act(library))) == ["item.not_lost"]
    assert (balance(library, member), balance(library, other)) == (0, 0)
    assert [loan.ended_as for loan in sorted(rows_of(library, copy), key=lambda loan: loan.out_at)] == [
        LoanEnd.RETURNED,
        None,
    ]


def rows_of(library: Library, copy: ACopy) -> list[Any]:
    return rows(library, Loan, item_id=copy.id)


def test_a_trainee_may_not(library: Library, copy: ACopy) -> None:
    lose(library, copy)
    assert codes(find_again(library, copy.barcode, act(library, Role.TRAINEE))) == ["role.not_allowed"]


def test_an_unknown_code_is_told(library: Library) -> None:
    assert isinstance(find_again(library, "RAF-999999", act(library)), NotFound)
