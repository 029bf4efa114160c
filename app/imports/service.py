"""Taking books in from a file: what is new is stored, what is known is left alone, what is refused is kept beside
it."""

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias, TypeVar

import sqlalchemy as sa

from app.actions import Action
from app.catalogue import keys
from app.catalogue.form import Creator, TitleForm, main_creator
from app.catalogue.importing.encodings import Encoding
from app.catalogue.importing.reader import open_reader
from app.catalogue.importing.record import BookRecord, CopyFacts, Good, NotABook, Outcome, Refused, Repaired
from app.catalogue.importing.side_file import SideFile
from app.catalogue.importing.sniff import FileFormat
from app.catalogue.importing.statuses import AS_SAID, StatusWish
from app.catalogue.writing import insert_title
from app.imports.copies import STORED, CopyRefused, Origin, named_copies, take_copy
from app.imports.state import Counts, Progress, finished_batch, write_batch
from app.items.form import ItemForm
from app.items.writing import ShelvedTitle, register_item, shelved_title
from app.library import HERE, Library
from app.outcome import Refused as NotAllowed
from app.refusal import Refusal
from app.wording import message
from db.act import Act
from db.codes import CataloguingStatus, Source
from db.files import safe_write
from db.frozen import Frozen
from db.models.catalogue import Title
from db.reading import Reader
from db.writing import Tx

BATCH = 40  # records a transaction, so that the desk never waits (sync-protocol 20: at most 50 rows at a time)
KNOWN = Frozen(
    sa.select(Title.id, Title.isbn, Title.isbn_raw).where(
        Title.branch_id == HERE, Title.match_key == sa.bindparam("key"), Title.deleted_at.is_(None)
    ),
    lambda title_id, isbn, raw: (title_id, isbn, raw),
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """Which file, read how. `copies`: how many copies to register for a record that names none of its own; `statuses`:
    how the words and codes are read that say where a copy is."""

    path: Path
    format: FileFormat | None = None
    column_map: Mapping[str, str | Sequence[str]] | None = None
    encoding: Encoding | None = None
    copies: int = 0
    source: Source = Source.UNKNOWN
    statuses: StatusWish = AS_SAID


@dataclass(frozen=True, slots=True)
class Imported:
    """The file was taken in. `side_files` hold what was not, word for word."""

    counts: Counts
    side_files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class AlreadyImported:
    """This very file was taken in before; nothing was added."""

    counts: Counts


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Stopped by the user. What was stored stays; importing the file again goes on where it stopped."""

    counts: Counts


ImportOutcome: TypeAlias = "Imported | AlreadyImported | Cancelled | NotAllowed"


def import_file(
    library: Library,
    request: ImportRequest,
    act: Act,
    side_folder: Path,
    progress: Callable[[Progress], bool] = lambda _: True,
) -> ImportOutcome:
    """Take in a file of books. `progress` is told how far it is and answers False to stop.

    Raises Trouble P-21xx when the file cannot be read at all; nothing has changed then.
    """
    if not library.may(act.role, Action.IMPORT):
        return NotAllowed((Refusal("role.not_allowed"),))
    digest = _digest(request.path)
    with library.store.read() as reader:
        before = finished_batch(reader, digest)
    if before is not None and not _again(before, request):
        return AlreadyImported(before)
    file = open_reader(request.path, request.format, request.column_map, request.encoding, request.statuses)
    side = SideFile(side_folder / f"{request.path.stem}-{digest[:8]}.jsonl", safe_write, file.format)
    counts = Counts()
    for batch in _batches(file.outcomes(), BATCH):
        counts = _store_batch(library, request, batch, counts, side, act)
        if not progress(Progress(batch[-1].line, file.total, counts)):
            return Cancelled(counts)
    side_folder.mkdir(parents=True, exist_ok=True)
    written = side.save()
    with library.store.write() as tx:
        write_batch(tx, request.path.name, file.format, digest, counts, written, act)
        tx.record("import.finished", act)
    return Imported(counts, written)


def _again(before: Counts, request: ImportRequest) -> bool:
    """Whether a file that was taken in is read once more: for what was refused then and may go in now. The rest is
    known."""
    return before.copies_refused > 0 or (before.refused > 0 and request.statuses != AS_SAID)


def _digest(path: Path) -> str:
    """The file's SHA-256; what cannot be read, or is no file at all, is told by the reader that comes next."""
    if not path.is_file():
        return ""
    sha = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                sha.update(block)
    except OSError:
        return ""
    return sha.hexdigest()


def _batches(outcomes: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(outcomes, size)):
        yield batch


def _store_batch(
    library: Library, request: ImportRequest, batch: list[Outcome], counts: Counts, side: SideFile, act: Act
) -> Counts:
    with library.store.write() as tx:
        work = _Work(library, tx, request, side, act)
        for outcome in batch:
            side.add(outcome)
            counts += work.store(outcome)
        if work.stored:
            tx.record(STORED, act)
    return counts


class _Work:
    """The records of one transaction."""

    def __init__(self, library: Library, tx: Tx, request: ImportRequest, side: SideFile, act: Act) -> None:
        self._library, self._tx, self._request, self._side = library, tx, request, side
        may_weed = library.may(act.role, Action.FINALISE_MINUTES)
        self._origin = Origin(request.path.name, request.source, library.branch.barcode_prefix, act, may_weed)
        self.stored = False

    def store(self, outcome: Outcome) -> Counts:
        """What became of one record of the file."""
        match outcome:
            case Refused():
                return Counts(read=1, refused=1)
            case NotABook():
                return Counts(read=1, not_books=1)
            case Good(record):
                return Counts(read=1) + self._add(record)
            case Repaired(record):
                return Counts(read=1, repaired=1) + self._add(record)

    def _add(self, record: BookRecord) -> Counts:
        form = title_form(record)
        known = find_known(self._tx, form)
        title = shelved_title(self._tx, known or self._new_title(form))
        counts = Counts(titles=int(known is None), known=int(known is not None))
        named = named_copies(record)
        if title is None:
            return counts
        for copy in named:
            counts += self._copy(title, copy, record)
        if not named and known is None:
            counts += self._unnamed(title, record)
        return counts

    def _new_title(self, form: TitleForm) -> uuid.UUID:
        self._tx.make_room(STORED, self._origin.act, 1 + len(form.creators) + len(form.subjects))
        self.stored = True
        return insert_title(self._tx, form, self._library.store.dialect.name)

    def _copy(self, title: ShelvedTitle, copy: CopyFacts, record: BookRecord) -> Counts:
        taken = take_copy(self._tx, title, copy, record, self._origin)
        if isinstance(taken, CopyRefused):
            refusal = taken.refusal
            facts = {"title": record.title, "barcode": copy.barcode, "accession_no": copy.accession_no,
                     "status": copy.said}  # fmt: skip
            self._side.add_copy(record.source_line, refusal.code, message(refusal), facts)
            return Counts(copies_refused=1)
        self.stored = self.stored or taken.copies > 0
        return taken

    def _unnamed(self, title: ShelvedTitle, record: BookRecord) -> Counts:
        """As many copies as were asked for of a new title whose copies the file does not name."""
        form = ItemForm(price=record.price, source=self._request.source)
        for _ in range(self._request.copies):
            self._tx.make_room(STORED, self._origin.act, 1)
            register_item(self._tx, title, form, self._origin.act.day, self._origin.prefix)
        return Counts(copies=self._request.copies)


def find_known(reader: Reader, form: TitleForm) -> uuid.UUID | None:
    """The record that this very description made before: same keys and the same ISBN, also a doubtful one."""
    key = keys.match_key(form.title, main_creator(form), form.publisher, form.edition, form.year)
    for title_id, isbn, raw in reader.all(KNOWN, key=key):
        if isbn == form.isbn and (isbn is not None or raw == form.isbn_raw):
            return uuid.UUID(str(title_id))
    return None


def title_form(record: BookRecord) -> TitleForm:
    """The record as the catalogue takes it."""
    return TitleForm(
        title=record.title,
        creators=tuple(Creator(creator.name, creator.role) for creator in record.creators),
        subtitle=record.subtitle,
        statement=record.statement,
        publisher=record.publisher,
        place=record.place,
        year=record.year,
        edition=record.edition,
        printing=record.printing,
        isbn=record.isbn,
        isbn_raw=record.isbn_raw,
        nbn=record.nbn,
        dewey=record.dewey,
        author_mark=record.author_mark,
        subjects=record.subjects,
        language=record.language or "fa",
        material=record.material,
        age_group=record.age_group,
        pages=record.pages,
        size=record.size,
        series=record.series,
        abstract=record.abstract,
        note=record.note,
        status=CataloguingStatus.IMPORTED,
        marc=record.marc,
        marc_format="marc21" if record.marc else None,
        extras=record.extras,
    )
