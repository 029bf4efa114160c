"""What the expert of library affairs looks after (002 م13-8): binding and weeding in the libraries of a scope."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.binding.queries import UNDERWAY
from app.persian.text import compact
from app.review.queue import OPEN, Waiting
from db.codes import BindingState, MinutesState
from db.models.collection import BindingRequest, BindingRow
from db.models.library import Branch
from db.reading import Reader

BY_THE_LIBRARY = frozenset({MinutesState.CORRECTION, MinutesState.RULED})
"""Where the library is to do something, not an office."""


@dataclass(frozen=True, slots=True)
class BindingLine:
    """A binding request that is not back: `back` of its `copies` are."""

    id: uuid.UUID
    branch_id: uuid.UUID
    library: str
    county: str
    number: str
    state: BindingState
    requested_on: dt.date | None
    dispatched_on: dt.date | None
    due_on: dt.date | None
    outsourced_to: str | None
    copies: int
    back: int

    def days_left(self, today: dt.date) -> int | None:
        """Days until the bindery's month is over (002 م13-7), below zero when it is."""
        return None if self.due_on is None else (self.due_on - today).days


@dataclass(frozen=True, slots=True)
class BranchWork:
    """A library at a glance: minutes by state, of them `late`; binding requests underway, of them `overdue`; the last
    day binding was requested (002 م13-10)."""

    branch_id: uuid.UUID
    library: str
    county: str
    minutes: Mapping[MinutesState, int]
    late: int
    underway: int
    overdue: int
    last_binding_on: dt.date | None


def _rows(counted: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    return (
        sa.select(counted)
        .where(BindingRow.request_id == BindingRequest.id, BindingRow.deleted_at.is_(None))
        .scalar_subquery()
    )


LINES = (
    sa.select(
        BindingRequest.id, BindingRequest.branch_id, Branch.name, Branch.county, BindingRequest.year,
        BindingRequest.number, BindingRequest.state, BindingRequest.requested_on, BindingRequest.dispatched_on,
        BindingRequest.due_on, BindingRequest.outsourced_to, _rows(sa.func.count(BindingRow.id)),
        _rows(sa.func.count(BindingRow.received_on)),
    )
    .join(Branch, Branch.id == BindingRequest.branch_id)
    .where(BindingRequest.deleted_at.is_(None), BindingRequest.state.in_(sorted(UNDERWAY)))
    .order_by(BindingRequest.due_on, BindingRequest.id)
)  # fmt: skip
LAST = (
    sa.select(BindingRequest.branch_id, sa.func.max(BindingRequest.requested_on))
    .where(BindingRequest.deleted_at.is_(None))
    .group_by(BindingRequest.branch_id)
)
BRANCHES = sa.select(Branch.id, Branch.name, Branch.county).where(Branch.deleted_at.is_(None))


def binding_lines(reader: Reader, scope: Collection[uuid.UUID]) -> tuple[BindingLine, ...]:
    """Binding requests that are not back, the first due first."""
    found = reader.connection.execute(LINES.where(BindingRequest.branch_id.in_(list(scope))))
    return tuple(
        BindingLine(request, branch, library, county, f"{year}/{number}", *rest)
        for request, branch, library, county, year, number, *rest in found
    )


def branch_work(
    reader: Reader, scope: Collection[uuid.UUID], minutes: Sequence[Waiting], lines: Sequence[BindingLine],
    today: dt.date,
) -> tuple[BranchWork, ...]:  # fmt: skip
    """Every library of a scope with what is underway in it."""
    wanted = list(scope)
    last = {row[0]: row[1] for row in reader.connection.execute(LAST.where(BindingRequest.branch_id.in_(wanted)))}
    states = Counter((one.branch_id, one.standing.state) for one in minutes)
    late = Counter(one.branch_id for one in minutes if _late(one.days_left(today)))
    underway = Counter(one.branch_id for one in lines)
    overdue = Counter(one.branch_id for one in lines if _late(one.days_left(today)))
    found = reader.connection.execute(BRANCHES.where(Branch.id.in_(wanted)).order_by(Branch.county, Branch.name))
    return tuple(
        BranchWork(
            branch_id=branch, library=library, county=county, minutes={state: states[branch, state] for state in OPEN},
            late=late[branch], underway=underway[branch], overdue=overdue[branch], last_binding_on=last.get(branch),
        )
        for branch, library, county in found
    )  # fmt: skip


def _late(days: int | None) -> bool:
    return days is not None and days < 0


def library_names(reader: Reader, scope: Collection[uuid.UUID], place: str = "") -> list[tuple[uuid.UUID, str]]:
    """The libraries of a scope by county and name; `place`: only those in whose name, county or province it stands."""
    wanted = compact(place)
    query = BRANCHES.add_columns(Branch.province).where(Branch.id.in_(list(scope)))
    return [
        (branch, f"{name} ({county})")
        for branch, name, county, province in reader.connection.execute(query.order_by(Branch.county, Branch.name))
        if not wanted or any(wanted in compact(words) for words in (name, county, province))
    ]
