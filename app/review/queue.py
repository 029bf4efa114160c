"""Minutes that wait for the answer of an office, the first due first (002 م7-5، م7-8)."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.review.answers import GivenAnswer, answers_to
from app.review.standing import Standing, advanced, terms_of_offices
from db.codes import BranchKind, MinutesState, RulingLevel, WeedingReason
from db.models.collection import Minutes, MinutesRow
from db.models.library import Branch
from db.models.sync import Device
from db.reading import Reader

OPEN = (
    MinutesState.AT_COUNTY, MinutesState.CORRECTION, MinutesState.AT_PROVINCE, MinutesState.AT_HEAD_OFFICE,
    MinutesState.RULED,
)  # fmt: skip
"""On their way between the library's letter and its final list."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Newest edition of minutes on their way. `told` is the state by the library, `standing` with the answers given
    here counted in; `draft` an answer begun by the level that is asked; `refused` the words with which the library did
    not take the last answer; `heard_at` when the library was last heard of."""

    id: uuid.UUID
    branch_id: uuid.UUID
    library: str
    province: str
    county: str
    kind: BranchKind
    reason: WeedingReason
    number: str
    revision: int
    sent_on: dt.date | None
    copies: int
    document_id: uuid.UUID | None
    told: MinutesState
    standing: Standing
    draft: bool
    refused: str
    heard_at: dt.datetime | None

    def days_left(self, today: dt.date) -> int | None:
        """Days until the term ends, below zero when it has passed."""
        return self.standing.days_left(today)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which minutes are wanted; what is empty does not matter. `level`: that wait for its answer."""

    level: RulingLevel | None = None
    reason: WeedingReason | None = None
    branch_id: uuid.UUID | None = None
    county: str = ""
    overdue: bool = False


ROWS_ON = (
    sa.select(sa.func.count())
    .select_from(MinutesRow)
    .where(
        MinutesRow.branch_id == Minutes.branch_id, MinutesRow.minutes_id == Minutes.id,
        MinutesRow.struck_at.is_(None), MinutesRow.deleted_at.is_(None),
    )
    .scalar_subquery()
)  # fmt: skip
ON_THE_WAY = (
    sa.select(
        Minutes.id, Minutes.branch_id, Branch.name, Branch.province, Branch.county, Branch.kind, Minutes.reason,
        Minutes.year, Minutes.number, Minutes.revision, Minutes.sent_on, ROWS_ON, Minutes.document_id, Minutes.state,
        Minutes.answer_due_on,
    )
    .join(Branch, Branch.id == Minutes.branch_id)
    .where(Minutes.deleted_at.is_(None), Minutes.state.in_(OPEN))
)  # fmt: skip
HEARD = sa.select(Device.branch_id, sa.func.max(Device.seen_at)).group_by(Device.branch_id)


def waiting(reader: Reader, scope: Collection[uuid.UUID], today: dt.date) -> tuple[Waiting, ...]:
    """All minutes on their way in the libraries of a scope, the first due first."""
    here = Minutes.branch_id.in_(list(scope))
    found = reader.connection.execute(ON_THE_WAY.where(here)).all()
    # The ids of a whole country would be more to send than the answers are to read.
    answers = answers_to(reader, sa.select(Minutes.id).where(here, Minutes.state.in_(OPEN)))
    heard = heard_of(reader, scope)
    terms = terms_of_offices(reader, today)
    lines = []
    for minutes_id, branch_id, *columns, told, due_on in found:
        library, province, county, kind, reason, year, number, revision, sent_on, copies, document_id = columns
        given = answers.get(minutes_id, {})
        standing = advanced(Standing(told, due_on), given, kind, terms)
        lines.append(
            Waiting(
                id=minutes_id, branch_id=branch_id, library=library, province=province, county=county, kind=kind,
                reason=reason, number=f"{year}/{number}", revision=revision, sent_on=sent_on, copies=copies,
                document_id=document_id, told=told, standing=standing, draft=_has_draft(given, standing),
                refused=_refused(given, standing), heard_at=heard.get(branch_id),
            )
        )  # fmt: skip
    return tuple(sorted(lines, key=_by_term))


def heard_of(reader: Reader, scope: Collection[uuid.UUID]) -> Mapping[uuid.UUID, dt.datetime | None]:
    """When each library was last heard of."""
    rows = reader.connection.execute(HEARD.where(Device.branch_id.in_(list(scope))))
    return {row[0]: row[1] for row in rows}


def chosen(lines: Sequence[Waiting], wanted: Wanted, today: dt.date) -> tuple[Waiting, ...]:
    """Those that are wanted, in the same order."""
    return tuple(line for line in lines if _is_wanted(line, wanted, today))


def by_reason(lines: Sequence[Waiting]) -> Mapping[WeedingReason, int]:
    """How many minutes of each reason there are, those without any too."""
    counted = Counter(line.reason for line in lines)
    return {reason: counted[reason] for reason in WeedingReason}


def _is_wanted(line: Waiting, wanted: Wanted, today: dt.date) -> bool:
    left = line.days_left(today)
    return (
        (wanted.level is None or line.standing.level is wanted.level)
        and (wanted.reason is None or line.reason is wanted.reason)
        and (wanted.branch_id is None or line.branch_id == wanted.branch_id)
        and (not wanted.county or line.county == wanted.county)
        and (not wanted.overdue or (left is not None and left < 0))
    )


def _has_draft(answers: Mapping[RulingLevel, GivenAnswer], standing: Standing) -> bool:
    answer = answers.get(standing.level) if standing.level else None
    return answer is not None and answer.sent_at is None


def _refused(answers: Mapping[RulingLevel, GivenAnswer], standing: Standing) -> str:
    answer = answers.get(standing.level) if standing.level else None
    return answer.words if answer is not None and answer.taken is False else ""


def _by_term(line: Waiting) -> tuple[bool, dt.date, str, uuid.UUID]:
    due_on = line.standing.due_on
    return due_on is None, due_on or dt.date.max, line.library, line.id
