"""An office that holds a package of this branch tells what it did with it: written here by the use cases of the desk,
once, in whatever order the two learn of each other (002 م7-16 … م7-23؛ نمودار ۲)."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.check import check_library
from app.directives import doing
from app.directives.doing import do_directives
from app.directives.exchanges import DEEDS
from app.directives.facts import (
    Allot,
    Announce,
    AskFacts,
    Decline,
    Deliver,
    ExchangeDeed,
    ExchangeFacts,
    PayIn,
    Receive,
    Recycle,
    Redirect,
    Release,
    SendOn,
    Store,
    plain,
    read,
)
from app.exchange.giving import allocate_copies, deliver
from app.exchange.leaving import send_on
from app.exchange.packing import NO_LETTER, Letter, announce, hand
from app.exchange.proposing import Proposal
from app.library import Library
from db.codes import DirectiveKind, DisposalKind, DisposalState, DocumentKind, ExchangeLevel, ExchangeRequestState
from db.models.centre import DirectiveAnswer
from db.models.collection import Disposal, Document, ExchangeOffer, ExchangeRequest
from db.models.sync import JournalEntry
from tests.app.directives.asking import PLAIN, directive, done, enrol
from tests.app.exchange.going import ask, in_county, in_province, packed, proposal, stage
from tests.app.exchange.weeded import WORN, a_library, plain_delivery
from tests.library import TODAY, act, found, pass_days, rows

COUNTY, PROVINCE = ExchangeLevel.COUNTY, ExchangeLevel.PROVINCE
YESTERDAY = TODAY - dt.timedelta(days=1)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        enrol(library)
        yield library
        assert check_library(library).broken == ()


def told(library: Library, package: uuid.UUID, deed: ExchangeDeed, day: dt.date = TODAY) -> tuple[str, ...]:
    """An office did this; the codes of the answer, none where it was written down."""
    directive(library, DirectiveKind.EXCHANGE_STEP, ExchangeFacts(package, day, deed))
    (answer,) = done(library)
    assert bool(answer.codes) is not answer.done
    assert answer.done or answer.words, "a refusal is told in words"
    return answer.codes


def seen(library: Library, package: uuid.UUID) -> Allot:
    """The proposal as an office confirms it."""
    found_: Proposal = proposal(library, package)
    return Allot({request: tuple(items) for request, items in found_.given.items()}, months=3)


def one(library: Library, kind: DisposalKind, **where: Any) -> Any:
    (found_,) = rows(library, Disposal, kind=kind, **where)
    return found_


def aside(library: Library, package: uuid.UUID) -> uuid.UUID:
    """A delivery put aside for one library that asked for everything."""
    ask(library, package, a_library(library))
    told(library, package, seen(library, package))
    found_: uuid.UUID = one(library, DisposalKind.EXCHANGE, state=DisposalState.PACKED).id
    return found_


def test_every_deed_is_done_by_somebody_and_travels_as_plain_facts() -> None:
    deeds: tuple[ExchangeDeed, ...] = (
        Receive(COUNTY, "ر-۱"), Announce(TODAY), Allot({uuid.uuid4(): (uuid.uuid4(),)}, 3),
        Deliver(uuid.uuid4()), Release(uuid.uuid4()), Decline(uuid.uuid4()), SendOn(), Store("۹"),
        Redirect(("RAF-1",)), Recycle("کاغذسازی", 1), PayIn(1, "۹"),
    )  # fmt: skip
    assert {type(deed) for deed in deeds} == set(DEEDS)
    for deed in deeds:
        facts = ExchangeFacts(uuid.uuid4(), TODAY, deed)
        assert read(ExchangeFacts, plain(facts)) == facts


def test_the_ten_steps_of_the_diagram(library: Library) -> None:
    """نمودار ۲: received, announced, given with minutes, sent on; at the province again; what is left is stored."""
    package, copies = packed(library, 3)
    assert told(library, package, Receive(COUNTY, "ر-۱۲")) == ()
    assert stage(library, package) == (DisposalState.HANDED, COUNTY)
    assert told(library, package, Announce(letter_no="۵")) == ()
    ask(library, package, a_library(library), copies[0])
    assert told(library, package, seen(library, package)) == ()
    delivery = one(library, DisposalKind.EXCHANGE)
    assert told(library, package, Deliver(delivery.id, "ت-۱")) == ()
    assert told(library, package, SendOn(letter_no="۶")) == ()
    assert told(library, package, Receive(PROVINCE, "ا-۳")) == ()
    assert told(library, package, Announce()) == ()
    ask(library, package, a_library(library, "نور ساوه", county="ساوه"), copies[1])
    assert told(library, package, seen(library, package)) == ()
    (second,) = rows(library, Disposal, kind=DisposalKind.EXCHANGE, state=DisposalState.PACKED)
    assert told(library, package, Deliver(second.id)) == ()
    assert told(library, package, Store("۱۲/۹")) == ("exchange.too_early",)
    pass_days(library, 181)
    assert told(library, package, Store("۱۲/۹"), TODAY + dt.timedelta(days=181)) == ()
    assert stage(library, package) == (DisposalState.FINISHED, ExchangeLevel.NATIONAL)
    assert {(paper.kind, paper.number) for paper in rows(library, Document, entity="disposal")} == {
        (DocumentKind.DELIVERY, "1405/1"), (DocumentKind.DELIVERY, "1405/2"),
    }  # fmt: skip


def test_worn_copies_become_paper(library: Library) -> None:
    package, copies = packed(library, 2, WORN)
    assert told(library, package, Receive(COUNTY, "ر-۱")) == ()
    assert told(library, package, Announce()) == ("exchange.worn_to_recycling",)
    assert told(library, package, SendOn()) == ()
    assert told(library, package, Redirect((copies[0].barcode,), "قابل ترمیم است")) == ()
    assert told(library, package, Redirect((copies[0].barcode,))) == ("exchange.not_in_package",)
    assert told(library, package, Recycle("کاغذسازی البرز", 12_250, letter_no="۳")) == ()
    assert told(library, package, PayIn(900_000, "۷/۱")) == ("exchange.proceeds_receipt",)
    assert told(library, package, PayIn(900_000, "۷/۱", "۸۸", TODAY, TODAY + dt.timedelta(days=1))) == (
        "field.invalid",
    )
    assert told(library, package, PayIn(900_000, "۷/۱", "۸۸", TODAY, TODAY)) == ()
    recycled = one(library, DisposalKind.RECYCLING, parent_id=package)
    assert (recycled.weight_g, recycled.proceeds, recycled.letter_no) == (12_250, 900_000, "۳")
    assert (recycled.proceeds_receipt_no, recycled.proceeds_notice_no, recycled.proceeds_notice_on) == (
        "۸۸", "۷/۱", TODAY,
    )  # fmt: skip


def test_the_day_is_that_of_the_office(library: Library) -> None:
    """Weeks later the library hears of it: terms, licences and numbers go by the day on which it was done."""
    package, copies = packed(library, 2)
    ends = a_library(library, "مجوز تا امروز", licensed_until=TODAY)
    pass_days(library, 40)
    assert told(library, package, Receive(COUNTY, "ر-۱")) == ()
    assert told(library, package, Announce(closes_on=TODAY)) == ()
    assert rows(library, ExchangeOffer)[0].announced_on == TODAY
    directive(
        library, DirectiveKind.EXCHANGE_REQUEST, AskFacts(package, ends, asked_at=act(library).at - dt.timedelta(40))
    )
    assert [answer.done for answer in done(library)] == [True]
    request = rows(library, ExchangeRequest)[0]
    confirmed = Allot({request.id: tuple(copy.id for copy in copies)}, 3)
    assert told(library, package, confirmed) == ("exchange.offer_open",), "others may still ask on its last day"
    assert "exchange.licence_expired" in told(library, package, confirmed, TODAY + dt.timedelta(days=1))


def test_a_delivery_is_dated_and_numbered_by_the_day_it_took_place(library: Library) -> None:
    package, _ = in_county(library, 1)
    delivery = aside(library, package)
    pass_days(library, 200)  # another Jalali year has begun
    assert told(library, package, Deliver(delivery, "ت-۱", "۵/۱")) == ()
    made = one(library, DisposalKind.EXCHANGE)
    assert (made.year, made.number, made.handed_on, made.letter_on) == (1405, 1, TODAY, TODAY)


def test_a_day_that_has_not_come_here_is_refused(library: Library) -> None:
    package, _ = in_county(library, 1)
    assert told(library, package, SendOn(), TODAY + dt.timedelta(days=1)) == ("exchange.day",)


Orders = tuple[str, Callable[[Library, uuid.UUID], object], Callable[[Library, uuid.UUID], ExchangeDeed]]
DESK_FIRST: list[Orders] = [
    ("hand", lambda one_, package: hand(one_, package, Letter("ر-۹"), act(one_)), lambda *_: Receive(COUNTY, "ر-۹")),
    ("announce", lambda one_, package: announce(one_, package, act(one_)), lambda *_: Announce()),
    ("send on", lambda one_, package: send_on(one_, package, NO_LETTER, act(one_)), lambda *_: SendOn()),
]


@pytest.mark.parametrize(("name", "by_the_desk", "deed"), DESK_FIRST, ids=[one_[0] for one_ in DESK_FIRST])
def test_what_the_desk_noted_before_is_done_and_changes_nothing(
    library: Library, name: str, by_the_desk: Callable[..., object], deed: Callable[..., ExchangeDeed]
) -> None:
    package, _ = packed(library, 1)
    if name != "hand":
        hand(library, package, NO_LETTER, act(library))
    if name == "send on":
        announce(library, package, act(library))
    by_the_desk(library, package)
    before = rows(library, Disposal)
    assert told(library, package, deed()) == ()
    assert rows(library, Disposal) == before


def test_what_the_desk_gave_before_is_not_given_twice(library: Library) -> None:
    package, copies = in_county(library, 2)
    ask(library, package, a_library(library), copies[0])
    confirmed = seen(library, package)
    given: Any = allocate_copies(library, package, act(library))
    deliver(library, given.deliveries[0].id, NO_LETTER, plain_delivery, act(library))
    assert told(library, package, confirmed) == ()
    assert told(library, package, Deliver(given.deliveries[0].id)) == ()
    assert len(rows(library, Disposal, kind=DisposalKind.EXCHANGE)) == 1
    assert len(rows(library, Document, entity="disposal")) == 2


def test_who_asked_at_the_desk_meanwhile_has_a_turn(library: Library) -> None:
    package, copies = in_county(library, 2)
    ask(library, package, a_library(library))
    confirmed = seen(library, package)
    ask(library, package, a_library(library, "تازه", founded_on=TODAY), copies[0])
    assert told(library, package, confirmed) == ("exchange.proposal_changed",)


def test_a_delivery_that_is_not_taken_and_a_request_that_gets_nothing(library: Library) -> None:
    package, copies = in_county(library, 2)
    delivery = aside(library, package)
    assert told(library, package, Release(delivery)) == ()
    assert told(library, package, Deliver(delivery)) == ("exchange.delivery_released",)
    waiting = ask(library, package, a_library(library, "نور"), copies[0]).request.id
    assert told(library, package, SendOn()) == ("exchange.requests_wait",)
    assert told(library, package, Decline(waiting, "مجوز تمدید نشد")) == ()
    (ended,) = rows(library, ExchangeRequest, id=waiting)
    assert (ended.state, ended.remark) == (ExchangeRequestState.DECLINED, "مجوز تمدید نشد")


def test_what_is_not_here_is_said_so(library: Library) -> None:
    package, _ = in_province(library, 1)
    nowhere = uuid.uuid4()
    assert told(library, nowhere, SendOn()) == ("directive.no_package",)
    assert told(library, package, Deliver(nowhere)) == ("directive.no_package",)
    assert told(library, package, Decline(nowhere)) == ("directive.no_wish",)


@pytest.mark.parametrize(
    "deed", [{"type": "auction"}, {"type": "allot", "given": {"the first": []}, "months": 3}], ids=["new", "spoiled"]
)
def test_what_is_not_understood_is_not_guessed_at(library: Library, deed: dict[str, Any]) -> None:
    """A deed of a newer centre, or a spoiled one: it is answered, and does not stand in the way of the others."""
    facts = plain(ExchangeFacts(uuid.uuid4(), TODAY, SendOn())) | {"deed": deed}
    directive(library, DirectiveKind.EXCHANGE_STEP, facts)
    (answer,) = done(library)
    assert answer.codes == ("directive.unreadable",)


def test_without_printers_what_ends_in_minutes_waits(library: Library) -> None:
    package, _ = in_county(library, 1)
    delivery = aside(library, package)
    directive(library, DirectiveKind.EXCHANGE_STEP, ExchangeFacts(package, TODAY, Deliver(delivery)))
    before = len(rows(library, DirectiveAnswer))
    assert do_directives(library, act(library)) == ()
    assert len(rows(library, DirectiveAnswer)) == before
    (answer,) = do_directives(library, act(library), PLAIN)
    assert answer.done


class _Killed(BaseException):
    pass


def test_killed_between_minutes_and_answer_it_is_delivered_once(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, _ = in_county(library, 1)
    delivery = aside(library, package)
    directive(library, DirectiveKind.EXCHANGE_STEP, ExchangeFacts(package, TODAY, Deliver(delivery)))

    def killed(*_: Any) -> None:
        raise _Killed

    with monkeypatch.context() as patched:
        patched.setattr(doing, "_answer", killed)
        with pytest.raises(_Killed):
            done(library)
    assert one(library, DisposalKind.EXCHANGE).number == 1
    (answer,) = done(library)
    assert answer.done
    assert len(rows(library, Document, entity="disposal")) == 2
    entries = len(rows(library, JournalEntry))
    assert done(library) == ()
    assert len(rows(library, JournalEntry)) == entries


def test_a_power_cut_while_the_minutes_are_set_leaves_nothing(library: Library) -> None:
    package, _ = in_county(library, 1)
    delivery = aside(library, package)
    directive(library, DirectiveKind.EXCHANGE_STEP, ExchangeFacts(package, TODAY, Deliver(delivery)))

    def dies(_: object) -> Any:
        raise _Killed

    with pytest.raises(_Killed):
        do_directives(library, act(library), replace(PLAIN, delivery=dies))
    assert one(library, DisposalKind.EXCHANGE).number is None
    assert rows(library, Document, entity="disposal") == []
    assert [answer.done for answer in done(library)] == [True]
