"""The search: one box, the hits on each key, and the record of the chosen title beside them."""

import uuid
from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.catalogue.queries import (
    TitleRow,
    catalogue_counts,
    creators_of,
    search_titles,
    subjects_of,
    title_record,
    title_row,
)
from app.items.queries import FoundCopy, copy_lines, find_copy, loan_days
from app.persian.digits import number
from app.union.taking import compared
from ui.catalogue.record_card import ChosenTitle, RecordCard
from ui.catalogue.rows import title_table
from ui.session import Session
from ui.theme import Tone
from ui.widgets.arrows import Arrows
from ui.widgets.buttons import Button
from ui.widgets.empty import EmptyPage
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList
from ui.widgets.search_box import SearchBox

MOST_HITS = 40


class SearchPart(QWidget):
    """Searches on each key, synchronously: the index answers in a few milliseconds however large the library is.

    `beginning` are the buttons of the empty page, `tools` those of the box while there are hits: never both at once,
    since they listen to the same keys.
    """

    def __init__(self, session: Session, beginning: Sequence[Button], tools: Sequence[Button]) -> None:
        super().__init__()
        self._session = session
        self.box = SearchBox("عنوان، پدیدآور، موضوع، ناشر یا شابک را بنویسید، یا کتاب را اسکن کنید…")
        self.hits = RowList(title_table(), title="یافته‌ها", noun="عنوان")
        self.hits.filter.hide()
        self.hits.set_empty("کتابی با این واژه‌ها نیست", "املای دیگری بنویسید، یا واژهٔ کمتری.", "search")
        self.record = RecordCard()
        self.empty = EmptyPage(
            "books",
            "فهرست کتاب‌های کتابخانه",
            "از هر واژهٔ عنوان، پدیدآور، موضوع یا ناشر به کتاب می‌رسید. «ی» و «ک» عربی و نیم‌فاصله فرقی نمی‌کند.",
            *beginning,
        )
        self._tools = tuple(tools)
        for tool in tools:
            self.box.add_end(tool)
        self._results = QWidget()
        beside = row(self.hits, self.record, gap=14)
        beside.setStretch(0, 5)
        beside.setStretch(1, 6)
        self._results.setLayout(beside)
        whole = column(self.box, self._results, self.empty, gap=14)
        whole.setStretch(1, 1)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.box)
        self._show_hits([], searched=False)
        self.box.typed.connect(self.search)
        self.box.submitted.connect(self._submitted)
        Arrows(self.box.edit, self.hits.view)
        self.hits.view.current_row.connect(self._show_record)

    @Slot(str)
    def search(self, text: str) -> None:
        """The hits of what is written: nothing else is read or painted anew."""
        if self.box.edit.text() != text:
            self.box.edit.setText(text)
        self._find(text)
        if not self.hits.view.chosen():
            self.record.clear()

    def clear(self) -> None:
        """An empty box, no hits, no title."""
        self.search("")
        self.hits.view.clearSelection()
        self.record.clear()

    def open_title(self, title_id: uuid.UUID) -> None:
        """Show one title alone, as if it had been searched for; nothing if it is gone."""
        chosen = self._read(title_id)
        self.box.clear()
        self._show_hits([chosen.row] if chosen else [], searched=chosen is not None)
        self.hits.view.clearSelection()
        self.record.clear()
        self.hits.view.choose_place(0)

    def open_copy(self, code: str) -> bool:
        """Show the title of a copy by its label or accession number, with the copy marked; False if there is none."""
        with self._session.library.store.read() as reader:
            copy = find_copy(reader, code)
        if copy is None:
            return False
        self._mark_copy(copy)
        return True

    def open_isbn(self, code: str) -> bool:
        """Show the books of an ISBN, the first of them chosen; False if there is none."""
        self.search(code)
        self.hits.view.choose_place(0)
        return self.record.chosen() is not None

    def read_again(self) -> None:
        """Rows have changed: count, search and read anew, on the same title if it is still there."""
        with self._session.library.store.read() as reader:
            counts = catalogue_counts(reader)
        self.box.show_badge(f"{number(counts.titles)} عنوان · {number(counts.copies)} نسخه", Tone.NEUTRAL)
        chosen = self.record.chosen()
        if self.box.edit.text():
            self._find(self.box.edit.text())
            self._show_chosen_again()
        elif chosen is not None:
            self.open_title(chosen.row.id)

    def _find(self, text: str) -> None:
        store = self._session.library.store
        rows: list[TitleRow] = []
        if text.strip():
            with store.read() as reader:
                rows = search_titles(reader, text, MOST_HITS, store.dialect.name)
        self._show_hits(rows, searched=bool(text.strip()))

    def _show_hits(self, rows: list[TitleRow], *, searched: bool) -> None:
        self.hits.set_title("نخستین یافته‌ها" if len(rows) == MOST_HITS else "یافته‌ها")
        self.hits.set_rows(rows)
        self._results.setVisible(searched)
        self.empty.setVisible(not searched)
        for tool in self._tools:
            tool.setVisible(searched)

    @Slot(str)
    def _submitted(self, text: str) -> None:
        """Enter: an accession number or label finds its copy; otherwise the first hit is taken."""
        if self.open_copy(text):
            return
        self.search(text)
        self.box.edit.selectAll()
        if not self.hits.view.chosen():
            self.hits.view.choose_place(0)

    @Slot(object)
    def _show_record(self, title: TitleRow) -> None:
        chosen = self._read(title.id)
        if chosen is None:
            self.record.clear()
        else:
            self.record.show_title(chosen)

    def _show_chosen_again(self) -> None:
        rows = self.hits.view.chosen()
        if rows:
            self._show_record(rows[0])
        else:
            self.record.clear()

    def _mark_copy(self, copy: FoundCopy) -> None:
        self.open_title(copy.title_id)
        chosen = self.record.chosen()
        for line in chosen.copies if chosen else ():
            if line.id == copy.item_id:
                self.record.show_copy(line)

    def _read(self, title_id: uuid.UUID) -> ChosenTitle | None:
        with self._session.library.store.read() as reader:
            title, record = title_row(reader, title_id), title_record(reader, title_id)
            if title is None or record is None:
                return None
            union = compared(reader, title_id)
            return ChosenTitle(
                title,
                record,
                tuple(creators_of(reader, title_id)),
                tuple(subjects_of(reader, title_id)),
                tuple(copy_lines(reader, title_id)),
                tuple(loan_days(reader, title_id)),
                self._session.act().day,
                len(union.news) if union else 0,
            )
