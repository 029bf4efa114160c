"""Call numbers: how a class and an author mark are read, stored, shown and put in shelf order.

Stored class: «8فا3.62» (ASCII digits, a point). Shown: «۸فا۳/۶۲». What is no sound Dewey number is kept and shown as it
is, and shelved behind the numbers: a defective call number never prevents the use of a record (003 م5-2 تبصره 1).
"""

import re
from dataclasses import dataclass

from app.persian.collation import sort_key
from app.persian.digits import to_latin, to_persian, typed
from app.persian.text import LETTERS, clean, unify

CHILDREN_PREFIX = "ک"  # optional (003 م8-5)
TEENS_PREFIX = "ج"  # mandatory (003 م8-6)

_PRECEDED = {"4": 420, "8": 810}  # 8فا stands before 810, 4فا before 420
_RAW = "~"  # behind all digits and letters

_LETTER = f"[{LETTERS}]"
_EXPANDED = re.compile(rf"([0-9])({_LETTER}{{1,3}})([0-9]*)(?:[./]([0-9]+))?")
_PLAIN = re.compile(r"([0-9]{3})(?:(?:/\.|[./])([0-9]+))?")
_SWAPPED = re.compile(r"([0-9]{1,2})/([0-9]{3})")
_MIRRORED = re.compile(rf"([0-9]+)[./]([0-9]+)({_LETTER}{{1,3}})([0-9])")
_NUMERIC = re.compile(r"([0-9]{1,8})(?:[./]([0-9]+))?")

_SEPARATOR = re.compile(r"([./٫])")
_FOREIGN = re.compile(r"[^\w\s./٫]")
_SPACE_AT_A_SIGN = re.compile(r"(?<=[^0-9 ]) +| +(?=[^0-9 ])")

_MARK = re.compile(rf"(الف(?=[0-9]|$)|{_LETTER}|[a-z])([0-9]*)(.*)")
_LONE_ALEF = re.compile(rf"(?<!{_LETTER})ا(?!{_LETTER})")
_SPELT_ALEF = re.compile(rf"(?<!{_LETTER})الف(?!{_LETTER})")
_PART_LABEL = re.compile(r"^(?:جلد|نسخه|ج|ن)(?=[ .0-9])[ .]*")

_CALL_NUMBER = re.compile(
    rf"(?:\[?(?P<prefix>{_LETTER}{{1,4}})\]?[ .]*)?"
    r"(?P<class_no>[0-9]\S*)"
    rf"(?: (?P<author_mark>(?:الف|{_LETTER}|[A-Za-z]) ?[0-9]+(?: ?(?:{_LETTER}|[A-Za-z]){{1,3}}(?![.\w]))?))?"
    r"(?: (?P<year>[0-9]{4}))?"
    r"(?: (?:جلد|ج)[. ]*(?P<volume_no>[0-9]+))?"
    r"(?: (?:نسخه|ن)[. ]*(?P<copy_no>[0-9]+))?"
)


@dataclass(frozen=True, slots=True)
class ClassNumber:
    """A sound Dewey number: 025.428 is («025», "", "", «428»), «8فا3.62» is («8», «فا», «3», «62»)."""

    base: str
    expansion: str
    digits: str
    decimals: str

    def written(self, point: str) -> str:
        """The number with `point` before its decimals: "." in the store, "/" on a label."""
        return f"{self.base}{self.expansion}{self.digits}{point if self.decimals else ''}{self.decimals}"


@dataclass(frozen=True, slots=True)
class AuthorMark:
    """«د245س»: letter «د», number «245», work mark «س». A lone «الف» is the letter «ا»."""

    letter: str
    number: str
    work: str

    def __str__(self) -> str:
        return _spell_alef(self.letter) + self.number + _spell_alef(self.work)


@dataclass(frozen=True, slots=True)
class CallNumber:
    """The parts of a whole call number, each as it is stored; "" where it has none."""

    class_no: str
    author_mark: str = ""
    prefix: str = ""
    volume_no: str = ""
    copy_no: str = ""
    year: str = ""


def parse_class(text: str) -> ClassNumber | None:
    """The Dewey number in «8فا3.62», «۸فا۳/۶۲», «8fa3.62», «025/428»; None if it is not a sound one.

    Numbers turned round by right-to-left copying are put right where there is no doubt: «1/158» is 158.1, «3/62فا8» is
    «8فا3.62».
    """
    tidy = _tidy_class(text)
    if found := _EXPANDED.fullmatch(tidy):
        return ClassNumber(found[1], found[2], found[3], found[4] or "")
    if found := _PLAIN.fullmatch(tidy):
        return ClassNumber(found[1], "", "", found[2] or "")
    if found := _SWAPPED.fullmatch(tidy):
        return ClassNumber(found[2], "", "", found[1])
    if found := _MIRRORED.fullmatch(tidy):
        return _unmirrored(*found.groups())
    return None


def normalise_class(text: str) -> str:
    """The class as it is stored: «8فا3.62»; one that is not sound keeps its form, with ASCII digits."""
    parsed = parse_class(text)
    return parsed.written(".") if parsed else clean(to_latin(text))


def main_class(text: str) -> int | None:
    """The Dewey main class 0-9 (8 for «8فا3.62»); None if the class is not sound."""
    parsed = parse_class(text)
    return int(parsed.base[0]) if parsed else None


def parse_mark(text: str) -> AuthorMark | None:
    """The parts of an author mark; None if it does not begin with a letter."""
    found = _MARK.fullmatch(unify(text).replace(" ", ""))
    return AuthorMark(*(_SPELT_ALEF.sub("ا", part) for part in found.groups())) if found else None


def parse_call_number(text: str) -> CallNumber | None:
    """The parts of «ج ۸فا۳/۶۲ د۲۴۵س ۱۳۹۰ ج.۲ ن.۱», all but the class optional; None if it is not so built."""
    found = _CALL_NUMBER.fullmatch(" ".join(typed(text).replace("ك", "ک").split()))
    if found is None:
        return None
    parts = {name: part or "" for name, part in found.groupdict().items()}
    if parse_class(parts["class_no"]) is None and not _NUMERIC.fullmatch(parts["class_no"]):
        return None
    parts["class_no"] = normalise_class(parts["class_no"])
    parts["author_mark"] = parts["author_mark"].replace(" ", "")
    return CallNumber(**parts)


def shelf_key(
    class_no: str,
    author_mark: str,
    prefix: str = "",
    volume_no: str | int | None = None,
    copy_no: str | int | None = None,
    year: str | int | None = None,
    band: int | None = None,
) -> str:
    """ASCII text whose binary order is the order on the shelf: prefix, band, class, mark, work, year, volume, copy.

    `band` is the position of the colour of a children's book, which goes before its class (003 م8-4); children's books
    stand together whether they carry the optional «ک» or not. Numbers of marks compare digit by digit, as decimals.
    """
    fields = (
        _group(prefix, band),
        _class_key(class_no),
        *_mark_keys(author_mark),
        *(_counted(part) for part in (year, volume_no, copy_no)),
    )
    return " ".join(fields).rstrip()


def display(
    class_no: str,
    author_mark: str,
    prefix: str = "",
    volume_no: str | int | None = None,
    copy_no: str | int | None = None,
    year: str | int | None = None,
) -> str:
    """The call number as librarians write it: «ج ۸فا۳/۶۲ د۲۴۵س ۱۳۹۰ ج.۲ ن.۱»."""
    volume, copy = _bare(volume_no), _bare(copy_no)
    parts = (
        prefix,
        _shown_class(class_no),
        to_persian(_spell_alef(author_mark)),
        to_persian(_bare(year)),
        f"ج.{to_persian(volume)}" if volume else "",
        f"ن.{to_persian(copy)}" if copy else "",
    )
    return " ".join(part for part in parts if part)


def _tidy_class(text: str) -> str:
    asked = typed(text)
    if _FOREIGN.search(asked):
        return ""
    parts = (part if part in ("/", ".", "٫") else unify(part) for part in _SEPARATOR.split(asked))
    return _SPACE_AT_A_SIGN.sub("", "".join(parts)).replace("٫", ".").replace("fa", "فا")


def _unmirrored(one: str, other: str, expansion: str, base: str) -> ClassNumber | None:
    """«3/62فا8» and «62/3فا8»: one digit follows the expansion, the period of literature has more."""
    if (len(one) == 1) == (len(other) == 1):
        return None
    digits, decimals = sorted((one, other), key=len)
    return ClassNumber(base, expansion, digits, decimals)


def _spell_alef(mark: str) -> str:
    return _LONE_ALEF.sub("الف", mark)


def _shown_class(class_no: str) -> str:
    parsed = parse_class(class_no)
    if parsed:
        return to_persian(parsed.written("/"))
    return class_no if re.search("[A-Za-z]", class_no) else to_persian(class_no)


def _group(prefix: str, band: int | None) -> str:
    if band is not None:
        return f"1{_word(prefix or CHILDREN_PREFIX)}{band:02d}"
    return f"1{_word(prefix)}" if prefix else "0"


def _class_key(class_no: str) -> str:
    parsed = parse_class(class_no)
    if parsed and parsed.expansion:
        before = _PRECEDED.get(parsed.base, int(parsed.base) * 100 + 10) - 1
        return f"{before:08d}{_RAW}{_word(parsed.expansion)}{parsed.digits}.{parsed.decimals}"
    # A manuscript is classed by its accession number (003 م6-4), which is numeric but no Dewey number.
    numeric = _NUMERIC.fullmatch(parsed.written(".") if parsed else _tidy_class(class_no))
    if numeric:
        return f"{int(numeric[1]):08d}.{numeric[2] or ''}"
    return _RAW + _word(class_no)


def _mark_keys(author_mark: str) -> tuple[str, str]:
    mark = parse_mark(author_mark)
    if mark is None:
        return _word(author_mark), ""
    return _word(mark.letter) + mark.number, _word(mark.work)


def _word(text: str) -> str:
    """A sort key without the space that ends a field."""
    return sort_key(text).replace(" ", "!")


def _bare(part: str | int | None) -> str:
    return "" if part is None else _PART_LABEL.sub("", typed(str(part)))


def _counted(part: str | int | None) -> str:
    """A volume, copy or year by its value: 2 before 10, «2ب» after 2."""
    return _word(re.sub("[0-9]+", lambda digits: digits[0].zfill(6), _bare(part)))
