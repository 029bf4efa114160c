"""Making the demo library: its books and readers, and three years at the desk through the real use cases.

Everything that happens is decided by a fixed seed and the day of the demo, so that pictures and tests can be made
again.
"""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from app.catalogue.service import rebuild_index
from app.catalogue.writing import insert_title
from app.clock import TEHRAN, SettableClock
from app.demo.files import FOLDER, DemoMember, DemoTitle, read_members, read_people, read_titles
from app.demo.people import clear_somebody
from app.demo.printers import Printers
from app.demo.scenes import SCENES, Scene, last_morning, open_the_day
from app.demo.story import Copy, Reader, Story
from app.items.form import ItemForm
from app.items.writing import register_item, shelved_title
from app.library import Library
from app.members.finding import found_by
from app.members.service import member_record
from app.members.writing import enrol
from app.persian import jalali
from app.policy.table import ANY
from app.setup import found_library, read_setup
from app.staff.pins import hash_pin
from db.act import Act
from db.codes import CardState, Role, Source
from db.models.library import Branch, Staff
from db.models.members import Member, MemberCard, Restriction
from db.writing import Tx

SEED = 1405
TITLES_A_TIME = 25
MEMBERS_A_TIME = 60
OWES_A_PAPER = 9


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """How long a past the library has. `today` is the moment the story ends, in Tehran; `printers` set its papers;
    `prefix` begins its labels, where it is not the usual one; `scenes` are what happens beside the daily work."""

    today: dt.datetime
    printers: Printers
    days: int = 3 * 365
    prefix: str | None = None
    scenes: tuple[Scene, ...] = SCENES


def build_demo(
    folder: Path, plan: DemoPlan, progress: Callable[[float], None] = lambda _: None, data: Path = FOLDER
) -> None:
    """Make the demo library in an empty folder and close it. `progress` hears how much is done, 0…1."""
    random_ = random.Random(SEED)
    end = plan.today.astimezone(TEHRAN)
    clock = SettableClock(end - dt.timedelta(days=plan.days))
    library, _ = found_library(folder, read_setup(data / "library.toml"), clock)
    with library.store:
        head = library.person(None)
        if plan.prefix is not None:
            _set_prefix(library, library.act(head), plan.prefix)
        _add_staff(library, library.act(head), data)
        story, scenes = Story(library, clock, random_, end.date(), plan.printers), list(plan.scenes)
        copies = _planned_copies(read_titles(data), random_, end.date())
        members = sorted(read_members(data), key=lambda member: member.form.joined_on or end.date())
        opened, opening = clock.now, clock.read().day
        _register(library, [copy for copy in copies if copy.on <= opening], story)
        _enrol(library, [member for member in members if _joined(member) <= opening], story)
        later = [copy for copy in copies if copy.on > opening]
        joining = [member for member in members if _joined(member) > opening]
        for number in range(plan.days):
            day = clock.read().day
            _register(library, [copy for copy in later if copy.on == day], story)
            _enrol(library, [member for member in joining if _joined(member) == day], story)
            if library.calendar.is_open(day):
                open_the_day(story, scenes)
            story.live_a_day()
            clock.set(opened + dt.timedelta(days=number + 1))
            progress((number + 1) / plan.days)
        last_morning(story, scenes, end)
        clear_somebody(story, plan.printers.certificate)
        clock.set(end)
        rebuild_index(library)


@dataclass(frozen=True, slots=True)
class _PlannedCopy:
    """A copy and the day it comes into the register. `order` keeps the copies of one title together."""

    on: dt.date
    order: int
    title: DemoTitle
    volume: str | None
    copy: int


def _planned_copies(titles: tuple[DemoTitle, ...], random_: random.Random, today: dt.date) -> list[_PlannedCopy]:
    """All copies in the order of the accession register: it rises with the day."""
    planned = []
    for order, title in enumerate(titles):
        first = jalali.from_jalali(title.acquired_year, 1, 15) + dt.timedelta(days=random_.randrange(330))
        for copy in range(title.copies):
            day = min(first + dt.timedelta(days=random_.choice((0, 0, 0, 45)) * copy), today - dt.timedelta(days=2))
            planned += [_PlannedCopy(day, order, title, volume, copy) for volume in title.volumes]
    return sorted(planned, key=lambda copy: (copy.on, copy.order, copy.copy))


def _register(library: Library, planned: list[_PlannedCopy], story: Story) -> None:
    for start in range(0, len(planned), TITLES_A_TIME):
        with library.store.write() as tx:
            for copy in planned[start : start + TITLES_A_TIME]:
                story.copies.append(_register_one(library, tx, copy, story))
            tx.record("item.added", library.act(story.head))


def _register_one(library: Library, tx: Tx, planned: _PlannedCopy, story: Story) -> Copy:
    title = planned.title
    title_id = story.title_ids.get(planned.order)
    if title_id is None:
        title_id = insert_title(tx, title.form, library.store.dialect.name)
        story.title_ids[planned.order] = title_id
    shelved = shelved_title(tx, title_id)
    if shelved is None:
        raise RuntimeError("a title vanished inside a transaction")
    form = ItemForm(
        accession_date=planned.on,
        volume_no=planned.volume,
        source=story.random.choice((Source.PURCHASE, Source.FOUNDATION, Source.FOUNDATION, Source.DONATION)),
        condition=title.condition_of(planned.copy),
        flags=title.flags,
        price=story.random.randrange(200, 4_500) * 1_000,
    )
    registered = register_item(tx, shelved, form, planned.on, library.branch.barcode_prefix)
    lendable = "not_for_loan" not in title.flags
    return Copy(registered.barcode, title_id, title.popularity if lendable else 0, title.child, planned.on)


def _joined(member: DemoMember) -> dt.date:
    return member.form.joined_on or dt.date.min


def _enrol(library: Library, members: list[DemoMember], story: Story) -> None:
    for start in range(0, len(members), MEMBERS_A_TIME):
        with library.store.write() as tx:
            act = library.act(story.head)
            for member in members[start : start + MEMBERS_A_TIME]:
                papers = library.terms(member.form.category, ANY).texts("documents")
                story.readers.append(_enrol_one(tx, _with_papers(member, papers), act))
            tx.record("member.added", act)


def _with_papers(member: DemoMember, papers: tuple[str, ...]) -> DemoMember:
    """Most have handed in all papers; every ninth still owes the last."""
    number = int("".join(filter(str.isdigit, member.form.card or "0")))
    handed_in = papers if number % OWES_A_PAPER else papers[:-1]
    return replace(member, form=replace(member.form, documents=handed_in))


def _enrol_one(tx: Tx, member: DemoMember, act: Act) -> Reader:
    form = member.form
    enrolled = enrol(tx, form, act.day, form.expires_on)
    if member.previous_card:
        tx.insert(
            MemberCard, member_id=enrolled.member_id, number=member.previous_card, state=CardState.RETIRED,
            since=form.joined_on or act.day,
        )  # fmt: skip
        row = member_record(tx, enrolled.member_id)
        tx.update(Member, row, search_key=found_by(tx, row))
    if member.restriction is not None:
        kind, until, reason = member.restriction
        tx.insert(
            Restriction, member_id=enrolled.member_id, kind=kind, until=until, reason=reason, author_id=act.staff_id,
            laid_at=act.at,
        )  # fmt: skip
    active = member.activity if member.card_state is CardState.ACTIVE else 0
    return Reader(form.card or "", enrolled.member_id, active, member)


def _set_prefix(library: Library, act: Act, prefix: str) -> None:
    with library.store.write() as tx:
        tx.update(Branch, library.branch, barcode_prefix=prefix)
        tx.record("branch.changed", act)
    library.forget_rules()


def _add_staff(library: Library, act: Act, data: Path) -> None:
    with library.store.write() as tx:
        for person in read_people(data):
            if person.role is not Role.HEAD:
                tx.insert(Staff, name=person.name, role=person.role, pin_hash=hash_pin(person.pin))
        tx.record("staff.added", act)
