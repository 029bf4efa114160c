"""Minutes from the first scan to the frozen paper, against a real store."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.check import check_library
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.outcomes import CheckoutRefused
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.papers import Printed, document
from app.persian.jalali import year
from app.refusal import NO_ANSWER, Answer
from app.weeding import reads
from app.weeding.facts import CopyFacts, Proposal
from app.weeding.minutes.editions import FORM_KINDS
from app.weeding.minutes.paper import MinutesPaper
from app.weeding.minutes.reads import find_minutes
from app.weeding.minutes.review import ask_correction, send
from app.weeding.queries import archive as archived
from app.weeding.service import (
    AlreadyListed,
    Finalised,
    Listed,
    ListingRefused,
    finalise,
    minutes_number,
    preview,
    propose,
    strike,
)
from db.codes import Condition, HoldState, ItemFlag, ItemStatus, MinutesState, MinutesStepKind, Role, WeedingReason
from db.models.collection import BindingRequest, BindingRow, Document, Minutes, MinutesRow, MinutesStep
from db.models.items import Item
from db.models.library import Counter
from db.models.sync import JournalEntry, Stream
from tests.app.weeding.minutes.on_the_way import COUNTY, letter, reissued, worn_copies
from tests.app.weeding.printing import PowerCutError, dying_printer, plain_printer
from tests.library import (
    MORNING,
    TODAY,
    ACopy,
    a_title,
    act,
    add_copy,
    add_member,
    add_pair,
    change,
    clock,
    found,
    lend,
    pass_days,
    place_hold,
    row,
    rows,
    take_back,
)

CONTENT, WORN, DUPLICATE, NO_AUDIENCE = (
    WeedingReason.CONTENT,
    WeedingReason.WORN,
    WeedingReason.DUPLICATE,
    WeedingReason.NO_AUDIENCE,
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path, space_shortage=True)
    with library.store:
        yield library


def put(
    library: Library,
    copy: ACopy,
    reason: WeedingReason = CONTENT,
    role: Role = Role.HEAD,
    answer: Answer = NO_ANSWER,
    **stated: Any,
) -> Listed | AlreadyListed | ListingRefused | NotFound:
    return propose(library, copy.barcode, Proposal(reason, **stated), act(library, role), answer)


def listed(library: Library, copy: ACopy, reason: WeedingReason = CONTENT, **stated: Any) -> Listed:
    outcome = put(library, copy, reason, **stated)
    assert isinstance(outcome, Listed), outcome
    return outcome


def refused(outcome: object) -> list[str]:
    assert isinstance(outcome, ListingRefused | Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


def done(library: Library, reason: WeedingReason = CONTENT) -> Finalised:
    outcome = finalise(library, reason, plain_printer, act(library))
    assert isinstance(outcome, Finalised), outcome
    return outcome


def facts(library: Library, copy: ACopy) -> CopyFacts:
    with library.store.read() as reader:
        found_copy = reads.find_copy(reader, copy.barcode)
    assert found_copy is not None
    return found_copy


# Listing


def test_a_copy_is_listed_with_criterion_article_and_author(library: Library) -> None:
    """002 م5-2."""
    copy = add_pair(library)
    outcome = listed(library, copy, criterion="4-2-ه", remark=" ارزش علمی\u202e ندارد ")
    assert (outcome.position, outcome.article, outcome.copy.id) == (1, "4-2-ه", copy.id)
    stored = row(library, MinutesRow, outcome.row_id)
    assert (stored.criterion, stored.article, stored.remark) == ("content", "4-2-ه", "ارزش علمی ندارد")
    assert (stored.author_id, stored.proposed_at, stored.unbindable) == (act(library).staff_id, MORNING, False)
    minutes = row(library, Minutes, outcome.minutes_id)
    assert (minutes.reason, minutes.state, minutes.number, minutes.year) == (CONTENT, MinutesState.DRAFT, None, None)
    assert row(library, Item, copy.id).on_minutes_id == outcome.minutes_id
    assert rows(library, JournalEntry)[-1].kind == "minutes.item_listed"


def test_without_a_criterion_the_article_is_that_of_the_reason(library: Library) -> None:
    assert listed(library, add_pair(library), WORN, unbindable=True).article == "4-1-ج"


def test_a_permit_is_kept_with_the_row_by_number_and_day(library: Library) -> None:
    """002 م4-2 تبصره."""
    copy = add_pair(library, flags=(ItemFlag.CULTURAL_PACKAGE,))
    assert refused(put(library, copy, permit_no=" \u200f ", permit_on=TODAY)) == ["weeding.permit_needed"]
    outcome = listed(library, copy, permit_no=" ۱۲/۳۴\u202e", permit_on=TODAY)
    stored = row(library, MinutesRow, outcome.row_id)
    assert (stored.permit_no, stored.permit_on) == ("۱۲/۳۴", TODAY)


def test_a_permit_noted_with_the_copy_goes_over_to_the_row(library: Library) -> None:
    day = TODAY - dt.timedelta(days=40)
    copy = add_pair(library, flags=(ItemFlag.CULTURAL_PACKAGE,), permit_no="۹۸/۱", permit_on=day)
    stored = row(library, MinutesRow, listed(library, copy).row_id)
    assert (stored.permit_no, stored.permit_on) == ("۹۸/۱", day)


def test_a_new_edition_of_the_minutes_keeps_the_permit(library: Library) -> None:
    (other,) = worn_copies(library, 1)
    package = add_pair(library, flags=(ItemFlag.CULTURAL_PACKAGE,), condition=Condition.WORN)
    listed(library, package, WORN, permit_no="۱۲/۳۴", permit_on=TODAY)
    done(library, WORN)
    send(library, "1405/1", act(library), letter(library))
    ask_correction(library, "1405/1", COUNTY, "یکی بماند", act(library), letter(library))
    edition = reissued(library, other)
    (row_of_it,) = rows(library, MinutesRow, minutes_id=edition.edition.minutes_id, item_id=package.id)
    assert (row_of_it.permit_no, row_of_it.permit_on) == ("۱۲/۳۴", TODAY)


def test_the_edition_that_takes_the_place_is_noted_by_itself(library: Library) -> None:
    """002 م4-2-ج."""
    old = add_pair(library, a_title("شیمی", year=1390))
    assert refused(put(library, old, criterion="4-2-ج")) == ["weeding.replacement_needed"]
    newer = add_copy(library, a_title("شیمی", year=1402))
    stored = row(library, MinutesRow, listed(library, old, criterion="4-2-ج").row_id)
    assert stored.replaced_by == newer.title_id


def test_the_better_book_stands_in_the_catalogue_and_is_another(library: Library) -> None:
    """002 م4-2-د."""
    copy, better, gone = add_pair(library), add_copy(library, "کتاب بهتر"), add_copy(library, "کتاب گم‌شده")
    change(library, Item, gone.id, status=ItemStatus.LOST)
    for wrong in (uuid.UUID(int=5), copy.title_id, gone.title_id):
        assert refused(put(library, copy, criterion="4-2-د", replaced_by=wrong)) == ["weeding.replacement_unknown"]
    stored = row(library, MinutesRow, listed(library, copy, criterion="4-2-د", replaced_by=better.title_id).row_id)
    assert stored.replaced_by == better.title_id


def test_that_a_damaged_copy_cannot_be_mended_is_asked_and_noted(library: Library) -> None:
    """002 م4-2-ب."""
    copy = add_pair(library, condition=Condition.DAMAGED)
    assert refused(put(library, copy, WORN, criterion="4-2-ب")) == ["weeding.mendable"]
    sure = Answer(confirm=frozenset({"weeding.mendable"}))
    outcome = put(library, copy, WORN, answer=sure, criterion="4-2-ب")
    assert isinstance(outcome, Listed)
    assert row(library, MinutesRow, outcome.row_id).unbindable


def test_a_copy_on_the_hold_shelf_is_kept_for_its_reader(library: Library) -> None:
    copy = add_pair(library)
    place_hold(library, add_member(library), copy, state=HoldState.WAITING, item_id=copy.id)
    for reason in WeedingReason:
        assert "weeding.kept_for_reader" in refused(put(library, copy, reason))


def test_copies_of_one_reason_stand_on_one_draft_in_order(library: Library) -> None:
    outcomes = [listed(library, add_pair(library)) for _ in range(3)]
    assert [outcome.position for outcome in outcomes] == [1, 2, 3]
    assert len({outcome.minutes_id for outcome in outcomes}) == 1
    other = listed(library, add_pair(library), WORN, unbindable=True)
    assert other.minutes_id != outcomes[0].minutes_id
    assert len(rows(library, Minutes)) == 2


def test_the_same_copy_again_is_already_listed(library: Library) -> None:
    copy = add_pair(library)
    listed(library, copy)
    entries = len(rows(library, JournalEntry))
    assert isinstance(put(library, copy), AlreadyListed)
    assert len(rows(library, JournalEntry)) == entries
    assert len(rows(library, MinutesRow)) == 1


def test_a_copy_on_other_minutes_is_refused(library: Library) -> None:
    """002 م7-2: one reason a document."""
    copy = add_pair(library)
    listed(library, copy)
    assert refused(put(library, copy, WORN, unbindable=True)) == ["weeding.on_other_minutes"]


def test_a_copy_on_finalised_minutes_is_refused_for_its_own_reason_too(library: Library) -> None:
    copy = add_pair(library)
    listed(library, copy)
    done(library)
    assert refused(put(library, copy)) == ["weeding.on_other_minutes", "minutes.frozen"]


def test_a_copy_is_found_by_its_accession_number_in_persian_digits(library: Library) -> None:
    add_pair(library)
    assert isinstance(propose(library, " ۱ ", Proposal(CONTENT), act(library)), Listed)
    assert propose(library, "۹۹", Proposal(CONTENT), act(library)) == NotFound(Sought.ITEM, "۹۹")


def test_a_question_is_answered_with_a_yes(library: Library) -> None:
    copy = add_pair(library, condition=Condition.GOOD, flags=("local",))
    assert refused(put(library, copy, WORN)) == ["weeding.unbindable_needed", "weeding.not_worn"]
    answer = Answer(confirm=frozenset({"weeding.unbindable_needed", "weeding.not_worn"}))
    outcome = put(library, copy, WORN, answer=answer)
    assert isinstance(outcome, Listed)
    assert row(library, MinutesRow, outcome.row_id).unbindable is True


def test_no_reason_given_lifts_an_exemption(library: Library) -> None:
    copy = add_pair(library, flags=("local",))
    answer = Answer(frozenset({"weeding.kept_value"}), "جا نداریم")
    assert refused(put(library, copy, answer=answer)) == ["weeding.kept_value", "role.not_allowed"]


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.CATALOGUER, Role.AUDITOR])
def test_somebody_who_does_not_weed_is_refused(library: Library, role: Role) -> None:
    copy = add_pair(library, flags=("local",))
    assert refused(put(library, copy, role=role)) == ["role.not_allowed", "weeding.kept_value"]
    assert rows(library, Minutes) == []


def test_the_first_two_copies_that_stay_are_never_surplus(library: Library) -> None:
    """002 م4-1 تبصره: copies that are weeded, lost or about to go do not count."""
    title = add_copy(library).title_id
    copies = [add_copy(library, title) for _ in range(4)]
    assert facts(library, copies[3]).older_copies == 4
    change(library, Item, copies[0].id, status=ItemStatus.MISSING)
    listed(library, copies[1], WORN, unbindable=True)
    assert facts(library, copies[3]).older_copies == 2
    assert refused(put(library, copies[2], DUPLICATE)) == ["weeding.first_two_copies"]
    listed(library, copies[3], DUPLICATE)
    assert refused(put(library, copies[2], DUPLICATE)) == ["weeding.first_two_copies"]


def test_the_first_and_second_copy_are_those_of_that_number(library: Library) -> None:
    """002 م4-1 تبصره: in whatever order a conversion registered them."""
    third = add_copy(library, copy_no=3)
    first, second = (add_copy(library, third.title_id, copy_no=number) for number in (1, 2))
    for kept in (first, second):
        assert refused(put(library, kept, DUPLICATE)) == ["weeding.first_two_copies"]
    assert listed(library, third, DUPLICATE).copy.id == third.id
    done(library, DUPLICATE)


def test_copies_of_one_number_count_in_the_order_of_the_register(library: Library) -> None:
    first = add_copy(library, copy_no=1)
    others = [add_copy(library, first.title_id, copy_no=1) for _ in range(2)]
    assert refused(put(library, others[0], DUPLICATE)) == ["weeding.first_two_copies"]
    assert listed(library, others[1], DUPLICATE).copy.id == others[1].id


def test_surplus_copies_go_from_the_youngest_to_the_third(library: Library) -> None:
    title = add_copy(library).title_id
    copies = [add_copy(library, title) for _ in range(4)]
    for copy in (copies[3], copies[1], copies[2]):
        listed(library, copy, DUPLICATE)
    assert refused(put(library, copies[0], DUPLICATE)) == ["weeding.first_two_copies"]


def test_volumes_are_counted_apart(library: Library) -> None:
    title = add_copy(library, volume_no="1").title_id
    for volume in ("1", "1", "2"):
        add_copy(library, title, volume_no=volume)
    second_volume = ACopy(uuid.uuid4(), title, "RAF-000004", 4)
    assert facts(library, second_volume).older_copies == 0
    assert facts(library, second_volume).other_copies == 0


def test_of_two_unused_copies_one_stays(library: Library) -> None:
    """002 م5-1-ج: listing one makes the other the only copy."""
    old: dict[str, Any] = {"accession_date": dt.date(2010, 1, 1)}
    first = add_copy(library, **old)
    second = add_copy(library, first.title_id, **old)
    listed(library, first, NO_AUDIENCE)
    assert refused(put(library, second, NO_AUDIENCE)) == ["weeding.only_copy"]


def test_where_the_stacks_have_room_lack_of_audience_is_asked_about(tmp_path: Path) -> None:
    """002 م4-1-د تبصره, by the branch's own setting."""
    with (library := found(tmp_path, space_shortage=False)).store:
        old: dict[str, Any] = {"accession_date": dt.date(2010, 1, 1)}
        copy = add_copy(library, **old)
        add_copy(library, copy.title_id, **old)
        assert refused(put(library, copy, NO_AUDIENCE)) == ["weeding.no_space_shortage"]
        answer = Answer(confirm=frozenset({"weeding.no_space_shortage"}))
        assert isinstance(put(library, copy, NO_AUDIENCE, answer=answer), Listed)


def test_the_last_use_is_loan_hall_or_registration_whichever_is_newest(library: Library) -> None:
    copy = add_pair(library, accession_date=dt.date(2010, 1, 1))
    assert facts(library, copy).last_use == dt.date(2010, 1, 1)
    lend(library, add_member(library), copy, out_on=dt.date(2020, 5, 5))
    assert facts(library, copy).last_use == dt.date(2020, 5, 5)
    take_back(library, copy)
    pass_days(library, 2)
    check_in(library, CheckinRequest(copy.barcode), act(library))
    assert facts(library, copy).last_use == TODAY + dt.timedelta(2)
    assert facts(library, copy).last_loan_on == dt.date(2020, 5, 5)


def test_a_copy_with_an_open_binding_request_is_not_worn(library: Library) -> None:
    copy = add_pair(library)
    with library.store.write() as tx:
        request = tx.insert(BindingRequest, state="requested", opened_at=act(library).at)
        binding = tx.insert(BindingRow, request_id=request, position=1, item_id=copy.id)
        tx.record("binding.requested", act(library))
    assert refused(put(library, copy, WORN, unbindable=True)) == ["weeding.in_binding"]
    change(library, BindingRow, binding, received_on=TODAY)
    listed(library, copy, WORN, unbindable=True)


def test_a_listed_copy_does_not_leave_the_house_and_keeps_its_status(library: Library) -> None:
    """002 م7-4."""
    copy = add_pair(library)
    listed(library, copy)
    assert row(library, Item, copy.id).status is ItemStatus.AVAILABLE
    outcome = check_out(library, CheckoutRequest(add_member(library).card, copy.barcode), act(library))
    assert isinstance(outcome, CheckoutRefused)
    assert [refusal.code for refusal in outcome.refusals] == ["item.on_weeding_minutes"]


# Striking


def test_a_struck_row_stays_with_its_why_and_the_copy_is_free(library: Library) -> None:
    copy, other = add_pair(library), add_pair(library)
    outcome = listed(library, copy)
    listed(library, other)
    struck = strike(library, copy.barcode, CONTENT, " خواننده دارد ", act(library))
    assert isinstance(struck, Listed)
    stored = row(library, MinutesRow, outcome.row_id)
    assert (stored.struck_at, stored.struck_why) == (MORNING, "خواننده دارد")
    assert row(library, Item, copy.id).on_minutes_id is None
    with library.store.read() as reader:
        assert [line.item_id for line in reads.rows_of(reader, outcome.minutes_id)] == [other.id]
    lend(library, add_member(library), copy)


def test_a_struck_copy_may_be_listed_again(library: Library) -> None:
    copy = add_pair(library)
    listed(library, copy)
    strike(library, copy.barcode, CONTENT, "اشتباه", act(library))
    assert listed(library, copy).position == 2
    assert done(library).rows == 1


def test_minutes_that_have_a_number_are_not_edited(library: Library) -> None:
    """002 م7-13."""
    copy = add_pair(library)
    listed(library, copy)
    done(library)
    outcome = strike(library, copy.barcode, CONTENT, "", act(library))
    assert refused(outcome) == ["minutes.frozen"]
    assert isinstance(outcome, ListingRefused)
    assert outcome.refusals[0].facts == {"number": "1405/1", "state": "نهایی‌شده"}
    assert row(library, Item, copy.id).on_minutes_id is not None


def test_what_is_not_on_the_draft_is_not_struck(library: Library) -> None:
    copy = add_pair(library)
    assert strike(library, copy.barcode, CONTENT, "", act(library)) == NotFound(Sought.ITEM, copy.barcode)
    listed(library, copy)
    assert strike(library, copy.barcode, WORN, "", act(library)) == NotFound(Sought.ITEM, copy.barcode)


def test_somebody_who_does_not_weed_strikes_nothing(library: Library) -> None:
    copy = add_pair(library)
    listed(library, copy)
    assert refused(strike(library, copy.barcode, CONTENT, "", act(library, Role.ASSISTANT))) == ["role.not_allowed"]
    assert row(library, Item, copy.id).on_minutes_id is not None


# Finalising


def test_finalised_minutes_have_number_date_rows_and_frozen_papers(library: Library) -> None:
    copies = [add_pair(library) for _ in range(3)]
    for copy in copies:
        listed(library, copy)
    outcome = done(library)
    assert (outcome.number, outcome.rows, outcome.pages) == ("1405/1", 3, 1)
    minutes = row(library, Minutes, outcome.minutes_id)
    assert (minutes.state, minutes.year, minutes.number, minutes.finalised_on, minutes.finalised_at) == (
        MinutesState.FINALISED, 1405, 1, TODAY, MORNING,
    )  # fmt: skip
    assert (minutes.document_id, minutes.sheet_id) == (outcome.document_id, outcome.sheet_id)
    assert rows(library, JournalEntry)[-1].kind == "minutes.finalised"
    assert check_library(library).broken == ()


def test_the_frozen_bytes_are_the_printers(library: Library) -> None:
    """002 م7-13."""
    papers: list[MinutesPaper] = []

    def printer(paper: MinutesPaper) -> Printed:
        papers.append(paper)
        return plain_printer(paper)

    listed(library, add_pair(library, "تاریخ ایران"))
    outcome = finalise(library, CONTENT, printer, act(library))
    assert isinstance(outcome, Finalised)
    printed = plain_printer(papers[0])
    pdf, sheet = row(library, Document, outcome.document_id), row(library, Document, outcome.sheet_id)
    assert (pdf.content, sheet.content) == (printed.pdf, printed.xlsx)
    assert (pdf.sha256, sheet.sha256) == tuple(hashlib.sha256(part).hexdigest() for part in (printed.pdf, printed.xlsx))
    assert outcome.sha256 == pdf.sha256
    assert (pdf.kind, pdf.number, pdf.file_name, pdf.pages) == (
        FORM_KINDS[CONTENT], "1405/1", "weeding_content-1405-1.pdf", 1,
    )  # fmt: skip
    assert (sheet.file_name, pdf.row_id, pdf.entity) == ("weeding_content-1405-1.xlsx", outcome.minutes_id, "minutes")
    with library.store.read() as reader:
        kept = document(reader, outcome.document_id)
    assert kept is not None
    assert kept.content == printed.pdf


def test_the_printer_is_told_everything_that_stands_on_the_form(library: Library) -> None:
    papers: list[MinutesPaper] = []

    def printer(paper: MinutesPaper) -> Printed:
        papers.append(paper)
        return plain_printer(paper)

    copy = add_pair(library, "تاریخ ایران", volume_no="2", local_class="955")
    listed(library, copy, remark="کهنه")
    head = rows(library, Stream)[0]
    assert isinstance(finalise(library, CONTENT, printer, act(library)), Finalised)
    (paper,) = papers
    assert (paper.library, paper.province, paper.county, paper.city, paper.grade) == (
        "کتابخانه عمومی شهید بهشتی", "مرکزی", "اراک", "آبگرم", "۴",
    )  # fmt: skip
    assert (paper.reason, paper.day, paper.number, paper.revision, paper.draft) == (CONTENT, TODAY, "1405/1", 1, False)
    assert paper.chain_head == f"{head.head_seq}-{bytes(head.head_chain).hex()}"
    (line,) = paper.rows
    assert (line.title, line.main_creator, line.year, line.accession_no, line.accession_date) == (
        "تاریخ ایران", "سعدی، مصلح بن عبدالله", 1398, copy.accession_no, TODAY,
    )  # fmt: skip
    assert (line.volume_no, line.copy_no, line.class_no, line.article, line.remark) == (
        "2",
        1,
        "955",
        "4-1-الف",
        "کهنه",
    )


def test_numbers_rise_without_gaps_through_all_reasons_and_begin_anew_each_jalali_year(library: Library) -> None:
    numbers = []
    for reason in (CONTENT, WORN, CONTENT):
        listed(library, add_pair(library), reason, unbindable=True)
        numbers.append(done(library, reason).number)
    clock(library).set(dt.datetime(2027, 3, 20, 20, 29, tzinfo=dt.UTC))  # ۲۹ اسفند ۱۴۰۵، ۲۳:۵۹
    listed(library, add_pair(library))
    numbers.append(done(library).number)
    clock(library).set(dt.datetime(2027, 3, 20, 20, 31, tzinfo=dt.UTC))  # ۱ فروردین ۱۴۰۶
    for _ in range(2):
        listed(library, add_pair(library))
        numbers.append(done(library).number)
    assert numbers == ["1405/1", "1405/2", "1405/3", "1405/4", "1406/1", "1406/2"]
    assert check_library(library).broken == ()
    with library.store.read() as reader:
        archive = archived(reader)
    assert [minutes_number(kept.year, kept.number) for kept in archive] == numbers[::-1]
    assert year(TODAY) == 1405


def test_a_power_cut_between_number_and_paper_uses_no_number_and_loses_no_row(library: Library) -> None:
    copies = [add_pair(library) for _ in range(2)]
    for copy in copies:
        listed(library, copy)
    entries = len(rows(library, JournalEntry))
    with pytest.raises(PowerCutError):
        finalise(library, CONTENT, dying_printer, act(library))
    assert rows(library, Counter, name="minutes-1405") == []
    assert rows(library, Document) == []
    assert len(rows(library, JournalEntry)) == entries
    assert {minutes.state for minutes in rows(library, Minutes)} == {MinutesState.DRAFT}
    outcome = done(library)
    assert (outcome.number, outcome.rows) == ("1405/1", 2)
    assert check_library(library).broken == ()


def test_finalising_changes_no_copy(library: Library) -> None:
    """002 م7-4: the status changes after the answer."""
    copies = [add_pair(library) for _ in range(2)]
    for copy in copies:
        listed(library, copy)
    before = [row(library, Item, copy.id) for copy in copies]
    outcome = done(library)
    after = [row(library, Item, copy.id) for copy in copies]
    assert after == before
    assert {item.status for item in after} == {ItemStatus.AVAILABLE}
    assert {item.on_minutes_id for item in after} == {outcome.minutes_id}


def test_struck_rows_are_not_printed(library: Library) -> None:
    kept, gone = add_pair(library, "می‌ماند"), add_pair(library, "می‌رود")
    for copy in (kept, gone):
        listed(library, copy)
    strike(library, gone.barcode, CONTENT, "سالم", act(library))
    outcome = done(library)
    content = row(library, Document, outcome.document_id).content.decode()
    assert outcome.rows == 1
    assert "می‌ماند" in content
    assert "می‌رود" not in content


def test_empty_minutes_are_not_finalised(library: Library) -> None:
    assert refused(finalise(library, WORN, plain_printer, act(library))) == ["minutes.empty"]
    copy = add_pair(library)
    listed(library, copy)
    strike(library, copy.barcode, CONTENT, "سالم", act(library))
    assert refused(finalise(library, CONTENT, plain_printer, act(library))) == ["minutes.empty"]


@pytest.mark.parametrize("role", [Role.LIBRARIAN, Role.ASSISTANT, Role.COUNTY_HEAD])
def test_only_the_head_finalises(library: Library, role: Role) -> None:
    listed(library, add_pair(library))
    assert refused(finalise(library, CONTENT, plain_printer, act(library, role))) == ["role.not_allowed"]
    assert rows(library, Document) == []


def test_in_doubtful_time_nothing_official_is_dated(library: Library) -> None:
    listed(library, add_pair(library))
    assert refused(finalise(library, CONTENT, plain_printer, act(library, doubtful=True))) == ["clock.doubtful"]
    assert done(library).number == "1405/1"


def test_after_finalising_the_next_copy_opens_a_new_draft(library: Library) -> None:
    first = listed(library, add_pair(library))
    done(library)
    second = listed(library, add_pair(library))
    assert second.minutes_id != first.minutes_id
    assert second.position == 1


def test_finalised_minutes_are_found_by_number(library: Library) -> None:
    listed(library, add_pair(library))
    outcome = done(library)
    with library.store.read() as reader:
        kept = find_minutes(reader, "1405/1")
        assert find_minutes(reader, "1405/2") is None
    assert kept is not None
    assert (kept.id, kept.reason, kept.guideline) == (outcome.minutes_id, CONTENT, 1)
    (step,) = rows(library, MinutesStep)
    assert (step.kind, step.became, step.day) == (MinutesStepKind.FINALISE, MinutesState.FINALISED, act(library).day)


# Preview


def test_a_preview_is_marked_as_a_draft_and_leaves_no_trace(library: Library) -> None:
    papers: list[MinutesPaper] = []

    def printer(paper: MinutesPaper) -> Printed:
        papers.append(paper)
        return plain_printer(paper)

    listed(library, add_pair(library))
    entries = len(rows(library, JournalEntry))
    assert preview(library, CONTENT, printer, act(library)) == plain_printer(papers[0])
    (paper,) = papers
    assert (paper.draft, paper.number, paper.chain_head, len(paper.rows)) == (True, None, None, 1)
    assert len(rows(library, JournalEntry)) == entries
    assert rows(library, Document) == []


def test_there_is_nothing_to_preview_of_empty_minutes(library: Library) -> None:
    assert preview(library, CONTENT, plain_printer, act(library)) is None
