"""A ban for lateness without an end stands until the last late book is settled, however it is."""

import pytest

from app.circulation.lost.declaring import LostRequest, declare_lost
from app.circulation.lost.finding import find_again
from app.circulation.lost.replacing import ReplaceRequest, replace_in_kind
from app.library import Library
from db.codes import RestrictionKind
from db.models.members import Restriction
from tests.library import ACopy, AMember, act, add_copy, lend, pass_days, put_policy, rows, take_back


def lay(library: Library, member: AMember) -> None:
    with library.store.write() as tx:
        tx.insert(
            Restriction, member_id=member.id, kind=RestrictionKind.OVERDUE, until=None, reason="دیرکرد",
            author_id=act(library).staff_id, laid_at=act(library).at,
        )  # fmt: skip
        tx.record("member.restricted", act(library))


def lifted(library: Library) -> bool:
    (ban,) = rows(library, Restriction)
    return ban.lifted_at is not None


@pytest.fixture
def late(library: Library, member: AMember) -> list[ACopy]:
    put_policy(library, {"loan_days": 14, "overdues_block": "no"})
    copies = [add_copy(library, price=90_000) for _ in range(2)]
    for copy in copies:
        lend(library, member, copy)
    pass_days(library, 30)
    lay(library, member)
    return copies


def find(library: Library, copy: ACopy) -> None:
    declare_lost(library, LostRequest(copy.barcode), act(library))
    find_again(library, copy.barcode, act(library))


def replace(library: Library, copy: ACopy) -> None:
    replace_in_kind(library, ReplaceRequest(copy.barcode), act(library))


@pytest.mark.parametrize("settle", [find, replace, take_back], ids=["found", "replaced", "returned"])
def test_the_last_late_book_ends_it(settle: object, library: Library, late: list[ACopy]) -> None:
    assert callable(settle)
    settle(library, late[0])
    assert not lifted(library)
    settle(library, late[1])
    assert lifted(library)
