"""Editions of minutes: what is printed, and the frozen files. A new edition is a row of minutes of its own; the one
before it stays as it was printed (002 م7-9، م7-11، م7-13)."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.labels import RULE_STATUS
from app.library import Library
from app.papers import Files, Filing, Printed, freeze, numbered
from app.persian.digits import number as in_persian
from app.staff.offices import officers_on
from app.weeding.minutes.outcomes import Edition
from app.weeding.minutes.paper import MinutesPaper, MinutesPrinter
from app.weeding.minutes.reads import MinutesOnTheWay, RowOnTheWay
from app.weeding.reads import ListedCopy
from db.act import Act
from db.codes import DocumentKind, MinutesState, Verdict, WeedingReason
from db.models.collection import Minutes, MinutesRow
from db.reading import Reader
from db.writing import HEAD, Tx

FORM_KINDS = {
    WeedingReason.CONTENT: DocumentKind.WEEDING_CONTENT,
    WeedingReason.WORN: DocumentKind.WEEDING_WORN,
    WeedingReason.DUPLICATE: DocumentKind.WEEDING_DUPLICATE,
    WeedingReason.NO_AUDIENCE: DocumentKind.WEEDING_NO_AUDIENCE,
}
LAST_CHANGES = 6
"""Changes that end a new edition: its minutes, the one before it, the step and two files, with one to spare."""


@dataclass(frozen=True, slots=True)
class ToPrint:
    """What an edition of minutes says: `number` and `chain_head` are None on a draft."""

    reason: WeedingReason
    rows: Sequence[ListedCopy]
    number: str | None
    revision: int = 1
    chain_head: str | None = None
    verdicts: Mapping[uuid.UUID, Verdict] = field(default_factory=dict)


def paper_of(library: Library, reader: Reader, to_print: ToPrint, act: Act) -> MinutesPaper:
    """The facts of an edition with the library, those who sign on this day, and the guideline in force."""
    branch, guideline = library.branch, library.guideline
    return MinutesPaper(
        reason=to_print.reason,
        library=branch.name,
        province=branch.province,
        county=branch.county,
        city=branch.city,
        grade=branch.grade or "",
        day=act.day,
        number=to_print.number,
        revision=to_print.revision,
        chain_head=to_print.chain_head,
        rows=tuple(to_print.rows),
        draft=to_print.number is None,
        verdicts=to_print.verdicts,
        officers=officers_on(reader, act.day),
        guideline=f"ویراست {in_persian(guideline.version, grouped=False)}، {RULE_STATUS[guideline.status]}",
    )


def chain_head(tx: Tx) -> str | None:
    """The head of the journal, printed small at the foot: it seals everything before this paper."""
    head = tx.one(HEAD, device_id=tx.identity.device_id, epoch=tx.identity.epoch)
    return f"{head[0]}-{head[1].hex()}" if head else None


def file(tx: Tx, paper: MinutesPaper, printed: Printed, minutes_id: uuid.UUID, files: Files, act: Act) -> None:
    """Keep both files of an edition; their names tell the revision."""
    kind, number = FORM_KINDS[paper.reason], paper.number or ""
    edition = f"-{paper.revision}" if paper.revision > 1 else ""
    filing = Filing(kind, number, f"{numbered(kind, number)}{edition}", "minutes", minutes_id)
    freeze(tx, filing, printed, act.at, files)


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row as it stands on the new edition."""

    row: RowOnTheWay
    struck_at: dt.datetime | None
    struck_why: str | None
    executed_on: dt.date | None = None

    @property
    def listed(self) -> ListedCopy:
        """The row as it is printed."""
        return self.row.listed(self.struck_at, self.struck_why)


@dataclass(frozen=True, slots=True)
class Draftsman:
    """A new edition in the making, inside somebody's transaction: begun, its rows written one by one, finished."""

    tx: Tx
    before: MinutesOnTheWay
    kind: str
    act: Act
    minutes_id: uuid.UUID
    files: Files
    paper: MinutesPaper
    printed: Printed

    def write_row(self, new: NewRow, changes: int) -> uuid.UUID:
        """Write one row; `changes` says how many more belong with it. Returns the id of the row."""
        self.tx.make_room(self.kind, self.act, changes + 1)
        row = new.row
        return self.tx.insert(
            MinutesRow, minutes_id=self.minutes_id, position=row.position, item_id=row.item_id,
            criterion=row.criterion, article=row.article, unbindable=row.unbindable, permit_no=row.permit_no,
            permit_on=row.permit_on, replaced_by=row.replaced_by, remark=row.remark, author_id=row.author_id,
            proposed_at=row.proposed_at, struck_at=new.struck_at, struck_why=new.struck_why,
            executed_on=new.executed_on,
        )  # fmt: skip

    def finish(self) -> Edition:
        """Supersede the edition before, and store the files."""
        self.tx.make_room(self.kind, self.act, LAST_CHANGES)
        self.tx.update(Minutes, self.before, state=MinutesState.SUPERSEDED)
        file(self.tx, self.paper, self.printed, self.minutes_id, self.files, self.act)
        standing = sum(row.struck_at is None for row in self.paper.rows)
        return Edition(
            minutes_id=self.minutes_id,
            number=self.before.number_text,
            revision=self.paper.revision,
            rows=standing,
            struck=len(self.paper.rows) - standing,
            document_id=self.files.pdf,
            sheet_id=self.files.xlsx,
            pages=self.printed.pages,
            sha256=self.printed.sha256,
        )


@dataclass(frozen=True, slots=True)
class NewEdition:
    """What a new edition is to be: the state it begins in, its rows, and what else its minutes say."""

    before: MinutesOnTheWay
    state: MinutesState
    rows: Sequence[NewRow]
    kind: str
    verdicts: Mapping[uuid.UUID, Verdict] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)


def begin_edition(library: Library, tx: Tx, new: NewEdition, printer: MinutesPrinter, act: Act) -> Draftsman:
    """Print a new edition and open its minutes; the rows are for the caller to write."""
    before = new.before
    to_print = ToPrint(
        reason=before.reason,
        rows=[row.listed for row in new.rows],
        number=before.number_text,
        revision=before.revision + 1,
        chain_head=chain_head(tx),
        verdicts=new.verdicts,
    )
    paper = paper_of(library, tx, to_print, act)
    printed = printer(paper)
    files = Files()
    letter: dict[str, Any] = {"sent_on": before.sent_on, "letter_no": before.letter_no, "letter_on": before.letter_on}
    minutes_id = tx.insert(
        Minutes, reason=before.reason, state=new.state, year=before.year, number=before.number,
        revision=before.revision + 1, opened_at=before.opened_at, finalised_at=act.at, finalised_on=act.day,
        document_id=files.pdf, sheet_id=files.xlsx, previous_id=before.id, asked_by=before.asked_by,
        guideline=library.guideline.version, **(letter | dict(new.columns)),
    )  # fmt: skip
    return Draftsman(tx, before, new.kind, act, minutes_id, files, paper, printed)
