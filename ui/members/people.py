"""The list of all members with the box that narrows it, and beside it the chosen one: the card, or one thing more."""

import uuid
from functools import partial

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.circulation.alerts import alerts_on
from app.circulation.reader_card import reader_card
from app.circulation.reads import find_member
from app.members.photos import photo_of
from app.members.queries import MemberRow, list_members, member_details
from app.members.service import form_of, missing_documents
from ui.members.bans import BansSide
from ui.members.cards import CardsPanel
from ui.members.contacts import ContactsSide
from ui.members.details import Chosen, DetailsCard
from ui.members.history import HistorySide
from ui.members.notes import NotesSide
from ui.members.photo import PhotoSide
from ui.members.rows import ROW_HEIGHT, member_table
from ui.members.side import WAYS, MenuSide, Side
from ui.session import Session
from ui.widgets.arrows import Arrows
from ui.widgets.buttons import Button, listen
from ui.widgets.empty import EmptyPage
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList
from ui.widgets.search_box import SearchBox


class PeoplePart(QWidget):
    """`not_listed` carries what was typed and ended with Enter when no member has it.

    `begin` and `take_in` are the buttons of a library without members, `new` the one in the box: never both at once,
    since they listen to the same key. `wanted` carries what is to be done with the chosen member, a name of `WAYS`.
    """

    not_listed = Signal(str)
    wanted = Signal(str)

    def __init__(self, session: Session, begin: Button, new: Button, take_in: Button) -> None:
        super().__init__()
        self._session, self._new = session, new
        self.box = SearchBox("نام، شماره یا تلفن عضو را بنویسید، یا کارت را اسکن کنید…")
        self.box.add_end(new)
        table = member_table(session.library.categories, session.act().day)
        self.members = RowList(table, title="اعضا", noun="عضو", row_height=ROW_HEIGHT)
        self.members.filter.hide()
        self.details = DetailsCard()
        self.cards = CardsPanel(session)
        self.menu = MenuSide(session)
        self.notes, self.bans, self.photo = NotesSide(session), BansSide(session), PhotoSide(session)
        self.contacts, self.history = ContactsSide(session), HistorySide(session)
        self.sides: dict[str, Side] = {
            "menu": self.menu, "notes": self.notes, "bans": self.bans, "contacts": self.contacts,
            "history": self.history, "photo": self.photo,
        }  # fmt: skip
        self.empty = EmptyPage(
            "users",
            "دفتر اعضای کتابخانه",
            "هنوز کسی عضو نشده است. نخستین عضو را ثبت کنید؛ کارت او را هم می‌توانید همان‌جا اسکن کنید.",
            begin,
            take_in,
        )
        self._lists = QWidget()
        for side in (self.cards, *self.sides.values()):
            side.hide()
        beside = row(self.members, self.details, self.cards, *self.sides.values(), gap=14)
        beside.setStretch(0, 1)
        self._lists.setLayout(beside)
        whole = column(self.box, self._lists, self.empty, gap=14)
        whole.setStretch(1, 1)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.box)
        self._show_what_there_is()
        self._connect()

    def hasHeightForWidth(self) -> bool:
        # The list takes what room there is; a question above makes it shorter, not the page longer.
        return False

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def read_again(self) -> None:
        """Read every member anew; the chosen one stays chosen."""
        library = self._session.library
        with library.store.read() as reader:
            rows = list_members(reader, self._session.act().day)
        self.members.set_rows(rows)
        self._show_what_there_is()
        if not self.members.view.chosen():
            self._nobody()
        for side in self._in_sight():
            side.read_again()

    def _nobody(self) -> None:
        self.put_side_away()
        self.details.clear()

    def choose_key(self, key: str) -> bool:
        """Choose the member of a card, a number or a national id; False if there is none."""
        with self._session.library.store.read() as reader:
            member = find_member(reader, key)
        if member is None:
            return False
        self.choose(member.id)
        return True

    def choose(self, member_id: uuid.UUID) -> None:
        """Choose a member, whatever the list shows; nobody, if the member is gone."""
        self.narrow("")
        self.members.view.clearSelection()
        self.members.view.choose(member_id)
        if not self.members.view.chosen():
            self._nobody()

    def clear(self) -> None:
        """An empty box, the whole list, nobody chosen."""
        self.narrow("")
        self.members.view.clearSelection()
        self.members.view.setCurrentIndex(self.members.table.index(-1, -1))
        self._nobody()

    @Slot()
    def show_cards(self) -> None:
        """The cards of the chosen member, in the place of what else is known of them."""
        chosen = self.details.chosen()
        if chosen is not None:
            member = chosen.card.member
            self._bring(self.cards)
            self.cards.show_member(member.id, member.member_no, chosen.name)

    @Slot(str)
    def show_side(self, name: str) -> None:
        """Something else of the chosen member, in the place of their card."""
        chosen = self.details.chosen()
        if chosen is not None:
            self._bring(self.sides[name])
            self.sides[name].show_member(chosen)

    def side_in_sight(self) -> bool:
        """Whether something stands in the place of the card of the member."""
        return self.details.isHidden()

    @Slot()
    def put_side_away(self) -> None:
        """Back to the member."""
        self.cards.clear()
        for side in self.sides.values():
            side.clear()
        self._bring(self.details)

    def _bring(self, part: QWidget) -> None:
        for other in (self.details, self.cards, *self.sides.values()):
            if other is not part:
                other.hide()
        part.show()

    def _in_sight(self) -> list[Side]:
        return [side for side in self.sides.values() if side.member() is not None]

    @Slot(str)
    def narrow(self, text: str) -> None:
        """Show the members who have every word that is written."""
        if self.box.edit.text() != text:
            self.box.edit.setText(text)
        self.members.table.set_filter(text)
        if not self.members.view.chosen():
            self._nobody()

    @Slot(str)
    def _submitted(self, text: str) -> None:
        """Enter after typing: a number acts like its scan, words take the first of the list."""
        if self.choose_key(text):
            return
        if self.members.table.rowCount() == 0:
            self.not_listed.emit(text)
            return
        self.box.edit.setText(text)
        self.box.edit.selectAll()
        if not self.members.view.chosen():
            self.members.view.choose_place(0)

    @Slot(object)
    def _show_details(self, member: MemberRow) -> None:
        if self.cards.member() not in (None, member.id):
            self.put_side_away()  # the next card touched must not go to somebody who is no longer in sight
        chosen = self._read(member.id)
        if chosen is None:
            self._nobody()
            return
        self.details.show_member(chosen)
        for side in self._in_sight():
            side.show_member(chosen)

    def _read(self, member_id: uuid.UUID) -> Chosen | None:
        library, today = self._session.library, self._session.act().day
        with library.store.read() as reader:
            card = reader_card(library, reader, member_id, today)
            details, form = member_details(reader, member_id), form_of(reader, member_id)
            photo = photo_of(reader, member_id)
            notes = tuple(alerts_on(reader, member_id, of_item=False))
        if card is None or details is None or form is None:
            return None
        return Chosen(card, details, form, photo, notes, missing_documents(library, form))

    def _show_what_there_is(self) -> None:
        nobody = self.members.table.total() == 0
        self._lists.setVisible(not nobody)
        self.empty.setVisible(nobody)
        self._new.setVisible(not nobody)

    def _connect(self) -> None:
        self.box.typed.connect(self.narrow)
        self.box.submitted.connect(self._submitted)
        Arrows(self.box.edit, self.members.view)
        self.members.view.current_row.connect(self._show_details)
        self.members.view.row_opened.connect(lambda _: self.details.to_desk.click())
        self.cards.put_away.connect(self.put_side_away)
        for side in self.sides.values():
            side.put_away.connect(self.put_side_away)
        own = {"edit": self.details.edit, "cards": self.details.cards, "menu": self.details.more}
        for name, button in own.items():
            button.clicked.connect(partial(self.wanted.emit, name))
        for name, (_, key) in WAYS.items():
            if name not in own and name != "desk":
                listen(self.details, key, partial(self.wanted.emit, name))
        self.menu.wanted.connect(self.wanted)
