"""When two descriptions are of one book, and in what they differ (003 م5-2 and تبصره ۱).

A record is used for a copy only where quantity, quality and form agree; creators, title and publisher are the chief
ones. What differs in edition, volume, language, material or form is never put together without a person, who is shown
every difference (001 tells of records that were put together wrongly and could not be taken apart).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.catalogue.isbn import is_store_code
from app.persian.text import compact, fold
from db.codes import Material

ORDINALS = {
    word: str(number)
    for number, words in enumerate(
        ("اول نخست یکم", "دوم", "سوم", "چهارم", "پنجم", "ششم", "هفتم", "هشتم", "نهم", "دهم", "یازدهم", "دوازدهم"), 1
    )
    for word in words.split()
}
SAME_WORD = {"ویرایش": "ویراست"}
_NUMBER = re.compile(r"\d+")
FEW_PAGES, PAGES_SHARE = 8, 10


class Aspect(StrEnum):
    """In what two descriptions may differ."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    VOLUME = "volume"
    CREATORS = "creators"
    PUBLISHER = "publisher"
    EDITION = "edition"
    YEAR = "year"
    ISBN = "isbn"
    LANGUAGE = "language"
    MATERIAL = "material"
    PAGES = "pages"


NEVER = frozenset({Aspect.VOLUME, Aspect.EDITION, Aspect.LANGUAGE, Aspect.MATERIAL})
"""What no program overlooks, and a person only with a word of their own."""
TICKS = (Aspect.CREATORS, Aspect.TITLE, Aspect.PUBLISHER)
"""The three that are asked before a copy is added under another's record (003 م5-2 تبصره ۱)."""


@dataclass(frozen=True, slots=True)
class Described:
    """What identifies a book, folded; made once for each record that is compared."""

    title: str
    subtitle: str
    volume: tuple[str, ...]
    main_creator: str
    creators: frozenset[str]
    publisher: str
    edition: str
    year: int | None
    isbn: str | None
    language: str
    material: Material
    pages: int | None


def described(columns: Mapping[str, Any]) -> Described:
    """The identity in the columns of a record or title."""
    title, subtitle = columns["title"], columns.get("subtitle") or ""
    main = name_key(columns.get("main_creator") or "")
    return Described(
        title=compact(title),
        subtitle=compact(subtitle),
        volume=numbers_in(f"{title} {subtitle}"),
        main_creator=main,
        creators=frozenset(filter(None, (main, *(name_key(name) for name in columns.get("creators") or ())))),
        publisher=compact(columns.get("publisher") or ""),
        edition=edition_key(columns.get("edition") or ""),
        year=columns.get("year"),
        isbn=columns.get("isbn"),
        language=columns.get("language") or "",
        material=columns["material"],
        pages=pages_of(columns.get("pages") or ""),
    )


def name_key(name: str) -> str:
    """«شاملو، احمد» and «احمد شاملو» alike."""
    return " ".join(sorted(fold(name).split()))


def numbers_in(text: str) -> tuple[str, ...]:
    """The numbers of a title, written as digits or ordinals: of volumes, parts, classes of a school."""
    return tuple(sorted(_NUMBER.findall(_with_digits(text))))


def edition_key(text: str) -> str:
    """«ویراست دوم», «ویرایش ۲» alike."""
    return _with_digits(text).replace(" ", "")


def _with_digits(text: str) -> str:
    words = fold(text).split()
    return " ".join(ORDINALS.get(word) or SAME_WORD.get(word, word) for word in words)


def pages_of(text: str) -> int | None:
    """The pages of «[۸]، ۲۳۲ ص.»: the greatest number that is named."""
    found = [int(number) for number in _NUMBER.findall(fold(text)) if len(number) < 6]
    return max(found, default=None)


def differences(one: Described, other: Described) -> tuple[Aspect, ...]:
    """In what two descriptions speak against each other. What only one of them says speaks against nothing, but for the
    volume and the edition: whoever is silent on them means the only or the first one."""
    return tuple(_differences(one, other))


def _differences(one: Described, other: Described) -> Iterator[Aspect]:
    agree: Mapping[Aspect, bool] = {
        Aspect.TITLE: _begins_alike(one.title, other.title),
        Aspect.SUBTITLE: _begins_alike(one.subtitle, other.subtitle) or not (one.subtitle and other.subtitle),
        Aspect.VOLUME: one.volume == other.volume,
        Aspect.CREATORS: _one_in_the_other(one.creators, other.creators),
        Aspect.PUBLISHER: _in_the_other(one.publisher, other.publisher),
        Aspect.EDITION: one.edition == other.edition,
        Aspect.YEAR: None in (one.year, other.year) or one.year == other.year,
        Aspect.ISBN: None in (one.isbn, other.isbn) or one.isbn == other.isbn,
        Aspect.LANGUAGE: one.language == other.language,
        Aspect.MATERIAL: one.material is other.material,
        Aspect.PAGES: _as_thick(one.pages, other.pages),
    }
    yield from (aspect for aspect, alike in agree.items() if not alike)


def _begins_alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _one_in_the_other(one: frozenset[str], other: frozenset[str]) -> bool:
    return one <= other or other <= one


def _in_the_other(one: str, other: str) -> bool:
    """«نی» and «نشر نی» are one publisher."""
    return one in other or other in one


def _as_thick(one: int | None, other: int | None) -> bool:
    if one is None or other is None:
        return True
    return abs(one - other) <= max(FEW_PAGES, max(one, other) // PAGES_SHARE)


def same_book(one: Described, other: Described) -> bool:
    """Whether no person need be asked: the number and all that is said agree, or creator, title, publisher, edition and
    year are told alike and nothing else speaks against it."""
    if differences(one, other):
        return False
    if one.isbn is not None and one.isbn == other.isbn:
        return not is_store_code(one.isbn)
    told_alike = (one.title, one.main_creator, one.publisher, one.year) == (
        other.title, other.main_creator, other.publisher, other.year,
    )  # fmt: skip
    return told_alike and bool(one.main_creator or one.publisher)


def likeness(one: Described, other: Described) -> int:
    """How much two descriptions are alike, 0 to 100: for the order of a list, never for a decision."""
    against = set(differences(one, other))
    weights = {
        Aspect.TITLE: 30, Aspect.CREATORS: 20, Aspect.PUBLISHER: 10, Aspect.ISBN: 10, Aspect.EDITION: 8,
        Aspect.YEAR: 6, Aspect.VOLUME: 6, Aspect.SUBTITLE: 4, Aspect.LANGUAGE: 2, Aspect.MATERIAL: 2, Aspect.PAGES: 2,
    }  # fmt: skip
    return sum(weight for aspect, weight in weights.items() if aspect not in against)


def ticks(one: Described, other: Described) -> Sequence[tuple[Aspect, bool]]:
    """The three signs of a record that may serve for a copy: each with whether it agrees (003 م5-2 تبصره ۱)."""
    against = set(differences(one, other))
    return tuple((aspect, aspect not in against) for aspect in TICKS)
