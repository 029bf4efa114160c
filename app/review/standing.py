"""Where minutes stand when the answers given at the centre are counted in, which the library may not have heard of yet:
the province rules as soon as the county has answered."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast

import sqlalchemy as sa

from app.clock import day_of
from app.guideline.stored import IN_FORCE, shipped_guideline
from app.guideline.table import Terms
from app.library import HERE
from app.refusal import Refusal
from app.review.answers import GivenAnswer
from app.weeding.minutes.workflow import answer_kind, days_of, transition
from db.codes import BranchKind, MinutesState, RulingLevel
from db.frozen import Frozen
from db.models.library import GuidelineVersion
from db.reading import Reader

WAITS_FOR: Mapping[MinutesState, RulingLevel] = MappingProxyType(
    {
        MinutesState.AT_COUNTY: RulingLevel.COUNTY,
        MinutesState.AT_PROVINCE: RulingLevel.PROVINCE,
        MinutesState.AT_HEAD_OFFICE: RulingLevel.HEAD_OFFICE,
    }
)
"""Whose answer is waited for."""
STATE_AT: Mapping[RulingLevel, MinutesState] = MappingProxyType({level: state for state, level in WAITS_FOR.items()})
"""Where minutes stand that wait for a level."""


OF_THE_CENTRE = Frozen(
    cast("sa.Select[Any]", IN_FORCE.statement).where(GuidelineVersion.branch_id == HERE), IN_FORCE.make
)


def terms_of_offices(reader: Reader, day: dt.date) -> Terms:
    """The terms that offices work by: those of the centre's guideline in force, else of the one the program ships.
    Versions of single libraries do not bind an office."""
    return (reader.one(OF_THE_CENTRE, day=day) or shipped_guideline()).terms


@dataclass(frozen=True, slots=True)
class Standing:
    """A state, and the last day for the step that comes next (None: no term runs)."""

    state: MinutesState
    due_on: dt.date | None

    @property
    def level(self) -> RulingLevel | None:
        """Who is to answer now."""
        return WAITS_FOR.get(self.state)

    def days_left(self, today: dt.date) -> int | None:
        """Days until the term ends, below zero when it has passed; None where none runs."""
        return None if self.due_on is None else (self.due_on - today).days


def advanced(told: Standing, answers: Mapping[RulingLevel, GivenAnswer], kind: BranchKind, terms: Terms) -> Standing:
    """Where minutes stand by what the library told and what the levels answered since. An answer that the library has
    taken already is behind its state and changes nothing."""
    standing = told
    for level in RulingLevel:
        answer = answers.get(level)
        if answer is None or answer.sent_at is None or not answer.holds:
            continue
        step = answer_kind(level, answer.verdicts, head_office_too=kind is BranchKind.PROVINCIAL_CENTRAL)
        way = transition(standing.state, step, level)
        if isinstance(way, Refusal):
            continue
        days = days_of(way, terms)
        answered_on = day_of(answer.sent_at)
        standing = Standing(way.becomes, None if days is None else answered_on + dt.timedelta(days))
    return standing
