"""The list of open cases: what is on it, with which money, and that nothing else is."""

import datetime as dt

from app.circulation.lost.claims import ClaimRequest, claim_returned
from app.circulation.lost.damage import DamageRequest, note_damage
from app.circulation.lost.queries import CaseKind, LossCase, loss_cases
from app.library import Library
from db.codes import LedgerKind
from tests.app.circulation.lost.cases import FEE, PRICE, credit, lose, policy
from tests.library import AMember, act, add_copy, lend, pass_days, take_back


def cases(library: Library, kind: CaseKind | None = None) -> list[LossCase]:
    with library.store.read() as reader:
        return loss_cases(reader, act(library).day, kind)


def test_each_kind_is_found_with_its_money(library: Library, member: AMember) -> None:
    policy(library)
    lost, claimed, late, damaged, missing, sound = (add_copy(library, price=PRICE) for _ in range(6))
    for copy in (damaged, lost, claimed, late, sound):
        lend(library, member, copy)
    take_back(library, damaged)
    note_damage(library, DamageRequest(damaged.barcode, "خیس شده", 15_000), act(library))
    pass_days(library, 14 + 31)
    take_back(library, sound)
    lose(library, lost)
    lose(library, missing)
    claim_returned(library, ClaimRequest(claimed.barcode), act(library))
    credit(library, member, LedgerKind.PAYMENT, 30_000)
    found = {case.kind: case for case in cases(library)}
    assert {kind: case.barcode for kind, case in found.items()} == {
        CaseKind.LOST: lost.barcode,
        CaseKind.CLAIMED: claimed.barcode,
        CaseKind.LONG_OVERDUE: late.barcode,
        CaseKind.DAMAGED: damaged.barcode,
        CaseKind.MISSING: missing.barcode,
    }
    assert (found[CaseKind.LOST].charged, found[CaseKind.LOST].owed) == (PRICE + FEE, 60_000 + FEE)
    assert (found[CaseKind.DAMAGED].charged, found[CaseKind.DAMAGED].owed) == (15_000, 15_000)
    assert found[CaseKind.MISSING].member_name == ""
    assert found[CaseKind.DAMAGED].member_name == "مریم رضایی"
    assert found[CaseKind.LOST].since == act(library).day
    assert isinstance(found[CaseKind.DAMAGED].since, dt.date)


def test_a_late_book_is_no_case_for_thirty_days(library: Library, member: AMember) -> None:
    policy(library)
    lend(library, member, add_copy(library))
    pass_days(library, 14 + 30)
    assert cases(library) == []
    pass_days(library, 1)
    assert [case.kind for case in cases(library)] == [CaseKind.LONG_OVERDUE]


def test_a_loss_that_was_paid_leaves_the_list(library: Library, member: AMember) -> None:
    policy(library)
    copy = add_copy(library, price=PRICE)
    lend(library, member, copy)
    lose(library, copy)
    credit(library, member, LedgerKind.PAYMENT, PRICE)
    assert cases(library, CaseKind.LOST) == []
