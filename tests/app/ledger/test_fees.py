"""What a membership costs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.ledger.fees import charge_membership
from app.library import Library
from db.codes import LedgerKind
from db.models.circulation import LedgerLine
from tests.library import act, add_member, found, rows


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.mark.parametrize(
    ("category", "card", "lines"),
    [  # جدول حق عضویت استان مرکزی، ۱۳۹۸
        ("ordinary", True, {LedgerKind.MEMBERSHIP_FEE: 20_000, LedgerKind.CARD_FEE: 5_000}),
        ("ordinary", False, {LedgerKind.MEMBERSHIP_FEE: 20_000}),
        ("half_price", False, {LedgerKind.MEMBERSHIP_FEE: 10_000}),
        ("free", True, {LedgerKind.CARD_FEE: 5_000}),
        ("free", False, {}),
    ],
)
def test_fee_and_card_are_charged_by_the_policy(
    library: Library, category: str, card: bool, lines: dict[LedgerKind, int]
) -> None:
    member = add_member(library, category)
    with library.store.write() as tx:
        total = charge_membership(library, tx, member.id, category, act(library), card=card)
        if lines:
            tx.record("debt.charged", act(library))
    assert total == sum(lines.values())
    assert {line.kind: line.amount for line in rows(library, LedgerLine)} == lines


def test_the_kanoon_takes_its_yearly_fee(tmp_path: Path) -> None:
    """004 الف-1-4: 350,000 rials a year."""
    library = found(tmp_path, "kanoon")
    with library.store:
        member = add_member(library, "member")
        with library.store.write() as tx:
            assert charge_membership(library, tx, member.id, "member", act(library), card=False) == 350_000
            tx.record("debt.charged", act(library))


def test_a_card_alone_costs_no_fee(library: Library) -> None:
    member = add_member(library)
    with library.store.write() as tx:
        assert charge_membership(library, tx, member.id, "ordinary", act(library), card=True, fee=False) == 5_000
        tx.record("debt.charged", act(library))
