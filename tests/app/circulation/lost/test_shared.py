"""Losses, clearance, bans and incidents on PostgreSQL: the same answers, and nothing broken."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.check import check_library
from app.circulation.lost.ageing import age_long_overdue
from app.circulation.lost.claims import ClaimClosing, ClaimEnd, ClaimRequest, claim_returned, close_claim
from app.circulation.lost.damage import DamageRequest, note_damage
from app.circulation.lost.facts import Claimed, ClaimKept, Damaged, Found, Replaced
from app.circulation.lost.finding import find_again
from app.circulation.lost.queries import CaseKind, loss_cases
from app.circulation.lost.replacing import ReplaceRequest, replace_in_kind
from app.clearance.batch import BatchRequest, clear_list
from app.clearance.facts import BatchReport, ClearanceRefused
from app.clearance.queries import latest_certificates
from app.clearance.service import ClearRequest, clear
from app.clearance.verify import Verdict, verify
from app.library import Library
from app.members.incidents import IncidentForm, add_incident, incidents
from app.members.restrictions import BanForm, Lifted, bans_in_force, restrict, unrestrict
from tests.app.circulation.lost.cases import PRICE, balance, lose, policy
from tests.app.clearance.people import PlainPrinter, a_list, cleared
from tests.library import act, add_copy, add_member, lend, pass_days, take_back
from tests.shared import desks


@pytest.fixture
def library() -> Iterator[Library]:
    with desks(1) as (library,):
        yield library


def test_losses_on_a_shared_database(library: Library) -> None:
    policy(library, long_overdue_days=40)
    member = add_member(library)
    copies = [add_copy(library, price=PRICE) for _ in range(5)]
    for copy in copies:
        lend(library, member, copy)
    take_back(library, copies[4])
    lose(library, copies[0])
    assert isinstance(find_again(library, copies[0].barcode, act(library)), Found)
    assert isinstance(replace_in_kind(library, ReplaceRequest(copies[1].barcode), act(library)), Replaced)
    assert isinstance(claim_returned(library, ClaimRequest(copies[2].barcode), act(library)), Claimed)
    assert isinstance(note_damage(library, DamageRequest(copies[4].barcode, "پاره", 5_000), act(library)), Damaged)
    pass_days(library, 90)
    assert age_long_overdue(library, act(library), act(library).day).loans == 1
    with library.store.read() as reader:
        kinds = {case.kind for case in loss_cases(reader, act(library).day)}
    assert kinds == {CaseKind.LOST, CaseKind.CLAIMED, CaseKind.DAMAGED}
    closing = ClaimClosing(copies[2].barcode, ClaimEnd.KEPT)
    assert isinstance(close_claim(library, closing, act(library)), ClaimKept)
    assert balance(library, member) > 0
    assert check_library(library).broken == ()


def test_clearance_on_a_shared_database(library: Library, tmp_path: Path) -> None:
    free, owing = add_member(library), add_member(library)
    lend(library, owing, add_copy(library))
    _, paper = cleared(library, free)
    assert verify(library, paper.code).verdict is Verdict.VALID
    assert verify(library, paper.qr).verdict is Verdict.UNSIGNED  # a shared database has no key of one device
    outcome = clear(library, ClearRequest(owing.card), PlainPrinter(), act(library))
    assert isinstance(outcome, ClearanceRefused)
    path = a_list(tmp_path, f"{free.number}\n{owing.number}\n")
    report = clear_list(library, BatchRequest(path, certify=True), PlainPrinter(), act(library))
    assert isinstance(report, BatchReport)
    assert [str(line.result) for line in report.lines] == ["already_done", "refused"]
    with library.store.read() as reader:
        assert [row.number for row in latest_certificates(reader)] == [1]
    assert check_library(library).broken == ()


def test_bans_and_incidents_on_a_shared_database(library: Library) -> None:
    member = add_member(library)
    restrict(library, BanForm(member.card, "بی‌نظمی"), act(library))
    add_incident(library, IncidentForm(member.card, "شرح", str(add_copy(library).accession_no)), act(library))
    with library.store.read() as reader:
        assert len(bans_in_force(reader, act(library).day)) == 1
        assert incidents(reader, member.id)[0].accession_no == 1
    assert isinstance(unrestrict(library, member.card, "پوزش", act(library)), Lifted)
