"""Minutes between the draft and the ruling (002 م7-3 … م7-11): sent, answered, corrected, issued anew, taken back. One
transaction each; every step leaves its row."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.persian.digits import typed
from app.persian.text import clean
from app.refusal import NO_ANSWER, Answer, Refusal
from app.weeding.minutes.attaching import keep_scan, same_file, scan_refusals
from app.weeding.minutes.editions import NewEdition, NewRow, begin_edition
from app.weeding.minutes.outcomes import (
    LONGEST_REMARK,
    NO_LETTER,
    CopyRuling,
    Letter,
    Reissued,
    Ruled,
    Rulings,
    Scan,
    Stepped,
    Strike,
    Unchanged,
)
from app.weeding.minutes.paper import MinutesPrinter
from app.weeding.minutes.reads import (
    MinutesKey,
    MinutesOnTheWay,
    RowOnTheWay,
    every_row,
    find_minutes,
    standing_rows,
)
from app.weeding.minutes.releasing import release
from app.weeding.minutes.ruling import ANSWERED, CORRECTION_ASKED, Source, apply_rulings
from app.weeding.minutes.steps import Step, allowed, due_day, note_step, step_refusals, take_step, taken_before
from db.act import Act
from db.codes import MinutesStepKind, RulingLevel, Verdict
from db.journal import Intent
from db.types import new_id
from db.writing import Tx

REISSUED, WITHDRAWN = "minutes.reissued", "minutes.withdrawn"


def send(
    library: Library, key: MinutesKey, act: Act, letter: Letter = NO_LETTER, remark: str = ""
) -> Stepped | Unchanged | Refused | NotFound:
    """The minutes went to the county office by letter; its week runs from the letter's day (002 م7-3، م7-5). Closed
    ones go there once more, as the final list (م7-12، م8-1)."""
    step = Step(MinutesStepKind.SEND, None, letter, remark)
    with library.store.write() as tx:
        minutes = find_minutes(tx, key)
        if minutes is None:
            return NotFound(Sought.MINUTES, str(key))
        again = taken_before(tx, minutes, step)
        refused = tuple(step_refusals(library, minutes, step, act))
        if again or refused:
            return again or Refused(refused)
        columns = {
            "sent_on": step.day(act), "letter_no": clean(letter.number, 60) or None, "letter_on": step.day(act),
        }  # fmt: skip
        taken = take_step(library, tx, minutes, step, act, **columns)
        tx.record("minutes.sent", act)
        return taken


def ask_correction(
    library: Library, key: MinutesKey, level: RulingLevel, remark: str, act: Act, letter: Letter = NO_LETTER,
    copies: Sequence[str] = (),
) -> Stepped | Unchanged | Refused | NotFound:  # fmt: skip
    """County or province wants the minutes corrected (002 م7-5، م7-8): `remark` says how, `copies` (barcodes or
    accession numbers) which rows are meant; none means the paper as a whole."""
    step = Step(MinutesStepKind.ASK_CORRECTION, level, letter, remark)
    with library.store.write() as tx:
        minutes = find_minutes(tx, key)
        if minutes is None:
            return NotFound(Sought.MINUTES, str(key))
        again = taken_before(tx, minutes, step)
        if again is not None:
            return again
        if copies:
            meant = tuple(CopyRuling(item, Verdict.CORRECT, remark) for item in copies)
            rulings = Rulings(minutes.number_text, level, letter, copies=meant, remark=remark)
            outcome = apply_rulings(library, tx, rulings, act)
            return _asked(tx, outcome, act)
        missing = () if clean(remark) else (Refusal("field.required", facts={"field": "remark"}),)
        refused = (*step_refusals(library, minutes, step, act), *missing)
        if refused:
            return Refused(refused)
        taken = take_step(library, tx, minutes, step, act, asked_by=level)
        tx.record(CORRECTION_ASKED, act, Intent(reason=clean(remark, LONGEST_REMARK)))
        return taken


def _asked(tx: Tx, outcome: Ruled | Unchanged | tuple[Refusal, ...], act: Act) -> Stepped | Unchanged | Refused:
    if isinstance(outcome, tuple):
        return Refused(outcome)
    if isinstance(outcome, Unchanged):
        return outcome
    tx.record(CORRECTION_ASKED, act)
    return outcome.step


def enter_rulings(
    library: Library, rulings: Rulings, act: Act, answer: Answer = NO_ANSWER, scan: Scan | None = None
) -> Ruled | Unchanged | Refused | NotFound:
    """Enter what a level answered by letter: forward from the county, the ruling from the province, and from the head
    office for a provincial central library (002 م7-5، م7-6، م14-4). `scan` is the letter, filed with the minutes."""
    with library.store.write() as tx:
        minutes = find_minutes(tx, rulings.number)
        if minutes is None:
            return NotFound(Sought.MINUTES, rulings.number)
        refused = tuple(scan_refusals(scan))
        if refused:
            return Refused(refused)
        same = None if scan is None else same_file(tx, minutes, scan.content)
        document_id = same.id if same else new_id() if scan else None
        outcome = apply_rulings(library, tx, rulings, act, answer, Source(document_id=document_id))
        if isinstance(outcome, tuple):
            return Refused(outcome)
        if isinstance(outcome, Unchanged):
            return outcome
        if scan is not None and same is None:
            keep_scan(tx, minutes, scan, act, id=document_id)
        tx.record(CORRECTION_ASKED if outcome.to_correct else ANSWERED, act, answered(outcome, answer))
        return outcome


def answered(outcome: Ruled, answer: Answer) -> Intent:
    """What the person who entered an answer was shown and confirmed."""
    confirmed = sorted(answer.confirm & {"ruling.lent_since"}) if outcome.lent else []
    return Intent(overrides=confirmed, seen={"lent": list(outcome.lent)} if outcome.lent else {})


def reissue(
    library: Library, key: MinutesKey, strikes: Sequence[Strike], printer: MinutesPrinter, act: Act,
    letter: Letter = NO_LETTER, remark: str = "",
) -> Reissued | Unchanged | Refused | NotFound:  # fmt: skip
    """Correct minutes as was asked (002 م7-9): a new revision with the same number goes back to the level that asked.
    Struck copies go back to the shelf and stay on the paper, crossed out."""
    with library.store.write() as tx:
        minutes = find_minutes(tx, key)
        if minutes is None:
            return NotFound(Sought.MINUTES, str(key))
        step = Step(MinutesStepKind.REISSUE, minutes.asked_by, letter, remark)
        again = taken_before(tx, minutes, step)
        rows = every_row(tx, minutes)
        struck, unfit = _struck(minutes, rows, strikes)
        refused = (*step_refusals(library, minutes, step, act), *unfit)
        if again or refused:
            return again or Refused(refused)
        return _reissue(library, tx, minutes, step, [_new_row(row, struck, act) for row in rows], printer, act)


def _struck(
    minutes: MinutesOnTheWay, rows: Sequence[RowOnTheWay], strikes: Sequence[Strike]
) -> tuple[Mapping[str, str], tuple[Refusal, ...]]:
    """Why each copy (by barcode) is struck, and what speaks against it."""
    standing = {code: row for row in standing_rows(rows) for code in (row.barcode, str(row.accession_no))}
    refusals = []
    struck = {}
    for strike in strikes:
        row = standing.get(typed(strike.item))
        if row is None:
            facts = {"item": clean(strike.item, 64), "number": minutes.number_text}
            refusals.append(Refusal("ruling.not_on_minutes", "7-9", facts=facts))
        elif not clean(strike.why):
            refusals.append(Refusal("reason.required"))
        else:
            struck[row.barcode] = clean(strike.why, LONGEST_REMARK)
    if struck and len(struck) == len(standing_rows(rows)):
        refusals.append(Refusal("minutes.nothing_left", "7-9"))
    return struck, tuple(refusals)


def _new_row(row: RowOnTheWay, struck: Mapping[str, str], act: Act) -> NewRow:
    if row.struck_at is None and row.barcode in struck:
        return NewRow(row, act.at, struck[row.barcode])
    return NewRow(row, row.struck_at, row.struck_why)


def _reissue(
    library: Library, tx: Tx, minutes: MinutesOnTheWay, step: Step, rows: Sequence[NewRow], printer: MinutesPrinter,
    act: Act,
) -> Reissued:  # fmt: skip
    way = allowed(minutes.state, step)
    due_on = due_day(library, way, step.day(act))
    columns: dict[str, Any] = {"sent_on": step.day(act), "answer_due_on": due_on}
    if clean(step.letter.number):
        columns |= {"letter_no": clean(step.letter.number, 60), "letter_on": step.day(act)}
    new = NewEdition(minutes, way.becomes, rows, REISSUED, columns=columns)
    edition = begin_edition(library, tx, new, printer, act)
    for row in rows:
        edition.write_row(row, changes=1)
        if row.row.struck_at is None:
            release(tx, row.row, None if row.struck_at else edition.minutes_id)
    finished = edition.finish()
    taken = note_step(tx, minutes, edition.minutes_id, step, act, became=way.becomes, due_on=due_on)
    tx.record(REISSUED, act)
    return Reissued(taken, finished)


def withdraw(library: Library, key: MinutesKey, why: str, act: Act) -> Stepped | Unchanged | Refused | NotFound:
    """The library takes its minutes back before anybody ruled: the copies go back to the shelf, number and paper stay
    in the archive."""
    step = Step(MinutesStepKind.WITHDRAW, None, NO_LETTER, why)
    with library.store.write() as tx:
        minutes = find_minutes(tx, key)
        if minutes is None:
            return NotFound(Sought.MINUTES, str(key))
        again = taken_before(tx, minutes, step)
        refused = (*step_refusals(library, minutes, step, act), *_reason(why))
        if again or refused:
            return again or Refused(refused)
        for row in standing_rows(every_row(tx, minutes)):
            tx.make_room(WITHDRAWN, act, 3)
            release(tx, row, None)
        taken = take_step(library, tx, minutes, step, act)
        tx.record(WITHDRAWN, act, Intent(reason=clean(why, LONGEST_REMARK)))
        return taken


def _reason(why: str) -> Iterator[Refusal]:
    if not clean(why):
        yield Refusal("reason.required")
