"""What a file of books will become: which column is which field, and the first records with their outcomes."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.catalogue.importing.columns import SEVERAL
from app.catalogue.importing.columns import Column as FieldColumn
from app.catalogue.importing.encodings import Encoding
from app.catalogue.importing.reader import Preview, Reader
from app.catalogue.importing.sniff import FileFormat
from app.imports.service import ImportRequest
from app.labels import SOURCE
from app.persian.digits import number
from db.codes import Source
from ui.catalogue.import_statuses import StatusView
from ui.catalogue.import_words import ENCODINGS, FIELDS, FORMATS, preview_row, preview_table, warn_words
from ui.session import Session
from ui.style import look
from ui.theme import Tone
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import number_of, text_of
from ui.widgets.inputs import Choice
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, emptied, row
from ui.widgets.notice import Notice
from ui.widgets.row_list import RowList
from ui.widgets.scroll import Scroll

MOST_COPIES = 20
ROWS = 50
_MAP_WIDTH = 350
_NOTHING = ""
_UNREAD = (_NOTHING, "— خوانده نشود —")
_BY_ITSELF = ("", "خودکار")


class ColumnMapView(QWidget):
    """One choice for each column of the file. `changed` is sent when the person chooses another field."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._choices: dict[str, Choice] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look().px(10))
        self._grid.setVerticalSpacing(look().px(6))
        self._grid.setColumnStretch(0, 1)

    def show_columns(self, preview: Preview) -> None:
        """Show the columns with the fields that were guessed or chosen."""
        if tuple(self._choices) != preview.columns:
            self._build(preview.columns)
        fields = {heading: field for field, headings in preview.column_map.items() for heading in headings}
        for heading, choice in self._choices.items():
            choice.blockSignals(True)
            choice.choose(fields[heading].value if heading in fields else _NOTHING)
            choice.blockSignals(False)

    def choice(self, heading: str) -> Choice:
        """The choice for a column of the file."""
        return self._choices[heading]

    def column_map(self) -> dict[str, tuple[str, ...]]:
        """Field code to the headings of its columns."""
        chosen: dict[str, tuple[str, ...]] = {}
        for heading, choice in self._choices.items():
            if code := choice.code():
                chosen[code] = (*chosen.get(code, ()), heading)
        return chosen

    def mistake(self) -> str:
        """What keeps the map from being used; "" when nothing does."""
        chosen = Counter(code for choice in self._choices.values() if (code := choice.code()))
        if self._choices and FieldColumn.TITLE not in chosen:
            return "بگویید عنوان کتاب در کدام ستون است."
        twice = [FieldColumn(code) for code, times in chosen.items() if times > 1 and code not in SEVERAL]
        return f"«{FIELDS[twice[0]]}» به دو ستون داده شده است؛ یکی را بردارید." if twice else ""

    def _build(self, headings: Sequence[str]) -> None:
        emptied(self._grid)
        self._choices = {heading: Choice((_UNREAD, *((c.value, w) for c, w in FIELDS.items()))) for heading in headings}
        for place, (heading, choice) in enumerate(self._choices.items()):
            choice.setAccessibleName(f"ستون {heading}")
            self._grid.addWidget(Label(isolate(heading)), place, 0)
            self._grid.addWidget(choice, place, 1)
            choice.currentIndexChanged.connect(lambda _: self.changed.emit())
            self._grid.setRowStretch(place, 0)
        self._grid.setRowStretch(len(headings), 1)


class PreviewView(QWidget):
    """`map_changed` and `encoding_changed` ask for another look into the file; the first also where statuses are to be
    read in another way."""

    map_changed = Signal()
    encoding_changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._reader: Reader | None = None
        self.options = Form(_option_fields(), lambda: session.act().day, columns=3)
        self.options.set_values({"encoding": "", "copies": 0, "source": Source.UNKNOWN.value})
        self.facts = Label("", "muted")
        self.columns = ColumnMapView()
        self.statuses = StatusView(lambda: session.act().day)
        self.rows = RowList(preview_table(), tools=False)
        self._warnings = QVBoxLayout()
        self._map = self._map_side()
        beside = row(column(self._warnings, self.rows, gap=8), self._map, gap=14)
        beside.setStretch(0, 1)
        self.options.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        whole = column(self.facts, self.options, beside, gap=10)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.columns.changed.connect(self._map_chosen)
        self.statuses.changed.connect(self._map_chosen)
        self.options.input("encoding").changed.connect(self.encoding_changed)

    def show_look(self, reader: Reader, preview: Preview) -> None:
        """Show what the file holds."""
        self._reader = reader
        self.facts.say(f"{isolate(reader.path.name)} · {FORMATS[reader.format]} · تا {number(reader.total)} سطر")
        self.options.input("encoding").setEnabled(reader.encoding is not None)
        is_marc = reader.format is FileFormat.MARC21
        self._map.setVisible(bool(preview.columns) or is_marc)
        self._column_words.setVisible(bool(preview.columns))
        self.columns.show_columns(preview)
        self.statuses.show_words(preview.statuses, is_marc=is_marc)
        self.rows.set_rows([preview_row(outcome) for outcome in preview.outcomes])
        self._show_warnings([warn_words(warning) for warning in preview.warnings])

    def encoding(self) -> Encoding | None:
        """The encoding that was chosen; None: as found out."""
        code = text_of(self.options.values(), "encoding")
        return Encoding(code) if code else None

    def request(self, path: Path) -> ImportRequest | None:
        """What is to be imported; None while something is still wrong."""
        if self._reader is None or self.columns.mistake() or not (self.options.check() and self.statuses.check()):
            return None
        values = self.options.values()
        return ImportRequest(
            path,
            format=self._reader.format,
            column_map=self.columns.column_map() or None,
            encoding=self.encoding(),
            copies=number_of(values, "copies") or 0,
            source=Source(text_of(values, "source") or Source.UNKNOWN),
            statuses=self.statuses.wish(),
        )

    @Slot()
    def _map_chosen(self) -> None:
        mistake = self.columns.mistake()
        self._show_warnings([mistake] if mistake else [])
        if not mistake:
            self.map_changed.emit()

    def _show_warnings(self, warnings: Sequence[str]) -> None:
        emptied(self._warnings)
        if warnings:
            self._warnings.addWidget(Notice("پیش از ورود ببینید", warnings, Tone.WARN))

    def _map_side(self) -> QWidget:
        side, within = QWidget(), QWidget()
        self._column_words = Label("در هر ستون چیست؟", "strong")
        within.setLayout(column(self.statuses, self._column_words, self.columns, None, gap=6))
        side.setLayout(column(Scroll(within), gap=0))
        side.setFixedWidth(look().px(_MAP_WIDTH))
        return side


def _option_fields() -> tuple[Field, ...]:
    encodings = (_BY_ITSELF, *((encoding.value, words) for encoding, words in ENCODINGS.items()))
    sources = tuple((source.value, words) for source, words in SOURCE.items())
    how_many = "اگر فایل بارکد نسخه‌ها را نگوید"
    return (
        Field("encoding", "رمزگذاری متن", Kind.CHOICE, options=encodings),
        Field("copies", "نسخهٔ هر عنوان تازه", Kind.NUMBER, help=how_many, validator=_few),
        Field("source", "شیوهٔ فراهم‌آوری", Kind.CHOICE, options=sources),
    )


def _few(text: str) -> str:
    return "" if text.isdigit() and int(text) <= MOST_COPIES else f"از ۰ تا {number(MOST_COPIES)} بنویسید."
