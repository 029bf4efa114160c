"""The letter of the titles whose weeding was refused (002 م7-10), to the county office."""

import datetime as dt
from dataclasses import dataclass

from app.library import BranchFacts, Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from app.staff.offices import Position, officers_on
from app.weeding.minutes.reads import MinutesKey, find_minutes
from app.weeding.minutes.tracking import RefusedRow, refused_rows
from db.codes import RulingLevel, WeedingReason


@dataclass(frozen=True, slots=True)
class RefusedTitles:
    """What the letter says. `signatory` is whose letter it is: the provincial expert's, or of a refusal by the county
    alone the library's; `signer` the name, empty where it is not known."""

    branch: BranchFacts
    reason: WeedingReason
    number: str
    revision: int
    day: dt.date
    rows: tuple[RefusedRow, ...]
    signatory: Position
    signer: str


def refused_titles(library: Library, key: MinutesKey, day: dt.date) -> RefusedTitles | Refused | NotFound:
    """The refused copies of minutes for a letter of this day; refused itself where no level refused a copy."""
    with library.store.read() as reader:
        minutes = find_minutes(reader, key)
        if minutes is None:
            return NotFound(Sought.MINUTES, str(key))
        rows = refused_rows(reader, minutes.id)
        if not rows:
            return Refused((Refusal("minutes.nothing_refused", "7-10", facts={"number": minutes.number_text}),))
        by_county = all(row.ruling.level is RulingLevel.COUNTY for row in rows)
        signatory = Position.BRANCH_HEAD if by_county else Position.PROVINCE_REVIEWER
        return RefusedTitles(
            library.branch, minutes.reason, minutes.number_text, minutes.revision, day, rows, signatory,
            officers_on(reader, day).get(signatory, ""),
        )  # fmt: skip
