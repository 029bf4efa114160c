"""Titles that no longer are the book their record describes: the branch is asked (sync-protocol 11)."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.centre import Centre
from app.labels import LANGUAGE, MATERIAL, RECORD_FIELD
from app.union.record import TitleFacts, UnionRecord, titles_of
from app.union.rules import NEVER, described, differences
from app.union.splitting import part
from app.union.writing import Work, centre_act
from db.codes import CaseKind, CaseState
from db.models.centre import SyncCase
from db.reading import Reader

KEEP, SPLIT = "keep_title", "split_title"
"""What the branch may say: it is the same book nevertheless, or let the title have a record of its own."""
WORDS: Mapping[Any, str] = {**MATERIAL, **LANGUAGE}
SHOWN = ("title", "subtitle", "main_creator", "publisher", "edition", "year", "isbn", "language", "material", "pages")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case about a title."""

    id: uuid.UUID
    ver: int
    branch_id: uuid.UUID
    rows: list[str]
    stories: Mapping[str, Any]
    state: CaseState
    decision: str | None
    decided_by: str | None


CASE_COLUMNS = tuple(getattr(SyncCase, name) for name in CaseRow.__dataclass_fields__)
OF_TITLES = (SyncCase.kind == CaseKind.TITLE_DIFFERS, SyncCase.deleted_at.is_(None))


def ask_branch(work: Work, title: TitleFacts, record: UnionRecord) -> None:
    """Open a case where edition, volume, language or material of a title are not those of its record; once for the same
    differences."""
    columns = {name: getattr(record, name) for name in SHOWN} | {"creators": record.creators}
    differing = sorted(NEVER.intersection(differences(described(title.columns), described(columns))))
    if not differing or _asked(work.tx, title.branch_id, title.id, differing):
        return
    work.tx.insert(
        SyncCase,
        branch_id=title.branch_id,
        kind=CaseKind.TITLE_DIFFERS,
        rows=[f"title:{title.id}", f"union_title:{record.id}"],
        stories={
            "title": record.title,
            "differs": differing,
            "ours": _story(title.columns),
            "theirs": _story(columns),
        },
        choices=[KEEP, SPLIT],
        opened_at=work.act.at,
    )


def _story(columns: Mapping[str, Any]) -> str:
    """What one side says of the book, in a line."""
    told = ((name, columns.get(name)) for name in SHOWN)
    return "، ".join(f"{RECORD_FIELD[name]}: {WORDS.get(value, value)}" for name, value in told if value is not None)


def _asked(reader: Reader, branch_id: uuid.UUID, title_id: uuid.UUID, differing: Sequence[str]) -> bool:
    query = sa.select(*CASE_COLUMNS).where(*OF_TITLES, SyncCase.branch_id == branch_id)
    about = f"title:{title_id}"
    for row in reader.connection.execute(query):
        case = CaseRow(*row)
        if about in case.rows and (case.state is CaseState.OPEN or set(differing) <= set(case.stories["differs"])):
            return case.decision != SPLIT
    return False


def settle(centre: Centre) -> int:
    """Do what branches decided, and close their cases; returns how many."""
    with centre.store.read() as reader:
        query = sa.select(*CASE_COLUMNS).where(*OF_TITLES, SyncCase.state == CaseState.DECIDED)
        decided = [CaseRow(*row) for row in reader.connection.execute(query)]
    for case in decided:
        _close(centre, case)
    return len(decided)


def _close(centre: Centre, case: CaseRow) -> None:
    with centre.write() as tx:
        work = Work(tx, centre_act(centre), centre.id)
        if case.decision == SPLIT:
            for title in titles_of(tx, [_title(case)]):
                part(work, title, case.decided_by or "")
        tx.update(SyncCase, case, state=CaseState.CLOSED)
        work.record("union.case_closed")


def _title(case: CaseRow) -> uuid.UUID:
    return next(uuid.UUID(row.removeprefix("title:")) for row in case.rows if row.startswith("title:"))
