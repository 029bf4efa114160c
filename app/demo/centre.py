"""A library that knows a centre, for pictures and demonstrations: no line is needed for them."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa

from app.conflicts.choices import choices_of
from app.conflicts.writings import Writing, told_more
from app.library import Library
from app.sync.queries import LAST_ROUND
from app.union.reading import TITLE
from app.union.record import titles_of, with_keys
from db.codes import CaseKind, CataloguingStatus
from db.models.centre import Redirect, SyncCase, UnionTitle
from db.models.circulation import Loan
from db.models.members import Member
from db.models.sync import Peer, Site, Stream
from db.types import new_id
from db.writing import Tx

URL = "https://markaz.example"
CENTRE = uuid.UUID("0192f0c0-0000-7000-8000-000000000001")
HOUR_MS = 3_600_000
LIMIT = {"total": 6, "limit": 5, "here": 4, "elsewhere": 2}
OTHER = {
    "library": "کتابخانهٔ عمومی خیام",
    "fields": ["family_name", "birth_date"],
    "ours": {"family_name": "رضایی", "birth_date": "1991-03-21"},
    "theirs": {"family_name": "رضایی‌نیا", "birth_date": "1992-03-21"},
}


def know_centre(library: Library, *, waiting: int = 0, silent: dt.timedelta | None = None) -> None:
    """The library is enrolled; all but its newest `waiting` entries have been acknowledged, `silent` ago."""
    now = library.clock.read().at
    with library.store.write() as tx:
        tx.connection.execute(sa.delete(Peer))
        tx.connection.execute(sa.insert(Peer).values(url=URL, centre_id=CENTRE, public_key=bytes(32), enrolled_at=now))
        tx.connection.execute(sa.update(Stream).values(acked_seq=Stream.head_seq - waiting))
        if silent is not None:
            tx.connection.execute(sa.update(Site).values(last_contact_at=now - silent, skew_ms=0))


def last_round_ended(library: Library, state: str, **more: Any) -> None:
    """How the last round ended (`RoundState`), and what goes with it."""
    at = library.clock.read().at_ms
    with library.store.write() as tx:
        LAST_ROUND.write(tx, {"state": state, "at": at, **more})


def open_demo_cases(library: Library) -> None:
    """Three conflicts that wait for a person: over the limit, two open loans, a reader written differently."""
    now = library.clock.read().at
    with library.store.write() as tx:
        member = tx.connection.execute(sa.select(Member.id).order_by(Member.id).limit(1)).scalar_one()
        loans = tx.connection.execute(
            sa.select(Loan.id).where(Loan.in_at.is_(None)).order_by(Loan.id).limit(2)
        ).scalars()
        older, newer = (str(loan) for loan in loans)
        cases: tuple[tuple[CaseKind, list[str], dict[str, Any]], ...] = (
            (CaseKind.OVER_LIMIT, [f"member:{member}"], LIMIT),
            (CaseKind.TWO_OPEN_LOANS, [f"loan:{older}", f"loan:{newer}"], {"older": older, "newer": newer}),
            (CaseKind.MEMBER_DIFFERS, [f"member:{member}"], OTHER),
        )
        for place, case in enumerate(cases):
            _case(library, tx, *case, now - dt.timedelta(days=6 - place, hours=place))


def open_two_machines_case(library: Library) -> uuid.UUID:
    """Another machine of the library wrote a reader otherwise while neither had a line. Returns the reader."""
    now = library.clock.read()
    with library.store.write() as tx:
        query = sa.select(Member).order_by(Member.id).limit(1)
        member = tx.connection.execute(query).one()
        here = tx.identity
        born = None if member.birth_date is None else member.birth_date.isoformat()
        stands = {"family_name": member.family_name, "birth_date": born, "national_id": member.national_id}
        lost = {"family_name": "رضایی‌نیا", "birth_date": "1992-03-20", "national_id": "0499370899"}
        first = Writing(here.device_id, here.epoch, 1, now.at_ms - 26 * HOUR_MS, stands)
        second = Writing(CENTRE, 1, 2, now.at_ms - 25 * HOUR_MS, lost)
        stories = told_more({}, [first], second)
        _case(library, tx, CaseKind.MEMBER_DIFFERS, [f"member:{member.id}"], stories, now.at)
        member_id: uuid.UUID = member.id
    return member_id


def _case(
    library: Library, tx: Tx, kind: CaseKind, rows: list[str], stories: dict[str, Any], opened_at: dt.datetime
) -> None:
    tx.connection.execute(
        sa.insert(SyncCase).values(
            id=new_id(), branch_id=library.store.branch_id, ver=1, kind=kind, rows=rows, stories=stories,
            choices=choices_of(kind), opened_at=opened_at,
        )
    )  # fmt: skip


def know_record(library: Library, title_id: uuid.UUID) -> None:
    """The record of the union for a title of ours has come down, reviewed: other publisher, other pages."""
    with library.store.write() as tx:
        title = next(iter(titles_of(tx, [title_id])))
        record_id = new_id()
        told = dict(title.columns) | {
            "publisher": "مرکز دایرة‌المعارف بزرگ اسلامی", "pages": "۸ ج.", "status": CataloguingStatus.REVIEWED,
            "subjects": [*title.columns["subjects"], "شعر حماسی فارسی -- قرن ۴ ق."],
        }  # fmt: skip
        tx.insert(UnionTitle, id=record_id, branch_id=CENTRE, born_at=CENTRE, **with_keys(record_id, told))
        tx.insert(
            Redirect, entity=TITLE, old_id=title_id, new_id=record_id, made_at=library.clock.read().at, made_by="مرکز"
        )
        tx.record("union.adopted", library.act(library.person(None)))
