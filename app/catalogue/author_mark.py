"""Author marks (نشانه مؤلف) from a table in the shape of Cutter-Sanborn: letter, number, prefix.

The official Persian tables are books under copyright, so the table is a file that the library supplies; the one shipped
is a trial table and says so. A mark that a record brings with it is never computed again.
"""

import csv
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import count, pairwise
from pathlib import Path

from app.catalogue.call_number import AuthorMark, parse_mark
from app.persian.collation import sort_key
from app.persian.digits import to_latin
from app.persian.text import compact, fold, unify
from db.trouble import Trouble

_COMMA = re.compile("[،,٬؛;]")
_ARTICLE = "ال"
_TAILS = tuple(first + last for first in ("", "1", "2", "3", "4", "5", "6", "7", "8", "9") for last in "23456789")
_BEHIND_ALL = "~"


@dataclass(frozen=True, slots=True)
class _Name:
    """A heading made ready: its first letter, and the key that orders it (surname, then forename)."""

    letter: str
    key: str


@dataclass(frozen=True, slots=True)
class AuthorMarks:
    """A table: `keys` are the sort keys of its prefixes in order, `numbers` their numbers.

    A name takes the number of the last prefix that does not stand behind it. Numbers compare digit by digit.
    """

    keys: tuple[str, ...]
    numbers: tuple[str, ...]

    @classmethod
    def load(cls, path: Path) -> "AuthorMarks":
        """Read a table: CSV in UTF-8 with the columns letter, number, prefix. Raises Trouble P-2110 if it is none."""
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = sorted(_rows(file, path.name))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise Trouble("P-2110", file=path.name, line=0) from error
        _require_order(rows, path.name)
        return cls(tuple(key for key, _, _ in rows), tuple(number for _, number, _ in rows))

    def mark(self, main_entry: str, title: str, *, without_article: bool = False) -> str | None:
        """«د245س» for the main entry «دانشور، سیمین» and the title «سووشون»; None if the table lacks the letter.

        `main_entry` is a heading in inverted order, the author of the original for a translation, "" for entry under
        the title. `without_article` drops «ال» of Arabic names. To tell translations apart by their translators, pass
        the translator's surname as `title`.
        """
        name = _name(main_entry or title, without_article=without_article)
        number = self._number(name)
        if number is None:
            return None
        return str(AuthorMark(name.letter, number, work_mark(title) if main_entry else ""))

    def extend(self, main_entry: str, title: str, taken: Iterable[tuple[str, str]]) -> str | None:
        """The mark of a new title in a class where `taken`, pairs of main entry and mark, already stand.

        The same author keeps the number and gets another work mark. An author whose number is taken by another gets
        further digits (474, 4745), so that the numbers keep the order of the names; where the shelf itself is out of
        order, the plain mark.
        """
        name = _name(main_entry or title)
        number = self._number(name)
        if number is None:
            return None
        shelf = [(_name(heading), mark) for heading, text in taken if (mark := parse_mark(text))]
        own = [mark for other, mark in shelf if other == name]
        if own:
            number = own[0].number
        else:
            others = [(other.key, mark.number) for other, mark in shelf if other.letter == name.letter]
            number = self._free_number(name.key, number, others) or number
        return str(AuthorMark(name.letter, number, work_mark(title, {mark.work for mark in own}) if main_entry else ""))

    def _number(self, name: _Name) -> str | None:
        """The number of a name; one before the first prefix of its letter takes the first number."""
        place = bisect_right(self.keys, name.key) - 1
        for row in (place, place + 1):
            if name.letter and 0 <= row < len(self.keys) and self.keys[row][0] == name.key[0]:
                return self.numbers[row]
        return None

    def _free_number(self, key: str, number: str, others: list[tuple[str, str]]) -> str | None:
        """The shortest number, beginning with `number` if it may, between those of the names around; None if full."""
        before = max((taken for other, taken in others if other < key), default="")
        after = min((taken for other, taken in others if other > key), default=_BEHIND_ALL)
        if before < number < after:
            return number
        stem = number if number < after else _one_less(number)
        fitting = sorted(longer for longer in _extensions(stem, before, after) if before < longer < after)
        shortest = [longer for longer in fitting if len(longer) == min(map(len, fitting))]
        return shortest[self._place(key, [other for other, _ in others], len(shortest))] if shortest else None

    def _place(self, key: str, others: list[str], places: int) -> int:
        """The place, of so many, of a name between its neighbours on the shelf and in the table."""
        row = bisect_right(self.keys, key)
        around = [*others, *self.keys[max(row - 1, 0) : row + 1]]
        low = _value(max((other for other in around if other < key), default=""))
        high = _value(min((other for other in around if other > key), default=_BEHIND_ALL))
        return (_value(key) - low) * places // (high - low + 1)


def work_mark(title: str, used: Collection[str] = ()) -> str:
    """The first letter of a title; the first two, three … where the author already has a work so marked; then a digit.

    "" if the title does not begin with a letter: numbers are filed as they are spoken, which the cataloguer decides.
    """
    letters = compact(title)
    if not letters[:1].isalpha():
        return ""
    for length in range(1, min(len(letters), 3) + 1):
        if letters[:length].isalpha() and letters[:length] not in used:
            return letters[:length]
    return next(mark for digit in count(2) if (mark := f"{letters[0]}{digit}") not in used)


def _name(heading: str, *, without_article: bool = False) -> _Name:
    surname, *rest = _COMMA.split(heading)[:2]
    if without_article:
        surname = unify(surname).removeprefix(_ARTICLE)  # unify, since «آل» (آل احمد) is no article
    key = compact(surname)
    return _Name(key[:1], f"{sort_key(key)} {sort_key(fold(''.join(rest)))}".rstrip())


def _rows(file: Iterable[str], name: str) -> Iterator[tuple[str, str, int]]:
    lines = csv.DictReader(file)
    for row in lines:
        letter, number, prefix = (str(row.get(column) or "") for column in ("letter", "number", "prefix"))
        number, key = to_latin(number).strip(), sort_key(compact(prefix))
        if not key or key[0] != sort_key(compact(letter)) or not re.fullmatch("[0-9]{1,6}", number):
            raise Trouble("P-2110", file=name, line=lines.line_num)
        yield key, number, lines.line_num


def _require_order(rows: list[tuple[str, str, int]], name: str) -> None:
    if not rows:
        raise Trouble("P-2110", file=name, line=1)
    for (key, number, _), (next_key, next_number, line) in pairwise(rows):
        if key[0] == next_key[0] and not (key < next_key and number <= next_number):
            raise Trouble("P-2110", file=name, line=line)


def _extensions(stem: str, before: str, after: str) -> set[str]:
    """Numbers that may fit: the neighbours, and their beginnings not shorter than `stem`, with a digit or two more.

    None ends in 1: before 4742 there is room for 47415, before 4741 there would be none.
    """
    beginnings = {number[:length] for number in (before, after) for length in range(len(stem), len(number) + 1)}
    return {start + tail for start in (stem, *beginnings) for tail in _TAILS}


def _one_less(number: str) -> str:
    return f"{max(int(number) - 1, 0):0{len(number)}d}"


def _value(key: str) -> int:
    return int.from_bytes(key.encode("ascii")[:24].ljust(24), "big")
