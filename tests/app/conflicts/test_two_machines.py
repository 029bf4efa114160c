"""Two machines with the data of one library correct a reader while neither has a line: what did not stand comes home
with the case, is read there, and may be what is right (sync-protocol 11)."""

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.check import check_library
from app.conflicts.cases import Case, CaseDecided, decide_case, open_cases
from app.conflicts.choices import Choice
from app.conflicts.offices import cases_of_libraries
from app.conflicts.projecting import project
from app.library import Library
from app.members.guests import forget_guests
from app.members.service import Edited, edit_member, form_of
from app.outcome import Refused
from app.refusal import Answer
from app.sync.branch.device_key import ensure_device_key
from app.sync.branch.rounds import sync_round
from app.sync.branch.talk import RoundState
from db.codes import CaseKind, CaseState, MemberState
from db.models.centre import SyncCase
from db.models.members import Member
from db.models.sync import ConflictValue, JournalEntry
from tests.app.conflicts.wired import InProcessLine, Wired, wired
from tests.app.members.test_guests import guest
from tests.library import act, add_member, change, clock, reopened, row, rows
from tests.persian_words import faults

ARAK = "کتابخانهٔ اراک"
OURS, THEIRS = "0013542419", "0499370899"


class Two:
    """The library, and the machine on which a copy of its disk was opened."""

    def __init__(self, net: Wired, second: Library) -> None:
        self.net, self.first, self.second = net, net.libraries[ARAK], second

    def sync(self, *libraries: Library) -> None:
        for library in libraries or (self.first, self.second, self.first, self.second):
            outcome = sync_round(library, InProcessLine(self.net.centre), ensure_device_key(library))
            assert outcome.state is RoundState.DONE, outcome

    def later(self, library: Library, **values: Any) -> None:
        """Its desk corrects the reader ten minutes later."""
        clock(library).advance(seconds=600)
        member = rows(library, Member)[0]
        with library.store.read() as reader:
            form = form_of(reader, member.id)
        assert form is not None
        sure = Answer(confirm=frozenset({"member.national_id"}))
        outcome = edit_member(library, member.id, replace(form, **values), act(library, desk=2), sure)
        assert isinstance(outcome, Edited), outcome


@contextmanager
def copied(library: Library, folder: Path) -> Iterator[Library]:
    """A copy of its disk, opened elsewhere."""
    library.store.rest()
    library.store.close()
    source = Path(library.store.name).parent
    shutil.copytree(source, folder)
    library.store = reopened(source).store
    second = reopened(folder, clock(library).now)
    with second.store:
        yield second


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with wired(tmp_path, ARAK) as net:
        add_member(net.libraries[ARAK], family_name="رضایی", birth_date=dt.date(1990, 1, 1))
        net.settle()
        with copied(net.libraries[ARAK], tmp_path / "second") as second:
            made = Two(net, second)
            yield made
            for library in (made.first, made.second):
                assert check_library(library).broken == ()


def member(library: Library) -> Any:
    return rows(library, Member)[0]


def case_of(library: Library) -> Case:
    with library.store.read() as reader:
        (case,) = [case for case in open_cases(reader) if case.kind is CaseKind.MEMBER_DIFFERS]
    return case


def differing(two: Two) -> None:
    """The first machine comes to the centre first."""
    two.later(two.first, family_name="رضایی‌نیا", national_id=OURS)
    two.later(two.second, family_name="رضائیان", national_id=THEIRS)
    two.sync(two.first, two.second, two.first)


def test_both_sides_are_told_field_by_field_with_machine_desk_and_time_at_both_machines(two: Two) -> None:
    differing(two)
    for library, stood, lost in (
        (two.first, "این رایانه", "نسخهٔ دیگری از داده‌های همین رایانه"),
        (two.second, "نسخهٔ دیگری از داده‌های همین رایانه", "این رایانه"),
    ):
        case = case_of(library)
        stands, other = case.stories
        assert (stands.whose, other.whose) == ("آنچه هست", "آن یکی")
        assert stands.lines[:2] == ("نام خانوادگی: رضایی‌نیا", "کد ملی: ۰۰۱۳۵۴۲۴۱۹")
        assert other.lines[:2] == ("نام خانوادگی: رضائیان", "کد ملی: ۰۴۹۹۳۷۰۸۹۹")
        assert stands.lines[2].startswith(f"نوشتهٔ {stood}، میز ۲، ۱۴۰۵/")
        assert other.lines[2].startswith(f"نوشتهٔ {lost}، میز ۲، ۱۴۰۵/")
        assert [(option.choice, option.words) for option in case.options] == [
            (Choice.KEEP_OURS, "آنچه هست بماند"), (Choice.TAKE_THEIRS, "آن یکی درست است"),
        ]  # fmt: skip
        assert case.options[1].parts == (("family_name", "نام خانوادگی"), ("national_id", "کد ملی"))
        said = [case.about, *stands.lines, *other.lines, *(option.follows for option in case.options)]
        assert [fault for text in said for fault in faults(text)] == []


def test_the_other_side_is_taken_by_the_use_case_of_editing_and_told_to_everybody(two: Two) -> None:
    differing(two)
    outcome = decide_case(two.first, case_of(two.first).id, Choice.TAKE_THEIRS, act(two.first))
    assert isinstance(outcome, CaseDecided), outcome
    with two.first.store.read() as reader:
        kinds = reader.connection.execute(sa.select(JournalEntry.kind).order_by(JournalEntry.seq.desc()).limit(2))
        assert list(kinds.scalars()) == ["case.decided", "member.changed"]
    two.sync()
    for library in (two.first, two.second):
        assert (member(library).family_name, member(library).national_id) == ("رضائیان", THEIRS)
        with library.store.read() as reader:
            assert [case for case in open_cases(reader) if case.kind is CaseKind.MEMBER_DIFFERS] == []


def test_of_several_fields_some_may_be_taken_and_the_others_stay(two: Two) -> None:
    differing(two)
    case = case_of(two.second).id
    refused = decide_case(two.second, case, Choice.TAKE_THEIRS, act(two.second), ["family_name", "mobile"])
    assert isinstance(refused, Refused)
    assert [(refusal.code, refusal.facts) for refusal in refused.refusals] == [("case.choice", {"choice": "mobile"})]
    outcome = decide_case(two.second, case, Choice.TAKE_THEIRS, act(two.second), ["family_name"])
    assert isinstance(outcome, CaseDecided), outcome
    two.sync()
    assert (member(two.first).family_name, member(two.first).national_id) == ("رضائیان", OURS)


def test_what_stands_may_stay(two: Two) -> None:
    differing(two)
    outcome = decide_case(two.second, case_of(two.second).id, Choice.KEEP_OURS, act(two.second))
    assert isinstance(outcome, CaseDecided)
    two.sync()
    assert {member(library).family_name for library in (two.first, two.second)} == {"رضایی‌نیا"}


@pytest.mark.parametrize(
    ("field", "stands", "other", "words"),
    [
        ("birth_date", dt.date(1991, 3, 21), dt.date(1992, 3, 20), "تاریخ تولد: ۱۳۷۰/۱۲/۳۰"),
        ("birth_date", dt.date(1991, 3, 21), None, "تاریخ تولد: نوشته نشده"),
        ("category", "free", "half_price", "نوع عضویت: عضو نیم‌بها"),
        ("expires_on", dt.date(2027, 3, 21), dt.date(2028, 3, 20), "پایان عضویت: ۱۴۰۷/۰۱/۰۱"),
        ("state", MemberState.MERGED, MemberState.CLEARED, "وضعیت عضویت: تسویه‌شده"),
    ],
)
def test_every_field_that_a_person_decides(two: Two, field: str, stands: object, other: object, words: str) -> None:
    for library, value in ((two.first, stands), (two.second, other)):
        clock(library).advance(seconds=600)
        change(library, Member, member(library).id, **{field: value})
    two.sync(two.first, two.second, two.first)
    case = case_of(two.first)
    assert words in case.stories[1].lines
    assert getattr(member(two.first), field) == stands
    assert isinstance(decide_case(two.first, case.id, Choice.TAKE_THEIRS, act(two.first)), CaseDecided)
    two.sync()
    assert [getattr(member(library), field) for library in (two.first, two.second)] == [other, other]


def test_what_may_not_be_written_here_is_refused_and_the_case_waits(two: Two) -> None:
    differing(two)
    add_member(two.first, national_id=THEIRS)
    outcome = decide_case(two.first, case_of(two.first).id, Choice.TAKE_THEIRS, act(two.first))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["member.duplicate"]
    assert case_of(two.first).state is CaseState.OPEN


def test_a_second_correction_of_the_other_machine_is_told_in_the_same_case(two: Two) -> None:
    differing(two)
    two.sync()
    change(two.second, Member, member(two.second).id, job="معلم")  # no conflict: it has seen what stands
    two.later(two.first, given_name="زهرا")
    two.later(two.second, given_name="زهره", family_name="رضایی‌فر")
    two.sync(two.first, two.second, two.first)
    _, first, *others = case_of(two.first).stories
    told = [line for story in (first, *others) for line in story.lines]
    assert "نام: زهره" in told
    assert "کد ملی: ۰۴۹۹۳۷۰۸۹۹" in told
    assert ("given_name", "نام: زهره") in case_of(two.first).options[1].parts
    assert member(two.first).job == "معلم"


def test_a_case_that_told_more_before_the_decision_came_is_not_over(two: Two) -> None:
    differing(two)
    two.sync()
    two.later(two.first, given_name="زهرا")
    two.sync(two.first)
    two.later(two.second, given_name="زهره")
    assert isinstance(decide_case(two.first, case_of(two.first).id, Choice.KEEP_OURS, act(two.first)), CaseDecided)
    two.sync(two.second, two.first)
    case = case_of(two.first)
    assert "نام: زهره" in [line for story in case.stories[1:] for line in story.lines]
    assert isinstance(decide_case(two.first, case.id, Choice.KEEP_OURS, act(two.first)), CaseDecided)
    two.sync()
    assert row(two.second, SyncCase, case.id).state is CaseState.DECIDED


def test_at_the_centre_the_national_id_is_sealed_and_no_office_reads_a_value(two: Two) -> None:
    differing(two)
    with two.net.centre.store.read() as reader:
        stories = reader.connection.execute(sa.select(SyncCase.stories).where(SyncCase.kind == CaseKind.MEMBER_DIFFERS))
        (stored,) = map(str, stories.scalars())
        assert reader.connection.execute(sa.select(sa.func.count()).select_from(ConflictValue)).scalar() == 1
    assert OURS not in stored
    assert THEIRS not in stored
    told = [line for case in cases_of_libraries(two.net.centre, [two.first.branch.id]) for line in case.lines]
    assert "نام خانوادگی، کد ملی" in told
    assert not any(value in line for line in told for value in ("رضائیان", "رضایی‌نیا", OURS, THEIRS))


def test_what_lost_of_a_visitor_is_forgotten_with_the_visitor(two: Two) -> None:
    visitor = guest(two.first, card="TAF-0007")
    two.sync()
    for library, name in ((two.first, "ماندنی"), (two.second, "رفتنی")):
        change(library, Member, visitor.id, family_name=name)
    two.sync(two.first, two.second, two.first)
    assert "رفتنی" in str(case_of(two.first).stories)
    two.net.pass_days(91)
    clock(two.second).advance(days=91)
    assert forget_guests(two.first, act(two.first), act(two.first).day) == 1
    two.sync()
    project(two.net.centre)
    two.sync()
    with two.net.centre.store.read() as reader:
        cases = str(reader.connection.execute(sa.select(SyncCase.__table__)).all())
        assert reader.connection.execute(sa.select(sa.func.count()).select_from(ConflictValue)).scalar() == 0
    here = [rows(library, SyncCase) for library in (two.first, two.second)]
    assert "رفتنی" not in f"{cases}{here}"


def test_the_digests_of_both_sides_agree_on_the_case(two: Two) -> None:
    differing(two)
    two.net.pass_days(1)
    clock(two.second).advance(days=1)
    for library in (two.first, two.second):
        outcome = sync_round(library, InProcessLine(two.net.centre), ensure_device_key(library))
        assert outcome.repaired == 0
