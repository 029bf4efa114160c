"""How an import is spoken of: formats, encodings, fields, and what becomes of each record."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import assert_never

from app.catalogue.importing.columns import Column as FieldColumn
from app.catalogue.importing.encodings import Encoding
from app.catalogue.importing.findings import WORDING, Warn
from app.catalogue.importing.record import BookRecord, Good, NotABook, Outcome, Refused, Repaired
from app.catalogue.importing.sniff import FileFormat
from app.persian.digits import number, to_persian
from ui.catalogue.words import creator_words, year_words
from ui.theme import Tone
from ui.widgets.labels import isolate
from ui.widgets.table import Column, RowTable

FILTER = "فهرست کتاب (*.xlsx *.xlsm *.csv *.tsv *.txt *.mrc *.marc *.iso *.jsonl *.ndjson);;همهٔ فایل‌ها (*)"
FORMATS: Mapping[FileFormat, str] = MappingProxyType(
    {FileFormat.MARC21: "مارک ۲۱", FileFormat.XLSX: "اکسل", FileFormat.CSV: "متن جدولی (CSV)", FileFormat.JSONL: "JSON"}
)
ENCODINGS: Mapping[Encoding, str] = MappingProxyType(
    {
        Encoding.UTF_8: "UTF-8",
        Encoding.CP1256: "ویندوز عربی (1256)",
        Encoding.UTF_16_LE: "UTF-16 LE",
        Encoding.UTF_16_BE: "UTF-16 BE",
    }
)
FIELDS: Mapping[FieldColumn, str] = MappingProxyType(
    {
        FieldColumn.TITLE: "عنوان",
        FieldColumn.SUBTITLE: "عنوان فرعی",
        FieldColumn.CREATORS: "پدیدآوران",
        FieldColumn.AUTHOR: "نویسنده",
        FieldColumn.TRANSLATOR: "مترجم",
        FieldColumn.ILLUSTRATOR: "تصویرگر",
        FieldColumn.EDITOR: "ویراستار",
        FieldColumn.COMPILER: "گردآورنده",
        FieldColumn.NARRATOR: "گوینده",
        FieldColumn.SCRIBE: "کاتب",
        FieldColumn.STATEMENT: "شرح پدیدآور",
        FieldColumn.PUBLISHER: "ناشر",
        FieldColumn.PLACE: "محل نشر",
        FieldColumn.YEAR: "سال نشر",
        FieldColumn.EDITION: "ویرایش",
        FieldColumn.PRINTING: "نوبت چاپ",
        FieldColumn.ISBN: "شابک",
        FieldColumn.DEWEY: "رده",
        FieldColumn.AUTHOR_MARK: "نشانهٔ مؤلف",
        FieldColumn.CALL_NUMBER: "شمارهٔ راهنما",
        FieldColumn.SUBJECTS: "موضوع",
        FieldColumn.LANGUAGE: "زبان",
        FieldColumn.MATERIAL: "نوع منبع",
        FieldColumn.AGE_GROUP: "گروه سنی",
        FieldColumn.SERIES: "فروست",
        FieldColumn.PAGES: "شمار صفحه‌ها",
        FieldColumn.SIZE: "قطع",
        FieldColumn.NBN: "شمارهٔ کتابشناسی ملی",
        FieldColumn.PRICE: "بها",
        FieldColumn.ABSTRACT: "چکیده",
        FieldColumn.NOTE: "یادداشت",
        FieldColumn.BARCODE: "بارکد",
        FieldColumn.ACCESSION_NO: "شمارهٔ ثبت",
        FieldColumn.VOLUME_NO: "شمارهٔ جلد",
        FieldColumn.COPY_NO: "شمارهٔ نسخه",
        FieldColumn.ACCESSION_DATE: "تاریخ ثبت",
        FieldColumn.STATUS: "وضعیت نسخه",
    }
)


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One record of the file as the preview shows it."""

    line: int
    title: str
    creators: str
    year: str
    state: str
    tone: Tone
    remarks: str


def preview_row(outcome: Outcome) -> PreviewRow:
    """What becomes of a record."""
    match outcome:
        case Good(record, warnings):
            state = ("با هشدار", Tone.WARN) if warnings else ("خوانده شد", Tone.OK)
            return _taken(record, state, [warn_words(warning) for warning in warnings])
        case Repaired(record, repairs, warnings):
            remarks = [WORDING[repair] for repair in repairs] + [warn_words(warning) for warning in warnings]
            return _taken(record, ("تعمیر شد", Tone.INFO), remarks)
        case Refused():
            return PreviewRow(outcome.line, _raw(outcome.raw), "", "", "رد می‌شود", Tone.REFUSE, outcome.text)
        case NotABook():
            return PreviewRow(outcome.line, _raw(outcome.raw), "", "", "کتاب نیست", Tone.NEUTRAL, outcome.text)
        case _:
            assert_never(outcome)


def preview_table() -> RowTable[PreviewRow]:
    """The first records of a file."""
    return RowTable(
        (
            Column("سطر", lambda row: number(row.line), width=54, number=True, sort_key=lambda row: row.line),
            Column("عنوان", lambda row: row.title, sub=lambda row: row.creators, stretch=3, strong=True),
            Column("سال", lambda row: row.year, width=60, number=True, spare=1),
            Column("نتیجه", lambda row: row.state, width=100, pill=True, tone=lambda row: row.tone),
            Column("توضیح", lambda row: row.remarks, stretch=2),
        ),
        key=lambda row: row.line,
    )


def warn_words(warning: Warn) -> str:
    """A warning with the column and the value it is about."""
    fields = {field.value: words for field, words in FIELDS.items()}
    about = "، ".join(isolate(part) for part in (fields.get(warning.about, warning.about), warning.value) if part)
    return f"{warning.text} ({about})" if about else warning.text


def _taken(record: BookRecord, state: tuple[str, Tone], remarks: list[str]) -> PreviewRow:
    creators = "؛ ".join(creator_words(creator) for creator in record.creators)
    year = year_words(record.year)
    return PreviewRow(record.source_line, record.title, creators, year, *state, " ".join(remarks))


def _raw(raw: bytes | str) -> str:
    """The beginning of a record as it stands in the file, for the eye only."""
    text = raw if isinstance(raw, str) else raw[:200].decode("utf-8", "replace")
    return to_persian(" ".join(text[:120].split()))
