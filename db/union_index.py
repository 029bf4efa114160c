"""The index over records of the union catalogue: every word of a record stands in `search_key`, with the mark of its
field, and a question about fields is asked of these words alone.

PostgreSQL reads them as a `tsvector` (GIN index, words that begin so are found too); SQLite, where a branch holds the
few thousand records it subscribed to, looks through the text. Words come folded from `app.persian`, in the index and
in questions alike; they hold no space and none of the marks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from db.models.centre import UnionTitle

WORD, EXACT = ":", "="
"""After the letter of the field: one of its words, or the whole of it."""


class Field(StrEnum):
    """The fields that can be asked for, by the letter that stands before their words."""

    TITLE = "t"
    CREATOR = "c"
    SUBJECT = "s"
    PUBLISHER = "p"
    DATE = "d"
    ISBN = "i"
    OTHER = "o"
    RECORD = "r"


ANYWHERE = tuple(field for field in Field if field is not Field.RECORD)
# The price is true, and tells the planner never to work the words of every row out again where the index knows them.
POSTGRESQL_SCHEMA = (
    (
        "CREATE OR REPLACE FUNCTION union_words(text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE "
        "COST 5000 AS $$ BEGIN RETURN array_to_tsvector(string_to_array($1, ' ')); END $$"
    ),
    (
        "CREATE INDEX IF NOT EXISTS union_by_word ON union_title USING gin (union_words(search_key)) "
        "WHERE deleted_at IS NULL"
    ),
)
WORDS: sa.ColumnElement[Any] = sa.literal_column("union_words(union_title.search_key)")


@dataclass(frozen=True, slots=True)
class Holds:
    """One marked word; `begins` asks for all words that begin so."""

    lexeme: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these."""

    of: "tuple[Wanted, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these."""

    of: "tuple[Wanted, ...]"


@dataclass(frozen=True, slots=True)
class Without:
    """The first, but not the second."""

    kept: "Wanted"
    barred: "Wanted"


Wanted = Holds | All | AnyOf | Without


def holding(wanted: Wanted, dialect: str) -> sa.ColumnElement[bool]:
    """The condition that a record holds what is wanted."""
    if dialect == "sqlite":
        return _sqlite(wanted)
    return WORDS.op("@@", is_comparison=True)(sa.cast(sa.literal(_tsquery(wanted)), TsQuery))


class TsQuery(sa.types.UserDefinedType[str]):
    """What a `tsvector` is asked."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Its name."""
        return "tsquery"


def _tsquery(wanted: Wanted) -> str:
    match wanted:
        case Holds(lexeme, begins):
            return f"{_quoted(lexeme)}{':*' if begins else ''}"
        case All(of):
            return _joined(of, " & ")
        case AnyOf(of):
            return _joined(of, " | ")
        case Without(kept, barred):
            return f"({_tsquery(kept)} & !({_tsquery(barred)}))"


def _joined(of: Sequence[Wanted], sign: str) -> str:
    return "(" + sign.join(_tsquery(part) for part in of) + ")"


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _sqlite(wanted: Wanted) -> sa.ColumnElement[bool]:
    match wanted:
        case Holds(lexeme, begins):
            text = sa.literal(" ") + UnionTitle.search_key + " "
            return text.contains(f" {lexeme}" if begins else f" {lexeme} ", autoescape=True)
        case All(of):
            return sa.and_(*(_sqlite(part) for part in of))
        case AnyOf(of):
            return sa.or_(*(_sqlite(part) for part in of))
        case Without(kept, barred):
            return sa.and_(_sqlite(kept), sa.not_(_sqlite(barred)))
