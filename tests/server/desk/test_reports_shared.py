"""The reports on PostgreSQL tell the same as on SQLite: one history, counted in both."""

import tempfile
from pathlib import Path
from typing import Any

from app.clock import SettableClock
from app.library import Library
from app.setup import found_library
from tests.server.desk.desks import NOW, SET_UP, Desk
from tests.shared import desks

LETTER = {"letter_no": "۱۲/۵"}
WORN = {"reason": "worn", "unbindable": True, "confirm": ["weeding.not_worn", "weeding.unbindable_needed"]}


def do(desk: Desk, op: str, **fields: Any) -> dict[str, Any]:
    told = desk.ask(op, **fields)
    assert told["ok"], (op, told)
    return told


def worked(library: Library) -> dict[str, Any]:
    """Copies are weeded, bound, mended and lent; the figures of the quarter and both looks at the collection."""
    desk = Desk(library)
    for number, dewey in enumerate(("530", "297", "8فا1.31", "020"), 1):
        do(desk, "item.add", title={"title": f"کتاب {number}", "dewey": dewey, "year": 1390}, barcode=f"S-{number}")
    do(desk, "weeding.propose", items=["S-1", "S-2"], **WORN)
    minutes = do(desk, "weeding.minutes", reason="worn")["number"]
    do(desk, "weeding.send", number=minutes, **LETTER)
    do(desk, "weeding.rule", number=minutes, level="county", verdict="approve", **LETTER)
    refused = [{"item": "S-2", "verdict": "reject", "remark": "می‌ماند"}]
    do(desk, "weeding.rule", number=minutes, level="province", verdict="approve", copies=refused, **LETTER)
    do(desk, "weeding.close", number=minutes)
    package = do(desk, "exchange.pack", reason="worn")["package"]
    do(desk, "exchange.hand", package=package, receipt_no="۱", **LETTER)
    do(desk, "binding.request", items=["S-3"])
    request = do(desk, "binding.finalise")["number"]
    do(desk, "binding.dispatch", request=request)
    do(desk, "binding.receive", item="S-3", outcome="bound", cost=150_000)
    do(desk, "mending.add", item="S-4", work="چسب", cost=5_000)
    do(desk, "item.edit", item="S-4", condition="worn", reason="پارگی جلد")
    figures = do(desk, "report.quarter", year=1405, quarter=3)["figures"]
    health = do(desk, "report.health")
    return {
        "figures": figures,
        "balance": do(desk, "report.balance")["rows"],
        "bind": [copy["accession_no"] for copy in health["bind"]],
        "needed": do(desk, "report.list")["needed"],
        "duties": sorted(row["kind"] for row in do(desk, "duties")["rows"]),
    }


def test_a_server_counts_what_a_file_counts() -> None:
    with tempfile.TemporaryDirectory() as folder:
        library, _ = found_library(Path(folder) / "library", SET_UP, SettableClock(NOW))
        with library.store:
            here = worked(library)
    with desks(1) as (library,):
        there = worked(library)
    assert there == here
    worn, binding = here["figures"]["reasons"]["worn"], here["figures"]["binding"]
    assert [worn[name] for name in ("listed", "sent", "approved", "rejected", "weeded", "waiting")] == [
        2,
        2,
        1,
        1,
        1,
        0,
    ]
    assert here["figures"]["weeded_by_class"] == {"5": {"worn": 1}}
    assert [binding[name] for name in ("asked", "sent", "received", "cost", "mended_here", "away")] == [
        1, 1, 1, 155_000, 1, 0,
    ]  # fmt: skip
    assert here["figures"]["exchange"]["copies"] == {"county_centre": 1}
