"""What is said of a new title, by hand, by the headless desk or by a file; and what is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.catalogue.isbn import valid_isbn13
from app.form import invalid, required
from app.persian.text import clean
from app.refusal import Refusal
from db.codes import CataloguingStatus, CreatorRole, Material

MAIN_ROLES = (CreatorRole.AUTHOR, CreatorRole.COMPILER, CreatorRole.EDITOR, CreatorRole.SCRIBE)


@dataclass(frozen=True, slots=True)
class Creator:
    """A name and the part it had."""

    name: str
    role: CreatorRole = CreatorRole.AUTHOR


@dataclass(frozen=True, slots=True)
class TitleForm:
    """The fields of a record. `year` as printed (Jalali below 1700); `price` never stands here, it belongs to a
    copy."""

    title: str
    creators: tuple[Creator, ...] = ()
    subtitle: str | None = None
    statement: str | None = None
    publisher: str | None = None
    place: str | None = None
    year: int | None = None
    edition: str | None = None
    edition_no: int | None = None
    printing: str | None = None
    isbn: str | None = None
    isbn_raw: str | None = None
    nbn: str | None = None
    dewey: str | None = None
    author_mark: str | None = None
    subjects: tuple[str, ...] = ()
    language: str = "fa"
    material: Material = Material.BOOK
    audience: str | None = None
    age_group: str | None = None
    min_age: int | None = None
    pages: str | None = None
    size: str | None = None
    series: str | None = None
    abstract: str | None = None
    note: str | None = None
    status: CataloguingStatus = CataloguingStatus.ORIGINAL
    marc: bytes | None = None
    marc_format: str | None = None
    extras: Mapping[str, str] = field(default_factory=dict)


def title_problems(form: TitleForm) -> Iterator[Refusal]:
    """What keeps a record from being stored (003 م3-3: mandatory fields, ISBN check)."""
    yield from required(title=clean(form.title))
    if form.isbn and valid_isbn13(form.isbn) is None:
        yield invalid("isbn", form.isbn)
    if form.year is not None and not 300 <= form.year <= 2200:
        yield invalid("year", form.year)
    for creator in form.creators:
        yield from required(creator=clean(creator.name))


def main_creator(form: TitleForm) -> str | None:
    """The name under which the work is entered: its first author, else compiler, editor or scribe, else nobody."""
    for role in MAIN_ROLES:
        for creator in form.creators:
            if creator.role is role:
                return clean(creator.name)
    return None
