"""A package from the weeded copy to the library, the store and the paper mill, against a real store."""

import datetime as dt
import uuid

import pytest

from app.check import check_library
from app.exchange.giving import Allocated, Delivered, Released, allocate_copies, deliver, release
from app.exchange.leaving import Proceeds, Recycled, Recycling, note_proceeds, recycle, send_on, send_to_store
from app.exchange.packing import Letter, Stands, announce, hand, pack, unpack
from app.exchange.queries import county_report, detail, groups, standings, whereabouts
from app.exchange.requests import Asking, RequestStands, end_request, request_copies
from app.exchange.stages import Step, Way
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.undo import Undone, undo_last
from db.codes import (
    BranchKind,
    DisposalState,
    DocumentKind,
    ExchangeLevel,
    ExchangeRequestState,
    ItemStatus,
    MinutesState,
    Role,
    Verdict,
)
from db.models.collection import Disposal, DisposalRow, Document
from db.models.items import Item
from db.models.library import LicensedLibrary
from tests.app.exchange.going import ask, codes, given, in_county, in_province, packed, proposal, stage
from tests.app.exchange.weeded import (
    CONTENT,
    DUPLICATE,
    WORN,
    a_library,
    plain_delivery,
    plain_recycling,
    status,
    weed,
    weeded,
)
from tests.library import TODAY, act, add_copy, change, pass_days, row, rows


@pytest.fixture(autouse=True)
def stays_sound(library: Library) -> object:
    yield
    assert [broken for broken in check_library(library).broken if broken.invariant == "exchange"] == []


def test_each_group_is_packed_by_itself(library: Library) -> None:
    weeded(library, 2, CONTENT)
    weeded(library, 3, DUPLICATE)
    weeded(library, 1, WORN)
    weeded(library, 1, WORN, verdict=Verdict.REDIRECT)
    with library.store.read() as reader:
        found = {(group.reason, group.way): len(group.copies) for group in groups(reader)}
    assert found == {
        (CONTENT, Way.EXCHANGE): 2, (DUPLICATE, Way.EXCHANGE): 3, (WORN, Way.RECYCLING): 1, (WORN, Way.EXCHANGE): 1,
    }  # fmt: skip
    outcome = pack(library, DUPLICATE, act(library))
    assert isinstance(outcome, Stands)
    assert (outcome.copies, outcome.package.reason) == (3, DUPLICATE)
    with library.store.read() as reader:
        assert (DUPLICATE, Way.EXCHANGE) not in {(group.reason, group.way) for group in groups(reader)}
    assert codes(pack(library, DUPLICATE, act(library))) == ["exchange.nothing_ready"]


def test_copies_that_follow_go_into_the_package_that_is_still_here(library: Library) -> None:
    package, _ = packed(library, 1)
    weeded(library, 2)
    again = pack(library, CONTENT, act(library))
    assert isinstance(again, Stands)
    assert (again.package.id, again.copies) == (package, 2)
    assert isinstance(hand(library, package, Letter(), act(library)), Stands)
    weeded(library, 1)
    fresh = pack(library, CONTENT, act(library))
    assert isinstance(fresh, Stands)
    assert fresh.package.id != package


def test_nothing_leaves_before_the_ruling(library: Library) -> None:
    copy = add_copy(library)
    listed = add_copy(library)
    weed(library, [listed], state=MinutesState.AT_PROVINCE)
    outcome = pack(library, CONTENT, act(library), [copy.barcode, listed.barcode])
    assert codes(outcome) == ["exchange.not_ruled", "exchange.not_ruled"]
    assert isinstance(outcome, Refused)
    assert {refusal.rule for refusal in outcome.refusals} == {"7-4"}
    assert rows(library, Disposal) == []


def test_a_package_holds_one_group(library: Library) -> None:
    content, worn = weeded(library, 1)[0], weeded(library, 1, WORN)[0]
    redirected = weeded(library, 1, WORN, verdict=Verdict.REDIRECT)[0]
    assert codes(pack(library, CONTENT, act(library), [worn.barcode])) == ["exchange.other_group"]
    assert codes(pack(library, WORN, act(library), [redirected.barcode])) == ["exchange.redirected"]
    assert codes(pack(library, WORN, act(library), [worn.barcode], redirected=True)) == ["exchange.worn_to_recycling"]
    assert isinstance(pack(library, CONTENT, act(library), [content.barcode]), Stands)
    assert codes(pack(library, CONTENT, act(library), [content.barcode])) == ["exchange.packed_already"]


def test_a_package_of_more_than_an_entry_holds(library: Library) -> None:
    weeded(library, 510)
    outcome = pack(library, CONTENT, act(library))
    assert isinstance(outcome, Stands)
    assert outcome.copies == 510
    assert isinstance(hand(library, outcome.package.id, Letter(), act(library)), Stands)
    assert isinstance(announce(library, outcome.package.id, act(library)), Stands)
    ask(library, outcome.package.id, a_library(library))
    (delivered,) = given(library, outcome.package.id)
    assert delivered.copies == 510
    assert stage(library, outcome.package.id) == (DisposalState.FINISHED, ExchangeLevel.COUNTY)


def test_packing_is_undone_while_nothing_else_was_done(library: Library) -> None:
    package, _ = packed(library, 2)
    assert isinstance(undo_last(library, act(library)), Undone)
    assert rows(library, DisposalRow) == []
    package, _ = packed(library, 1)
    hand(library, package, Letter(), act(library, desk=2))
    assert codes(undo_last(library, act(library))) == ["undo.changed_since"]


def test_a_package_in_the_house_is_opened_again(library: Library) -> None:
    package, copies = packed(library, 3)
    some = unpack(library, package, act(library), [copies[0].barcode])
    assert isinstance(some, Stands)
    assert some.copies == 1
    with library.store.read() as reader:
        assert [copy.item_id for group in groups(reader) for copy in group.copies] == [copies[0].id]
        assert whereabouts(reader, copies[0].id) is None
    assert isinstance(unpack(library, package, act(library)), Stands)
    assert stage(library, package) == (DisposalState.CANCELLED, None)
    with library.store.read() as reader:
        assert sum(len(group.copies) for group in groups(reader)) == 3
    again = unpack(library, package, act(library))
    assert isinstance(again, Stands)
    assert not again.changed


def test_once_handed_over_it_is_not_opened(library: Library) -> None:
    package, copies = in_county(library)
    assert codes(unpack(library, package, act(library))) == ["exchange.stage"]
    assert codes(unpack(library, package, act(library), [copies[0].barcode])) == ["exchange.stage"]


def test_what_was_put_back_on_the_shelf_is_not_handed_over(library: Library) -> None:
    package, copies = packed(library, 2)
    change(library, Item, copies[0].id, status=ItemStatus.AVAILABLE)
    assert codes(hand(library, package, Letter(), act(library))) == ["exchange.no_longer_weeded"]
    unpack(library, package, act(library), [copies[0].barcode])
    assert isinstance(hand(library, package, Letter(), act(library)), Stands)


def test_handing_over_keeps_receipt_and_letter_and_the_register(library: Library) -> None:
    package, copies = packed(library, 2)
    before = [row(library, Item, copy.id) for copy in copies]
    outcome = hand(library, package, Letter("ر-۷", "۱۲/۳", TODAY), act(library))
    assert isinstance(outcome, Stands)
    (handover,) = rows(library, Disposal, parent_id=package)
    assert (handover.receipt_no, handover.letter_no, handover.letter_on) == ("ر-۷", "۱۲/۳", TODAY)
    assert [row(library, Item, copy.id) for copy in copies] == before
    assert {status(library, copy) for copy in copies} == {ItemStatus.WEEDED_CONTENT}
    again = hand(library, package, Letter(), act(library))
    assert isinstance(again, Stands)
    assert not again.changed


def test_copies_go_to_the_libraries_in_the_order_of_the_guideline(library: Library) -> None:
    package, copies = in_county(library, 4)
    independent = a_library(library, "مستقل", BranchKind.INDEPENDENT)
    institutional = a_library(library, "نهادی")
    new = a_library(library, "تازه", founded_on=TODAY - dt.timedelta(days=20))
    roomless = a_library(library, "بی‌جا")
    ask(library, package, independent)
    ask(library, package, institutional, copies[0], copies[1])
    ask(library, package, new, copies[0])
    ask(library, package, roomless, space=False)
    shares = proposal(library, package).shares
    assert [(one.request.wish.library.name, len(one.copies)) for one in shares] == [
        ("تازه", 1), ("نهادی", 1), ("مستقل", 2), ("بی‌جا", 0),
    ]  # fmt: skip
    outcome = allocate_copies(library, package, act(library))
    assert isinstance(outcome, Allocated)
    assert [one.wish.library.name for one in outcome.declined] == ["بی‌جا"]
    numbers = []
    for one in outcome.deliveries:
        done = deliver(library, one.id, Letter("ر-۹"), plain_delivery, act(library))
        assert isinstance(done, Delivered)
        numbers.append(done.number)
    assert numbers == ["1405/1", "1405/2", "1405/3"]
    assert stage(library, package) == (DisposalState.FINISHED, ExchangeLevel.COUNTY)
    with library.store.read() as reader:
        there = whereabouts(reader, copies[0].id)
    assert there is not None
    assert there.destination is not None
    assert there.destination.name == "تازه"
    assert {status(library, copy) for copy in copies} == {ItemStatus.WEEDED_CONTENT}


def test_a_delivery_is_frozen_and_told_once(library: Library) -> None:
    package, _ = in_county(library, 2)
    ask(library, package, a_library(library))
    (done,) = given(library, package)
    papers = rows(library, Document, kind=DocumentKind.DELIVERY)
    assert {(paper.number, paper.row_id) for paper in papers} == {("1405/1", done.delivery.id)}
    again = deliver(library, done.delivery.id, Letter(), plain_delivery, act(library))
    assert isinstance(again, Delivered)
    assert (again.changed, again.number) == (False, "1405/1")
    assert len(rows(library, Document, entity="disposal")) == 2


def test_a_power_cut_leaves_no_number_without_its_paper(library: Library) -> None:
    package, _ = in_county(library, 1)
    ask(library, package, a_library(library))
    outcome = allocate_copies(library, package, act(library))
    assert isinstance(outcome, Allocated)

    def dies(_: object) -> object:
        raise OSError("power")

    with pytest.raises(OSError, match="power"):
        deliver(library, outcome.deliveries[0].id, Letter(), dies, act(library))  # type: ignore[arg-type]
    assert rows(library, Document, entity="disposal") == []
    done = deliver(library, outcome.deliveries[0].id, Letter(), plain_delivery, act(library))
    assert isinstance(done, Delivered)
    assert done.number == "1405/1"


def test_a_library_without_licence_is_given_nothing(library: Library) -> None:
    package, _ = in_county(library)
    asker = a_library(library, licence_no=None)
    assert codes(request_copies(library, package, Asking(asker), act(library))) == ["exchange.unlicensed"]
    late = a_library(library, "نور", licensed_until=TODAY)
    ask(library, package, late)
    pass_days(library, 1)
    assert codes(allocate_copies(library, package, act(library))) == ["exchange.licence_expired"]
    assert proposal(library, package).shares[0].copies == ()


def test_a_licence_that_ran_out_stops_the_delivery(library: Library) -> None:
    package, _ = in_county(library)
    ask(library, package, a_library(library, licensed_until=TODAY))
    outcome = allocate_copies(library, package, act(library))
    assert isinstance(outcome, Allocated)
    pass_days(library, 1)
    assert codes(deliver(library, outcome.deliveries[0].id, Letter(), plain_delivery, act(library))) == [
        "exchange.licence_expired"
    ]


def test_an_institutional_library_about_to_be_founded_may_be_served(library: Library) -> None:
    package, _ = in_county(library)
    ask(library, package, a_library(library, licence_no=None, founded_on=None, to_be_founded=True))
    assert len(given(library, package)) == 1


def test_the_county_serves_the_county_and_the_province_its_counties(library: Library) -> None:
    package, _ = in_county(library)
    saveh = a_library(library, "ساوه", county="ساوه")
    assert codes(request_copies(library, package, Asking(saveh), act(library))) == ["exchange.other_county"]
    assert isinstance(send_on(library, package, Letter(), act(library)), Stands)
    assert codes(request_copies(library, package, Asking(saveh), act(library))) == ["exchange.stage"]
    assert isinstance(announce(library, package, act(library)), Stands)
    ask(library, package, saveh)
    qom = a_library(library, "قم", province="قم", county="قم")
    assert codes(request_copies(library, package, Asking(qom), act(library))) == ["exchange.other_province"]
    (done,) = given(library, package)
    assert done.delivery.level is ExchangeLevel.PROVINCE
    assert stage(library, package) == (DisposalState.FINISHED, ExchangeLevel.PROVINCE)


def test_a_library_asks_once_and_keeps_its_turn(library: Library) -> None:
    package, copies = in_county(library)
    asker = a_library(library)
    first = ask(library, package, asker, copies[0])
    again = ask(library, package, asker, copies[0])
    assert not again.changed
    changed = ask(library, package, asker, copies[1])
    assert (changed.request.id, changed.request.wish.asked_at) == (first.request.id, first.request.wish.asked_at)
    assert changed.request.wish.items == {copies[1].id}


def test_a_closing_day_is_kept_by_both_sides(library: Library) -> None:
    package, _ = in_county(library, closes_on=TODAY + dt.timedelta(days=2))
    first, second = a_library(library, "یک"), a_library(library, "دو")
    ask(library, package, first)
    assert codes(allocate_copies(library, package, act(library))) == ["exchange.offer_open"]
    assert "exchange.offer_open" in codes(send_on(library, package, Letter(), act(library)))
    pass_days(library, 3)
    assert codes(request_copies(library, package, Asking(second), act(library))) == ["exchange.offer_closed"]
    assert len(given(library, package)) == 1


def test_what_is_asked_for_is_answered_before_the_package_moves_on(library: Library) -> None:
    package, copies = in_county(library)
    waiting = ask(library, package, a_library(library), copies[0])
    assert codes(send_on(library, package, Letter(), act(library))) == ["exchange.requests_wait"]
    outcome = allocate_copies(library, package, act(library))
    assert isinstance(outcome, Allocated)
    assert codes(send_on(library, package, Letter(), act(library))) == ["exchange.delivery_open"]
    freed = release(library, outcome.deliveries[0].id, act(library))
    assert isinstance(freed, Released)
    assert freed.copies == 1
    assert codes(end_request(library, waiting.request.id, ExchangeRequestState.DECLINED, None, act(library))) == [
        "exchange.request_over"
    ]
    moved = send_on(library, package, Letter(letter_no="۵"), act(library))
    assert isinstance(moved, Stands)
    assert moved.copies == 3
    assert codes(deliver(library, outcome.deliveries[0].id, Letter(), plain_delivery, act(library))) == [
        "exchange.delivery_released"
    ]


def test_a_request_may_be_withdrawn(library: Library) -> None:
    package, copies = in_county(library)
    waiting = ask(library, package, a_library(library), copies[0])
    ended = end_request(library, waiting.request.id, ExchangeRequestState.WITHDRAWN, "نیاز ندارد", act(library))
    assert isinstance(ended, RequestStands)
    assert codes(allocate_copies(library, package, act(library))) == ["exchange.no_requests"]


def test_the_report_of_the_county_adds_up(library: Library) -> None:
    package, copies = in_county(library, 5)
    ask(library, package, a_library(library, "نور"), *copies[:2])
    given(library, package)
    send_on(library, package, Letter(letter_no="۵"), act(library))
    announce(library, package, act(library))
    ask(library, package, a_library(library, "ساوه", county="ساوه"), copies[2])
    given(library, package)
    with library.store.read() as reader:
        report = county_report(reader, package)
    assert report is not None
    assert len(report.received) == 5
    assert [(one.destination.name if one.destination else "", len(rows_)) for one, rows_ in report.given] == [
        ("نور", 2)
    ]
    assert len(report.left) == 3
    assert report.sent_on is not None
    with library.store.read() as reader:
        found = detail(library, reader, package)
    assert found is not None
    assert [(one.package.kind.value, one.copies) for one in found.handovers] == [
        ("county_centre", 5), ("exchange", 2), ("province_store", 3), ("exchange", 1),
    ]  # fmt: skip


def test_what_nobody_wants_in_six_months_goes_to_the_national_store(library: Library) -> None:
    package, copies = in_province(library)
    early = send_to_store(library, package, Letter(letter_no="۹"), act(library))
    assert codes(early) == ["exchange.too_early"]
    assert isinstance(early, Refused)
    assert early.refusals[0].facts["day"] == dt.date(2027, 5, 20)  # ۳۰ اردیبهشت ۱۴۰۶
    with library.store.read() as reader:
        (standing,) = standings(library, reader)
    assert standing.store_from == dt.date(2027, 5, 20)
    assert standing.days_left(TODAY) == 180
    pass_days(library, 179)
    assert codes(send_to_store(library, package, Letter(letter_no="۹"), act(library))) == ["exchange.too_early"]
    pass_days(library, 1)
    assert codes(send_to_store(library, package, Letter(), act(library))) == ["exchange.letter_needed"]
    done = send_to_store(library, package, Letter(letter_no="۹"), act(library))
    assert isinstance(done, Stands)
    assert stage(library, package) == (DisposalState.FINISHED, ExchangeLevel.NATIONAL)
    with library.store.read() as reader:
        there = whereabouts(reader, copies[0].id)
    assert there is not None
    assert there.package.level is ExchangeLevel.NATIONAL


def test_worn_copies_end_as_paper(library: Library) -> None:
    package, copies = packed(library, 3, reason=WORN)
    assert isinstance(hand(library, package, Letter(), act(library)), Stands)
    assert codes(announce(library, package, act(library))) == ["exchange.worn_to_recycling"]
    recycling = Recycling("کاغذسازی البرز", 12_500, Letter("ر-۳", "۱۲/۴", TODAY))
    assert codes(recycle(library, package, recycling, plain_recycling, act(library))) == ["exchange.stage"]
    assert isinstance(send_on(library, package, Letter(), act(library)), Stands)
    done = recycle(library, package, recycling, plain_recycling, act(library))
    assert isinstance(done, Recycled)
    assert (done.number, done.copies, done.handover.weight_g) == ("1405/1", 3, 12_500)
    assert {paper.kind for paper in rows(library, Document, entity="disposal")} == {DocumentKind.RECYCLING}
    assert codes(note_proceeds(library, package, Proceeds(5_000_000), act(library))) == [
        "exchange.proceeds_receipt", "exchange.notice_needed",
    ]  # fmt: skip
    notice = TODAY + dt.timedelta(days=1)
    for absurd in (
        Proceeds(1, TODAY, "۸۸", "۱۲", notice),
        Proceeds(1, TODAY, "۸۸", "۱۲", TODAY - dt.timedelta(days=1)),
    ):
        assert codes(note_proceeds(library, package, absurd, act(library))) == ["field.invalid"]
    paid = note_proceeds(library, package, Proceeds(5_000_000, receipt_no="۸۸", notice_no="۱۲"), act(library))
    assert isinstance(paid, Stands)
    assert stage(library, package) == (DisposalState.FINISHED, None)
    (handover,) = rows(library, Disposal, parent_id=package, kind="recycling")
    assert (handover.proceeds, handover.paid_on) == (5_000_000, TODAY)
    assert (handover.proceeds_receipt_no, handover.proceeds_notice_no, handover.proceeds_notice_on) == (
        "۸۸", "۱۲", TODAY,
    )  # fmt: skip
    assert (handover.receipt_no, handover.letter_no, handover.letter_on) == ("ر-۳", "۱۲/۴", TODAY), "as handed over"
    again = note_proceeds(library, package, Proceeds(1), act(library))
    assert isinstance(again, Stands)
    assert not again.changed
    assert {status(library, copy) for copy in copies} == {ItemStatus.WEEDED_WORN}


def test_worn_copies_of_use_elsewhere_go_to_libraries_and_never_to_recycling(library: Library) -> None:
    package, _ = packed(library, 2, reason=WORN, verdict=Verdict.REDIRECT)
    hand(library, package, Letter(), act(library))
    assert isinstance(announce(library, package, act(library)), Stands)
    recycling = Recycling("کاغذسازی", 1_000)
    assert codes(recycle(library, package, recycling, plain_recycling, act(library))) == ["exchange.not_worn"]
    ask(library, package, a_library(library))
    assert len(given(library, package)) == 1


@pytest.mark.parametrize(("centre", "weight"), [("", 1_000), ("کاغذسازی", 0), ("کاغذسازی", -1), ("کاغذسازی", 10**12)])
def test_recycling_needs_a_centre_and_a_weight(library: Library, centre: str, weight: int) -> None:
    package, _ = packed(library, 1, reason=WORN)
    hand(library, package, Letter(), act(library))
    send_on(library, package, Letter(), act(library))
    outcome = recycle(library, package, Recycling(centre, weight), plain_recycling, act(library))
    assert codes(outcome) in (["field.required"], ["field.invalid"], ["exchange.weight_absurd"])


def test_a_doubtful_clock_numbers_nothing(library: Library) -> None:
    package, _ = in_county(library, 1)
    ask(library, package, a_library(library))
    outcome = allocate_copies(library, package, act(library))
    assert isinstance(outcome, Allocated)
    doubtful = act(library, doubtful=True)
    assert codes(deliver(library, outcome.deliveries[0].id, Letter(), plain_delivery, doubtful)) == ["clock.doubtful"]


def test_who_may_not_is_refused_everywhere(library: Library) -> None:
    package, copies = in_county(library)
    asker = a_library(library)
    trainee = act(library, Role.TRAINEE)
    weeded(library, 1, DUPLICATE)
    assert "role.not_allowed" in codes(pack(library, DUPLICATE, trainee))
    assert "role.not_allowed" in codes(request_copies(library, package, Asking(asker), trainee))
    ask(library, package, asker, copies[0])
    assert "role.not_allowed" in codes(allocate_copies(library, package, trainee))
    assert "role.not_allowed" in codes(send_on(library, package, Letter(), trainee))


def test_what_is_not_there_is_not_found(library: Library) -> None:
    nowhere = uuid.uuid4()
    for outcome in (
        hand(library, nowhere, Letter(), act(library)),
        announce(library, nowhere, act(library)),
        allocate_copies(library, nowhere, act(library)),
        deliver(library, nowhere, Letter(), plain_delivery, act(library)),
        send_to_store(library, nowhere, Letter(), act(library)),
    ):
        assert outcome == NotFound(Sought.PACKAGE, str(nowhere))
    package, _ = in_county(library)
    assert request_copies(library, package, Asking(nowhere), act(library)) == NotFound(Sought.LIBRARY, str(nowhere))


def test_the_list_of_packages_tells_what_comes_next(library: Library) -> None:
    packed(library, 2)
    with library.store.read() as reader:
        (standing,) = standings(library, reader)
    assert standing.steps == (Step.PACK, Step.UNPACK, Step.HAND)
    assert (standing.copies, standing.left, standing.store_from) == (2, 2, None)


def test_check_finds_what_no_use_case_would_do(library: Library) -> None:
    package, copies = in_county(library, 1)
    asker = a_library(library)
    ask(library, package, asker)
    given(library, package)
    change(library, LicensedLibrary, asker, licence_no=None)
    broken = [one.where for one in check_library(library).broken if one.invariant == "exchange"]
    assert broken == []  # the licence is that of the day of the delivery; it may be lost later
    with library.store.write() as tx:
        kept = rows(library, DisposalRow)[0]
        extra = tx.insert(DisposalRow, disposal_id=package, item_id=copies[0].id, minutes_row_id=kept.minutes_row_id)
        tx.record("test.changed", act(library))
    assert [one.where for one in check_library(library).broken if one.invariant == "exchange"] != []
    with library.store.write() as tx:
        tx.remove(DisposalRow, row(library, DisposalRow, extra), act(library))
        tx.record("test.changed", act(library))
