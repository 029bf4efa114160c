"""One round of synchronisation beside the desk."""

from pathlib import Path

from app.library import Library
from app.sync.branch.device_key import read_device_key
from app.sync.branch.http_line import line_of
from app.sync.branch.rounds import ENDED_WELL, SyncOutcome, sync_round
from app.sync.branch.witness import keep_high_water
from app.sync.packages.form import read_package
from app.sync.packages.receiving import Received, receive
from reports.on_demand import ON_DEMAND
from ui.jobs import Token


def one_round(library: Library, token: Token) -> tuple[SyncOutcome, bool]:
    """A round over the line to the centre this library is enrolled at, and whether the line was good. Raises Trouble,
    and Cancelled on request."""

    def breathe() -> None:
        token.check()
        library.store.give_way()

    with line_of(library) as line:
        outcome = sync_round(library, line, read_device_key(library), pause=breathe, printers=ON_DEMAND)
    keep_high_water(library)
    return outcome, outcome.state in ENDED_WELL


def take_file(library: Library, path: Path) -> Received:
    """A receipt or package of the centre, from a stick. Raises Trouble."""
    return receive(library, read_device_key(library), read_package(path), printers=ON_DEMAND)
