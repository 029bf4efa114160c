"""Keys computed from a record: for sorting, for matching, for finding other editions, for searching."""

from collections.abc import Iterable

from app.persian.collation import sort_key
from app.persian.text import compact, fold

SEPARATOR = "|"


def title_sort_key(title: str) -> str:
    """Files titles in Persian dictionary order."""
    return sort_key(title)[:400]


def match_key(
    title: str, main_creator: str | None, publisher: str | None, edition: str | None, year: int | None
) -> str:
    """Equal for two descriptions of the same printed book: creators, title and publisher agree (003 م5-2 تبصره ۱).

    Edition and year stand beside them, since another edition is another record.
    """
    parts = (title, main_creator or "", publisher or "", edition or "")
    return SEPARATOR.join([*(compact(part) for part in parts), str(year or "")])


def work_key(title: str, main_creator: str | None) -> str:
    """Equal for all editions of one work."""
    return SEPARATOR.join((compact(title), compact(main_creator or "")))


def search_text(title: str, subtitle: str | None, others: Iterable[str | None]) -> str:
    """The folded text that is indexed: what a reader may type to find the book."""
    return fold(" ".join(part for part in (title, subtitle, *others) if part))
