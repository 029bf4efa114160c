"""Every invariant is broken by hand, behind the back of the guards, and found."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.check import INVARIANTS, MOST_TOLD, check_library
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.renewal import renew_item
from app.exchange.packing import Stands, pack
from app.library import Library
from app.undo import undo_last
from app.weeding.facts import Proposal
from app.weeding.service import Finalised, finalise, propose
from db.codes import HoldState, ItemStatus, LedgerKind, PaymentMethod, RulingLevel, WeedingReason
from db.models.circulation import LedgerLine, Loan, Receipt
from db.models.collection import BindingRequest, BindingRow, Disposal, DisposalRow, Document, Minutes
from db.models.items import Item
from db.models.members import Member
from db.models.sync import JournalEntry
from db.trouble import Trouble
from tests.app.binding.scene import listed, requested
from tests.app.clearance.people import cleared
from tests.app.exchange.weeded import weeded
from tests.app.weeding.minutes.on_the_way import closed as minutes_closed
from tests.app.weeding.minutes.on_the_way import ruled
from tests.app.weeding.minutes.on_the_way import sent as minutes_at_county
from tests.app.weeding.printing import plain_printer
from tests.library import (
    AMember,
    act,
    add_copy,
    add_member,
    change,
    clock,
    found,
    lend,
    pass_days,
    past_loans,
    place_hold,
    put_policy,
    reopened,
    row,
    rows,
    take_back,
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def behind_the_guards(library: Library, *statements: str) -> None:
    """Run SQL with every trigger and the unique indexes out of the way."""
    with library.store.write() as tx:
        kinds = "type = 'trigger' OR (type = 'index' AND sql LIKE '%UNIQUE%')"
        for kind, name in tx.run(f"SELECT type, name FROM sqlite_master WHERE {kinds}").fetchall():
            tx.run(f"DROP {kind} {name}")
        for statement in statements:
            tx.run(statement)


def broken(library: Library) -> list[tuple[str, str]]:
    return [(found.invariant, found.where) for found in check_library(library).broken]


def add_to_ledger(
    library: Library, amount: int, kind: LedgerKind = LedgerKind.FINE, member: AMember | None = None, **values: Any
) -> uuid.UUID:
    members = rows(library, Member)
    member_id = member.id if member else members[0].id if members else add_member(library).id
    with library.store.write() as tx:
        line = tx.insert(
            LedgerLine, member_id=member_id, kind=kind, amount=amount, at=act(library).at, day=act(library).day,
            staff_id=act(library).staff_id, **values,
        )  # fmt: skip
        tx.record("charge.made", act(library))
    return line


def finalised(library: Library) -> Finalised:
    propose(library, add_copy(library).barcode, Proposal(WeedingReason.WORN, unbindable=True), act(library))
    outcome = finalise(library, WeedingReason.WORN, plain_printer, act(library))
    assert isinstance(outcome, Finalised)
    return outcome


def test_a_library_just_founded_is_whole(library: Library) -> None:
    report = check_library(library)
    assert report.broken == ()
    assert report.checked == (*INVARIANTS, "file")


def test_a_library_that_has_been_worked_in_is_whole(library: Library) -> None:
    put_policy(library, {"loan_days": 14, "fine_per_day": 500, "ban_days_per_late_day": 1, "overdues_block": "no"})
    members = [add_member(library) for _ in range(3)]
    copies = [add_copy(library) for _ in range(6)]
    for copy in copies[:4]:
        lend(library, members[0], copy)
    place_hold(library, members[1], copies[0])
    pass_days(library, 20)
    take_back(library, copies[0])
    take_back(library, copies[1])
    undo_last(library, act(library))
    renew_item(library, copies[2].barcode, act(library))
    check_in(library, CheckinRequest(copies[4].barcode), act(library))
    change(library, Item, copies[3].id, status=ItemStatus.LOST)
    finalised(library)
    finalised(library)
    past_loans(library, members[2], copies[5], 40)
    assert check_library(library).broken == ()


# Each invariant


def lent_twice(library: Library) -> str:
    copy = add_copy(library)
    lend(library, add_member(library), copy)
    names = ", ".join(column.name for column in Loan.__table__.columns if column.name != "id")
    behind_the_guards(
        library,
        f"INSERT INTO loan (id, {names}) SELECT x'{uuid.uuid4().hex}', {names} FROM loan",
        "UPDATE item SET loan_count = 2, uses = 2",
    )
    return "one_open_loan"


def shelved_while_lent(library: Library) -> str:
    lend(library, add_member(library), add_copy(library))
    behind_the_guards(library, "UPDATE item SET status = 'available'")
    return "status_equals_loans"


def lent_to_nobody(library: Library) -> str:
    add_copy(library)
    behind_the_guards(library, "UPDATE item SET status = 'on_loan'")
    return "status_equals_loans"


def loans_miscounted(library: Library) -> str:
    add_copy(library)
    behind_the_guards(library, "UPDATE item SET loan_count = 1, uses = 1")
    return "summaries"


def uses_miscounted(library: Library) -> str:
    check_in(library, CheckinRequest(add_copy(library).barcode), act(library))
    behind_the_guards(library, "UPDATE item SET uses = 2")
    return "summaries"


def last_loan_forgotten(library: Library) -> str:
    copy = add_copy(library)
    lend(library, add_member(library), copy)
    take_back(library, copy)
    behind_the_guards(library, "UPDATE item SET last_loan_on = NULL")
    return "summaries"


def entry_removed(library: Library) -> str:
    add_member(library)
    behind_the_guards(library, "DELETE FROM journal WHERE seq = 1")
    return "journal"


def last_entry_removed(library: Library) -> str:
    add_member(library)
    behind_the_guards(library, "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)")
    return "journal"


def entry_rewritten(library: Library) -> str:
    add_member(library)
    add_member(library)
    behind_the_guards(library, "UPDATE journal SET body = CAST(body || x'00' AS BLOB) WHERE seq = 2")
    return "journal"


def link_rewritten(library: Library) -> str:
    add_member(library)
    behind_the_guards(library, f"UPDATE journal SET chain = x'{bytes(16).hex()}' WHERE seq = 1")
    return "journal"


def accession_number_given_twice(library: Library) -> str:
    add_copy(library)
    add_copy(library)
    behind_the_guards(library, "UPDATE item SET accession_no = 1")
    return "accession_numbers"


def register_turned_back(library: Library) -> str:
    add_copy(library)
    add_copy(library)
    behind_the_guards(library, "UPDATE counter SET value = 1 WHERE name = 'accession'")
    return "accession_numbers"


def voided_by_another_amount(library: Library) -> str:
    line = add_to_ledger(library, 2_000)
    add_to_ledger(library, -1_000, opposes=line)
    return "ledger"


def voided_twice(library: Library) -> str:
    line = add_to_ledger(library, 2_000)
    add_to_ledger(library, -2_000, opposes=line)
    add_to_ledger(library, -2_000, opposes=line)
    return "ledger"


def settled_for_somebody_else(library: Library) -> str:
    debt = add_to_ledger(library, 2_000)
    add_to_ledger(library, -1_000, LedgerKind.PAYMENT, add_member(library), settles=debt)
    return "settling"


def settled_what_is_no_debt(library: Library) -> str:
    payment = add_to_ledger(library, -2_000, LedgerKind.PAYMENT)
    add_to_ledger(library, -1_000, LedgerKind.WAIVER, settles=payment)
    return "settling"


def settled_what_is_not_there(library: Library) -> str:
    add_to_ledger(library, -1_000, LedgerKind.PAYMENT, settles=uuid.uuid4())
    return "settling"


def settled_by_a_debt(library: Library) -> str:
    add_to_ledger(library, 1_000, settles=add_to_ledger(library, 2_000))
    return "settling"


def settled_beyond_the_debt(library: Library) -> str:
    debt = add_to_ledger(library, 2_000)
    add_to_ledger(library, -1_500, LedgerKind.PAYMENT, settles=debt)
    add_to_ledger(library, -1_000, LedgerKind.WAIVER, settles=debt)
    return "settling"


def weeded_without_minutes(library: Library) -> str:
    add_copy(library)
    behind_the_guards(library, "UPDATE item SET status = 'weeded_worn'")
    return "weeded_by_minutes"


def weeded_before_the_answer(library: Library) -> str:
    finalised(library)
    behind_the_guards(library, "UPDATE item SET status = 'weeded_worn'")
    return "weeded_by_minutes"


def closed_minutes(library: Library) -> None:
    """Three copies weeded, on the second edition of their minutes."""
    minutes_at_county(library)
    ruled(library, RulingLevel.COUNTY)
    ruled(library, RulingLevel.PROVINCE)
    minutes_closed(library)


def weeded_but_not_carried_out(library: Library) -> str:
    closed_minutes(library)
    behind_the_guards(library, "UPDATE minutes_row SET executed_on = NULL")
    return "weeded_by_minutes"


def weeded_although_refused(library: Library) -> str:
    closed_minutes(library)
    behind_the_guards(library, "UPDATE ruling SET verdict = 'reject'")
    return "weeded_by_minutes"


def edition_skipped(library: Library) -> str:
    closed_minutes(library)
    behind_the_guards(library, "UPDATE minutes SET revision = 3 WHERE revision = 2")
    return "minutes_editions"


def edition_beside_the_one_before(library: Library) -> str:
    closed_minutes(library)
    behind_the_guards(library, "UPDATE minutes SET state = 'ruled' WHERE revision = 1")
    return "minutes_editions"


def edition_without_paper(library: Library) -> str:
    closed_minutes(library)
    behind_the_guards(library, "UPDATE minutes SET document_id = NULL WHERE revision = 2")
    return "minutes_editions"


def kept_by_superseded_minutes(library: Library) -> str:
    minutes_at_county(library)
    behind_the_guards(library, "UPDATE minutes SET state = 'superseded'")
    return "copies_on_minutes"


def kept_by_minutes_it_does_not_stand_on(library: Library) -> str:
    copy = add_copy(library)
    minutes_at_county(library)
    (minutes,) = rows(library, Minutes)
    change(library, Item, copy.id, on_minutes_id=minutes.id)
    return "copies_on_minutes"


def minutes_skipped(library: Library) -> str:
    finalised(library)
    finalised(library)
    behind_the_guards(
        library, "UPDATE item SET on_minutes_id = NULL", "DELETE FROM minutes_step", "DELETE FROM minutes_row",
        "DELETE FROM minutes WHERE number = 1",
    )  # fmt: skip
    return "minutes_numbers"


def minutes_without_paper(library: Library) -> str:
    finalised(library)
    behind_the_guards(library, "DELETE FROM document")
    return "minutes_numbers"


def minutes_of_another_year(library: Library) -> str:
    finalised(library)
    behind_the_guards(library, "UPDATE minutes SET finalised_on = '2030-01-01'")
    return "minutes_numbers"


def receipt_skipped(library: Library) -> str:
    with library.store.write() as tx:
        for number in (1, 3):
            tx.insert(
                Receipt, number=number, amount=1_000, at=act(library).at, day=act(library).day, method="cash",
                staff_id=act(library).staff_id,
            )  # fmt: skip
        tx.record("payment.taken", act(library))
    return "receipt_numbers"


def clearance_skipped(library: Library) -> str:
    cleared(library, add_member(library))
    behind_the_guards(library, "UPDATE clearance SET number = 2")
    return "clearance_numbers"


def clearance_without_paper(library: Library) -> str:
    cleared(library, add_member(library))
    behind_the_guards(library, "UPDATE clearance SET document_id = NULL")
    return "clearance_numbers"


def lost_and_still_on_loan(library: Library) -> str:
    lend(library, add_member(library), add_copy(library))
    behind_the_guards(library, "UPDATE loan SET lost_on = '2026-11-21'")
    return "losses"


def replaced_by_nothing(library: Library) -> str:
    copy = add_copy(library)
    behind_the_guards(library, f"UPDATE item SET status = 'replaced' WHERE accession_no = {copy.accession_no}")
    return "losses"


def paid_without_a_loss(library: Library) -> str:
    copy = add_copy(library)
    lend(library, add_member(library), copy)
    take_back(library, copy)
    behind_the_guards(library, "UPDATE loan SET ended_as = 'paid'")
    return "losses"


def paper_rewritten(library: Library) -> str:
    finalised(library)
    behind_the_guards(library, "UPDATE document SET content = x'00' WHERE file_name LIKE '%.pdf'")
    return "documents"


def more_acknowledged_than_written(library: Library) -> str:
    behind_the_guards(library, "UPDATE stream SET acked_seq = head_seq + 1")
    return "sync"


def another_chain_acknowledged(library: Library) -> str:
    behind_the_guards(library, f"UPDATE stream SET acked_seq = 1, acked_chain = x'{bytes(16).hex()}'")
    return "sync"


def closed_and_gone_on_with(library: Library) -> str:
    behind_the_guards(library, "UPDATE stream SET closed_at = opened_at")
    return "sync"


def kept_for_two(library: Library) -> str:
    copy = add_copy(library)
    for _ in range(2):
        place_hold(library, add_member(library), copy, state=HoldState.WAITING, item_id=copy.id)
    return "holds"


def kept_and_lent(library: Library) -> str:
    copy = add_copy(library)
    lend(library, add_member(library), copy)
    place_hold(library, add_member(library), copy, state=HoldState.WAITING, item_id=copy.id)
    return "holds"


def packed_twice(library: Library) -> str:
    packed = packed_copies(library)
    with library.store.write() as tx:
        row = rows(library, DisposalRow)[0]
        tx.insert(DisposalRow, disposal_id=packed, item_id=row.item_id, minutes_row_id=row.minutes_row_id)
        tx.record("disposal.packed", act(library))
    return "exchange"


def left_before_the_answer(library: Library) -> str:
    packed_copies(library)
    behind_the_guards(library, "UPDATE minutes_row SET executed_on = NULL", "UPDATE item SET status = 'available'")
    return "exchange"


def given_to_nobody(library: Library) -> str:
    packed = packed_copies(library)
    with library.store.write() as tx:
        tx.insert(
            Disposal, kind="exchange", reason="content", state="packed", parent_id=packed, packed_on=act(library).day
        )
        tx.record("exchange.allocated", act(library))
    return "exchange"


def delivery_skipped(library: Library) -> str:
    packed = packed_copies(library)
    behind_the_guards(library, f"UPDATE disposal SET year = 1405, number = 2 WHERE id = x'{packed.hex}'")
    return "exchange"


def settled_without_receipt(library: Library) -> str:
    packed = packed_copies(library)
    with library.store.write() as tx:
        tx.insert(
            Disposal, kind="recycling", reason="worn", state="finished", parent_id=packed, packed_on=act(library).day,
            proceeds=900_000, paid_on=act(library).day, proceeds_notice_no="۹",
        )  # fmt: skip
        tx.record("disposal.paid", act(library))
    return "exchange"


def packed_copies(library: Library) -> uuid.UUID:
    weeded(library, 1)
    outcome = pack(library, WeedingReason.CONTENT, act(library))
    assert isinstance(outcome, Stands), outcome
    return outcome.package.id


def at_a_bindery_that_nobody_sent_it_to(library: Library) -> str:
    change(library, Item, add_copy(library).id, status=ItemStatus.IN_BINDING)
    return "binding"


def on_two_binding_requests(library: Library) -> str:
    copy = add_copy(library)
    listed(library, copy)
    with library.store.write() as tx:
        request = tx.insert(BindingRequest, state="requested", opened_at=act(library).at)
        tx.insert(BindingRow, request_id=request, position=1, item_id=copy.id)
        tx.record("test.changed", act(library))
    return "binding"


def binding_request_skipped(library: Library) -> str:
    change(library, BindingRequest, requested(library, add_copy(library)).request_id, number=2)
    return "binding"


def binding_request_without_paper(library: Library) -> str:
    change(library, BindingRequest, requested(library, add_copy(library)).request_id, document_id=None)
    return "binding"


def row_pointing_nowhere(library: Library) -> str:
    add_copy(library)
    copy = add_copy(library)
    lend(library, add_member(library), copy)
    behind_the_guards(library)
    driver: Any = library.store._writer.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    driver.execute(f"UPDATE loan SET item_id = x'{uuid.uuid4().hex}'")
    driver.execute("UPDATE item SET loan_count = 0, uses = 0, last_loan_on = NULL, status = 'available'")
    driver.execute("PRAGMA foreign_keys = ON")
    return "file"


BREAKS = (
    lent_twice,
    shelved_while_lent,
    lent_to_nobody,
    loans_miscounted,
    uses_miscounted,
    last_loan_forgotten,
    entry_removed,
    last_entry_removed,
    entry_rewritten,
    link_rewritten,
    accession_number_given_twice,
    register_turned_back,
    voided_by_another_amount,
    voided_twice,
    settled_for_somebody_else,
    settled_what_is_no_debt,
    settled_what_is_not_there,
    settled_by_a_debt,
    settled_beyond_the_debt,
    weeded_without_minutes,
    weeded_before_the_answer,
    weeded_but_not_carried_out,
    weeded_although_refused,
    edition_skipped,
    edition_beside_the_one_before,
    edition_without_paper,
    kept_by_superseded_minutes,
    kept_by_minutes_it_does_not_stand_on,
    minutes_skipped,
    minutes_without_paper,
    minutes_of_another_year,
    receipt_skipped,
    clearance_skipped,
    clearance_without_paper,
    lost_and_still_on_loan,
    replaced_by_nothing,
    paid_without_a_loss,
    paper_rewritten,
    more_acknowledged_than_written,
    another_chain_acknowledged,
    closed_and_gone_on_with,
    kept_for_two,
    kept_and_lent,
    packed_twice,
    left_before_the_answer,
    given_to_nobody,
    delivery_skipped,
    settled_without_receipt,
    at_a_bindery_that_nobody_sent_it_to,
    on_two_binding_requests,
    binding_request_skipped,
    binding_request_without_paper,
    row_pointing_nowhere,
)


@pytest.mark.parametrize("break_it", BREAKS)
def test_what_is_broken_by_hand_is_found(library: Library, break_it: Callable[[Library], str]) -> None:
    invariant = break_it(library)
    assert {name for name, _ in broken(library)} == {invariant}


def test_every_invariant_is_broken_above(library: Library) -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in (*INVARIANTS, "file") if f'return "{name}"' not in source] == []


def test_the_place_is_told(library: Library) -> None:
    copy = add_copy(library)
    add_copy(library)
    behind_the_guards(library, f"UPDATE item SET status = 'on_loan' WHERE accession_no = {copy.accession_no}")
    assert broken(library) == [("status_equals_loans", "accession 1")]


def test_at_most_twenty_places_of_an_invariant_are_told(library: Library) -> None:
    title = add_copy(library).title_id
    for _ in range(MOST_TOLD + 4):
        add_copy(library, title)
    behind_the_guards(library, "UPDATE item SET uses = 5")
    assert len(check_library(library).broken) == MOST_TOLD


def test_a_waiver_that_was_taken_back_leaves_room_for_a_payment(library: Library) -> None:
    debt = add_to_ledger(library, 2_000)
    waiver = add_to_ledger(library, -1_500, LedgerKind.WAIVER, settles=debt)
    add_to_ledger(library, 1_500, LedgerKind.VOID, opposes=waiver)
    add_to_ledger(library, -2_000, LedgerKind.PAYMENT, settles=debt)
    assert check_library(library).broken == ()


def test_a_copy_brought_in_kind_after_it_was_paid_is_no_contradiction(library: Library) -> None:
    debt = add_to_ledger(library, 2_000, LedgerKind.LOST_ITEM)
    add_to_ledger(library, -2_000, LedgerKind.PAYMENT, settles=debt, method=PaymentMethod.CASH)
    add_to_ledger(library, -2_000, LedgerKind.PAYMENT, settles=debt, method=PaymentMethod.IN_KIND)
    assert check_library(library).broken == ()


def test_a_copy_lost_on_a_card_is_no_contradiction(library: Library) -> None:
    copy = add_copy(library)
    lend(library, add_member(library), copy)
    change(library, Item, copy.id, status=ItemStatus.LOST)
    assert check_library(library).broken == ()


def test_copies_weeded_by_minutes_that_were_closed_are_whole(library: Library) -> None:
    closed_minutes(library)
    assert len(rows(library, Item, status=ItemStatus.WEEDED_WORN)) == 3
    assert check_library(library).broken == ()


def test_minutes_begin_again_with_each_jalali_year(library: Library) -> None:
    finalised(library)
    clock(library).set(dt.datetime(2027, 4, 3, 9, 0, tzinfo=dt.UTC))
    assert finalised(library).number == "1406/1"
    assert check_library(library).broken == ()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_one_flipped_bit_in_the_file_is_found(library: Library, tmp_path: Path, share: float) -> None:
    add_copy(library)
    library.store.close()
    path = tmp_path / "library" / "library.db"
    content = bytearray(path.read_bytes())
    content[int(len(content) * share) // 4096 * 4096 + 100] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(Trouble) as caught, reopened(tmp_path / "library").store as store:
        check_library(Library(store, library.clock))
    assert caught.value.code == "P-1105"


def test_the_report_reads_one_moment(library: Library) -> None:
    before = len(rows(library, JournalEntry))
    check_library(library)
    assert len(rows(library, JournalEntry)) == before
    assert row(library, Document, finalised(library).document_id).content.startswith(b"%PDF")
