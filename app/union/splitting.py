"""A branch's title leads to the wrong record: it gets one of its own again."""

import uuid
from dataclasses import dataclass
from itertools import chain

from app.centre import Centre
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from app.union.deeds import SPLIT, Branches, forbidden, reason_missing, refused, who
from app.union.reading import TITLE, ids_leading_to, resolve, titles_leading_to
from app.union.record import TitleFacts, record_of, titles_of
from app.union.writing import Work, add_record, lead_title, lock_records, redirect_of
from db.act import Act
from db.journal import Intent
from db.models.centre import Redirect
from db.reading import Reader
from db.types import new_id


@dataclass(frozen=True, slots=True)
class Split:
    """A title stands for itself again, under `record_id`. `eid` names the deed, for taking it back."""

    title_id: uuid.UUID
    record_id: uuid.UUID
    eid: uuid.UUID


def split(
    centre: Centre, title_id: uuid.UUID, act: Act, reason: str, *, scope: Branches = None
) -> Split | Refused | NotFound:
    """Give a branch's title a record of its own. The copies keep their title, nothing else moves."""
    with centre.write() as tx:
        title = next(iter(titles_of(tx, [title_id])), None)
        if title is None or title.deleted:
            return NotFound(Sought.TITLE, str(title_id))
        ours = () if scope is None or title.branch_id in scope else (Refusal("union.not_in_scope", "003 م2"),)
        alone = (Refusal("union.own_record"),) if stands_alone(tx, title_id) else ()
        if problems := refused(chain(forbidden(act), reason_missing(reason), ours, alone)):
            return problems
        work = Work(tx, act, centre.id)
        record_id = part(work, title, who(tx, act))
        seen = {"title": str(title_id), "record": str(record_id), "name": title.columns["title"]}
        entry = work.record(SPLIT, Intent(reason=reason.strip(), seen=seen))
        return Split(title_id, record_id, entry.eid)


def stands_alone(reader: Reader, title_id: uuid.UUID) -> bool:
    """Whether a title's record is nobody else's already."""
    record_id = resolve(reader, TITLE, title_id)
    return record_id is not None and set(titles_leading_to(reader, ids_leading_to(reader, record_id))) <= {title_id}


def part(work: Work, title: TitleFacts, by: str) -> uuid.UUID:
    """Let a title stand for itself: under its own id, or under a new one where its id names the record of others."""
    tx = work.tx
    redirect = redirect_of(tx, TITLE, title.id)
    if redirect is not None:
        tx.remove(Redirect, redirect, work.act)
    if record_of(tx, title.id) is None:
        add_record(work, title.id, title.columns, title.branch_id)
        return title.id
    lock_records(tx, (title.id,))
    record_id = new_id()
    add_record(work, record_id, title.columns, title.branch_id)
    lead_title(work, title.id, title.branch_id, record_id, by)
    return record_id
