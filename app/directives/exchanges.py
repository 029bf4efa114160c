"""Packages of weeded copies of this branch: a licensed library asks on the exchange board of the centre, and an office
that holds a package tells what it did with it (002 م7-16 … م7-23؛ نمودار ۲)."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Protocol

from app.clock import day_of
from app.directives.facts import (
    Allot,
    Announce,
    AskFacts,
    Decline,
    Deliver,
    ExchangeFacts,
    PayIn,
    Receive,
    Recycle,
    Redirect,
    Release,
    SendOn,
    Store,
)
from app.directives.outcomes import Deed, Refusing
from app.exchange.giving import Confirmed, allocate_copies, deliver, release
from app.exchange.leaving import Proceeds, Recycling, note_proceeds, recycle, send_on, send_to_store
from app.exchange.packing import Letter, announce
from app.exchange.paper import DeliveryPrinter, RecyclingPrinter
from app.exchange.receiving import receive
from app.exchange.redirecting import redirect
from app.exchange.requests import Asking, end_request, request_copies
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from db.act import Act
from db.codes import ExchangeRequestState

MISSING = {
    Sought.PACKAGE: "directive.no_package",
    Sought.LIBRARY: "directive.no_library",
    Sought.EXCHANGE_REQUEST: "directive.no_wish",
}


class ExchangePrinters(Protocol):
    """Who sets the minutes of deliveries and of recycling on paper."""

    @property
    def delivery(self) -> DeliveryPrinter:
        """Minutes of a delivery."""
        ...

    @property
    def recycling(self) -> RecyclingPrinter:
        """Minutes of recycling."""
        ...


def ask(library: Library, facts: AskFacts, act: Act) -> Deed | Refusing:
    """Note the request with the moment it was made at the centre: turns and terms go by it (002 م7-17)."""
    asking = Asking(facts.library, facts.items, facts.has_space, facts.asked_at, facts.remark)
    asked_on = act.day if facts.asked_at is None else min(day_of(facts.asked_at), act.day)
    return _told(request_copies(library, facts.package, asking, _on(act, asked_on)))


def step(library: Library, facts: ExchangeFacts, act: Act, printers: ExchangePrinters) -> Deed | Refusing:
    """Do what the office did, with the day on which it did it: terms, licences and numbers go by that day."""
    if facts.day > act.day:
        return Refusing((Refusal("exchange.day", facts={"day": facts.day}),))
    do = DEEDS[type(facts.deed)]
    return _told(do(library, facts.package, facts.deed, _on(act, facts.day), printers))


def _on(act: Act, day: dt.date) -> Act:
    return replace(act, stamp=replace(act.stamp, day=day))


def _told(outcome: object) -> Deed | Refusing:
    if isinstance(outcome, NotFound):
        return Refusing((Refusal(MISSING[outcome.what]),))
    return Refusing(outcome.refusals) if isinstance(outcome, Refused) else Deed()


def _receive(library: Library, package: uuid.UUID, deed: Receive, act: Act, _: ExchangePrinters) -> object:
    return receive(library, package, deed.level, Letter(deed.receipt_no, remark=deed.remark), act)


def _announce(library: Library, package: uuid.UUID, deed: Announce, act: Act, _: ExchangePrinters) -> object:
    return announce(library, package, act, deed.closes_on, deed.letter_no)


def _allot(library: Library, package: uuid.UUID, deed: Allot, act: Act, _: ExchangePrinters) -> object:
    given = {request: frozenset(items) for request, items in deed.given.items()}
    return allocate_copies(library, package, act, Confirmed(given, deed.months))


def _deliver(library: Library, _: uuid.UUID, deed: Deliver, act: Act, printers: ExchangePrinters) -> object:
    letter = Letter(deed.receipt_no, deed.letter_no, _letter_on(deed.letter_no, act.day))
    return deliver(library, deed.delivery, letter, printers.delivery, act)


def _release(library: Library, _: uuid.UUID, deed: Release, act: Act, __: ExchangePrinters) -> object:
    return release(library, deed.delivery, act)


def _decline(library: Library, _: uuid.UUID, deed: Decline, act: Act, __: ExchangePrinters) -> object:
    return end_request(library, deed.request, ExchangeRequestState.DECLINED, deed.remark, act)


def _send_on(library: Library, package: uuid.UUID, deed: SendOn, act: Act, _: ExchangePrinters) -> object:
    letter = Letter(letter_no=deed.letter_no, letter_on=_letter_on(deed.letter_no, act.day))
    return send_on(library, package, letter, act)


def _store(library: Library, package: uuid.UUID, deed: Store, act: Act, _: ExchangePrinters) -> object:
    return send_to_store(library, package, Letter(letter_no=deed.letter_no, letter_on=act.day), act)


def _redirect(library: Library, package: uuid.UUID, deed: Redirect, act: Act, _: ExchangePrinters) -> object:
    return redirect(library, package, deed.items, act, deed.remark)


def _recycle(library: Library, package: uuid.UUID, deed: Recycle, act: Act, printers: ExchangePrinters) -> object:
    letter = Letter(deed.receipt_no, deed.letter_no, _letter_on(deed.letter_no, act.day))
    return recycle(library, package, Recycling(deed.centre, deed.weight_g, letter), printers.recycling, act)


def _pay_in(library: Library, package: uuid.UUID, deed: PayIn, act: Act, _: ExchangePrinters) -> object:
    paid = Proceeds(deed.amount, deed.paid_on, deed.receipt_no, deed.notice_no, deed.notice_on)
    return note_proceeds(library, package, paid, act)


def _letter_on(letter_no: str | None, day: dt.date) -> dt.date | None:
    return day if letter_no else None


DEEDS: Mapping[type, Callable[[Library, uuid.UUID, Any, Act, ExchangePrinters], object]] = MappingProxyType(
    {
        Receive: _receive,
        Announce: _announce,
        Allot: _allot,
        Deliver: _deliver,
        Release: _release,
        Decline: _decline,
        SendOn: _send_on,
        Store: _store,
        Redirect: _redirect,
        Recycle: _recycle,
        PayIn: _pay_in,
    }
)
