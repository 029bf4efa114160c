"""The rows of the conflict matrix (sync-protocol 11) that look across branches, over rows as pushes leave them."""

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa

from app.conflicts.numbers import SIZE
from app.conflicts.projecting import project
from app.directives.facts import ClaimFacts, ContactFacts, read
from app.policy.categories import VISITOR
from db.codes import CaseKind, CaseState, DirectiveKind, LoanEnd
from db.models.centre import Directive, DirectiveAnswer, MemberMatch, MemberNumbers, SyncCase
from db.models.circulation import LedgerLine, Loan
from db.models.members import Member, MemberContact, Restriction
from db.models.sync import Device, JournalEntry, Stream
from tests.app.conflicts.network import ARAK, SAVEH, TAFRESH, Network
from tests.library import MORNING, TODAY

NID = "siv:equal-ids-give-equal-texts"
OTHER_NID = "siv:another"
CENTRE = "مرکز"


def persons(net: Network) -> list[set[uuid.UUID]]:
    """Who is matched with whom."""
    with net.centre.store.read() as reader:
        rows = reader.connection.execute(sa.select(MemberMatch.person_id, MemberMatch.member_id)).all()
    groups: dict[uuid.UUID, set[uuid.UUID]] = {}
    for person, member in rows:
        groups.setdefault(person, set()).add(member)
    return list(groups.values())


class TestWhoIsTheSame:
    def test_equal_national_ids_are_one_reader(self, net: Network) -> None:
        one = net.member(ARAK, "A-1", national_id=NID)
        other = net.member(TAFRESH, "T-1", VISITOR, national_id=NID)
        net.member(SAVEH, "S-1", national_id=OTHER_NID)
        net.project()
        assert persons(net) == [{one, other}]

    @pytest.mark.parametrize("carried", ["A-1", "A-1-n"], ids=["card", "member number"])
    def test_a_visitor_is_known_by_what_they_carry(self, net: Network, carried: str) -> None:
        home, guest = net.member(ARAK, "A-1"), net.member(TAFRESH, carried, VISITOR)
        net.project()
        assert persons(net) == [{home, guest}]

    def test_the_other_side_may_come_in_first(self, net: Network) -> None:
        guest = net.member(TAFRESH, "A-1", VISITOR)
        net.project()
        assert persons(net) == []
        home = net.member(ARAK, "A-1")
        net.project()
        assert persons(net) == [{home, guest}]

    def test_equal_names_and_equal_cards_of_two_members_prove_nothing(self, net: Network) -> None:
        net.member(ARAK, "M-0001"), net.member(TAFRESH, "M-0001")
        net.project()
        assert persons(net) == []

    def test_a_card_that_two_libraries_gave_out_is_nobodys_proof(self, net: Network) -> None:
        net.member(ARAK, "M-1"), net.member(TAFRESH, "M-1")
        net.member(SAVEH, "M-1", VISITOR)
        net.project()
        assert persons(net) == []

    def test_a_corrected_national_id_takes_the_match_and_the_standing_away(self, net: Network) -> None:
        home = net.member(ARAK, "A-1", national_id=NID)
        guest = net.member(TAFRESH, "T-1", VISITOR, national_id=NID)
        net.project()
        assert net.standing(guest) is not None
        net.change(Member, guest, national_id=OTHER_NID)
        net.project()
        assert persons(net) == []
        assert net.standing(home) is None
        assert net.standing(guest) is None


class TestStandings:
    def test_each_branch_learns_what_the_reader_has_elsewhere_and_not_where(self, net: Network) -> None:
        home, guest = net.member(ARAK, "A-1"), net.member(TAFRESH, "A-1", VISITOR)
        net.loan(ARAK, home), net.loan(ARAK, home), net.loan(TAFRESH, guest)
        net.loan(ARAK, home, channel="onsite")
        net.project()
        at_home, visiting = net.standing(home), net.standing(guest)
        assert (at_home.home, at_home.open_elsewhere) == (True, 1)
        assert (visiting.home, visiting.open_elsewhere) == (False, 2)
        assert visiting.branch_id == net.branches[TAFRESH]

    def test_debts_and_bans_are_told_and_taken_back(self, net: Network) -> None:
        home, guest = net.member(ARAK, "A-1"), net.member(TAFRESH, "A-1", VISITOR)
        net.put(LedgerLine, ARAK, member_id=home, kind="fine", amount=5_000, at=MORNING, day=TODAY, staff_id=home)
        ban = net.put(Restriction, ARAK, member_id=home, kind="manual", reason="-", author_id=home, laid_at=MORNING)
        net.project()
        assert (net.standing(guest).debt_elsewhere, net.standing(guest).banned_elsewhere) == (True, True)
        net.put(LedgerLine, ARAK, member_id=home, kind="payment", amount=-5_000, at=MORNING, day=TODAY, staff_id=home)
        net.change(Restriction, ban, lifted_at=MORNING)
        net.project()
        assert (net.standing(guest).debt_elsewhere, net.standing(guest).banned_elsewhere) == (False, False)

    def test_a_ban_ends_with_its_day_though_nothing_comes_in(self, net: Network) -> None:
        home, guest = net.member(ARAK, "A-1"), net.member(TAFRESH, "A-1", VISITOR)
        net.put(Restriction, ARAK, member_id=home, kind="overdue", until=TODAY, reason="-", author_id=home,
                laid_at=MORNING)  # fmt: skip
        net.project()
        assert net.standing(guest).banned_elsewhere
        net.centre.clock.advance(days=1)  # type: ignore[attr-defined]
        net.project()
        assert not net.standing(guest).banned_elsewhere


class TestOverTheLimit:
    def test_both_branches_and_the_one_at_home_are_told_and_it_closes_by_itself(self, net: Network) -> None:
        home = net.member(ARAK, "A-1")
        guests = {name: net.member(name, "A-1", VISITOR) for name in (TAFRESH, SAVEH)}
        loans = [net.loan(TAFRESH, guests[TAFRESH]), net.loan(TAFRESH, guests[TAFRESH]), net.loan(SAVEH, guests[SAVEH])]
        net.project()
        assert net.rows(SyncCase) == []
        loans.append(net.loan(SAVEH, guests[SAVEH]))  # the rules of Arak: three
        net.project()
        told = {name: net.cases(name, CaseKind.OVER_LIMIT) for name in (ARAK, TAFRESH, SAVEH)}
        assert [case.stories["here"] for (case,) in told.values()] == [0, 2, 2]
        assert told[ARAK][0].stories == {"limit": 3, "total": 4, "here": 0, "elsewhere": 4, "home": True}
        assert told[TAFRESH][0].rows == [f"member:{guests[TAFRESH]}"]
        assert home
        net.change(Loan, loans[0], in_at=MORNING, effective_in_on=TODAY, ended_as=LoanEnd.RETURNED)
        net.project()
        assert [net.cases(name, CaseKind.OVER_LIMIT) for name in told] == [[], [], []]

    def test_it_opens_again_when_it_happens_again(self, net: Network) -> None:
        net.member(ARAK, "A-1")
        guest = net.member(TAFRESH, "A-1", VISITOR)
        loans = [net.loan(TAFRESH, guest) for _ in range(4)]
        net.project()
        net.change(Loan, loans[0], in_at=MORNING)
        net.project()
        net.loan(TAFRESH, guest)
        net.project()
        assert len(net.cases(TAFRESH, CaseKind.OVER_LIMIT)) == 1
        assert len(net.rows(SyncCase, TAFRESH)) == 1


class TestReturnedElsewhere:
    def test_the_library_of_the_copy_is_asked_to_close_the_loan_and_the_count_is_freed_at_once(
        self, net: Network
    ) -> None:
        home, guest = net.member(ARAK, "A-1"), net.member(TAFRESH, "A-1", VISITOR)
        copy = net.copy(ARAK, "RAF-17")
        loan = net.loan(ARAK, home, copy)
        net.project()
        assert net.standing(guest).open_elsewhere == 1
        seen = net.seen(TAFRESH, "RAF-17")
        net.project()
        (claim,) = net.asked(ARAK, DirectiveKind.CLAIM_RETURN)
        facts = read(ClaimFacts, claim.facts)
        assert (facts.seen, facts.item, facts.loan, facts.ver) == (seen, copy, loan, 1)
        assert (facts.day, facts.branch) == (TODAY, TAFRESH)
        assert net.standing(guest).open_elsewhere == 0

    def test_what_was_closed_is_told_to_the_branch_that_saw_it(self, net: Network) -> None:
        net.copy(ARAK, "RAF-17")
        seen = net.seen(TAFRESH, "RAF-17")
        net.project()
        net.answer(net.asked(ARAK, DirectiveKind.CLAIM_RETURN)[0])
        net.project()
        (closed,) = net.asked(TAFRESH, DirectiveKind.RETURN_CLOSED)
        assert closed.facts == {"seen": str(seen)}

    def test_a_copy_that_nobody_knows_yet_is_claimed_when_it_comes_in(self, net: Network) -> None:
        net.seen(TAFRESH, "RAF-17")
        net.project()
        assert net.rows(Directive) == []
        net.copy(ARAK, "RAF-17")
        net.project()
        assert len(net.asked(ARAK, DirectiveKind.CLAIM_RETURN)) == 1

    def test_of_two_libraries_with_the_same_label_the_one_that_lent_it_is_meant(self, net: Network) -> None:
        copies = {name: net.copy(name, "RAF-17") for name in (ARAK, SAVEH)}
        net.loan(SAVEH, net.member(SAVEH, "S-1"), copies[SAVEH])
        net.seen(TAFRESH, "RAF-17")
        net.project()
        assert net.asked(ARAK, DirectiveKind.CLAIM_RETURN) == []
        assert len(net.asked(SAVEH, DirectiveKind.CLAIM_RETURN)) == 1

    def test_where_it_cannot_be_told_the_branch_is_asked_for_the_library(self, net: Network) -> None:
        net.copy(ARAK, "RAF-17"), net.copy(SAVEH, "RAF-17")
        net.seen(TAFRESH, "RAF-17")
        net.project()
        (case,) = net.cases(TAFRESH, CaseKind.RETURNED_ELSEWHERE)
        assert case.stories["libraries"] == [ARAK, SAVEH]
        assert net.rows(Directive) == []

    def test_the_name_that_was_read_off_the_stamp_tells_them_apart(self, net: Network) -> None:
        net.copy(ARAK, "RAF-17"), net.copy(SAVEH, "RAF-17")
        net.seen(TAFRESH, "RAF-17", library=SAVEH)
        net.project()
        assert len(net.asked(SAVEH, DirectiveKind.CLAIM_RETURN)) == 1

    def test_a_loan_that_changed_is_decided_by_a_person_of_the_library(self, net: Network) -> None:
        copy = net.copy(ARAK, "RAF-17")
        net.loan(ARAK, net.member(ARAK, "A-1"), copy)
        net.seen(TAFRESH, "RAF-17")
        net.project()
        net.answer(net.asked(ARAK, DirectiveKind.CLAIM_RETURN)[0], done=False, codes=("claim.loan_changed",))
        net.project()
        (case,) = net.cases(ARAK, CaseKind.RETURNED_ELSEWHERE)
        assert case.stories["seen"]["library"] == TAFRESH
        assert case.choices == ["close_loan", "keep_loan"]
        assert net.asked(TAFRESH, DirectiveKind.RETURN_CLOSED) == []
        net.change(SyncCase, case.id, decision="keep_loan", state=CaseState.DECIDED)
        net.project()
        assert len(net.asked(TAFRESH, DirectiveKind.RETURN_CLOSED)) == 1
        assert net.cases(ARAK, CaseKind.RETURNED_ELSEWHERE) == []


class TestTheSameReaderDescribedTwice:
    def test_ways_to_reach_the_reader_are_joined_at_home(self, net: Network) -> None:
        home = net.member(ARAK, "A-1", mobile="+989121111111")
        guest = net.member(TAFRESH, "A-1", VISITOR, mobile="09122222222")
        net.put(MemberContact, TAFRESH, member_id=guest, kind="phone", value="09121111111", health="unknown")
        net.put(MemberContact, TAFRESH, member_id=guest, kind="email", value="a@b.ir", health="unknown")
        net.put(MemberContact, TAFRESH, member_id=guest, kind="address", value="نادرست", health="bad")
        net.project()
        (directive,) = net.asked(ARAK, DirectiveKind.MEMBER_CONTACT)
        facts = read(ContactFacts, directive.facts)
        assert (facts.member, facts.branch) == (home, TAFRESH)
        assert {contact.value for contact in facts.contacts} == {"09122222222", "a@b.ir"}

    def test_other_names_and_dates_are_put_before_the_library_at_home(self, net: Network) -> None:
        home = net.member(ARAK, "A-1", birth_date=dt.date(2000, 1, 1), national_id=NID)
        guest = net.member(TAFRESH, "A-1", VISITOR, family_name="رضائیان", birth_date=dt.date(2001, 1, 1),
                           national_id=OTHER_NID)  # fmt: skip
        net.project()
        (case,) = net.cases(ARAK, CaseKind.MEMBER_DIFFERS)
        assert case.rows == [f"member:{home}", f"member:{guest}"]
        assert case.stories["fields"] == ["family_name", "birth_date", "national_id"]
        assert case.stories["theirs"] == {"family_name": "رضائیان", "birth_date": "2001-01-01"}
        assert NID not in str(case.stories)
        assert OTHER_NID not in str(case.stories)

    def test_a_name_written_otherwise_is_the_same_name(self, net: Network) -> None:
        net.member(ARAK, "A-1", given_name="علی رضا", family_name="كريمي")
        net.member(TAFRESH, "A-1", VISITOR, given_name="علیرضا", family_name="کریمی")
        net.project()
        assert net.rows(SyncCase) == []

    def test_what_was_decided_stays_decided_until_something_else_is_said(self, net: Network) -> None:
        net.member(ARAK, "A-1")
        guest = net.member(TAFRESH, "A-1", VISITOR, family_name="رضائیان")
        net.project()
        (case,) = net.cases(ARAK, CaseKind.MEMBER_DIFFERS)
        net.change(SyncCase, case.id, decision="keep_ours", state=CaseState.DECIDED)
        net.change(Member, guest, mobile="09120000000")
        net.project()
        assert net.cases(ARAK, CaseKind.MEMBER_DIFFERS) == []
        net.change(Member, guest, family_name="رضاپور")
        net.project()
        assert len(net.cases(ARAK, CaseKind.MEMBER_DIFFERS)) == 1

    def test_two_full_members_are_the_provinces_to_decide(self, net: Network) -> None:
        members = [net.member(ARAK, "A-1", national_id=NID), net.member(TAFRESH, "T-1", national_id=NID)]
        net.project()
        (case,) = net.cases(CENTRE, CaseKind.MEMBER_TWICE)
        assert case.rows == [f"member:{member}" for member in sorted(members)]
        assert case.choices == ["same_person", "two_people"]


class TestAnswersAndMachines:
    def test_a_ruling_that_was_refused_is_a_case_of_the_centre_with_the_words_of_the_library(
        self, net: Network
    ) -> None:
        ruling = net.put(Directive, ARAK, kind="ruling", facts={"sealed": ""}, issued_at=MORNING, issued_by="استان")
        net.answer(net.row(Directive, ruling), done=False, codes=("ruling.twice",), words="پیش‌تر پاسخ داده شده است.")
        net.project()
        (case,) = net.cases(CENTRE, CaseKind.DIRECTIVE_REFUSED)
        assert case.stories["words"] == "پیش‌تر پاسخ داده شده است."

    def test_what_a_reader_asked_for_is_no_case(self, net: Network) -> None:
        wish = net.put(Directive, ARAK, kind="renew", facts={}, issued_at=MORNING, issued_by="عضو")
        net.answer(net.row(Directive, wish), done=False, codes=("renewal.too_many",))
        net.project()
        assert net.rows(SyncCase) == []

    def test_a_history_that_goes_on_after_a_younger_one_began_is_two_machines(self, net: Network) -> None:
        device = enrolled(net, ARAK, "fp-1")
        history(net, ARAK, device, 1, 0, 10)
        history(net, ARAK, device, 2, 20, 30)
        net.project()
        assert net.rows(SyncCase) == []  # a fork that was healed
        history(net, ARAK, device, 3, 25, 40)
        net.member(ARAK, "A-1")
        net.project()
        (case,) = net.cases(CENTRE, CaseKind.TWO_MACHINES)
        assert case.rows == [f"branch:{net.branches[ARAK]}", f"device:{device}"]
        (told,) = net.cases(ARAK, CaseKind.TWO_MACHINES)
        assert told.choices == ["seen"]

    def test_two_devices_of_one_machine_are_told(self, net: Network) -> None:
        enrolled(net, ARAK, "fp-1"), enrolled(net, ARAK, "fp-1"), enrolled(net, TAFRESH, "fp-1")
        net.project()
        assert len(net.cases(CENTRE, CaseKind.TWO_MACHINES)) == 1


class TestWhatOneLibrarySent:
    def test_nonsense_of_one_library_never_keeps_the_others_waiting(self, net: Network) -> None:
        asked = net.put(Directive, ARAK, kind=DirectiveKind.RULING, facts={}, issued_at=MORNING, issued_by=CENTRE)
        net.put(DirectiveAnswer, ARAK, directive_id=asked, done=False, codes=7, at=MORNING)
        home, guest = net.member(TAFRESH, "A-1"), net.member(SAVEH, "A-1", VISITOR)
        net.loan(TAFRESH, home)
        with pytest.raises(TypeError):  # told, and tried again
            project(net.centre)
        assert persons(net) == [{home, guest}]
        assert net.standing(guest).open_elsewhere == 1


class TestNumbers:
    def test_a_library_that_was_enrolled_gets_a_block_and_the_next_before_it_ends(self, net: Network) -> None:
        enrolled(net, ARAK, "fp-1")
        net.project()
        (block,) = net.rows(MemberNumbers)
        assert (block.first, block.last, block.branch_id) == (1_000_001, 1_000_200, net.branches[ARAK])
        for number in range(block.first, block.first + 100):
            net.member(ARAK, f"C-{number}", member_no=str(number))
        net.project()
        assert len(net.rows(MemberNumbers)) == 1
        net.member(ARAK, "C-last", member_no=str(block.first + 100))
        net.project()
        assert [row.first for row in net.rows(MemberNumbers)] == [block.first, block.first + SIZE]

    def test_two_libraries_never_have_the_same_numbers(self, net: Network) -> None:
        enrolled(net, ARAK, "fp-1"), enrolled(net, TAFRESH, "fp-2")
        net.project()
        first, second = sorted(net.rows(MemberNumbers), key=lambda row: row.first)
        assert first.last < second.first


def enrolled(net: Network, branch: str, fingerprint: str) -> uuid.UUID:
    device = uuid.uuid4()
    values = {"id": device, "branch_id": net.branches[branch], "public_key": bytes(32), "fingerprint": fingerprint,
              "state": "active", "scopes": []}  # fmt: skip
    with net.centre.write() as tx:
        tx.connection.execute(sa.insert(Device).values(values))
    return device


def history(net: Network, branch: str, device: uuid.UUID, epoch: int, first: int, last: int) -> None:
    """An epoch whose entries came in between two minutes."""
    common = {"device_id": device, "epoch": epoch, "branch_id": net.branches[branch]}
    with net.centre.write() as tx:
        tx.connection.execute(sa.insert(Stream).values(**common, opened_at=MORNING, reason="test"))
        for seq, minute in ((1, first), (2, last)):
            values = {"seq": seq, "eid": uuid.uuid4(), "kind": "t", "at_ms": 0, "bdate": TODAY, "desk": 1, "body": b"",
                      "chain": bytes(16), "moved": False, "applied": True,
                      "recv_at": MORNING + dt.timedelta(minutes=minute)}  # fmt: skip
            tx.connection.execute(sa.insert(JournalEntry).values(**common, **values))
