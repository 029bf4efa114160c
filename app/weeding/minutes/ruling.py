"""What a level answers to minutes, copy by copy: what speaks against the answer, and the rows it leaves.

One way for an answer whoever brings it: a person with a paper letter, a signed file, or the sync.
"""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.clock import midnight
from app.form import required
from app.labels import RULING_LEVEL
from app.library import Library
from app.persian.digits import typed
from app.persian.text import clean
from app.refusal import NO_ANSWER, Answer, Refusal, Weight, still_refused
from app.weeding.minutes.outcomes import LONGEST_REMARK, CopyRuling, Letter, Ruled, Rulings, Unchanged
from app.weeding.minutes.reads import (
    MinutesOnTheWay,
    RowOnTheWay,
    RulingFacts,
    every_row,
    find_minutes,
    rulings_on,
    standing_rows,
    verdicts_of,
)
from app.weeding.minutes.steps import LONGEST_NAME, LONGEST_NUMBER, Step, step_refusals, take_step
from app.weeding.minutes.workflow import answer_kind, outcome_of
from db.act import Act
from db.codes import BranchKind, ItemStatus, MinutesStepKind, RulingLevel, Verdict, WeedingReason
from db.models.collection import RulingRow
from db.reading import Reader
from db.writing import Tx

ANSWERED, CORRECTION_ASKED = "minutes.answered", "minutes.correction_asked"
GOES = frozenset({Verdict.APPROVE, Verdict.REDIRECT})
MOST_NAMED = 12
LAST_CHANGES = 4
"""Changes that end an answer: the minutes, the step and the letter's file, with one to spare."""


@dataclass(frozen=True, slots=True)
class Source:
    """How an answer came. `from_paper`: a person copied it from a letter; `document_id` is the letter's file."""

    from_paper: bool = True
    document_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The copies a level is asked about, with what it says of each; and what speaks against that."""

    verdicts: Mapping[uuid.UUID, CopyRuling]
    rows: Sequence[RowOnTheWay]
    refusals: tuple[Refusal, ...]

    @property
    def said(self) -> frozenset[Verdict]:
        """The verdicts that were given, each once."""
        return frozenset(ruling.verdict for ruling in self.verdicts.values())

    @property
    def lent(self) -> tuple[int, ...]:
        """Accession numbers of copies that are to go and are with readers."""
        return tuple(
            row.accession_no
            for row in self.rows
            if row.status is ItemStatus.ON_LOAN
            and row.item_id in self.verdicts
            and self.verdicts[row.item_id].verdict in GOES
        )


def apply_rulings(
    library: Library, tx: Tx, rulings: Rulings, act: Act, answer: Answer = NO_ANSWER, source: Source | None = None
) -> Ruled | Unchanged | tuple[Refusal, ...]:
    """Write an answer to the newest revision of minutes that are there: a row for each copy, and the step. The caller
    ends the transaction with `record`; where refusals come back nothing was written."""
    minutes = find_minutes(tx, rulings.number)
    if minutes is None:
        raise RuntimeError("the minutes of an answer were not looked for")
    before = rulings_on(tx, minutes)
    asked = asked_of(tx, minutes, rulings, before)
    if (again := ruled_before(minutes, rulings, asked, before)) is not None:
        return again
    kind = _kind(library, rulings, asked)
    step = Step(kind, rulings.level, rulings.letter, rulings.remark)
    refused = still_refused(
        (
            *step_refusals(library, minutes, step, act),
            *unfit(minutes, rulings, asked, kind),
            *(_lent_refusals(asked) if _is_newest(minutes, rulings) else ()),
        ),
        answer,
    )
    if refused:
        return refused
    return _write(library, tx, minutes, replace(rulings, letter=_named_letter(rulings)), asked, act, source or Source())


def _kind(library: Library, rulings: Rulings, asked: Asked) -> MinutesStepKind:
    return answer_kind(rulings.level, asked.said, head_office_too=library.branch.kind is BranchKind.PROVINCIAL_CENTRAL)


def unfit(minutes: MinutesOnTheWay, rulings: Rulings, asked: Asked, kind: MinutesStepKind) -> tuple[Refusal, ...]:
    """What speaks against an answer itself, whoever gives it and wherever: its letter, its revision, its verdicts."""
    return (*_letter_refusals(rulings, kind), *(tuple(_revision_refusals(minutes, rulings)) or asked.refusals))


def asked_of(
    reader: Reader, minutes: MinutesOnTheWay, rulings: Rulings,
    before: Mapping[uuid.UUID, Mapping[RulingLevel, RulingFacts]],
) -> Asked:  # fmt: skip
    """Which copies this level is asked about, and its verdict on each: the one named, else the one it gave to the same
    copy before a correction, else the default."""
    rows = standing_rows(every_row(reader, minutes))
    by_code = {code: row for row in rows for code in (row.barcode, str(row.accession_no))}
    refused_below = {row.item_id for row in rows if _refused_by_others(before, row, rulings.level)}
    found, refusals = _named(by_code, rulings.copies, minutes, refused_below)
    asked = [row for row in rows if row.item_id not in refused_below]
    verdicts = dict(found)
    for row in asked:
        kept = before.get(row.item_id, {}).get(rulings.level)
        if row.item_id in found:
            continue
        if kept is not None and kept.verdict is not Verdict.CORRECT and kept.revision < minutes.revision:
            verdicts[row.item_id] = CopyRuling(row.barcode, kept.verdict, kept.remark or "")
        elif rulings.default is not None:
            verdicts[row.item_id] = CopyRuling(row.barcode, rulings.default)
    refusals = [*refusals, *_redirect_refusals(minutes, asked, verdicts), *_missing(asked, verdicts)]
    return Asked(verdicts, asked, tuple(refusals))


def _refused_by_others(
    before: Mapping[uuid.UUID, Mapping[RulingLevel, RulingFacts]], row: RowOnTheWay, level: RulingLevel
) -> bool:
    """A copy that a level before this one refused is not asked of it (002 م7-11)."""
    others = {of: verdict for of, verdict in verdicts_of(before.get(row.item_id, {})).items() if of is not level}
    return outcome_of(others) is Verdict.REJECT


def _named(
    by_code: Mapping[str, RowOnTheWay], copies: Sequence[CopyRuling], minutes: MinutesOnTheWay,
    refused_below: set[uuid.UUID],
) -> tuple[dict[uuid.UUID, CopyRuling], list[Refusal]]:  # fmt: skip
    found: dict[uuid.UUID, CopyRuling] = {}
    refusals = []
    for ruling in copies:
        row = by_code.get(typed(ruling.item))
        if row is None:
            facts = {"item": clean(ruling.item, 64), "number": minutes.number_text}
            refusals.append(Refusal("ruling.not_on_minutes", "7-6", facts=facts))
        elif row.item_id in refused_below and ruling.verdict is not Verdict.REJECT:
            refusals.append(Refusal("ruling.refused_below", "7-11", facts={"item": str(row.accession_no)}))
        elif row.item_id in found and found[row.item_id].verdict is not ruling.verdict:
            refusals.append(Refusal("ruling.two_verdicts", "7-6", facts={"item": str(row.accession_no)}))
        elif row.item_id not in refused_below:
            found[row.item_id] = ruling
    return found, refusals


def _redirect_refusals(
    minutes: MinutesOnTheWay, rows: Sequence[RowOnTheWay], verdicts: Mapping[uuid.UUID, CopyRuling]
) -> Iterator[Refusal]:
    """Only worn copies are redirected: the others go to the exchange centre anyway (002 م10-3)."""
    if minutes.reason is WeedingReason.WORN:
        return
    redirected = [row for row in rows if row.item_id in verdicts and verdicts[row.item_id].verdict is Verdict.REDIRECT]
    if redirected:
        yield Refusal("ruling.redirect_worn_only", "10-3", have=len(redirected), facts={"copies": _numbers(redirected)})


def _missing(rows: Sequence[RowOnTheWay], verdicts: Mapping[uuid.UUID, CopyRuling]) -> Iterator[Refusal]:
    """Every copy is ruled on (002 م7-6); one whose correction is asked holds up the others, so those may be silent."""
    if any(ruling.verdict is Verdict.CORRECT for ruling in verdicts.values()):
        return
    missing = [row for row in rows if row.item_id not in verdicts]
    if missing:
        yield Refusal("ruling.verdict_missing", "7-6", have=len(missing), facts={"copies": _numbers(missing)})


def _lent_refusals(asked: Asked) -> Iterator[Refusal]:
    """A copy that went out since stays with its reader and is set aside at its return (002 م7-4)."""
    if asked.lent:
        facts = {"copies": listed(asked.lent)}
        yield Refusal("ruling.lent_since", "7-4", have=len(asked.lent), weight=Weight.CONFIRM, facts=facts)


def _letter_refusals(rulings: Rulings, kind: MinutesStepKind) -> Iterator[Refusal]:
    """The letter is what an answer rests on; who asks for a correction says what is to be corrected."""
    if kind is not MinutesStepKind.ASK_CORRECTION:
        yield from required(letter_no=clean(rulings.letter.number))
        return
    said = [rulings.remark, *(copy.remark for copy in rulings.copies if copy.verdict is Verdict.CORRECT)]
    if not any(map(clean, said)):
        yield from required(remark=None)


def _is_newest(minutes: MinutesOnTheWay, rulings: Rulings) -> bool:
    return rulings.revision in (None, minutes.revision)


def _revision_refusals(minutes: MinutesOnTheWay, rulings: Rulings) -> Iterator[Refusal]:
    if not _is_newest(minutes, rulings):
        yield Refusal("ruling.older_revision", "7-9", limit=minutes.revision, have=rulings.revision)


def ruled_before(
    minutes: MinutesOnTheWay, rulings: Rulings, asked: Asked,
    before: Mapping[uuid.UUID, Mapping[RulingLevel, RulingFacts]],
) -> Unchanged | tuple[Refusal, ...] | None:  # fmt: skip
    """A level rules once on a revision: the same letter again changes nothing, another one is refused. None where it
    has not ruled on this revision, or the answer is to another one."""
    if not _is_newest(minutes, rulings):
        return None
    earlier = {
        item: levels[rulings.level]
        for item, levels in before.items()
        if rulings.level in levels and levels[rulings.level].revision == minutes.revision
    }
    if not earlier:
        return None
    letter = (clean(rulings.letter.number, LONGEST_NUMBER), rulings.letter.day)
    same = {item: ruling.verdict for item, ruling in asked.verdicts.items()}
    if same == {item: ruling.verdict for item, ruling in earlier.items()} and all(
        (ruling.letter_no, ruling.letter_on) == letter for ruling in earlier.values()
    ):
        return Unchanged(minutes.id, minutes.number_text, minutes.revision, minutes.state)
    one = next(iter(earlier.values()))
    facts = {"level": RULING_LEVEL[rulings.level], "letter": one.letter_no or "—"}
    return (Refusal("ruling.twice", "7-6", facts=facts),)


def _named_letter(rulings: Rulings) -> Letter:
    """The letter with a name to it: the level's where nobody signed."""
    return replace(rulings.letter, by=clean(rulings.letter.by, LONGEST_NAME) or RULING_LEVEL[rulings.level])


def _write(
    library: Library, tx: Tx, minutes: MinutesOnTheWay, rulings: Rulings, asked: Asked, act: Act, source: Source
) -> Ruled:
    letter = rulings.letter
    counted = Counter(ruling.verdict for ruling in asked.verdicts.values())
    step = Step(_kind(library, rulings, asked), rulings.level, letter, rulings.remark)
    asks = step.kind is MinutesStepKind.ASK_CORRECTION
    kind = CORRECTION_ASKED if asks else ANSWERED
    for row in asked.rows:
        ruling = asked.verdicts.get(row.item_id)
        if ruling is None:
            continue
        tx.make_room(kind, act, LAST_CHANGES)
        tx.insert(
            RulingRow, minutes_id=minutes.id, minutes_row_id=row.id, minutes_revision=minutes.revision,
            level=rulings.level, verdict=ruling.verdict, remark=clean(ruling.remark, LONGEST_REMARK) or None,
            ruled_at=midnight(letter.day or act.day), ruled_by=letter.by, from_paper=source.from_paper,
            letter_no=clean(letter.number, LONGEST_NUMBER) or None, letter_on=letter.day,
            document_id=source.document_id,
        )  # fmt: skip
    tx.make_room(kind, act, LAST_CHANGES)
    taken = take_step(library, tx, minutes, step, act, **({"asked_by": rulings.level} if asks else {}))
    return Ruled(
        taken,
        approved=counted[Verdict.APPROVE],
        redirected=counted[Verdict.REDIRECT],
        rejected=counted[Verdict.REJECT],
        to_correct=counted[Verdict.CORRECT],
        lent=asked.lent,
    )


def _numbers(rows: Sequence[RowOnTheWay]) -> str:
    return listed([row.accession_no for row in rows])


def listed(numbers: Sequence[int]) -> str:
    """The first accession numbers of a list, as a refusal names them."""
    more = "، …" if len(numbers) > MOST_NAMED else ""
    return "، ".join(str(number) for number in numbers[:MOST_NAMED]) + more
