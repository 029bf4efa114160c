"""Minutes sent, answered, corrected and taken back, against a real store (002 م7-3 … م7-11)."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.check import check_library
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.papers import XLSX, Printed, document
from app.refusal import NO_ANSWER, Answer, Weight
from app.undo import undo_last
from app.weeding.minutes.attaching import Attached, attach
from app.weeding.minutes.outcomes import CopyRuling, Letter, Reissued, Ruled, Rulings, Scan, Stepped, Strike, Unchanged
from app.weeding.minutes.paper import MinutesPaper
from app.weeding.minutes.review import ask_correction, enter_rulings, reissue, send, withdraw
from app.weeding.minutes.tracking import minutes_detail, tracked
from app.wording import message
from db.codes import Condition, DocumentKind, ItemStatus, MinutesState, MinutesStepKind, Role, RulingLevel, Verdict
from db.models.catalogue import Title
from db.models.collection import Document, Minutes, MinutesRow, MinutesStep, RulingRow
from db.models.items import Item
from db.models.sync import JournalEntry
from tests.app.weeding.minutes.on_the_way import (
    APPROVE,
    CORRECT,
    COUNTY,
    HEAD_OFFICE,
    PROVINCE,
    REDIRECT,
    REJECT,
    closed,
    finalised,
    letter,
    reissued,
    ruled,
    sent,
)
from tests.app.weeding.printing import plain_printer
from tests.library import TODAY, ACopy, act, add_copy, change, found, pass_days, row, rows

LENT_SINCE = Answer(confirm=frozenset({"ruling.lent_since"}))
SCAN = Scan("نامه.pdf", b"%PDF-1.7 a letter")
S = MinutesState


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path, space_shortage=True)
    with library.store:
        yield library


def refused(outcome: object) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    assert all(message(refusal).count("{") == 0 for refusal in outcome.refusals)
    return [refusal.code for refusal in outcome.refusals]


def newest(library: Library) -> Any:
    return max(rows(library, Minutes), key=lambda minutes: minutes.revision)


def entries(library: Library) -> int:
    return len(rows(library, JournalEntry))


def answer(
    library: Library, level: RulingLevel = COUNTY, default: Verdict | None = APPROVE,
    copies: Sequence[CopyRuling] = (), said: Answer = NO_ANSWER, **fields: object,
) -> Ruled | Unchanged | Refused | NotFound:  # fmt: skip
    values = {"number": "1405/1", "letter": letter(library), "level": level, "default": default} | fields
    return enter_rulings(library, Rulings(copies=tuple(copies), **values), act(library), said)  # type: ignore[arg-type]


# Sending


def test_the_week_of_the_county_runs_from_the_day_of_the_letter(library: Library) -> None:
    """002 م7-5."""
    finalised(library)
    pass_days(library, 3)
    day = TODAY + dt.timedelta(2)
    outcome = send(library, "۱۴۰۵/۱", act(library), Letter(" ۱۲/۸۸ ", day), "با پیک")
    assert isinstance(outcome, Stepped)
    assert (outcome.became, outcome.due_on) == (S.AT_COUNTY, day + dt.timedelta(7))
    minutes = newest(library)
    assert (minutes.sent_on, minutes.letter_no, minutes.letter_on, minutes.answer_due_on) == (
        day, "۱۲/۸۸", day, day + dt.timedelta(7),
    )  # fmt: skip
    step = rows(library, MinutesStep)[-1]
    assert (step.kind, step.day, step.letter_no, step.remark) == (MinutesStepKind.SEND, day, "۱۲/۸۸", "با پیک")
    assert (step.staff_id, step.at) == (act(library).staff_id, act(library).at)
    assert rows(library, JournalEntry)[-1].kind == "minutes.sent"


def test_sending_again_with_the_same_letter_changes_nothing(library: Library) -> None:
    sent(library)
    before = entries(library)
    again = send(library, "1405/1", act(library), Letter("۱۲/۱", TODAY))
    assert isinstance(again, Unchanged)
    assert entries(library) == before
    assert refused(send(library, "1405/1", act(library), Letter("۱۲/۲", TODAY))) == ["minutes.step_not_allowed"]


@pytest.mark.parametrize("days", [-1, 1])
def test_a_letter_is_not_older_than_the_minutes_nor_of_tomorrow(library: Library, days: int) -> None:
    finalised(library)
    day = TODAY + dt.timedelta(days)
    assert refused(send(library, "1405/1", act(library), Letter("۱", day))) == ["minutes.letter_day"]


@pytest.mark.parametrize("number", ["1405/2", "", "1405", "1404/1", "../1"])
def test_minutes_that_are_not_there_are_not_found(library: Library, number: str) -> None:
    finalised(library)
    assert send(library, number, act(library)) == NotFound(Sought.MINUTES, number)


def test_official_days_are_not_taken_from_a_clock_that_cannot_be_believed(library: Library) -> None:
    copies = finalised(library)
    doubtful = act(library, doubtful=True)
    assert refused(send(library, "1405/1", doubtful)) == ["clock.doubtful"]
    send(library, "1405/1", act(library))
    rulings = Rulings("1405/1", COUNTY, letter(library), APPROVE)
    assert refused(enter_rulings(library, rulings, doubtful)) == ["clock.doubtful"]
    ask_correction(library, "1405/1", COUNTY, "سال", act(library))
    strike = [Strike(copies[0].barcode, "نه")]
    assert refused(reissue(library, "1405/1", strike, plain_printer, doubtful)) == ["clock.doubtful"]
    assert refused(withdraw(library, "1405/1", "نه", doubtful)) == ["clock.doubtful"]


@pytest.mark.parametrize("role", [Role.LIBRARIAN, Role.ASSISTANT, Role.CATALOGUER])
def test_the_way_of_minutes_is_the_heads(library: Library, role: Role) -> None:
    finalised(library)
    somebody = act(library, role)
    assert refused(send(library, "1405/1", somebody)) == ["role.not_allowed"]
    send(library, "1405/1", act(library))
    rulings = Rulings("1405/1", COUNTY, letter(library), APPROVE)
    assert refused(enter_rulings(library, rulings, somebody)) == ["role.not_allowed"]
    assert refused(ask_correction(library, "1405/1", COUNTY, "سال", somebody)) == ["role.not_allowed"]
    assert refused(withdraw(library, "1405/1", "نه", somebody)) == ["role.not_allowed"]
    assert refused(attach(library, "1405/1", SCAN, somebody)) == ["role.not_allowed"]


# Answers


def test_the_county_forwards_with_its_verdicts_and_the_province_has_ten_days(library: Library) -> None:
    """002 م7-5، م7-8."""
    first, second, third = sent(library)
    pass_days(library, 3)
    outcome = ruled(library, COUNTY, copies=[CopyRuling(str(second.accession_no), REJECT, "هنوز خواننده دارد")])
    assert (outcome.approved, outcome.rejected, outcome.redirected, outcome.to_correct) == (2, 1, 0, 0)
    assert (outcome.step.was, outcome.step.became) == (S.AT_COUNTY, S.AT_PROVINCE)
    assert outcome.step.due_on == TODAY + dt.timedelta(3 + 10)
    stored = {ruling.minutes_row_id: ruling for ruling in rows(library, RulingRow)}
    refused_row = stored[next(one.id for one in rows(library, MinutesRow) if one.item_id == second.id)]
    assert (refused_row.verdict, refused_row.remark, refused_row.level) == (REJECT, "هنوز خواننده دارد", COUNTY)
    assert (refused_row.from_paper, refused_row.ruled_by, refused_row.minutes_revision) == (True, "علی محمدی", 1)
    assert {row(library, Item, copy.id).status for copy in (first, second, third)} == {ItemStatus.AVAILABLE}
    assert rows(library, MinutesStep)[-1].by == "علی محمدی"


def test_a_copy_the_county_refused_is_not_asked_of_the_province(library: Library) -> None:
    """002 م7-11."""
    first, second, _ = sent(library)
    ruled(library, COUNTY, copies=[CopyRuling(second.barcode, REJECT)])
    told = answer(library, PROVINCE, copies=[CopyRuling(second.barcode, APPROVE)])
    assert refused(told) == ["ruling.refused_below"]
    outcome = ruled(library, PROVINCE, copies=[CopyRuling(first.barcode, REDIRECT)])
    assert (outcome.approved, outcome.redirected, outcome.rejected) == (1, 1, 0)
    by_province = [ruling for ruling in rows(library, RulingRow) if ruling.level is PROVINCE]
    assert len(by_province) == 2
    assert newest(library).answer_due_on == TODAY + dt.timedelta(7)  # م7-9: the final list


def test_every_copy_gets_a_verdict(library: Library) -> None:
    """002 م7-6."""
    first, second, third = sent(library)
    told = answer(library, default=None, copies=[CopyRuling(first.barcode, APPROVE)])
    assert refused(told) == ["ruling.verdict_missing"]
    assert isinstance(told, Refused)
    assert (told.refusals[0].have, told.refusals[0].facts["copies"]) == (2, "2، 3")
    each = [CopyRuling(copy.barcode, APPROVE) for copy in (first, second, third)]
    assert isinstance(answer(library, default=None, copies=each), Ruled)


@pytest.mark.parametrize(
    ("copies", "code"),
    [
        ([CopyRuling("B999", REJECT)], "ruling.not_on_minutes"),
        ([CopyRuling("1", REJECT), CopyRuling("۱", APPROVE)], "ruling.two_verdicts"),
    ],
)
def test_an_answer_that_does_not_fit_the_minutes_is_refused(
    library: Library, copies: list[CopyRuling], code: str
) -> None:
    sent(library)
    before = entries(library)
    assert refused(answer(library, copies=copies)) == [code]
    assert entries(library) == before
    assert rows(library, RulingRow) == []


def test_a_copy_of_the_library_that_is_not_on_the_minutes_is_refused(library: Library) -> None:
    sent(library)
    other = add_copy(library)
    assert refused(answer(library, copies=[CopyRuling(other.barcode, REJECT)])) == ["ruling.not_on_minutes"]


def test_only_worn_copies_are_redirected(tmp_path: Path) -> None:
    """002 م10-3: the others go to the exchange centre anyway."""
    from app.weeding.facts import Proposal
    from app.weeding.service import finalise, propose
    from db.codes import WeedingReason
    from tests.library import add_pair

    with (library := found(tmp_path)).store:
        copy = add_pair(library)
        propose(library, copy.barcode, Proposal(WeedingReason.CONTENT), act(library))
        finalise(library, WeedingReason.CONTENT, plain_printer, act(library))
        send(library, "1405/1", act(library))
        told = answer(library, default=REDIRECT)
        assert refused(told) == ["ruling.redirect_worn_only"]
        assert isinstance(told, Refused)
        assert told.refusals[0].rule == "10-3"


def test_an_answer_rests_on_a_letter(library: Library) -> None:
    sent(library)
    told = answer(library, letter=Letter())
    assert isinstance(told, Refused)
    assert [refusal.facts["field"] for refusal in told.refusals] == ["letter_no"]


@pytest.mark.parametrize("days", [-1, 1])
def test_an_answer_is_not_older_than_the_question_nor_of_tomorrow(library: Library, days: int) -> None:
    finalised(library)
    pass_days(library, 2)
    send(library, "1405/1", act(library), letter(library))
    told = answer(library, letter=Letter("۱", TODAY + dt.timedelta(2 + days)))
    assert refused(told) == ["minutes.letter_day"]


@pytest.mark.parametrize("level", [PROVINCE, HEAD_OFFICE])
def test_a_level_that_was_not_asked_does_not_answer(library: Library, level: RulingLevel) -> None:
    sent(library)
    assert refused(answer(library, level)) == ["minutes.step_not_allowed"]


def test_the_same_answer_again_changes_nothing_and_another_one_is_refused(library: Library) -> None:
    sent(library)
    ruled(library, COUNTY)
    before = entries(library)
    same = Rulings("1405/1", COUNTY, letter(library, "county-1"), APPROVE)
    assert isinstance(enter_rulings(library, same, act(library)), Unchanged)
    assert refused(answer(library, default=REJECT)) == ["ruling.twice"]
    assert entries(library) == before


def test_a_copy_lent_since_is_asked_about_and_recorded(library: Library) -> None:
    """002 م7-4: it stays with its reader and is set aside at its return."""
    copies = sent(library)
    change(library, Item, copies[0].id, status=ItemStatus.ON_LOAN)
    told = answer(library)
    assert refused(told) == ["ruling.lent_since"]
    assert isinstance(told, Refused)
    asked = told.refusals[0]
    assert (asked.rule, asked.weight, asked.have, asked.facts["copies"]) == ("7-4", Weight.CONFIRM, 1, "1")
    outcome = answer(library, said=LENT_SINCE)
    assert isinstance(outcome, Ruled)
    assert outcome.lent == (copies[0].accession_no,)
    assert row(library, Item, copies[0].id).status is ItemStatus.ON_LOAN


def test_a_lent_copy_that_is_refused_is_no_question(library: Library) -> None:
    copies = sent(library)
    change(library, Item, copies[0].id, status=ItemStatus.ON_LOAN)
    assert isinstance(answer(library, copies=[CopyRuling(copies[0].barcode, REJECT)]), Ruled)


def test_the_letter_is_filed_with_the_minutes(library: Library) -> None:
    """002 م7-13."""
    sent(library)
    rulings = Rulings("1405/1", COUNTY, letter(library), APPROVE)
    assert isinstance(enter_rulings(library, rulings, act(library), scan=SCAN), Ruled)
    (filed,) = rows(library, Document, kind=DocumentKind.ATTACHMENT)
    assert (filed.file_name, filed.content, filed.media_type, filed.number) == (
        "نامه.pdf", SCAN.content, "application/pdf", "1405/1",
    )  # fmt: skip
    assert {ruling.document_id for ruling in rows(library, RulingRow)} == {filed.id}
    again = Rulings("1405/1", PROVINCE, letter(library, "۴۶/۱"), APPROVE)  # one sheet that carries both answers
    assert isinstance(enter_rulings(library, again, act(library), scan=SCAN), Ruled)
    assert rows(library, Document, kind=DocumentKind.ATTACHMENT) == [filed]
    assert {ruling.document_id for ruling in rows(library, RulingRow)} == {filed.id}


def test_a_letter_that_nobody_could_read_later_holds_up_its_answer(library: Library) -> None:
    """002 م7-15."""
    sent(library)
    before = entries(library)
    rulings = Rulings("1405/1", COUNTY, letter(library), APPROVE)
    told = enter_rulings(library, rulings, act(library), scan=Scan("نامه.exe", b"MZ\x90"))
    assert refused(told) == ["minutes.file_unreadable"]
    assert (entries(library), rows(library, RulingRow)) == (before, [])


# Corrections


def test_a_correction_goes_back_to_the_level_that_asked(library: Library) -> None:
    """002 م7-8، م7-9."""
    first, second, third = sent(library)
    ruled(library, COUNTY)
    pass_days(library, 2)
    asked = ask_correction(library, "1405/1", PROVINCE, "ردیف ۲ را بردارید", act(library), letter(library, "۹"))
    assert isinstance(asked, Stepped)
    assert (asked.became, asked.due_on) == (S.CORRECTION, TODAY + dt.timedelta(2 + 7))
    assert (newest(library).asked_by, rows(library, MinutesStep)[-1].remark) == (PROVINCE, "ردیف ۲ را بردارید")
    pass_days(library, 1)
    outcome = reissued(library, second)
    assert (outcome.step.became, outcome.step.due_on) == (S.AT_PROVINCE, TODAY + dt.timedelta(3 + 10))
    assert (outcome.edition.revision, outcome.edition.rows, outcome.edition.struck) == (2, 2, 1)
    old, new = sorted(rows(library, Minutes), key=lambda minutes: minutes.revision)
    assert (old.state, new.previous_id, new.number, new.year) == (S.SUPERSEDED, old.id, old.number, old.year)
    assert [row(library, Item, copy.id).on_minutes_id for copy in (first, second, third)] == [new.id, None, new.id]
    struck = next(one for one in rows(library, MinutesRow, minutes_id=new.id) if one.item_id == second.id)
    assert (struck.struck_why, struck.struck_at) == ("اشتباه بود", act(library).at)
    assert check_library(library).broken == ()


def test_the_county_is_not_asked_again_after_a_correction_of_the_province(library: Library) -> None:
    copies = sent(library)
    ruled(library, COUNTY, copies=[CopyRuling(copies[0].barcode, REJECT)])
    ask_correction(library, "1405/1", PROVINCE, "سال نشر", act(library))
    reissued(library)
    outcome = ruled(library, PROVINCE)
    assert (outcome.approved, outcome.step.became) == (2, S.RULED)


def test_the_superseded_revision_stays_as_it_was(library: Library) -> None:
    copies = sent(library)
    old = newest(library)
    old_rows = rows(library, MinutesRow, minutes_id=old.id)
    paper = row(library, Document, old.document_id)
    ask_correction(library, "1405/1", COUNTY, "سال", act(library))
    reissued(library, copies[0])
    assert rows(library, MinutesRow, minutes_id=old.id) == old_rows
    assert row(library, Document, old.document_id) == paper
    assert newest(library).document_id != old.document_id


def test_everything_known_of_a_row_goes_with_it_to_the_next_edition(library: Library) -> None:
    """002 م5-2: criterion, permit, what takes its place, remark and author of the proposal."""
    copy, other = sent(library, 2)
    (first, _) = rows(library, MinutesRow)
    known = {
        "permit_no": "۴۴/۱", "permit_on": TODAY, "replaced_by": other.title_id, "remark": "شیرازه ندارد",
        "unbindable": True,
    }  # fmt: skip
    change(library, MinutesRow, first.id, **known)
    ask_correction(library, "1405/1", COUNTY, "سال", act(library))
    pass_days(library, 1)
    reissued(library)
    before, after = rows(library, MinutesRow, item_id=copy.id)
    own = {"id", "ver", "minutes_id", "rh", "bpos"}
    columns = [column.name for column in MinutesRow.__table__.columns if column.name not in own]
    assert {name: getattr(after, name) for name in columns} == {name: getattr(before, name) for name in columns}
    assert (after.permit_no, after.remark, after.replaced_by) == ("۴۴/۱", "شیرازه ندارد", other.title_id)
    assert newest(library).guideline == library.guideline.version


def test_an_older_edition_tells_only_what_was_ruled_by_then(library: Library) -> None:
    copies = sent(library)
    ruled(library, COUNTY)
    ask_correction(library, "1405/1", PROVINCE, "سال", act(library))
    old = newest(library)
    reissued(library)
    ruled(library, PROVINCE, copies=[CopyRuling(copies[0].barcode, REJECT)])
    with library.store.read() as reader:
        then, now = minutes_detail(reader, old.id), minutes_detail(reader, newest(library).id)
    assert then is not None
    assert now is not None
    assert [set(one.rulings) for one in then.rows] == [{COUNTY}] * 3
    assert [one.verdict for one in then.rows] == [APPROVE] * 3
    assert [one.verdict for one in now.rows] == [REJECT, APPROVE, APPROVE]


def test_what_was_put_right_in_the_catalogue_stands_on_the_new_edition_alone(library: Library) -> None:
    """002 م7-9."""
    papers: list[MinutesPaper] = []

    def keeping(paper: MinutesPaper) -> Printed:
        papers.append(paper)
        return plain_printer(paper)

    (copy,) = sent(library, 1)
    old = row(library, Document, newest(library).document_id)
    ask_correction(library, "1405/1", COUNTY, "سال نشر و نام کتاب نادرست است", act(library))
    change(library, Title, copy.title_id, title="نام درست", year=1390)
    reissue(library, "1405/1", [], keeping, act(library))
    assert [(one.title, one.year) for one in papers[0].rows] == [("نام درست", 1390)]
    assert row(library, Document, old.id) == old
    assert "نام درست".encode() not in old.content


def test_what_was_struck_stays_on_every_later_paper_and_what_left_the_draft_is_on_none(library: Library) -> None:
    from app.weeding.service import finalise, strike
    from tests.app.weeding.minutes.on_the_way import WORN, worn_copies

    papers: list[MinutesPaper] = []

    def keeping(paper: MinutesPaper) -> Printed:
        papers.append(paper)
        return plain_printer(paper)

    gone, first, second, _ = worn_copies(library, 4)
    strike(library, gone.barcode, WORN, "اشتباه", act(library))
    finalise(library, WORN, keeping, act(library))
    send(library, "1405/1", act(library))
    for copy in (first, second):
        ask_correction(library, "1405/1", COUNTY, "بردارید", act(library))
        reissue(library, "1405/1", [Strike(copy.barcode, "خواسته شد")], keeping, act(library))
    printed = [[(listed.accession_no, listed.struck_at is not None) for listed in paper.rows] for paper in papers]
    assert printed == [
        [(2, False), (3, False), (4, False)],
        [(2, True), (3, False), (4, False)],
        [(2, True), (3, True), (4, False)],
    ]
    assert [(paper.number, paper.revision) for paper in papers] == [("1405/1", 1), ("1405/1", 2), ("1405/1", 3)]
    assert papers[0].guideline == "ویراست ۱، پیش‌نویس"
    with library.store.read() as reader:
        assert [one.struck for one in tracked(reader)] == [2]  # of the three that the first paper had


def test_what_left_the_draft_is_not_counted_as_crossed_out(library: Library) -> None:
    from app.weeding.service import finalise, strike
    from tests.app.weeding.minutes.on_the_way import WORN, worn_copies

    gone, *_ = worn_copies(library, 3)
    strike(library, gone.barcode, WORN, "اشتباه", act(library))
    finalise(library, WORN, plain_printer, act(library))
    with library.store.read() as reader:
        assert [(one.copies, one.struck) for one in tracked(reader)] == [(2, 0)]


def test_an_answer_to_an_older_revision_is_refused(library: Library) -> None:
    copies = sent(library)
    ask_correction(library, "1405/1", COUNTY, "سال", act(library))
    reissued(library, copies[0])
    told = answer(library, revision=1, copies=[CopyRuling(copies[0].barcode, APPROVE)])
    assert refused(told) == ["ruling.older_revision"]
    assert isinstance(told, Refused)
    assert (told.refusals[0].limit, told.refusals[0].have, told.refusals[0].rule) == (2, 1, "7-9")
    assert isinstance(answer(library, revision=2), Ruled)
    for default in (APPROVE, REJECT):  # the newest has been answered since
        assert "ruling.older_revision" in refused(answer(library, revision=1, default=default))


def test_verdicts_given_before_a_correction_hold_after_it(library: Library) -> None:
    """Copies whose correction was not asked keep what was said of them."""
    first, second, _ = sent(library)
    outcome = answer(
        library, default=APPROVE,
        copies=[CopyRuling(first.barcode, REJECT, "بماند"), CopyRuling(second.barcode, CORRECT, "سال نشر")],
    )  # fmt: skip
    assert isinstance(outcome, Ruled)
    assert (outcome.step.became, outcome.to_correct, outcome.rejected) == (S.CORRECTION, 1, 1)
    reissued(library)
    again = answer(library, default=None, copies=[CopyRuling(second.barcode, APPROVE)])
    assert isinstance(again, Ruled)
    assert (again.approved, again.rejected) == (2, 1)
    with library.store.read() as reader:
        detail = minutes_detail(reader, newest(library).id)
    assert detail is not None
    assert [one.verdict for one in detail.rows] == [REJECT, APPROVE, APPROVE]


def test_the_rows_a_correction_means_are_noted(library: Library) -> None:
    copies = sent(library)
    outcome = ask_correction(library, "1405/1", COUNTY, "جلد دوم نیست", act(library), copies=[copies[1].barcode])
    assert isinstance(outcome, Stepped)
    (meant,) = rows(library, RulingRow)
    assert (meant.verdict, meant.remark, meant.level) == (CORRECT, "جلد دوم نیست", COUNTY)


def test_whoever_asks_for_a_correction_says_what_is_wrong(library: Library) -> None:
    copies = sent(library)
    assert refused(ask_correction(library, "1405/1", COUNTY, " ", act(library))) == ["field.required"]
    told = answer(library, copies=[CopyRuling(copies[0].barcode, CORRECT)])
    assert refused(told) == ["field.required"]


@pytest.mark.parametrize(
    ("strikes", "codes"),
    [
        ([Strike("B999", "نه")], ["ruling.not_on_minutes"]),
        ([Strike("1", " ")], ["reason.required"]),
        ([Strike("1", "نه"), Strike("2", "نه"), Strike("3", "نه")], ["minutes.nothing_left"]),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(library: Library, strikes: list[Strike], codes: list[str]) -> None:
    sent(library)
    ask_correction(library, "1405/1", COUNTY, "سال", act(library))
    assert refused(reissue(library, "1405/1", strikes, plain_printer, act(library))) == codes
    assert len(rows(library, Minutes)) == 1


def test_five_hundred_rows_are_issued_anew_in_one_piece(library: Library) -> None:
    """More than one journal entry can tell: all of them stand, or none."""
    copies = many(library, 500)
    send(library, "1405/1", act(library))
    ask_correction(library, "1405/1", COUNTY, "سال", act(library))
    before = entries(library)
    outcome = reissue(library, "1405/1", [Strike(copies[0].barcode, "نه")], plain_printer, act(library))
    assert isinstance(outcome, Reissued)
    assert outcome.edition.rows == 499
    assert entries(library) - before > 1
    assert check_library(library).broken == ()

    def dying(paper: MinutesPaper) -> Printed:
        raise RuntimeError

    ask_correction(library, "1405/1", COUNTY, "باز هم", act(library))
    before = entries(library)
    with pytest.raises(RuntimeError):
        reissue(library, "1405/1", [], dying, act(library))
    assert (entries(library), len(rows(library, Minutes))) == (before, 2)


def many(library: Library, number: int) -> list[ACopy]:
    """Finalised minutes of many copies of a few titles, listed behind the rules' back for speed."""
    from app.weeding.service import finalise
    from tests.app.weeding.minutes.on_the_way import WORN, worn_copies

    first = worn_copies(library, 1)[0]
    minutes = rows(library, Minutes)[0]
    model = rows(library, MinutesRow)[0]
    copies = [first]
    for start in range(2, number + 1, 200):
        with library.store.write() as tx:
            for place in range(start, min(start + 200, number + 1)):
                accession = tx.next_number("accession")
                barcode = f"N{accession}"
                item_id = tx.insert(
                    Item, title_id=first.title_id, accession_no=accession, accession_date=TODAY, barcode=barcode,
                    copy_no=place, on_minutes_id=minutes.id, shelf_key="", condition=Condition.WORN,
                )  # fmt: skip
                tx.insert(
                    MinutesRow, minutes_id=minutes.id, position=place, item_id=item_id, criterion="worn",
                    article="4-1-ج", unbindable=True, author_id=model.author_id, proposed_at=model.proposed_at,
                )  # fmt: skip
                copies.append(ACopy(item_id, first.title_id, barcode, accession))
            tx.record("test.stocked", act(library))
    finalise(library, WORN, plain_printer, act(library))
    return copies


# Taking back


@pytest.mark.parametrize("at_county", [False, True])
def test_minutes_that_nobody_ruled_on_are_taken_back(library: Library, at_county: bool) -> None:
    copies = finalised(library)
    if at_county:
        send(library, "1405/1", act(library))
    outcome = withdraw(library, "1405/1", "قفسه جابه‌جا شد", act(library))
    assert isinstance(outcome, Stepped)
    assert (newest(library).state, rows(library, MinutesStep)[-1].remark) == (S.SUPERSEDED, "قفسه جابه‌جا شد")
    assert [row(library, Item, copy.id).on_minutes_id for copy in copies] == [None] * 3
    with library.store.read() as reader:
        assert [(one.withdrawn, one.next_steps) for one in tracked(reader)] == [(True, ())]
    assert isinstance(withdraw(library, "1405/1", "قفسه جابه‌جا شد", act(library)), Unchanged)
    assert check_library(library).broken == ()


def test_taking_back_needs_a_reason(library: Library) -> None:
    finalised(library)
    assert refused(withdraw(library, "1405/1", " ", act(library))) == ["reason.required"]


def test_a_copy_taken_back_may_stand_on_new_minutes(library: Library) -> None:
    from app.weeding.facts import Proposal
    from app.weeding.service import Listed, propose
    from tests.app.weeding.minutes.on_the_way import UNBINDABLE, WORN

    copies = finalised(library)
    withdraw(library, "1405/1", "نه", act(library))
    outcome = propose(library, copies[0].barcode, Proposal(WORN, unbindable=True), act(library), UNBINDABLE)
    assert isinstance(outcome, Listed)


# Papers filed


def test_a_receipt_is_filed_once(library: Library) -> None:
    """002 م7-15."""
    finalised(library)
    first = attach(library, "1405/1", SCAN, act(library))
    again = attach(library, "1405/1", SCAN, act(library))
    assert isinstance(first, Attached)
    assert isinstance(again, Attached)
    assert (first.already, again.already, again.document_id) == (False, True, first.document_id)
    with library.store.read() as reader:
        kept = document(reader, first.document_id)
    assert kept is not None
    assert kept.content == SCAN.content


def archive_of(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.4", "application/pdf"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"II*\x00", "image/tiff"), (b"MM\x00*", "image/tiff"),
        (archive_of("[Content_Types].xml", "xl/workbook.xml"), XLSX),
    ],
)  # fmt: skip
def test_what_scanners_cameras_and_offices_make_is_filed_as_what_it_is(
    library: Library, content: bytes, media_type: str
) -> None:
    finalised(library)
    assert isinstance(attach(library, "1405/1", Scan("رسید", content), act(library)), Attached)
    (filed,) = rows(library, Document, kind=DocumentKind.ATTACHMENT)
    assert (filed.media_type, filed.content) == (media_type, content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"MZ\x90", "minutes.file_unreadable"), (b"", "minutes.file_unreadable"),
        (b"PK\x03\x04 no archive", "minutes.file_unreadable"),
        (archive_of("word/document.xml"), "minutes.file_unreadable"),
        (b"%PDF-" + bytes(10 << 20), "minutes.file_too_big"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_paper_is_not_filed(library: Library, content: bytes, code: str) -> None:
    finalised(library)
    assert refused(attach(library, "1405/1", Scan("برنامه.exe", content), act(library))) == [code]
    assert isinstance(attach(library, "1405/9", SCAN, act(library)), NotFound)


def test_what_is_tracked_tells_terms_and_counts(library: Library) -> None:
    copies = sent(library)
    ruled(library, COUNTY, copies=[CopyRuling(copies[0].barcode, REJECT)])
    with library.store.read() as reader:
        (one,) = tracked(reader)
        detail = minutes_detail(reader, one.id)
    assert (one.number, one.revision, one.state, one.copies, one.refused, one.struck) == (
        "1405/1", 1, S.AT_PROVINCE, 3, 1, 0,
    )  # fmt: skip
    assert (one.days_left(TODAY), one.days_left(TODAY + dt.timedelta(12))) == (10, -2)
    assert one.next_steps == (
        (MinutesStepKind.RULE, PROVINCE), (MinutesStepKind.ASK_CORRECTION, PROVINCE),
        (MinutesStepKind.FORWARD, PROVINCE),
    )  # fmt: skip
    assert detail is not None
    assert detail.minutes == one
    assert [step.kind for step in detail.steps] == [
        MinutesStepKind.FINALISE, MinutesStepKind.SEND, MinutesStepKind.FORWARD,
    ]  # fmt: skip


@pytest.mark.parametrize("step", ["finalise", "send", "answer", "close"])
def test_no_step_of_finalised_minutes_is_undone(library: Library, step: str) -> None:
    """002 م7-13: they have ways of their own."""
    finalised(library)
    if step != "finalise":
        send(library, "1405/1", act(library))
    if step in ("answer", "close"):
        ruled(library, COUNTY)
    if step == "close":
        ruled(library, PROVINCE)
        closed(library)
    assert refused(undo_last(library, act(library))) == ["undo.not_undoable"]
