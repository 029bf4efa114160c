"""What binding knows before it decides, as frozen facts. Pure: `app.binding.reads` fetches them."""

import datetime as dt
import uuid
from dataclasses import dataclass

from db.codes import BindingOutcome, BindingState, Condition, ItemStatus


@dataclass(frozen=True, slots=True)
class BindingCopy:
    """A copy as it is listed for binding. `kept`: it stands on the hold shelf for a reader; `open_request` is the
    request it is on and has not come back from, in the state `open_state`."""

    id: uuid.UUID
    ver: int
    title_id: uuid.UUID
    title: str
    main_creator: str | None
    accession_no: int
    accession_date: dt.date
    barcode: str
    volume_no: str | None
    copy_no: int
    status: ItemStatus
    condition: Condition
    on_minutes_id: uuid.UUID | None
    kept: bool
    open_request: uuid.UUID | None = None
    open_state: BindingState | None = None


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A binding request without its rows; `cost` in rials, `promised_days` what the bindery said it needs."""

    id: uuid.UUID
    ver: int
    state: BindingState
    year: int | None
    number: int | None
    opened_at: dt.datetime
    requested_on: dt.date | None
    dispatched_on: dt.date | None
    due_on: dt.date | None
    received_on: dt.date | None
    promised_days: int | None
    outsourced_to: str | None
    cost: int | None
    letter_no: str | None
    letter_on: dt.date | None
    remark: str | None
    document_id: uuid.UUID | None
    sheet_id: uuid.UUID | None

    @property
    def written(self) -> str:
        """«1405/3», or nothing before it has its number."""
        return request_number(self.year, self.number) if self.year and self.number else ""


@dataclass(frozen=True, slots=True)
class RowFacts:
    """A copy on a request, with what the form prints of it. `kept`: it stands on the hold shelf for a reader;
    `sent_on` is the day when the others left; `cost` in rials."""

    id: uuid.UUID
    ver: int
    request_id: uuid.UUID
    position: int
    item_id: uuid.UUID
    title: str
    main_creator: str | None
    accession_no: int
    accession_date: dt.date
    barcode: str
    volume_no: str | None
    copy_no: int
    status: ItemStatus
    condition: Condition
    on_minutes_id: uuid.UUID | None
    kept: bool
    work: str | None
    received_on: dt.date | None
    outcome: BindingOutcome | None
    cost: int | None
    sent_on: dt.date | None = None

    @property
    def stayed(self) -> bool:
        """Whether the request left without it: what comes off as the books leave, and was not done."""
        return stayed_behind(self.outcome, self.received_on, self.sent_on)


def stayed_behind(outcome: BindingOutcome | None, received_on: dt.date | None, sent_on: dt.date | None) -> bool:
    """Whether a row says that its copy never left: not done, on the day when the others were sent."""
    return outcome is BindingOutcome.NOT_DONE and received_on == sent_on


def request_number(jalali_year: int, sequence: int) -> str:
    """«1405/3»: gap-free within a Jalali year."""
    return f"{jalali_year}/{sequence}"
