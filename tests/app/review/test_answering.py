"""Offices answer minutes at the centre by the rules of the desk; the answer leaves signed."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
import sqlalchemy as sa

from app.centre import Centre
from app.library import Library
from app.outcome import NotFound, Refused
from app.review.answering import Answered, DraftSaved, answer_minutes, save_draft
from app.review.answers import Said, answers_to
from app.review.dossier import dossier
from app.review.judging import OfficeAnswer
from app.review.scopes import ReviewerFacts
from app.weeding.minutes.outcomes import Closed, Ruled
from app.weeding.minutes.review import ask_correction, withdraw
from app.weeding.minutes.ruling_file import take_ruling_file, trust_key
from db.codes import BranchKind, ItemStatus, MinutesState, RulingLevel, WeedingReason
from db.models.centre import Directive, DirectiveAnswer
from db.models.collection import Minutes, RulingRow
from db.models.items import Item
from db.models.library import Branch
from tests.app.review.centres import act_of, reviewer, seen_by, told
from tests.app.weeding.minutes.on_the_way import (
    APPROVE,
    CORRECT,
    COUNTY,
    HEAD_OFFICE,
    PROVINCE,
    REDIRECT,
    REJECT,
    closed,
    reissued,
    ruled,
    sent,
)
from tests.library import ACopy, act, change, row, rows


@dataclass
class Case:
    """Minutes of three copies at the county office, known at the centre."""

    library: Library
    centre: Centre
    copies: list[ACopy]

    @property
    def minutes(self) -> Any:
        return max(rows(self.library, Minutes), key=lambda one: one.revision)

    def tell(self) -> None:
        told(self.centre, self.library)

    def answer(self, person: ReviewerFacts, **fields: Any) -> Answered | Refused | NotFound:
        said: dict[str, Any] = {"default": APPROVE, "letter_no": "۷/۱"} | fields
        given = OfficeAnswer(self.minutes.id, said.pop("revision", self.minutes.revision), **said)
        return answer_minutes(self.centre, person, given, act_of(self.centre, person))

    def directives(self) -> list[Any]:
        with self.centre.store.read() as reader:
            query = sa.select(Directive.branch_id, Directive.facts, Directive.issued_by).order_by(Directive.issued_at)
            return list(reader.connection.execute(query))

    def state(self) -> MinutesState:
        """Where the minutes stand by what the centre knows."""
        with self.centre.store.read(seen_by([self.library])) as reader:
            found = dossier(reader, self.minutes.id, None, self.centre.clock.read().day)
        assert found is not None
        return found.standing.state


@pytest.fixture
def case(library: Library, centre: Centre) -> Case:
    copies = sent(library)
    made = Case(library, centre, copies)
    made.tell()
    return made


def codes(outcome: object) -> set[str]:
    assert isinstance(outcome, Refused), outcome
    return {refusal.code for refusal in outcome.refusals}


def test_the_province_rules_as_soon_as_the_county_has_answered(case: Case) -> None:
    county, province = reviewer(case.centre, COUNTY), reviewer(case.centre, PROVINCE)
    assert codes(case.answer(province)) == {"minutes.step_not_allowed"}
    forwarded = case.answer(county, copies={case.copies[0].id: Said(REJECT, "به کار می‌آید")})
    assert isinstance(forwarded, Answered)
    assert (forwarded.becomes, forwarded.approved, forwarded.rejected) == (MinutesState.AT_PROVINCE, 2, 1)
    assert case.minutes.state is MinutesState.AT_COUNTY
    assert case.state() is MinutesState.AT_PROVINCE
    ruling = case.answer(province, letter_no="۸/۱")
    assert isinstance(ruling, Answered)
    assert (ruling.becomes, ruling.approved, ruling.rejected) == (MinutesState.RULED, 2, 0)


def test_the_library_takes_both_answers_as_signed_files_and_weeds(case: Case) -> None:
    county, province = reviewer(case.centre, COUNTY), reviewer(case.centre, PROVINCE)
    case.answer(county, copies={case.copies[0].id: Said(REJECT, "به کار می‌آید")})
    case.answer(province, letter_no="۸/۱", copies={case.copies[1].id: Said(REDIRECT)})
    key = case.centre.keys.public_key.hex()
    trust_key(case.library, key, "مرکز", frozenset(RulingLevel), act(case.library))
    for directive in case.directives():
        assert directive.branch_id == case.library.branch.id
        taken = take_ruling_file(case.library, directive.facts["sealed"].encode(), act(case.library))
        assert isinstance(taken, Ruled), taken
    assert isinstance(closed(case.library), Closed)
    statuses = [row(case.library, Item, copy.id).status for copy in case.copies]
    assert statuses == [ItemStatus.AVAILABLE, ItemStatus.WEEDED_WORN, ItemStatus.WEEDED_WORN]


def test_an_answer_given_at_the_centre_stays_one_when_the_library_has_taken_it(case: Case) -> None:
    county = reviewer(case.centre, COUNTY)
    case.answer(county)
    ruled(case.library, COUNTY)
    case.tell()
    assert case.state() is MinutesState.AT_PROVINCE


def test_the_province_of_a_central_library_hands_on_to_the_head_office(case: Case, centre: Centre) -> None:
    change(case.library, Branch, case.library.branch.id, kind=BranchKind.PROVINCIAL_CENTRAL)
    case.tell()
    for level in (COUNTY, PROVINCE):
        assert isinstance(case.answer(reviewer(centre, level)), Answered)
    assert case.state() is MinutesState.AT_HEAD_OFFICE
    last = case.answer(reviewer(centre, HEAD_OFFICE, province=None))
    assert isinstance(last, Answered)
    assert last.becomes is MinutesState.RULED


def _other_county(centre: Centre) -> ReviewerFacts:
    return reviewer(centre, COUNTY, county="ساوه")


def _nobody(centre: Centre) -> ReviewerFacts:
    return reviewer(centre, None)


def _county(centre: Centre) -> ReviewerFacts:
    return reviewer(centre, COUNTY)


TOMORROW = dt.date(2026, 11, 22)
# Who answers, what they say otherwise than «all approved, letter 7/1», and what speaks against it.
REFUSED: list[tuple[str, Callable[[Centre], ReviewerFacts], dict[str, Any], set[str]]] = [
    ("of no level", _nobody, {}, {"role.not_allowed"}),
    ("7-6 letter", _county, {"letter_no": ""}, {"field.required"}),
    ("7-6 verdict for each", _county, {"default": None}, {"ruling.verdict_missing"}),
    ("7-5 remark of a correction", _county, {"default": CORRECT}, {"field.required"}),
    ("7-9 older edition", _county, {"revision": 7}, {"ruling.older_revision"}),
    ("letter of tomorrow", _county, {"letter_on": TOMORROW}, {"minutes.letter_day"}),
    ("letter before the minutes", _county, {"letter_on": dt.date(2026, 11, 1)}, {"minutes.letter_day"}),
    ("two at once", _county, {"default": None, "letter_no": ""}, {"ruling.verdict_missing", "field.required"}),
]  # fmt: skip


@pytest.mark.parametrize(("who", "fields", "wanted"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_what_speaks_against_an_answer(
    case: Case, who: Callable[[Centre], ReviewerFacts], fields: dict[str, Any], wanted: set[str]
) -> None:
    assert codes(case.answer(who(case.centre), **fields)) == wanted
    assert case.directives() == []


def test_minutes_out_of_scope_are_not_there(case: Case) -> None:
    assert isinstance(case.answer(_other_county(case.centre)), NotFound)


def test_only_worn_copies_are_redirected(case: Case) -> None:
    change(case.library, Minutes, case.minutes.id, reason=WeedingReason.DUPLICATE)
    case.tell()
    county = reviewer(case.centre, COUNTY)
    assert codes(case.answer(county, default=REDIRECT)) == {"ruling.redirect_worn_only"}
    change(case.library, Minutes, case.minutes.id, reason=WeedingReason.WORN)
    case.tell()
    assert isinstance(case.answer(county, default=REDIRECT), Answered)


def test_the_same_answer_again_changes_nothing_and_another_is_refused(case: Case) -> None:
    county = reviewer(case.centre, COUNTY)
    case.answer(county)
    again = case.answer(reviewer(case.centre, COUNTY))
    assert isinstance(again, Answered)
    assert not again.changed
    assert codes(case.answer(county, default=REJECT)) == {"ruling.twice"}
    assert len(case.directives()) == 1


def test_an_answer_that_the_library_refused_may_be_given_anew(case: Case) -> None:
    county = reviewer(case.centre, COUNTY)
    case.answer(county)
    with case.centre.store.read() as reader:
        directive = reader.connection.execute(sa.select(Directive.id)).scalar_one()
    with case.library.store.write() as tx:
        tx.insert(
            DirectiveAnswer, directive_id=directive, done=False, codes=["clock.doubtful"], words="ساعت درست نیست.",
            at=act(case.library).at,
        )  # fmt: skip
        tx.record("directive.answered", act(case.library))
    case.tell()
    assert case.state() is MinutesState.AT_COUNTY
    anew = case.answer(county, default=REJECT)
    assert isinstance(anew, Answered)
    assert anew.becomes is MinutesState.RULED
    assert len(case.directives()) == 2


def test_minutes_that_were_taken_back_are_answered_no_more(case: Case) -> None:
    withdraw(case.library, "1405/1", "دوباره بررسی می‌کنیم", act(case.library))
    case.tell()
    assert codes(case.answer(reviewer(case.centre, COUNTY))) == {"minutes.step_not_allowed"}


def test_a_correction_is_asked_and_the_new_edition_waits_for_the_same_level(case: Case) -> None:
    county = reviewer(case.centre, COUNTY)
    first = case.minutes
    asked = case.answer(county, default=None, letter_no="", copies={case.copies[1].id: Said(CORRECT, "جلد دوم است")})
    assert isinstance(asked, Answered)
    assert asked.becomes is MinutesState.CORRECTION
    ask_correction(case.library, "1405/1", COUNTY, "جلد دوم است", act(case.library), copies=[case.copies[1].barcode])
    reissued(case.library, case.copies[1])
    case.tell()
    old = OfficeAnswer(first.id, first.revision, APPROVE, letter_no="۹")
    assert "ruling.older_revision" in codes(answer_minutes(case.centre, county, old, act_of(case.centre, county)))
    assert case.state() is MinutesState.AT_COUNTY
    assert isinstance(case.answer(county), Answered)


def test_a_correction_of_the_whole_paper_says_how(case: Case) -> None:
    asked = case.answer(reviewer(case.centre, COUNTY), default=CORRECT, remark="فهرست را جدا کنید", letter_no="")
    assert isinstance(asked, Answered)
    assert asked.to_correct == 3


def test_the_verdict_on_all_the_rest_carries_its_one_reason(case: Case) -> None:
    """«همه مگر …»: the copies named keep their own word (002 م7-7)."""
    kept = {case.copies[2].id: Said(APPROVE, "")}
    given = case.answer(reviewer(case.centre, COUNTY), default=REJECT, default_remark="فضای مخزن هست", copies=kept)
    assert isinstance(given, Answered)
    assert (given.approved, given.rejected) == (1, 2)
    key = frozenset(RulingLevel)
    trust_key(case.library, case.centre.keys.public_key.hex(), "مرکز", key, act(case.library))
    take_ruling_file(case.library, case.directives()[0].facts["sealed"].encode(), act(case.library))
    said = {(one.verdict.value, one.remark) for one in rows(case.library, RulingRow)}
    assert said == {("reject", "فضای مخزن هست"), ("approve", None)}


def test_a_draft_is_kept_and_seen_by_its_level_only(case: Case) -> None:
    county, province = reviewer(case.centre, COUNTY), reviewer(case.centre, PROVINCE)
    minutes = case.minutes
    said = OfficeAnswer(minutes.id, 1, copies={case.copies[0].id: Said(REJECT, "کمیاب است")}, remark="یادداشت")
    assert save_draft(case.centre, county, said, act_of(case.centre, county)) == DraftSaved(minutes.id, 1)
    assert codes(save_draft(case.centre, province, said, act_of(case.centre, province))) == {"minutes.step_not_allowed"}
    with case.centre.store.read(seen_by([case.library])) as reader:
        mine = dossier(reader, minutes.id, COUNTY, case.centre.clock.read().day)
        theirs = dossier(reader, minutes.id, PROVINCE, case.centre.clock.read().day)
        assert answers_to(reader, [minutes.id])[minutes.id][COUNTY].sent_at is None
    assert mine is not None
    assert theirs is not None
    assert mine.rows[0].said == Said(REJECT, "کمیاب است")
    assert theirs.rows[0].said == Said(None)
    assert mine.standing.state is MinutesState.AT_COUNTY
    assert case.directives() == []


def test_every_answer_stands_in_the_journal_of_the_centre(case: Case) -> None:
    case.answer(reviewer(case.centre, COUNTY))
    with case.centre.store.read() as reader:
        kinds = reader.connection.execute(sa.text("SELECT kind FROM journal ORDER BY seq")).scalars().all()
    assert list(kinds) == ["centre.founded", "minutes.ruled_at_centre"]


def test_a_copy_that_is_lent_is_told_and_ruled_on(case: Case) -> None:
    change(case.library, Item, case.copies[0].id, status=ItemStatus.ON_LOAN)
    case.tell()
    given = case.answer(reviewer(case.centre, COUNTY))
    assert isinstance(given, Answered)
    assert given.lent == (case.copies[0].accession_no,)


def test_a_doubtful_clock_gives_no_answer(case: Case) -> None:
    county = reviewer(case.centre, COUNTY)
    stamp = replace(act_of(case.centre, county).stamp, doubtful=True)
    doubtful = replace(act_of(case.centre, county), stamp=stamp)
    said = OfficeAnswer(case.minutes.id, 1, APPROVE, letter_no="۱")
    assert codes(answer_minutes(case.centre, county, said, doubtful)) == {"clock.doubtful"}
