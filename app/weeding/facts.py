"""What the weeding rules look at, as frozen facts. Pure."""

import datetime as dt
import uuid
from dataclasses import dataclass

from app.guideline.table import Guideline
from db.codes import Condition, ItemStatus, Material, WeedingReason


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """A copy before the weeding rules.

    `other_copies` counts the copies of the title (same volume) that stay in the house: not weeded, not lost, and on no
    weeding minutes; `older_copies` those of them with a smaller copy number (of one number: registered before), so 0
    and 1 make it the first and the second. `last_use` is the newest of last loan, last use in the hall and
    registration. `in_binding` says that a binding request is open. `permit_no` and `permit_on` are number and day of
    the deputy's permit where it was noted with the copy. `kept_for_reader`: it lies on the hold shelf for somebody who
    was told so.
    """

    id: uuid.UUID
    ver: int
    title_id: uuid.UUID
    title: str
    main_creator: str | None
    year: int | None
    accession_no: int
    accession_date: dt.date
    barcode: str
    volume_no: str | None
    copy_no: int
    class_no: str | None
    material: Material
    status: ItemStatus
    condition: Condition
    flags: list[str]
    on_minutes_id: uuid.UUID | None
    loan_count: int
    last_loan_on: dt.date | None
    last_use: dt.date
    older_copies: int
    other_copies: int
    in_binding: bool
    permit_no: str | None = None
    permit_on: dt.date | None = None
    kept_for_reader: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the librarian states with a proposal.

    `unbindable` is the tick «غیر قابل صحافی» that some copies need, where it is not noted as their condition (002
    م5-1-ب); `permit_no` and `permit_on` are number and day of the deputy's permit for a cultural package (002 م4-2
    تبصره); `replaced_by` the better or newer record (002 م4-2-ج، د).
    """

    reason: WeedingReason
    criterion: str | None = None
    unbindable: bool = False
    permit_no: str | None = None
    permit_on: dt.date | None = None
    replaced_by: uuid.UUID | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class House:
    """What of the library itself matters: shortage of stack space, and the figures of its guideline: the years without
    use that count, the first copies of a title that are never surplus, and the criteria that its version leaves out."""

    space_shortage: bool
    idle_years: int = 5
    copies_kept: int = 2
    left_out: frozenset[str] = frozenset()

    @classmethod
    def under(cls, guideline: Guideline, *, space_shortage: bool) -> "House":
        """The library under this version of the guideline."""
        figures = guideline.thresholds
        return cls(space_shortage, figures.idle_years, figures.copies_kept, guideline.left_out)
