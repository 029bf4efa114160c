"""Damage: on the copy, on the reader's account, on record; and the repair."""

from typing import Any

import pytest

from app.check import check_library
from app.circulation.lost.damage import DamageRequest, note_damage, note_repair
from app.circulation.lost.facts import AlreadySo, Damaged, LossRefused, Repaired
from app.library import Library
from app.undo import Undone, undo_last
from db.codes import Condition, IncidentState, ItemStatus, LedgerKind, Role
from db.models.circulation import LedgerLine
from db.models.items import Item, ItemStatusChange
from db.models.members import Incident
from tests.app.circulation.lost.cases import balance, debts
from tests.library import ACopy, AMember, act, add_copy, change, lend, pass_days, row, rows, take_back

TORN = "جلد پاره شده است"


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, LossRefused), outcome
    return [refusal.code for refusal in outcome.refusals]


def test_the_reader_who_had_it_last_is_charged(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    take_back(library, copy)
    pass_days(library, 3)
    outcome = note_damage(library, DamageRequest(copy.barcode, TORN, 25_000), act(library))
    assert isinstance(outcome, Damaged)
    assert outcome.member is not None
    assert outcome.member.id == member.id
    (debt,) = debts(library, member, LedgerKind.DAMAGE)
    assert (debt.line.amount, debt.line.reason) == (25_000, TORN)
    assert row(library, Item, copy.id).condition is Condition.DAMAGED
    (noted,) = rows(library, ItemStatusChange, item_id=copy.id)
    assert (noted.why, noted.remark, noted.was, noted.became) == (
        "damaged", TORN, ItemStatus.AVAILABLE, ItemStatus.AVAILABLE,
    )  # fmt: skip
    assert check_library(library).broken == ()


def test_damage_may_be_noted_on_a_lent_copy_without_money(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    request = DamageRequest(copy.barcode, TORN, condition=Condition.UNBINDABLE)
    assert isinstance(note_damage(library, request, act(library)), Damaged)
    assert rows(library, LedgerLine) == []
    item = row(library, Item, copy.id)
    assert (item.condition, item.status) == (Condition.UNBINDABLE, ItemStatus.ON_LOAN)


def test_it_may_go_to_the_committee(library: Library, member: AMember, copy: ACopy) -> None:
    """000 §3-3-1, §3-4: damage to theses and reference books is a matter for the committee."""
    lend(library, member, copy)
    note_damage(library, DamageRequest(copy.barcode, TORN, incident=True), act(library))
    (incident,) = rows(library, Incident)
    assert (incident.member_id, incident.item_id, incident.state) == (member.id, copy.id, IncidentState.OPEN)
    assert incident.account == TORN


@pytest.mark.parametrize(
    ("source", "fields", "code"),
    [
        ("nobody had it", {"charge": 1_000}, "charge.nobody"),
        ("nobody had it", {"incident": True}, "charge.nobody"),
        ("bad input", {"charge": -5}, "field.invalid"),
        ("a note is required", {"note": "  "}, "field.required"),
    ],
)
def test_what_is_refused(source: str, fields: dict[str, Any], code: str, library: Library, copy: ACopy) -> None:
    request = DamageRequest(**({"item": copy.barcode, "note": TORN} | fields))
    assert code in codes(note_damage(library, request, act(library))), source
    assert row(library, Item, copy.id).condition is Condition.GOOD


def test_a_trainee_may_not(library: Library, copy: ACopy) -> None:
    request = DamageRequest(copy.barcode, TORN)
    assert codes(note_damage(library, request, act(library, Role.TRAINEE))) == ["role.not_allowed"]


def test_a_weeded_copy_is_out_of_it(library: Library, copy: ACopy) -> None:
    change(library, Item, copy.id, status=ItemStatus.WEEDED_WORN)
    assert codes(note_damage(library, DamageRequest(copy.barcode, TORN), act(library))) == ["item.withdrawn"]


def test_the_same_damage_twice_is_one(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    request = DamageRequest(copy.barcode, TORN, 25_000)
    note_damage(library, request, act(library))
    assert isinstance(note_damage(library, request, act(library)), AlreadySo)
    assert balance(library, member) == 25_000


def test_ctrl_z_takes_damage_back(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    note_damage(library, DamageRequest(copy.barcode, TORN, 25_000, incident=True), act(library))
    assert isinstance(undo_last(library, act(library)), Undone)
    assert balance(library, member) == 0
    assert row(library, Item, copy.id).condition is Condition.GOOD
    assert rows(library, Incident) == []
    assert check_library(library).broken == ()


def test_a_repair_makes_it_whole_and_leaves_the_debt(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    note_damage(library, DamageRequest(copy.barcode, TORN, 25_000), act(library))
    assert isinstance(note_repair(library, copy.barcode, act(library)), Repaired)
    assert row(library, Item, copy.id).condition is Condition.GOOD
    assert balance(library, member) == 25_000
    assert isinstance(note_repair(library, copy.barcode, act(library)), AlreadySo)


def test_only_worn_after_the_repair(library: Library) -> None:
    copy = add_copy(library, condition=Condition.DAMAGED)
    outcome = note_repair(library, copy.barcode, act(library), Condition.WORN, "شیرازه دوخته شد")
    assert isinstance(outcome, Repaired)
    assert row(library, Item, copy.id).condition is Condition.WORN
