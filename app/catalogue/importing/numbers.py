"""ISBNs of a record: the first that may be used for matching, and why there is none."""

from collections.abc import Iterable

from app.catalogue.importing.findings import Concern
from app.catalogue.isbn import IsbnDoubt, doubt, read_isbns, valid_isbn13

_CONCERNS = {
    IsbnDoubt.STORE_CODE: Concern.ISBN_STORE_CODE,
    IsbnDoubt.NO_SUCH_GROUP: Concern.ISBN_NO_SUCH_GROUP,
    IsbnDoubt.MUSIC: Concern.ISBN_MUSIC,
}


def trusted_isbn(texts: Iterable[str]) -> tuple[str | None, Concern | None]:
    """The first ISBN-13 in the texts that is no code of a shop; without one, what is wrong with them.

    (None, None) if there is no text at all.
    """
    concern = None
    for text in texts:
        whole = valid_isbn13(text)
        for number in [whole] if whole else read_isbns(text):
            if (why := doubt(number)) is None:
                return number, None
            concern = _CONCERNS[why]
        concern = concern or Concern.ISBN_INVALID
    return None, concern
