"""Cases as a branch sees and decides them: both stories, the choices, and what follows."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.check import check_library
from app.conflicts.cases import DEEDS, CaseDecided, decide_case, every_case, open_cases
from app.conflicts.choices import CHOICES, OPTIONS, Choice, choices_of
from app.conflicts.deeds import Subject
from app.library import Library
from app.outcome import NotFound, Refused
from db.applying import applying
from db.codes import CaseKind, CaseState, LoanEnd, Role
from db.models.centre import SyncCase
from db.models.circulation import Loan
from db.models.items import Item
from db.models.members import Member
from tests.app.directives.asking import pulled
from tests.library import act, add_copy, add_member, found, lend, pass_days, row, rows
from tests.persian_words import faults


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library
        assert check_library(library).broken == ()


STORIES: dict[CaseKind, dict[str, Any]] = {
    CaseKind.TWO_OPEN_LOANS: {"older": str(uuid.UUID(int=1)), "newer": str(uuid.UUID(int=2))},
    CaseKind.OVER_LIMIT: {"limit": 3, "total": 4, "here": 1, "elsewhere": 3, "home": False},
    CaseKind.MEMBER_DIFFERS: {"fields": ["family_name", "birth_date", "national_id"], "library": "کتابخانهٔ تفرش",
                              "ours": {"family_name": "رضایی", "birth_date": "2000-01-01"},
                              "theirs": {"family_name": "رضائیان", "birth_date": "2001-01-01"}},
    CaseKind.MEMBER_TWICE: {"libraries": ["اراک", "تفرش"], "numbers": ["000001", "000002"]},
    CaseKind.RETURNED_ELSEWHERE: {"seen": {"library": "تفرش", "day": "2026-11-20", "at": "2026-11-20T08:00:00+00:00"},
                                  "loan": {}},
    CaseKind.TITLE_DIFFERS: {"title": "بوستان", "ours": "چاپ نخست", "theirs": "چاپ دوم"},
    CaseKind.TWO_MACHINES: {"why": "epochs", "library": "اراک", "devices": [str(uuid.UUID(int=3))]},
    CaseKind.SET_ASIDE: {"kind": "loan.opened", "at_ms": 1_795_000_000_000, "reason": "unknown"},
    CaseKind.DIRECTIVE_REFUSED: {"directive": "پاسخ صورتجلسهٔ وجین", "library": "اراک", "words": "پیش‌تر پاسخ داده شد."},
    CaseKind.NUMBER_TWICE: {"kind": "item.added", "at_ms": 1_795_000_000_000, "reason": "number"},
}  # fmt: skip


def a_case(library: Library, kind: CaseKind, *names: str, **stories: Any) -> uuid.UUID:
    """A case comes down."""
    return pulled(
        library, SyncCase, kind=kind, rows=list(names), stories=stories or STORIES[kind], choices=choices_of(kind),
        opened_at=act(library).at,
    )  # fmt: skip


def decided(library: Library, case_id: uuid.UUID, choice: Choice) -> CaseDecided:
    outcome = decide_case(library, case_id, choice, act(library))
    assert isinstance(outcome, CaseDecided), outcome
    return outcome


class TestWords:
    @pytest.mark.parametrize("kind", CaseKind)
    def test_every_kind_tells_both_sides_in_persian_and_what_follows(self, library: Library, kind: CaseKind) -> None:
        a_case(library, kind)
        with library.store.read() as reader:
            (case,) = open_cases(reader)
        assert len(case.stories) == 2
        said = [case.title, case.about, *(line for story in case.stories for line in (story.whose, *story.lines)),
                *(text for option in case.options for text in (option.words, option.follows))]  # fmt: skip
        assert all(said)
        assert [fault for text in said for fault in faults(text)] == []
        assert [option.choice for option in case.options] == list(CHOICES[kind])

    def test_every_choice_has_words(self) -> None:
        assert set(OPTIONS) == set(Choice)
        assert {choice for choices in CHOICES.values() for choice in choices} | {Choice.SEEN} == set(Choice)

    def test_what_an_older_centre_does_not_tell_of_another_machine_cannot_be_taken(self, library: Library) -> None:
        member = add_member(library, family_name="رضایی")
        a_case(library, CaseKind.MEMBER_DIFFERS, f"member:{member.id}", fields=["family_name"], at_ms=0)
        with library.store.read() as reader:
            (case,) = open_cases(reader)
        assert [option.choice for option in case.options] == [Choice.KEEP_OURS]
        assert "نام خانوادگی: رضایی" in case.stories[0].lines

    def test_a_choice_of_a_newer_centre_is_left_out(self, library: Library) -> None:
        pulled(library, SyncCase, kind=CaseKind.OVER_LIMIT, rows=[], stories=STORIES[CaseKind.OVER_LIMIT],
               choices=["seen", "fly"], opened_at=act(library).at)  # fmt: skip
        with library.store.read() as reader:
            assert [option.choice for option in open_cases(reader)[0].options] == [Choice.SEEN]


class TestDeciding:
    def test_a_decision_is_kept_for_the_centre_and_told_once(self, library: Library) -> None:
        case_id = a_case(library, CaseKind.OVER_LIMIT)
        assert not decided(library, case_id, Choice.SEEN).already
        assert decided(library, case_id, Choice.SEEN).already
        stored = row(library, SyncCase, case_id)
        assert (stored.decision, stored.state) == ("seen", CaseState.DECIDED)
        with library.store.read() as reader:
            assert open_cases(reader) == []
            assert len(every_case(reader)) == 1

    @pytest.mark.parametrize(
        ("role", "choice", "code"),
        [
            (Role.TRAINEE, "seen", "role.not_allowed"),
            (Role.HEAD, "close_loan", "case.choice"),
            (Role.HEAD, "چیز دیگر", "case.choice"),
        ],
    )
    def test_who_may_not_and_what_is_no_choice(self, library: Library, role: Role, choice: str, code: str) -> None:
        outcome = decide_case(library, a_case(library, CaseKind.OVER_LIMIT), choice, act(library, role))
        assert isinstance(outcome, Refused)
        assert [refusal.code for refusal in outcome.refusals] == [code]

    def test_what_is_over_is_over(self, library: Library) -> None:
        case_id = a_case(library, CaseKind.RETURNED_ELSEWHERE)
        decided(library, case_id, Choice.KEEP_LOAN)
        outcome = decide_case(library, case_id, Choice.CLOSE_LOAN, act(library))
        assert isinstance(outcome, Refused)
        assert "case.over" in {refusal.code for refusal in outcome.refusals}
        assert isinstance(decide_case(library, uuid.uuid4(), "seen", act(library)), NotFound)

    def test_theirs_is_taken_by_the_use_case_of_editing(self, library: Library) -> None:
        member = add_member(library, family_name="رضایی", birth_date=dt.date(2000, 1, 1))
        case_id = a_case(library, CaseKind.MEMBER_DIFFERS, f"member:{member.id}")
        decided(library, case_id, Choice.TAKE_THEIRS)
        stored = row(library, Member, member.id)
        assert (stored.given_name, stored.family_name, stored.birth_date) == ("مریم", "رضائیان", dt.date(2001, 1, 1))

    def test_a_return_elsewhere_is_closed_whatever_happened_since(self, library: Library) -> None:
        copy = add_copy(library)
        loan = lend(library, add_member(library), copy)
        pass_days(library, 4)
        at = act(library).at
        seen = {"library": "تفرش", "day": act(library).day.isoformat(), "at": at.isoformat()}
        case_id = a_case(library, CaseKind.RETURNED_ELSEWHERE, f"item:{copy.id}", seen=seen, loan={})
        pass_days(library, 30)
        decided(library, case_id, Choice.CLOSE_LOAN)
        assert row(library, Loan, loan.loan_id).effective_in_on.isoformat() == seen["day"]


class TestTwoOpenLoans:
    def two(self, library: Library) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
        """A copy whose older loan another machine ended by lending it again, as the centre leaves it."""
        copy = add_copy(library)
        older = lend(library, add_member(library), copy)
        pass_days(library, 20)
        with library.store.write() as tx, applying(tx, library.store.dialect.name):
            tx.connection.execute(
                sa.update(Loan).where(Loan.id == older.loan_id).values(presumed_in_at=act(library).at, ver=2)
            )
        newer = pulled(
            library, Loan, item_id=copy.id, member_id=add_member(library).id, item_type="book", out_at=act(library).at,
            out_on=act(library).day, due_on=act(library).day + dt.timedelta(14),
            first_due_on=act(library).day + dt.timedelta(14), channel="desk", policy_version=1, policy_row="*/*",
        )  # fmt: skip
        with library.store.write() as tx, applying(tx, library.store.dialect.name):
            values = {"loan_count": 2, "uses": 2, "last_loan_on": act(library).day}
            tx.connection.execute(sa.update(Item).where(Item.id == copy.id).values(values))
        case_id = a_case(library, CaseKind.TWO_OPEN_LOANS, older=str(older.loan_id), newer=str(newer))
        pass_days(library, 30)
        return older.loan_id, newer, case_id

    def test_the_older_came_back_before_and_its_fine_stops_there(self, library: Library) -> None:
        older, newer, case_id = self.two(library)
        decided(library, case_id, Choice.CLOSE_OLDER)
        closed = row(library, Loan, older)
        assert (closed.ended_as, closed.effective_in_on) == (LoanEnd.RETURNED, row(library, Loan, newer).out_on)
        assert row(library, Loan, newer).in_at is None

    def test_the_newer_was_a_mistake_and_the_older_is_open_again(self, library: Library) -> None:
        older, newer, case_id = self.two(library)
        decided(library, case_id, Choice.CLOSE_NEWER)
        assert row(library, Loan, newer).effective_in_on == row(library, Loan, newer).out_on
        again = row(library, Loan, older)
        assert (again.in_at, again.presumed_in_at) == (None, None)

    def test_both_may_stay(self, library: Library) -> None:
        *_, case_id = self.two(library)
        before = rows(library, Loan)
        decided(library, case_id, Choice.KEEP_LOAN)
        assert rows(library, Loan) == before

    @pytest.mark.parametrize("choice", [Choice.CLOSE_OLDER, Choice.CLOSE_NEWER])
    def test_killed_before_the_decision_was_kept_the_same_request_finishes_it(
        self, library: Library, choice: Choice
    ) -> None:
        *_, case_id = self.two(library)
        stored = row(library, SyncCase, case_id)
        assert DEEDS[choice](library, Subject(stored.rows, stored.stories), act(library)) == ()
        loans = rows(library, Loan)
        decided(library, case_id, choice)
        assert rows(library, Loan) == loans
