"""Reading minutes that are on their way: by number or id, with every row, ruling and step."""

import datetime as dt
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import sqlalchemy as sa

from app.library import HERE
from app.persian.digits import typed
from app.weeding.reads import ListedCopy
from db.codes import Condition, ItemStatus, MinutesState, MinutesStepKind, RulingLevel, Verdict, WeedingReason
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.collection import Minutes, MinutesRow, MinutesStep, RulingRow
from db.models.items import Item
from db.reading import Reader

NUMBER = re.compile(r"([0-9]{4})/([0-9]{1,6})")
MinutesKey: TypeAlias = uuid.UUID | str
"""Which minutes are meant: a revision by its id, or the newest one by its number («1405/12»)."""


@dataclass(frozen=True, slots=True)
class MinutesOnTheWay:
    """One revision of finalised minutes."""

    id: uuid.UUID
    ver: int
    reason: WeedingReason
    state: MinutesState
    year: int
    number: int
    revision: int
    opened_at: dt.datetime
    finalised_at: dt.datetime | None
    finalised_on: dt.date | None
    sent_on: dt.date | None
    answer_due_on: dt.date | None
    letter_no: str | None
    letter_on: dt.date | None
    document_id: uuid.UUID | None
    sheet_id: uuid.UUID | None
    previous_id: uuid.UUID | None
    asked_by: RulingLevel | None
    guideline: int | None

    @property
    def number_text(self) -> str:
        """«1405/12»."""
        return f"{self.year}/{self.number}"


@dataclass(frozen=True, slots=True)
class RowOnTheWay:
    """A row of minutes with its copy as it is now; `copy_ver`, `status` and `on_minutes_id` are the copy's."""

    id: uuid.UUID
    ver: int
    position: int
    item_id: uuid.UUID
    title: str
    main_creator: str | None
    year: int | None
    accession_no: int
    accession_date: dt.date
    barcode: str
    volume_no: str | None
    copy_no: int
    class_no: str | None
    condition: Condition
    last_loan_on: dt.date | None
    loan_count: int
    article: str
    remark: str | None
    struck_at: dt.datetime | None
    struck_why: str | None
    criterion: str
    unbindable: bool
    permit_no: str | None
    permit_on: dt.date | None
    replaced_by: uuid.UUID | None
    author_id: uuid.UUID
    proposed_at: dt.datetime
    executed_on: dt.date | None
    title_id: uuid.UUID
    copy_ver: int
    status: ItemStatus
    on_minutes_id: uuid.UUID | None

    def listed(self, struck_at: dt.datetime | None, struck_why: str | None) -> ListedCopy:
        """The row as it is printed."""
        return ListedCopy(
            id=self.id, ver=self.ver, position=self.position, item_id=self.item_id, title=self.title,
            main_creator=self.main_creator, year=self.year, accession_no=self.accession_no,
            accession_date=self.accession_date, barcode=self.barcode, volume_no=self.volume_no, copy_no=self.copy_no,
            class_no=self.class_no, condition=self.condition, last_loan_on=self.last_loan_on,
            loan_count=self.loan_count, article=self.article, remark=self.remark, struck_at=struck_at,
            struck_why=struck_why,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RulingFacts:
    """What a level ruled on a copy, in which revision."""

    item_id: uuid.UUID
    revision: int
    level: RulingLevel
    verdict: Verdict
    remark: str | None
    ruled_at: dt.datetime
    ruled_by: str
    letter_no: str | None
    letter_on: dt.date | None
    document_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step of minutes."""

    minutes_id: uuid.UUID
    revision: int
    kind: MinutesStepKind
    level: RulingLevel | None
    was: MinutesState
    became: MinutesState
    day: dt.date
    due_on: dt.date | None
    letter_no: str | None
    letter_on: dt.date | None
    remark: str | None
    by: str | None
    at: dt.datetime


OURS = (Minutes.branch_id == HERE, Minutes.deleted_at.is_(None), Minutes.number.is_not(None))
OF_NUMBER = (
    Minutes.year == sa.bindparam("year", type_=sa.Integer()),
    Minutes.number == sa.bindparam("number", type_=sa.Integer()),
)
ON_THE_WAY = sa.select(
    Minutes.id, Minutes.ver, Minutes.reason, Minutes.state, Minutes.year, Minutes.number, Minutes.revision,
    Minutes.opened_at, Minutes.finalised_at, Minutes.finalised_on, Minutes.sent_on, Minutes.answer_due_on,
    Minutes.letter_no, Minutes.letter_on, Minutes.document_id, Minutes.sheet_id, Minutes.previous_id,
    Minutes.asked_by, Minutes.guideline,
).where(*OURS)  # fmt: skip
EVERY_REVISION = Frozen(
    ON_THE_WAY.order_by(Minutes.year.desc(), Minutes.number.desc(), Minutes.revision.desc()), MinutesOnTheWay
)
BY_ID = Frozen(ON_THE_WAY.where(Minutes.id == sa.bindparam("minutes")), MinutesOnTheWay)
BY_NUMBER = Frozen(ON_THE_WAY.where(*OF_NUMBER).order_by(Minutes.revision.desc()), MinutesOnTheWay)
EVERY_ROW = Frozen(
    sa.select(
        MinutesRow.id, MinutesRow.ver, MinutesRow.position, Item.id, Title.title, Title.main_creator, Title.year,
        Item.accession_no, Item.accession_date, Item.barcode, Item.volume_no, Item.copy_no,
        sa.func.coalesce(Item.local_class, Title.dewey), Item.condition, Item.last_loan_on, Item.loan_count,
        MinutesRow.article, MinutesRow.remark, MinutesRow.struck_at, MinutesRow.struck_why, MinutesRow.criterion,
        MinutesRow.unbindable, MinutesRow.permit_no, MinutesRow.permit_on, MinutesRow.replaced_by,
        MinutesRow.author_id, MinutesRow.proposed_at, MinutesRow.executed_on, Item.title_id, Item.ver, Item.status,
        Item.on_minutes_id,
    )
    .join(Item, Item.id == MinutesRow.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(
        MinutesRow.branch_id == HERE,
        MinutesRow.minutes_id == sa.bindparam("minutes"),
        MinutesRow.deleted_at.is_(None),
    )
    .order_by(MinutesRow.position),
    RowOnTheWay,
)  # fmt: skip
RULINGS = Frozen(
    sa.select(
        MinutesRow.item_id, RulingRow.minutes_revision, RulingRow.level, RulingRow.verdict, RulingRow.remark,
        RulingRow.ruled_at, RulingRow.ruled_by, RulingRow.letter_no, RulingRow.letter_on, RulingRow.document_id,
    )
    .select_from(RulingRow)
    .join(MinutesRow, MinutesRow.id == RulingRow.minutes_row_id)
    .join(Minutes, Minutes.id == RulingRow.minutes_id)
    .where(*OURS, *OF_NUMBER, RulingRow.deleted_at.is_(None))
    .order_by(RulingRow.minutes_revision, RulingRow.id),
    RulingFacts,
)  # fmt: skip
STEPS = Frozen(
    sa.select(
        MinutesStep.minutes_id, Minutes.revision, MinutesStep.kind, MinutesStep.level, MinutesStep.was,
        MinutesStep.became, MinutesStep.day, MinutesStep.due_on, MinutesStep.letter_no, MinutesStep.letter_on,
        MinutesStep.remark, MinutesStep.by, MinutesStep.at,
    )
    .join(Minutes, Minutes.id == MinutesStep.minutes_id)
    .where(*OURS, *OF_NUMBER, MinutesStep.deleted_at.is_(None))
    .order_by(MinutesStep.id),
    StepFacts,
)  # fmt: skip


def find_minutes(reader: Reader, key: MinutesKey, revision: int | None = None) -> MinutesOnTheWay | None:
    """One revision of finalised minutes: the named or the newest. A draft is not found."""
    if isinstance(key, uuid.UUID):
        return reader.one(BY_ID, minutes=key)
    number = NUMBER.fullmatch(typed(key))
    if number is None:
        return None
    found = reader.all(BY_NUMBER, year=int(number[1]), number=int(number[2]))
    if revision is None:
        return found[0] if found else None
    return next((one for one in found if one.revision == revision), None)


def revisions_of(reader: Reader, minutes: MinutesOnTheWay) -> list[MinutesOnTheWay]:
    """Every revision with this number, the newest first."""
    return reader.all(BY_NUMBER, year=minutes.year, number=minutes.number)


def every_row(reader: Reader, minutes: MinutesOnTheWay) -> list[RowOnTheWay]:
    """The rows of this revision in order, those crossed out on its paper included; what was taken off the draft before
    there was a paper is not."""
    rows = reader.all(EVERY_ROW, minutes=minutes.id)
    return rows if minutes.revision > 1 else [row for row in rows if row.struck_at is None]


def standing_rows(rows: Iterable[RowOnTheWay]) -> list[RowOnTheWay]:
    """The rows that are not crossed out."""
    return [row for row in rows if row.struck_at is None]


def rulings_on(reader: Reader, minutes: MinutesOnTheWay) -> Mapping[uuid.UUID, Mapping[RulingLevel, RulingFacts]]:
    """What each level ruled on each copy (by its id), in whatever revision it did so last."""
    found: defaultdict[uuid.UUID, dict[RulingLevel, RulingFacts]] = defaultdict(dict)
    for ruling in reader.all(RULINGS, year=minutes.year, number=minutes.number):
        if ruling.revision <= minutes.revision:
            found[ruling.item_id][ruling.level] = ruling
    return found


def verdicts_of(rulings: Mapping[RulingLevel, RulingFacts]) -> dict[RulingLevel, Verdict]:
    """The verdicts alone."""
    return {level: ruling.verdict for level, ruling in rulings.items()}


def steps_of(reader: Reader, minutes: MinutesOnTheWay) -> list[StepFacts]:
    """The steps of every revision with this number, in order."""
    return reader.all(STEPS, year=minutes.year, number=minutes.number)
