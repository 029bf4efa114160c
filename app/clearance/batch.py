"""Clearing a whole list: each line its own transaction, each with its own result (000 §3-1-3-۲)."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from app.actions import Action
from app.circulation.facts import MemberFacts
from app.clearance.facts import BatchLine, BatchReport, BatchResult, ClearanceRefused, Cleared, MayBeCleared
from app.clearance.lists import ListedPerson, read_list
from app.clearance.paper import CertificatePrinter
from app.clearance.service import CheckOutcome, ClearRequest, check_clearance, clear
from app.library import Library
from app.outcome import NotFound, Refused
from db.act import Act

Tell = Callable[[int, int], bool]
"""(lines done, lines in all) → whether to go on."""


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """The file, and the reason that stands on every certificate. Without `certify` nothing is changed."""

    path: Path
    reason: str = ""
    certify: bool = False


def go_on(_done: int, _total: int) -> bool:
    """Tell nobody, and go on."""
    return True


def clear_list(
    library: Library, request: BatchRequest, printer: CertificatePrinter, act: Act, tell: Tell = go_on
) -> BatchReport | Refused:
    """What becomes of every line; those in between are done when it is stopped, and another run finds them done.

    A key of the request is lent to each line with its number. Raises Trouble P-210x for the file.
    """
    forbidden = library.forbids(act, Action.CLEAR)
    if forbidden:
        return Refused(forbidden)
    with library.store.read() as reader:
        people = read_list(reader, request.path)
    seen: set[uuid.UUID] = set()
    lines: list[BatchLine] = []
    for place, person in enumerate(people, 1):
        if not tell(len(lines), len(people)):
            break
        lines.append(_line(library, request, printer, _keyed(act, place), person, seen))
    return BatchReport(tuple(lines))


def _keyed(act: Act, place: int) -> Act:
    return replace(act, key=f"{act.key}#{place}") if act.key else act


def _line(
    library: Library,
    request: BatchRequest,
    printer: CertificatePrinter,
    act: Act,
    person: ListedPerson,
    seen: set[uuid.UUID],
) -> BatchLine:
    member = person.member
    if member is None:
        return BatchLine(person.line, person.code, BatchResult.UNKNOWN)
    if member.id in seen:
        return BatchLine(person.line, person.code, BatchResult.REPEATED, member)
    seen.add(member.id)
    return _judge(library, request, printer, act, person, member)


def _judge(
    library: Library,
    request: BatchRequest,
    printer: CertificatePrinter,
    act: Act,
    person: ListedPerson,
    member: MemberFacts,
) -> BatchLine:
    wanted = ClearRequest(member.member_no, request.reason)
    outcome: CheckOutcome
    outcome = clear(library, wanted, printer, act) if request.certify else check_clearance(library, wanted, act)
    match outcome:
        case Cleared(certificate, _, already):
            result = BatchResult.ALREADY if already else BatchResult.CLEARED
            return BatchLine(person.line, person.code, result, member, certificate)
        case MayBeCleared():
            return BatchLine(person.line, person.code, BatchResult.MAY_BE, member)
        case ClearanceRefused(_, refusals):
            return BatchLine(person.line, person.code, BatchResult.REFUSED, member, refusals=refusals)
        case NotFound():
            return BatchLine(person.line, person.code, BatchResult.UNKNOWN)
