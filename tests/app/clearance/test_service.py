"""Clearing a reader: number, frozen paper, the end of cards and holds; or every reason against it."""

import hashlib
from typing import Any

import pytest

from app.check import check_library
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.lost.declaring import LostRequest, declare_lost
from app.circulation.outcomes import CheckoutRefused
from app.clearance.facts import ClearanceRefused, Cleared, MayBeCleared
from app.clearance.reads import certificate_pdf
from app.clearance.service import ClearRequest, check_clearance, clear
from app.library import Library
from app.members.service import Prolonged, renew_member
from app.outcome import NotFound
from app.refusal import Answer
from db.codes import CardState, DocumentKind, HoldState, LedgerKind, MemberState, Role
from db.models.circulation import Clearance, Hold, LedgerLine
from db.models.collection import Document
from db.models.members import Member, MemberCard
from db.models.sync import Device
from tests.app.clearance.people import PlainPrinter, cleared
from tests.library import (
    TODAY,
    AMember,
    act,
    add_copy,
    add_member,
    change,
    lend,
    pass_days,
    place_hold,
    put_policy,
    row,
    rows,
    take_back,
)


def codes(outcome: object) -> list[tuple[str, int | None]]:
    assert isinstance(outcome, ClearanceRefused), outcome
    return [(refusal.code, refusal.have) for refusal in outcome.refusals]


def ask(library: Library, member: AMember, **fields: Any) -> object:
    return clear(library, ClearRequest(member.card, **fields), PlainPrinter(), act(library))


def charge(library: Library, member: AMember, amount: int) -> None:
    with library.store.write() as tx:
        tx.insert(
            LedgerLine, member_id=member.id, kind=LedgerKind.CARD_FEE, amount=amount, at=act(library).at, day=TODAY,
            staff_id=act(library).staff_id,
        )  # fmt: skip
        tx.record("charge.made", act(library))


def test_who_owes_nothing_is_cleared(library: Library, member: AMember) -> None:
    outcome, paper = cleared(library, member, "فراغت از تحصیل")
    assert outcome.certificate.number == 1
    assert (paper.name, paper.reason, paper.day) == ("مریم رضایی", "فراغت از تحصیل", TODAY)
    assert (paper.signer, paper.category) == ("زهرا کریمی", "عضو عادی")
    assert row(library, Member, member.id).state is MemberState.CLEARED
    (card,) = rows(library, MemberCard, member_id=member.id)
    assert card.state is CardState.RETIRED
    assert check_library(library).broken == ()


def test_the_paper_is_frozen_with_its_hash(library: Library, member: AMember) -> None:
    outcome, paper = cleared(library, member)
    (document,) = rows(library, Document, kind=DocumentKind.CLEARANCE)
    with library.store.read() as reader:
        content = certificate_pdf(reader, outcome.certificate)
    assert content == f"1 {paper.code} مریم رضایی".encode()
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert (document.entity, document.row_id) == ("clearance", outcome.certificate.id)


def test_numbers_have_no_gaps(library: Library) -> None:
    people = [add_member(library) for _ in range(3)]
    lend(library, people[1], add_copy(library))
    outcomes = [ask(library, one) for one in people]
    assert [type(one) for one in outcomes] == [Cleared, ClearanceRefused, Cleared]
    assert sorted(one.number for one in rows(library, Clearance)) == [1, 2]


def test_a_second_time_gives_the_same_number(library: Library, member: AMember) -> None:
    first, _ = cleared(library, member)
    again = ask(library, member)
    assert isinstance(again, Cleared)
    assert again.already
    assert again.certificate == first.certificate


def test_every_reason_is_told_at_once(library: Library, member: AMember) -> None:
    ward = add_member(library, guarantor=member.card)
    put_policy(library, {"loan_days": 14, "overdues_block": "no", "default_price": 50_000})
    held, lost, of_ward = (add_copy(library) for _ in range(3))
    for copy in (held, lost):
        lend(library, member, copy)
    declare_lost(library, LostRequest(lost.barcode), act(library))
    lend(library, ward, of_ward)
    charge(library, ward, 700)
    shelf = add_copy(library)
    place_hold(library, member, shelf, state=HoldState.WAITING, item_id=shelf.id, shelf_since=TODAY, shelf_until=TODAY)
    assert codes(ask(library, member)) == [
        ("clearance.open_loans", 1),
        ("clearance.lost", 1),
        ("clearance.debt", 50_000),
        ("clearance.hold_on_shelf", 1),
        ("clearance.guarantor_loans", 1),
        ("clearance.guarantor_debt", 700),
    ]
    assert rows(library, Clearance) == []


def test_missing_parts_are_owed(library: Library, member: AMember) -> None:
    copy = add_copy(library)
    loan_id = lend(library, member, copy).loan_id
    take_back(library, copy)
    from db.models.circulation import Loan

    change(library, Loan, loan_id, missing_parts="لوح فشرده")
    assert codes(ask(library, member)) == [("clearance.missing_parts", 1)]


def test_money_owed_to_the_reader_is_asked_about(library: Library, member: AMember) -> None:
    charge(library, member, -3_000)
    assert codes(ask(library, member)) == [("clearance.credit", 3_000)]
    assert isinstance(ask(library, member, answer=Answer(confirm=frozenset({"clearance.credit"}))), Cleared)


def test_holds_in_a_queue_end_with_it(library: Library, member: AMember) -> None:
    hold = place_hold(library, member, add_copy(library))
    cleared(library, member)
    after = row(library, Hold, hold)
    assert (after.state, after.end_reason) == (HoldState.CANCELLED, "clearance")


def test_nobody_who_was_cleared_borrows(library: Library, member: AMember) -> None:
    cleared(library, member)
    outcome = check_out(library, CheckoutRequest(member.card, add_copy(library).barcode), act(library))
    assert isinstance(outcome, CheckoutRefused)
    assert "member.cleared" in [refusal.code for refusal in outcome.refusals]


def test_checking_changes_nothing(library: Library, member: AMember) -> None:
    assert isinstance(check_clearance(library, ClearRequest(member.card), act(library)), MayBeCleared)
    assert rows(library, Clearance) == []
    lend(library, member, add_copy(library))
    assert codes(check_clearance(library, ClearRequest(member.card), act(library))) == [("clearance.open_loans", 1)]
    assert isinstance(check_clearance(library, ClearRequest("nobody"), act(library)), NotFound)


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.ASSISTANT, Role.VAN_DRIVER])
def test_who_may_not_clear(role: Role, library: Library, member: AMember) -> None:
    outcome = clear(library, ClearRequest(member.card), PlainPrinter(), act(library, role))
    assert codes(outcome) == [("role.not_allowed", None)]


def test_no_paper_is_dated_by_a_doubtful_clock(library: Library, member: AMember) -> None:
    outcome = clear(library, ClearRequest(member.card), PlainPrinter(), act(library, doubtful=True))
    assert codes(outcome) == [("clock.doubtful", None)]


def test_a_printer_that_fails_leaves_no_number_behind(library: Library, member: AMember) -> None:
    def broken(_: object) -> bytes:
        raise OSError("no paper")

    with pytest.raises(OSError, match="no paper"):
        clear(library, ClearRequest(member.card), broken, act(library))
    assert cleared(library, member)[0].certificate.number == 1


def test_joining_again_revokes_and_the_next_certificate_is_a_new_one(library: Library, member: AMember) -> None:
    cleared(library, member)
    pass_days(library, 10)
    assert isinstance(renew_member(library, member.card, act(library), free=True), Prolonged)
    second, _ = cleared(library, member)
    assert second.certificate.number == 2
    first = next(one for one in rows(library, Clearance) if one.number == 1)
    assert first.revoked_on == act(library).day


def test_the_device_shows_the_key_it_signs_with(library: Library, member: AMember) -> None:
    cleared(library, member)
    with library.store.read() as reader:
        (key,) = reader.connection.execute(Device.__table__.select().with_only_columns(Device.public_key)).scalars()
    assert len(key) == 32
