"""What can be asked of the union catalogue: words in fields, put together by and, or, not."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from app.catalogue.isbn import valid_isbn13
from app.persian.text import fold
from app.union.record import whole
from db.search_index import LONGEST_QUERY, split_words
from db.union_index import ANYWHERE, EXACT, WORD, All, AnyOf, Field, Holds, Wanted, Without


class How(StrEnum):
    """How the words of one term are meant."""

    ALL = "all"
    ANY = "any"
    PHRASE = "phrase"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Term:
    """Words in one of several fields. `begins`: of the last word only the beginning is known."""

    fields: tuple[Field, ...]
    text: str
    how: How = How.ALL
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Both:
    """What both sides find."""

    left: "Query"
    right: "Query"


@dataclass(frozen=True, slots=True)
class Either:
    """What either side finds."""

    left: "Query"
    right: "Query"


@dataclass(frozen=True, slots=True)
class ButNot:
    """What the left side finds and the right does not."""

    left: "Query"
    right: "Query"


@dataclass(frozen=True, slots=True)
class Everything:
    """All records."""


Query = Term | Both | Either | ButNot | Everything


def typed(text: str) -> Query:
    """What somebody wrote into a search box: a number, or words of which the last may be unfinished."""
    isbn = valid_isbn13(text)
    if isbn is not None:
        return Term((Field.ISBN,), isbn, How.EXACT)
    return Term(ANYWHERE, text, begins=True) if split_words(fold(text)) else Everything()


def wanted(query: Query) -> Wanted | None:
    """The marked words that a record has to hold; None for every record."""
    match query:
        case Everything():
            return None
        case Term():
            return _term(query)
        case Both(left, right):
            parts = [part for part in (wanted(left), wanted(right)) if part is not None]
            return All(tuple(parts)) if len(parts) == 2 else next(iter(parts), None)
        case Either(left, right):
            one, other = wanted(left), wanted(right)
            return None if one is None or other is None else AnyOf((one, other))
        case ButNot(left, right):
            return _but_not(wanted(left), wanted(right))


def _but_not(kept: Wanted | None, barred: Wanted | None) -> Wanted:
    if barred is None:
        return AnyOf(())
    return Without(kept or EVERY, barred)


EVERY = Holds(f"{Field.RECORD}{EXACT}", begins=True)
"""Every record has an id."""


def _term(term: Term) -> Wanted:
    if term.fields == (Field.ISBN,):
        return Holds(f"{Field.ISBN}{EXACT}{valid_isbn13(term.text) or whole(term.text)}", term.begins)
    if term.how is How.EXACT or term.fields == (Field.RECORD,):
        return AnyOf(tuple(Holds(f"{field}{EXACT}{whole(term.text)}", term.begins) for field in term.fields))
    words = split_words(fold(term.text))[:LONGEST_QUERY]
    if term.how is How.PHRASE and len(words) > 1:
        pairs = [first + second for first, second in pairwise(words)]
        return AnyOf(tuple(_all_in(field, pairs, term.begins) for field in term.fields))
    each = tuple(_one_of(term, words, place) for place in range(len(words)))
    return AnyOf(each) if term.how is How.ANY or not words else All(each)


def _all_in(field: Field, words: Sequence[str], begins: bool) -> Wanted:
    last = len(words) - 1
    return All(tuple(Holds(f"{field}{WORD}{word}", begins and place == last) for place, word in enumerate(words)))


def _one_of(term: Term, words: Sequence[str], place: int) -> Wanted:
    """A word in any of the fields; or joined with a neighbour, since «روان شناسی» may stand there as one word."""
    whole_words = [words[place]]
    if term.how is not How.ANY:
        whole_words += [one + two for one, two in pairwise(words[max(place - 1, 0) : place + 2])]
    last = words[-1]
    return AnyOf(
        tuple(
            Holds(f"{field}{WORD}{word}", term.begins and word.endswith(last) and place == len(words) - 1)
            for word in whole_words
            for field in term.fields
        )
    )
