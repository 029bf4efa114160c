"""The audit page: what was decided at the centre, from its own journal, and who signed in or tried to."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from starlette.responses import Response

from app.clock import midnight
from app.labels import ENTRY_KIND, ROLE
from app.review.guessing import CODES, SECOND, UNKNOWN
from app.review.kept_accounts import accounts_within
from app.review.scopes import ReviewerFacts
from db.codes import Role
from db.frozen import Frozen
from db.journal import DECODER
from db.models.centre import SignIn
from db.models.library import Staff
from db.models.sync import JournalEntry, Site, Stream
from db.reading import Reader
from server.centre.web.pages import AUDITORS, Nav, Page, Shot, Visit

PAGE = 50
INTENT = 9
"""The place of what was decided in an entry."""
REASON, SEEN = 2, 3
TOLD: Mapping[str, str] = {
    "user_name": "حساب", "role": "نقش", "province": "استان", "county": "شهرستان", "library": "کتابخانه",
    "title": "عنوان", "level": "سطح", "number": "شماره",
}  # fmt: skip
"""Facts of a decision that the page shows: never those of a reader."""
OURS = sa.select(Site.device_id).scalar_subquery()
NAMES = Frozen(
    sa.select(Staff.id, Staff.name).where(Staff.branch_id == sa.select(Site.branch_id).scalar_subquery()),
    lambda person, name: (person, name),
)
# An entry is found by device, epoch and place; the journal of every library lies in the same table.
EPOCHS: Frozen[int] = Frozen(
    sa.select(Stream.epoch).where(Stream.device_id == OURS).order_by(Stream.opened_at.desc()), int
)
LOOKED_THROUGH = 20_000
"""The newest entries of an epoch, among which the kinds are sought that the page offers."""
ONE_DAY = dt.timedelta(days=1)
LAST_DAY = dt.date(9999, 1, 1)
"""Nothing was done later; a day further on has no next one."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A line of the journal of the centre."""

    at: dt.datetime
    kind: str
    who: str
    facts: tuple[tuple[str, str], ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody signed in, or tried to; `step` is what was tried."""

    at: dt.datetime
    name: str | None
    step: str
    good: bool
    address: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page is to show."""

    person: uuid.UUID | None
    kind: str
    since: dt.date | None
    until: dt.date | None
    page: int


def show_decisions(visit: Visit) -> Response:
    """What was decided."""
    wanted = _wanted(visit)
    with visit.centre.store.read() as reader:
        people = accounts_within(reader, visit.person)
        rows = decisions(reader, visit.person, people, wanted)
        kinds = [kind for kind in kinds_of(reader) if kind in ENTRY_KIND]
    return visit.render(
        "audit.html", rows=rows[:PAGE], more=len(rows) > PAGE, wanted=wanted, people=people,
        kinds=[(kind, ENTRY_KIND[kind]) for kind in kinds], query=_query(visit),
    )  # fmt: skip


def show_sign_ins(visit: Visit) -> Response:
    """Who signed in, and who tried in vain."""
    wanted = _wanted(visit)
    with visit.centre.store.read() as reader:
        people = accounts_within(reader, visit.person)
        rows = attempts(reader, visit.person, people, wanted)
    return visit.render(
        "sign_ins.html", rows=rows[:PAGE], more=len(rows) > PAGE, wanted=wanted, people=people, query=_query(visit),
        names={person.user_name: person.name for person in people},
    )  # fmt: skip


def decisions(reader: Reader, by: ReviewerFacts, people: Sequence[ReviewerFacts], wanted: Wanted) -> list[Decision]:
    """A page of the journal of the centre and one line more, the newest first; for a province what its people did."""
    chosen = sa.select(JournalEntry.at_ms, JournalEntry.kind, JournalEntry.staff_id, JournalEntry.body).where(
        JournalEntry.device_id == OURS
    )
    if not by.national:
        chosen = chosen.where(JournalEntry.staff_id.in_([person.id for person in people]))
    if wanted.person is not None:
        chosen = chosen.where(JournalEntry.staff_id == wanted.person)
    if wanted.kind:
        chosen = chosen.where(JournalEntry.kind == wanted.kind)
    if wanted.since is not None:
        chosen = chosen.where(JournalEntry.bdate >= wanted.since)
    if wanted.until is not None:
        chosen = chosen.where(JournalEntry.bdate <= wanted.until)
    names = dict(reader.all(NAMES))
    return [_decision(row, names) for row in _newest(reader, chosen, (wanted.page - 1) * PAGE)]


def kinds_of(reader: Reader) -> list[str]:
    """The kinds of what was decided lately."""
    found: set[str] = set()
    for epoch in reader.all(EPOCHS):
        lately = sa.select(JournalEntry.kind).where(JournalEntry.device_id == OURS, JournalEntry.epoch == epoch)
        newest = lately.order_by(JournalEntry.seq.desc()).limit(LOOKED_THROUGH).subquery()
        found |= set(reader.connection.execute(sa.select(newest.c.kind).distinct()).scalars())
    return sorted(found)


def _newest(reader: Reader, chosen: "sa.Select[int, str, uuid.UUID | None, bytes]", skipped: int) -> list[Any]:
    """A page of entries and one more, the newest first: epoch by epoch, each from its end."""
    found: list[Any] = []
    for epoch in reader.all(EPOCHS):
        of_epoch = chosen.where(JournalEntry.epoch == epoch)
        lately = of_epoch.order_by(JournalEntry.seq.desc()).offset(skipped).limit(PAGE + 1 - len(found))
        rows = reader.connection.execute(lately).all()
        found += rows
        if len(found) > PAGE:
            break
        if rows:
            skipped = 0
        elif skipped:
            whole = sa.select(sa.func.count()).select_from(of_epoch.subquery())
            skipped -= min(skipped, reader.connection.execute(whole).scalar_one())
    return found


def attempts(reader: Reader, by: ReviewerFacts, people: Sequence[ReviewerFacts], wanted: Wanted) -> list[Attempt]:
    """A page of tries to sign in and one line more, the newest first; unknown names only for the whole country."""
    chosen = sa.select(SignIn.user_name, SignIn.at, SignIn.good, SignIn.address)
    names = [person.user_name for person in people if wanted.person in (None, person.id)]
    if not by.national or wanted.person is not None:
        chosen = chosen.where(SignIn.user_name.in_([*names, *(name + SECOND for name in names)]))
    if wanted.since is not None:
        chosen = chosen.where(SignIn.at >= midnight(wanted.since))
    if wanted.until is not None:
        chosen = chosen.where(SignIn.at < midnight(min(wanted.until, LAST_DAY) + ONE_DAY))
    chosen = chosen.order_by(SignIn.at.desc(), SignIn.id.desc())
    found = reader.connection.execute(chosen.limit(PAGE + 1).offset((wanted.page - 1) * PAGE))
    return [_attempt(row) for row in found]


def _decision(row: Any, names: Mapping[uuid.UUID, str]) -> Decision:
    intent = DECODER.decode(row.body)[INTENT] or [None, [], None, {}]
    facts = tuple((TOLD[name], _said(name, str(value))) for name, value in intent[SEEN].items() if name in TOLD)
    return Decision(
        at=dt.datetime.fromtimestamp(row.at_ms / 1000, dt.UTC),
        kind=ENTRY_KIND.get(row.kind, row.kind),
        who=names.get(row.staff_id, "خود سامانه"),
        facts=facts,
        reason=intent[REASON],
    )


def _said(name: str, value: str) -> str:
    return ROLE[Role(value)] if name == "role" and value in tuple(Role) else value


def _attempt(row: Any) -> Attempt:
    name: str = row.user_name
    if name.startswith(CODES):
        return Attempt(row.at, None, "رمز ثبت‌نام", row.good, row.address)
    step = "رمز دوم" if name.endswith(SECOND) else "گذرواژه"
    return Attempt(row.at, None if name.startswith(UNKNOWN) else name.removesuffix(SECOND), step, row.good, row.address)


def _wanted(visit: Visit) -> Wanted:
    person = next(iter(visit.uuids("person")), None)
    return Wanted(person, visit.text("kind"), visit.day("since"), visit.day("until"), visit.page_no)


def _query(visit: Visit) -> dict[str, str]:
    """What the pager and the form keep."""
    return {name: visit.text(name) for name in ("person", "kind", "since", "until") if visit.text(name)}


PAGES = (
    Page("/audit", "GET", show_decisions, who=AUDITORS, nav=Nav("رویدادنامه", "history")),
    Page("/audit/sign-ins", "GET", show_sign_ins, who=AUDITORS),
)
SHOTS = (Shot("audit", "/audit", user="admin"), Shot("sign-ins", "/audit/sign-ins", user="admin"))
