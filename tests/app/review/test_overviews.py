"""Quarterly overviews, the archive, the health of branches and the supervising expert's view, set by set."""

import datetime as dt
import hashlib
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.centre import Centre
from app.library import Library
from app.papers import XLSX
from app.persian import jalali
from app.review.archive import Wanted, find_final, paper
from app.review.branches import health
from app.review.overviews import overview, weeded_titles
from app.review.queue import waiting
from app.review.supervision import binding_lines, branch_work
from app.statistics.quarters import quarter_of
from db.codes import BindingState, CaseKind, DocumentKind, MinutesState, WeedingReason
from db.models.centre import SyncCase
from db.models.collection import BindingRequest, BindingRow, Document, Minutes
from db.models.sync import Device, SetAside
from db.trouble import Trouble
from db.types import new_id
from tests.app.exchange.weeded import CONTENT, DUPLICATE, weed
from tests.app.review.centres import another_library, seen_by, told
from tests.app.weeding.minutes.on_the_way import sent
from tests.library import TODAY, a_title, act, add_copy, add_member, change

AUTUMN = quarter_of(1405, 3)


def filed(library: Library, reason: WeedingReason = CONTENT, title: str = "بوستان") -> uuid.UUID:
    """Closed minutes of two copies with both files."""
    copies = [add_copy(library, a_title(f"{title} {place}")) for place in range(2)]
    minutes = weed(library, copies, reason)
    with library.store.write() as tx:
        sheet = tx.insert(
            Document, kind=DocumentKind.WEEDING_CONTENT, number="1405/1", media_type=XLSX, file_name="m.xlsx",
            content=b"sheet", sha256=hashlib.sha256(b"sheet").hexdigest(), made_at=act(library).at,
        )  # fmt: skip
        tx.record("minutes.closed", act(library))
    change(library, Minutes, minutes, sheet_id=sheet)
    return minutes


def test_a_quarter_is_counted_by_library_reason_and_class(library: Library, centre: Centre, tmp_path: Path) -> None:
    other = another_library(tmp_path / "other", "کتابخانه ساوه", county="ساوه")
    with other.store:
        filed(library, CONTENT)
        filed(library, DUPLICATE, "گلستان")
        filed(other, CONTENT)
        for one in (library, other):
            told(centre, one)
        scope = [library.branch.id, other.branch.id]
        with centre.store.read(seen_by([library, other])) as reader:
            found = overview(reader, scope, AUTUMN)
            titles = weeded_titles(reader, scope, AUTUMN)
            before = overview(reader, scope, quarter_of(1405, 2))
    assert {reason: row.weeded for reason, row in found.by_reason().items() if row.weeded} == {CONTENT: 4, DUPLICATE: 2}
    assert {county: row.weeded for county, row in found.by_county().items()} == {"اراک": 4, "ساوه": 2}
    assert {main: sum(by.values()) for main, by in found.by_class.items()} == {"8": 6}
    assert [one.library for one in found.missing] == [library.branch.name, other.branch.name]
    assert [(one.county, one.reason) for one in titles] == (
        [("اراک", CONTENT)] * 2 + [("اراک", DUPLICATE)] * 2 + [("ساوه", CONTENT)] * 2
    )
    assert before.by_reason()[CONTENT].weeded == 0
    assert (found.days.county_on, found.days.answer_on) == (
        jalali.from_jalali(1405, 10, 15), jalali.from_jalali(1405, 11, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), 2), (Wanted(number="1405/2"), 1), (Wanted(number="۲"), 1), (Wanted(number="1404/"), 0),
        (Wanted(number="no number"), 0), (Wanted(since=TODAY), 2), (Wanted(since=TODAY + dt.timedelta(1)), 0),
        (Wanted(until=TODAY - dt.timedelta(1)), 0), (Wanted(reason=DUPLICATE), 1), (Wanted(book="بوستان"), 1),
        (Wanted(book="گلستان سعدي"), 1), (Wanted(book="۳"), 1), (Wanted(book="RAF-000001"), 1),
        (Wanted(book="100%"), 0), (Wanted(book="شاهنامه"), 0),
    ],
)  # fmt: skip
def test_final_editions_are_found(library: Library, centre: Centre, wanted: Wanted, found: int) -> None:
    filed(library, CONTENT)
    filed(library, DUPLICATE, "گلستان")
    told(centre, library)
    with centre.store.read(seen_by([library])) as reader:
        assert find_final(reader, [library.branch.id], wanted, 0, 10).total == found
        assert len(find_final(reader, [library.branch.id], wanted, 0, 10).editions) == found


def test_only_final_editions_of_libraries_in_scope_lie_in_the_archive(library: Library, centre: Centre) -> None:
    sent(library)
    filed(library)
    told(centre, library)
    with centre.store.read(seen_by([library])) as reader:
        assert find_final(reader, [library.branch.id], Wanted(), 0, 10).total == 1
        assert find_final(reader, [], Wanted(), 0, 10).total == 0
        assert find_final(reader, [library.branch.id], Wanted(branch_id=uuid.uuid4()), 0, 10).total == 0


def test_a_paper_is_proven_and_never_one_of_a_reader(library: Library, centre: Centre) -> None:
    minutes = filed(library)
    with library.store.write() as tx:
        certificate = tx.insert(
            Document, kind=DocumentKind.CLEARANCE, number="1", media_type="application/pdf", file_name="c.pdf",
            content=b"reader", sha256=hashlib.sha256(b"reader").hexdigest(), made_at=act(library).at,
        )  # fmt: skip
        tx.record("clearance.issued", act(library))
    told(centre, library)
    with centre.store.read() as reader:
        document, sheet = reader.connection.execute(
            sa.select(Minutes.document_id, Minutes.sheet_id).where(Minutes.id == minutes)
        ).one()
    assert document is not None
    assert sheet is not None
    with centre.store.read(seen_by([library])) as reader:
        assert paper(reader, certificate) is None
        found = paper(reader, sheet)
        assert found is not None
        assert (found.stored.content, found.media_type) == (b"sheet", XLSX)
    with centre.store.read(seen_by([])) as reader:
        assert paper(reader, document) is None
    with centre.store.write() as tx:
        tx.run("SET LOCAL session_replication_role = replica")
        tx.run(f"UPDATE document SET content = 'spoilt' WHERE id = '{sheet}'")
    with pytest.raises(Trouble, match="P-1105"), centre.store.read(seen_by([library])) as reader:
        paper(reader, sheet)


def test_the_health_of_a_library_counts_and_tells_no_case(library: Library, centre: Centre) -> None:
    add_member(library)
    told(centre, library, heard_at=centre.now() - dt.timedelta(days=4))
    with centre.write() as tx:
        tx.insert(
            SyncCase, branch_id=library.branch.id, kind=CaseKind.MEMBER_TWICE, rows=[], stories={"who": "مریم"},
            choices=[], opened_at=centre.now(),
        )  # fmt: skip
        tx.connection.execute(
            sa.insert(SetAside).values(
                id=new_id(), branch_id=library.branch.id, source="push", raw=b"x", reason="test", at=centre.now()
            )
        )
        facts = {"waiting": 14, "skew_ms": 1_200_000, "facts": {}}
        tx.connection.execute(sa.update(Device).where(Device.branch_id == library.branch.id).values(facts))
        tx.record("case.opened", centre.act(uuid.uuid4(), act(library).role))
    with centre.store.read(seen_by([library])) as reader:
        (found,) = health(reader, [library.branch.id])
    assert (found.waiting, found.set_aside, dict(found.cases)) == (14, 1, {CaseKind.MEMBER_TWICE: 1})
    assert found.devices[0].clock_off
    now = centre.now()
    assert (found.quiet_days(now), found.tone(now)) == (4, "warn")
    assert found.tone(now + dt.timedelta(10)) == "refuse"


def test_the_expert_sees_what_is_underway_and_what_is_late(library: Library, centre: Centre) -> None:
    copies = sent(library)
    with library.store.write() as tx:
        request = tx.insert(
            BindingRequest, state=BindingState.REQUESTED, year=1405, number=3, opened_at=act(library).at,
            requested_on=TODAY - dt.timedelta(40), due_on=TODAY - dt.timedelta(10),
        )  # fmt: skip
        tx.insert(BindingRow, request_id=request, position=1, item_id=copies[0].id)
        tx.record("binding.requested", act(library))
    told(centre, library)
    later = TODAY + dt.timedelta(8)
    with centre.store.read(seen_by([library])) as reader:
        lines = binding_lines(reader, [library.branch.id])
        (work,) = branch_work(
            reader, [library.branch.id], waiting(reader, [library.branch.id], later), lines, later
        )  # fmt: skip
    assert [(line.number, line.days_left(TODAY), line.copies) for line in lines] == [("1405/3", -10, 1)]
    assert (work.late, work.overdue, work.underway) == (1, 1, 1)
    assert work.minutes[MinutesState.AT_COUNTY] == 1
    assert work.last_binding_on == TODAY - dt.timedelta(40)
