"""What another program says of where a copy is, and what that is here (002 م8-3 … م8-6). Pure.

A word or code that is not understood is no status: its record is refused, so that nothing comes in as «موجود» only
because nobody knew better.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.catalogue.importing.findings import Concern, Notes, Reason
from app.catalogue.importing.record import CopyFacts
from app.catalogue.importing.words import STATUSES, WEEDED_SAID
from app.persian.digits import typed
from app.persian.text import clean, compact
from db.codes import WEEDED, ItemStatus

NAMAYEH_CODES = (3, 33)
"""The code on page 7 of the worksheet of «نمایه» that means weeded (002 م8-5): 3, or 33 where 3 had meant something
else before."""
TAKEN = (
    ItemStatus.AVAILABLE, ItemStatus.MISSING, ItemStatus.UNKNOWN, ItemStatus.IN_BINDING, ItemStatus.IN_PROCESSING,
    ItemStatus.ON_LOAN, ItemStatus.WEEDED_CONTENT, ItemStatus.WEEDED_WORN, ItemStatus.WEEDED_DUPLICATE,
    ItemStatus.WEEDED_NO_AUDIENCE,
)  # fmt: skip
"""The statuses that a file may give. On loan is told only: the loan itself is in no file of books."""
MEANINGS = (*TAKEN, WEEDED_SAID)
"""What a word or code of a file may mean."""
MOST_DIGITS = 8
"""Of an accession number out of a file: a longer one is no count of books, and the series would go on behind it."""
SAID = 80
"""Characters of what the file said that are kept with the copy."""


@dataclass(frozen=True, slots=True)
class StatusWish:
    """How the statuses of a file are read.

    `weeded_as` is the kind of weeded of a copy that the file calls weeded and no more; without it such a copy is
    refused. `weeded_code` is 3 or 33 for a file of «نمایه». `meanings` are words or codes of the file with what they
    are here (`MEANINGS`). `marc_field` is a local field and subfield, «949s», that says the status.

    Raises ValueError for what is none of these.
    """

    weeded_as: ItemStatus | None = None
    weeded_code: int | None = None
    meanings: Mapping[str, str] = field(default_factory=dict)
    marc_field: str = ""

    def __post_init__(self) -> None:
        if self.weeded_as is not None and self.weeded_as not in WEEDED:
            raise ValueError(self.weeded_as)
        if self.weeded_code is not None and self.weeded_code not in NAMAYEH_CODES:
            raise ValueError(self.weeded_code)
        wrong = [meaning for meaning in self.meanings.values() if meaning not in MEANINGS]
        if wrong:
            raise ValueError(*wrong)
        if self.marc_field and not is_marc_field(self.marc_field):
            raise ValueError(self.marc_field)


AS_SAID = StatusWish()


def is_marc_field(text: str) -> bool:
    """Whether a text names a field and a subfield: «949s»."""
    return len(text) == 4 and text.isascii() and text[:3].isdigit() and text[:2] != "00" and text[3].isalnum()


def status_of(text: str, wish: StatusWish = AS_SAID) -> ItemStatus | Reason:
    """What a word or code of a file is here. An empty cell says nothing against the shelf: available."""
    key, code = _key(text), typed(text).lower()
    if not key:
        return ItemStatus.AVAILABLE
    own = {_key(word): meaning for word, meaning in wish.meanings.items()}
    meaning = own.get(key) or _by_code(code, wish) or STATUSES.get(key)
    if meaning is None:
        return Reason.STATUS_UNKNOWN
    if meaning == WEEDED_SAID:
        return wish.weeded_as or Reason.STATUS_WEEDED_KIND
    return ItemStatus(meaning)


def with_statuses(
    copies: Sequence[CopyFacts], texts: Sequence[str], wish: StatusWish = AS_SAID
) -> tuple[CopyFacts, ...] | Reason:
    """The copies of a record with what is said of each: one text for all of them, or one for each. What is not simply
    available needs a number, by which a second look at the file knows it again."""
    if len(texts) > 1 and len(texts) != len(copies):
        return Reason.STATUS_COUNT
    found = [status_of(text, wish) for text in texts]
    statuses: list[ItemStatus] = []
    for status in found:
        if isinstance(status, Reason):
            return status
        statuses.append(status)
    away = any(status is not ItemStatus.AVAILABLE for status in statuses)
    if away and not (copies and all(copy.barcode or copy.accession_no for copy in copies)):
        return Reason.STATUS_NO_COPY
    if len(texts) == 1:
        texts, statuses = [*texts] * len(copies), statuses * len(copies)
    told = zip(copies, statuses, texts, strict=False)
    return tuple(replace(copy, status=status, said=clean(text, SAID) or None) for copy, status, text in told) or tuple(
        copies
    )


def register_number(copy: CopyFacts) -> int | None:
    """The accession number that the file gives, if it is one that a register counts to."""
    text = typed(copy.accession_no or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and int(text) else None


def noted(copies: Sequence[CopyFacts], notes: Notes) -> None:
    """What the librarian should look at before these copies are taken in."""
    for copy in copies:
        if copy.status is ItemStatus.ON_LOAN:
            notes.warn(Concern.STATUS_ON_LOAN, "status", copy.accession_no or copy.barcode or "")
        if copy.accession_no and register_number(copy) is None:
            notes.warn(Concern.ACCESSION_UNCLEAR, "accession_no", copy.accession_no)


def _by_code(code: str, wish: StatusWish) -> str | None:
    if wish.weeded_code is not None and code.lstrip("0") == str(wish.weeded_code):
        return WEEDED_SAID
    return code if code in TAKEN else None


def _key(text: str) -> str:
    return compact(text[:200])
