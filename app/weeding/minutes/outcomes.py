"""What the steps of minutes take and what came of them."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from db.codes import MinutesState, RulingLevel, Verdict

LONGEST_REMARK = 500


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter that carried a step: its number, its day (None: today), and who signed it."""

    number: str = ""
    day: dt.date | None = None
    by: str = ""


NO_LETTER = Letter()


@dataclass(frozen=True, slots=True)
class Scan:
    """A letter or receipt that was scanned, to be filed with minutes."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Strike:
    """A copy (barcode or accession number) taken off minutes that are issued anew, and why."""

    item: str
    why: str


@dataclass(frozen=True, slots=True)
class CopyRuling:
    """What was ruled on one copy (barcode or accession number)."""

    item: str
    verdict: Verdict
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Rulings:
    """An answer to minutes «1405/12» in the revision named (None: the newest).

    `default` is the verdict on every copy that `copies` does not name; without it each must be named.
    """

    number: str
    level: RulingLevel
    letter: Letter
    default: Verdict | None = None
    copies: tuple[CopyRuling, ...] = ()
    revision: int | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Stepped:
    """Minutes went one step on; `due_on` is the last day for the next one."""

    minutes_id: uuid.UUID
    number: str
    revision: int
    was: MinutesState
    became: MinutesState
    due_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """This very step was taken before. Nothing was changed."""

    minutes_id: uuid.UUID
    number: str
    revision: int
    state: MinutesState


@dataclass(frozen=True, slots=True)
class Edition:
    """A new revision of minutes, frozen with its two files; `rows` stand on it, `struck` are crossed out."""

    minutes_id: uuid.UUID
    number: str
    revision: int
    rows: int
    struck: int
    document_id: uuid.UUID
    sheet_id: uuid.UUID
    pages: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Reissued:
    """Corrected minutes went back to the level that asked."""

    step: Stepped
    edition: Edition


@dataclass(frozen=True, slots=True)
class Ruled:
    """An answer was entered. `lent` are the accession numbers of approved copies that are with readers and will be set
    aside at their return."""

    step: Stepped
    approved: int
    redirected: int
    rejected: int
    to_correct: int
    lent: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldEnded:
    """A hold that ended because its copy, or the last copy of its title, was weeded."""

    hold_id: uuid.UUID
    member: str
    title: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Minutes were closed with their final edition: `executed` copies are weeded, `waiting` will be when they are back,
    `released` went back to the shelf."""

    step: Stepped
    edition: Edition
    executed: int
    waiting: int
    released: int
    holds_ended: tuple[HoldEnded, ...] = ()


@dataclass(frozen=True, slots=True)
class Executed:
    """Approved copies that were away are weeded now; `still_waiting` are not back yet."""

    accession_numbers: tuple[int, ...]
    still_waiting: int
    holds_ended: tuple[HoldEnded, ...] = ()
