"""When a reader may be cleared, as a table; each row names its article (000 = the university's rules)."""

from dataclasses import replace

import pytest

from app.clearance.facts import Obligations
from app.clearance.rules import clearance_refusals
from app.refusal import Weight
from db.codes import MemberState
from tests.app.circulation.facts import member

NOTHING = Obligations(0, 0, 0, 0, 0, 0, 0)
ROWS = [
    # source, what binds the reader, state, (code, number) of each refusal
    ("000 §3-1-3-۲ nothing owed", {}, MemberState.ACTIVE, ()),
    ("000 §3-1-3-۲ a book", {"open_loans": 1}, MemberState.ACTIVE, (("clearance.open_loans", 1),)),
    ("000 §3-1-3-۲ several books", {"open_loans": 4}, MemberState.ACTIVE, (("clearance.open_loans", 4),)),
    ("000 §3-1-2 a lost book is owed", {"lost": 1}, MemberState.ACTIVE, (("clearance.lost", 1),)),
    ("000 §3-1-3-۱ fines first", {"balance": 2_500}, MemberState.ACTIVE, (("clearance.debt", 2_500),)),
    ("000 §3-1-3-۲ one rial", {"balance": 1}, MemberState.ACTIVE, (("clearance.debt", 1),)),
    ("n 2.1 C17 parts", {"missing_parts": 2}, MemberState.ACTIVE, (("clearance.missing_parts", 2),)),
    ("a book waits on the hold shelf", {"kept_holds": 1}, MemberState.ACTIVE, (("clearance.hold_on_shelf", 1),)),
    ("000 §3-1-1 surety", {"ward_loans": 3}, MemberState.ACTIVE, (("clearance.guarantor_loans", 3),)),
    ("000 §3-1-1 surety", {"ward_debt": 900}, MemberState.ACTIVE, (("clearance.guarantor_debt", 900),)),
    ("the library owes", {"balance": -90_000}, MemberState.ACTIVE, (("clearance.credit", 90_000),)),
    ("not a member yet", {}, MemberState.PENDING, (("member.pending", None),)),
    ("two cards of one person", {}, MemberState.MERGED, (("clearance.merged", None),)),
    ("000 §3-1-3 joined again after a certificate was revoked", {}, MemberState.CLEARED, ()),
    (
        "all reasons at once",
        {
            "open_loans": 2,
            "lost": 1,
            "balance": 5,
            "missing_parts": 1,
            "kept_holds": 1,
            "ward_loans": 1,
            "ward_debt": 7,
        },
        MemberState.ACTIVE,
        (
            ("clearance.open_loans", 2),
            ("clearance.lost", 1),
            ("clearance.debt", 5),
            ("clearance.missing_parts", 1),
            ("clearance.hold_on_shelf", 1),
            ("clearance.guarantor_loans", 1),
            ("clearance.guarantor_debt", 7),
        ),
    ),
]


@pytest.mark.parametrize(("source", "duties", "state", "wanted"), ROWS)
def test_what_speaks_against_a_certificate(
    source: str, duties: dict[str, int], state: MemberState, wanted: tuple[tuple[str, int | None], ...]
) -> None:
    found = clearance_refusals(member(state=state), replace(NOTHING, **duties))
    assert tuple((refusal.code, refusal.have) for refusal in found) == wanted, source


def test_what_the_library_owes_is_only_asked_about() -> None:
    (asked,) = clearance_refusals(member(), replace(NOTHING, balance=-1))
    assert asked.weight is Weight.CONFIRM
