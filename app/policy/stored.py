"""Policies in the store: every version is kept, because loans remember the version that decided."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.policy.table import PolicyRow as Row
from app.policy.table import PolicyTable
from db.codes import RuleStatus
from db.frozen import Frozen
from db.models.library import Policy, PolicyRow
from db.models.sync import Site
from db.reading import Reader
from db.trouble import Trouble
from db.writing import Tx

FIRST = 1
"""The version a library was founded with. It counts as in force even if its text calls itself a draft, as the shipped
rules of public libraries do: there is no lending without rules."""
FIRST_OF_CENTRE = 10_000
"""Versions of the centre are numbered from here on, so that the version a loan remembers is never ambiguous."""
OF_THE_CENTRE = "policy_of_centre"
OWN = Policy.branch_id == sa.select(Site.branch_id).scalar_subquery()
DECIDES = sa.or_(Policy.status == RuleStatus.IN_FORCE, Policy.version == FIRST)

VERSION = sa.select(Policy.id, Policy.version).where(Policy.deleted_at.is_(None)).limit(1)
IN_FORCE = Frozen(
    VERSION.where(DECIDES, Policy.effective_from <= sa.bindparam("day", type_=sa.Date())).order_by(
        OWN, Policy.effective_from.desc(), Policy.version.desc()
    ),
    lambda policy_id, version: (policy_id, version),
)
"""What the centre has put in force goes before the library's own (sync-protocol 11)."""
EARLIEST = Frozen(
    VERSION.where(DECIDES).order_by(Policy.effective_from, Policy.version.desc()),
    lambda policy_id, version: (policy_id, version),
)
BY_VERSION = Frozen(VERSION.where(Policy.version == sa.bindparam("version")), lambda policy_id, _: policy_id)


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """The head of a stored version, and how many rows it has."""

    version: int
    title: str
    status: RuleStatus
    effective_from: dt.date
    profile: str
    source: str
    rows: int
    of_centre: bool = False


VERSIONS = Frozen(
    sa.select(
        Policy.version, Policy.title, Policy.status, Policy.effective_from, Policy.profile, Policy.source,
        sa.select(sa.func.count())
        .select_from(PolicyRow)
        .where(PolicyRow.policy_id == Policy.id, PolicyRow.deleted_at.is_(None))
        .scalar_subquery(),
        ~OWN,
    )
    .where(Policy.deleted_at.is_(None))
    .order_by(Policy.version.desc()),
    PolicyVersion,
)  # fmt: skip


def policy_in_force(reader: Reader, day: dt.date) -> PolicyTable:
    """The newest version in force whose effective date has come, one of the centre before the library's own; on a day
    before all of them (a computer that believes in 1970) the earliest, since loans go on meanwhile. A draft decides
    nothing, unless it is the `FIRST`.

    Raises Trouble P-1602 when there is no policy at all.
    """
    return stored_policy(reader, _in_force(reader, day)[0])


def policy_at(reader: Reader, branch_id: uuid.UUID, centre_id: uuid.UUID, day: dt.date) -> PolicyTable:
    """The policy that holds at one branch, as the centre knows it. Raises Trouble P-1602 when nothing has come in."""
    of_both = Policy.branch_id.in_((branch_id, centre_id))
    query = (
        VERSION.where(DECIDES, of_both, Policy.effective_from <= day)
        .order_by(Policy.branch_id == branch_id, Policy.effective_from.desc(), Policy.version.desc())
    )  # fmt: skip
    found = reader.connection.execute(query).first()
    if found is None:
        raise Trouble("P-1602", day=day)
    return stored_policy(reader, found.id)


def version_in_force(reader: Reader, day: dt.date) -> int:
    """The number of that version: what the desk asks at every scan."""
    return _in_force(reader, day)[1]


def _in_force(reader: Reader, day: dt.date) -> tuple[uuid.UUID, int]:
    found = reader.one(IN_FORCE, day=day) or reader.one(EARLIEST)
    if found is None:
        raise Trouble("P-1602", day=day)
    return found


def versions(reader: Reader) -> list[PolicyVersion]:
    """Every stored version, the newest first."""
    return reader.all(VERSIONS)


def policy_of_version(reader: Reader, version: int) -> PolicyTable | None:
    """One version by its number, to look up what decided then."""
    policy_id = reader.one(BY_VERSION, version=version)
    return None if policy_id is None else stored_policy(reader, policy_id)


def stored_policy(reader: Reader, policy_id: uuid.UUID) -> PolicyTable:
    """One version with its rows."""
    head = reader.connection.execute(
        sa.select(
            Policy.version, Policy.title, Policy.status, Policy.effective_from, Policy.profile, Policy.source,
            Policy.categories,
        ).where(Policy.id == policy_id)
    ).one()  # fmt: skip
    query = (
        sa.select(
            PolicyRow.branch_key, PolicyRow.category, PolicyRow.item_type, PolicyRow.parameters, PolicyRow.source,
            PolicyRow.article, PolicyRow.name,
        )
        .where(PolicyRow.policy_id == policy_id, PolicyRow.deleted_at.is_(None))
        .order_by(PolicyRow.position)
    )  # fmt: skip
    rows = tuple(Row(*columns) for columns in reader.connection.execute(query))
    return PolicyTable(
        head.version, head.title, head.status, head.effective_from, rows, head.profile, head.source, head.categories
    )


def insert_policy(tx: Tx, table: PolicyTable, today: dt.date, *, of_centre: bool = False) -> int:
    """Store a checked table as the next version; returns its number. Without an effective date it holds from today."""
    version = FIRST_OF_CENTRE - 1 + tx.next_number(OF_THE_CENTRE) if of_centre else tx.next_number("policy")
    policy_id = tx.insert(
        Policy,
        version=version,
        title=table.title,
        profile=table.profile,
        status=table.status,
        effective_from=table.effective_from or today,
        source=table.source,
        categories=dict(table.categories),
    )
    for position, row in enumerate(table.rows, 1):
        tx.insert(
            PolicyRow,
            policy_id=policy_id,
            position=position,
            branch_key=row.branch,
            category=row.category,
            item_type=row.item_type,
            parameters=dict(row.values),
            name=row.name,
            source=row.source,
            article=row.article,
        )
    return version
