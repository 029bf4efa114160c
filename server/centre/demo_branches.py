"""Two small demo libraries for `make serve`: one town of the usual demo cut in two, with some readers and some books in
both, enrolled at a centre and synchronised with it once."""

import csv
import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from app.centre import Centre
from app.clock import TEHRAN, SystemClock
from app.demo import upkeep, weeding
from app.demo.build import DemoPlan, build_demo
from app.demo.files import FOLDER
from app.demo.scenes import Scene
from app.library import Library, last_known
from app.outcome import Refused
from app.sync.branch.device_key import ensure_device_key
from app.sync.branch.enrolling import enrol
from app.sync.branch.rounds import SyncOutcome, sync_round
from app.sync.branch.witness import begin_session, keep_high_water
from app.sync.centre.api import answer
from app.sync.enrolling import issue_code
from app.sync.line import Call, Line, Reply
from db.codes import CardState
from db.models.circulation import Loan
from db.models.members import Member, MemberCard
from db.opening import open_library
from reports.printers import PRINTERS

DAYS = 32
"""So short a past is made in seconds."""
SCENES = (
    Scene(31, upkeep.set_the_house),
    Scene(30, weeding.worn_minutes),
    Scene(29, weeding.quiet_minutes),
    Scene(28, weeding.worn_ruled),
    Scene(27, weeding.quiet_forwarded),
    Scene(24, weeding.quiet_leave),
    Scene(20, weeding.libraries_ask),
    Scene(18, upkeep.report_the_quarter),
    Scene(12, weeding.content_minutes),
    Scene(5, weeding.quiet_again),
)
"""Minutes at the county, at the province (some of them late) and closed, a package on the board, a quarterly report."""
Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Half:
    """One of the two: which part of the readers and books of the demo it has (shares of the files)."""

    folder: str
    name: str
    county: str
    city: str
    prefix: str | None
    members: tuple[float, float]
    titles: tuple[float, float]


HALVES = (
    Half("abgarm", "کتابخانه عمومی شهید بهشتی", "اراک", "آبگرم", None, (0, 0.65), (0, 0.6)),
    Half("khondab", "کتابخانه عمومی فردوسی", "خنداب", "خنداب", "KHN-", (0.35, 1), (0.4, 1)),
)


class InOneProcess:
    """A line to a centre in this very process."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre

    def send(self, call: Call, body: bytes, bearer: str = "") -> Reply:
        """One call."""
        return answer(self._centre, call, body, bearer)


def build_half(half: Half, folder: Path) -> None:
    """Make one of the two libraries in an empty folder and close it."""
    today = SystemClock().read().at.astimezone(TEHRAN)
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch)
        _write_data(half, data)
        morning = today.replace(hour=10, minute=24, second=0, microsecond=0)
        ended = min(morning, today - dt.timedelta(minutes=1))
        build_demo(folder, DemoPlan(ended, PRINTERS, DAYS, half.prefix, SCENES), data=data)


def _write_data(half: Half, data: Path) -> None:
    shutil.copy(FOLDER / "staff.csv", data)
    setup = (FOLDER / "library.toml").read_text(encoding="utf-8")
    for mine, its in ((HALVES[0].name, half.name), (HALVES[0].county, half.county), (HALVES[0].city, half.city)):
        setup = setup.replace(f'"{mine}"', f'"{its}"')
    (data / "library.toml").write_text(setup, encoding="utf-8")
    _cut(data, "titles.csv", half.titles, lambda rows: rows)
    _cut(data, "members.csv", half.members, _without_strangers)


def _cut(data: Path, name: str, share: tuple[float, float], tidy: Callable[[Rows], Rows]) -> None:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    kept = tidy(rows[int(share[0] * len(rows)) : int(share[1] * len(rows))])
    with (data / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)


def _without_strangers(rows: Rows) -> Rows:
    """Guarantors and guardians who are readers of the other half are not known here."""
    here = {row["card"] for row in rows}
    for row in rows:
        for column in ("guardian_card", "guarantor_card"):
            if row[column] not in here:
                row[column] = ""
    return rows


def opened(folder: Path) -> Library:
    """A demo library, open. Close its store."""
    store = open_library(folder, None)
    return Library(store, SystemClock(last_known(store)))


def join(centre: Centre, library: Library, url: str) -> None:
    """Enrol a library at the centre by a code, as its head would."""
    line, key = InOneProcess(centre), ensure_device_key(library)
    code = issue_code(centre, library.branch.id, "make serve")
    outcome = enrol(library, url, code.code, line, key, library.act(library.person(None)), code.fingerprint)
    if isinstance(outcome, Refused):
        raise RuntimeError(f"a demo library was not enrolled: {outcome}")


def synchronise(library: Library, line: Line) -> SyncOutcome:
    """One round, as the window does it."""
    key = ensure_device_key(library)
    begin_session(library)
    outcome = sync_round(library, line, key, printers=PRINTERS)
    keep_high_water(library)
    return outcome


def shared_readers(libraries: Sequence[Library]) -> list[str]:
    """Cards of readers of both libraries who may borrow and have nothing in hand at either, lowest number first."""
    cards = [_free_cards(library) for library in libraries]
    return sorted(set.intersection(*cards))


def _free_cards(library: Library) -> set[str]:
    busy = sa.select(Loan.member_id).where(Loan.in_at.is_(None), Loan.member_id.is_not(None))
    with library.store.read() as reader:
        found = reader.connection.execute(
            sa.select(MemberCard.number)
            .join(Member, Member.id == MemberCard.member_id)
            .where(MemberCard.state == CardState.ACTIVE, Member.category == "ordinary", Member.id.not_in(busy))
        )
        return set(found.scalars())
