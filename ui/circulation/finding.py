"""Searching in place: what is typed into the scan box finds readers and copies in the list below it."""

from PySide6.QtCore import Signal

from app.catalogue.isbn import valid_isbn13
from app.catalogue.queries import copies_of, search_titles
from app.circulation import reads
from app.devices.scan import Scan, Source, read_scan
from app.members.queries import find_members
from ui.circulation.rows import Hit, copy_hit, hit_table, member_hit
from ui.session import Session
from ui.widgets.row_list import RowList

SHORTEST, MOST_MEMBERS, MOST_TITLES, MOST_HITS = 2, 8, 20, 40


class Finder(RowList):
    """The list of hits. `found` carries the code of the one that was opened, as its scan would give it. `arrowed`: the
    arrow keys have chosen one since the last letter, so Enter means it."""

    found = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__(hit_table(), tools=False)
        self._session = session
        self.arrowed = False
        self.set_empty("چیزی پیدا نشد", "املای دیگری از نام یا عنوان را بنویسید.", "search")
        self.view.row_opened.connect(self._open)

    def look_for(self, text: str) -> bool:
        """Show what the text finds; False while it is too short to search."""
        self.arrowed = False
        if len(text.strip()) < SHORTEST:
            return False
        self.set_rows(self._find(text))
        return True

    def settle(self, text: str) -> str | None:
        """Enter after typing: the code of the hit that the arrows chose, of a known number or
        an ISBN, or of the only hit; None
        leaves the hits to choose from."""
        if self.arrowed and (chosen := self.view.chosen()):
            return str(chosen[0].code)
        scan = read_scan(text, Source.KEYBOARD)
        if isinstance(scan, Scan) and (valid_isbn13(scan.text) or self._is_known(scan.text)):
            return scan.text
        hits = self._find(text)
        if len(hits) == 1:
            return hits[0].code
        self.set_rows(hits)
        return None if hits else text

    def take_focus(self) -> None:
        """Let the arrow keys choose among the hits."""
        self.view.choose_place(0)
        self.view.setFocus()

    def _find(self, text: str) -> list[Hit]:
        library = self._session.library
        with library.store.read() as reader:
            hits = [member_hit(member) for member in find_members(reader, text, self._session.act().day, MOST_MEMBERS)]
            for title in search_titles(reader, text, MOST_TITLES, library.store.dialect.name):
                hits += [copy_hit(title, copy) for copy in copies_of(reader, title.id)]
        return hits[:MOST_HITS]

    def _is_known(self, code: str) -> bool:
        with self._session.library.store.read() as reader:
            return reads.find_member(reader, code) is not None or reads.find_item(reader, code) is not None

    def _open(self, hit: Hit) -> None:
        self.found.emit(hit.code)
