"""The way of minutes as a table: every line leads where it says, every other step is refused, on paper and in a store.

Each line of the table cites its article of the guideline (002).
"""

import shutil
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from app.actions import Action
from app.library import Library
from app.outcome import NotFound, Refused
from app.refusal import Refusal
from app.weeding.minutes.closing import close_minutes
from app.weeding.minutes.outcomes import Closed, Reissued, Ruled, Rulings, Stepped
from app.weeding.minutes.review import ask_correction, enter_rulings, reissue, send, withdraw
from app.weeding.minutes.workflow import (
    TRANSITIONS,
    Transition,
    answer_kind,
    days_of,
    outcome_of,
    step_done,
    transition,
)
from app.weeding.service import Finalised, finalise
from app.wording import message
from db.codes import BranchKind, MinutesState, MinutesStepKind, RulingLevel, Verdict
from db.models.collection import Minutes, MinutesStep
from db.models.library import Branch
from tests.app.weeding.minutes.on_the_way import (
    APPROVE,
    CORRECT,
    COUNTY,
    HEAD_OFFICE,
    PROVINCE,
    REDIRECT,
    REJECT,
    WORN,
    letter,
    ruled,
    sent,
    worn_copies,
)
from tests.app.weeding.minutes.on_the_way import finalised as finalise_three
from tests.app.weeding.printing import plain_printer
from tests.library import act, change, found, reopened, row, rows

S, K = MinutesState, MinutesStepKind
HEAD, OFFICE = Action.FINALISE_MINUTES, Action.ENTER_RULING
# What the guideline says, written down a second time: from, step, level, to, field of the terms, article; and who takes
# the step or enters it.
GUIDELINE = [
    (S.DRAFT, K.FINALISE, None, S.FINALISED, None, "7-2", HEAD),
    (S.FINALISED, K.SEND, None, S.AT_COUNTY, "county_days", "7-3", HEAD),
    (S.FINALISED, K.WITHDRAW, None, S.SUPERSEDED, None, "7-3", HEAD),
    (S.AT_COUNTY, K.FORWARD, COUNTY, S.AT_PROVINCE, "province_days", "7-5", OFFICE),
    (S.AT_COUNTY, K.RULE, COUNTY, S.RULED, "correction_days", "7-7", OFFICE),
    (S.AT_COUNTY, K.ASK_CORRECTION, COUNTY, S.CORRECTION, "correction_days", "7-5", OFFICE),
    (S.AT_COUNTY, K.WITHDRAW, None, S.SUPERSEDED, None, "7-3", HEAD),
    (S.AT_PROVINCE, K.RULE, PROVINCE, S.RULED, "correction_days", "7-6", OFFICE),
    (S.AT_PROVINCE, K.ASK_CORRECTION, PROVINCE, S.CORRECTION, "correction_days", "7-8", OFFICE),
    (S.AT_PROVINCE, K.FORWARD, PROVINCE, S.AT_HEAD_OFFICE, None, "14-4", OFFICE),
    (S.AT_HEAD_OFFICE, K.RULE, HEAD_OFFICE, S.RULED, "correction_days", "14-4", OFFICE),
    (S.CORRECTION, K.REISSUE, COUNTY, S.AT_COUNTY, "county_days", "7-9", HEAD),
    (S.CORRECTION, K.REISSUE, PROVINCE, S.AT_PROVINCE, "province_days", "7-9", HEAD),
    (S.CORRECTION, K.WITHDRAW, None, S.SUPERSEDED, None, "7-9", HEAD),
    (S.RULED, K.CLOSE, None, S.CLOSED, None, "7-12", HEAD),
    (S.CLOSED, K.SEND, None, S.CLOSED, None, "7-12", HEAD),  # the final list, by letter
]
ALLOWED = {(state, kind, level): tuple(rest) for state, kind, level, *rest in GUIDELINE}
LEVELS = (None, *RulingLevel)
EVERYTHING = list(product(MinutesState, MinutesStepKind, LEVELS))


# The pure table


@pytest.mark.parametrize(("state", "kind", "level"), EVERYTHING)
def test_a_step_leads_where_the_guideline_says_or_is_refused(
    state: MinutesState, kind: MinutesStepKind, level: RulingLevel | None
) -> None:
    found_step = transition(state, kind, level)
    if (state, kind, level) in ALLOWED:
        assert isinstance(found_step, Transition)
        said = (found_step.becomes, found_step.days_of_term, found_step.article, found_step.action)
        assert said == ALLOWED[state, kind, level]
    else:
        assert isinstance(found_step, Refusal)
        assert found_step.code == "minutes.step_not_allowed"
        assert found_step.rule
        assert "{" not in message(found_step)


def test_every_state_is_reached_from_the_draft() -> None:
    reached = {S.DRAFT}
    while True:
        further = {way.becomes for (state, _, _), way in TRANSITIONS.items() if state in reached} - reached
        if not further:
            break
        reached |= further
    assert reached == set(MinutesState)


def test_every_kind_and_level_is_used_and_every_term_is_one_of_the_guideline(tmp_path: Path) -> None:
    assert {kind for _, kind, _ in TRANSITIONS} == set(MinutesStepKind)
    assert {level for _, _, level in TRANSITIONS} == set(LEVELS)
    with (library := found(tmp_path)).store:
        days = {way.days_of_term: days_of(way, library.guideline.terms) for way in TRANSITIONS.values()}
    assert days == {"county_days": 7, "province_days": 10, "correction_days": 7, None: None}


@pytest.mark.parametrize(
    ("verdicts", "outcome"),
    [
        ({}, None),
        ({COUNTY: APPROVE}, APPROVE),
        ({COUNTY: APPROVE, PROVINCE: APPROVE}, APPROVE),
        ({COUNTY: REJECT}, REJECT),  # م7-11
        ({COUNTY: APPROVE, PROVINCE: REJECT}, REJECT),
        ({COUNTY: REDIRECT, PROVINCE: APPROVE}, REDIRECT),  # م10-3: the county or the expert
        ({COUNTY: APPROVE, PROVINCE: REDIRECT}, REDIRECT),
        ({COUNTY: REDIRECT, PROVINCE: REJECT}, REJECT),
        ({COUNTY: APPROVE, PROVINCE: CORRECT}, None),
        ({COUNTY: APPROVE, PROVINCE: APPROVE, HEAD_OFFICE: REJECT}, REJECT),  # م14-4
    ],
)
def test_what_the_levels_say_of_a_copy_together(verdicts: dict[RulingLevel, Verdict], outcome: Verdict | None) -> None:
    assert outcome_of(verdicts) is outcome


@pytest.mark.parametrize(
    ("level", "verdicts", "central", "kind"),
    [
        (COUNTY, {APPROVE}, False, K.FORWARD),  # م7-5
        (COUNTY, {APPROVE, REJECT}, False, K.FORWARD),
        (COUNTY, {REJECT}, False, K.RULE),  # nothing is left to ask
        (COUNTY, {APPROVE, CORRECT}, False, K.ASK_CORRECTION),
        (PROVINCE, {APPROVE}, False, K.RULE),  # م7-6
        (PROVINCE, {REDIRECT}, True, K.FORWARD),  # م14-4
        (PROVINCE, {REJECT}, True, K.RULE),
        (HEAD_OFFICE, {APPROVE}, True, K.RULE),
    ],
)
def test_what_an_answer_is(level: RulingLevel, verdicts: set[Verdict], central: bool, kind: MinutesStepKind) -> None:
    assert answer_kind(level, frozenset(verdicts), head_office_too=central) is kind


@pytest.mark.parametrize(
    ("kind", "became", "words"),
    [
        (K.SEND, S.AT_COUNTY, "فرستاده شد"),
        (K.SEND, S.CLOSED, "فهرست نهایی فرستاده شد"),  # م7-12
        (K.FORWARD, S.AT_PROVINCE, "به ادارهٔ کل استان رفت"),
        (K.FORWARD, S.AT_HEAD_OFFICE, "به ادارهٔ کل منابع رفت"),  # م14-4
    ],
)
def test_a_step_is_named_by_where_it_led(kind: MinutesStepKind, became: MinutesState, words: str) -> None:
    assert step_done(kind, became) == words


def test_every_step_of_the_table_has_its_words() -> None:
    said = [step_done(kind, way.becomes) for (_, kind, _), way in TRANSITIONS.items()]
    assert all(said)
    assert len(set(said)) == len(set(MinutesStepKind)) + 2  # the final list, and the way to the head office


# The same through the use cases


def stand_at(library: Library, state: MinutesState, asked_by: RulingLevel | None = COUNTY) -> None:
    """Minutes 1405/1 in a state, as sync might bring them."""
    minutes = rows(library, Minutes)[0]
    values: dict[str, Any] = {"state": state, "asked_by": asked_by}
    change(library, Minutes, minutes.id, **values)


def answered(library: Library, level: RulingLevel, verdict: Verdict) -> object:
    return enter_rulings(library, Rulings("1405/1", level, letter(library), verdict), act(library))


def handed_on(library: Library, level: RulingLevel) -> object:
    """The county hands on what it approves; the province does so for a provincial central library (002 م14-4)."""
    if level is PROVINCE:
        change(library, Branch, library.branch.id, kind=BranchKind.PROVINCIAL_CENTRAL)
        library.forget_rules()
    return answered(library, level, APPROVE)


# How each step is taken: by kind, with the level it speaks of.
TAKEN: dict[MinutesStepKind, Callable[[Library, Any], object]] = {
    K.FINALISE: lambda library, _: finalise(library, WORN, plain_printer, act(library)),
    K.SEND: lambda library, _: send(library, "1405/1", act(library), letter(library)),
    K.ASK_CORRECTION: lambda library, level: ask_correction(library, "1405/1", level, "سال نشر", act(library)),
    K.REISSUE: lambda library, _: reissue(library, "1405/1", (), plain_printer, act(library)),
    K.FORWARD: handed_on,
    K.RULE: lambda library, level: answered(library, level, REJECT if level is COUNTY else APPROVE),
    K.CLOSE: lambda library, _: close_minutes(library, "1405/1", plain_printer, act(library)),
    K.WITHDRAW: lambda library, _: withdraw(library, "1405/1", "دیگر لازم نیست", act(library)),
}
BY_A_LEVEL = {K.ASK_CORRECTION, K.FORWARD, K.RULE}


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with finalised minutes; each test gets a copy of its folder."""
    folder = tmp_path_factory.mktemp("origin")
    with (library := found(folder)).store:
        finalise_three(library)
    return folder / "library"


@pytest.fixture
def library(origin: Path, tmp_path: Path) -> Iterator[Library]:
    shutil.copytree(origin, tmp_path / "library")
    with (library := reopened(tmp_path / "library")).store:
        yield library


def expressible(state: MinutesState, kind: MinutesStepKind, level: RulingLevel | None) -> bool:
    """Whether a person can ask for it at all: who answers names a level, the library's own steps have none, and above
    the head office there is nobody to hand on to."""
    if state is S.DRAFT:
        return False  # it has no number to be named by; that of a draft is tested below
    if kind is K.REISSUE:
        return True  # for whichever level asked, as the minutes say
    if kind is K.FORWARD:
        return level in (COUNTY, PROVINCE)
    return (level is not None) is (kind in BY_A_LEVEL)


@pytest.mark.parametrize(("state", "kind", "level"), [one for one in EVERYTHING if expressible(*one)])
def test_a_use_case_takes_the_steps_of_the_table_and_no_other(
    library: Library, state: MinutesState, kind: MinutesStepKind, level: RulingLevel | None
) -> None:
    stand_at(library, state, level)
    if state is S.RULED and kind is K.CLOSE:
        stand_at(library, S.AT_COUNTY)
        ruled(library, COUNTY)
        ruled(library, PROVINCE)
    before = rows(library, Minutes)
    outcome = TAKEN[kind](library, level)
    newest = max(rows(library, Minutes), key=lambda minutes: minutes.revision)
    if (state, kind, level) in ALLOWED:
        assert isinstance(outcome, Stepped | Reissued | Ruled | Closed), outcome
        assert newest.state is ALLOWED[state, kind, level][0]
        step = rows(library, MinutesStep)[-1]
        assert (step.kind, step.level, step.was, step.became) == (kind, level, state, newest.state)
        assert step.day == act(library).day
    else:
        assert isinstance(outcome, Refused), outcome
        expected = "minutes.empty" if kind is K.FINALISE else "minutes.step_not_allowed"
        assert expected in [refusal.code for refusal in outcome.refusals]
        assert rows(library, Minutes) == before


@pytest.mark.parametrize("level", RulingLevel)
@pytest.mark.parametrize("kind", [kind for kind in MinutesStepKind if kind is not K.FINALISE])
def test_a_draft_has_no_number_and_goes_nowhere_but_to_be_finalised(
    tmp_path: Path, kind: MinutesStepKind, level: RulingLevel
) -> None:
    with (library := found(tmp_path)).store:
        worn_copies(library, 1)
        assert isinstance(TAKEN[kind](library, level), NotFound)
        assert isinstance(TAKEN[K.FINALISE](library, None), Finalised)
        assert row(library, Minutes, rows(library, Minutes)[0].id).state is S.FINALISED


def test_a_provincial_central_library_needs_the_head_office_too(library: Library) -> None:
    """002 م14-4."""
    change(library, Branch, library.branch.id, kind=BranchKind.PROVINCIAL_CENTRAL)
    library.forget_rules()
    send(library, "1405/1", act(library), letter(library))
    assert ruled(library, COUNTY).step.became is S.AT_PROVINCE
    province = ruled(library, PROVINCE)
    assert (province.step.became, province.step.due_on) == (S.AT_HEAD_OFFICE, None)
    refused = close_minutes(library, "1405/1", plain_printer, act(library))
    assert isinstance(refused, Refused)
    assert [refusal.code for refusal in refused.refusals] == ["minutes.step_not_allowed"]
    assert ruled(library, HEAD_OFFICE).step.became is S.RULED


def test_the_county_that_refuses_every_copy_ends_the_way(library: Library) -> None:
    """002 م7-7، م7-11: there is nothing to ask the province."""
    send(library, "1405/1", act(library), letter(library))
    assert ruled(library, COUNTY, REJECT).step.became is S.RULED


def test_a_term_that_passes_approves_nothing(tmp_path: Path) -> None:
    """I-16: only a ruling moves minutes."""
    with (library := found(tmp_path)).store:
        sent(library)
        library.clock.advance(days=60)  # type: ignore[attr-defined]
        assert rows(library, Minutes)[0].state is S.AT_COUNTY
