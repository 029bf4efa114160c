"""Mending what the conversion of old data did to the status of copies (002 م8-3 … م8-6): a list is looked at first,
then changed as a whole, with a reason."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import sqlalchemy as sa

from app.actions import Action
from app.circulation.lost.writing import back_to_queue
from app.labels import ITEM_STATUS
from app.library import HERE, Library
from app.outcome import Refused
from app.persian.digits import typed
from app.persian.text import clean
from app.refusal import Refusal
from app.weeding.minutes.executing import WEEDED_AS
from db.act import Act
from db.codes import WEEDED, DisposalState, ItemStatus, WeedingReason
from db.frozen import Frozen
from db.journal import Intent
from db.models.catalogue import Title
from db.models.collection import Disposal, DisposalRow
from db.models.items import Item, ItemStatusChange
from db.reading import Reader
from db.writing import Tx

MOST = 5_000
LONGEST_REASON = 500
CORRECTED = "corrected "
"""Why of the change of status, with the value of the correction behind it."""
CAME_WEEDED = "weeded"
KIND = "item.status_corrected"


class Correction(StrEnum):
    """What is put right."""

    UNKNOWN = "unknown"
    RESTORE = "restore"
    WEEDED = CAME_WEEDED
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Rule:
    """Out of which statuses copies come, and by which article (002)."""

    out_of: frozenset[ItemStatus]
    article: str


RULES: Mapping[Correction, Rule] = MappingProxyType(
    {
        # Weeded in past years, «available» after the conversion: nobody knows any more.
        Correction.UNKNOWN: Rule(frozenset({ItemStatus.AVAILABLE}), "8-3"),
        # Stands in the stacks, so it is not weeded, whatever the record says.
        Correction.RESTORE: Rule(WEEDED, "8-4"),
        # Code 3 (or 33) of the worksheet of «نمایه»: it was weeded there.
        Correction.WEEDED: Rule(frozenset({ItemStatus.AVAILABLE, ItemStatus.UNKNOWN}), "8-5"),
        # Missing for years, «available» after the conversion.
        Correction.MISSING: Rule(frozenset({ItemStatus.AVAILABLE, ItemStatus.UNKNOWN}), "8-6"),
    }
)
BECOMES = {
    Correction.UNKNOWN: ItemStatus.UNKNOWN,
    Correction.RESTORE: ItemStatus.AVAILABLE,
    Correction.MISSING: ItemStatus.MISSING,
}


@dataclass(frozen=True, slots=True)
class StatusCorrection:
    """Copies (barcodes or accession numbers), or all accession numbers from `first` to `last`; `weeded_as` says for
    which reason a copy counts that came weeded from another program."""

    correction: Correction
    items: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    reason: str = ""
    weeded_as: WeedingReason = WeedingReason.CONTENT

    @property
    def becomes(self) -> ItemStatus:
        """The status that the copies get."""
        return BECOMES.get(self.correction, WEEDED_AS[self.weeded_as])


@dataclass(frozen=True, slots=True)
class CorrectedCopy:
    """One copy of the list: what it is, what it would become, and what speaks against that."""

    id: uuid.UUID
    accession_no: int
    barcode: str
    title: str
    was: ItemStatus
    becomes: ItemStatus
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class CorrectionPreview:
    """What a correction would do; `unknown` are codes that no copy carries."""

    copies: tuple[CorrectedCopy, ...]
    unknown: tuple[str, ...]

    @property
    def changing(self) -> tuple[CorrectedCopy, ...]:
        """The copies nothing speaks against."""
        return tuple(copy for copy in self.copies if not copy.refusals)


@dataclass(frozen=True, slots=True)
class StatusCorrected:
    """The copies whose status was changed; the others stand in `preview` with what spoke against them."""

    changed: tuple[CorrectedCopy, ...]
    preview: CorrectionPreview


@dataclass(frozen=True, slots=True)
class CopyState:
    """A copy as a correction sees it. `uses` and `seen_on` are of this program; `packed`: it lies in a package that has
    not gone yet."""

    id: uuid.UUID
    ver: int
    accession_no: int
    barcode: str
    title: str
    status: ItemStatus
    on_minutes_id: uuid.UUID | None
    uses: int
    seen_on: dt.date | None
    packed: bool


PACKED = sa.exists(
    sa.select(DisposalRow.id)
    .join(Disposal, Disposal.id == DisposalRow.disposal_id)
    .where(
        DisposalRow.item_id == Item.id,
        DisposalRow.deleted_at.is_(None),
        DisposalRow.gone_to.is_(None),
        Disposal.state != DisposalState.FINISHED,
        Disposal.state != DisposalState.CANCELLED,
    )
)
COPY = (
    sa.select(
        Item.id, Item.ver, Item.accession_no, Item.barcode, Title.title, Item.status, Item.on_minutes_id, Item.uses,
        Item.seen_on, PACKED,
    )
    .join(Title, Title.id == Item.title_id)
    .where(Item.branch_id == HERE, Item.deleted_at.is_(None))
)  # fmt: skip
BY_BARCODE = Frozen(COPY.where(Item.barcode == sa.bindparam("key")), CopyState)
BY_ACCESSION = Frozen(COPY.where(Item.accession_no == sa.bindparam("key", type_=sa.BigInteger())), CopyState)
IN_RANGE = Frozen(
    COPY.where(
        Item.accession_no >= sa.bindparam("first", type_=sa.BigInteger()),
        Item.accession_no <= sa.bindparam("last", type_=sa.BigInteger()),
    )
    .order_by(Item.accession_no)
    .limit(MOST + 1),
    CopyState,
)


def preview_correction(library: Library, request: StatusCorrection) -> CorrectionPreview:
    """What a correction would change, and what not. Nothing is changed."""
    with library.store.read() as reader:
        return _look(reader, request)[0]


def correct_statuses(library: Library, request: StatusCorrection, act: Act) -> StatusCorrected | Refused:
    """Change the copies that nothing speaks against, all in one transaction, each with a row that tells it. A copy on
    loan is never among them."""
    with library.store.write() as tx:
        preview, states = _look(tx, request)
        refused = (*library.forbids(act, Action.FINALISE_MINUTES), *_refusals(request, preview))
        if refused:
            return Refused(refused)
        reason = clean(request.reason, LONGEST_REASON)
        for copy in preview.changing:
            _correct(tx, states[copy.id], request, act, reason)
        tx.record(KIND, act, Intent(reason=reason))
        return StatusCorrected(preview.changing, preview)


def _correct(tx: Tx, state: CopyState, request: StatusCorrection, act: Act, reason: str) -> None:
    tx.make_room(KIND, act, 3)
    tx.insert(
        ItemStatusChange, item_id=state.id, at=act.at, was=state.status, became=request.becomes,
        why=f"{CORRECTED}{request.correction}", remark=reason,
    )  # fmt: skip
    # What is restored stands in the stacks: somebody saw it there.
    seen = {"seen_on": act.day} if request.correction is Correction.RESTORE else {}
    tx.update(Item, state, status=request.becomes, **seen)
    back_to_queue(tx, state.id)


def _look(reader: Reader, request: StatusCorrection) -> tuple[CorrectionPreview, Mapping[uuid.UUID, CopyState]]:
    states, unknown = _copies(reader, request)
    copies = tuple(
        CorrectedCopy(
            state.id,
            state.accession_no,
            state.barcode,
            state.title,
            state.status,
            request.becomes,
            tuple(_speaks_against(state, request)),
        )
        for state in states.values()
    )
    return CorrectionPreview(copies, tuple(unknown)), states


def _copies(reader: Reader, request: StatusCorrection) -> tuple[dict[uuid.UUID, CopyState], list[str]]:
    found: dict[uuid.UUID, CopyState] = {}
    unknown = []
    for item in request.items:
        state = find_state(reader, item)
        if state is None:
            unknown.append(clean(item, 64))
        else:
            found[state.id] = state
    if request.first is not None and request.last is not None:
        in_range = reader.all(IN_RANGE, first=request.first, last=request.last)
        found |= {state.id: state for state in in_range}
    return found, unknown


def find_state(reader: Reader, item: str) -> CopyState | None:
    """A copy by barcode, else by accession number."""
    code = typed(item)
    state = reader.one(BY_BARCODE, key=code)
    if state is None and code.isascii() and code.isdigit() and len(code) <= 18:
        state = reader.one(BY_ACCESSION, key=int(code))
    return state


def _speaks_against(state: CopyState, request: StatusCorrection) -> Iterator[Refusal]:
    rule = RULES[request.correction]
    if state.status is request.becomes:
        yield Refusal("correction.done", rule.article)
    elif state.status not in rule.out_of:
        yield Refusal("correction.status", rule.article, facts={"status": ITEM_STATUS[state.status]})
    elif request.correction is Correction.WEEDED and (state.uses or state.seen_on):
        # It was here after the conversion: it leaves by minutes, like every other copy (م8-1).
        yield Refusal("correction.used", "8-1")
    if state.on_minutes_id is not None:
        yield Refusal("item.on_weeding_minutes", "7-4")
    if state.packed:
        yield Refusal("correction.packed", rule.article)


def _refusals(request: StatusCorrection, preview: CorrectionPreview) -> Iterator[Refusal]:
    if not clean(request.reason):
        yield Refusal("reason.required")
    have = len(preview.copies) + len(preview.unknown)
    if have > MOST:
        yield Refusal("correction.too_many", limit=MOST, have=have)
    elif not preview.changing:
        yield Refusal("correction.nothing", RULES[request.correction].article)


def namayeh_weeded(rows: Sequence[tuple[str, str]], weeded_code: int = 3) -> tuple[str, ...]:
    """The copies that «نمایه» recorded as weeded, out of pairs of accession number and the code on page 7 of its
    worksheet (002 م8-5): code 3, or 33 in libraries that had used 3 for something else before.

    Raises ValueError for a code that the guideline does not know.
    """
    if weeded_code not in (3, 33):
        raise ValueError(weeded_code)
    return tuple(item for item, code in rows if typed(code).lstrip("0") == str(weeded_code))
