import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.library import Library
from app.papers import Printed, frozen_paper
from app.refusal import Answer
from app.weeding.facts import Proposal
from app.weeding.minutes.paper import MinutesPaper
from app.weeding.queries import (
    ArchivedMinutes,
    LoansInYear,
    archive,
    copy_facts,
    loans_by_year,
    newer_edition,
    proposal_of,
)
from app.weeding.service import Finalised, Listed, finalise, propose, strike
from db.codes import Condition, MinutesState, WeedingReason
from db.models.collection import Document
from db.models.items import Item
from db.trouble import Trouble
from tests import library as lib

SURE = Answer(confirm=frozenset({"weeding.not_worn"}))
WORN = WeedingReason.WORN


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = lib.found(tmp_path)
    with made.store:
        yield made


def printer(paper: MinutesPaper) -> Printed:
    """As good as paper for those who only read it back."""
    text = f"{paper.number} {[row.barcode for row in paper.rows]}".encode()
    return Printed(b"%PDF " + text, b"PK " + text, 1)


def put(library: Library, copy: lib.ACopy, reason: WeedingReason = WORN) -> Listed:
    outcome = propose(library, copy.barcode, Proposal(reason), lib.act(library), SURE)
    assert isinstance(outcome, Listed), outcome
    return outcome


def freeze(library: Library, reason: WeedingReason = WORN) -> Finalised:
    outcome = finalise(library, reason, printer, lib.act(library))
    assert isinstance(outcome, Finalised), outcome
    return outcome


def test_an_empty_library_has_an_empty_archive(library: Library) -> None:
    with library.store.read() as reader:
        assert archive(reader) == []


def test_the_archive_begins_with_the_newest(library: Library) -> None:
    copies = [lib.add_pair(library) for _ in range(4)]
    for copy in copies[:3]:
        put(library, copy)
    strike(library, copies[0].barcode, WORN, "به قفسه", lib.act(library))
    first = freeze(library)
    put(library, copies[3], WeedingReason.CONTENT)
    second = freeze(library, WeedingReason.CONTENT)
    with library.store.read() as reader:
        found = archive(reader)
    assert found == [
        ArchivedMinutes(second.minutes_id, WeedingReason.CONTENT, MinutesState.FINALISED, 1405, 2, 1, lib.TODAY, 1,
                        second.document_id, second.sheet_id),
        ArchivedMinutes(first.minutes_id, WORN, MinutesState.FINALISED, 1405, 1, 1, lib.TODAY, 2,
                        first.document_id, first.sheet_id),
    ]  # fmt: skip


def test_a_frozen_paper_is_proven_by_its_hash(library: Library) -> None:
    put(library, lib.add_pair(library))
    frozen = freeze(library)
    with library.store.read() as reader:
        paper = frozen_paper(reader, frozen.document_id)
    assert paper.content.startswith(b"%PDF 1405/1")
    assert paper.file_name == "weeding_worn-1405-1.pdf"


def test_bytes_that_are_not_what_was_frozen_are_trouble(library: Library) -> None:
    put(library, lib.add_pair(library))
    frozen = freeze(library)
    with library.store.write() as tx:
        triggers = tx.run("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'document'").fetchall()
        for (name,) in triggers:
            tx.run(f'DROP TRIGGER "{name}"')
        tx.connection.execute(sa.update(Document).values(content=b"%PDF forged"))
    with library.store.read() as reader, pytest.raises(Trouble) as trouble:
        frozen_paper(reader, frozen.document_id)
    assert trouble.value.code == "P-1105"


def test_loans_are_counted_by_jalali_year_with_the_empty_ones(library: Library) -> None:
    member, copy = lib.add_member(library), lib.add_copy(library)
    lib.past_loans(library, member, copy, 30)  # every twenty days back from Aban 1405
    lib.past_loans(library, member, lib.add_copy(library), 2)
    with library.store.read() as reader:
        counted = loans_by_year(reader, copy.id, lib.TODAY, 4)
    days = [lib.TODAY - dt.timedelta(days=20 * place + 20) for place in range(30)]
    new_year = {1405: dt.date(2026, 3, 21), 1404: dt.date(2025, 3, 21)}
    this, last = (sum(day >= new_year[year] for day in days) for year in (1405, 1404))
    assert counted == (
        LoansInYear(1402, 0), LoansInYear(1403, 0), LoansInYear(1404, last - this), LoansInYear(1405, this),
    )  # fmt: skip
    assert sum(year.loans for year in counted) == 30


def test_what_was_stated_with_a_copy_is_read_back(library: Library) -> None:
    copy = lib.add_copy(library, flags=("cultural_package",))
    stated = Proposal(WORN, "4-2-ب", unbindable=True, permit_no="۱۲/الف", permit_on=lib.TODAY, remark="پاره")
    outcome = propose(library, copy.barcode, stated, lib.act(library))
    assert isinstance(outcome, Listed)
    with library.store.read() as reader:
        assert proposal_of(reader, outcome.row_id) == stated
        facts = copy_facts(reader, copy.id)
    assert facts is not None
    assert (facts.accession_no, facts.on_minutes_id) == (copy.accession_no, outcome.minutes_id)


def test_a_later_edition_in_the_house_is_found(library: Library) -> None:
    old = lib.add_copy(library, lib.a_title("بوستان", year=1370))
    lib.add_copy(library, lib.a_title("بوستان", year=1380))
    new = lib.add_copy(library, lib.a_title("بوستان", year=1398))
    lib.add_copy(library, lib.a_title("بوستان", year=2001))  # another calendar: nobody knows which is later
    lib.add_copy(library, lib.a_title("گلستان", year=1402))
    with library.store.read() as reader:
        newer = newer_edition(reader, old.title_id)
        assert newer_edition(reader, new.title_id) is None
    assert newer is not None
    assert (newer.year, newer.accession_no, newer.title) == (1398, new.accession_no, "بوستان")


def test_an_edition_that_is_lost_replaces_nothing(library: Library) -> None:
    old = lib.add_copy(library, lib.a_title("بوستان", year=1370))
    new = lib.add_copy(library, lib.a_title("بوستان", year=1398))
    lib.change(library, Item, new.id, status="lost", condition=Condition.GOOD)
    with library.store.read() as reader:
        assert newer_edition(reader, old.title_id) is None
