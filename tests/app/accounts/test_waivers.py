"""Waiving debts."""

import pytest

from app.accounts.agreement import WaiverLimitSet, set_waiver_limit
from app.accounts.outcomes import Waived
from app.accounts.waivers import Waiver, waive
from app.library import Library
from db.act import Act
from db.codes import LedgerKind, Role
from db.models.circulation import LedgerLine
from db.models.library import Staff
from tests.app.accounts.money import account, beside, codes, colleague, owe, paid
from tests.library import AMember, act, change, row, rows

SAID = "نیازمند"


def waived(library: Library, waiver: Waiver) -> Waived:
    outcome = waive(library, waiver, act(library))
    assert isinstance(outcome, Waived), outcome
    return outcome


def of(library: Library, person: object) -> Act:
    """Somebody else acts."""
    return library.act(person)  # type: ignore[arg-type]


def test_a_part_of_the_debt_is_waived_with_its_reason(library: Library, member: AMember) -> None:
    debt = owe(library, member, 10_000)
    outcome = waived(library, Waiver(member.card, SAID, 4_000))
    assert (outcome.amount, outcome.balance) == (4_000, 6_000)
    (line,) = rows(library, LedgerLine, kind=LedgerKind.WAIVER)
    assert (line.amount, line.settles, line.reason, line.receipt_id, line.approved_by) == (
        -4_000, debt, SAID, None, None,
    )  # fmt: skip


def test_without_an_amount_all_that_is_open_of_the_lines_is_waived(library: Library, member: AMember) -> None:
    first, second = owe(library, member, 10_000), owe(library, member, 5_000)
    paid(library, member, 1_000)
    assert waived(library, Waiver(member.card, SAID, lines=(first,))).amount == 9_000
    assert waived(library, Waiver(member.card, SAID)).amount == 5_000
    assert account(library, member).open_debts == ()
    assert second in {line.settles for line in rows(library, LedgerLine, kind=LedgerKind.WAIVER)}


def test_above_an_amount_a_second_person_agrees_with_the_own_pin(library: Library, member: AMember) -> None:
    owe(library, member, 900_000)
    second = colleague(library)
    alone = Waiver(member.card, SAID, 500_001)
    assert codes(waive(library, alone, act(library))) == ["waiver.second_needed"]
    wrong = Waiver(member.card, SAID, 500_001, second=beside(second, "0000"))
    assert codes(waive(library, wrong, act(library))) == ["staff.pin_wrong"]
    assert account(library, member).outstanding == 900_000
    waived(library, Waiver(member.card, SAID, 500_001, second=beside(second)))
    (line,) = rows(library, LedgerLine, kind=LedgerKind.WAIVER)
    assert (line.staff_id, line.approved_by) == (act(library).staff_id, second.id)


def test_up_to_that_amount_one_person_is_enough(library: Library, member: AMember) -> None:
    owe(library, member, 500_000)
    assert waived(library, Waiver(member.card, SAID)).balance == 0


def test_the_amount_can_be_set(library: Library, member: AMember) -> None:
    owe(library, member, 1_000)
    assert set_waiver_limit(library, 0, act(library)) == WaiverLimitSet(0)
    assert codes(waive(library, Waiver(member.card, SAID), act(library))) == ["waiver.second_needed"]
    assert codes(set_waiver_limit(library, -1, act(library))) == ["money.amount"]
    assert codes(set_waiver_limit(library, 5, act(library, Role.LIBRARIAN))) == ["role.not_allowed"]


def test_the_second_person_is_another_one_who_may_waive(library: Library, member: AMember) -> None:
    owe(library, member, 900_000)
    trainee = colleague(library, Role.TRAINEE)
    head = colleague(library, Role.HEAD, "سارا رضوانی")
    by_trainee = Waiver(member.card, SAID, second=beside(trainee))
    assert codes(waive(library, by_trainee, act(library))) == ["waiver.second_not_allowed"]
    oneself = Waiver(member.card, SAID, second=beside(head))
    assert codes(waive(library, oneself, of(library, head))) == ["waiver.second_unfit"]


@pytest.mark.parametrize("by", ["member_id", "card"])
def test_nobody_waives_the_own_debt(library: Library, member: AMember, by: str) -> None:
    """By the staff record, or by a staff card that is a reader's card too."""
    owe(library, member, 600_000)
    columns = {"member_id": member.id} if by == "member_id" else {"card": member.card}
    reader = colleague(library, **columns)
    small = Waiver(member.card, SAID, 1_000)
    assert codes(waive(library, small, of(library, reader))) == ["waiver.own"]
    as_second = Waiver(member.card, SAID, second=beside(reader))
    assert codes(waive(library, as_second, act(library))) == ["waiver.second_unfit"]
    change(library, Staff, reader.id, **dict.fromkeys(columns))
    assert row(library, Staff, reader.id).card is None
    assert isinstance(waive(library, small, of(library, reader)), Waived)
