"""The ways a copy is lent besides the plain one: from another card, from the hall, overnight, from the van, for a
child, without a label, without a record; with what is told about it."""

import datetime as dt
import uuid
from typing import Any

import pytest

from app.circulation.alerts import AlertAdded, AlertForm, AlertRemoved, add_alert, remove_alert
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.fast import FastRecord, fast_records
from app.circulation.household import Kinship, household
from app.circulation.outcomes import (
    AlreadyLent,
    CardInstead,
    CheckedOut,
    CheckinRefused,
    CheckoutOutcome,
    CheckoutRefused,
    OfOtherBranch,
    Several,
)
from app.circulation.visit import LENGTH, OF_ONE_COPY, Visit, answer_in, visit_after
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Answer, NoteWeight, Weight
from app.undo import Undone, undo_last
from db.codes import (
    AlertMoment,
    AlertWeight,
    CataloguingStatus,
    Channel,
    ContactHealth,
    ContactKind,
    HoldState,
    ItemFlag,
    ItemStatus,
    LedgerKind,
    Role,
)
from db.journal import DECODER
from db.models.catalogue import Title
from db.models.circulation import Hold, LedgerLine, Loan
from db.models.items import Item, ItemStatusChange
from db.models.library import Branch
from db.models.members import Alert, Member, MemberContact
from db.models.sync import JournalEntry
from tests.library import (
    TODAY,
    ACopy,
    AMember,
    a_title,
    act,
    add_copy,
    add_member,
    change,
    clock,
    lend,
    pass_days,
    place_hold,
    put_policy,
    row,
    rows,
    take_back,
)

ISBN = "9786001234569"


def ask(
    library: Library, member: AMember, item: ACopy | str, role: Role = Role.HEAD, **request: Any
) -> CheckoutOutcome:
    key = item if isinstance(item, str) else item.barcode
    return check_out(library, CheckoutRequest(member.card, key, **request), act(library, role))


def refused(outcome: CheckoutOutcome) -> list[str]:
    assert isinstance(outcome, CheckoutRefused), outcome
    return [refusal.code for refusal in outcome.refusals]


def lent(outcome: CheckoutOutcome) -> CheckedOut:
    assert isinstance(outcome, CheckedOut), outcome
    return outcome


def days(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def yes(*codes: str) -> Answer:
    return Answer(confirm=frozenset(codes))


def override(*codes: str) -> Answer:
    return Answer(frozenset(codes), "برای پژوهش")


def owe(library: Library, member: AMember, amount: int) -> None:
    with library.store.write() as tx:
        tx.insert(
            LedgerLine, member_id=member.id, kind=LedgerKind.DAMAGE, amount=amount, at=act(library).at,
            day=act(library).day, staff_id=act(library).staff_id,
        )  # fmt: skip
        tx.record("debt.charged", act(library))


# From another card: «confirm; one key returns then lends» (the table of what is decided once)


def test_a_copy_on_another_card_comes_off_it_and_is_lent_in_one_entry(
    library: Library, member: AMember, copy: ACopy
) -> None:
    put_policy(library, {"loan_days": 14, "fine_per_day": 2_000, "ban_days_per_late_day": 1})
    other = add_member(library)
    first = lend(library, other, copy)
    pass_days(library, 16)
    assert refused(ask(library, member, copy)) == ["item.on_loan"]
    entries = len(rows(library, JournalEntry))
    outcome = lent(ask(library, member, copy, answer=yes("item.on_loan")))
    assert len(rows(library, JournalEntry)) == entries + 1
    back = outcome.taken_back
    assert back is not None
    assert back.member is not None
    assert (back.loan_id, back.member.id, back.days_late, back.fine) == (first.loan_id, other.id, 2, 4_000)
    assert back.restricted_until == days(18)
    ended = row(library, Loan, first.loan_id)
    assert (ended.effective_in_on, ended.ended_as.value) == (days(16), "returned")
    item = row(library, Item, copy.id)
    assert (item.status, item.loan_count, item.uses) == (ItemStatus.ON_LOAN, 2, 2)
    assert [line.amount for line in rows(library, LedgerLine, member_id=other.id)] == [4_000]


def test_the_whole_of_it_is_undone_at_once(library: Library, member: AMember, copy: ACopy) -> None:
    first = lend(library, add_member(library), copy)
    lent(ask(library, member, copy, answer=yes("item.on_loan")))
    assert isinstance(undo_last(library, act(library)), Undone)
    assert row(library, Loan, first.loan_id).in_at is None
    assert len(rows(library, Loan)) == 1
    item = row(library, Item, copy.id)
    assert (item.status, item.loan_count) == (ItemStatus.ON_LOAN, 1)


def test_the_policy_may_take_it_without_asking_and_says_so(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "on_other_card": "return_then_lend"})
    first = lend(library, add_member(library), copy)
    outcome = lent(ask(library, member, copy))
    assert outcome.taken_back is not None
    assert outcome.taken_back.loan_id == first.loan_id
    assert [(note.code, note.weight) for note in outcome.notes] == [("loan.returned_first", NoteWeight.ALERT)]


def test_a_copy_said_to_be_returned_is_asked_about_and_the_claim_was_right(
    library: Library, member: AMember, copy: ACopy
) -> None:
    put_policy(library, {"loan_days": 14, "on_other_card": "return_then_lend", "fine_per_day": 2_000})
    first = lend(library, add_member(library), copy)
    pass_days(library, 20)
    change(library, Loan, first.loan_id, claimed_returned_on=days(15))
    assert refused(ask(library, member, copy)) == ["item.claimed_returned"]
    outcome = lent(ask(library, member, copy, answer=yes("item.claimed_returned")))
    assert outcome.taken_back is not None
    assert (outcome.taken_back.days_late, outcome.taken_back.fine) == (1, 2_000)


def test_a_copy_paid_for_that_turns_up_is_found_with_the_loan(library: Library, member: AMember, copy: ACopy) -> None:
    change(library, Item, copy.id, status=ItemStatus.LOST)
    outcome = lent(ask(library, member, copy, answer=yes("item.lost")))
    assert outcome.taken_back is None
    assert [change_.why for change_ in rows(library, ItemStatusChange)] == ["found"]


def test_where_lost_copies_are_only_told_the_loan_says_so(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "lost_item": "alert"})
    change(library, Item, copy.id, status=ItemStatus.MISSING)
    outcome = lent(ask(library, member, copy))
    assert [(note.code, note.weight) for note in outcome.notes] == [("item.missing", NoteWeight.ALERT)]


# In the hall and overnight


def test_what_a_reader_has_in_the_hall_goes_home(library: Library, member: AMember, copy: ACopy) -> None:
    """Koha: ONSITE_CHECKOUT_WILL_BE_SWITCHED."""
    put_policy(library, {"loan_days": 14, "max_loans_all_types": 1, "onsite_counts_as_normal": True})
    hall = lend(library, member, copy, channel=Channel.ONSITE)
    assert hall.due_on == TODAY
    home = lent(ask(library, member, copy))
    assert (home.due_on, [note.code for note in home.notes]) == (days(14), ["loan.from_hall"])
    assert home.taken_back is not None
    assert home.taken_back.loan_id == hall.loan_id
    assert row(library, Loan, hall.loan_id).in_at is not None
    assert row(library, Item, copy.id).loan_count == 2


def test_the_same_scan_in_the_hall_is_the_loan_it_made(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy, channel=Channel.ONSITE)
    assert isinstance(ask(library, member, copy, channel=Channel.ONSITE), AlreadyLent)


@pytest.mark.parametrize(
    ("role", "codes"), [(Role.LIBRARIAN, []), (Role.ASSISTANT, ["item.onsite_only", "role.not_allowed"])]
)
def test_a_reference_book_goes_out_overnight_with_a_reason(
    library: Library, member: AMember, role: Role, codes: list[str]
) -> None:
    """امانت شبانه: from evening to the next open day, for what else stays in the house (FOLIO, Koha's forcing)."""
    put_policy(library, {"loan_days": 14}, {"item_type": "reference", "loanable": "onsite"})
    copy = add_copy(library, item_type="reference")
    clock(library).advance(days=5)  # a Thursday: the library is closed on the next day
    assert refused(ask(library, member, copy, overnight=True)) == ["item.onsite_only"]
    outcome = ask(library, member, copy, role, overnight=True, answer=override("item.onsite_only"))
    if codes:
        assert refused(outcome) == codes
    else:
        assert lent(outcome).due_on == days(7)


def test_an_ordinary_book_goes_out_overnight_without_a_question(library: Library, member: AMember, copy: ACopy) -> None:
    assert lent(ask(library, member, copy, Role.TRAINEE, overnight=True)).due_on == days(1)


# Due dates by hand and by the van


def test_a_due_date_by_hand_needs_permission(library: Library, member: AMember, copy: ACopy) -> None:
    assert refused(ask(library, member, copy, Role.ASSISTANT, due_on=days(3))) == ["role.not_allowed"]
    assert lent(ask(library, member, copy, Role.LIBRARIAN, due_on=days(3))).due_on == days(3)


def test_the_next_visit_of_the_van_needs_none_and_the_stop_is_kept(
    library: Library, member: AMember, copy: ACopy
) -> None:
    """004 الف-2: due when the van comes again."""
    put_policy(library, {"loan_days": 14, "max_days": 10})
    stop = uuid.uuid4()
    request = {"channel": Channel.VAN, "stop_id": stop, "due_by_visit": days(17)}
    outcome = lent(ask(library, member, copy, Role.TRAINEE, **request))
    loan = row(library, Loan, outcome.loan_id)
    assert (loan.due_on, loan.stop_id, loan.channel) == (days(17), stop, Channel.VAN)


def test_the_next_visit_is_never_past_the_membership(library: Library, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "cap_at_membership_expiry": True})
    member = add_member(library, expires_on=days(6))  # a Friday, on which the library is closed
    outcome = lent(ask(library, member, copy, channel=Channel.VAN, due_by_visit=days(15)))
    assert outcome.due_on == days(5)
    assert [note.code for note in outcome.notes] == ["member.ending"]


def test_the_stop_of_the_reader_is_kept_when_none_is_said(library: Library, copy: ACopy) -> None:
    stop, member = uuid.uuid4(), add_member(library)
    change(library, Member, member.id, stop_id=stop)
    assert row(library, Loan, lend(library, member, copy, channel=Channel.VAN).loan_id).stop_id == stop
    other = add_copy(library)
    assert row(library, Loan, lend(library, member, other).loan_id).stop_id is None


@pytest.mark.parametrize("channel", list(Channel))
def test_a_loan_keeps_the_way_it_went(library: Library, member: AMember, copy: ACopy, channel: Channel) -> None:
    assert row(library, Loan, lend(library, member, copy, channel=channel).loan_id).channel is channel


@pytest.mark.parametrize(("role", "may"), [(Role.TRAINEE, False), (Role.ASSISTANT, True), (Role.VAN_DRIVER, True)])
def test_dating_back_needs_permission(library: Library, member: AMember, copy: ACopy, role: Role, may: bool) -> None:
    pass_days(library, 3)
    outcome = ask(library, member, copy, role, out_on=days(1))
    if not may:
        assert refused(outcome) == ["role.not_allowed"]
        lent(ask(library, member, copy, role, out_on=days(3)))
        return
    lent(outcome)
    pass_days(library, 1)
    back = check_in(library, CheckinRequest(copy.barcode, days(2)), act(library, Role.TRAINEE))
    assert isinstance(back, CheckinRefused)
    assert [refusal.code for refusal in back.refusals] == ["role.not_allowed"]
    assert take_back(library, copy, in_on=days(2)).in_on == days(2)


# Household and guarantors


def test_a_child_borrows_on_the_card_of_a_parent(library: Library, copy: ACopy) -> None:
    """000 §3-1-1 «ضمانت»; one scan of a parent's card shows the children."""
    parent = add_member(library, given_name="حسن")
    child = add_member(library, given_name="سارا")
    change(library, Member, child.id, guardian_id=parent.id)
    outcome = lent(ask(library, parent, copy, for_member=child.number))
    assert (outcome.member.id, outcome.card_of.id if outcome.card_of else None) == (child.id, parent.id)
    assert row(library, Loan, outcome.loan_id).member_id == child.id
    intent = DECODER.decode(rows(library, JournalEntry)[-1].body)[9]
    assert intent[3]["on_card_of_other"] is True
    again = ask(library, parent, copy, for_member=child.number)
    assert isinstance(again, AlreadyLent)


def test_nobody_borrows_on_the_card_of_a_stranger(library: Library, member: AMember, copy: ACopy) -> None:
    stranger = add_member(library)
    assert refused(ask(library, member, copy, for_member=stranger.card)) == ["member.not_household"]
    assert ask(library, member, copy, for_member="۹۹۹") == NotFound(Sought.MEMBER, "۹۹۹")


def test_the_household_is_shown_both_ways(library: Library, copy: ACopy) -> None:
    parent, child, sibling = add_member(library), add_member(library), add_member(library)
    for one in (child, sibling):
        change(library, Member, one.id, guardian_id=parent.id)
    change(library, Member, child.id, guarantor_id=add_member(library).id)
    lend(library, child, copy)
    with library.store.read() as reader:
        of_parent = household(library, reader, parent.id)
        of_child = household(library, reader, child.id)
    assert [(kin.kinship, kin.may_borrow, len(kin.card.loans)) for kin in of_parent] == [
        (Kinship.CHILD, True, 1), (Kinship.CHILD, True, 0),
    ]  # fmt: skip
    assert of_parent[0].card.limit == 5
    assert [kin.kinship for kin in of_child] == [Kinship.GUARDIAN, Kinship.GUARANTOR, Kinship.SIBLING]
    assert not any(kin.may_borrow for kin in of_child)


@pytest.mark.parametrize("link", ["guarantor_id", "guardian_id"])
@pytest.mark.parametrize("upwards", [True, False])
def test_debt_in_the_family_counts_against_the_same_limit(
    library: Library, copy: ACopy, link: str, upwards: bool
) -> None:
    put_policy(library, {"loan_days": 14, "debt_limit": 50_000})
    reader, kin = add_member(library), add_member(library)
    below, above = (reader, kin) if upwards else (kin, reader)
    change(library, Member, below.id, **{link: above.id})
    owe(library, kin, 50_000)
    lent(ask(library, reader, copy))
    owe(library, kin, 1)
    outcome = ask(library, reader, add_copy(library))
    assert refused(outcome) == ["member.guarantor_debt"]
    assert isinstance(outcome, CheckoutRefused)
    assert (outcome.refusals[0].limit, outcome.refusals[0].have) == (50_000, 50_001)


def test_credit_of_one_does_not_pay_for_another_of_the_family(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "debt_limit": 0})
    rich, poor = add_member(library), add_member(library)
    change(library, Member, member.id, guarantor_id=rich.id, guardian_id=poor.id)
    owe(library, rich, -90_000)
    owe(library, poor, 1)
    assert refused(ask(library, member, copy)) == ["member.guarantor_debt"]


# Notes


def test_a_note_that_wants_a_yes_asks_and_one_that_does_not_is_told(
    library: Library, member: AMember, copy: ACopy
) -> None:
    forms = (
        AlertForm("کارت را ببینید", member=member.card, weight=AlertWeight.CONFIRM),
        AlertForm("جلدش پاره است", item=copy.barcode),
        AlertForm("هنگام بازگشت", item=copy.barcode, moment=AlertMoment.CHECKIN),
        AlertForm("گذشته", item=copy.barcode, until=TODAY),
    )
    added = [add_alert(library, form, act(library)) for form in forms]
    assert all(isinstance(one, AlertAdded) for one in added)
    pass_days(library, 1)
    outcome = ask(library, member, copy)
    assert refused(outcome) == ["member.alert"]
    assert isinstance(outcome, CheckoutRefused)
    assert (outcome.refusals[0].facts["text"], outcome.refusals[0].weight) == ("کارت را ببینید", Weight.CONFIRM)
    done = lent(ask(library, member, copy, answer=yes("member.alert")))
    assert [(note.code, note.facts["text"]) for note in done.notes] == [("item.alert", "جلدش پاره است")]
    back = take_back(library, copy)
    assert [note.facts["text"] for note in back.alerts] == ["هنگام بازگشت"]


def test_a_note_is_laid_once_removed_once_and_undone(library: Library, member: AMember) -> None:
    form = AlertForm("تلفن تازه دارد", member=member.card)
    first, again = add_alert(library, form, act(library)), add_alert(library, form, act(library))
    assert isinstance(first, AlertAdded)
    assert again == AlertAdded(first.alert_id, already=True)
    assert isinstance(undo_last(library, act(library)), Undone)
    assert rows(library, Alert) == []
    other = add_alert(library, form, act(library))
    assert isinstance(other, AlertAdded)
    assert remove_alert(library, other.alert_id, act(library)) == AlertRemoved(other.alert_id)
    assert remove_alert(library, other.alert_id, act(library)) == AlertRemoved(other.alert_id, already=True)


def test_a_note_needs_words_a_day_to_come_and_somebody_to_be_on(library: Library, member: AMember) -> None:
    wrong = add_alert(library, AlertForm(" ", member=member.card, until=days(-1)), act(library))
    assert isinstance(wrong, Refused)
    assert [refusal.code for refusal in wrong.refusals] == ["field.required", "field.invalid"]
    trainee = add_alert(library, AlertForm("یادداشت", member=member.card), act(library, Role.TRAINEE))
    assert isinstance(trainee, Refused)
    assert add_alert(library, AlertForm("یادداشت", item="B9"), act(library)) == NotFound(Sought.ITEM, "B9")
    lost = uuid.uuid4()
    assert remove_alert(library, lost, act(library)) == NotFound(Sought.ALERT, str(lost))


@pytest.mark.parametrize("health", list(ContactHealth))
def test_a_doubted_telephone_is_mentioned(
    library: Library, member: AMember, copy: ACopy, health: ContactHealth
) -> None:
    """001: the lists of telephones were wrong."""
    with library.store.write() as tx:
        tx.insert(MemberContact, member_id=member.id, kind=ContactKind.MOBILE, value="0912", health=health)
        tx.record("contact.set", act(library))
    codes = [note.code for note in lend(library, member, copy).notes]
    assert codes == (["member.contact_doubtful"] if health in (ContactHealth.DOUBTFUL, ContactHealth.BAD) else [])


def test_debt_below_the_limit_and_credit_are_told(library: Library, member: AMember) -> None:
    owe(library, member, 20_000)
    (note,) = lend(library, member, add_copy(library)).notes
    assert (note.code, note.weight, note.facts) == ("member.debt", NoteWeight.ALERT, {"debt": 20_000})
    owe(library, member, -30_000)
    (note,) = lend(library, member, add_copy(library)).notes
    assert (note.code, note.weight, note.facts) == ("member.credit", NoteWeight.MESSAGE, {"credit": 10_000})


def test_what_was_asked_and_lifted_is_not_told_again(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "ask_on_any_debt": True})
    owe(library, member, 20_000)
    assert lent(ask(library, member, copy, answer=yes("member.debt"))).notes == ()


def test_a_long_queue_shortens_the_loan_and_says_so(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "high_holds_over": 1, "high_holds_days": 3})
    for place in range(2):
        place_hold(library, add_member(library), copy, place + 1)
    outcome = lent(ask(library, member, copy, answer=yes("hold.queued_for_other")))
    assert (outcome.due_on, [note.code for note in outcome.notes]) == (days(3), ["loan.cut_by_queue"])


# Without a label


def test_a_book_is_lent_by_its_isbn_while_one_copy_is_free(library: Library, member: AMember) -> None:
    title = add_copy(library, a_title("گلستان", isbn=ISBN)).title_id
    second = add_copy(library, title)
    change(library, Item, second.id, on_minutes_id=library.branch.id)
    outcome = lent(ask(library, member, "978-600-123456-9"))
    assert isinstance(ask(library, member, ISBN), AlreadyLent)
    other = add_member(library)
    waiting = ask(library, other, ISBN)
    assert isinstance(waiting, Several)
    assert {one.id for one in waiting.copies} == {outcome.item.id, second.id}


def test_of_several_free_copies_the_one_in_hand_has_to_be_told(library: Library, member: AMember) -> None:
    first = add_copy(library, a_title("گلستان", isbn=ISBN))
    add_copy(library, first.title_id)
    outcome = ask(library, member, ISBN)
    assert isinstance(outcome, Several)
    assert [one.accession_no for one in outcome.copies] == [1, 2]
    lend(library, member, first)
    assert take_back(library, ACopy(first.id, first.title_id, ISBN, 1)).item.id == first.id


def test_a_card_in_the_box_of_returns_and_a_copy_of_another_branch_are_known(library: Library, member: AMember) -> None:
    """RERO-ILS 2626: silence; Koha: Wrongbranch."""
    card = check_in(library, CheckinRequest(member.card), act(library))
    assert isinstance(card, CardInstead)
    assert card.member.id == member.id
    away = uuid.uuid4()
    with library.store.write() as tx:
        here = tx.connection.execute(Branch.__table__.select()).mappings().one()
        fields = {name: value for name, value in here.items() if name not in ("id", "ver", "rh", "bpos", "deleted_at")}
        tx.insert(Branch, **(fields | {"id": away, "name": "کتابخانه میبد", "barcode_prefix": "MEY-"}))
        tx.record("test.changed", act(library))
    by_prefix = check_in(library, CheckinRequest("mey-000123".upper()), act(library))
    assert by_prefix == OfOtherBranch("MEY-000123", "کتابخانه میبد")
    copy = add_copy(library, "سفرنامه", barcode="X77")
    change(library, Item, copy.id, branch_id=away)
    assert check_in(library, CheckinRequest("X77"), act(library)) == OfOtherBranch("X77", "کتابخانه میبد", "سفرنامه")
    assert ask(library, member, "RAF-999999") == NotFound(Sought.ITEM, "RAF-999999")


# A book with no record


def test_a_book_with_no_record_is_lent_on_a_short_one_in_one_entry(library: Library, member: AMember) -> None:
    """003 م3-7; FOLIO's fast add."""
    fast = FastRecord(" شازده کوچولو ", "سنت اگزوپری")
    entries = len(rows(library, JournalEntry))
    outcome = lent(ask(library, member, "NEW-1", Role.ASSISTANT, fast=fast))
    assert len(rows(library, JournalEntry)) == entries + 1
    (title,) = rows(library, Title)
    (item,) = rows(library, Item)
    assert (title.title, title.main_creator, title.status) == ("شازده کوچولو", "سنت اگزوپری", CataloguingStatus.FAST)
    assert (item.barcode, item.status, item.loan_count, item.uses, item.last_loan_on) == (
        "NEW-1", ItemStatus.ON_LOAN, 1, 1, TODAY,
    )  # fmt: skip
    assert row(library, Loan, outcome.loan_id).item_id == item.id == outcome.item.id
    with library.store.read() as reader:
        (waiting,) = fast_records(reader)
    assert (waiting.title, waiting.barcode) == ("شازده کوچولو", "NEW-1")
    assert isinstance(ask(library, member, "NEW-1", fast=fast), AlreadyLent)
    lent(ask(library, add_member(library), "NEW-2", fast=fast))
    assert len(rows(library, Title)) == 1


def test_a_short_record_is_undone_with_its_loan(library: Library, member: AMember) -> None:
    lent(ask(library, member, "NEW-1", fast=FastRecord("شازده کوچولو")))
    assert isinstance(undo_last(library, act(library)), Undone)
    assert (rows(library, Title), rows(library, Item), rows(library, Loan)) == ([], [], [])


def test_nothing_of_a_short_record_is_written_where_the_loan_is_refused(library: Library, member: AMember) -> None:
    put_policy(library, {"loan_days": 14, "max_loans_all_types": 0}, {"item_type": "reference", "loanable": "no"})
    outcome = ask(library, member, "NEW 1", Role.TRAINEE, fast=FastRecord("  ", item_type="reference"))
    assert refused(outcome) == [
        "role.not_allowed", "field.required", "field.invalid", "item.not_for_loan", "limit.total",
    ]  # fmt: skip
    assert (rows(library, Title), rows(library, Item)) == ([], [])


# The rest of the visit


def test_what_is_remembered_holds_for_the_next_books_of_this_reader(library: Library, member: AMember) -> None:
    put_policy(library, {"loan_days": 14, "max_loans_all_types": 0})
    said = Answer(frozenset({"limit.total"}), "برای کلاس", remember=True)
    lent(ask(library, member, add_copy(library), answer=said))
    visit = visit_after(None, member.id, said, act(library))
    assert visit is not None
    second = lent(ask(library, member, add_copy(library), visit=visit))
    loan = row(library, Loan, second.loan_id)
    assert (loan.overrides, loan.override_reason) == (["limit.total"], "برای کلاس")
    assert refused(ask(library, add_member(library), add_copy(library), visit=visit)) == ["limit.total"]
    clock(library).advance(seconds=LENGTH.total_seconds() + 1)
    assert refused(ask(library, member, add_copy(library), visit=visit)) == ["limit.total"]


def test_a_visit_is_widened_and_ends_with_the_next_reader(library: Library, member: AMember) -> None:
    now = act(library)
    first = visit_after(None, member.id, Answer(frozenset({"limit.total"}), "الف", remember=True), now)
    assert first is not None
    wider = visit_after(first, member.id, Answer(confirm=frozenset({"member.alert"}), remember=True), now)
    assert wider is not None
    assert wider.answer == Answer(frozenset({"limit.total"}), "الف", frozenset({"member.alert"}))
    assert visit_after(wider, member.id, Answer(), now) is wider
    assert visit_after(wider, uuid.uuid4(), Answer(), now) is None
    own = Answer(frozenset({"member.debt"}), "ب")
    assert answer_in(wider, uuid.uuid4(), own, now) == own
    assert answer_in(wider, member.id, own, now).reason == "ب"


def test_another_person_at_the_desk_decides_anew(library: Library, member: AMember) -> None:
    visit = Visit(member.id, uuid.uuid4(), Answer(frozenset({"limit.total"}), "الف"), act(library).at + LENGTH)
    assert answer_in(visit, member.id, Answer(), act(library)) == Answer()


@pytest.mark.parametrize("code", sorted(OF_ONE_COPY))
def test_what_is_said_of_one_copy_is_not_remembered(library: Library, member: AMember, code: str) -> None:
    said = Answer(frozenset({code}), "الف", frozenset({code}), remember=True)
    visit = visit_after(None, member.id, said, act(library))
    assert visit is not None
    assert (visit.answer.override, visit.answer.confirm) == (frozenset(), frozenset())


# What else stands on the copy


def test_a_flagged_copy_in_the_hold_shelf_of_another_goes_out_only_by_the_head(
    library: Library, member: AMember
) -> None:
    copy = add_copy(library, flags=(ItemFlag.NOT_FOR_LOAN.value,))
    other = place_hold(library, add_member(library), copy, state=HoldState.WAITING, item_id=copy.id)
    codes = ["item.not_for_loan", "hold.waiting_for_other"]
    assert refused(ask(library, member, copy)) == codes
    assert refused(ask(library, member, copy, Role.LIBRARIAN, answer=override(*codes))) == [*codes, "role.not_allowed"]
    lent(ask(library, member, copy, answer=override(*codes)))
    assert row(library, Hold, other).state is HoldState.QUEUED
