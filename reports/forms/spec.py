"""What an official form consists of. The five forms themselves are the table in `reports.forms.official`."""

import re
from dataclasses import dataclass
from enum import StrEnum

_DATE_BLANK = re.compile(" +/ +/ +13 +")
_COUNT_BLANK = re.compile("(?<=تعداد) {2,}")
_LIBRARY_BLANK = re.compile("(?<=کتابخانه عمومی) {2,}")


class FormKind(StrEnum):
    """The five forms of the weeding and binding guideline; the values are those of `db.codes.DocumentKind`."""

    WEEDING_CONTENT = "weeding_content"
    WEEDING_WORN = "weeding_worn"
    WEEDING_DUPLICATE = "weeding_duplicate"
    WEEDING_NO_AUDIENCE = "weeding_no_audience"
    BINDING = "binding"


class Signatory(StrEnum):
    """Who signs; the word of the glossary."""

    BRANCH_HEAD = "branch_head"
    COUNTY_HEAD = "county_head"
    PROVINCE_REVIEWER = "province_reviewer"
    SECURITY_OFFICER = "security_officer"
    PROVINCE_DIRECTOR = "province_director"
    BINDERY_HEAD = "bindery_head"


class Fact(StrEnum):
    """What a column or a field of the heading holds: the field of `FormRow` or `FormData` of that name."""

    NUMBER = "number"
    TITLE = "title"
    AUTHOR = "author"
    YEAR = "year"
    ACCESSION_NO = "accession_no"
    ACCESSION_DATE = "accession_date"
    VOLUME_NO = "volume_no"
    COPY_NO = "copy_no"
    CLASS_NO = "class_no"
    RULING = "ruling"
    LIBRARY = "library"
    PROVINCE = "province"
    COUNTY = "county"
    CITY = "city"
    GRADE = "grade"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its head, its width on A4 in mm, and whether it holds running text."""

    fact: Fact
    head: str
    width: float
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class HeaderField:
    """A label of the heading and the line (1 to 3) it stands on."""

    fact: Fact
    label: str
    line: int


@dataclass(frozen=True, slots=True)
class Signature:
    """A block to sign: what the signatory states, and as whom."""

    signatory: Signatory
    statement: str
    role: str
    name_label: str = "نام و نام خانوادگی"
    date_sign_label: str = "تاریخ/ امضا"


@dataclass(frozen=True, slots=True)
class FormSpec:
    """One official form, worded as the guideline prints it; `article` says where the guideline asks for it (002)."""

    kind: FormKind
    appendix: str
    title: str
    header: tuple[HeaderField, ...]
    columns: tuple[Column, ...]
    least_rows: int
    sentence: str
    signatures: tuple[Signature, ...]
    article: str

    def filled_sentence(self, date: str, count: str, library: str) -> str:
        """The closing sentence with its blanks filled in.

        The guideline prints the century «13» for the date; the full date of the day takes its place.
        """
        text = _DATE_BLANK.sub(lambda _: f" {date} ", self.sentence, count=1)
        text = _COUNT_BLANK.sub(lambda _: f" {count} ", text, count=1)
        return _LIBRARY_BLANK.sub(lambda _: f" {library} ", text, count=1)
