"""An office without a desk program does the steps of a package in the browser: its library writes them down, and what
speaks against a step is told before anybody is asked (002 م7-15 … م7-24؛ نمودار ۲)."""

import datetime as dt
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.centre import Centre
from app.directives.facts import (
    Allot,
    Announce,
    Decline,
    Deliver,
    ExchangeDeed,
    PayIn,
    Receive,
    Recycle,
    Redirect,
    Release,
    SendOn,
    Store,
)
from app.exchange.packing import NO_LETTER, announce, hand, pack
from app.exchange.requests import Asking, request_copies
from app.library import Library
from app.outcome import NotFound, Refused
from app.persian.jalali import quarter
from app.review.exchange_asking import Wish, WishSent, ask_for
from app.review.exchange_gathered import Sums, by_kind, handed_on
from app.review.exchange_held import AtOffice, Shown, at_office, done_on_the_way, held, office_of
from app.review.exchange_steps import CHECKS, WORDS, StepSent, confirmation, do_step, onward_refusals
from app.review.scopes import ReviewerFacts, branches_in_scope
from db.codes import DisposalKind, ExchangeLevel, ItemStatus, RulingLevel, WeedingReason
from db.models.centre import Directive
from db.models.collection import Disposal, ExchangeRequest
from db.models.items import Item
from tests.app.exchange.weeded import CONTENT, WORN, a_library, weeded
from tests.app.review.centres import act_of, another_library, carried, reviewer, seen_by, told
from tests.app.review.test_exchange_board import licensed
from tests.app.weeding.minutes.on_the_way import COUNTY, PROVINCE
from tests.library import TODAY, act, change, pass_days, rows

HEAD_OFFICE = RulingLevel.HEAD_OFFICE
AT_COUNTY, AT_PROVINCE = ExchangeLevel.COUNTY, ExchangeLevel.PROVINCE


class Office:
    """Somebody of an office, and what a library has told the centre."""

    def __init__(self, centre: Centre, library: Library, level: RulingLevel | None, **fields: Any) -> None:
        self.centre, self.library = centre, library
        self.person: ReviewerFacts = reviewer(centre, level, **fields)

    def sends(self, package: uuid.UUID, deed: ExchangeDeed) -> StepSent | Refused | NotFound:
        return do_step(self.centre, self.person, package, deed, act_of(self.centre, self.person))

    def refused(self, package: uuid.UUID, deed: ExchangeDeed) -> list[str]:
        outcome = self.sends(package, deed)
        assert isinstance(outcome, Refused), outcome
        return [refusal.code for refusal in outcome.refusals]

    def does(self, package: uuid.UUID, deed: ExchangeDeed) -> tuple[str, ...]:
        """Send it, let the library hear of it and answer; the codes of a refusal there."""
        outcome = self.sends(package, deed)
        assert outcome == StepSent(self.library.branch.name), outcome
        (done,) = carried(self.centre, self.library)
        return done.codes

    def sees(self, package: uuid.UUID) -> AtOffice:
        with self.centre.store.read(seen_by([self.library])) as reader:
            found = at_office(reader, [self.library.branch.id], package, self.centre.clock.read().day)
        assert found is not None
        return found

    def confirms(self, package: uuid.UUID) -> Allot:
        found = self.sees(package).proposal
        assert found is not None
        with self.centre.store.read() as reader:
            return confirmation(reader, found, act_of(self.centre, self.person))

    def gives(self, package: uuid.UUID) -> uuid.UUID:
        """Confirm the proposal; the delivery that is put aside."""
        assert self.does(package, self.confirms(package)) == ()
        (aside,) = rows(self.library, Disposal, kind=DisposalKind.EXCHANGE, state="packed")
        found: uuid.UUID = aside.id
        return found


@pytest.fixture
def county(library: Library, centre: Centre) -> Office:
    return Office(centre, library, COUNTY)


@pytest.fixture
def province(library: Library, centre: Centre) -> Office:
    return Office(centre, library, PROVINCE)


def package_of(office: Office, number: int = 3, reason: WeedingReason = CONTENT) -> uuid.UUID:
    """A package that is still in its library, as the centre knows it."""
    weeded(office.library, number, reason)
    packed: Any = pack(office.library, reason, act(office.library))
    told(office.centre, office.library)
    package: uuid.UUID = packed.package.id
    return package


def announced(office: Office, number: int = 3, closes_on: dt.date | None = None) -> uuid.UUID:
    package = package_of(office, number)
    hand(office.library, package, NO_LETTER, act(office.library))
    announce(office.library, package, act(office.library), closes_on)
    told(office.centre, office.library)
    return package


def asked_here(office: Office, package: uuid.UUID, name: str = "کتابخانهٔ نور", **fields: Any) -> uuid.UUID:
    """A library has asked at the desk; the id of its request."""
    asker = a_library(office.library, name, **fields)
    outcome: Any = request_copies(office.library, package, Asking(asker), act(office.library))
    told(office.centre, office.library)
    request: uuid.UUID = outcome.request.id
    return request


def days_pass(office: Office, days: int) -> None:
    pass_days(office.library, days)
    office.centre.clock.now += dt.timedelta(days=days)  # type: ignore[attr-defined]


def test_every_deed_has_words_and_checks() -> None:
    assert set(WORDS) == set(CHECKS)


def test_the_ten_steps_of_diagram_two_without_a_desk_program(county: Office, province: Office) -> None:
    package = package_of(county)
    assert county.does(package, Receive(AT_COUNTY, "ر-۱۲")) == ()  # ۱
    assert county.does(package, Announce(letter_no="۵/۱")) == ()  # ۲
    asked_here(county, package)
    delivery = county.gives(package)
    assert county.does(package, Deliver(delivery, "ت-۱")) == ()  # ۳، ۴: the province sees it where it is gathered
    assert county.sees(package).detail.standing.package.stage.key == "finished/county", "everything was wanted"
    second = package_of(county, 2)
    assert county.does(second, Receive(AT_COUNTY, "ر-۱۳")) == ()
    assert county.does(second, Announce()) == ()
    assert county.does(second, SendOn("۵/۲")) == ()  # ۵
    assert province.does(second, Receive(AT_PROVINCE, "ا-۱")) == ()  # ۶
    assert province.does(second, Announce()) == ()  # ۷
    days_pass(county, 190)
    assert province.does(second, Store("۹/۹")) == ()  # ۱۰
    with county.centre.store.read(seen_by([county.library])) as reader:  # ۹
        given = handed_on(reader, [county.library.branch.id], quarter(TODAY))
    assert [(one.kind, one.copies, one.number, one.to, one.receipt_no) for one in given] == [
        (DisposalKind.COUNTY_CENTRE, 3, "", None, "ر-۱۲"),
        (DisposalKind.EXCHANGE, 3, "1405/1", "کتابخانهٔ نور", "ت-۱"),
        (DisposalKind.COUNTY_CENTRE, 2, "", None, "ر-۱۳"),
        (DisposalKind.PROVINCE_STORE, 2, "", None, "ا-۱"),
    ]
    assert given[1].document_id is not None


def test_worn_copies_are_recycled_from_the_browser(county: Office, province: Office) -> None:
    package = package_of(county, 2, WORN)
    assert county.does(package, Receive(AT_COUNTY, "ر-۱")) == ()
    assert county.refused(package, Announce()) == ["exchange.worn_to_recycling"]
    assert county.does(package, SendOn("۵")) == ()
    assert province.does(package, Recycle("کاغذسازی البرز", 1_250)) == ()
    assert province.sees(package).holder is AT_PROVINCE, "the province answers for the money (م10-2)"
    assert province.does(package, PayIn(700_000, "۷/۱", "۸۸", TODAY)) == ()
    with province.centre.store.read(seen_by([province.library])) as reader:
        sums = by_kind(reader, [province.library.branch.id], quarter(TODAY))
    assert sums[DisposalKind.RECYCLING] == Sums(1, 2, 1_250, 700_000)


def test_what_the_expert_finds_of_use_goes_to_libraries(county: Office, province: Office) -> None:
    """نمودار ۲-۷: «بازبینی منابع فرسوده توسط کارشناس منابع»."""
    package = package_of(county, 3, WORN)
    county.does(package, Receive(AT_COUNTY, "ر-۱"))
    county.does(package, SendOn())
    copies = province.sees(package).left
    assert province.refused(package, Redirect(())) == ["field.required"]
    assert province.refused(package, Redirect(("RAF-404",))) == ["exchange.not_in_package"]
    assert county.refused(package, Redirect((copies[0].barcode,))) == ["exchange.not_your_level"]
    assert province.does(package, Redirect((copies[0].barcode,), "قابل ترمیم است")) == ()
    assert province.does(package, Recycle("کاغذسازی البرز", 1_250)) == ()
    with province.centre.store.read(seen_by([province.library])) as reader:
        page = held(reader, [province.library.branch.id], AT_PROVINCE, Shown.MINE, 0, 10)
        sums = by_kind(reader, [province.library.branch.id], quarter(TODAY))
    assert {(one.kind, one.copies, one.received) for one in page.packages} == {
        (DisposalKind.COUNTY_CENTRE, 1, None), (DisposalKind.RECYCLING, 2, None),
    }  # fmt: skip
    assert sums[DisposalKind.RECYCLING].copies == 2
    assert sums[DisposalKind.PROVINCE_STORE].copies == 3


def test_every_handover_counts_the_copies_that_went_with_it(county: Office) -> None:
    package = announced(county, 3)
    asker = a_library(county.library, "کتابخانهٔ یک نسخه")
    copies = county.sees(package).left
    request_copies(county.library, package, Asking(asker, (copies[0].barcode,)), act(county.library))
    told(county.centre, county.library)
    county.does(package, Deliver(county.gives(package)))
    county.does(package, SendOn())
    with county.centre.store.read(seen_by([county.library])) as reader:
        given = handed_on(reader, [county.library.branch.id], quarter(TODAY))
        second = handed_on(reader, [county.library.branch.id], quarter(TODAY), start=1, most=1)
        sums = by_kind(reader, [county.library.branch.id], quarter(TODAY))
        none = handed_on(reader, [], quarter(TODAY))
        sent_on = handed_on(reader, [county.library.branch.id], quarter(TODAY), DisposalKind.PROVINCE_STORE)
    assert [(one.kind, one.copies) for one in given] == [
        (DisposalKind.COUNTY_CENTRE, 3), (DisposalKind.EXCHANGE, 1), (DisposalKind.PROVINCE_STORE, 2),
    ]  # fmt: skip
    assert none == ()
    assert second == given[1:2]
    assert {kind: one.copies for kind, one in sums.items()} == {one.kind: one.copies for one in given}
    assert [one.kind for one in sent_on] == [DisposalKind.PROVINCE_STORE]


def test_what_is_on_the_shelf_again_went_nowhere(county: Office) -> None:
    """002 م8-4: the centre counts what the report of the library counts."""
    package = announced(county, 3)
    back = county.sees(package).left[0]
    change(county.library, Item, back.item_id, status=ItemStatus.AVAILABLE)
    told(county.centre, county.library)
    here, season = [county.library.branch.id], quarter(TODAY)
    with county.centre.store.read(seen_by([county.library])) as reader:
        assert [one.copies for one in handed_on(reader, here, season)] == [2]
        assert by_kind(reader, here, season)[DisposalKind.COUNTY_CENTRE].copies == 2


Refusals = list[tuple[str, Callable[[Office], tuple[uuid.UUID, ExchangeDeed]], list[str]]]
SPEAKS_AGAINST: Refusals = [
    ("7-15 no receipt", lambda it: (package_of(it), Receive(AT_COUNTY, "")), ["exchange.receipt_needed"]),
    ("announced already", lambda it: (announced(it), Announce()), ["exchange.stage"]),
    (
        "7-17 a day gone by",
        lambda it: (_handed(it), Announce(TODAY - dt.timedelta(days=1))),
        ["exchange.closing_day"],
    ),
    ("7-17 nobody asks", lambda it: (announced(it), Allot({}, 3)), ["exchange.no_requests"]),
    ("7-17 another proposal", lambda it: (_asked(it), Allot({}, 3)), ["exchange.proposal_changed"]),
    ("7-18 requests wait", lambda it: (_asked(it), SendOn()), ["exchange.requests_wait"]),
    ("not announced yet", lambda it: (_handed(it), SendOn()), ["exchange.stage"]),
    ("7-23 not worn", lambda it: (announced(it), Recycle("کاغذسازی", 1_000)), ["exchange.not_worn"]),
    ("no such delivery", lambda it: (announced(it), Deliver(uuid.uuid4())), ["directive.no_package"]),
    ("no such delivery to free", lambda it: (announced(it), Release(uuid.uuid4())), ["directive.no_package"]),
    ("no such request", lambda it: (announced(it), Decline(uuid.uuid4(), "دلیل")), ["directive.no_wish"]),
]


def _handed(office: Office) -> uuid.UUID:
    package = package_of(office)
    hand(office.library, package, NO_LETTER, act(office.library))
    told(office.centre, office.library)
    return package


def _asked(office: Office) -> uuid.UUID:
    package = announced(office)
    asked_here(office, package)
    return package


@pytest.mark.parametrize(
    ("prepared", "wanted"), [one[1:] for one in SPEAKS_AGAINST], ids=[one[0] for one in SPEAKS_AGAINST]
)
def test_what_speaks_against_a_step_is_told_at_once(
    county: Office, prepared: Callable[[Office], tuple[uuid.UUID, ExchangeDeed]], wanted: list[str]
) -> None:
    package, deed = prepared(county)
    assert county.refused(package, deed) == wanted
    assert _directives(county.centre) == 0


def _directives(centre: Centre) -> int:
    with centre.store.read() as reader:
        found: int = reader.connection.execute(sa.select(sa.func.count()).select_from(Directive)).scalar_one()
    return found


def test_bad_weights_and_money_are_refused(county: Office, province: Office) -> None:
    package = package_of(county, 2, WORN)
    county.does(package, Receive(AT_COUNTY, "ر-۱"))
    county.does(package, SendOn())
    assert province.refused(package, Recycle("کاغذسازی", 0)) == ["field.invalid"]
    assert province.refused(package, Recycle("", 900_000)) == ["field.required", "exchange.weight_absurd"]
    assert province.refused(package, PayIn(5, "۹")) == ["exchange.stage"]
    province.does(package, Recycle("کاغذسازی", 1_000))
    assert province.refused(package, PayIn(5, "")) == ["exchange.proceeds_receipt", "exchange.notice_needed"]
    assert province.refused(package, PayIn(-5, "۹", "۸")) == ["field.invalid"]
    assert province.refused(package, PayIn(5, "۹", "۸", TODAY + dt.timedelta(days=1))) == ["field.invalid"]


def test_the_store_waits_for_its_six_months_and_a_letter(county: Office, province: Office) -> None:
    package = announced(county)
    county.does(package, SendOn())
    province.does(package, Announce())
    assert province.refused(package, Store("")) == ["exchange.too_early", "exchange.letter_needed"]
    with province.centre.store.read() as reader:
        held_back = onward_refusals(reader, province.sees(package), TODAY)
        later = onward_refusals(reader, province.sees(package), TODAY + dt.timedelta(days=200))
    assert [refusal.code for refusal in held_back] == ["exchange.too_early"]
    assert later == ()


@pytest.mark.parametrize(
    "deed", [SendOn(), Announce(), Recycle("کاغذسازی", 1_000)], ids=lambda deed: type(deed).__name__
)
def test_a_package_is_moved_by_the_office_that_holds_it(county: Office, province: Office, deed: ExchangeDeed) -> None:
    package = announced(county)
    assert province.refused(package, deed)[0] == "exchange.not_your_level"
    for stranger in (Office(county.centre, county.library, HEAD_OFFICE, province=None), province):
        assert "exchange.not_your_level" in stranger.refused(package, Receive(AT_COUNTY, "۱"))


def test_who_only_looks_does_nothing(county: Office) -> None:
    package = announced(county)
    looking = Office(county.centre, county.library, None)
    assert office_of(looking.person) is None
    assert "role.not_allowed" in looking.refused(package, SendOn())


def test_packages_of_others_are_not_there(county: Office, tmp_path: Path) -> None:
    saveh = another_library(tmp_path / "saveh", "کتابخانه ساوه", county="ساوه")
    with saveh.store:
        theirs = announced(Office(county.centre, saveh, COUNTY))
        for package in (theirs, uuid.uuid4()):
            assert isinstance(county.sends(package, SendOn()), NotFound)


def test_the_same_deed_twice_is_sent_once(county: Office) -> None:
    package = announced(county)
    assert county.sends(package, SendOn("۵")) == StepSent(county.library.branch.name)
    assert county.sends(package, SendOn("۵")) == StepSent(county.library.branch.name, changed=False)
    assert _directives(county.centre) == 1


def test_nothing_else_is_begun_while_an_answer_is_on_the_way(county: Office) -> None:
    package = _asked(county)
    assert isinstance(county.sends(package, county.confirms(package)), StepSent)
    request = rows(county.library, ExchangeRequest)[0].id
    assert county.refused(package, Decline(request, "دلیل")) == ["exchange.on_the_way"]
    assert isinstance(county.sends(package, Receive(AT_COUNTY, "ر-۱")), StepSent), (
        "a receipt is a paper and moves nothing"
    )
    assert county.refused(package, Receive(AT_COUNTY, "ر-۲")) == ["exchange.on_the_way"]


def test_several_deliveries_go_side_by_side(county: Office) -> None:
    package = announced(county, 2)
    for name, copy in zip(("نور", "مهر"), county.sees(package).left, strict=True):
        asker = a_library(county.library, name)
        request_copies(county.library, package, Asking(asker, (copy.barcode,)), act(county.library))
    told(county.centre, county.library)
    assert county.does(package, county.confirms(package)) == ()
    first, second = (one.id for one in rows(county.library, Disposal, kind=DisposalKind.EXCHANGE))
    assert isinstance(county.sends(package, Deliver(first)), StepSent)
    assert isinstance(county.sends(package, Deliver(second)), StepSent)
    assert county.refused(package, Release(first)) == ["exchange.on_the_way"]
    assert [done.codes for done in carried(county.centre, county.library)] == [(), ()]
    assert county.refused(package, Release(first)) == ["exchange.delivered"]
    assert {one.number for one in rows(county.library, Disposal, kind=DisposalKind.EXCHANGE)} == {1, 2}


def test_who_asked_at_the_centre_is_not_passed_over(county: Office) -> None:
    package = _asked(county)
    asker = licensed(county.centre)
    sent = ask_for(county.centre, county.person, Wish(package, asker), act_of(county.centre, county.person))
    assert isinstance(sent, WishSent)
    assert county.refused(package, county.confirms(package)) == ["exchange.on_the_way"]


def test_what_the_library_refuses_is_shown_until_it_was_done(county: Office) -> None:
    """The other order: the desk did something else meanwhile, and the centre had not heard of it."""
    package = _asked(county)
    seen = county.confirms(package)
    late = a_library(county.library, "تازه", founded_on=TODAY)
    request_copies(county.library, package, Asking(late), act(county.library))  # the centre does not know of it yet
    assert county.does(package, seen) == ("exchange.proposal_changed",)
    with county.centre.store.read() as reader:
        (told_,) = done_on_the_way(reader, county.library.branch.id, package)
    assert (told_.is_open, told_.by, told_.day) == (False, county.person.name, TODAY)
    assert "پس از دیدن شما تغییر کرده است" in (told_.refused or "")
    assert county.does(package, county.confirms(package)) == ()
    with county.centre.store.read() as reader:
        assert done_on_the_way(reader, county.library.branch.id, package) == ()


def test_who_has_no_licence_gets_nothing_and_is_told_no(county: Office) -> None:
    package = announced(county)
    ends = asked_here(county, package, licensed_until=TODAY)
    days_pass(county, 1)
    (share,) = county.sees(package).proposal.shares  # type: ignore[union-attr]
    assert (share.copies, [refusal.code for refusal in share.refusals]) == ((), ["exchange.licence_expired"])
    assert county.refused(package, county.confirms(package)) == ["exchange.licence_expired"]
    assert county.refused(package, Decline(ends)) == ["reason.required"]
    assert county.does(package, Decline(ends, "مجوز تمدید نشده است")) == ()
    assert county.does(package, SendOn()) == ()


def test_the_general_office_notes_what_reached_the_national_store(county: Office, province: Office) -> None:
    package = announced(county)
    office = Office(county.centre, county.library, HEAD_OFFICE, province=None)
    assert office.refused(package, Receive(ExchangeLevel.NATIONAL, "ن-۱")) == ["exchange.stage"]
    county.does(package, SendOn())
    province.does(package, Announce())
    days_pass(county, 190)
    province.does(package, Store("۹/۹"))
    assert office.does(package, Receive(ExchangeLevel.NATIONAL, "ن-۱")) == ()
    (stored,) = rows(county.library, Disposal, kind=DisposalKind.NATIONAL_STORE)
    assert (stored.receipt_no, stored.letter_no) == ("ن-۱", "۹/۹")


def test_an_office_sees_what_it_holds_or_expects(county: Office, province: Office) -> None:
    at_county, at_province, in_house = announced(county, 2), announced(county, 3), package_of(county, 1)
    asked_here(county, at_county)
    county.does(at_province, SendOn())

    def listed(office: Office, shown: Shown) -> dict[uuid.UUID, tuple[int, int, str | None]]:
        scope = _scope(office)
        with office.centre.store.read(seen_by(scope)) as reader:
            page = held(reader, scope, office_of(office.person), shown, 0, 10)
        assert page.total == len(page.packages)
        return {one.id: (one.left, one.waiting, one.received) for one in page.packages}

    assert listed(county, Shown.MINE) == {in_house: (1, 0, None), at_county: (2, 1, None)}
    assert set(listed(province, Shown.MINE)) == {at_province}
    assert set(listed(province, Shown.OPEN)) == {in_house, at_county, at_province}
    province.does(at_province, Receive(AT_PROVINCE, "ا-۷"))
    assert listed(province, Shown.MINE)[at_province][2] == "ا-۷"
    stranger = Office(county.centre, county.library, COUNTY, county="ساوه")
    assert listed(stranger, Shown.ALL) == {}


def _scope(office: Office) -> tuple[uuid.UUID, ...]:
    with office.centre.store.read() as reader:
        return branches_in_scope(reader, office.person)
