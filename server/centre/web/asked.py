"""What a browser sent, read as a page needs it: clean lines, whole numbers, Jalali days, ids."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.persian import jalali
from app.persian.digits import parse_int
from app.persian.text import clean
from server.centre.web.uploads import Upload

LONGEST_LINE, LONGEST_TEXT = 300, 4_000


class MissingError(Exception):
    """There is no such page for this person."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser sent."""

    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, Sequence[str]]
    form: Mapping[str, Sequence[str]]
    address: str
    host: str
    secure: bool
    files: Mapping[str, Upload] = field(default_factory=dict)


class Reading:
    """How what was sent is read. On GET it is the query, on POST the form."""

    asked: Asked

    @property
    def sent(self) -> Mapping[str, Sequence[str]]:
        """The form, or on GET the query."""
        return self.asked.form if self.asked.method == "POST" else self.asked.query

    def texts(self, name: str) -> tuple[str, ...]:
        """Every value of a name: ticked boxes."""
        return tuple(clean(value, LONGEST_LINE) for value in self.sent.get(name, ()))

    def text(self, name: str, limit: int = LONGEST_LINE) -> str:
        """One clean line; empty when it was not sent."""
        return clean(next(iter(self.sent.get(name, ())), ""), limit)

    def long_text(self, name: str, limit: int = LONGEST_TEXT) -> str:
        """Lines, each clean."""
        raw = next(iter(self.sent.get(name, ())), "")[:limit]
        return "\n".join(clean(line, limit) for line in raw.splitlines()).strip()

    def secret(self, name: str) -> str:
        """A password, as it was written."""
        return next(iter(self.sent.get(name, ())), "")[:1_000]

    def upload(self, name: str) -> Upload | None:
        """A file that was sent under a name; None where there was none, or an empty one."""
        return self.asked.files.get(name)

    def number(self, name: str) -> int | None:
        """A whole number in any digits; None when it is none."""
        return parse_int(self.text(name))

    def day(self, name: str) -> dt.date | None:
        """A Jalali date as typed; None when it is none."""
        return jalali.parse(self.text(name)) if self.text(name) else None

    def uuids(self, name: str) -> tuple[uuid.UUID, ...]:
        """Every id that was sent under a name; whatever is no id is left out."""
        return tuple(found for value in self.texts(name) if (found := _uuid(value)) is not None)

    def id(self, name: str) -> uuid.UUID:
        """An id of the path; there is no such page when it is none."""
        found = _uuid(self.asked.params.get(name, ""))
        if found is None:
            raise MissingError
        return found

    @property
    def page_no(self) -> int:
        """Which page of a long list is wanted, from 1."""
        return min(max(parse_int(next(iter(self.asked.query.get("page", ())), "")) or 1, 1), 100_000)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
