"""Words of the catalogue that belong to no coded column: languages, sections of the house, years, call numbers."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from app.catalogue.call_number import display
from app.catalogue.form import Creator
from app.catalogue.isbn import hyphenate
from app.labels import CREATOR_ROLE, LANGUAGE
from app.persian.digits import number
from db.codes import CreatorRole
from ui.widgets.labels import isolate, ltr

LANGUAGES = LANGUAGE
AUDIENCES: Mapping[str, str] = MappingProxyType(
    {"adult": "بزرگسال", "young_adult": "نوجوان", "child": "کودک", "teen": "نوجوان"}
)


def year_words(year: int | None) -> str:
    """«۱۳۹۰»; "" where the book names none."""
    return number(year, grouped=False) if year is not None else ""


@lru_cache(maxsize=4096)
def isbn_words(isbn: str | None) -> str:
    """The ISBN with its hyphens, standing from left to right."""
    return ltr(hyphenate(isbn)) if isbn else ""


@lru_cache(maxsize=4096)
def class_words(dewey: str | None, mark: str | None) -> str:
    """«۸فا۳/۶۲ د۲۴۵س»."""
    return display(dewey, mark or "") if dewey else ""


def creator_words(creator: Creator) -> str:
    """«نادر ابراهیمی (مترجم)»; an author needs no word."""
    name = isolate(creator.name)
    return name if creator.role is CreatorRole.AUTHOR else f"{name} ({CREATOR_ROLE[creator.role]})"
