"""A library to test on: founded once for each kind and copied for each test; members and copies with sensible defaults.

The clock stands still on `TODAY`, a Saturday; Fridays are closed and there are no holidays, unless a test wants them.
"""

import atexit
import datetime as dt
import shutil
import tempfile
import uuid
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.calendar.rules import Weekday
from app.catalogue.form import Creator, TitleForm
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.outcomes import CheckedIn, CheckedOut
from app.clock import TEHRAN, SettableClock, midnight
from app.items.form import ItemForm
from app.items.service import ItemAdded, add_item
from app.library import Library
from app.members.form import MemberForm
from app.members.service import add_member as enrol_member
from app.members.writing import Enrolled
from app.policy.document import read_document
from app.policy.stored import insert_policy
from app.policy.table import PolicyTable
from app.setup import SetUp, found_library
from db.act import Act, Stamp
from db.codes import BranchKind, CreatorRole, Material, Role
from db.models.base import Base
from db.models.circulation import Hold, Loan
from db.models.items import Item
from db.models.members import Member
from tests.warm import opened

TODAY = dt.date(2026, 11, 21)  # شنبه ۳۰ آبان ۱۴۰۵
MORNING = dt.datetime.combine(TODAY, dt.time(9), TEHRAN)
SET_UP = SetUp(
    name="کتابخانه عمومی شهید بهشتی",
    province="مرکزی",
    county="اراک",
    city="آبگرم",
    grade="۴",
    kind=BranchKind.INSTITUTIONAL,
    space_shortage=False,
    profile="public",
    weekly_closed=frozenset({Weekday.FRIDAY}),
    official_holidays=False,
    admin_name="زهرا کریمی",
    admin_pin=None,
    passphrase=None,
)


@dataclass(frozen=True, slots=True)
class AMember:
    """A member for tests."""

    id: uuid.UUID
    card: str
    number: str


@dataclass(frozen=True, slots=True)
class ACopy:
    """A copy for tests."""

    id: uuid.UUID
    title_id: uuid.UUID
    barcode: str
    accession_no: int


def found(folder: Path, profile: str = "public", *, space_shortage: bool = False) -> Library:
    """A library in `folder`, open, on a settable clock. Close its store, or use `with library.store`."""
    return found_as(folder / "library", replace(SET_UP, profile=profile, space_shortage=space_shortage))


def found_as(folder: Path, setup: SetUp) -> Library:
    """A library of this set-up in `folder`, which must not be there yet. Those of one set-up are copies of one: for two
    libraries that meet say two names."""
    shutil.copytree(_founded(setup), folder)
    return reopened(folder)


@cache
def _founded(setup: SetUp) -> Path:
    """A closed library of this set-up, made once a run."""
    folder = Path(tempfile.mkdtemp(prefix="pishkhan-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    library, _ = found_library(folder, setup, SettableClock(MORNING))
    library.store.close()
    return folder


def reopened(folder: Path, now: dt.datetime = MORNING) -> Library:
    """The library of a folder, opened again."""
    return Library(opened(folder), SettableClock(now))


def clock(library: Library) -> SettableClock:
    """The clock of a test library."""
    assert isinstance(library.clock, SettableClock)
    return library.clock


def pass_days(library: Library, days: int) -> dt.date:
    """Let days pass; the day it is then."""
    clock(library).advance(days=days)
    return library.clock.read().day


def act(library: Library, role: Role = Role.HEAD, desk: int = 1, *, doubtful: bool = False) -> Act:
    """The first head of the library acts, or somebody with another role."""
    stamp = library.clock.read()
    stamp = Stamp(stamp.at, stamp.day, doubtful=doubtful)
    return Act(library.person(None).id, role, desk, stamp)


def add_member(library: Library, category: str = "ordinary", **fields: Any) -> AMember:
    """Register a member, without a fee; whatever is not said is invented."""
    form = {"given_name": "مریم", "family_name": "رضایی", "card": f"M-{_next(library, Member):04d}"} | fields
    terms = library.terms(category, "*")
    if terms.flag("letter"):
        form = {"letter_no": "۱۲/۳"} | form
    if terms.flag("guarantor") and "guarantor" not in form:
        form["guarantor"] = add_member(library, "faculty").card
        form["card"] = fields.get("card", f"M-{_next(library, Member):04d}")
    enrolled = enrol_member(library, MemberForm(category=category, **form), act(library), free=True)
    assert isinstance(enrolled, Enrolled), enrolled
    return AMember(enrolled.member_id, form["card"], enrolled.member_no)


def add_copy(library: Library, title: uuid.UUID | TitleForm | str | None = None, **fields: Any) -> ACopy:
    """Register a copy: of a title that is there, of a new one described or only named, or of one invented."""
    if title is None:
        title = f"کتاب شمارهٔ {_next(library, Item)}"
    if isinstance(title, str):
        title = a_title(title)
    added = add_item(library, title, ItemForm(**fields), act(library))
    assert isinstance(added, ItemAdded), added
    return ACopy(added.item.item_id, added.title_id, added.item.barcode, added.item.accession_no)


def add_pair(library: Library, title: uuid.UUID | TitleForm | str | None = None, **fields: Any) -> ACopy:
    """A copy that is not the only one of its printing (002 م5-1-ج): another stays on the shelf."""
    copy = add_copy(library, title, **fields)
    add_copy(library, copy.title_id, volume_no=fields.get("volume_no"))
    return copy


def a_title(title: str = "بوستان", material: Material = Material.BOOK, **fields: Any) -> TitleForm:
    """A whole record."""
    known: dict[str, Any] = {
        "creators": (Creator("سعدی، مصلح بن عبدالله", CreatorRole.AUTHOR),),
        "publisher": "خوارزمی",
        "year": 1398,
        "dewey": "8فا1.31",
        "author_mark": "س۲۷۵ب",
    }
    return TitleForm(title=title, material=material, **(known | fields))


def lend(library: Library, member: AMember, copy: ACopy, **request: Any) -> CheckedOut:
    """Lend a copy; nothing may speak against it."""
    outcome = check_out(library, CheckoutRequest(member.card, copy.barcode, **request), act(library))
    assert isinstance(outcome, CheckedOut), outcome
    return outcome


def take_back(library: Library, copy: ACopy, **request: Any) -> CheckedIn:
    """Take a lent copy back."""
    outcome = check_in(library, CheckinRequest(copy.barcode, **request), act(library))
    assert isinstance(outcome, CheckedIn), outcome
    return outcome


def put_policy(library: Library, *rows: dict[str, Any], effective_from: dt.date | None = None) -> int:
    """Put a policy in force that says only this, and return its version. A row without a key is the fallback."""
    document = {
        "version": 1,
        "title": "آزمون",
        "profile": library.policy.profile,
        "status": "in_force",
        "source": "آزمون",
        "rows": [{"name": "ردیف", "source": "آزمون", "article": "-"} | row for row in rows],
    }
    table = read_document(document)
    assert isinstance(table, PolicyTable), table
    with library.store.write() as tx:
        version = insert_policy(tx, table, effective_from or library.clock.read().day)
        tx.record("policy.set", act(library))
    library.forget_rules()
    return version


def place_hold(library: Library, member: AMember, copy: ACopy, priority: int = 1, **fields: Any) -> uuid.UUID:
    """A reader waits for the title of a copy."""
    with library.store.write() as tx:
        hold_id = tx.insert(
            Hold, title_id=copy.title_id, member_id=member.id, placed_at=act(library).at, priority=priority,
            **({"state": "queued"} | fields),
        )  # fmt: skip
        tx.record("hold.placed", act(library))
    return hold_id


def rows(library: Library, model: type[Base], **where: Any) -> list[Any]:
    """The live rows of a table, by the equality of columns."""
    table = Base.metadata.tables[model.__tablename__]
    query = sa.select(table).where(*(table.c[name] == value for name, value in where.items()))
    if "deleted_at" in table.c and "deleted_at" not in where:
        query = query.where(table.c.deleted_at.is_(None))
    with library.store.read() as reader:
        return list(reader.connection.execute(query))


def row(library: Library, model: type[Base], row_id: uuid.UUID) -> Any:
    """One row by its id, deleted or not."""
    table = Base.metadata.tables[model.__tablename__]
    with library.store.read() as reader:
        return reader.connection.execute(sa.select(table).where(table.c.id == row_id)).one()


def change(library: Library, model: type[Base], row_id: uuid.UUID, **values: Any) -> None:
    """Change a row as some other use case would, with a journal entry."""
    found_row = row(library, model, row_id)
    with library.store.write() as tx:
        tx.update(model, found_row, **values)
        tx.record("test.changed", act(library))


def past_loans(library: Library, member: AMember, copy: ACopy, number: int) -> None:
    """Closed loans of the past, put there directly: a busy reader's years."""
    table = Base.metadata.tables[Loan.__tablename__]
    days = [TODAY - dt.timedelta(days=20 * place + 20) for place in range(number)]
    common = {
        "branch_id": library.branch.id, "ver": 1, "item_id": copy.id, "member_id": member.id, "channel": "desk",
        "renewals": 0, "unseen_renewals": 0, "policy_version": 1, "policy_row": "*/*", "overrides": [],
        "item_type": "book",
    }  # fmt: skip
    values = [
        common
        | {
            "id": uuid.uuid4(), "out_at": midnight(day), "out_on": day, "due_on": day + dt.timedelta(14),
            "first_due_on": day + dt.timedelta(14), "in_at": midnight(day + dt.timedelta(10)),
            "effective_in_on": day + dt.timedelta(10),
        }
        for day in days
    ]  # fmt: skip
    with library.store.write() as tx:
        tx.connection.execute(sa.insert(table), values)
        tx.connection.execute(
            sa.update(Base.metadata.tables["item"])
            .where(Base.metadata.tables["item"].c.id == copy.id)
            .values(loan_count=number, uses=number, last_loan_on=max(days), ver=Item.ver + 1)
        )


def _next(library: Library, model: type[Base]) -> int:
    with library.store.read() as reader:
        count = sa.select(sa.func.count()).select_from(Base.metadata.tables[model.__tablename__])
        return int(reader.connection.execute(count).scalar_one()) + 1
