"""What the headless desk tells of shelf-reading: sessions, scans and lists as facts."""

from collections.abc import Iterable
from typing import assert_never

from app.circulation.outcomes import CardInstead, OfOtherBranch
from app.stocktake.applying import Back
from app.stocktake.facts import Between, IsbnInstead, Scanned, ShelfCopy, Stranger
from app.stocktake.queries import ClassReading, SessionLine
from app.stocktake.reckoning import ReadCopy, Reckoning, StrangeCode
from app.stocktake.tally import ClassProgress
from server.desk.answers import Facts


def class_read(reading: ClassReading, due: set[int]) -> Facts:
    """When a class was read last, and when the timetable wants it again."""
    return {
        "class": f"{reading.main_class}00", "read_on": reading.read_on, "whole": reading.whole,
        "due_on": reading.due_on, "due": reading.main_class in due,
    }  # fmt: skip


def state_of(line: SessionLine) -> Facts:
    """A session: its range as written, its state, its days."""
    known = line.session
    first, last = known.words
    return {
        "session": known.id, "name": known.name, "state": known.state, "from": first, "to": last,
        "section": known.shelf.section, "opened_at": known.opened_at, "closed_at": known.closed_at,
    }  # fmt: skip


def class_progress(classes: tuple[ClassProgress, ...]) -> Facts:
    """Class, expected, seen."""
    return {"classes": [[one.main_class, one.expected, one.seen] for one in classes]}


def scanned_facts(scanned: Scanned) -> Facts:
    """One scan with all it told."""
    told: Facts = {
        "scan": scanned.scan_id,
        "finding": scanned.finding,
        "scanner": scanned.scanner,
        "code": scanned.code,
    }
    if scanned.copy is not None:
        told |= copy_facts(scanned.copy) | {"status": scanned.copy.status}
    if scanned.belongs is not None:
        told |= _between(scanned.belongs)
    if scanned.elsewhere is not None:
        told["belongs_to"] = scanned.elsewhere
    if scanned.read_before is not None:
        told |= {"first_finding": scanned.read_before.finding, "first_at": scanned.read_before.at}
    if scanned.holder is not None:
        member = scanned.holder.member
        told |= {"due": scanned.holder.due_on, "member": member.id if member else None}
    if scanned.stranger is not None:
        told["stranger"] = _stranger(scanned.stranger)
    if scanned.revised:
        told["revised"] = [{"scan": key, "finding": finding} for key, finding in scanned.revised.items()]
    return told


def _between(belongs: Between) -> Facts:
    return {"after": _neighbour(belongs.before), "before": _neighbour(belongs.after)}


def _neighbour(copy: ShelfCopy | None) -> Facts | None:
    return None if copy is None else copy_facts(copy)


def copy_facts(copy: ShelfCopy) -> Facts:
    """What names a copy."""
    return {
        "item": copy.id, "barcode": copy.barcode, "accession_no": copy.accession_no, "title": copy.title,
        "call_number": copy.call_number,
    }  # fmt: skip


def lists_of(reckoning: Reckoning) -> Facts:
    """The numbers of a session under `figures`, its lists by their own names."""
    return {
        "figures": reckoning.figures(),
        "missing": [copy_facts(copy) for copy in reckoning.missing],
        "spared": [copy_facts(copy) | {"why": why} for copy, why in reckoning.spared],
        "misplaced": [_read(one) for one in reckoning.misplaced],
        "elsewhere": [_read(one) for one in reckoning.elsewhere],
        "found": [_read(one) for one in reckoning.found],
        "on_loan": [_read(one) for one in reckoning.lent],
        "weeded": [_read(one) for one in reckoning.weeded],
        "away": [_read(one) for one in reckoning.away],
        "changed": [_read(one) for one in reckoning.changed],
        "to_bind": [_read(one) for one in reckoning.to_bind],
        "unbindable": [_read(one) for one in reckoning.unbindable],
        "to_label": [_read(one) for one in reckoning.to_label],
        "unknown": [_unknown(one) for one in reckoning.unknown],
        "by_choice": [one.copy.barcode for one in reckoning.by_choice],
    }


def _read(read: ReadCopy) -> Facts:
    told: Facts = copy_facts(read.copy) | {
        "status": read.copy.status, "condition": read.condition, "scanner": read.scan.scanner, "at": read.scan.at,
    }  # fmt: skip
    if read.holder is not None:
        told |= {"due": read.holder.due_on, "member": read.holder.member.id if read.holder.member else None}
    return told | (_between(read.belongs) if read.belongs else {})


def _unknown(strange: StrangeCode) -> Facts:
    told: Facts = {"code": strange.scan.code, "scanner": strange.scan.scanner, "at": strange.scan.at}
    return told if strange.stranger is None else told | {"stranger": _stranger(strange.stranger)}


def _stranger(stranger: Stranger) -> Facts:
    match stranger:
        case OfOtherBranch():
            return {"what": "other_branch", "branch": stranger.branch, "title": stranger.title}
        case IsbnInstead():
            return {"what": "isbn", "title": stranger.title, "accession_nos": list(stranger.accession_nos)}
        case CardInstead():
            return {"what": "card", "member": stranger.member.id}
        case _:
            assert_never(stranger)


def to_hold_shelf(kept: Iterable[Back]) -> list[Facts]:
    """The copies to be brought from the shelf to the hold shelf, each with its reader."""
    return [copy_facts(one.copy) | {"member": one.hold_for.id if one.hold_for else None} for one in kept]
