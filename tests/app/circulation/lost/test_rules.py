"""The rules of lost and damaged copies as tables; each row names where it comes from.

000: the university's rules; n: circulation-anchors; p: desk-protocol (policy parameters).
"""

import datetime as dt
import uuid
from typing import Any

import pytest

from app.circulation.lost.rules import found_refusals, lost_refusals, replaced_refusals, replacement_price
from app.ledger.lines import Debt, Line
from app.refusal import Weight
from db.codes import ItemStatus, LedgerKind, LoanEnd
from tests.app.circulation.facts import TODAY, days, item, loan, terms

PRICES = [
    # source, charge, price, parameters, wanted
    ("n C24", None, 90_000, {}, 90_000),
    ("n C24", None, 90_000, {"default_price": 50_000}, 90_000),
    ("p default_price", None, None, {"default_price": 50_000}, 50_000),
    ("p default_price", None, 0, {"default_price": 50_000}, 50_000),
    ("p default_price", None, None, {}, None),
    ("p default_price", None, 0, {}, None),
    ("p item.lost charge", 70_000, 90_000, {}, 70_000),
    ("p item.lost charge", 70_000, None, {}, 70_000),
    ("p item.lost charge", 0, 90_000, {}, 0),
    ("p charge_replacement", None, 90_000, {"charge_replacement": False}, 0),
    ("p charge_replacement", None, None, {"charge_replacement": False}, 0),
    ("p charge_replacement", 40_000, None, {"charge_replacement": False}, 40_000),
]


@pytest.mark.parametrize(("source", "charge", "price", "parameters", "wanted"), PRICES)
def test_what_a_lost_copy_costs(
    source: str, charge: int | None, price: int | None, parameters: dict[str, object], wanted: int | None
) -> None:
    assert replacement_price(charge, price, terms(**parameters)) == wanted, source


ON_LOAN, FREE = ItemStatus.ON_LOAN, ItemStatus.AVAILABLE
LOSSES = [
    # source, status, lent, charge, price, parameters, codes
    ("000 §3-1-2", ON_LOAN, True, None, 90_000, {}, ()),
    ("000 §3-1-2", ON_LOAN, True, None, None, {"default_price": 1}, ()),
    ("000 §3-1-2", ON_LOAN, True, 0, None, {}, ()),
    ("p price unknown", ON_LOAN, True, None, None, {}, ("price.unknown",)),
    ("p charge_replacement", ON_LOAN, True, None, None, {"charge_replacement": False}, ()),
    ("bad input: negative", ON_LOAN, True, -1, 90_000, {}, ("field.invalid",)),
    ("bad input: beyond money", ON_LOAN, True, 10**15, 90_000, {}, ("field.invalid",)),
    ("002 م8-3: missing", FREE, False, None, None, {}, ()),
    ("002 م8-6: unknown", ItemStatus.UNKNOWN, False, None, None, {}, ()),
    ("nobody to charge", FREE, False, 50_000, None, {}, ("charge.nobody",)),
    ("002 م13-11", ItemStatus.IN_BINDING, False, None, None, {}, ("item.in_binding",)),
    ("002 م8-1", ItemStatus.WEEDED_WORN, False, None, None, {}, ("item.withdrawn",)),
    ("002 م8-1", ItemStatus.WEEDED_CONTENT, True, None, 90_000, {}, ("item.withdrawn",)),
    ("000 §3-1-2: replaced", ItemStatus.REPLACED, False, None, None, {}, ("item.withdrawn",)),
]


@pytest.mark.parametrize(("source", "status", "lent", "charge", "price", "parameters", "codes"), LOSSES)
def test_what_speaks_against_declaring_lost(
    source: str, status: ItemStatus, lent: bool, charge: int | None, price: int | None,
    parameters: dict[str, object], codes: tuple[str, ...],
) -> None:  # fmt: skip
    found = lost_refusals(item(status=status, price=price), loan() if lent else None, charge, terms(**parameters))
    assert tuple(refusal.code for refusal in found) == codes, source


LOST = ItemStatus.LOST
FINDS = [
    # source, status, loan, codes
    ("n 3.2 WasLost", LOST, loan(lost_on=TODAY), ()),
    ("n 3.2 WasLost", LOST, None, ()),
    ("002 م8-6", ItemStatus.MISSING, None, ()),
    ("002 م8-6", ItemStatus.UNKNOWN, None, ()),
    ("n 3.2 ReturnClaims", ON_LOAN, loan(claimed_returned_on=TODAY), ()),
    ("not lost", ON_LOAN, loan(), ("item.not_lost",)),
    ("000 §3-1-2: replaced", ItemStatus.REPLACED, None, ("item.was_replaced",)),
    ("002 م8-4", ItemStatus.WEEDED_WORN, None, ("item.withdrawn",)),
    ("002 م8-4", ItemStatus.WEEDED_DUPLICATE, loan(lost_on=TODAY), ("item.withdrawn",)),
    ("002 م13-11", ItemStatus.IN_BINDING, None, ("item.in_binding",)),
    ("on its way", ItemStatus.IN_TRANSIT, None, ("item.in_transit",)),
    ("not lost", FREE, None, ("item.not_lost",)),
]


@pytest.mark.parametrize(("source", "status", "on_loan", "codes"), FINDS)
def test_what_speaks_against_a_find(source: str, status: ItemStatus, on_loan: Any, codes: tuple[str, ...]) -> None:
    assert tuple(refusal.code for refusal in found_refusals(item(status=status), on_loan)) == codes, source


def test_a_replaced_copy_may_come_back_if_asked() -> None:
    (asked,) = found_refusals(item(status=ItemStatus.REPLACED), None)
    assert asked.weight is Weight.CONFIRM


def debt(unsettled: int) -> Debt:
    at = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    line = Line(
        id=uuid.uuid4(), member_id=None, loan_id=None, kind=LedgerKind.LOST_ITEM, amount=90_000, at=at, day=TODAY,
        method=None, reference=None, due_on=None, opposes=None, settles=None, receipt_id=None, amnesty_id=None,
        cash_session_id=None, reason=None, staff_id=uuid.uuid4(), approved_by=None,
    )  # fmt: skip
    return Debt(line, (), unsettled, unsettled)


OVER = {"in_at": dt.datetime(2026, 11, 21, tzinfo=dt.UTC), "effective_in_on": TODAY}
REPLACEMENTS = [
    # source, status, loan, what is still owed for it, parameters, codes
    ("000 §3-1-2 lost", LOST, loan(lost_on=TODAY), [90_000], {}, ()),
    ("000 §3-1-2 lost, not told before", ON_LOAN, loan(), [], {}, ()),
    ("000 §3-1-2 damaged", FREE, loan(**OVER), [90_000], {}, ()),
    ("000 §3-1-2 partly paid", FREE, loan(**OVER), [10_000], {}, ()),
    ("p in_kind", LOST, loan(lost_on=TODAY), [90_000], {"in_kind": False}, ("replacement.not_allowed",)),
    ("nobody had it", FREE, None, [], {}, ("replacement.no_loss",)),
    ("nothing is owed", FREE, loan(**OVER), [], {}, ("replacement.no_loss",)),
    ("damage is paid", FREE, loan(**OVER), [0], {}, ("replacement.no_loss",)),
    ("price is paid", LOST, loan(**OVER, lost_on=TODAY, ended_as=LoanEnd.PAID), [0], {}, ("replacement.paid",)),
    ("002 م8-1", ItemStatus.WEEDED_WORN, loan(), [], {}, ("item.withdrawn",)),
    (
        "all reasons at once",
        ItemStatus.WEEDED_WORN,
        None,
        [],
        {"in_kind": False},
        ("replacement.not_allowed", "item.withdrawn", "replacement.no_loss"),
    ),
]


@pytest.mark.parametrize(("source", "status", "of", "owed", "parameters", "codes"), REPLACEMENTS)
def test_what_speaks_against_settling_in_kind(
    source: str, status: ItemStatus, of: Any, owed: list[int], parameters: dict[str, object], codes: tuple[str, ...]
) -> None:
    found = replaced_refusals(item(status=status), of, [debt(one) for one in owed], terms(**parameters))
    assert tuple(refusal.code for refusal in found) == codes, source


def test_the_refusal_of_a_price_names_the_rule_that_could_give_it() -> None:
    (refusal,) = lost_refusals(item(status=ON_LOAN), loan(due_on=days(3)), None, terms())
    assert refusal.rule == "default"
