"""After the ruling: final edition, statuses, copies back to the shelf, and those that were away (002 م7-11 … م8-2)."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.check import check_library
from app.circulation.outcomes import ReturnNote
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.papers import Printed
from app.refusal import Answer
from app.weeding.minutes.closing import close_minutes, execute_waiting
from app.weeding.minutes.outcomes import Closed, CopyRuling, Executed, Stepped, Unchanged
from app.weeding.minutes.paper import MinutesPaper
from app.weeding.minutes.review import ask_correction, send, withdraw
from app.weeding.minutes.tracking import refused_rows, tracked
from db.codes import HoldState, ItemStatus, MinutesState, MinutesStepKind, Role
from db.models.circulation import Hold
from db.models.collection import Minutes, MinutesRow, MinutesStep
from db.models.items import Item, ItemStatusChange
from db.models.library import Office
from db.models.sync import JournalEntry
from tests.app.weeding.minutes.on_the_way import (
    APPROVE,
    COUNTY,
    PROVINCE,
    REDIRECT,
    REJECT,
    closed,
    letter,
    reissued,
    ruled,
    sent,
)
from tests.app.weeding.minutes.test_review import many
from tests.app.weeding.printing import PowerCutError, dying_printer, plain_printer
from tests.library import (
    TODAY,
    ACopy,
    act,
    add_copy,
    add_member,
    change,
    found,
    lend,
    pass_days,
    place_hold,
    row,
    rows,
    take_back,
)

LENT_SINCE = Answer(confirm=frozenset({"ruling.lent_since"}))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path, space_shortage=True)
    with library.store:
        yield library


def status(library: Library, copy: ACopy) -> ItemStatus:
    found_status: ItemStatus = row(library, Item, copy.id).status
    return found_status


def answered(library: Library, *refused: ACopy, redirected: ACopy | None = None, lent: bool = False) -> None:
    """Both levels approve, but for these copies."""
    answer = LENT_SINCE if lent else Answer()
    ruled(library, COUNTY, answer=answer)
    copies = [CopyRuling(copy.barcode, REJECT, "خواننده دارد") for copy in refused]
    copies += [CopyRuling(redirected.barcode, REDIRECT)] if redirected else []
    ruled(library, PROVINCE, copies=copies, answer=answer)


def lend_anyway(library: Library, copy: ACopy) -> None:
    """A loan that the minutes should have prevented: sync or an older program."""
    minutes = row(library, Item, copy.id).on_minutes_id
    change(library, Item, copy.id, on_minutes_id=None)
    lend(library, add_member(library), copy)
    change(library, Item, copy.id, on_minutes_id=minutes)


def test_approved_copies_are_weeded_and_refused_ones_go_back_to_the_shelf(library: Library) -> None:
    """002 م7-11، م8-1."""
    first, second, third = sent(library)
    answered(library, second, redirected=third)
    assert {status(library, copy) for copy in (first, second, third)} == {ItemStatus.AVAILABLE}
    pass_days(library, 1)
    outcome = closed(library)
    assert (outcome.executed, outcome.waiting, outcome.released) == (2, 0, 1)
    assert (outcome.step.became, outcome.edition.revision, outcome.edition.rows, outcome.edition.struck) == (
        MinutesState.CLOSED, 2, 2, 1,
    )  # fmt: skip
    assert [status(library, copy) for copy in (first, second, third)] == [
        ItemStatus.WEEDED_WORN, ItemStatus.AVAILABLE, ItemStatus.WEEDED_WORN,
    ]  # fmt: skip
    assert {row(library, Item, copy.id).on_minutes_id for copy in (first, second, third)} == {None}
    final = {one.item_id: one for one in rows(library, MinutesRow, minutes_id=outcome.edition.minutes_id)}
    assert [final[copy.id].executed_on for copy in (first, second, third)] == [act(library).day, None, act(library).day]
    assert final[second.id].struck_why == "رد: ادارهٔ کل استان (خواننده دارد)"
    told = {one.item_id: one for one in rows(library, ItemStatusChange)}
    assert set(told) == {first.id, third.id}
    one = told[first.id]
    assert (one.was, one.became, one.why, one.cause_id) == (
        ItemStatus.AVAILABLE, ItemStatus.WEEDED_WORN, "weeding", final[first.id].id,
    )  # fmt: skip
    assert check_library(library).broken == ()


def test_the_final_paper_tells_the_verdicts_and_who_signs(library: Library) -> None:
    """002 م7-12."""
    papers: list[MinutesPaper] = []

    def keeping(paper: MinutesPaper) -> Printed:
        papers.append(paper)
        return plain_printer(paper)

    with library.store.write() as tx:
        tx.insert(Office, position="county_head", name="علی محمدی", since=act(library).day)
        tx.record("office.set", act(library))
    first, second, third = sent(library)
    answered(library, second, redirected=third)
    close_minutes(library, "1405/1", keeping, act(library))
    (paper,) = papers
    assert dict(paper.verdicts) == {first.id: APPROVE, second.id: REJECT, third.id: REDIRECT}
    assert [listed.struck_at is not None for listed in paper.rows] == [False, True, False]
    assert (paper.number, paper.revision, paper.draft) == ("1405/1", 2, False)
    assert (paper.officers, paper.guideline) == ({"county_head": "علی محمدی"}, "ویراست ۱، پیش‌نویس")


def test_what_was_struck_in_a_correction_is_neither_weeded_nor_released_again(library: Library) -> None:
    first, second, third = sent(library)
    ask_correction(library, "1405/1", COUNTY, "نه", act(library))
    reissued(library, first)
    lend(library, add_member(library), first)
    answered(library)
    outcome = closed(library)
    assert (outcome.executed, outcome.released, outcome.edition.struck) == (2, 0, 1)
    assert status(library, first) is ItemStatus.ON_LOAN
    assert {status(library, copy) for copy in (second, third)} == {ItemStatus.WEEDED_WORN}
    assert check_library(library).broken == ()


def test_minutes_that_nobody_approved_close_without_a_weeded_copy(library: Library) -> None:
    copies = sent(library)
    ruled(library, COUNTY, REJECT)
    outcome = closed(library)
    assert (outcome.executed, outcome.released, outcome.edition.rows) == (0, 3, 0)
    assert {status(library, copy) for copy in copies} == {ItemStatus.AVAILABLE}
    with library.store.read() as reader:
        assert [one.ruling.level for one in refused_rows(reader, outcome.edition.minutes_id)] == [COUNTY] * 3
        (one,) = tracked(reader)
    assert (one.list_unsent, one.due_on) == (False, None)  # there is no list to be sent


def test_refused_titles_are_told_with_letter_and_remark(library: Library) -> None:
    """002 م7-10."""
    _, second, _ = sent(library)
    answered(library, second)
    minutes = rows(library, Minutes)[0].id
    with library.store.read() as reader:
        (refused,) = refused_rows(reader, minutes)
    assert (refused.row.accession_no, refused.ruling.remark, refused.ruling.letter_no) == (
        second.accession_no, "خواننده دارد", "province-1",
    )  # fmt: skip


def test_a_copy_that_is_lent_waits_and_is_weeded_when_it_is_back(library: Library) -> None:
    """002 م7-4: it is set aside at its return."""
    copies = sent(library)
    lend_anyway(library, copies[0])
    answered(library, lent=True)
    outcome = closed(library)
    assert (outcome.executed, outcome.waiting) == (2, 1)
    assert status(library, copies[0]) is ItemStatus.ON_LOAN
    assert row(library, Item, copies[0].id).on_minutes_id == outcome.edition.minutes_id
    assert execute_waiting(library, act(library)) == Executed((), 1)
    entries = len(rows(library, JournalEntry))
    with library.store.read() as reader:
        assert [one.waiting for one in tracked(reader)] == [1]

    pass_days(library, 2)
    back = take_back(library, copies[0])
    assert ReturnNote.WEED_ON_RETURN in back.notes
    assert ReturnNote.ON_WEEDING_MINUTES not in back.notes
    assert status(library, copies[0]) is ItemStatus.AVAILABLE
    done = execute_waiting(library, act(library))
    assert done == Executed((copies[0].accession_no,), 0)
    assert status(library, copies[0]) is ItemStatus.WEEDED_WORN
    assert [entry.kind for entry in rows(library, JournalEntry)][entries:] == ["loan.returned", "minutes.executed"]
    executed = next(one for one in rows(library, MinutesRow, item_id=copies[0].id) if one.executed_on)
    assert executed.executed_on == act(library).day
    assert check_library(library).broken == ()


@pytest.mark.parametrize(
    "away", [ItemStatus.IN_BINDING, ItemStatus.MISSING, ItemStatus.LOST, ItemStatus.UNKNOWN, ItemStatus.IN_TRANSIT]
)
def test_a_copy_that_is_not_at_hand_waits(library: Library, away: ItemStatus) -> None:
    copies = sent(library)
    answered(library)
    change(library, Item, copies[0].id, status=away)
    outcome = closed(library)
    assert (outcome.executed, outcome.waiting, status(library, copies[0])) == (2, 1, away)


def test_a_copy_on_minutes_that_are_not_answered_is_only_kept_back_at_its_return(library: Library) -> None:
    copies = sent(library)
    lend_anyway(library, copies[0])
    assert ReturnNote.ON_WEEDING_MINUTES in take_back(library, copies[0]).notes


def test_a_refused_copy_is_put_back_at_its_return_although_the_minutes_are_not_closed(library: Library) -> None:
    copies = sent(library)
    lend_anyway(library, copies[0])
    answered(library, copies[0], lent=True)
    assert ReturnNote.WEED_ON_RETURN not in take_back(library, copies[0]).notes


def test_holds_on_what_is_gone_end_and_others_wait_on(library: Library) -> None:
    only, several, one_of_two = sent(library)
    left = add_copy(library, several.title_id)
    add_copy(library, one_of_two.title_id)
    reader = add_member(library)
    of_title = place_hold(library, reader, only)
    of_other = place_hold(library, reader, several, state=HoldState.WAITING, item_id=several.id)
    of_copy = place_hold(library, reader, one_of_two, item_id=one_of_two.id, only_this_item=True)
    answered(library)
    outcome = closed(library)
    assert {ended.hold_id for ended in outcome.holds_ended} == {of_title, of_copy}
    assert {ended.member for ended in outcome.holds_ended} == {"مریم رضایی"}
    ended = row(library, Hold, of_title)
    assert (ended.state, ended.end_reason, ended.ended_at) == (HoldState.CANCELLED, "weeded", act(library).at)
    waits_on = row(library, Hold, of_other)
    assert (waits_on.state, waits_on.item_id) == (HoldState.QUEUED, None)
    assert status(library, left) is ItemStatus.AVAILABLE


def test_accession_numbers_of_weeded_copies_are_never_given_again(library: Library) -> None:
    """002 م8-2."""
    copies = sent(library)
    answered(library)
    closed(library)
    numbers = [copy.accession_no for copy in copies]
    assert add_copy(library).accession_no == max(numbers) + 1
    assert sorted(item.accession_no for item in rows(library, Item)) == [*numbers, max(numbers) + 1]


def test_closing_again_changes_nothing(library: Library) -> None:
    sent(library)
    answered(library)
    closed(library)
    for _ in range(2):
        entries = len(rows(library, JournalEntry))
        assert isinstance(close_minutes(library, "1405/1", dying_printer, act(library)), Unchanged)
        assert len(rows(library, JournalEntry)) == entries
        send(library, "1405/1", act(library), letter(library, "۱۲/۹۰"))


def test_the_final_list_goes_out_by_a_letter_of_its_own(library: Library) -> None:
    """002 م7-12، م8-1: its number and day are those of the final edition."""
    copies = sent(library)
    answered(library, copies[0])
    pass_days(library, 1)
    closed(library)
    with library.store.read() as reader:
        (one,) = tracked(reader)
    assert (one.list_unsent, one.sent_on, one.letter_no) == (True, None, None)
    assert one.due_on == TODAY + dt.timedelta(7)  # from the ruling, not from the closing
    assert one.next_steps == ((MinutesStepKind.SEND, None),)
    before = rows(library, Item), rows(library, MinutesRow)
    day = pass_days(library, 2)
    for outcome in (Stepped, Unchanged):
        told = send(library, "1405/1", act(library), letter(library, "۱۲/۹۰"))
        assert isinstance(told, outcome), told
    assert (told.state, told.revision) == (MinutesState.CLOSED, 2)  # type: ignore[union-attr]
    with library.store.read() as reader:
        (one,) = tracked(reader)
    assert (one.list_unsent, one.sent_on, one.letter_no, one.letter_on, one.due_on) == (False, day, "۱۲/۹۰", day, None)
    assert one.next_steps == ()
    assert (rows(library, Item), rows(library, MinutesRow)) == before
    first = min(rows(library, Minutes), key=lambda minutes: minutes.revision)
    assert (first.letter_no, first.sent_on) == ("۱۲/۱", TODAY)
    assert check_library(library).broken == ()


@pytest.mark.parametrize("days", [-1, 1])
def test_the_letter_of_the_final_list_is_not_older_than_the_list_nor_of_tomorrow(library: Library, days: int) -> None:
    sent(library)
    answered(library)
    day = pass_days(library, 2) + dt.timedelta(days)
    closed(library)
    told = send(library, "1405/1", act(library), letter(library, "۱۲/۹۰", day))
    assert isinstance(told, Refused)
    assert [refusal.code for refusal in told.refusals] == ["minutes.letter_day"]


def test_who_may_close_and_when(library: Library) -> None:
    sent(library)
    answered(library)
    for somebody, code in (
        (act(library, Role.LIBRARIAN), "role.not_allowed"),
        (act(library, doubtful=True), "clock.doubtful"),
    ):
        for outcome in (close_minutes(library, "1405/1", plain_printer, somebody), execute_waiting(library, somebody)):
            assert isinstance(outcome, Refused)
            assert [refusal.code for refusal in outcome.refusals] == [code]
    assert close_minutes(library, "1405/7", plain_printer, act(library)) == NotFound(Sought.MINUTES, "1405/7")


def test_ruled_minutes_are_not_taken_back(library: Library) -> None:
    sent(library)
    answered(library)
    outcome = withdraw(library, "1405/1", "نه", act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["minutes.step_not_allowed"]


def test_a_copy_without_a_verdict_keeps_minutes_open(library: Library) -> None:
    """Rulings that sync brought in part."""
    sent(library)
    change(library, Minutes, rows(library, Minutes)[0].id, state=MinutesState.RULED)
    outcome = close_minutes(library, "1405/1", plain_printer, act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["ruling.verdict_missing"]


def test_a_power_cut_at_the_final_paper_leaves_everything_as_it_was(library: Library) -> None:
    copies = sent(library)
    answered(library)
    before = (
        rows(library, Minutes),
        rows(library, MinutesRow),
        rows(library, MinutesStep),
        len(rows(library, JournalEntry)),
    )
    with pytest.raises(PowerCutError):
        close_minutes(library, "1405/1", dying_printer, act(library))
    after = (
        rows(library, Minutes),
        rows(library, MinutesRow),
        rows(library, MinutesStep),
        len(rows(library, JournalEntry)),
    )
    assert after == before
    assert {status(library, copy) for copy in copies} == {ItemStatus.AVAILABLE}


def test_five_hundred_rows_are_closed_in_one_piece(library: Library) -> None:
    """One transaction of several journal entries: whole or absent."""
    copies = many(library, 500)
    send(library, "1405/1", act(library))
    answered(library, copies[7])
    with pytest.raises(PowerCutError):
        close_minutes(library, "1405/1", dying_printer, act(library))
    outcome = closed(library)
    assert isinstance(outcome, Closed)
    assert (outcome.executed, outcome.released) == (499, 1)
    assert len(rows(library, Item, status=ItemStatus.WEEDED_WORN)) == 499
    kinds = [entry.kind for entry in rows(library, JournalEntry)]
    assert kinds.count("minutes.closed") > 2
    assert rows(library, MinutesStep)[-1].kind is MinutesStepKind.CLOSE
    assert check_library(library).broken == ()
