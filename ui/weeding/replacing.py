"""Which book takes the place of a copy: found in the catalogue, or a copy of it scanned; where it is not in the
catalogue, its name in words (002 م4-2-ج، د)."""

import uuid

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from app.catalogue.queries import search_titles
from app.devices.scan import Scan, Source, read_scan
from app.persian.digits import number
from app.weeding.queries import Replacement, replacement
from app.weeding.reads import find_copy
from ui.circulation.words import Said
from ui.session import Session
from ui.sounds import Sound
from ui.style import look
from ui.theme import Tone
from ui.weeding import words
from ui.weeding.details import replacing
from ui.weeding.entry import LONGEST
from ui.widgets import paint
from ui.widgets.arrows import Arrows
from ui.widgets.labels import Label
from ui.widgets.layouts import column
from ui.widgets.notice import Notice
from ui.widgets.row_view import ROW_HEIGHT, RowView
from ui.widgets.table import Column, RowTable

LABEL = "جایگزین در کتابخانه"
SHORTEST, MOST = 2, 8
_SHOWN, _EDGE = 2, 4
_HOW = "عنوان را بنویسید و با پیکان و Enter برگزینید، یا نسخهٔ آن را اسکن کنید."
_WORDS = "اگر در فهرست کتابخانه نیست، نام و پدیدآور آن را بنویسید و تأیید کنید."
SAME = Said(
    Tone.WARN,
    "این نسخهٔ همین عنوان است",
    ("نسخه‌ای از کتابی را اسکن کنید که جای آن را می‌گیرد.",),
    Sound.ATTENTION,
)
NOT_HERE = Said(
    Tone.WARN,
    "از این عنوان نسخه‌ای در کتابخانه نمانده است",
    ("کتاب دیگری برگزینید، یا نام آن را بنویسید.",),
    Sound.ATTENTION,
)


class BetterBook(QWidget):
    """A line to search in, with what it finds. Whatever is typed anew drops the choice; Enter chooses and never
    confirms. `said` carries what was wrong with a scan."""

    said = Signal(object)

    def __init__(self, session: Session, instead_of: uuid.UUID) -> None:
        super().__init__()
        self._session, self._instead_of = session, instead_of
        self._chosen: Replacement | None = None
        self.edit = QLineEdit()
        self.edit.setMaxLength(LONGEST)
        self.edit.setAlignment(paint.START)
        self.edit.setAccessibleName(LABEL)
        self.hits = RowView(_hits())
        self.hits.horizontalHeader().hide()
        self.hits.setFixedHeight(look().px(_SHOWN * ROW_HEIGHT + _EDGE))
        self._how = Label(_HOW, "small", wrap=True)
        self._words = Label(_WORDS, "small", wrap=True)
        self._notice = column(gap=0)
        self.setLayout(column(Label(LABEL, "muted"), self.edit, self._how, self.hits, self._notice, self._words, gap=6))
        self.hits.hide()
        self.setFocusProxy(self.edit)
        Arrows(self.edit, self.hits)
        self.edit.textEdited.connect(self._search)
        self.edit.returnPressed.connect(self._submitted)
        self.hits.row_opened.connect(self._choose)

    def text(self) -> str:
        """What is written, where no book is chosen."""
        return "" if self._chosen else self.edit.text().strip()

    def chosen(self) -> uuid.UUID | None:
        """The title that takes the place."""
        return self._chosen.title_id if self._chosen else None

    def take(self, code: str) -> None:
        """A scanned or typed number: the title of its copy is chosen."""
        with self._session.library.store.read() as reader:
            copy = find_copy(reader, code)
            found = None if copy is None else replacement(reader, copy.title_id)
        if copy is None or found is None:
            self.said.emit(words.unknown(code))
        elif copy.title_id == self._instead_of:
            self.said.emit(SAME)
        elif found.accession_no is None:
            self.said.emit(NOT_HERE)
        else:
            self._choose(found)

    @Slot(str)
    def _search(self, text: str) -> None:
        self._drop()
        found = self._find(text) if len(text.strip()) >= SHORTEST else []
        _table(self.hits).set_rows(found)
        self.hits.setVisible(bool(found))
        self._how.setHidden(bool(found))
        self._words.setHidden(bool(found))

    @Slot()
    def _submitted(self) -> None:
        """Enter: a number acts like its scan; else the hit that was chosen, or the only one."""
        text = self.edit.text()
        scan, rows = read_scan(text, Source.KEYBOARD), self.hits.chosen() if self.hits.isVisible() else []
        if rows:
            self._choose(rows[0])
        elif isinstance(scan, Scan) and self._is_copy(scan.text):
            self.take(scan.text)
        elif text.strip() and self._chosen is None:
            found = self._find(text)
            if len(found) == 1:
                self._choose(found[0])
            elif found:
                self.hits.choose_place(0)

    @Slot(object)
    def _choose(self, found: Replacement) -> None:
        self._drop()
        self._chosen = found
        self.edit.clear()
        self.hits.hide()
        self._how.hide()
        self._words.hide()
        self._notice.addWidget(Notice("جای آن را می‌گیرد", (replacing(found), *_creator(found)), Tone.OK))
        self.edit.setFocus()

    def _drop(self) -> None:
        self._chosen = None
        self._words.show()
        while (item := self._notice.takeAt(0)) is not None:
            if (shown := item.widget()) is not None:
                shown.hide()
                shown.deleteLater()

    def _is_copy(self, code: str) -> bool:
        with self._session.library.store.read() as reader:
            return find_copy(reader, code) is not None

    def _find(self, text: str) -> list[Replacement]:
        """Titles of which a copy stands here, but for that of the copy itself."""
        library = self._session.library
        with library.store.read() as reader:
            titles = search_titles(reader, text, MOST, library.store.dialect.name)
            found = [replacement(reader, title.id) for title in titles if title.id != self._instead_of]
        return [one for one in found if one is not None and one.accession_no is not None]


def _creator(found: Replacement) -> tuple[str, ...]:
    return (found.main_creator,) if found.main_creator else ()


def _table(view: RowView) -> RowTable[Replacement]:
    return view.table()


def _hits() -> RowTable[Replacement]:
    return RowTable(
        (Column("عنوان", lambda book: book.title, sub=_about, stretch=1, strong=True),), key=lambda book: book.title_id
    )


def _about(book: Replacement) -> str:
    year = number(book.year, grouped=False) if book.year else ""
    accession = f"ثبت {number(book.accession_no)}" if book.accession_no is not None else ""
    return " · ".join(part for part in (book.main_creator or "", year, accession) if part)
