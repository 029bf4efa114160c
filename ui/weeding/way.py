"""The five steps from the list to the exchange centre, with the terms of the guideline (002 م7-5 … م8-1، م14-4)."""

from app.guideline.table import Terms
from app.persian.digits import number
from app.weeding.minutes.tracking import TrackedMinutes
from db.codes import BranchKind, MinutesState

_STEP = {
    MinutesState.FINALISED: 1,
    MinutesState.AT_COUNTY: 1,
    MinutesState.CORRECTION: 1,
    MinutesState.AT_PROVINCE: 2,
    MinutesState.AT_HEAD_OFFICE: 2,
    MinutesState.RULED: 3,
    MinutesState.CLOSED: 4,
}


def steps_of(terms: Terms, kind: BranchKind) -> tuple[str, ...]:
    """The names of the steps, with the days that county and province have. Of a provincial central library the province
    does not have the last word."""
    head_office = " و ادارهٔ کل منابع" if kind is BranchKind.PROVINCIAL_CENTRAL else ""
    return (
        "تهیهٔ فهرست",
        f"رئیس ادارهٔ شهرستان ({number(terms.county_days)} روز)",
        f"کارشناس استان ({number(terms.province_days)} روز){head_office}",
        "تغییر وضعیت",
        "تحویل به مرکز مبادله",
    )


def step_now(copies: int, minutes: TrackedMinutes | None) -> int:
    """The step of the newest minutes of a reason, from 0: a draft that has copies is newer than any on their way."""
    return 0 if copies or minutes is None else step_of(minutes.state)


def step_of(state: MinutesState) -> int:
    """The step that minutes in this state have come to, from 0."""
    return _STEP.get(state, 0)
