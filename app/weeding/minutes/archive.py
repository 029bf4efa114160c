"""The archive of minutes (002 م7-13 … م7-15): every frozen edition by date, found by number, day, or a copy on it; and
the binder list (فهرست زونکن) with the letters and receipts that belong to each.

Nothing here changes anything: an edition is reprinted from the bytes that were frozen, proven by their hash
(`app.weeding.queries.frozen_paper`).
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from app.library import HERE
from app.persian.digits import typed
from app.persian.text import tokens
from app.weeding.minutes.attaching import MOST_BYTES, Attachment, attachments_of
from app.weeding.minutes.deliveries import Delivery, deliveries_of
from app.weeding.minutes.outcomes import Scan
from app.weeding.minutes.reads import find_minutes, steps_of
from app.weeding.queries import ArchivedMinutes, archive
from db.codes import MinutesState, MinutesStepKind, RulingLevel, WeedingReason
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.collection import Minutes, MinutesRow
from db.models.items import Item
from db.reading import Reader
from db.trouble import Trouble

_NUMBER = re.compile(r"(?:([0-9]{4})/)?([0-9]{0,6})")
_LONGEST_NUMBER = 18  # digits that a store keeps


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty does not matter.

    `number` is «1405/12», «1405/» for a year or «12» in any year; `since` and `until` are days on which an edition was
    made, both included; `book` are words of a title or author, an accession number or a barcode.
    """

    number: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    book: str = ""


@dataclass(frozen=True, slots=True)
class FiledLetter:
    """A letter that carried a step of minutes to where they stood then; `level` answered with it, None where it is the
    library's own."""

    number: str | None
    day: dt.date
    kind: MinutesStepKind
    became: MinutesState
    level: RulingLevel | None


@dataclass(frozen=True, slots=True)
class Filed:
    """Minutes as they lie in the binder: the newest edition with the letters and papers of all of them, and with the
    handovers by which its copies left."""

    id: uuid.UUID
    reason: WeedingReason
    state: MinutesState
    number: str
    revision: int
    finalised_on: dt.date
    copies: int
    letters: tuple[FiledLetter, ...]
    attachments: tuple[Attachment, ...]
    deliveries: tuple[Delivery, ...] = ()


# What was struck before the first paper was printed stands on no paper.
ON_PAPER = (
    Minutes.branch_id == HERE,
    Minutes.number.is_not(None),
    Minutes.deleted_at.is_(None),
    MinutesRow.deleted_at.is_(None),
    sa.or_(MinutesRow.struck_at.is_(None), Minutes.revision > 1),
)
WITH_COPY = Frozen(
    sa.select(MinutesRow.minutes_id)
    .join(Minutes, Minutes.id == MinutesRow.minutes_id)
    .join(Item, Item.id == MinutesRow.item_id)
    .where(
        *ON_PAPER,
        sa.or_(
            Item.barcode == sa.bindparam("code"),
            Item.accession_no == sa.bindparam("accession_no", type_=sa.BigInteger()),
        ),
    )
    .distinct(),
    lambda minutes: minutes,
)
TITLES = Frozen(
    sa.select(Title.id, Title.title, Title.main_creator).where(
        Title.id.in_(
            sa.select(Item.title_id)
            .join(MinutesRow, MinutesRow.item_id == Item.id)
            .where(MinutesRow.branch_id == HERE, MinutesRow.deleted_at.is_(None))
        )
    ),
    lambda title_id, title, creator: (title_id, f"{title} {creator or ''}"),
)
WITH_TITLE = Frozen(
    sa.select(MinutesRow.minutes_id)
    .join(Minutes, Minutes.id == MinutesRow.minutes_id)
    .join(Item, Item.id == MinutesRow.item_id)
    .where(*ON_PAPER, Item.title_id == sa.bindparam("title"))
    .distinct(),
    lambda minutes: minutes,
)


def find_archived(reader: Reader, wanted: Wanted) -> list[ArchivedMinutes]:
    """Every frozen edition that is wanted, the newest first. Letters and digits may be written in any usual way."""
    found = [minutes for minutes in archive(reader) if _is_wanted(minutes, wanted)]
    if not wanted.book.strip() or not found:
        return found
    with_book = _with_book(reader, wanted.book)
    return [minutes for minutes in found if minutes.id in with_book]


def binder(reader: Reader, since: dt.date, until: dt.date) -> tuple[Filed, ...]:
    """The binder of a period, by date: each minutes once, in its newest edition."""
    newest: dict[tuple[int, int], ArchivedMinutes] = {}
    for minutes in archive(reader):
        newest.setdefault((minutes.year, minutes.number), minutes)
    wanted = Wanted(since=since, until=until)
    within = [minutes for minutes in newest.values() if _is_wanted(minutes, wanted)]
    return tuple(_filed(reader, minutes) for minutes in sorted(within, key=_by_date))


def _is_wanted(minutes: ArchivedMinutes, wanted: Wanted) -> bool:
    if wanted.since is not None and minutes.finalised_on < wanted.since:
        return False
    if wanted.until is not None and minutes.finalised_on > wanted.until:
        return False
    number = typed(wanted.number)
    if not number:
        return True
    parts = _NUMBER.fullmatch(number)
    if parts is None:
        return False
    return parts[1] in (None, str(minutes.year)) and parts[2] in ("", str(minutes.number))


def _with_book(reader: Reader, book: str) -> set[uuid.UUID]:
    """The editions that a copy stands on, by its numbers or by words of its title and author."""
    code = typed(book)
    accession_no = int(code) if code.isascii() and code.isdigit() and len(code) <= _LONGEST_NUMBER else None
    words = tokens(book)
    by_number = set(reader.all(WITH_COPY, code=code, accession_no=accession_no))
    return by_number | set(_with_words(reader, words)) if words else by_number


def _with_words(reader: Reader, words: list[str]) -> Iterator[uuid.UUID]:
    """Each title is looked at once, however many papers it stands on."""
    for title, text in reader.all(TITLES):
        written = tokens(text)
        if all(any(word in one for one in written) for word in words):
            yield from reader.all(WITH_TITLE, title=title)


def _by_date(minutes: ArchivedMinutes) -> tuple[dt.date, int, int]:
    return minutes.finalised_on, minutes.year, minutes.number


def _filed(reader: Reader, archived: ArchivedMinutes) -> Filed:
    minutes = find_minutes(reader, archived.id)
    if minutes is None:
        raise LookupError(archived.id)
    letters = tuple(
        FiledLetter(step.letter_no, step.letter_on or step.day, step.kind, step.became, step.level)
        for step in steps_of(reader, minutes)
        if step.letter_no or step.letter_on
    )
    return Filed(
        id=archived.id, reason=archived.reason, state=archived.state, number=minutes.number_text,
        revision=archived.revision, finalised_on=archived.finalised_on, copies=archived.copies, letters=letters,
        attachments=tuple(attachments_of(reader, minutes)), deliveries=deliveries_of(reader, minutes),
    )  # fmt: skip


def read_scan(path: Path) -> Scan:
    """A file to be filed with minutes. No more of it is read than shows that it is too big. Raises Trouble P-2101."""
    try:
        with path.open("rb") as file:
            return Scan(path.name, file.read(MOST_BYTES + 1))
    except OSError as error:
        raise Trouble("P-2101", path=path.name) from error
