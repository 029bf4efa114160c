"""Koha's messages of a return, line by line, against a real store; missing parts, condition, claims, bans."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from app.circulation.alerts import AlertForm, add_alert
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.lost.declaring import LostRequest, declare_lost
from app.circulation.outcomes import (
    AlreadyReturned,
    CheckedIn,
    CheckedOut,
    CheckinOutcome,
    CheckinRefused,
    LocalUse,
    ReturnNote,
)
from app.ledger.amnesty import Scope
from app.library import Library
from app.outcome import NotFound
from app.refusal import Answer, Weight
from app.undo import Undone, undo_last
from db.codes import AlertMoment, Channel, Condition, HoldState, ItemStatus, LedgerKind, RestrictionKind, Role
from db.models.circulation import Amnesty, LedgerLine, Loan
from db.models.items import Item
from db.models.members import Alert, Restriction
from tests.library import (
    TODAY,
    ACopy,
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

POLICY = {"loan_days": 14, "fine_per_day": 2_000}


def scan(library: Library, copy: ACopy, role: Role = Role.HEAD, **request: Any) -> CheckinOutcome:
    return check_in(library, CheckinRequest(copy.barcode, **request), act(library, role))


def codes(outcome: CheckinOutcome) -> list[str]:
    assert isinstance(outcome, CheckinRefused), outcome
    return [refusal.code for refusal in outcome.refusals]


def days(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


@dataclass(frozen=True)
class Scene:
    """Somebody has a copy; `arrange` brings about what Koha's message is about."""

    library: Library
    member: AMember
    copy: ACopy

    def lent(self, late: int = 0, **request: Any) -> CheckedOut:
        loan = lend(self.library, self.member, self.copy, **request)
        pass_days(self.library, 14 + late)
        return loan

    def status(self, status: ItemStatus) -> None:
        change(self.library, Item, self.copy.id, status=status)

    def ban(self, **fields: Any) -> None:
        with self.library.store.write() as tx:
            tx.insert(
                Restriction, member_id=self.member.id, author_id=act(self.library).staff_id,
                laid_at=act(self.library).at, reason="دیرکرد", **({"kind": RestrictionKind.OVERDUE} | fields),
            )  # fmt: skip
            tx.record("member.restricted", act(self.library))


def _late(scene: Scene) -> None:
    scene.lent(late=2)


def _in_time(scene: Scene) -> None:
    scene.lent()


def _never_lent(scene: Scene) -> None:
    """As it is."""


def _lost_on_a_card(scene: Scene) -> None:
    scene.lent(late=-10)
    declare_lost(scene.library, LostRequest(scene.copy.barcode, charge=90_000), act(scene.library))


def _missing(scene: Scene) -> None:
    scene.status(ItemStatus.MISSING)


def _weeded(scene: Scene) -> None:
    scene.status(ItemStatus.WEEDED_WORN)


def _weeded_on_a_card(scene: Scene) -> None:
    scene.lent()
    scene.status(ItemStatus.WEEDED_WORN)


def _on_the_way(scene: Scene) -> None:
    scene.status(ItemStatus.IN_TRANSIT)


def _at_the_bindery(scene: Scene) -> None:
    scene.status(ItemStatus.IN_BINDING)


def _on_minutes(scene: Scene) -> None:
    scene.lent()
    change(scene.library, Item, scene.copy.id, on_minutes_id=scene.library.branch.id)


def _wanted(scene: Scene) -> None:
    scene.lent()
    place_hold(scene.library, add_member(scene.library), scene.copy)


def _kept_for_another(scene: Scene) -> None:
    place_hold(scene.library, add_member(scene.library), scene.copy, state=HoldState.WAITING, item_id=scene.copy.id)


def _claimed(scene: Scene) -> None:
    loan = scene.lent()
    change(scene.library, Loan, loan.loan_id, claimed_returned_on=days(3))


def _claimed_and_asked(scene: Scene) -> None:
    _claimed(scene)
    put_policy(scene.library, {**POLICY, "resolve_claim_on_return": False})


def _open_ban(scene: Scene) -> None:
    scene.lent(late=2)
    scene.ban()


def _open_ban_and_another_late(scene: Scene) -> None:
    lend(scene.library, scene.member, add_copy(scene.library))
    _open_ban(scene)


def _with_parts(scene: Scene) -> None:
    change(scene.library, Item, scene.copy.id, flags=["parts"])
    scene.lent(answer=Answer(confirm=frozenset({"item.parts"})))


def _amnesty(scene: Scene) -> None:
    scene.lent(late=2)
    with scene.library.store.write() as tx:
        tx.insert(Amnesty, name="هفته کتاب", since=days(10), until=days(20), scope=Scope(only_returned=True).plain())
        tx.record("amnesty.declared", act(scene.library))


def _in_the_hall(scene: Scene) -> None:
    lend(scene.library, scene.member, scene.copy, channel=Channel.ONSITE)


def _lost_and_refused(scene: Scene) -> None:
    _lost_on_a_card(scene)
    put_policy(scene.library, {**POLICY, "return_of_lost": "block"})


N = ReturnNote
# Source, how it came about, the outcome and its notes or codes.
MESSAGES: tuple[tuple[str, Callable[[Scene], None], type, tuple[str, ...]], ...] = (
    ("WasReturned, in time", _in_time, CheckedIn, ()),
    ("WasReturned, late", _late, CheckedIn, (N.LATE,)),
    ("NotIssued + LocalUse", _never_lent, LocalUse, ()),
    ("withdrawn (002 م8-4)", _weeded, CheckinRefused, ("item.withdrawn",)),
    ("withdrawn, still on a card", _weeded_on_a_card, CheckedIn, ()),
    ("WasLost, LostItemFeeRefunded", _lost_on_a_card, CheckedIn, (N.LOST_FOUND, N.REFUNDED)),
    ("BlockReturnOfLostItems", _lost_and_refused, CheckinRefused, ("item.lost",)),
    ("WasLost, on no card", _missing, LocalUse, (N.LOST_FOUND,)),
    ("TransferArrived", _on_the_way, LocalUse, (N.ARRIVED,)),
    ("ResFound, Reserved", _wanted, CheckedIn, (N.SET_ASIDE_FOR_HOLD,)),
    ("ResFound, Waiting", _kept_for_another, LocalUse, (N.SET_ASIDE_FOR_HOLD,)),
    ("ClaimAutoResolved", _claimed, CheckedIn, (N.CLAIM_RESOLVED,)),
    ("ReturnClaims, not by itself", _claimed_and_asked, CheckinRefused, ("item.claimed_returned",)),
    ("the OVERDUES ban lifted with the last late item", _open_ban, CheckedIn, (N.LATE, N.BAN_LIFTED)),
    ("PrevDebarred: another is late", _open_ban_and_another_late, CheckedIn, (N.LATE,)),
    ("002 م7-4: on weeding minutes", _on_minutes, CheckedIn, (N.ON_WEEDING_MINUTES,)),
    ("002 م13-11: at the bindery", _at_the_bindery, CheckinRefused, ("item.in_binding",)),
    ("003 م9, م11: parts to count", _with_parts, CheckedIn, (N.PARTS,)),
    ("an amnesty for those who bring books back", _amnesty, CheckedIn, (N.LATE, N.FORGIVEN)),
    ("000 §3-3-1: back from the hall", _in_the_hall, CheckedIn, ()),
)


@pytest.mark.parametrize(("source", "arrange", "kind", "told"), MESSAGES, ids=[line[0] for line in MESSAGES])
def test_a_message_of_a_return(
    library: Library, member: AMember, copy: ACopy, source: str, arrange: Callable[[Scene], None], kind: type,
    told: tuple[str, ...],
) -> None:  # fmt: skip
    put_policy(library, POLICY)
    arrange(Scene(library, member, copy))
    outcome = scan(library, copy)
    assert isinstance(outcome, kind), outcome
    if isinstance(outcome, CheckinRefused):
        assert tuple(codes(outcome)) == told
    elif isinstance(outcome, CheckedIn | LocalUse):
        assert outcome.notes == told


@pytest.mark.parametrize(
    ("code", "arrange"), [("item.in_binding", _at_the_bindery), ("item.claimed_returned", _claimed_and_asked)]
)
def test_a_question_of_a_return_is_answered_with_yes_by_anybody(
    library: Library, member: AMember, copy: ACopy, code: str, arrange: Callable[[Scene], None]
) -> None:
    arrange(Scene(library, member, copy))
    asked = scan(library, copy, Role.TRAINEE)
    assert isinstance(asked, CheckinRefused)
    assert [(refusal.code, refusal.weight, refusal.overridable) for refusal in asked.refusals] == [
        (code, Weight.CONFIRM, False)
    ]
    assert not isinstance(scan(library, copy, Role.TRAINEE, answer=Answer(confirm=frozenset({code}))), CheckinRefused)
    assert row(library, Item, copy.id).status is ItemStatus.AVAILABLE


# Bans for what is late now


def test_only_bans_without_an_end_are_lifted(library: Library, member: AMember, copy: ACopy) -> None:
    scene = Scene(library, member, copy)
    _open_ban(scene)
    scene.ban(until=days(90))
    scene.ban(kind=RestrictionKind.MANUAL)
    take_back(library, copy)
    assert [(ban.kind, ban.until) for ban in rows(library, Restriction, lifted_at=None)] == [
        (RestrictionKind.OVERDUE, days(90)), (RestrictionKind.MANUAL, None),
    ]  # fmt: skip
    assert isinstance(undo_last(library, act(library)), Undone)
    assert len(rows(library, Restriction, lifted_at=None)) == 3


def test_a_late_book_without_such_a_ban_lifts_nothing(library: Library, member: AMember, copy: ACopy) -> None:
    Scene(library, member, copy).lent(late=3)
    assert ReturnNote.BAN_LIFTED not in take_back(library, copy).notes


# Lost and found


def test_what_the_loss_cost_is_given_back_once(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, POLICY)
    _lost_on_a_card(Scene(library, member, copy))
    back = take_back(library, copy)
    assert (back.refund.cancelled, back.refund.credit, back.fine) == (90_000, 0, 0)
    assert sum(line.amount for line in rows(library, LedgerLine)) == 0


# Parts that did not come back


def test_missing_parts_are_noted_on_loan_and_copy_and_charged(library: Library, member: AMember) -> None:
    copy = add_copy(library, flags=("parts",), parts="یک لوح و یک کتابچه")
    loan = lend(library, member, copy, answer=Answer(confirm=frozenset({"item.parts"})))
    back = scan(library, copy, lost_parts=("لوح", " کتابچه "), damage=30_000)
    assert isinstance(back, CheckedIn)
    assert (back.missing_parts, back.damage, back.notes) == ("لوح، کتابچه", 30_000, (ReturnNote.MISSING_PARTS,))
    assert row(library, Loan, loan.loan_id).missing_parts == "لوح، کتابچه"
    (line,) = rows(library, LedgerLine)
    assert (line.kind, line.amount, line.loan_id) == (LedgerKind.DAMAGE, 30_000, loan.loan_id)
    (note,) = rows(library, Alert, item_id=copy.id)
    assert (note.moment, note.text) == (AlertMoment.CHECKOUT, "بخشی از این نسخه از ۱۴۰۵/۰۸/۳۰ نیست: لوح، کتابچه")
    request = CheckoutRequest(member.card, copy.barcode, answer=Answer(confirm=frozenset({"item.parts"})))
    again = check_out(library, request, act(library))
    assert isinstance(again, CheckedOut)
    assert "item.alert" in [told.code for told in again.notes]


def test_parts_are_counted_after_the_scan_and_written_down_then(library: Library, member: AMember, copy: ACopy) -> None:
    loan = lend(library, member, copy)
    take_back(library, copy)
    pass_days(library, 1)
    outcome = scan(library, copy, lost_parts=("لوح",))
    assert isinstance(outcome, AlreadyReturned)
    assert (outcome.loan.id, outcome.missing_parts) == (loan.loan_id, "لوح")
    again = scan(library, copy, lost_parts=("لوح",), damage=5)
    assert isinstance(again, AlreadyReturned)
    assert again.missing_parts is None
    assert len(rows(library, Alert)) == 1
    assert isinstance(undo_last(library, act(library)), Undone)
    assert (row(library, Loan, loan.loan_id).missing_parts, rows(library, Alert)) == (None, [])


WRONG: Mapping[str, tuple[dict[str, Any], Role, list[str]]] = {
    "a charge without parts": ({"damage": 1_000}, Role.HEAD, ["field.invalid"]),
    "a charge below zero": ({"damage": -1, "lost_parts": ("لوح",)}, Role.HEAD, ["field.invalid"]),
    "a charge beyond all reason": ({"damage": 10**12, "lost_parts": ("لوح",)}, Role.HEAD, ["field.invalid"]),
    "a charge by somebody who may not": (
        {"damage": 1_000, "lost_parts": ("لوح",)},
        Role.ASSISTANT,
        ["role.not_allowed"],
    ),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("afterwards", [False, True])
def test_a_wrong_charge_for_parts_is_refused_and_nothing_is_taken_back(
    library: Library, member: AMember, copy: ACopy, case: str, afterwards: bool
) -> None:
    request, role, expected = WRONG[case]
    lend(library, member, copy)
    if afterwards and "lost_parts" in request:
        take_back(library, copy)
    assert codes(scan(library, copy, role, **request)) == expected
    assert (rows(library, LedgerLine), rows(library, Alert)) == ([], [])


def test_parts_of_a_copy_nobody_ever_had_are_nobodys(library: Library, copy: ACopy) -> None:
    assert codes(scan(library, copy, lost_parts=("لوح",))) == ["field.invalid"]


# Condition and notes


@pytest.mark.parametrize("lent", [True, False])
def test_how_a_copy_looks_is_noted_as_it_comes_back(library: Library, member: AMember, copy: ACopy, lent: bool) -> None:
    """002 م4-1-ج: worn copies are found where they are handled."""
    if lent:
        lend(library, member, copy)
    scan(library, copy, condition=Condition.WORN)
    item = row(library, Item, copy.id)
    assert (item.condition, item.status) == (Condition.WORN, ItemStatus.AVAILABLE)
    assert isinstance(undo_last(library, act(library)), Undone)
    assert row(library, Item, copy.id).condition is Condition.GOOD


def test_notes_on_reader_and_copy_come_up_with_the_return(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    add_alert(library, AlertForm("کیف جا گذاشته", member=member.card, moment=AlertMoment.CHECKIN), act(library))
    add_alert(library, AlertForm("جلد شود", item=copy.barcode, moment=AlertMoment.ALWAYS), act(library))
    add_alert(library, AlertForm("هنگام امانت", item=copy.barcode), act(library))
    back = take_back(library, copy)
    assert [(note.code, note.facts["text"]) for note in back.alerts] == [
        ("member.alert", "کیف جا گذاشته"), ("item.alert", "جلد شود"),
    ]  # fmt: skip
    pass_days(library, 1)
    used = scan(library, copy)
    assert isinstance(used, LocalUse)
    assert [note.facts["text"] for note in used.alerts] == ["جلد شود"]


def test_an_isbn_that_no_copy_has_is_not_found(library: Library) -> None:
    assert isinstance(check_in(library, CheckinRequest("9786001234569"), act(library)), NotFound)
