"""After the ruling (002 م7-11، م7-12، م8-1): the final edition, weeded statuses, refused copies back to the shelf; and
the copies that were away, when they are back."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa

from app.actions import Action
from app.labels import RULING_LEVEL, VERDICT
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from app.weeding.minutes.editions import Draftsman, NewEdition, NewRow, begin_edition
from app.weeding.minutes.executing import AT_HAND, CHANGES_OF_A_COPY, Executing
from app.weeding.minutes.outcomes import Closed, Executed, Unchanged
from app.weeding.minutes.paper import MinutesPrinter
from app.weeding.minutes.reads import (
    EVERY_ROW,
    MinutesKey,
    RowOnTheWay,
    RulingFacts,
    every_row,
    find_minutes,
    rulings_on,
    standing_rows,
    verdicts_of,
)
from app.weeding.minutes.releasing import release
from app.weeding.minutes.ruling import listed
from app.weeding.minutes.steps import Step, note_step, step_refusals, taken_before
from app.weeding.minutes.workflow import outcome_of
from db.act import Act
from db.codes import MinutesState, MinutesStepKind, RulingLevel, Verdict, WeedingReason
from db.frozen import Frozen
from db.models.collection import Minutes, MinutesRow
from db.reading import Reader

CLOSED, EXECUTED = "minutes.closed", "minutes.executed"
CLOSE = Step(MinutesStepKind.CLOSE)
WITH_WAITING_ROWS = Frozen(
    sa.select(Minutes.id, Minutes.reason)
    .where(
        Minutes.state == MinutesState.CLOSED,
        Minutes.deleted_at.is_(None),
        sa.exists(
            sa.select(MinutesRow.id).where(
                MinutesRow.minutes_id == Minutes.id,
                MinutesRow.struck_at.is_(None),
                MinutesRow.executed_on.is_(None),
                MinutesRow.deleted_at.is_(None),
            )
        ),
    )
    .order_by(Minutes.id),
    lambda minutes, reason: (minutes, WeedingReason(reason)),
)


def close_minutes(
    library: Library, key: MinutesKey, printer: MinutesPrinter, act: Act
) -> Closed | Unchanged | Refused | NotFound:
    """Close minutes that were ruled on, all of it or nothing: the final edition with its verdicts, refused copies
    crossed out and back on the shelf, approved ones weeded. Those that are away wait for `execute_waiting`."""
    with library.store.write() as tx:
        minutes = find_minutes(tx, key)
        if minutes is None:
            return NotFound(Sought.MINUTES, str(key))
        again = taken_before(tx, minutes, CLOSE)
        if again is not None:
            return again
        rows = every_row(tx, minutes)
        rulings = rulings_on(tx, minutes)
        verdicts = {row.item_id: outcome_of(verdicts_of(rulings.get(row.item_id, {}))) for row in standing_rows(rows)}
        refused = (*step_refusals(library, minutes, CLOSE, act), *_unruled(rows, verdicts))
        if refused:
            return Refused(refused)
        ruled = {item: verdict for item, verdict in verdicts.items() if verdict is not None}
        final = [_final_row(row, ruled, rulings, act) for row in rows]
        # The letter of the edition before did not carry the final list: that is another one, due in the week of the
        # ruling (002 م7-9، م7-12).
        due_on = minutes.answer_due_on if any(one.struck_at is None for one in final) else None
        columns = {"sent_on": None, "letter_no": None, "letter_on": None, "answer_due_on": due_on}
        new = NewEdition(minutes, MinutesState.CLOSED, final, CLOSED, verdicts=ruled, columns=columns)
        return _carry_out(begin_edition(library, tx, new, printer, act), final, due_on)


def _unruled(rows: Sequence[RowOnTheWay], verdicts: Mapping[uuid.UUID, Verdict | None]) -> Iterator[Refusal]:
    missing = [row for row in standing_rows(rows) if verdicts[row.item_id] is None]
    if missing:
        numbers = listed([row.accession_no for row in missing])
        yield Refusal("ruling.verdict_missing", "7-6", have=len(missing), facts={"copies": numbers})


def _final_row(
    row: RowOnTheWay, ruled: Mapping[uuid.UUID, Verdict],
    rulings: Mapping[uuid.UUID, Mapping[RulingLevel, RulingFacts]], act: Act,
) -> NewRow:  # fmt: skip
    if row.struck_at is not None:
        return NewRow(row, row.struck_at, row.struck_why)
    if ruled[row.item_id] is Verdict.REJECT:
        return NewRow(row, act.at, refused_by(rulings[row.item_id]))
    return NewRow(row, None, None, executed_on=act.day if row.status in AT_HAND else None)


def refused_by(rulings: Mapping[RulingLevel, RulingFacts]) -> str:
    """«رد: ادارهٔ شهرستان (به کار می‌آید)»: which level refused a copy, and what it said."""
    refusing = next(ruling for ruling in rulings.values() if ruling.verdict is Verdict.REJECT)
    remark = f" ({refusing.remark})" if refusing.remark else ""
    return f"{VERDICT[Verdict.REJECT]}: {RULING_LEVEL[refusing.level]}{remark}"[:500]


def _carry_out(edition: Draftsman, rows: Sequence[NewRow], due_on: dt.date | None) -> Closed:
    tx, act, minutes = edition.tx, edition.act, edition.before
    executing = Executing(tx, act, CLOSED)
    released = 0
    gone = []
    for new in rows:
        row_id = edition.write_row(new, changes=CHANGES_OF_A_COPY)
        if new.row.struck_at is not None:
            continue
        if new.executed_on is not None:
            executing.weed(new.row, row_id, minutes.reason)
            gone.append(new.row)
        else:
            release(tx, new.row, None if new.struck_at else edition.minutes_id)
            released += new.struck_at is not None
    holds = executing.end_holds(gone)
    finished = edition.finish()
    taken = note_step(tx, minutes, edition.minutes_id, CLOSE, act, became=MinutesState.CLOSED, due_on=due_on)
    tx.record(CLOSED, act)
    return Closed(taken, finished, len(gone), finished.rows - len(gone), released, holds)


def execute_waiting(library: Library, act: Act) -> Executed | Refused:
    """Weed the approved copies of closed minutes that were away and are back. Without one nothing is written."""
    with library.store.write() as tx:
        refused = library.forbids(act, Action.FINALISE_MINUTES)
        if act.stamp.doubtful:
            refused = (*refused, Refusal("clock.doubtful", facts={"today": act.day}))
        if refused:
            return Refused(refused)
        waiting = list(_waiting(tx))
        here = [(row, reason) for row, reason in waiting if row.status in AT_HAND]
        executing = Executing(tx, act, EXECUTED)
        for row, reason in here:
            tx.make_room(EXECUTED, act, CHANGES_OF_A_COPY + 1)
            tx.update(MinutesRow, row, executed_on=act.day)
            executing.weed(row, row.id, reason)
        holds = executing.end_holds(row for row, _ in here)
        if here:
            tx.record(EXECUTED, act)
        return Executed(tuple(row.accession_no for row, _ in here), len(waiting) - len(here), holds)


def _waiting(reader: Reader) -> Iterator[tuple[RowOnTheWay, WeedingReason]]:
    for minutes_id, reason in reader.all(WITH_WAITING_ROWS):
        for row in reader.all(EVERY_ROW, minutes=minutes_id):
            if row.struck_at is None and row.executed_on is None:
                yield row, reason
