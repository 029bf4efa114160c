"""Finding readers and titles in one box: codes act like their scan, words are looked for in both."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.catalogue.queries import TitleRow, search_titles
from app.circulation import reads
from app.devices.scan import Scan, Source, read_scan
from app.members.queries import MemberRow, find_members
from app.persian.digits import number, to_persian
from ui.holds.rows import Find, find_table
from ui.session import Session
from ui.theme import Tone
from ui.widgets.arrows import Arrows
from ui.widgets.layouts import column
from ui.widgets.row_list import RowList
from ui.widgets.search_box import SearchBox

SHORTEST, MOST_MEMBERS, MOST_TITLES = 2, 8, 20
EMPTY = ("عضو و کتاب را برگزینید", "کارت و برچسب را اسکن کنید، یا نام و عنوان را بالا بنویسید.", "search")


class Seeker(QWidget):
    """`coded` carries a code that is known, `title` the id of a chosen title, `unknown` what was not found. What is put
    between box and list is handed in."""

    coded = Signal(str)
    title = Signal(object)
    unknown = Signal(str)

    def __init__(self, session: Session, between: QWidget) -> None:
        super().__init__()
        self._session = session
        self.box = SearchBox("اسکن کنید، یا نام و عنوان را بنویسید…")
        self.hits = RowList(find_table(), tools=False)
        self.hits.set_empty(*EMPTY)
        whole = column(self.box, between, self.hits, gap=12)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.box)
        Arrows(self.box.edit, self.hits.view)
        self.box.typed.connect(self._search)
        self.box.submitted.connect(self._submitted)
        self.hits.view.row_opened.connect(self._take)

    def clear(self) -> None:
        """An empty box and no hits."""
        self.box.clear()
        self.hits.set_rows(())

    @Slot(str)
    def _search(self, text: str) -> None:
        self.hits.set_rows(self._find(text) if len(text.strip()) >= SHORTEST else ())

    @Slot(str)
    def _submitted(self, text: str) -> None:
        """Enter after typing: a number acts like its scan, words take the hit that was chosen, or the only one."""
        scan, hits, chosen = read_scan(text, Source.KEYBOARD), self._find(text), self.hits.view.chosen()
        if isinstance(scan, Scan) and self._is_known(scan.text):
            self.clear()
            self.coded.emit(scan.text)
        elif chosen or len(hits) == 1:
            self._take(chosen[0] if chosen else hits[0])
        elif hits:
            self.box.edit.setText(text)
            self.hits.set_rows(hits)
            self.hits.view.choose_place(0)
        else:
            self.unknown.emit(text)

    @Slot(object)
    def _take(self, found: Find) -> None:
        self.clear()
        self.box.setFocus()
        if found.title_id is None:
            self.coded.emit(found.code)
        else:
            self.title.emit(found.title_id)

    def _is_known(self, code: str) -> bool:
        with self._session.library.store.read() as reader:
            return reads.find_member(reader, code) is not None or reads.find_item(reader, code) is not None

    def _find(self, text: str) -> list[Find]:
        library = self._session.library
        with library.store.read() as reader:
            members = find_members(reader, text, self._session.act().day, MOST_MEMBERS)
            titles = search_titles(reader, text, MOST_TITLES, library.store.dialect.name)
        return [*map(_member, members), *map(_title, titles)]


def _member(member: MemberRow) -> Find:
    state = ("دیرکرد دارد", Tone.WARN) if member.overdue else (f"{number(member.open_loans)} امانت", Tone.NEUTRAL)
    name, detail = f"{member.given_name} {member.family_name}", f"عضو {to_persian(member.member_no)}"
    return Find(f"m{member.id}", name, detail, "عضو", *state, code=member.member_no)


def _title(title: TitleRow) -> Find:
    state = f"{number(title.available)} از {number(title.copies)} موجود"
    tone = Tone.OK if title.available else Tone.NEUTRAL
    return Find(f"t{title.id}", title.title, title.main_creator or "", "کتاب", state, tone, title_id=title.id)
