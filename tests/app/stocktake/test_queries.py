"""The timetable of shelf-reading, the list of sessions, and how far one has come."""

import datetime as dt
from typing import Any

from app.library import Library
from app.outcome import Refused
from app.stocktake.closing import Closed, close
from app.stocktake.queries import LastReading, last_reading, lines_of, scan_lines, sessions
from app.stocktake.sessions import abandon
from app.stocktake.tally import ClassProgress, Progress, Tally
from app.undo import undo_last
from db.codes import StocktakeFinding as Finding
from db.codes import StocktakeState
from db.models.collection import StocktakeScan
from tests import library as lib
from tests.app.stocktake.shelves import begun, book, codes, plain_printer, read, read_all, shelf


def standing(library: Library) -> LastReading:
    with library.store.read() as reader:
        return last_reading(reader)


def closed(library: Library, first: str = "", last: str = "", **fields: str) -> None:
    outcome = close(library, begun(library, first, last, **fields), plain_printer, lib.act(library))
    assert isinstance(outcome, Closed)


def test_nothing_was_read_yet_and_nothing_is_due(library: Library) -> None:
    last = standing(library)
    assert (last.closed_on, last.open_sessions, last.due(lib.TODAY)) == (None, (), ())
    assert [one.main_class for one in last.classes] == list(range(10))


def test_each_class_tells_when_it_was_read_last_and_whether_wholly(library: Library) -> None:
    for class_no in (100, 210, 350, 360):
        book(library, class_no)
    closed(library, "100", "299")
    later = lib.pass_days(library, 10)
    closed(library, "350", "359", name="بخشی از علوم اجتماعی")
    last = standing(library)
    told = {one.main_class: (one.read_on, one.whole) for one in last.classes if one.read_on}
    assert told == {1: (lib.TODAY, True), 2: (lib.TODAY, True), 3: (later, False)}
    assert (last.closed_on, last.name) == (later, "بخشی از علوم اجتماعی")


def test_a_class_is_due_again_when_the_timetable_says_so(library: Library) -> None:
    shelf(library, 1)
    closed(library)
    [one] = [one for one in standing(library).classes if one.main_class == 1]
    assert one.due_on == dt.date(2027, 11, 21)  # یک سال پس از ۳۰ آبان ۱۴۰۵
    assert one not in standing(library).due(dt.date(2027, 11, 20))
    assert one in standing(library).due(dt.date(2027, 11, 21))


def test_a_class_nobody_ever_read_is_due_once_others_were(library: Library) -> None:
    shelf(library, 1)
    closed(library, "100", "199")
    assert {one.main_class for one in standing(library).due(lib.TODAY)} == set(range(10)) - {1}


def test_a_session_of_another_section_reads_no_class_of_the_general_stacks(library: Library) -> None:
    book(library, 100, section="reference")
    closed(library, section="reference")
    assert [one.read_on for one in standing(library).classes] == [None] * 10


def test_open_sessions_come_first_and_given_up_ones_stay_in_the_list(library: Library) -> None:
    shelf(library, 2)
    book(library, 300)
    abandon(library, begun(library, "300", "399", name="رها"), lib.act(library))
    open_one = begun(library, "100", "199", name="باز")
    lib.pass_days(library, 1)
    closed(library, "300", "399", name="بسته")
    read(library, open_one, "B-100")
    with library.store.read() as reader:
        told = [(line.session.name, line.session.state, line.expected, line.seen) for line in sessions(reader)]
    assert told == [
        ("باز", StocktakeState.OPEN, 2, 1),
        ("بسته", StocktakeState.CLOSED, 1, 0),
        ("رها", StocktakeState.ABANDONED, 1, 0),
    ]


def test_a_tally_kept_up_scan_by_scan_equals_one_read_anew(library: Library) -> None:
    shelf(library, 9)
    book(library, 300)
    lib.lend(library, lib.add_member(library), book(library, 109.5, barcode="L-1"))
    session = begun(library)
    with library.store.read() as reader:
        tally = Tally(reader, session)
    for place, code in enumerate([*codes(100, 107, 101, 102), "X-1", "L-1", *codes(100, 300, 103)]):
        tally.note(read(library, session, code, scanner=1 + place % 2))
    assert tally.progress() == anew(library, session)
    assert tally.progress().classes == (ClassProgress(1, 9, 5), ClassProgress(3, 1, 1))
    assert tally.progress().missing == 4


def anew(library: Library, session: Any) -> Progress:
    with library.store.read() as reader:
        told = Tally(reader, session).progress()
    return Progress(
        told.expected,
        told.seen,
        {finding: count for finding, count in told.findings.items() if count},
        told.classes,
        told.scanners,
    )


def test_the_newest_scans_are_listed_first_with_where_they_belong(library: Library) -> None:
    shelf(library, 5)
    session = begun(library)
    read_all(library, session, [*codes(103, 104, 101), "X-1"])
    with library.store.read() as reader:
        lines = scan_lines(reader, session)
        assert lines_of(reader, [line.scan.id for line in lines]) == lines
        assert scan_lines(reader, session, frozenset({Finding.MISPLACED})) == lines[1:2]
    assert [line.scan.finding for line in lines] == [
        Finding.UNKNOWN, Finding.MISPLACED, Finding.IN_PLACE, Finding.IN_PLACE,
    ]  # fmt: skip
    assert lines[0].copy is None
    assert lines[1].belongs is not None
    assert lines[2].belongs is None


def test_a_scan_takes_no_more_statements_however_much_was_read(library: Library) -> None:
    shelf(library, 60)
    session = begun(library)
    counted = []
    for code in codes(*range(100, 160)):
        statements: list[str] = []
        driver: Any = library.store._writer.connection.driver_connection
        driver.set_trace_callback(statements.append)
        read(library, session, code)
        driver.set_trace_callback(None)
        counted.append(len(statements))
    assert len(set(counted[1:])) == 1, counted
    assert counted[-1] < 25


def test_no_scan_of_a_session_that_is_over_is_taken_back(library: Library) -> None:
    shelf(library, 1)
    session = begun(library)
    read(library, session, "B-100")
    close(library, session, plain_printer, lib.act(library, desk=2))
    outcome = undo_last(library, lib.act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["undo.changed_since"]
    assert len(lib.rows(library, StocktakeScan)) == 1
