"""The copy that the page is about: one of the list, or one that was just scanned."""

import datetime as dt
import uuid
from dataclasses import dataclass

from app.circulation import reads
from app.circulation.lost.queries import CaseKind, LossCase
from app.circulation.lost.reads import case_of
from app.library import Library
from db.codes import Condition, ItemStatus
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class Subject:
    """A copy with whoever answers for it. `case` is None for a copy that is on no list; money in rials."""

    item_id: uuid.UUID
    barcode: str
    accession_no: int
    title: str
    call_number: str | None
    price: int | None
    status: ItemStatus
    condition: Condition
    on_loan: bool
    member_name: str
    member_no: str | None
    due_on: dt.date | None
    case: LossCase | None = None

    @property
    def kind(self) -> CaseKind | None:
        """Why it is on the list."""
        return self.case.kind if self.case else None


def subject_of(library: Library, reader: Reader, key: str, case: LossCase | None = None) -> Subject | None:
    """The copy of a barcode or accession number; None if there is none."""
    found = case_of(library, reader, key)
    if found is None:
        return None
    item, answering = found.item, found.answering
    return Subject(
        item_id=item.id,
        barcode=item.barcode,
        accession_no=item.accession_no,
        title=item.title,
        call_number=item.call_number,
        price=item.price,
        status=item.status,
        condition=item.condition,
        on_loan=found.loan is not None,
        member_name=found.member.name if found.member else "",
        member_no=found.member.member_no if found.member else None,
        due_on=answering.due_on if answering else None,
        case=case,
    )


def member_no_of(reader: Reader, key: str) -> str | None:
    """The number of the member whose card or number it is."""
    member = reads.find_member(reader, key)
    return None if member is None else member.member_no
