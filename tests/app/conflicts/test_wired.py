"""The conflict matrix end to end (sync-protocol 11): two libraries that cannot see each other, and a centre."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.check import check_library
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.elsewhere import Sighted, SightingForm, see_return
from app.circulation.outcomes import CheckedOut, CheckoutRefused
from app.conflicts.cases import CaseDecided, decide_case, open_cases
from app.conflicts.choices import Choice
from app.conflicts.projecting import project
from app.directives.facts import RulingFacts
from app.directives.issuing import issue
from app.directives.publishing import publish_calendar_day, publish_library, publish_policy
from app.exchange.libraries import LibraryForm, all_libraries, set_library
from app.library import Library
from app.members.guests import forget_guests
from app.members.service import edit_member, form_of
from app.outcome import Refused
from app.policy.service import set_policy
from app.weeding.minutes.outcomes import Rulings
from app.weeding.minutes.ruling_file import seal
from db.act import Act
from db.codes import CaseKind, DayKind, DirectiveKind, ItemStatus, MinutesState, ReturnSeenState, Role
from db.models.centre import DirectiveAnswer, MemberStanding, ReturnSeen
from db.models.circulation import Loan
from db.models.collection import Minutes
from db.models.items import Item
from db.models.members import Member, MemberContact
from db.models.sync import JournalEntry
from tests.app.conflicts.wired import Wired, wired
from tests.app.members.test_guests import guest
from tests.app.weeding.minutes.on_the_way import APPROVE, COUNTY, letter, sent
from tests.library import AMember, act, add_copy, add_member, change, lend, row, rows, take_back

ARAK, TAFRESH = "کتابخانهٔ اراک", "کتابخانهٔ تفرش"


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Wired]:
    with wired(tmp_path, ARAK, TAFRESH) as made:
        yield made
        for library in made.libraries.values():
            assert check_library(library).broken == ()


@pytest.fixture
def arak(net: Wired) -> Library:
    return net.libraries[ARAK]


@pytest.fixture
def tafresh(net: Wired) -> Library:
    return net.libraries[TAFRESH]


def the_centre(net: Wired) -> Act:
    return Act(None, Role.ADMINISTRATOR, 0, net.centre.clock.read())


def codes(library: Library, member: AMember) -> list[str]:
    outcome = check_out(library, CheckoutRequest(member.card, add_copy(library).barcode), act(library))
    if isinstance(outcome, CheckedOut):
        return []
    assert isinstance(outcome, CheckoutRefused)
    return [refusal.code for refusal in outcome.refusals]


def cases(library: Library) -> list[CaseKind]:
    with library.store.read() as reader:
        return [case.kind for case in open_cases(reader)]


def test_a_copy_that_came_back_at_the_other_library_is_closed_at_home_with_that_day(
    net: Wired, arak: Library, tafresh: Library
) -> None:
    copy = add_copy(arak, barcode="ARK-1")
    loan = lend(arak, add_member(arak), copy)
    net.pass_days(3)
    seen = see_return(tafresh, SightingForm("ARK-1"), act(tafresh))
    assert isinstance(seen, Sighted)
    day = act(tafresh).day
    net.pass_days(20)
    net.settle()
    closed = row(arak, Loan, loan.loan_id)
    assert (closed.effective_in_on, row(arak, Item, copy.id).status) == (day, ItemStatus.IN_TRANSIT)
    assert row(tafresh, ReturnSeen, seen.sighting.id).state is ReturnSeenState.CLOSED
    assert cases(arak) == cases(tafresh) == []


def test_a_loan_that_was_renewed_meanwhile_is_decided_by_a_person(net: Wired, arak: Library, tafresh: Library) -> None:
    copy = add_copy(arak, barcode="ARK-1")
    loan = lend(arak, add_member(arak), copy)
    net.sync()
    see_return(tafresh, SightingForm("ARK-1"), act(tafresh))
    net.sync(TAFRESH)
    project(net.centre)  # the claim knows the loan as it was
    change(arak, Loan, loan.loan_id, renewals=1)
    net.settle()
    assert cases(arak) == [CaseKind.RETURNED_ELSEWHERE]
    with arak.store.read() as reader:
        (case,) = open_cases(reader)
    assert TAFRESH in [story.whose for story in case.stories]
    outcome = decide_case(arak, case.id, Choice.CLOSE_LOAN, act(arak))
    assert isinstance(outcome, CaseDecided)
    assert row(arak, Loan, loan.loan_id).in_at is not None
    net.settle()
    assert cases(arak) == []
    assert {seen.state for seen in rows(tafresh, ReturnSeen)} == {ReturnSeenState.CLOSED}


def test_lent_over_the_limit_at_two_libraries_that_were_offline(net: Wired, arak: Library, tafresh: Library) -> None:
    member, visitor = add_member(arak, card="ARK-M-1"), guest(tafresh, card="ARK-M-1", given_name="مریم",
                                                              family_name="رضایی")  # fmt: skip
    copies = [add_copy(arak) for _ in range(5)]
    for copy in copies:
        lend(arak, member, copy)
    lend(tafresh, visitor, add_copy(tafresh))
    net.settle()
    assert cases(arak) == cases(tafresh) == [CaseKind.OVER_LIMIT]
    assert codes(tafresh, visitor) == ["limit.elsewhere"]
    assert "limit.total" in codes(arak, member)
    for copy in copies[:2]:
        take_back(arak, copy)
    net.settle()
    assert cases(arak) == cases(tafresh) == []
    assert codes(arak, member) == []


def test_a_member_described_otherwise_at_the_other_library(net: Wired, arak: Library, tafresh: Library) -> None:
    member = add_member(arak, card="ARK-M-1", family_name="رضایی", mobile="09121111111")
    guest(tafresh, card="ARK-M-1", given_name="مریم", family_name="رضائیان", mobile="09122222222")
    net.settle()
    assert "+989122222222" in {contact.value for contact in rows(arak, MemberContact)}
    assert row(arak, Member, member.id).mobile == "+989121111111"
    with arak.store.read() as reader:
        (case,) = open_cases(reader)
    assert case.kind is CaseKind.MEMBER_DIFFERS
    assert ["نام خانوادگی: رضائیان"] in [list(story.lines) for story in case.stories]
    assert isinstance(decide_case(arak, case.id, Choice.TAKE_THEIRS, act(arak)), CaseDecided)
    assert row(arak, Member, member.id).family_name == "رضائیان"
    net.settle()
    assert cases(arak) == []


def test_one_national_id_at_two_libraries_is_matched_though_the_centre_keeps_it_encrypted(
    net: Wired, arak: Library, tafresh: Library
) -> None:
    add_member(arak, national_id="0012345679")
    add_member(tafresh, national_id="0012345679")
    net.settle()
    assert [standing.home for library in (arak, tafresh) for standing in rows(library, MemberStanding)] == [True, True]
    with net.centre.store.read() as reader:
        stored = set(reader.connection.execute(sa.select(Member.national_id)).scalars())
    assert len(stored - {None}) == 1
    assert "0012345679" not in stored


def test_a_ruling_that_arrives_after_the_copy_was_lent(net: Wired, arak: Library) -> None:
    first, *_ = sent(arak)
    change(arak, Item, first.id, on_minutes_id=None)
    lend(arak, add_member(arak), first)
    (minutes,) = rows(arak, Minutes)
    change(arak, Item, first.id, on_minutes_id=minutes.id)
    net.sync(ARAK)
    rulings = Rulings("1405/1", COUNTY, letter(arak), APPROVE, revision=1)
    sealed = seal(arak.branch.id, rulings, net.centre.keys.signing).decode()
    with net.centre.write() as tx:
        directive = issue(tx, net.centre, arak.branch.id, DirectiveKind.RULING, RulingFacts(sealed), "ادارهٔ اراک")
        tx.record("ruling.sent", the_centre(net))
    net.settle()
    assert row(arak, Minutes, minutes.id).state is MinutesState.AT_PROVINCE
    with net.centre.store.read() as reader:
        query = sa.select(DirectiveAnswer.done, DirectiveAnswer.words).where(DirectiveAnswer.directive_id == directive)
        answered = reader.connection.execute(query).one()
    assert answered.done
    assert "کنار گذاشته می‌شود" in answered.words
    assert cases(arak) == []


def test_rules_days_and_libraries_of_the_centre_hold_here_and_are_not_changed_here(net: Wired, arak: Library) -> None:
    rules = {"title": "کشوری", "rows": [{"name": "همه", "source": "مرکز", "article": "۱", "loan_days": 4}]}
    publish_policy(net.centre, rules, the_centre(net))
    holiday = act(arak).day + dt.timedelta(days=4)
    publish_calendar_day(net.centre, holiday, DayKind.HOLIDAY, "آلودگی هوا", the_centre(net))
    publish_library(net.centre, LibraryForm("کتابخانهٔ ساوه", province="مرکزی", county="ساوه"), the_centre(net))
    before = lend(arak, add_member(arak), add_copy(arak))
    net.sync()
    after = lend(arak, add_member(arak), add_copy(arak))
    assert (before.policy_version, after.policy_version) == (1, 10_000)
    assert after.due_on == holiday + dt.timedelta(days=2)  # a Thursday that is closed, then Friday
    refused = set_policy(arak, rules, act(arak))
    assert isinstance(refused, Refused)
    assert [refusal.code for refusal in refused.refusals] == ["centre.owns_policy"]
    with arak.store.read() as reader:
        (listed,) = all_libraries(reader)
    assert listed.of_centre
    form = LibraryForm("کتابخانهٔ ساوه", province="مرکزی", county="ساوه", licence_no="۱۲")
    outcome = set_library(arak, form, act(arak))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["centre.owns_library"]


def test_numbers_come_from_the_centre_once_the_library_is_enrolled(net: Wired, arak: Library, tafresh: Library) -> None:
    assert add_member(arak).number == "000001"
    net.settle()
    assert {add_member(arak).number, add_member(tafresh).number} == {"1000001", "1000201"}


def test_what_a_library_forgets_of_a_visitor_the_centre_forgets_too(net: Wired, tafresh: Library) -> None:
    visitor = guest(tafresh, card="ARK-M-1", family_name="فراموش‌شدنی")
    net.settle()
    assert "فراموش‌شدنی" in journal_of(net)
    net.pass_days(91)
    assert forget_guests(tafresh, act(tafresh), act(tafresh).day) == 1
    net.settle()
    assert "فراموش‌شدنی" not in journal_of(net)
    with net.centre.store.read() as reader:
        gone = reader.connection.execute(sa.select(Member).where(Member.id == visitor.id)).one()
    assert "فراموش‌شدنی" not in str(gone)


def journal_of(net: Wired) -> str:
    with net.centre.store.read() as reader:
        found = reader.connection.execute(sa.select(JournalEntry.personal, JournalEntry.body)).all()
    parts = (net.centre.cipher.unseal(bytes(part)) for entry in found for part in entry if part)
    return "".join(part.decode("utf-8", "ignore") for part in parts)


def test_a_member_edited_at_home_needs_no_case(net: Wired, arak: Library) -> None:
    member = add_member(arak)
    net.settle()
    with arak.store.read() as reader:
        form = form_of(reader, member.id)
    assert form is not None
    edit_member(arak, member.id, form, act(arak))
    net.settle()
    assert cases(arak) == []
