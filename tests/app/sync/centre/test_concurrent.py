"""Two histories of one branch that changed the same rows (sync-protocol 11): a second machine, a restored or cloned
database."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.centre import Centre
from app.directives.doing import do_directives
from app.library import Library
from app.sync.apply import ready, take
from db.applying import applying
from db.codes import CaseKind, DirectiveKind, MemberState
from db.journal import DECODER
from db.models.base import Base
from db.models.centre import Directive, DirectiveAnswer, SyncCase
from db.models.circulation import Loan, Receipt
from db.models.items import Item
from db.models.members import Member
from db.models.sync import ConflictValue, JournalEntry, SetAside
from db.wire import entity
from tests.app.sync.branch.feed_rows import sent_row
from tests.app.sync.centre.sending import Sender, journal, kept, second_device
from tests.library import act, add_copy, add_member, change, clock, lend, reopened, row, rows, take_back


class Two:
    """One branch on two machines that started from the same rows; `ours` and `theirs` are their libraries."""

    def __init__(self, centre: Centre, library: Library, sender: Sender, folder: Path) -> None:
        self.centre = centre
        self.ours = library
        self.sender = sender
        library.store.rest()
        library.store.close()
        source = Path(library.store.name).parent
        shutil.copytree(source, folder)
        self.ours.store = reopened(source).store
        self.theirs = reopened(folder, clock(library).now)
        self.other = second_device(centre, library)
        self.start = len(journal(self.ours))
        sender.push(journal(self.ours))

    def push_ours(self) -> list[str]:
        """What this machine did since; what was not plain about it."""
        return [note.what for note in self.sender.push(journal(self.ours, self.sender.sent)).notes]

    def push_theirs(self) -> list[str]:
        """What the other one did, in a stream of its own."""
        entries = journal(self.theirs, self.start + self.other.sent)
        from tests.app.sync.centre.sending import altered

        own = [altered(entry, seq=seq) for seq, entry in enumerate(entries, self.other.sent + 1)]
        return [note.what for note in self.other.push(own).notes]


@pytest.fixture
def two(centre: Centre, library: Library, sender: Sender, tmp_path: Path) -> Any:
    """Two machines that know two readers and two copies."""
    add_member(library, national_id="0084575948", mobile="09121112233")
    add_member(library)
    add_copy(library)
    add_copy(library)
    made = Two(centre, library, sender, tmp_path / "second")
    yield made
    made.theirs.store.close()


def only(centre: Centre, model: type[Base], row_id: object) -> Any:
    (found,) = kept(centre, model, id=row_id)
    return found


def a_member(library: Library) -> Any:
    return min(rows(library, Member), key=lambda member: member.member_no)


def test_different_fields_are_both_taken(two: Two) -> None:
    reader = a_member(two.ours).id
    change(two.ours, Member, reader, job="معلم")
    change(two.theirs, Member, reader, education="کارشناسی")
    assert two.push_ours() == []
    assert two.push_theirs() == ["merged"]
    there = only(two.centre, Member, reader)
    assert (there.job, there.education, there.ver) == ("معلم", "کارشناسی", 3)
    assert kept(two.centre, ConflictValue) == []


@pytest.mark.parametrize(("minutes", "stands"), [(5, "theirs"), (-5, "ours")])
def test_of_one_field_the_later_value_is_taken_and_the_other_is_kept(two: Two, minutes: int, stands: str) -> None:
    reader = a_member(two.ours).id
    clock(two.ours).advance(seconds=60 * (10))
    clock(two.theirs).advance(seconds=60 * (10 + minutes))
    change(two.ours, Member, reader, job="ours")
    change(two.theirs, Member, reader, job="theirs")
    two.push_ours()
    two.push_theirs()
    there = only(two.centre, Member, reader)
    assert (there.job, there.ver) == (stands, 3)
    (lost,) = kept(two.centre, ConflictValue)
    assert (lost.row_id, lost.entity, lost.branch_id) == (reader, "member", two.ours.branch.id)
    value = {"ours": "theirs", "theirs": "ours"}[stands]
    assert DECODER.decode(bytes(lost.data)) == {entity(Member).fields["job"].number: value}


def test_the_order_of_arrival_does_not_matter(two: Two) -> None:
    reader = a_member(two.ours).id
    clock(two.ours).advance(seconds=60 * (30))
    change(two.ours, Member, reader, job="later")
    change(two.theirs, Member, reader, job="earlier")
    two.push_theirs()
    two.push_ours()
    assert only(two.centre, Member, reader).job == "later"


@pytest.mark.parametrize(
    ("field", "first", "second"),
    [
        ("given_name", "زهرا", "مریم‌السادات"),
        ("national_id", "0013542419", "0499370899"),
        ("birth_date", dt.date(1990, 1, 1), dt.date(1991, 1, 1)),
        ("category", "student", "faculty"),
        ("expires_on", dt.date(2030, 1, 1), dt.date(2031, 1, 1)),
        (
            "state",
            MemberState.CLEARED,
            MemberState.MERGED,
        ),
    ],
)
def test_who_a_reader_is_stays_until_a_person_decides(two: Two, field: str, first: object, second: object) -> None:
    reader = a_member(two.ours).id
    clock(two.theirs).advance(seconds=60 * (30))
    change(two.ours, Member, reader, **{field: first})
    change(two.theirs, Member, reader, **{field: second})
    two.push_ours()
    assert "case" in two.push_theirs()
    there = only(two.centre, Member, reader)
    cipher = two.centre.cipher
    assert (cipher.decrypt(there.national_id) if field == "national_id" else getattr(there, field)) == first
    (case,) = kept(two.centre, SyncCase)
    assert (case.kind, case.rows, case.branch_id) == (
        CaseKind.MEMBER_DIFFERS, [f"member:{reader}"], two.ours.branch.id,
    )  # fmt: skip
    assert case.bpos is not None
    (lost,) = kept(two.centre, ConflictValue)
    assert lost.case_id == case.id
    (standing,), (other,) = case.stories["stands"], case.stories["lost"]
    assert (standing["device"], other["device"]) == (two.sender.device_id.hex, two.other.device_id.hex)
    assert standing["at_ms"] < other["at_ms"]
    for side, value in ((standing, first), (other, second)):
        told = cipher.decrypt(side["values"][field]["sealed"]) if field == "national_id" else side["values"][field]
        assert told == (value.isoformat() if isinstance(value, dt.date) else value)


def test_the_same_value_twice_is_no_conflict(two: Two) -> None:
    reader = a_member(two.ours).id
    for library in (two.ours, two.theirs):
        change(library, Member, reader, given_name="زهرا")
    two.push_ours()
    two.push_theirs()
    assert kept(two.centre, SyncCase) == kept(two.centre, ConflictValue) == []


def test_what_follows_from_one_s_own_change_is_judged_by_where_it_set_out(two: Two) -> None:
    reader = a_member(two.ours).id
    clock(two.ours).advance(seconds=60 * (60))
    change(two.ours, Member, reader, job="latest")
    change(two.theirs, Member, reader, education="دیپلم")
    change(two.theirs, Member, reader, job="earlier")  # from version 2, which only this machine has
    two.push_ours()
    two.push_theirs()
    there = only(two.centre, Member, reader)
    assert (there.job, there.education, there.ver) == ("latest", "دیپلم", 4)


def test_two_open_loans_of_a_copy_both_stay_and_a_person_is_asked(two: Two) -> None:
    copy = min(rows(two.ours, Item), key=lambda item: item.accession_no)
    first, second = (
        sorted(rows(library, Member), key=lambda member: member.member_no) for library in (two.ours, two.theirs)
    )
    loans = []
    for library, member, minutes in ((two.ours, first[0], 5), (two.theirs, second[1], 50)):
        clock(library).advance(seconds=60 * (minutes))
        card = f"M-{int(member.member_no):04d}"
        loans.append(lend_to(library, card, copy.barcode))
    assert two.push_ours() == []
    assert two.push_theirs() == ["merged"]  # the copy, which both made «lent»
    older, newer = (only(two.centre, Loan, loan) for loan in loans)
    assert (older.presumed_in_at, newer.presumed_in_at) == (newer.out_at, None)
    assert (older.ver, newer.ver) == (2, 1)
    (case,) = kept(two.centre, SyncCase)
    assert (case.kind, case.rows) == (CaseKind.TWO_OPEN_LOANS, [f"loan:{older.id}", f"loan:{newer.id}"])
    assert older.bpos < newer.bpos  # a branch must be able to take them in this order


def lend_to(library: Library, card: str, barcode: str) -> Any:
    from tests.library import ACopy, AMember

    before = {loan.id for loan in rows(library, Loan)}
    lend(library, AMember(None, card, ""), ACopy(None, None, barcode, 0))  # type: ignore[arg-type]
    (loan,) = {loan.id for loan in rows(library, Loan)} - before
    return loan


def test_the_older_loan_may_come_later(two: Two) -> None:
    copy = min(rows(two.ours, Item), key=lambda item: item.accession_no)
    clock(two.ours).advance(seconds=60 * (50))
    newer, older = lend_to(two.ours, "M-0001", copy.barcode), lend_to(two.theirs, "M-0002", copy.barcode)
    two.push_ours()
    two.push_theirs()
    assert only(two.centre, Loan, older).presumed_in_at == only(two.centre, Loan, newer).out_at
    assert only(two.centre, Loan, newer).presumed_in_at is None


def test_a_loan_presumed_returned_is_returned_all_the_same(two: Two) -> None:
    copy = min(rows(two.ours, Item), key=lambda item: item.accession_no)
    older = lend_to(two.ours, "M-0001", copy.barcode)
    clock(two.theirs).advance(seconds=60 * (50))
    lend_to(two.theirs, "M-0002", copy.barcode)
    two.push_ours()
    two.push_theirs()
    from tests.library import ACopy

    clock(two.ours).advance(seconds=60 * (90))
    take_back(two.ours, ACopy(copy.id, copy.title_id, copy.barcode, copy.accession_no))
    assert "merged" in two.push_ours()
    there = only(two.centre, Loan, older)
    assert there.in_at == row(two.ours, Loan, older).in_at
    assert there.ver == 3


def test_one_number_for_two_copies_is_set_aside_and_shown(two: Two) -> None:
    add_copy(two.ours)
    add_copy(two.theirs)
    add_member(two.theirs, card="M-0999", member_no="777")
    two.push_ours()
    notes = two.push_theirs()
    assert notes == ["set_aside", "case"]
    (case,) = kept(two.centre, SyncCase)
    copy = max(rows(two.theirs, Item), key=lambda item: item.accession_no)
    assert (case.kind, case.rows) == (CaseKind.NUMBER_TWICE, [f"item:{copy.id}"])
    assert case.stories["detail"] == "one_accession_no"
    (aside,) = kept(two.centre, SetAside)
    assert (aside.position, aside.reason) == (1, "number_twice one_accession_no")
    assert [member.member_no for member in kept(two.centre, Member, member_no="777")] == ["777"]  # what followed
    assert [entry.applied for entry in kept(two.centre, JournalEntry, device_id=two.other.device_id, seq=1)] == [False]


def test_a_receipt_number_is_told_too(two: Two) -> None:
    for library in (two.ours, two.theirs):
        with library.store.write() as tx:
            at = act(library)
            tx.insert(
                Receipt, number=1, amount=5_000, at=at.at, day=at.day, method="cash", staff_id=library.person(None).id
            )
            tx.record("receipt.made", at)
    two.push_ours()
    two.push_theirs()
    (case,) = kept(two.centre, SyncCase)
    assert (case.kind, case.stories["detail"]) == (CaseKind.NUMBER_TWICE, "one_receipt_no")


def test_a_deletion_wins_over_an_edit_whichever_comes_first(two: Two) -> None:
    first, second = sorted(rows(two.ours, Item), key=lambda item: item.accession_no)
    for library, gone, edited in ((two.ours, first, second), (two.theirs, second, first)):
        found = row(library, Item, gone.id)
        with library.store.write() as tx:
            tx.remove(Item, found, act(library))
            tx.record("item.removed", act(library))
        change(library, Item, edited.id, note="خط خورده")
    two.push_ours()
    two.push_theirs()
    for item in (first, second):
        there = only(two.centre, Item, item.id)
        assert there.deleted_at is not None
        assert (there.note, there.ver) == ("خط خورده", 3)


def test_a_change_of_what_the_centre_does_not_have_is_set_aside(two: Two) -> None:
    change(two.theirs, Member, a_member(two.theirs).id, job="معلم")
    (entry,) = journal(two.theirs, two.start)
    from tests.app.sync.centre.sending import altered

    ((number, _, *rest),) = DECODER.decode(entry.body)[10]
    pushed = two.other.push([altered(entry, seq=1, changes=[[number, bytes(16), *rest]])])
    assert [note.what for note in pushed.notes] == ["set_aside", "case"]
    assert kept(two.centre, SetAside)[0].reason.startswith("missing member")


def test_two_machines_that_did_what_the_centre_asked_give_one_answer(two: Two) -> None:
    """Else the second one would lie aside for ever, and each day's digest would find it missing."""
    member = rows(two.ours, Member)[0].id
    asked = sent_row(
        Directive, two.ours.branch.id, 5, kind=DirectiveKind.INTERESTS, issued_at=two.centre.now(), issued_by="مرکز",
        facts={"member": str(member), "interests": ["شعر"]},
    )  # fmt: skip
    for library in (two.ours, two.theirs):
        with library.store.write() as tx, applying(tx, library.store.dialect.name):
            take(tx, ready(asked, library.store.dialect.name))
        (done,) = do_directives(library, act(library))
        assert done.done
    two.push_ours()
    assert "set_aside" not in two.push_theirs()
    (answer,) = kept(two.centre, DirectiveAnswer)
    assert {row.id for library in (two.ours, two.theirs) for row in rows(library, DirectiveAnswer)} == {answer.id}
