"""The operations of the protocol as a table: name, fields, function, and the permission it needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from msgspec import Struct

from app.actions import Action
from server.desk import catalogue, circulation, housekeeping, importing, members, policy, requests, weeding
from server.desk.answers import Facts
from server.desk.decoding import reader_of
from server.desk.requests import Request
from server.desk.session import Session

R = TypeVar("R", bound=Struct)


@dataclass(frozen=True, slots=True)
class Operation:
    """How a line is read, and what is done with it. `needs` None: everybody who works here may."""

    prepare: Callable[[bytes], "Callable[[Session], Facts] | Facts"]
    needs: Action | None


def operation(kind: type[R], run: Callable[[Session, R], Facts], needs: Action | None = None) -> Operation:
    """An operation whose requests are of `kind`."""
    read = reader_of(kind)

    def prepare(line: bytes) -> Callable[[Session], Facts] | Facts:
        request = read(line)
        if isinstance(request, dict):
            return request
        return lambda session: run(session, request)

    return Operation(prepare, needs)


OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        "checkout": operation(requests.Checkout, circulation.checkout, Action.LEND),
        "checkin": operation(requests.Checkin, circulation.checkin, Action.LEND),
        "renew": operation(requests.Renew, circulation.renew, Action.LEND),
        "undo": operation(Request, circulation.undo, Action.UNDO),
        "member.add": operation(requests.MemberAdd, members.add, Action.REGISTER_MEMBER),
        "member.show": operation(requests.MemberShow, members.show, Action.LEND),
        "member.find": operation(requests.Find, members.find, Action.LEND),
        "item.add": operation(requests.ItemAdd, catalogue.add_copy, Action.CATALOGUE),
        "item.show": operation(requests.ItemShow, catalogue.show_copy),
        "title.add": operation(requests.TitleAdd, catalogue.add_record, Action.CATALOGUE),
        "title.find": operation(requests.Find, catalogue.find_titles),
        "search": operation(requests.Search, catalogue.search),
        "policy.set": operation(requests.PolicySet, policy.set_table, Action.CHANGE_POLICY),
        "policy.explain": operation(requests.PolicyExplain, policy.explain),
        "weeding.propose": operation(requests.WeedingPropose, weeding.propose_copies, Action.WEED),
        "weeding.minutes": operation(requests.WeedingMinutes, weeding.minutes, Action.FINALISE_MINUTES),
        "form": operation(requests.Form, weeding.write_form, Action.WEED),
        "import": operation(requests.Import, importing.take_in, Action.IMPORT),
        "check": operation(Request, housekeeping.check),
        "ping": operation(Request, housekeeping.ping),
        "clock.set": operation(requests.ClockSet, housekeeping.set_clock),
        "clock.advance": operation(requests.ClockAdvance, housekeeping.advance_clock),
    }
)

# Named by the protocol, done by a later version: their callers are told so, not that they mistyped a name.
NOT_YET = frozenset(
    {
        "hold.place", "hold.cancel", "hold.suspend", "hold.list",
        "item.lost", "item.found", "item.damaged", "item.claimed_returned", "item.replaced", "item.edit",
        "pay", "waive", "refund", "charge", "restrict", "unrestrict", "clearance",
        "member.edit", "member.renew", "member.merge",
        "calendar.close", "calendar.open", "calendar.hours",
        "weeding.candidates", "weeding.send", "weeding.rule", "weeding.close",
        "binding.request", "binding.dispatch", "binding.receive",
        "stocktake.start", "stocktake.scan", "stocktake.report", "stocktake.close",
        "sync",
    }
)  # fmt: skip
