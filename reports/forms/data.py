"""The facts that fill an official form, and how they are worded."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.persian.digits import to_persian
from app.persian.jalali import short
from reports.forms.official import FORMS
from reports.forms.spec import Fact, FormKind, FormSpec, Signatory

DRAFT_MARK = "پیش‌نویس"
STRUCK_MARK = "حذف شد"

_LATIN = re.compile("[A-Za-z]")
_KIND_OF_LIBRARY = re.compile("^کتابخان(?:ه|ه‌ی|ه ی|هٔ|ۀ) عمومی +")


@dataclass(frozen=True, slots=True)
class FormRow:
    """One copy (نسخه) on a form. An empty text leaves the cell blank; a `struck` copy is printed crossed out."""

    title: str
    author: str = ""
    year: str = ""
    accession_no: str = ""
    accession_date: date | None = None
    volume_no: str = ""
    copy_no: str = ""
    class_no: str = ""
    ruling: str = ""
    struck: bool = False


@dataclass(frozen=True, slots=True)
class FormData:
    """Everything that stands on a form. Equal data make equal files, byte for byte.

    `number` and `revision` are those of the minutes or the request; `count` is the number of copies that the closing
    sentence names (None: the rows that stand); `signatories` are the names known beforehand; `guideline` says by which
    version of the guideline the paper was drawn up, `chain_head` is the journal's hash, both printed small at the foot;
    a `draft` is marked across every page.
    """

    kind: FormKind
    library: str
    province: str
    county: str
    city: str
    grade: str
    date: date
    rows: tuple[FormRow, ...]
    number: str | None = None
    revision: int = 1
    count: int | None = None
    signatories: Mapping[Signatory, str] = field(default_factory=dict)
    guideline: str = ""
    chain_head: str | None = None
    draft: bool = False

    @property
    def spec(self) -> FormSpec:
        """The form these facts fill."""
        return FORMS[self.kind]

    def header_text(self, fact: Fact) -> str:
        """The value of a field of the heading."""
        if fact is Fact.DATE:
            return short(self.date)
        if fact is Fact.LIBRARY:
            return self.library_name()
        return with_persian_digits(str(getattr(self, fact)))

    def library_name(self) -> str:
        """The name without «کتابخانه عمومی», which every form prints before it."""
        return with_persian_digits(_KIND_OF_LIBRARY.sub("", self.library.strip()))

    def closing_sentence(self) -> str:
        """The sentence under the table, with date, count and library."""
        count = sum(not row.struck for row in self.rows) if self.count is None else self.count
        return self.spec.filled_sentence(short(self.date), to_persian(str(count)), self.library_name())

    def number_text(self) -> str:
        """«شماره: ۱۲» with the revision from the second on; empty for a form without a number."""
        if self.number is None:
            return ""
        revision = f" (ویراست {to_persian(str(self.revision))})" if self.revision > 1 else ""
        return f"شماره: {with_persian_digits(self.number)}{revision}"

    def source_text(self) -> str:
        """«کتابخانه عمومی شهید بهشتی · شماره: ۱۲»: whose paper a loose page is of."""
        return " · ".join(part for part in (f"کتابخانه عمومی {self.library_name()}", self.number_text()) if part)

    def edition_text(self) -> str:
        """«ویراست ۲ صورتجلسه · دستورالعمل ویراست ۱، پیش‌نویس»: what a paper with the same number may differ by."""
        revision = f"ویراست {to_persian(str(self.revision))} صورتجلسه" if self.revision > 1 else ""
        guideline = f"دستورالعمل {with_persian_digits(self.guideline)}" if self.guideline else ""
        return " · ".join(part for part in (revision, guideline) if part)

    def chain_text(self) -> str:
        """«سر زنجیره: …», or empty."""
        return f"سر زنجیره: {self.chain_head}" if self.chain_head else ""


def with_persian_digits(text: str) -> str:
    """Persian digits, but not in what has Latin letters («B0020001», «QA76»)."""
    return text if _LATIN.search(text) else to_persian(text)


def cell_text(row: FormRow, fact: Fact) -> str:
    """A cell as it is read on paper (the number of the row is not in the row)."""
    return _CELLS[fact](row)


def ruling_text(row: FormRow) -> str:
    """What stands in the expert's column (نظر کارشناس منابع)."""
    return "؛ ".join(part for part in (STRUCK_MARK * row.struck, row.ruling) if part)


_CELLS: dict[Fact, Callable[[FormRow], str]] = {
    Fact.TITLE: lambda row: row.title,
    Fact.AUTHOR: lambda row: row.author,
    Fact.YEAR: lambda row: with_persian_digits(row.year),
    Fact.ACCESSION_NO: lambda row: with_persian_digits(row.accession_no),
    Fact.ACCESSION_DATE: lambda row: short(row.accession_date) if row.accession_date else "",
    Fact.VOLUME_NO: lambda row: with_persian_digits(row.volume_no),
    Fact.COPY_NO: lambda row: with_persian_digits(row.copy_no),
    Fact.CLASS_NO: lambda row: with_persian_digits(row.class_no),
    Fact.RULING: ruling_text,
}
