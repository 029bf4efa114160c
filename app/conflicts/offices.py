"""Cases as offices see them: those the centre itself decides, and those that wait at the libraries of a scope.

An office learns libraries, numbers, kinds and days, never who a reader is: the database hides the stories of cases from
offices (`db.rights`), and here nothing but what is named below is taken out of them. Member numbers are told of
libraries in scope alone.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from app.centre import Centre
from app.conflicts.choices import Choice
from app.conflicts.deciding import DecideOutcome, decide_at_centre, told_at_centre
from app.conflicts.values import field_words
from app.conflicts.words import Option, Story, options_of
from app.labels import ENTRY_KIND, RECORD_FIELD
from app.outcome import NotFound, Refused, Sought
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.refusal import Refusal
from db.act import Act
from db.codes import CaseKind, CaseState, Role
from db.isolation import DbRole, Scope
from db.models.centre import SyncCase
from db.models.circulation import Loan
from db.models.library import Branch
from db.models.members import Member
from db.models.schema import METADATA
from db.reading import Reader

MOST = 500
DECIDERS: Mapping[CaseKind, frozenset[Role]] = MappingProxyType(
    {
        CaseKind.MEMBER_TWICE: frozenset({Role.ADMINISTRATOR, Role.LIBRARY_AFFAIRS}),
        CaseKind.TWO_MACHINES: frozenset({Role.ADMINISTRATOR}),
        CaseKind.DIRECTIVE_REFUSED: frozenset({Role.ADMINISTRATOR, Role.LIBRARY_AFFAIRS, Role.PROVINCE_REVIEWER}),
    }
)
"""Who decides what is put before the centre: memberships are a matter of library affairs, machines one of whoever lets
them in, a directive that failed is seen by those who gave it."""
DECIDING = frozenset[Role]().union(*DECIDERS.values())


@dataclass(frozen=True, slots=True)
class Office:
    """Who looks: their name, role, and the libraries in scope."""

    name: str
    role: Role
    scope: Collection[uuid.UUID]


@dataclass(frozen=True, slots=True)
class CentreCase:
    """A case of the centre. `refused`: why this office cannot decide it; nothing where it may."""

    id: uuid.UUID
    kind: CaseKind
    about: str
    stories: tuple[Story, ...]
    options: tuple[Option, ...]
    state: CaseState
    opened_at: dt.datetime
    decided_at: dt.datetime | None
    decision: str
    decided_by: str
    refused: tuple[Refusal, ...]

    @property
    def open(self) -> bool:
        """Whether it waits."""
        return self.state is CaseState.OPEN


@dataclass(frozen=True, slots=True)
class BranchCase:
    """A case that waits for a person of a library."""

    id: uuid.UUID
    branch_id: uuid.UUID
    library: str
    kind: CaseKind
    opened_at: dt.datetime
    lines: tuple[str, ...]


def cases_of_centre(centre: Centre, office: Office, *, over: bool = False) -> list[CentreCase]:
    """The cases before the centre that concern a library in scope: the longest waiting first, or those that are over,
    the newest first."""
    table = METADATA.tables[SyncCase.__tablename__]
    query = sa.select(table).where(table.c.branch_id == centre.id, table.c.deleted_at.is_(None))
    if over:
        query = query.where(table.c.state == CaseState.DECIDED).order_by(table.c.decided_at.desc(), table.c.id)
    else:
        query = query.where(table.c.state == CaseState.OPEN).order_by(table.c.opened_at, table.c.id)
    with centre.store.read() as reader:
        rows = reader.connection.execute(query.limit(MOST)).all()
        places = {case.id: _libraries(reader, case.rows) for case in rows}
        return [_of_centre(reader, case, places[case.id], office) for case in rows if places[case.id] & {*office.scope}]


def decide_for_office(centre: Centre, case_id: uuid.UUID, choice: str, office: Office, act: Act) -> DecideOutcome:
    """Decide a case of the centre. Its kind says which roles may, and every library it concerns must be in scope. One
    that concerns no library in scope is not there at all."""
    table = METADATA.tables[SyncCase.__tablename__]
    query = sa.select(table.c.kind, table.c.rows).where(
        table.c.id == case_id, table.c.branch_id == centre.id, table.c.deleted_at.is_(None)
    )
    with centre.store.read() as reader:
        case = reader.connection.execute(query).one_or_none()
        libraries = set() if case is None else _libraries(reader, case.rows)
    if case is None or not libraries & {*office.scope}:
        return NotFound(Sought.CASE, str(case_id))
    refused = _forbids(case.kind, libraries, office)
    return Refused(refused) if refused else decide_at_centre(centre, case_id, choice, office.name, act)


def cases_of_libraries(centre: Centre, scope: Collection[uuid.UUID]) -> list[BranchCase]:
    """What waits at the libraries of a scope, the longest first. They decide it themselves."""
    listed = (
        sa.select(SyncCase.id, SyncCase.branch_id, Branch.name, SyncCase.kind, SyncCase.opened_at)
        .join(Branch, Branch.id == SyncCase.branch_id)
        .where(SyncCase.branch_id.in_(scope), SyncCase.state == CaseState.OPEN, SyncCase.deleted_at.is_(None))
        .order_by(SyncCase.opened_at, SyncCase.id)
        .limit(MOST)
    )
    with centre.store.read(Scope(DbRole.REVIEW, tuple(scope))) as reader:
        rows = reader.connection.execute(listed).all()
    with centre.store.read() as reader:
        stories = sa.select(SyncCase.id, SyncCase.stories).where(SyncCase.id.in_([row.id for row in rows]))
        told = {one.id: one.stories for one in reader.connection.execute(stories)}
        return [BranchCase(*row, tuple(_lines(reader, row.kind, told.get(row.id, {})))) for row in rows]


def _of_centre(reader: Reader, case: Any, libraries: set[uuid.UUID], office: Office) -> CentreCase:
    told = told_at_centre(reader, case)
    twice = case.kind is CaseKind.MEMBER_TWICE
    taken = case.decision if case.decision in set(Choice) else None
    return CentreCase(
        case.id, case.kind, told.about,
        tuple(_memberships(reader, case.rows, office.scope)) if twice else told.stories,
        options_of(case.choices, case.stories), case.state, case.opened_at, case.decided_at,
        options_of([taken], {})[0].words if taken else "", case.decided_by or "",
        tuple(_forbids(case.kind, libraries, office)),
    )  # fmt: skip


def _forbids(kind: CaseKind, libraries: set[uuid.UUID], office: Office) -> tuple[Refusal, ...]:
    """Why an office may not decide, all reasons at once."""
    role = office.role in DECIDERS.get(kind, frozenset())
    scope = libraries <= {*office.scope}
    return (
        *(() if role else (Refusal("case.not_yours"),)),
        *(() if scope else (Refusal("case.beyond_scope"),)),
    )


def _libraries(reader: Reader, rows: Sequence[str]) -> set[uuid.UUID]:
    """The libraries that a case of the centre concerns."""
    members = _ids(rows, Member.__tablename__)
    of_members = sa.select(Member.branch_id).where(Member.id.in_(members))
    found = set(reader.connection.execute(of_members).scalars()) if members else set()
    return found | set(_ids(rows, Branch.__tablename__))


def _ids(rows: Sequence[str], table: str) -> list[uuid.UUID]:
    mark = f"{table}:"
    return [uuid.UUID(row.removeprefix(mark)) for row in rows if row.startswith(mark)]


def _memberships(reader: Reader, rows: Sequence[str], scope: Collection[uuid.UUID]) -> Iterator[Story]:
    """Both memberships: library, number, since when, and what is out. No name."""
    out = (
        sa.select(sa.func.count())
        .select_from(Loan)
        .where(Loan.member_id == Member.id, Loan.in_at.is_(None), Loan.deleted_at.is_(None))
        .scalar_subquery()
    )
    query = (
        sa.select(Member.branch_id, Branch.name, Branch.county, Member.member_no, Member.joined_on, out)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Member.id.in_(_ids(rows, Member.__tablename__)))
        .order_by(Member.id)
    )
    for branch_id, library, county, member_no, joined_on, loans in reader.connection.execute(query):
        whose = f"{library}، {county}"
        if branch_id not in scope:
            yield Story(whose, ("این کتابخانه بیرون از محدودهٔ شماست.",))
            continue
        since = f"عضو از {jalali.short(joined_on)}" if joined_on else "تاریخ عضویت نوشته نشده است"
        yield Story(whose, (f"شمارهٔ عضویت {to_persian(member_no)}", f"{since}؛ {number(loans)} امانت باز"))


# What may be told of cases at libraries.

Lines = Callable[[Mapping[str, Any]], Iterable[str]]


def _lines(reader: Reader, kind: CaseKind, stories: Mapping[str, Any]) -> Iterable[str]:
    if kind is CaseKind.TWO_OPEN_LOANS:
        return _two_loans(reader, stories)
    told = LINES.get(kind)
    return () if told is None else told(stories)


def _two_loans(reader: Reader, stories: Mapping[str, Any]) -> Iterator[str]:
    ids = [uuid.UUID(str(stories[name])) for name in ("older", "newer") if stories.get(name)]
    days = sa.select(Loan.out_on).where(Loan.id.in_(ids)).order_by(Loan.out_at)
    found = [jalali.short(day) for day in reader.connection.execute(days).scalars()]
    if found:
        yield f"امانت در {' و '.join(found)}"


def _over_limit(stories: Mapping[str, Any]) -> Iterator[str]:
    total, limit, elsewhere = (number(int(stories.get(name, 0))) for name in ("total", "limit", "elsewhere"))
    yield f"{total} امانت باز، {elsewhere} از کتابخانه‌های دیگر؛ سقف {limit} است"


def _differs(stories: Mapping[str, Any]) -> Iterator[str]:
    fields = [str(name) for name in stories.get("fields", ())]
    yield "، ".join(map(field_words, fields))
    if stories.get("library"):
        yield f"در «{stories['library']}» جور دیگری است"


def _returned(stories: Mapping[str, Any]) -> Iterator[str]:
    seen = stories.get("seen") or {}
    day = seen.get("day") or stories.get("day")
    where = f" در «{seen['library']}»" if seen.get("library") else ""
    if day:
        yield f"بازگشت{where}، {jalali.short(dt.date.fromisoformat(str(day)))}"
    if stories.get("libraries"):
        yield f"{number(len(stories['libraries']))} کتابخانه نسخه‌ای با همین برچسب دارند"


def _title(stories: Mapping[str, Any]) -> Iterator[str]:
    yield f"«{stories.get('title', '')}»"
    yield "، ".join(RECORD_FIELD.get(str(name), str(name)) for name in stories.get("differs", ()))


def _aside(stories: Mapping[str, Any]) -> Iterator[str]:
    yield ENTRY_KIND.get(str(stories.get("kind", "")), "رویدادی که شناخته نیست")


def _machines(stories: Mapping[str, Any]) -> Iterator[str]:
    yield f"{number(len(stories.get('devices', ())))} دستگاه؛ تصمیم با مرکز است"


LINES: Mapping[CaseKind, Lines] = MappingProxyType(
    {
        CaseKind.OVER_LIMIT: _over_limit,
        CaseKind.MEMBER_DIFFERS: _differs,
        CaseKind.RETURNED_ELSEWHERE: _returned,
        CaseKind.TITLE_DIFFERS: _title,
        CaseKind.SET_ASIDE: _aside,
        CaseKind.NUMBER_TWICE: _aside,
        CaseKind.TWO_MACHINES: _machines,
    }
)
"""What an office is told of a case of each kind."""
