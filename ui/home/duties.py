"""The list of duties: what, by when, how pressing."""

import datetime as dt
from dataclasses import dataclass

from app.duties.rules import Duty
from app.duties.words import WEIGHT, advice, deadline, title, when
from ui.home.words import TONES
from ui.widgets.table import Column, RowTable


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty as it is shown on a day."""

    duty: Duty
    title: str
    deadline: str
    when: str
    advice: str


def lines(duties: tuple[Duty, ...], today: dt.date) -> tuple[DutyLine, ...]:
    """The duties ready to be shown, in their order."""
    return tuple(DutyLine(duty, title(duty), deadline(duty), when(duty, today), advice(duty)) for duty in duties)


def duty_table() -> RowTable[DutyLine]:
    """What is to be done, and the time left with its weight in words."""
    return RowTable(
        (
            Column("کار", text=lambda line: line.title, sub=lambda line: line.deadline, stretch=1, strong=True),
            Column(
                "مهلت", text=lambda line: line.when, sub=lambda line: WEIGHT[line.duty.weight], width=116,
                sort_key=lambda line: line.duty.due_on or dt.date.max, tone=lambda line: TONES[line.duty.weight],
                strong=True,
            ),
        ),
        key=lambda line: line.duty,
    )  # fmt: skip
